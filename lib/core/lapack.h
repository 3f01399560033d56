/*
 * What the library asks of LAPACK and BLAS: small dense problems in double, the
 * size of a few times n_components. Products with X are our own (kernels.h).
 *
 * Matrices are column-major here, as LAPACK has them: entry (i, j) is
 * a[i + j * rows].
 *
 * OpenBLAS would share such a problem out to threads of its own, beside those
 * of OpenMP, and its sums would depend on their number. So each of these
 * functions sets it to one thread while it runs and puts the number back; where
 * several run at once, the last one to end does. A program that uses OpenBLAS
 * itself finds it on one thread for as long. Not to be called from within a
 * parallel region.
 */
#ifndef NMFIMG_CORE_LAPACK_H
#define NMFIMG_CORE_LAPACK_H

#include <nmfimg/error.h>

#include <stddef.h>

/*
 * The k largest eigenvalues of the symmetric matrix G (n x n, overwritten),
 * largest first, and their vectors, n x k and orthonormal. 1 <= k <= n.
 * Fails: NMF_ERR_DATA (an entry is not finite), _LIMIT (n beyond the integers
 * of LAPACK), _MEMORY
 */
nmf_status nmf_eigen(double *values, double *vectors, double *G, size_t n,
                     size_t k, nmf_error *err);

/*
 * An orthonormal basis of the columns of Q (n x k, n >= k), in their place:
 * column j of it completes the first j + 1 columns. Fails as nmf_eigen().
 */
nmf_status nmf_orthonormalise(double *Q, size_t n, size_t k, nmf_error *err);

/* C (m x k) = A (m x n) B (n x k). Fails: _LIMIT */
nmf_status nmf_multiply(double *C, const double *A, const double *B, size_t m,
                        size_t n, size_t k, nmf_error *err);

#endif
