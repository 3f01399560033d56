/*
 * Projected gradients.
 *
 * With the other factor fixed, each row w of a factor solves a problem of its
 * own, min over w >= 0 of 1/2 <w, G w> - <w, p> (see gram_fit.h), by steps
 *
 *     w <- max(0, w - alpha g),    g = G w - p,
 *
 * alpha being the largest power of 10, up to a factor, for which the step d
 * lowers the problem enough:
 *
 *     (1 - sigma) <g, d> + 1/2 <d, G d> <= 0,    sigma = 0.01.
 *
 * The search begins at the alpha of the step before. Some steps are made for
 * each row, fewer when its projected gradient has fallen enough; no step raises
 * the objective, but for rounding, which is all there is where an exact fit is
 * at hand: the best pair is kept. As every row finds its own alpha, threads
 * share out rows.
 *
 * Source: C.-J. Lin, "Projected gradient methods for nonnegative matrix
 * factorization", Neural Computation 19 (2007), 2756-2779: its algorithm 4, for
 * each row instead of for a whole factor.
 */
#include "core/gram_fit.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { STEPS = 10, SEARCHES = 20, ROWS = NMF_TILE_ROWS };
static const double SIGMA = 0.01, FACTOR = 0.1;
/* A row is done when its squared projected gradient falls by this. */
static const double ENOUGH = 1e-4;

/* Where a row is in its search for alpha. */
typedef enum phase { BEGINS, GROWS, SHRINKS, HAS_STEP, IS_DONE } phase;

/*
 * Rows that are solved together, so that their products with G are one product;
 * each has an alpha of its own. Arrays of ROWS x ld floats are in row format.
 */
typedef struct block {
    const nmf_kernels *kernels;
    size_t n, k, ld;
    const float *G; /* k x ld */
    float *w;       /* the rows themselves */
    float *g;       /* gradients */
    float *d, *Gd;  /* steps, and what they do to the gradients */
    float *e, *Ge;  /* those of the smaller alpha that was tried before */
    float *tile;    /* ROWS x NMF_TILE_COLS */
    double alpha[ROWS];
    double first[ROWS]; /* squared projected gradient at the start */
    phase phase[ROWS];
} block;

enum { ARRAYS = 5 };

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows, ld = nmf_padded(k);
    const size_t a_thread = ROWS * (ARRAYS * ld + NMF_TILE_COLS);
    const size_t floats = k * ld + (size_t)n_threads * a_thread;
    gram_fit *fit = NULL;
    nmf_status status = gram_fit_create(
        &fit, X, loss, W0, H0, floats * sizeof(float), true, n_threads, err);
    *state = fit;
    return status;
}

static block block_of(const gram_fit *fit, const float *G)
{
    const size_t ld = nmf_padded(fit->k), size = ROWS * ld;
    float *at =
        (float *)fit->scratch + fit->k * ld +
        (size_t)nmf_thread_number() * (ARRAYS * size + ROWS * NMF_TILE_COLS);
    block b = {.kernels = nmf_kernels_get(),
               .k = fit->k,
               .ld = ld,
               .G = G,
               .g = at,
               .d = at + size,
               .Gd = at + 2 * size,
               .e = at + 3 * size,
               .Ge = at + 4 * size,
               .tile = at + ARRAYS * size};
    return b;
}

/* out = rows G for the rows of a block. */
static void times_gram(const block *b, float *out, const float *rows)
{
    const nmf_operand a = {rows, b->ld, 1};
    for (size_t from = 0; from < b->ld; from += NMF_TILE_COLS) {
        const size_t left = b->ld - from;
        const size_t cols = left < NMF_TILE_COLS ? left : NMF_TILE_COLS;
        b->kernels->tile(b->tile, a, b->G + from, b->ld, b->n, cols, b->k);
        for (size_t i = 0; i < b->n; i++) {
            memcpy(out + i * b->ld + from, b->tile + i * NMF_TILE_COLS,
                   cols * sizeof *out);
        }
    }
}

/* d = max(0, w - alpha g) - w of a row. */
static void set_step(const block *b, size_t i)
{
    const float alpha = (float)b->alpha[i];
    const float *w = b->w + i * b->ld, *g = b->g + i * b->ld;
    float *d = b->d + i * b->ld;
    for (size_t t = 0; t < b->k; t++) {
        const float next = w[t] - alpha * g[t];
        d[t] = (next > 0.0F ? next : 0.0F) - w[t];
    }
}

/* Does the step of a row lower its problem enough? */
static bool is_enough(const block *b, size_t i)
{
    const float *g = b->g + i * b->ld;
    const float *d = b->d + i * b->ld, *Gd = b->Gd + i * b->ld;
    double slope = 0.0, curvature = 0.0;
#pragma omp simd reduction(+ : slope, curvature)
    for (size_t t = 0; t < b->k; t++) {
        slope += (double)g[t] * (double)d[t];
        curvature += (double)d[t] * (double)Gd[t];
    }
    return (1.0 - SIGMA) * slope + 0.5 * curvature <= 0.0;
}

static void copy_step(const block *b, size_t i, bool back)
{
    const size_t at = i * b->ld, bytes = b->k * sizeof *b->d;
    memcpy((back ? b->d : b->e) + at, (back ? b->e : b->d) + at, bytes);
    memcpy((back ? b->Gd : b->Ge) + at, (back ? b->Ge : b->Gd) + at, bytes);
}

