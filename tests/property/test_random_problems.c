/*
 * Small problems of every kind, drawn by chance: all solvers, losses, starts
 * and options on data that are ordinary, sparse, constant, of low rank, with
 * rows that repeat or are empty, very small or very large. No crash, no NaN, no
 * broken promise.
 *
 *     test_random_problems [N [FIRST]]
 *
 * N problems from number FIRST on: 5,000 from 0 where nothing is given.
 */
#include "support.h"

#include "descent.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20 }; /* rows, columns */

static unsigned long n_problems = 5000, first_problem = 0;

typedef struct problem {
    nmf_matrix X, M, W0, H0;
    nmf_options options;
    bool has_zero; /* among the entries that count */
    double scale;  /* of the objective: that of the sizes of X */
    char what[256];
} problem;

static size_t pick(uint64_t *seed, size_t n)
{
    return (size_t)(support_uniform(seed) * (float)n) % n;
}

static bool is(const char *solver, const char *name)
{
    return strcmp(solver, name) == 0;
}

static bool is_multiplicative(const char *solver)
{
    return strncmp(solver, "mu", 2) == 0 || is(solver, "minibatch");
}

/* ---- data ---- */

/* Rows or columns that are those before again, or empty. */
static void repeat_some(nmf_matrix *X, uint64_t *seed)
{
    const size_t what = pick(seed, 4);
    for (size_t i = 1; i < X->rows; i++) {
        for (size_t j = 0; what == 0 && j < X->cols; j++) {
            nmf_matrix_row(X, i)[j] = nmf_matrix_row(X, i / 2)[j];
        }
    }
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t j = 1; j < X->cols; j++) {
            float *x = nmf_matrix_row(X, i);
            x[j] = what == 1                 ? x[j / 2]
                   : what == 2 && j % 3 == 1 ? 0.0F
                   : what == 3 && i % 3 == 1 ? 0.0F
                                             : x[j];
        }
    }
}

/* Ordinary data, sparse ones, of few bits, of low rank; large and small. */
static nmf_matrix pick_data(uint64_t *seed, size_t m, size_t n)
{
    const float scales[] = {1.0F,  1.0F, 1.0F,   1.0F,  255.0F,
                            1e-6F, 1e8F, 1e-12F, 1e12F, 65535.0F};
    const float scale = scales[pick(seed, 10)];
    const size_t kind = pick(seed, 7);
    nmf_matrix X = kind == 0 ? support_random_rank(m, n, 2, *seed)
                             : support_random(m, n, *seed);
    for (size_t i = 0; i < m * n; i++) {
        float *x = &X.data[i];
        *x = kind == 1   ? (*x < 0.7F ? 0.0F : *x)
             : kind == 2 ? (float)(int)(*x * 4.0F) / 255.0F
             : kind == 3 ? *x + 0.1F
             : kind == 4 ? 0.75F
                         : *x;
        *x *= scale;
    }
    if (kind == 5) {
        repeat_some(&X, seed);
    }
    X.data[pick(seed, m * n)] = scale; /* not all are 0 */
    return X;
}

/* ---- options ---- */

static double pick_sparseness(uint64_t *seed)
{
    const double ends[] = {1e-6, 0.001, 0.999, 1.0 - 1e-6};
    return pick(seed, 8) == 0 ? ends[pick(seed, 4)]
                              : 0.02 + 0.96 * (double)support_uniform(seed);
}

static void pick_shape(nmf_options *options, uint64_t *seed, size_t m, size_t n)
{
    const double smooths[] = {0.0, 0.0, 0.1, 5.0};
    options->sparseness_W =
        m >= 2 && pick(seed, 3) == 0 ? pick_sparseness(seed) : 0.0;
    options->sparseness_H =
        n >= 2 && pick(seed, 2) == 0 ? pick_sparseness(seed) : 0.0;
    options->smooth = smooths[pick(seed, 4)];
    options->grid = n % 6 == 0   ? (nmf_grid){2, n / 6, 3}
                    : n % 2 == 0 ? (nmf_grid){n / 2, 2, 1}
                                 : (nmf_grid){n, 1, 1};
}

