/*
 * NMF written as plainly as the formulas, in double: the oracle of the solvers.
 */
#ifndef NMFIMG_TESTS_REFERENCE_H
#define NMFIMG_TESTS_REFERENCE_H

#include <stddef.h>

/*
 * n_iter iterations of coordinate descent on ||X - W H||^2, as in
 * scikit-learn's solver 'cd' without shuffling: every entry of W in turn, row
 * by row, then every entry of H. X is m x n, W m x k, H k x n, all contiguous.
 */
void reference_coordinate_descent(double *W, double *H, const double *X,
                                  size_t m, size_t n, size_t k, size_t n_iter);

/* ||X - W H||^2 */
double reference_squared_error(const double *X, const double *W,
                               const double *H, size_t m, size_t n, size_t k);

/*
 * n_iter multiplicative updates of the Kullback-Leibler divergence, H first:
 * H[t, j] *= sum_i W[i, t] R[i, j] / sum_i W[i, t] with R = X / (W H), then W
 * likewise with a new R. Shapes as above.
 */
void reference_kl_updates(double *W, double *H, const double *X, size_t m,
                          size_t n, size_t k, size_t n_iter);

/*
 * All singular values of X (m x n, contiguous), largest first, and the vectors
 * of the features, one a row of V: min(m, n) x n. By LAPACK's dgesdd.
 */
void reference_svd(double *S, double *V, const double *X, size_t m, size_t n);

/*
 * The sum of d_beta(x | v) over the entries x of X and v of W H, as nmf.h
 * defines it. Entries of W H where X is 0 may be 0, too; others must not.
 */
double reference_divergence(const double *X, const double *W, const double *H,
                            size_t m, size_t n, size_t k, double beta);

/*
 * One multiplicative update of W for D_beta, H being fixed, with the exponent
 * of Fevotte & Idier (2011); of H, W being fixed.
 */
void reference_update_W(double *W, const double *H, const double *X, size_t m,
                        size_t n, size_t k, double beta);
void reference_update_H(const double *W, double *H, const double *X, size_t m,
                        size_t n, size_t k, double beta);

/*
 * Hoyer's sparseness of n entries, `step` apart: 0 all alike, 1 one alone. NaN
 * for zeros.
 */
double reference_sparseness(const float *x, size_t step, size_t n);

/*
 * h' L h of a row of H as an image (rows from the top, channels interleaved):
 * the squares of the differences of all neighbours, above and below, left and
 * right.
 */
double reference_roughness(const float *h, size_t width, size_t height,
                           size_t channels);

/*
 * The x >= 0 (n) that minimises ||A x - b||, for A m x n by rows and of full
 * rank: Lawson & Hanson, "Solving least squares problems" (1974), chapter 23.
 * n <= 32.
 */
void reference_nnls(double *x, const double *A, const double *b, size_t m,
                    size_t n);

#endif
