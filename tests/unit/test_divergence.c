/* The kernels of multiplicative updates beside the formulas in double. */
#include "support.h"

#include "core/divergence.h"
#include "core/panel.h"

#include <math.h>

enum { ROWS = 70, MAX = ROWS * NMF_PANEL_MAX_WIDTH };

/* Panels of an instruction set; X has zeros where the loss allows them. */
typedef struct panels {
    _Alignas(64) float X[MAX];
    _Alignas(64) float V[MAX];
    _Alignas(64) float R[MAX];
    _Alignas(64) float S[MAX];
    _Alignas(64) float R_too[MAX];
    _Alignas(64) float S_too[MAX];
    _Alignas(64) float M[MAX]; /* weights, a fifth of them 0 */
} panels;

static const double betas[] = {-1.2, 0.0,   1e-4, 0.2, 0.5,   0.999,
                               1.0,  1.001, 1.5,  2.0, 2.001, 3.0};
enum { N_BETAS = sizeof betas / sizeof betas[0] };

static void fill(panels *p, size_t n, bool with_zeros)
{
    uint64_t seed = 7;
    for (size_t i = 0; i < n; i++) {
        float spread = support_uniform(&seed);
        p->V[i] = 0.02F + 4.0F * support_uniform(&seed);
        p->X[i] = i % 3 == 0 ? p->V[i] * (1.0F + 0.01F * spread)
                             : 0.02F + 4.0F * spread;
        if (with_zeros && i % 7 == 0) {
            p->X[i] = 0.0F;
        }
        p->M[i] = i % 5 == 0 ? 0.0F : 2.0F * spread;
    }
}

/* Of two numbers with an error of a few units in the last place each; for
 * beta near 0 or 1 the definition itself cancels, in double to 1e-12. */
static double divergence(double x, double v, double beta)
{
    if (beta == 1.0) {
        return (x > 0.0 ? x * log(x / v) : 0.0) - x + v;
    }
    if (beta == 0.0) {
        return x / v - log(x / v) - 1.0;
    }
    return (pow(x, beta) + (beta - 1.0) * pow(v, beta) -
            beta * x * pow(v, beta - 1.0)) /
           (beta * (beta - 1.0));
}

/* M: NULL, or a weight for every entry, some of them 0. */
static void check_weights(const nmf_divergence_kernels *kernels, size_t width,
                          panels *p, const float *M, const nmf_beta *beta)
{
    const size_t columns = width - 3;
    double expected = 0.0, squares = 0.0;
    nmf_divergence_sums sums =
        kernels->measure(p->R, p->S, p->X, p->V, M, ROWS, columns, beta);
    for (size_t j = 0; j < ROWS * width; j++) {
        double x = (double)p->X[j], v = (double)p->V[j];
        double m = M ? (double)M[j] : 1.0;
        double r = m * x * pow(v, beta->beta - 2.0);
        double s = m * pow(v, beta->beta - 1.0);
        SUPPORT_ASSERT(fabs((double)p->R[j] - r) <= 2e-6 * r,
                       "%s, beta %g, x %g, v %g: %g, expected %g",
                       kernels->name, beta->beta, x, v, (double)p->R[j], r);
        SUPPORT_ASSERT((beta->beta == 1.0 && !M) ||
                           fabs((double)p->S[j] - s) <= 2e-6 * s,
                       "%s, beta %g, v %g: %g, expected %g", kernels->name,
                       beta->beta, v, (double)p->S[j], s);
        if (j % width < columns) {
            expected += m * divergence(x, v, beta->beta);
            squares += m * (x - v) * (x - v);
        }
    }
    SUPPORT_ASSERT(fabs(sums.divergence - expected) < 1e-5 * expected,
                   "%s, beta %g: %g, expected %g", kernels->name, beta->beta,
                   sums.divergence, expected);
    SUPPORT_NEAR(sums.squares, squares, 1e-5 * squares);
    kernels->weights(p->R_too, p->S_too, p->X, p->V, M, ROWS, beta);
    assert_memory_equal(p->R_too, p->R, ROWS * width * sizeof(float));
}

