/* How pictures are cut into patches, and put together again. */
#include "support.h"

#include "core/alloc.h"
#include "image/dataset_items.h"

#include <string.h>

static void patches_are_counted_with_the_one_at_the_edge(void **state)
{
    static const struct {
        size_t width, height, patch_width, patch_height, stride, count;
    } cases[] = {
        {8, 8, 8, 8, 8, 1},
        {16, 8, 8, 8, 8, 2},
        {17, 8, 8, 8, 8, 3},
        {10, 10, 4, 4, 3, 9},
        {10, 10, 4, 4, 4, 9},
        {10, 4, 4, 4, 5, 3},
        {7, 8, 8, 8, 8, 0},
        {8, 7, 8, 8, 8, 0},
        {1, 1, 1, 1, 1, 1},
        {5, 3, 1, 1, 1, 15},
        {768, 512, 8, 8, 8, 6144},
        {100, 1, 1, 1, SIZE_MAX, 2},
        {SIZE_MAX, SIZE_MAX, 1, 1, 1, 0} /* does not fit a size_t */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nmf_geometry g = {cases[i].patch_width, cases[i].patch_height, 1,
                          cases[i].stride};
        size_t count = nmf_patches_count(cases[i].width, cases[i].height, &g);
        SUPPORT_ASSERT(count == cases[i].count, "case %zu: %zu, expected %zu",
                       i, count, cases[i].count);
    }
}

/* 10 x 7 pixels in patches of 4 x 3, three apart: at 0, 3, 6 and 0, 3, 4. */
static void patches_lie_where_they_are_said_to(void **state)
{
    static const size_t columns[] = {0, 3, 6};
    static const size_t lines[] = {0, 3, 4};
    const nmf_geometry g = {4, 3, 1, 3};
    const nmf_geometry whole = {10, 7, 1, 0};
    size_t x = 9;
    size_t y = 9;
    (void)state;
    assert_int_equal(nmf_patches_count(10, 7, &g), 9);
    for (size_t i = 0; i < 9; i++) {
        nmf_patches_place(&x, &y, i, 10, 7, &g);
        assert_int_equal(x, columns[i % 3]);
        assert_int_equal(y, lines[i / 3]);
    }
    nmf_patches_place(&x, &y, 0, 10, 7, &whole);
    assert_true(x == 0 && y == 0);
}

static void a_whole_picture_is_one_row_of_its_own_size(void **state)
{
    const nmf_geometry g = {4, 3, 1, 0};
    const nmf_geometry unknown = {0};
    (void)state;
    assert_int_equal(nmf_patches_count(4, 3, &g), 1);
    assert_int_equal(nmf_patches_count(3, 4, &g), 0);
    assert_int_equal(nmf_patches_count(8, 6, &g), 0);
    assert_int_equal(nmf_patches_count(0, 0, &unknown), 0);
}

/* 5 x 2 pixels in patches of 2 x 2, two apart: at 0, 2 and, at the edge, 3. */
static void patches_go_from_left_to_right_and_from_the_top(void **state)
{
    float pixels[] = {0, 1, 2, 3, 4, 10, 11, 12, 13, 14};
    const float expected[] = {0, 1, 10, 11, 2, 3, 12, 13, 3, 4, 13, 14};
    const nmf_image image = {5, 2, 1, pixels};
    const nmf_geometry g = {2, 2, 1, 2};
    const nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    float cut[12] = {0};
    nmf_matrix rows = nmf_matrix_view(cut, 3, 4, 4);
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_picture_place(&rows, &image, &g, &options, &err), err);
    assert_memory_equal(cut, expected, sizeof cut);
}

static void overlapping_patches_are_averaged(void **state)
{
    /* Two patches of 2 x 1 on 3 x 1 pixels share the middle one. */
    float data[] = {1, 2, 4, 8};
    const nmf_matrix rows = nmf_matrix_view(data, 2, 2, 2);
    const nmf_geometry g = {2, 1, 1, 1};
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_picture_assemble(&image, &rows, &g, 3, 1, &err), err);
    assert_true(image.pixels[0] == 1.0F);
    assert_true(image.pixels[1] == 3.0F);
    assert_true(image.pixels[2] == 8.0F);
    nmf_image_release(&image);
}

static void pixels_between_patches_are_black(void **state)
{
    float data[] = {1, 1, 1};
    const nmf_matrix rows = nmf_matrix_view(data, 3, 1, 1);
    const nmf_geometry g = {1, 1, 1, 3};
    const float expected[] = {1, 0, 0, 1, 0, 1};
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_picture_assemble(&image, &rows, &g, 6, 1, &err), err);
    assert_memory_equal(image.pixels, expected, sizeof expected);
    nmf_image_release(&image);
}

static void counts_that_do_not_fit_are_refused(void **state)
{
    float data[64] = {0};
    nmf_matrix rows = nmf_matrix_view(data, 2, 4, 4);
    const nmf_geometry patches = {2, 2, 1, 2}, whole = {2, 2, 1, 0};
    const nmf_geometry rgb = {2, 2, 3, 0}, unknown = {0};
    const nmf_geometry huge = {SIZE_MAX, SIZE_MAX, 3, 0};
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_picture_assemble(&image, &rows, &patches, 8, 2, &err),
                     NMF_ERR_ARGUMENT);
    assert_string_equal(err.message,
                        "a picture of 8x2 takes 4 rows of 2x2, got 2");
    assert_int_equal(nmf_picture_assemble(&image, &rows, &patches, 1, 1, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_picture_assemble(&image, &rows, &whole, 2, 2, &err),
                     NMF_ERR_ARGUMENT);
    rows.rows = 1;
    assert_int_equal(nmf_picture_assemble(&image, &rows, &rgb, 2, 2, &err),
                     NMF_ERR_ARGUMENT);
    assert_string_equal(err.message,
                        "rows of 4 numbers are no pictures of 2x2x3");
    assert_int_equal(nmf_picture_assemble(&image, &rows, &unknown, 2, 2, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_picture_assemble(&image, &rows, &huge, 2, 2, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_picture_assemble(&image, &rows, &whole, 4, 1, &err),
                     NMF_ERR_ARGUMENT);
    assert_null(image.pixels);
    SUPPORT_OK(nmf_picture_assemble(&image, &rows, &whole, 2, 2, &err), err);
    nmf_image_release(&image);
}

static void every_allocation_of_putting_together_may_fail(void **state)
{
    float data[8] = {0};
    const nmf_matrix rows = nmf_matrix_view(data, 2, 4, 4);
    const nmf_geometry g = {2, 2, 1, 2};
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    for (size_t n = 1; status != NMF_OK; n++) {
        nmf_image image = {0};
        nmf_error err = {0};
        assert_in_range(n, 1, 10);
        nmf_alloc_fail_at(n);
        status = nmf_picture_assemble(&image, &rows, &g, 4, 2, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_true((image.pixels != NULL) == (status == NMF_OK));
        nmf_image_release(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patches_are_counted_with_the_one_at_the_edge),
        cmocka_unit_test(patches_lie_where_they_are_said_to),
        cmocka_unit_test(a_whole_picture_is_one_row_of_its_own_size),
        cmocka_unit_test(patches_go_from_left_to_right_and_from_the_top),
        cmocka_unit_test(overlapping_patches_are_averaged),
        cmocka_unit_test(pixels_between_patches_are_black),
        cmocka_unit_test(counts_that_do_not_fit_are_refused),
        cmocka_unit_test(every_allocation_of_putting_together_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
