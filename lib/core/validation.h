/*
 * How well held-out entries are predicted, iteration by iteration, and the
 * factors that did it best.
 */
#ifndef NMFIMG_CORE_VALIDATION_H
#define NMFIMG_CORE_VALIDATION_H

#include "core/observed.h"
#include "core/solver.h"

typedef struct nmf_validation {
    const nmf_held_out *held_out; /* borrowed; n 0: nothing to do */
    size_t patience;              /* 0: never stop, keep nothing */
    double norm;                  /* sum m x^2 over what is held out, or 1 */
    nmf_matrix W, H;              /* of this iteration */
    float *Ht;                    /* H transposed, row format */
    double *parts;                /* a sample */
    int n_threads;

    /* The best so far, where there is patience. */
    nmf_matrix best_W, best_H;
    nmf_progress best; /* as it was told then */
    size_t n_waited;   /* iterations since */
} nmf_validation;

/*
 * All memory is asked for here; none where nothing is held out. nothing to
 * release after a failure.
 *
 * Fails: NMF_ERR_MEMORY, NMF_ERR_LIMIT
 */
nmf_status nmf_validation_init(nmf_validation *v, const nmf_held_out *held_out,
                               size_t patience, size_t n_samples,
                               size_t n_features, size_t k, int n_threads,
                               nmf_error *err);
void nmf_validation_release(nmf_validation *v);

/*
 * Measure the pair of the iteration that progress tells of, into
 * progress->validation_error, and keep it if it is the best.
 */
void nmf_validation_renew(nmf_validation *v, const nmf_solver *solver,
                          const void *state, nmf_progress *progress);

/* Has nothing been better for too long? */
bool nmf_validation_is_over(const nmf_validation *v);

#endif