static void weights_and_sums_are_those_of_the_formulas(void **state)
{
    static panels p;
    const nmf_divergence_kernels *kernels = NULL;
    (void)state;
    for (size_t i = 0; (kernels = nmf_divergence_kernels_at(i)); i++) {
        const size_t width = nmf_panel_kernels_at(i)->width;
        for (size_t b = 0; b < N_BETAS; b++) {
            const nmf_beta beta = nmf_beta_of(betas[b]);
            fill(&p, ROWS * width, beta.beta > 0.0);
            check_weights(kernels, width, &p, NULL, &beta);
            fill(&p, ROWS * width, beta.beta > 0.0);
            check_weights(kernels, width, &p, p.M, &beta);
        }
    }
    assert_true(kernels == NULL);
}

static void an_update_is_that_of_the_formula(void **state)
{
    static panels p;
    const nmf_divergence_kernels *kernels = NULL;
    const double exponents[] = {1.0, 0.5, 1.0 / 3.2};
    (void)state;
    for (size_t i = 0; (kernels = nmf_divergence_kernels_at(i)); i++) {
        const size_t width = nmf_panel_kernels_at(i)->width;
        for (size_t e = 0; e < 6; e++) {
            nmf_multiplication by = {.above = p.X,
                                     .below = e % 2 ? p.V : NULL,
                                     .below_row = p.R,
                                     .l1 = 0.3,
                                     .l2 = 0.7,
                                     .exponent = exponents[e / 2]};
            fill(&p, ROWS * width, true);
            for (size_t j = 0; j < ROWS; j++) {
                p.R[j] = 0.5F + (float)j;
            }
            kernels->multiply(p.S, p.V, &by, ROWS);
            for (size_t j = 0; j < ROWS * width; j++) {
                double f = (double)p.V[j];
                double below = (double)(e % 2 ? p.V[j] : p.R[j / width]);
                double factor = (double)p.X[j] / (below + 0.3 + 0.7 * f);
                double expected = f * pow(factor, by.exponent);
                SUPPORT_ASSERT(fabs((double)p.S[j] - expected) <=
                                   3e-6 * expected + 1e-9,
                               "%s: %g, expected %g", kernels->name,
                               (double)p.S[j], expected);
            }
        }
    }
}

/* Where a factor has died out, V is 0: no infinity may come of it. */
static void nothing_overflows_where_the_product_is_zero(void **state)
{
    static panels p;
    const nmf_divergence_kernels *kernels = NULL;
    (void)state;
    for (size_t i = 0; (kernels = nmf_divergence_kernels_at(i)); i++) {
        for (double b = -8.0; b <= 8.0; b += 0.5) {
            const nmf_beta beta = nmf_beta_of(b);
            for (size_t j = 0; j < MAX; j++) {
                p.X[j] = j % 2 ? 3000.0F : 1e-6F;
                p.V[j] = j % 4 < 2 ? 0.0F : 1e18F;
            }
            nmf_divergence_sums sums =
                kernels->measure(p.R, p.S, p.X, p.V, NULL, 2,
                                 nmf_panel_kernels_at(i)->width, &beta);
            SUPPORT_ASSERT(isfinite(sums.divergence), "beta %g: %g", b,
                           sums.divergence);
            for (size_t j = 0; j < 2 * nmf_panel_kernels_at(i)->width; j++) {
                SUPPORT_ASSERT(isfinite(p.R[j]) && p.R[j] >= 0.0F &&
                                   (b == 1.0 || isfinite(p.S[j])),
                               "beta %g: %g %g", b, (double)p.R[j],
                               (double)p.S[j]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_and_sums_are_those_of_the_formulas),
        cmocka_unit_test(an_update_is_that_of_the_formula),
        cmocka_unit_test(nothing_overflows_where_the_product_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
