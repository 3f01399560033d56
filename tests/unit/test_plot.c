/* Plots: axes, ticks, smooth lines, and what lands where on the page. */
#include "support.h"

#include "core/alloc.h"
#include "image/plot_axis.h"
#include "image/plot_page.h"
#include "image/stroke.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ---- */

static void assert_labels(const char *expected, bool is_log, double from,
                          double to, size_t wanted)
{
    nmf_axis axis = {.is_log = is_log, .from = from, .to = to};
    char labels[256] = "";
    nmf_axis_set_ticks(&axis, wanted);
    for (size_t i = 0; i < axis.n_ticks; i++) {
        strncat(labels, i > 0 ? " " : "", sizeof labels - strlen(labels) - 1);
        strncat(labels, axis.ticks[i].label,
                sizeof labels - strlen(labels) - 1);
    }
    assert_string_equal(labels, expected);
}

static void ticks_are_round_numbers(void **state)
{
    (void)state;
    assert_labels("0 20 40 60 80 100", false, 0, 100, 6);
    assert_labels("0.10 0.15 0.20", false, 0.097, 0.22, 4);
    assert_labels("-1 0 1", false, -1.5, 1.2, 4);
    assert_labels("2000 2005 2010", false, 2000, 2012, 4);
    assert_labels("1e+06 2e+06 3e+06", false, 9e5, 3.1e6, 4);
    assert_labels("0.01 0.1 1 10 100", true, 0.01, 120, 8);
    assert_labels("1 2 5 10 20 50", true, 0.9, 60, 8);
    assert_labels("0.2 0.3 0.4 0.5 0.6", true, 0.15, 0.65, 7);
    assert_labels("0.12 0.13 0.14", true, 0.115, 0.145, 4);
    assert_labels("1e-9 1e-6 0.001 1", true, 1e-10, 10, 5);
    assert_labels("0.0001 1 10000 1e8", true, 1e-5, 1e9, 4);
}

/* A label read as a number belongs where the tick is, whatever the axis. */
static void labels_say_where_their_tick_is(void **state)
{
    uint64_t random = 5;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        nmf_axis axis;
        bool is_log = support_uniform(&random) < 0.5F;
        double a = pow(10.0, 14.0 * (double)support_uniform(&random) - 7.0);
        double b = a * pow(10.0, 5.0 * (double)support_uniform(&random));
        size_t wanted = 2 + (size_t)(9.0F * support_uniform(&random));
        nmf_axis_around(&axis, is_log, a, b);
        SUPPORT_ASSERT(axis.from <= a && axis.to >= b && axis.from < axis.to,
                       "%g .. %g became %g .. %g", a, b, axis.from, axis.to);
        nmf_axis_set_ticks(&axis, wanted);
        SUPPORT_ASSERT(axis.n_ticks >= 2 && axis.n_ticks <= 2 * wanted + 2,
                       "%g .. %g, %s: %zu ticks, %zu wanted", axis.from,
                       axis.to, is_log ? "log" : "linear", axis.n_ticks,
                       wanted);
        for (size_t t = 0; t < axis.n_ticks; t++) {
            double value = strtod(axis.ticks[t].label, NULL);
            SUPPORT_ASSERT(fabs(nmf_axis_at(&axis, value) - axis.ticks[t].at) <
                               0.01,
                           "%g .. %g: '%s' at %g", axis.from, axis.to,
                           axis.ticks[t].label, axis.ticks[t].at);
            SUPPORT_ASSERT(t == 0 || axis.ticks[t].at > axis.ticks[t - 1].at,
                           "tick %zu is not above the one before", t);
        }
    }
}

