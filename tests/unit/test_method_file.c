/*
 * Model files of other methods than NMF: what goes in comes out, with mean,
 * signs and variances, and damage never does. test_model_file.c asks the same
 * of models by NMF.
 */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 9, COLS = 6, PARTS = 3 };

static const nmf_method methods[] = {NMF_METHOD_PCA, NMF_METHOD_SVD,
                                     NMF_METHOD_VQ, NMF_METHOD_PLSA};
enum { N_METHODS = sizeof methods / sizeof methods[0] };

static nmf_picture pictures[] = {{"a.png", 3, 2, 0, 4}, {"b", 0, 0, 4, 5}};

/* What a fit has left; released by nmf_decomposition_free(). */
static nmf_model_file sample(nmf_method method)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    nmf_model_file file = {
        .geometry = {3, 2, 1, 0}, .pictures = pictures, .n_pictures = 2};
    nmf_error err = {0};
    nmf_matrix X = support_random(ROWS, COLS, 5);
    options.method = method;
    options.n_components = PARTS;
    options.seed = 77;
    SUPPORT_OK(nmf_decompose(&file.decomposition, &X, &options, &err), err);
    nmf_matrix_release(&X);
    return file;
}

static nmf_bytes encoded_sample(nmf_method method)
{
    nmf_model_file file = sample(method);
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_model_encode(&bytes, &file, true, &err), err);
    nmf_decomposition_free(file.decomposition);
    return bytes;
}

static nmf_status decode_status(const nmf_bytes *bytes, size_t size,
                                size_t max_bytes, nmf_error *err)
{
    nmf_model_file file = {0};
    nmf_status status =
        nmf_model_decode(&file, bytes->data, size, "m.nmfi", max_bytes, err);
    nmf_model_file_release(&file);
    return status;
}

/* Both NULL is fine. */
static void assert_same_matrix(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_true((a != NULL) == (b != NULL));
    if (!a || !b) {
        return;
    }
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

static void assert_same_summary(const nmf_decomposition_summary *a,
                                const nmf_decomposition_summary *b)
{
    assert_int_equal(a->method, b->method);
    assert_true(a->seed == b->seed && a->tol == b->tol);
    assert_int_equal(a->max_iter, b->max_iter);
    assert_int_equal(a->n_samples, b->n_samples);
    assert_int_equal(a->n_iter, b->n_iter);
    assert_int_equal(a->stop_reason, b->stop_reason);
    assert_true(a->relative_error == b->relative_error);
    assert_true(a->sparseness_components == b->sparseness_components);
    assert_true(a->sparseness_activations == b->sparseness_activations);
    assert_true(a->total_variance == b->total_variance);
    assert_true(a->inertia == b->inertia);
    assert_true(a->divergence == b->divergence);
}

static void a_saved_decomposition_is_loaded_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_model_file file = sample(methods[i]);
        nmf_model_file back = {0};
        nmf_error err = {0};
        const char *path = support_temp_path("whole.nmfi");
        const nmf_decomposition *d = file.decomposition;
        SUPPORT_OK(nmf_model_save(path, &file, true, true, &err), err);
        SUPPORT_OK(nmf_model_load(&back, path, 0, &err), err);
        const nmf_decomposition *e = back.decomposition;
        assert_null(back.model);
        assert_int_equal(nmf_model_file_method(&back), methods[i]);
        assert_same_summary(nmf_decomposition_get_summary(e),
                            nmf_decomposition_get_summary(d));
        assert_same_matrix(nmf_model_file_components(&back),
                           nmf_decomposition_components(d));
        assert_same_matrix(nmf_model_file_activations(&back),
                           nmf_decomposition_activations(d));
        assert_same_matrix(nmf_model_file_mean(&back),
                           nmf_decomposition_mean(d));
        const nmf_component_variance *v = nmf_decomposition_variances(d);
        assert_true((v != NULL) == (nmf_decomposition_variances(e) != NULL));
        if (v) {
            assert_memory_equal(v, nmf_decomposition_variances(e),
                                PARTS * sizeof *v);
        }
        assert_int_equal(back.n_pictures, 2);
        assert_string_equal(back.pictures[1].name, "b");
        nmf_model_file_release(&back);
        assert_null(back.decomposition);
        nmf_decomposition_free(file.decomposition);
    }
}

