/* PSNR and SSIM beside their formulas, written out plainly. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static nmf_image image_of(size_t width, size_t height, size_t channels)
{
    nmf_error err = {0};
    nmf_image image = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, channels, &err), err);
    return image;
}

static nmf_image random_image(size_t width, size_t height, size_t channels,
                              uint64_t seed)
{
    nmf_image image = image_of(width, height, channels);
    for (size_t i = 0; i < width * height * channels; i++) {
        image.pixels[i] = support_uniform(&seed);
    }
    return image;
}

static double psnr_of(const nmf_image *a, const nmf_image *b)
{
    nmf_error err = {0};
    double psnr = 0.0;
    SUPPORT_OK(nmf_psnr(&psnr, a, b, &err), err);
    return psnr;
}

static double ssim_of(const nmf_image *a, const nmf_image *b)
{
    nmf_error err = {0};
    double ssim = 0.0;
    SUPPORT_OK(nmf_ssim(&ssim, a, b, &err), err);
    return ssim;
}

static double gauss(size_t i, size_t n)
{
    double x = (double)i - ((double)n - 1.0) / 2.0;
    return exp(-x * x / (2.0 * 1.5 * 1.5));
}

/* At one place of one channel: both moments about the means, in two passes. */
static double plain_ssim_at(const nmf_image *a, const nmf_image *b, size_t x0,
                            size_t y0, size_t c)
{
    size_t nx = a->width < 11 ? a->width : 11;
    size_t ny = a->height < 11 ? a->height : 11;
    double weight = 0.0;
    double mean_a = 0.0;
    double mean_b = 0.0;
    double var_a = 0.0;
    double var_b = 0.0;
    double cov = 0.0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t y = 0; y < ny; y++) {
            for (size_t x = 0; x < nx; x++) {
                size_t at = ((y0 + y) * a->width + x0 + x) * a->channels + c;
                double w = gauss(x, nx) * gauss(y, ny);
                double from_a = (double)a->pixels[at];
                double from_b = (double)b->pixels[at];
                if (pass == 0) {
                    weight += w;
                    mean_a += w * from_a;
                    mean_b += w * from_b;
                } else {
                    var_a += w * (from_a - mean_a) * (from_a - mean_a) / weight;
                    var_b += w * (from_b - mean_b) * (from_b - mean_b) / weight;
                    cov += w * (from_a - mean_a) * (from_b - mean_b) / weight;
                }
            }
        }
        if (pass == 0) {
            mean_a /= weight;
            mean_b /= weight;
        }
    }
    return (2.0 * mean_a * mean_b + 1e-4) * (2.0 * cov + 9e-4) /
           ((mean_a * mean_a + mean_b * mean_b + 1e-4) *
            (var_a + var_b + 9e-4));
}

static double plain_ssim(const nmf_image *a, const nmf_image *b)
{
    size_t nx = a->width < 11 ? a->width : 11;
    size_t ny = a->height < 11 ? a->height : 11;
    double total = 0.0;
    double n = 0.0;
    for (size_t y = 0; y + ny <= a->height; y++) {
        for (size_t x = 0; x + nx <= a->width; x++) {
            for (size_t c = 0; c < a->channels; c++) {
                total += plain_ssim_at(a, b, x, y, c);
                n += 1.0;
            }
        }
    }
    return total / n;
}

static void ssim_is_the_plain_formula(void **state)
{
    static const size_t shapes[][3] = {
        {11, 11, 1}, {12, 11, 1}, {30, 17, 1}, {16, 19, 3},
        {10, 40, 1}, {40, 10, 3}, {7, 5, 3},   {1, 30, 1},
        {30, 1, 1},  {2, 2, 1},   {1, 1, 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const size_t *s = shapes[i];
        nmf_image a = random_image(s[0], s[1], s[2], 2 * i);
        nmf_image b = random_image(s[0], s[1], s[2], 2 * i + 1);
        for (size_t j = 0; j < s[0] * s[1] * s[2]; j += 2) {
            b.pixels[j] = a.pixels[j];
        }
        double expected = plain_ssim(&a, &b);
        double found = ssim_of(&a, &b);
        SUPPORT_ASSERT(fabs(found - expected) < 1e-10,
                       "%zux%zux%zu: %.12g, expected %.12g", s[0], s[1], s[2],
                       found, expected);
        nmf_image_release(&a);
        nmf_image_release(&b);
    }
}

/* From convolutions of SciPy 1.10 with the same window ("valid"), double. */
static void numbers_are_those_of_another_program(void **state)
{
    static const struct {
        size_t height, width;
        double ssim, psnr;
    } known[] = {
        {24, 20, 0.8111034725654582, 13.504348597557737},
        {6, 30, 0.7555882268694509, 14.221526116852836},
        {3, 4, 0.9852937605722247, 25.178365923242808},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        nmf_image a = image_of(known[i].width, known[i].height, 1);
        nmf_image b = image_of(known[i].width, known[i].height, 1);
        for (size_t y = 0; y < a.height; y++) {
            for (size_t x = 0; x < a.width; x++) {
                size_t from = x * 7 + y * 13;
                a.pixels[y * a.width + x] = (float)(from % 32) / 31.0F;
                b.pixels[y * a.width + x] =
                    (float)((from + x * y % 5) % 32) / 31.0F;
            }
        }
        SUPPORT_NEAR(ssim_of(&a, &b), known[i].ssim, 1e-7);
        SUPPORT_NEAR(psnr_of(&a, &b), known[i].psnr, 1e-5);
        nmf_image_release(&a);
        nmf_image_release(&b);
    }
}

static void equal_pictures_are_exactly_alike(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        nmf_image a = random_image(25, 14, seed % 2 ? 3 : 1, seed);
        assert_true(ssim_of(&a, &a) == 1.0);
        assert_true(psnr_of(&a, &a) == (double)INFINITY);
        nmf_image_release(&a);
    }
}

