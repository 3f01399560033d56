/**
 * The dense float matrix that data and factors live in.
 *
 *     nmf_matrix X = {0};
 *     if (nmf_matrix_init(&X, 400, 10304, &err) == NMF_OK)
 *         nmf_matrix_row(&X, 0)[0] = 0.5F;
 *     nmf_matrix_release(&X);
 *
 * Row-major; element (i, j) is data[i * ld + j]. Numeric code indexes it, so
 * it is a plain struct. A matrix may also be a view of memory that somebody
 * else owns: nmf_matrix_view() makes one, and it must not be released.
 */
#ifndef NMFIMG_MATRIX_H
#define NMFIMG_MATRIX_H

#include <nmfimg/error.h>

#include <stddef.h>

NMF_BEGIN_DECLS

/** rows x cols floats; ld >= cols floats from one row to the next. */
typedef struct nmf_matrix {
    size_t rows;
    size_t cols;
    size_t ld;
    float *data; /* 64-byte aligned when made by nmf_matrix_init() */
} nmf_matrix;

/**
 * Make a rows x cols matrix of zeros with ld = cols.
 *
 * out      overwritten; on success owns its data, freed by
 *          nmf_matrix_release(); on failure all zero
 * rows, cols  any; a matrix without entries has data == NULL
 *
 * Fails:   NMF_ERR_LIMIT (rows * cols * 4 does not fit a size_t), _MEMORY
 */
NMF_API nmf_status nmf_matrix_init(nmf_matrix *out, size_t rows, size_t cols,
                                   nmf_error *err);

/**
 * Make a copy of m with ld = cols.
 *
 * out      overwritten; on success owns its data, freed by
 *          nmf_matrix_release(); on failure all zero
 *
 * Fails:   NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_matrix_copy(nmf_matrix *out, const nmf_matrix *m,
                                   nmf_error *err);

/** Free the data of m and make it empty. NULL and an empty m are fine. */
NMF_API void nmf_matrix_release(nmf_matrix *m);

/** A view of rows x cols floats at data, ld apart; owns nothing. */
static inline nmf_matrix nmf_matrix_view(float *data, size_t rows, size_t cols,
                                         size_t ld)
{
    nmf_matrix view;
    view.rows = rows;
    view.cols = cols;
    view.ld = ld;
    view.data = data;
    return view;
}

/** The first entry of row i, i < m->rows. */
static inline float *nmf_matrix_row(const nmf_matrix *m, size_t i)
{
    return m->data + i * m->ld;
}

/**
 * The mean over the rows of Hoyer's sparseness,
 *
 *     (sqrt(n) - ||x||_1 / ||x||_2) / (sqrt(n) - 1)    for a row x of n
 * entries,
 *
 * 0 for a row whose entries are all alike, 1 for a row with one non-zero. Rows
 * of zeros say nothing and are left out; 0 where no row is left or cols < 2.
 * For the components H it tells how local the parts are; for the activations W
 * how few parts an image uses.
 *
 * Source: Hoyer, JMLR 5 (2004), section 3.1.
 */
NMF_API double nmf_matrix_sparseness(const nmf_matrix *m);

NMF_END_DECLS

#endif
