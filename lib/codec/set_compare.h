/*
 * What libjpeg makes of the same pictures, laid side by side into sheets: the
 * scale by which qualities are given.
 */
#ifndef NMFIMG_CODEC_SET_COMPARE_H
#define NMFIMG_CODEC_SET_COMPARE_H

#include <nmfimg/codec.h>

/* Bytes and PSNR at a quality of 1 .. 100. Fails: NMF_ERR_LIMIT, _MEMORY */
nmf_status nmf_jpeg_measure(size_t *bytes, double *psnr, const nmf_matrix *X,
                            const nmf_geometry *geometry, int quality,
                            nmf_error *err);

#endif
