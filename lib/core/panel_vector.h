/*
 * What the files of panel kernels share: vectors of LANES floats, register
 * tiles of TILE_ROWS rows and two vectors, transposition in registers. Those
 * two are set by the file that includes this, see panel_simd.h.
 */
#include "core/panel.h"

#include <string.h>
#if LANES > 4
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

enum {
    WIDTH = 2 * LANES,
    /* Rows of X a pass over the tiles of `product`: they, 4 * WIDTH * WIDTH
     * floats, stay in the first-level cache. */
    PRODUCT_ROWS = 4 * WIDTH,
};

typedef float vector __attribute__((vector_size(4 * LANES), may_alias));
typedef float loose
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

/* As an intrinsic where there is one: compilers make two instructions of the
 * plain form, in the chain of dependences of a sweep. NaN becomes 0 in both. */
INLINE vector max0(vector v)
{
#if LANES == 16
    return (vector)_mm512_max_ps((__m512)v, _mm512_setzero_ps());
#elif LANES == 8
    return (vector)_mm256_max_ps((__m256)v, _mm256_setzero_ps());
#else
    return (vector)((mask)v & (v > 0.0F));
#endif
}

INLINE float sum_lanes(vector v)
{
    float lanes[LANES];
    memcpy(lanes, &v, sizeof v);
    for (size_t half = LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            lanes[i] += lanes[i + half];
        }
    }
    return lanes[0];
}

INLINE size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Ask for the next few lines. */
INLINE void prefetch(nmf_prefetch *fetch)
{
    size_t lines = fetch->lines;
    for (size_t run = 0; run < 3; run++) {
        while (lines > 0 && fetch->at[run] < fetch->end[run]) {
            __builtin_prefetch(fetch->at[run], 0, 2);
            fetch->at[run] += 64;
            lines--;
        }
    }
}

/* ---- heights of tiles ---- */

/* X(h) for every height of a tile, for functions and tables of them. */
#if TILE_ROWS == 12
#define EACH_HEIGHT(X)                                                         \
    X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#else
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)
#endif

/*
 * The height of the next tile where `left` rows are left: tiles of nearly equal
 * height, as few as possible.
 */
INLINE size_t tile_height(size_t left)
{
    const size_t tiles = (left + TILE_ROWS - 1) / TILE_ROWS;
    return (left + tiles - 1) / tiles;
}

/* ---- transposition of LANES x LANES blocks in registers ---- */

#ifdef __clang__
#define SHUFFLE(a, b, pick) ((vector)__builtin_shufflevector(a, b, LIST(pick)))
#else
#define SHUFFLE(a, b, pick) __builtin_shuffle(a, b, (mask){LIST(pick)})
#endif
#define LIST4(p) p(0), p(1), p(2), p(3)
#define LIST8(p) LIST4(p), p(4), p(5), p(6), p(7)
#define LIST16(p) LIST8(p), p(8), p(9), p(10), p(11), p(12), p(13), p(14), p(15)
#if LANES == 16
#define LIST(p) LIST16(p)
#elif LANES == 8
#define LIST(p) LIST8(p)
#else
#define LIST(p) LIST4(p)
#endif

/* Which lane of (a, b) goes to lane x when bit d of lanes and rows is swapped.
 */
#define LOW(d, x) (((x) & (d)) ? LANES + ((x) ^ (d)) : (x))
#define HIGH(d, x) (((x) & (d)) ? LANES + (x) : ((x) ^ (d)))
#define LOW8(x) LOW(8, x)
#define HIGH8(x) HIGH(8, x)
#define LOW4(x) LOW(4, x)
#define HIGH4(x) HIGH(4, x)
#define LOW2(x) LOW(2, x)
#define HIGH2(x) HIGH(2, x)
#define LOW1(x) LOW(1, x)
#define HIGH1(x) HIGH(1, x)
#define STAGE(d)                                                               \
    UNROLL for (size_t i = 0; i < LANES; i++)                                  \
    {                                                                          \
        if ((i & d) == 0) {                                                    \
            const vector a = r[i], b = r[i + d];                               \
            r[i] = SHUFFLE(a, b, LOW##d);                                      \
            r[i + d] = SHUFFLE(a, b, HIGH##d);                                 \
        }                                                                      \
    }

/* to[c][r] = from[r][c]: rows of `from` may be unaligned, those from `count` on
 * are taken as zero; rows of `to` are WIDTH apart. */
INLINE void transpose_block(float *to, const float *from, size_t ld,
                            size_t count)
{
    vector r[LANES];
    UNROLL for (size_t i = 0; i < LANES; i++)
    {
        r[i] =
            i < count ? (vector)(*(const loose *)(from + i * ld)) : (vector){0};
    }
#if LANES == 16
    STAGE(8)
#endif
#if LANES >= 8
    STAGE(4)
#endif
    STAGE(2)
    STAGE(1)
    UNROLL for (size_t i = 0; i < LANES; i++)
    {
        store(to + i * WIDTH, r[i]);
    }
}
