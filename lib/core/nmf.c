/*
 * The driver of a fit: start, iterate, stop. It has no arithmetic of its own;
 * that is in the solvers, one a file, and below them in kernels.c. What may be
 * asked of it is in options.c.
 */
#include <nmfimg/nmf.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/fit_once.h"
#include "core/model_adopt.h"
#include "core/options.h"
#include "core/solver.h"
#include "core/validation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a callback is given a handle on. */
typedef struct fit_state {
    const nmf_solver *solver;
    void *solver_state;
    bool *goes_on; /* the callback has lifted the limits */
    const nmf_observed *observed;
    nmf_validation *validation;
} fit_state;

void nmf_progress_go_on(const nmf_progress *progress)
{
    *((const fit_state *)progress->state)->goes_on = true;
}

nmf_status nmf_progress_snapshot(const nmf_progress *progress, nmf_matrix *W,
                                 nmf_matrix *H, nmf_error *err)
{
    const fit_state *fit = progress->state;
    if (W &&
        (W->rows != progress->n_samples || W->cols != progress->n_components)) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT, "W is %zu x %zu, expected %zu x %zu",
            W->rows, W->cols, progress->n_samples, progress->n_components);
    }
    if (H && (H->rows != progress->n_components ||
              H->cols != progress->n_features)) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT, "H is %zu x %zu, expected %zu x %zu",
            H->rows, H->cols, progress->n_components, progress->n_features);
    }
    fit->solver->read(fit->solver_state, W, H);
    return NMF_OK;
}

/*
 * The start that the options ask for, into matrices that are made here and
 * belong to the caller; all zero after a failure.
 */
static nmf_status choose_start(nmf_matrix *W0, nmf_matrix *H0,
                               const nmf_observed *observed,
                               const nmf_options *options, size_t k,
                               int n_threads, nmf_error *err)
{
    const nmf_source *X = &observed->source;
    nmf_status status = NMF_OK;
    *W0 = *H0 = (nmf_matrix){0};
    if (options->init == NMF_INIT_CUSTOM) {
        if ((status = nmf_matrix_copy(W0, options->W0, err)) == NMF_OK) {
            status = nmf_matrix_copy(H0, options->H0, err);
        }
    } else if ((status = nmf_matrix_init(W0, X->n_samples, k, err)) == NMF_OK &&
               (status = nmf_matrix_init(H0, k, X->n_features, err)) ==
                   NMF_OK) {
        if (options->init == NMF_INIT_RANDOM) {
            nmf_init_random(W0, H0, nmf_source_mean(X), options->seed);
        } else {
            const bool lifts_zeros =
                nmf_options_solver(options)->is_multiplicative;
            status = nmf_init_svd(W0, H0, X, options->init, lifts_zeros,
                                  options->seed, n_threads, err);
        }
    }
    if (status != NMF_OK) {
        nmf_matrix_release(W0);
        nmf_matrix_release(H0);
        return status;
    }
    nmf_observed_clear(observed, W0, H0);
    return NMF_OK;
}

/* Begin the solver there. */
static nmf_status start(void **solver_state, const nmf_solver *solver,
                        const nmf_observed *observed,
                        const nmf_options *options, size_t k, int n_threads,
                        nmf_error *err)
{
    const nmf_loss loss = nmf_options_loss(options, observed);
    nmf_matrix W0 = {0}, H0 = {0};
    nmf_status status =
        choose_start(&W0, &H0, observed, options, k, n_threads, err);
    if (status == NMF_OK) {
        status = solver->create(solver_state, &observed->source, &loss, &W0,
                                &H0, n_threads, err);
    }
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
    return status;
}

/*
 * The squared error after a step. Where the free value is a small difference
 * of large numbers (float products are good to about 1e-7 of ||X||^2), it is
 * summed up directly, while the clock rests.
 */
static double squared_error(const nmf_step *step, const fit_state *fit,
                            double squared_norm, nmf_clock *clock)
{
    const double accurate_from = 1e-4; /* a relative error of 1e-2 */
    double squares = step->squared_error;
    if (!step->is_summed && !(squares >= accurate_from * squared_norm)) {
        nmf_clock_pause(clock);
        squares = fit->solver->residual(fit->solver_state);
        nmf_clock_start(clock);
    }
    return squares;
}

/* Iterations from one look at the progress to the next. */
enum { PERIOD = 10 };

/* How far the fit is from stationary, relative to the first iteration. */
typedef struct violation {
    double first; /* norm of the projected gradient */
    double ratio; /* of the last one measured; NaN: none was */
    size_t next;  /* iteration after which to measure again */
} violation;

/*
 * Renew it after an iteration. A gradient costs about half an iteration, so it
 * is asked for only where somebody wants to know, and only now and then.
 */
static void renew(violation *v, const fit_state *fit, size_t n_iter)
{
    if (n_iter < v->next) {
        return;
    }
    const double least = 1e-4; /* tol 0.01 asks for 1e-6 of the scale, then */
    nmf_gradient gradient = fit->solver->gradient(fit->solver_state);
    if (n_iter == 1) {
        v->first = gradient.size;
    }
    if (gradient.size >= 0.0) { /* else it is asked for again soon */
        v->next = n_iter - n_iter % PERIOD + PERIOD;
        /* A start that is nearly stationary leaves no ratio to fall by. */
        double reference = fmax(v->first, least * gradient.scale);
        v->ratio = reference > 0.0 ? gradient.size / reference : 0.0;
    }
}

