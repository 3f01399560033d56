/*
 * Weights by hand: a slider for each part of the selected picture, a list of
 * which those in sight are drawn.
 */
#include "panel_cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sizes at scale 1. */
#define ROW 40.0F
#define GAP 8.0F
#define COLUMN_MIN 210.0F
#define BAR 10.0F
#define KNOB 8.0F
#define LOW 110.0F

/* ---- the order ---- */

/* A part and how much of the picture it is, as learned. */
struct place {
    size_t t;
    double share;
};

static int by_share(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    return x->share > y->share   ? -1
           : x->share < y->share ? 1
           : x->t < y->t         ? -1
                                 : 1;
}

/* Not by the weights of the moment, or sliders would run from the mouse. */
static void order_parts(size_t *order, const struct app *app, bool is_by_share)
{
    struct place places[NMF_MAX_COMPONENTS];
    size_t k = app->parts.k;
    memcpy(order, app->parts.order, k * sizeof *order);
    if (!is_by_share) {
        return;
    }
    const float *sums = nmf_matrix_row(&app->users.sums, app->picture.index);
    for (size_t t = 0; t < k; t++) {
        places[t] = (struct place){t, (double)sums[t] * app->users.mass[t]};
    }
    qsort(places, k, sizeof *places, by_share);
    for (size_t i = 0; i < k; i++) {
        order[i] = places[i].t;
    }
}

/* ---- a slider ---- */

/* What the fit says: where its mark is. */
static float fitted_value(const struct app *app, const scene_mix *mix, size_t t)
{
    if (mix->is_factor) {
        return 1.0F;
    }
    nmf_matrix rows = scene_picture_rows(&app->picture, app->snapshot.W);
    return nmf_matrix_row(&rows, 0)[t];
}

/* Weights as the part is painted, so that 0.3 is 0.3 of the white of its
 * picture; factors as they are. */
static double shown_value(const struct app *app, const scene_mix *mix, size_t t,
                          float value)
{
    return mix->is_factor ? (double)value
                          : (double)value * (double)cell_part_white(app, t);
}

/* From `least` (0, or -limit) to limit: how far along value is, 0 .. 1. */
static float share_of(float value, float least, float limit)
{
    return limit > 0 ? fminf(fmaxf((value - least) / (limit - least), 0), 1)
                     : 0;
}

static void draw_bar(ui_rect bar, float value, float fitted, float least,
                     float limit, bool is_active)
{
    float width = bar.w - roundf(screen_px(KNOB));
    float knob = roundf(screen_px(KNOB));
    float at = width * share_of(value, least, limit);
    float mark = width * share_of(fitted, least, limit);
    float zero = width * share_of(0, least, limit);
    float thick = roundf(screen_px(2));
    ui_colour colour =
        ui_role_colour(is_active ? UI_ROLE_SELECTED : UI_ROLE_ACCENT);
    ui_draw_fill(bar, ui_role_colour(UI_ROLE_FRAME));
    float from = least < 0 ? fminf(zero, at) + knob / 2 : 0;
    float to = fmaxf(zero, at) + knob / 2;
    ui_draw_fill(
        (ui_rect){bar.x + roundf(from), bar.y, roundf(to - from), bar.h},
        ui_role_colour(UI_ROLE_LINE));
    ui_draw_frame(bar, ui_role_colour(UI_ROLE_LINE), roundf(screen_px(1)));
    ui_draw_fill((ui_rect){roundf(bar.x + mark + knob / 2 - thick / 2),
                           bar.y - thick, thick, bar.h + 2 * thick},
                 ui_role_colour(UI_ROLE_DIM));
    ui_draw_fill(
        (ui_rect){roundf(bar.x + at), bar.y - thick, knob, bar.h + 2 * thick},
        colour);
}

/* Where the mouse is along the bar, least .. limit. */
static float value_at(ui_rect bar, float x, float least, float limit)
{
    float knob = roundf(screen_px(KNOB));
    float share = (x - bar.x - knob / 2) / fmaxf(bar.w - knob, 1.0F);
    return least + fminf(fmaxf(share, 0.0F), 1.0F) * (limit - least);
}

static void draw_slider(struct app *app, const scene_mix *mix, size_t t,
                        float w, float h)
{
    char text[48];
    ui_canvas canvas = ui_cell_make("slider", w, h);
    float fitted = fitted_value(app, mix, t);
    float value = mix->value[t];
    float limit = mix->limit[t];
    float least = mix->is_signed ? -limit : 0;
    float line = ui_line_height();
    float bar_height = roundf(screen_px(BAR));
    ui_rect bar = {canvas.place.x,
                   roundf(canvas.place.y + line + (h - line - bar_height) / 2),
                   w, bar_height};
    bool is_changed =
        fabsf(value - fitted) > 1e-6F * fmaxf(fabsf(fitted), 1e-6F);
    snprintf(text, sizeof text, mix->is_factor ? "\xC3\x97 %.2f" : "%.3f",
             shown_value(app, mix, t, value));
    ui_draw_text(canvas.place.x + w - ui_text_width(text, 1), canvas.place.y, 1,
                 ui_role_colour(is_changed ? UI_ROLE_TEXT : UI_ROLE_DIM), text);
    snprintf(text, sizeof text, "part %s%s", app_part_name(app, t).text,
             app->hidden[t] ? " (hidden)" : "");
    ui_draw_text(
        canvas.place.x, canvas.place.y, 1,
        ui_role_colour(app->look.part == (int)t ? UI_ROLE_TEXT : UI_ROLE_DIM),
        text);
    draw_bar(bar, value, fitted, least, limit,
             canvas.is_held || canvas.is_hovered);
    ui_tooltip("Part %zu: %.3g, as learned %.3g (the grey mark). Drag it; a "
               "double click goes back to the mark.",
               t, shown_value(app, mix, t, value),
               shown_value(app, mix, t, fitted));
    if (canvas.is_double_clicked) {
        app_do(app, "mix %zu %.9g", t, (double)fitted);
    } else if (canvas.is_held && (canvas.is_pressed || canvas.drag_x != 0)) {
        app_do(app, "mix %zu %.9g", t,
               (double)value_at(bar, canvas.mouse_x, least, limit));
    }
}

