/*
 * What two threads meet at: a lock, a condition that is told of every change
 * behind it, and a clock.
 *
 *     gate_enter(&gate);
 *     while (!done && gate_wait(&gate, deadline)) {
 *     }
 *     gate_leave(&gate);
 */
#ifndef NMFIMG_VIEWER_GATE_H
#define NMFIMG_VIEWER_GATE_H

#include <nmfimg/error.h>

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* A deadline that never comes. */
#define GATE_FOREVER (-1.0)

/* Released by gate_release(). Fails: NMF_ERR_MEMORY, nothing to release. */
nmf_status gate_init(struct gate *gate, nmf_error *err);
void gate_release(struct gate *gate);

void gate_enter(struct gate *gate);
void gate_leave(struct gate *gate);

/* From inside: tell everyone who waits that something changed. */
void gate_tell(struct gate *gate);

/*
 * From inside: let others in, and come back after the next gate_tell(), or for
 * no reason. false: the deadline, a gate_now(), has passed.
 */
bool gate_wait(struct gate *gate, double deadline);

/* Seconds of a clock that nobody sets; and of the processor's time. */
double gate_now(void);
double gate_cpu_now(void);

/*
 * Start a thread that no signal of the process is delivered to, nor to threads
 * that it starts. Fails: NMF_ERR_MEMORY
 */
nmf_status gate_thread(pthread_t *thread, void *(*body)(void *), void *context,
                       nmf_error *err);

/* Zeros, at least one byte, freed by free(); NULL: err is filled. */
void *gate_alloc(size_t n, size_t size, nmf_error *err);

#endif