/* The root of the objective after each of the last iterations. */
typedef struct course {
    double first;         /* after iteration 1 */
    double roots[PERIOD]; /* of iteration n at n % PERIOD */
    double now;           /* after the last one, and */
    double before;        /* a period earlier, or after iteration 1 */
} course;

static void follow(course *c, const nmf_progress *progress)
{
    double *slot = &c->roots[progress->n_iter % PERIOD];
    c->now = sqrt(fmax(progress->objective, 0.0));
    c->first = progress->n_iter == 1 ? c->now : c->first;
    c->before = progress->n_iter > PERIOD ? *slot : c->first;
    *slot = c->now;
}

/*
 * Is the pair as good as stationary? A start that is far from the size of X
 * (NMF_INIT_NNDSVDA) has so large a gradient that a part of it says little:
 * after ten iterations it is down to 0.01, and the error still 6 % above what
 * it comes to. So the objective must have calmed down, too.
 */
static bool has_converged(const course *c, const nmf_options *options,
                          const nmf_progress *progress)
{
    const double tol = options->tol;
    return tol > 0.0 && progress->violation <= tol &&
           c->before - c->now <= tol * c->first;
}

/* Has the last period lowered the root of the objective by too little? */
static bool hardly_falls(const course *c, const nmf_options *options,
                         const nmf_progress *progress)
{
    return options->min_decrease > 0.0 && progress->n_iter > PERIOD &&
           progress->n_iter % PERIOD == 0 &&
           c->before - c->now <= options->min_decrease * c->before;
}

/* Why to stop after an iteration; NMF_STOP_NONE to go on. */
static nmf_stop_reason decide(const course *c, const fit_state *fit,
                              const nmf_options *options,
                              const nmf_progress *progress)
{
    if (has_converged(c, options, progress)) {
        return NMF_STOP_TOL;
    }
    if (nmf_validation_is_over(fit->validation)) {
        return NMF_STOP_VALIDATION;
    }
    if (hardly_falls(c, options, progress)) {
        return NMF_STOP_DECREASE;
    }
    if (options->max_seconds > 0.0 &&
        progress->wall_seconds >= options->max_seconds) {
        return NMF_STOP_MAX_SECONDS;
    }
    return progress->n_iter >= options->max_iter ? NMF_STOP_MAX_ITER
                                                 : NMF_STOP_NONE;
}

/* Tell the callback; returns why to stop now. */
static nmf_stop_reason ask(const nmf_progress *progress, const fit_state *fit,
                           const nmf_options *options)
{
    bool is_content = !options->callback ||
                      options->callback(progress, options->callback_context);
    nmf_stop_reason reason =
        *fit->goes_on ? NMF_STOP_NONE : progress->stop_reason;
    return reason == NMF_STOP_NONE && !is_content ? NMF_STOP_CANCELLED : reason;
}

static nmf_stop_reason iterate(nmf_progress *progress, const fit_state *fit,
                               const nmf_options *options, nmf_clock *clock)
{
    nmf_stop_reason reason = NMF_STOP_NONE;
    violation far = {0.0, (double)NAN, 1};
    course c = {0};
    const double squared_norm = fit->observed->source.squared_norm;
    while (reason == NMF_STOP_NONE) {
        nmf_step step = fit->solver->iterate(fit->solver_state);
        progress->n_iter++;
        progress->flops += step.flops;
        progress->bytes += step.bytes;
        double squares = squared_error(&step, fit, squared_norm, clock);
        progress->relative_error = sqrt(squares / squared_norm);
        progress->objective =
            fit->observed->unit *
            ((options->beta_loss == 2.0 ? 0.5 * squares : step.divergence) +
             step.penalty);
        nmf_validation_renew(fit->validation, fit->solver, fit->solver_state,
                             progress);
        if (options->tol > 0.0) {
            renew(&far, fit, progress->n_iter);
        }
        progress->violation = far.ratio;
        follow(&c, progress);
        nmf_clock_pause(clock);
        progress->wall_seconds = clock->wall_seconds;
        progress->cpu_seconds = clock->cpu_seconds;
        progress->stop_reason =
            *fit->goes_on ? NMF_STOP_NONE : decide(&c, fit, options, progress);
        reason = ask(progress, fit, options);
        nmf_clock_start(clock);
    }
    return reason;
}

