/*
 * What a solver is: an entry of the table in solvers.c. To add one, write
 * nmf_NAME.c beside nmf_cd.c, name its paper there, and add its entry.
 *
 * A solver keeps the factors in whatever layout suits it; the driver in nmf.c
 * starts it, lets it iterate, asks for the error, decides when to stop and
 * reads the factors out at the end.
 */
#ifndef NMFIMG_CORE_SOLVER_H
#define NMFIMG_CORE_SOLVER_H

#include "core/source.h"

#include <nmfimg/nmf.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * What is minimised: the beta divergence of X from W H and penalties,
 *
 *     D_beta(X | W H) + l1_W sum(W) + l2_W / 2 ||W||^2
 *                     + l1_H sum(H) + l2_H / 2 ||H||^2,
 *
 * D_2 = 1/2 ||X - W H||^2. The weights are those of X as it is, sizes included.
 * Beyond that, what the parts are held to: of nmf_options, and 0 but for the
 * solver "shaped"; and how "minibatch" goes about it.
 */
typedef struct nmf_loss {
    double beta;
    double l1_W, l2_W;
    double l1_H, l2_H;
    double sparseness_W, sparseness_H;
    double smooth;
    nmf_grid grid;
    size_t batch_size; /* 1 .. n_samples */
    double forget_factor;
} nmf_loss;

/* What an iteration came to, of the factors that read() gives. */
typedef struct nmf_step {
    /*
     * ||X - W H||^2. Unless is_summed, it came for free as a difference of
     * large numbers and may be inaccurate, even negative, where it is small
     * beside ||X||^2: see residual().
     */
    double squared_error;
    bool is_summed;
    double divergence; /* D_beta; where beta is 2 it is not looked at */
    double penalty;    /* the rest of the objective */
    /*
     * Additions and multiplications that the iteration's formulas ask for:
     * products with X, gram matrices, sweeps; whatever is of a lower order is
     * left out, and so is padding.
     */
    double flops;
    /*
     * Bytes that must come from memory, or go there, where neither X nor the
     * factor of the long side stays in a cache from one pass to the next.
     */
    double bytes;
} nmf_step;

/* How far from stationary a pair of factors is. */
typedef struct nmf_gradient {
    /*
     * The norm of the projected gradient of the objective in both factors: Lin,
     * Neural Computation 19 (2007), section 4.3. Solvers that never come to 0
     * give something of the kind: see nmf_mu.c.
     */
    double size;
    /*
     * The size of the terms that cancel in it: where beta is 2, ||X|| times the
     * norm of both factors together. Rounding leaves about 1e-7 of that.
     */
    double scale;
} nmf_gradient;

typedef struct nmf_solver {
    const char *name;
    const char *summary; /* one line for --help */
    /*
     * Its updates multiply: it takes any beta, where others take 2 alone, and
     * an entry that is 0 remains so.
     */
    bool is_multiplicative;

    /*
     * Begin at W0 (n_samples x k) and H0 (k x n_features), which are copied.
     * X is borrowed until free(). All memory is asked for here.
     */
    nmf_status (*create)(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err);
    /* One iteration: both factors once. The objective does not rise, but for
     * "minibatch". */
    nmf_step (*iterate)(void *state);
    /* ||X - W H||^2 summed up from the differences. */
    double (*residual)(void *state);
    /*
     * How far the pair is from stationary. Negative where it is not to be had
     * after this iteration. May cost half an iteration.
     */
    nmf_gradient (*gradient)(void *state);
    /* Copy the factors out; either may be NULL. */
    void (*read)(const void *state, nmf_matrix *W, nmf_matrix *H);
    void (*free)(void *state);
} nmf_solver;

extern const nmf_solver nmf_solver_fused;
extern const nmf_solver nmf_solver_cd;
extern const nmf_solver nmf_solver_mu;
extern const nmf_solver nmf_solver_mu_plain;
extern const nmf_solver nmf_solver_minibatch;
extern const nmf_solver nmf_solver_bpp;
extern const nmf_solver nmf_solver_als;
extern const nmf_solver nmf_solver_pg;
extern const nmf_solver nmf_solver_shaped;

/* Those of the first two for weights: see nmf_solver_for_weights(). */
extern const nmf_solver nmf_solver_whals;
extern const nmf_solver nmf_solver_wcd;

/*
 * What runs in the place of a solver where the source has weights: "mu" is its
 * own, for "hals" and "cd" there is another; NULL: there is none.
 */
const nmf_solver *nmf_solver_for_weights(const nmf_solver *solver);

/* The solver of that name (NULL: the default); NULL where there is none. */
const nmf_solver *nmf_solver_find(const char *name);

/* The beta loss of a fit: that of the summary where its solver takes any. */
double nmf_summary_beta(const nmf_summary *summary);

/*
 * Fill W0 (m x k) and H0 (k x n) at random as scikit-learn's init='random'
 * does: |standard normal| times sqrt(mean(X) / k). H0 does not depend on m, nor
 * W0 on n.
 */
void nmf_init_random(nmf_matrix *W0, nmf_matrix *H0, double mean_of_X,
                     uint64_t seed);

/*
 * Fill both from the singular vectors of X, as init, one of NMF_INIT_NNDSVD,
 * _NNDSVDA and _NNDSVDAR, says. lifts_zeros: what NMF_INIT_NNDSVD leaves at 0
 * is to be small instead. Fails as nmf_svd_init().
 */
nmf_status nmf_init_svd(nmf_matrix *W0, nmf_matrix *H0, const nmf_source *X,
                        nmf_init init, bool lifts_zeros, uint64_t seed,
                        int n_threads, nmf_error *err);

#endif
