/*
 * The state of multiplicative updates: what nmf_mu.c iterates on, mu_pass.c
 * computes, and mu_state.c makes, reads out and frees. The idea is told in
 * nmf_mu.c, the layout in panel.h.
 */
#ifndef NMFIMG_CORE_MU_H
#define NMFIMG_CORE_MU_H

#include "core/divergence.h"
#include "core/panel.h"
#include "core/solver.h"

#include <stdbool.h>

/* l1 sum(F) + l2 / 2 ||F||^2 of a factor F. */
typedef struct mu_penalty {
    double l1, l2;
} mu_penalty;

/* What a chunk of the long pass leaves beside its sums of products. */
typedef struct mu_part {
    double divergence;
    double squares; /* ||X - A'B||^2 */
    double norm;    /* ||B||^2 */
} mu_part;

typedef struct mu {
    const nmf_source *source;
    const nmf_panel_kernels *kernels;
    const nmf_divergence_kernels *losses;
    nmf_beta beta;
    double exponent; /* of the updates */
    bool is_gram;    /* beta is 2, without weights: gram matrices take the place
                        of A'B */
    bool has_below;  /* the lower sums are products too: beta is not 1 or 2, or
                        entries have weights */
    bool is_extrapolated;
    bool updates_B_first;  /* B is made new once before the first iteration */
    size_t n_updates;      /* of B in a pass */
    mu_penalty of_A, of_B; /* in units of the packed X */
    int n_threads;
    bool is_tall;   /* the samples are the long side */
    size_t k, s, l; /* components, short side, long side */
    size_t n_long;  /* panels of the long side */
    size_t n_short; /* panels of the short side */
    size_t chunk;   /* panels of the long side whose sums go together */
    size_t n_chunks;
    size_t a_size;     /* floats of A in panel format */
    size_t panel_size; /* floats of one panel of a factor: k * width */
    size_t x_size;     /* floats of one panel of X: s * width */
    size_t gram_size;  /* floats of a gram matrix in blocks */

    void *memory;        /* the only block that is owned; all below lie in it */
    float *X;            /* packed */
    float *M;            /* weights, packed like X; NULL: all are 1 */
    float *B, *B_other;  /* of the kept pair; the one before, then the next */
    float *A_kept;       /* of the kept pair */
    float *A_used;       /* what the long pass works with */
    float *A, *A_before; /* the updates, not extrapolated */
    float *A_rows;       /* A_used' in panels of components, for products A'B */
    float *D;            /* n_chunks x a_size: upper sums of A, by chunk */
    float *E;        /* n_chunks x a_size: lower sums of A, where has_below */
    float *G_long;   /* n_chunks x gram_size: B B' by chunk, where is_gram */
    float *G_panels; /* gram_size: a gram matrix as a factor */
    double *gram_A, *gram_B; /* k x k, where is_gram */
    double *gram_sums;       /* gram_size */
    double *chunk_sums;      /* n_chunks x k: of the rows of B */
    double *sums_A, *sums_B; /* k: of the rows of A_used and B */
    float *row_A, *row_B;    /* the same, as lower sums */
    mu_part *parts;          /* n_chunks */
    double *dots;            /* n_long, at least: by panel */
    float *scratch;          /* a thread's */
    size_t scratch_size;     /* floats a thread */

    double unit;         /* the packed X is X / unit^2, A and B are over unit */
    double squared_norm; /* of the packed X */
    double eta;          /* Nesterov's sequence */
    bool has_begun;
    bool has_update; /* A is already that of the kept pair */
    bool is_kept;    /* the last pass was over the kept pair: its sums are */
    double lowest;   /* objective of the kept pair, at most */
    nmf_step kept;   /* of the kept pair; without flops and bytes */
} mu;

/* Contracts are those of nmf_solver in solver.h. */
nmf_status mu_create(mu **out, const nmf_source *X, const nmf_loss *loss,
                     const nmf_matrix *W0, const nmf_matrix *H0,
                     bool is_extrapolated, int n_threads, nmf_error *err);
void mu_read(const void *state, nmf_matrix *W, nmf_matrix *H);
void mu_free(void *state);

/*
 * For batches of at most `rows` samples of the kind that X has: the samples are
 * the long side, H0 is copied, and nothing else is there before mu_take(). unit
 * is that of the result, where it is not 0.
 */
nmf_status mu_create_batch(mu **out, const nmf_source *X, const nmf_loss *loss,
                           const nmf_matrix *H0, size_t rows, double unit,
                           int n_threads, nmf_error *err);

/*
 * The samples of X from `first` on, as many as W has rows, become X, and W
 * becomes B.
 */
void mu_take(mu *m, const nmf_source *X, size_t first, const nmf_matrix *W);

/* The penalties are those of the loss from now on. */
void mu_weigh(mu *m, const nmf_loss *loss);

/* The pair of the last pass, (A_used, B_other), becomes the kept one. */
void mu_keep(mu *m);

/* ---- mu_pass.c ---- */

/*
 * Over all panels: B_other becomes the update of B + alpha max(0, B - B_other)
 * against A_used (with alpha < 0: becomes B itself), and the sums for the
 * update of A_used against that are made. Returns what the pair (A_used,
 * B_other) comes to; squared_error is not summed up where is_gram.
 */
nmf_step mu_pass(mu *m, float alpha);

/* A becomes the update of A_used after a pass. */
void mu_update_A(mu *m);

/*
 * A_used becomes its update after a pass, by sums that remember those of passes
 * before: with the sums a and b of an entry f by this pass alone,
 *
 *     above <- rho above + a f^(1 / exponent),    below <- rho below + b,
 *     f     <- (above / below)^exponent.
 *
 * above, below: a_size floats each, in the format of A.
 */
void mu_learn_A(mu *m, float *above, float *below, double rho);

/* What updates of B and products A'B need of A_used: a pass begins with it. */
void mu_prepare(mu *m);

/* ||X - A'B||^2 of the kept pair, of the packed X. */
double mu_residual(mu *m);

/* Sums over the entries of X for B and A_used, which is prepared. */
nmf_divergence_sums mu_measure(mu *m);

/* How far the kept pair is from stationary, right after its pass: the sum of
 * f |df| over entries f and gradients df. Half an iteration's work. Of the
 * packed X. */
nmf_gradient mu_gradient(mu *m);

/* Its two parts. That of A looks at the sums of the pass alone. */
nmf_gradient mu_gradient_of_A(mu *m);
nmf_gradient mu_gradient_of_B(mu *m);

static inline size_t mu_smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

#endif
