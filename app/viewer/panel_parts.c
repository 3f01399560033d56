/*
 * The parts: a line that explains, how they are sorted and shown, the grid
 * itself (parts_grid.h), and what the selected one does in the picture.
 */
#include "commands.h"
#include "parts_grid.h"
#include "screen.h"

#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- lines of text ---- */

enum { LINE_SIZE = 640 };

/* The first that there is room for of a long and a short way to say it. */
static const char *longest(const char *text, const char *shorter)
{
    return ui_text_width(text, 1.0F) <= ui_rest().w ? text : shorter;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* What the parts were learned from: "400 pictures", "512 patches". */
static const char *sample_name(const struct app *app)
{
    const nmf_dataset *set = app_set(app);
    if (app->parts.shape.is_wrapped) {
        return "row";
    }
    return set && nmf_dataset_matrix(set)->rows > app_n_pictures(app)
               ? "patch"
               : "picture";
}

/* What another method than nmf makes of the pictures. */
static void explain_other(const struct app *app, const char *name)
{
    char text[2 * LINE_SIZE];
    char few[LINE_SIZE];
    size_t k = app->parts.k;
    const char *s = plural(k);
    switch (app_method(app)) {
    case NMF_METHOD_PCA:
        snprintf(few, sizeof few, "PCA: the mean and %zu component%s.", k - 1,
                 plural(k - 1));
        snprintf(text, sizeof text, "%s Orange adds, blue takes away.", few);
        break;
    case NMF_METHOD_SVD:
        snprintf(few, sizeof few, "SVD: %zu singular vector%s.", k, s);
        snprintf(text, sizeof text, "%s Orange adds, blue takes away.", few);
        break;
    case NMF_METHOD_VQ:
        snprintf(few, sizeof few, "VQ: %zu centre%s of clusters.", k, s);
        snprintf(text, sizeof text, "%s Every %s is one of these.", few, name);
        break;
    default:
        snprintf(few, sizeof few, "PLSA: %zu part%s.", k, s);
        snprintf(text, sizeof text, "%s Every %s is a mixture of these.", few,
                 name);
        break;
    }
    ui_text_dim("%s", longest(text, few));
}

static void explain(const struct app *app)
{
    const nmf_dataset *set = app_set(app);
    const char *name = sample_name(app);
    size_t k = app->parts.k;
    size_t n = set ? nmf_dataset_matrix(set)->rows : 0;
    char text[2 * LINE_SIZE];
    char few[LINE_SIZE];
    char data[160];
    const char *es = n == 1 ? "" : strcmp(name, "patch") == 0 ? "es" : "s";
    snprintf(data, sizeof data, "%s %s%s", report_number(n).text, name, es);
    if (app_method(app) != NMF_METHOD_NMF) {
        explain_other(app, name);
        return;
    }
    if (!set) {
        snprintf(few, sizeof few, "%zu part%s of a model.", k, plural(k));
    } else if (app->snapshot.n_iter == 0) {
        snprintf(few, sizeof few,
                 app->is_given ? "%zu part%s to begin with."
                               : "%zu part%s before any learning.",
                 k, plural(k));
    } else {
        snprintf(few, sizeof few, "%zu part%s learned from %s.", k, plural(k),
                 data);
    }
    if (set && app->snapshot.n_iter == 0) {
        snprintf(text, sizeof text, "%s Space learns from %s.", few, data);
    } else {
        snprintf(text, sizeof text, "%s Every %s is a sum of these.", few,
                 name);
    }
    ui_text_dim("%s", longest(text, few));
}

/* ---- controls, from the left, on as many lines as they need ---- */

struct row {
    float width; /* of the panel */
    float used;
};

/* The next control is so wide. */
static void place_next(struct row *row, float width)
{
    float gap = screen_px(8);
    if (row->used > 0.0F && row->used + gap + width <= row->width) {
        ui_same_line();
        row->used += gap + width;
    } else {
        row->used = width;
    }
}

static float button_width(const char *label)
{
    return ceilf(ui_text_width(label, 1.0F)) + screen_px(16);
}

static float combo_width(const char *widest)
{
    return button_width(widest) + ui_row_height();
}

static void draw_order(struct screen *screen, struct row *row)
{
    static const char *const items[] = {
        "by index", "by energy", "by sparseness", "by position", "by share"};
    static const char *const names[] = {"index", "energy", "sparseness",
                                        "position", "share"};
    int order = screen->app->look.order;
    float width = combo_width("by sparseness");
    place_next(row, width);
    ui_next_width(width);
    if (ui_combo("##order", &order, items, 5)) {
        app_do(screen->app, "order %s", names[order]);
    }
    ui_tooltip(
        "How the parts are sorted.\n"
        "energy: what gives most light to all pictures first;\n"
        "sparseness: the most local first, a few pixels and nothing else;\n"
        "position: as one reads, by where their light is;\n"
        "share: what gives most light to the selected picture first;\n"
        "index: as they were learned.\nKey: %s",
        key_of_line("order next"));
}

static void draw_colours(struct screen *screen, struct row *row)
{
    static const char *const names[] = {"grey", "inverted", "viridis",
                                        "cividis"};
    int colours = screen->app->look.colours;
    float width = combo_width("inverted");
    place_next(row, width);
    ui_next_width(width);
    if (ui_combo("##colours", &colours, names, 4)) {
        app_do(screen->app, "colours %s", names[colours]);
    }
    ui_tooltip("Colours of parts and grey pictures, from nothing to the "
               "brightest. Viridis and cividis read the same for any colour "
               "vision.\nKey: %s",
               key_of_line("colours next"));
}

static void draw_zoom(struct screen *screen, struct row *row)
{
    float zoom = screen->app->look.grid_zoom;
    place_next(row, button_width("-") + button_width("Fit") +
                        button_width("+") + screen_px(16));
    screen_button(screen, "-##grid", "grid out", "Smaller parts.",
                  zoom > 0.25F);
    ui_same_line();
    screen_toggle(screen, "Fit##grid", "grid fit",
                  "All parts in sight, as large as there is room.",
                  zoom == 1.0F, true);
    ui_same_line();
    screen_button(screen, "+##grid", "grid in",
                  "Larger parts; then the wheel scrolls.", zoom < 8.0F);
}

static void draw_controls(struct screen *screen)
{
    const struct app *app = screen->app;
    struct row row = {ui_rest().w, 0.0F};
    draw_order(screen, &row);
    draw_colours(screen, &row);
    place_next(&row, button_width("One scale"));
    screen_toggle(screen, "One scale", "scale next",
                  "One scale of brightness for all parts: dark ones are weak. "
                  "Off: each part as bright as it can be.",
                  app->look.is_common, true);
    draw_zoom(screen, &row);
    if (app->n_hidden || app->solo >= 0) {
        place_next(&row, button_width("Show all"));
        screen_button(screen, "Show all", "show-all",
                      "Put all parts back into the sum.", true);
    }
}

/* ---- the selected part ---- */

/* Two lines of text and one of buttons. */
static float footer_height(void)
{
    return 2.0F * ui_line_height() + ui_row_height() + screen_px(4);
}

static void draw_share(const struct app *app, size_t t)
{
    const scene_part *part = &app->parts.part[t];
    char text[LINE_SIZE];
    char few[LINE_SIZE];
    snprintf(few, sizeof few, "Part %s: %.1f %% of all light%s",
             app_part_name(app, t).text, 100.0 * part->energy,
             app->hidden[t] ? ", left out" : "");
    snprintf(text, sizeof text,
             "Part %s: %.1f %% of all light, sparseness %.2f%s",
             app_part_name(app, t).text, 100.0 * part->energy, part->sparseness,
             app->hidden[t] ? ", left out of the sum" : "");
    ui_text_coloured(ui_role_colour(UI_ROLE_SELECTED), "%s",
                     longest(text, few));
    ui_tooltip("All light: the sum of all parts over all pictures. Sparseness: "
               "0 is spread evenly, 1 is a single pixel.");
}

static void draw_error(const struct app *app)
{
    char text[LINE_SIZE];
    char few[LINE_SIZE];
    double share = 100.0 * (double)app->part_share;
    if (!app->picture.n_rows) {
        ui_text_dim("No picture is loaded that it could be a part of.");
    } else if (!(share >= 0.05)) {
        ui_text_dim("This picture does without it: less than 0.1 %% of it.");
    } else {
        snprintf(text, sizeof text,
                 "In this picture: %.1f %%. Error %s, without the part %s",
                 share, report_ratio(app->picture.full_error).text,
                 report_ratio(app->part_error).text);
        snprintf(few, sizeof few, "Here: %.1f %%. Error %s, without %s", share,
                 report_ratio(app->picture.full_error).text,
                 report_ratio(app->part_error).text);
        ui_text("%s", longest(text, few));
        ui_tooltip("Its share of the selected picture's light, and how much "
                   "worse the sum gets without it: that is what it is good "
                   "for here. Error: the length of what is missing, as a "
                   "share of the picture's.");
    }
}

static void draw_part_buttons(struct screen *screen, size_t t)
{
    const struct app *app = screen->app;
    screen_toggle(screen, app->hidden[t] ? "Put back (h)" : "Leave out (h)",
                  "hide",
                  "The sum without this part, or with it again: watch what "
                  "changes in the reconstruction.",
                  app->hidden[t], true);
    ui_same_line();
    screen_toggle(screen, "Alone (i)", "solo",
                  "This part as the only one in the sum.", app->solo == (int)t,
                  true);
    ui_same_line();
    screen_toggle(screen, "On the picture (t)", "heat next",
                  "Show on the original where this part gives its light.",
                  app->look.has_heat, app->picture.n_rows > 0);
}

static void draw_footer(struct screen *screen)
{
    const struct app *app = screen->app;
    if (app->look.part < 0) {
        ui_text_dim("Click a part to see what it is good for.");
        ui_text_dim("Double click: the part alone. Right click: leave it out.");
        return;
    }
    draw_share(app, (size_t)app->look.part);
    draw_error(app);
    draw_part_buttons(screen, (size_t)app->look.part);
}

/* ---- all of it ---- */

static void draw_nothing(const struct app *app)
{
    if (app->is_loading) {
        screen_nothing("Opening the pictures ...");
    } else if (app->data) {
        screen_nothing("The first parts are on their way ...");
    } else {
        screen_nothing("Here will be the parts that pictures are made of. "
                       "Drop a folder of pictures on the window, or open one "
                       "with Ctrl+o.");
    }
}

void panel_parts(struct screen *screen, ui_rect place)
{
    struct app *app = screen->app;
    if (ui_panel_begin("parts", NULL, place)) {
        if (!app->parts.k || !app->snapshot.H) {
            draw_nothing(app);
        } else {
            explain(app);
            draw_controls(screen);
            float h = ui_rest().h - footer_height();
            parts_grid_draw(screen, fmaxf(h, screen_px(60)));
            draw_footer(screen);
        }
    }
    ui_panel_end();
}
