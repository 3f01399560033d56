/* Sections in, sections out; every damage is found. */
#include "support.h"

#include "codec/container.h"
#include "codec/crc.h"
#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Sections "ABCD" (5 bytes), "wxyz" (none), "ABCD" again (3 bytes). */
static nmf_bytes sample(void)
{
    nmf_container_writer writer;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    nmf_container_begin(&writer, NMF_CONTAINER_MODEL, 0);
    nmf_section_begin(&writer, "ABCD");
    nmf_write_bytes(&writer.bytes, "first", 5);
    nmf_section_end(&writer);
    nmf_section_begin(&writer, "wxyz");
    nmf_section_end(&writer);
    nmf_section_begin(&writer, "ABCD");
    nmf_write_bytes(&writer.bytes, "end", 3);
    nmf_section_end(&writer);
    SUPPORT_OK(nmf_container_finish(&bytes, &writer, &err), err);
    return bytes;
}

/* Where the sections of sample() begin, and where its end does. */
enum {
    FIRST = 16,
    SECOND = FIRST + 21,
    THIRD = SECOND + 16,
    LAST = THIRD + 19
};

static nmf_status list(const uint8_t *bytes, size_t size, size_t *n_sections,
                       nmf_error *err)
{
    nmf_section_info *sections = NULL;
    unsigned version = 0;
    nmf_status status = nmf_container_list(&sections, n_sections, &version,
                                           bytes, size, "s.nmfi", err);
    SUPPORT_ASSERT((status == NMF_OK) == (version == 1), "version %u", version);
    SUPPORT_ASSERT(status == NMF_OK || sections == NULL, "left behind");
    free(sections);
    return status;
}

static void sections_come_back_in_order_with_offsets(void **state)
{
    nmf_bytes bytes = sample();
    nmf_section_info *sections = NULL;
    size_t n_sections = 0;
    unsigned version = 0;
    nmf_error err = {0};
    (void)state;
    assert_true(nmf_codec_sniff(bytes.data, bytes.size));
    assert_false(nmf_codec_sniff(bytes.data, 7));
    assert_int_equal(bytes.size, LAST + NMF_CONTAINER_END_SIZE);
    SUPPORT_OK(nmf_container_list(&sections, &n_sections, &version, bytes.data,
                                  bytes.size, "s.nmfi", &err),
               err);
    assert_int_equal(n_sections, 3);
    assert_string_equal(sections[0].name, "ABCD");
    assert_int_equal(sections[0].offset, FIRST + 12);
    assert_int_equal(sections[0].size, 5);
    assert_string_equal(sections[1].name, "wxyz");
    assert_int_equal(sections[1].size, 0);
    assert_memory_equal(bytes.data + sections[2].offset, "end", 3);
    free(sections);
    nmf_bytes_release(&bytes);
}

static void every_truncation_is_refused(void **state)
{
    nmf_bytes bytes = sample();
    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        nmf_error err = {0};
        size_t n_sections = 0;
        SUPPORT_ASSERT(list(bytes.data, size, &n_sections, &err) ==
                           NMF_ERR_FORMAT,
                       "%zu bytes: %s", size, err.message);
        SUPPORT_ASSERT(strstr(err.message, "'s.nmfi': ") == err.message,
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
        size_t n_sections = 0;
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        SUPPORT_ASSERT(list(bytes.data, bytes.size, &n_sections, &err) ==
                           NMF_ERR_FORMAT,
                       "bit %zu: %s", bit, err.message);
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
    nmf_bytes_release(&bytes);
}

/* Each section is whole by itself: only the chain knows of the others. */
static void a_section_taken_out_moved_or_doubled_is_found(void **state)
{
    nmf_bytes bytes = sample();
    uint8_t changed[256];
    size_t n_sections = 0;
    nmf_error err = {0};
    (void)state;

    memcpy(changed, bytes.data, SECOND);
    memcpy(changed + SECOND, bytes.data + THIRD, bytes.size - THIRD);
    assert_int_equal(
        list(changed, bytes.size - (THIRD - SECOND), &n_sections, &err),
        NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "taken out, added or moved"));

    memcpy(changed, bytes.data, FIRST);
    memcpy(changed + FIRST, bytes.data + SECOND, THIRD - SECOND);
    memcpy(changed + FIRST + (THIRD - SECOND), bytes.data + FIRST,
           SECOND - FIRST);
    memcpy(changed + THIRD, bytes.data + THIRD, bytes.size - THIRD);
    assert_int_equal(list(changed, bytes.size, &n_sections, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "taken out, added or moved"));

    memcpy(changed, bytes.data, THIRD);
    memcpy(changed + THIRD, bytes.data + SECOND, bytes.size - SECOND);
    assert_int_equal(
        list(changed, bytes.size + (THIRD - SECOND), &n_sections, &err),
        NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "taken out, added or moved"));
    nmf_bytes_release(&bytes);
}

