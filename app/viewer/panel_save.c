/* The dialog that saves: what can be kept, a row each. */
#include "app_keep.h"
#include "screen.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, LINE_SIZE = 2 * PATH_SIZE };

/* In the order of enum keep_kind. */
static const struct {
    const char *name;
    const char *button;
    const char *what; /* what is in the file */
    const char *tooltip;
    bool wants_picture;
} rows[KEEP_N_KINDS] = {
    {"Picture", "Save##picture", "original, reconstruction, difference (PNG)",
     "The selected picture, what its parts make of it, and what differs, side "
     "by side.",
     true},
    {"Parts", "Save##parts", "all parts as they are shown (PNG)",
     "One sheet of all parts, in the colours and the order of the window.",
     false},
    {"Model", "Save##model", "parts and weights (.nmfi)",
     "The parts, and how much of each is in every picture. Every command of "
     "nmfimg opens it.",
     false},
    {"Session", "Save##session", "the model, and how you look at it (.nmfi)",
     "The model, where its pictures are, the curve so far, and what is "
     "selected, hidden and mixed: open it later to go on from here.",
     false},
    {"Film", "Record##film", "all that happens from now on (GIF)",
     "Every frame until you stop it. A name without .gif is a folder of PNG "
     "pictures.",
     false},
    {"Window", "Save##window", "as it is, without this dialog (PNG)",
     "A picture of the whole window.", false},
};

/* What is being typed; proposed anew where a file came to be. */
struct names {
    bool is_open;
    char path[KEEP_N_KINDS][PATH_SIZE];
};

/* A word of a command line: in quotes, whatever is in it. */
static void quote(char *out, size_t size, const char *word)
{
    size_t n = 0;
    char mark = '"';
    out[n++] = mark;
    for (; *word && n + 4 < size; word++) {
        if (*word == mark) { /* the other quote around this one */
            out[n++] = mark;
            mark = mark == '"' ? '\'' : '"';
            out[n++] = mark;
        }
        out[n++] = *word;
    }
    out[n++] = mark;
    out[n] = '\0';
}

static void propose_all(struct names *names, const struct app *app)
{
    for (int i = 0; i < KEEP_N_KINDS; i++) {
        keep_propose(app, (enum keep_kind)i, names->path[i], PATH_SIZE);
    }
}

/* Is there anything of that kind? */
static bool can_keep(const struct app *app, int kind)
{
    if (kind == KEEP_FILM || kind == KEEP_WINDOW) {
        return true;
    }
    return app->parts.k > 0 && (!rows[kind].wants_picture || app->picture.k);
}

static void keep(struct app *app, struct names *names, int kind)
{
    char word[LINE_SIZE];
    quote(word, sizeof word, names->path[kind]);
    if (app_do(app, "%s %s", keep_command((enum keep_kind)kind), word)) {
        keep_propose(app, (enum keep_kind)kind, names->path[kind], PATH_SIZE);
        if (kind == KEEP_FILM || kind == KEEP_WINDOW) {
            app_do(app, "close"); /* not to be in it */
        }
    }
}

static void draw_row(struct app *app, struct names *names, int kind,
                     float width)
{
    bool is_film_on = kind == KEEP_FILM && app_is_recording(app);
    ui_push_id(kind);
    ui_text("%s", rows[kind].name);
    ui_tooltip("%s", rows[kind].tooltip);
    ui_same_line();
    ui_text_dim("%s", rows[kind].what);
    if (is_film_on) {
        if (ui_button_sized("Stop", screen_px(80), 0)) {
            app_do(app, "record stop");
            propose_all(names, app);
        }
        ui_tooltip("End the film, so that its file is complete.");
        ui_same_line();
        ui_text("%zu frames so far: %s", app->n_recorded, app->record_path);
    } else {
        ui_disabled_begin(!can_keep(app, kind));
        if (ui_button_sized(rows[kind].button, screen_px(80), 0)) {
            keep(app, names, kind);
        }
        ui_tooltip("%s", rows[kind].tooltip);
        ui_same_line();
        ui_next_width(width - screen_px(80 + 8));
        ui_field_text("##path", names->path[kind], PATH_SIZE);
        ui_tooltip("The name of the file; a file that is there already is "
                   "never replaced.");
        ui_disabled_end();
    }
    ui_gap(screen_px(2));
    ui_pop_id();
}

static void draw_folder(void)
{
    char folder[PATH_SIZE];
    if (getcwd(folder, sizeof folder)) {
        ui_text_dim("Names without a folder are in");
        ui_same_line();
        ui_text("%s", folder);
    }
}

void panel_save(struct screen *screen)
{
    static struct names names;
    struct app *app = screen->app;
    bool is_open = app->dialog == APP_DIALOG_SAVE;
    float row = ui_row_height() + ui_line_height() + screen_px(8);
    if (is_open && !names.is_open) {
        propose_all(&names, app);
    }
    names.is_open = is_open;
    if (ui_dialog_begin("Save", &is_open, screen_px(560),
                        KEEP_N_KINDS * row + 3 * ui_row_height())) {
        float width = ui_rest().w;
        for (int i = 0; i < KEEP_N_KINDS; i++) {
            draw_row(app, &names, i, width);
        }
        ui_separator();
        draw_folder();
        ui_dialog_end();
    }
    if (names.is_open && !is_open && app->dialog == APP_DIALOG_SAVE) {
        app_do(app, "close");
    }
}
