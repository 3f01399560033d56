/*
 * Beside scikit-learn 1.2.1, whose numbers are in sklearn.tsv; make_sklearn.py
 * wrote them.
 */
#include "support.h"

#include "core/solver.h"
#include "tsv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { M = 24, N = 15, K = 5 };

/* Both sides in float's neighbourhood; entries are of the order of 1. */
static const double TOLERANCE = 2e-5;

/* The same X as in make_sklearn.py. */
static nmf_matrix make_X(void)
{
    nmf_matrix X = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&X, M, N, &err), err);
    for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++) {
            int number = 7 * i * i + 11 * j * j + 5 * i * j + 3 * j;
            nmf_matrix_row(&X, (size_t)i)[j] = (float)(number % 101) / 100.0F;
        }
    }
    return X;
}

/* The recorded matrix of a name, whose shape must be rows x cols. */
static nmf_matrix recorded(const char *name, size_t rows, size_t cols)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    tsv_reader tsv;
    size_t entries = 0;
    SUPPORT_OK(nmf_matrix_init(&m, rows, cols, &err), err);
    assert_true(tsv_open(&tsv, NMFIMG_TESTS "/golden/sklearn.tsv"));
    while (tsv_next(&tsv)) {
        if (strcmp(tsv.cells[0], name) == 0) {
            size_t row = strtoul(tsv.cells[1], NULL, 10);
            size_t col = strtoul(tsv.cells[2], NULL, 10);
            assert_true(row < rows && col < cols);
            nmf_matrix_row(&m, row)[col] = strtof(tsv.cells[3], NULL);
            entries++;
        }
    }
    SUPPORT_ASSERT(entries == rows * cols, "%s: %zu entries are recorded", name,
                   entries);
    return m;
}

static void check(const nmf_matrix *got, const char *name)
{
    nmf_matrix expected = recorded(name, got->rows, got->cols);
    for (size_t i = 0; i < got->rows; i++) {
        for (size_t j = 0; j < got->cols; j++) {
            double a = (double)nmf_matrix_row(got, i)[j];
            double b = (double)nmf_matrix_row(&expected, i)[j];
            SUPPORT_ASSERT(fabs(a - b) < TOLERANCE * (1.0 + fabs(b)),
                           "%s (%zu, %zu): %.9g, scikit-learn has %.9g", name,
                           i, j, a, b);
        }
    }
    nmf_matrix_release(&expected);
}

typedef struct start {
    nmf_matrix W, H;
} start;

static start make_start(nmf_init init, uint64_t seed)
{
    nmf_matrix X = make_X();
    nmf_source source = {0};
    start s = {{0}, {0}};
    nmf_error err = {0};
    SUPPORT_OK(nmf_source_dense(&source, &X, 1, &err), err);
    SUPPORT_OK(nmf_matrix_init(&s.W, M, K, &err), err);
    SUPPORT_OK(nmf_matrix_init(&s.H, K, N, &err), err);
    SUPPORT_OK(nmf_init_svd(&s.W, &s.H, &source, init, false, seed, 1, &err),
               err);
    nmf_matrix_release(&X);
    return s;
}

static void release(start *s)
{
    nmf_matrix_release(&s->W);
    nmf_matrix_release(&s->H);
}

static void nndsvd_and_nndsvda_are_those_of_scikit_learn(void **state)
{
    start plain = make_start(NMF_INIT_NNDSVD, 0);
    start filled = make_start(NMF_INIT_NNDSVDA, 0);
    (void)state;
    check(&plain.W, "nndsvd-W");
    check(&plain.H, "nndsvd-H");
    check(&filled.W, "nndsvda-W");
    check(&filled.H, "nndsvda-H");
    release(&plain);
    release(&filled);
}

/* Its random numbers cannot be the same; what they replace is. */
static void nndsvdar_fills_the_zeros_of_nndsvd(void **state)
{
    start plain = make_start(NMF_INIT_NNDSVD, 0);
    start one = make_start(NMF_INIT_NNDSVDAR, 1);
    start two = make_start(NMF_INIT_NNDSVDAR, 2);
    nmf_matrix X = make_X();
    double mean = 0.0, sum = 0.0;
    size_t n_zeros = 0;
    (void)state;
    for (size_t i = 0; i < M * N; i++) {
        mean += (double)X.data[i] / (M * N);
    }
    for (size_t i = 0; i < M * K; i++) {
        if (plain.W.data[i] > 0.0F) {
            assert_true(one.W.data[i] == plain.W.data[i]);
        } else {
            assert_true(one.W.data[i] > 0.0F);
            assert_true(one.W.data[i] != two.W.data[i]);
            sum += (double)one.W.data[i];
            n_zeros++;
        }
    }
    /* The mean of |normal| is sqrt(2 / pi) = 0.798. */
    SUPPORT_NEAR(sum / (double)n_zeros / (mean / 100.0), 0.798, 0.25);
    release(&plain);
    release(&one);
    release(&two);
    nmf_matrix_release(&X);
}

