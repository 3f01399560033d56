/* The search for a target that W H alone does not reach cheaply. */
#ifndef NMFIMG_CODEC_RESIDUAL_SEARCH_H
#define NMFIMG_CODEC_RESIDUAL_SEARCH_H

#include "codec/set_trial.h"

/*
 * Would a residual of this fit (of s->part) bring more for its bits than the
 * activations did? Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_residual_pays(bool *out, const nmf_set_searcher *s,
                             const nmf_set_fit *fit, nmf_error *err);

/*
 * Factors with a residual that meet the target best, from rank k on; only that
 * rank where the goal says so. *least: how good best is already, as for
 * nmf_set_keep_better(). Fails: as nmf_set_search()
 */
nmf_status nmf_residual_search(nmf_set_found *best, double *least,
                               nmf_set_searcher *s, size_t k, nmf_error *err);

#endif