/* Through the file, transform and back are those of the decomposition. */
static void a_loaded_one_does_what_it_did(void **state)
{
    nmf_matrix X = support_random(4, COLS, 9);
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_model_file file = sample(methods[i]);
        nmf_model_file back = {0};
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        nmf_matrix W = {0}, V = {0}, Y = {0}, Z = {0};
        double error = 0.0, squares = 0.0, off = 0.0;
        SUPPORT_OK(nmf_model_encode(&bytes, &file, false, &err), err);
        SUPPORT_OK(
            nmf_model_decode(&back, bytes.data, bytes.size, "m", 0, &err), err);
        assert_null(nmf_model_file_activations(&back));
        assert_int_equal(back.n_pictures, 0);
        SUPPORT_OK(
            nmf_decomposition_transform(&W, file.decomposition, &X, 1, &err),
            err);
        SUPPORT_OK(nmf_model_file_transform(&V, &back, &X, 1, &err), err);
        assert_same_matrix(&W, &V);
        SUPPORT_OK(nmf_decomposition_inverse_transform(&Y, file.decomposition,
                                                       &W, 1, &err),
                   err);
        SUPPORT_OK(nmf_model_file_inverse_transform(&Z, &back, &V, 1, &err),
                   err);
        assert_same_matrix(&Y, &Z);
        SUPPORT_OK(
            nmf_model_file_relative_error(&error, &back, &X, &V, 1, &err), err);
        for (size_t j = 0; j < 4 * COLS; j++) {
            squares += (double)X.data[j] * (double)X.data[j];
            off += pow((double)X.data[j] - (double)Z.data[j], 2.0);
        }
        SUPPORT_NEAR(error, sqrt(off / squares), 1e-12);
        nmf_matrix_release(&W);
        nmf_matrix_release(&V);
        nmf_matrix_release(&Y);
        nmf_matrix_release(&Z);
        nmf_bytes_release(&bytes);
        nmf_model_file_release(&back);
        nmf_decomposition_free(file.decomposition);
    }
    nmf_matrix_release(&X);
}

static void the_same_fit_gives_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_bytes a = encoded_sample(methods[i]);
        nmf_bytes b = encoded_sample(methods[i]);
        assert_int_equal(a.size, b.size);
        assert_memory_equal(a.data, b.data, a.size);
        nmf_bytes_release(&a);
        nmf_bytes_release(&b);
    }
}

static void every_truncation_and_flipped_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_bytes bytes = encoded_sample(methods[i]);
        for (size_t size = 0; size < bytes.size; size++) {
            nmf_error err = {0};
            SUPPORT_ASSERT(decode_status(&bytes, size, 0, &err) ==
                               NMF_ERR_FORMAT,
                           "%zu bytes: %s", size, err.message);
        }
        for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
            nmf_error err = {0};
            bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
            SUPPORT_ASSERT(decode_status(&bytes, bytes.size, 0, &err) ==
                               NMF_ERR_FORMAT,
                           "bit %zu: %s", bit, err.message);
            bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        }
        nmf_bytes_release(&bytes);
    }
}

