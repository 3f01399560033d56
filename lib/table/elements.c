/*
 * Numbers as they are stored -> float, in the order of X: what NPY and IDX
 * have in common. One pass: floats that lie as X does go straight into it,
 * anything else through a small buffer.
 */
#include "table/reader.h"

#include "core/error.h"

#include <string.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
static const bool host_is_big_endian = true;
#else
static const bool host_is_big_endian = false;
#endif

enum { CHUNK = 4096 /* elements */ };

/*
 * Where the next element of the file goes. In Fortran order the file holds
 * column after column of X, but with more than two dimensions the columns come
 * in another order than in X: `index` counts the dimensions behind the first,
 * the leftmost fastest, while X has the rightmost fastest.
 */
typedef struct cursor {
    size_t row;
    size_t col;
    size_t index[NMF_TABLE_MAX_DIMS];
} cursor;

static void next_column(cursor *at, const nmf_table *table)
{
    size_t d = 1;
    while (d < table->n_dims && ++at->index[d] == table->dims[d]) {
        at->index[d++] = 0;
    }
    at->col = 0;
    for (d = 1; d < table->n_dims; d++) {
        at->col = at->col * table->dims[d] + at->index[d];
    }
}

static void scatter(nmf_table *table, cursor *at, const float *numbers,
                    size_t n)
{
    nmf_matrix *X = &table->X;
    while (n > 0) {
        size_t run = X->rows - at->row < n ? X->rows - at->row : n;
        float *out = nmf_matrix_row(X, at->row) + at->col;
        for (size_t i = 0; i < run; i++) {
            out[i * X->ld] = numbers[i];
        }
        numbers += run;
        n -= run;
        at->row += run;
        if (at->row == X->rows) {
            at->row = 0;
            next_column(at, table);
        }
    }
}

static void reverse_bytes(uint8_t *bytes, size_t n, size_t size)
{
    for (uint8_t *item = bytes; item < bytes + n * size; item += size) {
        for (size_t i = 0; i < size / 2; i++) {
            uint8_t kept = item[i];
            item[i] = item[size - 1 - i];
            item[size - 1 - i] = kept;
        }
    }
}

/* n elements as the host has them -> float. */
static void convert(float *out, const uint8_t *bytes, size_t n,
                    nmf_element element, float divisor)
{
    switch (element) {
    case NMF_ELEMENT_U8:
        for (size_t i = 0; i < n; i++) {
            out[i] = (float)bytes[i] / divisor;
        }
        break;
    case NMF_ELEMENT_F32:
        memcpy(out, bytes, n * sizeof *out);
        break;
    case NMF_ELEMENT_F64:
        for (size_t i = 0; i < n; i++) {
            double number = 0.0;
            memcpy(&number, bytes + i * sizeof number, sizeof number);
            out[i] = (float)number;
        }
        break;
    }
}

static size_t element_size(nmf_element element)
{
    return element == NMF_ELEMENT_U8 ? 1 : element == NMF_ELEMENT_F32 ? 4 : 8;
}

nmf_status nmf_table_read_elements(nmf_table *out, nmf_stream *stream,
                                   nmf_layout layout,
                                   const nmf_table_options *options,
                                   nmf_error *err)
{
    uint8_t bytes[CHUNK * sizeof(double)];
    float numbers[CHUNK];
    cursor at = {0};
    const size_t size = element_size(layout.element);
    const size_t n_elements = out->X.rows * out->X.cols;
    const uint64_t total = stream->position + (uint64_t)n_elements * size;
    const bool must_swap =
        size > 1 && layout.is_big_endian != host_is_big_endian;
    const bool is_straight =
        layout.element == NMF_ELEMENT_F32 && !must_swap && !layout.is_fortran;

    out->is_bytes = layout.element == NMF_ELEMENT_U8;
    out->is_scaled = out->is_bytes && !options->keep_integers;
    nmf_status status = nmf_stream_expect(stream, total, err);
    if (status == NMF_OK) {
        status = nmf_table_allocate(out, stream, options->max_bytes, err);
    }
    if (status == NMF_OK && is_straight) {
        status = nmf_stream_read_all(stream, out->X.data, n_elements * size,
                                     total, err);
    }
    for (size_t done = 0; !is_straight && done < n_elements;) {
        size_t n = n_elements - done < CHUNK ? n_elements - done : CHUNK;
        if (status == NMF_OK) {
            status = nmf_stream_read_all(stream, bytes, n * size, total, err);
        }
        if (status != NMF_OK) {
            return status;
        }
        if (must_swap) {
            reverse_bytes(bytes, n, size);
        }
        convert(layout.is_fortran ? numbers : out->X.data + done, bytes, n,
                layout.element, out->is_scaled ? 255.0F : 1.0F);
        if (layout.is_fortran) {
            scatter(out, &at, numbers, n);
        }
        done += n;
    }
    return status == NMF_OK ? nmf_stream_expect_end(stream, err) : status;
}
