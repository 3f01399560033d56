/*
 * Neighbouring pixels alike: a quadratic penalty on the rows h of H as images.
 *
 *     h' L h = sum over all pairs of neighbours p, q of (h_p - h_q)^2,
 *
 * L being the Laplacian of the grid of pixels (degree of each pixel on the
 * diagonal, -1 for each neighbour). Neighbours are the pixels above, below,
 * left and right; planes of colour are images of their own. No border is
 * crossed.
 *
 * Sources: D. Cai, X. He, J. Han and T. Huang, "Graph regularized nonnegative
 * matrix factorization for data representation", IEEE TPAMI 33 (2011), whose
 * graph joins samples; S. Essid and C. Fevotte, "Smooth nonnegative matrix
 * factorization for unsupervised audiovisual document structuring", IEEE Trans.
 * Multimedia 15 (2013), with a chain of neighbours in time.
 */
#ifndef NMFIMG_CORE_SMOOTH_H
#define NMFIMG_CORE_SMOOTH_H

#include <nmfimg/nmf.h>

#include <stddef.h>

/* No eigenvalue of L is larger: twice the largest degree. */
double nmf_smooth_bound(const nmf_grid *grid);

/*
 * One pass over the pixels of h, exact in each with the others fixed, for
 *
 *     min over h >= 0 of  diagonal / 2 ||h||^2 + weight / 2 h' L h - <g, h>,
 *
 * diagonal > 0: first the black squares of the chess board, then the white
 * ones. Squares of a colour are no neighbours, so they may be shared out. h and
 * g hold width * height * channels floats as a row of X does.
 */
void nmf_smooth_sweep(float *h, const float *g, double diagonal, double weight,
                      const nmf_grid *grid, int n_threads);

/* out = L h; out is none of h. */
void nmf_smooth_laplacian(float *out, const float *h, const nmf_grid *grid,
                          int n_threads);

/* h' L h, in double. */
double nmf_smooth_energy(const float *h, const nmf_grid *grid);

#endif
