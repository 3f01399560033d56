/*
 * Compressed sets of sets_valid/ decode to the same pixels and names for ever.
 * decode_set.py, which knows FORMAT.md alone, comes to the same.
 */
#include "support.h"

#include "codec/crc.h"

#include <stdio.h>

typedef struct set_case {
    const char *name;
    size_t n_images;
    nmf_geometry geometry;
    const char *last;  /* name; NULL: none are kept */
    uint32_t checksum; /* CRC32C of the pixels */
} set_case;

static const set_case cases[] = {
    {"blocks", 4, {20, 27, 1, 0}, "face4.pgm", 0xcdfdb24c},
    {"colour", 4, {6, 5, 3, 0}, NULL, 0x4a85f3c4},
    {"grey", 4, {6, 5, 1, 0}, "face4.pgm", 0x1f9ee523},
    {"residual", 5, {19, 21, 1, 0}, "t4.png", 0x8d3c0c96},
    {"residual-colour", 4, {37, 22, 3, 0}, "t3.png", 0x8123e1da},
    {"swimmer", 256, {32, 32, 1, 0}, "@swimmer[255]", 0x3153b04d},
};

static void files_decode_to_what_they_held(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const set_case *c = &cases[i];
        const nmf_geometry *g = &c->geometry;
        char path[512];
        nmf_bytes bytes = {0};
        nmf_set set = {0};
        nmf_error err = {0};
        snprintf(path, sizeof path, "%s/golden/sets_valid/%s.nmfi",
                 NMFIMG_TESTS, c->name);
        SUPPORT_OK(nmf_file_read(&bytes, path, 1 << 20, &err), err);
        SUPPORT_OK(
            nmf_set_decode(&set, bytes.data, bytes.size, c->name, 0, &err),
            err);
        assert_int_equal(set.info.n_images, c->n_images);
        assert_int_equal(set.info.geometry.width, g->width);
        assert_int_equal(set.info.geometry.height, g->height);
        assert_int_equal(set.info.geometry.channels, g->channels);
        size_t size = g->width * g->height * g->channels * c->n_images;
        uint32_t checksum = nmf_crc32c(0, set.pixels, size);
        SUPPORT_ASSERT(checksum == c->checksum, "%s: %08x", c->name,
                       (unsigned)checksum);
        assert_int_equal(set.names != NULL, c->last != NULL);
        if (c->last) {
            assert_string_equal(set.names[c->n_images - 1], c->last);
        }
        nmf_set_release(&set);
        nmf_bytes_release(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_decode_to_what_they_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
