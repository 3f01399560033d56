/*
 * Pictures coded with the models of coded_valid/ decode to the same pixels and
 * names for ever, and nothing else than these files does: not a part of one,
 * nor one with a bit flipped. decode_coded.py, which knows FORMAT.md alone,
 * comes to the same.
 */
#include "support.h"

#include "codec/crc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct coded_case {
    const char *model;
    const char *name;
    size_t n_images;
    nmf_geometry geometry;
    const char *last;  /* name; NULL: none are kept */
    uint32_t checksum; /* CRC32C of the pixels */
} coded_case;

static const coded_case cases[] = {
    {"grey", "grey-one", 1, {16, 16, 1, 0}, NULL, 0x6e307a45},
    {"grey", "grey-many", 6, {16, 16, 1, 0}, "faces-102.png", 0x30c70c57},
    {"colour", "colour-one", 1, {11, 14, 3, 0}, NULL, 0xfe9bc7d2},
    {"colour", "colour-many", 9, {11, 14, 3, 0}, NULL, 0x430a51a4},
};
enum { N_CASES = sizeof cases / sizeof *cases };

/* A case with its model and its bytes. */
typedef struct opened {
    nmf_model_file file;
    nmf_codebook *book;
    nmf_bytes bytes;
} opened;

static const char *path_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/golden/coded_valid/%s.nmfi", NMFIMG_TESTS,
             name);
    return path;
}

static void open_case(opened *out, const coded_case *c)
{
    nmf_error err = {0};
    *out = (opened){0};
    SUPPORT_OK(nmf_model_load(&out->file, path_of(c->model), 0, &err), err);
    SUPPORT_OK(nmf_codebook_create(&out->book, &out->file, c->model, &err),
               err);
    SUPPORT_OK(nmf_file_read(&out->bytes, path_of(c->name), 1 << 20, &err),
               err);
}

static void close_case(opened *o)
{
    nmf_bytes_release(&o->bytes);
    nmf_codebook_free(o->book);
    nmf_model_file_release(&o->file);
}

static void files_decode_to_what_they_held(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        const coded_case *c = &cases[i];
        const nmf_geometry *g = &c->geometry;
        opened o;
        nmf_set set = {0};
        nmf_error err = {0};
        open_case(&o, c);
        SUPPORT_OK(nmf_coded_decode(&set, o.book, o.bytes.data, o.bytes.size,
                                    c->name, 0, &err),
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
        close_case(&o);
    }
}

/* Refused, with a sentence, and nothing handed out. */
static void refuse(const nmf_codebook *book, const uint8_t *bytes, size_t size,
                   const char *name, size_t at)
{
    nmf_set set = {0};
    nmf_error err = {0};
    nmf_status status =
        nmf_coded_decode(&set, book, bytes, size, name, 1 << 22, &err);
    SUPPORT_ASSERT(status != NMF_OK, "%s: taken, damaged at %zu", name, at);
    assert_int_equal(err.status, status);
    assert_true(strlen(err.message) > 10);
    assert_null(set.pixels);
    assert_null(set.names);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        opened o;
        open_case(&o, &cases[i]);
        for (size_t size = 0; size < o.bytes.size; size++) {
            /* A copy of that size, so that a sanitizer sees the end. */
            uint8_t *part = malloc(size > 0 ? size : 1);
            assert_non_null(part);
            if (size > 0) {
                memcpy(part, o.bytes.data, size);
            }
            refuse(o.book, part, size, cases[i].name, size);
            free(part);
        }
        close_case(&o);
    }
}

static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        opened o;
        open_case(&o, &cases[i]);
        for (size_t bit = 0; bit < 8 * o.bytes.size; bit++) {
            uint8_t *byte = (uint8_t *)o.bytes.data + bit / 8;
            *byte ^= (uint8_t)(1U << bit % 8);
            refuse(o.book, o.bytes.data, o.bytes.size, cases[i].name, bit / 8);
            *byte ^= (uint8_t)(1U << bit % 8);
        }
        close_case(&o);
    }
}

static void bytes_after_the_end_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        opened o;
        open_case(&o, &cases[i]);
        for (unsigned last = 0; last < 256; last += 85) {
            uint8_t *more = malloc(o.bytes.size + 1);
            assert_non_null(more);
            memcpy(more, o.bytes.data, o.bytes.size);
            more[o.bytes.size] = (uint8_t)last;
            refuse(o.book, more, o.bytes.size + 1, cases[i].name, o.bytes.size);
            free(more);
        }
        close_case(&o);
    }
}

/* Every file with the other model: refused by its id, whatever else it says. */
static void another_model_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_CASES; i++) {
        const coded_case *other = &cases[(i + 2) % N_CASES];
        opened o;
        opened wrong;
        nmf_set set = {0};
        nmf_error err = {0};
        open_case(&o, &cases[i]);
        open_case(&wrong, other);
        assert_int_equal(nmf_coded_decode(&set, wrong.book, o.bytes.data,
                                          o.bytes.size, "coded", 0, &err),
                         NMF_ERR_DATA);
        assert_non_null(strstr(err.message, "'coded'"));
        assert_non_null(strstr(err.message, other->model));
        close_case(&wrong);
        close_case(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_decode_to_what_they_held),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(another_model_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
