/* X as a plain matrix of floats. */
#include "core/source.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/panel.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static void times_components(const nmf_source *X, float *P, const float *Ht,
                             size_t k, int n_threads)
{
    const nmf_matrix *x = X->data;
    nmf_operand rows = {x->data, x->ld, 1};
    nmf_product(P, nmf_padded(k), rows, Ht, nmf_padded(k), x->rows, k, x->cols,
                n_threads);
}

static void times_activations(const nmf_source *X, float *Q, const float *W,
                              size_t k, int n_threads)
{
    const nmf_matrix *x = X->data;
    nmf_operand columns = {x->data, 1, x->ld};
    nmf_product(Q, nmf_padded(k), columns, W, nmf_padded(k), x->cols, k,
                x->rows, n_threads);
}

static double residual(const nmf_source *X, const float *W, const float *H,
                       size_t ldh, size_t k, int n_threads)
{
    const nmf_matrix *x = X->data;
    nmf_operand rows = {x->data, x->ld, 1};
    return nmf_residual(rows, W, H, ldh, x->rows, x->cols, k, n_threads);
}

static void pack(const nmf_source *X, float *panel,
                 const nmf_panel_kernels *kernels, size_t first,
                 bool samples_are_long)
{
    const nmf_matrix *x = X->data;
    const size_t l = samples_are_long ? x->rows : x->cols;
    const size_t count =
        l - first < kernels->width ? l - first : kernels->width;
    if (samples_are_long) {
        kernels->pack(panel, nmf_matrix_row(x, first), 1, x->ld, x->cols,
                      count);
    } else {
        kernels->pack(panel, x->data + first, x->ld, 1, x->rows, count);
    }
}

static bool short_gram(const nmf_source *X, double *G, int n_threads)
{
    const nmf_matrix *x = X->data;
    const bool is_tall = x->rows >= x->cols;
    const size_t k = is_tall ? x->cols : x->rows;
    nmf_operand tall = {x->data, x->ld, 1}, wide = {x->data, 1, x->ld};
    float *scratch = nmf_malloc(nmf_gram_scratch(k), sizeof *scratch);
    if (scratch) {
        nmf_gram_of(G, is_tall ? tall : wide, is_tall ? x->rows : x->cols, k,
                    scratch, n_threads);
    }
    nmf_free(scratch);
    return scratch != NULL;
}

static void rows(const nmf_source *X, float *out, size_t ld, size_t first,
                 size_t count, bool of_features)
{
    const nmf_matrix *x = X->data;
    if (of_features) {
        for (size_t i = 0; i < x->rows; i++) {
            const float *from = nmf_matrix_row(x, i) + first;
            for (size_t j = 0; j < count; j++) {
                out[j * ld + i] = from[j];
            }
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * ld, nmf_matrix_row(x, first + i),
               x->cols * sizeof *out);
    }
}

static const nmf_source_ops dense = {
    times_components, times_activations, residual, short_gram, pack, rows};

double nmf_source_mean(const nmf_source *X)
{
    return X->weights ? X->sum / X->weights->sum
                      : X->sum / (double)X->n_samples / (double)X->n_features;
}

/* The least entry that is allowed. */
static const float NON_NEGATIVE = 0.0F, ANY_SIGN = -FLT_MAX;

/* What a row holds: sums in double, and whether its entries are allowed. */
typedef struct row_summary {
    double sum;
    double squares;
    bool is_valid;
} row_summary;

static row_summary summarise(const float *x, size_t n, float least)
{
    row_summary row = {0.0, 0.0, true};
    double sum = 0.0, squares = 0.0;
    int bad = 0;
#pragma omp simd reduction(+ : sum, squares) reduction(| : bad)
    for (size_t j = 0; j < n; j++) {
        bad |= !(x[j] >= least && x[j] <= FLT_MAX); /* NaN fails both */
        sum += (double)x[j];
        squares += (double)x[j] * (double)x[j];
    }
    row.sum = sum;
    row.squares = squares;
    row.is_valid = !bad;
    return row;
}

