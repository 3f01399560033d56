/* nmf_decompose() and what belongs to it keep the word of decompose.h. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static const nmf_method methods[] = {NMF_METHOD_PCA, NMF_METHOD_SVD,
                                     NMF_METHOD_VQ, NMF_METHOD_PLSA};
enum { N_METHODS = sizeof methods / sizeof methods[0] };

static nmf_decompose_options options_of(nmf_method method, size_t k)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    options.method = method;
    options.n_components = k;
    return options;
}

/* Expect a status, a part of the message, and no decomposition. */
static void refuse(const nmf_matrix *X, const nmf_decompose_options *options,
                   nmf_status status, const char *says)
{
    nmf_decomposition *d = (nmf_decomposition *)1;
    nmf_error err = {0};
    nmf_status got = nmf_decompose(&d, X, options, &err);
    SUPPORT_ASSERT(got == status && strstr(err.message, says),
                   "%s: %s, expected %s", nmf_status_name(got), err.message,
                   says);
    assert_null(d);
    assert_int_equal(nmf_decompose(&d, X, options, NULL), status);
}

static void methods_have_names(void **state)
{
    (void)state;
    assert_string_equal(nmf_method_name(NMF_METHOD_NMF), "nmf");
    assert_string_equal(nmf_method_name(NMF_METHOD_PCA), "pca");
    assert_string_equal(nmf_method_name(NMF_METHOD_SVD), "svd");
    assert_string_equal(nmf_method_name(NMF_METHOD_VQ), "vq");
    assert_string_equal(nmf_method_name(NMF_METHOD_PLSA), "plsa");
    assert_null(nmf_method_name((nmf_method)5));
    assert_null(nmf_method_name((nmf_method)-1));
}

static void entries_are_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 3);
        nmf_matrix X = support_random(9, 6, 1);
        float *x = &nmf_matrix_row(&X, 4)[5];
        *x = NAN;
        refuse(&X, &options, NMF_ERR_DATA, "NaN (not a number) at row 4, col");
        *x = -INFINITY;
        refuse(&X, &options, NMF_ERR_DATA, "infinite entry at row 4, column 5");
        *x = -0.25F;
        if (methods[i] == NMF_METHOD_PLSA) {
            refuse(&X, &options, NMF_ERR_DATA, "negative entry -0.25 at row 4");
            memset(X.data, 0, 54 * sizeof *X.data);
            refuse(&X, &options, NMF_ERR_DATA, "nothing to learn");
        } else {
            nmf_decomposition *d = NULL;
            nmf_error err = {0};
            SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
            nmf_decomposition_free(d);
            memset(X.data, 0, 54 * sizeof *X.data);
            SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
            assert_true(nmf_decomposition_get_summary(d)->relative_error ==
                        0.0);
            nmf_decomposition_free(d);
        }
        nmf_matrix_release(&X);
    }
}

static void options_are_looked_at(void **state)
{
    nmf_matrix X = support_random(9, 6, 1), wide = support_random(4, 6, 1);
    nmf_matrix H0 = support_random(3, 5, 1);
    nmf_matrix empty = {0};
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        const bool is_vq = methods[i] == NMF_METHOD_VQ;
        nmf_decompose_options options = options_of(methods[i], is_vq ? 10 : 7);
        refuse(&X, &options, NMF_ERR_ARGUMENT, "allows at most");
        options.n_components = 5;
        refuse(&wide, &options, NMF_ERR_ARGUMENT, "allows at most 4");
        options.n_components = 3;
        refuse(&empty, &options, NMF_ERR_ARGUMENT, "the data is empty");
        options.tol = -1.0;
        refuse(&X, &options, NMF_ERR_ARGUMENT, "tol is -1");
        options.tol = NAN;
        refuse(&X, &options, NMF_ERR_ARGUMENT, "expected a number >= 0");
        options.tol = 0.0;
        options.max_iter = 0;
        refuse(&X, &options, NMF_ERR_ARGUMENT, "max_iter is 0");
        options.max_iter = 1;
        options.max_seconds = NAN;
        refuse(&X, &options, NMF_ERR_ARGUMENT, "max_seconds");
        options.max_seconds = 0.0;
        options.H0 = &H0;
        refuse(&X, &options, NMF_ERR_ARGUMENT,
               is_vq ? "H0 is 3 x 5, expected 3 x 6" : "has none");
    }
    nmf_decompose_options options = options_of((nmf_method)77, 3);
    refuse(&X, &options, NMF_ERR_ARGUMENT, "unknown method 77");
    options.method = NMF_METHOD_NMF;
    refuse(&X, &options, NMF_ERR_ARGUMENT, "nmf_fit()");
    /* More centres than features are fine, where there are samples. */
    options = options_of(NMF_METHOD_VQ, 9);
    nmf_decomposition *d = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
    assert_true(nmf_decomposition_get_summary(d)->relative_error < 1e-6);
    nmf_decomposition_free(d);
    nmf_matrix_release(&X);
    nmf_matrix_release(&wide);
    nmf_matrix_release(&H0);
}

