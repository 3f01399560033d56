/* Reading a script and doing its lines: script.h. */
#include "script.h"

#include "scene_alloc.h"

#include "commands.h"

#include <nmfimg/file.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_BYTES = 1 << 20,
    MAX_LINE = 8191,
    SETTLE = 3, /* frames that the toolkit needs to see a click through */
    MAX_EVENTS = 64
};

struct script {
    char *path;
    char *text; /* lines end in 0 */
    size_t size;
    size_t at; /* of the next line */
    size_t line;
    size_t frames;                /* to wait */
    bool waits;                   /* until the fit has ended */
    SDL_Event events[MAX_EVENTS]; /* still to be sent, one a frame */
    size_t n_events;
    size_t n_sent;
};

/* ---- life ---- */

static char *copy_text(const char *text, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

nmf_status script_load(struct script **out, const char *path, nmf_error *err)
{
    nmf_bytes bytes = {0};
    *out = NULL;
    nmf_status status = nmf_file_read(&bytes, path, MAX_BYTES, err);
    if (status != NMF_OK) {
        return status;
    }
    struct script *script = scene_alloc(1, sizeof *script, err);
    if (script) {
        script->path = copy_text(path, strlen(path));
        script->text = copy_text((const char *)bytes.data, bytes.size);
        script->size = bytes.size;
    }
    nmf_bytes_release(&bytes);
    if (!script || !script->path || !script->text) {
        script_free(script);
        return scene_out_of_memory(err);
    }
    for (size_t i = 0; i < script->size; i++) {
        if (script->text[i] == '\n') {
            script->text[i] = '\0';
        }
    }
    *out = script;
    return NMF_OK;
}

void script_free(struct script *script)
{
    if (script) {
        free(script->path);
        free(script->text);
        free(script);
    }
}

/* ---- what a hand does ---- */

static void add(struct script *script, SDL_Event event)
{
    if (script->n_events < MAX_EVENTS) {
        script->events[script->n_events++] = event;
    }
}

static void add_motion(struct script *script, int x, int y)
{
    SDL_Event event = {.type = SDL_MOUSEMOTION};
    event.motion.x = x;
    event.motion.y = y;
    add(script, event);
}

static void add_button(struct script *script, bool is_down, int button, int x,
                       int y)
{
    SDL_Event event = {.type =
                           is_down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP};
    event.button.button = (Uint8)button;
    event.button.state = is_down ? SDL_PRESSED : SDL_RELEASED;
    event.button.x = x;
    event.button.y = y;
    add(script, event);
}

static void add_click(struct script *script, int button, int x, int y)
{
    add_motion(script, x, y);
    add_button(script, true, button, x, y);
    add_button(script, false, button, x, y);
}

static void add_drag(struct script *script, const int *from)
{
    enum { STEPS = 8 };
    add_motion(script, from[0], from[1]);
    add_button(script, true, SDL_BUTTON_LEFT, from[0], from[1]);
    for (int i = 1; i <= STEPS; i++) {
        add_motion(script, from[0] + (from[2] - from[0]) * i / STEPS,
                   from[1] + (from[3] - from[1]) * i / STEPS);
    }
    add_button(script, false, SDL_BUTTON_LEFT, from[2], from[3]);
}

static void add_wheel(struct script *script, int x, int y, int steps)
{
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    add_motion(script, x, y);
    event.wheel.y = steps;
    event.wheel.preciseY = (float)steps;
    add(script, event);
}

static void add_text(struct script *script, const char *text)
{
    for (; *text; text++) {
        SDL_Event event = {.type = SDL_TEXTINPUT};
        event.text.text[0] = *text;
        add(script, event);
    }
}

/* A key down and up, as SDL would tell it. */
static bool add_key(struct script *script, const char *name)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    if (!input_key_of_name(name, &event.key.keysym)) {
        return false;
    }
    event.key.state = SDL_PRESSED;
    add(script, event);
    event.type = SDL_KEYUP;
    event.key.state = SDL_RELEASED;
    event.key.keysym.mod = KMOD_NONE; /* Ctrl is let go, too */
    add(script, event);
    return true;
}

/* ---- lines ---- */

/* Whole numbers after the name; false: not so many. */
static bool read_numbers(const char *text, int *out, int n)
{
    int used = 0;
    for (int i = 0; i < n; i++) {
        if (sscanf(text, "%d%n", &out[i], &used) != 1) {
            return false;
        }
        text += used;
    }
    return text[strspn(text, " \t\r")] == '\0';
}

