/*
 * The divergence kernels, written once and compiled once an instruction set,
 * as panel_simd.h is, which see for LANES and TILE_ROWS.
 *
 * Logarithm and exponential are polynomials on one octave around 1, fitted for
 * the least largest error relative to the result; both are good to about a unit
 * in the last place.
 */
#include "core/divergence.h"
#include "core/panel_vector.h"

#include <float.h>

/* ---- arithmetic of vectors ---- */

INLINE vector at_least(vector v, float least)
{
#if LANES == 16
    return (vector)_mm512_max_ps((__m512)v, _mm512_set1_ps(least));
#elif LANES == 8
    return (vector)_mm256_max_ps((__m256)v, _mm256_set1_ps(least));
#else
    const mask is_more = v > least;
    return (vector)(((mask)v & is_more) |
                    ((mask)((vector){0} + least) & ~is_more));
#endif
}

INLINE vector at_most(vector v, float most)
{
    return -at_least(-v, -most);
}

INLINE vector choose(mask is_first, vector first, vector second)
{
    return (vector)(((mask)first & is_first) | ((mask)second & ~is_first));
}

/*
 * 1 / v for v in the range of normal floats: where there is an estimate, that
 * and a step of Newton's, a third of the time of a division.
 */
INLINE vector inverse(vector v)
{
#if LANES == 16
    const vector r = (vector)_mm512_rcp14_ps((__m512)v);
    return r * (2.0F - v * r);
#elif LANES == 8
    const vector r = (vector)_mm256_rcp_ps((__m256)v);
    return r * (2.0F - v * r);
#else
    return 1.0F / v;
#endif
}

/* The polynomial of n coefficients, that of the highest power last. */
INLINE vector polynomial(const float *coefficients, size_t n, vector x)
{
    vector sum = (vector){0} + coefficients[n - 1];
    UNROLL for (size_t i = n - 1; i > 0; i--)
    {
        sum = sum * x + coefficients[i - 1];
    }
    return sum;
}

/* log(x) for normal x > 0. x = m 2^e, m from sqrt(1/2) to sqrt(2);
 * log(m) = f - f^2 / 2 + f^3 P(f), f = m - 1. */
INLINE vector log_of(vector x)
{
    static const float P[] = {3.333333171e-01F, -2.500082106e-01F,
                              2.000122667e-01F, -1.662335648e-01F,
                              1.420176247e-01F, -1.316019506e-01F,
                              1.276155035e-01F, -7.634429864e-02F};
    const float ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F;
    const mask above = (mask)x - 0x3f3504f3; /* sqrt(1/2) */
    const vector e = __builtin_convertvector(above >> 23, vector);
    const vector f = (vector)((mask)x - (above & ~0x7fffff)) - 1.0F;
    const vector square = f * f;
    const vector rest = square * f * polynomial(P, 8, f) + e * ln2_low;
    return e * ln2_high + (f + (rest - 0.5F * square));
}

/* exp(x), x taken to lie within -87 .. 88. x = n log(2) + r;
 * exp(r) = 1 + r + r^2 P(r). */
INLINE vector exp_of(vector x)
{
    static const float P[] = {5.000000095e-01F, 1.666651890e-01F,
                              4.166620601e-02F, 8.368882434e-03F,
                              1.395047682e-03F};
    const float ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F;
    x = at_most(at_least(x, -87.0F), 88.0F);
    /* To the nearest whole number: none has a fraction beyond 2^23. */
    const vector n = (x * 1.44269504F + 12582912.0F) - 12582912.0F;
    const vector r = (x - n * ln2_high) - n * ln2_low;
    const vector power =
        (vector)((__builtin_convertvector(n, mask) + 127) << 23);
    return (1.0F + (r + r * r * polynomial(P, 5, r))) * power;
}

/* (exp(z) - 1) / z, which is 1 at 0. */
INLINE vector exp_minus_1_over(vector z)
{
    static const float P[] = {1.0F,          1.0F / 2.0F,   1.0F / 6.0F,
                              1.0F / 24.0F,  1.0F / 120.0F, 1.0F / 720.0F,
                              1.0F / 5040.0F};
    const mask is_small = z * z < 0.25F;
    const vector safe = choose(is_small, (vector){0} + 1.0F, z);
    return choose(is_small, polynomial(P, 7, z), (exp_of(z) - 1.0F) / safe);
}

/* ---- the losses ---- */

enum { KULLBACK_LEIBLER, ITAKURA_SAITO, FROBENIUS, ANY_BETA };

