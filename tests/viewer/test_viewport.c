/* Zoom and pan: places that are worked out by hand, and what must never be. */
#include "support.h"

#include "viewport.h"

#include <math.h>

static const viewport_area area = {100.0, 50.0, 800.0, 600.0};

static void a_fitted_picture_is_whole_and_centred(void **state)
{
    static const struct {
        size_t width, height;
        double zoom;
    } cases[] = {
        {92, 112, 5.0},          {19, 19, 31.0},   {800, 600, 1.0},
        {1600, 600, 0.5},        {64, 2400, 0.25}, {700, 500, 1.0},
        {100000, 1, 1.0 / 64.0}, {1, 1, 256.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t width = cases[i].width;
        size_t height = cases[i].height;
        viewport view = viewport_fit(width, height, area);
        SUPPORT_NEAR(view.zoom, cases[i].zoom, 1e-12);
        viewport_area place = viewport_place(view, width, height, area);
        SUPPORT_NEAR(place.x + place.w / 2.0, 500.0, 0.5);
        SUPPORT_NEAR(place.y + place.h / 2.0, 350.0, 0.5);
        assert_true(place.x == floor(place.x) && place.y == floor(place.y));
    }
}

static void nothing_to_fit_gives_a_zoom_of_one(void **state)
{
    const viewport_area empty = {0.0, 0.0, 0.0, 10.0};
    (void)state;
    assert_true(viewport_fit(0, 5, area).zoom == 1.0);
    assert_true(viewport_fit(5, 5, empty).zoom == 1.0);
}

static void zooms_above_one_are_whole_and_lead_back(void **state)
{
    static const double ladder[] = {1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25};
    (void)state;
    for (size_t i = 0; i + 1 < sizeof ladder / sizeof *ladder; i++) {
        assert_true(viewport_zoom_step(ladder[i], 1) == ladder[i + 1]);
        assert_true(viewport_zoom_step(ladder[i + 1], -1) == ladder[i]);
    }
    double zoom = VIEWPORT_ZOOM_MIN;
    size_t n = 0;
    for (; zoom < VIEWPORT_ZOOM_MAX; n++) {
        double next = viewport_zoom_step(zoom, 1);
        SUPPORT_ASSERT(next > zoom && next <= 2.0 * zoom + 1e-9,
                       "%.17g after %.17g", next, zoom);
        SUPPORT_ASSERT(next < 1.0 - 1e-9 || next == floor(next), "%.17g", next);
        SUPPORT_NEAR(viewport_zoom_step(next, -1), zoom, 1e-9 * zoom);
        zoom = next;
    }
    assert_in_range(n, 25, 45);
    assert_true(viewport_zoom_step(VIEWPORT_ZOOM_MIN, (int)n) ==
                VIEWPORT_ZOOM_MAX);
    assert_true(viewport_zoom_step(VIEWPORT_ZOOM_MAX, 1) == VIEWPORT_ZOOM_MAX);
    assert_true(viewport_zoom_step(VIEWPORT_ZOOM_MIN, -1) == VIEWPORT_ZOOM_MIN);
    assert_true(viewport_zoom_step(7.0, 0) == 7.0);
}

static void steps_from_a_fitted_zoom_reach_the_ladder(void **state)
{
    (void)state;
    assert_true(viewport_zoom_step(0.9, 1) == 1.0);
    SUPPORT_NEAR(viewport_zoom_step(0.9, -1), sqrt(0.5), 1e-12);
    SUPPORT_NEAR(viewport_zoom_step(0.6, 1), sqrt(0.5), 1e-12);
    assert_true(viewport_zoom_step(7.0, 1) == 8.0);
    assert_true(viewport_zoom_step(7.0, -1) == 6.0);
}

static void the_pixel_under_the_mouse_stays(void **state)
{
    (void)state;
    viewport start = viewport_fit(92, 112, area);
    for (size_t y = 0; y < 112; y += 37) {
        for (size_t x = 0; x < 92; x += 13) {
            double window_x = 0.0;
            double window_y = 0.0;
            viewport_to_window(start, area, (double)x + 0.5, (double)y + 0.5,
                               &window_x, &window_y);
            viewport view = start;
            for (int i = 0; i < 40; i++) {
                size_t at_x = 0;
                size_t at_y = 0;
                view = viewport_zoom_at(view, area, window_x, window_y,
                                        i < 20 ? 1 : -1);
                assert_true(viewport_pixel(view, 92, 112, area, window_x,
                                           window_y, &at_x, &at_y));
                SUPPORT_ASSERT(at_x == x && at_y == y,
                               "%zu, %zu instead of %zu, %zu at zoom %g", at_x,
                               at_y, x, y, view.zoom);
            }
        }
    }
}

static void there_and_back_again_does_not_drift(void **state)
{
    viewport start = {30.25, 70.5, 5.0};
    viewport view = start;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        view = viewport_zoom_at(view, area, 333.0, 444.0, i % 2 ? -3 : 3);
    }
    SUPPORT_NEAR(view.x, start.x, 1e-9);
    SUPPORT_NEAR(view.y, start.y, 1e-9);
    assert_true(view.zoom == start.zoom);
}

