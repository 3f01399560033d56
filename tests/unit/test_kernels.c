/* Every instruction set's kernels against plain loops in double. */
#include "support.h"

#include "core/alloc.h"
#include "core/kernels.h"

#include <math.h>
#include <string.h>

/*
 * Sums of up to 600 products of numbers in [0, 1), made in float by blocks of
 * 256: 2^-24 relative a step, far below this; a wrong index is far above it.
 */
static const double TOLERANCE = 2e-6;

static float *random_floats(size_t n, uint64_t seed)
{
    float *x = nmf_calloc(n, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        x[i] = support_uniform(&seed);
    }
    return x;
}

/* n x k in row format, the padding zero. */
static float *random_factor(size_t n, size_t k, uint64_t seed)
{
    float *F = nmf_calloc(n * nmf_padded(k), sizeof *F);
    assert_non_null(F);
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < k; t++) {
            F[i * nmf_padded(k) + t] = support_uniform(&seed);
        }
    }
    return F;
}

static void tiles_are_the_plain_product(void **state)
{
    const nmf_kernels *kernels;
    (void)state;
    float *a = random_floats(64 * 600, 1), *f = random_floats(64 * 600, 2);
    for (size_t i = 0; (kernels = nmf_kernels_at(i)) != NULL; i++) {
        for (size_t rows = 1; rows <= NMF_TILE_ROWS; rows++) {
            for (size_t cols = NMF_LANES; cols <= NMF_TILE_COLS;
                 cols += NMF_LANES) {
                for (int transposed = 0; transposed < 2; transposed++) {
                    const size_t length = 37;
                    float out[NMF_TILE_ROWS * NMF_TILE_COLS];
                    nmf_operand x = {a, transposed ? 1 : length,
                                     transposed ? rows : 1};
                    kernels->tile(out, x, f, NMF_TILE_COLS, rows, cols, length);
                    for (size_t r = 0; r < rows; r++) {
                        for (size_t c = 0; c < cols; c++) {
                            double sum = 0.0;
                            for (size_t l = 0; l < length; l++) {
                                sum += (double)x.data[r * x.row + l * x.step] *
                                       (double)f[l * NMF_TILE_COLS + c];
                            }
                            double got = (double)out[r * NMF_TILE_COLS + c];
                            SUPPORT_ASSERT(
                                fabs(got - sum) <= TOLERANCE * sum,
                                "%s, %zu x %zu, (%zu, %zu): %g, expected %g",
                                kernels->name, rows, cols, r, c, got, sum);
                        }
                    }
                }
            }
        }
    }
    nmf_free(a);
    nmf_free(f);
}

static void sweeps_are_the_plain_sweep(void **state)
{
    const nmf_kernels *kernels;
    const size_t sizes[] = {1, 2, 3, 16, 17, 49};
    (void)state;
    for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
        const size_t k = sizes[n];
        float *F = random_factor(100, k, k);
        double *gram = nmf_calloc(k * k, sizeof *gram);
        float *G = nmf_calloc(k * k, sizeof *G);
        nmf_gram(gram, F, 100, k, 1);
        for (size_t i = 0; i < k * k; i++) {
            G[i] = (float)gram[i];
        }
        if (k > 2) { /* a component that nothing uses */
            for (size_t s = 0; s < k; s++) {
                G[k + s] = G[s * k + 1] = 0.0F;
            }
        }
        for (size_t i = 0; (kernels = nmf_kernels_at(i)) != NULL; i++) {
            float *w = random_floats(k * NMF_LANES, 3);
            float *p = random_floats(k * NMF_LANES, 4);
            float *start = random_floats(k * NMF_LANES, 3);
            for (size_t l = 0; l < k * NMF_LANES; l++) {
                p[l] *= (float)(20 * k);
            }
            kernels->sweep(w, p, G, k, k);
            for (size_t lane = 0; lane < NMF_LANES; lane++) {
                for (size_t t = 0; t < k; t++) {
                    double gradient = -(double)p[t * NMF_LANES + lane];
                    for (size_t s = 0; s < k; s++) {
                        gradient += (double)G[t * k + s] *
                                    (double)start[s * NMF_LANES + lane];
                    }
                    double old = (double)start[t * NMF_LANES + lane];
                    double step = G[t * k + t] > 0.0F
                                      ? gradient / (double)G[t * k + t]
                                      : 0.0;
                    double next = fmax(0.0, old - step);
                    double got = (double)w[t * NMF_LANES + lane];
                    SUPPORT_ASSERT(fabs(got - next) <= 1e-4 * (1 + next),
                                   "%s, k %zu, lane %zu, t %zu: %g, expected "
                                   "%g",
                                   kernels->name, k, lane, t, got, next);
                    start[t * NMF_LANES + lane] = w[t * NMF_LANES + lane];
                }
            }
            nmf_free(w);
            nmf_free(p);
            nmf_free(start);
        }
        nmf_free(F);
        nmf_free(gram);
        nmf_free(G);
    }
}

