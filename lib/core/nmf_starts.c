/*
 * nmf_fit(): one fit, or several from other seeds, of which the best is kept.
 *
 * The starts come one after the other, each with all threads, so that they are
 * the same, byte for byte, as single fits with their seeds. Ten fits of faces
 * end within two per cent of each other: see the spread in the summary.
 */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/fit_once.h"
#include "core/model_adopt.h"

#include <math.h>
#include <stdlib.h>

/* What is between a start and the caller's callback. */
typedef struct relay {
    const nmf_options *options; /* the caller's */
    size_t start;
    nmf_progress before; /* what the starts before took, all in all */
    nmf_progress last;
    bool is_cancelled;
} relay;

static bool pass_on(const nmf_progress *progress, void *context)
{
    relay *r = context;
    nmf_progress total = *progress;
    r->last = *progress;
    total.start = r->start;
    total.n_starts = r->options->n_init;
    total.wall_seconds += r->before.wall_seconds;
    total.cpu_seconds += r->before.cpu_seconds;
    total.flops += r->before.flops;
    total.bytes += r->before.bytes;
    r->is_cancelled =
        r->options->callback &&
        !r->options->callback(&total, r->options->callback_context);
    return !r->is_cancelled;
}

static void add_start(relay *r)
{
    r->before.wall_seconds += r->last.wall_seconds;
    r->before.cpu_seconds += r->last.cpu_seconds;
    r->before.flops += r->last.flops;
    r->before.bytes += r->last.bytes;
    r->start++;
}

/* Is there time for a further start? */
static bool goes_on(const relay *r)
{
    const nmf_options *options = r->options;
    const bool is_over = options->max_seconds > 0.0 &&
                         r->before.wall_seconds >= options->max_seconds;
    return r->start < options->n_init && !r->is_cancelled &&
           (r->start == 0 || !is_over);
}

/* Of the start that comes next: its seed, and what is left of the time. */
static nmf_options options_of(relay *r)
{
    nmf_options options = *r->options;
    options.n_init = 1;
    options.seed += r->start;
    options.callback = pass_on;
    options.callback_context = r;
    if (options.max_seconds > 0.0) {
        options.max_seconds -= r->before.wall_seconds;
    }
    return options;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sum_up(nmf_summary *summary, const relay *r, double *errors)
{
    const size_t n = r->start;
    qsort(errors, n, sizeof *errors, compare);
    summary->n_starts = n;
    summary->least_error = errors[0];
    summary->median_error = 0.5 * (errors[(n - 1) / 2] + errors[n / 2]);
    summary->largest_error = errors[n - 1];
    summary->wall_seconds = r->before.wall_seconds;
    summary->cpu_seconds = r->before.cpu_seconds;
}

/* What the best start has least of: the error of what it did not see, where it
 * tells, since what it saw tells of noise, too. */
static double judge(const nmf_model *model)
{
    const nmf_summary *summary = nmf_model_summary(model);
    return isnan(summary->validation_error) ? summary->objective
                                            : summary->validation_error;
}

/* Keep the better of two models in *best, and free the other. */
static void keep_better(nmf_model **best, nmf_model *model)
{
    if (*best && !(judge(model) < judge(*best))) {
        nmf_model_free(model);
        return;
    }
    nmf_model_free(*best);
    *best = model;
}

static nmf_status fit_all(nmf_model **best, const nmf_matrix *X, relay *r,
                          double *errors, nmf_error *err)
{
    while (goes_on(r)) {
        const nmf_options options = options_of(r);
        nmf_model *model = NULL;
        nmf_status status = nmf_fit_once(&model, X, &options, err);
        if (status != NMF_OK) {
            return status;
        }
        errors[r->start] = nmf_model_summary(model)->relative_error;
        add_start(r);
        keep_better(best, model);
    }
    return NMF_OK;
}

static nmf_status check(const nmf_options *options, nmf_error *err)
{
    const nmf_init init = options->init;
    if (init == NMF_INIT_CUSTOM || init == NMF_INIT_NNDSVD ||
        init == NMF_INIT_NNDSVDA) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "n_init is %zu, but all starts of init '%s' are "
                             "the same; 'random' and 'nndsvdar' go by seed",
                             options->n_init, nmf_init_name(init));
    }
    return NMF_OK;
}

nmf_status nmf_fit(nmf_model **out, const nmf_matrix *X,
                   const nmf_options *options, nmf_error *err)
{
    relay r = {.options = options};
    nmf_model *best = NULL;
    *out = NULL;
    if (!options || options->n_init <= 1) {
        return nmf_fit_once(out, X, options, err);
    }
    nmf_status status = check(options, err);
    if (status != NMF_OK) {
        return status;
    }
    double *errors = nmf_calloc(options->n_init, sizeof *errors);
    if (!errors) {
        return nmf_error_memory(err, options->n_init * sizeof *errors,
                                "the errors of the starts");
    }
    status = fit_all(&best, X, &r, errors, err);
    if (status == NMF_OK) {
        sum_up(nmf_model_own_summary(best), &r, errors);
        *out = best;
    } else {
        nmf_model_free(best);
    }
    nmf_free(errors);
    return status;
}