/* Missing entries, weights, held-out ones, where the solver knows them. */
static void pick_weights(problem *p, uint64_t *seed)
{
    nmf_options *options = &p->options;
    const size_t n = p->X.rows * p->X.cols;
    const bool knows_them = is_multiplicative(options->solver) ||
                            is(options->solver, "hals") ||
                            is(options->solver, "cd");
    if (!knows_them || pick(seed, 4) != 0) {
        return;
    }
    p->M = support_random(p->X.rows, p->X.cols, *seed + 7);
    for (size_t i = 0; i < n; i++) {
        p->M.data[i] = p->M.data[i] < 0.3F   ? 0.0F
                       : p->M.data[i] < 0.7F ? 1.0F
                                             : p->M.data[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (p->X.data[i] > 0.0F) { /* something counts that is not 0 */
            p->M.data[i] = 1.0F;
            break;
        }
    }
    options->weights = &p->M;
    if (n >= 20 && pick(seed, 3) == 0) {
        options->validation_fraction = 0.1;
        options->n_iter_no_change = pick(seed, 4);
    }
}

static void pick_options(problem *p, uint64_t *seed)
{
    const double alphas[] = {0.0, 0.0, 1e-3, 0.1, 3.0};
    const double ratios[] = {0.0, 0.5, 1.0};
    const double betas[] = {-1.2, 0.0, 0.2, 1.0, 2.0, 2.5};
    const size_t m = p->X.rows, n = p->X.cols;
    nmf_options *options = &p->options;
    *options = (nmf_options)NMF_OPTIONS_INIT;
    options->n_components = 1 + pick(seed, m < n ? m : n);
    options->solver = nmf_solver_name(pick(seed, nmf_solver_count()));
    if (is_multiplicative(options->solver)) {
        options->beta_loss = pick(seed, 4) == 0
                                 ? -3.0 + 7.0 * (double)support_uniform(seed)
                                 : betas[pick(seed, 6)];
    }
    if (is(options->solver, "shaped")) {
        pick_shape(options, seed, m, n);
    }
    if (is(options->solver, "minibatch")) {
        options->batch_size = pick(seed, m + 2);
        options->forget_factor = (double)pick(seed, 5) / 4.0;
    }
    options->init = (nmf_init)(pick(seed, 2) ? 0 : pick(seed, 5));
    options->alpha_W = alphas[pick(seed, 5)];
    options->l1_ratio = ratios[pick(seed, 3)];
    options->tol = pick(seed, 2) ? 0.0 : 1e-2;
    options->max_iter = 1 + pick(seed, 25);
    options->n_threads = 1;
    options->seed = *seed;
}

static void describe(problem *p, unsigned long number)
{
    const nmf_options *options = &p->options;
    snprintf(p->what, sizeof p->what,
             "problem %lu: %s, %s, beta %.3g, %zu x %zu, k %zu, alpha %g, l1 "
             "%g, sparseness %g %g, smooth %g, %s%s",
             number, options->solver, nmf_init_name(options->init),
             options->beta_loss, p->X.rows, p->X.cols, options->n_components,
             options->alpha_W, options->l1_ratio, options->sparseness_W,
             options->sparseness_H, options->smooth,
             options->weights ? "weights" : "no weights",
             options->validation_fraction > 0.0 ? ", held out" : "");
}

static problem pick_problem(unsigned long number)
{
    uint64_t seed = (uint64_t)number * 7919 + 1;
    const size_t m = 1 + pick(&seed, MOST), n = 1 + pick(&seed, MOST);
    problem p = {.X = pick_data(&seed, m, n)};
    pick_options(&p, &seed);
    pick_weights(&p, &seed);
    const size_t k = p.options.n_components;
    p.W0 = support_random(m, k, seed);
    p.H0 = support_random(k, n, seed);
    p.W0.data[pick(&seed, m * k)] = 0.0F;
    p.H0.data[0] = 1.0F;
    p.W0.data[m * k - 1] = 0.5F;
    for (size_t i = 0; i < m * n; i++) {
        const double x = (double)p.X.data[i];
        p.has_zero |= x == 0.0 && (!p.M.data || p.M.data[i] > 0.0F);
        p.scale += x > 0.0 ? pow(x, p.options.beta_loss) : 0.0;
    }
    describe(&p, number);
    return p;
}

static void release(problem *p)
{
    nmf_matrix_release(&p->X);
    nmf_matrix_release(&p->M);
    nmf_matrix_release(&p->W0);
    nmf_matrix_release(&p->H0);
}

/* ---- promises ---- */

static void assert_valid(const nmf_matrix *m, const char *what)
{
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        SUPPORT_ASSERT(m->data[i] >= 0.0F && isfinite(m->data[i]),
                       "%s: entry %zu is %g", what, i, (double)m->data[i]);
    }
}

