/*
 * What multiplicative updates do to single entries: the weights that the beta
 * divergence gives them, its sum, and the update itself.
 *
 * X and V = A'B are panels [rows][width], see panel.h, B and its like panels
 * [k][width]. Nothing larger than a group of panels is ever formed.
 */
#ifndef NMFIMG_CORE_DIVERGENCE_H
#define NMFIMG_CORE_DIVERGENCE_H

#include <stdbool.h>
#include <stddef.h>

/* A loss as the kernels want it: nmf_beta_of(). */
typedef struct nmf_beta {
    double beta;
    /* V is taken to be no smaller and no larger, so that no power overflows. */
    float least, most;
} nmf_beta;

nmf_beta nmf_beta_of(double beta);

/* Sums over entries. */
typedef struct nmf_divergence_sums {
    double divergence; /* d_beta(x | v) */
    double squares;    /* (x - v)^2 */
} nmf_divergence_sums;

/* How entries of a factor F of k rows are updated. */
typedef struct nmf_multiplication {
    const float *above;     /* k x width */
    const float *below;     /* k x width, or NULL: */
    const float *below_row; /* one a row */
    double l1, l2;          /* added below: l1 + l2 f */
    double exponent;
} nmf_multiplication;

typedef struct nmf_divergence_kernels {
    const char *name;

    /*
     * R = X V^(beta - 2) and S = V^(beta - 1) over rows x width entries, each
     * times the weight M of the entry; M is NULL where all are 1. R may be V; S
     * is NULL where beta is 1 and M is NULL.
     */
    void (*weights)(float *R, float *S, const float *X, const float *V,
                    const float *M, size_t rows, const nmf_beta *beta);

    /* The same, and the sums over the first `columns` columns, weighted. */
    nmf_divergence_sums (*measure)(float *R, float *S, const float *X,
                                   const float *V, const float *M, size_t rows,
                                   size_t columns, const nmf_beta *beta);

    /*
     * to = F (above / (below + l1 + l2 F))^exponent for the k rows of a panel;
     * 0 where F is 0. to may be F.
     */
    void (*multiply)(float *to, const float *F, const nmf_multiplication *by,
                     size_t k);

    /* out = now + alpha max(0, now - before) over n floats; out may be either
     * input. */
    void (*ahead)(float *out, const float *now, const float *before,
                  float alpha, size_t n);

    /* The sums of the k rows of a panel, added to sums. */
    void (*add_rows)(double *sums, const float *F, size_t k);
} nmf_divergence_kernels;

/* What is in use, see <nmfimg/cpu.h>; and all that this processor runs, NULL
 * past the last. */
const nmf_divergence_kernels *nmf_divergence_kernels_get(void);
const nmf_divergence_kernels *nmf_divergence_kernels_at(size_t i);

#endif
