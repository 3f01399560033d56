/*
 * What the solvers of ||X - W H||^2 have in common that alternate between the
 * factors in the Gram form: cd, pg, als and bpp.
 *
 * With the other factor fixed, a factor F (W, or H transposed) is the solution
 * of n small problems over one k x k matrix, penalties included:
 *
 *     min over F >= 0 of  1/2 <F, F G> - <F, P>,
 *     G = (other's gram) + l2 I,    P = X (other) - l1.
 *
 * So a solver is one function that improves F given G and P. The other is
 * gram_fit_iterate(): products, that function, gram matrices, the loss
 *
 *     ||X - W H||^2 = ||X||^2 - 2 <X'W, H'> + <W'W, H H'>,
 *
 * which comes free, as a difference of large numbers when the fit is close. An
 * iteration makes two passes over X (4 m n k flops); nothing of X's size is
 * formed.
 */
#ifndef NMFIMG_CORE_GRAM_FIT_H
#define NMFIMG_CORE_GRAM_FIT_H

#include "core/solver.h"

/* One factor with what its update needs, in row format (see kernels.h). */
typedef struct gram_half {
    size_t n;      /* n_samples for W, n_features for H' */
    float *F;      /* n x k: W or H' */
    float *P;      /* n x k: the product of X with the other factor, less l1 */
    double *gram;  /* F'F, k x k */
    double l1, l2; /* penalties of this factor */
} gram_half;

/*
 * The best pair so far, of solvers that may rise: what is reported and read
 * out, while the iterations go on from the last one.
 */
typedef struct gram_best {
    float *W, *Ht;  /* as gram_half.F; NULL: nobody keeps it */
    nmf_step step;  /* what it came to */
    double lowest;  /* its objective */
    bool is_latest; /* it is the pair of the last iteration */
} gram_best;

typedef struct gram_fit {
    const nmf_source *X;
    size_t k;
    int n_threads;
    gram_half W, Ht;
    gram_best best;
    double *G;     /* what an update is given, k x k */
    float *H;      /* k x n_features, for residual() */
    void *scratch; /* of the update */
    double flops;  /* of the updates of this iteration: they add theirs */
} gram_fit;

/* Improve h->F, given fit->G and h->P. */
typedef void gram_update(gram_fit *fit, gram_half *h);

/* ||projected gradient||^2 of h->F, given fit->G, which it may change, and
 * h->P. */
typedef double gram_violation(gram_fit *fit, const gram_half *h);

/*
 * Contracts are those of nmf_solver in solver.h. scratch_bytes is what the
 * update wants, 64-byte aligned and zero at first. keeps_best: the update may
 * raise the objective.
 */
nmf_status gram_fit_create(gram_fit **out, const nmf_source *X,
                           const nmf_loss *loss, const nmf_matrix *W0,
                           const nmf_matrix *H0, size_t scratch_bytes,
                           bool keeps_best, int n_threads, nmf_error *err);
nmf_step gram_fit_iterate(gram_fit *fit, gram_update *update);
double gram_fit_residual(void *state);
nmf_gradient gram_fit_gradient(void *state);
nmf_gradient gram_fit_gradient_by(gram_fit *fit, gram_violation *violation);
void gram_fit_read(const void *state, nmf_matrix *W, nmf_matrix *H);
void gram_fit_free(void *state);

#endif
