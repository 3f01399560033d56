/*
 * Little-endian numbers in memory, read and written within bounds.
 *
 *     nmf_byte_reader in = nmf_byte_reader_init(bytes, size);
 *     uint32_t width = nmf_read_u32(&in);
 *     uint32_t height = nmf_read_u32(&in);
 *     if (in.failed) ...
 *
 * Failure is sticky, so that a caller looks once, after the last field: a
 * reader that was asked for more than there is gives zeros from then on; a
 * writer whose memory ran out takes nothing more.
 */
#ifndef NMFIMG_CODEC_BYTES_H
#define NMFIMG_CODEC_BYTES_H

#include <nmfimg/file.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nmf_byte_reader {
    const uint8_t *data; /* borrowed */
    size_t size;
    size_t at; /* <= size */
    bool failed;
} nmf_byte_reader;

nmf_byte_reader nmf_byte_reader_init(const void *data, size_t size);

/* Bytes not read yet. */
size_t nmf_byte_reader_left(const nmf_byte_reader *reader);

/* The next n bytes, borrowed from the reader's memory; NULL on failure. */
const uint8_t *nmf_read_bytes(nmf_byte_reader *reader, size_t n);

uint16_t nmf_read_u16(nmf_byte_reader *reader);
uint32_t nmf_read_u32(nmf_byte_reader *reader);
uint64_t nmf_read_u64(nmf_byte_reader *reader);
double nmf_read_f64(nmf_byte_reader *reader);

/* n floats; untouched on failure. */
void nmf_read_f32s(nmf_byte_reader *reader, float *out, size_t n);

/* Owns its memory; empty is {0}. */
typedef struct nmf_byte_writer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed;
} nmf_byte_writer;

/* Make room for n more bytes, so that writing them moves nothing. */
void nmf_byte_writer_reserve(nmf_byte_writer *writer, size_t n);

void nmf_write_bytes(nmf_byte_writer *writer, const void *bytes, size_t n);
void nmf_write_u16(nmf_byte_writer *writer, uint16_t value);
void nmf_write_u32(nmf_byte_writer *writer, uint32_t value);
void nmf_write_u64(nmf_byte_writer *writer, uint64_t value);
void nmf_write_f64(nmf_byte_writer *writer, double value);
void nmf_write_f32s(nmf_byte_writer *writer, const float *values, size_t n);

/* Overwrite the 8 bytes at an offset that has been written. */
void nmf_patch_u64(nmf_byte_writer *writer, size_t offset, uint64_t value);

/* Free what was written and make it empty. */
void nmf_byte_writer_release(nmf_byte_writer *writer);

/*
 * Hand the memory over to out, which nmf_bytes_release() frees, and make the
 * writer empty. Fails: NMF_ERR_MEMORY, out empty, where the writer had failed.
 */
nmf_status nmf_byte_writer_finish(nmf_bytes *out, nmf_byte_writer *writer,
                                  nmf_error *err);

#endif
