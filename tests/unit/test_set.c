/* Compressed sets: what goes in comes out, whatever happens to the file. */
#include "support.h"

#include "codec/container.h"
#include "core/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* n pictures that are sums of few smooth ones; whole grey levels. */
static nmf_matrix make_pictures(size_t n, const nmf_geometry *g, uint64_t seed)
{
    const size_t cols = g->width * g->height * g->channels;
    nmf_matrix X = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&X, n, cols, &err), err);
    for (size_t i = 0; i < n; i++) {
        float a = support_uniform(&seed);
        float b = support_uniform(&seed);
        for (size_t p = 0; p < cols; p++) {
            size_t at = p / g->channels;
            float x = (float)(at % g->width) / (float)g->width;
            float y = (float)(at / g->width) / (float)g->height;
            float c = (float)(p % g->channels) * 0.2F;
            float value = 0.1F + 0.4F * a * x + 0.4F * b * y * y + c * x * y +
                          0.05F * support_uniform(&seed);
            nmf_matrix_row(&X, i)[p] = roundf(value * 255) / 255;
        }
    }
    return X;
}

/* On one thread where it does not matter: so little work is not worth two. */
static nmf_bytes encode(const nmf_matrix *X, const nmf_geometry *g,
                        const nmf_set_options *options, nmf_set_report *report)
{
    nmf_set_options own = NMF_SET_OPTIONS_INIT;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    if (options) {
        own = *options;
    }
    own.n_threads = own.n_threads ? own.n_threads : 1;
    SUPPORT_OK(nmf_set_encode(&bytes, report, X, g, &own, &err), err);
    return bytes;
}

static const nmf_geometry grey = {12, 9, 1, 0};

static void what_is_reported_is_what_is_decoded(void **state)
{
    static const nmf_geometry shapes[] = {{12, 9, 1, 0},
                                          {7, 10, 3, 0},
                                          {40, 27, 1, 0},
                                          {1, 1, 1, 0},
                                          {70, 66, 3, 0}};
    (void)state;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        nmf_set_options options = NMF_SET_OPTIONS_INIT;
        nmf_set_report report = {0};
        nmf_set set = {0};
        nmf_error err = {0};
        double psnr = 0;
        double ssim = 0;
        nmf_matrix X = make_pictures(20, &shapes[s], s);
        options.target_psnr = 25;
        nmf_bytes bytes = encode(&X, &shapes[s], &options, &report);
        SUPPORT_OK(nmf_set_decode(&set, bytes.data, bytes.size, "set", 0, &err),
                   err);
        SUPPORT_OK(nmf_set_compare(&psnr, &ssim, &set, &X, &err), err);
        if (isfinite(psnr)) {
            SUPPORT_NEAR(report.psnr, psnr, 1e-6);
        }
        assert_int_equal(isfinite(report.psnr), isfinite(psnr));
        SUPPORT_ASSERT(psnr >= 25, "shape %zu: %g dB", s, psnr);
        assert_int_equal(report.info.total_bytes, bytes.size);
        assert_int_equal(set.info.n_images, 20);
        assert_int_equal(set.info.geometry.channels, shapes[s].channels);
        assert_int_equal(report.info.total_bytes,
                         report.info.header_bytes + report.info.basis_bytes +
                             report.info.activation_bytes +
                             report.info.name_bytes +
                             report.info.residual_bytes);
        assert_null(set.names);
        nmf_set_release(&set);
        nmf_bytes_release(&bytes);
        nmf_matrix_release(&X);
    }
}

static void names_come_back_in_order(void **state)
{
    static const char *const names[] = {
        "a/face1.pgm", "a/face2.pgm", "a/face10.pgm", "",  "../../etc/passwd",
        "face9",       "face10",      "\xc3\xa9\n",   "x", "x"};
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_set set = {0};
    nmf_error err = {0};
    nmf_matrix X = make_pictures(10, &grey, 3);
    (void)state;
    options.target_psnr = 22;
    options.names = names;
    nmf_bytes bytes = encode(&X, &grey, &options, NULL);
    SUPPORT_OK(nmf_set_decode(&set, bytes.data, bytes.size, "set", 0, &err),
               err);
    for (size_t i = 0; i < 10; i++) {
        assert_string_equal(set.names[i], names[i]);
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&X);
}

static void a_target_size_is_kept(void **state)
{
    nmf_matrix X = make_pictures(60, &grey, 5);
    (void)state;
    for (size_t target = 250; target <= 1000; target *= 4) {
        nmf_set_options options = NMF_SET_OPTIONS_INIT;
        options.target_bytes = target;
        nmf_bytes bytes = encode(&X, &grey, &options, NULL);
        SUPPORT_ASSERT(bytes.size <= target, "%zu of %zu", bytes.size, target);
        nmf_bytes_release(&bytes);
    }
    nmf_matrix_release(&X);
}

