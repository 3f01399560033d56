/*
 * A model put to use: activations of other data, and back to pixels.
 *
 * With H fixed, each row w of W solves a problem of its own,
 *
 *     min over w >= 0 of  1/2 <w, G w> - <w, p>,    G = H H', p = H x',
 *
 * by coordinate descent in double: for each component t the exact minimiser
 * w_t <- max(0, w_t - r_t / G_tt), r = G w - p being kept up to date.
 * Components that stay at zero cost one comparison. The problem is convex, so
 * rows that start anywhere end at the same place (where H has full rank).
 *
 * Where the entries of a row have weights M, its gram matrix is one of its own,
 * H M H', and so most of the work; rows of the same weights share it.
 *
 * A model of another loss than least squares gets the activations of the least
 * such loss, by multiplicative updates: nmf_online_transform().
 *
 * Source: Franc, Hlavac and Navara, "Sequential coordinate-wise algorithm for
 * the non-negative least squares problem", CAIP 2005.
 */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/observed.h"
#include "core/online.h"
#include "core/options.h"
#include "core/threads.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MAX_SWEEPS = 20000 };

/* A row is solved when its steps fall below this part of its length. */
static const double ACCURACY = 1e-7;

/* n x k rows in row format, and the transpose of k x n ones; NULL: no memory */
static float *to_row_format(const nmf_matrix *m)
{
    const size_t ld = nmf_padded(m->cols);
    size_t entries = 0;
    float *F = nmf_size_mul(&entries, m->rows, ld)
                   ? nmf_calloc(entries, sizeof *F)
                   : NULL;
    for (size_t i = 0; F && i < m->rows; i++) {
        memcpy(F + i * ld, nmf_matrix_row(m, i), m->cols * sizeof *F);
    }
    return F;
}

/*
 * H' in row format, each component at length 1, so that neither products nor
 * gram matrices leave the range of a float; lengths (k) become what they had.
 */
static float *to_components(double *lengths, const nmf_matrix *H)
{
    const size_t ld = nmf_padded(H->rows);
    size_t entries = 0;
    float *F = nmf_size_mul(&entries, H->cols, ld)
                   ? nmf_calloc(entries, sizeof *F)
                   : NULL;
    for (size_t t = 0; F && lengths && t < H->rows; t++) {
        const float *h = nmf_matrix_row(H, t);
        double squares = 0.0;
        for (size_t j = 0; j < H->cols; j++) {
            squares += (double)h[j] * (double)h[j];
        }
        lengths[t] = sqrt(squares);
        const double scale = squares > 0.0 ? 1.0 / lengths[t] : 0.0;
        for (size_t j = 0; j < H->cols; j++) {
            F[j * ld + t] = (float)(scale * (double)h[j]);
        }
    }
    return F;
}

/* Solve one row; w (k floats) is set, r and x are scratch of k doubles. */
static void solve_row(float *w, const double *p, const double *G,
                      const double *lengths, size_t k, double *r, double *x)
{
    double length = 0.0, largest = 0.0;
    for (size_t t = 0; t < k; t++) {
        x[t] = 0.0;
        r[t] = -p[t];
    }
    for (int n = 0; n < MAX_SWEEPS; n++) {
        length = 0.0;
        largest = 0.0;
        for (size_t t = 0; t < k; t++) {
            const double *g = G + t * k;
            /* A component that no pixel uses has g[t] = 0: leave it at 0. */
            if (g[t] <= 0.0 || (x[t] == 0.0 && r[t] >= 0.0)) {
                continue;
            }
            double next = fmax(0.0, x[t] - r[t] / g[t]);
            double step = next - x[t];
            for (size_t s = 0; s < k; s++) {
                r[s] += step * g[s];
            }
            x[t] = next;
            length = fmax(length, next * sqrt(g[t]));
            largest = fmax(largest, fabs(step) * sqrt(g[t]));
        }
        if (largest <= ACCURACY * length) {
            break;
        }
    }
    for (size_t t = 0; t < k; t++) {
        w[t] = x[t] > 0.0 ? (float)fmin(x[t] / lengths[t], FLT_MAX) : 0.0F;
    }
}

