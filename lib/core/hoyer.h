/*
 * Vectors of a given sparseness.
 *
 * Hoyer's measure of x >= 0 with n entries, 0 where all are alike and 1 where
 * one alone is not 0,
 *
 *     sparseness(x) = (sqrt(n) - ||x||_1 / ||x||_2) / (sqrt(n) - 1),
 *
 * depends on the ratio of the norms alone. Of unit length and a given
 * sparseness are hence the vectors h >= 0 with ||h||_2 = 1 and ||h||_1 = l1.
 *
 * Sources: P. Hoyer, "Non-negative matrix factorization with sparseness
 * constraints", JMLR 5 (2004), 1457-1469; M. Thom and G. Palm, "Sparse activity
 * and sparse connectivity in supervised learning", JMLR 14 (2013), 1091-1143.
 */
#ifndef NMFIMG_CORE_HOYER_H
#define NMFIMG_CORE_HOYER_H

#include <stddef.h>

/*
 * The l1 norm of unit vectors of n >= 2 entries with that sparseness, which is
 * strictly between 0 and 1: strictly between 1 and sqrt(n).
 */
double nmf_hoyer_l1(size_t n, double sparseness);

/* How a vector came to be a projection: h = max(0, g - threshold) / length. */
typedef struct nmf_hoyer_cut {
    double threshold;
    double length; /* 0: entries were tied, see below */
} nmf_hoyer_cut;

/*
 * Set h (n floats, none of g) to the point nearest to g among the h >= 0 with
 * ||h||_2 = 1 and ||h||_1 = l1, 1 < l1 < sqrt(n). Lengths being fixed, it is
 * also the one with the largest <g, h>. g is finite, of any sign, of any
 * scale. Where l1^2 entries or more share the largest value (all of g may be 0)
 * many points are the nearest, all of them 0 elsewhere: h is then the one with
 * the fewest non-zeros, at the first of these places.
 *
 * guess: a threshold to try first, which saves passes over g where it is near
 * and changes h by no more than rounding; -INFINITY: none.
 */
nmf_hoyer_cut nmf_hoyer_project(float *h, const float *g, size_t n, double l1,
                                double guess);

#endif
