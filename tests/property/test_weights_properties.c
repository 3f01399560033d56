/*
 * What holds where entries have weights, are missing or held out: what is not
 * to be looked at changes nothing, what is missing is predicted, the weighted
 * objective falls and is that of the formula.
 */
#include "support.h"

#include "core/alloc.h"
#include "core/observed.h"
#include "core/threads.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Solvers that can do it, with a loss each. */
typedef struct way {
    const char *solver;
    double beta;
} way;

static const way ways[] = {
    {"hals", 2.0}, {"cd", 2.0},        {"mu", 2.0},       {"mu", 1.0},
    {"mu", 0.0},   {"mu", 0.5},        {"mu-plain", 2.0}, {"mu-plain", 1.0},
    {"mu", 3.0},   {"mu-plain", -0.5},
};
enum { N_WAYS = sizeof ways / sizeof ways[0] };

static nmf_options options_of(const way *w, size_t k)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    options.solver = w->solver;
    options.beta_loss = w->beta;
    options.tol = 0.0;
    return options;
}

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

/* 0 for a part of the entries, 1 for the others. */
static nmf_matrix random_mask(size_t rows, size_t cols, float missing,
                              uint64_t seed)
{
    nmf_matrix M = support_random(rows, cols, seed);
    for (size_t i = 0; i < rows * cols; i++) {
        M.data[i] = M.data[i] < missing ? 0.0F : 1.0F;
    }
    return M;
}

/* Also weights between, up to `most`. */
static nmf_matrix random_weights(size_t rows, size_t cols, float missing,
                                 float most, uint64_t seed)
{
    nmf_matrix M = random_mask(rows, cols, missing, seed);
    for (size_t i = 0; i < rows * cols; i++) {
        M.data[i] *= most * (0.05F + support_uniform(&seed));
    }
    return M;
}

static void make_positive(nmf_matrix *X)
{
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        X->data[i] += 0.01F;
    }
}

static void assert_same_bytes(const nmf_model *a, const nmf_model *b,
                              const char *what)
{
    const nmf_matrix *W = nmf_model_activations(a);
    const nmf_matrix *H = nmf_model_components(a);
    SUPPORT_ASSERT(memcmp(W->data, nmf_model_activations(b)->data,
                          W->rows * W->cols * sizeof(float)) == 0 &&
                       memcmp(H->data, nmf_model_components(b)->data,
                              H->rows * H->cols * sizeof(float)) == 0 &&
                       nmf_model_summary(a)->objective ==
                           nmf_model_summary(b)->objective,
                   "%s: other factors", what);
}

static void assert_valid(const nmf_matrix *m, const char *what)
{
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        SUPPORT_ASSERT(m->data[i] >= 0.0F && isfinite(m->data[i]),
                       "%s: entry %zu is %g", what, i, (double)m->data[i]);
    }
}

/* ---- prediction ---- */

/* Relative error over the entries whose weight is 0. */
static double error_of_missing(const nmf_model *model, const nmf_matrix *X,
                               const nmf_matrix *M)
{
    nmf_matrix V = {0};
    nmf_error err = {0};
    double squares = 0.0, norm = 0.0;
    SUPPORT_OK(
        nmf_inverse_transform(&V, model, nmf_model_activations(model), 1, &err),
        err);
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        if (M->data[i] == 0.0F) {
            double d = (double)X->data[i] - (double)V.data[i];
            squares += d * d;
            norm += (double)X->data[i] * (double)X->data[i];
        }
    }
    nmf_matrix_release(&V);
    return sqrt(squares / norm);
}

/* Multiplicative updates only approach the zeros of the factors. */
static void missing_entries_of_a_planted_matrix_are_predicted(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        nmf_matrix X = support_random_rank(60, 45, 3, seed);
        nmf_matrix M = random_mask(60, 45, 0.3F, seed + 7);
        nmf_matrix given = {0};
        nmf_error err = {0};
        make_positive(&X);
        SUPPORT_OK(nmf_matrix_copy(&given, &X, &err), err);
        for (size_t i = 0; i < X.rows * X.cols; i++) {
            given.data[i] = M.data[i] > 0.0F ? X.data[i] : 1000.0F;
        }
        for (size_t w = 0; w < N_WAYS; w++) {
            const bool is_plain = strcmp(ways[w].solver, "mu-plain") == 0;
            nmf_options options = options_of(&ways[w], 4); /* 3 and 0.01 */
            options.weights = &M;
            options.max_iter = is_plain ? 4000 : 1500;
            nmf_model *model = fit(&given, &options);
            const double error = error_of_missing(model, &X, &M);
            SUPPORT_ASSERT(error < 0.02, "seed %u, %s, beta %g: %g",
                           (unsigned)seed, ways[w].solver, ways[w].beta, error);
            nmf_model_free(model);
        }
        nmf_matrix_release(&X);
        nmf_matrix_release(&M);
        nmf_matrix_release(&given);
    }
}

