/*
 * Texts that are longer than their place: cut in the middle, so that both ends
 * of a name tell it from others.
 *
 *     struct fit_text name = fit_text(path, 200, 1);
 *     ui_text("%s", name.text);       // "photos/of/pict...faces/s1"
 */
#ifndef NMFIMG_VIEWER_FIT_TEXT_H
#define NMFIMG_VIEWER_FIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_TEXT_SIZE = 512 };

struct fit_text {
    char text[FIT_TEXT_SIZE];
    bool is_cut;
};

/* As much of the text as is at most so many pixels wide at that size of text
 * (ui_text_width()); "" where not even "..." fits. */
struct fit_text fit_text(const char *text, float width, float size);

/*
 * At most n_bytes >= 3 of the text, "..." in the middle included; whole
 * characters of UTF-8 at its ends. What fits stays as it is.
 */
struct fit_text fit_text_bytes(const char *text, size_t n_bytes);

/* The height of a line of text of size 1, without the gap below it. */
float fit_text_height(void);

#endif
