/* Contracts are in set_fit.h. */
#include "codec/set_fit.h"
#include "codec/set_signed.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_PASSES = 3, /* over the activations in the first round */
    PASSES = 2,       /* and in later ones */
    REFIT_SWEEPS = 20,
    COMPONENT_SWEEPS = 5
};

static const double default_lambda = 0.19;
static const double norm_min = 0.3; /* of a component that is kept, times q */

static int threads_of(const nmf_set_fit *fit)
{
    return nmf_threads(fit->data->n_threads);
}

/* Factors in row format; H times scale. */
static void take_factors(nmf_set_fit *fit, const nmf_matrix *W,
                         const nmf_matrix *H, float scale)
{
    const size_t ld = nmf_padded(fit->k);
    for (size_t i = 0; i < W->rows; i++) {
        memcpy(fit->W + i * ld, nmf_matrix_row(W, i), fit->k * sizeof(float));
    }
    for (size_t j = 0; j < fit->k; j++) {
        const float *row = nmf_matrix_row(H, j);
        for (size_t p = 0; p < H->cols; p++) {
            fit->Ht[p * ld + j] = scale * row[p];
        }
    }
}

static nmf_status factorize(nmf_set_fit *fit, nmf_error *err)
{
    nmf_model *model = NULL;
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = fit->k;
    options.seed = fit->data->seed;
    options.tol = 0;
    options.min_decrease = 2e-4;
    options.max_iter = 200;
    options.n_threads = fit->data->n_threads;
    nmf_status status = nmf_fit(&model, &fit->data->X, &options, err);
    if (status == NMF_OK) {
        take_factors(fit, nmf_model_activations(model),
                     nmf_model_components(model), 1.0F);
    }
    nmf_model_free(model);
    return status;
}

/* Does any picture have any light? */
static bool is_dark(const nmf_set_data *data)
{
    double sum = 0;
    for (size_t i = 0; i < data->X.rows; i++) {
        sum += data->squares[i];
    }
    return sum == 0;
}

static nmf_status allocate(nmf_set_fit *fit, nmf_error *err)
{
    const size_t n = fit->data->X.rows;
    const size_t p = fit->data->X.cols;
    const size_t k = fit->k;
    const size_t ld = nmf_padded(k);
    fit->W = nmf_calloc_matrix(n, ld, sizeof(float));
    fit->Ht = nmf_calloc_matrix(p, ld, sizeof(float));
    fit->products = nmf_calloc_matrix(n, ld, sizeof(float));
    fit->gram = nmf_calloc_matrix(k, k, sizeof(double));
    fit->coefficients =
        nmf_calloc_matrix(k, fit->data->blocks.size, sizeof(int32_t));
    fit->exponents = nmf_calloc(k, 1);
    fit->reference = nmf_calloc(n, sizeof(int32_t));
    if (!fit->W || !fit->Ht || !fit->products || !fit->gram ||
        !fit->coefficients || !fit->exponents || !fit->reference) {
        nmf_set_fit_release(fit);
        return nmf_error_memory(err, sizeof(float) * ld * (2 * n + p),
                                "compressing a set");
    }
    return NMF_OK;
}

/* Zeros, and each image beside the one before. */
static nmf_status prepare(nmf_set_fit *out, const nmf_set_data *data, size_t k,
                          double q, nmf_error *err)
{
    *out =
        (nmf_set_fit){.data = data, .k = k, .q = q, .lambda = default_lambda};
    nmf_status status = allocate(out, err);
    for (size_t i = 0; status == NMF_OK && i < data->X.rows; i++) {
        out->reference[i] = (int32_t)i - 1;
    }
    return status;
}

nmf_status nmf_set_fit_begin_with(nmf_set_fit *out, const nmf_set_data *data,
                                  const nmf_matrix *W, const nmf_matrix *H,
                                  double q, nmf_error *err)
{
    nmf_status status = prepare(out, data, H->rows, q, err);
    if (status == NMF_OK) {
        take_factors(out, W, H, 255.0F);
    }
    return status;
}

