/*
 * Hierarchical alternating least squares in the Gram form.
 *
 * With the other factor fixed, the loss is a quadratic in each entry of W; all
 * that its minimiser needs are the gram matrix G = H H' (k x k) and the product
 * P = X H' (n_samples x k). For every row w of W, t = 0 .. k-1,
 *
 *     w_t <- max(0, w_t - (<G_t, w> - p_t) / G_tt)
 *
 * which never raises ||X - W H||^2. Then H likewise, from W'W and X'W: with H
 * stored transposed the code is the same. One iteration makes two passes over X
 * (4 m n k flops) and two sweeps (2 (m + n) k^2); nothing of X's size is
 * formed.
 *
 * The loss comes free from what the next iteration needs anyway,
 *
 *     ||X - W H||^2 = ||X||^2 - 2 <X'W, H'> + <W'W, H H'>,
 *
 * a difference of large numbers when the fit is close.
 *
 * Source: A. Cichocki and A.-H. Phan, "Fast local algorithms for large scale
 * nonnegative matrix and tensor factorizations", IEICE Trans. Fundamentals
 * E92-A (2009), 708-721. Their X is ours transposed.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/solver.h"

#include <stdbool.h>

#include <math.h>
#include <string.h>

/* One factor with what its update needs, in row format (see kernels.h). */
typedef struct half {
    size_t n;     /* n_samples for W, n_features for H' */
    float *F;     /* n x k: W or H' */
    float *P;     /* n x k: the product of X with the other factor */
    double *gram; /* F'F, k x k */
} half;

typedef struct hals {
    const nmf_source *X;
    size_t k;
    int n_threads;
    half W, Ht;
    float *G;       /* a gram matrix rounded to float, k x k */
    float *scratch; /* of nmf_sweep() */
    float *H;       /* k x n_features, for residual() */
} hals;

static void half_release(half *h)
{
    nmf_free(h->F);
    nmf_free(h->P);
    nmf_free(h->gram);
}

static bool half_init(half *h, size_t n, size_t k)
{
    size_t entries = 0;
    h->n = n;
    if (!nmf_size_mul(&entries, n, nmf_padded(k))) {
        return false;
    }
    h->F = nmf_calloc(entries, sizeof *h->F);
    h->P = nmf_calloc(entries, sizeof *h->P);
    h->gram = nmf_calloc(k * k, sizeof *h->gram);
    return h->F && h->P && h->gram;
}

static void hals_free(void *state)
{
    hals *s = state;
    if (s) {
        half_release(&s->W);
        half_release(&s->Ht);
        nmf_free(s->G);
        nmf_free(s->scratch);
        nmf_free(s->H);
        nmf_free(s);
    }
}

static nmf_status hals_create(void **state, const nmf_source *X,
                              const nmf_matrix *W0, const nmf_matrix *H0,
                              int n_threads, nmf_error *err)
{
    const size_t k = H0->rows, ld = nmf_padded(k);
    size_t h_entries = 0;
    hals *s = nmf_calloc(1, sizeof *s);
    *state = NULL;
    if (!s) {
        return nmf_error_memory(err, sizeof *s, "the solver");
    }
    s->X = X;
    s->k = k;
    s->n_threads = n_threads;
    s->G = nmf_calloc(k * k, sizeof *s->G);
    s->scratch = nmf_calloc(nmf_sweep_scratch(k), sizeof *s->scratch);
    if (nmf_size_mul(&h_entries, k, nmf_padded(X->n_features))) {
        s->H = nmf_calloc(h_entries, sizeof *s->H);
    }
    if (!half_init(&s->W, X->n_samples, k) ||
        !half_init(&s->Ht, X->n_features, k) || !s->G || !s->scratch || !s->H) {
        hals_free(s);
        return nmf_error_memory(
            err, 2 * (X->n_samples + X->n_features) * ld * sizeof(float),
            "the factors");
    }
    for (size_t i = 0; i < X->n_samples; i++) {
        memcpy(s->W.F + i * ld, nmf_matrix_row(W0, i), k * sizeof(float));
    }
    for (size_t t = 0; t < k; t++) {
        for (size_t j = 0; j < X->n_features; j++) {
            s->Ht.F[j * ld + t] = nmf_matrix_row(H0, t)[j];
        }
    }
    nmf_gram(s->Ht.gram, s->Ht.F, s->Ht.n, k, n_threads);
    *state = s;
    return NMF_OK;
}

