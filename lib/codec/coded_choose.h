/*
 * How an encoder finds steps that are worth their bits. Nothing of it is in the
 * format. The images of modes are orthonormal (but for rounding, and for
 * activations and samples that are cut off), so each step is chosen by itself:
 *
 *     minimise (y - s r)^2 + lambda s^2 bits(r),
 *
 * y being the product of the picture, less the mean one, with the mode's image,
 * s the step, r the number of steps.
 */
#ifndef NMFIMG_CODEC_CODED_CHOOSE_H
#define NMFIMG_CODEC_CODED_CHOOSE_H

#include "codec/coded_form.h"

/* Pictures, and their products with the modes. Owns all but book and X. */
typedef struct nmf_coded_choice {
    const nmf_codebook *book;
    const nmf_matrix *X; /* n_images x n_features, whole grey levels */
    int n_threads;
    float *mean;     /* n_features: the mean picture */
    float *images;   /* n_modes x n_features */
    float *products; /* n_images x n_modes, of pictures shifted */
    nmf_coded_pictures pictures;
} nmf_coded_choice;

/* Fails: NMF_ERR_MEMORY */
nmf_status nmf_coded_choice_init(nmf_coded_choice *out,
                                 const nmf_codebook *book, const nmf_matrix *X,
                                 unsigned n_threads, nmf_error *err);
void nmf_coded_choice_release(nmf_coded_choice *choice);

/* Choose the shift of each picture for such steps. Fails: NMF_ERR_MEMORY */
nmf_status nmf_coded_choose_shifts(nmf_coded_choice *choice, unsigned step,
                                   double lambda, nmf_error *err);

/*
 * Choose steps; the squared error of the pictures as they will be decoded.
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_coded_choose_steps(double *squared_error,
                                  nmf_coded_choice *choice, unsigned step,
                                  double lambda, nmf_error *err);

#endif
