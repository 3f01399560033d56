/* Contracts: observed.h. */
#include "core/observed.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/rng.h"

#include <math.h>
#include <string.h>

static bool has_nan(const nmf_matrix *X)
{
    int found = 0;
    for (size_t i = 0; !found && i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            found |= isnan(x[j]) != 0;
        }
    }
    return found;
}

/* Do all entries count, and alike? */
static bool is_plain(const nmf_matrix *X, const nmf_options *options)
{
    return !options->weights && !(options->validation_fraction > 0.0) &&
           !(options->nan_is_missing && has_nan(X));
}

static void held_out_release(nmf_held_out *h)
{
    nmf_free(h->begin);
    nmf_free(h->feature);
    nmf_free(h->x);
    nmf_free(h->weight);
    *h = (nmf_held_out){0};
}

void nmf_observed_release(nmf_observed *o)
{
    nmf_matrix_release(&o->X);
    nmf_matrix_release(&o->M);
    held_out_release(&o->held_out);
    *o = (nmf_observed){0};
}

/* ---- weights ---- */

static nmf_status check_weights(const nmf_matrix *weights, const nmf_matrix *X,
                                nmf_error *err)
{
    if (weights->rows != X->rows || weights->cols != X->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the weights are %zu x %zu, X is %zu x %zu",
                             weights->rows, weights->cols, X->rows, X->cols);
    }
    return nmf_check_entries(weights, "weights", err);
}

/* M as given; 0 where NaN means missing. */
static void take_weights(nmf_matrix *M, const nmf_matrix *X,
                         const nmf_matrix *weights, bool nan_is_missing)
{
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        const float *given = weights ? nmf_matrix_row(weights, i) : NULL;
        float *m = nmf_matrix_row(M, i);
        for (size_t j = 0; j < X->cols; j++) {
            m[j] = nan_is_missing && isnan(x[j]) ? 0.0F
                   : given                       ? given[j]
                                                 : 1.0F;
        }
    }
}

/* The checks are those of a plain matrix, so that the words are. */
static nmf_status take_entries(nmf_matrix *entries, const nmf_matrix *X,
                               const nmf_matrix *M, nmf_error *err)
{
    for (size_t i = 0; i < X->rows; i++) {
        const float *from = nmf_matrix_row(X, i);
        const float *m = nmf_matrix_row(M, i);
        float *x = nmf_matrix_row(entries, i);
        for (size_t j = 0; j < X->cols; j++) {
            x[j] = m[j] > 0.0F ? from[j] : 0.0F;
        }
    }
    return nmf_check_entries(entries, NULL, err);
}

nmf_status nmf_observed_entries(nmf_matrix *entries, nmf_matrix *M,
                                const nmf_matrix *X, const nmf_matrix *weights,
                                bool nan_is_missing, nmf_error *err)
{
    nmf_status status = NMF_OK;
    *entries = *M = (nmf_matrix){0};
    if ((weights && (status = check_weights(weights, X, err)) != NMF_OK) ||
        (status = nmf_matrix_init(entries, X->rows, X->cols, err)) != NMF_OK) {
        return status;
    }
    status = nmf_matrix_init(M, X->rows, X->cols, err);
    if (status == NMF_OK) {
        take_weights(M, X, weights, nan_is_missing);
        status = take_entries(entries, X, M, err);
    }
    if (status != NMF_OK) {
        nmf_matrix_release(entries);
        nmf_matrix_release(M);
    }
    return status;
}

/* Scale M by a power of two, so that its largest is near 1: unit. Counts what
 * is missing. */
static void scale_weights(nmf_observed *o)
{
    float largest = 0.0F;
    int exponent = 0;
    for (size_t i = 0; i < o->M.rows; i++) {
        for (size_t j = 0; j < o->M.cols; j++) {
            largest = fmaxf(largest, nmf_matrix_row(&o->M, i)[j]);
        }
    }
    frexp((double)largest, &exponent); /* 1 is 1/2 times 2^1 */
    o->unit = ldexp(1.0, exponent - 1);
    for (size_t i = 0; i < o->M.rows; i++) {
        float *m = nmf_matrix_row(&o->M, i);
        for (size_t j = 0; j < o->M.cols; j++) {
            m[j] = (float)((double)m[j] / o->unit);
            o->n_missing += !(m[j] > 0.0F);
        }
    }
}

/* ---- held out ---- */

/*
 * Choose n of the entries that count, all sets alike likely: each in turn with
 * the part of them that is left to choose (selection sampling, Knuth, The Art
 * of Computer Programming 2, 3.4.2), and take their weight away.
 */
static void choose(nmf_observed *o, size_t n, uint64_t seed)
{
    nmf_held_out *h = &o->held_out;
    nmf_rng rng = nmf_rng_init(seed, 2); /* 0 and 1 are those of the start */
    size_t left = o->X.rows * o->X.cols - o->n_missing;
    for (size_t i = 0; i < o->X.rows; i++) {
        float *m = nmf_matrix_row(&o->M, i);
        h->begin[i] = h->n;
        for (size_t j = 0; j < o->X.cols; j++) {
            if (!(m[j] > 0.0F)) {
                continue;
            }
            if (nmf_rng_uniform(&rng) * (double)left < (double)(n - h->n)) {
                h->feature[h->n] = j;
                h->x[h->n] = nmf_matrix_row(&o->X, i)[j];
                h->weight[h->n] = m[j];
                h->n++;
                m[j] = 0.0F;
            }
            left--;
        }
    }
    h->begin[o->X.rows] = h->n;
}