static void axes_hold_single_and_extreme_values(void **state)
{
    const double values[] = {0.0, 7.0, -3.0, 1e-300, 1e300, -1e300, 1e-12};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
            for (int is_log = 0; is_log < 2; is_log++) {
                double least = fmin(values[i], values[j]);
                double most = fmax(values[i], values[j]);
                nmf_axis axis;
                if (!nmf_axis_has_place(is_log, least)) {
                    continue;
                }
                nmf_axis_around(&axis, is_log, least, most);
                nmf_axis_set_ticks(&axis, 6);
                SUPPORT_ASSERT(isfinite(axis.from) && isfinite(axis.to) &&
                                   axis.from < axis.to,
                               "%g .. %g: %g .. %g", least, most, axis.from,
                               axis.to);
                double at = nmf_axis_at(&axis, least);
                SUPPORT_ASSERT(at >= -1e-9 && at <= 1.0 + 1e-9,
                               "%g of %g .. %g is at %g", least, least, most,
                               at);
            }
        }
    }
    assert_false(nmf_axis_has_place(false, NAN));
    assert_false(nmf_axis_has_place(false, INFINITY));
    assert_false(nmf_axis_has_place(true, 0.0));
    assert_false(nmf_axis_has_place(true, -1.0));
}

/* ---- strokes ---- */

enum { SIDE = 64 };

static double sum_of(const nmf_mask *mask)
{
    double sum = 0.0;
    for (size_t i = 0; i < mask->width * mask->height; i++) {
        sum += (double)mask->coverage[i];
    }
    return sum;
}

/* A stroke covers its length times its breadth, and two half discs. */
static void strokes_cover_their_area(void **state)
{
    const double ends[][4] = {
        {10, 20, 50, 20}, {10, 20, 50, 40.5}, {30, 5, 31, 60}, {12, 50, 50, 8}};
    const double radius = 2.0, pi = 3.14159265358979;
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        float coverage[SIDE * SIDE] = {0};
        nmf_mask mask = {SIDE, SIDE, coverage};
        nmf_stroke_segment(&mask, &ends[i][0], &ends[i][2], radius, NULL);
        double length = hypot(ends[i][2] - ends[i][0], ends[i][3] - ends[i][1]);
        double area = 2.0 * radius * length + pi * radius * radius;
        SUPPORT_NEAR(sum_of(&mask) / area, 1.0, 0.03);
    }
}

static void dashes_leave_their_share_out(void **state)
{
    float coverage[SIDE * SIDE] = {0};
    nmf_mask mask = {SIDE, SIDE, coverage};
    nmf_dashes dashes = {6.0, 6.0, 0.0};
    const double a[2] = {2, 32}, b[2] = {30, 32}, c[2] = {62, 32};
    (void)state;
    nmf_stroke_segment(&mask, a, b, 1.0, &dashes);
    nmf_stroke_segment(&mask, b, c, 1.0, &dashes);
    size_t runs = 0;
    for (size_t x = 1; x < SIDE; x++) {
        runs += coverage[32 * SIDE + x] > 0.5F &&
                coverage[32 * SIDE + x - 1] <= 0.5F;
    }
    assert_int_equal(runs, 5); /* 60 pixels, a dash every 12 */
}

static void strokes_from_far_away_are_clipped(void **state)
{
    float coverage[SIDE * SIDE] = {0}, near[SIDE * SIDE] = {0};
    nmf_mask mask = {SIDE, SIDE, coverage}, nearby = {SIDE, SIDE, near};
    (void)state;
    nmf_stroke_segment(&mask, (double[]){-1e6, -1e6}, (double[]){1e6, 1e6}, 1.0,
                       NULL);
    nmf_stroke_segment(&nearby, (double[]){-9, -9}, (double[]){73, 73}, 1.0,
                       NULL);
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        SUPPORT_NEAR((double)coverage[i], (double)near[i], 1e-4);
    }
    memset(coverage, 0, sizeof coverage);
    nmf_stroke_segment(&mask, (double[]){-1e6, -50}, (double[]){1e6, -50}, 1.0,
                       NULL);
    nmf_stroke_segment(&mask, (double[]){200, 0}, (double[]){200, 64}, 1.0,
                       NULL);
    assert_true(sum_of(&mask) == 0.0);
}