nmf_status nmf_set_fit_begin(nmf_set_fit *out, const nmf_set_data *data,
                             size_t k, double q, nmf_error *err)
{
    nmf_status status = prepare(out, data, k, q, err);
    if (status == NMF_OK && !is_dark(data)) {
        status =
            data->is_signed ? nmf_signed_begin(out, err) : factorize(out, err);
    }
    if (status != NMF_OK) {
        nmf_set_fit_release(out);
    }
    return status;
}

void nmf_set_fit_release(nmf_set_fit *fit)
{
    nmf_free(fit->W);
    nmf_free(fit->Ht);
    nmf_free(fit->products);
    nmf_free(fit->gram);
    nmf_free(fit->coefficients);
    nmf_free(fit->exponents);
    nmf_free(fit->reference);
    *fit = (nmf_set_fit){0};
}

nmf_status nmf_set_fit_copy(nmf_set_fit *out, const nmf_set_fit *fit,
                            nmf_error *err)
{
    const size_t n = fit->data->X.rows;
    const size_t ld = nmf_padded(fit->k);
    *out = *fit;
    nmf_status status = allocate(out, err);
    if (status == NMF_OK) {
        memcpy(out->W, fit->W, n * ld * sizeof(float));
        memcpy(out->Ht, fit->Ht, fit->data->X.cols * ld * sizeof(float));
        memcpy(out->products, fit->products, n * ld * sizeof(float));
        memcpy(out->gram, fit->gram, fit->k * fit->k * sizeof(double));
        memcpy(out->coefficients, fit->coefficients,
               fit->k * fit->data->blocks.size * sizeof(int32_t));
        memcpy(out->exponents, fit->exponents, fit->k);
        memcpy(out->reference, fit->reference, n * sizeof(int32_t));
    }
    return status;
}

/* Norms of the components, k. */
static void measure_norms(double *norms, const nmf_set_fit *fit)
{
    const size_t ld = nmf_padded(fit->k);
    memset(norms, 0, fit->k * sizeof *norms);
    for (size_t p = 0; p < fit->data->X.cols; p++) {
        for (size_t j = 0; j < fit->k; j++) {
            double value = (double)fit->Ht[p * ld + j];
            norms[j] += value * value;
        }
    }
    for (size_t j = 0; j < fit->k; j++) {
        norms[j] = sqrt(norms[j]);
    }
}

/* Components of norm q, and activations to match. */
static void normalise(nmf_set_fit *fit, double *norms)
{
    const size_t ld = nmf_padded(fit->k);
    measure_norms(norms, fit);
    for (size_t p = 0; p < fit->data->X.cols; p++) {
        for (size_t j = 0; j < fit->k; j++) {
            fit->Ht[p * ld + j] *=
                (float)(norms[j] > 0 ? fit->q / norms[j] : 0.0);
        }
    }
    for (size_t i = 0; i < fit->data->X.rows; i++) {
        for (size_t j = 0; j < fit->k; j++) {
            fit->W[i * ld + j] *= (float)(norms[j] / fit->q);
        }
    }
}

typedef struct ranked {
    double value;
    size_t index;
} ranked;

static int by_falling_value(const void *left, const void *right)
{
    const ranked *a = left;
    const ranked *b = right;
    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }
    return a->index < b->index ? -1 : 1;
}

/* The variance of each activation over the images. */
static void rank(ranked *order, const nmf_set_fit *fit)
{
    const size_t ld = nmf_padded(fit->k);
    const double n = (double)fit->data->X.rows;
    for (size_t j = 0; j < fit->k; j++) {
        double sum = 0;
        double squares = 0;
        for (size_t i = 0; i < fit->data->X.rows; i++) {
            double value = (double)fit->W[i * ld + j];
            sum += value;
            squares += value * value;
        }
        order[j].value = squares / n - sum / n * (sum / n);
        order[j].index = j;
    }
    qsort(order, fit->k, sizeof *order, by_falling_value);
}