static bool stop_at_second(const nmf_decompose_progress *progress,
                           void *context)
{
    size_t *n_calls = context;
    assert_int_equal(progress->n_iter, ++*n_calls);
    assert_int_equal(progress->n_samples, 60);
    assert_int_equal(progress->n_features, 30);
    assert_int_equal(progress->n_components, 9);
    assert_true(progress->objective > 0.0 && progress->wall_seconds >= 0.0);
    return *n_calls < 2;
}

static void a_callback_and_the_limits_end_it(void **state)
{
    static const nmf_method iterative[] = {NMF_METHOD_VQ, NMF_METHOD_PLSA};
    nmf_matrix X = support_random(60, 30, 1);
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        nmf_decompose_options options = options_of(iterative[i % 2], 9);
        nmf_decomposition *d = NULL;
        nmf_error err = {0};
        size_t n_calls = 0;
        options.tol = 0.0;
        if (i < 2) {
            options.callback = stop_at_second;
            options.callback_context = &n_calls;
        } else {
            options.max_iter = 1;
        }
        SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        const nmf_decomposition_summary *s = nmf_decomposition_get_summary(d);
        assert_int_equal(s->n_iter, i < 2 ? 2 : 1);
        assert_int_equal(s->stop_reason,
                         i < 2 ? NMF_STOP_CANCELLED : NMF_STOP_MAX_ITER);
        nmf_decomposition_free(d);
        options.callback = NULL;
        options.max_iter = 1000000;
        options.max_seconds = 1e-9;
        SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        s = nmf_decomposition_get_summary(d);
        assert_int_equal(s->n_iter, 1);
        assert_int_equal(s->stop_reason, NMF_STOP_MAX_SECONDS);
        nmf_decomposition_free(d);
    }
    nmf_matrix_release(&X);
}

/* What a file would hold is enough for transform and back. */
static void a_copy_from_its_parts_works_as_well(void **state)
{
    nmf_matrix X = support_random(30, 12, 1);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 4);
        nmf_decomposition *d = NULL, *copy = NULL;
        nmf_matrix a = {0}, b = {0}, x = {0}, y = {0};
        SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        SUPPORT_OK(
            nmf_decomposition_create(&copy, nmf_decomposition_components(d),
                                     nmf_decomposition_mean(d), NULL, NULL,
                                     nmf_decomposition_get_summary(d), &err),
            err);
        assert_null(nmf_decomposition_activations(copy));
        assert_null(nmf_decomposition_variances(copy));
        SUPPORT_OK(nmf_decomposition_transform(&a, d, &X, 1, &err), err);
        SUPPORT_OK(nmf_decomposition_transform(&b, copy, &X, 1, &err), err);
        assert_memory_equal(a.data, b.data, 120 * sizeof(float));
        SUPPORT_OK(nmf_decomposition_inverse_transform(&x, d, &a, 1, &err),
                   err);
        SUPPORT_OK(nmf_decomposition_inverse_transform(&y, copy, &b, 1, &err),
                   err);
        assert_memory_equal(x.data, y.data, 360 * sizeof(float));
        nmf_matrix_release(&a);
        nmf_matrix_release(&b);
        nmf_matrix_release(&x);
        nmf_matrix_release(&y);
        nmf_decomposition_free(d);
        nmf_decomposition_free(copy);
    }
    nmf_matrix_release(&X);
}

