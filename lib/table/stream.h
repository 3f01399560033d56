/*
 * The bytes of a file or of memory from front to back, gzip looked through
 * (RFC 1952, several members too), with a small buffer to look ahead.
 *
 *     nmf_stream stream = {0};
 *     status = nmf_stream_open(&stream, "X.npy", err);
 *     ... nmf_stream_read(&stream, bytes, size, &got, err) ...
 *     nmf_stream_close(&stream);
 *
 * Large reads go past the buffer, straight to where the caller wants them.
 */
#ifndef NMFIMG_TABLE_STREAM_H
#define NMFIMG_TABLE_STREAM_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

enum { NMF_STREAM_WINDOW = 1 << 16 }; /* bytes that one can look ahead */

typedef struct nmf_stream {
    const char *name; /* of the file in messages; borrowed */
    int fd;           /* -1: from memory */

    /* As stored: what has been read from fd, or the caller's memory. */
    const uint8_t *raw; /* the next byte */
    size_t raw_left;
    uint8_t *raw_buffer; /* NULL: from memory */
    bool raw_ended;      /* nothing will follow the raw_left bytes */
    uint64_t raw_size;   /* of all of it; UINT64_MAX: not known */

    /* Content: inflated where is_gzip. */
    bool is_gzip;
    bool in_member; /* of a gzip file; false between two, and at the end */
    bool ended;     /* nothing will follow what is in the buffer */
    z_stream inflater;
    uint8_t *buffer; /* 2 * NMF_STREAM_WINDOW; content is begin .. end-1 */
    size_t begin;
    size_t end;
    uint64_t position; /* bytes handed out */
} nmf_stream;

/*
 * name, path and bytes must outlive the stream. On failure there is nothing
 * to close. Fails: NMF_ERR_IO, _MEMORY
 */
nmf_status nmf_stream_open(nmf_stream *stream, const char *path,
                           nmf_error *err);
nmf_status nmf_stream_open_memory(nmf_stream *stream, const void *bytes,
                                  size_t size, const char *name,
                                  nmf_error *err);

/* Free everything; an empty stream is fine. */
void nmf_stream_close(nmf_stream *stream);

/*
 * Read size bytes; *got is less at the end only.
 * Fails: NMF_ERR_IO, _FORMAT (damaged gzip), _MEMORY
 */
nmf_status nmf_stream_read(nmf_stream *stream, void *out, size_t size,
                           size_t *got, nmf_error *err);

/*
 * Look at the next bytes without taking them: at least wanted (up to
 * NMF_STREAM_WINDOW) of them, fewer at the end only. *bytes lives until the
 * next call; on failure they are those before it. nmf_stream_skip() takes n of
 * those that were seen.
 */
nmf_status nmf_stream_peek(nmf_stream *stream, size_t wanted,
                           const uint8_t **bytes, size_t *size, nmf_error *err);
void nmf_stream_skip(nmf_stream *stream, size_t n);

/*
 * Can the content have exactly `total` bytes, from the very first to the last?
 * Asked before memory is: a plain file tells its size, and gzip makes at most
 * 1032 bytes of one. Passing says nothing sure of gzip and pipes.
 * Fails: NMF_ERR_FORMAT, with what was expected and what is there
 */
nmf_status nmf_stream_expect(const nmf_stream *stream, uint64_t total,
                             nmf_error *err);

/*
 * Read size bytes of a file of `total` bytes; fewer are NMF_ERR_FORMAT. And
 * after the last of them: more are NMF_ERR_FORMAT.
 */
nmf_status nmf_stream_read_all(nmf_stream *stream, void *out, size_t size,
                               uint64_t total, nmf_error *err);
nmf_status nmf_stream_expect_end(nmf_stream *stream, nmf_error *err);

#endif
