/*
 * The frame around the methods: validate, dispatch, hold the result. Contracts
 * are in decompose.h.
 */
#include <nmfimg/decompose.h>

#include "core/alloc.h"
#include "core/decomposition.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/source.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

enum { ERROR_ROWS = 512 }; /* reconstructed at once, to measure an error */

/* nmf itself has no entry: it is nmf_fit(). */
static const nmf_decompose_method *const methods[] = {
    [NMF_METHOD_PCA] = &nmf_decompose_pca,
    [NMF_METHOD_SVD] = &nmf_decompose_svd,
    [NMF_METHOD_VQ] = &nmf_decompose_vq,
    [NMF_METHOD_PLSA] = &nmf_decompose_plsa,
};

static const nmf_decompose_method *find(nmf_method method)
{
    size_t i = (size_t)method;
    return i < sizeof methods / sizeof methods[0] ? methods[i] : NULL;
}

const char *nmf_method_name(nmf_method method)
{
    const nmf_decompose_method *found = find(method);
    return method == NMF_METHOD_NMF ? "nmf" : found ? found->name : NULL;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static nmf_status unknown_method(nmf_method method, nmf_error *err)
{
    if (method == NMF_METHOD_NMF) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "nmf is fitted by nmf_fit(); expected pca, svd, "
                             "vq or plsa");
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT, "unknown method %d",
                         (int)method);
}

/* H0 is for methods that can start from components; its shape is theirs. */
static nmf_status check_start(const nmf_decompose_options *options, size_t k,
                              size_t n_features, nmf_error *err)
{
    const nmf_matrix *H0 = options->H0;
    if (!H0) {
        return NMF_OK;
    }
    if (options->method != NMF_METHOD_VQ) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "H0 is the start of vq; %s has none",
                             nmf_method_name(options->method));
    }
    if (H0->rows != k || H0->cols != n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "H0 is %zu x %zu, expected %zu x %zu", H0->rows,
                             H0->cols, k, n_features);
    }
    return nmf_check_finite(H0, "H0", err);
}

static nmf_status check_options(const nmf_decompose_options *options, size_t k,
                                const nmf_matrix *X, nmf_error *err)
{
    const nmf_decompose_method *method = find(options->method);
    if (!method) {
        return unknown_method(options->method, err);
    }
    if (X->rows == 0 || X->cols == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the data is empty: %zu x %zu", X->rows, X->cols);
    }
    size_t most =
        smaller(NMF_MAX_COMPONENTS,
                method->is_any_k ? X->rows : smaller(X->rows, X->cols));
    if (k > most) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu components are too many for %s: X is %zu x "
                             "%zu (samples x features), which allows at most "
                             "%zu",
                             k, method->name, X->rows, X->cols, most);
    }
    if (!(options->tol >= 0.0 && isfinite(options->tol))) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "tol is %g, expected a number >= 0", options->tol);
    }
    if (options->max_iter == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "max_iter is 0, expected at least 1");
    }
    if (isnan(options->max_seconds)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "max_seconds is not a number");
    }
    return check_start(options, k, X->cols, err);
}

nmf_stop_reason nmf_decompose_tell(nmf_decompose_job *job, size_t n_iter,
                                   double objective)
{
    const nmf_decompose_options *options = job->options;
    nmf_stop_reason reason = NMF_STOP_NONE;
    nmf_clock_pause(&job->clock);
    nmf_decompose_progress progress = {
        .n_iter = n_iter,
        .objective = objective,
        .wall_seconds = job->clock.wall_seconds,
        .cpu_seconds = job->clock.cpu_seconds,
        .n_samples = job->X->rows,
        .n_features = job->X->cols,
        .n_components = job->k,
    };
    if (options->callback &&
        !options->callback(&progress, options->callback_context)) {
        reason = NMF_STOP_CANCELLED;
    } else if (options->max_seconds > 0.0 &&
               progress.wall_seconds >= options->max_seconds) {
        reason = NMF_STOP_MAX_SECONDS;
    } else if (n_iter >= options->max_iter) {
        reason = NMF_STOP_MAX_ITER;
    }
    nmf_clock_start(&job->clock);
    return reason;
}

