/* Events on their way to the toolkit and the commands: input.h. */
#include "input.h"

#include "commands.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

static bool is_typed(SDL_Keycode key)
{
    return key >= ' ' && key < 127;
}

const char *input_key_name(const SDL_KeyboardEvent *key)
{
    static char name[32];
    SDL_Keycode code = key->keysym.sym;
    bool has_ctrl = (key->keysym.mod & (KMOD_CTRL | KMOD_GUI)) != 0;
    name[0] = '\0';
    if (has_ctrl && is_typed(code)) {
        snprintf(name, sizeof name, "Ctrl+%c", (char)code);
    } else if (has_ctrl && code == SDLK_KP_PLUS) {
        snprintf(name, sizeof name, "Ctrl++");
    } else if (has_ctrl && code == SDLK_KP_MINUS) {
        snprintf(name, sizeof name, "Ctrl+-");
    } else if (!is_typed(code)) {
        snprintf(name, sizeof name, "%s%s", has_ctrl ? "Ctrl+" : "",
                 SDL_GetKeyName(code));
    }
    return name;
}

static void press(struct app *app, const char *key)
{
    const char *line = *key ? key_line(key) : NULL;
    if (line && (app->dialog == APP_DIALOG_NONE || strcmp(line, "close") == 0 ||
                 strcmp(line, "help") == 0 || strcmp(line, "quit") == 0)) {
        app_do(app, "%s", line);
    }
}

/* ---- drops ---- */

static void keep_drop(struct input *input, const char *path)
{
    char **dropped = realloc(input->dropped,
                             (input->n_dropped + 1) * sizeof *input->dropped);
    char *copy = malloc(strlen(path) + 1);
    if (dropped) {
        input->dropped = dropped;
    }
    if (!dropped || !copy) {
        free(copy);
        return;
    }
    memcpy(copy, path, strlen(path) + 1);
    dropped[input->n_dropped++] = copy;
}

static void open_drops(struct input *input, struct app *app)
{
    if (input->n_dropped > 0) {
        app_open_paths(app, (const char *const *)input->dropped,
                       input->n_dropped);
    }
    input_release(input);
}

void input_release(struct input *input)
{
    for (size_t i = 0; i < input->n_dropped; i++) {
        free(input->dropped[i]);
    }
    free(input->dropped);
    *input = (struct input){0};
}

/* ---- events ---- */

static void take_drop(struct input *input, struct app *app,
                      const SDL_DropEvent *drop)
{
    if (drop->type == SDL_DROPFILE || drop->type == SDL_DROPTEXT) {
        keep_drop(input, drop->file);
        SDL_free(drop->file);
    } else if (drop->type == SDL_DROPCOMPLETE) {
        open_drops(input, app);
    }
}

void input_take(struct input *input, struct app *app, const SDL_Event *event)
{
    bool is_taken = ui_event(event);
    switch (event->type) {
    case SDL_QUIT:
        app->quits = true;
        break;
    case SDL_KEYDOWN:
        if (!is_taken && !ui_wants_keyboard()) {
            press(app, input_key_name(&event->key));
        }
        break;
    case SDL_TEXTINPUT:
        if (!is_taken && !ui_wants_keyboard()) {
            press(app, strcmp(event->text.text, " ") == 0 ? "Space"
                                                          : event->text.text);
        }
        break;
    case SDL_DROPBEGIN:
    case SDL_DROPFILE:
    case SDL_DROPTEXT:
    case SDL_DROPCOMPLETE:
        take_drop(input, app, &event->drop);
        break;
    default:
        break;
    }
}