/* Each row of H and column of W has the sparseness that was asked for. */
static void assert_targets_met(const nmf_model *model, const problem *p)
{
    const nmf_options *options = &p->options;
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    for (size_t t = 0; t < H->rows; t++) {
        const double of_W = reference_sparseness(W->data + t, W->ld, W->rows);
        const double of_H =
            reference_sparseness(nmf_matrix_row(H, t), 1, H->cols);
        SUPPORT_ASSERT(options->sparseness_H == 0.0 ||
                           fabs(of_H - options->sparseness_H) <= 1e-6,
                       "%s: row %zu of H has %.9g", p->what, t, of_H);
        SUPPORT_ASSERT(options->sparseness_W == 0.0 ||
                           fabs(of_W - options->sparseness_W) <= 1e-6,
                       "%s: column %zu of W has %.9g", p->what, t, of_W);
    }
}

/* What of the objective may be rounding, absolute. */
static support_descent allow(const problem *p)
{
    const nmf_options *options = &p->options;
    /*
     * Where X = W H to the last bit of a float, its squares are left. An error
     * that came free is a difference of sums of up to MOST products in float.
     */
    support_descent d = {.before = INFINITY,
                         .rounding = 1e-12 * p->scale,
                         .free = MOST * 0x1p-24 * p->scale};
    /* A penalty is small beside what products round away. */
    if (options->alpha_W > 0.0 || options->smooth > 0.0) {
        d.rounding = d.free;
    }
    if (options->beta_loss != 2.0) { /* sums that cancel, entry by entry */
        d.rounding = d.free = 1e-6 * p->scale;
    } else {
        d.norm = sqrt(p->scale);
    }
    return d;
}

static void assert_promises_kept(const nmf_model *model, const problem *p,
                                 const support_descent *d)
{
    const nmf_summary *summary = nmf_model_summary(model);
    assert_valid(nmf_model_activations(model), p->what);
    assert_valid(nmf_model_components(model), p->what);
    assert_targets_met(model, p);
    SUPPORT_ASSERT(d->worst == 0.0 || is(p->options.solver, "minibatch"),
                   "%s: rises by %g", p->what, d->worst);
    SUPPORT_ASSERT(isfinite(summary->relative_error) &&
                       isfinite(summary->objective),
                   "%s: error %g, objective %g", p->what,
                   summary->relative_error, summary->objective);
}

/* Activations of the same data under the model are valid and no worse. */
static void assert_transforms(const nmf_model *model, const problem *p)
{
    nmf_matrix W = {0};
    nmf_error err = {0};
    double error = 0.0;
    SUPPORT_OK(nmf_transform_weighted(&W, model, &p->X, p->options.weights,
                                      false, 1, &err),
               err);
    assert_valid(&W, p->what);
    if (p->options.beta_loss == 2.0 && !p->options.weights) {
        const double fitted = nmf_model_summary(model)->relative_error;
        SUPPORT_OK(nmf_relative_error(&error, &p->X, &W,
                                      nmf_model_components(model), 1, &err),
                   err);
        SUPPORT_ASSERT(error * error <= fitted * fitted + 1e-5,
                       "%s: transformed with an error of %g, fitted with %g",
                       p->what, error, fitted);
    }
    nmf_matrix_release(&W);
}

static void check_problem(unsigned long number)
{
    problem p = pick_problem(number);
    support_descent d = allow(&p);
    nmf_model *model = NULL;
    nmf_error err = {0};
    p.options.weights = p.M.data ? &p.M : NULL;
    p.options.W0 = &p.W0;
    p.options.H0 = &p.H0;
    p.options.callback = support_watch_descent;
    p.options.callback_context = &d;
    nmf_status status = nmf_fit(&model, &p.X, &p.options, &err);
    if (p.options.beta_loss <= 0.0 && p.has_zero) {
        assert_int_equal(status, NMF_ERR_DATA);
    } else if (p.options.validation_fraction == 0.0 || status == NMF_OK) {
        SUPPORT_ASSERT(status == NMF_OK, "%s: %s", p.what, err.message);
        assert_promises_kept(model, &p, &d);
        assert_transforms(model, &p);
    } /* else what is left after some is held out may be nothing */
    nmf_model_free(model);
    release(&p);
}

static void random_small_problems_keep_all_promises(void **state)
{
    (void)state;
    for (unsigned long i = 0; i < n_problems; i++) {
        check_problem(first_problem + i);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_small_problems_keep_all_promises),
    };
    if (argc > 1) {
        n_problems = strtoul(argv[1], NULL, 10);
    }
    if (argc > 2) {
        first_problem = strtoul(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
