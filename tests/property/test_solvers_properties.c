/*
 * What holds for every solver, loss and penalty: sign, descent, determinism,
 * agreement with the formulas; and what is refused.
 */
#include "support.h"

#include "descent.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double betas[] = {-1.2, 0.0, 0.2, 1.0, 2.0, 2.5};
enum { N_BETAS = sizeof betas / sizeof betas[0] };

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

static bool is_minibatch(const char *solver)
{
    return strcmp(solver, "minibatch") == 0;
}

static bool takes_any_beta(const char *solver)
{
    return strncmp(solver, "mu", 2) == 0 || is_minibatch(solver);
}

static void assert_valid(const nmf_matrix *m, const char *what)
{
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        SUPPORT_ASSERT(m->data[i] >= 0.0F && isfinite(m->data[i]),
                       "%s: entry %zu is %g", what, i, (double)m->data[i]);
    }
}

static void assert_factors_valid(const nmf_model *model, const char *what)
{
    assert_valid(nmf_model_activations(model), what);
    assert_valid(nmf_model_components(model), what);
}

/* ---- descent ---- */

static void make_positive(nmf_matrix *X)
{
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        X->data[i] += 0.01F;
    }
}

static void check_descent(const nmf_matrix *X, const char *solver, double beta,
                          double alpha, double l1_ratio)
{
    nmf_options options = NMF_OPTIONS_INIT;
    support_descent d = {INFINITY, 1e-12, 1e-12, 0.0, 0.0};
    char what[96];
    snprintf(what, sizeof what, "%s, beta %g, alpha %g, l1 %g, %zu x %zu",
             solver, beta, alpha, l1_ratio, X->rows, X->cols);
    options.n_components = 6;
    options.solver = solver;
    options.beta_loss = beta;
    options.alpha_W = alpha;
    options.l1_ratio = l1_ratio;
    options.max_iter = 60;
    options.tol = 0.0;
    options.callback = support_watch_descent;
    options.callback_context = &d;
    nmf_model *model = fit(X, &options);
    SUPPORT_ASSERT(d.worst == 0.0, "%s: rises by %g", what, d.worst);
    assert_factors_valid(model, what);
    assert_true(nmf_model_summary(model)->objective == d.before);
    nmf_model_free(model);
}

/*
 * als may rise on its way; what it reports is the best so far. minibatch may
 * rise.
 */
static void the_objective_never_rises(void **state)
{
    nmf_matrix tall = support_random(50, 30, 1),
               wide = support_random(20, 45, 2);
    (void)state;
    make_positive(&tall);
    make_positive(&wide);
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        const char *solver = nmf_solver_name(s);
        for (size_t b = 0; !is_minibatch(solver) && b < N_BETAS; b++) {
            for (int p = 0; p < 4; p++) {
                double alpha = p == 0 ? 0.0 : 0.02;
                double l1_ratio = p == 1 ? 1.0 : p == 2 ? 0.0 : 0.5;
                if (betas[b] == 2.0 || takes_any_beta(solver)) {
                    check_descent(&tall, solver, betas[b], alpha, l1_ratio);
                    check_descent(&wide, solver, betas[b], alpha, l1_ratio);
                }
            }
        }
    }
    nmf_matrix_release(&tall);
    nmf_matrix_release(&wide);
}

/* ---- starts, small exact fits ---- */

static void factors_are_valid_for_every_solver_start_and_penalty(void **state)
{
    const double alphas[] = {0.0, 0.01, 0.1};
    nmf_matrix X = support_random(14, 11, 3);
    (void)state;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        for (int init = 0; nmf_init_name((nmf_init)init); init++) {
            for (size_t a = 0; a < 3; a++) {
                nmf_matrix W0 = support_random(14, 4, 4);
                nmf_matrix H0 = support_random(4, 11, 5);
                nmf_options options = NMF_OPTIONS_INIT;
                options.n_components = 4;
                options.solver = nmf_solver_name(s);
                options.init = (nmf_init)init;
                options.W0 = &W0;
                options.H0 = &H0;
                options.alpha_W = alphas[a];
                options.l1_ratio = 0.5;
                options.max_iter = 30;
                nmf_model *model = fit(&X, &options);
                assert_factors_valid(model, options.solver);
                nmf_model_free(model);
                nmf_matrix_release(&W0);
                nmf_matrix_release(&H0);
            }
        }
    }
    nmf_matrix_release(&X);
}

