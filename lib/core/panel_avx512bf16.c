/* Products in bfloat16 for AVX-512. Contracts: panel_bf16.h. */
#define LANES 16
#define TILE_ROWS 12
#include "core/panel_vector.h"

#include "core/panel_bf16.h"

#include <assert.h>

/* Words of 32 bits, each a pair: a row of a panel of X has WIDTH of them, a row
 * of a factor half as many. */
enum { FACTOR_PAIRS = WIDTH / 2 };

INLINE __m512i load_pairs(const uint16_t *p)
{
    return _mm512_load_si512(p);
}

/* One pair in every lane. */
INLINE __m512bh broadcast_pair(const uint16_t *p)
{
    int pair;
    memcpy(&pair, p, sizeof pair);
    return (__m512bh)_mm512_set1_epi32(pair);
}

/* ---- the product tile: that of panel_simd.h, with pairs for entries ---- */

/*
 * C[j][0 .. WIDTH) (+)= sum over i < length of the products of the pairs
 * F[j][i] and X[i][0 .. WIDTH).
 */
INLINE void product_tile(size_t rows, size_t length, const uint16_t *F,
                         size_t block, const uint16_t *X, float *C, bool add)
{
    __m512 sum[TILE_ROWS][2];
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        sum[j][0] = sum[j][1] = _mm512_setzero_ps();
    }
    for (size_t first = 0; first < length; first += FACTOR_PAIRS, F += block) {
        const size_t count = smaller(length - first, FACTOR_PAIRS);
        const uint16_t *f = F;
        for (size_t i = 0; i < count; i++, f += 2, X += 2 * WIDTH) {
            const __m512bh x0 = (__m512bh)load_pairs(X);
            const __m512bh x1 = (__m512bh)load_pairs(X + WIDTH);
            UNROLL for (size_t j = 0; j < rows; j++)
            {
                const __m512bh pair = broadcast_pair(f + j * WIDTH);
                sum[j][0] = _mm512_dpbf16_ps(sum[j][0], pair, x0);
                sum[j][1] = _mm512_dpbf16_ps(sum[j][1], pair, x1);
            }
        }
    }
    UNROLL for (size_t j = 0; j < rows; j++)
    {
        if (add) {
            sum[j][0] += _mm512_load_ps(C + j * WIDTH);
            sum[j][1] += _mm512_load_ps(C + j * WIDTH + LANES);
        }
        _mm512_store_ps(C + j * WIDTH, sum[j][0]);
        _mm512_store_ps(C + j * WIDTH + LANES, sum[j][1]);
    }
}

#define DEFINE_TILES(rows)                                                     \
    NOINLINE void product_set_##rows(size_t length, const uint16_t *F,         \
                                     size_t block, const uint16_t *X,          \
                                     float *C)                                 \
    {                                                                          \
        product_tile(rows, length, F, block, X, C, false);                     \
    }                                                                          \
    NOINLINE void product_add_##rows(size_t length, const uint16_t *F,         \
                                     size_t block, const uint16_t *X,          \
                                     float *C)                                 \
    {                                                                          \
        product_tile(rows, length, F, block, X, C, true);                      \
    }
EACH_HEIGHT(DEFINE_TILES)

typedef void product_function(size_t, const uint16_t *, size_t,
                              const uint16_t *, float *);
#define PRODUCT_SET(rows) product_set_##rows,
#define PRODUCT_ADD(rows) product_add_##rows,
static product_function *const product_set[] = {NULL, EACH_HEIGHT(PRODUCT_SET)};
static product_function *const product_add[] = {NULL, EACH_HEIGHT(PRODUCT_ADD)};

static void product(float *C, const uint16_t *A, const uint16_t *X, size_t s,
                    size_t k, nmf_prefetch *fetch)
{
    const size_t pairs = (s + 1) / 2;
    for (size_t i = 0; i < pairs; i += PRODUCT_ROWS) {
        const size_t length = smaller(pairs - i, PRODUCT_ROWS);
        product_function *const *tiles = i == 0 ? product_set : product_add;
        for (size_t j = 0, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            prefetch(fetch);
            tiles[rows](length, A + 2 * i * k + j * WIDTH, k * WIDTH,
                        X + i * 2 * WIDTH, C + j * WIDTH);
        }
    }
}

