/*
 * The solver's side of the worker: a thread that fits, and looks after each
 * iteration, in the callback, what it is to do. There it pauses as well, so
 * that the solver's state outlives a pause, and the end of a fit, too.
 */
#include "worker_private.h"

#include "whole_factors.h"

#include <math.h>
#include <string.h>

/* From one snapshot to the next while it runs: at least so many seconds, and
 * so many times what one costs. */
static const double LEAST_INTERVAL = 0.033, TIMES_THE_COST = 20.0;
/* How far back the speed is looked at: one to two of these, of the solver's
 * seconds. */
static const double SPEED_PERIOD = 0.5;

/* A fit under way. */
struct fit {
    struct worker *worker;
    const struct worker_job *job;
    size_t n_samples, n_features, n_components;
    double wall_before; /* what the start took, not counted by nmf_fit() */
    double cpu_before;
    double published_at; /* gate_now() of the last snapshot */
    double publish_cost; /* seconds that it took */
    /* Two moments for the speed, the older one first. */
    struct {
        double iter, seconds;
    } moments[2];
    double speed; /* iterations a second */
};

/* From inside the gate: has another command made this fit pointless? */
static bool is_cancelled(const struct worker *worker)
{
    return worker->must_end || worker->next;
}

static bool is_wanted(const struct worker *worker)
{
    return worker->must_run || worker->n_steps > 0;
}

static void wake(const struct worker *worker)
{
    if (worker->wake) {
        worker->wake(worker->context);
    }
}

/* Tell that all is done, and wait for a command; from inside the gate. */
static void rest(struct worker *worker)
{
    worker->rests = true;
    gate_tell(&worker->gate);
    while (!is_wanted(worker) && !is_cancelled(worker)) {
        (void)gate_wait(&worker->gate, GATE_FOREVER);
    }
    worker->rests = false;
}

/* ---- snapshots ---- */

static bool has_shape(const struct worker_slot *slot, const struct fit *fit)
{
    return slot->W.rows == fit->n_samples &&
           slot->W.cols == fit->n_components && slot->H.cols == fit->n_features;
}

static nmf_status shape_slot(struct worker_slot *slot, const struct fit *fit,
                             nmf_error *err)
{
    nmf_status status = NMF_OK;
    if (has_shape(slot, fit)) {
        return NMF_OK;
    }
    nmf_matrix_release(&slot->W);
    nmf_matrix_release(&slot->H);
    if ((status = nmf_matrix_init(&slot->W, fit->n_samples, fit->n_components,
                                  err)) == NMF_OK &&
        (status = nmf_matrix_init(&slot->H, fit->n_components, fit->n_features,
                                  err)) == NMF_OK) {
        return NMF_OK;
    }
    nmf_matrix_release(&slot->W);
    return status;
}

/* Two slots of the fit's shape beside the one that is shown. */
static nmf_status shape_slots(const struct fit *fit, nmf_error *err)
{
    struct worker *worker = fit->worker;
    nmf_status status = NMF_OK;
    gate_enter(&worker->gate);
    int shown = worker->shown;
    worker->newest = WORKER_NO_SLOT;
    gate_leave(&worker->gate);
    for (int i = 0; i < WORKER_SLOTS && status == NMF_OK; i++) {
        if (i != shown) {
            status = shape_slot(&worker->slots[i], fit, err);
        }
    }
    return status;
}

/*
 * A slot to write; it is the solver's until it is published. One of another
 * shape that is no longer shown is of no use to this fit: its memory goes.
 */
static struct worker_slot *take_slot(const struct fit *fit, int *index)
{
    struct worker *worker = fit->worker;
    struct worker_slot *stale = NULL;
    gate_enter(&worker->gate);
    int found = worker->newest;
    for (int i = 0; i < WORKER_SLOTS; i++) {
        struct worker_slot *slot = &worker->slots[i];
        if (i != worker->shown && !has_shape(slot, fit)) {
            stale = slot;
        } else if (i != worker->shown && i != worker->newest) {
            found = i;
        }
    }
    if (found == worker->newest) {
        worker->newest = WORKER_NO_SLOT;
    }
    gate_leave(&worker->gate);
    if (stale) {
        nmf_matrix_release(&stale->W);
        nmf_matrix_release(&stale->H);
    }
    *index = found;
    return &worker->slots[found];
}

