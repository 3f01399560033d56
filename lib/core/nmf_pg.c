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
 * the objective. As every row finds its own alpha, threads share out rows.
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

enum { STEPS = 10, SEARCHES = 20 };
static const double SIGMA = 0.01, FACTOR = 0.1;
/* A row is done when its squared projected gradient falls by this. */
static const double ENOUGH = 1e-4;

/* A row that is being solved; all arrays are of k numbers. */
typedef struct row {
    size_t k;
    const double *G;
    double *w;
    double *g;      /* gradient */
    double *d, *Gd; /* a step, and what it does to the gradient */
    double *e, *Ge; /* the step before */
    double alpha;
} row;

enum { ARRAYS = 6 };

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t numbers = (size_t)n_threads * ARRAYS * H0->rows;
    gram_fit *fit = NULL;
    nmf_status status = gram_fit_create(
        &fit, X, loss, W0, H0, numbers * sizeof(double), false, n_threads, err);
    *state = fit;
    return status;
}

static void times_gram(double *out, const row *r, const double *x)
{
    const size_t k = r->k;
    memset(out, 0, k * sizeof *out);
    for (size_t s = 0; s < k; s++) {
        const double *g = r->G + s * k;
        for (size_t t = 0; x[s] != 0.0 && t < k; t++) {
            out[t] += g[t] * x[s];
        }
    }
}

/* The step of length alpha. Does it lower the problem enough? */
static bool try_step(row *r, double alpha)
{
    double slope = 0.0, curvature = 0.0;
    for (size_t t = 0; t < r->k; t++) {
        r->d[t] = fmax(0.0, r->w[t] - alpha * r->g[t]) - r->w[t];
        slope += r->g[t] * r->d[t];
    }
    times_gram(r->Gd, r, r->d);
    for (size_t t = 0; t < r->k; t++) {
        curvature += r->d[t] * r->Gd[t];
    }
    return (1.0 - SIGMA) * slope + 0.5 * curvature <= 0.0;
}

static void exchange_steps(row *r)
{
    double *d = r->d, *Gd = r->Gd;
    r->d = r->e;
    r->Gd = r->Ge;
    r->e = d;
    r->Ge = Gd;
}

/* Find alpha and leave the step in d and Gd; false where none is found. */
static bool search(row *r)
{
    bool is_enough = try_step(r, r->alpha);
    const bool grow = is_enough;
    for (int n = 0; n < SEARCHES; n++) {
        const double next = grow ? r->alpha / FACTOR : r->alpha * FACTOR;
        if (!grow && is_enough) {
            return true;
        }
        exchange_steps(r);
        is_enough = try_step(r, next);
        if (grow &&
            (!is_enough || memcmp(r->d, r->e, r->k * sizeof *r->d) == 0)) {
            exchange_steps(r); /* the one before was the largest */
            return true;
        }
        r->alpha = next;
    }
    return is_enough;
}

static double projected_squares(const row *r)
{
    double sum = 0.0;
    for (size_t t = 0; t < r->k; t++) {
        if (r->w[t] > 0.0 || r->g[t] < 0.0) {
            sum += r->g[t] * r->g[t];
        }
    }
    return sum;
}

static void solve_row(row *r, float *f, const float *p)
{
    double first = 0.0, largest = 0.0;
    for (size_t t = 0; t < r->k; t++) {
        r->w[t] = (double)f[t];
        largest = fmax(largest, r->G[t * r->k + t]);
    }
    times_gram(r->g, r, r->w);
    for (size_t t = 0; t < r->k; t++) {
        r->g[t] -= (double)p[t];
    }
    r->alpha = largest > 0.0 ? 1.0 / largest : 1.0;
    for (int n = 0; n < STEPS; n++) {
        const double squares = projected_squares(r);
        first = n == 0 ? squares : first;
        if (!(squares > ENOUGH * first) || !search(r)) {
            break;
        }
        for (size_t t = 0; t < r->k; t++) {
            r->w[t] += r->d[t];
            r->g[t] += r->Gd[t];
        }
    }
    for (size_t t = 0; t < r->k; t++) {
        f[t] = (float)fmax(0.0, r->w[t]);
    }
}

static void descend(gram_fit *fit, gram_half *h)
{
    const size_t k = fit->k, ld = nmf_padded(k);
#pragma omp parallel num_threads(fit->n_threads)
    {
        double *at =
            (double *)fit->scratch + (size_t)nmf_thread_number() * ARRAYS * k;
        row r = {k,          fit->G,     at,         at + k, at + 2 * k,
                 at + 3 * k, at + 4 * k, at + 5 * k, 1.0};
#pragma omp for schedule(dynamic, 16)
        for (size_t i = 0; i < h->n; i++) {
            solve_row(&r, h->F + i * ld, h->P + i * ld);
        }
    }
    /* A step and the two tries that it takes at least. */
    fit->flops += 4.0 * (double)k * (double)k * (double)h->n;
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
