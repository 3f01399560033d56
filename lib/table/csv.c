/*
 * Tables of numbers as text (RFC 4180, and what programs really write):
 *
 *     one row a line; LF, CRLF or CR; the last line may lack its end
 *     fields apart by comma, semicolon, tab, or any number of blanks
 *     numbers with a decimal point, nan and inf; quotes around them are fine
 *     one line of headings at most; empty lines and lines that begin with '#'
 *     are passed over
 *
 * One pass: the first row tells the columns, its length in bytes how many rows
 * will follow; where that turns out wrong, X is made anew and copied.
 */
#include "table/csv.h"

#include "core/alloc.h"
#include "core/error.h"
#include "table/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind a field. */
typedef enum behind { BEHIND_FIELD, BEHIND_LINE, BEHIND_FILE } behind;

typedef struct csv_reader {
    nmf_stream *stream;
    nmf_table *out;
    size_t max_bytes;
    char separator;
    size_t line;     /* number of the line, from 1 */
    size_t capacity; /* rows that X has room for */
    behind behind;   /* the last field */
    uint64_t begin;  /* position of the first row in the stream */
    size_t first_line;
} csv_reader;

/* The field that is no number, as far as it can be shown. */
static nmf_status fail_field(const csv_reader *reader, size_t column,
                             const char *at, const char *end, nmf_error *err)
{
    char shown[32] = {0};
    size_t length = 0;
    while (at < end && nmf_csv_is_blank(*at, reader->separator)) {
        at++;
    }
    for (; at < end && length + 1 < sizeof shown; at++) {
        if (nmf_csv_is_line_end(*at) || *at == reader->separator) {
            break;
        }
        shown[length++] = (char)(*at >= ' ' && *at <= '~' ? *at : '?');
    }
    if (length == 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': line %zu, column %zu is empty",
                             reader->stream->name, reader->line, column);
    }
    return nmf_error_set(err, NMF_ERR_FORMAT,
                         "'%s': line %zu, column %zu: '%s' is no number%s",
                         reader->stream->name, reader->line, column, shown,
                         reader->separator != ',' && memchr(shown, ',', length)
                             ? " (write decimal points, not commas)"
                             : "");
}

/* Take what stands behind a field at `at`; returns the bytes that it has. */
static size_t take_behind(csv_reader *reader, const char *at, const char *end)
{
    reader->behind = BEHIND_FIELD;
    if (at == end) {
        reader->behind = BEHIND_FILE;
        return 0;
    }
    if (nmf_csv_is_line_end(*at)) {
        reader->behind = BEHIND_LINE;
        return at + 1 < end && memcmp(at, "\r\n", 2) == 0 ? 2 : 1;
    }
    /* Blanks as separators went with the field before. */
    return reader->separator == ' ' ? 0 : 1;
}

static nmf_status read_field(csv_reader *reader, float *value, size_t column,
                             nmf_error *err)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    nmf_number number;
    nmf_status status =
        nmf_stream_peek(reader->stream, NMF_CSV_MAX_FIELD, &bytes, &size, err);
    if (status != NMF_OK) {
        return status;
    }
    const char *at = (const char *)bytes;
    const char *end = at + size;
    const char *next = nmf_csv_take_field(&number, at, end, reader->separator);
    if (!next) {
        return fail_field(reader, column, at, end, err);
    }
    if ((size_t)(next - at) >= NMF_CSV_MAX_FIELD) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': line %zu, column %zu has more than %d "
                             "characters",
                             reader->stream->name, reader->line, column,
                             NMF_CSV_MAX_FIELD);
    }
    *value = nmf_number_value(&number);
    next += take_behind(reader, next, end);
    nmf_stream_skip(reader->stream, (size_t)(next - at));
    return NMF_OK;
}

/* Go behind the end of this line, whatever it holds. */
static nmf_status skip_line(csv_reader *reader, nmf_error *err)
{
    for (;;) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        size_t n = 0;
        nmf_status status =
            nmf_stream_peek(reader->stream, 2, &bytes, &size, err);
        if (status != NMF_OK || size == 0) {
            return status;
        }
        while (n < size && !nmf_csv_is_line_end((char)bytes[n])) {
            n++;
        }
        nmf_stream_skip(reader->stream, n);
        if (n < size) {
            break;
        }
    }
    const uint8_t *bytes = NULL;
    size_t size = 0;
    nmf_status status = nmf_stream_peek(reader->stream, 2, &bytes, &size, err);
    if (status == NMF_OK) {
        nmf_stream_skip(reader->stream,
                        size == 2 && memcmp(bytes, "\r\n", 2) == 0 ? 2 : 1);
    }
    reader->line++;
    return status;
}

/*
 * Pass over lines that are empty or begin with '#'. *found is false at the end
 * of the file.
 */
static nmf_status find_row(csv_reader *reader, bool *found, nmf_error *err)
{
    for (;;) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        size_t n = 0;
        nmf_status status = nmf_stream_peek(reader->stream, NMF_CSV_MAX_FIELD,
                                            &bytes, &size, err);
        if (status != NMF_OK || size == 0) {
            *found = false;
            return status;
        }
        while (n < size &&
               nmf_csv_is_blank((char)bytes[n], reader->separator)) {
            n++;
        }
        if (n == size) {
            nmf_stream_skip(reader->stream, n);
            continue;
        }
        *found = true;
        if (bytes[n] != '#' && !nmf_csv_is_line_end((char)bytes[n])) {
            return NMF_OK;
        }
        status = skip_line(reader, err);
        if (status != NMF_OK) {
            return status;
        }
    }
}

