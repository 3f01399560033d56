/* Mirrored and shifted copies of the pictures of a set. */
#include "support.h"

#include <stdio.h>
#include <string.h>

/* Two pictures of 3 x 2, whose pixels are 1 .. 12 of 255. */
static nmf_dataset *load(size_t patch)
{
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    const char *inputs[2];
    char names[2][300];
    for (size_t i = 0; i < 2; i++) {
        uint8_t pgm[] = "P5 3 2 255\n123456";
        char name[8] = {(char)('a' + i), '.', 'p', 'g', 'm', 0};
        for (size_t p = 0; p < 6; p++) {
            pgm[11 + p] = (uint8_t)(1 + 6 * i + p);
        }
        snprintf(names[i], sizeof names[i], "%s", support_temp_path(name));
        support_write(names[i], pgm, 17);
        inputs[i] = names[i];
    }
    options.patch_width = patch;
    options.patch_height = patch;
    SUPPORT_OK(nmf_dataset_load(&data, inputs, 2, &options, &err), err);
    return data;
}

static void check_row(const nmf_dataset *data, size_t row, const int *want)
{
    const float *found = nmf_matrix_row(nmf_dataset_matrix(data), row);
    for (size_t p = 0; p < 6; p++) {
        SUPPORT_NEAR((double)found[p] * 255, want[p], 1e-3);
    }
}

static void copies_are_mirrored_and_shifted(void **state)
{
    static const int rows[10][6] = {{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4},
                                    {1, 1, 2, 4, 4, 5}, {2, 3, 3, 5, 6, 6},
                                    {1, 2, 3, 1, 2, 3}, {4, 5, 6, 4, 5, 6},
                                    {3, 3, 2, 6, 6, 5}, {2, 1, 1, 5, 4, 4},
                                    {3, 2, 1, 3, 2, 1}, {6, 5, 4, 6, 5, 4}};
    (void)state;
    nmf_dataset *data = load(0);
    nmf_error err = {0};
    size_t n = 0;
    SUPPORT_OK(nmf_dataset_augment(data, NMF_AUGMENT_MIRROR | NMF_AUGMENT_SHIFT,
                                   0, &err),
               err);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 20);
    for (size_t i = 0; i < 10; i++) {
        check_row(data, 2 * i, rows[i]);
    }
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(n, 20);
    assert_non_null(strstr(pictures[3].name, "b.pgm (mirrored)"));
    assert_non_null(strstr(pictures[18].name, "a.pgm (mirrored, up)"));
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(pictures[i].first_row, i);
    }
    nmf_dataset_free(data);
}

static void each_kind_can_be_had_alone(void **state)
{
    (void)state;
    nmf_dataset *data = load(0);
    nmf_error err = {0};
    SUPPORT_OK(nmf_dataset_augment(data, NMF_AUGMENT_MIRROR, 0, &err), err);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 4);
    nmf_dataset_free(data);
    data = load(0);
    SUPPORT_OK(nmf_dataset_augment(data, NMF_AUGMENT_SHIFT, 0, &err), err);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 10);
    nmf_dataset_free(data);
}

static void patches_and_too_many_are_refused(void **state)
{
    (void)state;
    nmf_dataset *data = load(2);
    nmf_error err = {0};
    assert_int_equal(nmf_dataset_augment(data, NMF_AUGMENT_MIRROR, 0, &err),
                     NMF_ERR_ARGUMENT);
    nmf_dataset_free(data);
    data = load(0);
    assert_int_equal(nmf_dataset_augment(data, NMF_AUGMENT_SHIFT, 200, &err),
                     NMF_ERR_LIMIT);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 2);
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_mirrored_and_shifted),
        cmocka_unit_test(each_kind_can_be_had_alone),
        cmocka_unit_test(patches_and_too_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
