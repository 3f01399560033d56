/* Several methods on the same data. The page is in comparison_draw.c. */
#include <nmfimg/comparison.h>

#include "core/alloc.h"
#include "core/error.h"

/* What an entry shows the factors of: a model (nmf) or a decomposition. */
typedef struct fitted {
    nmf_model *model;
    nmf_decomposition *decomposition;
} fitted;

struct nmf_comparison {
    size_t n;
    nmf_comparison_entry entries[NMF_COMPARISON_MAX_METHODS];
    fitted fits[NMF_COMPARISON_MAX_METHODS];
};

static const nmf_method default_methods[] = {NMF_METHOD_NMF, NMF_METHOD_VQ,
                                             NMF_METHOD_PCA};

/* What the callback of a fit needs to know. */
typedef struct watch {
    const nmf_comparison_options *options;
    nmf_method method;
    size_t max_iter;
} watch;

static bool tell(const watch *w, size_t n_iter, double seconds)
{
    return w->options->callback(w->method, (double)n_iter / (double)w->max_iter,
                                seconds, w->options->context);
}

static bool after_nmf_iteration(const nmf_progress *progress, void *context)
{
    return tell(context, progress->n_iter, progress->wall_seconds);
}

static bool after_iteration(const nmf_decompose_progress *progress,
                            void *context)
{
    return tell(context, progress->n_iter, progress->wall_seconds);
}

static nmf_status fit_nmf(nmf_comparison_entry *entry, fitted *fit,
                          const nmf_matrix *X, size_t n_components,
                          const nmf_comparison_options *asked, nmf_error *err)
{
    nmf_options options = NMF_OPTIONS_INIT;
    watch w = {asked, NMF_METHOD_NMF, options.max_iter};
    options.n_components = n_components;
    options.seed = asked->seed;
    options.n_threads = asked->n_threads;
    if (asked->callback) {
        options.callback = after_nmf_iteration;
        options.callback_context = &w;
    }
    nmf_status status = nmf_fit(&fit->model, X, &options, err);
    if (status != NMF_OK) {
        return status;
    }
    const nmf_summary *summary = nmf_model_summary(fit->model);
    *entry = (nmf_comparison_entry){
        .method = NMF_METHOD_NMF,
        .components = nmf_model_components(fit->model),
        .activations = nmf_model_activations(fit->model),
        .relative_error = summary->relative_error,
        .sparseness_components = summary->sparseness_components,
        .sparseness_activations = summary->sparseness_activations,
        .n_iter = summary->n_iter,
        .stop_reason = summary->stop_reason,
        .wall_seconds = summary->wall_seconds,
        .cpu_seconds = summary->cpu_seconds,
    };
    return NMF_OK;
}

static nmf_status fit_other(nmf_comparison_entry *entry, fitted *fit,
                            nmf_method method, const nmf_matrix *X,
                            size_t n_components,
                            const nmf_comparison_options *asked, nmf_error *err)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    watch w = {asked, method, options.max_iter};
    options.method = method;
    options.n_components = n_components;
    options.seed = asked->seed;
    options.n_threads = asked->n_threads;
    if (asked->callback) {
        options.callback = after_iteration;
        options.callback_context = &w;
    }
    nmf_status status = nmf_decompose(&fit->decomposition, X, &options, err);
    if (status != NMF_OK) {
        return status;
    }
    const nmf_decomposition *d = fit->decomposition;
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    *entry = (nmf_comparison_entry){
        .method = method,
        .components = nmf_decomposition_components(d),
        .activations = nmf_decomposition_activations(d),
        .mean = nmf_decomposition_mean(d),
        .relative_error = summary->relative_error,
        .sparseness_components = summary->sparseness_components,
        .sparseness_activations = summary->sparseness_activations,
        .n_iter = summary->n_iter,
        .stop_reason = summary->stop_reason,
        .wall_seconds = summary->wall_seconds,
        .cpu_seconds = summary->cpu_seconds,
    };
    return NMF_OK;
}

