/* The error as it falls: this run, thick, and those before it. */
#include "curve.h"
#include "fit_text.h"
#include "screen.h"
#include "ticks.h"

#include <math.h>
#include <stdio.h>

enum { N_COLOURS = 8, LEGEND_MAX = 4 };

/* What a frame of the plot is drawn by. */
struct plot {
    const struct history *history;
    enum history_axis axis;
    struct curve_frame frame; /* .place: where the curves are */
    ui_canvas canvas;         /* with room for numbers around it */
};

/* The point under the mouse. */
struct reading {
    bool is_there;
    size_t run;
    struct trace_point point;
    float x, y;
};

static const float small_text = 0.8F;

static float small_height(void)
{
    return roundf(fit_text_height() * 0.9F);
}

/* ---- axes ---- */

static float widest_label(const struct ticks *ticks)
{
    float widest = 0;
    for (size_t i = 0; i < ticks->n; i++) {
        widest = fmaxf(widest, ui_text_width(ticks->label[i].text, small_text));
    }
    return widest;
}

/* Half there, so that white lines on black are no curves. */
static ui_colour grid_colour(void)
{
    return (ui_role_colour(UI_ROLE_LINE) & 0xFFFFFF00U) | 0x80U;
}

static void draw_y_axis(const struct plot *plot, const struct ticks *ticks)
{
    const viewport_area *place = &plot->frame.place;
    for (size_t i = 0; i < ticks->n; i++) {
        float y = (float)round(curve_y(&plot->frame, ticks->at[i]));
        const char *label = ticks->label[i].text;
        float width = ui_text_width(label, small_text);
        ui_draw_line((float)place->x, y, (float)(place->x + place->w), y,
                     grid_colour(), 1);
        ui_draw_text((float)place->x - width - screen_px(6),
                     y - small_height() / 2, small_text,
                     ui_role_colour(UI_ROLE_DIM), label);
    }
}

/* Numbers below the axis, and behind them what they count. */
static void draw_x_axis(const struct plot *plot, const struct ticks *ticks)
{
    const viewport_area *place = &plot->frame.place;
    const char *unit = plot->axis == HISTORY_SECONDS ? "seconds" : "iterations";
    ui_colour dim = ui_role_colour(UI_ROLE_DIM);
    float right = plot->canvas.place.x + plot->canvas.place.w;
    float unit_x = right - ui_text_width(unit, small_text);
    float y = (float)(place->y + place->h);
    ui_draw_line((float)place->x, y, (float)(place->x + place->w), y,
                 ui_role_colour(UI_ROLE_LINE), 1);
    for (size_t i = 0; i < ticks->n; i++) {
        const char *label = ticks->label[i].text;
        float width = ui_text_width(label, small_text);
        float middle = (float)round(curve_x(&plot->frame, ticks->at[i]));
        float x = fmaxf(middle - width / 2, plot->canvas.place.x);
        ui_draw_line(middle, y, middle, y + screen_px(4),
                     ui_role_colour(UI_ROLE_LINE), 1);
        if (x + width + screen_px(8) < unit_x) {
            ui_draw_text(x, y + screen_px(5), small_text, dim, label);
        }
    }
    ui_draw_text(unit_x, y + screen_px(5), small_text, dim, unit);
}

/* ---- curves ---- */

/* Beyond the colours that there are, lines are broken. */
static void draw_dashed(const struct curve *curve, ui_colour colour,
                        float thickness)
{
    float dash = screen_px(6);
    float along = 0; /* of the present dash and the gap behind it */
    for (size_t i = 0; i + 1 < curve->n; i++) {
        const float *p = curve->xy + 2 * i;
        float length = hypotf(p[2] - p[0], p[3] - p[1]);
        for (float at = 0; at < length;) {
            bool is_drawn = along < dash;
            float step =
                fminf((is_drawn ? dash : 2 * dash) - along, length - at);
            float from = at / length;
            float to = (at + step) / length;
            if (is_drawn) {
                ui_draw_line(p[0] + from * (p[2] - p[0]),
                             p[1] + from * (p[3] - p[1]),
                             p[0] + to * (p[2] - p[0]),
                             p[1] + to * (p[3] - p[1]), colour, thickness);
            }
            at += fmaxf(step, 0.01F);
            along += step;
            along = along >= 2 * dash ? 0 : along;
        }
    }
}

