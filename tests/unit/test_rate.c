/* Curves to compare with: signed factors through the coder, JPEG. */
#include "support.h"

#include "codec/activation_code.h"
#include "codec/blocks.h"
#include "core/alloc.h"

#include <nmfimg/rate.h>

#include <math.h>
#include <string.h>

enum { N = 60, SIDE = 12, P = SIDE * SIDE };

static const nmf_geometry geometry = {SIDE, SIDE, 1, 0};

/* Smooth pictures: sums of a few waves, brightness by chance. */
static nmf_matrix pictures(void)
{
    nmf_matrix X = {0};
    nmf_error err = {0};
    uint64_t state = 5;
    SUPPORT_OK(nmf_matrix_init(&X, N, P, &err), err);
    for (size_t i = 0; i < N; i++) {
        double a = (double)support_uniform(&state);
        double b = (double)support_uniform(&state);
        for (size_t p = 0; p < P; p++) {
            double x = (double)(p % SIDE) / SIDE, y = (double)(p / SIDE) / SIDE;
            double noise = 0.03 * (double)support_uniform(&state);
            nmf_matrix_row(&X, i)[p] =
                (float)(0.3 + 0.3 * a * sin(5 * x + b) +
                        0.3 * b * cos(4 * y) * x + noise);
        }
    }
    return X;
}

static void principal_components_reach_the_target_and_take_less(void **state)
{
    nmf_matrix X = pictures();
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_rate_point point = {0}, again = {0}, finer = {0};
    nmf_error err = {0};
    (void)state;
    options.target_psnr = 32;
    SUPPORT_OK(nmf_rate_principal(&point, &X, &geometry, &options, &err), err);
    SUPPORT_ASSERT(point.psnr >= 32 && point.psnr < 32.5, "%g dB", point.psnr);
    SUPPORT_ASSERT(point.bytes > 100 && point.bytes < N * P / 10, "%zu bytes",
                   point.bytes);
    options.n_threads = 3;
    SUPPORT_OK(nmf_rate_principal(&again, &X, &geometry, &options, &err), err);
    assert_int_equal(again.bytes, point.bytes);
    SUPPORT_NEAR(again.psnr, point.psnr, 0.0);
    options.target_psnr = 35;
    SUPPORT_OK(nmf_rate_principal(&finer, &X, &geometry, &options, &err), err);
    assert_true(finer.psnr >= 35 && finer.bytes > point.bytes);
    nmf_matrix_release(&X);
}

static void what_a_set_refuses_is_refused(void **state)
{
    nmf_matrix X = pictures();
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    const nmf_geometry wrong = {SIDE, SIDE - 1, 1, 0};
    nmf_rate_point point = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_rate_principal(&point, &X, &wrong, &options, &err),
                     NMF_ERR_ARGUMENT);
    options.target_psnr = 400;
    assert_int_equal(nmf_rate_principal(&point, &X, &geometry, &options, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_rate_jpeg(&point, &X, &geometry, 0, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_rate_jpeg(&point, &X, &geometry, 101, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(point.bytes, 0);
    nmf_matrix_release(&X);
}

static void jpeg_is_better_and_larger_at_higher_quality(void **state)
{
    nmf_matrix X = pictures();
    nmf_rate_point low = {0}, high = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_rate_jpeg(&low, &X, &geometry, 20, &err), err);
    SUPPORT_OK(nmf_rate_jpeg(&high, &X, &geometry, 80, &err), err);
    assert_true(low.bytes > 0 && low.bytes < high.bytes);
    assert_true(low.psnr < high.psnr);
    nmf_matrix_release(&X);
}

/* Activations of either sign, of every size, with and without references. */
static void signed_activations_come_back(void **state)
{
    enum { IMAGES = 40, K = 6 };
    int32_t values[IMAGES * K], found[IMAGES * K];
    int32_t reference[IMAGES], found_reference[IMAGES];
    uint16_t parents[2 * K] = {0}, found_parents[2 * K] = {0};
    nmf_activations from = {IMAGES, K, values, true, reference, parents};
    nmf_activations to = {IMAGES,       K, found, true, found_reference,
                          found_parents};
    nmf_error err = {0};
    nmf_bytes bytes = {0};
    uint64_t seed = 9;
    (void)state;
    for (size_t i = 0; i < IMAGES; i++) {
        reference[i] = i % 3 == 0 ? -1 : (int32_t)i - 1;
        for (size_t j = 0; j < K; j++) {
            double reach = i < 20 ? 3 : i < 30 ? 100 : NMF_ACTIVATION_MAX;
            double u = 2 * (double)support_uniform(&seed) - 1;
            values[i * K + j] = (int32_t)lround(u * reach);
        }
    }
    values[0] = NMF_ACTIVATION_MAX;
    values[IMAGES * K - 1] = -NMF_ACTIVATION_MAX;
    nmf_bit_coder coder = nmf_bit_coder_encode();
    SUPPORT_OK(nmf_activations_code(&coder, &from, &err), err);
    SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
    nmf_bit_coder_release(&coder);
    coder = nmf_bit_coder_decode(bytes.data, bytes.size);
    SUPPORT_OK(nmf_activations_code(&coder, &to, &err), err);
    assert_false(coder.failed);
    assert_memory_equal(values, found, sizeof values);
    assert_memory_equal(reference, found_reference, sizeof reference);
    nmf_bytes_release(&bytes);
}

static void signed_blocks_are_painted_below_zero_and_others_not(void **state)
{
    nmf_blocks blocks;
    int32_t coefficients[16] = {-40, 25, 3};
    int32_t pixels[16], cut[16];
    bool is_below = false;
    (void)state;
    nmf_blocks_init(&blocks, 4, 4, 1, 4, 4);
    nmf_blocks_paint(cut, &blocks, coefficients, 4);
    blocks.is_signed = true;
    nmf_blocks_paint(pixels, &blocks, coefficients, 4);
    for (size_t p = 0; p < 16; p++) {
        is_below = is_below || pixels[p] < 0;
        assert_int_equal(cut[p], pixels[p] > 0 ? pixels[p] : 0);
    }
    assert_true(is_below);
}

static void memory_running_out_leaves_nothing(void **state)
{
    nmf_matrix X = pictures();
    nmf_matrix few = nmf_matrix_view(X.data, 6, P, X.ld);
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    (void)state;
    options.target_psnr = 26;
    options.n_components = 2;
    for (size_t n = 1;; n += n < 40 ? 1 : 211) {
        nmf_rate_point point = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        nmf_status status =
            nmf_rate_principal(&point, &few, &geometry, &options, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_true((status == NMF_OK) == (point.bytes > 0));
        if (status == NMF_OK) {
            break;
        }
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(principal_components_reach_the_target_and_take_less),
        cmocka_unit_test(what_a_set_refuses_is_refused),
        cmocka_unit_test(jpeg_is_better_and_larger_at_higher_quality),
        cmocka_unit_test(signed_activations_come_back),
        cmocka_unit_test(signed_blocks_are_painted_below_zero_and_others_not),
        cmocka_unit_test(memory_running_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
