/*
 * Pictures as a compressed set: checks, grey levels, the search, the file.
 * Contracts are in nmfimg/codec.h; what is written, in FORMAT.md, section 7.
 */
#include "codec/set_encode.h"
#include "codec/name_code.h"
#include "codec/set_compare.h"
#include "codec/set_signed.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* Sides up to this are transformed whole: blocks do not pay there. */
enum { WHOLE_MAX = 24, LARGE_MIN = 64 };

nmf_status nmf_check_targets(unsigned quality, double psnr, size_t bytes,
                             nmf_error *err)
{
    if ((psnr != 0) + (bytes != 0) + (quality != 0) > 1) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "more than one of quality, target PSNR and size");
    }
    if (quality > 100) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "quality %u; the best is 100", quality);
    }
    if (!isfinite(psnr) || psnr < 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "a target of %g dB", psnr);
    }
    return NMF_OK;
}

static nmf_status check(const nmf_matrix *X, const nmf_geometry *geometry,
                        const nmf_set_options *options, nmf_error *err)
{
    size_t n_features = 0;
    if (X->rows == 0 || X->rows > INT32_MAX) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu pictures; a set has 1 to 2147483647",
                             X->rows);
    }
    if (geometry->width == 0 || geometry->patch_stride != 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a set is made of whole pictures, not of %s",
                             geometry->width ? "patches" : "rows of numbers");
    }
    if (geometry->width > NMF_SET_SIDE_MAX ||
        geometry->height > NMF_SET_SIDE_MAX) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "pictures of %zux%zu; the sides of a set's have "
                             "at most %d pixels",
                             geometry->width, geometry->height,
                             NMF_SET_SIDE_MAX);
    }
    if ((geometry->channels != 1 && geometry->channels != 3) ||
        !nmf_size_mul(&n_features, geometry->width * geometry->height,
                      geometry->channels) ||
        n_features != X->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "rows of %zu numbers are no pictures of %zux%zu "
                             "and %zu channels",
                             X->cols, geometry->width, geometry->height,
                             geometry->channels);
    }
    return nmf_check_targets(options->quality, options->target_psnr,
                             options->target_bytes, err);
}

/* Blocks for pictures of that size. */
static nmf_blocks choose_blocks(const nmf_geometry *geometry)
{
    size_t longer =
        geometry->width > geometry->height ? geometry->width : geometry->height;
    bool is_whole = longer <= WHOLE_MAX;
    size_t side = longer >= LARGE_MIN ? 16 : 8;
    nmf_blocks blocks;
    nmf_blocks_init(&blocks, geometry->width, geometry->height,
                    geometry->channels, is_whole ? geometry->width : side,
                    is_whole ? geometry->height : side);
    return blocks;
}

/* Grey levels, rounded as PNG writes them, and sums of their squares. */
static nmf_status take_pictures(nmf_set_data *data, const nmf_matrix *X,
                                nmf_error *err)
{
    nmf_status status = nmf_matrix_init(&data->X, X->rows, X->cols, err);
    data->squares = nmf_calloc(X->rows, sizeof(double));
    if (status == NMF_OK && !data->squares) {
        status = nmf_error_memory(err, X->rows * sizeof(double),
                                  "compressing a set");
    }
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        const float *from = nmf_matrix_row(X, i);
        float *to = nmf_matrix_row(&data->X, i);
        for (size_t p = 0; p < X->cols; p++) {
            if (isnan(from[p])) {
                return nmf_error_set(err, NMF_ERR_DATA,
                                     "no number at row %zu, column %zu", i, p);
            }
            float level = floorf(from[p] * 255.0F + 0.5F);
            to[p] = fmaxf(0, fminf(255, level));
            data->squares[i] += (double)(to[p] * to[p]);
        }
    }
    return status;
}

