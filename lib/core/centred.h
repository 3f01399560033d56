/*
 * A copy of X less the mean of its rows: what principal components and clusters
 * are found in. Without the mean, sums of squares in float keep their digits;
 * scaled to about 1, they keep their range.
 */
#ifndef NMFIMG_CORE_CENTRED_H
#define NMFIMG_CORE_CENTRED_H

#include "core/panel.h"
#include "core/source.h"

/* From one row of such a copy to the next: whole steps of the kernels of
 * panel.h, which measure distances. */
static inline size_t nmf_centred_ld(size_t n_features)
{
    const size_t step = NMF_PANEL_MAX_WIDTH;
    return (n_features + step - 1) / step * step;
}

typedef struct nmf_centred {
    /* (X - mean) / scale, or X / scale; rows 64-byte aligned, padded by zeros
     */
    nmf_matrix X;
    float *mean;         /* n_features: of the rows of X, also where it stays */
    double scale;        /* a power of 2 */
    double squared_norm; /* ||X||^2 of the X given */
    nmf_source source;   /* of the X here */
} nmf_centred;

/* Make the copy, with or without the mean taken off. out must not move: its
 * source points into it. Fails: NMF_ERR_DATA (an entry is not finite), _MEMORY
 */
nmf_status nmf_centred_init(nmf_centred *out, const nmf_matrix *X,
                            bool without_mean, int n_threads, nmf_error *err);

void nmf_centred_release(nmf_centred *c);

#endif