static nmf_status hold_out(nmf_observed *o, const nmf_options *options,
                           nmf_error *err)
{
    nmf_held_out *h = &o->held_out;
    const size_t observed = o->X.rows * o->X.cols - o->n_missing;
    const double wish = options->validation_fraction * (double)observed;
    const size_t n = wish < 1.0 ? 1 : (size_t)(wish + 0.5);
    if (observed < 2) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "of %zu entries that count none can be held out "
                             "for validation",
                             observed);
    }
    h->begin = nmf_calloc(o->X.rows + 1, sizeof *h->begin);
    h->feature = nmf_malloc(n, sizeof *h->feature);
    h->x = nmf_malloc(n, sizeof *h->x);
    h->weight = nmf_malloc(n, sizeof *h->weight);
    if (!h->begin || !h->feature || !h->x || !h->weight) {
        return nmf_error_memory(err,
                                n * (sizeof *h->feature + 2 * sizeof *h->x),
                                "the entries held out");
    }
    choose(o, n, options->seed);
    return NMF_OK;
}

/* ---- the others ---- */

/* The mean of each feature in the place of what does not count. */
static nmf_status fill_missing(nmf_observed *o, nmf_error *err)
{
    const size_t n = o->X.cols;
    double *sums = nmf_calloc_matrix(2, n, sizeof *sums);
    if (!sums) {
        return nmf_error_memory(err, 2 * n * sizeof *sums,
                                "the means of the features");
    }
    double *weights = sums + n;
    for (size_t i = 0; i < o->X.rows; i++) {
        const float *x = nmf_matrix_row(&o->X, i);
        const float *m = nmf_matrix_row(&o->M, i);
        for (size_t j = 0; j < n; j++) {
            sums[j] += (double)m[j] * (double)x[j];
            weights[j] += (double)m[j];
        }
    }
    for (size_t i = 0; i < o->X.rows; i++) {
        float *x = nmf_matrix_row(&o->X, i);
        const float *m = nmf_matrix_row(&o->M, i);
        for (size_t j = 0; j < n; j++) {
            if (!(m[j] > 0.0F)) {
                x[j] = weights[j] > 0.0 ? (float)(sums[j] / weights[j]) : 0.0F;
            }
        }
    }
    nmf_free(sums);
    return NMF_OK;
}

/* The sums of the source, over what counts. */
static nmf_status sum_up(nmf_observed *o, nmf_error *err)
{
    nmf_source *source = &o->source;
    source->sum = source->squared_norm = o->weights.sum = 0.0;
    for (size_t i = 0; i < o->X.rows; i++) {
        const float *x = nmf_matrix_row(&o->X, i);
        const float *m = nmf_matrix_row(&o->M, i);
        double sum = 0.0, squares = 0.0, weight = 0.0;
#pragma omp simd reduction(+ : sum, squares, weight)
        for (size_t j = 0; j < o->X.cols; j++) {
            const double product = (double)m[j] * (double)x[j];
            sum += product;
            squares += product * (double)x[j];
            weight += (double)m[j];
        }
        source->sum += sum;
        source->squared_norm += squares;
        o->weights.sum += weight;
    }
    if (!(source->squared_norm > 0.0)) {
        return nmf_error_set(err, NMF_ERR_DATA,
                             "%s of the %zu x %zu entries %s: there is nothing "
                             "to learn",
                             o->weights.sum > 0.0 ? "all that count" : "none",
                             o->X.rows, o->X.cols,
                             o->weights.sum > 0.0 ? "are 0" : "counts");
    }
    return NMF_OK;
}

nmf_status nmf_observed_init(nmf_observed *out, const nmf_matrix *X,
                             const nmf_options *options, int n_threads,
                             nmf_error *err)
{
    nmf_status status = NMF_OK;
    *out = (nmf_observed){.unit = 1.0};
    if (is_plain(X, options)) {
        return nmf_source_dense(&out->source, X, n_threads, err);
    }
    status = nmf_observed_entries(&out->X, &out->M, X, options->weights,
                                  options->nan_is_missing, err);
    if (status != NMF_OK) {
        return status;
    }
    scale_weights(out);
    if (options->validation_fraction > 0.0) {
        status = hold_out(out, options, err);
    }
    if (status == NMF_OK) {
        status = fill_missing(out, err);
    }
    if (status == NMF_OK) {
        status = nmf_source_signed(&out->source, &out->X, n_threads, err);
    }
    if (status == NMF_OK) {
        status = nmf_source_signed(&out->weights, &out->M, n_threads, err);
    }
    if (status == NMF_OK) {
        out->source.weights = &out->weights;
        status = sum_up(out, err);
    }
    return status;
}

void nmf_observed_clear(const nmf_observed *o, nmf_matrix *W0, nmf_matrix *H0)
{
    for (size_t i = 0; o->source.weights && i < o->M.rows; i++) {
        const float *m = nmf_matrix_row(&o->M, i);
        float most = 0.0F;
        for (size_t j = 0; j < o->M.cols; j++) {
            most = fmaxf(most, m[j]);
        }
        for (size_t t = 0; !(most > 0.0F) && t < W0->cols; t++) {
            nmf_matrix_row(W0, i)[t] = 0.0F;
        }
    }
    for (size_t j = 0; o->source.weights && j < o->M.cols; j++) {
        size_t i = 0;
        while (i < o->M.rows && !(nmf_matrix_row(&o->M, i)[j] > 0.0F)) {
            i++;
        }
        for (size_t t = 0; i == o->M.rows && t < H0->rows; t++) {
            nmf_matrix_row(H0, t)[j] = 0.0F;
        }
    }
}
