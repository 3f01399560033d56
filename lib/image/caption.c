/* Lines of text above a picture. Contracts are in caption.h. */
#include "image/caption.h"

#include "image/font.h"

#include <string.h>

enum {
    SCALE = 2, /* pixels a dot of the face */
    ADVANCE = NMF_FONT_ADVANCE * SCALE,
    COLUMN = 28 * ADVANCE, /* a page is at least as wide, if the text is */
    SPACE_BELOW = 6
};

size_t nmf_caption_width(const char *text)
{
    if (!text) {
        return 0;
    }
    size_t width = nmf_font_length(text, strlen(text)) * ADVANCE;
    return width < COLUMN ? width : COLUMN;
}

/* The bytes at the beginning of text that make up `limit` characters. */
static size_t bytes_of(const char *text, size_t limit)
{
    size_t size = 0;
    while (text[size] && nmf_font_length(text, size + 1) <= limit) {
        size++;
    }
    return size;
}

/*
 * Take the next line off *rest: its bytes, at most `limit` characters, broken
 * at a blank or, where a word is longer than a line, inside it. Returns NULL
 * at the end.
 */
static const char *next_line(const char **rest, size_t limit, size_t *size)
{
    const char *line = *rest + strspn(*rest, " ");
    if (!*line) {
        return NULL;
    }
    *size = bytes_of(line, limit > 0 ? limit : 1);
    if (line[*size] && line[*size] != ' ') {
        size_t blank = *size;
        while (blank > 0 && line[blank] != ' ') {
            blank--;
        }
        *size = blank > 0 ? blank : *size;
    }
    *rest = line + *size;
    return line;
}

size_t nmf_caption_height(const char *text, size_t width)
{
    const char *rest = text ? text : "";
    size_t height = 0;
    size_t size = 0;
    while (next_line(&rest, width / ADVANCE, &size)) {
        height += (size_t)NMF_FONT_LEADING * SCALE;
    }
    return height > 0 ? height + SPACE_BELOW : 0;
}

void nmf_caption_draw(nmf_image *image, size_t x, size_t y, size_t width,
                      const char *text, const float rgb[3])
{
    const char *rest = text ? text : "";
    const char *line = NULL;
    size_t size = 0;
    while ((line = next_line(&rest, width / ADVANCE, &size))) {
        nmf_font_draw(image, x, y, line, size, SCALE, rgb);
        y += (size_t)NMF_FONT_LEADING * SCALE;
    }
}
