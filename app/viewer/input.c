/* Events on their way to the toolkit and the commands: input.h. */
#include "input.h"

#include "commands.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

/*
 * Text input is off while nobody types into a field, for it would open input
 * methods. So characters are told by key and shift: letters and digits on any
 * keyboard, signs as on an American one, and a few more.
 */
struct shifted {
    SDL_Keycode key;
    char plain;
    char shifted;
};

static const struct shifted signs[] = {
    {SDLK_PERIOD, '.', ':'},       {SDLK_SLASH, '/', '?'},
    {SDLK_EQUALS, '=', '+'},       {SDLK_MINUS, '-', '_'},
    {SDLK_PLUS, '+', '*'},         {SDLK_LEFTBRACKET, '[', '{'},
    {SDLK_RIGHTBRACKET, ']', '}'}, {SDLK_KP_PLUS, '+', '+'},
    {SDLK_KP_MINUS, '-', '-'},     {SDLK_KP_PERIOD, '.', '.'},
    {SDLK_QUESTION, '?', '?'},     {0xDF, 's', '?'}, /* German: sharp s */
    {SDLK_COMMA, ',', '<'},
};

enum { N_SIGNS = sizeof signs / sizeof *signs };

/* The character that a key types; 0: none. */
static char character(SDL_Keycode key, bool has_shift)
{
    for (int i = 0; i < N_SIGNS; i++) {
        if (signs[i].key == key) {
            return has_shift ? signs[i].shifted : signs[i].plain;
        }
    }
    if (key >= 'a' && key <= 'z') {
        return (char)(has_shift ? key - 'a' + 'A' : key);
    }
    return key >= '0' && key <= '9' ? (char)key : '\0';
}

const char *input_key_name(const SDL_KeyboardEvent *key)
{
    static char name[48];
    SDL_Keycode code = key->keysym.sym;
    unsigned mod = key->keysym.mod;
    const char *ctrl = mod & (KMOD_CTRL | KMOD_GUI) ? "Ctrl+" : "";
    char c = character(code, (mod & KMOD_SHIFT) != 0);
    if (c) {
        snprintf(name, sizeof name, "%s%c", ctrl, c);
    } else {
        snprintf(name, sizeof name, "%s%s", ctrl, SDL_GetKeyName(code));
    }
    return name;
}

bool input_key_of_name(const char *name, SDL_Keysym *out)
{
    *out = (SDL_Keysym){0};
    if (strncmp(name, "Ctrl+", 5) == 0) {
        out->mod = KMOD_LCTRL;
        name += 5;
    }
    if (name[0] && !name[1]) {
        for (int i = 0; i < N_SIGNS && !out->sym; i++) {
            out->sym = signs[i].plain == name[0] || signs[i].shifted == name[0]
                           ? signs[i].key
                           : 0;
            if (out->sym && signs[i].plain != name[0]) {
                out->mod |= KMOD_LSHIFT;
            }
        }
        if (name[0] >= 'A' && name[0] <= 'Z') {
            out->sym = name[0] - 'A' + 'a';
            out->mod |= KMOD_LSHIFT;
        }
    }
    if (!out->sym) {
        out->sym = SDL_GetKeyFromName(name);
    }
    /* By name: SDL has no keyboard's layout where it has no display. */
    out->scancode = SDL_GetScancodeFromName(SDL_GetKeyName(out->sym));
    return out->sym != SDLK_UNKNOWN;
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
