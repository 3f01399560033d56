/*
 * A folder of pictures that is being written: all of them or none.
 *
 *     struct picture_folder folder = {.path = "faces", .names = names, .n = n};
 *     if (picture_folder_check(&folder, &err) == NMF_OK &&
 *         picture_folder_begin(&folder, &err) == NMF_OK) {
 *         while (... picture_folder_add(&folder, &image, &err) == NMF_OK ...)
 *         picture_folder_end(&folder, is_complete);
 *     }
 */
#ifndef NMFIMG_CLI_PICTURE_FOLDER_H
#define NMFIMG_CLI_PICTURE_FOLDER_H

#include <nmfimg/image.h>

struct picture_folder {
    const char *path; /* its parent exists; itself may, too */
    char **names;     /* of the pictures in the order of writing; borrowed */
    size_t n;
    bool overwrite;
    bool is_new; /* made by picture_folder_begin() */
    size_t n_written;
};

/*
 * Would the folder take all n pictures? To be asked before long work. Fails:
 * NMF_ERR_IO (no parent, no folder, a picture that exists)
 */
nmf_status picture_folder_check(const struct picture_folder *folder,
                                nmf_error *err);

/* Make the folder where it is not there. */
nmf_status picture_folder_begin(struct picture_folder *folder, nmf_error *err);

/* Write the next picture. */
nmf_status picture_folder_add(struct picture_folder *folder,
                              const nmf_image *image, nmf_error *err);

/* Done: unless it is complete, remove what was written and made. */
void picture_folder_end(struct picture_folder *folder, bool is_complete);

#endif
