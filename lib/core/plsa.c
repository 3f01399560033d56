/*
 * Probabilistic latent semantic analysis. X counts how often word j occurs in
 * document i (how bright pixel j of image i is), and
 *
 *     P(j | i)  =  sum over t of  P(t | i) P(j | t).
 *
 * With W[i, t] = N_i P(t | i), N_i the sum of row i, and H[t, j] = P(j | t)
 * this is X ~= W H, rows of H summing to 1. Expectation and maximisation of the
 * likelihood are, with R = X / (W H) entry by entry,
 *
 *     H[t, j]  <-  H[t, j] (W'R)[t, j],    rows made to sum to 1
 *     W[i, t]  <-  W[i, t] (R H')[i, t]    (which makes rows sum to N_i)
 *
 * here one after the other with R renewed in between: each is a step of EM with
 * the other table fixed, so the likelihood never falls, and both together are
 * the multiplicative updates of NMF by the Kullback-Leibler divergence
 *
 *     D  =  sum of  x log(x / y) - x + y,    y = (W H)[i, j],
 *
 * whose fall is the likelihood's rise.
 *
 * Source: Hofmann, "Probabilistic latent semantic indexing", SIGIR 1999;
 * Gaussier and Goutte, "Relation between PLSA and NMF", SIGIR 2005; Lee and
 * Seung, NIPS 13 (2001).
 */
#include "core/alloc.h"
#include "core/decomposition.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/solver.h"

#include <math.h>
#include <string.h>

enum {
    PERIOD = 10, /* iterations from one look at the divergence to the next */
    MAX_FOLD = 500,
    FOLD_ROWS = 384, /* samples that are folded in together */
};

/* A row is folded in when no entry changes by more than this part of it. */
static const float FOLDED = 1e-5F;

/* Smaller ones are 0: their products would be too small for a normal float. */
static const float LEAST = 1e-30F;

/* Factors in row format (kernels.h); padding is zero. */
typedef struct tables {
    size_t m, n, k;
    double scale;              /* X is taken in this unit */
    float *W;                  /* m x k */
    float *Ht;                 /* n x k */
    float *H;                  /* k x n, ldn apart, the same numbers */
    float *R;                  /* m x n, ldn apart: W H, then X / (W H) */
    float *N;                  /* m x k or n x k: numerators */
    double *rows;              /* m or n: sums of rows */
    double *columns, *carried; /* k */
    int n_threads;
} tables;

static void tables_release(tables *s)
{
    nmf_free(s->W);
    nmf_free(s->Ht);
    nmf_free(s->H);
    nmf_free(s->R);
    nmf_free(s->N);
    nmf_free(s->rows);
    nmf_free(s->columns);
    nmf_free(s->carried);
    *s = (tables){0};
}

/* A unit that changes no digit of what is divided by it. */
static double power_of_two_above(double x)
{
    int exponent = 0;
    frexp(x, &exponent);
    return x > 0.0 ? ldexp(1.0, exponent) : 1.0;
}

static nmf_status tables_init(tables *s, size_t m, size_t n, size_t k,
                              int n_threads, nmf_error *err)
{
    const size_t ldk = nmf_padded(k), ldn = nmf_padded(n);
    const size_t longer = m > n ? m : n;
    *s = (tables){.m = m, .n = n, .k = k, .scale = 1.0, .n_threads = n_threads};
    s->W = nmf_calloc_matrix(m, ldk, sizeof *s->W);
    s->Ht = nmf_calloc_matrix(n, ldk, sizeof *s->Ht);
    s->H = nmf_calloc_matrix(k, ldn, sizeof *s->H);
    s->R = nmf_calloc_matrix(m, ldn, sizeof *s->R);
    s->N = nmf_calloc_matrix(longer, ldk, sizeof *s->N);
    s->rows = nmf_calloc_matrix(longer, 1, sizeof *s->rows);
    s->columns = nmf_calloc_matrix(k, 1, sizeof *s->columns);
    s->carried = nmf_calloc_matrix(k, 1, sizeof *s->carried);
    if (!s->W || !s->Ht || !s->H || !s->R || !s->N || !s->rows || !s->columns ||
        !s->carried) {
        tables_release(s);
        return nmf_error_memory(err, (m * ldn + 2 * longer * ldk) * 4,
                                "the tables of plsa");
    }
    return NMF_OK;
}

