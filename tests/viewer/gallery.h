/*
 * A window with every widget of ui.h, for tests and measurements.
 */
#ifndef NMFIMG_TESTS_GALLERY_H
#define NMFIMG_TESTS_GALLERY_H

#include "ui.h"
#include "window.h"

enum { GALLERY_WIDTH = 900, GALLERY_HEIGHT = 600, GALLERY_POINTS = 300 };

struct gallery {
    struct window *window;
    struct texture texture; /* 16 x 16, two colours */
    int n_pressed;          /* of the button "Press" */
    int n_disabled;         /* of the button "Not now", which is off */
    bool is_on, is_checked, is_dialog_open;
    int number, choice, tab, typed_int, n_typed;
    float amount;
    double typed_double;
    char text[64];
    size_t first, last;  /* of the list's 1000 rows, made in the last frame */
    ui_canvas canvas;    /* as of the last frame */
    float drag_x, wheel; /* over all frames */
    int n_clicks;
    float curve[2 * GALLERY_POINTS];
};

/* Open a headless window and the toolkit in it; fails the test otherwise.
 * Returns what ui_create() did. */
bool gallery_open(struct gallery *gallery, const ui_config *config);
void gallery_close(struct gallery *gallery);

/* One frame, a thirtieth of a second after the last. */
void gallery_frame(struct gallery *gallery);

/* Events, as SDL would tell them. */
void gallery_move(int x, int y);
void gallery_button(bool is_down, int x, int y);
void gallery_click(int x, int y); /* moves there, presses, releases */
void gallery_wheel(int steps);
void gallery_key(SDL_Keycode key, SDL_Scancode code);
void gallery_type(const char *text);

#endif
