/*
 * nmf_partial_fit(): learning from batches that come from outside, by the
 * updates of nmf_minibatch.c.
 *
 * The first batch tells shapes and scale, and all memory is asked for then. A
 * batch whose activations nobody knows begins at equal ones and updates them
 * FRESH_UPDATES times, as scikit-learn does, before H learns from it.
 */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/model_adopt.h"
#include "core/online.h"
#include "core/options.h"

#include <math.h>
#include <stdio.h>

enum { FRESH_UPDATES = 30 };

struct nmf_learner {
    nmf_options options; /* solver, and H0 where it is custom, are own */
    nmf_matrix H0;       /* of a custom start, till it has begun */
    nmf_online online;   /* m is NULL before the first batch */
    nmf_matrix W;        /* of a batch, where the caller gives none */
    size_t n_components;
    size_t n_features;
    size_t n_samples; /* seen so far, */
    size_t n_updates; /* and the updates of H */
    double relative_error;
};

nmf_status nmf_learner_create(nmf_learner **out, const nmf_options *options,
                              nmf_error *err)
{
    const nmf_options defaults = NMF_OPTIONS_INIT;
    nmf_status status = NMF_OK;
    *out = NULL;
    options = options ? options : &defaults;
    if ((status = nmf_options_check_online(options, err)) != NMF_OK) {
        return status;
    }
    nmf_learner *learner = nmf_calloc(1, sizeof *learner);
    if (!learner) {
        return nmf_error_memory(err, sizeof *learner, "a learner");
    }
    learner->options = *options;
    learner->options.solver = nmf_solver_minibatch.name;
    learner->options.W0 = NULL;
    learner->options.H0 = NULL;
    if (options->init == NMF_INIT_CUSTOM &&
        (status = nmf_matrix_copy(&learner->H0, options->H0, err)) != NMF_OK) {
        nmf_learner_free(learner);
        return status;
    }
    *out = learner;
    return NMF_OK;
}

void nmf_learner_free(nmf_learner *learner)
{
    if (learner) {
        nmf_online_release(&learner->online);
        nmf_matrix_release(&learner->H0);
        nmf_matrix_release(&learner->W);
        nmf_free(learner);
    }
}

/* ---- the first batch ---- */

static size_t components_of(const nmf_learner *learner, const nmf_matrix *X)
{
    return learner->H0.data ? learner->H0.rows
                            : nmf_options_components(&learner->options, X);
}

static nmf_status check_first(const nmf_learner *learner, const nmf_source *X,
                              size_t k, nmf_error *err)
{
    const nmf_init init = learner->options.init;
    const bool is_by_svd = init != NMF_INIT_RANDOM && init != NMF_INIT_CUSTOM;
    if (init == NMF_INIT_CUSTOM && learner->H0.cols != X->n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the batch has %zu features a sample, H0 %zu",
                             X->n_features, learner->H0.cols);
    }
    if (k > X->n_features || (is_by_svd && k > X->n_samples)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu components are too many: the first batch is "
                             "%zu x %zu (samples x features), which allows at "
                             "most %zu%s%s",
                             k, X->n_samples, X->n_features,
                             is_by_svd && X->n_samples < X->n_features
                                 ? X->n_samples
                                 : X->n_features,
                             is_by_svd ? " with init " : "",
                             is_by_svd ? nmf_init_name(init) : "");
    }
    return NMF_OK;
}

/* H to begin at, made here. W is that of the start, which is not needed. */
static nmf_status choose_components(nmf_matrix *H, nmf_learner *learner,
                                    const nmf_source *X, size_t k,
                                    int n_threads, nmf_error *err)
{
    const nmf_options *options = &learner->options;
    nmf_matrix W = {0};
    nmf_status status = NMF_OK;
    if (options->init == NMF_INIT_CUSTOM) {
        return nmf_matrix_copy(H, &learner->H0, err);
    }
    if ((status = nmf_matrix_init(H, k, X->n_features, err)) == NMF_OK &&
        (status = nmf_matrix_init(&W, X->n_samples, k, err)) == NMF_OK) {
        if (options->init == NMF_INIT_RANDOM) {
            nmf_init_random(&W, H, nmf_source_mean(X), options->seed);
        } else {
            status = nmf_init_svd(&W, H, X, options->init, true, options->seed,
                                  n_threads, err);
        }
    }
    nmf_matrix_release(&W);
    return status;
}

/* The loss of a batch: the penalty of H is that of one sample. */
static nmf_loss loss_of_sample(const nmf_options *options, const nmf_source *X)
{
    const nmf_observed observed = {.source = *X, .unit = 1.0};
    nmf_loss loss = nmf_options_loss(options, &observed);
    loss.l1_H /= (double)X->n_samples;
    loss.l2_H /= (double)X->n_samples;
    return loss;
}

