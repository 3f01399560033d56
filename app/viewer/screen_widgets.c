/* What panels share: the last functions of screen.h. */
#include "screen.h"

#include "commands.h"
#include "fit_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

float screen_px(float size)
{
    return size * ui_scale();
}

/* What it is good for, and its key; runs the line where it was pressed. */
static bool finish_button(struct screen *screen, const char *line,
                          const char *tooltip, bool is_pressed)
{
    const char *key = key_of_line(line);
    ui_tooltip("%s%s%s", tooltip, key ? "\nKey: " : "", key ? key : "");
    if (is_pressed) {
        app_do(screen->app, "%s", line);
    }
    return is_pressed;
}

bool screen_button(struct screen *screen, const char *label, const char *line,
                   const char *tooltip, bool enabled)
{
    ui_disabled_begin(!enabled);
    bool is_pressed = ui_button(label);
    ui_disabled_end();
    return finish_button(screen, line, tooltip, is_pressed);
}

bool screen_toggle(struct screen *screen, const char *label, const char *line,
                   const char *tooltip, bool is_on, bool enabled)
{
    ui_disabled_begin(!enabled);
    bool is_pressed = ui_toggle(label, is_on);
    ui_disabled_end();
    return finish_button(screen, line, tooltip, is_pressed);
}

const char *screen_shorten(char *out, size_t size, const char *text,
                           float text_size, float width)
{
    snprintf(out, size, "%s", fit_text(text, width, text_size).text);
    return out;
}

/* ---- sentences ---- */

enum { MAX_LINES = 12, LINE_SIZE = 256 };

/* A sentence cut into lines. */
struct lines {
    char text[MAX_LINES][LINE_SIZE];
    int n;
};

/* Append a word to the last line, or to a new one where it is full. */
static void add_word(struct lines *lines, const char *word, size_t length,
                     float width)
{
    char longer[LINE_SIZE];
    char *last = lines->text[lines->n - 1];
    snprintf(longer, sizeof longer, "%s%s%.*s", last, *last ? " " : "",
             (int)length, word);
    if (*last && ui_text_width(longer, 1.0F) > width && lines->n < MAX_LINES) {
        last = lines->text[lines->n++];
        snprintf(longer, sizeof longer, "%.*s", (int)length, word);
    }
    memcpy(last, longer, sizeof longer);
}

static void break_lines(struct lines *lines, const char *sentence, float width)
{
    lines->n = 1;
    lines->text[0][0] = '\0';
    while (*sentence) {
        size_t length = strcspn(sentence, " ");
        add_word(lines, sentence, length, width);
        sentence += length;
        sentence += strspn(sentence, " ");
    }
}

void screen_nothing(const char *sentence)
{
    struct lines lines;
    ui_rect rest = ui_rest();
    float step = ui_line_height();
    break_lines(&lines, sentence, fminf(rest.w * 0.85F, screen_px(440)));
    float y = rest.y + fmaxf((rest.h - (float)lines.n * step) / 2.0F, 0.0F);
    for (int i = 0; i < lines.n; i++) {
        float width = ui_text_width(lines.text[i], 1.0F);
        ui_draw_text(rest.x + (rest.w - width) / 2.0F, y + (float)i * step,
                     1.0F, ui_role_colour(UI_ROLE_DIM), lines.text[i]);
    }
}
