/* What holds for PCA, SVD, VQ and PLSA on whatever data. */
#include "support.h"

#include "core/solver.h"
#include "reference.h"

#include <math.h>
#include <stdlib.h>
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

static nmf_decomposition *decompose(const nmf_matrix *X,
                                    const nmf_decompose_options *options)
{
    nmf_decomposition *d = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_decompose(&d, X, options, &err), err);
    return d;
}

static double *to_double(const nmf_matrix *m)
{
    double *x = calloc(m->rows * m->cols, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->cols; j++) {
            x[i * m->cols + j] = (double)nmf_matrix_row(m, i)[j];
        }
    }
    return x;
}

/* ||X - Y|| / ||X|| */
static double distance(const nmf_matrix *X, const nmf_matrix *Y)
{
    double squares = 0.0, norm = 0.0;
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        double d = (double)X->data[i] - (double)Y->data[i];
        squares += d * d;
        norm += (double)X->data[i] * (double)X->data[i];
    }
    return sqrt(squares / norm);
}

/* Directions of clearly falling weight, as the vectors are compared. */
static nmf_matrix graded(size_t m, size_t n, uint64_t seed)
{
    nmf_matrix X = support_random(m, n, seed);
    nmf_matrix A = support_random(m, 8, seed + 1);
    nmf_matrix B = support_random(8, n, seed + 2);
    for (size_t i = 0; i < m * n; i++) {
        X.data[i] = 10.0F + 0.1F * X.data[i];
        for (size_t t = 0; t < 8; t++) {
            X.data[i] += (nmf_matrix_row(&A, i / n)[t] - 0.5F) *
                         (nmf_matrix_row(&B, t)[i % n] - 0.5F) * (float)(8 - t);
        }
    }
    nmf_matrix_release(&A);
    nmf_matrix_release(&B);
    return X;
}

/* X, less its mean in double where wanted. */
static double *centre(const nmf_matrix *X, bool without_mean)
{
    double *x = to_double(X);
    for (size_t j = 0; without_mean && j < X->cols; j++) {
        double mean = 0.0;
        for (size_t i = 0; i < X->rows; i++) {
            mean += x[i * X->cols + j] / (double)X->rows;
        }
        for (size_t i = 0; i < X->rows; i++) {
            x[i * X->cols + j] -= mean;
        }
    }
    return x;
}

/*
 * Values to 1e-6 of the largest; vectors, whose gaps are of a tenth, to 1e-4;
 * the error is what the other values leave of X.
 */
static void pca_and_svd_are_the_svd_of_lapack(void **state)
{
    static const size_t shapes[][2] = {{90, 40}, {40, 90}, {600, 530}};
    (void)state;
    for (size_t trial = 0; trial < 6; trial++) {
        const size_t m = shapes[trial / 2][0], n = shapes[trial / 2][1];
        const size_t rank = m < n ? m : n, k = 6;
        const bool is_pca = trial % 2 == 0;
        nmf_matrix X = graded(m, n, trial);
        nmf_decompose_options options =
            options_of(is_pca ? NMF_METHOD_PCA : NMF_METHOD_SVD, k);
        nmf_decomposition *d = decompose(&X, &options);
        double *x = centre(&X, is_pca), *S = calloc(rank, sizeof *S);
        double *V = calloc(rank * n, sizeof *V);
        double tail = 0.0, norm = 0.0;
        reference_svd(S, V, x, m, n);
        for (size_t t = 0; t < rank; t++) {
            tail += t < k ? 0.0 : S[t] * S[t];
        }
        for (size_t i = 0; i < m * n; i++) {
            norm += (double)X.data[i] * (double)X.data[i];
        }
        for (size_t t = 0; t < k; t++) {
            const float *h = nmf_matrix_row(nmf_decomposition_components(d), t);
            double value = nmf_decomposition_variances(d)[t].singular_value;
            double cosine = 0.0;
            for (size_t j = 0; j < n; j++) {
                cosine += V[t * n + j] * (double)h[j];
            }
            SUPPORT_ASSERT(fabs(value - S[t]) < 1e-6 * S[0],
                           "%zu x %zu, value %zu: %.9g, LAPACK has %.9g", m, n,
                           t, value, S[t]);
            SUPPORT_ASSERT(fabs(fabs(cosine) - 1.0) < 1e-4,
                           "%zu x %zu, component %zu: cosine %.9g", m, n, t,
                           cosine);
        }
        SUPPORT_NEAR(nmf_decomposition_get_summary(d)->relative_error,
                     sqrt(tail / norm), 1e-6);
        free(x);
        free(S);
        free(V);
        nmf_decomposition_free(d);
        nmf_matrix_release(&X);
    }
}