/* sums[t] = sum over i of F[i, t], each made by one thread in order */
static void column_sums(double *sums, const float *F, size_t n, size_t k,
                        int n_threads)
{
    enum { COLUMNS = NMF_LANES };
    const size_t ld = nmf_padded(k);
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t first = 0; first < k; first += COLUMNS) {
        double part[COLUMNS] = {0};
        for (size_t i = 0; i < n; i++) {
            for (size_t t = 0; t < COLUMNS; t++) {
                part[t] += (double)F[i * ld + first + t];
            }
        }
        for (size_t t = 0; t < COLUMNS && first + t < k; t++) {
            sums[first + t] = part[t];
        }
    }
}

/* H from Ht */
static void transpose(tables *s)
{
    const size_t ldk = nmf_padded(s->k), ldn = nmf_padded(s->n);
    for (size_t t = 0; t < s->k; t++) {
        for (size_t j = 0; j < s->n; j++) {
            s->H[t * ldn + j] = s->Ht[j * ldk + t];
        }
    }
}

/* R = W H for the first m rows */
static void reconstruct(tables *s, size_t m)
{
    const size_t ldn = nmf_padded(s->n), ldk = nmf_padded(s->k);
    nmf_operand w = {s->W, ldk, 1};
    nmf_product(s->R, ldn, w, s->H, ldn, m, s->n, s->k, s->n_threads);
}

/* R = X / R; a pixel that no component reaches asks for nothing. */
static void divide(tables *s, const nmf_matrix *X)
{
    const size_t ldn = nmf_padded(s->n);
    const float most = 1.0F / LEAST;
    const float unit = (float)(1.0 / s->scale);
#pragma omp parallel for schedule(static) num_threads(s->n_threads)
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        float *r = s->R + i * ldn;
        for (size_t j = 0; j < s->n; j++) {
            float y = r[j] > LEAST ? r[j] : LEAST;
            float ratio = x[j] * unit / y;
            ratio = ratio < most ? ratio : most;
            r[j] = r[j] > LEAST ? ratio : 0.0F;
        }
    }
}

/* F *= N over n rows */
static void multiply(float *F, const float *N, size_t n, size_t k,
                     int n_threads)
{
    const size_t ld = nmf_padded(k);
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t i = 0; i < n * ld; i++) {
        float product = F[i] * N[i];
        F[i] = product > LEAST ? product : 0.0F;
    }
}

/* N = R H' and W *= N for the rows of X. */
static void update_W(tables *s, const nmf_matrix *X)
{
    const size_t ldk = nmf_padded(s->k);
    nmf_operand r = {s->R, nmf_padded(s->n), 1};
    reconstruct(s, X->rows);
    divide(s, X);
    nmf_product(s->N, ldk, r, s->Ht, ldk, X->rows, s->k, s->n, s->n_threads);
    multiply(s->W, s->N, X->rows, s->k, s->n_threads);
}

/*
 * Rows of H to a sum of 1, W by what they had so that W H stays, over[t] being
 * a divisor on the way. A component of nothing stays what it is.
 */
static void normalise(tables *s, const double *over)
{
    const size_t ldk = nmf_padded(s->k);
    column_sums(s->carried, s->Ht, s->n, s->k, s->n_threads);
    for (size_t t = 0; t < s->k; t++) {
        double had = s->carried[t];
        double h = had > 0.0 ? 1.0 / had : 0.0;
        double w = had > 0.0 && over[t] > 0.0 ? had / over[t] : 0.0;
        for (size_t j = 0; j < s->n; j++) {
            s->Ht[j * ldk + t] = (float)((double)s->Ht[j * ldk + t] * h);
        }
        for (size_t i = 0; i < s->m; i++) {
            s->W[i * ldk + t] = (float)((double)s->W[i * ldk + t] * w);
        }
        if (!(had > 0.0)) { /* nothing left: the same for every pixel */
            for (size_t j = 0; j < s->n; j++) {
                s->Ht[j * ldk + t] = (float)(1.0 / (double)s->n);
            }
        }
    }
    transpose(s);
}