static void give_slot(const struct fit *fit, int index)
{
    struct worker *worker = fit->worker;
    gate_enter(&worker->gate);
    worker->newest = index;
    gate_leave(&worker->gate);
}

/* Where no iteration was made, W and H are the start; else progress has them.
 */
static void publish(struct fit *fit, const struct worker_snapshot *facts,
                    const nmf_progress *progress, const nmf_matrix *W,
                    const nmf_matrix *H)
{
    int index = 0;
    double begin = gate_now();
    struct worker_slot *slot = take_slot(fit, &index);
    if (progress) {
        (void)nmf_progress_snapshot(progress, &slot->W, &slot->H, NULL);
    } else {
        memcpy(slot->W.data, W->data, W->rows * W->cols * sizeof(float));
        memcpy(slot->H.data, H->data, H->rows * H->cols * sizeof(float));
    }
    slot->snapshot = *facts;
    slot->snapshot.fit = fit->job->fit;
    slot->snapshot.W = &slot->W;
    slot->snapshot.H = &slot->H;
    give_slot(fit, index);
    fit->published_at = gate_now();
    fit->publish_cost = fit->published_at - begin;
    wake(fit->worker);
}

/* From inside the gate: is it time for a snapshot while it runs? */
static bool is_due(const struct fit *fit)
{
    double interval = fmax(LEAST_INTERVAL, TIMES_THE_COST * fit->publish_cost);
    return fit->worker->newest == WORKER_NO_SLOT &&
           gate_now() - fit->published_at >= interval;
}

/* ---- an iteration ---- */

static void renew_speed(struct fit *fit, const nmf_progress *progress)
{
    double iter = (double)progress->n_iter, seconds = progress->wall_seconds;
    if (progress->n_iter == 1) {
        fit->moments[0].iter = fit->moments[1].iter = iter;
        fit->moments[0].seconds = fit->moments[1].seconds = seconds;
        return;
    }
    if (seconds > fit->moments[0].seconds) {
        fit->speed =
            (iter - fit->moments[0].iter) / (seconds - fit->moments[0].seconds);
    }
    if (seconds - fit->moments[1].seconds >= SPEED_PERIOD) {
        fit->moments[0] = fit->moments[1];
        fit->moments[1].iter = iter;
        fit->moments[1].seconds = seconds;
    }
}

static struct worker_snapshot facts_of(const struct fit *fit,
                                       const nmf_progress *progress)
{
    return (struct worker_snapshot){
        .n_iter = progress->n_iter,
        .wall_seconds = fit->wall_before + progress->wall_seconds,
        .cpu_seconds = fit->cpu_before + progress->cpu_seconds,
        .relative_error = progress->relative_error,
        .objective = progress->objective,
        .violation = progress->violation,
        .iterations_per_second = fit->speed,
    };
}

/*
 * Count the iteration; from inside the gate. false: the fit is cancelled, and
 * what is known of it is that of another one already.
 */
static bool count(struct worker *worker, const struct worker_snapshot *facts,
                  nmf_stop_reason reason)
{
    if (is_cancelled(worker)) {
        return false;
    }
    trace_append(&worker->trace, (struct trace_point){(double)facts->n_iter,
                                                      facts->wall_seconds,
                                                      facts->relative_error});
    if (worker->n_steps > 0 && facts->n_iter > 0) {
        worker->n_steps--;
    }
    worker->state = WORKER_PAUSED;
    if (reason != NMF_STOP_NONE) {
        worker->state = WORKER_DONE;
        worker->reason = reason;
        worker->must_run = false;
        worker->n_steps = 0;
    }
    return true;
}

/*
 * After an iteration, or at the start: tell of it, and wait where nobody wants
 * another one. false: the fit is cancelled.
 */
