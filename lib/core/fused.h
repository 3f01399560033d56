/*
 * The state of the fused solver: what nmf_fused.c iterates on and fused_state.c
 * makes, reads out and frees. The idea is told in nmf_fused.c, the layout in
 * panel.h.
 */
#ifndef NMFIMG_CORE_FUSED_H
#define NMFIMG_CORE_FUSED_H

#include "core/panel.h"
#include "core/panel_bf16.h"
#include "core/solver.h"

#include <stdbool.h>

/* A pair of factors: (A, max(0, now + beta (now - before))). */
typedef struct fused_pair {
    const float *A;
    const float *now;
    const float *before;
    float beta;
    double squared_error;
    double penalties; /* twice what is added to half of that */
    bool is_summed;   /* it was, from the differences */
    double rounding;  /* of the squared error, about */
    bool is_rounded;  /* Y is, to bfloat16 */
} fused_pair;

/* l1 sum(F) + l2 / 2 ||F||^2 of a factor F. */
typedef struct fused_penalty {
    double l1, l2;
} fused_penalty;

typedef struct fused {
    const nmf_source *source;
    const nmf_panel_kernels *kernels;
    const nmf_panel_bf16 *bf16; /* NULL: none in use */
    bool is_bf16;               /* X is packed so, and products made so */
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

    void *memory;        /* the only block that is owned; all below lie in it */
    float *X;            /* packed; while is_bf16 panels of panel_bf16.h */
    float *B[3];         /* now, before, and the next or a kept one */
    float *A, *A_before; /* the iterates */
    float *A_used;       /* what the long pass works with: A or A_y */
    uint16_t *A_bf16;    /* the same, rounded, while is_bf16 */
    float *A_kept;       /* of a pair that had to be saved */
    float *D;            /* n_chunks x a_size: Y X' by chunk */
    float *G_long;       /* n_chunks x gram_size: Y Y' by chunk */
    float *G_short;      /* n_short x gram_size: A A' by panel */
    float *G_used;       /* n_short x gram_size: A_y A_y' by panel */
    double *dots;        /* n_short: <A, D> by panel */
    double *sums;        /* n_chunks + n_short: of Y and A, where l1 asks */
    size_t *n_sweeps;    /* n_chunks + n_short: sweeps, times their columns */
    double *costs;       /* n_chunks + n_short: loss by rounding, about */
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
    size_t *worst;       /* n_long: a column each, for fused_reseed() */
    float *scratch;      /* a thread's: a panel, a group or X's size, spare */
    size_t scratch_size; /* floats a thread */
    size_t spare_size;   /* floats of spare, of fused_products.c */

    double beta, beta_start, beta_bound;
    double last_error;   /* squared and penalised, of the iteration before */
    double lowest;       /* the same, so far */
    double squared_norm; /* of the packed X */
    fused_penalty of_A, of_B; /* of the packed X */
    bool has_penalty;
    float unit; /* the packed X is X / unit^2, A and B are over unit */
    fused_pair kept;
    int n_failed; /* iterations since the kept pair was made */

    size_t n_reseeds; /* left: dying again and again is an answer, too */

    double milestone; /* squared error, for fused_leave_bf16() */
    int n_slow;       /* iterations since then */
} fused;

/*
 * All memory, X packed, the factors at their start. Contracts are those of
 * nmf_solver in solver.h; the momentum is left at zero.
 */
nmf_status fused_create(fused **out, const nmf_source *X, const nmf_loss *loss,
                        const nmf_matrix *W0, const nmf_matrix *H0,
                        int n_threads, nmf_error *err);
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
 * How far the kept pair is from stationary, of the packed X; negative where the
 * last iteration did not make the kept pair. Half an iteration's work.
 */
nmf_gradient fused_gradient(fused *f);

/* A' in panels of components: what A_rows is for. */
void fused_rows_of_A(fused *f, const float *A);

/* ---- dead components: fused_reseed.c ---- */

/* Is component j zero in A or Y? Of the grams that an iteration leaves. */
bool fused_is_dead(const fused *f, size_t j);

/*
 * Put the dead components of the kept pair, which the last iteration has made,
 * to use again. The kept pair is (A, B[0]) then, at no larger an error; false
 * where there is nothing left to explain.
 */
bool fused_reseed(fused *f);

/* ---- X and the products with it: fused_products.c ---- */

/* Pack X, in bfloat16 where that is in use and loses nothing. */
void fused_pack(fused *f);

/* Panel p of X as floats, in the calling thread's scratch or in place. */
const float *fused_floats(fused *f, size_t p);

/* Where panel p of X lies, and how long it is, to fetch it. */
const void *fused_panel_of_X(const fused *f, size_t p, size_t *bytes);

/* C = A_used X_p, but for a factor: times fused_product_unit(). */
void fused_product(const fused *f, float *C, size_t p, nmf_prefetch *fetch);
double fused_product_unit(const fused *f);

/*
 * Add to the products and the gram matrix of chunk c those of n panels Y, which
 * are rounded in place while is_bf16, from panel `first` on; weight is the
 * diagonal of the gram matrix of A. The first ones of a chunk begin it anew.
 */
void fused_accumulate(fused *f, size_t c, float *Y, size_t first, size_t n,
                      nmf_prefetch *fetch);

/* D = Y X' of all chunks, panel q: into that of the first chunk. */
void fused_sum_products(fused *f, size_t q);

/* Panel q of A_used is new: round it while is_bf16, renew its gram matrix. */
void fused_new_A_used(fused *f, size_t q);

/* Panel p of a pair's Y. */
void fused_Y(const fused *f, float *Y, const fused_pair *of, size_t p);

/* After an iteration: go over to floats where bfloat16 no longer serves. */
void fused_leave_bf16(fused *f);

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
