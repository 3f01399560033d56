/*
 * The widget toolkit, as the viewer's C code sees it: immediate mode, drawn
 * through an SDL_Renderer. ui_imgui.cpp, the one C++ file, binds it to Dear
 * ImGui; nothing else knows of that library.
 *
 *     ui_begin_frame(width, height, pixels_per_unit, seconds);
 *     ui_panel_begin("numbers", "Numbers", (ui_rect){0, 0, 300, 800});
 *     if (ui_button("Run")) ...
 *     ui_panel_end();
 *     ui_end_frame();
 *
 * Places and sizes are in pixels of what is drawn, also on displays where a
 * unit of the desktop has more than one; the scale says how large a person
 * wants things: window_pixels_per_unit() times a choice. There is one toolkit a
 * process, used by the thread that created it. Texts are UTF-8; the built-in
 * font knows Latin-1 only. Labels may end in "##name", which is not shown and
 * makes them unique within their panel.
 */
#ifndef NMFIMG_VIEWER_UI_H
#define NMFIMG_VIEWER_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <SDL.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define UI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define UI_PRINTF(text, first)
#endif

typedef struct ui_rect {
    float x, y, w, h;
} ui_rect;

/* Red, green, blue, alpha as 0xRRGGBBAA. */
typedef uint32_t ui_colour;

/* What colours are for; a theme says what they are. */
typedef enum ui_role {
    UI_ROLE_TEXT = 0,
    UI_ROLE_DIM,      /* text of less weight */
    UI_ROLE_PAGE,     /* behind everything */
    UI_ROLE_PANEL,    /* behind a panel */
    UI_ROLE_FRAME,    /* behind a field, a plot */
    UI_ROLE_LINE,     /* grids, borders */
    UI_ROLE_ACCENT,   /* what can be pressed; the line of this run */
    UI_ROLE_SELECTED, /* what is selected: differs from ACCENT for any eye */
    UI_ROLE_WARNING,
    UI_N_ROLES
} ui_role;

typedef enum ui_theme {
    UI_THEME_DARK = 0,
    UI_THEME_HIGH_CONTRAST /* black, white, yellow; borders on all */
} ui_theme;

typedef struct ui_config {
    const char *font_file; /* a TTF face; NULL: the built-in font */
    float scale;           /* 1 .. 4: of fonts and paddings */
    ui_theme theme;
} ui_config;

/*
 * ---- Life. window may be NULL (headless): then there are no mouse cursors and
 * no clipboard of the system. The frame's size is what ui_begin_frame() says,
 * and events are those that ui_event() is given. False: the font file could not
 * be read, and the built-in font is used.
 */
bool ui_create(SDL_Window *window, SDL_Renderer *renderer,
               const ui_config *config);
void ui_free(void);

/* Other fonts or colours, from the next frame on. False: as ui_create(). */
bool ui_configure(const ui_config *config);

/* After the renderer lost its textures, or was replaced. */
void ui_renderer_changed(SDL_Renderer *renderer);

/* Tell of an event; true where the toolkit has a use for it alone: typing into
 * a field, Escape while a dialog or a list of choices is open. */
bool ui_event(const SDL_Event *event);
bool ui_wants_keyboard(void); /* a text field has the keyboard */
/* Another frame would look different: events wait, a tooltip is due. */
bool ui_wants_redraw(void);

/* A frame of so many pixels, so many seconds after the last one; the mouse's
 * places are multiplied by pixels_per_unit. */
void ui_begin_frame(int width, int height, float pixels_per_unit,
                    double seconds);
void ui_end_frame(void); /* lays out and draws, does not present */

float ui_scale(void);       /* as configured */
float ui_line_height(void); /* of a line of text and the gap below it */
float ui_row_height(void);  /* of a button and the gap below it */
ui_colour ui_role_colour(ui_role role);
/* Line colours that any colour vision tells apart (Okabe and Ito). */
ui_colour ui_series_colour(size_t i);

/* ---- Layout. */
bool ui_panel_begin(const char *id, const char *title, ui_rect place);
void ui_panel_end(void); /* also where begin returned false */
bool ui_child_begin(const char *id, float w, float h); /* a part that scrolls */
void ui_child_end(void);
/* Within a panel or child that scrolls: bring what is y below the top of its
 * content to the middle, where it is not in sight. */
void ui_scroll_to(float y);
void ui_scroll_by(float dy); /* further down, for a wheel over a canvas */
void ui_same_line(void);
void ui_same_line_at(float x); /* from the left of the panel */
void ui_separator(void);
void ui_gap(float height);
void ui_next_width(float width); /* of the next widget */
ui_rect ui_rest(void);           /* what is left of the panel here */
void ui_push_id(int id);
void ui_pop_id(void);
void ui_disabled_begin(bool disabled);
void ui_disabled_end(void);

