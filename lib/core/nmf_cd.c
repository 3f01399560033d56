/*
 * Hierarchical alternating least squares in the Gram form.
 *
 * With the other factor fixed, the loss is a quadratic in each entry of W; all
 * that its minimiser needs are the gram matrix G = H H' (k x k) and the product
 * P = X H' (n_samples x k). For every row w of W, t = 0 .. k-1,
 *
 *     w_t <- max(0, w_t - (<G_t, w> - p_t) / G_tt)
 *
 * which never raises ||X - W H||^2. Then H likewise, from W'W and X'W: with H
 * stored transposed the code is the same, and it is nmf_sweep(). Penalties are
 * a shift of P and of the diagonal of G: see gram_fit.h, the frame around this.
 * One iteration makes two passes over X (4 m n k flops) and two sweeps
 * (2 (m + n) k^2).
 *
 * Source: A. Cichocki and A.-H. Phan, "Fast local algorithms for large scale
 * nonnegative matrix and tensor factorizations", IEICE Trans. Fundamentals
 * E92-A (2009), 708-721. Their X is ours transposed.
 */
#include "core/gram_fit.h"
#include "core/kernels.h"

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows;
    const size_t scratch = nmf_sweep_scratch(k) + k * k;
    gram_fit *fit = NULL;
    nmf_status status = gram_fit_create(
        &fit, X, loss, W0, H0, scratch * sizeof(float), false, n_threads, err);
    *state = fit;
    return status;
}

static void sweep(gram_fit *fit, gram_half *h)
{
    const size_t k = fit->k;
    float *scratch = fit->scratch;
    float *G = scratch + nmf_sweep_scratch(k);
    for (size_t i = 0; i < k * k; i++) {
        G[i] = (float)fit->G[i];
    }
    nmf_sweep(h->F, h->P, G, k, h->n, k, scratch, fit->n_threads);
    fit->flops += 2.0 * (double)k * (double)k * (double)h->n;
}

static nmf_step iterate(void *state)
{
    return gram_fit_iterate(state, sweep);
}

const nmf_solver nmf_solver_cd = {
    "cd",
    "hierarchical alternating least squares (Cichocki & Phan 2009)",
    false,
    create,
    iterate,
    gram_fit_residual,
    gram_fit_gradient,
    gram_fit_read,
    gram_fit_free};
