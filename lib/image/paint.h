/* Plain painting into pictures; what is outside the picture is left out. */
#ifndef NMFIMG_IMAGE_PAINT_H
#define NMFIMG_IMAGE_PAINT_H

#include <nmfimg/image.h>

/* Fill width x height pixels with their top left corner at (x, y). A grey
 * picture takes the first sample. */
void nmf_paint_rectangle(nmf_image *image, size_t x, size_t y, size_t width,
                         size_t height, const float rgb[3]);

/* Copy a picture of as many channels to (x, y). */
void nmf_paint_image(nmf_image *image, size_t x, size_t y,
                     const nmf_image *from);

#endif