/* Without a target the PSNR is that of a JPEG of this quality (0: default). */
static nmf_status aim(nmf_set_goal *goal, const nmf_matrix *X,
                      const nmf_geometry *geometry, unsigned quality,
                      nmf_error *err)
{
    size_t bytes = 0;
    if (goal->psnr != 0 || goal->bytes != 0) {
        return NMF_OK;
    }
    nmf_status status =
        nmf_jpeg_measure(&bytes, &goal->psnr, X, geometry,
                         quality ? (int)quality : NMF_SET_QUALITY_DEFAULT, err);
    goal->psnr =
        fmin(goal->psnr, 60); /* pictures that JPEG keeps as they are */
    return status;
}

/* The file, and what is told of it. */
static nmf_status write(nmf_bytes *out, nmf_set_report *report,
                        const nmf_set_found *found, const nmf_bytes *names,
                        nmf_error *err)
{
    nmf_status status = nmf_set_file_write(
        out, &found->factors, &found->streams, names, found->pixels, err);
    if (status == NMF_OK && report) {
        report->psnr = found->psnr;
        status = nmf_set_describe(&report->info, out->data, out->size,
                                  "the result", err);
    }
    return status;
}

nmf_status nmf_set_data_init(nmf_set_data *out, const nmf_matrix *X,
                             const nmf_geometry *geometry,
                             const nmf_set_options *options, bool is_signed,
                             nmf_error *err)
{
    *out = (nmf_set_data){.is_signed = is_signed};
    nmf_status status = check(X, geometry, options, err);
    if (status == NMF_OK) {
        out->blocks = choose_blocks(geometry);
        out->blocks.is_signed = is_signed;
        out->weight = 1;
        out->seed = options->seed;
        out->n_threads = options->n_threads;
        status = take_pictures(out, X, err);
    }
    if (status != NMF_OK) {
        nmf_set_data_release(out);
    }
    return status;
}

void nmf_set_data_release(nmf_set_data *data)
{
    nmf_matrix_release(&data->X);
    nmf_free(data->squares);
    *data = (nmf_set_data){0};
}

nmf_status nmf_set_find(nmf_set_found *out, const nmf_matrix *X,
                        const nmf_geometry *geometry,
                        const nmf_set_options *options, size_t name_bytes,
                        bool is_signed, nmf_error *err)
{
    nmf_set_data data;
    nmf_set_mean mean = {0};
    *out = (nmf_set_found){0};
    nmf_status status =
        nmf_set_data_init(&data, X, geometry, options, is_signed, err);
    if (status == NMF_OK && is_signed) {
        status = nmf_signed_centre(&mean, &data, err);
        data.mean = &mean;
    }
    if (status == NMF_OK) {
        nmf_set_goal goal = {.psnr = options->target_psnr,
                             .bytes = options->target_bytes,
                             .name_bytes = name_bytes,
                             .n_components = options->n_components,
                             .no_residual = options->no_residual || is_signed,
                             .callback = options->callback,
                             .context = options->callback_context};
        status = aim(&goal, X, geometry, options->quality, err);
        if (status == NMF_OK) {
            status = nmf_set_search(out, &data, &goal, err);
        }
    }
    nmf_set_mean_release(&mean);
    nmf_set_data_release(&data);
    return status;
}

nmf_status nmf_set_encode(nmf_bytes *out, nmf_set_report *report,
                          const nmf_matrix *X, const nmf_geometry *geometry,
                          const nmf_set_options *options, nmf_error *err)
{
    static const nmf_set_options defaults = NMF_SET_OPTIONS_INIT;
    const double started = nmf_wall_seconds();
    nmf_set_found found = {0};
    nmf_bytes names = {0};
    nmf_status status = NMF_OK;
    *out = (nmf_bytes){0};
    if (!options) {
        options = &defaults;
    }
    if (options->names) {
        status = nmf_names_encode(&names, options->names, X->rows, err);
    }
    if (status == NMF_OK) {
        status =
            nmf_set_find(&found, X, geometry, options, names.size, false, err);
    }
    if (status == NMF_OK) {
        status = write(out, report, &found, &names, err);
    }
    if (status == NMF_OK && report) {
        report->seconds = nmf_wall_seconds() - started;
    }
    nmf_set_found_release(&found);
    nmf_bytes_release(&names);
    return status;
}