/* A row whose largest alpha is the one tried before. */
static void take_smaller(block *b, size_t i)
{
    copy_step(b, i, true);
    b->alpha[i] *= FACTOR;
    b->phase[i] = HAS_STEP;
}

/* What a row does after its step has been tried. */
static void go_on(block *b, size_t i)
{
    const bool enough = is_enough(b, i);
    const float *d = b->d + i * b->ld, *e = b->e + i * b->ld;
    if (b->phase[i] == GROWS &&
        (!enough || memcmp(d, e, b->k * sizeof *d) == 0)) {
        take_smaller(b, i);
    } else if (b->phase[i] == SHRINKS && enough) {
        b->phase[i] = HAS_STEP;
    } else {
        b->phase[i] = enough ? GROWS : SHRINKS;
        if (enough) {
            copy_step(b, i, false);
        }
        b->alpha[i] *= enough ? 1.0 / FACTOR : FACTOR;
    }
}

/* Find alpha for all rows that are not done; returns how often it tried. */
static size_t search(block *b)
{
    for (size_t n_tries = 0; n_tries < SEARCHES; n_tries++) {
        bool is_searching = false;
        for (size_t i = 0; i < b->n; i++) {
            if (b->phase[i] < HAS_STEP) {
                set_step(b, i);
                is_searching = true;
            }
        }
        if (!is_searching) {
            return n_tries;
        }
        times_gram(b, b->Gd, b->d);
        for (size_t i = 0; i < b->n; i++) {
            if (b->phase[i] < HAS_STEP) {
                go_on(b, i);
            }
        }
    }
    for (size_t i = 0; i < b->n; i++) {
        if (b->phase[i] == GROWS) {
            take_smaller(b, i);
        } else if (b->phase[i] == SHRINKS) {
            b->phase[i] = IS_DONE; /* none is small enough */
        }
    }
    return SEARCHES;
}

static double projected_squares(const block *b, size_t i)
{
    const float *w = b->w + i * b->ld, *g = b->g + i * b->ld;
    double sum = 0.0;
    for (size_t t = 0; t < b->k; t++) {
        if (w[t] > 0.0F || g[t] < 0.0F) {
            sum += (double)g[t] * (double)g[t];
        }
    }
    return sum;
}

/* Is there a row that is worth a further step? */
static bool begin_step(block *b, bool is_first)
{
    bool is_any = false;
    for (size_t i = 0; i < b->n; i++) {
        const double squares = projected_squares(b, i);
        b->first[i] = is_first ? squares : b->first[i];
        if (b->phase[i] != IS_DONE) {
            const bool is_worth = squares > ENOUGH * b->first[i];
            b->phase[i] = is_worth ? BEGINS : IS_DONE;
            is_any |= is_worth;
        }
    }
    return is_any;
}

static void make_step(block *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const float *d = b->d + i * b->ld, *Gd = b->Gd + i * b->ld;
        float *w = b->w + i * b->ld, *g = b->g + i * b->ld;
        for (size_t t = 0; b->phase[i] == HAS_STEP && t < b->k; t++) {
            const float next = w[t] + d[t];
            w[t] = next > 0.0F ? next : 0.0F;
            g[t] += Gd[t];
        }
    }
}

/* Improve n rows, given their products; returns how often alphas were tried. */
static size_t solve_block(block *b, float *rows, const float *P, size_t n,
                          double alpha)
{
    size_t n_tries = 0;
    b->w = rows;
    b->n = n;
    times_gram(b, b->g, b->w);
    for (size_t i = 0; i < n; i++) {
        b->alpha[i] = alpha;
        b->phase[i] = BEGINS;
        for (size_t t = 0; t < b->k; t++) {
            b->g[i * b->ld + t] -= P[i * b->ld + t];
        }
    }
    for (int step = 0; step < STEPS && begin_step(b, step == 0); step++) {
        n_tries += search(b);
        make_step(b);
    }
    return n_tries;
}

/* The gram matrix in float, and the alpha to begin with. */
static double take_gram(gram_fit *fit)
{
    const size_t k = fit->k, ld = nmf_padded(k);
    float *G = fit->scratch;
    double largest = 0.0;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            G[i * ld + j] = (float)fit->G[i * k + j];
        }
        largest = fmax(largest, fit->G[i * k + i]);
    }
    return largest > 0.0 ? 1.0 / largest : 1.0;
}

static void descend(gram_fit *fit, gram_half *h)
{
    const size_t ld = nmf_padded(fit->k), n_blocks = (h->n + ROWS - 1) / ROWS;
    const double alpha = take_gram(fit), k = (double)fit->k;
    size_t n_tries = n_blocks;
#pragma omp parallel num_threads(fit->n_threads) reduction(+ : n_tries)
    {
        block b = block_of(fit, fit->scratch);
#pragma omp for schedule(dynamic, 4)
        for (size_t q = 0; q < n_blocks; q++) {
            const size_t at = q * ROWS, left = h->n - at;
            n_tries += solve_block(&b, h->F + at * ld, h->P + at * ld,
                                   left < ROWS ? left : ROWS, alpha);
        }
    }
    fit->flops += 2.0 * k * k * ROWS * (double)n_tries;
}

static nmf_step iterate(void *state)
{
    return gram_fit_iterate(state, descend);
}

const nmf_solver nmf_solver_pg = {"pg",
                                  "projected gradients (Lin 2007)",
                                  false,
                                  create,
                                  iterate,
                                  gram_fit_residual,
                                  gram_fit_gradient,
                                  gram_fit_read,
                                  gram_fit_free};