/* ---- what weights mean ---- */

/* The same iterations, rounded otherwise. */
static void weights_of_one_are_none(void **state)
{
    nmf_matrix X = support_random(50, 33, 3), M = random_mask(50, 33, 0.0F, 1);
    (void)state;
    make_positive(&X);
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 5);
        const bool is_hals = strcmp(ways[w].solver, "hals") == 0;
        /* The unweighted one sweeps several times: compare the minima. */
        options.n_components = is_hals ? 1 : 5;
        options.max_iter = is_hals ? 500 : 25;
        nmf_model *plain = fit(&X, &options);
        options.weights = &M;
        nmf_model *weighted = fit(&X, &options);
        const double a = nmf_model_summary(plain)->objective;
        const double b = nmf_model_summary(weighted)->objective;
        SUPPORT_ASSERT(fabs(a - b) < 1e-5 * a, "%s, beta %g: %.9g and %.9g",
                       ways[w].solver, ways[w].beta, a, b);
        SUPPORT_NEAR(nmf_model_summary(weighted)->relative_error,
                     nmf_model_summary(plain)->relative_error, 1e-5);
        nmf_model_free(plain);
        nmf_model_free(weighted);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

/* With one component there is one minimum, and one alone. */
static void a_weight_of_two_is_the_sample_twice(void **state)
{
    nmf_matrix X = support_random(24, 18, 5), twice = support_random(30, 18, 5);
    nmf_matrix M = random_mask(24, 18, 0.0F, 1);
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        memcpy(nmf_matrix_row(&twice, i), nmf_matrix_row(&X, i % 24),
               18 * sizeof(float));
    }
    for (size_t i = 0; i < 6 * 18; i++) {
        M.data[i] = 2.0F;
    }
    make_positive(&X);
    make_positive(&twice);
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 1);
        options.max_iter = 2000;
        nmf_model *longer = fit(&twice, &options);
        options.weights = &M;
        nmf_model *weighted = fit(&X, &options);
        const double a = nmf_model_summary(longer)->objective;
        const double b = nmf_model_summary(weighted)->objective;
        SUPPORT_ASSERT(fabs(a - b) < 2e-5 * a, "%s, beta %g: %.9g and %.9g",
                       ways[w].solver, ways[w].beta, a, b);
        nmf_model_free(longer);
        nmf_model_free(weighted);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&twice);
    nmf_matrix_release(&M);
}

/* A power of two changes exponents alone, also where it is a huge one. */
static void the_unit_of_weights_scales_the_objective_alone(void **state)
{
    const float units[] = {1024.0F, 0x1p-90F, 0x1p100F};
    nmf_matrix X = support_random(30, 20, 8);
    nmf_matrix M = random_weights(30, 20, 0.2F, 1.0F, 4);
    (void)state;
    make_positive(&X);
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 4);
        options.weights = &M;
        options.max_iter = 12;
        nmf_model *plain = fit(&X, &options);
        for (size_t u = 0; u < 3; u++) {
            nmf_matrix scaled = support_random(30, 20, 1);
            for (size_t i = 0; i < 30 * 20; i++) {
                scaled.data[i] = M.data[i] * units[u];
            }
            options.weights = &scaled;
            nmf_model *other = fit(&X, &options);
            assert_memory_equal(nmf_model_components(plain)->data,
                                nmf_model_components(other)->data,
                                4 * 20 * sizeof(float));
            assert_true(nmf_model_summary(other)->objective ==
                        nmf_model_summary(plain)->objective * (double)units[u]);
            nmf_model_free(other);
            nmf_matrix_release(&scaled);
        }
        nmf_model_free(plain);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

/* ---- what is missing is not looked at ---- */

