/*
 * The components of a set as decisions for the range coder: the transformed
 * blocks of blocks.h, one component after another. One function serves encoder
 * and decoder. FORMAT.md, section 9.
 */
#ifndef NMFIMG_CODEC_BASIS_CODE_H
#define NMFIMG_CODEC_BASIS_CODE_H

#include "codec/blocks.h"
#include "codec/range_coder.h"

/* Components in whole numbers; all memory is the caller's. */
typedef struct nmf_basis {
    const nmf_blocks *blocks;
    size_t n_components;
    int32_t *coefficients; /* n_components x blocks->size */
    int8_t *exponents;     /* n_components, of the step */
} nmf_basis;

/*
 * Encode components, or decode them into their memory. A decoder whose bytes
 * are wrong has coder->failed set, and the numbers are within their ranges.
 *
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_basis_code(nmf_bit_coder *coder, const nmf_basis *basis,
                          nmf_error *err);

/* The memory that it takes besides, in bytes. */
size_t nmf_basis_code_memory(const nmf_blocks *blocks);

#endif
