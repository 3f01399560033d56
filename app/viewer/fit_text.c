#include "fit_text.h"

#include "ui.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80U;
}

struct fit_text fit_text_bytes(const char *text, size_t n_bytes)
{
    static const char dots[] = "...";
    struct fit_text out = {.text = ""};
    size_t length = strlen(text);
    n_bytes = n_bytes < sizeof out.text ? n_bytes : sizeof out.text - 1;
    if (length <= n_bytes) {
        memcpy(out.text, text, length + 1);
        return out;
    }
    size_t kept = n_bytes > sizeof dots - 1 ? n_bytes - (sizeof dots - 1) : 0;
    size_t head = kept / 2;
    size_t tail = length - (kept - head);
    while (head > 0 && is_inside_character(text[head])) {
        head--;
    }
    while (tail < length && is_inside_character(text[tail])) {
        tail++;
    }
    out.is_cut = true;
    snprintf(out.text, sizeof out.text, "%.*s%s%s", (int)head, text, dots,
             text + tail);
    return out;
}

struct fit_text fit_text(const char *text, float width, float size)
{
    struct fit_text best = {.text = "", .is_cut = true};
    struct fit_text whole = fit_text_bytes(text, FIT_TEXT_SIZE - 1);
    if (ui_text_width(whole.text, size) <= width) {
        return whole;
    }
    /* The widest of those that fit, by halving. */
    size_t fits = 2;
    size_t too_many = strlen(whole.text) + 1;
    while (too_many - fits > 1) {
        size_t middle = (fits + too_many) / 2;
        struct fit_text tried = fit_text_bytes(text, middle);
        if (ui_text_width(tried.text, size) <= width) {
            best = tried;
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    return best;
}

float fit_text_height(void)
{
    /* ui.h: a line is the text and a gap of 6 at scale 1. */
    return ui_line_height() - floorf(6.0F * ui_scale());
}