static void check_blindness(const way *w, nmf_init init)
{
    const float junk[] = {-1.0F, NAN, INFINITY, 1e30F, 0.0F};
    nmf_matrix X = support_random(40, 27, 2);
    nmf_matrix M = random_weights(40, 27, 0.3F, 2.0F, 3);
    nmf_options options = options_of(w, 4);
    nmf_model *first = NULL;
    make_positive(&X);
    for (size_t j = 0; j < X.cols; j++) { /* a sample and a feature unknown */
        nmf_matrix_row(&M, 5)[j] = 0.0F;
    }
    for (size_t i = 0; i < X.rows; i++) {
        nmf_matrix_row(&M, i)[9] = 0.0F;
    }
    options.weights = &M;
    options.init = init;
    options.max_iter = 30;
    options.alpha_W = init == NMF_INIT_RANDOM ? 1e-3 : 0.0;
    for (size_t n = 0; n < sizeof junk / sizeof junk[0]; n++) {
        for (size_t i = 0; i < X.rows * X.cols; i++) {
            X.data[i] = M.data[i] > 0.0F ? X.data[i] : junk[n];
        }
        nmf_model *model = fit(&X, &options);
        const nmf_matrix *W = nmf_model_activations(model);
        const nmf_matrix *H = nmf_model_components(model);
        assert_valid(W, w->solver);
        assert_valid(H, w->solver);
        for (size_t t = 0; t < 4; t++) {
            assert_true(nmf_matrix_row(W, 5)[t] == 0.0F);
            assert_true(nmf_matrix_row(H, t)[9] == 0.0F);
        }
        if (first) {
            assert_same_bytes(first, model, w->solver);
            nmf_model_free(model);
        } else {
            first = model;
        }
    }
    nmf_model_free(first);
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

static void what_is_missing_changes_no_byte(void **state)
{
    (void)state;
    for (size_t w = 0; w < N_WAYS; w++) {
        check_blindness(&ways[w], NMF_INIT_RANDOM);
        check_blindness(&ways[w], NMF_INIT_NNDSVD);
        check_blindness(&ways[w], NMF_INIT_NNDSVDAR);
    }
}

static void nan_is_missing_where_it_is_said_so(void **state)
{
    nmf_matrix X = support_random(40, 27, 2);
    nmf_matrix M = random_mask(40, 27, 0.3F, 3);
    nmf_matrix holes = {0};
    nmf_error err = {0};
    (void)state;
    make_positive(&X);
    SUPPORT_OK(nmf_matrix_copy(&holes, &X, &err), err);
    size_t n_missing = 0;
    for (size_t i = 0; i < X.rows * X.cols; i++) {
        holes.data[i] = M.data[i] > 0.0F ? X.data[i] : NAN;
        n_missing += M.data[i] == 0.0F;
    }
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 4);
        nmf_model *model = NULL;
        options.max_iter = 20;
        assert_int_equal(nmf_fit(&model, &holes, &options, &err), NMF_ERR_DATA);
        SUPPORT_ASSERT(strstr(err.message, "NaN (not a number) at row"), "%s",
                       err.message);
        options.nan_is_missing = true;
        model = fit(&holes, &options);
        assert_int_equal(nmf_model_summary(model)->n_missing, n_missing);
        options.nan_is_missing = false;
        options.weights = &M;
        nmf_model *masked = fit(&X, &options);
        assert_int_equal(nmf_model_summary(masked)->n_missing, n_missing);
        assert_same_bytes(model, masked, ways[w].solver);
        nmf_model_free(model);
        nmf_model_free(masked);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
    nmf_matrix_release(&holes);
}

/* ---- descent ---- */

typedef struct descent {
    double before;
    double worst;
} descent;

static bool watch(const nmf_progress *progress, void *context)
{
    descent *d = context;
    const double rise = progress->objective / d->before - 1.0;
    d->worst = fmax(d->worst, isfinite(progress->objective) ? rise : INFINITY);
    d->before = progress->objective;
    return true;
}

/* sum m d(x | v) + penalties, and sum m (x - v)^2 over sum m x^2. */
static double formula(double *relative_error, const nmf_matrix *X,
                      const nmf_matrix *M, const nmf_model *model,
                      const nmf_options *options)
{
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    double sum = 0.0, squares = 0.0, norm = 0.0, penalty = 0.0;
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            const double m = (double)nmf_matrix_row(M, i)[j];
            const double x = (double)nmf_matrix_row(X, i)[j];
            double v = 0.0, one = 1.0;
            for (size_t t = 0; t < H->rows; t++) {
                v += (double)nmf_matrix_row(W, i)[t] *
                     (double)nmf_matrix_row(H, t)[j];
            }
            if (m > 0.0) {
                sum += m * reference_divergence(&x, &v, &one, 1, 1, 1,
                                                options->beta_loss);
                squares += m * (x - v) * (x - v);
                norm += m * x * x;
            }
        }
    }
    for (int of_H = 0; of_H < 2; of_H++) {
        const nmf_matrix *F = of_H ? H : W;
        const double alpha =
            options->alpha_W * (double)(of_H ? X->rows : X->cols);
        for (size_t i = 0; i < F->rows * F->cols; i++) {
            const double f = (double)F->data[i];
            penalty += alpha * (options->l1_ratio * f +
                                0.5 * (1.0 - options->l1_ratio) * f * f);
        }
    }
    *relative_error = sqrt(squares / norm);
    return sum + penalty;
}

