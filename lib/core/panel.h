/*
 * Panels: the layout in which an iteration of NMF runs near the speed of the
 * multipliers.
 *
 * Let s be the short side of X and l the long one (X is transposed where it is
 * tall, so that A is k x s, B is k x l and X ~= A'B). `width` long-side indices
 * make a panel, two vectors of the instruction set in use:
 *
 *     X   [l / width panels][s][width]     packed once
 *     B   [l / width panels][k][width]     the "panel format" of a factor
 *     A   [s / width panels][k][width]     the same, of the short side
 *
 *             width                      width
 *         +-----------+              +-----------+
 *         |  X panel  | s rows       |  B panel  | k rows     entries past the
 *         |           |              +-----------+            end are zero
 *         +-----------+
 *
 * Both factors are swept by the same code, and the products A'X, B X', A A' and
 * B B' have the same shape, so that one kernel makes them all:
 *
 *     C[j][0 .. width) += F[j][i] * X[i][0 .. width)
 *
 * on tiles of at most 12 x 2 vectors of sums in registers (6 x 2 where there
 * are 16 registers); k is cut into tiles of nearly equal height (49 = 10 + 10 +
 * 10 + 10 + 9), so that no k is padded.
 */
#ifndef NMFIMG_CORE_PANEL_H
#define NMFIMG_CORE_PANEL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    NMF_PANEL_MAX_WIDTH = 32,
    NMF_PANEL_GROUP = 4, /* panels whose products B X' are added up at once */
};

/*
 * What is fetched into the cache while something else is computed: up to three
 * runs of bytes, a few lines between one register tile and the next.
 */
typedef struct nmf_prefetch {
    const char *at[3];
    const char *end[3];
    size_t lines; /* a tile */
} nmf_prefetch;

/*
 * One instruction set's version. All pointers are aligned to 64 bytes; a gram
 * matrix in blocks has the panel format of a k x k factor.
 */
typedef struct nmf_panel_kernels {
    const char *name;
    size_t width;

    /*
     * Fill a panel X[s][width] from s x count floats with strides: entry (i, c)
     * is x[i * row_step + c * col_step], one of the steps being 1; columns
     * count .. width-1 become zero.
     */
    void (*pack)(float *panel, const float *x, size_t row_step, size_t col_step,
                 size_t s, size_t count);

    /* C[k][width] = A'X for one panel X[s][width]; A in panel format. */
    void (*product)(float *C, const float *A, const float *X, size_t s,
                    size_t k, nmf_prefetch *fetch);

    /*
     * D (panel format of the short side) = or += B X' over n <= NMF_PANEL_GROUP
     * neighbouring panels X[n][s][width], B[n][k][width]. With symmetric, X is
     * B and only the blocks on and below the diagonal are made.
     */
    void (*accumulate)(float *D, const float *B, const float *X, size_t s,
                       size_t n, size_t k, bool symmetric, bool add,
                       nmf_prefetch *fetch);

    /*
     * Up to max_sweeps HALS sweeps of one panel B[k][width], given its product
     * C, both scaled so that the diagonal of the gram matrix is 1:
     *
     *     b_j <- max(0, c_j + sum over i of Gt[i][j] b_i),
     *
     * Gt[i * ldg + j] = -G_ij / G_jj, 0 on the diagonal. The change of a sweep
     * is the sum of weight[j] step^2 over its steps; with the diagonal of G as
     * weights that is twice what it takes off the loss. Stops early when it
     * falls to `enough` times that of the first. Returns the number of sweeps.
     */
    size_t (*sweep)(float *B, const float *C, const float *Gt, size_t ldg,
                    const float *weight, size_t k, size_t max_sweeps,
                    float enough, nmf_prefetch *fetch);

    /* out = max(0, now + beta (now - before)) over n floats; out may be either
     * input. */
    void (*extrapolate)(float *out, const float *now, const float *before,
                        float beta, size_t n);

    /* C[j] *= scale[j] for the k rows of a panel. */
    void (*scale_rows)(float *C, const float *scale, size_t k);

    /* sum += part over n floats. */
    void (*add)(float *sum, const float *part, size_t n);

    /* <a, b> and ||a - b||^2 over n floats: float within blocks of 1024,
     * double beyond. */
    double (*dot)(const float *a, const float *b, size_t n);
    double (*distance)(const float *a, const float *b, size_t n);
} nmf_panel_kernels;

/* What is in use, see <nmfimg/cpu.h>; and all that this processor runs, NULL
 * past the last. */
const nmf_panel_kernels *nmf_panel_kernels_get(void);
const nmf_panel_kernels *nmf_panel_kernels_at(size_t i);

#endif