typedef struct descent {
    double before;
    size_t n_rises, n_calls;
} descent;

static bool watch(const nmf_decompose_progress *progress, void *context)
{
    descent *d = context;
    d->n_rises += progress->objective > d->before * (1 + 1e-6);
    d->n_calls++;
    d->before = progress->objective;
    return progress->n_iter == d->n_calls;
}

static size_t count_used(const nmf_matrix *W)
{
    size_t n_used = 0;
    for (size_t t = 0; t < W->cols; t++) {
        float sum = 0.0F;
        for (size_t i = 0; i < W->rows; i++) {
            sum += nmf_matrix_row(W, i)[t];
        }
        n_used += sum > 0.0F;
    }
    return n_used;
}

static void check_one_hot(const nmf_matrix *W)
{
    for (size_t i = 0; i < W->rows; i++) {
        size_t n_ones = 0;
        for (size_t t = 0; t < W->cols; t++) {
            float w = nmf_matrix_row(W, i)[t];
            assert_true(w == 0.0F || w == 1.0F);
            n_ones += w == 1.0F;
        }
        assert_int_equal(n_ones, 1);
    }
}

/*
 * Many centres for few samples, half of them on a grid, where there are ties.
 * All are in use at the end.
 */
static void the_inertia_never_rises(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        const size_t m = 12 + seed % 40, n = 1 + seed % 3;
        nmf_matrix X = support_random(m, n, seed);
        for (size_t i = 0; seed % 2 == 0 && i < m * n; i++) {
            X.data[i] = (float)(int)(X.data[i] * 50.0F) - 25.0F;
        }
        nmf_decompose_options options = options_of(NMF_METHOD_VQ, 2 + seed % 9);
        descent watched = {INFINITY, 0, 0};
        options.seed = seed;
        options.tol = 0.0;
        options.callback = watch;
        options.callback_context = &watched;
        nmf_decomposition *d = decompose(&X, &options);
        const nmf_decomposition_summary *s = nmf_decomposition_get_summary(d);
        SUPPORT_ASSERT(watched.n_rises == 0 &&
                           s->inertia <= watched.before * (1 + 1e-6) + 1e-9,
                       "seed %u: %zu rises, %g after %g", (unsigned)seed,
                       watched.n_rises, s->inertia, watched.before);
        assert_int_equal(s->n_iter, watched.n_calls);
        assert_int_equal(s->stop_reason, NMF_STOP_TOL);
        check_one_hot(nmf_decomposition_activations(d));
        SUPPORT_ASSERT(count_used(nmf_decomposition_activations(d)) ==
                           2 + seed % 9,
                       "seed %u: an empty cluster", (unsigned)seed);
        nmf_decomposition_free(d);
        nmf_matrix_release(&X);
    }
}

/*
 * The second centre is far from all: it takes the sample that is farthest from
 * the first, and of two as far the one that comes first.
 */
