/*
 * Alternating non-negative least squares, each solved exactly by block
 * principal pivoting.
 *
 * With the other factor fixed, each row x of a factor is the solution of
 *
 *     x >= 0,    y = G x - p >= 0,    <x, y> = 0
 *
 * (see gram_fit.h for G and p). The components are split into a passive set,
 * where y is 0 and x is solved for, and the rest, where x is 0. What comes out
 * negative changes sides, all at once; where that brings no progress for a
 * while, only the last one, which ends after finitely many exchanges.
 *
 * Rows begin at the set of their last values, and in every round those of the
 * same set share one Cholesky decomposition: rows are sorted by their set (a
 * bit a component). Rounds, groups and rows in a group are the same for any
 * number of threads.
 *
 * Where G is nearly singular, what products in float round away decides, and an
 * exact solution may be one that is worse than the last: the best pair is kept.
 *
 * Source: J. Kim and H. Park, "Fast nonnegative matrix factorization: an
 * active-set-like method and comparisons", SIAM Journal on Scientific
 * Computing 33 (2011), 3261-3281.
 */
#include "core/block.h"
#include "core/cholesky.h"
#include "core/gram_fit.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 3, WORD = 64 };
/* What counts as negative, relative to the largest of its kind in a row. */
static const double ROUNDING = 1e-10;

/* A row in its rounds. */
typedef struct candidate {
    uint64_t hash; /* of its set */
    size_t row;
    size_t fewest; /* components on the wrong side so far */
    unsigned patience;
    bool is_done;
} candidate;

/* The scratch of a fit: where its arrays lie. */
typedef struct pivoting {
    size_t words;    /* of a set */
    candidate *rows; /* unfinished ones first, sorted by set */
    uint64_t *sets;  /* n x words, by row */
    size_t *groups;  /* where groups begin among the candidates */
    double *numbers; /* a thread's: L, x and y */
    size_t *passive; /* a thread's: the components of a set */
} pivoting;

static size_t words_of(size_t k)
{
    return (k + WORD - 1) / WORD;
}

static size_t numbers_of(size_t k)
{
    return k * k + 2 * k;
}

/* Where the arrays lie: see block.h. */
static void place(pivoting *at, nmf_block *b, size_t n, size_t k,
                  size_t n_threads)
{
    at->words = words_of(k);
    at->rows = nmf_block_take(b, n, sizeof *at->rows);
    at->sets = nmf_block_take(b, n * at->words, sizeof *at->sets);
    at->groups = nmf_block_take(b, n + 1, sizeof *at->groups);
    at->numbers =
        nmf_block_take(b, n_threads * numbers_of(k), sizeof *at->numbers);
    at->passive = nmf_block_take(b, n_threads * k, sizeof *at->passive);
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t n =
        X->n_samples > X->n_features ? X->n_samples : X->n_features;
    nmf_block b = {NULL, 0, false};
    pivoting unused;
    gram_fit *fit = NULL;
    place(&unused, &b, n, H0->rows, (size_t)n_threads);
    nmf_status status = gram_fit_create(&fit, X, loss, W0, H0,
                                        b.is_too_large ? SIZE_MAX : b.used,
                                        true, n_threads, err);
    *state = fit;
    return status;
}

/* ---- sets ---- */

static bool has(const uint64_t *set, size_t t)
{
    return set[t / WORD] >> (t % WORD) & 1;
}

static void flip(uint64_t *set, size_t t)
{
    set[t / WORD] ^= UINT64_C(1) << (t % WORD);
}

/* Of one word it is that word: equal sets alone have equal hashes then. */
static uint64_t hash_of(const uint64_t *set, size_t words)
{
    uint64_t hash = set[0];
    for (size_t i = 1; i < words; i++) {
        hash = (hash ^ hash >> 29) * UINT64_C(0x9e3779b97f4a7c15) + set[i];
    }
    return hash;
}

/* Unfinished rows first, by set, then by row. */
static int compare(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->is_done != y->is_done) {
        return x->is_done ? 1 : -1;
    }
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

/* ---- a row in a round ---- */

static double largest_of(const double *x, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(x[i]));
    }
    return largest;
}

/*
 * Exchange what is on the wrong side: x (0 outside the set) or y (0 inside) is
 * negative. True where nothing is: the row is solved.
 */
static bool exchange(candidate *c, uint64_t *set, const double *x,
                     const double *y, double least_x, double least_y, size_t k)
{
    size_t wrong = 0, last = 0;
    for (size_t t = 0; t < k; t++) {
        if (x[t] < -least_x || y[t] < -least_y) {
            wrong++;
            last = t;
        }
    }
    if (wrong == 0) {
        return true;
    }
    bool all = true;
    if (wrong < c->fewest) {
        c->fewest = wrong;
        c->patience = PATIENCE;
    } else if (c->patience > 0) {
        c->patience--;
    } else {
        all = false;
    }
    for (size_t t = all ? 0 : last; t < k; t++) {
        if (x[t] < -least_x || y[t] < -least_y) {
            flip(set, t);
        }
    }
    return false;
}

