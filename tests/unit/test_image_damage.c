/*
 * Damage done to good files of every form (the seeds of the fuzz corpus): cut
 * at each byte, bits flipped, allocations failing.
 */
#include "support.h"

#include "core/alloc.h"
#include "pictures.h"

#include <stdlib.h>
#include <string.h>

static nmf_status decode(nmf_image *image, const void *bytes, size_t size,
                         const char *name, nmf_error *err)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    options.max_pixels = (size_t)1 << 20;
    options.max_bytes = (size_t)64 << 20;
    nmf_status status =
        nmf_image_decode(image, bytes, size, name, &options, NULL, err);
    SUPPORT_ASSERT((status == NMF_OK) == (image->pixels != NULL), "%s", name);
    return status;
}

/* Text that loses its last digits may still be a picture. */
static bool is_text(const nmf_bytes *bytes)
{
    return bytes->size > 2 && bytes->data[0] == 'P' && bytes->data[1] <= '3';
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    support_seed seed;
    (void)state;
    for (size_t i = 0; support_seed_read(&seed, i); i++) {
        for (size_t size = 0; size < seed.bytes.size; size++) {
            /* A block of its own: a read beyond the end is seen. */
            uint8_t *cut = malloc(size > 0 ? size : 1);
            nmf_image image = {0};
            nmf_error err = {0};
            assert_non_null(cut);
            memcpy(cut, seed.bytes.data, size);
            nmf_status status = decode(&image, cut, size, seed.name, &err);
            SUPPORT_ASSERT(status != NMF_OK || is_text(&seed.bytes),
                           "%s is a picture with %zu of %zu bytes", seed.name,
                           size, seed.bytes.size);
            nmf_image_release(&image);
            free(cut);
        }
        nmf_bytes_release(&seed.bytes);
    }
}

/* All bits of the first bytes, where headers are; then one of each byte. */
static void a_flipped_bit_gives_a_picture_or_a_status(void **state)
{
    support_seed seed;
    size_t n_decoded = 0;
    size_t n_refused = 0;
    (void)state;
    for (size_t i = 0; support_seed_read(&seed, i); i++) {
        for (size_t bit = 0; bit < 8 * seed.bytes.size; bit++) {
            const size_t byte = bit / 8;
            if (byte >= 64 && bit % 8 != byte % 8) {
                continue;
            }
            nmf_image image = {0};
            nmf_error err = {0};
            seed.bytes.data[byte] ^= (uint8_t)(1U << bit % 8);
            if (decode(&image, seed.bytes.data, seed.bytes.size, seed.name,
                       &err) == NMF_OK) {
                n_decoded++;
            } else {
                n_refused++;
                SUPPORT_ASSERT(err.message[0] == '\'' &&
                                   err.status != NMF_ERR_MEMORY,
                               "%s, bit %zu: %s", seed.name, bit, err.message);
            }
            nmf_image_release(&image);
            seed.bytes.data[byte] ^= (uint8_t)(1U << bit % 8);
        }
        nmf_bytes_release(&seed.bytes);
    }
    assert_true(n_decoded > 0 && n_refused > 0);
}

/* PNG's checksums leave no flip in its chunks unnoticed. */
static void a_flipped_bit_in_a_png_changes_no_pixel(void **state)
{
    nmf_bytes file = support_seed_named("rgba16.png");
    nmf_image good = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(decode(&good, file.data, file.size, "x", &err), err);
    for (size_t bit = 0; bit < 8 * file.size; bit++) {
        nmf_image image = {0};
        file.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (decode(&image, file.data, file.size, "x", &err) == NMF_OK) {
            SUPPORT_ASSERT(
                memcmp(image.pixels, good.pixels, 3 * sizeof(float)) == 0,
                "bit %zu", bit);
        }
        nmf_image_release(&image);
        file.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    nmf_image_release(&good);
    nmf_bytes_release(&file);
}

static bool same_picture(const nmf_image *a, const nmf_image *b)
{
    return a->width == b->width && a->height == b->height &&
           a->channels == b->channels &&
           memcmp(a->pixels, b->pixels,
                  a->width * a->height * a->channels * sizeof(float)) == 0;
}

/*
 * libpng goes on without some of its allocations; then the picture must be the
 * same, or the failure reported.
 */
static void a_failing_allocation_is_reported(void **state)
{
    enum { MORE_THAN_ANY_USES = 40 };
    support_seed seed;
    (void)state;
    for (size_t i = 0; support_seed_read(&seed, i); i++) {
        nmf_image good = {0};
        nmf_error err = {0};
        size_t n_failed = 0;
        if (decode(&good, seed.bytes.data, seed.bytes.size, seed.name, &err) ==
            NMF_OK) {
            for (size_t n = 1; n <= MORE_THAN_ANY_USES; n++) {
                nmf_image image = {0};
                nmf_alloc_fail_at(n);
                nmf_status status = decode(&image, seed.bytes.data,
                                           seed.bytes.size, seed.name, &err);
                nmf_alloc_fail_at(0);
                n_failed += status == NMF_ERR_MEMORY;
                SUPPORT_ASSERT(
                    status == NMF_ERR_MEMORY ||
                        (status == NMF_OK && same_picture(&image, &good)),
                    "%s, allocation %zu: %s", seed.name, n, err.message);
                nmf_image_release(&image);
            }
            assert_true(n_failed > 0 && n_failed < MORE_THAN_ANY_USES);
        }
        nmf_image_release(&good);
        nmf_bytes_release(&seed.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(a_flipped_bit_gives_a_picture_or_a_status),
        cmocka_unit_test(a_flipped_bit_in_a_png_changes_no_pixel),
        cmocka_unit_test(a_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