/* Read the factors out and make a model of them. */
static nmf_status finish(nmf_model **out, const fit_state *fit,
                         const nmf_progress *progress, nmf_summary *summary,
                         nmf_error *err)
{
    nmf_validation *validation = fit->validation;
    nmf_matrix W = {0}, H = {0};
    nmf_status status = NMF_OK;
    if (validation->patience > 0) {
        progress = &validation->best;
        W = validation->best_W;
        H = validation->best_H;
        validation->best_W = validation->best_H = (nmf_matrix){0};
    } else if ((status = nmf_matrix_init(&W, progress->n_samples,
                                         progress->n_components, err)) ==
                   NMF_OK &&
               (status = nmf_matrix_init(&H, progress->n_components,
                                         progress->n_features, err)) ==
                   NMF_OK) {
        fit->solver->read(fit->solver_state, &W, &H);
    }
    if (status == NMF_OK) {
        summary->relative_error = progress->relative_error;
        summary->least_error = progress->relative_error;
        summary->median_error = progress->relative_error;
        summary->largest_error = progress->relative_error;
        summary->objective = progress->objective;
        summary->validation_error = progress->validation_error;
        summary->best_iter = progress->n_iter;
        summary->sparseness_components = nmf_matrix_sparseness(&H);
        summary->sparseness_activations = nmf_matrix_sparseness(&W);
        status = nmf_model_adopt(out, &H, &W, summary, err);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return status;
}

/* All after the entries are looked at. */
static nmf_status fit_observed(nmf_model **out, const nmf_observed *observed,
                               const nmf_options *options, size_t k,
                               int n_threads, nmf_clock *clock, nmf_error *err)
{
    const nmf_source *X = &observed->source;
    nmf_validation validation = {0};
    nmf_status status = NMF_OK;
    bool goes_on = false;
    fit_state fit = {nmf_options_solver(options), NULL, &goes_on, observed,
                     &validation};
    if (X->weights) {
        fit.solver = nmf_solver_for_weights(fit.solver);
    }
    if ((status = nmf_validation_init(
             &validation, &observed->held_out, options->n_iter_no_change,
             X->n_samples, X->n_features, k, n_threads, err)) != NMF_OK ||
        (status = start(&fit.solver_state, fit.solver, observed, options, k,
                        n_threads, err)) != NMF_OK) {
        nmf_validation_release(&validation);
        return status;
    }
    nmf_progress progress = {
        .n_samples = X->n_samples,
        .n_features = X->n_features,
        .n_components = k,
        .n_starts = 1,
        .state = &fit,
    };
    nmf_summary summary = {
        .init = options->init,
        .seed = options->seed,
        .tol = options->tol,
        .max_iter = options->max_iter,
        .n_samples = X->n_samples,
        .n_missing = observed->n_missing,
        .n_held_out = observed->held_out.n,
        .n_starts = 1,
        .threads = (unsigned)n_threads,
        .beta_loss = options->beta_loss,
        .alpha_W = options->alpha_W,
        .alpha_H = nmf_options_alpha_H(options),
        .l1_ratio = options->l1_ratio,
        .sparseness_W = options->sparseness_W,
        .sparseness_H = options->sparseness_H,
        .smooth = options->smooth,
    };
    snprintf(summary.solver, sizeof summary.solver, "%s", fit.solver->name);
    summary.stop_reason = iterate(&progress, &fit, options, clock);
    summary.n_iter = progress.n_iter;
    summary.wall_seconds = progress.wall_seconds;
    summary.cpu_seconds = progress.cpu_seconds;
    status = finish(out, &fit, &progress, &summary, err);
    fit.solver->free(fit.solver_state);
    nmf_validation_release(&validation);
    return status;
}

/* All that is looked at beforehand; observed is released either way. */
static nmf_status look_at(nmf_observed *observed, const nmf_matrix *X,
                          const nmf_options *options, size_t k, int n_threads,
                          nmf_error *err)
{
    nmf_status status = nmf_options_check(options, k, X, err);
    return status == NMF_OK
               ? nmf_options_observe(observed, options, X, n_threads, err)
               : status;
}

nmf_status nmf_fit_once(nmf_model **out, const nmf_matrix *X,
                        const nmf_options *options, nmf_error *err)
{
    const nmf_options defaults = NMF_OPTIONS_INIT;
    nmf_observed observed = {0};
    nmf_clock clock = {0};
    nmf_status status = NMF_OK;

    *out = NULL;
    options = options ? options : &defaults;
    const size_t k = nmf_options_components(options, X);
    const int n_threads = nmf_options_threads(options, X, k);
    nmf_clock_start(&clock);
    status = look_at(&observed, X, options, k, n_threads, err);
    if (status == NMF_OK) {
        status =
            fit_observed(out, &observed, options, k, n_threads, &clock, err);
    }
    nmf_observed_release(&observed);
    return status;
}

nmf_status nmf_start(nmf_matrix *W, nmf_matrix *H, const nmf_matrix *X,
                     const nmf_options *options, nmf_error *err)
{
    const nmf_options defaults = NMF_OPTIONS_INIT;
    nmf_observed observed = {0};
    nmf_status status = NMF_OK;

    *W = *H = (nmf_matrix){0};
    options = options ? options : &defaults;
    const size_t k = nmf_options_components(options, X);
    const int n_threads = nmf_options_threads(options, X, k);
    status = look_at(&observed, X, options, k, n_threads, err);
    if (status == NMF_OK) {
        status = choose_start(W, H, &observed, options, k, n_threads, err);
    }
    nmf_observed_release(&observed);
    return status;
}
