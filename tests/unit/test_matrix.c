/* The matrix, its views and Hoyer's sparseness. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>

static void a_new_matrix_is_zero_and_contiguous(void **state)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&m, 3, 5, &err), err);
    assert_int_equal(m.rows, 3);
    assert_int_equal(m.cols, 5);
    assert_int_equal(m.ld, 5);
    assert_int_equal((uintptr_t)m.data % 64, 0);
    for (size_t i = 0; i < 15; i++) {
        assert_true(m.data[i] == 0.0F);
    }
    nmf_matrix_release(&m);
    assert_null(m.data);
    nmf_matrix_release(&m);
    nmf_matrix_release(NULL);
}

static void a_matrix_too_large_for_memory_is_refused(void **state)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_matrix_init(&m, SIZE_MAX / 2, 3, &err), NMF_ERR_LIMIT);
    assert_int_equal(nmf_matrix_init(&m, SIZE_MAX / 4, 2, &err), NMF_ERR_LIMIT);
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_matrix_init(&m, 4, 4, &err), NMF_ERR_MEMORY);
    assert_null(m.data);
}

static void a_matrix_without_entries_is_fine(void **state)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&m, 0, 7, &err), err);
    assert_null(m.data);
    assert_true(nmf_matrix_sparseness(&m) == 0.0);
}

static void sparseness_runs_from_spread_out_to_one_entry(void **state)
{
    float rows[] = {
        1, 1, 1, 1, /* 0 */
        0, 0, 3, 0, /* 1 */
        0, 0, 0, 0, /* left out */
    };
    (void)state;
    nmf_matrix all = nmf_matrix_view(rows, 3, 4, 4);
    nmf_matrix first = nmf_matrix_view(rows, 1, 4, 4);
    nmf_matrix second = nmf_matrix_view(rows + 4, 1, 4, 4);
    nmf_matrix narrow = nmf_matrix_view(rows, 3, 1, 4);
    SUPPORT_NEAR(nmf_matrix_sparseness(&first), 0.0, 1e-12);
    SUPPORT_NEAR(nmf_matrix_sparseness(&second), 1.0, 1e-12);
    SUPPORT_NEAR(nmf_matrix_sparseness(&all), 0.5, 1e-12);
    assert_true(nmf_matrix_sparseness(&narrow) == 0.0);
    /* (sqrt(2) - 7 / 5) / (sqrt(2) - 1) for the row (3, 4) */
    float pair[] = {3, 4};
    nmf_matrix m = nmf_matrix_view(pair, 1, 2, 2);
    SUPPORT_NEAR(nmf_matrix_sparseness(&m),
                 (sqrt(2.0) - 1.4) / (sqrt(2.0) - 1.0), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_matrix_is_zero_and_contiguous),
        cmocka_unit_test(a_matrix_too_large_for_memory_is_refused),
        cmocka_unit_test(a_matrix_without_entries_is_fine),
        cmocka_unit_test(sparseness_runs_from_spread_out_to_one_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
