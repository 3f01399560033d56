/* Contracts are in centred.h. */
#include "core/centred.h"

#include "core/alloc.h"
#include "core/error.h"

#include <math.h>

/* Columns are shared out, so that each sum is one thread's, row by row. */
static void column_means(float *mean, const nmf_matrix *X, int n_threads)
{
    enum { COLUMNS = 64 };
    const size_t blocks = (X->cols + COLUMNS - 1) / COLUMNS;
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t b = 0; b < blocks; b++) {
        const size_t first = b * COLUMNS;
        const size_t n = X->cols - first < COLUMNS ? X->cols - first : COLUMNS;
        double sums[COLUMNS] = {0};
        for (size_t i = 0; i < X->rows; i++) {
            const float *x = nmf_matrix_row(X, i) + first;
            for (size_t j = 0; j < n; j++) {
                sums[j] += (double)x[j];
            }
        }
        for (size_t j = 0; j < n; j++) {
            mean[first + j] = (float)(sums[j] / (double)X->rows);
        }
    }
}

/* The power of 2 above the largest |x - mean|; 1 where all are 0. */
static double scale_of(const nmf_matrix *X, const float *mean, int n_threads)
{
    double largest = 0.0;
    int exponent = 0;
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)               \
    reduction(max                                                              \
              : largest)
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            double d = fabs((double)x[j] - (mean ? (double)mean[j] : 0.0));
            largest = d > largest ? d : largest;
        }
    }
    frexp(largest, &exponent);
    return largest > 0.0 ? ldexp(1.0, exponent) : 1.0;
}

static void copy(nmf_matrix *to, const nmf_matrix *X, const float *mean,
                 double scale, int n_threads)
{
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        float *y = nmf_matrix_row(to, i);
        for (size_t j = 0; j < X->cols; j++) {
            y[j] = (float)(((double)x[j] - (mean ? (double)mean[j] : 0.0)) /
                           scale);
        }
    }
}

nmf_status nmf_centred_init(nmf_centred *out, const nmf_matrix *X,
                            bool without_mean, int n_threads, nmf_error *err)
{
    const size_t ld = nmf_centred_ld(X->cols);
    nmf_source given = {0};
    *out = (nmf_centred){0};
    nmf_status status = nmf_source_signed(&given, X, n_threads, err);
    if (status != NMF_OK ||
        (status = nmf_matrix_init(&out->X, X->rows, ld, err)) != NMF_OK) {
        return status;
    }
    out->X.cols = X->cols;
    out->mean = nmf_calloc(X->cols, sizeof *out->mean);
    if (!out->mean) {
        nmf_centred_release(out);
        return nmf_error_memory(err, X->cols * sizeof(float), "the mean");
    }
    column_means(out->mean, X, n_threads);
    const float *mean = without_mean ? out->mean : NULL;
    out->scale = scale_of(X, mean, n_threads);
    out->squared_norm = given.squared_norm;
    copy(&out->X, X, mean, out->scale, n_threads);
    return nmf_source_signed(&out->source, &out->X, n_threads, err);
}

void nmf_centred_release(nmf_centred *c)
{
    nmf_matrix_release(&c->X);
    nmf_free(c->mean);
    *c = (nmf_centred){0};
}
