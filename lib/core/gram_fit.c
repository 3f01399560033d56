/* Memory and the frame of an iteration. Contracts: gram_fit.h. */
#include "core/gram_fit.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"

#include <math.h>
#include <string.h>

static void half_release(gram_half *h)
{
    nmf_free(h->F);
    nmf_free(h->P);
    nmf_free(h->gram);
}

static bool half_init(gram_half *h, size_t n, size_t k, double l1, double l2)
{
    size_t entries = 0;
    h->n = n;
    h->l1 = l1;
    h->l2 = l2;
    if (!nmf_size_mul(&entries, n, nmf_padded(k))) {
        return false;
    }
    h->F = nmf_calloc(entries, sizeof *h->F);
    h->P = nmf_calloc(entries, sizeof *h->P);
    h->gram = nmf_calloc(k * k, sizeof *h->gram);
    return h->F && h->P && h->gram;
}

void gram_fit_free(void *state)
{
    gram_fit *fit = state;
    if (fit) {
        half_release(&fit->W);
        half_release(&fit->Ht);
        nmf_free(fit->best.W);
        nmf_free(fit->best.Ht);
        nmf_free(fit->G);
        nmf_free(fit->H);
        nmf_free(fit->scratch);
        nmf_free(fit);
    }
}

/* After the halves, whose sizes are known to be possible. */
static bool allocate_best(gram_fit *fit)
{
    const size_t ld = nmf_padded(fit->k);
    fit->best.lowest = INFINITY;
    fit->best.W = nmf_calloc(fit->W.n * ld, sizeof *fit->best.W);
    fit->best.Ht = nmf_calloc(fit->Ht.n * ld, sizeof *fit->best.Ht);
    return fit->best.W && fit->best.Ht;
}

static bool allocate(gram_fit *fit, const nmf_loss *loss, size_t scratch_bytes,
                     bool keeps_best)
{
    const nmf_source *X = fit->X;
    const size_t k = fit->k;
    size_t h_entries = 0;
    fit->G = nmf_calloc(k * k, sizeof *fit->G);
    fit->scratch = scratch_bytes ? nmf_calloc(scratch_bytes, 1) : NULL;
    if (nmf_size_mul(&h_entries, k, nmf_padded(X->n_features))) {
        fit->H = nmf_calloc(h_entries, sizeof *fit->H);
    }
    return half_init(&fit->W, X->n_samples, k, loss->l1_W, loss->l2_W) &&
           half_init(&fit->Ht, X->n_features, k, loss->l1_H, loss->l2_H) &&
           fit->G && fit->H && (fit->scratch || scratch_bytes == 0) &&
           (!keeps_best || allocate_best(fit));
}

nmf_status gram_fit_create(gram_fit **out, const nmf_source *X,
                           const nmf_loss *loss, const nmf_matrix *W0,
                           const nmf_matrix *H0, size_t scratch_bytes,
                           bool keeps_best, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows, ld = nmf_padded(k);
    gram_fit *fit = nmf_calloc(1, sizeof *fit);
    *out = NULL;
    if (!fit) {
        return nmf_error_memory(err, sizeof *fit, "the solver");
    }
    fit->X = X;
    fit->k = k;
    fit->n_threads = n_threads;
    if (!allocate(fit, loss, scratch_bytes, keeps_best)) {
        gram_fit_free(fit);
        return nmf_error_memory(err,
                                2 * (X->n_samples + X->n_features) * ld *
                                        sizeof(float) +
                                    scratch_bytes,
                                "the factors");
    }
    for (size_t i = 0; i < X->n_samples; i++) {
        memcpy(fit->W.F + i * ld, nmf_matrix_row(W0, i), k * sizeof(float));
    }
    for (size_t t = 0; t < k; t++) {
        for (size_t j = 0; j < X->n_features; j++) {
            fit->Ht.F[j * ld + t] = nmf_matrix_row(H0, t)[j];
        }
    }
    nmf_gram(fit->Ht.gram, fit->Ht.F, fit->Ht.n, k, n_threads);
    *out = fit;
    return NMF_OK;
}

/* ---- an iteration ---- */

