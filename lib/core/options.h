/*
 * nmf_options read: what is meant where something is left open, and whether all
 * of it can be.
 */
#ifndef NMFIMG_CORE_OPTIONS_H
#define NMFIMG_CORE_OPTIONS_H

#include "core/observed.h"
#include "core/solver.h"

/* n_components, or its default for X. */
size_t nmf_options_components(const nmf_options *options, const nmf_matrix *X);

/* How many threads a fit of X with k components is worth, at most n_threads. */
int nmf_options_threads(const nmf_options *options, const nmf_matrix *X,
                        size_t k);

/* The solver that is meant; NULL where there is none of that name. */
const nmf_solver *nmf_options_solver(const nmf_options *options);

/* alpha_H with the default filled in. */
double nmf_options_alpha_H(const nmf_options *options);

/* What is minimised, and how. */
nmf_loss nmf_options_loss(const nmf_options *options,
                          const nmf_observed *observed);

/*
 * Can that be done with X? Its entries are not looked at; those of W0 and H0
 * are. Fails: NMF_ERR_ARGUMENT, NMF_ERR_DATA (W0, H0)
 */
nmf_status nmf_options_check(const nmf_options *options, size_t k,
                             const nmf_matrix *X, nmf_error *err);

/*
 * Can batches of samples be learned from in that way? Their shape is not known
 * yet. H0 is looked at where init is NMF_INIT_CUSTOM, W0 is not. Fails: as
 * nmf_options_check()
 */
nmf_status nmf_options_check_online(const nmf_options *options, nmf_error *err);

/*
 * Some losses know no zeros: d(0 | v) is infinite. Is every entry of X > 0
 * whose weight is? M NULL: all are. Fails: NMF_ERR_DATA
 */
nmf_status nmf_options_check_zeros(double beta_loss, const nmf_matrix *X,
                                   const nmf_matrix *M, nmf_error *err);

/*
 * The entries of X, and whether the solver knows what to do with them. out is
 * released by nmf_observed_release(), also after a failure. Fails: as
 * nmf_observed_init(), and NMF_ERR_ARGUMENT (weights), NMF_ERR_DATA (zeros)
 */
nmf_status nmf_options_observe(nmf_observed *out, const nmf_options *options,
                               const nmf_matrix *X, int n_threads,
                               nmf_error *err);

#endif
