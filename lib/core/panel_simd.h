/*
 * The panel kernels, written once with the compiler's vector extension and
 * compiled once an instruction set: panel_portable.c, panel_avx2.c and
 * panel_avx512.c set
 *
 *     LANES        floats in a vector: 4, 8, 16
 *     TILE_ROWS    rows of a register tile: 6, or 12 with 32 registers
 *
 * Constant sizes and full unrolling keep the sums of a tile in registers: look
 * at the assembly after a change (no stores inside the loop over i).
 */
#include "core/panel.h"

#include <assert.h>
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
    /* Short-side indices a pass over the tiles of `product`: X's part of a
     * panel, 4 * WIDTH * WIDTH floats, stays in the first-level cache. */
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

/* ---- the product tile ---- */

/*
 * C[j][0 .. WIDTH) (+)= sum over i < length of F[j][i] X[i][0 .. WIDTH) for
 * j < rows, which is a constant wherever this is inlined. F[j][i] lies at
 * F[i / WIDTH * block + j * WIDTH + i % WIDTH].
 */
INLINE void product_tile(size_t rows, size_t length, const float *F,
                         size_t block, const float *X, float *C, bool add)
{
    vector sum[TILE_ROWS][2];
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        sum[j][0] = add ? load(C + j * WIDTH) : (vector){0};
        sum[j][1] = add ? load(C + j * WIDTH + LANES) : (vector){0};
    }
    for (size_t first = 0; first < length; first += WIDTH, F += block) {
        const size_t count = smaller(length - first, WIDTH);
        const float *f = F;
        for (size_t i = 0; i < count; i++, f++, X += WIDTH) {
            const vector x0 = load(X), x1 = load(X + LANES);
            UNROLL for (size_t j = 0; j < rows; j++)
            {
                const float entry = f[j * WIDTH];
                sum[j][0] += entry * x0;
                sum[j][1] += entry * x1;
            }
        }
    }
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        store(C + j * WIDTH, sum[j][0]);
        store(C + j * WIDTH + LANES, sum[j][1]);
    }
}

/* ---- the sweep tile ---- */

/*
 * Rows from .. from + rows - 1 of a sweep: first all that the rows outside the
 * tile contribute, then row after row with the new values inside it. Returns
 * the squared changes, by lane.
 */
INLINE vector sweep_tile(size_t rows, size_t k, size_t from, const float *Gt,
                         size_t ldg, const float *weight, const float *C,
                         float *B)
{
    vector sum[TILE_ROWS][2];
    vector change = {0};
    const float *g = Gt + from;
    const float *b = B;
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        sum[j][0] = load(C + (from + j) * WIDTH);
        sum[j][1] = load(C + (from + j) * WIDTH + LANES);
    }
    for (int part = 0; part < 2; part++) { /* rows before and after the tile */
        const size_t begin = part == 0 ? 0 : from + rows;
        const size_t end = part == 0 ? from : k;
        g = Gt + from + begin * ldg;
        b = B + begin * WIDTH;
        for (size_t i = begin; i < end; i++, g += ldg, b += WIDTH) {
            const vector x0 = load(b), x1 = load(b + LANES);
            UNROLL for (size_t j = 0; j < rows; j++)
            {
                sum[j][0] += g[j] * x0;
                sum[j][1] += g[j] * x1;
            }
        }
    }
    g = Gt + from * ldg + from;
    float *tile = B + from * WIDTH;
    UNROLL for (size_t i = 0; i < rows; i++) /* old values of later rows */
    {
        const vector x0 = load(tile + i * WIDTH);
        const vector x1 = load(tile + i * WIDTH + LANES);
        UNROLL for (size_t j = 0; j <= i; j++)
        {
            sum[j][0] += g[i * ldg + j] * x0;
            sum[j][1] += g[i * ldg + j] * x1;
        }
    }
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        float *row = tile + j * WIDTH;
        const vector new0 = max0(sum[j][0]), new1 = max0(sum[j][1]);
        const vector step0 = new0 - load(row);
        const vector step1 = new1 - load(row + LANES);
        change += weight[from + j] * (step0 * step0 + step1 * step1);
        store(row, new0);
        store(row + LANES, new1);
        UNROLL for (size_t i = j + 1; i < rows; i++)
        {
            sum[i][0] += g[j * ldg + i] * new0;
            sum[i][1] += g[j * ldg + i] * new1;
        }
    }
    return change;
}

