/*
 * A model in whole numbers, and how far a picture goes along its modes turned
 * into samples. FORMAT.md, section 13.
 */
#ifndef NMFIMG_CODEC_CODEBOOK_H
#define NMFIMG_CODEC_CODEBOOK_H

#include "codec/variation.h"

#include <nmfimg/coded.h>

enum {
    NMF_STEP_LAST = 127,      /* the largest step index */
    NMF_STEP_REACH = 1 << 28, /* the farthest along a mode, in its units */
    NMF_SHIFT_MAX = 8,        /* pixels, in either direction */
    NMF_STEP_CLASSES = 48
};

struct nmf_codebook {
    const char *name;               /* of the model's file; borrowed */
    const nmf_variation *variation; /* borrowed */
    nmf_geometry geometry;
    size_t n_features;
    size_t n_components;
    uint64_t id;
    int16_t *components; /* n_components x n_features, 0 .. 2^14 */
};

/* A picture: its shift, and whole steps along the modes; borrowed memory. */
typedef struct nmf_coded_picture {
    int32_t shift_x; /* -NMF_SHIFT_MAX .. NMF_SHIFT_MAX */
    int32_t shift_y;
    int32_t *steps; /* n_modes */
} nmf_coded_picture;

/* A step of that index, in units of 2^-NMF_UNIT_BITS grey levels. */
uint32_t nmf_step_size(unsigned step);

/* Does no step go beyond NMF_STEP_REACH? */
bool nmf_steps_are_within(const int32_t *steps, size_t n_modes, unsigned step);

/* Memory for painting, reused from picture to picture. */
typedef struct nmf_painter {
    const nmf_codebook *book;
    int64_t *sums;    /* n_features */
    int32_t *weights; /* n_components: activations */
    uint8_t *pixels;  /* n_features: before the shift */
} nmf_painter;

/* Fails: NMF_ERR_MEMORY */
nmf_status nmf_painter_init(nmf_painter *out, const nmf_codebook *book,
                            nmf_error *err);
void nmf_painter_release(nmf_painter *painter);

/* The samples of a picture; steps are within reach. */
void nmf_paint(uint8_t *pixels, nmf_painter *painter,
               const nmf_coded_picture *picture, unsigned step);

/* to(x, y) = from(x + shift_x, y + shift_y), which ends at the edges. */
void nmf_shift_pixels(uint8_t *to, const uint8_t *from,
                      const nmf_geometry *geometry, int32_t shift_x,
                      int32_t shift_y);

#endif
