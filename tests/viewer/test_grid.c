/* The grid of parts: nothing overlaps, all fit, and places lead back. */
#include "support.h"

#include "grid.h"

#include <math.h>

static grid_request request_of(size_t n, float w, float h)
{
    const grid_request request = {
        .n = n,
        .width = 534.0F,
        .height = 390.0F,
        .bar = 14.0F,
        .part_w = w,
        .part_h = h,
        .gap = 5.0F,
        .caption = 19.0F,
        .caption_w = 56.0F,
        .smallest = 14.0F,
        .zoom = 1.0F,
    };
    return request;
}

static const float shapes[][2] = {{32, 32}, {19, 19}, {92, 112}, {8, 8},
                                  {13, 1},  {1, 40},  {512, 512}};

enum { N_SHAPES = sizeof shapes / sizeof *shapes };

static void all_cells_fit_unless_it_scrolls(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SHAPES; s++) {
        for (size_t n = 1; n < 300; n += n < 30 ? 1 : 30) {
            grid_request request = request_of(n, shapes[s][0], shapes[s][1]);
            grid_layout layout = grid_fit(&request);
            float right = grid_x(&layout, layout.columns - 1) + layout.image_w;
            SUPPORT_ASSERT(right + layout.gap <= request.width + 0.01F,
                           "shape %zu, %zu cells: %g wide", s, n,
                           (double)right);
            SUPPORT_ASSERT(layout.scrolls || layout.height <= request.height,
                           "shape %zu, %zu cells: %g high", s, n,
                           (double)layout.height);
            assert_true(layout.columns * layout.rows >= n);
            assert_true(layout.columns * (layout.rows - 1) < n);
            assert_true(layout.caption == 0.0F || layout.image_w >= 56.0F);
        }
    }
}

/* 25 parts of 32 x 32 cannot be larger in any other number of columns. */
static void cells_are_as_large_as_can_be(void **state)
{
    grid_request request = request_of(25, 32, 32);
    float best = 0.0F;
    (void)state;
    request.caption = 0.0F;
    grid_layout layout = grid_fit(&request);
    for (size_t columns = 1; columns <= 25; columns++) {
        size_t rows = (25 + columns - 1) / columns;
        float w = (534.0F - 5.0F * (float)(columns + 1)) / (float)columns;
        float h = (390.0F - 5.0F * (float)(rows + 1)) / (float)rows;
        best = fmaxf(best, fminf(w, h) / 32.0F);
    }
    assert_true(layout.scale >= 0.8F * best);
    assert_true(layout.scale <= best);
}

static void scales_are_whole_where_that_is_cheap(void **state)
{
    (void)state;
    for (size_t n = 1; n < 200; n++) {
        grid_request request = request_of(n, 8, 8);
        float scale = grid_fit(&request).scale;
        /* From 4 on a whole one costs a fifth at most. */
        SUPPORT_ASSERT(scale < 4.0F || scale == floorf(scale),
                       "%zu cells: scale %g", n, (double)scale);
    }
}

static void zoomed_it_scrolls_and_stays_within_its_width(void **state)
{
    static const float zooms[] = {1.25F, 2.0F, 8.0F};
    (void)state;
    for (size_t z = 0; z < 3; z++) {
        grid_request request = request_of(25, 32, 32);
        float fitted = grid_fit(&request).image_w;
        request.zoom = zooms[z];
        grid_layout layout = grid_fit(&request);
        assert_true(layout.scrolls);
        assert_true(layout.image_w > fitted);
        assert_true(grid_x(&layout, layout.columns - 1) + layout.image_w +
                        layout.gap <=
                    request.width - request.bar + 0.01F);
    }
}

static void smaller_than_an_eye_can_use_it_scrolls(void **state)
{
    grid_request request = request_of(4000, 32, 32);
    (void)state;
    grid_layout layout = grid_fit(&request);
    assert_true(layout.scrolls);
    assert_true(layout.image_w >= 14.0F);
}

static void places_lead_back_to_their_cells(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SHAPES; s++) {
        grid_request request = request_of(37, shapes[s][0], shapes[s][1]);
        grid_layout layout = grid_fit(&request);
        for (size_t i = 0; i < 37; i++) {
            size_t found = 0;
            assert_true(grid_at(&layout, 37,
                                grid_x(&layout, i) + layout.image_w - 0.5F,
                                grid_y(&layout, i) + 0.5F, &found));
            assert_int_equal(found, i);
        }
        size_t found = 0;
        assert_false(grid_at(&layout, 37, 1.0F, 1.0F, &found));
        assert_false(grid_at(&layout, 37, 1.0F, layout.height + 1, &found));
        assert_false(grid_at(&layout, 37, NAN, NAN, &found));
    }
}

static void no_room_is_no_crash(void **state)
{
    grid_request request = request_of(25, 32, 32);
    size_t found = 0;
    (void)state;
    request.width = 0.0F;
    request.height = -3.0F;
    grid_layout layout = grid_fit(&request);
    assert_true(layout.columns == 1 && layout.image_w >= 1.0F);
    assert_true(grid_at(&layout, 25, layout.gap, layout.gap, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cells_fit_unless_it_scrolls),
        cmocka_unit_test(cells_are_as_large_as_can_be),
        cmocka_unit_test(scales_are_whole_where_that_is_cheap),
        cmocka_unit_test(zoomed_it_scrolls_and_stays_within_its_width),
        cmocka_unit_test(smaller_than_an_eye_can_use_it_scrolls),
        cmocka_unit_test(places_lead_back_to_their_cells),
        cmocka_unit_test(no_room_is_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
