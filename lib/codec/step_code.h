/*
 * Pictures coded with a model as decisions for the range coder: shifts, and
 * steps along modes. One function serves encoder and decoder. FORMAT.md,
 * section 13.
 */
#ifndef NMFIMG_CODEC_STEP_CODE_H
#define NMFIMG_CODEC_STEP_CODE_H

#include "codec/codebook.h"
#include "codec/range_coder.h"

enum {
    NMF_STEP_SIZES = 3 /* decisions of a size with counters of their own */
};

typedef struct nmf_step_coder {
    nmf_bit_coder *coder;
    size_t n_modes;
    uint8_t *classes; /* n_modes; owned */
    nmf_counter shift[NMF_SHIFT_MAX];
    nmf_counter size[NMF_STEP_SIZES][NMF_STEP_CLASSES];
    nmf_counter escape[NMF_CODER_GAMMA_COUNTERS];
} nmf_step_coder;

/* Fails: NMF_ERR_MEMORY */
nmf_status nmf_step_coder_init(nmf_step_coder *out, nmf_bit_coder *coder,
                               const nmf_codebook *book, unsigned step,
                               nmf_error *err);
void nmf_step_coder_release(nmf_step_coder *steps);

/*
 * Encode a picture, or decode one into its memory. A decoder whose bytes are
 * wrong has its coder->failed set.
 */
void nmf_step_coder_code(nmf_step_coder *steps, nmf_coded_picture *picture);

/* About how many bits steps of a class take: of size n in bits[n], n < 24. */
enum { NMF_STEP_UNARY = 24 };
void nmf_step_bits(double bits[NMF_STEP_UNARY], const nmf_step_coder *steps,
                   unsigned class_number);

#endif