static void draw_curve(const struct plot *plot, size_t run, float thickness)
{
    bool is_present = run == history_count(plot->history) - 1;
    struct history_run drawn = history_run(plot->history, run);
    ui_colour colour = ui_series_colour(drawn.colour);
    struct curve curve;
    curve_make(&curve, &plot->frame, drawn.trace, plot->axis);
    if (curve.n == 1) {
        float side = screen_px(4);
        ui_draw_fill((ui_rect){curve.xy[0] - side / 2, curve.xy[1] - side / 2,
                               side, side},
                     colour);
    } else if (drawn.colour >= N_COLOURS && !is_present) {
        draw_dashed(&curve, colour, thickness);
    } else {
        ui_draw_polyline(curve.xy, curve.n, colour, thickness);
    }
}

/* The last value of this run, at the end of its line. */
static void draw_last_value(const struct plot *plot)
{
    const viewport_area *place = &plot->frame.place;
    struct history_run run =
        history_run(plot->history, history_count(plot->history) - 1);
    double x, y;
    if (run.trace->n == 0) {
        return;
    }
    struct trace_point last = trace_at(run.trace, run.trace->n - 1);
    curve_point(&plot->frame, plot->axis, last, &x, &y);
    double lowest = place->y + place->h - (double)fit_text_height();
    y = fmin(fmax(y - (double)fit_text_height() / 2, place->y), lowest);
    ui_draw_text((float)x + screen_px(6), (float)y, 1,
                 ui_role_colour(UI_ROLE_TEXT), tick_error(last.error).text);
}

/* Which line is which, where there is more than one; the newest first. */
static void draw_legend(const struct plot *plot)
{
    const viewport_area *place = &plot->frame.place;
    size_t n_runs = history_count(plot->history);
    float line = small_height() + screen_px(2);
    float swatch = screen_px(18);
    float room = (float)place->w * 0.6F - swatch;
    size_t n = (size_t)((float)place->h * 0.5F / line);
    n = n < n_runs ? n : n_runs;
    n = n < LEGEND_MAX ? n : LEGEND_MAX;
    if (n_runs < 2 || room < screen_px(60)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct history_run run = history_run(plot->history, n_runs - 1 - i);
        struct fit_text label = fit_text(run.label, room, small_text);
        float width = ui_text_width(label.text, small_text);
        float x = (float)(place->x + place->w) - width;
        float y = (float)place->y + (float)i * line;
        ui_draw_fill((ui_rect){x - swatch - screen_px(4), y,
                               width + swatch + screen_px(4), line},
                     ui_role_colour(UI_ROLE_PANEL));
        ui_draw_line(x - swatch, y + line / 2, x - screen_px(5), y + line / 2,
                     ui_series_colour(run.colour),
                     screen_px(i == 0 ? 2.5F : 1));
        ui_draw_text(x, y, small_text,
                     ui_role_colour(i == 0 ? UI_ROLE_TEXT : UI_ROLE_DIM),
                     label.text);
    }
}

/* ---- the mouse ---- */

static struct reading read_off(const struct plot *plot)
{
    struct reading best = {.is_there = false};
    double at = curve_axis_at(&plot->frame, (double)plot->canvas.mouse_x);
    double nearest = INFINITY;
    for (size_t i = 0;
         plot->canvas.is_hovered && i < history_count(plot->history); i++) {
        struct trace_point point;
        double x, y;
        if (!history_nearest(plot->history, i, plot->axis, at, &point)) {
            continue;
        }
        curve_point(&plot->frame, plot->axis, point, &x, &y);
        double distance = hypot(x - (double)plot->canvas.mouse_x,
                                y - (double)plot->canvas.mouse_y);
        if (distance <= nearest) {
            nearest = distance;
            best = (struct reading){true, i, point, (float)x, (float)y};
        }
    }
    return best;
}

static void draw_reading(const struct plot *plot, const struct reading *reading)
{
    const viewport_area *place = &plot->frame.place;
    float side = roundf(screen_px(7));
    struct history_run run = history_run(plot->history, reading->run);
    ui_rect mark = {roundf(reading->x - side / 2),
                    roundf(reading->y - side / 2), side, side};
    ui_draw_line(roundf(reading->x), (float)place->y, roundf(reading->x),
                 (float)(place->y + place->h), ui_role_colour(UI_ROLE_DIM), 1);
    ui_draw_fill(mark, ui_role_colour(UI_ROLE_PANEL));
    ui_draw_frame(mark, ui_role_colour(UI_ROLE_SELECTED), screen_px(2));
    ui_tooltip_now("%s\niteration %s, after %.4g s\nrelative error %s",
                   run.label, tick_count(reading->point.iter).text,
                   reading->point.seconds,
                   tick_error(reading->point.error).text);
}