/* An empty decomposition with room for m samples; m = 0: no activations. */
static nmf_status create(nmf_decomposition **out, size_t m, size_t k, size_t n,
                         bool has_mean, nmf_error *err)
{
    nmf_status status = NMF_OK;
    nmf_decomposition *d = nmf_calloc(1, sizeof *d);
    *out = NULL;
    if (!d) {
        return nmf_error_memory(err, sizeof *d, "a decomposition");
    }
    if ((status = nmf_matrix_init(&d->components, k, n, err)) != NMF_OK ||
        (status = nmf_matrix_init(&d->activations, m, k, err)) != NMF_OK ||
        (has_mean &&
         (status = nmf_matrix_init(&d->mean, 1, n, err)) != NMF_OK)) {
        nmf_decomposition_free(d);
        return status;
    }
    *out = d;
    return NMF_OK;
}

nmf_status nmf_decompose(nmf_decomposition **out, const nmf_matrix *X,
                         const nmf_decompose_options *options, nmf_error *err)
{
    const nmf_decompose_options defaults = NMF_DECOMPOSE_OPTIONS_INIT;
    nmf_decomposition *d = NULL;
    nmf_status status = NMF_OK;
    *out = NULL;
    options = options ? options : &defaults;
    nmf_decompose_job job = {.X = X, .options = options};
    nmf_clock_start(&job.clock);
    job.k = options->n_components > 0
                ? options->n_components
                : nmf_default_n_components(X->rows, X->cols);
    if ((status = check_options(options, job.k, X, err)) != NMF_OK) {
        return status;
    }
    job.n_threads = nmf_threads_for(
        options->n_threads, (double)X->rows * (double)X->cols * (double)job.k);
    const nmf_decompose_method *method = find(options->method);
    status = create(&d, X->rows, job.k, X->cols, method->subtracts_mean, err);
    if (status != NMF_OK) {
        return status;
    }
    d->summary = (nmf_decomposition_summary){
        .method = options->method,
        .seed = options->seed,
        .tol = options->tol,
        .max_iter = options->max_iter,
        .n_samples = X->rows,
        .threads = (unsigned)job.n_threads,
    };
    if ((status = method->fit(d, &job, err)) != NMF_OK) {
        nmf_decomposition_free(d);
        return status;
    }
    nmf_clock_pause(&job.clock);
    d->summary.wall_seconds = job.clock.wall_seconds;
    d->summary.cpu_seconds = job.clock.cpu_seconds;
    d->summary.sparseness_components = nmf_matrix_sparseness(&d->components);
    d->summary.sparseness_activations = nmf_matrix_sparseness(&d->activations);
    *out = d;
    return NMF_OK;
}

static void copy(nmf_matrix *to, const nmf_matrix *from)
{
    for (size_t i = 0; from && i < from->rows; i++) {
        memcpy(nmf_matrix_row(to, i), nmf_matrix_row(from, i),
               from->cols * sizeof(float));
    }
}

static nmf_status check_shapes(const nmf_matrix *components,
                               const nmf_matrix *mean,
                               const nmf_matrix *activations,
                               const nmf_decompose_method *method,
                               nmf_error *err)
{
    const size_t k = components->rows, n = components->cols;
    if (k == 0 || n == 0 || k > NMF_MAX_COMPONENTS) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "components of %zu x %zu: expected 1 to %d rows "
                             "and at least 1 column",
                             k, n, NMF_MAX_COMPONENTS);
    }
    if ((mean != NULL) != method->subtracts_mean) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "%s has %s mean",
                             method->name, mean ? "no" : "a");
    }
    if (mean && (mean->rows != 1 || mean->cols != n)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the mean is %zu x %zu, expected 1 x %zu",
                             mean->rows, mean->cols, n);
    }
    if (activations && activations->cols != k) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "activations have %zu columns, expected one for "
                             "each of %zu components",
                             activations->cols, k);
    }
    return NMF_OK;
}