INLINE int kind_of(const nmf_beta *beta)
{
    return beta->beta == 1.0   ? KULLBACK_LEIBLER
           : beta->beta == 0.0 ? ITAKURA_SAITO
           : beta->beta == 2.0 ? FROBENIUS
                               : ANY_BETA;
}

/* What is known of some entries. */
typedef struct entries {
    vector x, v;
    vector r, s; /* the weights of both sums of the update */
} entries;

INLINE entries weigh(vector x, vector v, int kind, const nmf_beta *beta)
{
    entries e = {x, v, x, v};
    if (kind == KULLBACK_LEIBLER) {
        e.v = at_least(v, beta->least);
        e.r = x * inverse(e.v);
        e.s = (vector){0} + 1.0F;
    } else if (kind == ITAKURA_SAITO) {
        e.v = at_least(v, beta->least);
        e.s = inverse(e.v);
        e.r = x * e.s * e.s;
    } else if (kind == ANY_BETA) {
        e.v = at_most(at_least(v, beta->least), beta->most);
        const vector power = exp_of((float)(beta->beta - 2.0) * log_of(e.v));
        e.r = x * power;
        e.s = e.v * power;
    }
    return e;
}

/*
 * d_beta(x | v). With r = x / v, L = log(r), q(z) = (exp(z) - 1) / z:
 *
 *     v^beta (r L q((beta - 1) L) - r + 1) / beta,    smooth at beta = 1
 *     v^beta (r - 1 - L q(beta L)) / (1 - beta),      smooth at beta = 0
 *
 * Tiny x to a power far below 0 are beyond a float: they count as `huge`.
 */
INLINE vector divergence_of(const entries *e, int kind, const nmf_beta *beta)
{
    const float b = (float)beta->beta, huge = 1e30F;
    if (kind == FROBENIUS) {
        const vector d = e->x - e->v;
        return 0.5F * d * d;
    }
    if (kind == KULLBACK_LEIBLER) {
        return e->x * log_of(at_least(e->r, FLT_MIN)) + (e->v - e->x);
    }
    const vector r = kind == ITAKURA_SAITO ? e->x * e->s : e->x / e->v;
    const vector L = log_of(at_least(r, FLT_MIN));
    if (kind == ITAKURA_SAITO) {
        return (r - 1.0F) - L;
    }
    const vector power = e->s * e->v; /* v^beta */
    if (b > 0.5F) {
        const vector q = exp_minus_1_over((b - 1.0F) * L);
        return at_most(power * (r * L * q - (r - 1.0F)) * (1.0F / b), huge);
    }
    vector Lq = L * exp_minus_1_over(b * L);
    if (b > 0.0F) { /* the limit of it where x is 0 */
        Lq = choose(e->x > 0.0F, Lq, (vector){0} - 1.0F / b);
    }
    return at_most(power * ((r - 1.0F) - Lq) * (1.0F / (1.0F - b)), huge);
}

INLINE vector times_weight(vector x, vector m, bool is_weighted)
{
    if (is_weighted) {
        x *= m;
    }
    return x;
}

/* What the sums of an update need of some entries, of weight m. */
INLINE void store_weights(float *R, float *S, const entries *e, vector m,
                          int kind, bool is_weighted)
{
    store(R, times_weight(e->r, m, is_weighted));
    if (is_weighted || kind != KULLBACK_LEIBLER) {
        store(S, times_weight(e->s, m, is_weighted));
    }
}

INLINE void weights_of(float *R, float *S, const float *X, const float *V,
                       const float *M, size_t rows, int kind, bool is_weighted,
                       const nmf_beta *beta)
{
    for (size_t i = 0; i < rows * WIDTH; i += LANES) {
        const entries e = weigh(load(X + i), load(V + i), kind, beta);
        const vector m = is_weighted ? load(M + i) : (vector){0};
        store_weights(R + i, S + i, &e, m, kind, is_weighted);
    }
}