static void targets_out_of_reach_say_what_can_be_had(void **state)
{
    nmf_matrix X = make_pictures(30, &grey, 6);
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    options.n_threads = 1;
    options.target_bytes = 20;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, &options, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nearest possible"));
    assert_null(bytes.data);
    options.target_bytes = 0;
    options.target_psnr = 99;
    options.no_residual = true;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, &options, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nearest possible"));
    assert_null(bytes.data);
    nmf_matrix_release(&X);
}

static void the_number_of_threads_changes_nothing(void **state)
{
    nmf_matrix X = make_pictures(80, &grey, 8);
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    (void)state;
    options.target_psnr = 26;
    options.n_threads = 1;
    nmf_bytes one = encode(&X, &grey, &options, NULL);
    options.n_threads = 3;
    nmf_bytes three = encode(&X, &grey, &options, NULL);
    assert_int_equal(one.size, three.size);
    assert_memory_equal(one.data, three.data, one.size);
    nmf_bytes_release(&one);
    nmf_bytes_release(&three);
    nmf_matrix_release(&X);
}

static void dark_and_single_pictures_are_sets_too(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 3; n += 2) {
        for (int light = 0; light < 2; light++) {
            nmf_set set = {0};
            nmf_error err = {0};
            nmf_matrix X = make_pictures(n, &grey, n);
            for (size_t p = 0; p < X.cols * n && !light; p++) {
                X.data[p] = 0;
            }
            nmf_bytes bytes = encode(&X, &grey, NULL, NULL);
            SUPPORT_OK(
                nmf_set_decode(&set, bytes.data, bytes.size, "set", 0, &err),
                err);
            for (size_t p = 0; p < X.cols * n && !light; p++) {
                assert_int_equal(set.pixels[p], 0);
            }
            nmf_set_release(&set);
            nmf_bytes_release(&bytes);
            nmf_matrix_release(&X);
        }
    }
}

static void bad_arguments_are_refused(void **state)
{
    static const nmf_geometry wrong[] = {{0, 0, 0, 0},
                                         {12, 9, 1, 4},
                                         {12, 9, 3, 0},
                                         {9, 9, 1, 0},
                                         {54, 1, 2, 0}};
    nmf_matrix X = make_pictures(4, &grey, 1);
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(
            nmf_set_encode(&bytes, NULL, &X, &wrong[i], NULL, &err),
            NMF_ERR_ARGUMENT);
    }
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    options.quality = 20;
    options.target_psnr = 20;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, &options, &err),
                     NMF_ERR_ARGUMENT);
    options.target_psnr = 0;
    options.quality = 101;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, &options, &err),
                     NMF_ERR_ARGUMENT);
    nmf_matrix_row(&X, 2)[7] = NAN;
    assert_int_equal(nmf_set_encode(&bytes, NULL, &X, &grey, NULL, &err),
                     NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "row 2, column 7"));
    nmf_matrix_release(&X);
}

/* A small file with names; its bytes are changed by those who take it. */
static nmf_bytes sample(void)
{
    static const char *const names[] = {"f1", "f2", "f3", "f4",
                                        "f5", "f6", "f7", "f8"};
    static const nmf_geometry small = {6, 5, 1, 0};
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_matrix X = make_pictures(8, &small, 2);
    options.target_psnr = 24;
    options.names = names;
    nmf_bytes bytes = encode(&X, &small, &options, NULL);
    nmf_matrix_release(&X);
    return bytes;
}

/* Decode a copy that ends where its memory ends; the result must be whole. */
static nmf_status decode(const uint8_t *bytes, size_t size, size_t max_bytes,
                         nmf_error *err)
{
    static const nmf_set empty;
    nmf_set set;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    memcpy(copy, bytes, size);
    nmf_status status =
        nmf_set_decode(&set, copy, size, "s.nmfi", max_bytes, err);
    free(copy);
    if (status != NMF_OK) {
        assert_memory_equal(&set, &empty, sizeof empty);
        SUPPORT_ASSERT(strstr(err->message, "'s.nmfi': ") == err->message ||
                           status == NMF_ERR_MEMORY,
                       "%s", err->message);
    }
    nmf_set_release(&set);
    return status;
}

static void every_truncation_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        nmf_error err = {0};
        SUPPORT_ASSERT(decode(bytes.data, size, 0, &err) == NMF_ERR_FORMAT,
                       "%zu bytes: %s", size, err.message);
    }
    nmf_bytes_release(&bytes);
}

static void every_flipped_bit_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    (void)state;
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        nmf_error err = {0};
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        SUPPORT_ASSERT(decode(bytes.data, bytes.size, 0, &err) ==
                           NMF_ERR_FORMAT,
                       "bit %zu: %s", bit, err.message);
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
    nmf_bytes_release(&bytes);
}

