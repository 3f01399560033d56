/*
 * The inner loops, written once with the compiler's vector extension and
 * compiled once an instruction set: kernels_portable.c, kernels_avx2.c and
 * kernels_avx512.c set
 *
 *     LANES          floats in a vector: 4, 8, 16
 *     TILE_VECTORS   vectors across a register tile: 2, or 4 with 32 registers
 *     KERNELS        the name of the table that is defined
 *
 * A tile keeps 6 x TILE_VECTORS sums in registers; each step loads one row of f
 * and broadcasts six entries of a:
 *
 *        f[l]   | f0 | f1 | .. |           12 or 24 multiply-adds for
 *     a(0, l) * | s00| s01| .. |           6 + TILE_VECTORS loads
 *        ..     |    |    |    |
 *     a(5, l) * | s50| s51| .. |
 */
#include "core/kernels.h"

#include <assert.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

typedef float vector
    __attribute__((vector_size(4 * LANES), may_alias, aligned(4)));
typedef int mask __attribute__((vector_size(4 * LANES)));

INLINE vector load(const float *p)
{
    return *(const vector *)p;
}

INLINE void store(float *p, vector v)
{
    *(vector *)p = v;
}

INLINE vector max0(vector v)
{
    mask positive = v > 0.0F;
    return (vector)((mask)v & positive);
}

/* rows and vectors are constants wherever this is inlined. */
INLINE void tile_of(float *out, nmf_operand a, const float *f, size_t ldf,
                    size_t rows, size_t vectors, size_t length)
{
    vector sum[NMF_TILE_ROWS][TILE_VECTORS];
    UNROLL for (size_t r = 0; r < rows; r++)
    {
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            sum[r][v] = (vector){0};
        }
    }
    const float *x = a.data;
    for (size_t l = 0; l < length; l++, x += a.step, f += ldf) {
        vector row[TILE_VECTORS];
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            row[v] = load(f + v * LANES);
        }
        UNROLL for (size_t r = 0; r < rows; r++)
        {
            float entry = x[r * a.row];
            UNROLL for (size_t v = 0; v < vectors; v++)
            {
                sum[r][v] += entry * row[v];
            }
        }
    }
    UNROLL for (size_t r = 0; r < rows; r++)
    {
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            store(out + r * NMF_TILE_COLS + v * LANES, sum[r][v]);
        }
    }
}

/* The same for any number of rows: a constant for each case. */
INLINE void tile_rows(float *out, nmf_operand a, const float *f, size_t ldf,
                      size_t rows, size_t vectors, size_t length)
{
    switch (rows) {
    case 1:
        tile_of(out, a, f, ldf, 1, vectors, length);
        break;
    case 2:
        tile_of(out, a, f, ldf, 2, vectors, length);
        break;
    case 3:
        tile_of(out, a, f, ldf, 3, vectors, length);
        break;
    case 4:
        tile_of(out, a, f, ldf, 4, vectors, length);
        break;
    case 5:
        tile_of(out, a, f, ldf, 5, vectors, length);
        break;
    default:
        tile_of(out, a, f, ldf, 6, vectors, length);
        break;
    }
}

static void tile(float *out, nmf_operand a, const float *f, size_t ldf,
                 size_t rows, size_t cols, size_t length)
{
    assert(rows >= 1 && rows <= NMF_TILE_ROWS);
    assert(cols >= NMF_LANES && cols <= NMF_TILE_COLS && cols % NMF_LANES == 0);
    size_t vectors = cols / LANES;
    for (; vectors >= TILE_VECTORS; vectors -= TILE_VECTORS) {
        tile_rows(out, a, f, ldf, rows, TILE_VECTORS, length);
        out += TILE_VECTORS * LANES;
        f += TILE_VECTORS * LANES;
    }
#if TILE_VECTORS > 2
    if (vectors == 3) {
        tile_rows(out, a, f, ldf, rows, 3, length);
    } else if (vectors == 2) {
        tile_rows(out, a, f, ldf, rows, 2, length);
    }
#endif
    if (vectors == 1) {
        tile_rows(out, a, f, ldf, rows, 1, length);
    }
}

static void sweep(float *w, const float *p, const float *G, size_t ldg,
                  size_t k)
{
    enum { VECTORS = NMF_LANES / LANES };
    for (size_t t = 0; t < k; t++) {
        const float *g = G + t * ldg;       /* G[t, :], G is symmetric */
        vector even[VECTORS], odd[VECTORS]; /* two chains of additions */
        size_t s = 0;
        UNROLL for (size_t v = 0; v < VECTORS; v++)
        {
            even[v] = -load(p + t * NMF_LANES + v * LANES);
            odd[v] = (vector){0};
        }
        for (; s + 2 <= k; s += 2) {
            UNROLL for (size_t v = 0; v < VECTORS; v++)
            {
                even[v] += g[s] * load(w + s * NMF_LANES + v * LANES);
                odd[v] += g[s + 1] * load(w + (s + 1) * NMF_LANES + v * LANES);
            }
        }
        if (s < k) {
            UNROLL for (size_t v = 0; v < VECTORS; v++)
            {
                even[v] += g[s] * load(w + s * NMF_LANES + v * LANES);
            }
        }
        float step = g[t] > 0.0F ? 1.0F / g[t] : 0.0F;
        UNROLL for (size_t v = 0; v < VECTORS; v++)
        {
            vector gradient = even[v] + odd[v];
            vector old = load(w + t * NMF_LANES + v * LANES);
            store(w + t * NMF_LANES + v * LANES, max0(old - step * gradient));
        }
    }
}
