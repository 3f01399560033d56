/*
 * A truncated singular value decomposition; contracts are in svd.h.
 *
 * Let A be X, or X' where X is wide: l x s, s <= l. All dense algebra is of the
 * short side: Q (s x p) spans what is sought, and the long side only takes part
 * in products with A.
 *
 *     gram matrix    Q = the k first eigenvectors of A'A
 *     subspace       Y = A Q;  eigenvectors E of Y'Y, values S^2
 *                    Q <- orthonormal basis of (A'Y) E;  repeat
 *                    Q E at the end
 *
 *     both           Y = A Q,  S_t = ||y_t||,  long side y_t / S_t, short q_t
 *
 * Multiplying by E sorts the columns by what they carry, so that the rounding
 * errors of a product, which are in proportion to a column, spare the small
 * ones.
 */
#include "core/svd.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/lapack.h"
#include "core/rng.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    GRAM_SIDE = 512, /* a gram matrix up to this side is as fast */
    OVERSAMPLING = 10,
    MAX_ITER = 40,
};

/* The values stand still when none changes by more than this part of itself. */
static const double STILL = 1e-6;

/* Below this part of the largest a value is rounding. */
static const double NOTHING = 1e-6;

typedef struct work {
    const nmf_source *X;
    size_t s, l; /* the short and the long side */
    bool is_tall;
    size_t p;                /* columns of the subspace */
    double *Q;               /* s x p, column-major as in lapack.h */
    double *Z;               /* s x p, likewise */
    double *E;               /* p x p, likewise */
    double *T;               /* p x p */
    double *values, *before; /* p */
    float *F;                /* s x p in row format */
    float *Y;                /* l x p in row format */
    int n_threads;
} work;

static void work_release(work *w)
{
    nmf_free(w->Q);
    nmf_free(w->Z);
    nmf_free(w->E);
    nmf_free(w->T);
    nmf_free(w->values);
    nmf_free(w->before);
    nmf_free(w->F);
    nmf_free(w->Y);
}

static nmf_status work_init(work *w, const nmf_source *X, size_t p,
                            int n_threads, nmf_error *err)
{
    const bool is_tall = X->n_samples >= X->n_features;
    const size_t s = is_tall ? X->n_features : X->n_samples;
    const size_t l = is_tall ? X->n_samples : X->n_features;
    *w = (work){.X = X,
                .s = s,
                .l = l,
                .is_tall = is_tall,
                .p = p,
                .n_threads = n_threads};
    w->Q = nmf_calloc_matrix(s, p, sizeof *w->Q);
    w->Z = nmf_calloc_matrix(s, p, sizeof *w->Z);
    w->E = nmf_calloc_matrix(p, p, sizeof *w->E);
    w->T = nmf_calloc_matrix(p, p, sizeof *w->T);
    w->values = nmf_calloc_matrix(p, 1, sizeof *w->values);
    w->before = nmf_calloc_matrix(p, 1, sizeof *w->before);
    w->F = nmf_calloc_matrix(s, nmf_padded(p), sizeof *w->F);
    w->Y = nmf_calloc_matrix(l, nmf_padded(p), sizeof *w->Y);
    if (!w->Q || !w->Z || !w->E || !w->T || !w->values || !w->before || !w->F ||
        !w->Y) {
        work_release(w);
        return nmf_error_memory(err, (l + 4 * s) * p * sizeof(float),
                                "singular vectors");
    }
    return NMF_OK;
}

/* Y = A Q for the first k columns of Q. */
static void times_short(work *w, size_t k)
{
    const size_t ld = nmf_padded(k);
    memset(w->F, 0, w->s * ld * sizeof *w->F);
    for (size_t t = 0; t < k; t++) {
        for (size_t i = 0; i < w->s; i++) {
            w->F[i * ld + t] = (float)w->Q[t * w->s + i];
        }
    }
    (w->is_tall ? w->X->ops->times_components : w->X->ops->times_activations)(
        w->X, w->Y, w->F, k, w->n_threads);
}

/* Z = A'Y */
static void times_long(work *w)
{
    const size_t ld = nmf_padded(w->p);
    (w->is_tall ? w->X->ops->times_activations : w->X->ops->times_components)(
        w->X, w->F, w->Y, w->p, w->n_threads);
    for (size_t t = 0; t < w->p; t++) {
        for (size_t i = 0; i < w->s; i++) {
            w->Z[t * w->s + i] = (double)w->F[i * ld + t];
        }
    }
}

/* Q = the first k eigenvectors of A'A */
static nmf_status gram_subspace(work *w, nmf_error *err)
{
    nmf_status status = NMF_OK;
    double *G = nmf_calloc_matrix(w->s, w->s, sizeof *G);
    if (!G || !w->X->ops->short_gram(w->X, G, w->n_threads)) {
        status =
            nmf_error_memory(err, w->s * w->s * sizeof *G, "a gram matrix");
    } else {
        status = nmf_eigen(w->values, w->Q, G, w->s, w->p, err);
    }
    nmf_free(G);
    return status;
}

/* Has none of the k first values changed? Remembers them. */
static bool stand_still(work *w, size_t k)
{
    bool still = true;
    for (size_t t = 0; t < k; t++) {
        double least = NOTHING * NOTHING * w->values[0];
        if (fabs(w->values[t] - w->before[t]) >
            STILL * fmax(w->values[t], 0.0) + least) {
            still = false;
        }
    }
    memcpy(w->before, w->values, w->p * sizeof *w->before);
    return still;
}

