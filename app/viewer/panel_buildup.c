/*
 * The selected picture as a sum of its parts, the largest share first:
 *
 *     +-------------------------------------------------------------+
 *     | Play  [slider]  of 49 parts: error 0.1812                   |
 *     | +--------+ +--------+   error against the number of parts   |
 *     | | so far | |original|                                       |
 *     | +--------+ +--------+   0.34 x [part] + 0.21 x [part] + ... |
 *     +-------------------------------------------------------------+
 *
 * The terms of the sum are in panel_sum.c.
 */
#include "panel_cell.h"
#include "panel_sum.h"

#include "report.h"

#include <math.h>
#include <stdio.h>

/* Sizes at scale 1. */
#define CURVE_MIN 48.0F
#define CURVE_MAX 150.0F
#define SUM_MIN 48.0F

/* ---- the row of controls ---- */

static void draw_controls(struct app *app, struct screen *screen,
                          const scene_buildup *buildup)
{
    char text[192];
    size_t n = buildup->n_shown;
    size_t last = buildup->n_used > n ? buildup->n_used : n;
    float at = (float)n;
    snprintf(text, sizeof text, "%zu of %zu part%s: error %s", n, last,
             last == 1 ? "" : "s",
             report_ratio(buildup->error[buildup->n_shown]).text);
    screen_button(screen, app->play.is_on ? "Pause##play" : "Play##play",
                  "build next",
                  "Add the parts one by one, the largest share first.", true);
    ui_same_line();
    float width = ui_rest().w - ui_text_width(text, 1) - screen_px(16);
    ui_next_width(fmaxf(width, screen_px(60)));
    if (ui_slider_float("##shown", &at, 0, (float)last, "%.0f")) {
        app_do(app, "build %ld", lroundf(at));
    }
    ui_tooltip("How many parts are added so far, of the %zu that this picture "
               "has (%zu are learned). The error is how far their sum is from "
               "the original: 0 is exact, 1 is a black picture.",
               buildup->n_used, buildup->k);
    ui_same_line();
    ui_text("%s", text);
}

/* ---- the pictures ---- */

/* A picture with a line of text below it. */
static void draw_picture(struct screen *screen, enum textures_kind kind,
                         ui_rect place, const char *name)
{
    const scene_shape *shape = &screen->app->picture.shape;
    ui_rect above = {place.x, place.y, place.w, place.h - ui_line_height()};
    above.h = cell_fit(above, shape->width, shape->height).h; /* at the top */
    ui_rect at = cell_draw(above, textures_picture(screen->textures, kind),
                           shape->width, shape->height, 0xFFFFFFFF);
    ui_draw_text(roundf(at.x + (at.w - ui_text_width(name, 1)) / 2),
                 at.y + at.h + roundf(screen_px(3)), 1,
                 ui_role_colour(UI_ROLE_DIM), name);
}

/* How wide each of two pictures of that shape may be. */
static float picture_width(const scene_shape *shape, ui_rect rest)
{
    float ratio = (float)shape->width / (float)shape->height;
    float by_height = (rest.h - ui_line_height()) * ratio;
    return roundf(fmaxf(fminf(by_height, rest.w * 0.26F), screen_px(72)));
}

static void draw_pictures(struct screen *screen, const scene_buildup *buildup,
                          float width, float height)
{
    char name[32];
    float gap = roundf(screen_px(8));
    ui_canvas canvas = ui_canvas_make("pictures", 2 * width + gap, height);
    ui_rect left = {canvas.place.x, canvas.place.y, width, height};
    ui_rect right = {left.x + width + gap, left.y, width, height};
    snprintf(name, sizeof name, "%zu part%s", buildup->n_shown,
             buildup->n_shown == 1 ? "" : "s");
    draw_picture(screen, TEXTURES_BUILDUP, left, name);
    draw_picture(screen, TEXTURES_ORIGINAL, right, "original");
    bool is_left = canvas.mouse_x < right.x;
    ui_tooltip("%s", is_left ? "The sum of the parts added so far."
                             : "What it is to become.");
}

/* ---- the curve ---- */

enum { MAX_POINTS = 512 };

/* The errors after 0 .. n parts, and where they are drawn. */
struct curve_view {
    const double *error;
    size_t n; /* >= 1 */
    double top;
    ui_rect in;
};

static float x_of(const struct curve_view *view, size_t s)
{
    return view->in.x + view->in.w * (float)s / (float)view->n;
}

static float y_of(const struct curve_view *view, size_t s)
{
    return view->in.y + view->in.h * (float)(1.0 - view->error[s] / view->top);
}