static bool turn(struct fit *fit, const struct worker_snapshot *facts,
                 const nmf_progress *progress, const nmf_matrix *W,
                 const nmf_matrix *H)
{
    struct worker *worker = fit->worker;
    gate_enter(&worker->gate);
    bool goes_on =
        count(worker, facts, progress ? progress->stop_reason : NMF_STOP_NONE);
    bool is_shown = goes_on && (!progress || !is_wanted(worker) || is_due(fit));
    gate_leave(&worker->gate);
    if (!is_shown) {
        return goes_on;
    }
    publish(fit, facts, progress, W, H);
    gate_enter(&worker->gate);
    while (!is_wanted(worker) && !is_cancelled(worker)) {
        rest(worker);
    }
    goes_on = !is_cancelled(worker);
    gate_leave(&worker->gate);
    return goes_on;
}

static bool after_iteration(const nmf_progress *progress, void *context)
{
    struct fit *fit = context;
    renew_speed(fit, progress);
    const struct worker_snapshot facts = facts_of(fit, progress);
    if (!turn(fit, &facts, progress, NULL, NULL)) {
        return false;
    }
    if (progress->stop_reason != NMF_STOP_NONE) {
        nmf_progress_go_on(progress);
    }
    return true;
}

/* ---- a fit ---- */

/* The start, shown as iteration 0. false: the fit is cancelled. */
static bool show_start(struct fit *fit, const nmf_matrix *W,
                       const nmf_matrix *H)
{
    struct worker_snapshot facts = {
        .wall_seconds = fit->wall_before,
        .cpu_seconds = fit->cpu_before,
        .objective = (double)NAN,
        .violation = (double)NAN,
    };
    const nmf_matrix *X = shared_data_matrix(fit->job->data);
    if (nmf_relative_error(&facts.relative_error, X, W, H,
                           fit->job->options.n_threads, NULL) != NMF_OK) {
        facts.relative_error = (double)NAN; /* short of memory for a moment */
    }
    return turn(fit, &facts, NULL, W, H);
}

/* Iterate from the start W, H until the fit is cancelled. */
static nmf_status iterate(struct fit *fit, const nmf_matrix *W,
                          const nmf_matrix *H, nmf_error *err)
{
    nmf_model *model = NULL;
    nmf_options options = fit->job->options;
    options.n_components = fit->n_components;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = W;
    options.H0 = H;
    options.callback = after_iteration;
    options.callback_context = fit;
    if (options.max_seconds > 0.0) { /* the start has had some of them */
        options.max_seconds =
            fmax(options.max_seconds - fit->wall_before, 1e-9);
    }
    nmf_status status =
        nmf_fit(&model, shared_data_matrix(fit->job->data), &options, err);
    nmf_model_free(model);
    return status;
}

