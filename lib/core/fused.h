/*
 * The state of the fused solver: what nmf_fused.c iterates on and fused_state.c
 * makes, reads out and frees. The idea is told in nmf_fused.c, the layout in
 * panel.h.
 */
#ifndef NMFIMG_CORE_FUSED_H
#define NMFIMG_CORE_FUSED_H

#include "core/panel.h"
#include "core/solver.h"

#include <stdbool.h>

/* A pair of factors: (A, max(0, now + beta (now - before))). */
typedef struct fused_pair {
    const float *A;
    const float *now;
    const float *before;
    float beta;
    double squared_error;
    bool is_summed;  /* it was, from the differences */
    double rounding; /* of squared_error, about */
} fused_pair;

typedef struct fused {
    const nmf_source *source;
    const nmf_panel_kernels *kernels;
    int n_threads;
    bool is_tall;   /* the samples are the long side */
    size_t k, s, l; /* components, short side, long side */
    size_t n_long;  /* panels of the long side */
    size_t n_short; /* panels of the short side */
    size_t chunk;   /* panels of the long side whose sums go together */
    size_t n_chunks;
    size_t a_size;     /* floats of A in panel format */
    size_t panel_size; /* floats of one panel of a factor: k * width */
    size_t gram_size;  /* floats of a gram matrix in blocks */
    size_t ldg;        /* floats from row to row of Gt */

    float *X;            /* packed */
    float *B[3];         /* now, before, and the next or a kept one */
    float *A, *A_before; /* the iterates */
    float *A_used;       /* what the long pass works with: A or A_y */
    float *A_kept;       /* of a pair that had to be saved */
    float *D;            /* n_chunks x a_size: Y X' by chunk */
    float *G_long;       /* n_chunks x gram_size: Y Y' by chunk */
    float *G_short;      /* n_short x gram_size: A A' by panel */
    float *G_used;       /* n_short x gram_size: A_y A_y' by panel */
    double *dots;        /* n_short: <A, D> by panel */
    size_t *n_sweeps;    /* n_chunks + n_short: sweeps, times their columns */
    double *gram_A;      /* k x k: of A_used */
    double *gram_B;      /* k x k: of Y */
    double *gram;        /* k x k and gram_size doubles of scratch */
    float *Gt;           /* a scaled gram matrix */
    float *weight;       /* its diagonal before, */
    float *scale;        /* and the inverse of that */
    float *G_panels;     /* gram_size: a gram matrix, for gradients */
    double *gram_kept;   /* k x k: of the kept A, for gradients */
    float *A_rows;       /* A' in panels of components, for residuals */
    double *residuals;   /* n_long: by panel; of gradients too */
    float *scratch;      /* for each thread: a panel, and a group or X's size */
    size_t scratch_size; /* floats a thread */

    double beta, beta_start, beta_bound;
    double last_error;   /* squared, of the iteration before */
    double lowest;       /* squared error so far */
    double squared_norm; /* of the packed X */
    float unit;          /* the packed X is X / unit^2, A and B are over unit */
    fused_pair kept;
    int n_failed; /* iterations since the kept pair was made */
} fused;

/*
 * All memory, X packed, the factors at their start. Contracts are those of
 * nmf_solver in solver.h; the momentum is left at zero.
 */
nmf_status fused_create(fused **out, const nmf_source *X, const nmf_matrix *W0,
                        const nmf_matrix *H0, int n_threads, nmf_error *err);
void fused_free(void *state);

/* The kept pair as W and H; either may be NULL. */
void fused_read(const void *state, nmf_matrix *W, nmf_matrix *H);

/* ||X - A'Y||^2 of a pair, of the packed X, summed up from the differences. */
double fused_residual(fused *f, const fused_pair *of);

/*
 * Sum n gram matrices in blocks in order, gram_size floats apart, to a full
 * symmetric one. Only the blocks on and below the diagonal were made.
 */
void fused_add_grams(const fused *f, double *G, const float *parts, size_t n);

/*
 * The norm of the projected gradient of 1/2 ||X - A'Y||^2 at the kept pair, of
 * the packed X; -1 where the last iteration did not make the kept pair. Half an
 * iteration's work.
 */
double fused_gradient(fused *f);

/* From squares of the packed X to squares of X. */
double fused_unit_squares(const fused *f);

static inline size_t fused_smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t fused_ceil_div(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

#endif
