/* Contracts are in blocks_transform.h. */
#include "codec/blocks_transform.h"

void nmf_block_waves_init(nmf_block_waves *out, const nmf_blocks *blocks)
{
    nmf_cosines(out->across, blocks->block_width);
    nmf_cosines(out->down, blocks->block_height);
    nmf_cosines(out->through, blocks->channels);
}

/* A block of a plane, the image's edge repeated beyond it. */
static void cut_block(double *samples, const nmf_blocks *b,
                      const double *through, const float *image, size_t stride,
                      size_t block)
{
    const size_t left = block % b->columns * b->block_width;
    const size_t top = block / b->columns * b->block_height;
    for (size_t y = 0; y < b->block_height; y++) {
        size_t row = top + y < b->height ? top + y : b->height - 1;
        for (size_t x = 0; x < b->block_width; x++) {
            size_t column = left + x < b->width ? left + x : b->width - 1;
            size_t at = (row * b->width + column) * b->channels;
            double sum = 0;
            for (size_t i = 0; i < b->channels; i++) {
                sum += through[i] * (double)image[(at + i) * stride];
            }
            samples[y * b->block_width + x] = sum;
        }
    }
}

/* samples <- its transform, frequencies by y and x. */
static void transform_block(double *samples, const nmf_blocks *b,
                            const nmf_block_waves *waves)
{
    const size_t w = b->block_width;
    const size_t h = b->block_height;
    double rows[NMF_BLOCK_SIZE_MAX];
    for (size_t y = 0; y < h; y++) {
        for (size_t u = 0; u < w; u++) {
            double sum = 0;
            for (size_t x = 0; x < w; x++) {
                sum += samples[y * w + x] * waves->across[u * w + x];
            }
            rows[y * w + u] = sum;
        }
    }
    for (size_t v = 0; v < h; v++) {
        for (size_t u = 0; u < w; u++) {
            double sum = 0;
            for (size_t y = 0; y < h; y++) {
                sum += rows[y * w + u] * waves->down[v * h + y];
            }
            samples[v * w + u] = sum;
        }
    }
}

void nmf_blocks_transform(double *out, const nmf_blocks *blocks,
                          const nmf_block_waves *waves, const float *image,
                          size_t stride)
{
    double samples[NMF_BLOCK_SIZE_MAX];
    for (size_t i = 0; i < blocks->channels; i++) {
        const double *through = waves->through + i * blocks->channels;
        for (size_t n = 0; n < blocks->columns * blocks->rows; n++) {
            cut_block(samples, blocks, through, image, stride, n);
            transform_block(samples, blocks, waves);
            for (size_t z = 0; z < blocks->block_size; z++) {
                *out++ =
                    samples[blocks->y[z] * blocks->block_width + blocks->x[z]];
            }
        }
    }
}