/* Say what is wrong with row i, which is known to hold a bad entry. */
static nmf_status bad_entry(const nmf_matrix *m, size_t i, float least,
                            const char *what, nmf_error *err)
{
    const float *x = nmf_matrix_row(m, i);
    size_t j = 0;
    while (j + 1 < m->cols && x[j] >= least && isfinite(x[j])) {
        j++;
    }
    if (isfinite(x[j])) {
        return nmf_error_set(err, NMF_ERR_DATA,
                             "%s%snegative entry %.9g at row %zu, column %zu "
                             "(from 0); expected numbers >= 0",
                             what ? what : "", what ? ": " : "", (double)x[j],
                             i, j);
    }
    return nmf_error_set(err, NMF_ERR_DATA,
                         "%s%s%s at row %zu, column %zu (from 0); expected "
                         "finite numbers%s",
                         what ? what : "", what ? ": " : "",
                         isnan(x[j]) ? "NaN (not a number)" : "infinite entry",
                         i, j, least < 0.0F ? "" : " >= 0");
}

static nmf_status check(const nmf_matrix *m, float least, const char *what,
                        nmf_error *err)
{
    for (size_t i = 0; i < m->rows; i++) {
        if (!summarise(nmf_matrix_row(m, i), m->cols, least).is_valid) {
            return bad_entry(m, i, least, what, err);
        }
    }
    return NMF_OK;
}

nmf_status nmf_check_entries(const nmf_matrix *m, const char *what,
                             nmf_error *err)
{
    return check(m, NON_NEGATIVE, what, err);
}

nmf_status nmf_check_finite(const nmf_matrix *m, const char *what,
                            nmf_error *err)
{
    return check(m, ANY_SIGN, what, err);
}

/* A source of X once its entries are looked at, and their sums. */
static nmf_status open_source(nmf_source *out, const nmf_matrix *X, float least,
                              int n_threads, nmf_error *err)
{
    enum { PARTS = 64 }; /* fixed, so that the sums are the same every time */
    double sums[PARTS] = {0}, squares[PARTS] = {0};
    size_t first_bad[PARTS];
    size_t bad = X->rows;
    *out = (nmf_source){
        .ops = &dense, .n_samples = X->rows, .n_features = X->cols, .data = X};
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t part = 0; part < PARTS; part++) {
        size_t end = X->rows * (part + 1) / PARTS;
        first_bad[part] = X->rows;
        for (size_t i = X->rows * part / PARTS; i < end; i++) {
            row_summary row = summarise(nmf_matrix_row(X, i), X->cols, least);
            sums[part] += row.sum;
            squares[part] += row.squares;
            if (!row.is_valid && first_bad[part] == X->rows) {
                first_bad[part] = i;
            }
        }
    }
    for (size_t part = PARTS; part-- > 0;) {
        bad = first_bad[part] < X->rows ? first_bad[part] : bad;
    }
    if (bad < X->rows) {
        return bad_entry(X, bad, least, NULL, err);
    }
    for (size_t part = 0; part < PARTS; part++) {
        out->sum += sums[part];
        out->squared_norm += squares[part];
    }
    return NMF_OK;
}

nmf_status nmf_source_signed(nmf_source *out, const nmf_matrix *X,
                             int n_threads, nmf_error *err)
{
    return open_source(out, X, ANY_SIGN, n_threads, err);
}

nmf_status nmf_source_dense(nmf_source *out, const nmf_matrix *X, int n_threads,
                            nmf_error *err)
{
    nmf_status status = open_source(out, X, NON_NEGATIVE, n_threads, err);
    if (status == NMF_OK && !(out->squared_norm > 0.0)) {
        return nmf_error_set(err, NMF_ERR_DATA,
                             "all %zu x %zu entries are 0 (black pictures): "
                             "there is nothing to learn",
                             X->rows, X->cols);
    }
    return status;
}
