/* Contracts are in blocks.h, the arithmetic in FORMAT.md, section 9. */
#include "codec/blocks.h"

#include <math.h>
#include <string.h>

enum { COSINE_BITS = 14 };

/* Diagonal by diagonal, every other one upwards. */
static void walk(nmf_blocks *blocks)
{
    const size_t w = blocks->block_width;
    const size_t h = blocks->block_height;
    size_t z = 0;
    for (size_t sum = 0; sum < w + h - 1; sum++) {
        for (size_t t = 0; t <= sum; t++) {
            size_t y = sum % 2 ? t : sum - t;
            size_t x = sum - y;
            if (y < h && x < w) {
                blocks->x[z] = (uint8_t)x;
                blocks->y[z] = (uint8_t)y;
                z++;
            }
        }
    }
}

void nmf_blocks_init(nmf_blocks *out, size_t width, size_t height,
                     size_t channels, size_t block_width, size_t block_height)
{
    *out = (nmf_blocks){.width = width,
                        .height = height,
                        .channels = channels,
                        .block_width = block_width,
                        .block_height = block_height,
                        .block_size = block_width * block_height,
                        .columns = (width + block_width - 1) / block_width,
                        .rows = (height + block_height - 1) / block_height};
    out->plane_size = out->columns * out->rows * out->block_size;
    out->size = out->plane_size * channels;
    walk(out);
}

void nmf_cosines(double *cosine, size_t n)
{
    const double pi = 3.14159265358979323846;
    const double length = (double)n;
    for (size_t u = 0; u < n; u++) {
        double scale = sqrt((u ? 2.0 : 1.0) / length);
        for (size_t x = 0; x < n; x++) {
            double angle =
                pi * (double)(2 * x + 1) * (double)u / (2.0 * length);
            cosine[u * n + x] = scale * cos(angle);
        }
    }
}

/*
 * No entry is nearer to a half than 1e-3, so that any library's cos() is
 * rounded alike; test_blocks.c holds the tables to FORMAT.md's checksum.
 */
void nmf_cosines_whole(int32_t *cosine, size_t n)
{
    double exact[NMF_BLOCK_SIZE_MAX];
    nmf_cosines(exact, n);
    for (size_t i = 0; i < n * n; i++) {
        cosine[i] = (int32_t)floor(exact[i] * (1 << COSINE_BITS) + 0.5);
    }
}

double nmf_step(int exponent)
{
    return exp2(exponent / 4.0);
}

/* x / 2^n, rounded to the nearest. */
static int64_t round_shift(int64_t x, unsigned n)
{
    int64_t sum = x + ((int64_t)1 << (n - 1));
    return sum >= 0 ? sum >> n : ~(~sum >> n);
}

static int32_t clip(int64_t value, int32_t low)
{
    return value < low
               ? low
               : (int32_t)(value > NMF_PIXEL_MAX ? NMF_PIXEL_MAX : value);
}

/* One block: frequencies to samples, in steps of 2^-16 times the step. */
static void transform(int64_t *samples, const nmf_blocks *blocks,
                      const int32_t *coefficients, const nmf_block_cosines *t)
{
    const size_t w = blocks->block_width;
    const size_t h = blocks->block_height;
    int64_t rows[NMF_BLOCK_SIZE_MAX];
    bool is_used[NMF_BLOCK_SIDE_MAX] = {false};
    for (size_t z = 0; z < blocks->block_size; z++) {
        const int64_t value = coefficients[z];
        const size_t v = blocks->y[z];
        const int32_t *cosine = t->across + blocks->x[z] * w;
        int64_t *row = rows + v * w;
        if (value == 0) {
            continue;
        }
        if (!is_used[v]) {
            memset(row, 0, w * sizeof *row);
            is_used[v] = true;
        }
        for (size_t x = 0; x < w; x++) {
            row[x] += value * cosine[x];
        }
    }
    memset(samples, 0, h * w * sizeof *samples);
    for (size_t v = 0; v < h; v++) {
        for (size_t y = 0; is_used[v] && y < h; y++) {
            const int64_t cosine = t->down[v * h + y];
            for (size_t x = 0; x < w; x++) {
                samples[y * w + x] += rows[v * w + x] * cosine;
            }
        }
    }
    for (size_t i = 0; i < h * w; i++) {
        samples[i] = round_shift(samples[i], 2 * COSINE_BITS - NMF_PIXEL_BITS);
    }
}

