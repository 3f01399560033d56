/*
 * The course of a fit as a line of few points: what is drawn is paid for by the
 * segment, and most of a curve is all but straight.
 *
 *     struct curve_frame frame = {.place = area, .x_max = 500,
 *                                 .error_min = 0.1, .error_max = 1};
 *     struct curve curve;                        // 32 kB
 *     curve_make(&curve, &frame, trace, HISTORY_ITERATIONS);
 *     ui_draw_polyline(curve.xy, curve.n, colour, 1);
 */
#ifndef NMFIMG_VIEWER_CURVE_H
#define NMFIMG_VIEWER_CURVE_H

#include "history.h"
#include "viewport.h"

/* Where the axes lie: x to the right from x_min to x_max, the logarithm of the
 * error up from error_min to error_max; 0 < error_min < error_max. */
struct curve_frame {
    viewport_area place; /* in pixels */
    double x_min, x_max;
    double error_min, error_max;
};

/* No point is farther than this from the line, in pixels. */
#define CURVE_TOLERANCE 0.4

struct curve {
    size_t n;
    float xy[2 * TRACE_MAX_POINTS]; /* x and y in turn, in pixels */
};

/* Bounds that leave room for all runs: rounded to nothing, but never empty.
 * False: there are no points. */
bool curve_frame_fit(struct curve_frame *out, const struct history *history,
                     enum history_axis axis, viewport_area place);

/* A point in pixels; an error below error_min lies on the lower edge. */
void curve_point(const struct curve_frame *frame, enum history_axis axis,
                 struct trace_point point, double *x, double *y);

/* What of the axis is at a pixel. */
double curve_axis_at(const struct curve_frame *frame, double x);
/* And where a number of either axis is. */
double curve_x(const struct curve_frame *frame, double value);
double curve_y(const struct curve_frame *frame, double error);

void curve_make(struct curve *out, const struct curve_frame *frame,
                const struct trace *trace, enum history_axis axis);

#endif
