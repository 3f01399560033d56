/*
 * The course of one fit, in bounded memory: iterations, seconds, relative
 * error.
 *
 *     struct trace trace = {0};
 *     if (trace_init(&trace, &err) == NMF_OK)
 *         trace_append(&trace, (struct trace_point){10, 0.4, 0.21});
 *     plot(trace.iter, trace.error, trace.n);
 *     trace_release(&trace);
 *
 * The first TRACE_HEAD points stay as they came, for that is where the error
 * falls. Of later ones, once there is no more room, the smallest and the
 * largest error of so and so many points in a row are kept, evenly over the
 * rest; the newest point is always there, as the last.
 */
#ifndef NMFIMG_VIEWER_TRACE_H
#define NMFIMG_VIEWER_TRACE_H

#include <nmfimg/error.h>

#include <stddef.h>

enum { TRACE_MAX_POINTS = 4096, TRACE_HEAD = 1024 };

struct trace_point {
    double iter;
    double seconds;
    double error;
};

/* Read n and the three arrays; the rest is trace.c's. */
struct trace {
    size_t n; /* points, <= TRACE_MAX_POINTS */
    double *iter;
    double *seconds;
    double *error;
    size_t n_closed; /* points that further ones leave alone */
    size_t bucket;   /* points that come down to two; 1: each is kept */
    size_t n_open;   /* points since the last bucket was closed */
};

/*
 * All memory that a trace needs. It is without points then; released by
 * trace_release(). Fails: NMF_ERR_MEMORY, the trace is empty ({0}) then.
 */
nmf_status trace_init(struct trace *trace, nmf_error *err);

/* Free it and make it empty; an empty one is fine. */
void trace_release(struct trace *trace);

/* Without points again, the memory stays. */
void trace_clear(struct trace *trace);

/* Append a point, not before the last one in iterations. Costs no memory. */
void trace_append(struct trace *trace, struct trace_point point);

/* Point i < n. */
struct trace_point trace_at(const struct trace *trace, size_t i);

/* The first point of at least iter iterations; n where there is none. */
size_t trace_find(const struct trace *trace, double iter);

#endif