/* The part's image, which selects it, and its slider. */
static void draw_part(struct screen *screen, const scene_mix *mix, size_t t,
                      float w, float h)
{
    struct app *app = screen->app;
    const scene_shape *shape = &app->parts.shape;
    float gap = roundf(screen_px(GAP));
    ui_push_id((int)t);
    float frame = roundf(screen_px(3));
    ui_canvas canvas = ui_cell_make("part", h, h);
    ui_rect inner = {canvas.place.x + frame, canvas.place.y + frame,
                     h - 2 * frame, h - 2 * frame};
    ui_rect at = cell_draw(inner, textures_part(screen->textures, t),
                           shape->width, shape->height, 0xFFFFFFFF);
    bool is_selected = app->look.part == (int)t;
    cell_mark(at, is_selected, canvas.is_hovered);
    ui_tooltip("Part %zu. Click to select it.", t);
    if (canvas.is_clicked) {
        app_do(app, "part %zu", t);
    }
    ui_same_line();
    draw_slider(app, mix, t, w - h - 2 * gap, h);
    ui_pop_id();
}

/* ---- the list ---- */

static void draw_list(struct screen *screen, const scene_mix *mix,
                      bool is_by_share)
{
    size_t order[NMF_MAX_COMPONENTS];
    size_t first = 0;
    size_t last = 0;
    float row = roundf(screen_px(ROW));
    float gap = roundf(screen_px(GAP));
    float whole = ui_rest().w;
    float fitting = floorf(whole / screen_px(COLUMN_MIN));
    size_t columns = fitting > 1.0F ? (size_t)fitting : 1;
    float width = floorf((whole - gap) / (float)columns);
    order_parts(order, screen->app, is_by_share);
    ui_list_begin((mix->k + columns - 1) / columns, row, &first, &last);
    float x = ui_rest().x;
    for (size_t i = first * columns; i < last * columns && i < mix->k; i++) {
        if (i % columns > 0) {
            ui_same_line_at(ui_rest().x - x + (float)(i % columns) * width);
        }
        draw_part(screen, mix, order[i], width, row - gap);
    }
    ui_list_end();
}

/* ---- above it ---- */

/* To another picture: which, counted from 1 as people do, and how far. */
static void draw_morph(struct screen *screen)
{
    struct app *app = screen->app;
    int n = (int)app_n_pictures(app);
    int other = app->look.morph_to;
    float share = app->is_morphed ? app->look.morph : 0.0F;
    if (other == app->look.picture && !app->is_morphed) {
        other = (other + 1) % n;
    }
    int number = other + 1;
    cell_label("Morph to picture");
    ui_same_line();
    ui_next_width(roundf(screen_px(110)));
    if (ui_field_int("##other", &number, 1)) {
        number = number < 1 ? 1 : number > n ? n : number;
        app_do(app, "morph %d %.9g", number - 1, (double)share);
    }
    ui_tooltip("The picture to turn into, 1 to %d; now it is %s.", n,
               app_picture_name(app, (size_t)other));
    ui_same_line();
    ui_next_width(fmaxf(ui_rest().w, screen_px(60)));
    if (ui_slider_float("##share", &share, 0, 1, "%.2f of it")) {
        app_do(app, "morph %d %.9g", other, (double)share);
    }
    ui_tooltip("From the selected picture (left) to the other one (right): "
               "the weights of both are mixed, not their pixels.");
}

static void draw_controls(struct screen *screen, bool *is_by_share)
{
    struct app *app = screen->app;
    screen_button(screen, "Back to the fit", "mix reset",
                  "All sliders as they were learned.", app->is_mixed);
    ui_same_line();
    screen_button(screen, "Randomise", "mix random",
                  "Each part as strong as in a picture drawn by chance.", true);
    ui_same_line();
    if (ui_toggle("Largest first", *is_by_share)) {
        *is_by_share = !*is_by_share;
    }
    ui_tooltip("The parts that make up most of this picture come first; else "
               "they are in the order of the grid.");
}

void panel_mix(struct screen *screen)
{
    static bool is_by_share = true;
    struct app *app = screen->app;
    const scene_mix *mix = app_mix(app);
    if (!mix) {
        screen_nothing(app_has_model(app)
                           ? "This model came without its pictures. Open them, "
                             "too, to mix one from its parts."
                           : "The selected picture is mixed from its parts "
                             "here, as soon as there are some.");
        return;
    }
    draw_controls(screen, &is_by_share);
    if (app_n_pictures(app) > 1) {
        draw_morph(screen);
    }
    if (ui_rest().h > screen_px(LOW)) { /* else the sliders say it */
        ui_text_wrapped("%s", "Each slider is how much of that part is in the "
                              "picture. Move it and watch the "
                              "reconstruction.");
    }
    if (ui_child_begin("sliders", 0, 0)) {
        draw_list(screen, mix, is_by_share);
    }
    ui_child_end();
}