/* scikit-learn asks the same of its solvers. */
static void six_by_five_is_fitted_with_five_components(void **state)
{
    (void)state;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        nmf_matrix X = support_random(6, 5, 42);
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = 5;
        options.solver = nmf_solver_name(s);
        options.max_iter = 600;
        options.tol = 0.0;
        nmf_model *model = fit(&X, &options);
        double error = sqrt(2.0 * nmf_model_summary(model)->objective);
        SUPPORT_ASSERT(error < 0.1, "%s: ||X - W H|| is %g", options.solver,
                       error);
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
}

/* ---- the formulas ---- */

static double *to_double(const nmf_matrix *m)
{
    double *x = calloc(m->rows * m->cols, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        x[i] = (double)m->data[i];
    }
    return x;
}

static double divergence_of(const nmf_matrix *X, const nmf_model *model,
                            double beta)
{
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    double *x = to_double(X), *w = to_double(W), *h = to_double(H);
    double sum = reference_divergence(x, w, h, X->rows, X->cols, H->rows, beta);
    free(x);
    free(w);
    free(h);
    return sum;
}

static double penalty_of(const nmf_matrix *F, double weight, double l1_ratio)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < F->rows * F->cols; i++) {
        double f = (double)F->data[i];
        sum += f;
        squares += f * f;
    }
    return weight * (l1_ratio * sum + 0.5 * (1.0 - l1_ratio) * squares);
}

static void assert_close(const nmf_matrix *got, const double *expected,
                         double beta, size_t n_iter)
{
    for (size_t i = 0; i < got->rows * got->cols; i++) {
        SUPPORT_ASSERT(fabs((double)got->data[i] - expected[i]) <
                           1e-5 * (1.0 + expected[i]),
                       "beta %g, iteration %zu, entry %zu: %g, expected %g",
                       beta, n_iter, i, (double)got->data[i], expected[i]);
    }
}

/* W, H, W, H ... where samples are the longer side it ends with W: nmf_mu.c. */
static void check_plain(size_t m, size_t n, double beta)
{
    const size_t k = 5;
    nmf_matrix X = support_random(m, n, 21);
    nmf_matrix W0 = support_random(m, k, 22), H0 = support_random(k, n, 23);
    make_positive(&X);
    double *x = to_double(&X), *w = to_double(&W0), *h = to_double(&H0);
    if (m > n) {
        reference_update_W(w, h, x, m, n, k, beta);
    }
    for (size_t n_iter = 1; n_iter <= 12; n_iter++) {
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = k;
        options.solver = "mu-plain";
        options.beta_loss = beta;
        options.init = NMF_INIT_CUSTOM;
        options.W0 = &W0;
        options.H0 = &H0;
        options.max_iter = n_iter;
        options.tol = 0.0;
        if (m > n) {
            reference_update_H(w, h, x, m, n, k, beta);
            reference_update_W(w, h, x, m, n, k, beta);
        } else {
            reference_update_W(w, h, x, m, n, k, beta);
            reference_update_H(w, h, x, m, n, k, beta);
        }
        nmf_model *model = fit(&X, &options);
        assert_close(nmf_model_activations(model), w, beta, n_iter);
        assert_close(nmf_model_components(model), h, beta, n_iter);
        double direct = reference_divergence(x, w, h, m, n, k, beta);
        SUPPORT_ASSERT(fabs(nmf_model_summary(model)->objective - direct) <
                           1e-4 * direct,
                       "beta %g: %g, expected %g", beta,
                       nmf_model_summary(model)->objective, direct);
        nmf_model_free(model);
    }
    free(x);
    free(w);
    free(h);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
}