/* ---- plots ---- */

static const double three[] = {1.0, 2.0, 3.0}, ones[] = {1.0, 1.0, 1.0};
static const float blue[3] = {0.0F, 0.447F, 0.698F};

static nmf_plot plot_of(const nmf_plot_line *lines, size_t n)
{
    nmf_plot plot = NMF_PLOT_INIT;
    plot.lines = lines;
    plot.n_lines = n;
    return plot;
}

static nmf_image drawn(const nmf_plot *plot)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_plot_draw(&image, plot, &err), err);
    assert_int_equal(image.width, plot->width);
    assert_int_equal(image.height, plot->height);
    assert_int_equal(image.channels, 3);
    return image;
}

static bool has_colour(const nmf_image *image, size_t x, size_t y,
                       const float rgb[3])
{
    const float *pixel = image->pixels + (y * image->width + x) * 3;
    return fabsf(pixel[0] - rgb[0]) < 0.01F &&
           fabsf(pixel[1] - rgb[1]) < 0.01F && fabsf(pixel[2] - rgb[2]) < 0.01F;
}

/* The pixel of the page that (x, y) in numbers is drawn at. */
static void pixel_at(const nmf_plot *plot, double x, double y, size_t at[2])
{
    plot_page page;
    nmf_error err = {0};
    SUPPORT_OK(plot_lay_out(&page, plot, &err), err);
    at[0] = page.left +
            (size_t)lround(plot_pixel(nmf_axis_at(&page.x, x), page.width));
    at[1] = page.top + page.height - 1 -
            (size_t)lround(plot_pixel(nmf_axis_at(&page.y, y), page.height));
}

static void lines_go_through_their_points(void **state)
{
    const double x[] = {0.01, 0.1, 1.0, 10.0}, y[] = {0.5, 0.2, 0.15, 0.12};
    const nmf_plot_line line = {.x = x, .y = y, .n_points = 4};
    nmf_plot plot = plot_of(&line, 1);
    (void)state;
    for (unsigned logs = 0; logs < 4; logs++) {
        plot.x.is_log = logs & 1U;
        plot.y.is_log = logs & 2U;
        nmf_image image = drawn(&plot);
        for (size_t i = 0; i < 4; i++) {
            size_t at[2];
            pixel_at(&plot, x[i], y[i], at);
            SUPPORT_ASSERT(has_colour(&image, at[0], at[1], blue),
                           "logs %u: no line at point %zu", logs, i);
        }
        nmf_image_release(&image);
    }
}

static size_t count_of(const nmf_image *image, const float rgb[3])
{
    size_t n = 0;
    for (size_t y = 0; y < image->height; y++) {
        for (size_t x = 0; x < image->width; x++) {
            n += has_colour(image, x, y, rgb);
        }
    }
    return n;
}

static void a_number_without_a_place_breaks_the_line(void **state)
{
    const double x[] = {1, 2, 3, 4, 5}, whole[] = {1, 1, 1, 1, 1};
    const double broken[] = {1, 1, NAN, 1, 1};
    nmf_plot_line line = {.x = x, .y = whole, .n_points = 5};
    nmf_plot plot = plot_of(&line, 1);
    size_t middle[2], side[2];
    (void)state;
    nmf_image with = drawn(&plot);
    line.y = broken;
    nmf_image without = drawn(&plot);
    pixel_at(&plot, 3, 1, middle);
    pixel_at(&plot, 1.5, 1, side);
    assert_true(has_colour(&with, middle[0], middle[1], blue));
    assert_false(has_colour(&without, middle[0], middle[1], blue));
    assert_true(has_colour(&without, side[0], side[1], blue));
    nmf_image_release(&with);
    nmf_image_release(&without);
}

