/*
 * The arithmetic of NMF on dense rows: void functions with preconditions that
 * are asserted, not reported.
 *
 * Factors are kept in *row format*: n x k floats, ld = nmf_padded(k) apart,
 * 64-byte aligned, the padding zero. W is n_samples x k and Ht (H transposed)
 * n_features x k, so one routine updates both.
 *
 * Every sum is made by one thread in one order, so that the number of threads
 * changes the time and never the result.
 */
#ifndef NMFIMG_CORE_KERNELS_H
#define NMFIMG_CORE_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    NMF_LANES = 16,     /* rows of a factor that are swept together */
    NMF_TILE_ROWS = 6,  /* rows of a product held in registers */
    NMF_TILE_COLS = 64, /* columns of a product held in registers, at most */
};

/* k rounded up to whole vectors of the widest instruction set. */
static inline size_t nmf_padded(size_t k)
{
    return (k + NMF_LANES - 1) / NMF_LANES * NMF_LANES;
}

/*
 * An operand read by two strides: entry (r, l) is data[r * row + l * step], so
 * that X and its transpose are the same thing.
 */
typedef struct nmf_operand {
    const float *data;
    size_t row;
    size_t step;
} nmf_operand;

/* One instruction set's version of the inner loops. */
typedef struct nmf_kernels {
    const char *name;

    /*
     * out[r][c] = sum over l < length of a(r, l) * f[l * ldf + c]
     *
     * for r < rows <= NMF_TILE_ROWS and c < cols <= NMF_TILE_COLS, cols a
     * multiple of NMF_LANES; rows of out are NMF_TILE_COLS apart.
     */
    void (*tile)(float *out, nmf_operand a, const float *f, size_t ldf,
                 size_t rows, size_t cols, size_t length);

    /*
     * One HALS sweep over NMF_LANES rows w, in place, given the gram matrix G
     * (k x k, ldg apart) and their rows p of the product. Both come as columns:
     * w[t * NMF_LANES + lane]. For t = 0 .. k-1
     *
     *     g <- <G_t, w> - p_t ;  w_t <- max(0, w_t - g / G_tt)
     *
     * the exact minimiser in w_t with the others fixed; a component with
     * G_tt = 0 is left alone.
     */
    void (*sweep)(float *w, const float *p, const float *G, size_t ldg,
                  size_t k);
} nmf_kernels;

/* What is in use: see <nmfimg/cpu.h>. */
const nmf_kernels *nmf_kernels_get(void);

/* All that this processor runs, for tests: NULL for i past the last. */
const nmf_kernels *nmf_kernels_at(size_t i);

/*
 * out (rows x cols, ldo apart) = A F for an operand A of rows x length and F of
 * length x cols, ldf >= nmf_padded(cols) apart, padded by zeros. Sums run over
 * blocks of 256, each in float, added up in float.
 */
void nmf_product(float *out, size_t ldo, nmf_operand a, const float *f,
                 size_t ldf, size_t rows, size_t cols, size_t length,
                 int n_threads);

/*
 * G = F'F (k x k, k apart) for F of n rows in row format; blocks of 256 rows in
 * float, added up in double.
 */
void nmf_gram(double *G, const float *F, size_t n, size_t k, int n_threads);

/*
 * The same for any A of n x k, entry (i, t) being a.data[i * a.row + t *
 * a.step]. scratch: nmf_gram_scratch(k) floats, 64-byte aligned.
 */
void nmf_gram_of(double *G, nmf_operand a, size_t n, size_t k, float *scratch,
                 int n_threads);
size_t nmf_gram_scratch(size_t k);

/*
 * A HALS sweep over all n rows of F (row format, k columns) given their product
 * P (row format) and the gram matrix G (k x k, ldg apart, float). scratch:
 * nmf_sweep_scratch(k) floats, 64-byte aligned.
 */
void nmf_sweep(float *F, const float *P, const float *G, size_t ldg, size_t n,
               size_t k, float *scratch, int n_threads);
size_t nmf_sweep_scratch(size_t k);

/*
 * ||projected gradient||^2 of the same rows: of F G - P, entries that pull
 * below 0 left out. In double.
 */
double nmf_projected_gradient(const float *F, const float *P, const double *G,
                              size_t n, size_t k, int n_threads);

/* <A, B> over n x k entries in row format, in double. */
double nmf_inner(const float *A, const float *B, size_t n, size_t k,
                 int n_threads);

/*
 * ||X - W H||^2 for an operand X of rows x cols, W in row format and H of
 * k x cols, ldh apart, ldh >= nmf_padded(cols), padded by zeros. In double.
 */
double nmf_residual(nmf_operand x, const float *W, const float *H, size_t ldh,
                    size_t rows, size_t cols, size_t k, int n_threads);

#endif