/* The line; of very many parts some. */
static void draw_line(const struct curve_view *view)
{
    float xy[2 * MAX_POINTS];
    size_t n = view->n + 1 < MAX_POINTS ? view->n + 1 : MAX_POINTS;
    for (size_t i = 0; i < n; i++) {
        size_t s = (size_t)((double)i * (double)view->n / (double)(n - 1));
        xy[2 * i] = x_of(view, s);
        xy[2 * i + 1] = y_of(view, s);
    }
    ui_draw_polyline(xy, n, ui_role_colour(UI_ROLE_ACCENT),
                     fmaxf(1.5F, screen_px(1.5F)));
}

/* Where the sum is now: a dot on the line. */
static void draw_now(const struct curve_view *view, size_t s)
{
    float x = roundf(x_of(view, s));
    float y = roundf(y_of(view, s));
    float dot = roundf(screen_px(3));
    ui_draw_line(x, view->in.y, x, view->in.y + view->in.h,
                 ui_role_colour(UI_ROLE_LINE), screen_px(1));
    ui_draw_fill((ui_rect){x - dot, y - dot, 2 * dot, 2 * dot},
                 ui_role_colour(UI_ROLE_SELECTED));
}

/* What is drawn, in the corner that the line leaves free: it bends towards one
 * or the other. */
static void draw_label(const struct curve_view *view)
{
    char text[160];
    ui_rect in = view->in;
    snprintf(text, sizeof text, "error; with all parts %s",
             report_ratio(view->error[view->n]).text);
    float width = ui_text_width(text, 1);
    float height = ui_line_height();
    bool is_high = view->error[view->n / 2] > 0.4 * view->top;
    if (in.h > 2 * height && width < in.w * 0.7F) {
        ui_draw_text(is_high ? in.x : in.x + in.w - width,
                     is_high ? in.y + in.h - height : in.y, 1,
                     ui_role_colour(UI_ROLE_DIM), text);
    }
}

static void draw_curve(struct app *app, const scene_buildup *buildup, float h)
{
    ui_canvas canvas = ui_canvas_make("curve", ui_rest().w, h);
    float pad = roundf(screen_px(6));
    struct curve_view view = {
        .error = buildup->error,
        .n = buildup->n_used ? buildup->n_used : 1,
        .top = 1.0,
        .in = {canvas.place.x + pad, canvas.place.y + pad,
               canvas.place.w - 2 * pad, canvas.place.h - 2 * pad},
    };
    for (size_t s = 0; s <= view.n; s++) {
        view.top = fmax(view.top, view.error[s]);
    }
    ui_draw_fill(canvas.place, ui_role_colour(UI_ROLE_FRAME));
    ui_draw_line(view.in.x, view.in.y + view.in.h, view.in.x + view.in.w,
                 view.in.y + view.in.h, ui_role_colour(UI_ROLE_LINE),
                 screen_px(1));
    draw_label(&view);
    draw_line(&view);
    draw_now(&view, buildup->n_shown < view.n ? buildup->n_shown : view.n);
    ui_tooltip("How far the sum is from the original with so many parts: the "
               "first ones do most. Click or drag to go there.");
    if (canvas.is_held) {
        float share = (canvas.mouse_x - view.in.x) / view.in.w;
        share = fminf(fmaxf(share, 0.0F), 1.0F);
        app_do(app, "build %d", (int)lroundf(share * (float)buildup->n_used));
    }
}

/* ---- the whole ---- */

static void draw_right(struct screen *screen, const scene_buildup *buildup,
                       float height)
{
    float gap = roundf(screen_px(6));
    float curve = fminf(roundf(height * 0.4F), roundf(screen_px(CURVE_MAX)));
    if (curve < screen_px(CURVE_MIN) ||
        height - curve - gap < screen_px(SUM_MIN)) {
        curve = 0; /* the sum itself is what matters */
    }
    if (!ui_child_begin("right", 0, height)) {
        ui_child_end();
        return;
    }
    if (curve > 0) {
        draw_curve(screen->app, buildup, curve);
    }
    panel_sum(screen, buildup);
    ui_child_end();
}

void panel_buildup(struct screen *screen)
{
    struct app *app = screen->app;
    const scene_buildup *buildup = app_buildup(app);
    if (!buildup) {
        screen_nothing(app_has_model(app)
                           ? "This model came without its pictures. Open them, "
                             "too, to see one put together from parts."
                           : "A picture is put together from its parts here, "
                             "as soon as there are some.");
        return;
    }
    draw_controls(app, screen, buildup);
    ui_rect rest = ui_rest();
    draw_pictures(screen, buildup, picture_width(&app->picture.shape, rest),
                  rest.h);
    ui_same_line();
    draw_right(screen, buildup, rest.h);
}