/* What samples are multiplied by: factor / 2^shift. */
typedef struct scale {
    int64_t factor;
    unsigned shift;
} scale;

/* Samples to their place; what sticks out of the image is dropped. */
static void place_block(int32_t *pixels, const nmf_blocks *blocks,
                        const int64_t *samples, size_t block, scale by)
{
    const size_t left = block % blocks->columns * blocks->block_width;
    const size_t top = block / blocks->columns * blocks->block_height;
    for (size_t y = 0; y < blocks->block_height; y++) {
        for (size_t x = 0; x < blocks->block_width; x++) {
            if (top + y < blocks->height && left + x < blocks->width) {
                size_t at = (top + y) * blocks->width + left + x;
                int64_t sample = samples[y * blocks->block_width + x];
                pixels[at * blocks->channels] = clip(
                    round_shift(sample * by.factor, by.shift), -NMF_PIXEL_MAX);
            }
        }
    }
}

/* Through the channels, where there are three; then cut to the range. */
static void finish(int32_t *pixels, const nmf_blocks *blocks,
                   const int32_t *through)
{
    const size_t n_pixels = blocks->width * blocks->height;
    const int32_t low = blocks->is_signed ? -NMF_PIXEL_MAX : 0;
    for (size_t i = 0; i < n_pixels; i++) {
        int32_t *pixel = pixels + i * blocks->channels;
        int64_t mixed[3] = {pixel[0], 0, 0};
        if (blocks->channels == 3) {
            for (size_t c = 0; c < 3; c++) {
                int64_t sum = (int64_t)pixel[0] * through[c] +
                              (int64_t)pixel[1] * through[3 + c] +
                              (int64_t)pixel[2] * through[6 + c];
                mixed[c] = round_shift(sum, COSINE_BITS);
            }
        }
        for (size_t c = 0; c < blocks->channels; c++) {
            pixel[c] = clip(mixed[c], low);
        }
    }
}

void nmf_block_cosines_init(nmf_block_cosines *out, const nmf_blocks *blocks)
{
    nmf_cosines_whole(out->across, blocks->block_width);
    nmf_cosines_whole(out->down, blocks->block_height);
    nmf_cosines_whole(out->through, 3);
}

static void paint(int32_t *pixels, const nmf_blocks *blocks,
                  const int32_t *coefficients, const nmf_block_cosines *t,
                  scale by)
{
    int64_t samples[NMF_BLOCK_SIZE_MAX];
    for (size_t c = 0; c < blocks->channels; c++) {
        for (size_t b = 0; b < blocks->columns * blocks->rows; b++) {
            transform(samples, blocks, coefficients, t);
            place_block(pixels + c, blocks, samples, b, by);
            coefficients += blocks->block_size;
        }
    }
    finish(pixels, blocks, t->through);
}

void nmf_blocks_paint(int32_t *pixels, const nmf_blocks *blocks,
                      const int32_t *coefficients, int exponent)
{
    static const int32_t roots[4] = {65536, 77936, 92682, 110218};
    const unsigned e = (unsigned)(exponent - NMF_STEP_MIN);
    const scale by = {roots[e % 4], 16 - NMF_STEP_MIN / 4 - e / 4};
    nmf_block_cosines t;
    nmf_block_cosines_init(&t, blocks);
    paint(pixels, blocks, coefficients, &t, by);
}

void nmf_blocks_paint_fine(int32_t *pixels, const nmf_blocks *blocks,
                           const int32_t *coefficients, unsigned step,
                           const nmf_block_cosines *t)
{
    const scale by = {step, NMF_FINE_STEP_BITS};
    paint(pixels, blocks, coefficients, t, by);
}
