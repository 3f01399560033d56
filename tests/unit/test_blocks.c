/* Transformed blocks, painted in whole numbers. */
#include "support.h"

#include "codec/blocks.h"
#include "codec/crc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What FORMAT.md says, so that other decoders can compare. */
static void the_cosines_are_those_of_the_text(void **state)
{
    uint32_t crc = 0;
    (void)state;
    for (size_t n = 1; n <= NMF_BLOCK_SIDE_MAX; n++) {
        int32_t cosine[NMF_BLOCK_SIZE_MAX];
        nmf_cosines_whole(cosine, n);
        for (size_t i = 0; i < n * n; i++) {
            const uint8_t bytes[2] = {(uint8_t)cosine[i],
                                      (uint8_t)((uint32_t)cosine[i] >> 8)};
            crc = nmf_crc32c(crc, bytes, 2);
        }
    }
    assert_int_equal(crc, 0x1a504f9a);
}

static void a_block_is_walked_by_diagonals(void **state)
{
    static const uint8_t x[] = {0, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 2};
    static const uint8_t y[] = {0, 0, 1, 2, 1, 0, 1, 2, 3, 4, 3, 2, 3, 4, 4};
    nmf_blocks blocks;
    (void)state;
    nmf_blocks_init(&blocks, 3, 5, 1, 3, 5);
    assert_int_equal(blocks.block_size, 15);
    assert_memory_equal(blocks.x, x, sizeof x);
    assert_memory_equal(blocks.y, y, sizeof y);
}

/* sum over the transform, in double, as paint() does in whole numbers */
static double expected(const nmf_blocks *b, const int32_t *coefficients,
                       double step, size_t px, size_t py, size_t channel)
{
    double across[NMF_BLOCK_SIZE_MAX];
    double down[NMF_BLOCK_SIZE_MAX];
    double through[9];
    size_t block = py / b->block_height * b->columns + px / b->block_width;
    double sum = 0;
    nmf_cosines(across, b->block_width);
    nmf_cosines(down, b->block_height);
    nmf_cosines(through, b->channels);
    for (size_t c = 0; c < b->channels; c++) {
        for (size_t z = 0; z < b->block_size; z++) {
            sum += coefficients[c * b->plane_size + block * b->block_size + z] *
                   across[b->x[z] * b->block_width + px % b->block_width] *
                   down[b->y[z] * b->block_height + py % b->block_height] *
                   through[c * b->channels + channel];
        }
    }
    return fmax(0, sum * step);
}

static void painting_is_the_inverse_transform(void **state)
{
    static const size_t shapes[][5] = {{8, 8, 1, 8, 8},     {13, 21, 1, 8, 8},
                                       {19, 19, 1, 19, 19}, {5, 3, 3, 5, 3},
                                       {33, 17, 3, 16, 16}, {1, 1, 1, 1, 1},
                                       {32, 32, 1, 32, 32}};
    (void)state;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const size_t *v = shapes[s];
        uint64_t seed = s + 1;
        nmf_blocks b;
        nmf_blocks_init(&b, v[0], v[1], v[2], v[3], v[4]);
        int32_t *coefficients = calloc(b.size, sizeof *coefficients);
        int32_t *pixels = calloc(v[0] * v[1] * v[2], sizeof *pixels);
        for (size_t i = 0; i < b.size; i++) {
            coefficients[i] = (int32_t)(support_uniform(&seed) * 61) - 20;
        }
        for (int e = -30; e <= 10; e += 7) {
            nmf_blocks_paint(pixels, &b, coefficients, e);
            for (size_t p = 0; p < v[0] * v[1] * v[2]; p++) {
                size_t at = p / v[2];
                double want = expected(&b, coefficients, nmf_step(e), at % v[0],
                                       at / v[0], p % v[2]);
                SUPPORT_NEAR(pixels[p] / 65536.0, want,
                             0.002 + 0.02 * nmf_step(e));
            }
        }
        free(coefficients);
        free(pixels);
    }
}

/* The largest numbers that a file may have must not overflow. */
static void extremes_stay_within_bounds(void **state)
{
    static int32_t coefficients[3 * NMF_BLOCK_SIZE_MAX];
    static int32_t pixels[3 * NMF_BLOCK_SIZE_MAX];
    nmf_blocks b;
    (void)state;
    nmf_blocks_init(&b, 32, 32, 3, 32, 32);
    for (int sign = -1; sign <= 1; sign += 2) {
        for (size_t i = 0; i < b.size; i++) {
            coefficients[i] = sign * NMF_COEFFICIENT_MAX;
        }
        for (int e = NMF_STEP_MIN; e <= NMF_STEP_MAX; e++) {
            nmf_blocks_paint(pixels, &b, coefficients, e);
            for (size_t i = 0; i < b.size; i++) {
                assert_in_range(pixels[i], 0, NMF_PIXEL_MAX);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cosines_are_those_of_the_text),
        cmocka_unit_test(a_block_is_walked_by_diagonals),
        cmocka_unit_test(painting_is_the_inverse_transform),
        cmocka_unit_test(extremes_stay_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