/* ---- the panel ---- */

/* The place of the curves: what numbers and the last value leave of it. */
static viewport_area inner_place(ui_rect outer, float labels_width)
{
    float left = labels_width + screen_px(8);
    float right = ui_text_width("0.00e-0", 1) + screen_px(8);
    float below = small_height() + screen_px(7);
    return (viewport_area){
        .x = (double)(outer.x + left),
        .y = (double)(outer.y + screen_px(4)),
        .w = (double)fmaxf(outer.w - left - right, 8),
        .h = (double)fmaxf(outer.h - below - screen_px(4), 8),
    };
}

static void draw_plot(struct plot *plot)
{
    ui_rect place = plot->canvas.place;
    size_t n_runs = history_count(plot->history);
    if (!curve_frame_fit(&plot->frame, plot->history, plot->axis,
                         inner_place(place, 0))) {
        return;
    }
    size_t n_y = place.h < screen_px(110) ? 3 : 4;
    size_t n_x = place.w < screen_px(320) ? 3 : 5;
    struct ticks y =
        ticks_logarithmic(plot->frame.error_min, plot->frame.error_max, n_y);
    struct ticks x = ticks_linear(plot->frame.x_min, plot->frame.x_max, n_x);
    plot->frame.place = inner_place(place, widest_label(&y));
    draw_y_axis(plot, &y);
    draw_x_axis(plot, &x);
    struct reading reading = read_off(plot);
    for (size_t i = 0; i < n_runs; i++) {
        bool is_present = i == n_runs - 1;
        bool is_read = reading.is_there && reading.run == i;
        draw_curve(plot, i,
                   screen_px(is_present ? 2.5F
                             : is_read  ? 2.0F
                                        : 1.3F));
    }
    if (reading.is_there) {
        draw_reading(plot, &reading);
    }
    draw_legend(plot);
    draw_last_value(plot);
}

/* What is plotted, in words, and the choice of the axis. */
static void draw_caption(struct screen *screen, ui_rect place)
{
    static const char title[] = "Relative error";
    static const char words[] = "how far the sums are from the pictures";
    static const char meaning[] =
        "||X - WH|| / ||X||: the length of all differences between the "
        "pictures and the sums of parts, beside the length of the pictures. 0 "
        "is exact; 1 is as bad as all black. The axis is logarithmic: equal "
        "steps down are equal factors.";
    bool is_seconds = screen->app->look.axis == HISTORY_SECONDS;
    const char *button = is_seconds ? "by seconds" : "by iterations";
    ui_rect rest = ui_rest();
    float left = rest.x - place.x;
    float width = ui_text_width(button, 1) + screen_px(16);
    float room = rest.w - width - ui_text_width(title, 1) - screen_px(24);
    /* The button first, so that the texts stand on its line. */
    ui_same_line_at(left + rest.w - width);
    screen_button(screen, button, "axis next",
                  "Draw the error against iterations, or against the time that "
                  "they took: one solver needs fewer iterations, another has "
                  "faster ones.",
                  true);
    ui_same_line_at(left);
    ui_text("%s", title);
    ui_tooltip("%s", meaning);
    if (ui_text_width(words, 1) <= room) {
        ui_same_line();
        ui_text_dim("%s", words);
        ui_tooltip("%s", meaning);
    }
}

void panel_plot(struct screen *screen, ui_rect place)
{
    struct history_bounds bounds;
    struct plot plot = {
        .history = screen->app->history,
        .axis = (enum history_axis)screen->app->look.axis,
    };
    if (ui_panel_begin("plot", NULL, place)) {
        draw_caption(screen, place);
        if (history_bounds(plot.history, plot.axis, &bounds)) {
            ui_rect rest = ui_rest();
            plot.canvas = ui_canvas_make("curves", rest.w, rest.h);
            draw_plot(&plot);
        } else {
            screen_nothing("Here the error is drawn while parts are learned.");
        }
    }
    ui_panel_end();
}