/* ---- the sums over panels ---- */

/* Columns 2 c and 2 c + 1 of WIDTH short-side indices, to pairs of columns. */
INLINE void interleave(uint16_t *to, const float *even, const float *odd)
{
    static const uint16_t pick[2][2 * LANES] = {
        {0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
         8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47},
        {16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
         24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63}};
    const __m512i a = _mm512_load_si512(even), b = _mm512_load_si512(odd);
    UNROLL for (size_t half = 0; half < 2; half++)
    {
        const __m512i order = _mm512_loadu_si512(pick[half]);
        _mm512_store_si512(to + half * 2 * LANES,
                           _mm512_permutex2var_epi16(a, order, b));
    }
}

/*
 * A tile of `count` <= LANES pairs of rows and WIDTH columns, to LANES pairs of
 * columns and WIDTH rows: T[LANES][WIDTH][2]. Pairs travel as floats, which
 * nothing computes with.
 */
INLINE void transpose_pairs(uint16_t *T, const uint16_t *from, size_t count)
{
    _Alignas(64) float columns[WIDTH * WIDTH];
    for (size_t c = 0; c < WIDTH; c += LANES) {
        transpose_block(columns + c * WIDTH, (const float *)from + c, WIDTH,
                        count);
    }
    for (size_t c = 0; c < LANES; c++) {
        interleave(T + c * 2 * WIDTH, columns + 2 * c * WIDTH,
                   columns + (2 * c + 1) * WIDTH);
    }
}

NOINLINE void transpose_all_pairs(uint16_t *T, const uint16_t *from)
{
    transpose_pairs(T, from, LANES);
}

NOINLINE void transpose_some_pairs(uint16_t *T, const uint16_t *from,
                                   size_t count)
{
    transpose_pairs(T, from, count);
}

static void accumulate(float *D, const uint16_t *B, const uint16_t *X, size_t s,
                       size_t n, size_t k, bool add, nmf_prefetch *fetch)
{
    _Alignas(64) uint16_t T[NMF_PANEL_GROUP * WIDTH * WIDTH];
    product_function *const *tiles = add ? product_add : product_set;
    const size_t pairs = (s + 1) / 2;
    assert(n <= NMF_PANEL_GROUP);
    for (size_t i = 0; i < pairs; i += LANES, D += k * WIDTH) {
        for (size_t p = 0; p < n; p++) {
            const uint16_t *from = X + (p * pairs + i) * 2 * WIDTH;
            uint16_t *to = T + p * WIDTH * WIDTH;
            if (pairs - i >= LANES) {
                transpose_all_pairs(to, from);
            } else {
                transpose_some_pairs(to, from, pairs - i);
            }
        }
        for (size_t j = 0, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            prefetch(fetch);
            tiles[rows](n * FACTOR_PAIRS, B + j * WIDTH, k * WIDTH, T,
                        D + j * WIDTH);
        }
    }
}

/* Rows of a factor hold pairs of columns as they are: T[LANES][WIDTH][2]. */
INLINE void transpose_factor(uint16_t *T, const uint16_t *from, size_t count)
{
    for (size_t i = 0; i < WIDTH; i += LANES) {
        transpose_block((float *)T + i, (const float *)(from + i * WIDTH),
                        FACTOR_PAIRS,
                        count > i ? smaller(count - i, LANES) : 0);
    }
}

NOINLINE void transpose_all_rows(uint16_t *T, const uint16_t *from)
{
    transpose_factor(T, from, WIDTH);
}

NOINLINE void transpose_some_rows(uint16_t *T, const uint16_t *from,
                                  size_t count)
{
    transpose_factor(T, from, count);
}

