/*
 * The top row: what is looked at, and what is done most. Files and learning
 * share a row where there is room, and have rows of their own where not.
 */
#include "app_keep.h"
#include "command_quote.h"
#include "commands.h"
#include "fit_text.h"
#include "screen.h"
#include "ticks.h"
#include "whole_factors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum item {
    ITEM_OPEN,
    ITEM_NAME, /* of the set: takes the room that is left */
    ITEM_RUN,
    ITEM_STEP,
    ITEM_RESTART,
    ITEM_NEW_SEED,
    ITEM_PARTS,
    ITEM_UNDO,
    ITEM_SAVE,
    ITEM_RECORD,
    ITEM_HELP,
    N_ITEMS
};

/* Buttons that run a line and are as wide as their label. */
static const struct {
    const char *label;
    const char *line;
    const char *tooltip;
} buttons[N_ITEMS] = {
    [ITEM_OPEN] = {"Open...", "browse",
                   "Choose pictures, a folder of them, a table, a saved model "
                   "or a built-in set. Files can be dropped on the window, "
                   "too."},
    [ITEM_STEP] = {"Step", "step",
                   "One iteration, then pause: all weights and all parts are "
                   "improved once."},
    [ITEM_RESTART] = {"Restart", "restart",
                      "Begin again from the same random start: the same seed "
                      "gives the same parts."},
    [ITEM_NEW_SEED] = {"New seed", "new-seed",
                       "Begin again from another random start. Other parts may "
                       "come of it; the error is mostly about the same."},
    [ITEM_UNDO] = {"Undo", "undo", NULL},
    [ITEM_SAVE] = {"Save...", "save",
                   "Keep pictures, parts, the model, or the whole session."},
    [ITEM_HELP] = {"?", "help", "What is shown here, and all keys."},
};

static const char parts_label[] = "parts";
static const char record_label[] = "Record";
static const ui_colour recording = 0xF04040FF;

/* Where each item lies: its row, and x from the left of the content. */
struct bar {
    float width[N_ITEMS];
    float x[N_ITEMS];
    int row[N_ITEMS]; /* -1: there is no room for it */
    int n_rows;
};

/* ---- layout ---- */

static float padding(void)
{
    return screen_px(8);
}

static float button_width(const char *label)
{
    return ui_text_width(label, 1) + 2 * padding();
}

static float field_width(void)
{
    return ui_text_width("0000", 1) + 2 * padding();
}

static float step_width(void)
{
    return ui_text_width("+", 1) + 2 * padding();
}

static float dot_width(void)
{
    return roundf(fit_text_height() * 0.7F);
}

static void measure(struct bar *bar)
{
    for (int i = 0; i < N_ITEMS; i++) {
        bar->width[i] = buttons[i].label ? button_width(buttons[i].label) : 0;
        bar->row[i] = -1;
    }
    bar->width[ITEM_RUN] = fmaxf(button_width("Run"), button_width("Pause"));
    bar->width[ITEM_PARTS] = ui_text_width(parts_label, 1) + field_width() +
                             2 * step_width() + 3 * padding();
    bar->width[ITEM_RECORD] =
        button_width(record_label) + dot_width() + padding();
}

/* All items in a row of their own; the name gets what is left, and what is
 * right of it ends at the edge. False: they do not fit. */
static bool place_row(struct bar *bar, const enum item *items, size_t n,
                      float width)
{
    float taken = (float)(n - 1) * padding();
    float x = 0;
    for (size_t i = 0; i < n; i++) {
        taken += items[i] == ITEM_NAME ? 0 : bar->width[items[i]];
    }
    if (taken > width) {
        return false;
    }
    bar->width[ITEM_NAME] = width - taken;
    for (size_t i = 0; i < n; i++) {
        bar->x[items[i]] = x;
        bar->row[items[i]] = bar->n_rows;
        x += bar->width[items[i]] + padding();
    }
    bar->n_rows++;
    return true;
}

/* As many to a row as fit, without the name. */
static void flow(struct bar *bar, const enum item *items, size_t n, float width)
{
    float x = 0;
    for (size_t i = 0; i < n; i++) {
        enum item item = items[i];
        if (item == ITEM_NAME) {
            continue;
        }
        if (x > 0 && x + bar->width[item] > width) {
            x = 0;
            bar->n_rows++;
        }
        bar->x[item] = x;
        bar->row[item] = bar->n_rows;
        x += bar->width[item] + padding();
    }
    bar->n_rows++;
}