/* ---- a function for each height of a tile, and tables of them ---- */

#if TILE_ROWS == 12
#define EACH_HEIGHT(X)                                                         \
    X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#else
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)
#endif

#define DEFINE_TILES(rows)                                                     \
    NOINLINE void product_set_##rows(size_t length, const float *F,            \
                                     size_t block, const float *X, float *C)   \
    {                                                                          \
        product_tile(rows, length, F, block, X, C, false);                     \
    }                                                                          \
    NOINLINE void product_add_##rows(size_t length, const float *F,            \
                                     size_t block, const float *X, float *C)   \
    {                                                                          \
        product_tile(rows, length, F, block, X, C, true);                      \
    }                                                                          \
    NOINLINE vector sweep_##rows(size_t k, size_t from, const float *Gt,       \
                                 size_t ldg, const float *weight,              \
                                 const float *C, float *B)                     \
    {                                                                          \
        return sweep_tile(rows, k, from, Gt, ldg, weight, C, B);               \
    }
EACH_HEIGHT(DEFINE_TILES)

typedef void product_function(size_t, const float *, size_t, const float *,
                              float *);
typedef vector sweep_function(size_t, size_t, const float *, size_t,
                              const float *, const float *, float *);
#define PRODUCT_SET(rows) product_set_##rows,
#define PRODUCT_ADD(rows) product_add_##rows,
#define SWEEP(rows) sweep_##rows,
static product_function *const product_set[] = {NULL, EACH_HEIGHT(PRODUCT_SET)};
static product_function *const product_add[] = {NULL, EACH_HEIGHT(PRODUCT_ADD)};
static sweep_function *const sweep_rows[] = {NULL, EACH_HEIGHT(SWEEP)};

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

NOINLINE void transpose_full_tile(float *to, const float *from)
{
    for (size_t a = 0; a < WIDTH; a += LANES) {
        for (size_t b = 0; b < WIDTH; b += LANES) {
            transpose_block(to + b * WIDTH + a, from + a * WIDTH + b, WIDTH,
                            LANES);
        }
    }
}

NOINLINE void transpose_part_tile(float *to, const float *from, size_t count)
{
    for (size_t a = 0; a < WIDTH; a += LANES) {
        for (size_t b = 0; b < WIDTH; b += LANES) {
            transpose_block(to + b * WIDTH + a, from + a * WIDTH + b, WIDTH,
                            count > a ? smaller(count - a, LANES) : 0);
        }
    }
}

/* A WIDTH x WIDTH tile of a panel, of which `count` rows are there. Two
 * functions, as the one for any count takes several times as long. */
INLINE void transpose_tile(float *to, const float *from, size_t count)
{
    if (count == WIDTH) {
        transpose_full_tile(to, from);
    } else {
        transpose_part_tile(to, from, count);
    }
}

/* ---- the table's functions ---- */

static void pack(float *panel, const float *x, size_t row_step, size_t col_step,
                 size_t s, size_t count)
{
    size_t i = 0;
    if (count == WIDTH && col_step == 1) {
        for (; i < s; i++) {
            memcpy(panel + i * WIDTH, x + i * row_step, WIDTH * sizeof(float));
        }
    } else if (count == WIDTH && row_step == 1) {
        for (; i + LANES <= s; i += LANES) {
            for (size_t c = 0; c < WIDTH; c += LANES) {
                transpose_block(panel + i * WIDTH + c, x + c * col_step + i,
                                col_step, LANES);
            }
        }
    }
    for (; i < s; i++) {
        for (size_t c = 0; c < WIDTH; c++) {
            panel[i * WIDTH + c] =
                c < count ? x[i * row_step + c * col_step] : 0.0F;
        }
    }
}

