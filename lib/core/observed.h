/*
 * The entries of X that count, and how much: what weights, NaN and held-out
 * entries leave of it, as a source whose weights are another (see source.h).
 *
 *                          weight          X
 *     observed             as given        as given
 *     missing, held out    0               the mean of what is observed of its
 *                                          feature; 0 where nothing is
 *
 * so that what the caller has in a missing place reaches nobody, and products
 * with the whole X mean something. Weights are divided by a power of two that
 * brings the largest near 1: nothing changes but exponents.
 */
#ifndef NMFIMG_CORE_OBSERVED_H
#define NMFIMG_CORE_OBSERVED_H

#include "core/source.h"

#include <nmfimg/nmf.h>

#include <stdbool.h>

/*
 * The entries held out: those of sample i are begin[i] .. begin[i + 1] - 1 of
 * the arrays.
 */
typedef struct nmf_held_out {
    size_t n;
    size_t *begin;   /* n_samples + 1; NULL: none are */
    size_t *feature; /* n */
    float *x;        /* n: what X holds there, */
    float *weight;   /* n: and its weight, in units */
} nmf_held_out;

typedef struct nmf_observed {
    nmf_source source;  /* of X here; where nothing is missing, of the caller's
                           X and without weights */
    nmf_source weights; /* its weights */
    nmf_matrix X, M;    /* what both are made of */
    double unit;        /* the weights given are those here times this */
    size_t n_missing;   /* of the entries, without those held out */
    nmf_held_out held_out;
} nmf_observed;

/*
 * Look at every entry of X and of options->weights. X must outlive out, which
 * nmf_observed_release() empties; that holds for a failure, too. The struct
 * must stay where it is: the source points into it.
 *
 * Fails: NMF_ERR_ARGUMENT (weights of another shape; too few entries to hold
 * some out), NMF_ERR_DATA (the first entry that counts and is negative or not
 * finite, row by row; a weight that is; all weights, or all entries that count,
 * are 0), NMF_ERR_MEMORY
 */
nmf_status nmf_observed_init(nmf_observed *out, const nmf_matrix *X,
                             const nmf_options *options, int n_threads,
                             nmf_error *err);

void nmf_observed_release(nmf_observed *o);

/*
 * Nothing is known of a sample or a feature without any entry that counts: its
 * row of W0 and its column of H0 become 0, which every solver keeps.
 */
void nmf_observed_clear(const nmf_observed *o, nmf_matrix *W0, nmf_matrix *H0);

/*
 * Copies of X and of the weights (NULL: all 1), both made here and owned by the
 * caller: where the weight is 0, or X is NaN and that means missing, both are
 * 0. Nothing to release after a failure.
 *
 * Fails: NMF_ERR_ARGUMENT (weights of another shape), NMF_ERR_DATA (as above),
 * NMF_ERR_MEMORY
 */
nmf_status nmf_observed_entries(nmf_matrix *entries, nmf_matrix *M,
                                const nmf_matrix *X, const nmf_matrix *weights,
                                bool nan_is_missing, nmf_error *err);

#endif