static void lay_out(struct bar *bar, float width)
{
    static const enum item all[] = {ITEM_OPEN,   ITEM_NAME,    ITEM_RUN,
                                    ITEM_STEP,   ITEM_RESTART, ITEM_NEW_SEED,
                                    ITEM_PARTS,  ITEM_UNDO,    ITEM_SAVE,
                                    ITEM_RECORD, ITEM_HELP};
    static const enum item files[] = {ITEM_OPEN, ITEM_NAME, ITEM_SAVE,
                                      ITEM_RECORD, ITEM_HELP};
    static const enum item learning[] = {ITEM_RUN,     ITEM_STEP,
                                         ITEM_RESTART, ITEM_NEW_SEED,
                                         ITEM_PARTS,   ITEM_UNDO};
    const size_t n_files = sizeof files / sizeof *files;
    const size_t n_learning = sizeof learning / sizeof *learning;
    *bar = (struct bar){.n_rows = 0};
    measure(bar);
    if (place_row(bar, all, sizeof all / sizeof *all, width)) {
        return;
    }
    if (!place_row(bar, files, n_files, width)) {
        flow(bar, files, n_files, width);
    }
    if (!place_row(bar, learning, n_learning, width)) {
        flow(bar, learning, n_learning, width);
    }
}

float panel_toolbar_height(float width)
{
    struct bar bar;
    lay_out(&bar, width - 2 * padding());
    return (float)bar.n_rows * ui_row_height() + 2 * padding() - screen_px(6);
}

/* ---- items ---- */

/* "400 pictures, 92 x 112", for what there is. */
static void describe(const struct app *app, char *out, size_t size)
{
    const nmf_dataset *data = app_set(app);
    if (!data) {
        snprintf(out, size, app->parts.k ? "a model without its pictures" : "");
        return;
    }
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    struct tick_label rows = tick_count((double)X->rows);
    const char *colours = geometry->channels == 3 ? ", colour" : "";
    if (geometry->width == 0) {
        snprintf(out, size, "%s rows of %zu numbers", rows.text, X->cols);
    } else {
        snprintf(out, size, "%s %s, %zu \xC3\x97 %zu%s", rows.text,
                 geometry->patch_stride ? "patches" : "pictures",
                 geometry->width, geometry->height, colours);
    }
}

static void draw_name(const struct app *app, float width)
{
    char about[128];
    describe(app, about, sizeof about);
    float about_width = ui_text_width(about, 1) + padding();
    bool has_about = about[0] && about_width < width * 0.7F;
    struct fit_text name =
        fit_text(app->title[0] ? app->title : "nothing is open",
                 width - (has_about ? about_width : 0), 1);
    ui_text("%s", name.text);
    ui_tooltip("%s%s%s", app->title, about[0] ? ": " : "", about);
    if (has_about) {
        ui_same_line();
        ui_text_dim("%s", about);
        ui_tooltip("What parts are learned from: so many pictures, each so "
                   "many pixels wide and high.");
    }
}

static bool is_learning(const struct app *app)
{
    return strcmp(app_state_name(app), "learning") == 0;
}

static void draw_run(struct screen *screen, float width)
{
    struct app *app = screen->app;
    bool runs = is_learning(app);
    ui_disabled_begin(!app->data || app->view.fit.method != NMF_METHOD_NMF);
    if (ui_button_primary_sized(runs ? "Pause##run" : "Run##run", width, 0)) {
        app_do(app, "toggle");
    }
    ui_disabled_end();
    ui_tooltip("%s\nKey: %s",
               runs ? "Pause after this iteration; nothing is lost."
                    : "Learn: improve weights and parts in turn, until the "
                      "error hardly falls any more.",
               key_of_line("toggle"));
}

static void draw_parts(struct screen *screen)
{
    struct app *app = screen->app;
    int k = (int)app->parts.k;
    k -= k ? (int)whole_factors_extra(app_method(app)) : 0;
    bool has_data = app->data != NULL;
    ui_text_dim("%s", parts_label);
    ui_same_line();
    screen_button(screen, "-##parts", "parts -1",
                  "One part less: the one that matters least is left out.",
                  has_data && k > 1);
    ui_same_line();
    ui_disabled_begin(!has_data);
    ui_next_width(field_width());
    if (ui_field_int("##parts", &k, 0)) {
        app_do(app, "parts %d", k);
    }
    ui_disabled_end();
    ui_tooltip("How many parts every picture is put together from. More parts: "
               "a smaller error, and parts that are smaller themselves. What "
               "is learned is kept.");
    ui_same_line();
    screen_button(screen, "+##parts", "parts +1",
                  "One part more. It begins at random, and small.", has_data);
}

