/*
 * The k largest singular values of X and their vectors,
 *
 *     X  ~=  sum over t < k of  S_t u_t v_t'.
 *
 * A short side of up to a few hundred is solved through its gram matrix. Beyond
 * that a random subspace of k + 10 dimensions is multiplied by X'X, with a new
 * orthonormal basis each time, until its singular values stand still.
 *
 * Source: Halko, Martinsson and Tropp, SIAM Review 53 (2011), algorithms 4.4
 * and 5.1.
 */
#ifndef NMFIMG_CORE_SVD_H
#define NMFIMG_CORE_SVD_H

#include "core/source.h"

#include <stdint.h>

typedef struct nmf_svd {
    size_t k;
    double *S;     /* k singular values, largest first */
    float *U;      /* n_samples x k, in row format (kernels.h) */
    float *V;      /* n_features x k, likewise; the largest entry of a column by
                      its size (the first of them) is positive */
    size_t n_iter; /* multiplications of the subspace; 0: the gram matrix */
} nmf_svd;

/*
 * 1 <= k <= the shorter side of X. What lies below 1e-6 of the largest singular
 * value is beyond the products, which are in float: such a value is 0 and its
 * columns of U and V are zeros. Vectors of the longer side are at right angles
 * to about 1e-7 S_0 / S_t. The same for any n_threads.
 * Fails: NMF_ERR_DATA (entries of 1e15 and more), _LIMIT, _MEMORY. On failure
 * there is nothing to release.
 */
nmf_status nmf_svd_init(nmf_svd *out, const nmf_source *X, size_t k,
                        uint64_t seed, int n_threads, nmf_error *err);

void nmf_svd_release(nmf_svd *svd);

#endif
