#define _POSIX_C_SOURCE 200809L

#include "gate.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static nmf_status refuse(nmf_error *err, const char *what)
{
    if (err) {
        err->status = NMF_ERR_MEMORY;
        (void)snprintf(err->message, sizeof err->message, "%s", what);
    }
    return NMF_ERR_MEMORY;
}

static bool init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    bool is_done =
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
        pthread_cond_init(condition, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return is_done;
}

nmf_status gate_init(struct gate *gate, nmf_error *err)
{
    if (pthread_mutex_init(&gate->lock, NULL) == 0) {
        if (init_condition(&gate->changed)) {
            return NMF_OK;
        }
        (void)pthread_mutex_destroy(&gate->lock);
    }
    return refuse(err, "the system refuses a lock for one more thread");
}

void gate_release(struct gate *gate)
{
    (void)pthread_cond_destroy(&gate->changed);
    (void)pthread_mutex_destroy(&gate->lock);
}

void gate_enter(struct gate *gate)
{
    int status = pthread_mutex_lock(&gate->lock);
    assert(status == 0);
    (void)status;
}

void gate_leave(struct gate *gate)
{
    int status = pthread_mutex_unlock(&gate->lock);
    assert(status == 0);
    (void)status;
}

void gate_tell(struct gate *gate)
{
    (void)pthread_cond_broadcast(&gate->changed);
}

bool gate_wait(struct gate *gate, double deadline)
{
    const double latest = 1e9; /* more seconds than a time_t need hold */
    if (!(deadline >= 0.0 && deadline < latest)) {
        (void)pthread_cond_wait(&gate->changed, &gate->lock);
        return true;
    }
    struct timespec until = {
        .tv_sec = (time_t)deadline,
        .tv_nsec = (long)((deadline - (double)(time_t)deadline) * 1e9),
    };
    return pthread_cond_timedwait(&gate->changed, &gate->lock, &until) !=
           ETIMEDOUT;
}

static double read_clock(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double gate_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double gate_cpu_now(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

nmf_status gate_thread(pthread_t *thread, void *(*body)(void *), void *context,
                       nmf_error *err)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = pthread_create(thread, NULL, body, context);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status == 0 ? NMF_OK
                       : refuse(err, "the system refuses one more "
                                     "thread");
}

void *gate_alloc(size_t n, size_t size, nmf_error *err)
{
    void *memory = calloc(n > 0 ? n : 1, size > 0 ? size : 1);
    if (!memory) {
        (void)refuse(err, "out of memory");
    }
    return memory;
}