/* Each row of vq's W names one centre. */
static nmf_status check_one_hot(const nmf_matrix *W, nmf_error *err)
{
    for (size_t i = 0; i < W->rows; i++) {
        const float *w = nmf_matrix_row(W, i);
        size_t n_ones = 0;
        size_t n_zeros = 0;
        for (size_t t = 0; t < W->cols; t++) {
            n_ones += w[t] == 1.0F;
            n_zeros += w[t] == 0.0F;
        }
        if (n_ones != 1 || n_ones + n_zeros != W->cols) {
            return nmf_error_set(err, NMF_ERR_DATA,
                                 "activations: row %zu (from 0) of vq expected "
                                 "one 1 and else 0",
                                 i);
        }
    }
    return NMF_OK;
}

/* Entries that the method can take: finite, and of the right sign. */
static nmf_status check_entries(const nmf_matrix *m, const char *what,
                                const nmf_decompose_method *method,
                                nmf_error *err)
{
    return method->is_signed ? nmf_check_finite(m, what, err)
                             : nmf_check_entries(m, what, err);
}

static nmf_status check_parts(const nmf_matrix *components,
                              const nmf_matrix *mean,
                              const nmf_matrix *activations,
                              const nmf_component_variance *variances,
                              const nmf_decompose_method *method,
                              nmf_error *err)
{
    nmf_status status =
        check_shapes(components, mean, activations, method, err);
    if (status == NMF_OK && variances && !method->has_variances) {
        status = nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "%s has no variances of its components",
                               method->name);
    }
    if (status == NMF_OK) {
        status = check_entries(components, "components", method, err);
    }
    if (status == NMF_OK && mean) {
        status = nmf_check_finite(mean, "mean", err);
    }
    if (status == NMF_OK && activations) {
        status = check_entries(activations, "activations", method, err);
    }
    if (status == NMF_OK && activations && method == &nmf_decompose_vq) {
        status = check_one_hot(activations, err);
    }
    return status;
}

nmf_status nmf_decomposition_create(nmf_decomposition **out,
                                    const nmf_matrix *components,
                                    const nmf_matrix *mean,
                                    const nmf_matrix *activations,
                                    const nmf_component_variance *variances,
                                    const nmf_decomposition_summary *summary,
                                    nmf_error *err)
{
    const nmf_decompose_method *method = find(summary->method);
    const size_t k = components->rows;
    nmf_decomposition *d = NULL;
    *out = NULL;
    if (!method) {
        return unknown_method(summary->method, err);
    }
    nmf_status status =
        check_parts(components, mean, activations, variances, method, err);
    if (status == NMF_OK) {
        status = create(&d, activations ? activations->rows : 0, k,
                        components->cols, mean != NULL, err);
    }
    if (status == NMF_OK && variances) {
        d->variances = nmf_calloc(k, sizeof *d->variances);
        if (!d->variances) {
            nmf_decomposition_free(d);
            return nmf_error_memory(err, k * sizeof *d->variances,
                                    "the variances");
        }
        memcpy(d->variances, variances, k * sizeof *d->variances);
    }
    if (status != NMF_OK) {
        return status;
    }
    copy(&d->components, components);
    copy(&d->mean, mean);
    copy(&d->activations, activations);
    d->summary = *summary;
    *out = d;
    return NMF_OK;
}

void nmf_decomposition_free(nmf_decomposition *d)
{
    if (d) {
        nmf_matrix_release(&d->components);
        nmf_matrix_release(&d->activations);
        nmf_matrix_release(&d->mean);
        nmf_free(d->variances);
        nmf_free(d);
    }
}

const nmf_matrix *nmf_decomposition_components(const nmf_decomposition *d)
{
    return &d->components;
}

const nmf_matrix *nmf_decomposition_activations(const nmf_decomposition *d)
{
    return d->activations.data ? &d->activations : NULL;
}

const nmf_matrix *nmf_decomposition_mean(const nmf_decomposition *d)
{
    return d->mean.data ? &d->mean : NULL;
}

const nmf_component_variance *
nmf_decomposition_variances(const nmf_decomposition *d)
{
    return d->variances;
}

const nmf_decomposition_summary *
nmf_decomposition_get_summary(const nmf_decomposition *d)
{
    return &d->summary;
}

