/* Contracts are in set_signed.h. */
#include "codec/set_signed.h"

#include "core/alloc.h"
#include "core/cholesky.h"
#include "core/error.h"
#include "core/kernels.h"

#include <nmfimg/decompose.h>

#include <string.h>

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
