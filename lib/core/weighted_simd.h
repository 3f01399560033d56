/*
 * The kernels of weighted least squares, written once and compiled once an
 * instruction set, as panel_simd.h is, which see for LANES and TILE_ROWS.
 *
 * A sweep goes over R once a component: the step of component t is taken out of
 * R and, in the same pass, the sums for component t + 1 are made. Per vector of
 * four rows that is 12 loads and stores of R and M, 2 loads of B and 17
 * arithmetic operations, so that multipliers and loads are about evenly busy.
 * Sums run over blocks of BLOCK floats in float, added up in double.
 */
#include "core/weighted.h"

#include "core/panel_vector.h"

enum {
    ROWS = NMF_WEIGHTED_ROWS,
    /* Rows whose sums fit into the registers beside what they are made of. */
    ROWS_AT_ONCE = LANES == 16 ? 4 : 2,
    BLOCK = 1024,
};

/* Up to this, a diagonal is nothing that a step may be divided by. */
static const double NOTHING = 1e-30;

/* ---- R = X - F B ---- */

/* Of `vectors` vectors from column j on; a constant wherever it is inlined. */
INLINE void residual_of(const nmf_weighted_block *b, size_t j, size_t vectors)
{
    vector r[ROWS][4];
    UNROLL for (size_t q = 0; q < ROWS; q++)
    {
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            r[q][v] = load(b->X + q * b->ld + j + v * LANES);
        }
    }
    for (size_t t = 0; t < b->k; t++) {
        const float *row = b->B + t * b->ldb + j;
        vector other[4];
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            other[v] = load(row + v * LANES);
        }
        UNROLL for (size_t q = 0; q < ROWS; q++)
        {
            const float f = b->F[q * b->ldf + t];
            UNROLL for (size_t v = 0; v < vectors; v++)
            {
                r[q][v] -= f * other[v];
            }
        }
    }
    UNROLL for (size_t q = 0; q < ROWS; q++)
    {
        UNROLL for (size_t v = 0; v < vectors; v++)
        {
            store(b->R + q * b->ld + j + v * LANES, r[q][v]);
        }
    }
}

static void residual(const nmf_weighted_block *b)
{
    enum { VECTORS = LANES == 16 ? 4 : 2 };
    size_t j = 0;
    for (; j + VECTORS * LANES <= b->length; j += VECTORS * LANES) {
        residual_of(b, j, VECTORS);
    }
    for (; j < b->length; j += LANES) {
        residual_of(b, j, 1);
    }
}

/* ---- sweeps ---- */

/* The sums of some rows for a component: sum m r b, then sum m b^2. */
enum { N_SUMS = 2 * ROWS_AT_ONCE };

/* a[x] + a[x ^ d] in the lanes x whose bit d is 0, the same of b in others. */
#define FOLD(d, a, b) (SHUFFLE(a, b, LOW##d) + SHUFFLE(a, b, HIGH##d))

/* Add the lanes of vector i to sum[i]. */
INLINE void add_lanes(double *sum, vector *v)
{
    float lanes[LANES];
    UNROLL for (size_t i = 0; i < N_SUMS / 2; i++)
    {
        v[i] = FOLD(1, v[2 * i], v[2 * i + 1]);
    }
    UNROLL for (size_t i = 0; i < N_SUMS / 4; i++)
    {
        v[i] = FOLD(2, v[2 * i], v[2 * i + 1]);
    }
#if LANES == 16
    v[0] = FOLD(4, v[0], v[1]);
#endif
    memcpy(lanes, v, sizeof lanes);
    UNROLL for (size_t i = 0; i < N_SUMS; i++)
    {
        UNROLL for (size_t x = i; x < LANES; x += N_SUMS)
        {
            sum[i] += (double)lanes[x];
        }
    }
}

/*
 * Take step[q] times `taken` out of the rows of R from `first` on, then make
 * the sums with `next`. With is_first there is no step to take yet.
 */