static void mu_plain_is_the_plain_updates(void **state)
{
    (void)state;
    for (size_t b = 0; b < N_BETAS; b++) {
        check_plain(15, 10, betas[b]);
        check_plain(10, 15, betas[b]);
    }
}

/* Sums of 5 parts, under Kullback-Leibler, to 1e-5 of the sum of X. */
static void exact_data_are_fitted_under_kullback_leibler(void **state)
{
    size_t solved = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        nmf_matrix X = support_random_rank(15, 10, 5, seed);
        nmf_options options = NMF_OPTIONS_INIT;
        double sum = 0.0;
        for (size_t i = 0; i < 150; i++) {
            sum += (double)X.data[i];
        }
        options.n_components = 5;
        options.solver = "mu";
        options.beta_loss = 1.0;
        options.seed = seed;
        options.max_iter = 5000;
        options.tol = 0.0;
        nmf_model *model = fit(&X, &options);
        solved += nmf_model_summary(model)->objective < 1e-5 * sum;
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
    SUPPORT_ASSERT(solved >= 7, "%zu of 8", solved);
}

static double objective_at(const nmf_matrix *X, const char *solver, double beta,
                           size_t n_iter)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = 4;
    options.solver = solver;
    options.beta_loss = beta;
    options.max_iter = n_iter;
    options.tol = 0.0;
    nmf_model *model = fit(X, &options);
    double objective = nmf_model_summary(model)->objective;
    nmf_model_free(model);
    return objective;
}

/* Those losses have kernels of their own, and the definition is 0 / 0 there. */
static void losses_near_0_1_and_2_are_those_at_0_1_and_2(void **state)
{
    nmf_matrix X = support_random(30, 20, 8);
    (void)state;
    make_positive(&X);
    for (int beta = 0; beta <= 2; beta++) {
        double at = objective_at(&X, "mu-plain", beta, 40);
        for (int side = -1; side <= 1; side += 2) {
            double near = objective_at(&X, "mu-plain", beta + side * 1e-5, 40);
            SUPPORT_ASSERT(fabs(near - at) < 1e-3 * at,
                           "beta %d%+g: %.9g, at it %.9g", beta, side * 1e-5,
                           near, at);
        }
    }
    nmf_matrix_release(&X);
}

/* After an iteration H is the exact solution for the W that stands. */
static void bpp_solves_what_lawson_and_hanson_solve(void **state)
{
    const size_t m = 30, n = 24, k = 9;
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        nmf_matrix X = support_random(m, n, 50 + seed);
        nmf_options options = NMF_OPTIONS_INIT;
        size_t n_zeros = 0;
        options.n_components = k;
        options.solver = "bpp";
        options.seed = seed;
        options.max_iter = 1 + seed % 4;
        options.tol = 0.0;
        nmf_model *model = fit(&X, &options);
        double *w = to_double(nmf_model_activations(model));
        for (size_t j = 0; j < n; j++) {
            double b[30], h[9];
            for (size_t i = 0; i < m; i++) {
                b[i] = (double)nmf_matrix_row(&X, i)[j];
            }
            reference_nnls(h, w, b, m, k);
            for (size_t t = 0; t < k; t++) {
                double got =
                    (double)nmf_matrix_row(nmf_model_components(model), t)[j];
                SUPPORT_ASSERT(fabs(got - h[t]) < 1e-5 * (1.0 + h[t]),
                               "seed %u, column %zu: %g, expected %g",
                               (unsigned)seed, j, got, h[t]);
                n_zeros += got == 0.0;
            }
        }
        assert_true(n_zeros > 10); /* else the constraint was never met */
        free(w);
        nmf_model_free(model);
        nmf_matrix_release(&X);
    }
}

