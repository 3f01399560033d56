/* Sets whose quality takes a residual: every target, and every damage. */
#include "support.h"

#include "codec/container.h"
#include "core/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const nmf_geometry grey = {19, 21, 1, 0};
static const nmf_geometry colour = {9, 7, 3, 0};

/* n pictures that have little in common. */
static nmf_matrix make_pictures(size_t n, const nmf_geometry *g, uint64_t seed)
{
    const size_t cols = g->width * g->height * g->channels;
    nmf_matrix X = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&X, n, cols, &err), err);
    for (size_t i = 0; i < n; i++) {
        float phase = 6 * support_uniform(&seed);
        for (size_t p = 0; p < cols; p++) {
            float x = (float)(p / g->channels % g->width);
            float y = (float)(p / g->channels / g->width);
            float value = 0.5F + 0.25F * sinf(x / 2 + phase) +
                          0.2F * cosf(y / 3 - phase * x / 9) +
                          0.08F * (support_uniform(&seed) - 0.5F);
            nmf_matrix_row(&X, i)[p] = roundf(value * 255) / 255;
        }
    }
    return X;
}

static nmf_set_options at_psnr(double psnr)
{
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    options.target_psnr = psnr;
    options.n_threads = 1;
    return options;
}

static nmf_bytes encode(const nmf_matrix *X, const nmf_geometry *g,
                        const nmf_set_options *options, nmf_set_report *report)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_set_encode(&bytes, report, X, g, options, &err), err);
    return bytes;
}

/* What is decoded from the bytes has the PSNR that was reported. */
static void check_psnr(const nmf_bytes *bytes, const nmf_matrix *X,
                       double reported)
{
    nmf_set set = {0};
    nmf_error err = {0};
    double psnr = 0;
    SUPPORT_OK(nmf_set_decode(&set, bytes->data, bytes->size, "s", 0, &err),
               err);
    SUPPORT_OK(nmf_set_compare(&psnr, NULL, &set, X, &err), err);
    SUPPORT_ASSERT(psnr == reported || fabs(psnr - reported) < 1e-9,
                   "%g dB, not %g", psnr, reported);
    nmf_set_release(&set);
}

static void every_quality_can_be_had(void **state)
{
    (void)state;
    for (size_t c = 0; c < 2; c++) {
        const nmf_geometry *g = c ? &colour : &grey;
        nmf_matrix X = make_pictures(12, g, 1 + c);
        for (double psnr = 30; psnr <= 50; psnr += 10) {
            nmf_set_options options = at_psnr(psnr);
            nmf_set_report report;
            nmf_bytes bytes = encode(&X, g, &options, &report);
            SUPPORT_ASSERT(report.psnr >= psnr &&
                               (report.psnr < psnr + 0.5 ||
                                report.info.residual_bytes == 0),
                           "%g dB for %g", report.psnr, psnr);
            check_psnr(&bytes, &X, report.psnr);
            assert_true(psnr < 40 || report.info.residual_bytes > 0);
            assert_int_equal(report.info.total_bytes, bytes.size);
            nmf_bytes_release(&bytes);
        }
        nmf_matrix_release(&X);
    }
}

static void nothing_need_be_lost(void **state)
{
    nmf_matrix X = make_pictures(6, &grey, 3);
    nmf_set_options options = at_psnr(99);
    nmf_set_report report;
    (void)state;
    nmf_bytes bytes = encode(&X, &grey, &options, &report);
    assert_true(isinf(report.psnr));
    check_psnr(&bytes, &X, report.psnr);
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&X);
}

static void a_target_size_is_filled(void **state)
{
    nmf_matrix X = make_pictures(12, &grey, 4);
    (void)state;
    for (size_t target = 400; target <= 3200; target *= 2) {
        nmf_set_options options = at_psnr(0);
        options.target_bytes = target;
        nmf_bytes bytes = encode(&X, &grey, &options, NULL);
        SUPPORT_ASSERT(bytes.size <= target && 100 * bytes.size >= 98 * target,
                       "%zu of %zu", bytes.size, target);
        nmf_bytes_release(&bytes);
    }
    nmf_matrix_release(&X);
}

/* One to three pictures of few pixels, alike or not: never above the size, and
 * without loss where there is room for it. */
