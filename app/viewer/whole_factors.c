#include "whole_factors.h"

#include <string.h>

size_t whole_factors_extra(nmf_method method)
{
    return method == NMF_METHOD_PCA ? 1 : 0;
}

static nmf_status join_weights(nmf_matrix *W, const nmf_matrix *scores,
                               size_t extra, nmf_error *err)
{
    nmf_status status =
        nmf_matrix_init(W, scores->rows, extra + scores->cols, err);
    for (size_t i = 0; status == NMF_OK && i < W->rows; i++) {
        float *w = nmf_matrix_row(W, i);
        w[0] = 1.0F; /* of the mean, if there is one */
        memcpy(w + extra, nmf_matrix_row(scores, i), scores->cols * sizeof *w);
    }
    return status;
}

nmf_status whole_factors(nmf_matrix *W, nmf_matrix *H, const nmf_matrix *scores,
                         const nmf_matrix *components, const nmf_matrix *mean,
                         nmf_error *err)
{
    const size_t extra = mean ? 1 : 0;
    *W = (nmf_matrix){0};
    nmf_status status =
        nmf_matrix_init(H, extra + components->rows, components->cols, err);
    if (status == NMF_OK && scores) {
        status = join_weights(W, scores, extra, err);
    }
    if (status != NMF_OK) {
        nmf_matrix_release(H);
        return status;
    }
    for (size_t t = 0; t < H->rows; t++) {
        const float *from =
            t < extra ? mean->data : nmf_matrix_row(components, t - extra);
        memcpy(nmf_matrix_row(H, t), from, H->cols * sizeof *from);
    }
    return NMF_OK;
}

nmf_status whole_factors_split(nmf_decomposition **out, const nmf_matrix *W,
                               const nmf_matrix *H,
                               const nmf_decomposition_summary *about,
                               nmf_error *err)
{
    const size_t extra = whole_factors_extra(about->method);
    const nmf_matrix mean = nmf_matrix_view(H->data, 1, H->cols, H->ld);
    const nmf_matrix components = nmf_matrix_view(
        nmf_matrix_row(H, extra), H->rows - extra, H->cols, H->ld);
    nmf_matrix scores = {0};
    if (W) {
        scores =
            nmf_matrix_view(W->data + extra, W->rows, W->cols - extra, W->ld);
    }
    return nmf_decomposition_create(out, &components, extra ? &mean : NULL,
                                    W ? &scores : NULL, NULL, about, err);
}
