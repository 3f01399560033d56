/* What holds for every fit: sign, descent, determinism, agreement. */
#include "support.h"

#include "core/threads.h"
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All starts but the caller's own. */
static const nmf_init inits[] = {NMF_INIT_RANDOM, NMF_INIT_NNDSVD,
                                 NMF_INIT_NNDSVDA, NMF_INIT_NNDSVDAR};
enum { N_INITS = sizeof inits / sizeof inits[0] };

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

static bool is_valid(const nmf_matrix *m)
{
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->cols; j++) {
            float x = nmf_matrix_row(m, i)[j];
            if (!(x >= 0.0F && isfinite(x))) {
                return false;
            }
        }
    }
    return true;
}

typedef struct descent {
    double before;
    size_t n_rises;
} descent;

/* Rounding of the free error: 1e-5 relative covers it above 1e-2. */
static bool watch(const nmf_progress *progress, void *context)
{
    descent *d = context;
    if (progress->relative_error > d->before * (1 + 1e-5) &&
        progress->relative_error > 1e-6) {
        d->n_rises++;
    }
    d->before = progress->relative_error;
    return true;
}

/* As pictures have them: whole numbers of 8 bits over 255. */
static void make_8_bit(nmf_matrix *X)
{
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        X->data[i] = (float)(int)(X->data[i] * 256.0F) / 255.0F;
    }
}

/*
 * Half of them of 8 bits, for products in bfloat16, with fewer components: as
 * many as there are rows would fit them to the last bit of a float.
 */
static void the_objective_never_rises_and_factors_stay_valid(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 48; seed++) {
        size_t rows = 1 + seed * 7 % 60, cols = 1 + seed * 11 % 50;
        size_t most = rows < cols ? rows : cols;
        nmf_matrix X = support_random(rows, cols, seed);
        if (seed >= 24) {
            make_8_bit(&X);
        }
        nmf_options options = NMF_OPTIONS_INIT;
        descent d = {INFINITY, 0};
        options.n_components = 1 + seed % (seed < 24 ? most : (most + 1) / 2);
        options.solver = nmf_solver_name(seed % nmf_solver_count());
        options.init = inits[seed / 2 % N_INITS];
        options.seed = seed;
        options.max_iter = seed < 24 ? 40 : 120;
        options.tol = 0.0;
        options.callback = watch;
        options.callback_context = &d;
        nmf_model *model = fit(&X, &options);
        SUPPORT_ASSERT(d.n_rises == 0, "seed %u, %zu x %zu: %zu rises",
                       (unsigned)seed, rows, cols, d.n_rises);
        assert_true(is_valid(nmf_model_components(model)));
        assert_true(is_valid(nmf_model_activations(model)));
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
}

static void exact_data_are_fitted_to_the_end(void **state)
{
    size_t solved = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        nmf_matrix X = support_random_rank(40, 30, 4, seed);
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = 4;
        options.solver = nmf_solver_name(seed % nmf_solver_count());
        options.seed = seed;
        options.max_iter = 3000;
        options.tol = 1e-7;
        nmf_model *model = fit(&X, &options);
        solved += nmf_model_summary(model)->relative_error < 2e-3;
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
    SUPPORT_ASSERT(solved >= 6, "%zu of 8", solved);
}

/*
 * Sums of parts that do not overlap, in bytes: factors with 8 bits of
 * significand would be off by a thousandth.
 */
static void exact_bytes_are_fitted_beyond_bfloat16(void **state)
{
    size_t solved = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        nmf_matrix X = support_random(80, 60, seed);
        nmf_matrix on = support_random(80, 4, seed + 10);
        nmf_options options = NMF_OPTIONS_INIT;
        for (size_t i = 0; i < X.rows; i++) {
            float *x = nmf_matrix_row(&X, i);
            for (size_t j = 0; j < X.cols; j++) {
                bool is_on = nmf_matrix_row(&on, i)[j % 4] < 0.5F;
                x[j] = is_on ? (float)(100 + 2 * j) / 255.0F : 0.0F;
            }
        }
        options.n_components = 4;
        options.seed = seed;
        options.max_iter = 500;
        options.tol = 0.0;
        nmf_model *model = fit(&X, &options);
        solved += nmf_model_summary(model)->relative_error < 2e-5;
        nmf_model_free(model);
        nmf_matrix_release(&X);
        nmf_matrix_release(&on);
    }
    SUPPORT_ASSERT(solved >= 4, "%zu of 6", solved);
}

