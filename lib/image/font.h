/*
 * A small fixed-width face for titles: ASCII 32 to 126, drawn into pictures.
 * All else (a letter outside ASCII, a control character) shows as a box.
 */
#ifndef NMFIMG_IMAGE_FONT_H
#define NMFIMG_IMAGE_FONT_H

#include <nmfimg/image.h>

#include <stdbool.h>

/* Of a character at scale 1, in pixels. */
enum {
    NMF_FONT_ADVANCE = 6, /* from one character to the next */
    NMF_FONT_WIDTH = 5,   /* of the ink */
    NMF_FONT_ASCENT = 7,  /* from the top of a capital to the base line */
    NMF_FONT_HEIGHT = 9,  /* with what hangs below the base line */
    NMF_FONT_LEADING = 13 /* from one line to the next */
};

/* Is there ink at column x < NMF_FONT_WIDTH, row y < NMF_FONT_HEIGHT? */
bool nmf_font_ink(unsigned char character, size_t x, size_t y);

/* Characters in the first `size` bytes of UTF-8: bytes that begin one. */
size_t nmf_font_length(const char *text, size_t size);

/*
 * Draw the first `size` bytes of a text with its top left corner at (x, y),
 * each dot scale x scale pixels; what is outside the picture is left out.
 */
void nmf_font_draw(nmf_image *image, size_t x, size_t y, const char *text,
                   size_t size, size_t scale, const float rgb[3]);

#endif
