/* Resizing: what stays, what is averaged, what is cut or filled. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static nmf_image noise(size_t width, size_t height, size_t channels,
                       uint64_t seed)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, channels, &err), err);
    for (size_t i = 0; i < width * height * channels; i++) {
        image.pixels[i] = support_uniform(&seed);
    }
    return image;
}

static nmf_image resized(const nmf_image *image, size_t width, size_t height,
                         nmf_aspect aspect)
{
    nmf_image out = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_resize(&out, image, width, height, aspect, &err), err);
    assert_int_equal(out.width, width);
    assert_int_equal(out.height, height);
    assert_int_equal(out.channels, image->channels);
    return out;
}

static double mean(const nmf_image *image)
{
    const size_t n = image->width * image->height * image->channels;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)image->pixels[i];
    }
    return sum / (double)n;
}

static float at(const nmf_image *image, size_t x, size_t y, size_t c)
{
    return image->pixels[(y * image->width + x) * image->channels + c];
}

static void the_same_size_is_the_same_picture(void **state)
{
    (void)state;
    for (nmf_aspect aspect = NMF_ASPECT_STRETCH; aspect <= NMF_ASPECT_PAD;
         aspect++) {
        nmf_image image = noise(7, 5, 3, 1);
        nmf_image same = resized(&image, 7, 5, aspect);
        assert_memory_equal(same.pixels, image.pixels, 105 * sizeof(float));
        nmf_image_release(&image);
        nmf_image_release(&same);
    }
}

/* Sides that grow and shrink, alone and mixed, by odd ratios. */
static void a_constant_stays_constant(void **state)
{
    static const size_t sides[] = {1, 2, 3, 7, 16, 31, 100};
    enum { N = sizeof sides / sizeof sides[0] };
    nmf_image image = noise(13, 16, 3, 2);
    (void)state;
    for (size_t i = 0; i < 13 * 16 * 3; i++) {
        image.pixels[i] = 0.1F;
    }
    for (size_t i = 0; i < N * N; i++) {
        nmf_image out =
            resized(&image, sides[i / N], sides[i % N],
                    i % 2 == 0 ? NMF_ASPECT_STRETCH : NMF_ASPECT_CROP);
        for (size_t j = 0; j < out.width * out.height * 3; j++) {
            SUPPORT_ASSERT(out.pixels[j] == 0.1F, "%zux%zu: %.9g", out.width,
                           out.height, (double)out.pixels[j]);
        }
        nmf_image_release(&out);
    }
    nmf_image_release(&image);
}

static void shrinking_keeps_the_mean(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        nmf_image image = noise(24, 36, 1, seed);
        nmf_image out =
            resized(&image, 1 + seed, 1 + seed % 7, NMF_ASPECT_STRETCH);
        SUPPORT_ASSERT(fabs(mean(&image) - mean(&out)) < 1e-7,
                       "seed %u: %.9g became %.9g", (unsigned)seed,
                       mean(&image), mean(&out));
        nmf_image_release(&image);
        nmf_image_release(&out);
    }
}

static void halving_averages_four_pixels(void **state)
{
    nmf_image image = noise(8, 6, 3, 3);
    nmf_image out = resized(&image, 4, 3, NMF_ASPECT_STRETCH);
    (void)state;
    for (size_t i = 0; i < 4 * 3 * 3; i++) {
        size_t x = i / 3 % 4;
        size_t y = i / 12;
        size_t c = i % 3;
        float four =
            (at(&image, 2 * x, 2 * y, c) + at(&image, 2 * x + 1, 2 * y, c) +
             at(&image, 2 * x, 2 * y + 1, c) +
             at(&image, 2 * x + 1, 2 * y + 1, c)) /
            4.0F;
        assert_true(fabsf(at(&out, x, y, c) - four) < 1e-6F);
    }
    nmf_image_release(&image);
    nmf_image_release(&out);
}

/* 0 1 -> sample positions -0.25 0.25 0.75 1.25, the edges repeated. */
static void growing_is_bilinear_between_pixel_centres(void **state)
{
    static const float expected[4] = {0.0F, 0.25F, 0.75F, 1.0F};
    nmf_image image = noise(2, 1, 1, 0);
    (void)state;
    image.pixels[0] = 0.0F;
    image.pixels[1] = 1.0F;
    nmf_image out = resized(&image, 4, 3, NMF_ASPECT_STRETCH);
    for (size_t i = 0; i < 12; i++) {
        assert_true(fabsf(out.pixels[i] - expected[i % 4]) < 1e-6F);
    }
    nmf_image_release(&image);
    nmf_image_release(&out);
}

