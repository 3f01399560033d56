/*
 * How the activations of the pictures that a model was learned from vary
 * together: their mean, and directions (modes) along which they vary
 * independently, in whole numbers. It is what pictures are coded by; section
 * mODE of FORMAT.md.
 *
 * A mode is a direction in the space of activations. Its image, the sum of the
 * components that it adds and takes away, has norm 1 in grey levels, and the
 * images of different modes are orthogonal: so pictures can be coded mode by
 * mode, each with the same step.
 */
#ifndef NMFIMG_CODEC_VARIATION_H
#define NMFIMG_CODEC_VARIATION_H

#include "codec/bytes.h"

#include <nmfimg/codec.h>

enum {
    NMF_VARIATION_HEAD_SIZE = 4,
    NMF_VARIATION_BITS_MAX = 40,
    NMF_VARIATION_MEAN_MAX = 0x7fffffff,
    NMF_VARIATION_DEVIATION_MAX = 1 << 28,
    NMF_VARIATION_DIRECTION_MAX = 1 << 22,
    NMF_UNIT_BITS = 4, /* deviations and steps: a grey level is 2^4 */
    NMF_COMPONENT_BITS =
        14,             /* the largest entry of a component is below 2^14 */
    NMF_LEVEL_BITS = 24 /* activation times component: a grey level is 2^24 */
};

/* Arrays are in one piece of memory with the struct: nmf_free(). */
struct nmf_variation {
    size_t n_components;
    size_t n_modes;
    unsigned bits;       /* binary places of directions */
    uint32_t *mean;      /* n_components */
    uint32_t *deviation; /* n_modes */
    int32_t *direction;  /* n_modes x n_components */
};

/* Zeros. Fails: NMF_ERR_MEMORY */
nmf_status nmf_variation_create(nmf_variation **out, size_t n_components,
                                size_t n_modes, nmf_error *err);

/* The bytes that it takes in memory; SIZE_MAX where that overflows. */
size_t nmf_variation_memory(size_t n_components, size_t n_modes);

/* The payload of mODE. */
size_t nmf_variation_size(const nmf_variation *variation);
void nmf_variation_write(nmf_byte_writer *out, const nmf_variation *variation);

/*
 * Exponent e of FORMAT.md, section 13: 2^(e - 1) <= largest entry < 2^e. False
 * for a component of zeros.
 */
bool nmf_component_exponent(int *e, const float *component, size_t n);

#endif
