/*
 * Alternating least squares, what is negative set to 0.
 *
 *     W <- max(0, P G^-1),    G = H H' + l2 I,    P = X H' - l1
 *
 * and H likewise: the solutions of the problems without their constraints,
 * forced to keep them afterwards. That is fast and no descent: the objective
 * may rise from one iteration to the next, and need not settle at a stationary
 * pair. So the best pair so far is what is reported and read out, while the
 * iterations go on from the last one.
 *
 * Where G is singular (a component has died out, or two are alike), a ridge is
 * added to its diagonal. A component that is 0 in one factor stays so.
 *
 * Source: M. W. Berry, M. Browne, A. N. Langville, V. P. Pauca and R. J.
 * Plemmons, "Algorithms and applications for approximate nonnegative matrix
 * factorization", Computational Statistics & Data Analysis 52 (2007), 155-173.
 */
#include "core/alloc.h"
#include "core/cholesky.h"
#include "core/error.h"
#include "core/gram_fit.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

typedef struct als {
    gram_fit *fit;  /* where the iterations are */
    float *W, *Ht;  /* the best pair, as fit->W.F and fit->Ht.F */
    nmf_step step;  /* what it came to */
    double lowest;  /* its objective */
    bool is_latest; /* it is that of the last iteration */
} als;

static void als_free(void *state)
{
    als *a = state;
    if (a) {
        gram_fit_free(a->fit);
        nmf_free(a->W);
        nmf_free(a->Ht);
        nmf_free(a);
    }
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows, ld = nmf_padded(k);
    /* L; the right-hand side of each thread. */
    const size_t scratch = (k * k + (size_t)n_threads * k) * sizeof(double);
    als *a = nmf_calloc(1, sizeof *a);
    *state = NULL;
    if (!a) {
        return nmf_error_memory(err, sizeof *a, "the solver");
    }
    nmf_status status =
        gram_fit_create(&a->fit, X, loss, W0, H0, scratch, n_threads, err);
    if (status != NMF_OK) {
        als_free(a);
        return status;
    }
    a->W = nmf_calloc(X->n_samples * ld, sizeof *a->W);
    a->Ht = nmf_calloc(X->n_features * ld, sizeof *a->Ht);
    if (!a->W || !a->Ht) {
        als_free(a);
        return nmf_error_memory(
            err, (X->n_samples + X->n_features) * ld * sizeof(float),
            "the best factors");
    }
    a->lowest = INFINITY;
    *state = a;
    return NMF_OK;
}

static void solve(gram_fit *fit, gram_half *h)
{
    const size_t k = fit->k, ld = nmf_padded(k);
    double *L = fit->scratch, *right = L + k * k;
    nmf_make_definite(fit->G, L, k);
#pragma omp parallel num_threads(fit->n_threads)
    {
        double *x = right + (size_t)nmf_thread_number() * k;
#pragma omp for schedule(static)
        for (size_t i = 0; i < h->n; i++) {
            float *f = h->F + i * ld;
            for (size_t t = 0; t < k; t++) {
                x[t] = (double)h->P[i * ld + t];
            }
            nmf_cholesky_solve(x, L, k);
            for (size_t t = 0; t < k; t++) {
                f[t] = (float)fmax(0.0, x[t]);
            }
        }
    }
    fit->flops += 2.0 * (double)k * (double)k * (double)h->n;
}

static nmf_step iterate(void *state)
{
    als *a = state;
    gram_fit *fit = a->fit;
    const size_t row_bytes = nmf_padded(fit->k) * sizeof(float);
    nmf_step step = gram_fit_iterate(fit, solve);
    if (step.squared_error < 1e-3 * fit->X->squared_norm) {
        step.squared_error = gram_fit_residual(fit);
        step.is_summed = true;
    }
    const double objective = 0.5 * step.squared_error + step.penalty;
    a->is_latest = objective < a->lowest;
    if (a->is_latest) {
        a->lowest = objective;
        a->step = step;
        memcpy(a->W, fit->W.F, fit->W.n * row_bytes);
        memcpy(a->Ht, fit->Ht.F, fit->Ht.n * row_bytes);
    }
    a->step.flops = step.flops;
    a->step.bytes = step.bytes;
    return a->step;
}

/* The best pair in place of the last one. */
static gram_fit best_of(const als *a)
{
    gram_fit best = *a->fit;
    best.W.F = a->W;
    best.Ht.F = a->Ht;
    return best;
}

static double residual(void *state)
{
    gram_fit best = best_of(state);
    return gram_fit_residual(&best);
}

static nmf_gradient gradient(void *state)
{
    const als *a = state;
    const nmf_gradient none = {-1.0, 0.0};
    return a->is_latest ? gram_fit_gradient(a->fit) : none;
}

static void read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const gram_fit best = best_of(state);
    gram_fit_read(&best, W, H);
}

const nmf_solver nmf_solver_als = {
    "als",
    "least squares, clamped; not monotone, keeps the best (Berry 2007)",
    false,
    create,
    iterate,
    residual,
    gradient,
    read,
    als_free};
