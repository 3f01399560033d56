/* The screen's side of the worker: commands, and what has become of them. */
#include "worker_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void worker_job_free(struct worker_job *job)
{
    if (job) {
        shared_data_drop(job->data);
        nmf_matrix_release(&job->W0);
        nmf_matrix_release(&job->H0);
        nmf_matrix_release(&job->weights);
        free(job);
    }
}

/* ---- life ---- */

nmf_status worker_create(struct worker **out, void (*wake)(void *),
                         void *context, nmf_error *err)
{
    *out = NULL;
    struct worker *worker = gate_alloc(1, sizeof *worker, err);
    if (!worker) {
        return NMF_ERR_MEMORY;
    }
    worker->wake = wake;
    worker->context = context;
    worker->shown = worker->newest = WORKER_NO_SLOT;
    if (trace_init(&worker->trace, err) == NMF_OK) {
        if (gate_init(&worker->gate, err) == NMF_OK) {
            if (gate_thread(&worker->thread, worker_solve, worker, err) ==
                NMF_OK) {
                *out = worker;
                return NMF_OK;
            }
            gate_release(&worker->gate);
        }
        trace_release(&worker->trace);
    }
    free(worker);
    return NMF_ERR_MEMORY;
}

/* Has the solver done all that it was told to? */
static bool is_settled(const struct worker *worker)
{
    return worker->ended ||
           (worker->rests && !worker->next && !worker->must_end &&
            !worker->must_run && worker->n_steps == 0);
}

bool worker_wait(struct worker *worker, double seconds)
{
    const double deadline = gate_now() + seconds;
    gate_enter(&worker->gate);
    while (!is_settled(worker) && gate_wait(&worker->gate, deadline)) {
    }
    bool settled = is_settled(worker);
    gate_leave(&worker->gate);
    return settled;
}

bool worker_stop(struct worker *worker, double seconds)
{
    gate_enter(&worker->gate);
    worker->must_end = true;
    gate_tell(&worker->gate);
    gate_leave(&worker->gate);
    return worker_wait(worker, seconds);
}

void worker_free(struct worker *worker)
{
    if (!worker) {
        return;
    }
    gate_enter(&worker->gate);
    worker->must_end = true;
    gate_tell(&worker->gate);
    gate_leave(&worker->gate);
    (void)pthread_join(worker->thread, NULL);
    worker_job_free(worker->next);
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        nmf_matrix_release(&worker->slots[i].W);
        nmf_matrix_release(&worker->slots[i].H);
    }
    trace_release(&worker->trace);
    gate_release(&worker->gate);
    free(worker);
}

/* ---- commands ---- */

static nmf_status refuse(nmf_error *err, const char *what)
{
    if (err) {
        err->status = NMF_ERR_ARGUMENT;
        (void)snprintf(err->message, sizeof err->message, "%s", what);
    }
    return NMF_ERR_ARGUMENT;
}

/* A job with copies of both factors, or without. */
static nmf_status create_job(struct worker_job **out, struct shared_data *data,
                             const nmf_matrix *W0, const nmf_matrix *H0,
                             nmf_error *err)
{
    nmf_status status = NMF_OK;
    *out = NULL;
    if (!W0 != !H0) {
        return refuse(err, "a start of one's own needs both W0 and H0");
    }
    struct worker_job *job = gate_alloc(1, sizeof *job, err);
    if (!job) {
        return NMF_ERR_MEMORY;
    }
    if (W0 && ((status = nmf_matrix_copy(&job->W0, W0, err)) != NMF_OK ||
               (status = nmf_matrix_copy(&job->H0, H0, err)) != NMF_OK)) {
        worker_job_free(job);
        return status;
    }
    job->data = shared_data_take(data);
    *out = job;
    return NMF_OK;
}

static nmf_status take_options(struct worker_job *job,
                               const nmf_options *options, nmf_error *err)
{
    job->options = *options;
    job->options.callback = NULL;
    job->options.W0 = job->options.H0 = NULL;
    job->options.weights = NULL;
    if (options->solver) {
        (void)snprintf(job->solver, sizeof job->solver, "%s", options->solver);
        job->options.solver = job->solver;
    }
    if (job->W0.data) {
        job->options.init = NMF_INIT_CUSTOM;
        job->options.W0 = &job->W0;
        job->options.H0 = &job->H0;
    }
    if (options->weights) {
        job->options.weights = &job->weights;
        return nmf_matrix_copy(&job->weights, options->weights, err);
    }
    return NMF_OK;
}

