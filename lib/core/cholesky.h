/*
 * Small symmetric systems, in double: G x = p for a k x k gram matrix G, or for
 * some of its rows and columns.
 */
#ifndef NMFIMG_CORE_CHOLESKY_H
#define NMFIMG_CORE_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The lower triangle L, n apart, of L L' = the n rows and columns of G (k
 * apart) that index names; index NULL: the first n. False where a pivot is no
 * more than 1e-10 of its diagonal: the matrix is singular, or nearly.
 */
bool nmf_cholesky(double *L, const double *G, size_t k, const size_t *index,
                  size_t n);

/* x <- (L L')^-1 x */
void nmf_cholesky_solve(double *x, const double *L, size_t n);

/*
 * Add to the diagonal of G, whose entries are finite, what makes nmf_cholesky()
 * succeed; nothing where it does by itself. L is scratch, k x k.
 */
void nmf_make_definite(double *G, double *L, size_t k);

#endif