/* The lines of hands that are numbers alone. */
static bool do_mouse(struct script *script, const char *name, const char *rest,
                     bool *is_known)
{
    int at[4] = {0};
    *is_known = true;
    if (strcmp(name, "click") == 0 && read_numbers(rest, at, 2)) {
        add_click(script, SDL_BUTTON_LEFT, at[0], at[1]);
    } else if (strcmp(name, "double-click") == 0 && read_numbers(rest, at, 2)) {
        add_click(script, SDL_BUTTON_LEFT, at[0], at[1]);
        add_click(script, SDL_BUTTON_LEFT, at[0], at[1]);
    } else if (strcmp(name, "right-click") == 0 && read_numbers(rest, at, 2)) {
        add_click(script, SDL_BUTTON_RIGHT, at[0], at[1]);
    } else if (strcmp(name, "move") == 0 && read_numbers(rest, at, 2)) {
        add_motion(script, at[0], at[1]);
    } else if (strcmp(name, "drag") == 0 && read_numbers(rest, at, 4)) {
        add_drag(script, at);
    } else if (strcmp(name, "wheel") == 0 && read_numbers(rest, at, 3)) {
        add_wheel(script, at[0], at[1], at[2]);
    } else if (strcmp(name, "frames") == 0 && read_numbers(rest, at, 1) &&
               at[0] >= 0) {
        script->frames = (size_t)at[0];
    } else {
        *is_known = false;
        return false;
    }
    return true;
}

static void add_drop(struct input *input, struct app *app, const char *path)
{
    SDL_Event event = {.type = SDL_DROPFILE};
    event.drop.file = SDL_strdup(path);
    if (event.drop.file) {
        input_take(input, app, &event);
        event = (SDL_Event){.type = SDL_DROPCOMPLETE};
        input_take(input, app, &event);
    }
}

static bool do_line(struct script *script, struct app *app, struct input *input,
                    const char *line)
{
    char name[32] = "";
    bool is_known = false;
    line += strspn(line, " \t");
    size_t length = strcspn(line, " \t\r");
    const char *rest = line + length + strspn(line + length, " \t");
    snprintf(name, sizeof name, "%.*s", (int)length, line);
    do_mouse(script, name, rest, &is_known);
    if (is_known) {
        return true;
    }
    if (strcmp(name, "key") == 0) {
        char key[32];
        snprintf(key, sizeof key, "%.*s", (int)strcspn(rest, " \t\r"), rest);
        return add_key(script, key) || app_warn(app, "'%s': no such key", key);
    }
    if (strcmp(name, "type") == 0) {
        add_text(script, rest);
        return true;
    }
    if (strcmp(name, "drop") == 0) {
        add_drop(input, app, rest);
        return true;
    }
    if (strcmp(name, "wait") == 0) {
        script->waits = true;
        return true;
    }
    return app_do(app, "%s", line);
}

/* Something that a line began is not over. */
static bool is_busy(const struct script *script, const struct app *app)
{
    return app->is_loading || (app->runs && app->steps_left > 0) ||
           (script->waits && app->runs) || script->frames > 0 ||
           script->n_sent < script->n_events;
}

static bool send(struct script *script, struct app *app, struct input *input)
{
    if (script->n_sent == script->n_events) {
        return false;
    }
    input_take(input, app, &script->events[script->n_sent++]);
    if (script->n_sent == script->n_events) {
        script->n_sent = script->n_events = 0;
        script->frames = SETTLE;
    }
    return true;
}

bool script_advance(struct script *script, struct app *app, struct input *input,
                    nmf_error *err)
{
    if (send(script, app, input)) {
        return true;
    }
    if (script->frames > 0) {
        script->frames--;
    }
    while (!is_busy(script, app) && script->at < script->size) {
        const char *line = script->text + script->at;
        script->waits = false;
        script->at += strlen(line) + 1;
        script->line++;
        if (!do_line(script, app, input, line)) {
            err->status = NMF_ERR_ARGUMENT;
            snprintf(err->message, sizeof err->message, "'%s', line %zu: %s",
                     script->path, script->line, app->message);
            return false;
        }
    }
    return true;
}

bool script_is_done(const struct script *script, const struct app *app)
{
    return script->at >= script->size && !is_busy(script, app);
}
