/*
 * The points up to n_closed stay. Behind them is the open bucket as it would
 * be closed now: its smallest and its largest error, and the newest point.
 *
 *     | head, whole | two of each bucket ...  | min, max, newest |
 *     0         TRACE_HEAD               n_closed                n
 *
 * When there is no more room, what is behind the head is halved: of each four
 * points the smallest and the largest stay, and buckets become twice as large.
 */
#include "trace.h"

#include "gate.h"

#include <stdlib.h>

enum { OPEN_POINTS = 3 };

nmf_status trace_init(struct trace *trace, nmf_error *err)
{
    *trace = (struct trace){0};
    double *memory = gate_alloc(3 * TRACE_MAX_POINTS, sizeof *memory, err);
    if (!memory) {
        return NMF_ERR_MEMORY;
    }
    trace->iter = memory;
    trace->seconds = memory + TRACE_MAX_POINTS;
    trace->error = memory + 2 * (size_t)TRACE_MAX_POINTS;
    trace->bucket = 1;
    return NMF_OK;
}

void trace_release(struct trace *trace)
{
    free(trace->iter);
    *trace = (struct trace){0};
}

void trace_clear(struct trace *trace)
{
    trace->n = trace->n_closed = trace->n_open = 0;
    trace->bucket = 1;
}

struct trace_point trace_at(const struct trace *trace, size_t i)
{
    return (struct trace_point){trace->iter[i], trace->seconds[i],
                                trace->error[i]};
}

static void put(struct trace *trace, size_t i, struct trace_point point)
{
    trace->iter[i] = point.iter;
    trace->seconds[i] = point.seconds;
    trace->error[i] = point.error;
}

/* The smallest and the largest error of points [from, to), in their order, are
 * put at `at` <= from; one where they are the same. Returns how many. */
static size_t put_extremes(struct trace *trace, size_t at, size_t from,
                           size_t to)
{
    size_t low = from, high = from;
    for (size_t i = from + 1; i < to; i++) {
        low = trace->error[i] < trace->error[low] ? i : low;
        high = trace->error[i] > trace->error[high] ? i : high;
    }
    const size_t first = low < high ? low : high;
    const size_t second = low < high ? high : low;
    put(trace, at, trace_at(trace, first));
    if (first != second) {
        put(trace, at + 1, trace_at(trace, second));
    }
    return first == second ? 1 : 2;
}

/* Halve the closed points behind the head. */
static void thin(struct trace *trace)
{
    size_t at = TRACE_HEAD;
    for (size_t i = TRACE_HEAD; i < trace->n_closed; i += 4) {
        size_t end = i + 4 < trace->n_closed ? i + 4 : trace->n_closed;
        at += put_extremes(trace, at, i, end);
    }
    trace->n = trace->n_closed = at;
    trace->bucket = trace->bucket == 1 ? 4 : 2 * trace->bucket;
}

/* The open bucket is complete: what further points leave alone. */
static void close_bucket(struct trace *trace)
{
    if (trace->bucket == 1) {
        trace->n_closed = trace->n;
    } else {
        trace->n_closed +=
            put_extremes(trace, trace->n_closed, trace->n_closed, trace->n);
        trace->n = trace->n_closed;
    }
    trace->n_open = 0;
}

void trace_append(struct trace *trace, struct trace_point point)
{
    if (trace->n_open >= trace->bucket) {
        close_bucket(trace);
        if (trace->n_closed + OPEN_POINTS > TRACE_MAX_POINTS) {
            thin(trace);
        }
    }
    const size_t open = trace->n_closed;
    if (trace->n - open == OPEN_POINTS) {
        trace->n = open + put_extremes(trace, open, open, trace->n);
    }
    put(trace, trace->n, point);
    trace->n++;
    trace->n_open++;
}

size_t trace_find(const struct trace *trace, double iter)
{
    size_t low = 0, high = trace->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (trace->iter[middle] < iter) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
