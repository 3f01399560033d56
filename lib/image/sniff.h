/*
 * Formats by their first bytes.
 */
#ifndef NMFIMG_IMAGE_SNIFF_H
#define NMFIMG_IMAGE_SNIFF_H

#include <nmfimg/image.h>

/*
 * The format of a file that begins with these bytes (16 are enough), and its
 * name in *name ("GIF"; static; NULL for NMF_IMAGE_UNKNOWN).
 */
nmf_image_format nmf_sniff(const char **name, const void *bytes, size_t size);

#endif
