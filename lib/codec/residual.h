/*
 * What W H leaves of the pictures of a set, coded as images; the part that both
 * the encoder and the decoder need. FORMAT.md, section 15.
 */
#ifndef NMFIMG_CODEC_RESIDUAL_H
#define NMFIMG_CODEC_RESIDUAL_H

#include "codec/blocks_code.h"

enum {
    NMF_RESIDUAL_HEAD_SIZE = 4, /* of RESI, before what is coded */
    NMF_RESIDUAL_STEP_MAX = 65535
};

/* A residual that is being decoded, picture by picture; it must not move. */
typedef struct nmf_residual_reader {
    nmf_blocks blocks;
    unsigned step; /* in units of 2^-NMF_FINE_STEP_BITS grey levels */
    nmf_bit_coder coder;
    nmf_blocks_coder *images;
    nmf_block_cosines cosines;
    int32_t *coefficients; /* of one picture */
    int32_t *pixels;       /* likewise, as painted */
} nmf_residual_reader;

/*
 * What the head of RESI says, of pictures of that size; false where it is short
 * or out of range. Nothing to release yet.
 */
bool nmf_residual_reader_init(nmf_residual_reader *out, const uint8_t *payload,
                              size_t size, size_t width, size_t height,
                              size_t channels);

/* Memory that reading will take. */
size_t nmf_residual_memory(const nmf_residual_reader *reader);

/* Begin to read; the payload must live on. Fails: NMF_ERR_MEMORY */
nmf_status nmf_residual_begin(nmf_residual_reader *reader,
                              const uint8_t *payload, size_t size,
                              nmf_error *err);

/* The next picture into reader->pixels; false where the bytes are wrong. */
bool nmf_residual_next(nmf_residual_reader *reader);

void nmf_residual_release(nmf_residual_reader *reader);

#endif
