#include "weigher.h"

#include "gate.h"

#include <nmfimg/codec.h>

#include <stdlib.h>

/* Owns all of it. */
struct job {
    struct shared_data *data;
    nmf_matrix W;
    nmf_matrix H;
    uint64_t version;
};

struct weigher {
    struct gate gate; /* guards all below */
    pthread_t thread;
    void (*wake)(void *);
    void *context;
    bool must_end;
    bool has_ended;
    struct job *next; /* to be weighed; NULL: none */
    bool is_weighing;
    bool is_ready;
    struct weight weight; /* is_ready */
};

static void free_job(struct job *job)
{
    if (job) {
        shared_data_drop(job->data);
        nmf_matrix_release(&job->W);
        nmf_matrix_release(&job->H);
        free(job);
    }
}

/* ---- on the thread ---- */

static bool goes_on(const nmf_set_progress *progress, void *context)
{
    struct weigher *weigher = context;
    (void)progress;
    gate_enter(&weigher->gate);
    bool is_wanted = !weigher->must_end && !weigher->next;
    gate_leave(&weigher->gate);
    return is_wanted;
}

/* False: broken off. */
static bool weigh(struct weight *out, struct weigher *weigher,
                  const struct job *job)
{
    const nmf_dataset *set = shared_data_set(job->data);
    nmf_set_report report = {0};
    *out = (struct weight){.version = job->version};
    nmf_status status = nmf_set_weigh(&report, nmf_dataset_matrix(set),
                                      nmf_dataset_geometry(set), &job->W,
                                      &job->H, 1, goes_on, weigher, NULL);
    if (status == NMF_OK) {
        out->bytes = report.info.total_bytes;
        out->psnr = report.psnr;
        out->seconds = report.seconds;
    }
    return status != NMF_ERR_CANCELLED;
}

/* The next job, the caller's; NULL: it is over. */
static struct job *next_job(struct weigher *weigher)
{
    gate_enter(&weigher->gate);
    while (!weigher->must_end && !weigher->next) {
        (void)gate_wait(&weigher->gate, GATE_FOREVER);
    }
    struct job *job = weigher->must_end ? NULL : weigher->next;
    if (job) {
        weigher->next = NULL;
        weigher->is_weighing = true;
    }
    gate_leave(&weigher->gate);
    return job;
}

static void *serve(void *context)
{
    struct weigher *weigher = context;
    struct job *job = NULL;
    while ((job = next_job(weigher)) != NULL) {
        struct weight weight;
        bool is_done = weigh(&weight, weigher, job);
        free_job(job);
        gate_enter(&weigher->gate);
        weigher->is_weighing = false;
        if (is_done) {
            weigher->weight = weight;
            weigher->is_ready = true;
        }
        gate_tell(&weigher->gate);
        gate_leave(&weigher->gate);
        if (is_done && weigher->wake) {
            weigher->wake(weigher->context);
        }
    }
    gate_enter(&weigher->gate);
    weigher->has_ended = true;
    gate_tell(&weigher->gate);
    gate_leave(&weigher->gate);
    return NULL;
}

/* ---- the screen's side ---- */

nmf_status weigher_create(struct weigher **out, void (*wake)(void *),
                          void *context, nmf_error *err)
{
    *out = NULL;
    struct weigher *weigher = gate_alloc(1, sizeof *weigher, err);
    if (!weigher || gate_init(&weigher->gate, err) != NMF_OK) {
        free(weigher);
        return NMF_ERR_MEMORY;
    }
    weigher->wake = wake;
    weigher->context = context;
    if (gate_thread(&weigher->thread, serve, weigher, err) != NMF_OK) {
        gate_release(&weigher->gate);
        free(weigher);
        return NMF_ERR_MEMORY;
    }
    *out = weigher;
    return NMF_OK;
}

static void tell_end(struct weigher *weigher)
{
    gate_enter(&weigher->gate);
    weigher->must_end = true;
    gate_tell(&weigher->gate);
    gate_leave(&weigher->gate);
}

bool weigher_stop(struct weigher *weigher, double seconds)
{
    const double deadline = gate_now() + seconds;
    tell_end(weigher);
    gate_enter(&weigher->gate);
    while (!weigher->has_ended && gate_wait(&weigher->gate, deadline)) {
    }
    bool has_ended = weigher->has_ended;
    gate_leave(&weigher->gate);
    return has_ended;
}

void weigher_free(struct weigher *weigher)
{
    if (!weigher) {
        return;
    }
    tell_end(weigher);
    (void)pthread_join(weigher->thread, NULL);
    free_job(weigher->next);
    gate_release(&weigher->gate);
    free(weigher);
}

nmf_status weigher_begin(struct weigher *weigher, struct shared_data *data,
                         const nmf_matrix *W, const nmf_matrix *H,
                         uint64_t version, nmf_error *err)
{
    struct job *job = gate_alloc(1, sizeof *job, err);
    if (!job) {
        return NMF_ERR_MEMORY;
    }
    job->data = shared_data_take(data);
    job->version = version;
    nmf_status status = nmf_matrix_copy(&job->W, W, err);
    if (status == NMF_OK) {
        status = nmf_matrix_copy(&job->H, H, err);
    }
    if (status != NMF_OK) {
        free_job(job);
        return status;
    }
    gate_enter(&weigher->gate);
    struct job *superseded = weigher->next;
    weigher->next = job;
    weigher->is_ready = false;
    gate_tell(&weigher->gate);
    gate_leave(&weigher->gate);
    free_job(superseded);
    return NMF_OK;
}

bool weigher_is_busy(struct weigher *weigher)
{
    gate_enter(&weigher->gate);
    bool is_busy = weigher->next || weigher->is_weighing || weigher->is_ready;
    gate_leave(&weigher->gate);
    return is_busy;
}

bool weigher_poll(struct weigher *weigher, struct weight *out)
{
    gate_enter(&weigher->gate);
    bool is_ready = weigher->is_ready;
    if (is_ready) {
        *out = weigher->weight;
        weigher->is_ready = false;
    }
    gate_leave(&weigher->gate);
    return is_ready;
}

bool weigher_wait(struct weigher *weigher, double seconds)
{
    const double deadline = gate_now() + seconds;
    gate_enter(&weigher->gate);
    while ((weigher->next || weigher->is_weighing) && !weigher->has_ended &&
           gate_wait(&weigher->gate, deadline)) {
    }
    bool rests = !weigher->next && !weigher->is_weighing;
    gate_leave(&weigher->gate);
    return rests;
}
