/* An animated GIF that is being written; record.h is what to use. */
#ifndef NMFIMG_VIEWER_RECORD_GIF_H
#define NMFIMG_VIEWER_RECORD_GIF_H

#include <nmfimg/image.h>

struct record_gif;

/*
 * Begin a GIF of this size, 1 .. 65535 a side. Fails: NMF_ERR_LIMIT (a larger
 * one), _IO, _MEMORY; *out is NULL then.
 */
nmf_status record_gif_open(struct record_gif **out, const char *path,
                           size_t width, size_t height, bool overwrite,
                           nmf_error *err);

/* A frame of that size, shown for some seconds. */
nmf_status record_gif_add(struct record_gif *gif, const nmf_image *frame,
                          double seconds, nmf_error *err);

/* Write what is left, give the file its name and free *gif; also on failure. */
nmf_status record_gif_close(struct record_gif **gif, nmf_error *err);

/* Drop it all. NULL is fine. */
void record_gif_abort(struct record_gif **gif);

#endif