INLINE nmf_divergence_sums measure_of(float *R, float *S, const float *X,
                                      const float *V, const float *M,
                                      size_t rows, const mask *counted,
                                      int kind, bool is_weighted,
                                      const nmf_beta *beta)
{
    enum { BLOCK = 64 }; /* rows whose sums are made in float */
    nmf_divergence_sums total = {0.0, 0.0};
    for (size_t from = 0; from < rows; from += BLOCK) {
        const size_t end = smaller(rows, from + BLOCK);
        vector sum[2] = {{0}, {0}}, squares[2] = {{0}, {0}};
        for (size_t i = from; i < end; i++) {
            UNROLL for (size_t c = 0; c < 2; c++)
            {
                const size_t at = i * WIDTH + c * LANES;
                const entries e = weigh(load(X + at), load(V + at), kind, beta);
                const vector m = is_weighted ? load(M + at) : (vector){0};
                const vector d = divergence_of(&e, kind, beta);
                const vector difference =
                    (vector)((mask)(e.x - e.v) & counted[c]);
                sum[c] += (vector)((mask)times_weight(d, m, is_weighted) &
                                   counted[c]);
                squares[c] +=
                    times_weight(difference, m, is_weighted) * difference;
                store_weights(R + at, S + at, &e, m, kind, is_weighted);
            }
        }
        total.divergence += (double)sum_lanes(sum[0] + sum[1]);
        total.squares += (double)sum_lanes(squares[0] + squares[1]);
    }
    return total;
}

/* ---- the table's functions ---- */

/* call(kind, is_weighted) with constants. */
#define FOR_KIND(call, beta, M)                                                \
    switch (kind_of(beta) * 2 + ((M) != NULL)) {                               \
    case KULLBACK_LEIBLER * 2:                                                 \
        call(KULLBACK_LEIBLER, false);                                         \
        break;                                                                 \
    case KULLBACK_LEIBLER * 2 + 1:                                             \
        call(KULLBACK_LEIBLER, true);                                          \
        break;                                                                 \
    case ITAKURA_SAITO * 2:                                                    \
        call(ITAKURA_SAITO, false);                                            \
        break;                                                                 \
    case ITAKURA_SAITO * 2 + 1:                                                \
        call(ITAKURA_SAITO, true);                                             \
        break;                                                                 \
    case FROBENIUS * 2:                                                        \
        call(FROBENIUS, false);                                                \
        break;                                                                 \
    case FROBENIUS * 2 + 1:                                                    \
        call(FROBENIUS, true);                                                 \
        break;                                                                 \
    case ANY_BETA * 2:                                                         \
        call(ANY_BETA, false);                                                 \
        break;                                                                 \
    default:                                                                   \
        call(ANY_BETA, true);                                                  \
    }

static void weights(float *R, float *S, const float *X, const float *V,
                    const float *M, size_t rows, const nmf_beta *beta)
{
#define CALL(kind, is_weighted)                                                \
    weights_of(R, S, X, V, M, rows, kind, is_weighted, beta)
    FOR_KIND(CALL, beta, M)
#undef CALL
}

static nmf_divergence_sums measure(float *R, float *S, const float *X,
                                   const float *V, const float *M, size_t rows,
                                   size_t columns, const nmf_beta *beta)
{
    _Alignas(64) int lanes[WIDTH];
    mask counted[2];
    nmf_divergence_sums sums = {0.0, 0.0};
    for (size_t c = 0; c < WIDTH; c++) {
        lanes[c] = c < columns ? -1 : 0;
    }
    memcpy(counted, lanes, sizeof counted);
#define CALL(kind, is_weighted)                                                \
    sums = measure_of(R, S, X, V, M, rows, counted, kind, is_weighted, beta)
    FOR_KIND(CALL, beta, M)
#undef CALL
    return sums;
}

static void multiply(float *to, const float *F, const nmf_multiplication *by,
                     size_t k)
{
    const float l1 = (float)by->l1, l2 = (float)by->l2;
    const float exponent = (float)by->exponent;
    for (size_t at = 0; at < k * WIDTH; at += LANES) {
        const vector f = load(F + at);
        vector below = {0};
        if (by->below) {
            below = load(by->below + at);
        } else {
            below += by->below_row[at / WIDTH];
        }
        below = at_least(below + (l1 + l2 * f), 1e-30F);
        vector factor = load(by->above + at) / below;
        if (exponent != 1.0F) {
            factor = exp_of(exponent * log_of(at_least(factor, FLT_MIN)));
        }
        store(to + at, max0(at_most(f * factor, 1e18F)));
    }
}

static void ahead(float *out, const float *now, const float *before,
                  float alpha, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        const vector x = load(now + i);
        store(out + i, x + alpha * max0(x - load(before + i)));
    }
}

static void add_rows(double *sums, const float *F, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        sums[j] += (double)sum_lanes(load(F + j * WIDTH) +
                                     load(F + j * WIDTH + LANES));
    }
}

#define DIVERGENCE_KERNELS(name)                                               \
    {                                                                          \
        name, weights, measure, multiply, ahead, add_rows                      \
    }
