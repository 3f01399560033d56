/*
 * What the themes look like: a colour for each role of ui.h.
 *
 * Dark is calm: greys with a little blue, one accent. High contrast is black,
 * white and yellow, for those whom greys on greys tell nothing; text on black
 * has a contrast of 7 or more to 1 in either.
 */
#ifndef NMFIMG_VIEWER_UI_THEME_H
#define NMFIMG_VIEWER_UI_THEME_H

#include "ui.h"

#ifdef __cplusplus
extern "C" {
#endif

ui_colour ui_theme_colour(ui_theme theme, ui_role role);

/* What fills sliders and bars: the text colour can be read on it. */
ui_colour ui_theme_filling(ui_theme theme);

/* What a button looks like: at rest, under the mouse, held down. */
typedef struct ui_button_colours {
    ui_colour text, rest, hovered, held;
} ui_button_colours;

typedef enum ui_button_kind {
    UI_BUTTON_PLAIN = 0,
    UI_BUTTON_PRIMARY, /* the one to press first */
    UI_BUTTON_DOWN     /* a toggle that is on, the tab in front */
} ui_button_kind;

ui_button_colours ui_theme_button(ui_theme theme, ui_button_kind kind);

#ifdef __cplusplus
}
#endif

#endif