static void gram(float *G, const uint16_t *B, size_t n, size_t k, bool add)
{
    _Alignas(64) uint16_t T[NMF_PANEL_GROUP * WIDTH * WIDTH];
    product_function *const *tiles = add ? product_add : product_set;
    assert(n <= NMF_PANEL_GROUP);
    for (size_t i = 0; i < k; i += WIDTH, G += k * WIDTH) {
        for (size_t p = 0; p < n; p++) {
            const uint16_t *from = B + (p * k + i) * WIDTH;
            uint16_t *to = T + p * WIDTH * WIDTH;
            if (k - i >= WIDTH) {
                transpose_all_rows(to, from);
            } else {
                transpose_some_rows(to, from, k - i);
            }
        }
        for (size_t j = i, rows; j < k; j += rows) {
            rows = tile_height(k - j);
            tiles[rows](n * FACTOR_PAIRS, B + j * WIDTH, k * WIDTH, T,
                        G + j * WIDTH);
        }
    }
}

/* ---- to bfloat16 and back ---- */

/* The integers i as floats where x is i / 255, else *is_exact becomes false. */
INLINE __m512 integers(const float *x, bool *is_exact)
{
    const __m512 white = _mm512_set1_ps(255.0F);
    const __m512 value = _mm512_load_ps(x);
    const __m512 i =
        _mm512_roundscale_ps(_mm512_mul_ps(value, white),
                             _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __mmask16 same =
        _mm512_cmp_ps_mask(_mm512_div_ps(i, white), value, _CMP_EQ_OQ) &
        _mm512_cmp_ps_mask(i, white, _CMP_LE_OQ);
    *is_exact = *is_exact && same == 0xFFFF;
    return i;
}

static bool pack(uint16_t *panel, const float *X, size_t s)
{
    const __m512i upper = _mm512_set1_epi32((int)0xFFFF0000U);
    bool is_exact = true;
    for (size_t i = 0; i < s && is_exact; i += 2) {
        for (size_t c = 0; c < WIDTH; c += LANES, panel += 2 * LANES) {
            const __m512 first = integers(X + i * WIDTH + c, &is_exact);
            const __m512 second =
                i + 1 < s ? integers(X + (i + 1) * WIDTH + c, &is_exact)
                          : _mm512_setzero_ps();
            _mm512_store_si512(
                panel,
                _mm512_or_si512(
                    _mm512_srli_epi32(_mm512_castps_si512(first), 16),
                    _mm512_and_si512(_mm512_castps_si512(second), upper)));
        }
    }
    return is_exact;
}

static void unpack(float *X, const uint16_t *panel, size_t s)
{
    const __m512 white = _mm512_set1_ps(255.0F);
    const __m512i upper = _mm512_set1_epi32((int)0xFFFF0000U);
    for (size_t i = 0; i < s; i += 2) {
        for (size_t c = 0; c < WIDTH; c += LANES, panel += 2 * LANES) {
            const __m512i pairs = load_pairs(panel);
            const __m512 first =
                _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
            const __m512 second =
                _mm512_castsi512_ps(_mm512_and_si512(pairs, upper));
            _mm512_store_ps(X + i * WIDTH + c, _mm512_div_ps(first, white));
            if (i + 1 < s) {
                _mm512_store_ps(X + (i + 1) * WIDTH + c,
                                _mm512_div_ps(second, white));
            }
        }
    }
}

static double round_factor(uint16_t *rounded, float *F, const float *weight,
                           size_t k)
{
    vector changes = {0};
    for (size_t j = 0; j < k; j++) {
        vector squares = {0};
        UNROLL for (size_t v = 0; v < 2; v++, F += LANES)
        {
            const __m512 before = _mm512_load_ps(F);
            const __m256i half = (__m256i)_mm512_cvtneps_pbh(before);
            const __m512 after = _mm512_castsi512_ps(
                _mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
            const vector change = (vector)_mm512_sub_ps(after, before);
            squares += change * change;
            if (rounded) {
                _mm256_store_si256((__m256i *)rounded, half);
                rounded += LANES;
            }
            _mm512_store_ps(F, after);
        }
        changes += weight[j] * squares;
    }
    return (double)sum_lanes(changes);
}

static void divide(float *C, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        store(C + i, load(C + i) / 255.0F);
    }
}

const nmf_panel_bf16 nmf_panel_bf16_avx512 = {
    WIDTH, pack, unpack, round_factor, product, accumulate, gram, divide};