/* Rows of equal height, the gap below included (ui_line_height(),
 * ui_row_height()), of which only those in sight are made:
 * for (i = first; i < last; i++) ... between begin and end. */
void ui_list_begin(size_t n_rows, float row_height, size_t *first,
                   size_t *last);
void ui_list_end(void);

/* A window above all others, in the middle, while it is open; false where it
 * is not. Closed by its cross, Escape, or *is_open = false. */
bool ui_dialog_begin(const char *title, bool *is_open, float w, float h);
void ui_dialog_end(void); /* only where begin returned true */

/* ---- Widgets. Those that return bool: pressed, or changed by the person. */
void ui_text(const char *format, ...) UI_PRINTF(1, 2);
void ui_text_dim(const char *format, ...) UI_PRINTF(1, 2);
void ui_text_coloured(ui_colour colour, const char *format, ...)
    UI_PRINTF(2, 3);
void ui_text_wrapped(const char *format, ...) UI_PRINTF(1, 2);
bool ui_button(const char *label);
bool ui_button_primary(const char *label); /* the one to press first */
bool ui_button_sized(const char *label, float w, float h); /* 0: as needed */
bool ui_button_primary_sized(const char *label, float w, float h);
bool ui_toggle(const char *label, bool is_on); /* a button that stays down */
bool ui_checkbox(const char *label, bool *value);
bool ui_slider_int(const char *label, int *value, int low, int high);
bool ui_slider_float(const char *label, float *value, float low, float high,
                     const char *format);
/* Changed when Return is pressed or the field is left; the text follows the
 * typing, a number does not. */
bool ui_field_double(const char *label, double *value, const char *format);
bool ui_field_int(const char *label, int *value, int step);
bool ui_field_text(const char *label, char *text, size_t size);
bool ui_combo(const char *label, int *current, const char *const *items,
              int n_items);
/* tooltips: one a name; NULL: none. */
bool ui_tabs(const char *id, const char *const *names,
             const char *const *tooltips, int n, int *current);
bool ui_selectable(const char *label, bool is_selected);
void ui_progress(float fraction, const char *overlay);
bool ui_is_hovered(void);  /* the last widget */
bool ui_is_released(void); /* the last widget was let go after a change */
/* Of the last widget, after a moment of rest over it. */
void ui_tooltip(const char *format, ...) UI_PRINTF(1, 2);
/* At once, wherever the mouse is. */
void ui_tooltip_now(const char *format, ...) UI_PRINTF(1, 2);

/* ---- A place to draw on, and what the mouse does there. */
typedef struct ui_canvas {
    ui_rect place;
    float mouse_x, mouse_y; /* in the window's pixels */
    float drag_x, drag_y;   /* moved since the last frame, button held */
    float wheel;            /* turned, positive: away from the person */
    bool is_hovered;
    bool is_pressed; /* the left button went down here */
    bool is_held;    /* is down since then */
    bool is_clicked; /* was released here */
    bool is_double_clicked;
    bool is_held_right; /* the right or middle button: drag_x, drag_y too */
    bool is_visible;    /* false: scrolled away, need not be drawn */
} ui_canvas;

/* Take w x h of the panel. */
ui_canvas ui_canvas_make(const char *id, float w, float h);
/* The same within a list: the wheel scrolls that, and is 0 here. */
ui_canvas ui_cell_make(const char *id, float w, float h);

/* Drawing into the panel at hand, clipped to it. */
void ui_draw_texture(SDL_Texture *texture, ui_rect to, float u0, float v0,
                     float u1, float v1, ui_colour tint);
void ui_draw_fill(ui_rect place, ui_colour colour);
void ui_draw_frame(ui_rect place, ui_colour colour, float thickness);
void ui_draw_line(float x0, float y0, float x1, float y1, ui_colour colour,
                  float thickness);
/* n points, x and y in turn. */
void ui_draw_polyline(const float *xy, size_t n, ui_colour colour,
                      float thickness);
/* size 1: as all text. There are 0.8, 1 and 1.5, of which the nearest is taken
 * and drawn at a whole pixel. Returns its width. */
float ui_draw_text(float x, float y, float size, ui_colour colour,
                   const char *text);
float ui_text_width(const char *text, float size);
void ui_draw_clip_begin(ui_rect place);
void ui_draw_clip_end(void);

#ifdef __cplusplus
}
#endif

#endif
