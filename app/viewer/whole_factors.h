/*
 * Factors of any method so that W H is all of the reconstruction: where there
 * is a mean (pca) it is component 0, with a weight of 1 in every sample. What
 * shows factors need not know of means.
 */
#ifndef NMFIMG_VIEWER_WHOLE_FACTORS_H
#define NMFIMG_VIEWER_WHOLE_FACTORS_H

#include <nmfimg/decompose.h>

/*
 * Copies. scores may be NULL: W is left empty then. mean is 1 x n_features, or
 * NULL. W and H are freed by nmf_matrix_release(); both empty on failure.
 */
nmf_status whole_factors(nmf_matrix *W, nmf_matrix *H, const nmf_matrix *scores,
                         const nmf_matrix *components, const nmf_matrix *mean,
                         nmf_error *err);

/* How many components of whole factors are no components of the method: 1 for
 * pca, whose first one is the mean, else 0. */
size_t whole_factors_extra(nmf_method method);

/*
 * The decomposition again, freed by nmf_decomposition_free(). W may be NULL.
 * about tells the method.
 */
nmf_status whole_factors_split(nmf_decomposition **out, const nmf_matrix *W,
                               const nmf_matrix *H,
                               const nmf_decomposition_summary *about,
                               nmf_error *err);

#endif
