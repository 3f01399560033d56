/* Contracts are in set.h, the arithmetic in FORMAT.md, section 11. */
#include "codec/set.h"

#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

nmf_status nmf_set_factors_init(nmf_set_factors *out, const nmf_blocks *blocks,
                                size_t n_images, size_t n_components,
                                nmf_error *err)
{
    *out = (nmf_set_factors){.blocks = *blocks};
    nmf_basis *basis = &out->basis;
    nmf_activations *to = &out->activations;
    basis->blocks = &out->blocks;
    basis->n_components = n_components;
    to->n_images = n_images;
    to->n_components = n_components;
    basis->coefficients =
        nmf_calloc_matrix(n_components, blocks->size, sizeof(int32_t));
    basis->exponents = nmf_calloc(n_components, 1);
    to->values = nmf_calloc_matrix(n_images, n_components, sizeof(int32_t));
    to->reference = nmf_calloc(n_images, sizeof(int32_t));
    to->parents = nmf_calloc_matrix(n_components, 2, sizeof(uint16_t));
    if (!basis->coefficients || !basis->exponents || !to->values ||
        !to->reference || !to->parents) {
        nmf_set_factors_release(out);
        return nmf_error_memory(err,
                                4 * n_components * (n_images + blocks->size),
                                "the factors of a set");
    }
    return NMF_OK;
}

void nmf_set_factors_release(nmf_set_factors *factors)
{
    nmf_free(factors->basis.coefficients);
    nmf_free(factors->basis.exponents);
    nmf_free(factors->activations.values);
    nmf_free(factors->activations.reference);
    nmf_free(factors->activations.parents);
    *factors = (nmf_set_factors){0};
}

int32_t *nmf_set_paint_basis(const nmf_basis *basis)
{
    const nmf_blocks *blocks = basis->blocks;
    size_t n_features = blocks->width * blocks->height * blocks->channels;
    int32_t *pixels =
        nmf_malloc(basis->n_components, n_features * sizeof *pixels);
    for (size_t j = 0; pixels && j < basis->n_components; j++) {
        nmf_blocks_paint(pixels + j * n_features, blocks,
                         basis->coefficients + j * blocks->size,
                         basis->exponents[j]);
    }
    return pixels;
}

void nmf_set_paint_image(uint8_t *pixels, int64_t *sums,
                         const int32_t *components, size_t n_features,
                         const int32_t *activations, size_t n_components,
                         const int32_t *residual)
{
    nmf_set_sum_up(sums, components, n_features, activations, n_components);
    for (size_t p = 0; p < n_features; p++) {
        pixels[p] = nmf_set_level(sums[p], residual ? residual[p] : 0);
    }
}

void nmf_set_sum_up(int64_t *sums, const int32_t *components, size_t n_features,
                    const int32_t *activations, size_t n_components)
{
    const int64_t half = (int64_t)1 << (NMF_PIXEL_BITS - 1);
    for (size_t p = 0; p < n_features; p++) {
        sums[p] = half;
    }
    for (size_t j = 0; j < n_components; j++) {
        const int32_t *component = components + j * n_features;
        const int64_t activation = activations[j];
        for (size_t p = 0; activation != 0 && p < n_features; p++) {
            sums[p] += activation * component[p];
        }
    }
}
