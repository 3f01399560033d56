/* Sets: limits, options, threads, and memory that runs out. */
#include "folders.h"
#include "support.h"

#include "core/alloc.h"

#include <stdio.h>

static void memory_is_limited_before_it_is_asked_for(void **state)
{
    support_path folder = support_folder("limits");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_pgm(folder.text, "a.pgm", 20, 20, 0, 0);
    support_pgm(folder.text, "b.pgm", 20, 20, 0, 0);
    options.max_bytes = 3199;
    support_refuse_set(
        folder.text, &options, NMF_ERR_LIMIT,
        "a set of 2 x 400 numbers takes 3.1 KiB of memory, more than the "
        "limit of 3.1 KiB");
    options.max_bytes = 3200 + 100; /* X, but no room beside it */
    support_refuse_set(folder.text, &options, NMF_ERR_LIMIT,
                       "20x20 pixels take");
    options.max_bytes = 64000;
    nmf_dataset_free(support_load_set(folder.text, &options));
    options.width = options.height = (size_t)1 << 40;
    support_refuse_set(folder.text, &options, NMF_ERR_LIMIT,
                       "larger than any memory");
    options.width = options.height = 0;
    options.max_pixels = 399;
    support_refuse_set(folder.text, &options, NMF_ERR_LIMIT,
                       "a.pgm': 20x20 pixels are more than the limit of 399");
}

static void options_that_make_no_sense_are_refused(void **state)
{
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    (void)state;
    struct {
        nmf_dataset_options options;
        const char *text;
    } cases[] = {
        {NMF_DATASET_OPTIONS_INIT, "a size of 3x0: both sides are needed"},
        {NMF_DATASET_OPTIONS_INIT, "a patch of 0x3: both sides are needed"},
        {NMF_DATASET_OPTIONS_INIT, "a stride of 2 without the size of a patch"},
        {NMF_DATASET_OPTIONS_INIT, "a shape of 2 channels"},
        {NMF_DATASET_OPTIONS_INIT, "a shape is for tables"},
    };
    cases[0].options.width = 3;
    cases[1].options.patch_height = 3;
    cases[2].options.patch_stride = 2;
    cases[3].options.shape = (nmf_geometry){1, 1, 2, 0};
    cases[4].options.shape = (nmf_geometry){2, 2, 1, 0};
    support_path folder = support_folder("options");
    support_pgm(folder.text, "a.pgm", 2, 2, 0, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        support_refuse_set(folder.text, &cases[i].options, NMF_ERR_ARGUMENT,
                           cases[i].text);
    }
    assert_int_equal(nmf_dataset_load(&data, NULL, 0, NULL, &err),
                     NMF_ERR_ARGUMENT);
    nmf_dataset_free(NULL);
}

/* ---- threads, memory ---- */

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    support_path folder = support_folder("threads");
    char name[16];
    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "%u.ppm", i);
        support_ppm(folder.text, name, 11 + i % 3, 9, 7 * i);
    }
    for (size_t patch = 0; patch <= 4; patch += 4) {
        nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
        options.width = patch ? 0 : 10;
        options.height = patch ? 0 : 10;
        options.patch_width = options.patch_height = patch;
        options.n_threads = 1;
        nmf_dataset *one = support_load_set(folder.text, &options);
        const nmf_matrix *X = nmf_dataset_matrix(one);
        for (unsigned threads = 2; threads <= 7; threads += 5) {
            options.n_threads = threads;
            nmf_dataset *more = support_load_set(folder.text, &options);
            assert_int_equal(nmf_dataset_matrix(more)->rows, X->rows);
            assert_memory_equal(nmf_dataset_matrix(more)->data, X->data,
                                X->rows * X->cols * sizeof(float));
            nmf_dataset_free(more);
        }
        nmf_dataset_free(one);
    }
}

static void ignore(const char *message, void *context)
{
    (void)message;
    (void)context;
}

static void every_allocation_of_a_load_may_fail(void **state)
{
    support_path folder = support_messy_folder("memory");
    const char *inputs[] = {folder.text};
    (void)state;
    support_pgm(folder.text, "9.pgm", 2, 2, 1, 1);
    for (size_t patch = 0; patch <= 1; patch++) {
        nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
        nmf_status status = NMF_ERR_MEMORY;
        options.on_skip = ignore;
        options.n_threads = 1;
        options.skip_broken = true;
        options.width = options.height = 3;
        options.patch_width = options.patch_height = 2 * patch;
        for (size_t n = 1; status != NMF_OK; n++) {
            nmf_dataset *data = NULL;
            nmf_error err = {0};
            assert_in_range(n, 1, 1000);
            nmf_alloc_fail_at(n);
            status = nmf_dataset_load(&data, inputs, 1, &options, &err);
            nmf_alloc_fail_at(0);
            SUPPORT_ASSERT(status == NMF_OK || status == NMF_ERR_MEMORY,
                           "allocation %zu: %s", n, err.message);
            assert_int_equal(err.status, status);
            assert_true((data != NULL) == (status == NMF_OK));
            nmf_dataset_free(data);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_limited_before_it_is_asked_for),
        cmocka_unit_test(options_that_make_no_sense_are_refused),
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(every_allocation_of_a_load_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
