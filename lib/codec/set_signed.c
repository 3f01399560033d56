/* Contracts are in set_signed.h. */
#include "codec/set_signed.h"

#include "core/alloc.h"
#include "core/cholesky.h"
#include "core/error.h"
#include "core/kernels.h"

#include <nmfimg/decompose.h>

#include <math.h>
#include <string.h>

/* Step of the mean: as for a step of activations that is about usual. */
static const double mean_q = 3.0; /* times the root of the pixels */

void nmf_set_mean_release(nmf_set_mean *mean)
{
    nmf_free(mean->levels);
    nmf_free(mean->coefficients);
    *mean = (nmf_set_mean){0};
}

/* A fit whose one component is the mean and whose activations are 1. */
static nmf_status mean_fit(nmf_set_fit *out, const nmf_set_data *data,
                           nmf_set_mean *mean, nmf_error *err)
{
    const size_t ld = nmf_padded(1);
    const size_t n = data->X.rows;
    const size_t p = data->X.cols;
    *out = (nmf_set_fit){.data = data,
                         .k = 1,
                         .q = mean_q * sqrt((double)p),
                         .coefficients = mean->coefficients,
                         .exponents = &mean->exponent};
    out->W = nmf_calloc_matrix(n, ld, sizeof(float));
    out->Ht = nmf_calloc_matrix(p, ld, sizeof(float));
    if (!out->W || !out->Ht) {
        return nmf_error_memory(err, 4 * (n + p) * ld, "the mean of a set");
    }
    for (size_t i = 0; i < n; i++) {
        const float *row = nmf_matrix_row(&data->X, i);
        out->W[i * ld] = 1;
        for (size_t j = 0; j < p; j++) {
            out->Ht[j * ld] += row[j] / (float)n;
        }
    }
    return NMF_OK;
}

/* X less the levels, and the squares anew. */
static void subtract(nmf_set_data *data, const float *levels)
{
    for (size_t i = 0; i < data->X.rows; i++) {
        float *row = nmf_matrix_row(&data->X, i);
        data->squares[i] = 0;
        for (size_t j = 0; j < data->X.cols; j++) {
            row[j] -= levels[j];
            data->squares[i] += (double)row[j] * (double)row[j];
        }
    }
}

nmf_status nmf_signed_centre(nmf_set_mean *out, nmf_set_data *data,
                             nmf_error *err)
{
    const size_t ld = nmf_padded(1);
    const size_t p = data->X.cols;
    nmf_set_fit fit = {0};
    nmf_status status = NMF_OK;
    *out = (nmf_set_mean){.levels = nmf_calloc(p, sizeof(float)),
                          .coefficients =
                              nmf_calloc(data->blocks.size, sizeof(int32_t))};
    if (!out->levels || !out->coefficients) {
        status = nmf_error_memory(err, 8 * p, "the mean of a set");
    }
    if (status == NMF_OK) {
        status = mean_fit(&fit, data, out, err);
    }
    if (status == NMF_OK) {
        status = nmf_basis_choose(&fit, err);
    }
    if (status == NMF_OK) {
        for (size_t j = 0; j < p; j++) {
            out->levels[j] = fit.Ht[j * ld];
        }
        subtract(data, out->levels);
    } else {
        nmf_set_mean_release(out);
    }
    nmf_free(fit.W);
    nmf_free(fit.Ht);
    return status;
}

void nmf_signed_add_mean(nmf_set_factors *factors, const nmf_set_mean *mean)
{
    const size_t size = factors->blocks.size;
    const size_t k = factors->basis.n_components;
    memcpy(factors->basis.coefficients + (k - 1) * size, mean->coefficients,
           size * sizeof(int32_t));
    factors->basis.exponents[k - 1] = mean->exponent;
    for (size_t i = 0; i < factors->activations.n_images; i++) {
        factors->activations.values[i * k + k - 1] = 1;
    }
}

nmf_status nmf_signed_begin(nmf_set_fit *fit, nmf_error *err)
{
    const size_t ld = nmf_padded(fit->k);
    nmf_decomposition *d = NULL;
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    options.method = NMF_METHOD_SVD;
    options.n_components = fit->k;
    options.seed = fit->data->seed;
    options.n_threads = fit->data->n_threads;
    nmf_status status = nmf_decompose(&d, &fit->data->X, &options, err);
    if (status != NMF_OK) {
        return status;
    }
    const nmf_matrix *H = nmf_decomposition_components(d);
    const nmf_matrix *W = nmf_decomposition_activations(d);
    for (size_t i = 0; i < W->rows; i++) {
        memcpy(fit->W + i * ld, nmf_matrix_row(W, i), fit->k * sizeof(float));
    }
    for (size_t j = 0; j < fit->k; j++) {
        const float *row = nmf_matrix_row(H, j);
        for (size_t p = 0; p < H->cols; p++) {
            fit->Ht[p * ld + j] = row[p];
        }
    }
    nmf_decomposition_free(d);
    return NMF_OK;
}

nmf_status nmf_signed_solve(float *F, const float *products, const double *gram,
                            size_t n, size_t k, nmf_error *err)
{
    const size_t ld = nmf_padded(k);
    double *G = nmf_malloc(2 * k * k + k, sizeof *G);
    if (!G) {
        return nmf_error_memory(err, 8 * (2 * k * k + k), "compressing a set");
    }
    double *L = G + k * k;
    double *x = L + k * k;
    memcpy(G, gram, k * k * sizeof *G);
    nmf_make_definite(G, L, k);
    nmf_cholesky(L, G, k, NULL, k);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            x[j] = (double)products[i * ld + j];
        }
        nmf_cholesky_solve(x, L, k);
        for (size_t j = 0; j < k; j++) {
            F[i * ld + j] = (float)x[j];
        }
    }
    nmf_free(G);
    return NMF_OK;
}
