/*
 * The parts: a line that explains, how they are sorted and shown, the grid
 * itself (parts_grid.h), and what the selected one does in the picture.
 */
#include "commands.h"
#include "parts_grid.h"
#include "screen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the line that explains ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* What the parts were learned from: "400 pictures", "512 patches". */
static void describe_data(const struct app *app, char *out, size_t size)
{
    size_t n = app_n_pictures(app);
    bool is_table = app->parts.shape.is_wrapped;
    snprintf(out, size, "%zu %s%s", n, is_table ? "row" : "picture", plural(n));
    if (app_set(app)) {
        size_t n_rows = nmf_dataset_matrix(app_set(app))->rows;
        if (n_rows > n) {
            snprintf(out, size, "%zu patches of %zu picture%s", n_rows, n,
                     plural(n));
        }
    }
}

static void explain(const struct app *app)
{
    size_t k = app->parts.k;
    char data[64];
    char text[192];
    char shorter[192];
    const char *what = app->parts.shape.is_wrapped ? "row" : "picture";
    describe_data(app, data, sizeof data);
    if (!app->shown) {
        snprintf(text, sizeof text, "%zu part%s of a model. ", k, plural(k));
    } else if (app->snapshot.n_iter == 0) {
        snprintf(text, sizeof text,
                 "%zu part%s before learning: noise. Space learns from %s.", k,
                 plural(k), data);
    } else {
        snprintf(text, sizeof text, "%zu part%s learned from %s. ", k,
                 plural(k), data);
    }
    if (!app->shown || app->snapshot.n_iter > 0) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "Every %s is a sum of these.",
                 what);
    }
    ui_text_dim(
        "%s", screen_shorten(shorter, sizeof shorter, text, 1.0F, ui_rest().w));
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
    static const char *const items[] = {"by index", "by energy",
                                        "by sparseness", "by position"};
    static const char *const names[] = {"index", "energy", "sparseness",
                                        "position"};
    int order = screen->app->look.order;
    float width = combo_width("by sparseness");
    place_next(row, width);
    ui_next_width(width);
    if (ui_combo("##order", &order, items, 4)) {
        app_do(screen->app, "order %s", names[order]);
    }
    ui_tooltip(
        "How the parts are sorted.\n"
        "energy: what gives most light to all pictures first;\n"
        "sparseness: the most local first, a few pixels and nothing else;\n"
        "position: as one reads, by where their light is;\n"
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
    char text[128];
    char shorter[128];
    snprintf(text, sizeof text,
             "Part %zu: %.1f %% of all light, sparseness %.2f%s", t,
             100.0 * part->energy, part->sparseness,
             app->hidden[t] ? ", left out of the sum" : "");
    ui_text_coloured(
        ui_role_colour(UI_ROLE_SELECTED), "%s",
        screen_shorten(shorter, sizeof shorter, text, 1.0F, ui_rest().w));
    ui_tooltip("All light: the sum of all parts over all pictures. Sparseness: "
               "0 is spread evenly, 1 is a single pixel.");
}

static void draw_error(const struct app *app)
{
    char text[160];
    char shorter[160];
    double with = app->picture.full_error;
    if (!app->picture.n_rows) {
        ui_text_dim("No picture is loaded that it could be a part of.");
        return;
    }
    snprintf(text, sizeof text,
             "Here %.1f %% of the light. Error %.4f with it, %.4f without",
             (double)(100.0F * app->part_share), with, app->part_error);
    ui_text("%s",
            screen_shorten(shorter, sizeof shorter, text, 1.0F, ui_rest().w));
    ui_tooltip("In the selected picture. How much worse the sum gets without "
               "the part is what it is "
               "good for in this picture. Error: the length of what is "
               "missing, as a share of the picture's.");
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
