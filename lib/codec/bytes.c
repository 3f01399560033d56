/*
 * Little-endian numbers within bounds. Contracts are in bytes.h. Shifts rather
 * than casts: right on every machine, and compilers make one move of them.
 */
#include "codec/bytes.h"

#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

nmf_byte_reader nmf_byte_reader_init(const void *data, size_t size)
{
    nmf_byte_reader reader = {.data = data, .size = size};
    return reader;
}

size_t nmf_byte_reader_left(const nmf_byte_reader *reader)
{
    return reader->size - reader->at;
}

const uint8_t *nmf_read_bytes(nmf_byte_reader *reader, size_t n)
{
    if (reader->failed || n > nmf_byte_reader_left(reader)) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *bytes = reader->data + reader->at;
    reader->at += n;
    return bytes;
}

static uint64_t load(const uint8_t *bytes, unsigned n)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < n; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

static uint64_t read_unsigned(nmf_byte_reader *reader, unsigned n)
{
    const uint8_t *bytes = nmf_read_bytes(reader, n);
    return bytes ? load(bytes, n) : 0;
}

uint16_t nmf_read_u16(nmf_byte_reader *reader)
{
    return (uint16_t)read_unsigned(reader, 2);
}

uint32_t nmf_read_u32(nmf_byte_reader *reader)
{
    return (uint32_t)read_unsigned(reader, 4);
}

uint64_t nmf_read_u64(nmf_byte_reader *reader)
{
    return read_unsigned(reader, 8);
}

double nmf_read_f64(nmf_byte_reader *reader)
{
    uint64_t bits = read_unsigned(reader, 8);
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void nmf_read_f32s(nmf_byte_reader *reader, float *out, size_t n)
{
    size_t size = 0;
    if (!nmf_size_mul(&size, n, sizeof *out)) {
        reader->failed = true;
        return;
    }
    const uint8_t *bytes = nmf_read_bytes(reader, size);
    for (size_t i = 0; bytes && i < n; i++) {
        uint32_t bits = (uint32_t)load(bytes + 4 * i, 4);
        memcpy(&out[i], &bits, sizeof bits);
    }
}

void nmf_byte_writer_reserve(nmf_byte_writer *writer, size_t n)
{
    size_t needed = 0;
    if (writer->failed || n <= writer->capacity - writer->size) {
        return;
    }
    if (!nmf_size_add(&needed, writer->size, n)) {
        writer->failed = true;
        return;
    }
    size_t doubled = 2 * writer->capacity; /* a wrap only means needed */
    size_t capacity = needed > doubled ? needed : doubled;
    uint8_t *grown = nmf_malloc(capacity, 1);
    if (!grown) {
        writer->failed = true;
        return;
    }
    if (writer->size > 0) {
        memcpy(grown, writer->data, writer->size);
    }
    nmf_free(writer->data);
    writer->data = grown;
    writer->capacity = capacity;
}

/* n fresh bytes at the end, to be filled by the caller; NULL on failure. */
static uint8_t *append(nmf_byte_writer *writer, size_t n)
{
    nmf_byte_writer_reserve(writer, n);
    if (writer->failed || n == 0) {
        return NULL;
    }
    uint8_t *bytes = writer->data + writer->size;
    writer->size += n;
    return bytes;
}

static void store(uint8_t *bytes, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static void write_unsigned(nmf_byte_writer *writer, uint64_t value, unsigned n)
{
    uint8_t *bytes = append(writer, n);
    if (bytes) {
        store(bytes, value, n);
    }
}

void nmf_write_bytes(nmf_byte_writer *writer, const void *bytes, size_t n)
{
    uint8_t *to = append(writer, n);
    if (to) {
        memcpy(to, bytes, n);
    }
}

void nmf_write_u16(nmf_byte_writer *writer, uint16_t value)
{
    write_unsigned(writer, value, 2);
}

void nmf_write_u32(nmf_byte_writer *writer, uint32_t value)
{
    write_unsigned(writer, value, 4);
}

void nmf_write_u64(nmf_byte_writer *writer, uint64_t value)
{
    write_unsigned(writer, value, 8);
}

void nmf_write_f64(nmf_byte_writer *writer, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    write_unsigned(writer, bits, 8);
}

void nmf_write_f32s(nmf_byte_writer *writer, const float *values, size_t n)
{
    size_t size = 0;
    if (!nmf_size_mul(&size, n, sizeof *values)) {
        writer->failed = true;
        return;
    }
    uint8_t *to = append(writer, size);
    for (size_t i = 0; to && i < n; i++) {
        uint32_t bits = 0;
        memcpy(&bits, &values[i], sizeof bits);
        store(to + 4 * i, bits, 4);
    }
}

void nmf_patch_u64(nmf_byte_writer *writer, size_t offset, uint64_t value)
{
    if (!writer->failed) {
        store(writer->data + offset, value, 8);
    }
}

void nmf_byte_writer_release(nmf_byte_writer *writer)
{
    nmf_free(writer->data);
    *writer = (nmf_byte_writer){0};
}

nmf_status nmf_byte_writer_finish(nmf_bytes *out, nmf_byte_writer *writer,
                                  nmf_error *err)
{
    *out = (nmf_bytes){0};
    if (writer->failed) {
        size_t size = writer->size;
        nmf_byte_writer_release(writer);
        return nmf_error_set(err, NMF_ERR_MEMORY,
                             "out of memory after %s of output",
                             nmf_format_size(size).text);
    }
    out->data = writer->data;
    out->size = writer->size;
    *writer = (nmf_byte_writer){0};
    return NMF_OK;
}
