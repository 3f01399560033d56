/*
 * What the window shows: where panels lie, and drawing them all.
 *
 *     +----------------------------------------------------------+
 *     | toolbar                                                  |
 *     +------------------------+---------------------------------+
 *     | parts                  | picture: original, rebuilt, error|
 *     |                        +---------------------------------+
 *     |                        | tabs: build-up, mix, uses,       |
 *     +------------------------+ pictures, learning               |
 *     | plot of the error      +---------------------------------+
 *     |                        | numbers                         |
 *     +------------------------+---------------------------------+
 *     | message                                                  |
 *     +----------------------------------------------------------+
 *
 * A panel is a function of a file of its own, panel_<name>.c: it draws what
 * the app holds into its place, and says by app_do() what the person wants.
 */
#ifndef NMFIMG_VIEWER_SCREEN_H
#define NMFIMG_VIEWER_SCREEN_H

#include "app.h"
#include "textures.h"
#include "ui.h"
#include "window.h"

struct screen {
    struct window *window;
    struct app *app;
    struct textures *textures;
    const char *font;    /* NULL: built in */
    char face[4096];     /* its name, where it was looked for */
    unsigned generation; /* of the renderer that the toolkit knows */
};

/* font: a TTF file; NULL: the built-in font. */
nmf_status screen_create(struct screen **out, struct window *window,
                         struct app *app, const char *font, nmf_error *err);
void screen_free(struct screen *screen);

/* Draw all of it, and do what the mouse asks for; does not present. */
void screen_draw(struct screen *screen, double seconds);

/* Another frame would look different though nothing came in. */
bool screen_wants_redraw(const struct screen *screen);

/* ---- The panels: each opens a panel (ui_panel_begin()) at its place. */
void panel_toolbar(struct screen *screen, ui_rect place);
/* What it needs at that width: one row, or more where it is narrow. */
float panel_toolbar_height(float width);
void panel_parts(struct screen *screen, ui_rect place);
void panel_picture(struct screen *screen, ui_rect place);
void panel_plot(struct screen *screen, ui_rect place);
void panel_numbers(struct screen *screen, ui_rect place);
void panel_message(struct screen *screen, ui_rect place);
/* The one with the tabs; it opens the panel, the ones below fill what is left
 * of it (ui_rest()). */
void panel_tabs(struct screen *screen, ui_rect place);
void panel_buildup(struct screen *screen);
void panel_mix(struct screen *screen);
void panel_uses(struct screen *screen);
void panel_pictures(struct screen *screen);
void panel_learning(struct screen *screen);
/* Dialogs: they draw where app->dialog is theirs. */
void panel_help(struct screen *screen);
void panel_open(struct screen *screen);
void panel_save(struct screen *screen);

/* ---- What panels share (screen_widgets.c). */

/* A button for a command line: the label, with its key in the tooltip, dimmed
 * where enabled is false; runs the line and returns true when pressed. */
bool screen_button(struct screen *screen, const char *label, const char *line,
                   const char *tooltip, bool enabled);
/* The same for what is on or off: down where it is on. */
bool screen_toggle(struct screen *screen, const char *label, const char *line,
                   const char *tooltip, bool is_on, bool enabled);
/* A sentence in the middle of what is left of the panel, for empty places. */
void screen_nothing(const char *sentence);
/* A size of the scale 1 in pixels of now. */
float screen_px(float size);
/* A text of a size of ui_draw_text(), its middle replaced by dots where it is
 * wider than that; returns out, which holds size >= 16 bytes. */
const char *screen_shorten(char *out, size_t size, const char *text,
                           float text_size, float width);

#endif
