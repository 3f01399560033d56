/* Given factors as a file, without a search: nmfimg/codec.h. */
#include "codec/set_encode.h"
#include "codec/set_trial.h"
#include "core/clock.h"
#include "core/error.h"

#include <math.h>

enum { ROUNDS = 2 };

/*
 * The error of the steps of k activations, k q^2 / 12 an image, beside that of
 * W H: this part of it, which costs about 0.35 dB.
 */
static const double step_share = 1.0 / 12.0;

static nmf_status check(const nmf_matrix *X, const nmf_matrix *W,
                        const nmf_matrix *H, nmf_error *err)
{
    if (W->rows != X->rows || W->cols != H->rows || H->cols != X->cols ||
        H->rows == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "factors of %zu x %zu and %zu x %zu for %zu x %zu "
                             "numbers",
                             W->rows, W->cols, H->rows, H->cols, X->rows,
                             X->cols);
    }
    return NMF_OK;
}

/* The step for what W H leaves out, in grey levels. */
static nmf_status choose_step(double *q, const nmf_set_data *data,
                              const nmf_matrix *X, const nmf_matrix *W,
                              const nmf_matrix *H, nmf_error *err)
{
    double error = 0;
    double squares = 0;
    nmf_status status =
        nmf_relative_error(&error, X, W, H, data->n_threads, err);
    for (size_t i = 0; i < data->X.rows; i++) {
        squares += data->squares[i];
    }
    double left = error * error * squares / (double)data->X.rows;
    *q = sqrt(12.0 * step_share * left / (double)H->rows);
    *q = fmax(isfinite(*q) ? *q : 0.0, nmf_set_least_q(data));
    return status;
}

static nmf_status tell(const nmf_set_fit *fit, double seconds,
                       nmf_set_callback callback, void *context, nmf_error *err)
{
    const nmf_set_progress progress = {.fraction =
                                           (double)fit->n_rounds / ROUNDS,
                                       .seconds = seconds,
                                       .n_components = fit->k};
    return !callback || callback(&progress, context)
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_CANCELLED, "stopped on request");
}

static void report_found(nmf_set_report *report, const nmf_set_found *found)
{
    const nmf_blocks *blocks = &found->factors.blocks;
    nmf_set_info *info = &report->info;
    info->geometry.width = blocks->width;
    info->geometry.height = blocks->height;
    info->geometry.channels = blocks->channels;
    info->n_images = found->factors.activations.n_images;
    info->n_components = found->factors.basis.n_components;
    info->block_width = blocks->block_width;
    info->block_height = blocks->block_height;
    info->total_bytes = nmf_set_file_size(&found->streams, 0);
    info->basis_bytes = found->streams.basis.size;
    info->activation_bytes = found->streams.activations.size;
    info->header_bytes =
        info->total_bytes - info->basis_bytes - info->activation_bytes;
    report->psnr = found->psnr;
}

nmf_status nmf_set_weigh(nmf_set_report *report, const nmf_matrix *X,
                         const nmf_geometry *geometry, const nmf_matrix *W,
                         const nmf_matrix *H, unsigned n_threads,
                         nmf_set_callback callback, void *context,
                         nmf_error *err)
{
    const double started = nmf_wall_seconds();
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_set_data data = {0};
    nmf_set_fit fit = {0};
    nmf_set_found found = {0};
    double q = 0;
    *report = (nmf_set_report){0};
    options.n_threads = n_threads;
    nmf_status status = check(X, W, H, err);
    if (status == NMF_OK) {
        status = nmf_set_data_init(&data, X, geometry, &options, false, err);
    }
    if (status == NMF_OK) {
        status = choose_step(&q, &data, X, W, H, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_fit_begin_with(&fit, &data, W, H, q, err);
    }
    for (size_t i = 0; status == NMF_OK && i < ROUNDS; i++) {
        status = nmf_set_fit_round(&fit, err);
        if (status == NMF_OK) {
            status = tell(&fit, nmf_wall_seconds() - started, callback, context,
                          err);
        }
    }
    if (status == NMF_OK) {
        status = nmf_set_realise(&found, &fit, err);
    }
    if (status == NMF_OK) {
        report_found(report, &found);
        report->seconds = nmf_wall_seconds() - started;
    }
    nmf_set_found_release(&found);
    nmf_set_fit_release(&fit);
    nmf_set_data_release(&data);
    return status;
}
