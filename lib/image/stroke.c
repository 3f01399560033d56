/* Lines with smooth edges. Contracts are in stroke.h. */
#include "image/stroke.h"

#include <math.h>
#include <stdbool.h>

/* Segments are drawn in pieces, whose surrounding squares are small. */
static const double PIECE = 16.0;

/* The part of from + t (to - from), t in [0, 1], that is inside [low, high]. */
static bool clip(double *t0, double *t1, double from, double to, double low,
                 double high)
{
    double delta = to - from;
    if (delta == 0.0) {
        return from >= low && from <= high;
    }
    double a = (low - from) / delta, b = (high - from) / delta;
    *t0 = fmax(*t0, fmin(a, b));
    *t1 = fmin(*t1, fmax(a, b));
    return *t0 <= *t1;
}

static double distance_to_piece(double x, double y, const double from[2],
                                const double to[2])
{
    double dx = to[0] - from[0], dy = to[1] - from[1];
    double square = dx * dx + dy * dy;
    double t = 0.0; /* of the nearest point */
    if (square > 0.0) {
        t = ((x - from[0]) * dx + (y - from[1]) * dy) / square;
        t = fmin(1.0, fmax(0.0, t));
    }
    return hypot(x - from[0] - t * dx, y - from[1] - t * dy);
}

/* A coordinate of the mask: within 0 .. n - 1. */
static size_t inside(double at, size_t n)
{
    return at <= 0.0 ? 0 : at >= (double)(n - 1) ? n - 1 : (size_t)at;
}

static void cover_piece(nmf_mask *mask, const double from[2],
                        const double to[2], double radius)
{
    double reach = radius + 1.0;
    size_t left = inside(fmin(from[0], to[0]) - reach, mask->width);
    size_t right = inside(fmax(from[0], to[0]) + reach, mask->width);
    size_t top = inside(fmin(from[1], to[1]) - reach, mask->height);
    size_t bottom = inside(fmax(from[1], to[1]) + reach, mask->height);
    for (size_t y = top; y <= bottom; y++) {
        for (size_t x = left; x <= right; x++) {
            double outside =
                distance_to_piece((double)x, (double)y, from, to) - radius;
            float covered = (float)fmin(1.0, fmax(0.0, 0.5 - outside));
            float *coverage = &mask->coverage[y * mask->width + x];
            *coverage = fmaxf(*coverage, covered);
        }
    }
}

/* How far the next piece goes, and whether it is drawn. */
static double next_piece(double left, nmf_dashes *dashes, bool *is_drawn)
{
    double length = fmin(PIECE, left);
    *is_drawn = true;
    if (dashes && dashes->off > 0.0) {
        *is_drawn = dashes->done < dashes->on;
        length =
            fmin(length, (*is_drawn ? dashes->on : dashes->on + dashes->off) -
                             dashes->done);
        dashes->done += length;
        if (dashes->done >= dashes->on + dashes->off - 1e-9) {
            dashes->done = 0.0;
        }
    }
    return length;
}

void nmf_stroke_segment(nmf_mask *mask, const double from[2],
                        const double to[2], double radius, nmf_dashes *dashes)
{
    const double beyond = radius + 2.0;
    const double delta[2] = {to[0] - from[0], to[1] - from[1]};
    double t0 = 0.0, t1 = 1.0;
    if (!clip(&t0, &t1, from[0], to[0], -beyond,
              (double)mask->width + beyond) ||
        !clip(&t0, &t1, from[1], to[1], -beyond,
              (double)mask->height + beyond)) {
        return;
    }
    double length = hypot(delta[0], delta[1]);
    double at = t0 * length, end = t1 * length;
    do {
        bool is_drawn = true;
        double next = at + next_piece(end - at, dashes, &is_drawn);
        if (is_drawn) {
            double a = length > 0.0 ? at / length : 0.0;
            double b = length > 0.0 ? next / length : 0.0;
            cover_piece(
                mask,
                (double[2]){from[0] + a * delta[0], from[1] + a * delta[1]},
                (double[2]){from[0] + b * delta[0], from[1] + b * delta[1]},
                radius);
        }
        at = next;
    } while (end - at > 1e-9);
}

void nmf_stroke_paint(nmf_image *image, size_t left, size_t top,
                      const nmf_mask *mask, const float rgb[3])
{
    for (size_t y = 0; y < mask->height; y++) {
        const float *coverage = mask->coverage + y * mask->width;
        float *pixel = image->pixels + ((top + y) * image->width + left) * 3;
        for (size_t x = 0; x < mask->width; x++, pixel += 3) {
            for (size_t c = 0; c < 3; c++) {
                pixel[c] += coverage[x] * (rgb[c] - pixel[c]);
            }
        }
    }
}