static nmf_status solve_nmf(struct worker *worker, const struct worker_job *job,
                            nmf_error *err)
{
    struct fit fit = {.worker = worker, .job = job};
    const nmf_matrix *X = shared_data_matrix(job->data);
    nmf_matrix W = {0}, H = {0};
    double wall = gate_now(), cpu = gate_cpu_now();
    nmf_status status = nmf_start(&W, &H, X, &job->options, err);
    if (status != NMF_OK) {
        return status;
    }
    fit.wall_before = gate_now() - wall;
    fit.cpu_before = gate_cpu_now() - cpu;
    fit.n_samples = X->rows;
    fit.n_features = X->cols;
    fit.n_components = H.rows;
    if ((status = shape_slots(&fit, err)) == NMF_OK &&
        show_start(&fit, &W, &H)) {
        status = iterate(&fit, &W, &H, err);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return status;
}

/* ---- other methods ---- */

static bool goes_on(const nmf_decompose_progress *progress, void *context)
{
    struct worker *worker = context;
    (void)progress;
    gate_enter(&worker->gate);
    bool is_wanted_still = !is_cancelled(worker);
    gate_leave(&worker->gate);
    return is_wanted_still;
}

static nmf_status decompose(struct worker_snapshot *facts, nmf_matrix *W,
                            nmf_matrix *H, struct worker *worker,
                            const struct worker_job *job, nmf_error *err)
{
    nmf_decomposition *d = NULL;
    nmf_decompose_options options = job->others;
    options.callback = goes_on;
    options.callback_context = worker;
    nmf_status status =
        nmf_decompose(&d, shared_data_matrix(job->data), &options, err);
    if (status == NMF_OK) {
        const nmf_decomposition_summary *about =
            nmf_decomposition_get_summary(d);
        facts->n_iter = about->n_iter;
        facts->wall_seconds = about->wall_seconds;
        facts->cpu_seconds = about->cpu_seconds;
        status = whole_factors(W, H, nmf_decomposition_activations(d),
                               nmf_decomposition_components(d),
                               nmf_decomposition_mean(d), err);
    }
    nmf_decomposition_free(d);
    return status;
}

/* All there is, published at once. */
static nmf_status show_whole(struct worker *worker,
                             const struct worker_job *job,
                             struct worker_snapshot *facts, const nmf_matrix *W,
                             const nmf_matrix *H, nmf_error *err)
{
    const nmf_matrix *X = shared_data_matrix(job->data);
    struct fit fit = {.worker = worker,
                      .job = job,
                      .n_samples = X->rows,
                      .n_features = X->cols,
                      .n_components = H->rows};
    nmf_status status = shape_slots(&fit, err);
    if (status == NMF_OK) {
        status = nmf_relative_error(&facts->relative_error, X, W, H,
                                    job->others.n_threads, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    gate_enter(&worker->gate);
    bool counts = count(worker, facts, NMF_STOP_TOL);
    gate_leave(&worker->gate);
    if (counts) {
        publish(&fit, facts, NULL, W, H);
    }
    return NMF_OK;
}

static nmf_status solve_other(struct worker *worker,
                              const struct worker_job *job, nmf_error *err)
{
    nmf_matrix W = {0}, H = {0};
    nmf_status status = NMF_OK;
    const bool is_given = job->H0.data != NULL;
    struct worker_snapshot facts = {
        .method = job->others.method,
        .objective = (double)NAN,
        .violation = (double)NAN,
    };
    if (!is_given) {
        status = decompose(&facts, &W, &H, worker, job, err);
    }
    if (status == NMF_OK) {
        status = show_whole(worker, job, &facts, is_given ? &job->W0 : &W,
                            is_given ? &job->H0 : &H, err);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return status;
}

static nmf_status solve(struct worker *worker, const struct worker_job *job,
                        nmf_error *err)
{
    return job->others.method == NMF_METHOD_NMF ? solve_nmf(worker, job, err)
                                                : solve_other(worker, job, err);
}

/* What a fit came to that has not been superseded. */
static void tell_failure(struct worker *worker, const nmf_error *err)
{
    gate_enter(&worker->gate);
    if (!is_cancelled(worker)) {
        worker->state = WORKER_FAILED;
        worker->error = *err;
        worker->must_run = false;
        worker->n_steps = 0;
    }
    gate_leave(&worker->gate);
    wake(worker);
}

/* The next fit, the caller's; NULL: it is over. */
static struct worker_job *next_job(struct worker *worker)
{
    gate_enter(&worker->gate);
    while (!is_cancelled(worker)) {
        rest(worker);
    }
    struct worker_job *job = worker->must_end ? NULL : worker->next;
    if (job) {
        worker->next = NULL;
    }
    gate_leave(&worker->gate);
    return job;
}

void *worker_solve(void *context)
{
    struct worker *worker = context;
    struct worker_job *job = NULL;
    while ((job = next_job(worker)) != NULL) {
        nmf_error err = {0};
        nmf_status status = solve(worker, job, &err);
        worker_job_free(job);
        if (status != NMF_OK) {
            tell_failure(worker, &err);
        }
    }
    gate_enter(&worker->gate);
    worker->ended = true;
    gate_tell(&worker->gate);
    gate_leave(&worker->gate);
    return NULL;
}
