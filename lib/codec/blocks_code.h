/*
 * Transformed images (blocks.h) as decisions for the range coder, one after
 * another. One function serves encoder and decoder. FORMAT.md, sections 9
 * and 15.
 */
#ifndef NMFIMG_CODEC_BLOCKS_CODE_H
#define NMFIMG_CODEC_BLOCKS_CODE_H

#include "codec/blocks.h"
#include "codec/range_coder.h"

/* What was learned from the images before. */
typedef struct nmf_blocks_coder nmf_blocks_coder;

/*
 * A coder of images that has seen none; freed by nmf_blocks_coder_free().
 *
 * coder     as the blocks lent, for as long as the coder lives
 * has_ends  each block tells first where its coefficients end: for images
 *           most of whose coefficients are 0
 *
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_blocks_coder_create(nmf_blocks_coder **out, nmf_bit_coder *coder,
                                   const nmf_blocks *blocks, bool has_ends,
                                   nmf_error *err);
void nmf_blocks_coder_free(nmf_blocks_coder *coder);

/*
 * Encode the coefficients of an image (blocks->size), or decode them. A decoder
 * whose bytes are wrong has its bit coder's failed set, and the numbers are
 * within their ranges.
 */
void nmf_blocks_coder_image(nmf_blocks_coder *coder, int32_t *coefficients);

/* The memory that it takes, in bytes. */
size_t nmf_blocks_coder_memory(const nmf_blocks *blocks);

#endif
