/**
 * How much two pictures differ.
 *
 *     double psnr = 0.0, ssim = 0.0;
 *     if (nmf_psnr(&psnr, &image, &again, &err) == NMF_OK &&
 *         nmf_ssim(&ssim, &image, &again, &err) == NMF_OK)
 *         printf("%.2f dB, SSIM %.4f\n", psnr, ssim);
 *
 * White is 1. Samples outside [0, 1] are taken as they are.
 */
#ifndef NMFIMG_METRICS_H
#define NMFIMG_METRICS_H

#include <nmfimg/image.h>

NMF_BEGIN_DECLS

/**
 * The peak signal-to-noise ratio in dB, over all samples of all channels:
 *
 *     10 log10(1 / mean((a - b)^2))
 *
 * out      +infinity for pictures that are equal; untouched on failure
 * a, b     of the same size and channels; only read
 *
 * Fails:   NMF_ERR_ARGUMENT (sizes that differ, a picture without pixels)
 */
NMF_API nmf_status nmf_psnr(double *out, const nmf_image *a, const nmf_image *b,
                            nmf_error *err);

/**
 * The structural similarity: 1 for pictures that are equal, less for all
 * others. At each place where a window fits into the picture
 *
 *     (2 m_a m_b + C1) (2 s_ab + C2)
 *     ------------------------------------------,  C1 = 0.01^2, C2 = 0.03^2,
 *     (m_a^2 + m_b^2 + C1) (s_a^2 + s_b^2 + C2)
 *
 * of the means m, variances s^2 and the covariance s_ab under a Gaussian window
 * of 11 x 11 pixels, standard deviation 1.5; the mean over these places, and
 * over the channels, each by itself. A side of less than 11 pixels takes the
 * largest window that fits along it, of the same standard deviation.
 *
 * out      untouched on failure
 * a, b     of the same size and channels; only read
 *
 * Fails:   NMF_ERR_ARGUMENT (sizes that differ, a picture without pixels),
 *          _MEMORY
 * Cost:    8 sums of 11 products a sample; memory for a few lines
 * Source:  Wang, Bovik, Sheikh, Simoncelli, IEEE Trans. Image Process. 13
 *          (2004).
 */
NMF_API nmf_status nmf_ssim(double *out, const nmf_image *a, const nmf_image *b,
                            nmf_error *err);

NMF_END_DECLS

#endif