/* The products less l1; the padding stays zero. */
static void shift_products(const gram_fit *fit, gram_half *h)
{
    const size_t ld = nmf_padded(fit->k);
    for (size_t i = 0; h->l1 > 0.0 && i < h->n; i++) {
        for (size_t t = 0; t < fit->k; t++) {
            h->P[i * ld + t] -= (float)h->l1;
        }
    }
}

static double sum_of(const gram_fit *fit, const gram_half *h)
{
    const size_t ld = nmf_padded(fit->k);
    double sum = 0.0;
    for (size_t i = 0; i < h->n; i++) {
        for (size_t t = 0; t < fit->k; t++) {
            sum += (double)h->F[i * ld + t];
        }
    }
    return sum;
}

static double trace(const double *G, size_t k)
{
    double sum = 0.0;
    for (size_t t = 0; t < k; t++) {
        sum += G[t * k + t];
    }
    return sum;
}

/*
 * A component that the other factor does not use costs its penalty and does
 * nothing: with 1 on the diagonal l1 takes it to 0.
 */
static void shift_gram(const gram_fit *fit, double *G, const double *gram,
                       const gram_half *h)
{
    memcpy(G, gram, fit->k * fit->k * sizeof *G);
    for (size_t t = 0; t < fit->k; t++) {
        double *diagonal = &G[t * fit->k + t];
        *diagonal += h->l2;
        *diagonal = *diagonal == 0.0 && h->l1 > 0.0 ? 1.0 : *diagonal;
    }
}

static void update_half(gram_fit *fit, gram_half *h, const double *other_gram,
                        gram_update *update)
{
    shift_products(fit, h);
    shift_gram(fit, fit->G, other_gram, h);
    update(fit, h);
    nmf_gram(h->gram, h->F, h->n, fit->k, fit->n_threads);
}

/*
 * X is read twice. Of the larger factor: its product is written and read, the
 * sweep reads and writes it, its gram matrix and the other product read it.
 */
static double count_bytes(const gram_fit *fit)
{
    const size_t longer = fit->W.n > fit->Ht.n ? fit->W.n : fit->Ht.n;
    return sizeof(float) * (2.0 * (double)fit->W.n * (double)fit->Ht.n +
                            6.0 * (double)longer * (double)nmf_padded(fit->k));
}

/* The factors of a pair, to be looked at. */
static gram_fit with_factors(const gram_fit *fit, float *W, float *Ht)
{
    gram_fit pair = *fit;
    pair.W.F = W;
    pair.Ht.F = Ht;
    return pair;
}

/* ||X - W H||^2 of the factors in W.F and Ht.F. */
static double sum_up(gram_fit *fit);

/* Keep the pair if it is the best; the step of the best. */
static nmf_step keep_best(gram_fit *fit, nmf_step step)
{
    const size_t row_bytes = nmf_padded(fit->k) * sizeof(float);
    gram_best *best = &fit->best;
    if (step.squared_error < 1e-3 * fit->X->squared_norm) {
        step.squared_error = sum_up(fit); /* the free one is inaccurate */
        step.is_summed = true;
    }
    const double objective = 0.5 * step.squared_error + step.penalty;
    best->is_latest = objective < best->lowest;
    if (best->is_latest) {
        best->lowest = objective;
        best->step = step;
        memcpy(best->W, fit->W.F, fit->W.n * row_bytes);
        memcpy(best->Ht, fit->Ht.F, fit->Ht.n * row_bytes);
    }
    best->step.flops = step.flops;
    best->step.bytes = step.bytes;
    return best->step;
}