/*
 * Many bright samples: sums of a hundred thousand squares in float, all of
 * them rounded down, would make the error that comes free a wrong one.
 */
static void the_error_is_that_of_the_factors_for_long_data(void **state)
{
    nmf_matrix X = support_random(150000, 8, 6);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    double direct = 0.0;
    (void)state;
    for (size_t i = 0; i < X.rows * X.cols; i++) {
        X.data[i] = (float)(int)(205.0F + 50.0F * X.data[i]) / 255.0F;
    }
    options.n_components = 2;
    options.max_iter = 8;
    options.tol = 0.0;
    nmf_model *model = fit(&X, &options);
    double error = nmf_model_summary(model)->relative_error;
    SUPPORT_OK(nmf_relative_error(&direct, &X, nmf_model_activations(model),
                                  nmf_model_components(model), 1, &err),
               err);
    SUPPORT_ASSERT(fabs(error - direct) < 5e-5 * direct, "%.9g, summed up %.9g",
                   error, direct);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

/* Degenerate data: never NaN, never a crash, the error that is possible. */
static void degenerate_data_have_an_answer(void **state)
{
    nmf_error err = {0};
    (void)state;
    for (int trial = 0; trial < 10 * N_INITS; trial++) {
        const size_t solver = (size_t)trial % 2;
        const int kind = trial / 2 % 5;
        nmf_matrix X = support_random(12, 9, 5);
        for (size_t i = 0; i < 12; i++) {
            for (size_t j = 0; j < 9; j++) {
                float *x = &nmf_matrix_row(&X, i)[j];
                *x = kind == 0   ? 1.0F                       /* constant */
                     : kind == 1 ? (i == 3 ? 0.0F : *x)       /* black row */
                     : kind == 2 ? (j % 2 == 0 ? 0.0F : *x)   /* dead pixels */
                     : kind == 3 ? nmf_matrix_row(&X, 0)[j]   /* duplicates */
                                 : (i + j == 0 ? 1e-20F : 0); /* one, tiny */
            }
        }
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = 5;
        options.solver = nmf_solver_name(solver);
        options.init = inits[trial / 10];
        options.max_iter = 200;
        nmf_model *model = fit(&X, &options);
        assert_true(is_valid(nmf_model_components(model)));
        assert_true(is_valid(nmf_model_activations(model)));
        double error = nmf_model_summary(model)->relative_error, direct = 0.0;
        SUPPORT_OK(nmf_relative_error(&direct, &X, nmf_model_activations(model),
                                      nmf_model_components(model), 1, &err),
                   err);
        SUPPORT_ASSERT(isfinite(error) && fabs(error - direct) < 1e-5,
                       "kind %d: %g, summed up %g", kind, error, direct);
        assert_true(kind != 0 && kind != 3 ? error < 1.0 : error < 1e-3);
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
    nmf_matrix one = support_random(1, 1, 1);
    nmf_model *model = fit(&one, NULL);
    assert_true(nmf_model_summary(model)->relative_error < 1e-6);
    nmf_model_free(model);
    nmf_matrix_release(&one);
}

static void check_threads(const nmf_matrix *X, const char *solver,
                          nmf_init init)
{
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_model *first = NULL;
    options.n_components = 21;
    options.max_iter = 8;
    options.solver = solver;
    options.init = init;
    for (unsigned threads = 1; threads <= 7; threads += 3) {
        options.n_threads = threads;
        nmf_model *model = fit(X, &options);
        assert_int_equal(nmf_model_summary(model)->threads,
                         nmf_threads(threads)); /* 1 without OpenMP */
        if (first) {
            const nmf_matrix *W = nmf_model_activations(first);
            const nmf_matrix *H = nmf_model_components(first);
            assert_memory_equal(W->data, nmf_model_activations(model)->data,
                                W->rows * W->cols * sizeof(float));
            assert_memory_equal(H->data, nmf_model_components(model)->data,
                                H->rows * H->cols * sizeof(float));
            assert_true(nmf_model_summary(first)->relative_error ==
                        nmf_model_summary(model)->relative_error);
            nmf_model_free(model);
        } else {
            first = model;
        }
    }
    options.init = NMF_INIT_RANDOM;
    options.seed = 1;
    nmf_model *other = fit(X, &options);
    assert_memory_not_equal(nmf_model_components(first)->data,
                            nmf_model_components(other)->data, 100);
    nmf_model_free(first);
    nmf_model_free(other);
}

/* Tall and wide, large enough for seven threads to be worth it. */
static void threads_change_the_time_and_never_the_factors(void **state)
{
    nmf_matrix tall = support_random(900, 400, 12);
    nmf_matrix wide = support_random(400, 900, 13);
    (void)state;
    for (size_t i = 0; i < nmf_solver_count(); i++) {
        check_threads(&tall, nmf_solver_name(i), NMF_INIT_RANDOM);
        check_threads(&wide, nmf_solver_name(i), NMF_INIT_RANDOM);
    }
    make_8_bit(&tall);
    make_8_bit(&wide);
    check_threads(&tall, NULL, NMF_INIT_RANDOM);
    check_threads(&tall, NULL, NMF_INIT_NNDSVDAR);
    check_threads(&wide, NULL, NMF_INIT_RANDOM);
    check_threads(&wide, NULL, NMF_INIT_NNDSVD);
    nmf_matrix_release(&tall);
    nmf_matrix_release(&wide);
}

static void scaling_the_data_scales_the_answer(void **state)
{
    nmf_matrix X = support_random(50, 40, 13),
               scaled = support_random(50, 40, 13);
    nmf_options options = NMF_OPTIONS_INIT;
    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        scaled.data[i] *= 4096.0F; /* exact in binary */
    }
    options.n_components = 6;
    options.max_iter = 30;
    nmf_model *a = fit(&X, &options), *b = fit(&scaled, &options);
    SUPPORT_NEAR(nmf_model_summary(a)->relative_error,
                 nmf_model_summary(b)->relative_error, 1e-6);
    nmf_model_free(a);
    nmf_model_free(b);
    nmf_matrix_release(&X);
    nmf_matrix_release(&scaled);
}

static double *to_double(const nmf_matrix *m)
{
    double *x = calloc(m->rows * m->cols, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        x[i] = (double)m->data[i];
    }
    return x;
}

/* Iteration by iteration the same as the plain formulas in double. */
static void cd_is_plain_coordinate_descent(void **state)
{
    const size_t m = 25, n = 18, k = 5;
    (void)state;
    nmf_matrix X = support_random(m, n, 21);
    nmf_matrix W0 = support_random(m, k, 22), H0 = support_random(k, n, 23);
    double *x = to_double(&X), *w = to_double(&W0), *h = to_double(&H0);
    for (size_t n_iter = 1; n_iter <= 8; n_iter++) {
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = k;
        options.solver = "cd";
        options.init = NMF_INIT_CUSTOM;
        options.W0 = &W0;
        options.H0 = &H0;
        options.max_iter = n_iter;
        options.tol = 0.0;
        nmf_model *model = fit(&X, &options);
        reference_coordinate_descent(w, h, x, m, n, k, 1);
        for (size_t i = 0; i < m * k; i++) {
            double got = (double)nmf_model_activations(model)->data[i];
            SUPPORT_ASSERT(fabs(got - w[i]) < 1e-4,
                           "iteration %zu, W entry %zu: %g, expected %g",
                           n_iter, i, got, w[i]);
        }
        for (size_t i = 0; i < k * n; i++) {
            double got = (double)nmf_model_components(model)->data[i];
            SUPPORT_ASSERT(fabs(got - h[i]) < 1e-4,
                           "iteration %zu, H entry %zu: %g, expected %g",
                           n_iter, i, got, h[i]);
        }
        nmf_model_free(model);
    }
    free(x);
    free(w);
    free(h);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
}

static void transform_of_the_training_set_is_the_fits_own_W(void **state)
{
    nmf_matrix X = support_random(60, 45, 31), W = {0};
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    double difference = 0.0, norm = 0.0;
    (void)state;
    options.n_components = 7;
    options.tol = 1e-4;
    options.max_iter = 20000;
    nmf_model *model = fit(&X, &options);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_TOL);
    SUPPORT_OK(nmf_transform(&W, model, &X, 0, &err), err);
    for (size_t i = 0; i < W.rows * W.cols; i++) {
        double w = (double)nmf_model_activations(model)->data[i];
        difference += (w - (double)W.data[i]) * (w - (double)W.data[i]);
        norm += w * w;
    }
    SUPPORT_ASSERT(sqrt(difference / norm) < 1e-3, "relative difference %g",
                   sqrt(difference / norm));
    nmf_model_free(model);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W);
}

