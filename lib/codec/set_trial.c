/* Contracts are in set_trial.h. */
#include "codec/set_trial.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/error.h"

#include <math.h>

const double nmf_set_growth_a_db = 0.17;

void nmf_set_found_release(nmf_set_found *found)
{
    nmf_set_factors_release(&found->factors);
    nmf_set_streams_release(&found->streams);
    nmf_free(found->pixels);
    *found = (nmf_set_found){0};
}

double nmf_set_psnr(const nmf_set_data *data, double squared_error)
{
    double samples = (double)data->X.rows * (double)data->X.cols;
    return squared_error > 0 ? 10 * log10(65025.0 * samples / squared_error)
                             : INFINITY;
}

/* Paint what a decoder will paint; the squared error against the pictures. */
static nmf_status paint(nmf_set_found *out, double *squared_error,
                        const nmf_matrix *X, const float *mean, nmf_error *err)
{
    const size_t k = out->factors.basis.n_components;
    int32_t *components = nmf_set_paint_basis(&out->factors.basis);
    int64_t *sums = nmf_malloc(X->cols, sizeof *sums);
    nmf_status status = NMF_OK;
    out->pixels = nmf_malloc(X->rows, X->cols);
    *squared_error = 0;
    if (!components || !sums || !out->pixels) {
        status = nmf_error_memory(err, X->rows * X->cols, "compressing a set");
    }
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        uint8_t *pixels = out->pixels + i * X->cols;
        const float *row = nmf_matrix_row(X, i);
        nmf_set_paint_image(pixels, sums, components, X->cols,
                            out->factors.activations.values + i * k, k, NULL);
        for (size_t p = 0; p < X->cols; p++) {
            double level = (double)row[p] + (mean ? (double)mean[p] : 0.0);
            double gap = level - pixels[p];
            *squared_error += gap * gap;
        }
    }
    nmf_free(components);
    nmf_free(sums);
    return status;
}

/* Take the numbers of a fit, code and paint them. */
nmf_status nmf_set_realise(nmf_set_found *out, const nmf_set_fit *fit,
                           nmf_error *err)
{
    const nmf_set_mean *from = fit->data->mean;
    const float *mean = from ? from->levels : NULL;
    double squared_error = 0;
    *out = (nmf_set_found){0};
    nmf_status status = nmf_set_fit_take(&out->factors, fit, err);
    out->factors.basis.blocks = &out->factors.blocks;
    if (status == NMF_OK) {
        status = paint(out, &squared_error, &fit->data->X, mean, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_streams_code(&out->streams, &out->factors, err);
    }
    out->psnr = nmf_set_psnr(fit->data, squared_error);
    if (status != NMF_OK) {
        nmf_set_found_release(out);
    }
    return status;
}

double nmf_set_surplus(const nmf_set_searcher *s, const nmf_set_outcome *o)
{
    return s->goal->bytes > 0
               ? log10((double)s->goal->bytes / o->bytes) / nmf_set_growth_a_db
               : fmin(o->psnr, NMF_SET_PSNR_MAX) - s->goal->psnr;
}

double nmf_set_found_surplus(nmf_set_outcome *o, const nmf_set_searcher *s,
                             const nmf_set_found *found)
{
    o->psnr = found->psnr;
    o->bytes = (double)nmf_set_file_size(&found->streams, s->goal->name_bytes);
    return nmf_set_surplus(s, o);
}

void nmf_set_keep_better(nmf_set_found *best, double *least,
                         nmf_set_found *found, double surplus)
{
    double rating = surplus >= 0 ? surplus : 1000 - surplus;
    if (rating < *least) {
        nmf_set_found t = *best;
        *best = *found;
        *found = t;
        best->factors.basis.blocks = &best->factors.blocks;
        *least = rating;
    }
    nmf_set_found_release(found);
}

nmf_status nmf_set_tell(nmf_set_searcher *s, double fraction, size_t k,
                        const nmf_set_outcome *o, nmf_error *err)
{
    s->progress.fraction = fraction;
    s->progress.seconds = nmf_wall_seconds() - s->started;
    s->progress.n_components = k;
    if (o) {
        s->progress.psnr = o->psnr;
        s->progress.bytes = (size_t)o->bytes;
    }
    if (s->goal->callback &&
        !s->goal->callback(&s->progress, s->goal->context)) {
        return nmf_error_set(err, NMF_ERR_CANCELLED, "stopped on request");
    }
    return NMF_OK;
}

double nmf_set_least_q(const nmf_set_data *data)
{
    return fmax(0.5, sqrt((double)data->X.cols) / 200);
}

size_t nmf_set_max_rank(const nmf_set_data *data)
{
    size_t rank = data->X.rows < data->X.cols ? data->X.rows : data->X.cols;
    return rank < NMF_MAX_COMPONENTS ? rank : NMF_MAX_COMPONENTS;
}