static void an_empty_cluster_takes_the_farthest_sample(void **state)
{
    float centres[] = {0.5F, 1000.0F};
    float one[] = {0, 1, 10, 0, 1}, two[] = {0, -10, 1, 11, 0};
    float three[] = {0, 0, 9, 9, 20, 20}, far[] = {10, -1000, 1000};
    (void)state;
    for (int trial = 0; trial < 3; trial++) {
        float *samples = trial == 0 ? one : trial == 1 ? two : three;
        const size_t m = trial < 2 ? 5 : 6, k = trial < 2 ? 2 : 3;
        nmf_matrix X = nmf_matrix_view(samples, m, 1, 1);
        nmf_matrix H0 = nmf_matrix_view(trial < 2 ? centres : far, k, 1, 1);
        nmf_decompose_options options = options_of(NMF_METHOD_VQ, k);
        descent watched = {INFINITY, 0, 0};
        options.H0 = &H0;
        options.tol = 0.0;
        options.callback = watch;
        options.callback_context = &watched;
        options.max_iter = trial == 1 ? 1 : 300;
        nmf_decomposition *d = decompose(&X, &options);
        const nmf_matrix *W = nmf_decomposition_activations(d);
        assert_int_equal(count_used(W), k);
        assert_int_equal(watched.n_rises, 0);
        if (trial == 0) {
            assert_true(nmf_matrix_row(W, 2)[1] == 1.0F);
            SUPPORT_NEAR(nmf_decomposition_get_summary(d)->inertia, 1.0, 1e-5);
        } else if (trial == 1) { /* -10 and 11 are 10.5 from 0.5 */
            assert_true(nmf_decomposition_components(d)->data[1] == -10.0F);
        } else {
            assert_true(nmf_decomposition_get_summary(d)->inertia < 1e-9);
        }
        nmf_decomposition_free(d);
    }
}

/* Each centre is the mean of its samples, each sample at its nearest. */
static void clusters_are_at_rest(void **state)
{
    nmf_matrix X = graded(300, 20, 4);
    nmf_decompose_options options = options_of(NMF_METHOD_VQ, 7);
    nmf_error err = {0};
    (void)state;
    options.tol = 0.0;
    nmf_decomposition *d = decompose(&X, &options);
    const nmf_matrix *C = nmf_decomposition_components(d);
    const nmf_matrix *W = nmf_decomposition_activations(d);
    double inertia = 0.0;
    for (size_t t = 0; t < C->rows; t++) {
        for (size_t j = 0; j < C->cols; j++) {
            double sum = 0.0, n = 0.0;
            for (size_t i = 0; i < X.rows; i++) {
                sum += (double)(nmf_matrix_row(W, i)[t] *
                                nmf_matrix_row(&X, i)[j]);
                n += (double)nmf_matrix_row(W, i)[t];
            }
            SUPPORT_NEAR((double)nmf_matrix_row(C, t)[j], sum / n, 1e-6);
        }
    }
    for (size_t i = 0; i < X.rows; i++) {
        double own = 0.0, least = INFINITY;
        for (size_t t = 0; t < C->rows; t++) {
            double squares = 0.0;
            for (size_t j = 0; j < C->cols; j++) {
                double difference = (double)nmf_matrix_row(C, t)[j] -
                                    (double)nmf_matrix_row(&X, i)[j];
                squares += difference * difference;
            }
            own += nmf_matrix_row(W, i)[t] > 0.0F ? squares : 0.0;
            least = fmin(least, squares);
        }
        assert_true(own <= least * (1 + 1e-5));
        inertia += own;
    }
    SUPPORT_NEAR(nmf_decomposition_get_summary(d)->inertia, inertia,
                 1e-5 * inertia);
    nmf_matrix again = {0};
    SUPPORT_OK(nmf_decomposition_transform(&again, d, &X, 1, &err), err);
    assert_memory_equal(again.data, W->data, X.rows * 7 * sizeof(float));
    nmf_matrix_release(&again);
    nmf_decomposition_free(d);
    nmf_matrix_release(&X);
}

