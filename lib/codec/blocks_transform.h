/* The encoder's way from an image to coefficients (blocks.h). */
#ifndef NMFIMG_CODEC_BLOCKS_TRANSFORM_H
#define NMFIMG_CODEC_BLOCKS_TRANSFORM_H

#include "codec/blocks.h"

/* The tables of nmf_cosines() across, down and through the channels. */
typedef struct nmf_block_waves {
    double across[NMF_BLOCK_SIZE_MAX];
    double down[NMF_BLOCK_SIZE_MAX];
    double through[9];
} nmf_block_waves;

void nmf_block_waves_init(nmf_block_waves *out, const nmf_blocks *blocks);

/*
 * Coefficients (blocks->size) of an image: its sample i, channels interleaved,
 * is image[i * stride]. Beyond its sides the last samples are repeated.
 */
void nmf_blocks_transform(double *out, const nmf_blocks *blocks,
                          const nmf_block_waves *waves, const float *image,
                          size_t stride);

#endif
