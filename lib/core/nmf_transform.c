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
 * Source: Franc, Hlavac and Navara, "Sequential coordinate-wise algorithm for
 * the non-negative least squares problem", CAIP 2005.
 */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/observed.h"
#include "core/threads.h"

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

static float *to_transposed_row_format(const nmf_matrix *m)
{
    const size_t ld = nmf_padded(m->rows);
    size_t entries = 0;
    float *F = nmf_size_mul(&entries, m->cols, ld)
                   ? nmf_calloc(entries, sizeof *F)
                   : NULL;
    for (size_t t = 0; F && t < m->rows; t++) {
        for (size_t j = 0; j < m->cols; j++) {
            F[j * ld + t] = nmf_matrix_row(m, t)[j];
        }
    }
    return F;
}

/* Solve one row; w (k floats) is set, r and x are scratch of k doubles. */
static void solve_row(float *w, const double *p, const double *G, size_t k,
                      double *r, double *x)
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
        w[t] = (float)x[t];
    }
}

/* Solve all rows: W and P are n x k, P in row format. False: no memory. */
static bool solve_rows(nmf_matrix *W, const float *P, const double *G,
                       int n_threads)
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
            solve_row(nmf_matrix_row(W, i), p, G, k, p + k, p + 2 * k);
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

nmf_status nmf_transform(nmf_matrix *W, const nmf_model *model,
                         const nmf_matrix *X, unsigned n_threads,
                         nmf_error *err)
{
    const nmf_matrix *H = nmf_model_components(model);
    const int threads = nmf_threads(n_threads);
    const size_t k = H->rows;
    nmf_status status = NMF_OK;
    float *Ht = NULL, *P = NULL;
    double *G = NULL;
    size_t entries = 0;

    *W = (nmf_matrix){0};
    if ((status = check_features(X, H, err)) != NMF_OK ||
        (status = nmf_check_entries(X, NULL, err)) != NMF_OK ||
        (status = nmf_matrix_init(W, X->rows, k, err)) != NMF_OK) {
        return status;
    }
    Ht = to_transposed_row_format(H);
    G = nmf_calloc(k * k, sizeof *G);
    P = nmf_size_mul(&entries, X->rows, nmf_padded(k))
            ? nmf_calloc(entries, sizeof *P)
            : NULL;
    status = NMF_ERR_MEMORY;
    if (Ht && G && (P || X->rows == 0)) {
        nmf_operand rows = {X->data, X->ld, 1};
        nmf_gram(G, Ht, H->cols, k, threads);
        nmf_product(P, nmf_padded(k), rows, Ht, nmf_padded(k), X->rows, k,
                    X->cols, threads);
        if (solve_rows(W, P, G, threads)) {
            status = NMF_OK;
        }
    }
    if (status != NMF_OK) {
        nmf_error_memory(err, entries * sizeof *P, "the activations");
        nmf_matrix_release(W);
    }
    nmf_free(Ht);
    nmf_free(G);
    nmf_free(P);
    return status;
}

/* ---- where entries have weights ---- */

/* What every row needs, and a thread's own. */
typedef struct weighted_rows {
    const nmf_matrix *X, *M; /* 0 where the weight is */
    const float *Ht;         /* row format */
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
    solve_row(nmf_matrix_row(r->W, i), p, r->G, k, p + k, p + 2 * k);
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
    float *Ht = to_transposed_row_format(H);
    const weighted_rows rows = {.X = &entries, .M = &M, .Ht = Ht, .W = W};
    status = nmf_matrix_init(W, X->rows, H->rows, err);
    if (status == NMF_OK && X->rows > 0 &&
        !(Ht && solve_weighted(&rows, nmf_threads(n_threads)))) {
        status = nmf_error_memory(err, H->rows * H->cols * sizeof *Ht,
                                  "the components");
        nmf_matrix_release(W);
    }
    nmf_free(Ht);
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