static void check_descent(const nmf_matrix *X, const nmf_matrix *M,
                          const way *w, double alpha, double l1_ratio,
                          size_t max_iter)
{
    descent d = {INFINITY, 0.0};
    double relative_error = 0.0;
    nmf_options options = options_of(w, 6);
    options.weights = M;
    options.alpha_W = alpha;
    options.l1_ratio = l1_ratio;
    options.max_iter = max_iter;
    options.tol = alpha > 0.0 ? 1e-9 : 0.0; /* asks for gradients */
    options.callback = watch;
    options.callback_context = &d;
    nmf_model *model = fit(X, &options);
    const nmf_summary *summary = nmf_model_summary(model);
    const double direct = formula(&relative_error, X, M, model, &options);
    SUPPORT_ASSERT(d.worst < 1e-5, "%s, beta %g, alpha %g: rises by %g",
                   w->solver, w->beta, alpha, d.worst);
    SUPPORT_ASSERT(fabs(summary->objective - direct) < 2e-5 * direct,
                   "%s, beta %g, alpha %g, l1 %g: objective %.9g, by the "
                   "formula %.9g",
                   w->solver, w->beta, alpha, l1_ratio, summary->objective,
                   direct);
    SUPPORT_NEAR(summary->relative_error, relative_error,
                 1e-5 * relative_error);
    assert_valid(nmf_model_activations(model), w->solver);
    assert_valid(nmf_model_components(model), w->solver);
    nmf_model_free(model);
}

static void the_weighted_objective_never_rises(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        const size_t rows = seed % 2 ? 50 : 19, cols = seed % 2 ? 30 : 61;
        nmf_matrix X = support_random(rows, cols, seed);
        nmf_matrix M = random_weights(rows, cols, 0.1F * (float)seed,
                                      seed % 3 ? 1.0F : 40.0F, seed + 50);
        make_positive(&X);
        for (size_t w = 0; w < N_WAYS; w++) {
            check_descent(&X, &M, &ways[w], 0.0, 0.0, 1 + seed * 12);
            check_descent(&X, &M, &ways[w], 0.01, 1.0, 60);
            check_descent(&X, &M, &ways[w], 0.01, 0.0, 60);
            check_descent(&X, &M, &ways[w], 0.003, 0.5, 60);
        }
        nmf_matrix_release(&X);
        nmf_matrix_release(&M);
    }
}

/* Coordinate descent comes to where the gradient of the formula vanishes. */
static void cd_and_hals_end_where_the_gradient_vanishes(void **state)
{
    nmf_matrix X = support_random(30, 22, 11);
    nmf_matrix M = random_weights(30, 22, 0.3F, 3.0F, 12);
    (void)state;
    for (size_t w = 0; w < 2; w++) {
        nmf_options options = options_of(&ways[w], 3);
        options.weights = &M;
        options.max_iter = 20000;
        options.tol = 1e-5;
        nmf_model *model = fit(&X, &options);
        const nmf_matrix *W = nmf_model_activations(model);
        const nmf_matrix *H = nmf_model_components(model);
        assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_TOL);
        for (size_t i = 0; i < X.rows; i++) {
            for (size_t t = 0; t < 3; t++) {
                double gradient = 0.0, size = 0.0;
                for (size_t j = 0; j < X.cols; j++) {
                    const double m = (double)nmf_matrix_row(&M, i)[j];
                    const double h = (double)nmf_matrix_row(H, t)[j];
                    double v = 0.0;
                    for (size_t s = 0; s < 3; s++) {
                        v += (double)nmf_matrix_row(W, i)[s] *
                             (double)nmf_matrix_row(H, s)[j];
                    }
                    gradient += m * h * (v - (double)nmf_matrix_row(&X, i)[j]);
                    size += m * h * v;
                }
                const bool is_zero = nmf_matrix_row(W, i)[t] == 0.0F;
                SUPPORT_ASSERT(gradient > -1e-3 * size &&
                                   (is_zero || gradient < 1e-3 * size),
                               "%s: W[%zu, %zu] is %g, gradient %g of %g",
                               ways[w].solver, i, t,
                               (double)nmf_matrix_row(W, i)[t], gradient, size);
            }
        }
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

static void threads_change_no_byte(void **state)
{
    nmf_matrix X = support_random(700, 301, 12);
    nmf_matrix M = random_weights(700, 301, 0.3F, 1.0F, 13);
    (void)state;
    make_positive(&X);
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 19);
        nmf_model *first = NULL;
        options.weights = &M;
        options.max_iter = 5;
        options.alpha_W = w % 2 ? 0.0 : 1e-3;
        options.validation_fraction = 0.1;
        options.n_iter_no_change = 2;
        for (unsigned threads = 1; threads <= 3; threads++) {
            options.n_threads = threads;
            nmf_model *model = fit(&X, &options);
            /* One, where there is no OpenMP. */
            assert_int_equal(nmf_model_summary(model)->threads,
                             nmf_threads(threads));
            if (first) {
                assert_same_bytes(first, model, ways[w].solver);
                assert_true(nmf_model_summary(first)->validation_error ==
                            nmf_model_summary(model)->validation_error);
                nmf_model_free(model);
            } else {
                first = model;
            }
        }
        nmf_model_free(first);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

/* ---- held-out entries ---- */

/* Low rank and noise: with many components the noise is learned, too. */
static nmf_matrix noisy(size_t rows, size_t cols, uint64_t seed)
{
    nmf_matrix X = support_random_rank(rows, cols, 3, seed);
    for (size_t i = 0; i < rows * cols; i++) {
        X.data[i] += 0.8F * support_uniform(&seed);
    }
    return X;
}

/* Predicted by the factors, of the entries that nmf_observed_init() chooses. */
static double validation_by_hand(const nmf_matrix *X, const nmf_model *model,
                                 const nmf_options *options)
{
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    nmf_observed observed;
    nmf_error err = {0};
    double squares = 0.0, norm = 0.0;
    SUPPORT_OK(nmf_observed_init(&observed, X, options, 1, &err), err);
    const nmf_held_out *h = &observed.held_out;
    assert_int_equal(h->n, nmf_model_summary(model)->n_held_out);
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t e = h->begin[i]; e < h->begin[i + 1]; e++) {
            const size_t j = h->feature[e];
            const double x = (double)nmf_matrix_row(X, i)[j];
            double v = 0.0;
            assert_true(nmf_matrix_row(&observed.M, i)[j] == 0.0F);
            for (size_t t = 0; t < H->rows; t++) {
                v += (double)nmf_matrix_row(W, i)[t] *
                     (double)nmf_matrix_row(H, t)[j];
            }
            squares += (double)h->weight[e] * (x - v) * (x - v);
            norm += (double)h->weight[e] * x * x;
        }
    }
    nmf_observed_release(&observed);
    return sqrt(squares / norm);
}

