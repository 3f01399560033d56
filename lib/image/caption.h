/*
 * Lines of text above a picture: wrapped at blanks to a width, never cut off.
 */
#ifndef NMFIMG_IMAGE_CAPTION_H
#define NMFIMG_IMAGE_CAPTION_H

#include <nmfimg/image.h>

/*
 * The width in pixels that a text wants: all of it on one line, but no more
 * than a comfortable column. 0 for NULL and "".
 */
size_t nmf_caption_width(const char *text);

/* The height in pixels when wrapped to a width, with the space below it. */
size_t nmf_caption_height(const char *text, size_t width);

/* Draw it with its top left corner at (x, y). */
void nmf_caption_draw(nmf_image *image, size_t x, size_t y, size_t width,
                      const char *text, const float rgb[3]);

#endif
