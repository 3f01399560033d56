/*
 * A recording of frames: an animated GIF, or numbered PNG files in a folder.
 *
 *     struct record *record = NULL;
 *     if (record_open(&record, "fit.gif", 1280, 800, false, &err) == NMF_OK)
 *         while (... record_add(record, &frame, 1.0 / 30, &err) == NMF_OK ...)
 *     record_close(&record, &err);   // or record_abort(&record)
 *
 * It appears whole, at the end, or not at all. The same frames give the same
 * bytes.
 */
#ifndef NMFIMG_VIEWER_RECORD_H
#define NMFIMG_VIEWER_RECORD_H

#include <nmfimg/image.h>

struct record;

/*
 * Begin. A path that ends in ".gif" is an animation: it repeats for ever, is
 * exact in colour where a frame changes to no more than 255 colours, near
 * otherwise, and exact in time to a hundredth of a second in all; a frame that
 * is shown for less than two of them may be left out, and its time goes to the
 * next. Another path is a folder for frame-000001.png and on, one a frame; it
 * may be there where it is empty. With overwrite it may hold other files, of
 * which only frame-*.png of an earlier recording are replaced and removed.
 *
 * out     owned by the caller until record_close() or record_abort()
 * Fails:  NMF_ERR_IO (exists already, no folder to write in), _LIMIT (a GIF of
 *         more than 65535 pixels a side), _MEMORY; *out is NULL then
 */
nmf_status record_open(struct record **out, const char *path, size_t width,
                       size_t height, bool overwrite, nmf_error *err);

/*
 * Add a frame, grey or RGB, that is shown for some seconds. After a failure the
 * recording is of no more use than to be aborted.
 *
 * Fails:  NMF_ERR_ARGUMENT (of another size), _IO, _MEMORY
 */
nmf_status record_add(struct record *record, const nmf_image *frame,
                      double seconds, nmf_error *err);

/* Is a frame of the size of this recording? */
bool record_takes(const struct record *record, const nmf_image *frame);

/* Frames added so far. */
size_t record_count(const struct record *record);

/*
 * Finish, free *record and set it to NULL, also on failure, which leaves what
 * was there. Fails: NMF_ERR_ARGUMENT (no frame was added), _IO, _MEMORY
 */
nmf_status record_close(struct record **record, nmf_error *err);

/* Drop what was recorded; NULL is fine. */
void record_abort(struct record **record);

#endif