/* Ht *= R'W, over the sums of the columns of W, and normalised. */
static void update_H(tables *s, const nmf_matrix *X)
{
    const size_t ldk = nmf_padded(s->k);
    nmf_operand r = {s->R, 1, nmf_padded(s->n)};
    reconstruct(s, X->rows);
    divide(s, X);
    nmf_product(s->N, ldk, r, s->W, ldk, s->n, s->k, s->m, s->n_threads);
    column_sums(s->columns, s->W, s->m, s->k, s->n_threads);
    multiply(s->Ht, s->N, s->n, s->k, s->n_threads);
    normalise(s, s->columns);
}

/* The divergence of X to W H, in the unit of the tables. */
static double divergence(tables *s, const nmf_matrix *X)
{
    const size_t ldn = nmf_padded(s->n);
    double total = 0.0;
    reconstruct(s, X->rows);
#pragma omp parallel for schedule(static) num_threads(s->n_threads)
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        double sum = 0.0;
        for (size_t j = 0; j < s->n; j++) {
            double y = (double)s->R[i * ldn + j];
            double value = (double)x[j] / s->scale;
            sum += y - value;
            if (value > 0.0) {
                sum += value * log(value / fmax(y, (double)LEAST));
            }
        }
        s->rows[i] = sum;
    }
    for (size_t i = 0; i < X->rows; i++) {
        total += s->rows[i];
    }
    return fmax(total, 0.0);
}

/* The random start of NMF, so that both can be compared, normalised. */
static nmf_status start(tables *s, double mean, uint64_t seed, nmf_error *err)
{
    const size_t ldk = nmf_padded(s->k);
    nmf_matrix H = {0}, W = nmf_matrix_view(s->W, s->m, s->k, ldk);
    nmf_status status = nmf_matrix_init(&H, s->k, s->n, err);
    if (status == NMF_OK) {
        nmf_init_random(&W, &H, mean / s->scale, seed);
        for (size_t t = 0; t < s->k; t++) {
            for (size_t j = 0; j < s->n; j++) {
                s->Ht[j * ldk + t] = nmf_matrix_row(&H, t)[j];
            }
            s->columns[t] = 1.0;
        }
        normalise(s, s->columns);
    }
    nmf_matrix_release(&H);
    return status;
}

static nmf_stop_reason iterate(nmf_decomposition *d, tables *s,
                               nmf_decompose_job *job)
{
    const double first = divergence(s, job->X);
    const double tol = job->options->tol;
    double now = first, before = first;
    size_t n_iter = 0;
    nmf_stop_reason reason = NMF_STOP_NONE;
    while (reason == NMF_STOP_NONE) {
        bool is_still = false;
        update_H(s, job->X);
        update_W(s, job->X);
        n_iter++;
        if (n_iter % PERIOD == 0) {
            now = divergence(s, job->X);
            is_still = tol > 0.0 && before - now <= tol * first;
            before = now;
        }
        reason = nmf_decompose_tell(job, n_iter, now * s->scale);
        if (is_still && reason != NMF_STOP_CANCELLED) {
            reason = NMF_STOP_TOL;
        }
    }
    if (n_iter % PERIOD != 0) {
        now = divergence(s, job->X);
    }
    d->summary.n_iter = n_iter;
    d->summary.divergence = now * s->scale;
    return reason;
}

/* W in the unit of X, H as it is. */
static void read_tables(nmf_decomposition *d, const tables *s)
{
    const size_t ldk = nmf_padded(s->k), ldn = nmf_padded(s->n);
    for (size_t i = 0; i < s->m; i++) {
        for (size_t t = 0; t < s->k; t++) {
            nmf_matrix_row(&d->activations, i)[t] =
                (float)((double)s->W[i * ldk + t] * s->scale);
        }
    }
    for (size_t t = 0; t < s->k; t++) {
        memcpy(nmf_matrix_row(&d->components, t), s->H + t * ldn,
               s->n * sizeof *s->H);
    }
}

static nmf_status fit(nmf_decomposition *d, nmf_decompose_job *job,
                      nmf_error *err)
{
    const nmf_matrix *X = job->X;
    nmf_source source = {0};
    tables s = {0};
    nmf_status status = nmf_source_dense(&source, X, job->n_threads, err);
    if (status != NMF_OK ||
        (status = tables_init(&s, X->rows, X->cols, job->k, job->n_threads,
                              err)) != NMF_OK) {
        return status;
    }
    const double mean = source.sum / (double)X->rows / (double)X->cols;
    s.scale = power_of_two_above(mean);
    status = start(&s, mean, job->options->seed, err);
    if (status == NMF_OK) {
        d->summary.stop_reason = iterate(d, &s, job);
        read_tables(d, &s);
    }
    tables_release(&s);
    if (status == NMF_OK) {
        status =
            nmf_relative_error(&d->summary.relative_error, X, &d->activations,
                               &d->components, (unsigned)job->n_threads, err);
    }
    return status;
}