static void
held_out_entries_are_as_many_as_asked_for_and_not_fitted(void **state)
{
    nmf_matrix X = noisy(40, 30, 5);
    nmf_matrix M = random_weights(40, 30, 0.25F, 1.0F, 6);
    size_t n_missing = 0;
    (void)state;
    make_positive(&X);
    for (size_t i = 0; i < 40 * 30; i++) {
        n_missing += M.data[i] == 0.0F;
    }
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 4);
        nmf_observed observed;
        nmf_error err = {0};
        options.weights = &M;
        options.validation_fraction = 0.2;
        options.max_iter = 10;
        options.seed = w;
        nmf_model *model = fit(&X, &options);
        const nmf_summary *summary = nmf_model_summary(model);
        assert_int_equal(summary->n_missing, n_missing);
        assert_int_equal(summary->n_held_out,
                         (size_t)(0.2 * (double)(1200 - n_missing) + 0.5));
        SUPPORT_NEAR(summary->validation_error,
                     validation_by_hand(&X, model, &options), 1e-6);
        /* Others there would be the same parts. */
        nmf_matrix other = {0};
        SUPPORT_OK(nmf_matrix_copy(&other, &X, &err), err);
        SUPPORT_OK(nmf_observed_init(&observed, &X, &options, 1, &err), err);
        for (size_t i = 0; i < X.rows; i++) {
            for (size_t e = observed.held_out.begin[i];
                 e < observed.held_out.begin[i + 1]; e++) {
                nmf_matrix_row(&other, i)[observed.held_out.feature[e]] = 7.0F;
            }
        }
        nmf_model *blind = fit(&other, &options);
        assert_same_bytes(model, blind, ways[w].solver);
        assert_true(nmf_model_summary(blind)->validation_error !=
                    summary->validation_error);
        nmf_observed_release(&observed);
        nmf_matrix_release(&other);
        nmf_model_free(blind);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

/* All seeds together hold every entry out about as often. */
static void every_entry_is_as_likely_to_be_held_out(void **state)
{
    enum { ROWS = 6, COLS = 5, SEEDS = 3000 };
    nmf_matrix X = support_random(ROWS, COLS, 5);
    size_t counts[ROWS * COLS] = {0};
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        nmf_options options = NMF_OPTIONS_INIT;
        nmf_observed observed;
        nmf_error err = {0};
        options.validation_fraction = 0.3;
        options.seed = seed;
        SUPPORT_OK(nmf_observed_init(&observed, &X, &options, 1, &err), err);
        assert_int_equal(observed.held_out.n, 9);
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t e = observed.held_out.begin[i];
                 e < observed.held_out.begin[i + 1]; e++) {
                counts[i * COLS + observed.held_out.feature[e]]++;
            }
        }
        nmf_observed_release(&observed);
    }
    /* 900 of 3000 each, with a standard deviation of 25. */
    for (size_t i = 0; i < ROWS * COLS; i++) {
        SUPPORT_ASSERT(counts[i] > 775 && counts[i] < 1025, "entry %zu: %zu", i,
                       counts[i]);
    }
    nmf_matrix_release(&X);
}

