/*
 * Products in bfloat16: the upper half of a float, 8 bits of significand. Two
 * are multiplied and added for one float, in float.
 *
 * X of 8 bits, with entries i / 255 for integers i, loses nothing: it is packed
 * as the i, which have 8 bits. The factors are rounded, so that a product is
 * the exact one of slightly other factors.
 *
 * The instruction takes pairs. Those of X are two short-side indices of one
 * column, those of a factor in panel format lie there already:
 *
 *     X   [l / width panels][pairs][width][2]    pairs = ceil(s / 2)
 *     A   [s / width panels][k][width]           the layout of panel.h
 */
#ifndef NMFIMG_CORE_PANEL_BF16_H
#define NMFIMG_CORE_PANEL_BF16_H

#include "core/panel.h"

#include <stdint.h>

/* Entries of a panel of X. */
static inline size_t nmf_panel_bf16_size(size_t s, size_t width)
{
    return (s + 1) / 2 * 2 * width;
}

/* All pointers are aligned to 64 bytes. */
typedef struct nmf_panel_bf16 {
    size_t width; /* of the panel kernels that go with them */

    /*
     * A panel of X from floats, X[s][width]. False, and the panel undefined,
     * where an entry is none of the floats i / 255.0F, i = 0 .. 255.
     */
    bool (*pack)(uint16_t *panel, const float *X, size_t s);

    /* The floats that were packed. */
    void (*unpack)(float *X, const uint16_t *panel, size_t s);

    /*
     * Round a panel F[k][width] of a factor, in place and, unless it is NULL,
     * to `rounded`. Returns the sum of weight[j] change^2.
     */
    double (*round)(uint16_t *rounded, float *F, const float *weight, size_t k);

    /* As in panel.h; X counts 255 times. */
    void (*product)(float *C, const uint16_t *A, const uint16_t *X, size_t s,
                    size_t k, nmf_prefetch *fetch);
    void (*accumulate)(float *D, const uint16_t *B, const uint16_t *X, size_t s,
                       size_t n, size_t k, bool add, nmf_prefetch *fetch);

    /* G = or += B B' over n panels: the blocks on and below the diagonal. */
    void (*gram)(float *G, const uint16_t *B, size_t n, size_t k, bool add);

    /* C /= 255 over n floats. */
    void (*divide)(float *C, size_t n);
} nmf_panel_bf16;

/* Where they are in use; NULL elsewhere. See <nmfimg/cpu.h>. */
const nmf_panel_bf16 *nmf_panel_bf16_get(void);

#endif
