/* Checksums against known answers and against the definition, bit by bit. */
#include "support.h"

#include "codec/crc.h"

#include <string.h>

static void check_values_are_the_published_ones(void **state)
{
    (void)state;
    assert_int_equal(nmf_crc32c(0, "123456789", 9), 0xe3069283U);
    assert_true(nmf_crc64(0, "123456789", 9) == 0x995dc9bbdf1939faU);
    assert_int_equal(nmf_crc32c(0, "", 0), 0);
    assert_true(nmf_crc64(0, "", 0) == 0);
}

/* RFC 3720, appendix B.4 */
static void crc32c_of_32_bytes_is_that_of_the_rfc(void **state)
{
    uint8_t bytes[32];
    (void)state;
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x8a9136aaU);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x62a8ab43U);
    for (uint8_t i = 0; i < 32; i++) {
        bytes[i] = i;
    }
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x46dd794eU);
    for (uint8_t i = 0; i < 32; i++) {
        bytes[i] = (uint8_t)(31 - i);
    }
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x113fdb5cU);
}

static uint64_t bitwise(uint64_t polynomial, uint64_t ones,
                        const uint8_t *bytes, size_t size)
{
    uint64_t crc = ones;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
        }
    }
    return crc ^ ones;
}

static void tables_agree_with_the_definition_for_every_byte(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        const uint8_t bytes[] = {(uint8_t)value, 0x5a, (uint8_t)(value * 7)};
        assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes),
                         bitwise(0x82f63b78U, UINT32_MAX, bytes, sizeof bytes));
        assert_true(
            nmf_crc64(0, bytes, sizeof bytes) ==
            bitwise(0xc96c5795d7870f42U, UINT64_MAX, bytes, sizeof bytes));
    }
}

/* Long inputs take eight bytes a step: every remainder, every beginning. */
static void long_inputs_agree_with_the_definition(void **state)
{
    enum { LONGEST = 20000 };
    static uint8_t bytes[LONGEST];
    uint64_t seed = 1;
    (void)state;
    for (size_t i = 0; i < LONGEST; i++) {
        bytes[i] = (uint8_t)(256.0F * support_uniform(&seed));
    }
    for (size_t from = 0; from < 8; from++) {
        for (size_t size = 8185; size < 8201; size++) {
            assert_int_equal(
                nmf_crc32c(0, bytes + from, size),
                bitwise(0x82f63b78U, UINT32_MAX, bytes + from, size));
        }
    }
    assert_int_equal(
        nmf_crc32c(nmf_crc32c(0, bytes, 9999), bytes + 9999, LONGEST - 9999),
        nmf_crc32c(0, bytes, LONGEST));
}

static void a_checksum_goes_on_where_it_stopped(void **state)
{
    const char text[] = "the parts and the whole";
    (void)state;
    for (size_t cut = 0; cut < sizeof text; cut++) {
        size_t rest = sizeof text - cut;
        assert_int_equal(nmf_crc32c(nmf_crc32c(0, text, cut), text + cut, rest),
                         nmf_crc32c(0, text, sizeof text));
        assert_true(nmf_crc64(nmf_crc64(0, text, cut), text + cut, rest) ==
                    nmf_crc64(0, text, sizeof text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_values_are_the_published_ones),
        cmocka_unit_test(crc32c_of_32_bytes_is_that_of_the_rfc),
        cmocka_unit_test(tables_agree_with_the_definition_for_every_byte),
        cmocka_unit_test(long_inputs_agree_with_the_definition),
        cmocka_unit_test(a_checksum_goes_on_where_it_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
