/*
 * Starts from the singular vectors of X: NNDSVD and its two variants.
 *
 * The first triple of X >= 0 can be taken non-negative. Of each later one,
 * u v' = (u+ - u-)(v+ - v-)', the heavier of u+ v+' and u- v-' is kept:
 *
 *     W[:, 0] = sqrt(S_0) |u_0|                 H[0, :] = sqrt(S_0) |v_0|
 *     W[:, t] = sqrt(S_t m) u+ / ||u+||         m = ||u+|| ||v+||
 *     H[t, :] = sqrt(S_t m) v+ / ||v+||         (or all with -)
 *
 * Half of the entries are zeros then; nndsvda puts the mean of X there,
 * nndsvdar |normal| * mean / 100. That is meant for data between 0 and 1; where
 * it is less, the root of the mean, the size of the entries of both factors,
 * takes its place: else data of another unit would begin at factors that are
 * nothing but filling. Updates that multiply would keep the zeros: for them
 * nndsvd begins a little above.
 *
 * Source: Boutsidis and Gallopoulos, Pattern Recognition 41 (2008), 1350-1362;
 * what is taken for zero, and the fillings, as in scikit-learn.
 */
#include "core/kernels.h"
#include "core/rng.h"
#include "core/solver.h"
#include "core/svd.h"

#include <math.h>

/*
 * Entries below this part of sqrt(mean(X)) are zeros. In scikit-learn it is
 * 1e-6 as such, which says the same of data between 0 and 1, and depends on the
 * unit of others.
 */
static const double ZERO = 1e-6;

/*
 * What is put in the place of zeros where they are to be left: this part of
 * sqrt(mean(X)), the size of the entries of both factors.
 */
static const double LIFT = 1e-2;

/* The norms of the positive and of the negative part of a column. */
typedef struct halves {
    double positive, negative;
} halves;

static halves norms_of(const float *F, size_t ld, size_t n, size_t t)
{
    double positive = 0.0, negative = 0.0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)F[i * ld + t];
        *(x > 0.0 ? &positive : &negative) += x * x;
    }
    return (halves){sqrt(positive), sqrt(negative)};
}

/*
 * out[i * step] = scale times what is positive in a column of F, its sign
 * turned where sign is -1, no sign at all where it is 0; 0 if less than zero.
 */
static void take(float *out, size_t step, const float *F, size_t ld, size_t n,
                 size_t t, double sign, double scale, double zero)
{
    for (size_t i = 0; i < n; i++) {
        double x = (double)F[i * ld + t];
        double part = sign == 0.0 ? fabs(x) : fmax(0.0, sign * x);
        out[i * step] = (float)(scale * part < zero ? 0.0 : scale * part);
    }
}

static void take_triple(nmf_matrix *W0, nmf_matrix *H0, const nmf_svd *svd,
                        size_t t, double zero)
{
    const size_t ld = nmf_padded(svd->k);
    double sign = 0.0, scale_W = sqrt(svd->S[t]), scale_H = scale_W;
    if (t > 0) {
        halves u = norms_of(svd->U, ld, W0->rows, t);
        halves v = norms_of(svd->V, ld, H0->cols, t);
        double positive = u.positive * v.positive;
        double negative = u.negative * v.negative;
        sign = positive > negative ? 1.0 : -1.0;
        double length = sqrt(svd->S[t] * fmax(positive, negative));
        double u_norm = sign > 0.0 ? u.positive : u.negative;
        double v_norm = sign > 0.0 ? v.positive : v.negative;
        /* A norm is 0 where neither half has both parts: then so is length. */
        scale_W = length > 0.0 ? length / u_norm : 0.0;
        scale_H = length > 0.0 ? length / v_norm : 0.0;
    }
    take(W0->data + t, W0->ld, svd->U, ld, W0->rows, t, sign, scale_W, zero);
    take(nmf_matrix_row(H0, t), 1, svd->V, ld, H0->cols, t, sign, scale_H,
         zero);
}

/* Put something where there are zeros; rng NULL: the mean itself. */
static void fill_zeros(nmf_matrix *m, double mean, nmf_rng *rng)
{
    for (size_t i = 0; i < m->rows; i++) {
        float *row = nmf_matrix_row(m, i);
        for (size_t j = 0; j < m->cols; j++) {
            if (row[j] == 0.0F) {
                row[j] = (float)(rng ? fabs(nmf_rng_normal(rng)) * mean / 100.0
                                     : mean);
            }
        }
    }
}

nmf_status nmf_init_svd(nmf_matrix *W0, nmf_matrix *H0, const nmf_source *X,
                        nmf_init init, bool lifts_zeros, uint64_t seed,
                        int n_threads, nmf_error *err)
{
    const double mean = nmf_source_mean(X);
    nmf_svd svd = {0};
    nmf_status status = nmf_svd_init(&svd, X, H0->rows, seed, n_threads, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t t = 0; t < svd.k; t++) {
        take_triple(W0, H0, &svd, t, ZERO * sqrt(mean));
    }
    const double filling = fmin(mean, sqrt(mean));
    nmf_rng of_H = nmf_rng_init(seed, 0), of_W = nmf_rng_init(seed, 1);
    if (init == NMF_INIT_NNDSVDA) {
        fill_zeros(H0, filling, NULL);
        fill_zeros(W0, filling, NULL);
    } else if (init == NMF_INIT_NNDSVDAR) {
        fill_zeros(H0, filling, &of_H);
        fill_zeros(W0, filling, &of_W);
    } else if (lifts_zeros) {
        fill_zeros(H0, LIFT * sqrt(mean), NULL);
        fill_zeros(W0, LIFT * sqrt(mean), NULL);
    }
    nmf_svd_release(&svd);
    return NMF_OK;
}
