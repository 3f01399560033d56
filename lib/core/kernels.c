/*
 * Blocks and threads around the inner loops, and which inner loops to use.
 *
 * A product is cut into blocks of BLOCK_ROWS rows of the result, shared out
 * among the threads, and its sums into blocks of BLOCK_LENGTH, so that a block
 * of F (256 x k floats: 64 KiB at k = 64) stays in the second-level cache while
 * the tiles of a block of rows pass over it.
 */
#include "core/kernels.h"

#include "core/alloc.h"
#include "core/cpu.h"

#include <assert.h>
#include <string.h>

enum { BLOCK_ROWS = 8 * NMF_TILE_ROWS, BLOCK_LENGTH = 256 };

extern const nmf_kernels nmf_kernels_portable;
#ifdef NMF_X86
extern const nmf_kernels nmf_kernels_avx2, nmf_kernels_avx512;
#endif

static const nmf_kernels *const tables[NMF_CPU_COUNT] = {
    [NMF_CPU_PORTABLE] = &nmf_kernels_portable,
#ifdef NMF_X86
    [NMF_CPU_AVX2] = &nmf_kernels_avx2,
    [NMF_CPU_AVX512] = &nmf_kernels_avx512,
    [NMF_CPU_AVX512BF16] = &nmf_kernels_avx512,
#endif
};

const nmf_kernels *nmf_kernels_at(size_t i)
{
    nmf_cpu cpu = nmf_cpu_at(i);
    return cpu < NMF_CPU_COUNT ? tables[cpu] : NULL;
}

const nmf_kernels *nmf_kernels_get(void)
{
    return tables[nmf_cpu_selected()];
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Rows first .. first + rows - 1 of a product, rows <= BLOCK_ROWS. */
static void product_block(const nmf_kernels *kernels, float *out, size_t ldo,
                          nmf_operand a, const float *f, size_t ldf,
                          size_t rows, size_t cols, size_t length)
{
    float sums[NMF_TILE_ROWS * NMF_TILE_COLS];
    for (size_t l = 0; l < length; l += BLOCK_LENGTH) {
        size_t part = smaller(length - l, BLOCK_LENGTH);
        for (size_t r = 0; r < rows; r += NMF_TILE_ROWS) {
            size_t tile_rows = smaller(rows - r, NMF_TILE_ROWS);
            nmf_operand at = {a.data + r * a.row + l * a.step, a.row, a.step};
            for (size_t c = 0; c < cols; c += NMF_TILE_COLS) {
                size_t tile_cols = smaller(cols - c, NMF_TILE_COLS);
                kernels->tile(sums, at, f + l * ldf + c, ldf, tile_rows,
                              nmf_padded(tile_cols), part);
                for (size_t i = 0; i < tile_rows; i++) {
                    float *to = out + (r + i) * ldo + c;
                    const float *from = sums + i * NMF_TILE_COLS;
                    for (size_t j = 0; j < tile_cols; j++) {
                        to[j] = l == 0 ? from[j] : to[j] + from[j];
                    }
                }
            }
        }
    }
    if (length == 0) {
        for (size_t r = 0; r < rows; r++) {
            memset(out + r * ldo, 0, cols * sizeof *out);
        }
    }
}

void nmf_product(float *out, size_t ldo, nmf_operand a, const float *f,
                 size_t ldf, size_t rows, size_t cols, size_t length,
                 int n_threads)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    const size_t blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    (void)n_threads;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t b = 0; b < blocks; b++) {
        size_t first = b * BLOCK_ROWS;
        nmf_operand at = {a.data + first * a.row, a.row, a.step};
        product_block(kernels, out + first * ldo, ldo, at, f, ldf,
                      smaller(rows - first, BLOCK_ROWS), cols, length);
    }
}