/* Solve all rows: W and P are n x k, P in row format. False: no memory. */
static bool solve_rows(nmf_matrix *W, const float *P, const double *G,
                       const double *lengths, int n_threads)
{
    const size_t k = W->cols, ld = nmf_padded(k);
    double *scratch = nmf_calloc((size_t)n_threads * 3 * k, sizeof *scratch);
    if (!scratch) {
        return false;
    }
#pragma omp parallel num_threads(n_threads)
    {
        double *p = scratch + (size_t)nmf_thread_number() * 3 * k;
#pragma omp for schedule(dynamic, 16)
        for (size_t i = 0; i < W->rows; i++) {
            for (size_t t = 0; t < k; t++) {
                p[t] = (double)P[i * ld + t];
            }
            solve_row(nmf_matrix_row(W, i), p, G, lengths, k, p + k, p + 2 * k);
        }
    }
    nmf_free(scratch);
    return true;
}

static nmf_status check_features(const nmf_matrix *X, const nmf_matrix *H,
                                 nmf_error *err)
{
    return X->cols == H->cols
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "the data has %zu features a sample, the model "
                               "%zu",
                               X->cols, H->cols);
}

/* Least squares; W is made, and released after a failure, by the caller. */
static nmf_status solve_squares(nmf_matrix *W, const nmf_matrix *H,
                                const nmf_matrix *X, int threads,
                                nmf_error *err)
{
    const size_t k = H->rows;
    nmf_status status = NMF_OK;
    size_t entries = 0;
    double *G = nmf_calloc(k * (k + 1), sizeof *G);
    double *lengths = G ? G + k * k : NULL;
    float *Ht = to_components(lengths, H), *P = NULL;
    P = nmf_size_mul(&entries, X->rows, nmf_padded(k))
            ? nmf_calloc(entries, sizeof *P)
            : NULL;
    status = NMF_ERR_MEMORY;
    if (Ht && G && (P || X->rows == 0)) {
        nmf_operand rows = {X->data, X->ld, 1};
        nmf_gram(G, Ht, H->cols, k, threads);
        nmf_product(P, nmf_padded(k), rows, Ht, nmf_padded(k), X->rows, k,
                    X->cols, threads);
        if (solve_rows(W, P, G, lengths, threads)) {
            status = NMF_OK;
        }
    }
    if (status != NMF_OK) {
        nmf_error_memory(err, entries * sizeof *P, "the activations");
    }
    nmf_free(Ht);
    nmf_free(G);
    nmf_free(P);
    return status;
}

/* By another loss than least squares; M: the weights, NULL: all are 1. */
static nmf_status solve_beta(nmf_matrix *W, const nmf_matrix *H,
                             const nmf_matrix *X, const nmf_matrix *M,
                             double beta, int n_threads, nmf_error *err)
{
    nmf_source source = {0}, weights = {0};
    nmf_status status = nmf_options_check_zeros(beta, X, M, err);
    if (status == NMF_OK) {
        status = nmf_source_signed(&source, X, n_threads, err);
    }
    if (status == NMF_OK && M) {
        status = nmf_source_signed(&weights, M, n_threads, err);
        source.weights = &weights;
    }
    return status == NMF_OK
               ? nmf_online_transform(W, H, &source, beta, n_threads, err)
               : status;
}

nmf_status nmf_transform(nmf_matrix *W, const nmf_model *model,
                         const nmf_matrix *X, unsigned n_threads,
                         nmf_error *err)
{
    const nmf_matrix *H = nmf_model_components(model);
    const double beta = nmf_summary_beta(nmf_model_summary(model));
    const int threads = nmf_threads(n_threads);
    nmf_status status = NMF_OK;
    *W = (nmf_matrix){0};
    if ((status = check_features(X, H, err)) != NMF_OK ||
        (status = nmf_check_entries(X, NULL, err)) != NMF_OK ||
        (status = nmf_matrix_init(W, X->rows, H->rows, err)) != NMF_OK) {
        return status;
    }
    status = beta == 2.0 ? solve_squares(W, H, X, threads, err)
                         : solve_beta(W, H, X, NULL, beta, threads, err);
    if (status != NMF_OK) {
        nmf_matrix_release(W);
    }
    return status;
}

