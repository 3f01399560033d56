/*
 * The modes of a model's activations. With C the covariance of the rows of W
 * and G = H H', let C = T T' (from its eigenvectors) and T' G T = Q D Q'. The
 * columns of T Q D^-1/2 are the modes: their images H' T Q D^-1/2 are
 * orthonormal, and the activations vary by D along them, independently.
 */
#include "codec/variation.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/lapack.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

static const double white = 255; /* grey levels that 1 in X stands for */
/* Modes of smaller deviation, beside the largest one, are left out. */
static const double least_deviation = 1e-3;

/* k x k in double; the struct owns all of it. */
typedef struct learner {
    size_t k;
    size_t n_modes;
    int n_threads;
    double *mean; /* k */
    double *C;    /* covariance; then T */
    double *G;    /* gram matrix in squared grey levels */
    double *Q;
    double *values; /* k */
    double *product;
    double *modes; /* columns */
    void *memory;
} learner;

static nmf_status begin(learner *l, size_t k, nmf_error *err)
{
    l->k = k;
    double *at = nmf_calloc_matrix(k, 5 * k + 2, sizeof(double));
    l->memory = at;
    if (!at) {
        return nmf_error_memory(err, k * (5 * k + 2) * sizeof(double),
                                "how activations vary");
    }
    l->C = at;
    l->G = l->C + k * k;
    l->Q = l->G + k * k;
    l->product = l->Q + k * k;
    l->modes = l->product + k * k;
    l->mean = l->modes + k * k;
    l->values = l->mean + k;
    return NMF_OK;
}

static void find_covariance(learner *l, const nmf_matrix *W)
{
    const size_t k = l->k;
    const double n = (double)W->rows;
    for (size_t i = 0; i < W->rows; i++) {
        for (size_t j = 0; j < k; j++) {
            l->mean[j] += (double)nmf_matrix_row(W, i)[j] / n;
        }
    }
#pragma omp parallel for schedule(dynamic) num_threads(l->n_threads)
    for (size_t a = 0; a < k; a++) {
        for (size_t i = 0; i < W->rows; i++) {
            const float *w = nmf_matrix_row(W, i);
            double gap = ((double)w[a] - l->mean[a]) / n;
            for (size_t b = 0; b <= a; b++) {
                l->C[a * k + b] += gap * ((double)w[b] - l->mean[b]);
            }
        }
    }
    for (size_t a = 0; a < k; a++) {
        for (size_t b = 0; b < a; b++) {
            l->C[b * k + a] = l->C[a * k + b];
        }
    }
}

static void find_gram(learner *l, const nmf_matrix *H)
{
    const size_t k = l->k;
#pragma omp parallel for schedule(dynamic) num_threads(l->n_threads)
    for (size_t a = 0; a < k; a++) {
        const float *x = nmf_matrix_row(H, a);
        for (size_t b = 0; b <= a; b++) {
            const float *y = nmf_matrix_row(H, b);
            double sum = 0;
            for (size_t p = 0; p < H->cols; p++) {
                sum += (double)x[p] * (double)y[p];
            }
            l->G[a * k + b] = sum * white * white;
            l->G[b * k + a] = sum * white * white;
        }
    }
}

/* Columns of A times the square root (or its inverse) of their values. */
static void scale_columns(double *A, const double *values, size_t k,
                          bool is_inverse)
{
    for (size_t i = 0; i < k; i++) {
        double root = sqrt(fmax(values[i], 0));
        double factor = is_inverse ? (root > 0 ? 1 / root : 0) : root;
        for (size_t j = 0; j < k; j++) {
            A[i * k + j] *= factor;
        }
    }
}

static void transpose(double *to, const double *from, size_t k)
{
    for (size_t a = 0; a < k; a++) {
        for (size_t b = 0; b < k; b++) {
            to[b * k + a] = from[a * k + b];
        }
    }
}

static nmf_status find_modes(learner *l, nmf_error *err)
{
    const size_t k = l->k;
    double *T = l->modes;
    nmf_status status = nmf_eigen(l->values, T, l->C, k, k, err);
    if (status == NMF_OK) {
        scale_columns(T, l->values, k, false);
        status = nmf_multiply(l->product, l->G, T, k, k, k, err);
    }
    if (status == NMF_OK) {
        transpose(l->C, T, k);
        status = nmf_multiply(l->G, l->C, l->product, k, k, k, err);
    }
    if (status == NMF_OK) {
        status = nmf_eigen(l->values, l->Q, l->G, k, k, err);
    }
    if (status == NMF_OK) {
        scale_columns(l->Q, l->values, k, true);
        status = nmf_multiply(l->product, T, l->Q, k, k, k, err);
    }
    while (status == NMF_OK && l->n_modes < k &&
           l->values[l->n_modes] >
               l->values[0] * least_deviation * least_deviation) {
        l->n_modes++;
    }
    return status;
}

static uint32_t to_u32(double value, uint32_t max)
{
    return (uint32_t)fmax(0, fmin(max, floor(value + 0.5)));
}

/* Activations are counted in units by which components in whole numbers make
 * grey levels. */
static void take(nmf_variation *out, const learner *l, const nmf_matrix *H)
{
    const size_t k = l->k;
    double largest = 0;
    for (size_t j = 0; j < k; j++) {
        int e = 0;
        nmf_component_exponent(&e, nmf_matrix_row(H, j), H->cols);
        double unit = ldexp(white, NMF_LEVEL_BITS - NMF_COMPONENT_BITS + e);
        out->mean[j] = to_u32(l->mean[j] * unit, NMF_VARIATION_MEAN_MAX);
        for (size_t i = 0; i < out->n_modes; i++) {
            l->product[i * k + j] *= unit;
            largest = fmax(largest, fabs(l->product[i * k + j]));
        }
    }
    while (out->bits < NMF_VARIATION_BITS_MAX &&
           ldexp(largest, (int)out->bits + 1) < NMF_VARIATION_DIRECTION_MAX) {
        out->bits++;
    }
    for (size_t i = 0; i < out->n_modes; i++) {
        out->deviation[i] = to_u32(ldexp(sqrt(l->values[i]), NMF_UNIT_BITS),
                                   NMF_VARIATION_DEVIATION_MAX);
        for (size_t j = 0; j < k; j++) {
            double entry =
                floor(ldexp(l->product[i * k + j], (int)out->bits) + 0.5);
            out->direction[i * k + j] =
                (int32_t)fmax(-NMF_VARIATION_DIRECTION_MAX,
                              fmin(NMF_VARIATION_DIRECTION_MAX, entry));
        }
    }
}

nmf_status nmf_variation_learn(nmf_variation **out, const nmf_matrix *W,
                               const nmf_matrix *H, unsigned n_threads,
                               nmf_error *err)
{
    learner l = {.n_threads = nmf_threads(n_threads)};
    *out = NULL;
    nmf_status status = begin(&l, H->rows, err);
    if (status == NMF_OK) {
        find_covariance(&l, W);
        find_gram(&l, H);
        status = find_modes(&l, err);
    }
    if (status == NMF_OK && l.n_modes > 0) {
        status = nmf_variation_create(out, l.k, l.n_modes, err);
    }
    if (status == NMF_OK && *out) {
        take(*out, &l, H);
    }
    nmf_free(l.memory);
    return status;
}

void nmf_variation_free(nmf_variation *variation)
{
    nmf_free(variation);
}