void nmf_gram(double *G, const float *F, size_t n, size_t k, int n_threads)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    const size_t ld = nmf_padded(k);
    const size_t tiles = (k + NMF_TILE_ROWS - 1) / NMF_TILE_ROWS;
    (void)n_threads;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t tile = 0; tile < tiles; tile++) {
        float sums[NMF_TILE_ROWS * NMF_TILE_COLS];
        size_t r = tile * NMF_TILE_ROWS;
        size_t rows = smaller(k - r, NMF_TILE_ROWS);
        memset(G + r * k, 0, rows * k * sizeof *G);
        for (size_t l = 0; l < n; l += BLOCK_LENGTH) {
            const float *f = F + l * ld;
            nmf_operand transposed = {f + r, 1, ld};
            for (size_t c = 0; c < k; c += NMF_TILE_COLS) {
                size_t cols = smaller(k - c, NMF_TILE_COLS);
                kernels->tile(sums, transposed, f + c, ld, rows,
                              nmf_padded(cols), smaller(n - l, BLOCK_LENGTH));
                for (size_t i = 0; i < rows; i++) {
                    double *to = G + (r + i) * k + c;
                    for (size_t j = 0; j < cols; j++) {
                        to[j] += (double)sums[i * NMF_TILE_COLS + j];
                    }
                }
            }
        }
    }
}

size_t nmf_gram_scratch(size_t k)
{
    return BLOCK_LENGTH * nmf_padded(k);
}

/* Rows r .. r + rows - 1 of G += F'F, from the tile on the diagonal on. */
static void gram_tile(const nmf_kernels *kernels, double *G, const float *F,
                      size_t n, size_t k, size_t r, size_t rows)
{
    float sums[NMF_TILE_ROWS * NMF_TILE_COLS];
    const size_t ld = nmf_padded(k);
    nmf_operand transposed = {F + r, 1, ld};
    for (size_t c = r / NMF_TILE_COLS * NMF_TILE_COLS; c < k;
         c += NMF_TILE_COLS) {
        size_t cols = smaller(k - c, NMF_TILE_COLS);
        kernels->tile(sums, transposed, F + c, ld, rows, nmf_padded(cols), n);
        for (size_t i = 0; i < rows; i++) {
            double *to = G + (r + i) * k + c;
            for (size_t j = 0; j < cols; j++) {
                to[j] += (double)sums[i * NMF_TILE_COLS + j];
            }
        }
    }
}

void nmf_gram_of(double *G, nmf_operand a, size_t n, size_t k, float *scratch,
                 int n_threads)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    const size_t ld = nmf_padded(k);
    const size_t tiles = (k + NMF_TILE_ROWS - 1) / NMF_TILE_ROWS;
    memset(G, 0, k * k * sizeof *G);
    memset(scratch, 0, nmf_gram_scratch(k) * sizeof *scratch);
    (void)n_threads;
#pragma omp parallel num_threads(n_threads)
    for (size_t l = 0; l < n; l += BLOCK_LENGTH) {
        const float *from = a.data + l * a.row;
        const size_t length = smaller(n - l, BLOCK_LENGTH);
#pragma omp for schedule(static)
        for (size_t i = 0; i < length; i++) {
            for (size_t t = 0; t < k; t++) {
                scratch[i * ld + t] = from[i * a.row + t * a.step];
            }
        }
#pragma omp for schedule(dynamic)
        for (size_t tile = 0; tile < tiles; tile++) {
            size_t r = tile * NMF_TILE_ROWS;
            gram_tile(kernels, G, scratch, length, k, r,
                      smaller(k - r, NMF_TILE_ROWS));
        }
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < i; j++) {
            G[i * k + j] = G[j * k + i];
        }
    }
}

/* Rows of a factor as columns [k][NMF_LANES]; rows past the last are zero. */
static void gather(float *columns, const float *rows, size_t ld, size_t n,
                   size_t k)
{
    for (size_t lane = 0; lane < NMF_LANES; lane++) {
        for (size_t t = 0; t < k; t++) {
            columns[t * NMF_LANES + lane] = lane < n ? rows[lane * ld + t] : 0;
        }
    }
}

static void scatter(float *rows, const float *columns, size_t ld, size_t n,
                    size_t k)
{
    for (size_t lane = 0; lane < n; lane++) {
        for (size_t t = 0; t < k; t++) {
            rows[lane * ld + t] = columns[t * NMF_LANES + lane];
        }
    }
}

/*
 * A sum over rows is made of PARTS partial sums, added in order: the partition
 * is fixed, so the total does not depend on which thread made which part.
 */
enum { PARTS = 64 };

static size_t part_begin(size_t n, size_t part)
{
    return n / PARTS * part + smaller(part, n % PARTS);
}

static double add_parts(const double *parts)
{
    double sum = 0.0;
    for (size_t part = 0; part < PARTS; part++) {
        sum += parts[part];
    }
    return sum;
}

size_t nmf_sweep_scratch(size_t k)
{
    return (size_t)PARTS * 2 * k * NMF_LANES;
}

