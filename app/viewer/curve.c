#include "curve.h"

#include <math.h>

bool curve_frame_fit(struct curve_frame *out, const struct history *history,
                     enum history_axis axis, viewport_area place)
{
    struct history_bounds bounds;
    if (!history_bounds(history, axis, &bounds)) {
        return false;
    }
    *out = (struct curve_frame){
        .place = place,
        .x_min = fmin(bounds.x_min, 0.0),
        .x_max = bounds.x_max,
        .error_min = bounds.error_min,
        .error_max = bounds.error_max,
    };
    if (!(out->x_max > out->x_min)) {
        out->x_max = out->x_min + 1.0;
    }
    /* An error of 0 has no logarithm: eight powers of ten are enough. */
    if (!(out->error_max > 0.0)) {
        out->error_max = 1.0;
    }
    out->error_min = fmax(out->error_min, out->error_max * 1e-8);
    double ratio = fmax(out->error_max / out->error_min, 1.01);
    double middle = sqrt(out->error_max * out->error_min);
    /* A twentieth of the height above and below. */
    double half = pow(ratio, 0.55);
    out->error_min = middle / half;
    out->error_max = middle * half;
    return true;
}

double curve_x(const struct curve_frame *frame, double value)
{
    double share = (value - frame->x_min) / (frame->x_max - frame->x_min);
    return frame->place.x + share * frame->place.w;
}

double curve_y(const struct curve_frame *frame, double error)
{
    double bounded = fmax(error, frame->error_min);
    double share = log(bounded / frame->error_min) /
                   log(frame->error_max / frame->error_min);
    return frame->place.y + (1.0 - share) * frame->place.h;
}

double curve_axis_at(const struct curve_frame *frame, double x)
{
    double share = (x - frame->place.x) / fmax(frame->place.w, 1.0);
    return frame->x_min + share * (frame->x_max - frame->x_min);
}

void curve_point(const struct curve_frame *frame, enum history_axis axis,
                 struct trace_point point, double *x, double *y)
{
    *x = curve_x(frame, axis == HISTORY_SECONDS ? point.seconds : point.iter);
    *y = curve_y(frame, point.error);
}

/* ---- few points ----
 *
 * From the last point kept, the directions in which a line passes within the
 * tolerance of all points since form a wedge, low .. high; while the next
 * point lies in it, the one before can be left out. (Sklansky and Gonzalez,
 * Pattern Recognition 12 (1980), and others before them.)
 */
struct wedge {
    double x, y; /* of the last point kept */
    double low, high;
};

static void add(struct curve *curve, double x, double y)
{
    curve->xy[2 * curve->n] = (float)x;
    curve->xy[2 * curve->n + 1] = (float)y;
    curve->n++;
}

/* Does the wedge hold (x, y)? Then it is made as narrow as that point wants. */
static bool narrow(struct wedge *wedge, double x, double y)
{
    double dx = x - wedge->x;
    double dy = y - wedge->y;
    if (dx <= 0.0) {
        return fabs(dy) <= CURVE_TOLERANCE;
    }
    if (dy < wedge->low * dx || dy > wedge->high * dx) {
        return false;
    }
    wedge->low = fmax(wedge->low, (dy - CURVE_TOLERANCE) / dx);
    wedge->high = fmin(wedge->high, (dy + CURVE_TOLERANCE) / dx);
    return true;
}

void curve_make(struct curve *out, const struct curve_frame *frame,
                const struct trace *trace, enum history_axis axis)
{
    struct wedge wedge = {0};
    double last_x = 0.0, last_y = 0.0;
    out->n = 0;
    for (size_t i = 0; i < trace->n; i++) {
        double x, y;
        curve_point(frame, axis, trace_at(trace, i), &x, &y);
        if (i == 0) {
            add(out, x, y);
            wedge = (struct wedge){x, y, -INFINITY, INFINITY};
        } else if (!narrow(&wedge, x, y)) {
            add(out, last_x, last_y);
            wedge = (struct wedge){last_x, last_y, -INFINITY, INFINITY};
            narrow(&wedge, x, y);
        }
        last_x = x;
        last_y = y;
    }
    if (trace->n > 1) {
        add(out, last_x, last_y);
    }
}