static nmf_decomposition *decompose(const nmf_matrix *X, nmf_method method)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    nmf_decomposition *d = NULL;
    nmf_error err = {0};
    options.method = method;
    options.n_components = K;
    SUPPORT_OK(nmf_decompose(&d, X, &options, &err), err);
    return d;
}

/* Rows of scikit-learn may have the other sign: make its largest positive. */
static void check_components(const nmf_matrix *H, const char *name,
                             double *signs)
{
    nmf_matrix expected = recorded(name, H->rows, H->cols);
    for (size_t t = 0; t < H->rows; t++) {
        const float *h = nmf_matrix_row(&expected, t);
        float largest = 0.0F;
        for (size_t j = 0; j < H->cols; j++) {
            largest = fabsf(h[j]) > fabsf(largest) ? h[j] : largest;
        }
        signs[t] = largest < 0.0F ? -1.0 : 1.0;
        for (size_t j = 0; j < H->cols; j++) {
            SUPPORT_NEAR((double)nmf_matrix_row(H, t)[j],
                         signs[t] * (double)h[j], TOLERANCE);
        }
    }
    nmf_matrix_release(&expected);
}

static void check_variances(const nmf_decomposition *d, const char *name)
{
    char full[64];
    nmf_matrix values = {0};
    const nmf_component_variance *v = nmf_decomposition_variances(d);
    snprintf(full, sizeof full, "%s-singular", name);
    values = recorded(full, 1, K);
    for (size_t t = 0; t < K; t++) {
        SUPPORT_NEAR(v[t].singular_value, (double)values.data[t], TOLERANCE);
    }
    nmf_matrix_release(&values);
    snprintf(full, sizeof full, "%s-variance", name);
    values = recorded(full, 1, K);
    for (size_t t = 0; t < K; t++) {
        SUPPORT_NEAR(v[t].explained_variance, (double)values.data[t],
                     TOLERANCE);
    }
    nmf_matrix_release(&values);
    snprintf(full, sizeof full, "%s-ratio", name);
    values = recorded(full, 1, K);
    for (size_t t = 0; t < K; t++) {
        SUPPORT_NEAR(v[t].explained_variance_ratio, (double)values.data[t],
                     TOLERANCE);
    }
    nmf_matrix_release(&values);
}

static void pca_is_that_of_scikit_learn(void **state)
{
    nmf_matrix X = make_X(), W = {0};
    nmf_decomposition *d = decompose(&X, NMF_METHOD_PCA);
    nmf_matrix scores = recorded("pca-transform", M, K);
    nmf_error err = {0};
    double signs[K] = {0};
    (void)state;
    check(nmf_decomposition_mean(d), "pca-mean");
    check_components(nmf_decomposition_components(d), "pca-components", signs);
    check_variances(d, "pca");
    SUPPORT_OK(nmf_decomposition_transform(&W, d, &X, 1, &err), err);
    for (size_t i = 0; i < M * K; i++) {
        double expected = signs[i % K] * (double)scores.data[i];
        SUPPORT_NEAR((double)W.data[i], expected, TOLERANCE);
        SUPPORT_NEAR((double)nmf_decomposition_activations(d)->data[i],
                     expected, TOLERANCE);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&scores);
    nmf_matrix_release(&X);
    nmf_decomposition_free(d);
}

static void svd_is_that_of_scikit_learn(void **state)
{
    nmf_matrix X = make_X();
    nmf_decomposition *d = decompose(&X, NMF_METHOD_SVD);
    double signs[K] = {0};
    (void)state;
    assert_null(nmf_decomposition_mean(d));
    check_components(nmf_decomposition_components(d), "svd-components", signs);
    check_variances(d, "svd");
    nmf_matrix_release(&X);
    nmf_decomposition_free(d);
}

/* ---- updates ---- */

static const double betas[] = {-1.2, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5};
enum { N_BETAS = sizeof betas / sizeof betas[0] };

