/*
 * The projection onto vectors of a given sparseness. Contract: hoyer.h.
 *
 * The nearest point is h = max(0, g - z) / length for some threshold z (Thom
 * and Palm 2013, section 3): what is left is one number. Above a threshold z
 * let d entries lie, s and q the sum of their g - z and of the squares. The
 * ratio s / sqrt(q) falls as z grows, from sqrt(n) to the root of the number of
 * entries that share the largest value; l1 is wanted.
 *
 * For a set of d entries that is known, the z with that ratio is at hand: with
 * their mean m and the sum V of the squares of their differences from it,
 *
 *     m - z = l1 sqrt(V / (d (d - l1^2))).
 *
 * Begin with a set that holds all that will be left, as all entries do. Those
 * below its z count in it as negative numbers; leaving them out makes the ratio
 * larger. So z was too small, what is below it is not in the answer, and what
 * is above it is the next set. This ends, for each step leaves something out,
 * and where none does z is exact; on pictures after five to ten passes, from a
 * guess after two or three.
 */
#include "core/hoyer.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

double nmf_hoyer_l1(size_t n, double sparseness)
{
    const double root = sqrt((double)n);
    return root - sparseness * (root - 1.0);
}

/* The entries of a set, as differences from some z. */
typedef struct tally {
    double n;
    double sum;
    double squares;
} tally;

static tally count_above(const float *g, size_t n, double z)
{
    double above = 0.0, sum = 0.0, squares = 0.0;
#pragma omp simd reduction(+ : above, sum, squares)
    for (size_t j = 0; j < n; j++) {
        double x = (double)g[j] - z;
        x = x > 0.0 ? x : 0.0;
        above += x > 0.0 ? 1.0 : 0.0;
        sum += x;
        squares += x * x;
    }
    return (tally){above, sum, squares};
}

static tally count_all(const float *g, size_t n, double z)
{
    double sum = 0.0, squares = 0.0;
#pragma omp simd reduction(+ : sum, squares)
    for (size_t j = 0; j < n; j++) {
        double x = (double)g[j] - z;
        sum += x;
        squares += x * x;
    }
    return (tally){(double)n, sum, squares};
}

/* What to add to z to give the set the ratio l1; it has more than l1^2. */
static double step_to_ratio(const tally *set, double l1)
{
    const double n = set->n, mean = set->sum / n;
    const double spread = fmax(0.0, set->squares - set->sum * mean);
    return mean - l1 * sqrt(spread / (n * (n - l1 * l1)));
}

/* Is the ratio above z l1 or more, so that z is not above the answer? */
static bool is_low(const tally *above, double l1)
{
    return above->n > l1 * l1 &&
           above->sum * above->sum >= l1 * l1 * above->squares;
}

/* A threshold that is not above the answer. */
static double find_low(const float *g, size_t n, double l1, double largest,
                       double guess)
{
    enum { TRIES = 3 };
    for (int i = 0; i < TRIES && guess > -INFINITY && guess < largest; i++) {
        const tally above = count_above(g, n, guess);
        if (is_low(&above, l1)) {
            return guess;
        }
        if (!(above.n > l1 * l1)) {
            break;
        }
        guess += step_to_ratio(&above, l1);
    }
    const tally all = count_all(g, n, largest);
    return largest + step_to_ratio(&all, l1);
}

static double find_threshold(const float *g, size_t n, double l1,
                             double largest, double guess)
{
    double z = find_low(g, n, l1, largest, guess), before = 0.0;
    for (;;) {
        const tally above = count_above(g, n, z);
        if (above.n == before || !(above.n > l1 * l1)) {
            return z;
        }
        before = above.n;
        z = fmax(z, z + step_to_ratio(&above, l1));
    }
}

/*
 * At places of the largest value p = ceil(l1^2) entries, the first of them
 * larger by p e, so that their sum is l1 and the sum of their squares 1.
 */
static void fill_ties(float *h, const float *g, size_t n, double l1,
                      float largest)
{
    const double p = ceil(l1 * l1);
    const double e = sqrt(fmax(0.0, 1.0 - l1 * l1 / p) / (p * (p - 1.0)));
    double left = p;
    memset(h, 0, n * sizeof *h);
    for (size_t j = 0; left > 0.0 && j < n; j++) {
        if (g[j] == largest) {
            h[j] = (float)(l1 / p + (left == p ? p - 1.0 : -1.0) * e);
            left -= 1.0;
        }
    }
}

nmf_hoyer_cut nmf_hoyer_project(float *h, const float *g, size_t n, double l1,
                                double guess)
{
    float largest = g[0];
    double ties = 0.0;
    assert(n >= 2 && l1 > 1.0);
    for (size_t j = 1; j < n; j++) {
        largest = g[j] > largest ? g[j] : largest;
    }
    for (size_t j = 0; j < n; j++) {
        ties += g[j] == largest ? 1.0 : 0.0;
    }
    if (ties >= l1 * l1) {
        fill_ties(h, g, n, l1, largest);
        return (nmf_hoyer_cut){(double)largest, 0.0};
    }
    const double z = find_threshold(g, n, l1, (double)largest, guess);
    const tally above = count_above(g, n, z);
    const double length = sqrt(above.squares);
    for (size_t j = 0; j < n; j++) {
        const double x = (double)g[j] - z;
        h[j] = x > 0.0 ? (float)(x / length) : 0.0F;
    }
    return (nmf_hoyer_cut){z, length};
}