/* The solution for the row's set, of which L and the components are given. */
static void solve_row(gram_fit *fit, gram_half *h, const pivoting *at,
                      candidate *c, const double *L, const size_t *passive,
                      size_t n_passive, double *x, double *y)
{
    const size_t k = fit->k, ld = nmf_padded(k);
    const float *p = h->P + c->row * ld;
    uint64_t *set = at->sets + c->row * at->words;
    double least_y = 0.0;
    for (size_t i = 0; i < n_passive; i++) {
        y[i] = (double)p[passive[i]];
    }
    nmf_cholesky_solve(y, L, n_passive);
    memset(x, 0, k * sizeof *x);
    for (size_t i = 0; i < n_passive; i++) {
        x[passive[i]] = y[i];
    }
    for (size_t t = 0; t < k; t++) {
        least_y = fmax(least_y, fabs((double)p[t]));
        y[t] = has(set, t) ? 0.0 : -(double)p[t];
    }
    for (size_t i = 0; i < n_passive; i++) {
        const double *g = fit->G + passive[i] * k;
        const double entry = x[passive[i]];
        for (size_t t = 0; t < k; t++) {
            y[t] += g[t] * entry;
        }
    }
    for (size_t i = 0; i < n_passive; i++) {
        y[passive[i]] = 0.0;
    }
    c->is_done = exchange(c, set, x, y, ROUNDING * largest_of(x, k),
                          ROUNDING * least_y, k);
    for (size_t t = 0; c->is_done && t < k; t++) {
        h->F[c->row * ld + t] = (float)fmax(0.0, x[t]);
    }
    c->hash = hash_of(set, at->words);
}

/* All rows of a group: candidates begin .. end - 1, which have one set. */
static void solve_group(gram_fit *fit, gram_half *h, const pivoting *at,
                        size_t begin, size_t end)
{
    const size_t k = fit->k, thread = (size_t)nmf_thread_number();
    double *L = at->numbers + thread * numbers_of(k);
    double *x = L + k * k, *y = x + k;
    size_t *passive = at->passive + thread * k;
    size_t n_passive = 0;
    const uint64_t *set = at->sets + at->rows[begin].row * at->words;
    for (size_t t = 0; t < k; t++) {
        if (has(set, t)) {
            passive[n_passive++] = t;
        }
    }
    /* G is definite, so all of its parts are. */
    (void)nmf_cholesky(L, fit->G, k, passive, n_passive);
    for (size_t i = begin; i < end; i++) {
        solve_row(fit, h, at, &at->rows[i], L, passive, n_passive, x, y);
    }
}

/* ---- rounds ---- */

/* Begin at the sets of the last values. */
static void begin(const gram_fit *fit, const gram_half *h, pivoting *at)
{
    const size_t k = fit->k, ld = nmf_padded(k);
    memset(at->sets, 0, h->n * at->words * sizeof *at->sets);
    for (size_t i = 0; i < h->n; i++) {
        uint64_t *set = at->sets + i * at->words;
        for (size_t t = 0; t < k; t++) {
            if (h->F[i * ld + t] > 0.0F) {
                flip(set, t);
            }
        }
        at->rows[i] =
            (candidate){hash_of(set, at->words), i, k + 1, PATIENCE, false};
    }
}

/* Where the groups among the sorted candidates begin; the last entry is the
 * number of unfinished ones. Returns how many groups there are. */
static size_t find_groups(const pivoting *at, size_t n)
{
    size_t n_groups = 0, i = 0;
    for (; i < n && !at->rows[i].is_done; i++) {
        const candidate *c = &at->rows[i];
        if (i == 0 || c[-1].hash != c->hash ||
            memcmp(at->sets + c[-1].row * at->words,
                   at->sets + c->row * at->words,
                   at->words * sizeof *at->sets) != 0) {
            at->groups[n_groups++] = i;
        }
    }
    at->groups[n_groups] = i;
    return n_groups;
}

/*
 * Rows that are not solved after all rounds keep their values: rounding can
 * make sets go in circles.
 */
static void solve(gram_fit *fit, gram_half *h)
{
    const size_t k = fit->k, n_rounds = 100 + 5 * k;
    nmf_block b = {fit->scratch, 0, false};
    pivoting at;
    place(&at, &b, h->n, k, (size_t)fit->n_threads);
    nmf_make_definite(fit->G, at.numbers, k);
    begin(fit, h, &at);
    size_t left = h->n;
    for (size_t round = 0; round < n_rounds; round++) {
        qsort(at.rows, left, sizeof *at.rows, compare);
        const size_t n_groups = find_groups(&at, left);
        left = at.groups[n_groups];
        if (left == 0) {
            break;
        }
        fit->flops += 2.0 * (double)k * (double)k * (double)left;
#pragma omp parallel for schedule(dynamic, 1) num_threads(fit->n_threads)
        for (size_t g = 0; g < n_groups; g++) {
            solve_group(fit, h, &at, at.groups[g], at.groups[g + 1]);
        }
    }
}

static nmf_step iterate(void *state)
{
    return gram_fit_iterate(state, solve);
}

const nmf_solver nmf_solver_bpp = {
    "bpp",
    "exact least squares by block pivoting (Kim & Park 2011)",
    false,
    create,
    iterate,
    gram_fit_residual,
    gram_fit_gradient,
    gram_fit_read,
    gram_fit_free};