static void parts_that_do_not_fit_are_refused(void **state)
{
    nmf_matrix H = support_random(3, 5, 1), mean = support_random(1, 5, 1);
    nmf_matrix W = support_random(7, 2, 1),
               short_mean = support_random(1, 4, 1);
    nmf_matrix none = {0};
    nmf_decomposition_summary pca = {.method = NMF_METHOD_PCA};
    nmf_decomposition_summary vq = {.method = NMF_METHOD_VQ};
    nmf_decomposition_summary plsa = {.method = NMF_METHOD_PLSA};
    nmf_decomposition_summary nmf = {.method = NMF_METHOD_NMF};
    const struct {
        const nmf_matrix *H, *mean, *W;
        const nmf_decomposition_summary *summary;
        const char *says;
    } cases[] = {
        {&H, NULL, NULL, &pca, "pca has a mean"},
        {&H, &mean, NULL, &vq, "vq has no mean"},
        {&H, &short_mean, NULL, &pca, "1 x 4, expected 1 x 5"},
        {&H, &mean, &W, &pca, "activations have 2 columns"},
        {&none, NULL, NULL, &vq, "components of 0 x 0"},
        {&H, NULL, NULL, &nmf, "nmf_fit()"},
    };
    nmf_decomposition *d = NULL;
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        d = (nmf_decomposition *)1;
        assert_int_equal(nmf_decomposition_create(&d, cases[i].H, cases[i].mean,
                                                  cases[i].W, NULL,
                                                  cases[i].summary, &err),
                         NMF_ERR_ARGUMENT);
        SUPPORT_ASSERT(strstr(err.message, cases[i].says), "%s", err.message);
        assert_null(d);
    }
    H.data[4] = -1.0F;
    assert_int_equal(
        nmf_decomposition_create(&d, &H, NULL, NULL, NULL, &plsa, &err),
        NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "components: negative entry -1"));
    SUPPORT_OK(nmf_decomposition_create(&d, &H, NULL, NULL, NULL, &vq, &err),
               err);
    nmf_decomposition_free(d);
    /* variances are of signed components; labels of vq are one 1 a row */
    const nmf_component_variance variances[3] = {{1.0, 1.0, 1.0}};
    assert_int_equal(
        nmf_decomposition_create(&d, &H, NULL, NULL, variances, &vq, &err),
        NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "vq has no variances"));
    nmf_matrix labels = support_random(7, 3, 1);
    assert_int_equal(
        nmf_decomposition_create(&d, &H, NULL, &labels, NULL, &vq, &err),
        NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "row 0 (from 0) of vq"));
    nmf_matrix_release(&labels);
    nmf_matrix_release(&H);
    nmf_matrix_release(&mean);
    nmf_matrix_release(&W);
    nmf_matrix_release(&short_mean);
}

static void errors_and_sparseness_are_those_of_the_matrices(void **state)
{
    nmf_matrix X = support_random(700, 12, 1);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 4);
        nmf_decomposition *d = NULL;
        double error = -1.0;
        nmf_matrix few = nmf_matrix_view(X.data, 5, 12, X.ld);
        SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        const nmf_matrix *W = nmf_decomposition_activations(d);
        const nmf_decomposition_summary *s = nmf_decomposition_get_summary(d);
        assert_true(s->sparseness_activations == nmf_matrix_sparseness(W));
        assert_true(s->sparseness_components ==
                    nmf_matrix_sparseness(nmf_decomposition_components(d)));
        SUPPORT_OK(nmf_decomposition_relative_error(&error, d, &X, W, 1, &err),
                   err);
        SUPPORT_NEAR(error, s->relative_error, 1e-6);
        assert_int_equal(
            nmf_decomposition_relative_error(&error, d, &few, W, 1, &err),
            NMF_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "X of 5 x 12 and W of 700 x 4"));
        nmf_decomposition_free(d);
    }
    nmf_matrix_release(&X);
}