static void mean_and_variances_count_towards_the_budget(void **state)
{
    nmf_bytes bytes = encoded_sample(NMF_METHOD_PCA);
    nmf_error err = {0};
    const size_t exact = sizeof(float) * (PARTS * COLS + COLS + ROWS * PARTS) +
                         24 * PARTS + sizeof pictures + strlen("a.png") +
                         strlen("b") + 2;
    (void)state;
    SUPPORT_OK(decode_status(&bytes, bytes.size, exact, &err), err);
    assert_int_equal(decode_status(&bytes, bytes.size, exact - 1, &err),
                     NMF_ERR_LIMIT);
    nmf_bytes_release(&bytes);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_model_file file = sample(methods[i]);
        nmf_bytes bytes = encoded_sample(methods[i]);
        nmf_status status = NMF_ERR_MEMORY;
        nmf_error err = {0};
        size_t n = 0;
        for (n = 1; status != NMF_OK; n++) {
            nmf_bytes again = {0};
            nmf_alloc_fail_at(n);
            status = nmf_model_encode(&again, &file, true, &err);
            nmf_alloc_fail_at(0);
            assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
            nmf_bytes_release(&again);
        }
        assert_int_equal(n, 3); /* the size is known beforehand */
        status = NMF_ERR_MEMORY;
        for (n = 1; status != NMF_OK; n++) {
            nmf_alloc_fail_at(n);
            status = decode_status(&bytes, bytes.size, 0, &err);
            nmf_alloc_fail_at(0);
            assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        }
        assert_true(n > 5);
        nmf_bytes_release(&bytes);
        nmf_decomposition_free(file.decomposition);
    }
}

static void refuse(const nmf_model_file *file, bool keep, const char *says)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    nmf_status status = nmf_model_encode(&bytes, file, keep, &err);
    SUPPORT_ASSERT(status == NMF_ERR_ARGUMENT && strstr(err.message, says),
                   "%s: %s", nmf_status_name(status), err.message);
    assert_null(bytes.data);
}

static void what_a_decoder_would_refuse_is_not_written(void **state)
{
    nmf_model_file file = sample(NMF_METHOD_PCA);
    nmf_model_file both = file;
    nmf_error err = {0};
    const nmf_decomposition *d = file.decomposition;
    const nmf_matrix *H = nmf_decomposition_components(d);
    const nmf_matrix *mean = nmf_decomposition_mean(d);
    nmf_component_variance variances[PARTS] = {{1.0, 1.0, 0.5},
                                               {0.5, 0.5, 0.25}};
    nmf_matrix parts = support_random(PARTS, COLS, 1);
    (void)state;
    SUPPORT_OK(nmf_model_create(&both.model, &parts, NULL, NULL, &err), err);
    refuse(&both, false, "a model and a decomposition at once");
    refuse(&(nmf_model_file){0}, false, "no model to write");
    for (int i = 0; i < 8; i++) {
        nmf_decomposition_summary summary = *nmf_decomposition_get_summary(d);
        nmf_component_variance v[PARTS];
        memcpy(v, variances, sizeof v);
        summary.tol = i == 0 ? -1.0 : summary.tol;
        summary.relative_error = i == 1 ? NAN : summary.relative_error;
        summary.total_variance = i == 2 ? INFINITY : summary.total_variance;
        summary.stop_reason = i == 3 ? (nmf_stop_reason)77 : NMF_STOP_TOL;
        v[1].singular_value = i == 4 ? -1.0 : 1.0;
        v[2].explained_variance = i == 5 ? NAN : 1.0;
        v[0].explained_variance_ratio = i == 6 ? INFINITY : 1.0;
        static const char *const says[] = {"tol",
                                           "relative_error",
                                           "the objective",
                                           "stop reason 77",
                                           "a singular value",
                                           "an explained variance",
                                           "a ratio of variances",
                                           "no activations to keep"};
        nmf_model_file bad = {0};
        SUPPORT_OK(nmf_decomposition_create(&bad.decomposition, H, mean, NULL,
                                            v, &summary, &err),
                   err);
        refuse(&bad, i == 7, says[i]);
        nmf_decomposition_free(bad.decomposition);
    }
    nmf_matrix_release(&parts);
    nmf_model_free(both.model);
    nmf_decomposition_free(file.decomposition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_saved_decomposition_is_loaded_as_it_was),
        cmocka_unit_test(a_loaded_one_does_what_it_did),
        cmocka_unit_test(the_same_fit_gives_the_same_bytes),
        cmocka_unit_test(every_truncation_and_flipped_bit_is_refused),
        cmocka_unit_test(mean_and_variances_count_towards_the_budget),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(what_a_decoder_would_refuse_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
