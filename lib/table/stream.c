/* Bytes from front to back, gzip looked through. Contracts are in stream.h. */
#include "table/stream.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum {
    RAW_CAPACITY = 1 << 16,
    BUFFER_CAPACITY = 2 * NMF_STREAM_WINDOW,
    GZIP_BITS = 15 + 16, /* inflateInit2(): the largest window, gzip only */
    MAX_EXPANSION = 1032 /* deflate: at best 258 bytes for two bits */
};

static nmf_status fail_memory(const nmf_stream *stream, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_MEMORY, "'%s': out of memory",
                         stream->name);
}

/* So that the tests can make zlib's allocations fail too. */
static void *inflater_alloc(void *context, unsigned n, unsigned size)
{
    (void)context;
    return nmf_calloc(n, size);
}

static void inflater_free(void *context, void *p)
{
    (void)context;
    nmf_free(p);
}

/* zlib counts in unsigned int. */
static uInt clamp(size_t size)
{
    return (uInt)(size < INT_MAX ? size : INT_MAX);
}

/* Fill the raw buffer, which is empty, as far as the file goes. */
static nmf_status fill_raw(nmf_stream *stream, nmf_error *err)
{
    if (!stream->raw_ended) {
        stream->raw = stream->raw_buffer;
    }
    while (!stream->raw_ended && stream->raw_left < RAW_CAPACITY) {
        size_t got = 0;
        nmf_status status = nmf_file_read_some(
            &got, stream->fd, stream->raw_buffer + stream->raw_left,
            RAW_CAPACITY - stream->raw_left, stream->name, err);
        if (status != NMF_OK) {
            return status;
        }
        stream->raw_left += got;
        stream->raw_ended = got == 0;
    }
    return NMF_OK;
}

/* The raw input is at its first byte: make ready to inflate, or to copy. */
static nmf_status begin_content(nmf_stream *stream, nmf_error *err)
{
    const uint8_t *raw = stream->raw;
    stream->buffer = nmf_malloc(BUFFER_CAPACITY, 1);
    if (!stream->buffer) {
        return fail_memory(stream, err);
    }
    if (stream->raw_left >= 3 && raw[0] == 0x1f && raw[1] == 0x8b &&
        raw[2] == 8) {
        stream->inflater.zalloc = inflater_alloc;
        stream->inflater.zfree = inflater_free;
        if (inflateInit2(&stream->inflater, GZIP_BITS) != Z_OK) {
            return fail_memory(stream, err);
        }
        stream->is_gzip = true;
        stream->in_member = true;
    }
    return NMF_OK;
}

nmf_status nmf_stream_open(nmf_stream *stream, const char *path, nmf_error *err)
{
    uint64_t size = 0;
    memset(stream, 0, sizeof *stream);
    stream->name = path;
    nmf_status status = nmf_file_open(&stream->fd, &size, path, err);
    if (status != NMF_OK) {
        return status;
    }
    stream->raw_size = size > 0 ? size : UINT64_MAX;
    stream->raw_buffer = nmf_malloc(RAW_CAPACITY, 1);
    status =
        stream->raw_buffer ? fill_raw(stream, err) : fail_memory(stream, err);
    if (status == NMF_OK) {
        status = begin_content(stream, err);
    }
    if (status != NMF_OK) {
        nmf_stream_close(stream);
    }
    return status;
}

nmf_status nmf_stream_open_memory(nmf_stream *stream, const void *bytes,
                                  size_t size, const char *name, nmf_error *err)
{
    memset(stream, 0, sizeof *stream);
    stream->name = name;
    stream->fd = -1;
    stream->raw = bytes;
    stream->raw_left = size;
    stream->raw_ended = true;
    stream->raw_size = size;
    nmf_status status = begin_content(stream, err);
    if (status != NMF_OK) {
        nmf_stream_close(stream);
    }
    return status;
}

void nmf_stream_close(nmf_stream *stream)
{
    if (!stream->name) {
        return;
    }
    if (stream->is_gzip) {
        inflateEnd(&stream->inflater);
    }
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    nmf_free(stream->raw_buffer);
    nmf_free(stream->buffer);
    memset(stream, 0, sizeof *stream);
    stream->fd = -1;
}

/* Up to size bytes of plain content; *got is 0 at the end only. */
static nmf_status copy_some(nmf_stream *stream, uint8_t *out, size_t size,
                            size_t *got, nmf_error *err)
{
    *got = size < stream->raw_left ? size : stream->raw_left;
    if (*got > 0) {
        memcpy(out, stream->raw, *got);
        stream->raw += *got;
        stream->raw_left -= *got;
    } else if (!stream->raw_ended) {
        return nmf_file_read_some(got, stream->fd, out, size, stream->name,
                                  err);
    }
    return NMF_OK;
}

