#include "ui_input.h"

#include <string.h>

static SDL_Event *at(ui_input *input, size_t i)
{
    return &input->events[(input->first + i) % UI_INPUT_MAX];
}

void ui_input_push(ui_input *input, const SDL_Event *event)
{
    SDL_Event *last = input->n > 0 ? at(input, input->n - 1) : NULL;
    if (last != NULL && event->type == SDL_MOUSEMOTION &&
        last->type == SDL_MOUSEMOTION) {
        *last = *event;
        return;
    }
    if (input->n < UI_INPUT_MAX) {
        *at(input, input->n++) = *event;
    }
}

void ui_input_frame(ui_input *input)
{
    input->buttons = 0;
    input->has_wheel = false;
    input->has_edit_key = false;
    memset(input->keys, 0, sizeof input->keys);
}

static bool is_key(const SDL_Event *event)
{
    return event->type == SDL_KEYDOWN || event->type == SDL_KEYUP;
}

static bool is_button(const SDL_Event *event)
{
    return event->type == SDL_MOUSEBUTTONDOWN ||
           event->type == SDL_MOUSEBUTTONUP;
}

/* Its scancode, or 0 of a key without one. */
static size_t key_index(const SDL_Event *event)
{
    SDL_Scancode code = event->key.keysym.scancode;
    return code < SDL_NUM_SCANCODES ? (size_t)code : 0;
}

static uint32_t button_bit(const SDL_Event *event)
{
    return UINT32_C(1) << (event->button.button % 32);
}

/* Would this frame mix it up with what it has taken? */
static bool must_wait(const ui_input *input, const SDL_Event *event)
{
    if (event->type == SDL_MOUSEMOTION) {
        return input->buttons != 0 || input->has_wheel;
    }
    if (is_button(event)) {
        return (input->buttons & button_bit(event)) != 0 || input->has_wheel;
    }
    if (is_key(event)) {
        return input->keys[key_index(event)];
    }
    return event->type == SDL_TEXTINPUT && input->has_edit_key;
}

static void note(ui_input *input, const SDL_Event *event)
{
    if (is_button(event)) {
        input->buttons |= button_bit(event);
    } else if (event->type == SDL_MOUSEWHEEL) {
        input->has_wheel = true;
    } else if (is_key(event)) {
        SDL_Keycode key = event->key.keysym.sym;
        bool is_typed = key >= SDLK_SPACE && key < SDLK_DELETE;
        input->keys[key_index(event)] = true;
        input->has_edit_key |= event->type == SDL_KEYDOWN && !is_typed;
    }
}

bool ui_input_take(ui_input *input, SDL_Event *event)
{
    if (input->n == 0 || must_wait(input, at(input, 0))) {
        return false;
    }
    *event = *at(input, 0);
    input->first = (input->first + 1) % UI_INPUT_MAX;
    input->n--;
    note(input, event);
    return true;
}
