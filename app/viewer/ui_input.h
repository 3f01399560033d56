/*
 * Events on their way to the toolkit, a frame's portion at a time.
 *
 * The toolkit looks at the mouse and the keys once a frame. A button that goes
 * down and up between two frames would never have been down, and a click
 * followed by a motion would happen at the wrong place. So events wait here,
 * and a frame takes only as many as can be told apart: the rest comes with the
 * next.
 */
#ifndef NMFIMG_VIEWER_UI_INPUT_H
#define NMFIMG_VIEWER_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <SDL.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { UI_INPUT_MAX = 256 };

typedef struct ui_input {
    SDL_Event events[UI_INPUT_MAX]; /* a ring */
    size_t first, n;
    /* What this frame has taken. */
    uint32_t buttons;
    bool has_wheel;
    bool has_edit_key; /* one that is not typed: an arrow, Return ... */
    bool keys[SDL_NUM_SCANCODES];
} ui_input;

/* Keep an event; one more than UI_INPUT_MAX is lost, motions are joined. */
void ui_input_push(ui_input *input, const SDL_Event *event);

/* A new frame begins. */
void ui_input_frame(ui_input *input);

/* The next event of this frame; false: no more. */
bool ui_input_take(ui_input *input, SDL_Event *event);

#ifdef __cplusplus
}
#endif

#endif