/* Clamping alone ends at 2 to 6 times the error. */
static void als_ends_near_the_exact_solver(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        nmf_matrix X = support_random_rank(120, 70, 20, seed);
        nmf_matrix noise = support_random(120, 70, seed + 10);
        double errors[2];
        for (size_t i = 0; i < 120 * 70; i++) {
            X.data[i] += 0.1F * noise.data[i];
        }
        for (int i = 0; i < 2; i++) {
            nmf_options options = NMF_OPTIONS_INIT;
            options.n_components = 20;
            options.solver = i == 0 ? "als" : "bpp";
            options.max_iter = 200;
            options.tol = 0.0;
            nmf_model *model = fit(&X, &options);
            errors[i] = nmf_model_summary(model)->relative_error;
            nmf_model_free(model);
        }
        SUPPORT_ASSERT(errors[0] < 1.03 * errors[1], "als %g, bpp %g",
                       errors[0], errors[1]);
        nmf_matrix_release(&X);
        nmf_matrix_release(&noise);
    }
}

/* More components than a word of a set has bits: H is stationary for W. */
static void bpp_knows_sets_of_many_components(void **state)
{
    const size_t m = 150, n = 120, k = 100;
    nmf_matrix X = support_random(m, n, 60);
    nmf_options options = NMF_OPTIONS_INIT;
    (void)state;
    options.n_components = k;
    options.max_iter = 1;
    options.tol = 0.0;
    options.solver = "bpp";
    nmf_model *model = fit(&X, &options);
    double *x = to_double(&X), *w = to_double(nmf_model_activations(model));
    double *h = to_double(nmf_model_components(model));
    for (size_t t = 0; t < k; t++) {
        for (size_t j = 0; j < n; j++) {
            double g = 0.0, size = 0.0;
            for (size_t i = 0; i < m; i++) {
                double v = 0.0;
                for (size_t s = 0; s < k; s++) {
                    v += w[i * k + s] * h[s * n + j];
                }
                g += w[i * k + t] * (v - x[i * n + j]);
                size += w[i * k + t] * x[i * n + j];
            }
            SUPPORT_ASSERT(g > -1e-4 * size &&
                               (h[t * n + j] == 0.0 || g < 1e-4 * size),
                           "H[%zu, %zu] is %g, gradient %g of %g", t, j,
                           h[t * n + j], g, size);
        }
    }
    free(x);
    free(w);
    free(h);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

/* ---- penalties ---- */

typedef struct shape {
    double small;   /* part of the entries near 0, of both factors */
    double squares; /* ||W||^2 + ||H||^2 */
} shape;

static shape shape_of(const nmf_matrix *X, const char *solver, double alpha,
                      double l1_ratio)
{
    nmf_options options = NMF_OPTIONS_INIT;
    shape of = {0.0, 0.0};
    options.n_components = 5;
    options.solver = solver;
    options.alpha_W = alpha;
    options.l1_ratio = l1_ratio;
    options.max_iter = 300;
    options.tol = 0.0;
    nmf_model *model = fit(X, &options);
    const nmf_matrix *both[] = {nmf_model_activations(model),
                                nmf_model_components(model)};
    size_t n = 0;
    for (size_t f = 0; f < 2; f++) {
        for (size_t i = 0; i < both[f]->rows * both[f]->cols; i++, n++) {
            double x = (double)both[f]->data[i];
            of.small += x < 1e-4; /* mu only approaches 0 */
            of.squares += x * x;
        }
    }
    of.small /= (double)n;
    double direct = divergence_of(X, model, 2.0) +
                    penalty_of(both[0], alpha * (double)X->cols, l1_ratio) +
                    penalty_of(both[1], alpha * (double)X->rows, l1_ratio);
    SUPPORT_ASSERT(fabs(nmf_model_summary(model)->objective - direct) <
                       1e-5 * direct,
                   "%s, alpha %g: objective %.9g, summed up %.9g", solver,
                   alpha, nmf_model_summary(model)->objective, direct);
    nmf_model_free(model);
    return of;
}

static void l1_makes_zeros_and_l2_small_factors(void **state)
{
    nmf_matrix X = support_random(24, 18, 9);
    (void)state;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        const char *solver = nmf_solver_name(s);
        shape plain = shape_of(&X, solver, 0.0, 0.0);
        shape l1 = shape_of(&X, solver, 0.02, 1.0);
        shape l2 = shape_of(&X, solver, 0.02, 0.0);
        SUPPORT_ASSERT(l1.small > plain.small, "%s: %g near 0, without %g",
                       solver, l1.small, plain.small);
        SUPPORT_ASSERT(l2.squares < plain.squares, "%s: %g, without %g", solver,
                       l2.squares, plain.squares);
    }
    nmf_matrix_release(&X);
}

