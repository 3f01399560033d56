/*
 * An axis: from numbers to places between its ends, and the ticks that a
 * person reads them by.
 */
#ifndef NMFIMG_IMAGE_PLOT_AXIS_H
#define NMFIMG_IMAGE_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { NMF_AXIS_MAX_TICKS = 32, NMF_AXIS_LABEL_SIZE = 16 };

typedef struct nmf_axis_tick {
    double at; /* 0 .. 1 */
    char label[NMF_AXIS_LABEL_SIZE];
} nmf_axis_tick;

typedef struct nmf_axis {
    bool is_log;
    double from, to; /* from < to; both > 0 where is_log */
    size_t n_ticks;
    nmf_axis_tick ticks[NMF_AXIS_MAX_TICKS];
} nmf_axis;

/* Can a value be shown on such an axis at all? Not NaN, nor beyond 1e300, nor
 * below 1e-300 on a log axis. */
bool nmf_axis_has_place(bool is_log, double value);

/*
 * Ends a little beyond the least and the largest value, which are finite and
 * have a place. An axis of numbers >= 0 does not go below 0.
 */
void nmf_axis_around(nmf_axis *axis, bool is_log, double least, double most);

/*
 * About `wanted` ticks, a few less or more, at round numbers: steps of 1, 2 or
 * 5 times a power of ten; on a log axis at powers of ten, with 2 and 5 or all
 * digits between where there is room.
 */
void nmf_axis_set_ticks(nmf_axis *axis, size_t wanted);

/* 0 at `from`, 1 at `to`; the value has a place, which may be outside. */
double nmf_axis_at(const nmf_axis *axis, double value);

#endif
