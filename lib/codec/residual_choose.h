/*
 * The encoder's side of a residual: which coefficients are worth their bits,
 * and what they come to. Nothing of it is in the format but what
 * nmf_residual_try() writes.
 *
 *     nmf_residual_fit fit;
 *     nmf_residual_fit_init(&fit, &data, stride, 8, 8, err);
 *     nmf_residual_fit_aim(&fit, &factors, err);       // for these W and H
 *     nmf_residual_try(&trial, &fit, step, lambda, NULL, err);  // many times
 */
#ifndef NMFIMG_CODEC_RESIDUAL_CHOOSE_H
#define NMFIMG_CODEC_RESIDUAL_CHOOSE_H

#include "codec/set_fit.h"

/* What is to be coded. Owns its arrays; data is lent. */
typedef struct nmf_residual_fit {
    const nmf_set_data *data;
    nmf_blocks blocks;
    size_t stride;        /* every stride-th picture is looked at, */
    size_t n;             /* so many */
    int32_t *sums;        /* n x n_features: as nmf_set_sum_up(), cut to
                             NMF_PIXEL_MAX */
    float *targets;       /* n x blocks.size: transform of what W H leaves */
    double squared_error; /* without a residual */
} nmf_residual_fit;

/* How a residual comes out, over the pictures that are looked at. */
typedef struct nmf_residual_trial {
    nmf_bytes bytes; /* payload of RESI; owned, nmf_bytes_release() */
    double squared_error;
} nmf_residual_trial;

/* Room for a residual of every stride-th picture. Fails: NMF_ERR_MEMORY */
nmf_status nmf_residual_fit_init(nmf_residual_fit *out,
                                 const nmf_set_data *data, size_t stride,
                                 size_t block_width, size_t block_height,
                                 nmf_error *err);
void nmf_residual_fit_release(nmf_residual_fit *fit);

/* What these factors leave. Fails: NMF_ERR_MEMORY */
nmf_status nmf_residual_fit_aim(nmf_residual_fit *fit,
                                const nmf_set_factors *factors, nmf_error *err);

/*
 * Choose and code coefficients for a step (1 .. NMF_RESIDUAL_STEP_MAX, in units
 * of 2^-NMF_FINE_STEP_BITS grey levels), a bit being worth lambda step^2.
 *
 * pixels  NULL, or room for n x n_features: as they will be decoded
 *
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_residual_try(nmf_residual_trial *out,
                            const nmf_residual_fit *fit, unsigned step,
                            double lambda, uint8_t *pixels, nmf_error *err);

#endif
