/* A few pictures of a set beside what became of them. */
#ifndef NMFIMG_CLI_SET_PREVIEW_H
#define NMFIMG_CLI_SET_PREVIEW_H

#include <nmfimg/codec.h>

/*
 * Rows of original, decompressed and error (mid grey: none, four times
 * enlarged), for pictures evenly chosen; small ones are magnified.
 *
 * out  freed by nmf_image_release()
 * X    the originals, as nmf_set_compare() has them
 */
nmf_status set_preview_draw(nmf_image *out, const nmf_set *set,
                            const nmf_matrix *X, nmf_error *err);

#endif