typedef struct lowest {
    double error;
    size_t n_iter;
    size_t last;
} lowest;

static bool watch_validation(const nmf_progress *progress, void *context)
{
    lowest *l = context;
    if (progress->n_iter == 1 || progress->validation_error < l->error) {
        l->error = progress->validation_error;
        l->n_iter = progress->n_iter;
    }
    l->last = progress->n_iter;
    return true;
}

static void early_stopping_gives_the_factors_of_the_lowest_error(void **state)
{
    nmf_matrix X = noisy(60, 50, 9);
    (void)state;
    make_positive(&X);
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 20);
        lowest l = {0};
        options.validation_fraction = 0.15;
        options.n_iter_no_change = 15;
        options.max_iter = 3000;
        options.callback = watch_validation;
        options.callback_context = &l;
        nmf_model *model = fit(&X, &options);
        const nmf_summary *summary = nmf_model_summary(model);
        SUPPORT_ASSERT(summary->stop_reason == NMF_STOP_VALIDATION,
                       "%s, beta %g: %s after %zu", ways[w].solver,
                       ways[w].beta, nmf_stop_reason_name(summary->stop_reason),
                       summary->n_iter);
        assert_int_equal(summary->n_iter, l.last);
        assert_int_equal(summary->best_iter, l.n_iter);
        assert_int_equal(l.last, l.n_iter + 15);
        assert_true(summary->validation_error == l.error);
        SUPPORT_NEAR(validation_by_hand(&X, model, &options), l.error, 1e-6);
        options.n_iter_no_change = 0;
        options.max_iter = l.n_iter;
        nmf_model *plain = fit(&X, &options);
        assert_int_equal(nmf_model_summary(plain)->best_iter, l.n_iter);
        assert_same_bytes(model, plain, ways[w].solver);
        nmf_model_free(plain);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

/* ---- activations of other data ---- */

static nmf_model *model_of(const nmf_matrix *H)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_model_create(&model, H, NULL, NULL, &err), err);
    return model;
}

/* The products of the plain one are made in float. */
static void transform_with_weights_of_one_is_transform(void **state)
{
    nmf_matrix H = support_random(7, 40, 1), X = support_random(33, 40, 2);
    nmf_matrix plain = {0}, weighted = {0};
    nmf_model *model = model_of(&H);
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_transform(&plain, model, &X, 1, &err), err);
    SUPPORT_OK(
        nmf_transform_weighted(&weighted, model, &X, NULL, false, 1, &err),
        err);
    for (size_t i = 0; i < 33 * 7; i++) {
        SUPPORT_NEAR((double)weighted.data[i], (double)plain.data[i], 2e-5);
    }
    nmf_matrix_release(&plain);
    nmf_matrix_release(&weighted);
    nmf_matrix_release(&H);
    nmf_matrix_release(&X);
    nmf_model_free(model);
}