/* Sweep one half given the gram matrix of the other, then renew its own. */
static void update(hals *s, half *h, const double *other_gram)
{
    for (size_t i = 0; i < s->k * s->k; i++) {
        s->G[i] = (float)other_gram[i];
    }
    nmf_sweep(h->F, h->P, s->G, s->k, h->n, s->k, s->scratch, s->n_threads);
    nmf_gram(h->gram, h->F, h->n, s->k, s->n_threads);
}

/*
 * X is read twice. Of the larger factor: its product is written and read, the
 * sweep reads and writes it, its gram matrix and the other product read it.
 */
static double count_bytes(const hals *s)
{
    const size_t longer = s->W.n > s->Ht.n ? s->W.n : s->Ht.n;
    return sizeof(float) * (2.0 * (double)s->W.n * (double)s->Ht.n +
                            6.0 * (double)longer * (double)nmf_padded(s->k));
}

static nmf_step hals_iterate(void *state)
{
    hals *s = state;
    const nmf_source *X = s->X;
    nmf_step step = {0};
    double grams = 0.0;
    const double k = (double)s->k;

    X->ops->times_components(X, s->W.P, s->Ht.F, s->k, s->n_threads);
    update(s, &s->W, s->Ht.gram);
    X->ops->times_activations(X, s->Ht.P, s->W.F, s->k, s->n_threads);
    update(s, &s->Ht, s->W.gram);

    for (size_t i = 0; i < s->k * s->k; i++) {
        grams += s->W.gram[i] * s->Ht.gram[i];
    }
    step.squared_error =
        X->squared_norm + grams -
        2.0 * nmf_inner(s->Ht.F, s->Ht.P, s->Ht.n, s->k, s->n_threads);
    step.flops = 4.0 * (double)s->W.n * (double)s->Ht.n * k +
                 ((k * (k + 1.0)) + 2.0 * k * k) * (double)(s->W.n + s->Ht.n);
    step.bytes = count_bytes(s);
    return step;
}

/* H' to H, ldh apart. */
static void transpose(float *H, size_t ldh, const hals *s)
{
    const size_t ld = nmf_padded(s->k);
    for (size_t t = 0; t < s->k; t++) {
        for (size_t j = 0; j < s->Ht.n; j++) {
            H[t * ldh + j] = s->Ht.F[j * ld + t];
        }
    }
}

static double hals_residual(void *state)
{
    hals *s = state;
    const size_t ldh = nmf_padded(s->Ht.n);
    transpose(s->H, ldh, s);
    return s->X->ops->residual(s->X, s->W.F, s->H, ldh, s->k, s->n_threads);
}

static double trace(const double *G, size_t k)
{
    double sum = 0.0;
    for (size_t t = 0; t < k; t++) {
        sum += G[t * k + t];
    }
    return sum;
}

/* X H' is made anew for the new H; the next iteration makes it again. */
static nmf_gradient hals_gradient(void *state)
{
    hals *s = state;
    const nmf_source *X = s->X;
    nmf_gradient gradient = {0};
    X->ops->times_components(X, s->W.P, s->Ht.F, s->k, s->n_threads);
    gradient.size = sqrt(nmf_projected_gradient(s->W.F, s->W.P, s->Ht.gram,
                                                s->W.n, s->k, s->n_threads) +
                         nmf_projected_gradient(s->Ht.F, s->Ht.P, s->W.gram,
                                                s->Ht.n, s->k, s->n_threads));
    gradient.scale = sqrt(X->squared_norm *
                          (trace(s->W.gram, s->k) + trace(s->Ht.gram, s->k)));
    return gradient;
}

static void hals_read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const hals *s = state;
    for (size_t i = 0; W && i < s->W.n; i++) {
        memcpy(nmf_matrix_row(W, i), s->W.F + i * nmf_padded(s->k),
               s->k * sizeof(float));
    }
    if (H) {
        transpose(H->data, H->ld, s);
    }
}

const nmf_solver nmf_solver_cd = {
    "cd",
    "hierarchical alternating least squares (Cichocki & Phan 2009)",
    hals_create,
    hals_iterate,
    hals_residual,
    hals_gradient,
    hals_read,
    hals_free};