static void equally_near_centres_go_by_their_number(void **state)
{
    nmf_decomposition_summary summary = {.method = NMF_METHOD_VQ};
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        float centres[] = {turned ? 1.0F : -1.0F, turned ? -1.0F : 1.0F};
        float sample = 0.0F;
        nmf_matrix C = nmf_matrix_view(centres, 2, 1, 1), W = {0};
        nmf_matrix X = nmf_matrix_view(&sample, 1, 1, 1);
        nmf_decomposition *d = NULL;
        nmf_error err = {0};
        SUPPORT_OK(
            nmf_decomposition_create(&d, &C, NULL, NULL, NULL, &summary, &err),
            err);
        SUPPORT_OK(nmf_decomposition_transform(&W, d, &X, 1, &err), err);
        assert_true(W.data[0] == 1.0F && W.data[1] == 0.0F);
        nmf_matrix_release(&W);
        nmf_decomposition_free(d);
    }
}

/* Rows of 60 samples are 3 different ones: more centres have nothing to do. */
static void more_clusters_than_different_samples_end_exactly(void **state)
{
    nmf_matrix X = support_random(60, 5, 3);
    nmf_decompose_options options = options_of(NMF_METHOD_VQ, 8);
    (void)state;
    for (size_t i = 3; i < 60; i++) {
        memcpy(nmf_matrix_row(&X, i), nmf_matrix_row(&X, i % 3),
               5 * sizeof(float));
    }
    nmf_decomposition *d = decompose(&X, &options);
    assert_true(nmf_decomposition_get_summary(d)->relative_error < 1e-6);
    for (size_t i = 0; i < 40; i++) {
        assert_true(isfinite(nmf_decomposition_components(d)->data[i]));
    }
    nmf_decomposition_free(d);
    nmf_matrix_release(&X);
}

/* In double, of the factors as they come out. */
static double log_likelihood(const nmf_matrix *X, const nmf_decomposition *d)
{
    const nmf_matrix *W = nmf_decomposition_activations(d);
    const nmf_matrix *H = nmf_decomposition_components(d);
    double total = 0.0;
    for (size_t i = 0; i < X->rows; i++) {
        double row_sum = 0.0;
        for (size_t t = 0; t < W->cols; t++) {
            row_sum += (double)nmf_matrix_row(W, i)[t];
        }
        for (size_t j = 0; j < X->cols; j++) {
            double x = (double)nmf_matrix_row(X, i)[j], y = 0.0;
            for (size_t t = 0; t < W->cols; t++) {
                y += (double)nmf_matrix_row(W, i)[t] *
                     (double)nmf_matrix_row(H, t)[j];
            }
            total += x > 0.0 ? x * log(y / row_sum) : 0.0;
        }
    }
    return total;
}

static void the_likelihood_never_falls_and_tables_stay_normal(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        nmf_matrix X = support_random(40, 30, seed);
        double before = -INFINITY, divergence = INFINITY;
        for (size_t i = 0; i < 1200; i++) {
            X.data[i] = X.data[i] < 0.4F ? 0.0F : X.data[i] * 9.0F;
        }
        for (size_t n_iter = 1; n_iter < 40; n_iter++) {
            nmf_decompose_options options = options_of(NMF_METHOD_PLSA, 6);
            options.max_iter = n_iter;
            options.tol = 0.0;
            options.seed = seed;
            nmf_decomposition *d = decompose(&X, &options);
            const nmf_decomposition_summary *s =
                nmf_decomposition_get_summary(d);
            double now = log_likelihood(&X, d);
            SUPPORT_ASSERT(now >= before - 1e-6 * fabs(before),
                           "seed %u, iteration %zu: %.9g after %.9g",
                           (unsigned)seed, n_iter, now, before);
            assert_true(s->divergence <= divergence * (1 + 1e-6));
            assert_int_equal(s->n_iter, n_iter);
            before = now;
            divergence = s->divergence;
            for (size_t i = 0; i < 40; i++) {
                double given = 0.0, kept = 0.0;
                for (size_t j = 0; j < 30; j++) {
                    given += (double)nmf_matrix_row(&X, i)[j];
                }
                for (size_t t = 0; t < 6; t++) {
                    kept += (double)nmf_matrix_row(
                        nmf_decomposition_activations(d), i)[t];
                }
                SUPPORT_NEAR(kept, given, 1e-5 * given);
            }
            for (size_t t = 0; t < 6; t++) {
                double sum = 0.0;
                for (size_t j = 0; j < 30; j++) {
                    sum += (double)nmf_matrix_row(
                        nmf_decomposition_components(d), t)[j];
                }
                SUPPORT_NEAR(sum, 1.0, 1e-5);
            }
            nmf_decomposition_free(d);
        }
        nmf_matrix_release(&X);
    }
}