/*
 * Fold in the rows of X, W being set to equal parts of each. A row that has
 * come to rest is put back after each update, so that what it ends with depends
 * on itself alone. saved: as W.
 */
static void fold(tables *s, const nmf_matrix *X, float *saved, bool *is_done)
{
    const size_t ldk = nmf_padded(s->k);
    size_t n_left = X->rows;
    memset(is_done, 0, X->rows * sizeof *is_done);
    for (int iter = 0; iter < MAX_FOLD && n_left > 0; iter++) {
        memcpy(saved, s->W, X->rows * ldk * sizeof *saved);
        update_W(s, X);
        n_left = 0;
        for (size_t i = 0; i < X->rows; i++) {
            float *w = s->W + i * ldk;
            const float *old = saved + i * ldk;
            float sum = 0.0F, change = 0.0F;
            for (size_t t = 0; t < s->k; t++) {
                w[t] = is_done[i] ? old[t] : w[t];
                sum += w[t];
                change = fmaxf(change, fabsf(w[t] - old[t]));
            }
            is_done[i] = change <= FOLDED * sum;
            n_left += !is_done[i];
        }
    }
}

/* A block of rows of X to their rows of W. */
static void fold_block(nmf_matrix *W, size_t first, tables *s,
                       const nmf_matrix *X, float *saved, bool *is_done)
{
    const size_t ldk = nmf_padded(s->k);
    for (size_t i = 0; i < X->rows; i++) {
        double sum = 0.0;
        for (size_t j = 0; j < X->cols; j++) {
            sum += (double)nmf_matrix_row(X, i)[j];
        }
        for (size_t t = 0; t < s->k; t++) {
            s->W[i * ldk + t] = (float)(sum / s->scale / (double)s->k);
        }
    }
    fold(s, X, saved, is_done);
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t t = 0; t < s->k; t++) {
            nmf_matrix_row(W, first + i)[t] =
                (float)((double)s->W[i * ldk + t] * s->scale);
        }
    }
}

static double largest(const nmf_matrix *X)
{
    float x = 0.0F;
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            x = fmaxf(x, nmf_matrix_row(X, i)[j]);
        }
    }
    return (double)x;
}

static nmf_status transform(nmf_matrix *W, const nmf_decomposition *d,
                            const nmf_matrix *X, int n_threads, nmf_error *err)
{
    const nmf_matrix *H = &d->components;
    const size_t k = H->rows, ldk = nmf_padded(k);
    tables s = {0};
    nmf_status status = tables_init(&s, FOLD_ROWS, X->cols, k, n_threads, err);
    if (status != NMF_OK) {
        return status;
    }
    float *saved = nmf_calloc_matrix(FOLD_ROWS, ldk, sizeof *saved);
    bool *is_done = nmf_calloc_matrix(FOLD_ROWS, 1, sizeof *is_done);
    if (!saved || !is_done) {
        status = nmf_error_memory(err, FOLD_ROWS * ldk * sizeof *saved,
                                  "the activations");
    } else {
        for (size_t t = 0; t < k; t++) {
            for (size_t j = 0; j < X->cols; j++) {
                s.Ht[j * ldk + t] = nmf_matrix_row(H, t)[j];
            }
        }
        transpose(&s);
        s.scale = power_of_two_above(largest(X));
        for (size_t i = 0; i < X->rows; i += FOLD_ROWS) {
            size_t rows =
                X->rows - i < FOLD_ROWS ? X->rows - i : (size_t)FOLD_ROWS;
            nmf_matrix block =
                nmf_matrix_view(nmf_matrix_row(X, i), rows, X->cols, X->ld);
            fold_block(W, i, &s, &block, saved, is_done);
        }
    }
    nmf_free(saved);
    nmf_free(is_done);
    tables_release(&s);
    return status;
}

const nmf_decompose_method nmf_decompose_plsa = {
    .name = "plsa",
    .fit = fit,
    .transform = transform,
};
