/* The dense matrix and what is measured on it. Contracts are in matrix.h. */
#include <nmfimg/matrix.h>

#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

nmf_status nmf_matrix_init(nmf_matrix *out, size_t rows, size_t cols,
                           nmf_error *err)
{
    size_t entries = 0, bytes = 0;
    *out = (nmf_matrix){0};
    if (!nmf_size_mul(&entries, rows, cols) ||
        !nmf_size_mul(&bytes, entries, sizeof(float))) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a matrix of %zu x %zu floats does not fit into "
                             "memory",
                             rows, cols);
    }
    if (bytes > 0) {
        out->data = nmf_calloc(entries, sizeof(float));
        if (!out->data) {
            return nmf_error_memory(err, bytes, "a matrix");
        }
    }
    out->rows = rows;
    out->cols = cols;
    out->ld = cols;
    return NMF_OK;
}

nmf_status nmf_matrix_copy(nmf_matrix *out, const nmf_matrix *m, nmf_error *err)
{
    nmf_status status = nmf_matrix_init(out, m->rows, m->cols, err);
    for (size_t i = 0; status == NMF_OK && m->cols > 0 && i < m->rows; i++) {
        memcpy(nmf_matrix_row(out, i), nmf_matrix_row(m, i),
               m->cols * sizeof(float));
    }
    return status;
}

void nmf_matrix_release(nmf_matrix *m)
{
    if (m) {
        nmf_free(m->data);
        *m = (nmf_matrix){0};
    }
}

/* Hoyer's sparseness of n entries; false where all are zero. */
static bool row_sparseness(double *out, const float *x, size_t n)
{
    double sum = 0.0, squares = 0.0;
    for (size_t j = 0; j < n; j++) {
        sum += fabs((double)x[j]);
        squares += (double)x[j] * (double)x[j];
    }
    if (!(squares > 0.0)) {
        return false;
    }
    *out = (sqrt((double)n) - sum / sqrt(squares)) / (sqrt((double)n) - 1.0);
    return true;
}

double nmf_matrix_sparseness(const nmf_matrix *m)
{
    double total = 0.0;
    size_t rows = 0;
    if (m->cols < 2) {
        return 0.0; /* one entry is neither spread out nor concentrated */
    }
    for (size_t i = 0; i < m->rows; i++) {
        double sparseness = 0.0;
        if (row_sparseness(&sparseness, nmf_matrix_row(m, i), m->cols)) {
            total += sparseness;
            rows++;
        }
    }
    return rows > 0 ? total / (double)rows : 0.0;
}