static void tiny_sets_keep_their_size(void **state)
{
    static const nmf_geometry shapes[] = {
        {1, 1, 1, 0}, {2, 2, 1, 0}, {2, 2, 3, 0}, {8, 5, 1, 0}};
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        const nmf_geometry *g = &shapes[i % 4];
        nmf_matrix X = make_pictures(1 + i / 4, g, 20 + i);
        for (size_t target = 140; target <= 1000; target += 430) {
            nmf_set_options options = at_psnr(0);
            nmf_set_report report;
            options.target_bytes = target;
            nmf_bytes bytes = encode(&X, g, &options, &report);
            SUPPORT_ASSERT(bytes.size <= target, "shape %zu: %zu of %zu", i,
                           bytes.size, target);
            SUPPORT_ASSERT(target < 1000 || isinf(report.psnr),
                           "shape %zu: %g dB", i, report.psnr);
            check_psnr(&bytes, &X, report.psnr);
            nmf_bytes_release(&bytes);
        }
        nmf_matrix_release(&X);
    }
}

static void it_can_be_forbidden(void **state)
{
    nmf_matrix X = make_pictures(8, &grey, 5);
    nmf_set_options options = at_psnr(25);
    nmf_set_report report;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    options.no_residual = true;
    bytes = encode(&X, &grey, &options, &report);
    assert_int_equal(report.info.residual_bytes, 0);
    nmf_bytes_release(&bytes);
    options.target_psnr = 99;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, &options, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nearest possible"));
    nmf_matrix_release(&X);
}

static void the_number_of_threads_changes_nothing(void **state)
{
    nmf_matrix X = make_pictures(12, &colour, 6);
    nmf_bytes first = {0};
    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        nmf_set_options options = at_psnr(38);
        options.n_threads = n;
        nmf_bytes bytes = encode(&X, &colour, &options, NULL);
        if (n > 1) {
            assert_int_equal(bytes.size, first.size);
            assert_memory_equal(bytes.data, first.data, first.size);
            nmf_bytes_release(&bytes);
        } else {
            first = bytes;
        }
    }
    nmf_bytes_release(&first);
    nmf_matrix_release(&X);
}

static nmf_status decode(const uint8_t *bytes, size_t size, nmf_error *err)
{
    nmf_set set;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, bytes, size);
    nmf_status status = nmf_set_decode(&set, copy, size, "s", 0, err);
    free(copy);
    assert_true(status == NMF_OK || !set.pixels);
    nmf_set_release(&set);
    return status;
}

static nmf_bytes sample(void)
{
    nmf_matrix X = make_pictures(3, &colour, 7);
    nmf_set_options options = at_psnr(34);
    nmf_set_report report;
    nmf_bytes bytes = encode(&X, &colour, &options, &report);
    assert_true(report.info.residual_bytes > 0);
    nmf_matrix_release(&X);
    return bytes;
}

static void every_truncation_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        nmf_error err = {0};
        SUPPORT_ASSERT(decode(bytes.data, size, &err) == NMF_ERR_FORMAT,
                       "%zu bytes: %s", size, err.message);
    }
    nmf_bytes_release(&bytes);
}

static void every_flipped_bit_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    (void)state;
    for (size_t i = 0; i < bytes.size * 8; i++) {
        nmf_error err = {0};
        bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
        SUPPORT_ASSERT(decode(bytes.data, bytes.size, &err) != NMF_OK,
                       "bit %zu", i);
        bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    nmf_bytes_release(&bytes);
}

static void no_allocation_may_fail_unnoticed(void **state)
{
    nmf_matrix X = make_pictures(2, &(nmf_geometry){5, 4, 1, 0}, 8);
    nmf_set_options options = at_psnr(45);
    (void)state;
    options.n_components = 1;
    for (size_t n = 1; n < 20000; n += n < 300 ? 1 : 97) {
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        nmf_status status = nmf_set_encode(
            &bytes, NULL, &X, &(nmf_geometry){5, 4, 1, 0}, &options, &err);
        nmf_alloc_fail_at(0);
        if (status == NMF_OK) {
            nmf_bytes_release(&bytes);
            break;
        }
        SUPPORT_ASSERT(status == NMF_ERR_MEMORY, "allocation %zu: %s", n,
                       err.message);
        assert_null(bytes.data);
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_quality_can_be_had),
        cmocka_unit_test(nothing_need_be_lost),
        cmocka_unit_test(a_target_size_is_filled),
        cmocka_unit_test(tiny_sets_keep_their_size),
        cmocka_unit_test(it_can_be_forbidden),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(no_allocation_may_fail_unnoticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
