/* Little-endian numbers within bounds. */
#include "support.h"

#include "codec/bytes.h"
#include "core/alloc.h"

#include <math.h>
#include <string.h>

static void numbers_lie_low_byte_first(void **state)
{
    const uint8_t expected[] = {0x02, 0x01, 0x06, 0x05, 0x04, 0x03, 0x0e,
                                0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08, 0x07,
                                0,    0,    0,    0,    0,    0,    0xf0,
                                0x3f, 0,    0,    0x80, 0xbf};
    const float minus_one = -1.0F;
    nmf_byte_writer writer = {0};
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    nmf_write_u16(&writer, 0x0102);
    nmf_write_u32(&writer, 0x03040506);
    nmf_write_u64(&writer, 0x0708090a0b0c0d0e);
    nmf_write_f64(&writer, 1.0);
    nmf_write_f32s(&writer, &minus_one, 1);
    SUPPORT_OK(nmf_byte_writer_finish(&bytes, &writer, &err), err);
    assert_int_equal(bytes.size, sizeof expected);
    assert_memory_equal(bytes.data, expected, sizeof expected);
    nmf_bytes_release(&bytes);
}

static void what_is_written_is_read_again(void **state)
{
    const float floats[] = {0.0F, -0.0F, INFINITY, 1e-42F, 0.1F};
    float back[5];
    nmf_byte_writer writer = {0};
    (void)state;
    nmf_write_u64(&writer, 0);
    nmf_write_u16(&writer, UINT16_MAX);
    nmf_write_f64(&writer, -0.1);
    nmf_write_f32s(&writer, floats, 5);
    nmf_write_bytes(&writer, "end", 3);
    nmf_patch_u64(&writer, 0, UINT64_MAX - 1);
    assert_false(writer.failed);

    nmf_byte_reader reader = nmf_byte_reader_init(writer.data, writer.size);
    assert_true(nmf_read_u64(&reader) == UINT64_MAX - 1);
    assert_int_equal(nmf_read_u16(&reader), UINT16_MAX);
    assert_true(nmf_read_f64(&reader) == -0.1);
    nmf_read_f32s(&reader, back, 5);
    assert_memory_equal(back, floats, sizeof floats);
    assert_memory_equal(nmf_read_bytes(&reader, 3), "end", 3);
    assert_int_equal(nmf_byte_reader_left(&reader), 0);
    assert_false(reader.failed);
    nmf_byte_writer_release(&writer);
}

static void a_short_read_gives_zero_and_stays_failed(void **state)
{
    const uint8_t bytes[] = {1, 2, 3, 4, 5};
    float out[2] = {7.0F, 7.0F};
    nmf_byte_reader reader = nmf_byte_reader_init(bytes, sizeof bytes);
    (void)state;
    assert_int_equal(nmf_read_u16(&reader), 0x0201);
    assert_int_equal(nmf_read_u32(&reader), 0);
    assert_true(reader.failed);
    assert_null(nmf_read_bytes(&reader, 1));
    assert_int_equal(nmf_read_u16(&reader), 0);

    reader = nmf_byte_reader_init(bytes, sizeof bytes);
    nmf_read_f32s(&reader, out, 2);
    assert_true(reader.failed && out[0] == 7.0F);
    /* 4 n wraps around to 4: must not be taken for one float */
    reader = nmf_byte_reader_init(bytes, sizeof bytes);
    nmf_read_f32s(&reader, out, SIZE_MAX / 4 + 2);
    assert_true(reader.failed && out[0] == 7.0F);
}

static void a_writer_without_memory_says_so_at_the_end(void **state)
{
    nmf_byte_writer writer = {0};
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    nmf_write_u64(&writer, 1);
    nmf_alloc_fail_at(1);
    for (int i = 0; i < 100; i++) {
        nmf_write_u64(&writer, 2);
    }
    nmf_alloc_fail_at(0);
    assert_true(writer.failed);
    nmf_patch_u64(&writer, 0, 3);
    assert_int_equal(nmf_byte_writer_finish(&bytes, &writer, &err),
                     NMF_ERR_MEMORY);
    assert_null(bytes.data);
    assert_null(writer.data);

    nmf_byte_writer_reserve(&writer, SIZE_MAX);
    assert_true(writer.failed);
    nmf_byte_writer_release(&writer);
}

static void reserved_room_is_not_moved(void **state)
{
    nmf_byte_writer writer = {0};
    (void)state;
    nmf_byte_writer_reserve(&writer, 800);
    const uint8_t *data = writer.data;
    for (int i = 0; i < 100; i++) {
        nmf_write_u64(&writer, (uint64_t)i);
    }
    assert_ptr_equal(writer.data, data);
    assert_int_equal(writer.capacity, 800);
    nmf_byte_writer_release(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_lie_low_byte_first),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_short_read_gives_zero_and_stays_failed),
        cmocka_unit_test(a_writer_without_memory_says_so_at_the_end),
        cmocka_unit_test(reserved_room_is_not_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
