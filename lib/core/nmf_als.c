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
#include "core/cholesky.h"
#include "core/gram_fit.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>

/* With l1 and a small G the solutions may grow from one iteration to the next:
 * no entry is larger, so that no square overflows. */
static const double MOST = 1e15;

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows;
    /* L; the right-hand side of each thread. */
    const size_t scratch = (k * k + (size_t)n_threads * k) * sizeof(double);
    gram_fit *fit = NULL;
    nmf_status status =
        gram_fit_create(&fit, X, loss, W0, H0, scratch, true, n_threads, err);
    *state = fit;
    return status;
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
                f[t] = (float)fmin(fmax(0.0, x[t]), MOST);
            }
        }
    }
    fit->flops += 2.0 * (double)k * (double)k * (double)h->n;
}

static nmf_step iterate(void *state)
{
    return gram_fit_iterate(state, solve);
}

const nmf_solver nmf_solver_als = {
    "als",
    "least squares, clamped; not monotone, keeps the best (Berry 2007)",
    false,
    create,
    iterate,
    gram_fit_residual,
    gram_fit_gradient,
    gram_fit_read,
    gram_fit_free};
