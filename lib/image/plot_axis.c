/* Ranges, ticks and their labels. Contracts are in plot_axis.h. */
#include "image/plot_axis.h"

#include <math.h>
#include <stdio.h>

/* Of the range, left free beyond the outermost points. */
static const double MARGIN = 0.03;

/* Beyond these the arithmetic of ranges would overflow. */
static const double LARGEST = 1e300, SMALLEST = 1e-300;

bool nmf_axis_has_place(bool is_log, double value)
{
    return fabs(value) <= LARGEST && (!is_log || value >= SMALLEST);
}

static void around_log(nmf_axis *axis, double least, double most)
{
    /* Logarithms, since most / least need not fit a double. */
    double from = log10(least), to = log10(most);
    double margin = to > from ? MARGIN * (to - from) : 0.5;
    axis->from = pow(10.0, fmax(from - margin, log10(SMALLEST)));
    axis->to = pow(10.0, fmin(to + margin, log10(LARGEST)));
}

void nmf_axis_around(nmf_axis *axis, bool is_log, double least, double most)
{
    *axis = (nmf_axis){.is_log = is_log};
    if (is_log) {
        around_log(axis, least, most);
        return;
    }
    double margin = MARGIN * (most - least);
    if (!(margin > 0.0)) { /* one value: about it */
        margin = most != 0.0 ? 0.5 * fabs(most) : 1.0;
    }
    axis->from = least - margin;
    axis->to = most + margin;
    if (least >= 0.0 && axis->from < 0.0) {
        axis->from = 0.0;
    }
}

double nmf_axis_at(const nmf_axis *axis, double value)
{
    if (axis->is_log) {
        double from = log10(axis->from);
        return (log10(value) - from) / (log10(axis->to) - from);
    }
    return (value - axis->from) / (axis->to - axis->from);
}

/* ---- labels ---- */

/* "200", "0.05", "5e-7", "2e6": a digit times a power of ten. */
static void label_power(char *out, double digit, int exponent)
{
    if (exponent >= -4 && exponent <= 5) {
        snprintf(out, NMF_AXIS_LABEL_SIZE, "%.*f", exponent < 0 ? -exponent : 0,
                 digit * pow(10.0, exponent));
    } else {
        snprintf(out, NMF_AXIS_LABEL_SIZE, "%.0fe%d", digit, exponent);
    }
}

/* All labels of a linear axis have the decimals that its step needs. */
static void label_linear(char *out, double value, double step, double largest)
{
    int decimals = (int)ceil(-log10(step) - 1e-9);
    if (largest >= 1e6 || decimals > 6) {
        snprintf(out, NMF_AXIS_LABEL_SIZE, "%.5g", value);
    } else {
        snprintf(out, NMF_AXIS_LABEL_SIZE, "%.*f", decimals > 0 ? decimals : 0,
                 value);
    }
}

/* ---- ticks ---- */

static const double digits[] = {1.0, 2.0, 5.0};

enum { N_DIGITS = sizeof digits / sizeof digits[0] };

/* Room for one more tick at a value within the axis; NULL for one outside. */
static nmf_axis_tick *add_tick(nmf_axis *axis, double value)
{
    double at = nmf_axis_at(axis, value);
    if (!(at >= -1e-9 && at <= 1.0 + 1e-9) ||
        axis->n_ticks == NMF_AXIS_MAX_TICKS) {
        return NULL;
    }
    nmf_axis_tick *tick = &axis->ticks[axis->n_ticks++];
    tick->at = fmin(1.0, fmax(0.0, at));
    return tick;
}

/* The smallest round step that makes at most `wanted` of them. */
static double round_step(double range, double wanted)
{
    double power = pow(10.0, floor(log10(range / wanted)));
    for (size_t d = 0; d < N_DIGITS; d++) {
        if (range / (digits[d] * power) <= wanted) {
            return digits[d] * power;
        }
    }
    return 10.0 * power;
}

/* At least two, which show a scale, also where that is more than wanted. */
static void set_linear_ticks(nmf_axis *axis, size_t wanted)
{
    const double largest = fmax(fabs(axis->from), fabs(axis->to));
    for (; wanted < NMF_AXIS_MAX_TICKS; wanted++) {
        double step = round_step(axis->to - axis->from, (double)wanted);
        double first = ceil(axis->from / step - 1e-9);
        axis->n_ticks = 0;
        for (size_t i = 0; i <= wanted + 1; i++) {
            double value = (first + (double)i) * step;
            nmf_axis_tick *tick = add_tick(axis, value);
            if (tick) { /* + 0.0: no "-0" */
                label_linear(tick->label, value + 0.0, step, largest);
            }
        }
        if (axis->n_ticks >= 2) {
            return;
        }
    }
}

/*
 * Ticks at digits times powers of ten, of which every n-th is taken. Returns
 * how many there are; they are set only if they are no more than `most`.
 */
static size_t set_power_ticks(nmf_axis *axis, const int *of_digits,
                              size_t n_digits, int every, size_t most)
{
    const int last = (int)floor(log10(axis->to));
    size_t n = 0;
    axis->n_ticks = 0;
    for (int e = (int)floor(log10(axis->from)); e <= last; e++) {
        for (size_t d = 0; e % every == 0 && d < n_digits; d++) {
            double value = of_digits[d] * pow(10.0, e);
            nmf_axis_tick *tick = n <= most ? add_tick(axis, value) : NULL;
            if (tick) {
                label_power(tick->label, of_digits[d], e);
                n++;
            }
        }
    }
    return n;
}

/* The densest of these that has room and shows a scale: three ticks. */
static void set_log_ticks(nmf_axis *axis, size_t wanted)
{
    static const int all[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, few[] = {1, 2, 5};
    const double decades = log10(axis->to) - log10(axis->from);
    size_t n = set_power_ticks(axis, all, 9, 1, wanted);
    if (n > wanted) {
        n = set_power_ticks(axis, few, 3, 1, wanted);
    }
    if (n > wanted) {
        int every = (int)ceil(decades / (double)wanted);
        do {
            n = set_power_ticks(axis, few, 1, every, NMF_AXIS_MAX_TICKS);
        } while (n < 2 && --every > 0);
    }
    if (n < 3 && axis->to / axis->from < 100.0) {
        axis->n_ticks = 0;
        set_linear_ticks(axis, wanted);
    }
}

void nmf_axis_set_ticks(nmf_axis *axis, size_t wanted)
{
    axis->n_ticks = 0;
    wanted = wanted < 2 ? 2 : wanted > 16 ? 16 : wanted;
    if (axis->is_log) {
        set_log_ticks(axis, wanted);
    } else {
        set_linear_ticks(axis, wanted);
    }
}
