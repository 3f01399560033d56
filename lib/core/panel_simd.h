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
#include "core/panel_vector.h"

#include <assert.h>

/* ---- the product tile ---- */

/*
 * The sums of a call begin at 0 and are added to C at its end: sums of sums,
 * which lose less than one long one. That matters for rounded factors, whose
 * squares are all of few bits: added to a long sum, most would be rounded down.
 *
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
        sum[j][0] = sum[j][1] = (vector){0};
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
        if (add) {
            sum[j][0] += load(C + j * WIDTH);
            sum[j][1] += load(C + j * WIDTH + LANES);
        }
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

/* ---- transposition of tiles ---- */

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