/* By Lawson and Hanson's method, on rows scaled by the roots of the weights. */
static void transform_solves_each_weighted_row(void **state)
{
    enum { M_ROWS = 20, FEATURES = 24, K = 5 };
    nmf_matrix H = support_random(K, FEATURES, 3);
    nmf_matrix X = support_random(M_ROWS, FEATURES, 4);
    nmf_matrix M = random_weights(M_ROWS, FEATURES, 0.4F, 2.0F, 5);
    nmf_matrix W = {0};
    nmf_model *model = model_of(&H);
    nmf_error err = {0};
    (void)state;
    for (size_t j = 0; j < FEATURES; j++) {
        nmf_matrix_row(&M, 7)[j] = 0.0F;
    }
    for (size_t i = 0; i < M_ROWS * FEATURES; i++) {
        X.data[i] = M.data[i] > 0.0F ? X.data[i] : -1.0F;
    }
    SUPPORT_OK(nmf_transform_weighted(&W, model, &X, &M, false, 2, &err), err);
    for (size_t i = 0; i < M_ROWS; i++) {
        double A[FEATURES * K], b[FEATURES], w[K] = {0};
        for (size_t j = 0; j < FEATURES; j++) {
            const double m = (double)nmf_matrix_row(&M, i)[j];
            b[j] = sqrt(m) * (double)nmf_matrix_row(&X, i)[j];
            b[j] = m > 0.0 ? b[j] : 0.0;
            for (size_t t = 0; t < K; t++) {
                A[j * K + t] = sqrt(m) * (double)nmf_matrix_row(&H, t)[j];
            }
        }
        if (i != 7) {
            reference_nnls(w, A, b, FEATURES, K);
        }
        for (size_t t = 0; t < K; t++) {
            SUPPORT_NEAR((double)nmf_matrix_row(&W, i)[t], w[t], 1e-4);
        }
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
    nmf_model_free(model);
}

static void transform_predicts_what_is_missing(void **state)
{
    nmf_matrix H = support_random(6, 80, 3), W = support_random(50, 6, 4);
    nmf_matrix M = random_mask(50, 80, 0.4F, 5), X = {0}, V = {0}, found = {0};
    nmf_matrix again = {0};
    nmf_model *model = model_of(&H);
    nmf_error err = {0};
    (void)state;
    /* Half of the rows have one mask in common. */
    for (size_t i = 1; i < 25; i++) {
        memcpy(nmf_matrix_row(&M, i), M.data, 80 * sizeof(float));
    }
    SUPPORT_OK(nmf_inverse_transform(&X, model, &W, 1, &err), err);
    for (size_t i = 0; i < 50 * 80; i++) {
        X.data[i] = M.data[i] > 0.0F ? X.data[i] : NAN;
    }
    SUPPORT_OK(nmf_transform_weighted(&found, model, &X, NULL, true, 1, &err),
               err);
    SUPPORT_OK(nmf_transform_weighted(&again, model, &X, &M, false, 3, &err),
               err);
    assert_memory_equal(found.data, again.data, 50 * 6 * sizeof(float));
    nmf_matrix_release(&again);
    SUPPORT_OK(nmf_inverse_transform(&V, model, &found, 1, &err), err);
    for (size_t i = 0; i < 50; i++) {
        for (size_t j = 0; j < 80; j++) {
            double v = 0.0;
            for (size_t t = 0; t < 6; t++) {
                v += (double)nmf_matrix_row(&W, i)[t] *
                     (double)nmf_matrix_row(&H, t)[j];
            }
            SUPPORT_NEAR((double)nmf_matrix_row(&V, i)[j], v, 1e-4);
        }
    }
    assert_int_equal(
        nmf_transform_weighted(&again, model, &X, NULL, false, 1, &err),
        NMF_ERR_DATA);
    assert_null(again.data);
    nmf_matrix_release(&H);
    nmf_matrix_release(&W);
    nmf_matrix_release(&M);
    nmf_matrix_release(&X);
    nmf_matrix_release(&V);
    nmf_matrix_release(&found);
    nmf_model_free(model);
}

/* ---- what is refused, and memory that runs out ---- */

static void expect(const nmf_matrix *X, const nmf_options *options,
                   nmf_status status, const char *part)
{
    nmf_model *model = NULL;
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    nmf_status got = nmf_fit(&model, X, options, &err);
    SUPPORT_ASSERT(got == status && strstr(err.message, part),
                   "%s: '%s' lacks '%s'", nmf_status_name(got), err.message,
                   part);
    assert_null(model);
    assert_int_equal(nmf_start(&W, &H, X, options, &err), status);
    assert_null(W.data);
    assert_null(H.data);
}

static void what_cannot_be_done_is_refused_with_a_sentence(void **state)
{
    const way hals = {"hals", 2.0}, itakura = {"mu", 0.0};
    nmf_matrix X = support_random(8, 6, 1), M = random_mask(8, 6, 0.0F, 1);
    nmf_matrix other = random_mask(6, 8, 0.0F, 1);
    nmf_options options = options_of(&hals, 2);
    (void)state;
    options.weights = &other;
    expect(&X, &options, NMF_ERR_ARGUMENT, "the weights are 6 x 8, X is 8 x 6");
    options.weights = &M;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        const char *solver = nmf_solver_name(s);
        options.solver = solver;
        if (strcmp(solver, "hals") != 0 && strcmp(solver, "cd") != 0 &&
            strncmp(solver, "mu", 2) != 0 && strcmp(solver, "minibatch") != 0) {
            expect(&X, &options, NMF_ERR_ARGUMENT, "knows no weights");
        }
    }
    options = options_of(&hals, 2);
    options.weights = &M;
    nmf_matrix_row(&X, 3)[2] = -2.0F;
    expect(&X, &options, NMF_ERR_DATA, "negative entry -2 at row 3, column 2");
    nmf_matrix_row(&X, 3)[2] = INFINITY;
    options.nan_is_missing = true;
    expect(&X, &options, NMF_ERR_DATA, "infinite entry at row 3, column 2");
    options.nan_is_missing = false;
    nmf_matrix_row(&X, 3)[2] = 0.0F;
    nmf_matrix_row(&M, 2)[4] = -1.0F;
    expect(&X, &options, NMF_ERR_DATA,
           "weights: negative entry -1 at row 2, column 4");
    nmf_matrix_row(&M, 2)[4] = NAN;
    expect(&X, &options, NMF_ERR_DATA, "weights: NaN");
    nmf_matrix_row(&M, 2)[4] = 1.0F;
    options = options_of(&itakura, 2);
    options.weights = &M;
    expect(&X, &options, NMF_ERR_DATA, "entry 0 at row 3, column 2");
    nmf_matrix_row(&M, 3)[2] = 0.0F; /* now it does not count */
    options.max_iter = 2;
    nmf_model_free(fit(&X, &options));
    options = options_of(&hals, 2);
    memset(M.data, 0, 48 * sizeof(float));
    options.weights = &M;
    expect(&X, &options, NMF_ERR_DATA, "none of the 8 x 6 entries counts");
    nmf_matrix_row(&M, 3)[2] = 1.0F;
    expect(&X, &options, NMF_ERR_DATA,
           "all that count of the 8 x 6 entries are 0");
    nmf_matrix_row(&X, 3)[2] = 1.0F;
    options.validation_fraction = 0.5;
    expect(&X, &options, NMF_ERR_ARGUMENT, "of 1 entries that count none");
    options.weights = NULL;
    options.validation_fraction = 0.6;
    expect(&X, &options, NMF_ERR_ARGUMENT, "validation_fraction is 0.6");
    options.validation_fraction = (double)NAN;
    expect(&X, &options, NMF_ERR_ARGUMENT, "validation_fraction is nan");
    options.validation_fraction = 0.0;
    options.n_iter_no_change = 3;
    expect(&X, &options, NMF_ERR_ARGUMENT,
           "n_iter_no_change is 3, but nothing is held out");
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
    nmf_matrix_release(&other);
}