/* From the same start, iteration by iteration, up to the norm of rows of H. */
static void plsa_is_nmf_by_kullback_and_leibler(void **state)
{
    const size_t m = 30, n = 20, k = 4;
    nmf_matrix X = support_random(m, n, 11), W0 = {0}, H0 = {0};
    nmf_error err = {0};
    double mean = 0.0;
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&W0, m, k, &err), err);
    SUPPORT_OK(nmf_matrix_init(&H0, k, n, &err), err);
    for (size_t i = 0; i < m * n; i++) {
        mean += (double)X.data[i] / (double)(m * n);
    }
    nmf_init_random(&W0, &H0, mean, 3);
    double *x = to_double(&X), *w = to_double(&W0), *h = to_double(&H0);
    for (size_t n_iter = 1; n_iter <= 60; n_iter++) {
        nmf_decompose_options options = options_of(NMF_METHOD_PLSA, k);
        options.seed = 3;
        options.tol = 0.0;
        options.max_iter = n_iter;
        nmf_decomposition *d = decompose(&X, &options);
        reference_kl_updates(w, h, x, m, n, k, 1);
        for (size_t t = 0; t < k; t++) {
            double sum = 0.0;
            for (size_t j = 0; j < n; j++) {
                sum += h[t * n + j];
            }
            for (size_t j = 0; j < n; j++) {
                SUPPORT_NEAR((double)nmf_matrix_row(
                                 nmf_decomposition_components(d), t)[j],
                             h[t * n + j] / sum, 1e-5);
            }
            for (size_t i = 0; i < m; i++) {
                SUPPORT_NEAR((double)nmf_matrix_row(
                                 nmf_decomposition_activations(d), i)[t],
                             w[i * k + t] * sum, 1e-5 * (double)n);
            }
        }
        nmf_decomposition_free(d);
    }
    free(x);
    free(w);
    free(h);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
}