static void the_order_of_the_two_does_not_matter(void **state)
{
    nmf_image a = random_image(20, 15, 3, 1);
    nmf_image b = random_image(20, 15, 3, 2);
    (void)state;
    assert_true(ssim_of(&a, &b) == ssim_of(&b, &a));
    assert_true(psnr_of(&a, &b) == psnr_of(&b, &a));
    nmf_image_release(&a);
    nmf_image_release(&b);
}

/* Flat pictures have no structure: the term of the means is left. */
static void a_shift_of_a_flat_picture_is_known(void **state)
{
    nmf_image a = image_of(20, 30, 1);
    nmf_image b = image_of(20, 30, 1);
    (void)state;
    for (size_t i = 0; i < 600; i++) {
        a.pixels[i] = 0.5F;
        b.pixels[i] = 0.75F;
    }
    double expected = (2.0 * 0.5 * 0.75 + 1e-4) / (0.25 + 0.5625 + 1e-4);
    SUPPORT_NEAR(ssim_of(&a, &b), expected, 1e-12);
    SUPPORT_NEAR(psnr_of(&a, &b), 10.0 * log10(16.0), 1e-12);
    nmf_image_release(&a);
    nmf_image_release(&b);
}

/* The same mean everywhere, the opposite structure. */
static void a_checkerboard_and_its_negative_are_opposites(void **state)
{
    nmf_image a = image_of(24, 24, 1);
    nmf_image b = image_of(24, 24, 1);
    (void)state;
    for (size_t i = 0; i < 24 * 24; i++) {
        a.pixels[i] = (i % 24 + i / 24) % 2 ? 1.0F : 0.0F;
        b.pixels[i] = 1.0F - a.pixels[i];
    }
    SUPPORT_ASSERT(ssim_of(&a, &b) < -0.9, "%g", ssim_of(&a, &b));
    SUPPORT_NEAR(psnr_of(&a, &b), 0.0, 1e-12);
    nmf_image_release(&a);
    nmf_image_release(&b);
}

static void a_colour_picture_is_the_mean_of_its_channels(void **state)
{
    nmf_image a = random_image(18, 13, 3, 8);
    nmf_image b = random_image(18, 13, 3, 9);
    double sum = 0.0;
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        nmf_image one_a = image_of(18, 13, 1);
        nmf_image one_b = image_of(18, 13, 1);
        for (size_t i = 0; i < 18 * 13; i++) {
            one_a.pixels[i] = a.pixels[3 * i + c];
            one_b.pixels[i] = b.pixels[3 * i + c];
        }
        sum += ssim_of(&one_a, &one_b);
        nmf_image_release(&one_a);
        nmf_image_release(&one_b);
    }
    SUPPORT_NEAR(ssim_of(&a, &b), sum / 3.0, 1e-12);
    nmf_image_release(&a);
    nmf_image_release(&b);
}

static void pictures_that_do_not_match_are_refused(void **state)
{
    static const size_t others[][3] = {{9, 8, 1}, {8, 9, 1}, {8, 8, 3}};
    nmf_image a = image_of(8, 8, 1);
    nmf_image empty = {0};
    double out = 7.0;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        nmf_error err = {0};
        nmf_image b = image_of(others[i][0], others[i][1], others[i][2]);
        assert_int_equal(nmf_psnr(&out, &a, &b, &err), NMF_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "8x8"));
        assert_int_equal(nmf_ssim(&out, &a, &b, NULL), NMF_ERR_ARGUMENT);
        nmf_image_release(&b);
    }
    assert_int_equal(nmf_psnr(&out, &empty, &empty, NULL), NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_ssim(&out, &empty, &empty, NULL), NMF_ERR_ARGUMENT);
    assert_true(out == 7.0);
    nmf_image_release(&a);
}

static void without_memory_nothing_is_claimed(void **state)
{
    nmf_image a = random_image(12, 12, 1, 3);
    nmf_error err = {0};
    double out = 7.0;
    (void)state;
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_ssim(&out, &a, &a, &err), NMF_ERR_MEMORY);
    nmf_alloc_fail_at(0);
    assert_true(out == 7.0);
    nmf_image_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ssim_is_the_plain_formula),
        cmocka_unit_test(numbers_are_those_of_another_program),
        cmocka_unit_test(equal_pictures_are_exactly_alike),
        cmocka_unit_test(the_order_of_the_two_does_not_matter),
        cmocka_unit_test(a_shift_of_a_flat_picture_is_known),
        cmocka_unit_test(a_checkerboard_and_its_negative_are_opposites),
        cmocka_unit_test(a_colour_picture_is_the_mean_of_its_channels),
        cmocka_unit_test(pictures_that_do_not_match_are_refused),
        cmocka_unit_test(without_memory_nothing_is_claimed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