/* ---- where entries have weights ---- */

/* What every row needs, and a thread's own. */
typedef struct weighted_rows {
    const nmf_matrix *X, *M; /* 0 where the weight is */
    const float *Ht;         /* row format, of length 1 */
    const double *lengths;   /* of the components */
    nmf_matrix *W;
    float *F;     /* n_features x k, row format: sqrt(m_j) h_j of those that
                     count */
    double *G;    /* k x k */
    double *work; /* 3 k */
} weighted_rows;

/* G = sum m h h' for the weights m of a row. */
static void weighted_gram(const weighted_rows *r, const float *m)
{
    const size_t k = r->W->cols, ld = nmf_padded(k);
    size_t n = 0;
    for (size_t j = 0; j < r->X->cols; j++) {
        const float *h = r->Ht + j * ld, root = sqrtf(m[j]);
        for (size_t t = 0; m[j] > 0.0F && t < ld; t++) {
            r->F[n * ld + t] = root * h[t];
        }
        n += m[j] > 0.0F;
    }
    nmf_gram(r->G, r->F, n, k, 1);
}

static void solve_weighted_row(const weighted_rows *r, size_t i)
{
    const size_t k = r->W->cols, ld = nmf_padded(k);
    const float *x = nmf_matrix_row(r->X, i), *m = nmf_matrix_row(r->M, i);
    double *p = r->work;
    memset(p, 0, k * sizeof *p);
    for (size_t j = 0; j < r->X->cols; j++) {
        const double product = (double)m[j] * (double)x[j];
        const float *h = r->Ht + j * ld;
        for (size_t t = 0; product > 0.0 && t < k; t++) {
            p[t] += product * (double)h[t];
        }
    }
    solve_row(nmf_matrix_row(r->W, i), p, r->G, r->lengths, k, p + k,
              p + 2 * k);
}

/* Rows first .. end - 1, whose weights are often those of the row before. */
static void solve_weighted_rows(const weighted_rows *r, size_t first,
                                size_t end)
{
    const float *known = NULL;
    for (size_t i = first; i < end; i++) {
        const float *m = nmf_matrix_row(r->M, i);
        if (!known || memcmp(known, m, r->M->cols * sizeof *m) != 0) {
            weighted_gram(r, m);
            known = m;
        }
        solve_weighted_row(r, i);
    }
}

/* False: no memory. */
static bool solve_weighted(const weighted_rows *all, int n_threads)
{
    enum { CHUNK = 16 };
    const size_t k = all->W->cols, ld = nmf_padded(k), n = all->X->cols;
    const size_t chunks = (all->X->rows + CHUNK - 1) / CHUNK;
    const size_t threads = (size_t)n_threads;
    float *F = nmf_calloc_matrix(threads, n * ld, sizeof *F);
    double *G = nmf_calloc_matrix(threads, k * (k + 3), sizeof *G);
    if (F && G) {
#pragma omp parallel num_threads(n_threads)
        {
            const size_t thread = (size_t)nmf_thread_number();
            weighted_rows r = *all;
            r.F = F + thread * n * ld;
            r.G = G + thread * k * (k + 3);
            r.work = r.G + k * k;
#pragma omp for schedule(dynamic)
            for (size_t c = 0; c < chunks; c++) {
                const size_t end = (c + 1) * CHUNK;
                solve_weighted_rows(&r, c * CHUNK,
                                    end < r.X->rows ? end : r.X->rows);
            }
        }
    }
    const bool is_done = F && G;
    nmf_free(F);
    nmf_free(G);
    return is_done;
}