/* A container of kind 2 with these payloads and a right end. */
static nmf_bytes assemble(const uint8_t *base, size_t base_size,
                          const uint8_t *code, size_t code_size)
{
    nmf_container_writer writer;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    nmf_container_begin(&writer, NMF_CONTAINER_SET, 0);
    nmf_section_begin(&writer, "BASE");
    nmf_write_bytes(&writer.bytes, base, base_size);
    nmf_section_end(&writer);
    nmf_section_begin(&writer, "CODE");
    nmf_write_bytes(&writer.bytes, code, code_size);
    nmf_section_end(&writer);
    nmf_container_set_pixels(&writer, 0);
    SUPPORT_OK(nmf_container_finish(&bytes, &writer, &err), err);
    return bytes;
}

/* Behind right checksums: any bit of the coded numbers may be wrong. */
static void damage_behind_checksums_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    nmf_container_reader reader;
    nmf_section base = {0};
    nmf_section code = {0};
    nmf_error err = {0};
    uint8_t copy[4096];
    (void)state;
    SUPPORT_OK(nmf_container_open(&reader, bytes.data, bytes.size, "s", &err),
               err);
    SUPPORT_OK(nmf_container_next(&base, &reader, &err), err);
    SUPPORT_OK(nmf_container_next(&code, &reader, &err), err);
    assert_true(base.size + code.size < sizeof copy);
    memcpy(copy, base.payload, base.size);
    memcpy(copy + base.size, code.payload, code.size);
    for (size_t bit = 0; bit < 8 * (base.size + code.size); bit++) {
        copy[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        nmf_bytes changed =
            assemble(copy, base.size, copy + base.size, code.size);
        nmf_error reason = {0};
        nmf_status status =
            decode(changed.data, changed.size, 1 << 24, &reason);
        SUPPORT_ASSERT(status == NMF_ERR_FORMAT || status == NMF_ERR_LIMIT ||
                           status == NMF_ERR_UNSUPPORTED,
                       "bit %zu: %s", bit, nmf_status_name(status));
        nmf_bytes_release(&changed);
        copy[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
    nmf_bytes_release(&bytes);
}

/* Sizes that would take far more than is granted, in a file of 100 bytes. */
static void a_small_file_gets_no_more_than_is_granted(void **state)
{
    static const uint8_t huge[] = {255, 255, 255, 127, 255, 255, 255,
                                   255, 0,   16,  3,   8,   8,   0};
    nmf_bytes bytes = assemble(huge, sizeof huge, NULL, 0);
    nmf_error err = {0};
    (void)state;
    assert_int_equal(decode(bytes.data, bytes.size, 0, &err), NMF_ERR_LIMIT);
    nmf_bytes_release(&bytes);

    nmf_bytes small = sample();
    size_t allowed = 0;
    while (decode(small.data, small.size, allowed + 1, &err) == NMF_ERR_LIMIT) {
        allowed += 1 + allowed / 8;
    }
    assert_in_range(allowed, 1000, 1 << 20);
    SUPPORT_OK(decode(small.data, small.size, allowed + 1, &err), err);
    nmf_bytes_release(&small);
}

static void another_kind_is_told_apart(void **state)
{
    nmf_bytes bytes = sample();
    nmf_model_file model = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_codec_sniff_kind(bytes.data, bytes.size),
                     NMF_CODEC_SET);
    assert_int_equal(nmf_codec_sniff_kind(bytes.data, 15), NMF_CODEC_UNKNOWN);
    assert_int_equal(
        nmf_model_decode(&model, bytes.data, bytes.size, "s", 0, &err),
        NMF_ERR_UNSUPPORTED);
    nmf_bytes_release(&bytes);
}

static void no_allocation_may_fail_unnoticed(void **state)
{
    static const nmf_geometry small = {6, 5, 1, 0};
    nmf_bytes bytes = sample();
    nmf_error err = {0};
    nmf_status status = NMF_ERR_MEMORY;
    size_t n = 0;
    (void)state;
    while (status != NMF_OK) {
        nmf_alloc_fail_at(++n);
        status = decode(bytes.data, bytes.size, 0, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_ERR_MEMORY || status == NMF_OK);
    }
    assert_true(n > 8);
    nmf_bytes_release(&bytes);

    nmf_matrix X = make_pictures(4, &small, 2);
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    options.target_psnr = 20;
    options.n_components = 2;
    options.n_threads = 1;
    status = NMF_ERR_MEMORY;
    for (n = 1; status != NMF_OK; n += 1 + n / 12) {
        nmf_alloc_fail_at(n);
        status = nmf_set_encode(&bytes, NULL, &X, &small, &options, &err);
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_ERR_MEMORY || status == NMF_OK,
                       "allocation %zu: %s", n, err.message);
        assert_true((status == NMF_OK) == (bytes.data != NULL));
    }
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reported_is_what_is_decoded),
        cmocka_unit_test(names_come_back_in_order),
        cmocka_unit_test(a_target_size_is_kept),
        cmocka_unit_test(targets_out_of_reach_say_what_can_be_had),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(dark_and_single_pictures_are_sets_too),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(damage_behind_checksums_is_refused),
        cmocka_unit_test(a_small_file_gets_no_more_than_is_granted),
        cmocka_unit_test(another_kind_is_told_apart),
        cmocka_unit_test(no_allocation_may_fail_unnoticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