/* Columns of a matrix in row format in another order; perhaps fewer. */
static void reorder_columns(float *m, size_t rows, size_t k, size_t new_k,
                            const ranked *order, float *scratch)
{
    const size_t ld = nmf_padded(k);
    const size_t new_ld = nmf_padded(new_k);
    for (size_t i = 0; i < rows; i++) {
        memcpy(scratch, m + i * ld, k * sizeof *m);
        float *to = m + i * new_ld;
        memset(to, 0, new_ld * sizeof *m);
        for (size_t j = 0; j < new_k; j++) {
            to[j] = scratch[order[j].index];
        }
    }
}

/* The first new_k components of an order; new_k may be less than k. */
static void reorder(nmf_set_fit *fit, const ranked *order, size_t new_k,
                    float *scratch)
{
    reorder_columns(fit->W, fit->data->X.rows, fit->k, new_k, order, scratch);
    reorder_columns(fit->Ht, fit->data->X.cols, fit->k, new_k, order, scratch);
    fit->k = new_k;
}

/* Drop components that came to nothing; the order of the others stays. */
static void drop_dead(nmf_set_fit *fit, ranked *order, double *norms,
                      float *scratch)
{
    const size_t size = fit->data->blocks.size;
    size_t kept = 0;
    measure_norms(norms, fit);
    for (size_t j = 0; j < fit->k; j++) {
        if (norms[j] > norm_min * fit->q || (kept == 0 && j + 1 == fit->k)) {
            order[kept].index = j;
            if (kept != j) {
                memcpy(fit->coefficients + kept * size,
                       fit->coefficients + j * size, size * sizeof(int32_t));
            }
            fit->exponents[kept] = fit->exponents[j];
            kept++;
        }
    }
    reorder(fit, order, kept, scratch);
}

/* Products and gram for the components as they are. */
static void multiply(nmf_set_fit *fit)
{
    const nmf_matrix *X = &fit->data->X;
    const size_t ld = nmf_padded(fit->k);
    nmf_operand x = {X->data, X->ld, 1};
    nmf_product(fit->products, ld, x, fit->Ht, ld, X->rows, fit->k, X->cols,
                threads_of(fit));
    nmf_gram(fit->gram, fit->Ht, X->cols, fit->k, threads_of(fit));
}

/* Sweeps over F given products and gram (k x k); signed ones are solved. */
static nmf_status sweep(float *F, const float *products, const double *gram,
                        size_t n, size_t k, size_t n_sweeps, bool is_signed,
                        int n_threads, nmf_error *err)
{
    size_t n_floats = k * k + NMF_LANES + nmf_sweep_scratch(k);
    if (is_signed) {
        return nmf_signed_solve(F, products, gram, n, k, err);
    }
    float *scratch = nmf_malloc(n_floats, sizeof *scratch);
    if (!scratch) {
        return nmf_error_memory(err, 4 * n_floats, "compressing a set");
    }
    float *G = scratch + nmf_sweep_scratch(k);
    for (size_t i = 0; i < k * k; i++) {
        G[i] = (float)gram[i];
    }
    for (size_t i = 0; i < n_sweeps; i++) {
        nmf_sweep(F, products, G, k, n, k, scratch, n_threads);
    }
    nmf_free(scratch);
    return NMF_OK;
}