/* Large enough for seven threads to be worth it. */
static void threads_change_no_byte(void **state)
{
    nmf_matrix tall = graded(900, 420, 12), wide = graded(420, 900, 13);
    const nmf_matrix *both[] = {&tall, &wide};
    (void)state;
    for (size_t trial = 0; trial < 2 * N_METHODS; trial++) {
        const nmf_matrix *X = both[trial % 2];
        nmf_decompose_options options = options_of(methods[trial / 2], 21);
        options.max_iter = 5;
        options.n_threads = 1;
        nmf_decomposition *one = decompose(X, &options);
        const nmf_matrix *W = nmf_decomposition_activations(one);
        const nmf_matrix *H = nmf_decomposition_components(one);
        for (unsigned threads = 2; threads <= 7; threads += 5) {
            nmf_matrix some = nmf_matrix_view(X->data, 50, X->cols, X->ld);
            nmf_matrix a = {0}, b = {0};
            nmf_error err = {0};
            options.n_threads = threads;
            nmf_decomposition *other = decompose(X, &options);
            assert_memory_equal(H->data,
                                nmf_decomposition_components(other)->data,
                                H->rows * H->cols * sizeof(float));
            assert_memory_equal(W->data,
                                nmf_decomposition_activations(other)->data,
                                W->rows * W->cols * sizeof(float));
            const nmf_decomposition_summary *s =
                nmf_decomposition_get_summary(one);
            const nmf_decomposition_summary *t =
                nmf_decomposition_get_summary(other);
            assert_true(s->relative_error == t->relative_error &&
                        s->inertia == t->inertia &&
                        s->divergence == t->divergence);
            SUPPORT_OK(nmf_decomposition_transform(&a, one, &some, 1, &err),
                       err);
            SUPPORT_OK(
                nmf_decomposition_transform(&b, one, &some, threads, &err),
                err);
            assert_memory_equal(a.data, b.data,
                                a.rows * a.cols * sizeof(float));
            nmf_matrix_release(&a);
            nmf_matrix_release(&b);
            nmf_decomposition_free(other);
        }
        nmf_decomposition_free(one);
    }
    nmf_matrix_release(&tall);
    nmf_matrix_release(&wide);
}

/* The error that is told is that of the way there and back. */
static void there_and_back_is_as_far_as_it_says(void **state)
{
    nmf_matrix X = graded(70, 50, 1);
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 5);
        nmf_matrix W = {0}, Y = {0};
        nmf_error err = {0};
        options.max_iter = 1000; /* plsa: to rest, as folding in comes to */
        options.tol = methods[i] == NMF_METHOD_PLSA ? 1e-8 : 1e-4;
        nmf_decomposition *d = decompose(&X, &options);
        SUPPORT_OK(nmf_decomposition_transform(&W, d, &X, 2, &err), err);
        SUPPORT_OK(nmf_decomposition_inverse_transform(&Y, d, &W, 2, &err),
                   err);
        SUPPORT_NEAR(distance(&X, &Y),
                     nmf_decomposition_get_summary(d)->relative_error,
                     methods[i] == NMF_METHOD_PLSA ? 1e-3 : 1e-6);
        nmf_matrix_release(&W);
        nmf_matrix_release(&Y);
        nmf_decomposition_free(d);
    }
    nmf_matrix_release(&X);
}

static void a_row_of_transform_depends_on_no_other(void **state)
{
    nmf_matrix X = graded(400, 20, 2);
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 5);
        nmf_matrix all = {0}, some = {0};
        nmf_matrix part = nmf_matrix_view(nmf_matrix_row(&X, 381), 7, 20, 20);
        nmf_error err = {0};
        options.max_iter = 30;
        nmf_decomposition *d = decompose(&X, &options);
        SUPPORT_OK(nmf_decomposition_transform(&all, d, &X, 2, &err), err);
        SUPPORT_OK(nmf_decomposition_transform(&some, d, &part, 2, &err), err);
        assert_memory_equal(some.data, nmf_matrix_row(&all, 381),
                            7 * 5 * sizeof(float));
        nmf_matrix_release(&all);
        nmf_matrix_release(&some);
        nmf_decomposition_free(d);
    }
    nmf_matrix_release(&X);
}

