/* Sets of tables: flat rows, geometry, grey, resizing, patches. */
#include "folders.h"
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = 3, HEIGHT = 4, WIDTH = 5 };

/* An NPY file of N pictures whose entry (i, j) is i + j / 1000. */
static support_path table(const char *name, const size_t *dims, size_t n_dims)
{
    support_path path = support_join(support_temp(), name);
    size_t cols = 1;
    nmf_matrix X = {0};
    nmf_error err = {0};
    for (size_t i = 1; i < n_dims; i++) {
        cols *= dims[i];
    }
    SUPPORT_OK(nmf_matrix_init(&X, dims[0], cols, &err), err);
    for (size_t i = 0; i < X.rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            nmf_matrix_row(&X, i)[j] = (float)i + (float)j / 1000;
        }
    }
    SUPPORT_OK(
        nmf_npy_save(path.text, &X, dims, n_dims, NMF_DTYPE_F32, true, &err),
        err);
    nmf_matrix_release(&X);
    return path;
}

static support_path flat_table(void)
{
    return table("flat.npy", (size_t[]){N, HEIGHT * WIDTH}, 2);
}

static support_path grey_table(void)
{
    return table("grey.npy", (size_t[]){N, HEIGHT, WIDTH}, 3);
}

static support_path colour_table(void)
{
    return table("colour.npy", (size_t[]){N, HEIGHT, WIDTH, 3}, 4);
}

static void assert_geometry(const nmf_dataset *data, size_t width,
                            size_t height, size_t channels, size_t stride)
{
    const nmf_geometry *g = nmf_dataset_geometry(data);
    SUPPORT_ASSERT(g->width == width && g->height == height &&
                       g->channels == channels && g->patch_stride == stride,
                   "%zux%zux%zu, %zu apart", g->width, g->height, g->channels,
                   g->patch_stride);
}