/* Components for the activations as they are: the next round's aim. */
static nmf_status refit_components(nmf_set_fit *fit, nmf_error *err)
{
    const nmf_matrix *X = &fit->data->X;
    const size_t k = fit->k;
    const size_t ld = nmf_padded(k);
    float *products = nmf_calloc_matrix(X->cols, ld, sizeof(float));
    double *gram = nmf_calloc_matrix(k, k, sizeof(double));
    nmf_status status = NMF_OK;
    if (!products || !gram) {
        status = nmf_error_memory(err, 4 * X->cols * ld, "compressing a set");
    } else {
        nmf_operand x = {X->data, 1, X->ld};
        nmf_product(products, ld, x, fit->W, ld, X->cols, k, X->rows,
                    threads_of(fit));
        nmf_gram(gram, fit->W, X->rows, k, threads_of(fit));
        status = sweep(fit->Ht, products, gram, X->cols, k, COMPONENT_SWEEPS,
                       fit->data->is_signed, threads_of(fit), err);
    }
    nmf_free(products);
    nmf_free(gram);
    return status;
}

static void round_activations(nmf_set_fit *fit)
{
    const size_t ld = nmf_padded(fit->k);
    for (size_t i = 0; i < fit->data->X.rows * ld; i++) {
        fit->W[i] = fmaxf(-NMF_ACTIVATION_MAX,
                          fminf(floorf(fit->W[i] + 0.5F), NMF_ACTIVATION_MAX));
    }
}

/* New components, in order of how much their activations vary. */
static nmf_status choose_components(nmf_set_fit *fit, nmf_error *err)
{
    ranked *order = nmf_malloc(fit->k, sizeof *order);
    double *norms = nmf_malloc(fit->k, sizeof *norms);
    float *scratch = nmf_malloc(nmf_padded(fit->k), sizeof *scratch);
    nmf_status status = NMF_OK;
    if (!order || !norms || !scratch) {
        status = nmf_error_memory(err, fit->k * 32, "compressing a set");
    } else {
        normalise(fit, norms);
        rank(order, fit);
        reorder(fit, order, fit->k, scratch);
        status = nmf_basis_choose(fit, err);
        if (status == NMF_OK) {
            drop_dead(fit, order, norms, scratch);
        }
    }
    nmf_free(order);
    nmf_free(norms);
    nmf_free(scratch);
    return status;
}

nmf_status nmf_set_fit_round(nmf_set_fit *fit, nmf_error *err)
{
    nmf_status status = NMF_OK;
    if (fit->n_rounds > 0) {
        status = refit_components(fit, err);
    }
    if (status == NMF_OK) {
        status = choose_components(fit, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    multiply(fit);
    if (fit->n_rounds == 0) {
        status =
            sweep(fit->W, fit->products, fit->gram, fit->data->X.rows, fit->k,
                  REFIT_SWEEPS, fit->data->is_signed, threads_of(fit), err);
    }
    round_activations(fit);
    if (status == NMF_OK) {
        status = nmf_activations_choose(
            fit, fit->n_rounds == 0 ? FIRST_PASSES : PASSES, err);
    }
    fit->n_rounds++;
    return status;
}

nmf_status nmf_set_fit_choose(nmf_set_fit *fit, nmf_error *err)
{
    return nmf_activations_choose(fit, 1, err);
}

nmf_status nmf_set_fit_take(nmf_set_factors *out, const nmf_set_fit *fit,
                            nmf_error *err)
{
    const nmf_set_mean *mean = fit->data->mean;
    const size_t n = fit->data->X.rows;
    const size_t ld = nmf_padded(fit->k);
    const size_t k = fit->k + (mean != NULL);
    nmf_status status =
        nmf_set_factors_init(out, &fit->data->blocks, n, k, err);
    if (status != NMF_OK) {
        return status;
    }
    memcpy(out->basis.coefficients, fit->coefficients,
           fit->k * fit->data->blocks.size * sizeof(int32_t));
    memcpy(out->basis.exponents, fit->exponents, fit->k);
    out->activations.is_signed = fit->data->is_signed;
    memcpy(out->activations.reference, fit->reference, n * sizeof(int32_t));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < fit->k; j++) {
            out->activations.values[i * k + j] = (int32_t)fit->W[i * ld + j];
        }
    }
    if (mean) {
        nmf_signed_add_mean(out, mean);
    }
    return NMF_OK;
}