static void draw_undo(struct screen *screen)
{
    char tooltip[160];
    const char *name = app_undo_name(screen->app);
    snprintf(tooltip, sizeof tooltip, "Take the last change back%s%.80s.",
             name ? ": " : "; there is none yet", name ? name : "");
    screen_button(screen, buttons[ITEM_UNDO].label, buttons[ITEM_UNDO].line,
                  tooltip, name != NULL);
}

/* A disc, row by row. */
static void draw_dot(float x, float y, float diameter, ui_colour colour)
{
    float radius = diameter / 2;
    for (float row = 0; row < diameter; row += 1) {
        float up = row + 0.5F - radius;
        float half = sqrtf(fmaxf(radius * radius - up * up, 0));
        ui_draw_fill((ui_rect){x + radius - half, y + row, 2 * half, 1},
                     colour);
    }
}

static void record(struct app *app, bool is_on)
{
    char path[sizeof app->record_path];
    char word[COMMAND_WORD_SIZE];
    if (is_on) {
        app_do(app, "record stop");
        return;
    }
    keep_propose(app, KEEP_FILM, path, sizeof path);
    if (command_quote(word, sizeof word, path)) {
        app_do(app, "record %s", word);
    }
}

static void draw_record(struct screen *screen, float width)
{
    struct app *app = screen->app;
    bool is_on = app->record_path[0] != '\0';
    ui_rect at = ui_rest();
    float height = ui_row_height() - screen_px(6);
    if (ui_button_sized("##record", width, height)) {
        record(app, is_on);
    }
    if (is_on) {
        ui_tooltip("Recording '%s', %zu frames so far. Press to end it.",
                   app->record_path, app->n_recorded);
    } else {
        ui_tooltip("Keep all that is shown from here on as a film, an animated "
                   "GIF.");
    }
    const char *label = is_on ? "Stop" : record_label;
    float text_y = at.y + roundf((height - fit_text_height()) / 2);
    float dot_y = at.y + roundf((height - dot_width()) / 2);
    draw_dot(at.x + padding(), dot_y, dot_width(),
             is_on ? recording : ui_role_colour(UI_ROLE_DIM));
    ui_draw_text(at.x + 2 * padding() + dot_width(), text_y, 1,
                 ui_role_colour(UI_ROLE_TEXT), label);
}

static void draw_item(struct screen *screen, enum item item, float width)
{
    struct app *app = screen->app;
    bool is_enabled = true;
    switch (item) {
    case ITEM_NAME:
        draw_name(app, width);
        return;
    case ITEM_RUN:
        draw_run(screen, width);
        return;
    case ITEM_PARTS:
        draw_parts(screen);
        return;
    case ITEM_RECORD:
        draw_record(screen, width);
        return;
    case ITEM_UNDO:
        draw_undo(screen);
        return;
    case ITEM_STEP:
        is_enabled = app->data && app->view.fit.method == NMF_METHOD_NMF;
        break;
    case ITEM_RESTART:
    case ITEM_NEW_SEED:
        is_enabled = app->data != NULL;
        break;
    case ITEM_SAVE:
        is_enabled = app->parts.k > 0;
        break;
    default:
        break;
    }
    screen_button(screen, buttons[item].label, buttons[item].line,
                  buttons[item].tooltip, is_enabled);
}

void panel_toolbar(struct screen *screen, ui_rect place)
{
    struct bar bar;
    if (ui_panel_begin("toolbar", NULL, place)) {
        lay_out(&bar, ui_rest().w);
        for (int row = 0; row < bar.n_rows; row++) {
            for (int i = 0; i < N_ITEMS; i++) {
                if (bar.row[i] != row) {
                    continue;
                }
                if (bar.x[i] > 0) {
                    ui_same_line_at(padding() + bar.x[i]);
                }
                draw_item(screen, (enum item)i, bar.width[i]);
            }
        }
    }
    ui_panel_end();
}
