/*
 * A component as an image in blocks, each transformed by a discrete cosine
 * transform across, down and through its channels; and the way back, which is
 * all whole numbers. FORMAT.md, section 9.
 */
#ifndef NMFIMG_CODEC_BLOCKS_H
#define NMFIMG_CODEC_BLOCKS_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NMF_BLOCK_SIDE_MAX = 32,
    NMF_BLOCK_SIZE_MAX = NMF_BLOCK_SIDE_MAX * NMF_BLOCK_SIDE_MAX,
    NMF_COEFFICIENT_MAX = 32767,
    NMF_STEP_MIN = -64, /* exponents of the step 2^(e / 4) */
    NMF_STEP_MAX = 63,
    NMF_PIXEL_BITS = 16, /* a grey level is 2^16 */
    NMF_PIXEL_MAX = 1 << 30,
    NMF_FINE_STEP_BITS = 6 /* fine steps are in units of 2^-6 */
};

/* How an image is cut, and in which order a block is walked through. */
typedef struct nmf_blocks {
    size_t width; /* of the image */
    size_t height;
    size_t channels;
    size_t block_width;
    size_t block_height;
    size_t block_size; /* coefficients of a block */
    size_t columns;    /* blocks in a row, the last one may stick out */
    size_t rows;
    size_t plane_size; /* coefficients of a channel */
    size_t size;       /* coefficients of an image: channel by channel, block */
                       /* by block, in the order of x and y */
    bool is_signed;    /* pixels may be below 0; no file has that */
    uint8_t x[NMF_BLOCK_SIZE_MAX]; /* frequency of coefficient z across */
    uint8_t y[NMF_BLOCK_SIZE_MAX]; /* and down: by diagonals, low ones first */
} nmf_blocks;

/* Sides within 1 .. NMF_BLOCK_SIDE_MAX; channels 1 or 3. */
void nmf_blocks_init(nmf_blocks *out, size_t width, size_t height,
                     size_t channels, size_t block_width, size_t block_height);

/*
 * cosine[u * n + x]: row u of the orthonormal transform of length n <=
 * NMF_BLOCK_SIDE_MAX.
 */
void nmf_cosines(double *cosine, size_t n);

/* The same in steps of 2^-14. */
void nmf_cosines_whole(int32_t *cosine, size_t n);

/*
 * Coefficients (blocks->size, each within NMF_COEFFICIENT_MAX) times the step
 * 2^(exponent / 4) as pixels, in steps of 2^-NMF_PIXEL_BITS grey levels, within
 * 0 .. NMF_PIXEL_MAX, channels interleaved; where blocks say so, of either
 * sign.
 */
void nmf_blocks_paint(int32_t *pixels, const nmf_blocks *blocks,
                      const int32_t *coefficients, int exponent);

/* The tables of a way back, made once for many images. */
typedef struct nmf_block_cosines {
    int32_t across[NMF_BLOCK_SIZE_MAX];
    int32_t down[NMF_BLOCK_SIZE_MAX];
    int32_t through[9];
} nmf_block_cosines;

void nmf_block_cosines_init(nmf_block_cosines *out, const nmf_blocks *blocks);

/* The same with the step in units of 2^-NMF_FINE_STEP_BITS, at most 65535. */
void nmf_blocks_paint_fine(int32_t *pixels, const nmf_blocks *blocks,
                           const int32_t *coefficients, unsigned step,
                           const nmf_block_cosines *cosines);

/* 2^(exponent / 4) */
double nmf_step(int exponent);

#endif
