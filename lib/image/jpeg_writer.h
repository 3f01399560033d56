/*
 * Pixels to JPEG, as libjpeg does it by default but with Huffman tables of the
 * picture's own, in one scan or progressively, whichever is smaller: to compare
 * with, not to keep.
 */
#ifndef NMFIMG_IMAGE_JPEG_WRITER_H
#define NMFIMG_IMAGE_JPEG_WRITER_H

#include <nmfimg/file.h>

enum { NMF_JPEG_SIDE_MAX = 65500 };

/*
 * width x height pixels of 1 or 3 channels, interleaved, at quality 1 .. 100.
 * Fails: NMF_ERR_LIMIT (a side beyond NMF_JPEG_SIDE_MAX), _MEMORY
 */
nmf_status nmf_jpeg_encode(nmf_bytes *out, const uint8_t *pixels, size_t width,
                           size_t height, size_t channels, int quality,
                           nmf_error *err);

#endif