static void a_flat_table_has_no_geometry(void **state)
{
    support_path path = flat_table();
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    size_t n = 0;
    (void)state;
    nmf_dataset *data = support_load_set(path.text, NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_geometry(data, 0, 0, 0, 0);
    assert_int_equal(X->rows, N);
    assert_int_equal(X->cols, HEIGHT * WIDTH);
    assert_true(nmf_matrix_row(X, 2)[7] == 2.0F + 7.0F / 1000);
    assert_int_equal(n, N);
    assert_non_null(strstr(pictures[2].name, "flat.npy[2]"));
    assert_int_equal(pictures[2].width, 0);
    assert_int_equal(pictures[2].first_row, 2);
    assert_int_equal(pictures[2].n_rows, 1);
    nmf_dataset_free(data);
    options.width = options.height = 2;
    support_refuse_set(path.text, &options, NMF_ERR_ARGUMENT,
                       "rows of 20 numbers have no width and height");
}

static void a_shape_gives_it_one(void **state)
{
    support_path path = flat_table();
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    options.shape = (nmf_geometry){WIDTH, HEIGHT, 0, 0};
    nmf_dataset *data = support_load_set(path.text, &options);
    assert_geometry(data, WIDTH, HEIGHT, 1, 0);
    nmf_dataset_free(data);
    options.shape = (nmf_geometry){7, 3, 1, 0};
    support_refuse_set(path.text, &options, NMF_ERR_ARGUMENT,
                       "flat.npy': the shape 7x3x1 does not fit rows of 20 "
                       "numbers");
    options.shape = (nmf_geometry){HEIGHT, WIDTH, 1, 0};
    support_refuse_set(grey_table().text, &options, NMF_ERR_ARGUMENT,
                       "the shape 4x5x1 is not that of the table, 5x4x1");
}

static void more_dimensions_are_height_width_channels(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    nmf_dataset *data = support_load_set(grey_table().text, NULL);
    assert_geometry(data, WIDTH, HEIGHT, 1, 0);
    nmf_dataset_free(data);

    options.rgb = true;
    data = support_load_set(colour_table().text, &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_geometry(data, WIDTH, HEIGHT, 3, 0);
    assert_true(nmf_matrix_row(X, 1)[8] == 1.0F + 8.0F / 1000);
    nmf_dataset_free(data);

    size_t dims[] = {N, HEIGHT, WIDTH, 4};
    support_refuse_set(table("four.npy", dims, 4).text, NULL,
                       NMF_ERR_UNSUPPORTED,
                       "four.npy': pictures of 1 or 3 channels expected, "
                       "found 4");
}

static void colour_becomes_grey_and_grey_three_channels(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    nmf_dataset *data = support_load_set(colour_table().text, NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_geometry(data, WIDTH, HEIGHT, 1, 0);
    assert_int_equal(X->cols, WIDTH * HEIGHT);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            float first = (float)i + (float)(3 * j) / 1000;
            float luma = first + (0.587F * 1 + 0.114F * 2) / 1000;
            assert_true(fabsf(nmf_matrix_row(X, i)[j] - luma) < 1e-5F);
        }
    }
    nmf_dataset_free(data);

    options.rgb = true;
    data = support_load_set(grey_table().text, &options);
    X = nmf_dataset_matrix(data);
    assert_geometry(data, WIDTH, HEIGHT, 3, 0);
    for (size_t j = 0; j < X->cols; j++) {
        assert_true(nmf_matrix_row(X, 2)[j] == 2.0F + (float)(j / 3) / 1000);
    }
    nmf_dataset_free(data);
}

static void tables_are_resized_and_cut_as_pictures_are(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    size_t n = 0;
    (void)state;
    options.patch_width = options.patch_height = 2;
    nmf_dataset *data = support_load_set(grey_table().text, &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_geometry(data, 2, 2, 1, 2);
    assert_int_equal(X->rows, N * 6); /* 3 across, 2 down */
    assert_int_equal(n, N);
    assert_int_equal(pictures[1].first_row, 6);
    assert_int_equal(pictures[1].n_rows, 6);
    assert_int_equal(pictures[1].width, WIDTH);
    /* The last patch of picture 1 ends at its last pixel. */
    assert_true(nmf_matrix_row(X, 11)[3] == 1.0F + 19.0F / 1000);
    nmf_dataset_free(data);

    options.width = options.height = 2;
    options.rgb = true;
    data = support_load_set(grey_table().text, &options);
    assert_geometry(data, 2, 2, 3, 2);
    assert_int_equal(nmf_dataset_matrix(data)->rows, N);
    assert_int_equal(nmf_dataset_matrix(data)->cols, 12);
    nmf_dataset_free(data);

    options.patch_width = 3;
    support_refuse_set(grey_table().text, &options, NMF_ERR_ARGUMENT,
                       "grey.npy': a patch of 3x2 is larger than the picture");
}

static void a_table_is_a_set_by_itself(void **state)
{
    support_path path = grey_table();
    const char *inputs[] = {path.text, path.text};
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_dataset_load(&data, inputs, 2, NULL, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "give it as the only input"));
    assert_null(data);
}

static void a_table_within_limits_is_loaded(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    options.max_bytes = N * WIDTH * HEIGHT * sizeof(float) - 1;
    support_refuse_set(grey_table().text, &options, NMF_ERR_LIMIT, "grey.npy'");
    options.max_bytes = 4096;
    nmf_dataset_free(support_load_set(grey_table().text, &options));
    options.width = options.height = 40;
    support_refuse_set(grey_table().text, &options, NMF_ERR_LIMIT,
                       "a set of 3 x 1600 numbers takes");
}

static void every_allocation_of_a_table_may_fail(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_status status = NMF_ERR_MEMORY;
    support_path path = grey_table();
    const char *inputs[] = {path.text};
    (void)state;
    options.n_threads = 1;
    options.rgb = true;
    options.width = options.height = 3;
    for (size_t n = 1; status != NMF_OK; n++) {
        nmf_dataset *data = NULL;
        nmf_error err = {0};
        assert_in_range(n, 1, 1000);
        nmf_alloc_fail_at(n);
        status = nmf_dataset_load(&data, inputs, 1, &options, &err);
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_OK || status == NMF_ERR_MEMORY,
                       "allocation %zu: %s", n, err.message);
        assert_true((data != NULL) == (status == NMF_OK));
        nmf_dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flat_table_has_no_geometry),
        cmocka_unit_test(a_shape_gives_it_one),
        cmocka_unit_test(more_dimensions_are_height_width_channels),
        cmocka_unit_test(colour_becomes_grey_and_grey_three_channels),
        cmocka_unit_test(tables_are_resized_and_cut_as_pictures_are),
        cmocka_unit_test(a_table_is_a_set_by_itself),
        cmocka_unit_test(a_table_within_limits_is_loaded),
        cmocka_unit_test(every_allocation_of_a_table_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
