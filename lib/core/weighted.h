/*
 * What weighted least squares does to a block of rows: the inner loops of
 * nmf_whals.c.
 *
 * A block is NMF_WEIGHTED_ROWS rows of a factor F (W, or H transposed) with
 * their rows of X and of the weights M (of their transposes for H); B is the
 * other factor, a component a row:
 *
 *     F  4 x k        X, M, R  4 x length        B  k x length
 *
 * length is a multiple of NMF_LANES; what is padding has weight 0 and is 0 in
 * B. A block of R and M stays in the first-level cache while the components
 * pass over it (11 KiB for 361 features), and each load of B serves four rows.
 */
#ifndef NMFIMG_CORE_WEIGHTED_H
#define NMFIMG_CORE_WEIGHTED_H

#include <stddef.h>

enum { NMF_WEIGHTED_ROWS = 4 };

/* All arrays are aligned to 64 bytes, and so are their rows. */
typedef struct nmf_weighted_block {
    float *F;
    size_t ldf;
    float *R; /* scratch: X - F B */
    const float *X, *M;
    size_t ld; /* of R, X and M */
    const float *B;
    size_t ldb;
    size_t k, length;
    double l1, l2; /* penalties of F */
} nmf_weighted_block;

/* One instruction set's version. */
typedef struct nmf_weighted_kernels {
    const char *name;

    /* R = X - F B */
    void (*residual)(const nmf_weighted_block *b);

    /*
     * One sweep: for t = 0 .. k-1, of each row with r = x - f B up to date,
     *
     *     f_t <- max(0, f_t + (sum m r b_t - l1 - l2 f_t)
     *                         / (sum m b_t^2 + l2))
     *
     * the exact minimiser in f_t with the others fixed; left alone where
     * nothing depends on it, 0 where l1 alone does. R is X - F B before and
     * after, but for rounding. Returns sum m r^2 of the new rows.
     */
    double (*sweep)(const nmf_weighted_block *b);

    /* P[r][t] = sum m r b_t, rows of P being ldf apart; and sum m r^2 of all
     * rows. Both take R as it is. */
    void (*products)(float *P, const nmf_weighted_block *b);
    double (*squares)(const nmf_weighted_block *b);

    /* out = max(0, now + beta (now - before)) over n floats, n a multiple of
     * NMF_LANES; out may be either input. */
    void (*extrapolate)(float *out, const float *now, const float *before,
                        float beta, size_t n);
} nmf_weighted_kernels;

/* What is in use, see <nmfimg/cpu.h>; and all that this processor runs, NULL
 * past the last. */
const nmf_weighted_kernels *nmf_weighted_kernels_get(void);
const nmf_weighted_kernels *nmf_weighted_kernels_at(size_t i);

#endif