/* The data and factors of make_sklearn.py; wide: of the transpose. */
typedef struct problem {
    nmf_matrix X, W0, H0;
} problem;

static problem make_problem(bool is_wide)
{
    problem p = {{0}, {0}, {0}};
    nmf_matrix X = make_X();
    nmf_error err = {0};
    const size_t m = is_wide ? N : M, n = is_wide ? M : N;
    SUPPORT_OK(nmf_matrix_init(&p.X, m, n, &err), err);
    SUPPORT_OK(nmf_matrix_init(&p.W0, m, K, &err), err);
    SUPPORT_OK(nmf_matrix_init(&p.H0, K, n, &err), err);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            float x = nmf_matrix_row(&X, is_wide ? j : i)[is_wide ? i : j];
            nmf_matrix_row(&p.X, i)[j] = x + 0.05F;
        }
        for (size_t t = 0; t < K; t++) {
            size_t number = 3 * i * i + 5 * t + 7 * i * t;
            nmf_matrix_row(&p.W0, i)[t] = 0.1F + (float)(number % 17) / 17.0F;
        }
    }
    for (size_t t = 0; t < K; t++) {
        for (size_t j = 0; j < n; j++) {
            size_t number = 5 * j * j + 2 * t + 3 * t * j;
            nmf_matrix_row(&p.H0, t)[j] = 0.1F + (float)(number % 19) / 19.0F;
        }
    }
    nmf_matrix_release(&X);
    return p;
}

static void release_problem(problem *p)
{
    nmf_matrix_release(&p->X);
    nmf_matrix_release(&p->W0);
    nmf_matrix_release(&p->H0);
}

static nmf_options options_of(const problem *p, const char *solver, double beta)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = K;
    options.solver = solver;
    options.beta_loss = beta;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &p->W0;
    options.H0 = &p->H0;
    options.tol = 0.0;
    return options;
}

/* Is a factor that of `solver` in the table? */
static void check_factor(const nmf_matrix *got, const char *solver,
                         bool is_wide, double beta, char factor)
{
    char name[64];
    snprintf(name, sizeof name, "%s-%s-%g-%c", solver,
             is_wide ? "wide" : "tall", beta, factor);
    check(got, name);
}

/* 25 iterations in float beside 25 in double. */
static void mu_plain_goes_where_scikit_learns_mu_goes(void **state)
{
    (void)state;
    for (int is_wide = 0; is_wide < 2; is_wide++) {
        problem p = make_problem(is_wide);
        for (size_t b = 0; b < N_BETAS; b++) {
            nmf_options options = options_of(&p, "mu-plain", betas[b]);
            nmf_model *model = NULL;
            nmf_error err = {0};
            options.max_iter = 25;
            SUPPORT_OK(nmf_fit(&model, &p.X, &options, &err), err);
            check_factor(nmf_model_components(model), "mu", is_wide, betas[b],
                         'H');
            nmf_model_free(model);
        }
        release_problem(&p);
    }
}

/* Batches of 7 rows and a shorter last one, three times over. */
static void minibatch_goes_where_scikit_learns_goes(void **state)
{
    (void)state;
    for (int is_wide = 0; is_wide < 2; is_wide++) {
        problem p = make_problem(is_wide);
        for (size_t b = 0; b < N_BETAS; b++) {
            nmf_options options = options_of(&p, "minibatch", betas[b]);
            nmf_model *model = NULL;
            nmf_error err = {0};
            options.max_iter = 3;
            options.batch_size = 7;
            options.forget_factor = 0.7;
            options.alpha_W = betas[b] == 2.0 ? 0.01 : 0.0;
            options.l1_ratio = 0.5;
            SUPPORT_OK(nmf_fit(&model, &p.X, &options, &err), err);
            check_factor(nmf_model_components(model), "minibatch", is_wide,
                         betas[b], 'H');
            check_factor(nmf_model_activations(model), "minibatch", is_wide,
                         betas[b], 'W');
            nmf_model_free(model);
        }
        release_problem(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nndsvd_and_nndsvda_are_those_of_scikit_learn),
        cmocka_unit_test(nndsvdar_fills_the_zeros_of_nndsvd),
        cmocka_unit_test(mu_plain_goes_where_scikit_learns_mu_goes),
        cmocka_unit_test(minibatch_goes_where_scikit_learns_goes),
        cmocka_unit_test(pca_is_that_of_scikit_learn),
        cmocka_unit_test(svd_is_that_of_scikit_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
