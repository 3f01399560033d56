/* Pictures coded with a model: targets, threads, limits, memory, bad models. */
#include "support.h"

#include "codec/variation.h"
#include "core/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const nmf_geometry small = {20, 17, 1, 0};
enum { N_FEATURES = 20 * 17 };

/* Pictures of a few soft spots, each brighter or darker, and some grain. */
static nmf_matrix make_pictures(size_t n, uint64_t seed)
{
    nmf_matrix X = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&X, n, N_FEATURES, &err), err);
    for (size_t i = 0; i < n; i++) {
        for (size_t spot = 0; spot < 5; spot++) {
            float weight = support_uniform(&seed);
            float cx = (float)(spot * 7 % 19);
            float cy = (float)(spot * 11 % 16);
            for (size_t p = 0; p < N_FEATURES; p++) {
                float dx = (float)(p % small.width) - cx;
                float dy = (float)(p / small.width) - cy;
                nmf_matrix_row(&X, i)[p] +=
                    0.5F * weight * expf(-(dx * dx + dy * dy) / 20);
            }
        }
        for (size_t p = 0; p < N_FEATURES; p++) {
            nmf_matrix_row(&X, i)[p] += 0.02F * support_uniform(&seed);
        }
    }
    return X;
}

/* A model of 40 such pictures. */
static nmf_model_file make_model(void)
{
    nmf_matrix X = make_pictures(40, 1);
    nmf_model_file file = {.geometry = small};
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    options.n_components = 6;
    options.n_threads = 1;
    SUPPORT_OK(nmf_fit(&file.model, &X, &options, &err), err);
    SUPPORT_OK(nmf_variation_learn(&file.variation,
                                   nmf_model_activations(file.model),
                                   nmf_model_components(file.model), 1, &err),
               err);
    nmf_matrix_release(&X);
    return file;
}

/* Coded and decoded; the PSNR, which the report says too. */
static double round_trip(size_t *bytes_out, const nmf_codebook *book,
                         const nmf_matrix *X, const nmf_coded_options *options)
{
    nmf_bytes bytes = {0};
    nmf_coded_report report;
    nmf_set set = {0};
    nmf_error err = {0};
    double psnr = 0;
    SUPPORT_OK(
        nmf_coded_encode(&bytes, &report, book, X, &small, options, &err), err);
    SUPPORT_OK(
        nmf_coded_decode(&set, book, bytes.data, bytes.size, "coded", 0, &err),
        err);
    SUPPORT_OK(nmf_set_compare(&psnr, NULL, &set, X, &err), err);
    SUPPORT_NEAR(psnr, report.psnr, 1e-9);
    assert_int_equal(report.info.total_bytes, bytes.size);
    assert_int_equal(report.info.header_bytes + report.info.activation_bytes +
                         report.info.name_bytes,
                     bytes.size);
    *bytes_out = bytes.size;
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    return psnr;
}

static void targets_are_met(void **state)
{
    nmf_model_file file = make_model();
    nmf_codebook *book = NULL;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_codebook_create(&book, &file, "model", &err), err);
    for (size_t n = 1; n <= 9; n += 4) {
        nmf_matrix X = make_pictures(n, 50 + n);
        nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
        size_t bytes = 0;
        options.target_psnr = 24;
        assert_true(round_trip(&bytes, book, &X, &options) >= 24);
        options.target_psnr = 0;
        double before = 0;
        for (options.target_bytes = 30; options.target_bytes < 60;
             options.target_bytes += 10) {
            double psnr = round_trip(&bytes, book, &X, &options);
            assert_true(bytes <= n * options.target_bytes);
            SUPPORT_ASSERT(psnr >= before - 0.1, "%zu bytes: %g after %g",
                           options.target_bytes, psnr, before);
            before = psnr;
        }
        nmf_matrix_release(&X);
    }
    nmf_codebook_free(book);
    nmf_model_file_release(&file);
}

static void targets_out_of_reach_say_what_can_be_had(void **state)
{
    nmf_model_file file = make_model();
    nmf_matrix X = make_pictures(3, 9);
    nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
    nmf_codebook *book = NULL;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_codebook_create(&book, &file, "model", &err), err);
    options.target_psnr = 90;
    assert_int_equal(
        nmf_coded_encode(&bytes, NULL, book, &X, &small, &options, &err),
        NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nearest possible"));
    options.target_psnr = 0;
    options.target_bytes = 3;
    assert_int_equal(
        nmf_coded_encode(&bytes, NULL, book, &X, &small, &options, &err),
        NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nearest possible"));
    assert_null(bytes.data);
    nmf_matrix_release(&X);
    nmf_codebook_free(book);
    nmf_model_file_release(&file);
}

static void the_number_of_threads_changes_nothing(void **state)
{
    nmf_model_file file = make_model();
    nmf_matrix X = make_pictures(13, 3);
    nmf_codebook *book = NULL;
    nmf_bytes first = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_codebook_create(&book, &file, "model", &err), err);
    for (unsigned n_threads = 1; n_threads <= 7; n_threads += 3) {
        nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
        nmf_variation *variation = NULL;
        nmf_bytes bytes = {0};
        options.n_threads = n_threads;
        SUPPORT_OK(
            nmf_coded_encode(&bytes, NULL, book, &X, &small, &options, &err),
            err);
        SUPPORT_OK(nmf_variation_learn(
                       &variation, nmf_model_activations(file.model),
                       nmf_model_components(file.model), n_threads, &err),
                   err);
        assert_memory_equal(variation->direction, file.variation->direction,
                            4 * variation->n_modes * variation->n_components);
        nmf_variation_free(variation);
        if (first.data) {
            assert_int_equal(bytes.size, first.size);
            assert_memory_equal(bytes.data, first.data, first.size);
            nmf_bytes_release(&bytes);
        } else {
            first = bytes;
        }
    }
    nmf_bytes_release(&first);
    nmf_matrix_release(&X);
    nmf_codebook_free(book);
    nmf_model_file_release(&file);
}

