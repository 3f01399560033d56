/* A folder of numbered frames that is being written; record.h is what to use.
 */
#ifndef NMFIMG_VIEWER_RECORD_FOLDER_H
#define NMFIMG_VIEWER_RECORD_FOLDER_H

#include <nmfimg/image.h>

struct record_folder;

/* Begin a folder beside path; it gets its name at the end. */
nmf_status record_folder_open(struct record_folder **out, const char *path,
                              bool overwrite, nmf_error *err);
nmf_status record_folder_add(struct record_folder *folder,
                             const nmf_image *frame, nmf_error *err);
nmf_status record_folder_close(struct record_folder **folder, nmf_error *err);
void record_folder_abort(struct record_folder **folder);

#endif
