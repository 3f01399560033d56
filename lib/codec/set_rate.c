/* Rate and distortion to compare with. Contracts are in nmfimg/rate.h. */
#include <nmfimg/rate.h>

#include "codec/set_compare.h"
#include "codec/set_encode.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* The factors from their bytes, into memory of factors as large. */
static nmf_status decode(nmf_set_factors *out, const nmf_set_found *found,
                         nmf_error *err)
{
    const nmf_set_streams *streams = &found->streams;
    const nmf_activations *coded = &found->factors.activations;
    nmf_status status = nmf_set_factors_init(
        out, &found->factors.blocks, coded->n_images, coded->n_components, err);
    if (status != NMF_OK) {
        return status;
    }
    out->activations.is_signed = coded->is_signed;
    nmf_bit_coder coder =
        nmf_bit_coder_decode(streams->basis.data, streams->basis.size);
    status = nmf_basis_code(&coder, &out->basis, err);
    bool failed = coder.failed;
    coder = nmf_bit_coder_decode(streams->activations.data,
                                 streams->activations.size);
    if (status == NMF_OK) {
        status = nmf_activations_code(&coder, &out->activations, err);
    }
    if (status == NMF_OK && (failed || coder.failed)) {
        status = nmf_error_set(err, NMF_ERR_FORMAT,
                               "principal components do not decode");
    }
    return status;
}

/* The squared error of what factors paint, in grey levels. */
static nmf_status measure(double *out, const nmf_set_factors *factors,
                          const nmf_matrix *X, nmf_error *err)
{
    const size_t k = factors->basis.n_components;
    int32_t *components = nmf_set_paint_basis(&factors->basis);
    int64_t *sums = nmf_malloc(X->cols, sizeof *sums);
    uint8_t *pixels = nmf_malloc(X->cols, 1);
    nmf_status status = NMF_OK;
    *out = 0;
    if (!components || !sums || !pixels) {
        status = nmf_error_memory(err, 4 * k * X->cols, "measuring components");
    }
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        nmf_set_paint_image(pixels, sums, components, X->cols,
                            factors->activations.values + i * k, k, NULL);
        for (size_t p = 0; p < X->cols; p++) {
            double level = floor((double)row[p] * 255 + 0.5);
            double gap = fmax(0, fmin(255, level)) - pixels[p];
            *out += gap * gap;
        }
    }
    nmf_free(components);
    nmf_free(sums);
    nmf_free(pixels);
    return status;
}

nmf_status nmf_rate_principal(nmf_rate_point *out, const nmf_matrix *X,
                              const nmf_geometry *geometry,
                              const nmf_set_options *options, nmf_error *err)
{
    static const nmf_set_options defaults = NMF_SET_OPTIONS_INIT;
    nmf_set_found found;
    nmf_set_factors factors = {0};
    double squared_error = 0;
    *out = (nmf_rate_point){0};
    nmf_status status = nmf_set_find(
        &found, X, geometry, options ? options : &defaults, 0, true, err);
    if (status == NMF_OK) {
        status = decode(&factors, &found, err);
    }
    if (status == NMF_OK) {
        status = measure(&squared_error, &factors, X, err);
    }
    if (status == NMF_OK) {
        double samples = (double)X->rows * (double)X->cols;
        out->bytes = nmf_set_file_size(&found.streams, 0);
        out->psnr = squared_error > 0
                        ? 10 * log10(65025.0 * samples / squared_error)
                        : INFINITY;
    }
    nmf_set_factors_release(&factors);
    nmf_set_found_release(&found);
    return status;
}

nmf_status nmf_rate_jpeg(nmf_rate_point *out, const nmf_matrix *X,
                         const nmf_geometry *geometry, int quality,
                         nmf_error *err)
{
    *out = (nmf_rate_point){0};
    if (quality < 1 || quality > 100) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a JPEG quality of %d; there are 1 to 100",
                             quality);
    }
    return nmf_jpeg_measure(&out->bytes, &out->psnr, X, geometry, quality, err);
}
