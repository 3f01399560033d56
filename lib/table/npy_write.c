/* X -> NPY version 1.0. The contract is in table.h, the format in npy.c. */
#include <nmfimg/table.h>

#include "core/error.h"

#include <stdio.h>
#include <string.h>

enum {
    CHUNK = 4096,      /* elements */
    PREFIX_SIZE = 10,  /* magic, version, length of the header */
    HEADER_SIZE = 256, /* more than 4 dimensions of 20 digits need */
    HEADER_ALIGNMENT = 64
};

/* The header with all that is before it; returns its size. */
static size_t write_header(char out[HEADER_SIZE], const size_t *dims,
                           size_t n_dims, nmf_dtype dtype)
{
    size_t length = PREFIX_SIZE;
    memset(out, ' ', HEADER_SIZE);
    length +=
        (size_t)snprintf(out + length, HEADER_SIZE - length,
                         "{'descr': '%s', 'fortran_order': False, 'shape': (",
                         dtype == NMF_DTYPE_U8 ? "|u1" : "<f4");
    for (size_t d = 0; d < n_dims; d++) {
        length += (size_t)snprintf(out + length, HEADER_SIZE - length,
                                   d ? ", %zu" : "%zu", dims[d]);
    }
    /* A tuple of one needs its comma. */
    length += (size_t)snprintf(out + length, HEADER_SIZE - length, "%s), }",
                               n_dims == 1 ? "," : "");
    out[length] = ' '; /* the 0 of snprintf() */
    const size_t size =
        (length + HEADER_ALIGNMENT) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    out[size - 1] = '\n';
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (char)((size - PREFIX_SIZE) & 0xff);
    out[9] = (char)((size - PREFIX_SIZE) >> 8);
    return size;
}

static nmf_status check_dims(const nmf_matrix *X, const size_t *dims,
                             size_t n_dims, nmf_error *err)
{
    size_t left = X->rows * X->cols;
    for (size_t d = 0; d < n_dims; d++) {
        if (dims[d] == 0 || left % dims[d] != 0) {
            left = 0;
            break;
        }
        left /= dims[d];
    }
    if (n_dims < 1 || n_dims > NMF_TABLE_MAX_DIMS || left != 1) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu dimensions that do not multiply to %zu x %zu "
                             "numbers",
                             n_dims, X->rows, X->cols);
    }
    return NMF_OK;
}

/* Before the first byte is written: a pipe takes nothing back. */
static nmf_status check_unit_range(const nmf_matrix *X, nmf_error *err)
{
    for (size_t i = 0; i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            /* Negated, so that NaN is caught as well. */
            if (!(row[j] >= 0.0F && row[j] <= 1.0F)) {
                return nmf_error_set(
                    err, NMF_ERR_DATA,
                    "entry %g at row %zu, column %zu is outside [0, 1] and "
                    "cannot be stored in 8 bits",
                    (double)row[j], i, j);
            }
        }
    }
    return NMF_OK;
}

static nmf_status append_bytes(nmf_file_writer *writer, const float *numbers,
                               size_t n, nmf_error *err)
{
    uint8_t bytes[CHUNK];
    nmf_status status = NMF_OK;
    for (size_t done = 0; done < n && status == NMF_OK;) {
        size_t count = n - done < CHUNK ? n - done : CHUNK;
        for (size_t i = 0; i < count; i++) {
            bytes[i] = (uint8_t)(255.0 * (double)numbers[done + i] + 0.5);
        }
        status = nmf_file_writer_append(writer, bytes, count, err);
        done += count;
    }
    return status;
}

static nmf_status append_floats(nmf_file_writer *writer, const float *numbers,
                                size_t n, nmf_error *err)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    uint8_t bytes[4 * CHUNK];
    nmf_status status = NMF_OK;
    for (size_t done = 0; done < n && status == NMF_OK;) {
        size_t count = n - done < CHUNK ? n - done : CHUNK;
        for (size_t i = 0; i < count; i++) {
            uint32_t bits = 0;
            memcpy(&bits, numbers + done + i, sizeof bits);
            for (size_t b = 0; b < 4; b++) {
                bytes[4 * i + b] = (uint8_t)(bits >> (8 * b));
            }
        }
        status = nmf_file_writer_append(writer, bytes, 4 * count, err);
        done += count;
    }
    return status;
#else
    return nmf_file_writer_append(writer, numbers, n * sizeof *numbers, err);
#endif
}

nmf_status nmf_npy_append(nmf_file_writer *writer, const nmf_matrix *X,
                          const size_t *dims, size_t n_dims, nmf_dtype dtype,
                          nmf_error *err)
{
    const size_t own_dims[] = {X->rows, X->cols};
    char header[HEADER_SIZE];
    nmf_status status = NMF_OK;
    if (dims) {
        status = check_dims(X, dims, n_dims, err);
    } else {
        dims = own_dims;
        n_dims = 2;
    }
    if (status == NMF_OK && dtype == NMF_DTYPE_U8) {
        status = check_unit_range(X, err);
    }
    if (status == NMF_OK) {
        status = nmf_file_writer_append(
            writer, header, write_header(header, dims, n_dims, dtype), err);
    }
    /* Rows that follow each other closely are one long row. */
    const bool is_dense = X->ld == X->cols;
    const size_t n_runs = is_dense ? 1 : X->rows;
    const size_t n = is_dense ? X->rows * X->cols : X->cols;
    for (size_t i = 0; i < n_runs && status == NMF_OK; i++) {
        const float *run = nmf_matrix_row(X, i);
        status = dtype == NMF_DTYPE_U8 ? append_bytes(writer, run, n, err)
                                       : append_floats(writer, run, n, err);
    }
    return status;
}

nmf_status nmf_npy_save(const char *path, const nmf_matrix *X,
                        const size_t *dims, size_t n_dims, nmf_dtype dtype,
                        bool overwrite, nmf_error *err)
{
    nmf_file_writer *writer = NULL;
    nmf_status status = nmf_file_writer_open(&writer, path, overwrite, err);
    if (status == NMF_OK) {
        status = nmf_npy_append(writer, X, dims, n_dims, dtype, err);
    }
    if (status == NMF_OK) {
        return nmf_file_writer_commit(&writer, err);
    }
    nmf_file_writer_abort(&writer);
    return status;
}