/* Of scikit-learn: what is asked for of one factor alone is of that factor. */
static void the_solvers_agree_on_the_penalised_minimum(void **state)
{
    nmf_matrix X = support_random(20, 16, 10);
    (void)state;
    for (int l1 = 0; l1 < 2; l1++) {
        double least = INFINITY, most = 0.0;
        for (size_t s = 0; s < nmf_solver_count(); s++) {
            nmf_options options = NMF_OPTIONS_INIT;
            options.n_components = 1; /* one minimum, and one alone */
            options.solver = nmf_solver_name(s);
            options.alpha_W = 0.01;
            options.alpha_H = 0.03;
            options.l1_ratio = l1;
            options.max_iter = 2000;
            options.tol = 0.0;
            nmf_model *model = fit(&X, &options);
            least = fmin(least, nmf_model_summary(model)->objective);
            most = fmax(most, nmf_model_summary(model)->objective);
            nmf_model_free(model);
        }
        SUPPORT_ASSERT(most < least * (1.0 + 1e-5), "l1 %d: %.9g to %.9g", l1,
                       least, most);
    }
    nmf_matrix_release(&X);
}

/* ---- threads ---- */

static void check_threads(const nmf_matrix *X, const char *solver, double beta,
                          double alpha)
{
    nmf_options options = NMF_OPTIONS_INIT;
    const unsigned threads[] = {1, 2, 7};
    nmf_model *first = NULL;
    options.n_components = 19;
    options.solver = solver;
    options.beta_loss = beta;
    options.alpha_W = alpha;
    options.l1_ratio = 0.3;
    options.max_iter = 5;
    for (size_t i = 0; i < 3; i++) {
        options.n_threads = threads[i];
        nmf_model *model = fit(X, &options);
        const nmf_matrix *W = nmf_model_activations(model);
        const nmf_matrix *H = nmf_model_components(model);
        if (i == 0) {
            first = model;
            continue;
        }
        assert_memory_equal(W->data, nmf_model_activations(first)->data,
                            W->rows * W->cols * sizeof(float));
        assert_memory_equal(H->data, nmf_model_components(first)->data,
                            H->rows * H->cols * sizeof(float));
        assert_true(nmf_model_summary(first)->objective ==
                    nmf_model_summary(model)->objective);
        nmf_model_free(model);
    }
    nmf_model_free(first);
}

static void threads_change_no_byte(void **state)
{
    nmf_matrix X = support_random(700, 300, 12);
    (void)state;
    make_positive(&X);
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        check_threads(&X, nmf_solver_name(s), 2.0, 0.0);
        check_threads(&X, nmf_solver_name(s), 2.0, 0.01);
    }
    check_threads(&X, "mu", 1.0, 0.01);
    check_threads(&X, "mu", 0.0, 0.0);
    check_threads(&X, "mu-plain", 1.5, 0.01);
    check_threads(&X, "minibatch", 1.0, 0.01);
    check_threads(&X, "minibatch", 0.5, 0.0);
    nmf_matrix_release(&X);
}

