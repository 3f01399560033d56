#include "history.h"

#include "gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct run {
    char label[HISTORY_LABEL_SIZE];
    unsigned colour;
    struct trace trace;
};

struct history {
    size_t n;
    struct run runs[HISTORY_MAX_RUNS]; /* in order; the memory of a trace is */
                                       /* asked for when its run begins */
};

struct history *history_create(nmf_error *err)
{
    return gate_alloc(1, sizeof(struct history), err);
}

/* Drop runs [from, to); the memory of their traces goes. */
static void drop(struct history *history, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        trace_release(&history->runs[i].trace);
    }
    memmove(history->runs + from, history->runs + to,
            (history->n - to) * sizeof *history->runs);
    history->n -= to - from;
}

void history_free(struct history *history)
{
    if (history) {
        drop(history, 0, history->n);
        free(history);
    }
}

void history_clear(struct history *history, bool keep_present)
{
    drop(history, 0, history->n - (keep_present && history->n > 0 ? 1 : 0));
}

static unsigned free_colour(const struct history *history)
{
    unsigned used = 0, colour = 0;
    for (size_t i = 0; i < history->n; i++) {
        used |= 1U << history->runs[i].colour;
    }
    while (used & 1U << colour) {
        colour++;
    }
    return colour;
}

/* As much of text as there is room for, whole characters of UTF-8. */
static void copy_label(char *out, const char *text)
{
    size_t n = strlen(text);
    if (n >= HISTORY_LABEL_SIZE) {
        n = HISTORY_LABEL_SIZE - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0U) == 0x80U) {
            n--;
        }
    }
    memcpy(out, text, n);
    out[n] = '\0';
}

nmf_status history_begin(struct history *history, const char *label,
                         nmf_error *err)
{
    struct run run = {.label = ""};
    nmf_status status = trace_init(&run.trace, err);
    if (status != NMF_OK) {
        return status;
    }
    if (history->n > 0 && history->runs[history->n - 1].trace.n == 0) {
        drop(history, history->n - 1, history->n);
    }
    if (history->n == HISTORY_MAX_RUNS) {
        drop(history, 0, 1);
    }
    copy_label(run.label, label);
    run.colour = free_colour(history);
    history->runs[history->n++] = run;
    return NMF_OK;
}

double history_last_iter(const struct history *history)
{
    if (history->n == 0 || history->runs[history->n - 1].trace.n == 0) {
        return -1.0;
    }
    const struct trace *trace = &history->runs[history->n - 1].trace;
    return trace->iter[trace->n - 1];
}

void history_append(struct history *history, struct trace_point point)
{
    if (history->n > 0 && isfinite(point.iter) && isfinite(point.seconds) &&
        isfinite(point.error) && point.iter > history_last_iter(history)) {
        trace_append(&history->runs[history->n - 1].trace, point);
    }
}

size_t history_count(const struct history *history)
{
    return history->n;
}

struct history_run history_run(const struct history *history, size_t i)
{
    const struct run *run = &history->runs[i];
    return (struct history_run){run->label, run->colour, &run->trace};
}

static const double *along(const struct trace *trace, enum history_axis axis)
{
    return axis == HISTORY_SECONDS ? trace->seconds : trace->iter;
}

bool history_bounds(const struct history *history, enum history_axis axis,
                    struct history_bounds *out)
{
    struct history_bounds bounds = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < history->n; i++) {
        const struct trace *trace = &history->runs[i].trace;
        const double *x = along(trace, axis);
        for (size_t p = 0; p < trace->n; p++) {
            bounds.x_min = fmin(bounds.x_min, x[p]);
            bounds.x_max = fmax(bounds.x_max, x[p]);
            bounds.error_min = fmin(bounds.error_min, trace->error[p]);
            bounds.error_max = fmax(bounds.error_max, trace->error[p]);
        }
    }
    if (bounds.x_min > bounds.x_max) {
        return false;
    }
    *out = bounds;
    return true;
}

bool history_nearest(const struct history *history, size_t i,
                     enum history_axis axis, double x, struct trace_point *out)
{
    const struct trace *trace = &history->runs[i].trace;
    const double *at = along(trace, axis);
    size_t nearest = 0;
    if (trace->n == 0) {
        return false;
    }
    for (size_t p = 1; p < trace->n; p++) {
        if (fabs(at[p] - x) < fabs(at[nearest] - x)) {
            nearest = p;
        }
    }
    *out = trace_at(trace, nearest);
    return true;
}
