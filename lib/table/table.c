/* Which format, which reader, how much memory. Contracts are in table.h. */
#include <nmfimg/table.h>

#include "core/alloc.h"
#include "core/error.h"
#include "table/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* In the order in which they are tried: text is what could be anything. */
static const struct format {
    nmf_table_format format;
    const char *name;
    bool (*sniff)(const uint8_t *bytes, size_t size);
    nmf_status (*read)(nmf_table *out, nmf_stream *stream,
                       const nmf_table_options *options, nmf_error *err);
} formats[] = {
    {NMF_TABLE_NPY, "npy", nmf_npy_sniff, nmf_npy_read},
    {NMF_TABLE_IDX, "idx", nmf_idx_sniff, nmf_idx_read},
    {NMF_TABLE_CSV, "csv", nmf_csv_sniff, nmf_csv_read},
};

enum { N_FORMATS = sizeof formats / sizeof formats[0] };

const char *nmf_table_format_name(nmf_table_format format)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        if (formats[i].format == format) {
            return formats[i].name;
        }
    }
    return "unknown";
}

static const struct format *find_format(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        if (formats[i].sniff(bytes, size)) {
            return &formats[i];
        }
    }
    return NULL;
}

nmf_table_format nmf_table_probe(const void *bytes, size_t size)
{
    nmf_stream stream = {0};
    const uint8_t *content = NULL;
    const struct format *found = NULL;
    if (size < 3 || memcmp(bytes, "\x1f\x8b\x08", 3) != 0) {
        found = find_format(bytes, size);
    } else if (nmf_stream_open_memory(&stream, bytes, size, "", NULL) ==
               NMF_OK) {
        /* The compressed bytes stop somewhere: what came out before counts. */
        (void)nmf_stream_peek(&stream, NMF_TABLE_PROBE_SIZE, &content, &size,
                              NULL);
        found = find_format(
            content, size < NMF_TABLE_PROBE_SIZE ? size : NMF_TABLE_PROBE_SIZE);
        nmf_stream_close(&stream);
    }
    return found ? found->format : NMF_TABLE_UNKNOWN;
}

/* Bytes that no plain text has, in any encoding that grew out of ASCII. */
static bool is_text(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] < ' ' && !strchr("\t\n\v\f\r\x1b", bytes[i])) {
            return false;
        }
    }
    return size > 0;
}

static nmf_status read_stream(nmf_table *out, nmf_stream *stream,
                              const nmf_table_options *options, nmf_error *err)
{
    nmf_table_options known = {0};
    const uint8_t *bytes = NULL;
    size_t size = 0;
    nmf_status status =
        nmf_stream_peek(stream, NMF_TABLE_PROBE_SIZE, &bytes, &size, err);
    if (status != NMF_OK) {
        return status;
    }
    if (size == 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': the file is empty",
                             stream->name);
    }
    if (options) {
        known = *options;
    }
    if (known.max_bytes == 0) {
        known.max_bytes = nmf_machine_memory();
    }
    if (known.max_bytes == 0 || known.max_bytes > PTRDIFF_MAX / 2) {
        known.max_bytes = PTRDIFF_MAX / 2;
    }
    if (size > NMF_TABLE_PROBE_SIZE) {
        size = NMF_TABLE_PROBE_SIZE;
    }
    const struct format *format = find_format(bytes, size);
    if (format) {
        return format->read(out, stream, &known, err);
    }
    if (is_text(bytes, size)) {
        /* To hear at which line and column it fails. */
        status = nmf_csv_read(out, stream, &known, err);
        if (status != NMF_OK) {
            return status;
        }
        /* Numbers, but below a first line that makes it a picture: "P2". */
        nmf_table_release(out);
    }
    return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': no NPY, IDX or CSV file",
                         stream->name);
}

static nmf_status read_and_close(nmf_table *out, nmf_stream *stream,
                                 const nmf_table_options *options,
                                 nmf_error *err)
{
    nmf_status status = read_stream(out, stream, options, err);
    nmf_stream_close(stream);
    if (status != NMF_OK) {
        nmf_table_release(out);
    }
    return status;
}