static nmf_status fail_limit(const csv_reader *reader, nmf_error *err)
{
    return nmf_error_set(
        err, NMF_ERR_LIMIT, "'%s': its numbers take more than %s, the limit",
        reader->stream->name, nmf_format_size(reader->max_bytes).text);
}

static nmf_status fail_memory(const csv_reader *reader, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_MEMORY, "'%s': out of memory",
                         reader->stream->name);
}

/*
 * Rows to make room for, when X has n of them: what the rest of the file will
 * have at the average so far, and a little more; of a file whose size is not
 * known, twice as many.
 */
static size_t guess_rows(const csv_reader *reader, size_t n)
{
    const nmf_stream *stream = reader->stream;
    if (stream->is_gzip || stream->raw_size == UINT64_MAX ||
        stream->raw_size < stream->position) {
        return 2 * n + 64;
    }
    double per_row =
        (double)(stream->position - reader->begin) / (double)(n ? n : 1);
    double left = (double)(stream->raw_size - stream->position);
    return n + 16 + (size_t)(1.0625 * left / (per_row > 1.0 ? per_row : 1.0));
}

/* Room for one row more. */
static nmf_status reserve_row(csv_reader *reader, nmf_error *err)
{
    nmf_matrix *X = &reader->out->X;
    const size_t most = reader->max_bytes / (X->cols * sizeof *X->data);
    if (X->rows < reader->capacity) {
        return NMF_OK;
    }
    if (X->rows >= most) {
        return fail_limit(reader, err);
    }
    size_t wanted = guess_rows(reader, X->rows);
    wanted = wanted < most ? wanted : most;
    float *data = nmf_malloc(wanted, X->cols * sizeof *X->data);
    if (!data) {
        return fail_memory(reader, err);
    }
    if (X->rows > 0) {
        memcpy(data, X->data, X->rows * X->cols * sizeof *data);
    }
    nmf_free(X->data);
    X->data = data;
    reader->capacity = wanted;
    return NMF_OK;
}

/* The first row: nobody knows yet how long it is. */
static nmf_status read_first_row(csv_reader *reader, nmf_error *err)
{
    nmf_status status = NMF_OK;
    nmf_matrix *X = &reader->out->X;
    float *row = NULL;
    size_t capacity = 0;
    size_t n = 0;
    reader->begin = reader->stream->position;
    reader->first_line = reader->line;
    do {
        if (n >= reader->max_bytes / sizeof *row) {
            status = fail_limit(reader, err);
            goto done;
        }
        if (!nmf_array_reserve((void **)&row, &capacity, n, sizeof *row)) {
            status = fail_memory(reader, err);
            goto done;
        }
        status = read_field(reader, &row[n], n + 1, err);
        if (status != NMF_OK) {
            goto done;
        }
        n++;
    } while (reader->behind == BEHIND_FIELD);
    X->cols = X->ld = n;
    status = reserve_row(reader, err);
    if (status == NMF_OK) {
        memcpy(X->data, row, n * sizeof *row);
        X->rows = 1;
    }
done:
    free(row);
    return status;
}

static nmf_status read_row(csv_reader *reader, nmf_error *err)
{
    nmf_matrix *X = &reader->out->X;
    size_t n = 0;
    nmf_status status = reserve_row(reader, err);
    if (status != NMF_OK) {
        return status;
    }
    float *row = nmf_matrix_row(X, X->rows);
    do {
        float beyond = 0.0F;
        float *value = n < X->cols ? &row[n] : &beyond;
        status = read_field(reader, value, n + 1, err);
        if (status != NMF_OK) {
            return status;
        }
        n++;
    } while (reader->behind == BEHIND_FIELD);
    if (n != X->cols) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': line %zu has %zu numbers, line %zu has %zu",
                             reader->stream->name, reader->line, n,
                             reader->first_line, X->cols);
    }
    X->rows++;
    return NMF_OK;
}

static nmf_status read_rows(csv_reader *reader, nmf_error *err)
{
    nmf_matrix *X = &reader->out->X;
    for (;;) {
        bool found = false;
        nmf_status status = find_row(reader, &found, err);
        if (status != NMF_OK) {
            return status;
        }
        if (!found) {
            break;
        }
        status =
            X->rows > 0 ? read_row(reader, err) : read_first_row(reader, err);
        if (status != NMF_OK) {
            return status;
        }
        reader->line += reader->behind == BEHIND_LINE;
    }
    if (X->rows == 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': no numbers in it",
                             reader->stream->name);
    }
    return NMF_OK;
}

nmf_status nmf_csv_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err)
{
    csv_reader reader = {.stream = stream, .out = out};
    nmf_csv_dialect dialect;
    nmf_c_locale locale;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    nmf_status status =
        nmf_stream_peek(stream, NMF_TABLE_PROBE_SIZE, &bytes, &size, err);
    if (status != NMF_OK) {
        return status;
    }
    if (size > NMF_TABLE_PROBE_SIZE) {
        size = NMF_TABLE_PROBE_SIZE;
    }
    (void)nmf_csv_find_dialect(&dialect, bytes, size);
    nmf_stream_skip(stream, dialect.skip);
    reader.separator = dialect.separator;
    reader.line = dialect.n_lines + 1;
    reader.max_bytes = options->max_bytes;
    if (!nmf_c_locale_enter(&locale)) {
        return fail_memory(&reader, err);
    }
    status = read_rows(&reader, err);
    nmf_c_locale_leave(&locale);
    out->format = NMF_TABLE_CSV;
    out->n_dims = 2;
    out->dims[0] = out->X.rows;
    out->dims[1] = out->X.cols;
    return status;
}