/* Nothing but the frame is drawn beside the area, whatever the points are. */
static void what_is_beyond_the_ranges_is_not_drawn(void **state)
{
    const double x[] = {-1e300, 2, 5, 2.5, 1e300},
                 y[] = {1, 9e9, -4, 2, -1e300};
    const nmf_plot_line line = {
        .x = x, .y = y, .n_points = 5, .has_dots = true};
    nmf_plot plot = plot_of(&line, 1);
    plot_page page;
    nmf_error err = {0};
    (void)state;
    plot.x.from = 1;
    plot.x.to = 3;
    plot.y.from = 0;
    plot.y.to = 4;
    nmf_image image = drawn(&plot);
    SUPPORT_OK(plot_lay_out(&page, &plot, &err), err);
    assert_true(count_of(&image, blue) > 50);
    for (size_t i = 0; i < image.width; i++) {
        for (size_t j = 0; j < image.height; j++) {
            bool is_inside = i >= page.left && i < page.left + page.width &&
                             j >= page.top && j < page.top + page.height;
            SUPPORT_ASSERT(is_inside || !has_colour(&image, i, j, blue),
                           "a line beside the area at %zu, %zu", i, j);
        }
    }
    nmf_image_release(&image);
}

/* With the line in a corner, the legend is in another. */
static void the_legend_hides_no_line(void **state)
{
    const double low[] = {0, 1}, high[] = {9, 10};
    const double *corners[4][2] = {
        {high, high}, {low, high}, {high, low}, {low, low}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        nmf_plot_line line = {
            .x = corners[i][0], .y = corners[i][1], .n_points = 2};
        nmf_plot plot = plot_of(&line, 1);
        plot.x.from = plot.y.from = -0.5;
        plot.x.to = plot.y.to = 10.5;
        nmf_image without = drawn(&plot);
        line.name = "a line";
        nmf_image with = drawn(&plot);
        assert_true(count_of(&with, blue) > count_of(&without, blue) + 32);
        for (size_t t = 0; t <= 10; t++) {
            size_t at[2];
            double part = (double)t / 10.0;
            pixel_at(&plot, corners[i][0][0] + part, corners[i][1][0] + part,
                     at);
            assert_true(has_colour(&with, at[0], at[1], blue));
        }
        nmf_image_release(&with);
        nmf_image_release(&without);
    }
}

static void colours_come_in_order_and_then_dashed(void **state)
{
    double y[16][2];
    const double x[] = {0, 1};
    nmf_plot_line lines[16] = {{0}};
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        y[i][0] = y[i][1] = (double)i;
        lines[i] = (nmf_plot_line){.x = x, .y = y[i], .n_points = 2};
    }
    lines[3].colour = NMF_PLOT_GREY; /* takes no colour of the others */
    nmf_plot plot = plot_of(lines, 16);
    nmf_image image = drawn(&plot);
    size_t at[2];
    pixel_at(&plot, 0.0, 0, at);
    assert_true(has_colour(&image, at[0], at[1], blue));
    pixel_at(&plot, 0.0, 8, at); /* the eighth that asks: blue again */
    assert_true(has_colour(&image, at[0], at[1], blue));
    bool is_whole = true, is_dashed = false;
    for (size_t i = 0; i < 60; i++) {
        pixel_at(&plot, 0.3 + (double)i / 800.0, 0, at);
        is_whole &= has_colour(&image, at[0], at[1], blue);
        pixel_at(&plot, 0.3 + (double)i / 800.0, 8, at);
        is_dashed |= !has_colour(&image, at[0], at[1], blue);
    }
    assert_true(is_whole && is_dashed);
    nmf_image_release(&image);
}

static void a_million_points_are_a_line(void **state)
{
    enum { N = 1000000 };
    double *x = nmf_malloc(N, sizeof *x), *y = nmf_malloc(N, sizeof *y);
    nmf_plot_line line = {.x = x, .y = y, .n_points = N};
    nmf_plot plot = plot_of(&line, 1);
    size_t at[2];
    (void)state;
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = sin((double)i / 1e5);
    }
    nmf_image image = drawn(&plot);
    pixel_at(&plot, 500000, sin(5.0), at);
    assert_true(has_colour(&image, at[0], at[1], blue));
    nmf_image_release(&image);
    nmf_free(x);
    nmf_free(y);
}

