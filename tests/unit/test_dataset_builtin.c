/* Built-in sets as inputs: alone, with others, resized, in colour, in parts. */
#include "folders.h"
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static void a_built_in_set_is_loaded_by_name(void **state)
{
    size_t n = 0;
    (void)state;
    nmf_dataset *data = support_load_set("@swimmer", NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *g = nmf_dataset_geometry(data);
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    double sum = 0.0;
    assert_int_equal(X->rows, 256);
    assert_int_equal(X->cols, 1024);
    assert_int_equal(g->width, 32);
    assert_int_equal(g->height, 32);
    assert_int_equal(g->channels, 1);
    assert_int_equal(n, 256);
    assert_string_equal(pictures[17].name, "@swimmer[17]");
    assert_int_equal(pictures[17].first_row, 17);
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        sum += (double)X->data[i];
    }
    assert_true(sum == 256.0 * 37.0); /* pixels of a figure */
    nmf_dataset_free(data);
}

static void an_unknown_name_is_refused_but_a_path_is_not(void **state)
{
    support_path folder = support_folder("at");
    (void)state;
    support_refuse_set("@nothing", NULL, NMF_ERR_ARGUMENT, "@swimmer");
    support_pgm(folder.text, "@swimmer", 2, 2, 0, 0);
    nmf_dataset *data =
        support_load_set(support_join(folder.text, "@swimmer").text, NULL);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 1);
    nmf_dataset_free(data);
}

static void sets_and_pictures_join_in_order(void **state)
{
    support_path folder = support_folder("joined");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_dataset *data = NULL, *alone = NULL;
    nmf_error err = {0};
    (void)state;
    support_pgm(folder.text, "a.pgm", 32, 32, 0, 0);
    support_pgm(folder.text, "b.pgm", 32, 32, 0, 1); /* broken: a gap closes */
    support_pgm(folder.text, "c.pgm", 32, 32, 9, 0);
    const char *inputs[] = {folder.text, "@swimmer", folder.text};
    options.skip_broken = true;
    SUPPORT_OK(nmf_dataset_load(&data, inputs, 3, &options, &err), err);
    alone = support_load_set("@swimmer", NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 2 + 256 + 2);
    assert_memory_equal(nmf_matrix_row(X, 2), nmf_dataset_matrix(alone)->data,
                        sizeof(float) * 256 * 1024);
    assert_true(nmf_matrix_row(X, 259)[0] == 9.0F / 255.0F);
    nmf_dataset_free(data);
    nmf_dataset_free(alone);

    support_pgm(folder.text, "d.pgm", 31, 32, 0, 0);
    assert_int_equal(nmf_dataset_load(&data, inputs, 3, &options, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "260 of 32x32, 2 of 31x32"));
}

static void built_in_sets_are_resized_cut_and_coloured(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    nmf_dataset *whole = support_load_set("@swimmer", NULL);
    options.patch_width = options.patch_height = 16;
    nmf_dataset *data = support_load_set("@swimmer", &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 256 * 4);
    assert_int_equal(X->cols, 256);
    assert_memory_equal(nmf_matrix_row(X, 4 * 5),
                        nmf_matrix_row(nmf_dataset_matrix(whole), 5),
                        16 * sizeof(float));
    nmf_dataset_free(data);

    options = (nmf_dataset_options)NMF_DATASET_OPTIONS_INIT;
    options.width = options.height = 16;
    options.rgb = true;
    data = support_load_set("@swimmer", &options);
    X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 256);
    assert_int_equal(X->cols, (size_t)16 * 16 * 3);
    double sum = 0.0;
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        sum += (double)X->data[i];
    }
    /* Halving the sides averages four pixels; three channels. */
    assert_true(fabs(sum - 256.0 * 37.0 / 4.0 * 3.0) < 1e-3 * sum);
    nmf_dataset_free(data);
    nmf_dataset_free(whole);
}

static void the_seed_varies_what_is_random(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    nmf_dataset *a = support_load_set("@bars", &options);
    nmf_dataset *b = support_load_set("@bars", &options);
    options.seed = 1;
    nmf_dataset *c = support_load_set("@bars", &options);
    const nmf_matrix *X = nmf_dataset_matrix(a);
    const size_t bytes = X->rows * X->cols * sizeof(float);
    assert_memory_equal(X->data, nmf_dataset_matrix(b)->data, bytes);
    assert_memory_not_equal(X->data, nmf_dataset_matrix(c)->data, bytes);
    nmf_dataset_free(a);
    nmf_dataset_free(b);
    nmf_dataset_free(c);
}

static void memory_for_a_built_in_set_may_fail(void **state)
{
    const char *inputs[] = {"@bars"};
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    options.max_bytes = 1000;
    support_refuse_set("@bars", &options, NMF_ERR_LIMIT, "a set of ");
    options.max_bytes = 0;
    options.patch_width = options.patch_height = 2;
    options.n_threads = 1;
    for (size_t n = 1; status != NMF_OK; n += 1 + n / 16) {
        nmf_dataset *data = NULL;
        nmf_error err = {0};
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
        cmocka_unit_test(a_built_in_set_is_loaded_by_name),
        cmocka_unit_test(an_unknown_name_is_refused_but_a_path_is_not),
        cmocka_unit_test(sets_and_pictures_join_in_order),
        cmocka_unit_test(built_in_sets_are_resized_cut_and_coloured),
        cmocka_unit_test(the_seed_varies_what_is_random),
        cmocka_unit_test(memory_for_a_built_in_set_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