static void a_given_zoom_is_taken_within_the_bounds(void **state)
{
    viewport view = {10.0, 10.0, 1.0};
    (void)state;
    assert_true(viewport_zoom_to(view, area, 0, 0, 1e9).zoom ==
                VIEWPORT_ZOOM_MAX);
    assert_true(viewport_zoom_to(view, area, 0, 0, 0.0).zoom ==
                VIEWPORT_ZOOM_MIN);
    view = viewport_zoom_to(view, area, 500.0, 350.0, 3.0);
    assert_true(view.zoom == 3.0 && view.x == 10.0 && view.y == 10.0);
}

static void the_picture_follows_the_mouse(void **state)
{
    viewport view = {40.0, 60.0, 4.0};
    viewport_area before = viewport_place(view, 92, 112, area);
    viewport_area after =
        viewport_place(viewport_pan(view, 12.0, -8.0), 92, 112, area);
    (void)state;
    assert_true(after.x == before.x + 12.0 && after.y == before.y - 8.0);
}

static void the_picture_is_never_lost(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        size_t width = 1 + (size_t)(support_uniform(&seed) * 3000.0F);
        size_t height = 1 + (size_t)(support_uniform(&seed) * 300.0F);
        viewport view = {(double)support_uniform(&seed) * 1e5 - 5e4,
                         (double)support_uniform(&seed) * 1e5 - 5e4,
                         pow(2.0, (double)support_uniform(&seed) * 14.0 - 6.0)};
        view = viewport_clamp(view, width, height, area);
        viewport_area place = viewport_place(view, width, height, area);
        double left = place.x - area.x;
        double right = left + place.w;
        double top = place.y - area.y;
        double bottom = top + place.h;
        /* Half a pixel of rounding. */
        if (place.w <= area.w) {
            assert_true(left >= -0.51 && right <= area.w + 0.51);
        } else {
            assert_true(left <= area.w / 2.0 + 0.51 &&
                        right >= area.w / 2.0 - 0.51);
        }
        if (place.h <= area.h) {
            assert_true(top >= -0.51 && bottom <= area.h + 0.51);
        } else {
            assert_true(top <= area.h / 2.0 + 0.51 &&
                        bottom >= area.h / 2.0 - 0.51);
        }
        viewport again = viewport_clamp(view, width, height, area);
        assert_true(again.x == view.x && again.y == view.y);
    }
}

static void window_and_picture_are_inverse(void **state)
{
    viewport view = {12.3, 4.56, 0.37};
    double window_x = 0.0;
    double window_y = 0.0;
    double x = 0.0;
    double y = 0.0;
    (void)state;
    viewport_to_window(view, area, 7.75, -3.5, &window_x, &window_y);
    viewport_to_picture(view, area, window_x, window_y, &x, &y);
    SUPPORT_NEAR(x, 7.75, 1e-9);
    SUPPORT_NEAR(y, -3.5, 1e-9);
    viewport_to_window(view, area, 0.0, 0.0, &window_x, &window_y);
    viewport_area place = viewport_place(view, 9, 9, area);
    assert_true(window_x == place.x && window_y == place.y);
}

/* At zoom 3 with its corner at (490, 341): three window pixels a pixel. */
static void pixels_are_where_they_are_drawn(void **state)
{
    viewport view = {10.0 / 3.0, 3.0, 3.0};
    size_t x = 77;
    size_t y = 77;
    (void)state;
    viewport_area place = viewport_place(view, 4, 2, area);
    assert_true(place.x == 490.0 && place.y == 341.0 && place.w == 12.0 &&
                place.h == 6.0);
    assert_true(viewport_pixel(view, 4, 2, area, 490.0, 341.0, &x, &y));
    assert_true(x == 0 && y == 0);
    assert_true(viewport_pixel(view, 4, 2, area, 501.9, 346.9, &x, &y));
    assert_true(x == 3 && y == 1);
    assert_true(viewport_pixel(view, 4, 2, area, 493.0, 343.0, &x, &y));
    assert_true(x == 1 && y == 0);
    x = 77;
    assert_false(viewport_pixel(view, 4, 2, area, 489.9, 342.0, &x, &y));
    assert_false(viewport_pixel(view, 4, 2, area, 502.0, 342.0, &x, &y));
    assert_false(viewport_pixel(view, 4, 2, area, 492.0, 347.0, &x, &y));
    assert_false(viewport_pixel(view, 4, 2, area, NAN, 342.0, &x, &y));
    assert_int_equal(x, 77);
    /* Within the picture, but outside the area. */
    viewport large = {0.0, 0.0, 200.0};
    assert_false(viewport_pixel(large, 50, 50, area, 950.0, 400.0, &x, &y));
    assert_true(viewport_pixel(large, 50, 50, area, 899.0, 400.0, &x, &y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fitted_picture_is_whole_and_centred),
        cmocka_unit_test(nothing_to_fit_gives_a_zoom_of_one),
        cmocka_unit_test(zooms_above_one_are_whole_and_lead_back),
        cmocka_unit_test(steps_from_a_fitted_zoom_reach_the_ladder),
        cmocka_unit_test(the_pixel_under_the_mouse_stays),
        cmocka_unit_test(there_and_back_again_does_not_drift),
        cmocka_unit_test(a_given_zoom_is_taken_within_the_bounds),
        cmocka_unit_test(the_picture_follows_the_mouse),
        cmocka_unit_test(the_picture_is_never_lost),
        cmocka_unit_test(window_and_picture_are_inverse),
        cmocka_unit_test(pixels_are_where_they_are_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
