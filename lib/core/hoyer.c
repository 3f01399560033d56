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

static tally count(const float *set, size_t n, double z)
{
    double sum = 0.0, squares = 0.0;
#pragma omp simd reduction(+ : sum, squares)
    for (size_t j = 0; j < n; j++) {
        const double x = (double)set[j] - z;
        sum += x;
        squares += x * x;
    }
    return (tally){(double)n, sum, squares};
}

/* Those of g above z, in their order, to `to`, which may be g; how many. */
static size_t gather(float *to, const float *g, size_t n, double z)
{
    size_t found = 0;
    float limit = (float)z; /* a float is above z if it is above this */
    limit = (double)limit > z ? nextafterf(limit, -INFINITY) : limit;
    for (size_t j = 0; j < n; j++) {
        to[found] = g[j]; /* without a branch: nobody can foretell it */
        found += g[j] > limit ? 1 : 0;
    }
    return found;
}

/* What to add to z to give the set the ratio l1; it has more than l1^2. */
static double step_to_ratio(const tally *set, double l1)
{
    const double n = set->n, mean = set->sum / n;
    const double spread = fmax(0.0, set->squares - set->sum * mean);
    return mean - l1 * sqrt(spread / (n * (n - l1 * l1)));
}

/* Is the ratio of what is above z l1 or more, z not above the answer? */
static bool is_low(const tally *above, double l1)
{
    return above->n > l1 * l1 &&
           above->sum * above->sum >= l1 * l1 * above->squares;
}

/*
 * A threshold that is not above the answer; what of g is above it goes to set,
 * *n_set entries.
 */
static double find_low(float *set, size_t *n_set, const float *g, size_t n,
                       double l1, double largest, double guess)
{
    enum { TRIES = 3 };
    for (int i = 0; i < TRIES && guess > -INFINITY && guess < largest; i++) {
        *n_set = gather(set, g, n, guess);
        const tally above = count(set, *n_set, guess);
        if (is_low(&above, l1)) {
            return guess;
        }
        if (!(above.n > l1 * l1)) {
            break;
        }
        guess += step_to_ratio(&above, l1);
    }
    const tally all = count(g, n, largest);
    const double z = largest + step_to_ratio(&all, l1);
    *n_set = gather(set, g, n, z);
    return z;
}

/*
 * The threshold, from a low one and what is above it. *above is of it and of
 * what is left.
 */
static double find_threshold(tally *above, float *set, size_t n_set, double z,
                             double l1)
{
    for (;;) {
        *above = count(set, n_set, z);
        if (!(above->n > l1 * l1)) {
            return z; /* rounding alone leads here */
        }
        const double next = z + fmax(0.0, step_to_ratio(above, l1));
        const size_t n_left = gather(set, set, n_set, next);
        if (n_left == n_set) {
            *above = count(set, n_set, next);
            return next;
        }
        n_set = n_left;
        z = next;
    }
}

static float largest_of(const float *g, size_t n)
{
    float largest = g[0];
#pragma omp simd reduction(max : largest)
    for (size_t j = 1; j < n; j++) {
        largest = g[j] > largest ? g[j] : largest;
    }
    return largest;
}

static double count_ties(const float *set, size_t n, float largest)
{
    double ties = 0.0;
    for (size_t j = 0; j < n; j++) {
        ties += set[j] == largest ? 1.0 : 0.0;
    }
    return ties;
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
    const float largest = largest_of(g, n);
    size_t n_set = 0;
    tally above = {0.0, 0.0, 0.0};
    assert(n >= 2 && l1 > 1.0);
    /* h holds sets of entries until it is filled at the end. */
    const double low = find_low(h, &n_set, g, n, l1, (double)largest, guess);
    /* With n_set 0 all of g is alike, but for rounding. */
    if (n_set == 0 || count_ties(h, n_set, largest) >= l1 * l1) {
        fill_ties(h, g, n, l1, largest);
        return (nmf_hoyer_cut){(double)largest, 0.0};
    }
    const double z = find_threshold(&above, h, n_set, low, l1);
    const double length = sqrt(above.squares), scale = 1.0 / length;
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        const float x = (float)(((double)g[j] - z) * scale);
        h[j] = x > 0.0F ? x : 0.0F;
    }
    return (nmf_hoyer_cut){z, length};
}
