/*
 * What the mouse, the keyboard and other programs send to the window: to the
 * toolkit, and where that has no use for it, to the commands.
 */
#ifndef NMFIMG_VIEWER_INPUT_H
#define NMFIMG_VIEWER_INPUT_H

#include "app.h"

#include <SDL.h>

/* What was dropped on the window and is not yet complete; {0} at first. */
struct input {
    char **dropped;
    size_t n_dropped;
};

/* Take an event; dropped text and names of files in it are freed. */
void input_take(struct input *input, struct app *app, const SDL_Event *event);
void input_release(struct input *input);

/* The name of a key as commands.h has it: "w", "W", "?", "Left", "Ctrl+z".
 * Static until the next call. And back: false, where there is no such key. */
const char *input_key_name(const SDL_KeyboardEvent *key);
bool input_key_of_name(const char *name, SDL_Keysym *out);

#endif