/* ---- what is refused ---- */

static void expect(const nmf_matrix *X, const nmf_options *options,
                   nmf_status status, const char *part)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    nmf_status got = nmf_fit(&model, X, options, &err);
    SUPPORT_ASSERT(got == status && strstr(err.message, part),
                   "%s: '%s' lacks '%s'", nmf_status_name(got), err.message,
                   part);
    assert_null(model);
}

static void what_cannot_be_done_is_refused_with_a_sentence(void **state)
{
    nmf_matrix X = support_random(8, 6, 1), W0 = support_random(8, 2, 2);
    nmf_matrix H0 = support_random(2, 6, 3);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_options plain = NMF_OPTIONS_INIT;
    (void)state;
    plain.n_components = 2;
    plain.max_iter = 5;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        options = plain;
        options.solver = nmf_solver_name(s);
        options.beta_loss = 1.0;
        if (!takes_any_beta(options.solver)) {
            expect(&X, &options, NMF_ERR_ARGUMENT, "for beta_loss 1 use 'mu'");
        }
    }
    options = plain;
    options.solver = "mu";
    options.beta_loss = (double)NAN;
    expect(&X, &options, NMF_ERR_ARGUMENT, "beta_loss is nan");
    options.beta_loss = 9.0;
    expect(&X, &options, NMF_ERR_ARGUMENT, "beta_loss is 9, expected");
    options = plain;
    options.alpha_W = -1.0;
    expect(&X, &options, NMF_ERR_ARGUMENT, "alpha_W is -1");
    options.alpha_W = 0.1;
    options.alpha_H = 0.0;
    expect(&X, &options, NMF_ERR_ARGUMENT, "alpha_W is 0.1 and alpha_H 0");
    options.alpha_H = -2.0;
    expect(&X, &options, NMF_ERR_ARGUMENT, "alpha_H is -2");
    options = plain;
    options.l1_ratio = 1.5;
    expect(&X, &options, NMF_ERR_ARGUMENT, "l1_ratio is 1.5");

    options = plain;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &W0;
    options.H0 = &H0;
    memset(H0.data, 0, 12 * sizeof(float));
    expect(&X, &options, NMF_ERR_DATA, "H0: all 2 x 6 entries are 0");

    options = plain;
    options.solver = "mu";
    nmf_matrix_row(&X, 3)[2] = 0.0F;
    options.beta_loss = 0.0;
    expect(&X, &options, NMF_ERR_DATA,
           "entry 0 at row 3, column 2 (from 0); beta_loss 0 expects");
    options.beta_loss = -1.2;
    expect(&X, &options, NMF_ERR_DATA, "beta_loss -1.2 expects");
    nmf_matrix_row(&X, 1)[4] = -1.0F;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        options = plain;
        options.solver = nmf_solver_name(s);
        expect(&X, &options, NMF_ERR_DATA, "negative entry -1 at row 1");
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_objective_never_rises),
        cmocka_unit_test(factors_are_valid_for_every_solver_start_and_penalty),
        cmocka_unit_test(six_by_five_is_fitted_with_five_components),
        cmocka_unit_test(mu_plain_is_the_plain_updates),
        cmocka_unit_test(exact_data_are_fitted_under_kullback_leibler),
        cmocka_unit_test(losses_near_0_1_and_2_are_those_at_0_1_and_2),
        cmocka_unit_test(bpp_solves_what_lawson_and_hanson_solve),
        cmocka_unit_test(als_ends_near_the_exact_solver),
        cmocka_unit_test(bpp_knows_sets_of_many_components),
        cmocka_unit_test(l1_makes_zeros_and_l2_small_factors),
        cmocka_unit_test(the_solvers_agree_on_the_penalised_minimum),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(what_cannot_be_done_is_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