static nmf_status solve_weighted_squares(nmf_matrix *W, const nmf_matrix *H,
                                         const nmf_matrix *X,
                                         const nmf_matrix *M, int n_threads,
                                         nmf_error *err)
{
    double *lengths = nmf_calloc(H->rows, sizeof *lengths);
    float *Ht = to_components(lengths, H);
    const weighted_rows rows = {
        .X = X, .M = M, .Ht = Ht, .lengths = lengths, .W = W};
    const bool is_done = lengths && Ht && solve_weighted(&rows, n_threads);
    nmf_free(Ht);
    nmf_free(lengths);
    return is_done ? NMF_OK
                   : nmf_error_memory(err, H->rows * H->cols * sizeof *Ht,
                                      "the components");
}

nmf_status nmf_transform_weighted(nmf_matrix *W, const nmf_model *model,
                                  const nmf_matrix *X,
                                  const nmf_matrix *weights,
                                  bool nan_is_missing, unsigned n_threads,
                                  nmf_error *err)
{
    const nmf_matrix *H = nmf_model_components(model);
    nmf_matrix entries = {0}, M = {0};
    *W = (nmf_matrix){0};
    nmf_status status = check_features(X, H, err);
    if (status != NMF_OK ||
        (status = nmf_observed_entries(&entries, &M, X, weights, nan_is_missing,
                                       err)) != NMF_OK) {
        return status;
    }
    const double beta = nmf_summary_beta(nmf_model_summary(model));
    const int threads = nmf_threads(n_threads);
    status = nmf_matrix_init(W, X->rows, H->rows, err);
    if (status == NMF_OK && X->rows > 0) {
        status = beta == 2.0
                     ? solve_weighted_squares(W, H, &entries, &M, threads, err)
                     : solve_beta(W, H, &entries, &M, beta, threads, err);
    }
    if (status != NMF_OK) {
        nmf_matrix_release(W);
    }
    nmf_matrix_release(&entries);
    nmf_matrix_release(&M);
    return status;
}

nmf_status nmf_inverse_transform(nmf_matrix *X, const nmf_model *model,
                                 const nmf_matrix *W, unsigned n_threads,
                                 nmf_error *err)
{
    const nmf_matrix *H = nmf_model_components(model);
    nmf_status status = NMF_OK;
    *X = (nmf_matrix){0};
    if (W->cols != H->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the activations have %zu columns, the model %zu "
                             "components",
                             W->cols, H->rows);
    }
    if ((status = nmf_check_entries(W, "activations", err)) != NMF_OK ||
        (status = nmf_matrix_init(X, W->rows, H->cols, err)) != NMF_OK) {
        return status;
    }
    float *F = to_row_format(H);
    if (!F) {
        nmf_matrix_release(X);
        return nmf_error_memory(err, H->rows * H->cols * sizeof *F,
                                "the components");
    }
    nmf_operand rows = {W->data, W->ld, 1};
    nmf_product(X->data, X->ld, rows, F, nmf_padded(H->cols), W->rows, H->cols,
                H->rows, nmf_threads(n_threads));
    nmf_free(F);
    return NMF_OK;
}

nmf_status nmf_relative_error(double *out, const nmf_matrix *X,
                              const nmf_matrix *W, const nmf_matrix *H,
                              unsigned n_threads, nmf_error *err)
{
    const int threads = nmf_threads(n_threads);
    nmf_operand rows = {X->data, X->ld, 1};
    *out = 0.0;
    if (W->rows != X->rows || H->cols != X->cols || W->cols != H->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "X is %zu x %zu, W %zu x %zu, H %zu x %zu: the "
                             "shapes do not fit",
                             X->rows, X->cols, W->rows, W->cols, H->rows,
                             H->cols);
    }
    float *F = to_row_format(H), *V = to_row_format(W);
    if (!F || !V) {
        nmf_free(F);
        nmf_free(V);
        return nmf_error_memory(err, (W->rows + H->cols) * H->rows * 4,
                                "the factors");
    }
    double squares = nmf_residual(rows, V, F, nmf_padded(H->cols), X->rows,
                                  X->cols, H->rows, threads);
    double norm = 0.0;
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            norm += (double)x[j] * (double)x[j];
        }
    }
    *out = squares > 0.0 ? sqrt(squares / norm) : 0.0;
    nmf_free(F);
    nmf_free(V);
    return NMF_OK;
}