/*
 * Rounding decides the last steps of small sets. An error that once came out
 * too low must not keep the fit from ending.
 */
static void fits_of_small_sets_end_by_tol(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        const size_t m = 4 + seed * 7 % 37, n = 3 + seed * 11 % 29;
        const size_t most = m < n ? m : n;
        nmf_matrix X = support_random(m, n, seed);
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = 1 + seed % (most / 2);
        options.seed = seed;
        options.tol = 1e-3;
        options.max_iter = 20000;
        nmf_model *model = fit(&X, &options);
        SUPPORT_ASSERT(nmf_model_summary(model)->stop_reason == NMF_STOP_TOL,
                       "seed %u, %zu x %zu, k %zu: %zu iterations",
                       (unsigned)seed, m, n, options.n_components,
                       nmf_model_summary(model)->n_iter);
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
}

/* Components that start as zero are put to use; the error falls on. */
static void dead_components_are_put_to_use_again(void **state)
{
    (void)state;
    for (int is_tall = 0; is_tall < 2; is_tall++) {
        const size_t m = is_tall ? 90 : 40, n = is_tall ? 40 : 90, k = 6;
        nmf_matrix X = support_random(m, n, 41);
        nmf_matrix W0 = support_random(m, k, 42), H0 = support_random(k, n, 43);
        nmf_options options = NMF_OPTIONS_INIT;
        descent d = {INFINITY, 0};
        memset(nmf_matrix_row(&H0, 2), 0, n * sizeof(float));
        for (size_t i = 0; i < m; i++) {
            nmf_matrix_row(&W0, i)[2] = 0.0F;
            nmf_matrix_row(&W0, i)[5] = 0.0F;
        }
        memset(nmf_matrix_row(&H0, 5), 0, n * sizeof(float));
        options.n_components = k;
        options.init = NMF_INIT_CUSTOM;
        options.W0 = &W0;
        options.H0 = &H0;
        options.max_iter = 100;
        options.callback = watch;
        options.callback_context = &d;
        nmf_model *model = fit(&X, &options);
        assert_int_equal(d.n_rises, 0);
        for (size_t t = 0; t < k; t++) {
            const float *h = nmf_matrix_row(nmf_model_components(model), t);
            float largest = 0.0F;
            for (size_t j = 0; j < n; j++) {
                largest = fmaxf(largest, h[j]);
            }
            SUPPORT_ASSERT(largest > 0.0F, "part %zu is dead", t);
        }
        nmf_model_free(model);
        nmf_matrix_release(&X);
        nmf_matrix_release(&W0);
        nmf_matrix_release(&H0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_objective_never_rises_and_factors_stay_valid),
        cmocka_unit_test(exact_data_are_fitted_to_the_end),
        cmocka_unit_test(exact_bytes_are_fitted_beyond_bfloat16),
        cmocka_unit_test(the_error_is_that_of_the_factors_for_long_data),
        cmocka_unit_test(degenerate_data_have_an_answer),
        cmocka_unit_test(threads_change_the_time_and_never_the_factors),
        cmocka_unit_test(scaling_the_data_scales_the_answer),
        cmocka_unit_test(dead_components_are_put_to_use_again),
        cmocka_unit_test(cd_is_plain_coordinate_descent),
        cmocka_unit_test(transform_of_the_training_set_is_the_fits_own_W),
        cmocka_unit_test(fits_of_small_sets_end_by_tol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