static void without_memory_it_says_so(void **state)
{
    nmf_matrix X = support_random(20, 12, 1);
    nmf_matrix M = random_mask(20, 12, 0.2F, 2);
    (void)state;
    for (size_t w = 0; w < N_WAYS; w++) {
        nmf_options options = options_of(&ways[w], 3);
        nmf_model *model = NULL;
        nmf_matrix W = {0};
        nmf_error err = {0};
        nmf_status status = NMF_ERR_MEMORY;
        size_t n = 0;
        make_positive(&X);
        options.weights = &M;
        options.max_iter = 2;
        options.n_threads = 1;
        options.validation_fraction = 0.1;
        options.n_iter_no_change = 5;
        while (status == NMF_ERR_MEMORY) {
            nmf_alloc_fail_at(++n);
            status = nmf_fit(&model, &X, &options, &err);
            nmf_alloc_fail_at(0);
            SUPPORT_ASSERT(status != NMF_ERR_MEMORY ||
                               (!model && strstr(err.message, "memory")),
                           "%s, allocation %zu: '%s'", ways[w].solver, n,
                           err.message);
        }
        SUPPORT_ASSERT(status == NMF_OK && n > 12, "%s: %zu allocations: '%s'",
                       ways[w].solver, n, err.message);
        for (n = 0, status = NMF_ERR_MEMORY; status == NMF_ERR_MEMORY;) {
            nmf_alloc_fail_at(++n);
            status = nmf_transform_weighted(&W, model, &X, &M, false, 1, &err);
            nmf_alloc_fail_at(0);
            assert_true(status != NMF_ERR_MEMORY || !W.data);
        }
        assert_true(status == NMF_OK && n > 5);
        nmf_matrix_release(&W);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_entries_of_a_planted_matrix_are_predicted),
        cmocka_unit_test(weights_of_one_are_none),
        cmocka_unit_test(a_weight_of_two_is_the_sample_twice),
        cmocka_unit_test(the_unit_of_weights_scales_the_objective_alone),
        cmocka_unit_test(what_is_missing_changes_no_byte),
        cmocka_unit_test(nan_is_missing_where_it_is_said_so),
        cmocka_unit_test(the_weighted_objective_never_rises),
        cmocka_unit_test(cd_and_hals_end_where_the_gradient_vanishes),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(
            held_out_entries_are_as_many_as_asked_for_and_not_fitted),
        cmocka_unit_test(every_entry_is_as_likely_to_be_held_out),
        cmocka_unit_test(early_stopping_gives_the_factors_of_the_lowest_error),
        cmocka_unit_test(transform_with_weights_of_one_is_transform),
        cmocka_unit_test(transform_solves_each_weighted_row),
        cmocka_unit_test(transform_predicts_what_is_missing),
        cmocka_unit_test(what_cannot_be_done_is_refused_with_a_sentence),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