static void bytes_after_the_end_are_refused(void **state)
{
    nmf_bytes bytes = sample();
    uint8_t longer[256];
    size_t n_sections = 0;
    nmf_error err = {0};
    (void)state;
    memcpy(longer, bytes.data, bytes.size);
    longer[bytes.size] = 0;
    assert_int_equal(list(longer, bytes.size + 1, &n_sections, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "1 bytes after its end"));
    nmf_bytes_release(&bytes);
}

/* Change version or kind and sign the header again. */
static nmf_status list_with_header(uint8_t version, uint8_t kind,
                                   nmf_error *err)
{
    nmf_bytes bytes = sample();
    size_t n_sections = 0;
    bytes.data[8] = version;
    bytes.data[10] = kind;
    uint32_t crc = nmf_crc32c(0, bytes.data, 12);
    for (unsigned i = 0; i < 4; i++) {
        bytes.data[12 + i] = (uint8_t)(crc >> (8 * i));
    }
    nmf_status status = list(bytes.data, bytes.size, &n_sections, err);
    nmf_bytes_release(&bytes);
    return status;
}

static void a_later_version_is_told_apart_from_damage(void **state)
{
    nmf_error err = {0};
    (void)state;
    assert_int_equal(list_with_header(2, 1, &err), NMF_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "version 2"));
    assert_int_equal(list_with_header(0, 1, &err), NMF_ERR_FORMAT);
    assert_int_equal(list_with_header(1, 0, &err), NMF_ERR_FORMAT);
}

static void too_many_sections_are_refused(void **state)
{
    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        nmf_container_writer writer;
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        size_t n_sections = 0;
        nmf_container_begin(&writer, NMF_CONTAINER_MODEL, 0);
        for (int i = 0; i < NMF_CONTAINER_MAX_SECTIONS - 1 + extra; i++) {
            nmf_section_begin(&writer, "wxyz");
            nmf_section_end(&writer);
        }
        SUPPORT_OK(nmf_container_finish(&bytes, &writer, &err), err);
        assert_int_equal(list(bytes.data, bytes.size, &n_sections, &err),
                         extra ? NMF_ERR_FORMAT : NMF_OK);
        nmf_bytes_release(&bytes);
    }
}

static void the_first_letter_says_whether_to_pass_over(void **state)
{
    (void)state;
    assert_true(nmf_section_is_ancillary("aBCD"));
    assert_true(nmf_section_is_ancillary("zzzz"));
    assert_false(nmf_section_is_ancillary("Abcd"));
    assert_false(nmf_section_is_ancillary("COMP"));
}

static void no_allocation_may_fail_unnoticed(void **state)
{
    nmf_bytes bytes = sample();
    nmf_error err = {0};
    size_t n_sections = 0;
    (void)state;
    nmf_alloc_fail_at(1);
    assert_int_equal(list(bytes.data, bytes.size, &n_sections, &err),
                     NMF_ERR_MEMORY);
    nmf_alloc_fail_at(0);
    nmf_bytes_release(&bytes);

    nmf_container_writer writer;
    nmf_alloc_fail_at(1);
    nmf_container_begin(&writer, NMF_CONTAINER_MODEL, 100);
    nmf_alloc_fail_at(0);
    nmf_section_begin(&writer, "ABCD");
    nmf_section_end(&writer);
    assert_int_equal(nmf_container_finish(&bytes, &writer, &err),
                     NMF_ERR_MEMORY);
    assert_null(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_come_back_in_order_with_offsets),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(a_section_taken_out_moved_or_doubled_is_found),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(a_later_version_is_told_apart_from_damage),
        cmocka_unit_test(too_many_sections_are_refused),
        cmocka_unit_test(the_first_letter_says_whether_to_pass_over),
        cmocka_unit_test(no_allocation_may_fail_unnoticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