/* Q = a random basis, turned towards the k first vectors */
static nmf_status random_subspace(size_t *n_iter, work *w, size_t k,
                                  uint64_t seed, nmf_error *err)
{
    const size_t entries = w->s * w->p;
    nmf_status status = NMF_OK;
    nmf_rng rng = nmf_rng_init(seed, 2);
    bool still = false;
    for (size_t i = 0; i < entries; i++) {
        w->Q[i] = nmf_rng_normal(&rng);
    }
    status = nmf_orthonormalise(w->Q, w->s, w->p, err);
    for (*n_iter = 0; status == NMF_OK; ++*n_iter) {
        times_short(w, w->p);
        nmf_gram(w->T, w->Y, w->l, w->p, w->n_threads);
        status = nmf_eigen(w->values, w->E, w->T, w->p, w->p, err);
        if (status == NMF_OK && (still || *n_iter == MAX_ITER)) {
            memcpy(w->Z, w->Q, entries * sizeof *w->Z);
            return nmf_multiply(w->Q, w->Z, w->E, w->s, w->p, w->p, err);
        }
        /* Once still, a last turn costs little and doubles the digits. */
        still = status == NMF_OK && stand_still(w, k);
        times_long(w);
        if (status == NMF_OK &&
            (status = nmf_multiply(w->Q, w->Z, w->E, w->s, w->p, w->p, err)) ==
                NMF_OK) {
            status = nmf_orthonormalise(w->Q, w->s, w->p, err);
        }
    }
    return status;
}

/* S = norms of the columns of Y (l x k), in double. */
static void column_norms(double *S, const float *Y, size_t l, size_t k)
{
    const size_t ld = nmf_padded(k);
    memset(S, 0, k * sizeof *S);
    for (size_t i = 0; i < l; i++) {
        for (size_t t = 0; t < k; t++) {
            S[t] += (double)Y[i * ld + t] * (double)Y[i * ld + t];
        }
    }
    for (size_t t = 0; t < k; t++) {
        S[t] = sqrt(S[t]);
    }
}

/* to[:, t] = scale * from[:, column], both n x k in row format */
static void put_column(float *to, size_t t, const float *from, size_t column,
                       size_t n, size_t k, double scale)
{
    const size_t ld = nmf_padded(k);
    for (size_t i = 0; i < n; i++) {
        to[i * ld + t] = (float)(scale * (double)from[i * ld + column]);
    }
}

/* 1, or -1 where the largest entry of a column is negative. */
static double sign_of(const float *V, size_t n, size_t k, size_t column)
{
    const size_t ld = nmf_padded(k);
    float largest = 0.0F;
    for (size_t i = 0; i < n; i++) {
        float entry = V[i * ld + column];
        largest = fabsf(entry) > fabsf(largest) ? entry : largest;
    }
    return largest < 0.0F ? -1.0 : 1.0;
}

/* The triples from F (short side) and Y, largest first. */
static void finish(nmf_svd *out, work *w)
{
    const size_t k = out->k;
    float *const short_side = w->is_tall ? out->V : out->U;
    float *const long_side = w->is_tall ? out->U : out->V;
    double *norms = w->before;
    column_norms(norms, w->Y, w->l, k);
    for (size_t t = 0; t < k; t++) {
        size_t best = 0;
        for (size_t q = 1; q < k; q++) {
            best = norms[q] > norms[best] ? q : best;
        }
        double value = norms[best];
        norms[best] = -1.0; /* taken */
        if (value <= NOTHING * out->S[0]) {
            continue; /* zeros already; t = 0 comes here for X = 0 alone */
        }
        double sign = w->is_tall ? sign_of(w->F, w->s, k, best)
                                 : sign_of(w->Y, w->l, k, best);
        out->S[t] = value;
        put_column(short_side, t, w->F, best, w->s, k, sign);
        put_column(long_side, t, w->Y, best, w->l, k, sign / value);
    }
}

nmf_status nmf_svd_init(nmf_svd *out, const nmf_source *X, size_t k,
                        uint64_t seed, int n_threads, nmf_error *err)
{
    const size_t s =
        X->n_samples < X->n_features ? X->n_samples : X->n_features;
    const bool is_gram = s <= GRAM_SIDE || s / 2 < k + OVERSAMPLING;
    const size_t ld = nmf_padded(k);
    nmf_status status = NMF_OK;
    work w = {0};
    *out = (nmf_svd){.k = k};
    status = work_init(&w, X, is_gram ? k : k + OVERSAMPLING, n_threads, err);
    if (status != NMF_OK) {
        return status;
    }
    status = is_gram ? gram_subspace(&w, err)
                     : random_subspace(&out->n_iter, &w, k, seed, err);
    if (status == NMF_OK) {
        out->S = nmf_calloc_matrix(k, 1, sizeof *out->S);
        out->U = nmf_calloc_matrix(X->n_samples, ld, sizeof *out->U);
        out->V = nmf_calloc_matrix(X->n_features, ld, sizeof *out->V);
        if (!out->S || !out->U || !out->V) {
            status = nmf_error_memory(
                err, (X->n_samples + X->n_features) * ld * sizeof(float),
                "singular vectors");
        }
    }
    if (status == NMF_OK) {
        times_short(&w, k);
        finish(out, &w);
    } else {
        nmf_svd_release(out);
    }
    work_release(&w);
    return status;
}

void nmf_svd_release(nmf_svd *svd)
{
    nmf_free(svd->S);
    nmf_free(svd->U);
    nmf_free(svd->V);
    *svd = (nmf_svd){0};
}