static void product(float *C, const float *A, const float *X, size_t s,
                    size_t k, nmf_prefetch *fetch)
{
    for (size_t i = 0; i < s; i += PRODUCT_ROWS) {
        const size_t length = smaller(s - i, PRODUCT_ROWS);
        product_function *const *tiles = i == 0 ? product_set : product_add;
        for (size_t j = 0, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            prefetch(fetch);
            tiles[rows](length, A + i * k + j * WIDTH, k * WIDTH, X + i * WIDTH,
                        C + j * WIDTH);
        }
    }
}

static void accumulate(float *D, const float *B, const float *X, size_t s,
                       size_t n, size_t k, bool symmetric, bool add,
                       nmf_prefetch *fetch)
{
    _Alignas(64) float T[NMF_PANEL_GROUP * WIDTH * WIDTH];
    product_function *const *tiles = add ? product_add : product_set;
    assert(n <= NMF_PANEL_GROUP);
    for (size_t i = 0; i < s; i += WIDTH, D += k * WIDTH) {
        for (size_t p = 0; p < n; p++) {
            transpose_tile(T + p * WIDTH * WIDTH, X + (p * s + i) * WIDTH,
                           smaller(s - i, WIDTH));
        }
        for (size_t j = symmetric ? i : 0, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            prefetch(fetch);
            tiles[rows](n * WIDTH, B + j * WIDTH, k * WIDTH, T, D + j * WIDTH);
        }
    }
}

static size_t sweep(float *B, const float *C, const float *Gt, size_t ldg,
                    const float *weight, size_t k, size_t max_sweeps,
                    float enough, nmf_prefetch *fetch)
{
    float first = 0.0F;
    for (size_t n = 1;; n++) {
        vector change = {0};
        for (size_t j = 0, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            prefetch(fetch);
            change += sweep_rows[rows](k, j, Gt, ldg, weight, C, B);
        }
        float squares = sum_lanes(change);
        if (n == 1) {
            first = squares;
        }
        if (n >= max_sweeps || squares <= enough * first) {
            return n;
        }
    }
}

static void extrapolate(float *out, const float *now, const float *before,
                        float beta, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        const vector x = load(now + i);
        store(out + i, max0(x + beta * (x - load(before + i))));
    }
}

static void scale_rows(float *C, const float *scale, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        store(C + j * WIDTH, load(C + j * WIDTH) * scale[j]);
        store(C + j * WIDTH + LANES, load(C + j * WIDTH + LANES) * scale[j]);
    }
}

static void add(float *sum, const float *part, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        store(sum + i, load(sum + i) + load(part + i));
    }
}

/* <a, b>, or ||a - b||^2. */
INLINE double reduce(const float *a, const float *b, size_t n, bool is_distance)
{
    enum { BLOCK = 1024 };
    double total = 0.0;
    for (size_t from = 0; from < n; from += BLOCK) {
        const size_t end = smaller(n, from + BLOCK);
        vector sum[2] = {{0}, {0}};
        for (size_t i = from; i < end; i += WIDTH) {
            UNROLL for (size_t v = 0; v < 2; v++)
            {
                vector x = load(a + i + v * LANES);
                vector y = load(b + i + v * LANES);
                if (is_distance) {
                    x = x - y;
                    y = x;
                }
                sum[v] += x * y;
            }
        }
        total += (double)sum_lanes(sum[0] + sum[1]);
    }
    return total;
}

static double dot(const float *a, const float *b, size_t n)
{
    return reduce(a, b, n, false);
}

static double distance(const float *a, const float *b, size_t n)
{
    return reduce(a, b, n, true);
}

#define PANEL_KERNELS(name)                                                    \
    {                                                                          \
        name, WIDTH, pack, product, accumulate, sweep, extrapolate,            \
            scale_rows, add, dot, distance                                     \
    }
