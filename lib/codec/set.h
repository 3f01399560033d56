/*
 * Figures of FORMAT.md, section 7, that both the encoder and the decoder of
 * sets need, and how whole numbers become pixels.
 */
#ifndef NMFIMG_CODEC_SET_H
#define NMFIMG_CODEC_SET_H

#include "codec/activation_code.h"
#include "codec/basis_code.h"

#include <nmfimg/codec.h>

/* Memory that a set may take where the caller names no figure: 4 GiB. */
#define NMF_SET_MAX_BYTES ((size_t)UINT32_MAX)

enum {
    NMF_SET_HEAD_SIZE = 14, /* of BASE, before its coded components */
    NMF_SET_SIDE_MAX = 65535,
    NMF_SET_NAME_MAX = 65535
};

/* The factors of a set in whole numbers. Owns its memory. */
typedef struct nmf_set_factors {
    nmf_blocks blocks;
    nmf_basis basis;
    nmf_activations activations;
} nmf_set_factors;

/*
 * Zeros for n_images of the blocks' geometry; the basis points to the blocks of
 * the same struct, which must not move. Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_set_factors_init(nmf_set_factors *out, const nmf_blocks *blocks,
                                size_t n_images, size_t n_components,
                                nmf_error *err);
void nmf_set_factors_release(nmf_set_factors *factors);

/*
 * All components as pixels (nmf_blocks_paint()), n_components x n_features;
 * freed by nmf_free(). NULL where memory is short.
 */
int32_t *nmf_set_paint_basis(const nmf_basis *basis);

/* The grey level of a sum of components and a residual. */
static inline uint8_t nmf_set_level(int64_t sum, int32_t residual)
{
    sum = (sum < NMF_PIXEL_MAX ? sum : NMF_PIXEL_MAX) + residual;
    sum = sum > 0 ? sum >> NMF_PIXEL_BITS : 0;
    return (uint8_t)(sum < 255 ? sum : 255);
}

/*
 * The sum of components (as painted) times the activations of an image, and a
 * half: n_features.
 */
void nmf_set_sum_up(int64_t *sums, const int32_t *components, size_t n_features,
                    const int32_t *activations, size_t n_components);

/*
 * The grey levels of an image, n_features: of that and the residual (as
 * painted; NULL: none). sums: memory for n_features.
 */
void nmf_set_paint_image(uint8_t *pixels, int64_t *sums,
                         const int32_t *components, size_t n_features,
                         const int32_t *activations, size_t n_components,
                         const int32_t *residual);

#endif
