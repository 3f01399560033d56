/*
 * A set by factors of any sign, to compare with: where such a fit begins, and
 * the least squares without a bound that stand for its sweeps. No file has
 * signed factors.
 */
#ifndef NMFIMG_CODEC_SET_SIGNED_H
#define NMFIMG_CODEC_SET_SIGNED_H

#include "codec/set_fit.h"

/*
 * Take the mean picture, as a decoder will paint it, away from the pictures.
 * out is released by nmf_set_mean_release(); on failure all zero. Fails:
 * NMF_ERR_MEMORY
 */
nmf_status nmf_signed_centre(nmf_set_mean *out, nmf_set_data *data,
                             nmf_error *err);
void nmf_set_mean_release(nmf_set_mean *mean);

/* The mean as the last component of factors that have room for it. */
void nmf_signed_add_mean(nmf_set_factors *factors, const nmf_set_mean *mean);

/*
 * W and Ht of the fit from the first k singular vectors: of centred pictures
 * the principal components. Fails: as nmf_decompose()
 */
nmf_status nmf_signed_begin(nmf_set_fit *fit, nmf_error *err);

/*
 * F (n x k, row format) of the least ||X - F B||, given products X B' (row
 * format) and gram B B'. Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_signed_solve(float *F, const float *products, const double *gram,
                            size_t n, size_t k, nmf_error *err);

#endif
