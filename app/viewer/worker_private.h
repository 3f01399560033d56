/*
 * What the two sides of a worker share. The screen's side, worker.c, gives
 * commands; the solver's, worker_solver.c, follows them between iterations.
 */
#ifndef NMFIMG_VIEWER_WORKER_PRIVATE_H
#define NMFIMG_VIEWER_WORKER_PRIVATE_H

#include "gate.h"
#include "worker.h"

/* A fit to begin; owns all of it. */
struct worker_job {
    uint64_t fit;
    struct shared_data *data;
    nmf_options options; /* solver is the name below, or NULL */
    char solver[32];
    nmf_decompose_options others; /* method nmf: a fit, by the options above */
    nmf_matrix W0;                /* data NULL: as options.init says */
    nmf_matrix H0;
    nmf_matrix weights; /* data NULL: none */
};

void worker_job_free(struct worker_job *job);

enum { WORKER_SLOTS = 3, WORKER_NO_SLOT = -1 };

/*
 * Snapshots. The screen's side holds the slot `shown`; `newest` is published
 * and not yet taken. The solver writes a slot that is neither, or takes
 * `newest` back where the third has not the shape of this fit: so the screen
 * never waits for a copy, and a large fit has two or three of them.
 */
struct worker_slot {
    nmf_matrix W;
    nmf_matrix H;
    struct worker_snapshot snapshot; /* its W and H are those above */
};

struct worker {
    struct gate gate; /* guards all below but the content of slots */
    pthread_t thread;
    void (*wake)(void *); /* these two never change */
    void *context;

    /* Commands. */
    struct worker_job *next; /* a fit to begin; NULL: none */
    bool must_end;           /* for good */
    bool must_run;           /* until told otherwise, or done */
    size_t n_steps;          /* else as many iterations */

    /* What became of them. */
    uint64_t fit;            /* begun last */
    bool is_whole;           /* it is not by nmf: nothing goes on */
    enum worker_state state; /* never WORKER_RUNNING: that is must_run or */
                             /* n_steps > 0 */
    nmf_stop_reason reason;
    nmf_error error;
    bool rests; /* the solver waits for a command, and all is published */
    bool ended; /* the thread will not touch this any more */
    struct trace trace;
    struct worker_slot slots[WORKER_SLOTS];
    int shown;
    int newest;
};

/* The thread's body; context is the worker. */
void *worker_solve(void *context);

#endif