void nmf_sweep(float *F, const float *P, const float *G, size_t ldg, size_t n,
               size_t k, float *scratch, int n_threads)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    const size_t ld = nmf_padded(k);
    const size_t blocks = (n + NMF_LANES - 1) / NMF_LANES;
    (void)n_threads;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t part = 0; part < PARTS; part++) {
        float *w = scratch + part * 2 * k * NMF_LANES;
        float *p = w + k * NMF_LANES;
        for (size_t b = part_begin(blocks, part);
             b < part_begin(blocks, part + 1); b++) {
            size_t first = b * NMF_LANES;
            size_t rows = smaller(n - first, NMF_LANES);
            gather(w, F + first * ld, ld, rows, k);
            gather(p, P + first * ld, ld, rows, k);
            kernels->sweep(w, p, G, ldg, k);
            scatter(F + first * ld, w, ld, rows, k);
        }
    }
}

double nmf_projected_gradient(const float *F, const float *P, const double *G,
                              size_t n, size_t k, int n_threads)
{
    const size_t ld = nmf_padded(k);
    double parts[PARTS];
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t part = 0; part < PARTS; part++) {
        double sum = 0.0;
        for (size_t i = part_begin(n, part); i < part_begin(n, part + 1); i++) {
            const float *f = F + i * ld;
            for (size_t t = 0; t < k; t++) {
                double g = -(double)P[i * ld + t];
#pragma omp simd reduction(+ : g)
                for (size_t s = 0; s < k; s++) {
                    g += (double)f[s] * G[t * k + s];
                }
                sum += f[t] > 0.0F || g < 0.0 ? g * g : 0.0;
            }
        }
        parts[part] = sum;
    }
    return add_parts(parts);
}

double nmf_inner(const float *A, const float *B, size_t n, size_t k,
                 int n_threads)
{
    const size_t ld = nmf_padded(k);
    double parts[PARTS];
    (void)n_threads;
#pragma omp parallel for schedule(static) num_threads(n_threads)
    for (size_t part = 0; part < PARTS; part++) {
        double sum = 0.0;
        for (size_t i = part_begin(n, part); i < part_begin(n, part + 1); i++) {
            const float *a = A + i * ld;
            const float *b = B + i * ld;
#pragma omp simd reduction(+ : sum)
            for (size_t t = 0; t < k; t++) {
                sum += (double)a[t] * (double)b[t];
            }
        }
        parts[part] = sum;
    }
    return add_parts(parts);
}

/* ||X - W H||^2 over `rows` <= NMF_TILE_ROWS rows. */
static double residual_rows(const nmf_kernels *kernels, nmf_operand x,
                            nmf_operand w, const float *H, size_t ldh,
                            size_t rows, size_t cols, size_t k)
{
    float product[NMF_TILE_ROWS * NMF_TILE_COLS];
    double sum = 0.0;
    for (size_t c = 0; c < cols; c += NMF_TILE_COLS) {
        size_t n = smaller(cols - c, NMF_TILE_COLS);
        kernels->tile(product, w, H + c, ldh, rows, nmf_padded(n), k);
        for (size_t r = 0; r < rows; r++) {
            const float *from = x.data + r * x.row + c * x.step;
            for (size_t j = 0; j < n; j++) {
                double difference = (double)from[j * x.step] -
                                    (double)product[r * NMF_TILE_COLS + j];
                sum += difference * difference;
            }
        }
    }
    return sum;
}

double nmf_residual(nmf_operand x, const float *W, const float *H, size_t ldh,
                    size_t rows, size_t cols, size_t k, int n_threads)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    const size_t ld = nmf_padded(k);
    const size_t blocks = (rows + NMF_TILE_ROWS - 1) / NMF_TILE_ROWS;
    double parts[PARTS];
    (void)n_threads;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t part = 0; part < PARTS; part++) {
        double sum = 0.0;
        for (size_t b = part_begin(blocks, part);
             b < part_begin(blocks, part + 1); b++) {
            size_t r = b * NMF_TILE_ROWS;
            nmf_operand at = {x.data + r * x.row, x.row, x.step};
            nmf_operand w = {W + r * ld, ld, 1};
            sum += residual_rows(kernels, at, w, H, ldh,
                                 smaller(rows - r, NMF_TILE_ROWS), cols, k);
        }
        parts[part] = sum;
    }
    return add_parts(parts);
}