static nmf_status begin(nmf_learner *learner, const nmf_source *X, size_t k,
                        int n_threads, nmf_error *err)
{
    const nmf_loss loss = loss_of_sample(&learner->options, X);
    const size_t capacity = learner->options.batch_size
                                ? learner->options.batch_size
                                : NMF_BATCH_SIZE;
    nmf_matrix H = {0}, W = {0};
    nmf_status status = check_first(learner, X, k, err);
    if (status == NMF_OK && !(X->sum > 0.0)) {
        status = nmf_error_set(err, NMF_ERR_DATA,
                               "all %zu x %zu entries of the first batch are "
                               "0: there is nothing to learn",
                               X->n_samples, X->n_features);
    }
    if (status == NMF_OK &&
        (status = choose_components(&H, learner, X, k, n_threads, err)) ==
            NMF_OK &&
        (status = nmf_matrix_init(&W, capacity, k, err)) == NMF_OK &&
        (status = nmf_online_init(&learner->online, X, &loss, &H, capacity,
                                  loss.forget_factor, 0.0, n_threads, err)) ==
            NMF_OK) {
        learner->W = W;
        learner->n_components = k;
        learner->n_features = X->n_features;
        nmf_matrix_release(&learner->H0);
        W = (nmf_matrix){0};
    }
    nmf_matrix_release(&H);
    nmf_matrix_release(&W);
    return status;
}

/* ---- every batch ---- */

static nmf_status check_batch(const nmf_learner *learner, const nmf_matrix *X,
                              const nmf_matrix *W, size_t k, nmf_error *err)
{
    nmf_status status = NMF_OK;
    if (X->rows == 0 || X->cols == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the batch is empty: %zu x %zu", X->rows, X->cols);
    }
    if (learner->online.m && X->cols != learner->n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the batch has %zu features a sample, those "
                             "before had %zu",
                             X->cols, learner->n_features);
    }
    if (W && (W->rows != X->rows || W->cols != k)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "W is %zu x %zu, expected %zu x %zu", W->rows,
                             W->cols, X->rows, k);
    }
    if ((status = nmf_check_entries(X, NULL, err)) != NMF_OK ||
        (W && (status = nmf_check_entries(W, "W", err)) != NMF_OK)) {
        return status;
    }
    return nmf_options_check_zeros(learner->options.beta_loss, X, NULL, err);
}

/* Activations to begin at, of a size that suits X: all alike. */
static void begin_activations(nmf_matrix *W, const nmf_source *X)
{
    const float w = (float)sqrt(nmf_source_mean(X) / (double)W->cols);
    for (size_t i = 0; i < W->rows; i++) {
        for (size_t t = 0; t < W->cols; t++) {
            nmf_matrix_row(W, i)[t] = w;
        }
    }
}

/* All samples of X, as many at once as a batch may have. */
static void learn(nmf_learner *learner, const nmf_source *X, nmf_matrix *W)
{
    nmf_online *o = &learner->online;
    const double scale = pow(o->m->unit, 4.0);
    double squares = o->m->is_gram ? X->squared_norm : 0.0;
    for (size_t first = 0; first < X->n_samples; first += o->capacity) {
        const size_t left = X->n_samples - first;
        const size_t count = left < o->capacity ? left : o->capacity;
        nmf_matrix part =
            W ? nmf_matrix_view(nmf_matrix_row(W, first), count, W->cols, W->ld)
              : nmf_matrix_view(learner->W.data, count, learner->n_components,
                                learner->W.ld);
        if (!W) {
            begin_activations(&part, X);
        }
        nmf_online_take(o, X, first, &part);
        squares += scale * nmf_online_learn(o, &part, W ? 1 : FRESH_UPDATES);
        learner->n_updates++;
    }
    learner->n_samples += X->n_samples;
    learner->relative_error = X->squared_norm > 0.0
                                  ? sqrt(fmax(0.0, squares) / X->squared_norm)
                                  : 0.0;
}

nmf_status nmf_partial_fit(nmf_learner *learner, const nmf_matrix *X,
                           nmf_matrix *W, nmf_error *err)
{
    const bool has_begun = learner->online.m;
    const size_t k =
        has_begun ? learner->n_components : components_of(learner, X);
    const int n_threads = nmf_options_threads(&learner->options, X, k);
    nmf_source source = {0};
    nmf_status status = NMF_OK;
    if ((status = check_batch(learner, X, W, k, err)) != NMF_OK ||
        (status = nmf_source_signed(&source, X, n_threads, err)) != NMF_OK ||
        (!has_begun &&
         (status = begin(learner, &source, k, n_threads, err)) != NMF_OK)) {
        return status;
    }
    learn(learner, &source, W);
    return NMF_OK;
}

/* ---- what was learned ---- */

nmf_status nmf_learner_model(nmf_model **out, const nmf_learner *learner,
                             nmf_error *err)
{
    const nmf_options *options = &learner->options;
    nmf_summary summary = {
        .init = options->init,
        .seed = options->seed,
        .max_iter = learner->n_updates,
        .n_samples = learner->n_samples,
        .n_iter = learner->n_updates,
        .best_iter = learner->n_updates,
        .stop_reason = NMF_STOP_MAX_ITER,
        .relative_error = learner->relative_error,
        .validation_error = (double)NAN,
        .beta_loss = options->beta_loss,
        .alpha_W = options->alpha_W,
        .alpha_H = nmf_options_alpha_H(options),
        .l1_ratio = options->l1_ratio,
    };
    nmf_matrix H = {0}, none = {0};
    nmf_status status = NMF_OK;
    *out = NULL;
    if (!learner->online.m) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "nothing was learned: no batch has come");
    }
    status =
        nmf_matrix_init(&H, learner->n_components, learner->n_features, err);
    if (status != NMF_OK) {
        return status;
    }
    snprintf(summary.solver, sizeof summary.solver, "%s", options->solver);
    nmf_online_read(&learner->online, &H);
    summary.sparseness_components = nmf_matrix_sparseness(&H);
    status = nmf_model_adopt(out, &H, &none, &summary, err);
    nmf_matrix_release(&H);
    return status;
}
