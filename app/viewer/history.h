/*
 * The course of this fit and of earlier ones, for the plot of the error.
 *
 *     struct history *history = history_create(&err);
 *     history_begin(history, "k 49, hals, seed 0", &err);
 *     history_append(history, (struct trace_point){1, 0.01, 0.53});
 *     for (size_t i = 0; i < history_count(history); i++)
 *         draw(history_run(history, i));
 *     history_free(history);
 *
 * Runs are in the order in which they began, the present one is the last. No
 * thread but the caller's.
 */
#ifndef NMFIMG_VIEWER_HISTORY_H
#define NMFIMG_VIEWER_HISTORY_H

#include "trace.h"

#include <stdbool.h>

enum {
    HISTORY_MAX_RUNS = 13, /* the present one and twelve earlier ones */
    HISTORY_LABEL_SIZE = 96
};

struct history;

/* A run, to be drawn. Borrowed until the next call that changes the history. */
struct history_run {
    const char *label; /* in UTF-8 */
    unsigned colour;   /* 0 .. HISTORY_MAX_RUNS - 1, unlike the other runs', */
                       /* the same for as long as the run is kept */
    const struct trace *trace;
};

/* What hangs along the lower axis. */
enum history_axis { HISTORY_ITERATIONS, HISTORY_SECONDS };

/* NULL: no memory, err is filled. */
struct history *history_create(nmf_error *err);
void history_free(struct history *history);

/*
 * A new run, without points, is the present one; where there are
 * HISTORY_MAX_RUNS, the oldest is dropped. A present run without points is
 * replaced. The label is cut where it is too long, between two characters.
 *
 * Fails: NMF_ERR_MEMORY; all is as it was then
 */
nmf_status history_begin(struct history *history, const char *label,
                         nmf_error *err);

/*
 * A point of the present run; one that is not finite, or not after the last
 * one's iteration, is left out. Before history_begin() nothing happens.
 */
void history_append(struct history *history, struct trace_point point);

/* The iterations of the last point of the present run; -1 where there is none:
 * what to ask worker_trace() for begins after it. */
double history_last_iter(const struct history *history);

/* Forget all runs; or all but the present one. */
void history_clear(struct history *history, bool keep_present);

size_t history_count(const struct history *history);

/* Run i < history_count(). */
struct history_run history_run(const struct history *history, size_t i);

/*
 * The least and the largest along both axes over all runs. false: there are no
 * points, nothing is written.
 */
struct history_bounds {
    double x_min, x_max;
    double error_min, error_max;
};
bool history_bounds(const struct history *history, enum history_axis axis,
                    struct history_bounds *out);

/*
 * What is under the mouse: the point of run i nearest to x along the axis.
 * false: the run has no points.
 */
bool history_nearest(const struct history *history, size_t i,
                     enum history_axis axis, double x, struct trace_point *out);

#endif