static void other_data_are_looked_at(void **state)
{
    nmf_matrix X = support_random(30, 12, 1), other = support_random(3, 11, 1);
    nmf_matrix none = nmf_matrix_view(NULL, 0, 12, 12);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 4);
        nmf_decomposition *d = NULL;
        nmf_matrix out = {0};
        SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        assert_int_equal(nmf_decomposition_transform(&out, d, &other, 1, &err),
                         NMF_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "11 features"));
        assert_int_equal(
            nmf_decomposition_inverse_transform(&out, d, &other, 1, &err),
            NMF_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "11 columns"));
        nmf_matrix bad = support_random(2, 12, 1);
        bad.data[13] = NAN;
        assert_int_equal(nmf_decomposition_transform(&out, d, &bad, 1, &err),
                         NMF_ERR_DATA);
        assert_null(out.data);
        nmf_matrix_release(&bad);
        SUPPORT_OK(nmf_decomposition_transform(&out, d, &none, 1, &err), err);
        assert_int_equal(out.rows, 0);
        nmf_decomposition_free(d);
    }
    nmf_decomposition_free(NULL);
    nmf_matrix_release(&X);
    nmf_matrix_release(&other);
}

static void every_allocation_may_fail(void **state)
{
    nmf_matrix X = support_random(40, 20, 1);
    (void)state;
    for (size_t i = 0; i < 2 * N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i / 2], 4);
        nmf_decomposition *d = NULL;
        nmf_status status = NMF_ERR_MEMORY;
        nmf_error err = {0};
        size_t n = 0;
        options.max_iter = 3;
        if (i % 2 == 1) {
            SUPPORT_OK(nmf_decompose(&d, &X, &options, &err), err);
        }
        while (status == NMF_ERR_MEMORY) {
            nmf_matrix W = {0}, Y = {0};
            nmf_alloc_fail_at(++n);
            if (i % 2 == 0) {
                status = nmf_decompose(&d, &X, &options, &err);
                assert_true((d != NULL) == (status == NMF_OK));
            } else {
                status = nmf_decomposition_transform(&W, d, &X, 1, &err);
                if (status == NMF_OK) {
                    status =
                        nmf_decomposition_inverse_transform(&Y, d, &W, 1, &err);
                }
                assert_true((Y.data != NULL) == (status == NMF_OK));
            }
            nmf_alloc_fail_at(0);
            nmf_matrix_release(&W);
            nmf_matrix_release(&Y);
        }
        assert_int_equal(status, NMF_OK);
        assert_true(n > 4);
        nmf_decomposition_free(d);
    }
    nmf_matrix_release(&X);
}

/* Rows farther apart than they are long. */
static void data_may_be_a_view(void **state)
{
    nmf_matrix wide = support_random(40, 50, 1);
    nmf_matrix view = nmf_matrix_view(wide.data + 7, 40, 20, 50), X = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&X, 40, 20, &err), err);
    for (size_t i = 0; i < 40; i++) {
        memcpy(nmf_matrix_row(&X, i), nmf_matrix_row(&view, i),
               20 * sizeof(float));
    }
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 4);
        nmf_decomposition *a = NULL, *b = NULL;
        SUPPORT_OK(nmf_decompose(&a, &view, &options, &err), err);
        SUPPORT_OK(nmf_decompose(&b, &X, &options, &err), err);
        assert_memory_equal(nmf_decomposition_components(a)->data,
                            nmf_decomposition_components(b)->data,
                            80 * sizeof(float));
        assert_memory_equal(nmf_decomposition_activations(a)->data,
                            nmf_decomposition_activations(b)->data,
                            160 * sizeof(float));
        nmf_decomposition_free(a);
        nmf_decomposition_free(b);
    }
    nmf_matrix_release(&wide);
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_have_names),
        cmocka_unit_test(entries_are_looked_at),
        cmocka_unit_test(options_are_looked_at),
        cmocka_unit_test(a_callback_and_the_limits_end_it),
        cmocka_unit_test(a_copy_from_its_parts_works_as_well),
        cmocka_unit_test(parts_that_do_not_fit_are_refused),
        cmocka_unit_test(errors_and_sparseness_are_those_of_the_matrices),
        cmocka_unit_test(other_data_are_looked_at),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(data_may_be_a_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