static void rows_and_columns_are_treated_alike(void **state)
{
    nmf_image image = noise(9, 5, 1, 4);
    nmf_image turned = noise(5, 9, 1, 0);
    (void)state;
    for (size_t i = 0; i < 45; i++) {
        turned.pixels[i % 9 * 5 + i / 9] = image.pixels[i];
    }
    nmf_image a = resized(&image, 4, 11, NMF_ASPECT_STRETCH);
    nmf_image b = resized(&turned, 11, 4, NMF_ASPECT_STRETCH);
    for (size_t i = 0; i < 44; i++) {
        assert_true(fabsf(a.pixels[i] - b.pixels[i % 4 * 11 + i / 4]) < 1e-6F);
    }
    nmf_image_release(&image);
    nmf_image_release(&turned);
    nmf_image_release(&a);
    nmf_image_release(&b);
}

static void cropping_keeps_the_middle(void **state)
{
    nmf_image image = noise(11, 4, 1, 5);
    nmf_image square = resized(&image, 4, 4, NMF_ASPECT_CROP);
    (void)state;
    /* (11 - 4) / 2 = 3.5: pixels are copied from column 3 on, not blurred. */
    for (size_t y = 0; y < 4; y++) {
        assert_memory_equal(square.pixels + 4 * y, image.pixels + 11 * y + 3,
                            4 * sizeof(float));
    }
    nmf_image_release(&square);
    /* A frame of another shape and half the size: the mean of the middle. */
    square = resized(&image, 2, 2, NMF_ASPECT_CROP);
    float expected = 0.0F;
    for (size_t i = 0; i < 4; i++) {
        const float *row = image.pixels + 11 * (i / 2) + 3;
        expected += i % 2 == 0 ? (row[0] / 2 + row[1]) : row[2] / 2;
    }
    assert_true(fabsf(square.pixels[0] - expected / 4) < 1e-6F);
    nmf_image_release(&square);
    nmf_image_release(&image);
}

static void padding_shows_all_in_a_black_frame(void **state)
{
    nmf_image image = noise(6, 3, 3, 6);
    nmf_image out = resized(&image, 6, 8, NMF_ASPECT_PAD);
    (void)state;
    for (size_t i = 0; i < 6 * 8 * 3; i++) {
        size_t y = i / 18;
        float expected = y >= 2 && y < 5 ? image.pixels[i - 36] : 0.0F;
        assert_true(out.pixels[i] == expected);
    }
    nmf_image_release(&out);
    /* So narrow that it would vanish: a pixel remains. */
    out = resized(&image, 1, 100, NMF_ASPECT_PAD);
    assert_true(at(&out, 0, 49, 0) > 0.0F);
    assert_true(at(&out, 0, 48, 0) == 0.0F && at(&out, 0, 50, 0) == 0.0F);
    nmf_image_release(&out);
    nmf_image_release(&image);
}

static void results_stay_within_the_range_of_the_samples(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        nmf_image image = noise(1 + seed % 9, 1 + seed % 11, 1, seed);
        nmf_image out = resized(&image, 1 + seed * 7 % 23, 1 + seed * 5 % 19,
                                (nmf_aspect)(seed % 3));
        for (size_t i = 0; i < out.width * out.height; i++) {
            SUPPORT_ASSERT(out.pixels[i] >= 0.0F && out.pixels[i] <= 1.0F,
                           "seed %u: %g", (unsigned)seed,
                           (double)out.pixels[i]);
        }
        nmf_image_release(&image);
        nmf_image_release(&out);
    }
}

static void bad_sizes_and_short_memory_leave_nothing(void **state)
{
    nmf_image image = noise(6, 4, 3, 7);
    nmf_image out = {0};
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    assert_int_equal(nmf_image_resize(&out, &image, 0, 4, 0, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_image_resize(&out, &image, SIZE_MAX, 4, 0, &err),
                     NMF_ERR_LIMIT);
    do {
        nmf_alloc_fail_at(++n);
        nmf_status status =
            nmf_image_resize(&out, &image, 3, 9, NMF_ASPECT_PAD, &err);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_true((status == NMF_OK) == (out.pixels != NULL));
    } while (!out.pixels);
    nmf_alloc_fail_at(0);
    assert_true(n > 5);
    nmf_image_release(&out);
    nmf_image_release(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_size_is_the_same_picture),
        cmocka_unit_test(a_constant_stays_constant),
        cmocka_unit_test(shrinking_keeps_the_mean),
        cmocka_unit_test(halving_averages_four_pixels),
        cmocka_unit_test(growing_is_bilinear_between_pixel_centres),
        cmocka_unit_test(rows_and_columns_are_treated_alike),
        cmocka_unit_test(cropping_keeps_the_middle),
        cmocka_unit_test(padding_shows_all_in_a_black_frame),
        cmocka_unit_test(results_stay_within_the_range_of_the_samples),
        cmocka_unit_test(bad_sizes_and_short_memory_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