nmf_status nmf_table_load(nmf_table *out, const char *path,
                          const nmf_table_options *options, nmf_error *err)
{
    nmf_stream stream = {0};
    memset(out, 0, sizeof *out);
    nmf_status status = nmf_stream_open(&stream, path, err);
    return status == NMF_OK ? read_and_close(out, &stream, options, err)
                            : status;
}

nmf_status nmf_table_decode(nmf_table *out, const void *bytes, size_t size,
                            const char *name, const nmf_table_options *options,
                            nmf_error *err)
{
    nmf_stream stream = {0};
    memset(out, 0, sizeof *out);
    nmf_status status = nmf_stream_open_memory(&stream, bytes, size, name, err);
    return status == NMF_OK ? read_and_close(out, &stream, options, err)
                            : status;
}

void nmf_table_release(nmf_table *table)
{
    if (table) {
        nmf_matrix_release(&table->X);
        memset(table, 0, sizeof *table);
    }
}

/* "60000 x 28 x 28" */
typedef struct dims_text {
    char text[96];
} dims_text;

static dims_text format_dims(const uint64_t *dims, size_t n_dims)
{
    dims_text out = {{0}};
    size_t length = 0;
    for (size_t d = 0; d < n_dims && length < sizeof out.text; d++) {
        int n = snprintf(out.text + length, sizeof out.text - length,
                         d ? " x %" PRIu64 : "%" PRIu64, dims[d]);
        length += n > 0 ? (size_t)n : 0;
    }
    return out;
}

/* Into a size that even 16 times fits a size_t, which doubles do not need. */
static bool multiply(size_t *product, const uint64_t *dims, size_t n_dims)
{
    size_t checked = 0;
    *product = 1;
    for (size_t d = 0; d < n_dims; d++) {
        if (dims[d] > SIZE_MAX / 16 ||
            !nmf_size_mul(product, *product, (size_t)dims[d])) {
            return false;
        }
    }
    return nmf_size_mul(&checked, *product, 16);
}

nmf_status nmf_table_set_dims(nmf_table *out, const uint64_t *dims,
                              size_t n_dims, const nmf_stream *stream,
                              nmf_error *err)
{
    size_t cols = 0;
    size_t n_numbers = 0;
    const char *name = stream->name;
    if (n_dims == 0) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': a single number; an array of 2 to 4 "
                             "dimensions is expected",
                             name);
    }
    if (n_dims == 1) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': one dimension of %" PRIu64
                             " numbers (labels?); 2 to 4 are expected, the "
                             "first of which counts the images",
                             name, dims[0]);
    }
    if (n_dims > NMF_TABLE_MAX_DIMS) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': %zu dimensions; 2 to 4 are expected", name,
                             n_dims);
    }
    for (size_t d = 0; d < n_dims; d++) {
        if (dims[d] == 0) {
            return nmf_error_set(err, NMF_ERR_FORMAT,
                                 "'%s': nothing in it (%s numbers)", name,
                                 format_dims(dims, n_dims).text);
        }
    }
    if (!multiply(&n_numbers, dims, n_dims) ||
        !multiply(&cols, dims + 1, n_dims - 1)) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "'%s': %s numbers are more than any memory can "
                             "hold",
                             name, format_dims(dims, n_dims).text);
    }
    for (size_t d = 0; d < n_dims; d++) {
        out->dims[d] = (size_t)dims[d];
    }
    out->n_dims = n_dims;
    out->X = nmf_matrix_view(NULL, out->dims[0], cols, cols);
    return NMF_OK;
}

nmf_status nmf_table_allocate(nmf_table *out, const nmf_stream *stream,
                              size_t max_bytes, nmf_error *err)
{
    nmf_matrix *X = &out->X;
    size_t bytes = X->rows * X->cols * sizeof *X->data; /* set_dims() checked */
    if (bytes > max_bytes) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "'%s': %zu x %zu numbers take %s, the limit is %s",
                             stream->name, X->rows, X->cols,
                             nmf_format_size(bytes).text,
                             nmf_format_size(max_bytes).text);
    }
    X->data = nmf_malloc(bytes, 1);
    if (!X->data) {
        return nmf_error_set(err, NMF_ERR_MEMORY,
                             "'%s': out of memory (%s for its numbers)",
                             stream->name, nmf_format_size(bytes).text);
    }
    return NMF_OK;
}
