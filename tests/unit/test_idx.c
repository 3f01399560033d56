/* IDX files: dimensions, other types, damage. */
#include "damage.h"
#include "support.h"

#include <string.h>

/* 3 images of 2 x 2, counted through. */
static const uint8_t three_images[] = {0, 0, 8, 3, 0, 0, 0,  3,  0, 0,
                                       0, 2, 0, 0, 0, 2, 0,  1,  2, 3,
                                       4, 5, 6, 7, 8, 9, 10, 255};

static void bytes_are_divided_by_255_or_kept(void **state)
{
    nmf_table_options options = {0, false};
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        options.keep_integers = pass == 1;
        SUPPORT_OK(damage_decode(&table, three_images, sizeof three_images,
                                 &options, &err),
                   err);
        assert_int_equal(table.format, NMF_TABLE_IDX);
        assert_int_equal(table.n_dims, 3);
        assert_int_equal(table.X.rows, 3);
        assert_int_equal(table.X.cols, 4);
        assert_true(table.is_bytes);
        assert_int_equal(table.is_scaled, pass == 0);
        for (size_t i = 0; i < 12; i++) {
            float stored = three_images[16 + i];
            assert_true(table.X.data[i] ==
                        (pass == 0 ? stored / 255.0F : stored));
        }
        nmf_table_release(&table);
    }
}

static void two_to_four_dimensions_are_read_others_refused(void **state)
{
    (void)state;
    for (uint8_t n_dims = 0; n_dims < 20; n_dims++) {
        uint8_t bytes[100] = {0, 0, 8, n_dims};
        nmf_table table = {0};
        nmf_error err = {0};
        size_t size = 4 + 4 * (size_t)n_dims;
        for (size_t d = 0; d < n_dims; d++) {
            bytes[4 + 4 * d + 3] = d < 2 ? (uint8_t)(d + 2) : 1;
        }
        size += n_dims == 1 ? 2 : 6;
        nmf_status status = damage_decode(&table, bytes, size, NULL, &err);
        if (n_dims >= 2 && n_dims <= 4) {
            SUPPORT_OK(status, err);
            assert_int_equal(table.n_dims, n_dims);
            assert_int_equal(table.X.cols, 3);
        } else if (n_dims > 0) {
            assert_int_equal(status, NMF_ERR_UNSUPPORTED);
        } else {
            assert_int_equal(status, NMF_ERR_FORMAT);
        }
        nmf_table_release(&table);
    }
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        size_t at; /* the byte that is changed */
        uint8_t to;
        nmf_status status;
        const char *says;
    } cases[] = {
        {2, 0x0d, NMF_ERR_UNSUPPORTED, "IDX of 32-bit floats"},
        {2, 0x09, NMF_ERR_UNSUPPORTED, "IDX of signed bytes"},
        {2, 0x07, NMF_ERR_FORMAT, "no NPY, IDX or CSV"},
        {3, 1, NMF_ERR_UNSUPPORTED, "one dimension of 3 numbers (labels?)"},
        {4, 0xff, NMF_ERR_FORMAT, "bytes expected, 28 found"},
        {7, 4, NMF_ERR_FORMAT, "32 bytes expected, 28 found"},
        {7, 2, NMF_ERR_FORMAT, "24 bytes expected, 28 found"},
        {7, 0, NMF_ERR_FORMAT, "nothing in it (0 x 2 x 2 numbers)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t bytes[sizeof three_images];
        nmf_table table = {0};
        nmf_error err = {0};
        memcpy(bytes, three_images, sizeof bytes);
        bytes[cases[i].at] = cases[i].to;
        nmf_status status =
            damage_decode(&table, bytes, sizeof bytes, NULL, &err);
        SUPPORT_ASSERT(status == cases[i].status &&
                           strstr(err.message, cases[i].says),
                       "byte %zu = %u: %s: %s", cases[i].at, cases[i].to,
                       nmf_status_name(status), err.message);
    }
}

static void products_that_overflow_are_refused(void **state)
{
    uint8_t bytes[20 + 16] = {0, 0, 8, 4};
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    memset(bytes + 4, 0xff, 16);
    assert_int_equal(damage_decode(&table, bytes, sizeof bytes, NULL, &err),
                     NMF_ERR_LIMIT);
    assert_non_null(strstr(err.message, "more than any memory"));
    /* 65536^4 is 0 in 64 bits. */
    for (size_t d = 0; d < 4; d++) {
        memcpy(bytes + 4 + 4 * d, "\x00\x01\x00\x00", 4);
    }
    assert_int_equal(damage_decode(&table, bytes, sizeof bytes, NULL, &err),
                     NMF_ERR_LIMIT);
}

static void damage_never_crashes_and_is_never_taken_for_whole(void **state)
{
    (void)state;
    damage_truncate(three_images, sizeof three_images);
    damage_flip(three_images, sizeof three_images, 16);
    damage_memory(three_images, sizeof three_images);
    nmf_bytes zipped = damage_gzip(three_images, sizeof three_images);
    damage_truncate(zipped.data, zipped.size);
    damage_flip(zipped.data, zipped.size, zipped.size);
    damage_memory(zipped.data, zipped.size);
    nmf_bytes_release(&zipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_divided_by_255_or_kept),
        cmocka_unit_test(two_to_four_dimensions_are_read_others_refused),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(products_that_overflow_are_refused),
        cmocka_unit_test(damage_never_crashes_and_is_never_taken_for_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
