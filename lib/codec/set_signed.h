/*
 * A set by factors of any sign, to compare with: where such a fit begins, and
 * the least squares without a bound that stand for its sweeps. No file has
 * signed factors.
 */
#ifndef NMFIMG_CODEC_SET_SIGNED_H
#define NMFIMG_CODEC_SET_SIGNED_H

#include "codec/set_fit.h"

/*
 * W and Ht of the fit from the first k singular vectors. Fails: as
 * nmf_decompose()
 */
nmf_status nmf_signed_begin(nmf_set_fit *fit, nmf_error *err);

/*
 * F (n x k, row format) of the least ||X - F B||, given products X B' (row
 * format) and gram B B'. Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_signed_solve(float *F, const float *products, const double *gram,
                            size_t n, size_t k, nmf_error *err);

#endif
