/*
 * Contracts are in basis_code.h, the syntax in FORMAT.md, section 9: exponents,
 * then the components as blocks_code.h codes images.
 */
#include "codec/basis_code.h"

#include "codec/blocks_code.h"

#include <string.h>

/* Exponents as differences from the one before. */
static void code_exponents(nmf_bit_coder *coder, const nmf_basis *basis)
{
    nmf_counter counters[NMF_CODER_GAMMA_COUNTERS];
    int32_t before = 0;
    nmf_counters_init(counters, NMF_CODER_GAMMA_COUNTERS);
    for (size_t j = 0; j < basis->n_components; j++) {
        int32_t value =
            before +
            nmf_code_signed(coder, basis->exponents[j] - before, counters);
        if (value < NMF_STEP_MIN || value > NMF_STEP_MAX) {
            coder->failed = true;
            value = 0;
        }
        basis->exponents[j] = (int8_t)value;
        before = value;
    }
}

nmf_status nmf_basis_code(nmf_bit_coder *coder, const nmf_basis *basis,
                          nmf_error *err)
{
    const size_t size = basis->blocks->size;
    nmf_blocks_coder *images = NULL;
    nmf_status status =
        nmf_blocks_coder_create(&images, coder, basis->blocks, false, err);
    if (status != NMF_OK) {
        return status;
    }
    if (coder->is_decoder) {
        memset(basis->coefficients, 0,
               basis->n_components * size * sizeof *basis->coefficients);
        memset(basis->exponents, 0, basis->n_components);
    }
    code_exponents(coder, basis);
    for (size_t j = 0; j < basis->n_components && !coder->failed; j++) {
        nmf_blocks_coder_image(images, basis->coefficients + j * size);
    }
    nmf_blocks_coder_free(images);
    return NMF_OK;
}

size_t nmf_basis_code_memory(const nmf_blocks *blocks)
{
    return nmf_blocks_coder_memory(blocks);
}
