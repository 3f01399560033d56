#include "fit_method.h"

#include "interrupt.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ALL_OTHERS, ITERATIVE, VQ_ALONE };

/* The options of learning that other methods know; all else is nmf's alone. */
static const struct {
    const char *name;
    int methods;
} known[] = {
    {"n-components", ALL_OTHERS}, {"seed", ALL_OTHERS},
    {"tol", ITERATIVE},           {"max-iter", ITERATIVE},
    {"max-seconds", ITERATIVE},   {"init-H", VQ_ALONE},
};

static bool is_iterative(nmf_method method)
{
    return method == NMF_METHOD_VQ || method == NMF_METHOD_PLSA;
}

/* Does it know this option? Else say why not. */
static bool knows(nmf_method method, const char *option, const char **why)
{
    if (method == NMF_METHOD_NMF) {
        return true;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(option, known[i].name) == 0) {
            const bool is_of_vq = known[i].methods == VQ_ALONE;
            *why = is_of_vq ? "takes no start" : "has no iterations";
            return is_of_vq
                       ? method == NMF_METHOD_VQ
                       : known[i].methods == ALL_OTHERS || is_iterative(method);
        }
    }
    *why = "does not know it; it is for --method nmf";
    return false;
}

bool fit_method_knows(nmf_method method, const char *option)
{
    const char *why = NULL;
    return knows(method, option, &why);
}

bool fit_method_fault(char *out, size_t size, nmf_method method,
                      const struct opt *opts, const bool *given)
{
    bool is_learning = false;
    if (method == NMF_METHOD_NMF) {
        return false;
    }
    for (size_t i = 0; opts[i].type != OPT_END; i++) {
        const char *why = NULL;
        if (opts[i].type == OPT_GROUP) {
            is_learning = strcmp(opts[i].name, "Learning") == 0;
        } else if (is_learning && given[i] &&
                   !knows(method, opts[i].name, &why)) {
            snprintf(out, size, "--%s: --method %s %s", opts[i].name,
                     nmf_method_name(method), why);
            return true;
        }
    }
    return false;
}

static bool was_given(const char *name, const struct opt *opts,
                      const bool *given)
{
    return given[opt_find(opts, name) - opts];
}

nmf_decompose_options fit_method_convert(const struct fit_options *fit,
                                         const struct opt *opts,
                                         const bool *given)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    options.method = (nmf_method)fit->method;
    options.n_components = fit->n_components;
    options.seed = fit->seed;
    if (was_given("tol", opts, given)) {
        options.tol = fit->tol;
    }
    if (was_given("max-iter", opts, given)) {
        options.max_iter = fit->max_iter;
    }
    if (was_given("max-seconds", opts, given)) {
        options.max_seconds = fit->max_seconds;
    }
    return options;
}

double fit_method_memory(nmf_method method, const nmf_matrix *X, size_t k)
{
    double rows = (double)X->rows;
    double cols = (double)X->cols;
    double side = fmin(rows, cols);
    double factors = 2 * (rows + cols) * (double)k;
    double numbers = 2 * rows * cols + factors;
    if (method == NMF_METHOD_PCA || method == NMF_METHOD_SVD) {
        /* A gram matrix of doubles, or a subspace somewhat wider than k. */
        numbers += fmin(4 * side * side, factors);
    }
    return sizeof(float) * numbers;
}

const char *fit_method_trace_heading(nmf_method method)
{
    switch (method) {
    case NMF_METHOD_VQ:
        return "iter,wall_s,cpu_s,relative_error\n";
    case NMF_METHOD_PLSA:
        return "iter,wall_s,cpu_s,divergence\n";
    default:
        return NULL;
    }
}

/* The number that a trace shows: its heading says which. */
static double shown(const struct fit_method_watch *watch,
                    const nmf_decompose_progress *progress)
{
    return watch->options->method == NMF_METHOD_VQ && watch->squared_norm > 0
               ? sqrt(progress->objective / watch->squared_norm)
               : progress->objective;
}

static bool after_iteration(const nmf_decompose_progress *progress,
                            void *context)
{
    struct fit_method_watch *watch = context;
    const nmf_decompose_options *options = watch->options;
    double value = shown(watch, progress);
    double done = (double)progress->n_iter / (double)options->max_iter;
    if (options->max_seconds > 0) {
        done = fmax(done, progress->wall_seconds / options->max_seconds);
    }
    report_progress(done, progress->wall_seconds, "iteration %zu, %s %.5g",
                    progress->n_iter,
                    options->method == NMF_METHOD_VQ ? "error" : "divergence",
                    value);
    if (watch->trace) {
        char line[160];
        int length = snprintf(line, sizeof line, "%zu,%.6f,%.6f,%.9g\n",
                              progress->n_iter, progress->wall_seconds,
                              progress->cpu_seconds, value);
        if (nmf_file_writer_append(watch->trace, line, (size_t)length,
                                   &watch->trace_error) != NMF_OK) {
            return false;
        }
    }
    watch->is_interrupted = interrupt_seen();
    return !watch->is_interrupted;
}

static double squared_norm(const nmf_matrix *X)
{
    double sum = 0;
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            sum += (double)x[j] * (double)x[j];
        }
    }
    return sum;
}

nmf_status fit_method_run(nmf_decomposition **out, const nmf_matrix *X,
                          nmf_decompose_options *options,
                          struct fit_method_watch *watch, nmf_error *err)
{
    watch->options = options;
    watch->squared_norm = squared_norm(X);
    options->callback = after_iteration;
    options->callback_context = watch;
    /* Without iterations nothing could be kept: Ctrl-C ends the program. */
    if (is_iterative(options->method)) {
        interrupt_watch();
    }
    nmf_status status = nmf_decompose(out, X, options, err);
    report_progress_end();
    return status;
}
