/*
 * The solver's own thread. It never waits for the screen, and the screen never
 * waits for an iteration.
 *
 *     struct worker *worker = NULL;
 *     worker_create(&worker, wake_the_event_loop, NULL, &err);
 *     worker_fit(worker, data, &options, NULL, NULL, true, &err);
 *     for (;;) {                                    // a frame
 *         if (worker_poll(worker, &snapshot))
 *             draw(snapshot.W, snapshot.H);
 *     }
 *     worker_free(worker);
 *
 * A pause is the solver waiting between two iterations, with all of its state;
 * a step lets n iterations pass. Fits with the same options give the same
 * factors after n iterations, byte for byte, whatever pauses and steps there
 * were, and the same as nmf_fit() with max_iter n.
 *
 * All functions are for one thread, the screen's. The struct is opaque.
 */
#ifndef NMFIMG_VIEWER_WORKER_H
#define NMFIMG_VIEWER_WORKER_H

#include "shared_data.h"
#include "trace.h"

#include <nmfimg/decompose.h>

#include <stdbool.h>
#include <stdint.h>

struct worker;

enum worker_state {
    WORKER_EMPTY,   /* no fit was begun */
    WORKER_PAUSED,  /* waits between two iterations */
    WORKER_RUNNING, /* iterates, or begins to */
    WORKER_DONE,    /* an end of the options was reached: worker_reason() */
    WORKER_FAILED   /* could not begin: worker_error() */
};

/* The factors after an iteration. Borrowed until the next worker_poll(). */
struct worker_snapshot {
    uint64_t fit;          /* what worker_fit_number() was for it; 0: none */
    nmf_method method;     /* nmf: that of worker_fit() */
    size_t n_iter;         /* 0: the start */
    double wall_seconds;   /* of the solver, as in nmf_progress */
    double cpu_seconds;    /* of all threads of the program meanwhile */
    double relative_error; /* ||X - W H|| / ||X|| */
    double objective;      /* what is minimised; NaN: at the start */
    double violation;      /* NaN: not measured, for example without a tol */
    double iterations_per_second; /* over the last second of the solver's; */
                                  /* 0: not known yet */
    const nmf_matrix *W;          /* n_samples x n_components; NULL: none */
    const nmf_matrix *H;          /* n_components x n_features; NULL: none */
};

/*
 * Start the thread.
 *
 * wake     called on that thread, with context, after each snapshot, those of
 *          a pause and an end included, and where a fit fails; must not call
 *          the worker; may be NULL
 * Fails:   NMF_ERR_MEMORY, also where the system refuses a thread
 */
nmf_status worker_create(struct worker **out, void (*wake)(void *),
                         void *context, nmf_error *err);

/* Cancel, wait for the end of the iteration, free. NULL is fine. */
void worker_free(struct worker *worker);

/*
 * Cancel for good. true: the thread ended within that time; false: it has not
 * yet, and a program that is about to exit need not wait: it leaves the worker
 * unfreed. The last snapshot stays.
 */
bool worker_stop(struct worker *worker, double seconds);

/*
 * Begin a fit; the present one is cancelled, its last snapshot stays until
 * the new one's first.
 *
 * data     held until the fit ends
 * options  copied, weights too; callback and start matrices in it are not
 *          looked at, init matters where W0 is NULL
 * W0, H0   a start of the caller's, n_samples x n_components and n_components
 *          x n_features, copied; both or none
 * running  false: paused at the start, which is published as iteration 0
 *
 * Fails:   NMF_ERR_MEMORY, ARGUMENT (one of W0 and H0 alone, or
 *          NMF_INIT_CUSTOM without); the present fit goes on then. What
 *          nmf_fit() refuses makes it WORKER_FAILED later.
 * Cost:    that of the copies.
 */
nmf_status worker_fit(struct worker *worker, struct shared_data *data,
                      const nmf_options *options, const nmf_matrix *W0,
                      const nmf_matrix *H0, bool running, nmf_error *err);

/*
 * The same by another method than nmf, whose result is all there is: it comes
 * as one snapshot, and WORKER_DONE. There is nothing to pause, and to run or
 * to step on from there does nothing.
 *
 * The snapshot's W H is all of the reconstruction: pca's mean is component 0,
 * with a weight of 1 in every sample.
 *
 * options  copied; callback and H0 are not looked at
 * W, H     what the snapshot is to have, and nothing is computed: n_samples x
 *          n and n x n_features, copied; both or none
 *
 * Fails:   NMF_ERR_MEMORY, ARGUMENT (one of W and H alone)
 */
nmf_status worker_decompose(struct worker *worker, struct shared_data *data,
                            const nmf_decompose_options *options,
                            const nmf_matrix *W, const nmf_matrix *H,
                            nmf_error *err);

/* The number of the fit begun last; 0: none. The first is 1. */
uint64_t worker_fit_number(struct worker *worker);

/*
 * Go on, or pause after the iteration under way. A fit that is done goes on
 * without its limits (tol, min_decrease, max_iter, max_seconds), as though they
 * had never been there. Nothing happens in WORKER_EMPTY and _FAILED.
 */
void worker_run(struct worker *worker, bool running);

/*
 * n iterations, then paused. Steps asked for while there are some left are
 * added to them; one that runs does n more. In WORKER_DONE as worker_run().
 */
void worker_step(struct worker *worker, size_t n);

/*
 * Wait until the worker rests: paused (at the start, or after the steps asked
 * for), done, failed or empty, with its exact state published. false: the time
 * is up. For headless use, one iteration a frame.
 */
bool worker_wait(struct worker *worker, double seconds);

/*
 * The newest snapshot; true where it is newer than that of the last poll.
 * Before the first snapshot all of out is zero. Never waits for an iteration.
 *
 * While it runs, a snapshot is made when the last one has been polled, 33 ms
 * have passed, and snapshots have cost less than a twentieth of the time; where
 * the worker rests, always.
 */
bool worker_poll(struct worker *worker, struct worker_snapshot *out);

/* Of the fit begun last, from the moment of worker_fit() on. */
enum worker_state worker_state(struct worker *worker);

/* Why it is WORKER_DONE; NMF_STOP_NONE otherwise. */
nmf_stop_reason worker_reason(struct worker *worker);

/* In WORKER_FAILED: the status, and the sentence in out; else NMF_OK. */
nmf_status worker_error(struct worker *worker, nmf_error *out);

/*
 * Points of the fit begun last, of at least from_iter iterations, oldest first.
 * One who asks on with the last point's iteration + 1 gets every one, the
 * thinning of trace.h apart; iteration 0 is the start.
 *
 * out      room for max points
 * Returns  how many were written
 */
size_t worker_trace(struct worker *worker, struct trace_point *out,
                    double from_iter, size_t max);

#endif
