/*
 * Where the marks of an axis lie and what they say: few, of round numbers.
 *
 *     struct ticks ticks = ticks_logarithmic(0.04, 1.0, 4);
 *     for (size_t i = 0; i < ticks.n; i++)
 *         mark(ticks.at[i], ticks.label[i].text);   // 0.05 0.1 0.2 0.5 1
 */
#ifndef NMFIMG_VIEWER_TICKS_H
#define NMFIMG_VIEWER_TICKS_H

#include <stddef.h>

enum { TICKS_MAX = 12, TICKS_LABEL_SIZE = 24 };

struct tick_label {
    char text[TICKS_LABEL_SIZE];
};

struct ticks {
    size_t n;
    double at[TICKS_MAX]; /* rising */
    struct tick_label label[TICKS_MAX];
};

/*
 * At most max (2 .. TICKS_MAX) marks within low .. high, both included, a step
 * of 1, 2 or 5 times a power of ten apart. None where low < high does not hold.
 */
struct ticks ticks_linear(double low, double high, size_t max);

/*
 * For an axis of logarithms, 0 < low < high: powers of ten, with 2 and 5 times
 * them where there is room; as ticks_linear() where the range is too narrow to
 * have two of these.
 */
struct ticks ticks_logarithmic(double low, double high, size_t max);

/* "1,234,567": a count in digits by threes. */
struct tick_label tick_count(double count);

/* A relative error: "0.1234", "7.47e-4"; "" where it is not finite. */
struct tick_label tick_error(double error);

#endif