static nmf_status fail_inflate(const nmf_stream *stream, int code,
                               nmf_error *err)
{
    if (code == Z_MEM_ERROR) {
        return fail_memory(stream, err);
    }
    if (code == Z_BUF_ERROR) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': the compressed data are cut short",
                             stream->name);
    }
    return nmf_error_set(
        err, NMF_ERR_FORMAT, "'%s': the compressed data are damaged: %s",
        stream->name,
        stream->inflater.msg ? stream->inflater.msg : "unknown method");
}

/* Up to size bytes of inflated content; *got is 0 at the end only. */
static nmf_status inflate_some(nmf_stream *stream, uint8_t *out, size_t size,
                               size_t *got, nmf_error *err)
{
    z_stream *z = &stream->inflater;
    *got = 0;
    while (*got == 0) {
        if (stream->raw_left == 0) {
            nmf_status status = fill_raw(stream, err);
            if (status != NMF_OK) {
                return status;
            }
        }
        if (stream->raw_left == 0 && !stream->in_member) {
            return NMF_OK;
        }
        if (!stream->in_member) {
            inflateReset(z);
            stream->in_member = true;
        }
        uInt in = clamp(stream->raw_left);
        uInt room = clamp(size);
        z->next_in = (z_const Bytef *)stream->raw;
        z->avail_in = in;
        z->next_out = out;
        z->avail_out = room;
        int code = inflate(z, Z_NO_FLUSH);
        stream->raw += in - z->avail_in;
        stream->raw_left -= in - z->avail_in;
        *got = room - z->avail_out;
        if (code == Z_STREAM_END) {
            stream->in_member = false;
        } else if (code != Z_OK) {
            return fail_inflate(stream, code, err);
        }
    }
    return NMF_OK;
}

static nmf_status produce(nmf_stream *stream, uint8_t *out, size_t size,
                          size_t *got, nmf_error *err)
{
    nmf_status status = stream->is_gzip
                            ? inflate_some(stream, out, size, got, err)
                            : copy_some(stream, out, size, got, err);
    stream->ended = status == NMF_OK && *got == 0;
    return status;
}

void nmf_stream_skip(nmf_stream *stream, size_t n)
{
    assert(n <= stream->end - stream->begin);
    stream->begin += n;
    stream->position += n;
}

nmf_status nmf_stream_read(nmf_stream *stream, void *out, size_t size,
                           size_t *got, nmf_error *err)
{
    size_t buffered = stream->end - stream->begin;
    *got = size < buffered ? size : buffered;
    if (*got > 0) {
        memcpy(out, stream->buffer + stream->begin, *got);
        nmf_stream_skip(stream, *got);
    }
    while (*got < size && !stream->ended) {
        size_t n = 0;
        nmf_status status =
            produce(stream, (uint8_t *)out + *got, size - *got, &n, err);
        if (status != NMF_OK) {
            return status;
        }
        *got += n;
        stream->position += n;
    }
    return NMF_OK;
}

nmf_status nmf_stream_peek(nmf_stream *stream, size_t wanted,
                           const uint8_t **bytes, size_t *size, nmf_error *err)
{
    nmf_status status = NMF_OK;
    assert(wanted <= NMF_STREAM_WINDOW);
    if (stream->end - stream->begin < wanted && !stream->ended) {
        memmove(stream->buffer, stream->buffer + stream->begin,
                stream->end - stream->begin);
        stream->end -= stream->begin;
        stream->begin = 0;
    }
    while (status == NMF_OK && !stream->ended &&
           stream->end - stream->begin < wanted) {
        size_t n = 0;
        status = produce(stream, stream->buffer + stream->end,
                         BUFFER_CAPACITY - stream->end, &n, err);
        stream->end += n;
    }
    *bytes = stream->buffer + stream->begin;
    *size = stream->end - stream->begin;
    return status;
}

nmf_status nmf_stream_expect(const nmf_stream *stream, uint64_t total,
                             nmf_error *err)
{
    if (stream->raw_size == UINT64_MAX) {
        return NMF_OK;
    }
    if (!stream->is_gzip && stream->raw_size != total) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': %" PRIu64 " bytes expected, %" PRIu64
                             " found",
                             stream->name, total, stream->raw_size);
    }
    if (stream->is_gzip && stream->raw_size < total / MAX_EXPANSION) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': %" PRIu64
                             " bytes expected, more than %" PRIu64
                             " compressed bytes can hold",
                             stream->name, total, stream->raw_size);
    }
    return NMF_OK;
}

nmf_status nmf_stream_read_all(nmf_stream *stream, void *out, size_t size,
                               uint64_t total, nmf_error *err)
{
    size_t got = 0;
    nmf_status status = nmf_stream_read(stream, out, size, &got, err);
    if (status == NMF_OK && got < size) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': %" PRIu64 " bytes expected, %" PRIu64
                             " found",
                             stream->name, total, stream->position);
    }
    return status;
}

nmf_status nmf_stream_expect_end(nmf_stream *stream, nmf_error *err)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    nmf_status status = nmf_stream_peek(stream, 1, &bytes, &size, err);
    if (status == NMF_OK && size > 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': %" PRIu64 " bytes expected, more found",
                             stream->name, stream->position);
    }
    return status;
}