nmf_step gram_fit_iterate(gram_fit *fit, gram_update *update)
{
    const nmf_source *X = fit->X;
    const size_t k = fit->k;
    nmf_step step = {0};
    double grams = 0.0;
    const double sides = (double)(fit->W.n + fit->Ht.n);

    fit->flops = 0.0;
    X->ops->times_components(X, fit->W.P, fit->Ht.F, k, fit->n_threads);
    update_half(fit, &fit->W, fit->Ht.gram, update);
    X->ops->times_activations(X, fit->Ht.P, fit->W.F, k, fit->n_threads);
    update_half(fit, &fit->Ht, fit->W.gram, update);

    for (size_t i = 0; i < k * k; i++) {
        grams += fit->W.gram[i] * fit->Ht.gram[i];
    }
    const double sum_W = fit->W.l1 > 0.0 ? sum_of(fit, &fit->W) : 0.0;
    const double sum_H = fit->Ht.l1 > 0.0 ? sum_of(fit, &fit->Ht) : 0.0;
    const double dot =
        nmf_inner(fit->Ht.F, fit->Ht.P, fit->Ht.n, k, fit->n_threads) +
        fit->Ht.l1 * sum_H;
    step.squared_error = X->squared_norm + grams - 2.0 * dot;
    step.penalty = fit->W.l1 * sum_W + fit->Ht.l1 * sum_H +
                   0.5 * (fit->W.l2 * trace(fit->W.gram, k) +
                          fit->Ht.l2 * trace(fit->Ht.gram, k));
    step.flops = 4.0 * (double)fit->W.n * (double)fit->Ht.n * (double)k +
                 (double)k * ((double)k + 1.0) * sides + fit->flops;
    step.bytes = count_bytes(fit);
    return fit->best.W ? keep_best(fit, step) : step;
}

/* ---- what else the driver asks for ---- */

/* H' to H, ldh apart. */
static void transpose(float *H, size_t ldh, const gram_fit *fit)
{
    const size_t ld = nmf_padded(fit->k);
    for (size_t t = 0; t < fit->k; t++) {
        for (size_t j = 0; j < fit->Ht.n; j++) {
            H[t * ldh + j] = fit->Ht.F[j * ld + t];
        }
    }
}

static double sum_up(gram_fit *fit)
{
    const size_t ldh = nmf_padded(fit->Ht.n);
    transpose(fit->H, ldh, fit);
    return fit->X->ops->residual(fit->X, fit->W.F, fit->H, ldh, fit->k,
                                 fit->n_threads);
}

/* The pair that is reported. */
static gram_fit kept(const gram_fit *fit)
{
    return fit->best.W ? with_factors(fit, fit->best.W, fit->best.Ht) : *fit;
}

double gram_fit_residual(void *state)
{
    gram_fit pair = kept(state);
    return sum_up(&pair);
}

static double projected_squares(gram_fit *fit, const gram_half *h)
{
    return nmf_projected_gradient(h->F, h->P, fit->G, h->n, fit->k,
                                  fit->n_threads);
}

static double violation_of(gram_fit *fit, const gram_half *h,
                           const double *other_gram, gram_violation *violation)
{
    shift_gram(fit, fit->G, other_gram, h);
    return violation(fit, h);
}

/*
 * X H' is made anew for the new H, X'W is of the new W; the next iteration
 * makes the former again.
 */
nmf_gradient gram_fit_gradient_by(gram_fit *fit, gram_violation *violation)
{
    const nmf_source *X = fit->X;
    nmf_gradient gradient = {-1.0, 0.0};
    if (fit->best.W && !fit->best.is_latest) {
        return gradient;
    }
    X->ops->times_components(X, fit->W.P, fit->Ht.F, fit->k, fit->n_threads);
    shift_products(fit, &fit->W);
    gradient.size = sqrt(violation_of(fit, &fit->W, fit->Ht.gram, violation) +
                         violation_of(fit, &fit->Ht, fit->W.gram, violation));
    gradient.scale = sqrt(X->squared_norm * (trace(fit->W.gram, fit->k) +
                                             trace(fit->Ht.gram, fit->k)));
    return gradient;
}

nmf_gradient gram_fit_gradient(void *state)
{
    return gram_fit_gradient_by(state, projected_squares);
}

void gram_fit_read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const gram_fit pair = kept(state), *fit = &pair;
    for (size_t i = 0; W && i < fit->W.n; i++) {
        memcpy(nmf_matrix_row(W, i), fit->W.F + i * nmf_padded(fit->k),
               fit->k * sizeof(float));
    }
    if (H) {
        transpose(H->data, H->ld, fit);
    }
}