/* Products, gram matrices and residuals of awkward sizes, 1 and 3 threads. */
static void blocked_products_are_the_plain_ones(void **state)
{
    const size_t shapes[][3] = {{1, 1, 1},     {7, 5, 3},     {50, 300, 17},
                                {97, 600, 49}, {300, 65, 64}, {20, 20, 70}};
    (void)state;
    for (size_t n = 0; n < sizeof shapes / sizeof shapes[0]; n++) {
        const size_t rows = shapes[n][0], cols = shapes[n][1];
        const size_t k = shapes[n][2], ld = nmf_padded(k);
        float *X = random_floats(rows * cols, n);
        float *F = random_factor(cols, k, n + 10);
        float *P = nmf_calloc(rows * ld, sizeof *P);
        float *again = nmf_calloc(rows * ld, sizeof *again);
        double *G = nmf_calloc(k * k, sizeof *G);
        nmf_operand x = {X, cols, 1};
        nmf_product(P, ld, x, F, ld, rows, k, cols, 1);
        nmf_product(again, ld, x, F, ld, rows, k, cols, 3);
        assert_memory_equal(P, again, rows * ld * sizeof *P);
        for (size_t i = 0; i < rows; i++) {
            for (size_t t = 0; t < ld; t++) {
                double sum = 0.0;
                for (size_t j = 0; j < cols; j++) {
                    sum += (double)X[i * cols + j] * (double)F[j * ld + t];
                }
                SUPPORT_ASSERT(fabs((double)P[i * ld + t] - sum) <=
                                   TOLERANCE * sum,
                               "shape %zu, (%zu, %zu): %g, expected %g", n, i,
                               t, (double)P[i * ld + t], sum);
            }
        }
        nmf_gram(G, F, cols, k, 3);
        for (size_t s = 0; s < k; s++) {
            for (size_t t = 0; t < k; t++) {
                double sum = 0.0;
                for (size_t j = 0; j < cols; j++) {
                    sum += (double)F[j * ld + s] * (double)F[j * ld + t];
                }
                SUPPORT_NEAR(G[s * k + t], sum, TOLERANCE * sum);
            }
        }
        nmf_free(X);
        nmf_free(F);
        nmf_free(P);
        nmf_free(again);
        nmf_free(G);
    }
}

static void
the_projected_gradient_leaves_out_what_pulls_below_zero(void **state)
{
    const size_t n = 21, k = 5;
    (void)state;
    float *F = random_factor(n, k, 5), *P = random_factor(n, k, 6);
    double *G = nmf_calloc(k * k, sizeof *G), expected = 0.0;
    nmf_gram(G, F, n, k, 1);
    for (size_t i = 0; i < n * nmf_padded(k); i++) {
        F[i] = i % 3 == 0 ? 0.0F : F[i];
        P[i] *= 12.0F;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < k; t++) {
            double g = -(double)P[i * nmf_padded(k) + t];
            for (size_t s = 0; s < k; s++) {
                g += (double)F[i * nmf_padded(k) + s] * G[s * k + t];
            }
            if (F[i * nmf_padded(k) + t] == 0.0F) {
                g = fmin(g, 0.0);
            }
            expected += g * g;
        }
    }
    double one = nmf_projected_gradient(F, P, G, n, k, 1);
    double three = nmf_projected_gradient(F, P, G, n, k, 3);
    assert_true(one == three);
    SUPPORT_NEAR(one, expected, 1e-6 * expected);
    nmf_free(F);
    nmf_free(P);
    nmf_free(G);
}

static void residuals_are_summed_from_the_differences(void **state)
{
    const size_t rows = 23, cols = 70, k = 5;
    (void)state;
    float *X = random_floats(rows * cols, 1);
    float *W = random_factor(rows, k, 2), *H = random_factor(k, cols, 3);
    nmf_operand x = {X, cols, 1};
    double sum = 0.0;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            double d = (double)X[i * cols + j];
            for (size_t t = 0; t < k; t++) {
                d -= (double)W[i * nmf_padded(k) + t] *
                     (double)H[t * nmf_padded(cols) + j];
            }
            sum += d * d;
        }
    }
    double one = nmf_residual(x, W, H, nmf_padded(cols), rows, cols, k, 1);
    double three = nmf_residual(x, W, H, nmf_padded(cols), rows, cols, k, 3);
    assert_true(one == three);
    SUPPORT_NEAR(one, sum, 1e-5 * sum);
    double inner = nmf_inner(W, W, rows, k, 3), expected = 0.0;
    for (size_t i = 0; i < rows * nmf_padded(k); i++) {
        expected += (double)W[i] * (double)W[i];
    }
    SUPPORT_NEAR(inner, expected, 1e-9 * expected);
    nmf_free(X);
    nmf_free(W);
    nmf_free(H);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_are_the_plain_product),
        cmocka_unit_test(sweeps_are_the_plain_sweep),
        cmocka_unit_test(blocked_products_are_the_plain_ones),
        cmocka_unit_test(
            the_projected_gradient_leaves_out_what_pulls_below_zero),
        cmocka_unit_test(residuals_are_summed_from_the_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
