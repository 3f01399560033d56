/*
 * The probability of a decision from several counters at once: each is turned
 * into ln(p / (1 - p)), two sets of weights make a sum of them, and the mean
 * of the two sums is turned back. Counters and weights learn from what came,
 * so encoder and decoder keep in step. Whole numbers throughout; FORMAT.md,
 * section 8, has every step.
 *
 * Source: Mahoney, "Adaptive weighing of context models for lossless data
 * compression", Florida Tech. CS-2005-16; the shape is that of his lpaq.
 */
#ifndef NMFIMG_CODEC_MIXER_H
#define NMFIMG_CODEC_MIXER_H

#include "codec/range_coder.h"

enum {
    NMF_MIXER_INPUTS = 12, /* at most; a constant comes as one more */
    NMF_STRETCH_SIZE = 4096,
    NMF_COUNTER_LIMIT = 250
};

/* ln(p / (1 - p)) in steps of 1/256, and back; filled by nmf_mixer_init(). */
typedef struct nmf_mixer {
    nmf_bit_coder *coder;
    int16_t stretch[NMF_STRETCH_SIZE]; /* of a probability's 12 highest bits */
    uint16_t squash[NMF_STRETCH_SIZE]; /* of -2048 .. 2047 */
    int32_t pace;                      /* of the weights */
} nmf_mixer;

/* Weights in steps of 2^-16, the last of the constant. */
typedef struct nmf_weights {
    int32_t w[NMF_MIXER_INPUTS + 1];
} nmf_weights;

void nmf_mixer_init(nmf_mixer *mixer, nmf_bit_coder *coder, int32_t pace);

/* Every weight the same, in steps of 2^-16. */
void nmf_weights_init(nmf_weights *weights, size_t n, int32_t value);

/*
 * A decision, as nmf_code_bit(): its counters, n of them, and the weights that
 * two properties of the place choose.
 */
bool nmf_mixer_code(nmf_mixer *mixer, bool bit, nmf_counter *const *counters,
                    unsigned n, nmf_weights *a, nmf_weights *b);

#endif
