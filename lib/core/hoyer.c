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

/*
 * The z that gives a set of more than l1^2 entries the ratio l1. As differences
 * from the largest, which is among them, they may be alike in all but their
 * last digits: the two terms of V cancel by a factor of n at most.
 */
static double solve(const float *set, size_t n, double l1, double largest)
{
    const double d = (double)n;
    double sum = 0.0, squares = 0.0;
#pragma omp simd reduction(+ : sum, squares)
    for (size_t j = 0; j < n; j++) {
        const double x = (double)set[j] - largest;
        sum += x;
        squares += x * x;
    }
    const double spread = fmax(0.0, squares - sum * (sum / d));
    return largest + sum / d - l1 * sqrt(spread / (d * (d - l1 * l1)));
}

/*
 * A threshold that is not above the answer; what of g is above it goes to set,
 * *n_set entries. Above the answer a set solves to less than what it was cut
 * at, most often to less than the answer.
 */
static double find_low(float *set, size_t *n_set, const float *g, size_t n,
                       double l1, double largest, double guess)
{
    enum { TRIES = 3 };
    for (int i = 0; i < TRIES && guess > -INFINITY && guess < largest; i++) {
        *n_set = gather(set, g, n, guess);
        if (!((double)*n_set > l1 * l1)) {
            break;
        }
        const double z = solve(set, *n_set, l1, largest);
        if (z >= guess) {
            return guess;
        }
        guess = z;
    }
    const double z = solve(g, n, l1, largest);
    *n_set = gather(set, g, n, z);
    return z;
}

/* The threshold, from a low one and what is above it. */
static double find_threshold(float *set, size_t n_set, double z, double l1,
                             double largest)
{
    while ((double)n_set > l1 * l1) { /* but for rounding it always is */
        const size_t n_before = n_set;
        z = fmax(z, solve(set, n_set, l1, largest));
        n_set = gather(set, set, n_set, z);
        if (n_set == n_before) {
            break;
        }
    }
    return z;
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
    double squares = 0.0;
    assert(n >= 2 && l1 > 1.0);
    /* h holds sets of entries until it is filled at the end. */
    double z = find_low(h, &n_set, g, n, l1, (double)largest, guess);
    /* With n_set 0 all of g is alike. */
    if (n_set == 0 || count_ties(h, n_set, largest) >= l1 * l1) {
        fill_ties(h, g, n, l1, largest);
        return (nmf_hoyer_cut){(double)largest, 0.0};
    }
    z = find_threshold(h, n_set, z, l1, (double)largest);
#pragma omp simd reduction(+ : squares)
    for (size_t j = 0; j < n; j++) {
        const double x = (double)g[j] > z ? (double)g[j] - z : 0.0;
        squares += x * x;
    }
    const double length = sqrt(squares), scale = 1.0 / length;
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        const float x = (float)(((double)g[j] - z) * scale);
        h[j] = x > 0.0F ? x : 0.0F;
    }
    return (nmf_hoyer_cut){z, length};
}