/* It is the next one, in the place of all that there was. */
static void begin_job(struct worker *worker, struct worker_job *job,
                      bool running)
{
    gate_enter(&worker->gate);
    struct worker_job *superseded = worker->next;
    job->fit = ++worker->fit;
    worker->next = job;
    worker->is_whole = job->others.method != NMF_METHOD_NMF;
    worker->must_run = running;
    worker->n_steps = 0;
    worker->state = WORKER_PAUSED;
    worker->reason = NMF_STOP_NONE;
    trace_clear(&worker->trace);
    gate_tell(&worker->gate);
    gate_leave(&worker->gate);
    worker_job_free(superseded);
}

nmf_status worker_fit(struct worker *worker, struct shared_data *data,
                      const nmf_options *options, const nmf_matrix *W0,
                      const nmf_matrix *H0, bool running, nmf_error *err)
{
    struct worker_job *job = NULL;
    if (!H0 && options->init == NMF_INIT_CUSTOM) {
        return refuse(err, "a start of one's own needs both W0 and H0");
    }
    nmf_status status = create_job(&job, data, W0, H0, err);
    if (status == NMF_OK) {
        status = take_options(job, options, err);
    }
    if (status == NMF_OK) {
        begin_job(worker, job, running);
    } else {
        worker_job_free(job);
    }
    return status;
}

nmf_status worker_decompose(struct worker *worker, struct shared_data *data,
                            const nmf_decompose_options *options,
                            const nmf_matrix *W, const nmf_matrix *H,
                            nmf_error *err)
{
    struct worker_job *job = NULL;
    nmf_status status = create_job(&job, data, W, H, err);
    if (status == NMF_OK) {
        job->others = *options;
        job->others.H0 = NULL;
        begin_job(worker, job, true);
    }
    return status;
}

/* From inside the gate: is there a fit that can go on? */
static bool can_go_on(const struct worker *worker)
{
    return !worker->is_whole &&
           (worker->state == WORKER_PAUSED || worker->state == WORKER_DONE);
}

void worker_run(struct worker *worker, bool running)
{
    gate_enter(&worker->gate);
    if (can_go_on(worker)) {
        worker->must_run = running;
        worker->n_steps = 0;
        gate_tell(&worker->gate);
    }
    gate_leave(&worker->gate);
}

void worker_step(struct worker *worker, size_t n)
{
    gate_enter(&worker->gate);
    if (can_go_on(worker)) {
        worker->must_run = false;
        worker->n_steps +=
            n < SIZE_MAX - worker->n_steps ? n : SIZE_MAX - worker->n_steps;
        gate_tell(&worker->gate);
    }
    gate_leave(&worker->gate);
}

/* ---- what has become of them ---- */

bool worker_poll(struct worker *worker, struct worker_snapshot *out)
{
    gate_enter(&worker->gate);
    bool is_newer = worker->newest != WORKER_NO_SLOT;
    if (is_newer) {
        worker->shown = worker->newest;
        worker->newest = WORKER_NO_SLOT;
    }
    int shown = worker->shown;
    gate_leave(&worker->gate);
    *out = shown == WORKER_NO_SLOT ? (struct worker_snapshot){0}
                                   : worker->slots[shown].snapshot;
    return is_newer;
}

uint64_t worker_fit_number(struct worker *worker)
{
    gate_enter(&worker->gate);
    uint64_t fit = worker->fit;
    gate_leave(&worker->gate);
    return fit;
}

enum worker_state worker_state(struct worker *worker)
{
    gate_enter(&worker->gate);
    enum worker_state state = worker->must_run || worker->n_steps > 0
                                  ? WORKER_RUNNING
                                  : worker->state;
    gate_leave(&worker->gate);
    return state;
}

nmf_stop_reason worker_reason(struct worker *worker)
{
    gate_enter(&worker->gate);
    bool is_done = worker->state == WORKER_DONE && !worker->must_run &&
                   worker->n_steps == 0;
    nmf_stop_reason reason = is_done ? worker->reason : NMF_STOP_NONE;
    gate_leave(&worker->gate);
    return reason;
}

nmf_status worker_error(struct worker *worker, nmf_error *out)
{
    nmf_status status = NMF_OK;
    gate_enter(&worker->gate);
    if (worker->state == WORKER_FAILED) {
        *out = worker->error;
        status = out->status;
    }
    gate_leave(&worker->gate);
    return status;
}

size_t worker_trace(struct worker *worker, struct trace_point *out,
                    double from_iter, size_t max)
{
    gate_enter(&worker->gate);
    const struct trace *trace = &worker->trace;
    size_t from = trace_find(trace, from_iter), n = 0;
    for (; n < max && from + n < trace->n; n++) {
        out[n] = trace_at(trace, from + n);
    }
    gate_leave(&worker->gate);
    return n;
}
