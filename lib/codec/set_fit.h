/*
 * How an encoder finds the whole numbers of a set: components and activations
 * that are worth their bits. Nothing of it is in the format; a better way may
 * replace it at any time.
 *
 *     nmf_set_fit fit;
 *     nmf_set_fit_begin(&fit, &data, k, q, err);   // a factorization
 *     nmf_set_fit_round(&fit, err);                // several times
 *     nmf_set_fit_take(&factors, &fit);            // what is to be coded
 *
 * q is the one knob: about how many grey levels (times the square root of the
 * pixels that a component covers) a step of an activation is.
 */
#ifndef NMFIMG_CODEC_SET_FIT_H
#define NMFIMG_CODEC_SET_FIT_H

#include "codec/set.h"

#include <nmfimg/matrix.h>

/* A picture that is added to all, as a component that each uses once. */
typedef struct nmf_set_mean {
    float *levels; /* n_features: grey levels as a decoder paints them */
    int32_t *coefficients; /* blocks.size */
    int8_t exponent;
} nmf_set_mean;

/* The pictures. */
typedef struct nmf_set_data {
    nmf_matrix X; /* n_images x n_features, whole grey levels 0 .. 255 (where
                     there is a mean, less that); its rows are lent */
    nmf_blocks blocks;
    double *squares; /* n_images: sums of the squares of a row */
    double weight;   /* images that each one stands for */
    uint64_t seed;
    unsigned n_threads;
    bool is_signed;           /* factors of any sign: principal components */
    const nmf_set_mean *mean; /* that X is without; NULL: none */
} nmf_set_data;

/*
 * Factors as they stand. Matrices are in row format (core/kernels.h): ld =
 * nmf_padded(k) floats a row. Owns all but data.
 */
typedef struct nmf_set_fit {
    const nmf_set_data *data;
    size_t k;
    double q;
    double lambda;   /* squared grey levels that a bit of activations is worth,
                        in units of q^2 */
    size_t n_rounds; /* done */
    float *W;        /* n x k: activations; whole numbers after a round */
    float *Ht;       /* n_features x k: components in grey levels an activation
                        of 1; as a decoder paints them after a round */
    float *products; /* n x k: X H' */
    double *gram;    /* k x k */
    int32_t *coefficients; /* k x blocks.size, and room for k as it began */
    int8_t *exponents;
    int32_t *reference; /* n */
    double distortion;  /* sum of the squared errors, before rounding */
    double bits; /* of the activations, as the model of choosing has it */
} nmf_set_fit;

/* Begin with a factorization of rank k <= min(n, p). Fails: as nmf_fit() */
nmf_status nmf_set_fit_begin(nmf_set_fit *out, const nmf_set_data *data,
                             size_t k, double q, nmf_error *err);

/*
 * Begin with given factors of X / 255, n_images x k and k x n_features, >= 0.
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_set_fit_begin_with(nmf_set_fit *out, const nmf_set_data *data,
                                  const nmf_matrix *W, const nmf_matrix *H,
                                  double q, nmf_error *err);

/*
 * One round: new components for these activations, chosen and decoded; then
 * activations and references for the decoded components. Components that came
 * to nothing are dropped, at least one is kept. Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_set_fit_round(nmf_set_fit *fit, nmf_error *err);

/* Activations and references once more, for the same components. */
nmf_status nmf_set_fit_choose(nmf_set_fit *fit, nmf_error *err);

/* A copy that owns its memory. Fails: NMF_ERR_MEMORY */
nmf_status nmf_set_fit_copy(nmf_set_fit *out, const nmf_set_fit *fit,
                            nmf_error *err);

void nmf_set_fit_release(nmf_set_fit *fit);

/* The numbers to be coded; released by nmf_set_factors_release(). */
nmf_status nmf_set_fit_take(nmf_set_factors *out, const nmf_set_fit *fit,
                            nmf_error *err);

/*
 * Two steps of a round, each in a file of its own.
 *
 * Coefficients of the components that Ht aims at, given the activations; Ht
 * becomes what a decoder paints.
 */
nmf_status nmf_basis_choose(nmf_set_fit *fit, nmf_error *err);

/*
 * References and whole activations given the components, products and gram;
 * n_passes over all images. W holds whole numbers before and after.
 */
nmf_status nmf_activations_choose(nmf_set_fit *fit, size_t n_passes,
                                  nmf_error *err);

#endif
