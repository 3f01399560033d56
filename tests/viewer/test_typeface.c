/* Which files the toolkit's reader, which trusts what it reads, is given. */
#include "support.h"

#include "typeface.h"

#include <SDL.h>
#include <stdlib.h>
#include <string.h>

/* The least that is a face: seven tables of zeros and a character map. */
enum { N_TABLES = 7, TABLE_BYTES = 64, MAP = 6 };
enum { FACE_BYTES = 12 + N_TABLES * 16 + N_TABLES * TABLE_BYTES };

static void put32(unsigned char *to, unsigned value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

static void make_face(unsigned char *face)
{
    static const char *const tags[N_TABLES] = {"glyf", "loca", "head", "hhea",
                                               "maxp", "hmtx", "cmap"};
    memset(face, 0, FACE_BYTES);
    face[1] = 1; /* version */
    face[5] = N_TABLES;
    for (unsigned i = 0; i < N_TABLES; i++) {
        unsigned char *entry = face + 12 + (size_t)i * 16;
        memcpy(entry, tags[i], 4);
        put32(entry + 8, 12 + N_TABLES * 16 + i * TABLE_BYTES);
        put32(entry + 12, TABLE_BYTES);
    }
    unsigned char *map = face + 12 + N_TABLES * 16 + MAP * TABLE_BYTES;
    map[3] = 1; /* one sub-table: Windows, Unicode, 12 bytes on, form 4 */
    map[5] = 3;
    map[7] = 1;
    map[11] = 12;
    map[13] = 4;
}

static void a_whole_face_is_usable(void **state)
{
    (void)state;
    unsigned char face[FACE_BYTES];
    make_face(face);
    assert_true(typeface_is_usable(face, sizeof face));
    memcpy(face, "true", 4);
    assert_true(typeface_is_usable(face, sizeof face));
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    unsigned char face[FACE_BYTES];
    make_face(face);
    for (size_t size = 0; size < FACE_BYTES; size++) {
        unsigned char *part = malloc(size == 0 ? 1 : size);
        assert_non_null(part);
        memcpy(part, face, size);
        SUPPORT_ASSERT(!typeface_is_usable(part, size), "%zu bytes", size);
        free(part);
    }
    assert_false(typeface_is_usable(NULL, 0));
}

static void tables_beyond_the_end_are_refused(void **state)
{
    (void)state;
    unsigned char face[FACE_BYTES];
    for (size_t i = 0; i < N_TABLES; i++) {
        unsigned char *entry = face + 12 + i * 16;
        make_face(face);
        put32(entry + 8, 0xFFFFFFF0);
        SUPPORT_ASSERT(!typeface_is_usable(face, sizeof face), "offset %zu", i);
        make_face(face);
        put32(entry + 12, 0xFFFFFFFF);
        SUPPORT_ASSERT(!typeface_is_usable(face, sizeof face), "length %zu", i);
        make_face(face);
        entry[0] = '?';
        SUPPORT_ASSERT(!typeface_is_usable(face, sizeof face), "absent %zu", i);
    }
}

static void unknown_maps_and_versions_are_refused(void **state)
{
    (void)state;
    unsigned char face[FACE_BYTES];
    unsigned char *map = face + 12 + N_TABLES * 16 + MAP * TABLE_BYTES;
    make_face(face);
    map[13] = 2; /* a form that nobody reads */
    assert_false(typeface_is_usable(face, sizeof face));
    make_face(face);
    map[5] = 1; /* Macintosh alone */
    assert_false(typeface_is_usable(face, sizeof face));
    make_face(face);
    memcpy(face, "ttcf", 4);
    assert_false(typeface_is_usable(face, sizeof face));
    memcpy(face, "OTTO", 4); /* has no table "CFF " */
    assert_false(typeface_is_usable(face, sizeof face));
}

static void the_face_found_can_be_loaded(void **state)
{
    (void)state;
    char path[1024];
    char tiny[4];
    size_t size = 0;
    if (!typeface_find(path, sizeof path)) {
        skip();
    }
    void *bytes = typeface_load(path, &size);
    assert_non_null(bytes);
    assert_true(size > 1000);
    SDL_free(bytes);
    assert_false(typeface_find(tiny, sizeof tiny)); /* no room for its name */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_face_is_usable),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(tables_beyond_the_end_are_refused),
        cmocka_unit_test(unknown_maps_and_versions_are_refused),
        cmocka_unit_test(the_face_found_can_be_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