INLINE void pass(double *sum, const nmf_weighted_block *b, size_t first,
                 const float *taken, const float *next, const float *step,
                 bool is_first)
{
    const size_t ld = b->ld, length = b->length;
    float *R = b->R + first * ld;
    const float *M = b->M + first * ld;
    for (size_t i = 0; i < N_SUMS; i++) {
        sum[i] = 0.0;
    }
    for (size_t from = 0; from < length; from += BLOCK) {
        const size_t end = smaller(length, from + BLOCK);
        vector sums[N_SUMS];
        UNROLL for (size_t i = 0; i < N_SUMS; i++)
        {
            sums[i] = (vector){0};
        }
        for (size_t j = from; j < end; j += LANES) {
            const vector out = load(taken + j), in = load(next + j);
            const vector square = in * in;
            UNROLL for (size_t q = 0; q < ROWS_AT_ONCE; q++)
            {
                const vector m = load(M + q * ld + j);
                vector r = load(R + q * ld + j);
                if (!is_first) {
                    r -= step[q] * out;
                    store(R + q * ld + j, r);
                }
                sums[q] += (m * r) * in;
                sums[ROWS_AT_ONCE + q] += m * square;
            }
        }
        add_lanes(sum, sums);
    }
}

/* Take the last steps out; sum m r^2 of what remains. */
INLINE double last_pass(const nmf_weighted_block *b, size_t first,
                        const float *taken, const float *step)
{
    double total = 0.0;
    const size_t ld = b->ld, length = b->length;
    float *R = b->R + first * ld;
    const float *M = b->M + first * ld;
    for (size_t from = 0; from < length; from += BLOCK) {
        const size_t end = smaller(length, from + BLOCK);
        vector squares[ROWS_AT_ONCE];
        UNROLL for (size_t q = 0; q < ROWS_AT_ONCE; q++)
        {
            squares[q] = (vector){0};
        }
        for (size_t j = from; j < end; j += LANES) {
            const vector out = load(taken + j);
            UNROLL for (size_t q = 0; q < ROWS_AT_ONCE; q++)
            {
                const vector m = load(M + q * ld + j);
                const vector r = load(R + q * ld + j) - step[q] * out;
                store(R + q * ld + j, r);
                squares[q] += (m * r) * r;
            }
        }
        UNROLL for (size_t q = 0; q < ROWS_AT_ONCE; q++)
        {
            total += (double)sum_lanes(squares[q]);
        }
    }
    return total;
}

/* The new f_t of one row; returns by how much it grew. */
INLINE float take_step(float *f, double slope, double curve, double l1,
                       double l2)
{
    const double before = (double)*f, diagonal = curve + l2;
    double next = l1 > 0.0 ? 0.0 : before; /* where only l1 depends on it */
    if (diagonal > NOTHING) {
        next = before + (slope - l1 - l2 * before) / diagonal;
    }
    *f = next > 0.0 ? (float)next : 0.0F;
    return *f - (float)before;
}

static double sweep(const nmf_weighted_block *b)
{
    double squares = 0.0;
    for (size_t first = 0; first < ROWS; first += ROWS_AT_ONCE) {
        float *f = b->F + first * b->ldf;
        float step[ROWS_AT_ONCE] = {0};
        for (size_t t = 0; t < b->k; t++) {
            const float *next = b->B + t * b->ldb;
            double sum[N_SUMS];
            if (t == 0) {
                pass(sum, b, first, next, next, step, true);
            } else {
                pass(sum, b, first, next - b->ldb, next, step, false);
            }
            UNROLL for (size_t q = 0; q < ROWS_AT_ONCE; q++)
            {
                step[q] = take_step(f + q * b->ldf + t, sum[q],
                                    sum[ROWS_AT_ONCE + q], b->l1, b->l2);
            }
        }
        squares += last_pass(b, first, b->B + (b->k - 1) * b->ldb, step);
    }
    return squares;
}

static void products(float *P, const nmf_weighted_block *b)
{
    const float none[ROWS_AT_ONCE] = {0};
    for (size_t first = 0; first < ROWS; first += ROWS_AT_ONCE) {
        for (size_t t = 0; t < b->k; t++) {
            const float *row = b->B + t * b->ldb;
            double sum[N_SUMS];
            pass(sum, b, first, row, row, none, true);
            for (size_t q = 0; q < ROWS_AT_ONCE; q++) {
                P[(first + q) * b->ldf + t] = (float)sum[q];
            }
        }
    }
}

static double squares(const nmf_weighted_block *b)
{
    const float none[ROWS_AT_ONCE] = {0};
    double sum = 0.0;
    for (size_t first = 0; first < ROWS; first += ROWS_AT_ONCE) {
        sum += last_pass(b, first, b->B, none);
    }
    return sum;
}

static void extrapolate(float *out, const float *now, const float *before,
                        float beta, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        const vector x = load(now + i);
        store(out + i, max0(x + beta * (x - load(before + i))));
    }
}

#define WEIGHTED_KERNELS(name)                                                 \
    {                                                                          \
        name, residual, sweep, products, squares, extrapolate                  \
    }
