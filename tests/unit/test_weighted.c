/* The kernels of weighted least squares beside the formulas in double. */
#include "support.h"

#include "core/kernels.h"
#include "core/weighted.h"

#include <math.h>
#include <string.h>

enum { ROWS = NMF_WEIGHTED_ROWS, K = 7, LDF = 16, LONGEST = 1104 };

/* A block, and the same numbers for the formulas. */
typedef struct data {
    _Alignas(64) float F[ROWS * LDF];
    _Alignas(64) float P[ROWS * LDF];
    _Alignas(64) float R[ROWS * LONGEST];
    _Alignas(64) float X[ROWS * LONGEST];
    _Alignas(64) float M[ROWS * LONGEST];
    _Alignas(64) float B[K * LONGEST];
    double f[ROWS * K];
} data;

/* count columns that are no padding; row 2 counts nothing, nor component 3. */
static nmf_weighted_block fill(data *d, size_t count, double l1, double l2)
{
    uint64_t seed = count;
    const size_t length = nmf_padded(count);
    memset(d, 0, sizeof *d);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t j = 0; j < count; j++) {
            d->X[r * LONGEST + j] = support_uniform(&seed);
            d->M[r * LONGEST + j] =
                r == 2 || j % 4 == 1 ? 0.0F : 2.0F * support_uniform(&seed);
        }
        for (size_t t = 0; t < K; t++) {
            d->F[r * LDF + t] = support_uniform(&seed);
            d->f[r * K + t] = (double)d->F[r * LDF + t];
        }
    }
    for (size_t t = 0; t < K; t++) {
        for (size_t j = 0; j < count; j++) {
            d->B[t * LONGEST + j] = t == 3 ? 0.0F : support_uniform(&seed);
        }
    }
    return (nmf_weighted_block){.F = d->F,
                                .ldf = LDF,
                                .R = d->R,
                                .X = d->X,
                                .M = d->M,
                                .ld = LONGEST,
                                .B = d->B,
                                .ldb = LONGEST,
                                .k = K,
                                .length = length,
                                .l1 = l1,
                                .l2 = l2};
}

/* x - f b of an entry, by the numbers f. */
static double left_of(const data *d, size_t r, size_t j)
{
    double left = (double)d->X[r * LONGEST + j];
    for (size_t t = 0; t < K; t++) {
        left -= d->f[r * K + t] * (double)d->B[t * LONGEST + j];
    }
    return left;
}

static void sweep_by_the_formula(data *d, size_t count, double l1, double l2)
{
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t t = 0; t < K; t++) {
            double slope = 0.0, curve = 0.0, *f = &d->f[r * K + t];
            for (size_t j = 0; j < count; j++) {
                const double m = (double)d->M[r * LONGEST + j];
                const double b = (double)d->B[t * LONGEST + j];
                slope += m * left_of(d, r, j) * b;
                curve += m * b * b;
            }
            if (curve + l2 > 0.0) {
                *f = fmax(0.0, *f + (slope - l1 - l2 * *f) / (curve + l2));
            } else if (l1 > 0.0) {
                *f = 0.0;
            }
        }
    }
}

static void check_residual(const nmf_weighted_kernels *kernels, data *d,
                           const nmf_weighted_block *b, size_t count)
{
    double expected = 0.0;
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t j = 0; j < b->length; j++) {
            const double left = left_of(d, r, j);
            SUPPORT_NEAR((double)d->R[r * LONGEST + j], left, 2e-6);
            expected += (double)d->M[r * LONGEST + j] * left * left;
        }
    }
    /* R is good to 1e-6: what is left of nearly nothing is not. */
    SUPPORT_NEAR(kernels->squares(b), expected,
                 1e-5 * expected + 1e-11 * (double)count);
    kernels->products(d->P, b);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t t = 0; t < K; t++) {
            double sum = 0.0, size = 0.0;
            for (size_t j = 0; j < count; j++) {
                const double term = (double)d->M[r * LONGEST + j] *
                                    left_of(d, r, j) *
                                    (double)d->B[t * LONGEST + j];
                sum += term;
                size += fabs(term);
            }
            SUPPORT_NEAR((double)d->P[r * LDF + t], sum,
                         1e-5 * size + 2e-6 * (double)count);
        }
    }
}

static void residuals_sums_and_sweeps_are_those_of_the_formulas(void **state)
{
    static data d;
    const nmf_weighted_kernels *kernels = NULL;
    const size_t counts[] = {1, 15, 16, 40, 361, 1025, 1100};
    const double penalties[][2] = {
        {0.0, 0.0}, {0.7, 0.0}, {0.0, 0.9}, {2.0, 3.0}};
    (void)state;
    for (size_t i = 0; (kernels = nmf_weighted_kernels_at(i)); i++) {
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            for (size_t p = 0; p < 4; p++) {
                const double l1 = penalties[p][0], l2 = penalties[p][1];
                const nmf_weighted_block b = fill(&d, counts[c], l1, l2);
                kernels->residual(&b);
                check_residual(kernels, &d, &b, counts[c]);
                const double squares = kernels->sweep(&b);
                sweep_by_the_formula(&d, counts[c], l1, l2);
                for (size_t f = 0; f < (size_t)ROWS * K; f++) {
                    SUPPORT_ASSERT(
                        fabs((double)d.F[f / K * LDF + f % K] - d.f[f]) <
                            1e-4 * (1.0 + d.f[f]),
                        "%s, %zu columns, l1 %g, l2 %g, entry %zu: %g, "
                        "expected %g",
                        kernels->name, counts[c], l1, l2, f,
                        (double)d.F[f / K * LDF + f % K], d.f[f]);
                    d.f[f] = (double)d.F[f / K * LDF + f % K];
                }
                check_residual(kernels, &d, &b, counts[c]);
                SUPPORT_NEAR(squares, kernels->squares(&b),
                             1e-5 * squares + 1e-11);
            }
        }
    }
}

static void extrapolation_stays_at_zero_or_above(void **state)
{
    static data d;
    const nmf_weighted_kernels *kernels = NULL;
    (void)state;
    for (size_t i = 0; (kernels = nmf_weighted_kernels_at(i)); i++) {
        fill(&d, 100, 0.0, 0.0);
        kernels->extrapolate(d.R, d.X, d.B, 0.5F, 112);
        for (size_t j = 0; j < 112; j++) {
            const double x = (double)d.X[j], before = (double)d.B[j];
            SUPPORT_NEAR((double)d.R[j], fmax(0.0, x + 0.5 * (x - before)),
                         1e-6);
        }
        kernels->extrapolate(d.B, d.X, d.B, 0.5F, 112);
        assert_memory_equal(d.R, d.B, 112 * sizeof(float));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residuals_sums_and_sweeps_are_those_of_the_formulas),
        cmocka_unit_test(extrapolation_stays_at_zero_or_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
