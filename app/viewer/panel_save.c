/* The dialog that saves: what can be kept, a row each. */
#include "app_keep.h"
#include "panel_cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, LINE_SIZE = 2 * PATH_SIZE };

/* Sizes at scale 1. */
#define WIDTH 580.0F
#define LABEL 76.0F
#define BUTTON 80.0F

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
    bool has_said; /* something came of it */
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
    names->has_said = true;
    if (app_do(app, "%s %s", keep_command((enum keep_kind)kind), word)) {
        keep_propose(app, (enum keep_kind)kind, names->path[kind], PATH_SIZE);
        if (kind == KEEP_FILM || kind == KEEP_WINDOW) {
            app_do(app, "close"); /* not to be in it */
        }
    }
}

/* The film under way. */
static void draw_recording(struct app *app, struct names *names, float right)
{
    char text[LINE_SIZE];
    char shown[256];
    float x = screen_px(LABEL);
    snprintf(text, sizeof text, "%s: %zu frame%s so far", app->record_path,
             app->n_recorded, app->n_recorded == 1 ? "" : "s");
    ui_same_line_at(x);
    screen_shorten(shown, sizeof shown, text, 1, right - x - screen_px(16));
    cell_label(shown);
    ui_same_line_at(right);
    if (ui_button_sized("Stop", screen_px(BUTTON), 0)) {
        app_do(app, "record stop");
        names->has_said = true;
        keep_propose(app, KEEP_FILM, names->path[KEEP_FILM], PATH_SIZE);
    }
    ui_tooltip("End the film, so that its file is complete.");
}

/* A name and the button that writes it. */
static void draw_file(struct app *app, struct names *names, int kind,
                      float right)
{
    float x = screen_px(LABEL);
    ui_disabled_begin(!can_keep(app, kind));
    ui_same_line_at(x);
    ui_next_width(right - x - screen_px(8));
    ui_field_text("##path", names->path[kind], PATH_SIZE);
    ui_tooltip("The name of the file, which may have folders before it. A file "
               "that is there already is not replaced.");
    ui_same_line_at(right);
    if (ui_button_sized(rows[kind].button, screen_px(BUTTON), 0)) {
        keep(app, names, kind);
    }
    ui_tooltip("%s", rows[kind].tooltip);
    ui_disabled_end();
}

static void draw_row(struct app *app, struct names *names, int kind,
                     float right)
{
    ui_push_id(kind);
    cell_label(rows[kind].name);
    if (kind == KEEP_FILM && app_is_recording(app)) {
        draw_recording(app, names, right);
    } else {
        draw_file(app, names, kind, right);
    }
    ui_gap(0);
    ui_same_line_at(screen_px(LABEL));
    ui_text_dim("%s", rows[kind].what);
    ui_gap(screen_px(4));
    ui_pop_id();
}

/* What came of it, which the line at the bottom of the window says, too; before
 * that, where names lead. */
static void draw_end(const struct app *app, const struct names *names)
{
    char folder[PATH_SIZE];
    if (names->has_said) {
        ui_text_wrapped(
            "%s%s", app->is_warning ? "Not done: " : "Done: ", app->message);
    } else if (getcwd(folder, sizeof folder)) {
        ui_text_wrapped("Names without a folder are in %s", folder);
    }
}

void panel_save(struct screen *screen)
{
    static struct names names;
    struct app *app = screen->app;
    bool is_open = app->dialog == APP_DIALOG_SAVE;
    float row = ui_row_height() + ui_line_height() + screen_px(14);
    float height = KEEP_N_KINDS * row + 3 * ui_row_height();
    int across = 0;
    int down = 0;
    window_size(screen->window, &across, &down);
    if (is_open && !names.is_open) {
        propose_all(&names, app);
        names.has_said = false;
    }
    names.is_open = is_open;
    if (ui_dialog_begin("Save", &is_open,
                        fminf(screen_px(WIDTH), (float)across),
                        fminf(height, (float)down))) {
        float right = ui_rest().w - screen_px(BUTTON);
        for (int i = 0; i < KEEP_N_KINDS; i++) {
            draw_row(app, &names, i, right);
        }
        ui_separator();
        draw_end(app, &names);
        ui_dialog_end();
    }
    if (names.is_open && !is_open && app->dialog == APP_DIALOG_SAVE) {
        app_do(app, "close");
    }
}