nmf_status nmf_decomposition_transform(nmf_matrix *W,
                                       const nmf_decomposition *d,
                                       const nmf_matrix *X, unsigned n_threads,
                                       nmf_error *err)
{
    const nmf_decompose_method *method = find(d->summary.method);
    const nmf_matrix *H = &d->components;
    nmf_status status = NMF_OK;
    *W = (nmf_matrix){0};
    if (X->cols != H->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the data has %zu features a sample, the "
                             "components %zu",
                             X->cols, H->cols);
    }
    if ((status = check_entries(X, NULL, method, err)) != NMF_OK ||
        (status = nmf_matrix_init(W, X->rows, H->rows, err)) != NMF_OK) {
        return status;
    }
    if (X->rows > 0) {
        status = method->transform(W, d, X, nmf_threads(n_threads), err);
    }
    if (status != NMF_OK) {
        nmf_matrix_release(W);
    }
    return status;
}

nmf_status nmf_decomposition_inverse_transform(nmf_matrix *X,
                                               const nmf_decomposition *d,
                                               const nmf_matrix *W,
                                               unsigned n_threads,
                                               nmf_error *err)
{
    const nmf_matrix *H = &d->components;
    const size_t ld = nmf_padded(H->cols);
    nmf_status status = NMF_OK;
    *X = (nmf_matrix){0};
    if (W->cols != H->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the activations have %zu columns, expected one "
                             "for each of %zu components",
                             W->cols, H->rows);
    }
    if ((status = nmf_check_finite(W, "activations", err)) != NMF_OK ||
        (status = nmf_matrix_init(X, W->rows, H->cols, err)) != NMF_OK) {
        return status;
    }
    nmf_matrix padded = nmf_matrix_view(NULL, H->rows, H->cols, ld);
    padded.data = nmf_calloc(H->rows * ld, sizeof(float));
    if (!padded.data) {
        nmf_matrix_release(X);
        return nmf_error_memory(err, H->rows * ld * sizeof(float),
                                "the components");
    }
    copy(&padded, H);
    nmf_operand rows = {W->data, W->ld, 1};
    nmf_product(X->data, X->ld, rows, padded.data, ld, W->rows, H->cols,
                H->rows, nmf_threads(n_threads));
    for (size_t i = 0; d->mean.data && i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            nmf_matrix_row(X, i)[j] += d->mean.data[j];
        }
    }
    nmf_free(padded.data);
    return NMF_OK;
}

/* The sums of squares of X and of X - Y, added in double, row by row. */
static void add_squares(double *squares, double *squares_off,
                        const nmf_matrix *X, const nmf_matrix *Y)
{
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        const float *y = nmf_matrix_row(Y, i);
        for (size_t j = 0; j < X->cols; j++) {
            double off = (double)x[j] - (double)y[j];
            *squares += (double)x[j] * (double)x[j];
            *squares_off += off * off;
        }
    }
}

nmf_status nmf_decomposition_relative_error(double *out,
                                            const nmf_decomposition *d,
                                            const nmf_matrix *X,
                                            const nmf_matrix *W,
                                            unsigned n_threads, nmf_error *err)
{
    double squares = 0.0;
    double squares_off = 0.0;
    *out = 0.0;
    if (X->rows != W->rows || X->cols != d->components.cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "X of %zu x %zu and W of %zu x %zu do not go with "
                             "components of %zu x %zu",
                             X->rows, X->cols, W->rows, W->cols,
                             d->components.rows, d->components.cols);
    }
    nmf_status status = nmf_check_finite(X, NULL, err);
    /* W H is never there as a whole. */
    for (size_t i = 0; i < X->rows && status == NMF_OK; i += ERROR_ROWS) {
        size_t rows = smaller(ERROR_ROWS, X->rows - i);
        nmf_matrix x =
            nmf_matrix_view(nmf_matrix_row(X, i), rows, X->cols, X->ld);
        nmf_matrix w =
            nmf_matrix_view(nmf_matrix_row(W, i), rows, W->cols, W->ld);
        nmf_matrix y = {0};
        status = nmf_decomposition_inverse_transform(&y, d, &w, n_threads, err);
        if (status == NMF_OK) {
            add_squares(&squares, &squares_off, &x, &y);
        }
        nmf_matrix_release(&y);
    }
    if (status == NMF_OK) {
        *out = squares > 0.0       ? sqrt(squares_off / squares)
               : squares_off > 0.0 ? INFINITY
                                   : 0.0;
    }
    return status;
}