/* Powers of 2, exact: from 1e-30 to 1e30 the same components. */
static void the_unit_of_the_data_does_not_matter(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_METHODS; i++) {
        nmf_decompose_options options = options_of(methods[i], 4);
        nmf_matrix X = graded(60, 30, 7);
        nmf_decomposition *one = decompose(&X, &options);
        for (int power = -100; power <= 100; power += 200) {
            nmf_matrix Y = graded(60, 30, 7);
            for (size_t q = 0; q < 1800; q++) {
                Y.data[q] = ldexpf(Y.data[q], power);
            }
            nmf_decomposition *other = decompose(&Y, &options);
            const float *a = nmf_decomposition_components(one)->data;
            const float *b = nmf_decomposition_components(other)->data;
            int by = methods[i] == NMF_METHOD_VQ ? power : 0;
            for (size_t q = 0; q < 120; q++) {
                SUPPORT_ASSERT(ldexpf(a[q], by) == b[q],
                               "%s, 2^%d: %g, expected %g",
                               nmf_method_name(methods[i]), power, (double)b[q],
                               (double)ldexpf(a[q], by));
            }
            SUPPORT_NEAR(nmf_decomposition_get_summary(one)->relative_error,
                         nmf_decomposition_get_summary(other)->relative_error,
                         1e-7);
            nmf_decomposition_free(other);
            nmf_matrix_release(&Y);
        }
        nmf_decomposition_free(one);
        nmf_matrix_release(&X);
    }
}

static bool is_finite(const nmf_matrix *m)
{
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        if (!isfinite(m->data[i])) {
            return false;
        }
    }
    return true;
}

static void degenerate_data_have_an_answer(void **state)
{
    nmf_error err = {0};
    (void)state;
    for (int trial = 0; trial < 6 * N_METHODS; trial++) {
        const int kind = trial % 6;
        const nmf_method method = methods[trial / 6];
        nmf_matrix X =
            kind == 5 ? support_random(1, 1, 1) : support_random(12, 9, 5);
        for (size_t i = 0; kind < 5 && i < 12; i++) {
            for (size_t j = 0; j < 9; j++) {
                float *x = &nmf_matrix_row(&X, i)[j];
                *x = kind == 0   ? 1.0F                       /* constant */
                     : kind == 1 ? (i == 3 ? 0.0F : *x)       /* black row */
                     : kind == 2 ? (j % 2 == 0 ? 0.0F : *x)   /* dead pixels */
                     : kind == 3 ? nmf_matrix_row(&X, 0)[j]   /* duplicates */
                                 : (i + j == 0 ? 1e-20F : 0); /* one, tiny */
            }
        }
        nmf_decompose_options options = options_of(method, kind < 5 ? 5 : 1);
        nmf_matrix W = {0};
        nmf_decomposition *d = decompose(&X, &options);
        double error = nmf_decomposition_get_summary(d)->relative_error;
        assert_true(is_finite(nmf_decomposition_components(d)));
        assert_true(is_finite(nmf_decomposition_activations(d)));
        SUPPORT_ASSERT(error >= 0.0 && error < 1.0 + 1e-6, "%s, kind %d: %g",
                       nmf_method_name(method), kind, error);
        /* One component's worth; plsa stops on the way there. */
        double exact = method == NMF_METHOD_PLSA ? 2e-2 : 1e-5;
        SUPPORT_ASSERT((kind != 0 && kind != 3 && kind != 5) || error < exact,
                       "%s, kind %d: %g", nmf_method_name(method), kind, error);
        SUPPORT_OK(nmf_decomposition_transform(&W, d, &X, 1, &err), err);
        assert_true(is_finite(&W));
        nmf_matrix_release(&W);
        nmf_decomposition_free(d);
        nmf_matrix_release(&X);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pca_and_svd_are_the_svd_of_lapack),
        cmocka_unit_test(the_inertia_never_rises),
        cmocka_unit_test(an_empty_cluster_takes_the_farthest_sample),
        cmocka_unit_test(clusters_are_at_rest),
        cmocka_unit_test(equally_near_centres_go_by_their_number),
        cmocka_unit_test(more_clusters_than_different_samples_end_exactly),
        cmocka_unit_test(the_likelihood_never_falls_and_tables_stay_normal),
        cmocka_unit_test(plsa_is_nmf_by_kullback_and_leibler),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(there_and_back_is_as_far_as_it_says),
        cmocka_unit_test(a_row_of_transform_depends_on_no_other),
        cmocka_unit_test(the_unit_of_the_data_does_not_matter),
        cmocka_unit_test(degenerate_data_have_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
