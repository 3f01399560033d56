/*
 * Does an objective rise from one iteration to the next?
 */
#ifndef NMFIMG_TESTS_DESCENT_H
#define NMFIMG_TESTS_DESCENT_H

#include <nmfimg/nmf.h>

/* Begin with {.before = INFINITY} and what is known of rounding. */
typedef struct support_descent {
    double before;
    double rounding; /* absolute: what sums of floats leave where all cancels */
    double free;     /* the same of an error that came free, above 1e-2 */
    double norm;     /* of X, where beta is 2, see below; else 0 */
    double worst;    /* rise beyond rounding, relative */
} support_descent;

/*
 * A callback whose context is a support_descent. 1e-5 relative covers factors
 * that are rounded to float and sums of entries in float; below that,
 * `rounding`.
 *
 * A factor that is rounded to float moves W H by up to 2^-24 of its size, and
 * ||X - W H|| by as much, however small that is: beside a norm of X of 1, an
 * error of 2e-6 may come to 2.2e-6 although all was done well. With the sums of
 * products, that are rounded as much, 4e-7 of `norm` is allowed for.
 */
bool support_watch_descent(const nmf_progress *progress, void *context);

#endif
