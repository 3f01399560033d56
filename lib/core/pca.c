/*
 * Principal components, and the truncated singular value decomposition, which
 * is the same without taking the mean off. With X - mean ~= U S V',
 *
 *     W = U S,  H = V',  the variance of score t is S_t^2 / (n_samples - 1).
 *
 * Source: Jolliffe, Principal Component Analysis (2002), section 3.5; the
 * singular vectors are those of svd.c.
 */
#include "core/alloc.h"
#include "core/centred.h"
#include "core/decomposition.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/svd.h"

#include <math.h>
#include <string.h>

/* ||X||^2 less that of its mean: n_samples times the variance of all features.
 */
static double squared_deviations(const nmf_centred *c, bool without_mean)
{
    const double unit = c->scale * c->scale;
    double squares = c->source.squared_norm * unit;
    for (size_t j = 0; !without_mean && j < c->X.cols; j++) {
        double mean = (double)c->mean[j];
        squares -= (double)c->X.rows * mean * mean;
    }
    return fmax(squares, 0.0);
}

/* The variance of a column of W over n_samples. */
static double score_variance(const nmf_matrix *W, size_t t)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < W->rows; i++) {
        sum += (double)nmf_matrix_row(W, i)[t];
    }
    const double mean = sum / (double)W->rows;
    for (size_t i = 0; i < W->rows; i++) {
        double d = (double)nmf_matrix_row(W, i)[t] - mean;
        squares += d * d;
    }
    return squares / (double)W->rows;
}

static void explain(nmf_decomposition *d, const nmf_centred *c,
                    const nmf_svd *svd, bool without_mean)
{
    const double m = (double)c->X.rows;
    /* A single sample has no variance, and its deviation is 0. */
    const double over = without_mean && m > 1.0 ? m - 1.0 : m;
    const double total = squared_deviations(c, without_mean) / over;
    d->summary.total_variance = total;
    for (size_t t = 0; t < svd->k; t++) {
        nmf_component_variance *v = &d->variances[t];
        double value = svd->S[t] * c->scale;
        v->singular_value = value;
        v->explained_variance = without_mean
                                    ? value * value / over
                                    : score_variance(&d->activations, t);
        v->explained_variance_ratio =
            total > 0.0 ? v->explained_variance / total : 0.0;
    }
}

/* W = U S, H = V'; U S also stays in U, in the unit of the copy. */
static void read_factors(nmf_decomposition *d, nmf_svd *svd, double scale)
{
    const size_t k = svd->k, ld = nmf_padded(k);
    for (size_t i = 0; i < d->activations.rows; i++) {
        float *w = nmf_matrix_row(&d->activations, i);
        float *u = svd->U + i * ld;
        for (size_t t = 0; t < k; t++) {
            u[t] = (float)((double)u[t] * svd->S[t]);
            w[t] = (float)((double)u[t] * scale);
        }
    }
    for (size_t t = 0; t < k; t++) {
        float *h = nmf_matrix_row(&d->components, t);
        for (size_t j = 0; j < d->components.cols; j++) {
            h[j] = svd->V[j * ld + t];
        }
    }
}

/* ||X - W H|| / ||X||, summed up; false: no memory. */
static bool measure(nmf_decomposition *d, const nmf_centred *c,
                    const nmf_svd *svd, int n_threads)
{
    const nmf_matrix *H = &d->components;
    const size_t ld = nmf_padded(H->cols);
    float *padded = nmf_calloc(H->rows * ld, sizeof *padded);
    if (!padded) {
        return false;
    }
    for (size_t t = 0; t < H->rows; t++) {
        memcpy(padded + t * ld, nmf_matrix_row(H, t), H->cols * sizeof *padded);
    }
    double squares = c->source.ops->residual(&c->source, svd->U, padded, ld,
                                             H->rows, n_threads);
    d->summary.relative_error =
        c->squared_norm > 0.0 ? c->scale * sqrt(squares) / sqrt(c->squared_norm)
                              : 0.0;
    nmf_free(padded);
    return true;
}

static nmf_status fit(nmf_decomposition *d, nmf_decompose_job *job,
                      bool without_mean, nmf_error *err)
{
    const size_t k = job->k;
    nmf_centred c = {0};
    nmf_svd svd = {0};
    nmf_status status =
        nmf_centred_init(&c, job->X, without_mean, job->n_threads, err);
    if (status == NMF_OK) {
        status = nmf_svd_init(&svd, &c.source, k, job->options->seed,
                              job->n_threads, err);
    }
    if (status == NMF_OK) {
        d->variances = nmf_calloc(k, sizeof *d->variances);
        read_factors(d, &svd, c.scale);
        if (!d->variances || !measure(d, &c, &svd, job->n_threads)) {
            status = nmf_error_memory(err, k * c.X.ld * sizeof(float),
                                      "the components");
        }
    }
    if (status == NMF_OK) {
        explain(d, &c, &svd, without_mean);
        d->summary.stop_reason = NMF_STOP_TOL;
        if (without_mean) {
            memcpy(d->mean.data, c.mean, c.X.cols * sizeof(float));
        }
    }
    nmf_svd_release(&svd);
    nmf_centred_release(&c);
    return status;
}

static nmf_status pca_fit(nmf_decomposition *d, nmf_decompose_job *job,
                          nmf_error *err)
{
    return fit(d, job, true, err);
}

static nmf_status svd_fit(nmf_decomposition *d, nmf_decompose_job *job,
                          nmf_error *err)
{
    return fit(d, job, false, err);
}

/* W = (X - mean) H' */
static nmf_status transform(nmf_matrix *W, const nmf_decomposition *d,
                            const nmf_matrix *X, int n_threads, nmf_error *err)
{
    const nmf_matrix *H = &d->components;
    const size_t k = H->rows, ld = nmf_padded(k);
    nmf_matrix shifted = {0};
    float *Ht = nmf_calloc(X->cols * ld, sizeof *Ht);
    nmf_status status = nmf_matrix_init(&shifted, X->rows, X->cols, err);
    if (status == NMF_OK && !Ht) {
        status =
            nmf_error_memory(err, X->cols * ld * sizeof *Ht, "the components");
    }
    if (status == NMF_OK) {
        for (size_t t = 0; t < k; t++) {
            for (size_t j = 0; j < X->cols; j++) {
                Ht[j * ld + t] = nmf_matrix_row(H, t)[j];
            }
        }
        for (size_t i = 0; i < X->rows; i++) {
            for (size_t j = 0; j < X->cols; j++) {
                float mean = d->mean.data ? d->mean.data[j] : 0.0F;
                nmf_matrix_row(&shifted, i)[j] = nmf_matrix_row(X, i)[j] - mean;
            }
        }
        nmf_operand rows = {shifted.data, shifted.ld, 1};
        nmf_product(W->data, W->ld, rows, Ht, ld, X->rows, k, X->cols,
                    n_threads);
    }
    nmf_free(Ht);
    nmf_matrix_release(&shifted);
    return status;
}

const nmf_decompose_method nmf_decompose_pca = {
    .name = "pca",
    .is_signed = true,
    .subtracts_mean = true,
    .has_variances = true,
    .fit = pca_fit,
    .transform = transform,
};

const nmf_decompose_method nmf_decompose_svd = {
    .name = "svd",
    .is_signed = true,
    .has_variances = true,
    .fit = svd_fit,
    .transform = transform,
};