static void expect_refusal(const nmf_plot *plot, nmf_status status,
                           const char *words)
{
    nmf_image image = {1, 1, 1, NULL};
    nmf_error err = {0};
    assert_int_equal(nmf_plot_draw(&image, plot, &err), status);
    SUPPORT_ASSERT(strstr(err.message, words), "'%s' lacks '%s'", err.message,
                   words);
    assert_null(image.pixels);
    assert_int_equal(image.width, 0);
}

static void what_cannot_be_drawn_is_said(void **state)
{
    const double nothing[] = {NAN, -1.0, 0.0};
    nmf_plot_line line = {.x = three, .y = ones, .n_points = 3};
    const nmf_plot good = plot_of(&line, 1);
    nmf_plot plot = good;
    (void)state;
    plot.width = 10;
    expect_refusal(&plot, NMF_ERR_ARGUMENT, "10 x 600 pixels");
    plot = good;
    plot.n_lines = 0;
    expect_refusal(&plot, NMF_ERR_ARGUMENT, "0 lines");
    plot = good;
    plot.x.from = 3.0;
    plot.x.to = 2.0;
    expect_refusal(&plot, NMF_ERR_ARGUMENT, "x goes from 3 to 2");
    plot = good;
    plot.y.is_log = true;
    plot.y.to = 2.0;
    expect_refusal(&plot, NMF_ERR_ARGUMENT, "positive");
    plot = good;
    line.colour = (nmf_plot_colour)99;
    expect_refusal(&plot, NMF_ERR_ARGUMENT, "unknown colour 99 of line 0");
    line.colour = NMF_PLOT_NEXT;
    line.y = nothing;
    plot.y.is_log = true;
    expect_refusal(&plot, NMF_ERR_DATA, "none of the points");
    line.y = ones;
    line.name = "a name much too long for a plot that is as narrow as this one";
    plot = good;
    plot.width = plot.height = 240;
    expect_refusal(&plot, NMF_ERR_LIMIT, "legend");
    line.name = NULL;
    plot.title = "a title of many words, each of which takes a part of the "
                 "little room that a plot of this size has to offer, until no "
                 "room is left for the lines themselves";
    expect_refusal(&plot, NMF_ERR_LIMIT, "leave no room");
}

static void running_out_of_memory_leaks_nothing(void **state)
{
    const nmf_plot_line line = {.x = three, .y = ones, .n_points = 3};
    const nmf_plot plot = plot_of(&line, 1);
    nmf_image image = {0};
    nmf_error err = {0};
    size_t n = 1;
    (void)state;
    for (;; n++) {
        nmf_alloc_fail_at(n);
        nmf_status status = nmf_plot_draw(&image, &plot, &err);
        nmf_alloc_fail_at(0);
        if (status == NMF_OK) {
            break;
        }
        assert_int_equal(status, NMF_ERR_MEMORY);
        assert_null(image.pixels);
    }
    assert_true(n > 3);
    nmf_image_release(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_numbers),
        cmocka_unit_test(labels_say_where_their_tick_is),
        cmocka_unit_test(axes_hold_single_and_extreme_values),
        cmocka_unit_test(strokes_cover_their_area),
        cmocka_unit_test(dashes_leave_their_share_out),
        cmocka_unit_test(strokes_from_far_away_are_clipped),
        cmocka_unit_test(lines_go_through_their_points),
        cmocka_unit_test(a_number_without_a_place_breaks_the_line),
        cmocka_unit_test(what_is_beyond_the_ranges_is_not_drawn),
        cmocka_unit_test(the_legend_hides_no_line),
        cmocka_unit_test(colours_come_in_order_and_then_dashed),
        cmocka_unit_test(a_million_points_are_a_line),
        cmocka_unit_test(what_cannot_be_drawn_is_said),
        cmocka_unit_test(running_out_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
