/* Checked sizes, aligned memory, and how sizes are worded. */
#include "support.h"

#include "core/alloc.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

static void size_mul_reports_overflow(void **state)
{
    size_t out = 7;
    (void)state;
    assert_true(nmf_size_mul(&out, 6, 7));
    assert_int_equal(out, 42);
    assert_true(nmf_size_mul(&out, SIZE_MAX, 1));
    assert_int_equal(out, SIZE_MAX);
    out = 7;
    assert_false(nmf_size_mul(&out, SIZE_MAX / 2 + 1, 2));
    assert_int_equal(out, 7);
    assert_false(nmf_size_add(&out, SIZE_MAX, 1));
    assert_int_equal(out, 7);
}

static void calloc_gives_aligned_zeros(void **state)
{
    (void)state;
    unsigned char *p = nmf_calloc(1000, 3);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % NMF_ALIGNMENT, 0);
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(p[i], 0);
    }
    nmf_free(p);
    assert_null(nmf_calloc(SIZE_MAX, 2));
    assert_null(nmf_calloc(SIZE_MAX / 2, 1));
    assert_null(nmf_calloc(0, 8));
}

/* These ask for huge pages, which must change nothing that can be seen. */
static void large_blocks_are_zeros_to_both_ends(void **state)
{
    const size_t size = ((size_t)5 << 20) + 3;
    unsigned char *p = nmf_calloc(size, 1);
    size_t n_set = 0;
    (void)state;
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % NMF_ALIGNMENT, 0);
    for (size_t i = 0; i < size; i++) {
        n_set += p[i] != 0;
    }
    assert_int_equal(n_set, 0);
    nmf_free(p);
}

static void the_nth_allocation_can_be_made_to_fail(void **state)
{
    (void)state;
    nmf_alloc_fail_at(2);
    void *first = nmf_malloc(1, 8);
    assert_non_null(first);
    assert_null(nmf_malloc(1, 8));
    void *third = nmf_malloc(1, 8);
    assert_non_null(third);
    nmf_free(first);
    nmf_free(third);
}

static void arrays_grow_and_keep_their_items(void **state)
{
    int *items = NULL;
    size_t capacity = 0;
    (void)state;
    for (size_t n = 0; n < 1000; n++) {
        assert_true(
            nmf_array_reserve((void **)&items, &capacity, n, sizeof *items));
        items[n] = (int)n;
    }
    for (int n = 0; n < 1000; n++) {
        assert_int_equal(items[n], n);
    }
    free(items);
}

static void messages_are_cut_and_prefixed_within_their_buffer(void **state)
{
    nmf_error err = {0};
    char long_text[2 * NMF_ERROR_MESSAGE_SIZE];
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(nmf_error_set(&err, NMF_ERR_IO, "%s", long_text),
                     NMF_ERR_IO);
    assert_int_equal(strlen(err.message), NMF_ERROR_MESSAGE_SIZE - 1);
    assert_int_equal(nmf_error_prefix(&err, "%s: ", "file"), NMF_ERR_IO);
    assert_int_equal(strlen(err.message), NMF_ERROR_MESSAGE_SIZE - 1);
    assert_memory_equal(err.message, "file: xxx", 9);
    assert_int_equal(nmf_error_set(NULL, NMF_ERR_DATA, "x"), NMF_ERR_DATA);
}

static void sizes_read_well(void **state)
{
    (void)state;
    assert_string_equal(nmf_format_size(512).text, "512 B");
    assert_string_equal(nmf_format_size(1536).text, "1.5 KiB");
    assert_string_equal(nmf_format_size((size_t)3 << 30).text, "3.0 GiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_mul_reports_overflow),
        cmocka_unit_test(calloc_gives_aligned_zeros),
        cmocka_unit_test(large_blocks_are_zeros_to_both_ends),
        cmocka_unit_test(the_nth_allocation_can_be_made_to_fail),
        cmocka_unit_test(arrays_grow_and_keep_their_items),
        cmocka_unit_test(messages_are_cut_and_prefixed_within_their_buffer),
        cmocka_unit_test(sizes_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
