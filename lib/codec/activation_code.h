/*
 * Activations of a set as decisions for the range coder: which earlier image
 * each image refers to, and how its activations differ from that image's. One
 * function serves encoder and decoder. FORMAT.md, section 10.
 */
#ifndef NMFIMG_CODEC_ACTIVATION_CODE_H
#define NMFIMG_CODEC_ACTIVATION_CODE_H

#include "codec/range_coder.h"

#include <stdbool.h>

enum {
    NMF_ACTIVATION_MAX = 65535,  /* the largest activation */
    NMF_REFERENCE_WINDOW = 65535 /* how far back a reference reaches */
};

/* The activations of a set, whole numbers; all memory is the caller's. */
typedef struct nmf_activations {
    size_t n_images;
    size_t n_components;
    int32_t *values;    /* n_images x n_components, 0 .. NMF_ACTIVATION_MAX */
    bool is_signed;     /* from -NMF_ACTIVATION_MAX on; no file has that */
    int32_t *reference; /* n_images: an earlier image, or -1 */
    uint16_t *parents;  /* n_components x 2: components before it (0 for the
                           first) whose changes tell most about its own */
} nmf_activations;

/*
 * Encode activations, or decode them into their memory. A decoder whose bytes
 * are wrong has coder->failed set, and the numbers are within their ranges.
 *
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_activations_code(nmf_bit_coder *coder,
                                const nmf_activations *activations,
                                nmf_error *err);

/* The memory that it takes besides, in bytes; SIZE_MAX where that overflows. */
size_t nmf_activations_code_memory(size_t n_images, size_t n_components);

#endif