static nmf_status check_methods(const nmf_method *methods, size_t n,
                                nmf_error *err)
{
    if (n == 0 || n > NMF_COMPARISON_MAX_METHODS) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu methods to compare, not 1 to %d", n,
                             NMF_COMPARISON_MAX_METHODS);
    }
    for (size_t i = 0; i < n; i++) {
        const char *name = nmf_method_name(methods[i]);
        if (!name) {
            return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                 "%d is the number of no method",
                                 (int)methods[i]);
        }
        for (size_t j = 0; j < i; j++) {
            if (methods[j] == methods[i]) {
                return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                     "method %s is named twice", name);
            }
        }
    }
    return NMF_OK;
}

/* Fit one method after the other into c. */
static nmf_status run(nmf_comparison *c, const nmf_matrix *X,
                      const nmf_method *methods, size_t n,
                      const nmf_comparison_options *options, nmf_error *err)
{
    size_t k = options->n_components
                   ? options->n_components
                   : nmf_default_n_components(X->rows, X->cols);
    nmf_status status = NMF_OK;
    for (c->n = 0; status == NMF_OK && c->n < n; c->n++) {
        nmf_comparison_entry *entry = &c->entries[c->n];
        fitted *fit = &c->fits[c->n];
        status = methods[c->n] == NMF_METHOD_NMF
                     ? fit_nmf(entry, fit, X, k, options, err)
                     : fit_other(entry, fit, methods[c->n], X, k, options, err);
        if (status == NMF_OK && entry->stop_reason == NMF_STOP_CANCELLED) {
            status = nmf_error_set(err, NMF_ERR_CANCELLED,
                                   "the comparison was given up at %s",
                                   nmf_method_name(entry->method));
        }
    }
    return status;
}

nmf_status nmf_comparison_run(nmf_comparison **out, const nmf_matrix *X,
                              const nmf_comparison_options *options,
                              nmf_error *err)
{
    const nmf_comparison_options defaults = NMF_COMPARISON_OPTIONS_INIT;
    *out = NULL;
    options = options ? options : &defaults;
    const nmf_method *methods =
        options->methods ? options->methods : default_methods;
    size_t n = options->methods
                   ? options->n_methods
                   : sizeof default_methods / sizeof *default_methods;
    nmf_status status = check_methods(methods, n, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_comparison *c = nmf_calloc(1, sizeof *c);
    if (!c) {
        return nmf_error_memory(err, sizeof *c, "a comparison");
    }
    status = run(c, X, methods, n, options, err);
    if (status != NMF_OK) {
        nmf_comparison_free(c);
        return status;
    }
    *out = c;
    return NMF_OK;
}

void nmf_comparison_free(nmf_comparison *c)
{
    for (size_t i = 0; c && i < NMF_COMPARISON_MAX_METHODS; i++) {
        nmf_model_free(c->fits[i].model);
        nmf_decomposition_free(c->fits[i].decomposition);
    }
    nmf_free(c);
}

const nmf_comparison_entry *nmf_comparison_entries(const nmf_comparison *c,
                                                   size_t *n)
{
    *n = c->n;
    return c->entries;
}

nmf_status nmf_comparison_rebuild(nmf_matrix *out, const nmf_comparison *c,
                                  size_t entry, size_t sample, nmf_error *err)
{
    *out = (nmf_matrix){0};
    if (entry >= c->n || sample >= c->entries[entry].activations->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "no sample %zu of method number %zu: there are "
                             "%zu of %zu methods",
                             sample, entry, c->entries[0].activations->rows,
                             c->n);
    }
    const nmf_matrix *W = c->entries[entry].activations;
    nmf_matrix row =
        nmf_matrix_view(nmf_matrix_row(W, sample), 1, W->cols, W->ld);
    return c->fits[entry].model
               ? nmf_inverse_transform(out, c->fits[entry].model, &row, 1, err)
               : nmf_decomposition_inverse_transform(
                     out, c->fits[entry].decomposition, &row, 1, err);
}