/* Saved and loaded, it is the same model. */
static void a_variation_is_kept_in_the_model(void **state)
{
    nmf_model_file file = make_model();
    nmf_model_file again = {0};
    nmf_codebook *books[2] = {NULL, NULL};
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_model_encode(&bytes, &file, false, &err), err);
    SUPPORT_OK(
        nmf_model_decode(&again, bytes.data, bytes.size, "again", 0, &err),
        err);
    SUPPORT_OK(nmf_codebook_create(&books[0], &file, "model", &err), err);
    SUPPORT_OK(nmf_codebook_create(&books[1], &again, "again", &err), err);
    assert_true(nmf_codebook_id(books[0]) == nmf_codebook_id(books[1]));
    nmf_codebook_free(books[0]);
    nmf_codebook_free(books[1]);

    /* One number of it changed makes another one. */
    again.variation->mean[0] ^= 1;
    SUPPORT_OK(nmf_codebook_create(&books[0], &file, "model", &err), err);
    SUPPORT_OK(nmf_codebook_create(&books[1], &again, "again", &err), err);
    assert_true(nmf_codebook_id(books[0]) != nmf_codebook_id(books[1]));
    nmf_codebook_free(books[0]);
    nmf_codebook_free(books[1]);
    nmf_bytes_release(&bytes);

    /* What does not belong together is not written. */
    again.geometry.patch_stride = 2;
    assert_int_equal(nmf_model_encode(&bytes, &again, false, &err),
                     NMF_ERR_ARGUMENT);
    nmf_model_file_release(&again);
    nmf_model_file_release(&file);
}

static void models_that_do_not_do_are_refused(void **state)
{
    nmf_model_file file = make_model();
    nmf_variation *variation = file.variation;
    nmf_codebook *book = NULL;
    nmf_error err = {0};
    (void)state;
    file.variation = NULL;
    assert_int_equal(nmf_codebook_create(&book, &file, "old", &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "'old'"));
    file.variation = variation;
    file.geometry.width = 0;
    assert_int_equal(nmf_codebook_create(&book, &file, "table", &err),
                     NMF_ERR_ARGUMENT);
    assert_null(book);
    nmf_model_file_release(&file);
}

static void a_small_file_gets_no_more_than_is_granted(void **state)
{
    nmf_model_file file = make_model();
    nmf_matrix X = make_pictures(4, 5);
    nmf_codebook *book = NULL;
    nmf_bytes bytes = {0};
    nmf_set set = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_codebook_create(&book, &file, "model", &err), err);
    SUPPORT_OK(nmf_coded_encode(&bytes, NULL, book, &X, &small, NULL, &err),
               err);
    assert_int_equal(nmf_coded_decode(&set, book, bytes.data, bytes.size,
                                      "coded", 1000, &err),
                     NMF_ERR_LIMIT);
    assert_null(set.pixels);
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&X);
    nmf_codebook_free(book);
    nmf_model_file_release(&file);
}

static void no_allocation_may_fail_unnoticed(void **state)
{
    nmf_model_file file = make_model();
    nmf_matrix X = make_pictures(2, 5);
    nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    options.n_threads = 1;
    options.target_psnr = 20;
    for (size_t n = 1; status != NMF_OK; n += 1 + n / 4) {
        nmf_codebook *book = NULL;
        nmf_bytes bytes = {0};
        nmf_set set = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        status = nmf_codebook_create(&book, &file, "model", &err);
        if (status == NMF_OK) {
            status = nmf_coded_encode(&bytes, NULL, book, &X, &small, &options,
                                      &err);
        }
        if (status == NMF_OK) {
            status = nmf_coded_decode(&set, book, bytes.data, bytes.size,
                                      "coded", 0, &err);
        }
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_ERR_MEMORY || status == NMF_OK,
                       "allocation %zu: %s", n, err.message);
        nmf_set_release(&set);
        nmf_bytes_release(&bytes);
        nmf_codebook_free(book);
    }
    nmf_matrix_release(&X);
    nmf_model_file_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_met),
        cmocka_unit_test(targets_out_of_reach_say_what_can_be_had),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(a_variation_is_kept_in_the_model),
        cmocka_unit_test(models_that_do_not_do_are_refused),
        cmocka_unit_test(a_small_file_gets_no_more_than_is_granted),
        cmocka_unit_test(no_allocation_may_fail_unnoticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
