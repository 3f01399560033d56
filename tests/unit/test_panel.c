/* Every instruction set's panel kernels against plain loops in double. */
#include "support.h"

#include "core/alloc.h"
#include "core/panel.h"
#include "core/panel_bf16.h"

#include <math.h>
#include <string.h>

/* Sums of up to 130 products of numbers in [0, 1) in float. */
static const double TOLERANCE = 1e-5;

static float *random_floats(size_t n, uint64_t seed)
{
    float *x = nmf_calloc(n, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        x[i] = support_uniform(&seed);
    }
    return x;
}

/* A factor of n indices in panel format; entries past n are zero. */
static float *random_factor(size_t width, size_t n, size_t k, uint64_t seed)
{
    size_t panels = (n + width - 1) / width;
    float *F = random_floats(panels * k * width, seed);
    for (size_t q = n; q < panels * width; q++) {
        for (size_t j = 0; j < k; j++) {
            F[(q / width * k + j) * width + q % width] = 0.0F;
        }
    }
    return F;
}

static double at(const float *F, size_t width, size_t k, size_t q, size_t j)
{
    return (double)F[(q / width * k + j) * width + q % width];
}

static const struct {
    size_t s, k;
} shapes[] = {{1, 1}, {5, 3}, {33, 12}, {64, 13}, {130, 49}, {70, 70}};

enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

static void check(double got, double expected, const char *what,
                  const char *kernels, size_t s, size_t k)
{
    SUPPORT_ASSERT(fabs(got - expected) <= TOLERANCE * (1 + fabs(expected)),
                   "%s, %s, s %zu, k %zu: %.9g, expected %.9g", kernels, what,
                   s, k, got, expected);
}

static void products_are_the_plain_ones(void **state)
{
    const nmf_panel_kernels *kernels;
    (void)state;
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t width = kernels->width;
        for (size_t n = 0; n < N_SHAPES; n++) {
            const size_t s = shapes[n].s, k = shapes[n].k;
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            float *A = random_factor(width, s, k, 1);
            float *X = random_floats(s * width, 2);
            float *C = random_floats(k * width, 3);
            kernels->product(C, A, X, s, k, &none);
            for (size_t j = 0; j < k; j++) {
                for (size_t c = 0; c < width; c++) {
                    double sum = 0.0;
                    for (size_t q = 0; q < s; q++) {
                        sum += at(A, width, k, q, j) * (double)X[q * width + c];
                    }
                    check((double)C[j * width + c], sum, "product",
                          kernels->name, s, k);
                }
            }
            nmf_free(A);
            nmf_free(X);
            nmf_free(C);
        }
    }
}

/* D += B X' over three panels, on top of what was there; and B B'. */
static void sums_over_panels_are_the_plain_ones(void **state)
{
    const nmf_panel_kernels *kernels;
    (void)state;
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t width = kernels->width, panels = 3;
        for (size_t n = 0; n < N_SHAPES; n++) {
            const size_t s = shapes[n].s, k = shapes[n].k;
            const size_t blocks = (s + width - 1) / width;
            const size_t gram_blocks = (k + width - 1) / width;
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            float *X = random_floats(panels * s * width, 4);
            float *B = random_floats(panels * k * width, 5);
            float *D = random_floats(blocks * k * width, 6);
            float *before = random_floats(blocks * k * width, 6);
            float *G = random_floats(gram_blocks * k * width, 7);
            kernels->accumulate(D, B, X, s, panels, k, false, true, &none);
            kernels->accumulate(G, B, B, k, panels, k, true, false, &none);
            for (size_t j = 0; j < k; j++) {
                for (size_t q = 0; q < s; q++) {
                    double sum = at(before, width, k, q, j);
                    for (size_t c = 0; c < panels * width; c++) {
                        size_t p = c / width;
                        sum += (double)B[(p * k + j) * width + c % width] *
                               (double)X[(p * s + q) * width + c % width];
                    }
                    check(at(D, width, k, q, j), sum, "sum", kernels->name, s,
                          k);
                }
                for (size_t q = 0; q <= j; q++) {
                    double sum = 0.0;
                    for (size_t c = 0; c < panels * width; c++) {
                        size_t p = c / width;
                        sum += (double)B[(p * k + j) * width + c % width] *
                               (double)B[(p * k + q) * width + c % width];
                    }
                    check(at(G, width, k, q, j), sum, "gram", kernels->name, s,
                          k);
                }
            }
            nmf_free(X);
            nmf_free(B);
            nmf_free(D);
            nmf_free(before);
            nmf_free(G);
        }
    }
}

/* Gt of a random gram matrix of k vectors, a dead component among them. */
static void make_gram(float *Gt, float *weight, size_t ldg, size_t k)
{
    float *V = random_floats(k * (k + 5), 8);
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            double dot = 0.0, square = 0.0;
            for (size_t l = 0; l < k + 5; l++) {
                dot += (double)V[i * (k + 5) + l] * (double)V[j * (k + 5) + l];
                square +=
                    (double)V[j * (k + 5) + l] * (double)V[j * (k + 5) + l];
            }
            Gt[i * ldg + j] = i == j ? 0.0F : (float)(-dot / square);
            weight[j] = (float)square;
        }
    }
    if (k > 2) {
        for (size_t i = 0; i < k; i++) {
            Gt[i * ldg + 1] = Gt[ldg + i] = i == 1 ? 1.0F : 0.0F;
        }
    }
    nmf_free(V);
}

/* One sweep of one column in double. */
static void plain_sweep(double *b, const float *C, const float *Gt, size_t ldg,
                        size_t k, size_t width, size_t c)
{
    for (size_t j = 0; j < k; j++) {
        double sum = (double)C[j * width + c];
        for (size_t i = 0; i < k; i++) {
            sum += (double)Gt[i * ldg + j] * b[i];
        }
        b[j] = fmax(0.0, sum);
    }
}

static void sweeps_are_the_plain_ones(void **state)
{
    const nmf_panel_kernels *kernels;
    (void)state;
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t width = kernels->width;
        for (size_t n = 0; n < N_SHAPES; n++) {
            const size_t k = shapes[n].k, ldg = (k + 15) / 16 * 16;
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            float *Gt = random_floats(k * ldg, 1);
            float *weight = random_floats(ldg, 2);
            float *C = random_floats(k * width, 9);
            float *B = random_floats(k * width, 10);
            double *b = nmf_calloc(k * width, sizeof *b);
            make_gram(Gt, weight, ldg, k);
            for (size_t c = 0; c < width; c++) {
                for (size_t j = 0; j < k; j++) {
                    b[c * k + j] = (double)B[j * width + c];
                }
            }
            size_t sweeps =
                kernels->sweep(B, C, Gt, ldg, weight, k, 3, 0.0F, &none);
            assert_true(sweeps >= 1 && sweeps <= 3);
            for (size_t c = 0; c < width; c++) {
                for (size_t sweep = 0; sweep < sweeps; sweep++) {
                    plain_sweep(b + c * k, C, Gt, ldg, k, width, c);
                }
                for (size_t j = 0; j < k; j++) {
                    check((double)B[j * width + c], b[c * k + j], "sweep",
                          kernels->name, 0, k);
                }
            }
            /* Enough is enough: all of the first change is, at once. */
            assert_int_equal(
                kernels->sweep(B, C, Gt, ldg, weight, k, 9, 1.0F, &none), 1);
            nmf_free(Gt);
            nmf_free(weight);
            nmf_free(C);
            nmf_free(B);
            nmf_free(b);
        }
    }
}

static void packing_keeps_every_entry_in_both_directions(void **state)
{
    const nmf_panel_kernels *kernels;
    const size_t s = 37, ld = 71;
    (void)state;
    float *x = random_floats(ld * ld, 11);
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t width = kernels->width;
        const size_t counts[] = {1, width - 1, width};
        float *panel = random_floats(s * width, 12);
        for (size_t n = 0; n < 3; n++) {
            for (int transposed = 0; transposed < 2; transposed++) {
                size_t row = transposed ? 1 : ld, col = transposed ? ld : 1;
                kernels->pack(panel, x, row, col, s, counts[n]);
                for (size_t r = 0; r < s; r++) {
                    for (size_t c = 0; c < width; c++) {
                        float expected =
                            c < counts[n] ? x[r * row + c * col] : 0.0F;
                        assert_true(panel[r * width + c] == expected);
                    }
                }
            }
        }
        nmf_free(panel);
    }
    nmf_free(x);
}

static void small_kernels_are_the_plain_loops(void **state)
{
    const nmf_panel_kernels *kernels;
    (void)state;
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t k = 45, n = k * kernels->width;
        float *a = random_floats(n, 13), *b = random_floats(n, 14);
        float *out = random_floats(n, 15), *scale = random_floats(k, 16);
        double dot = 0.0, distance = 0.0;
        kernels->extrapolate(out, a, b, 0.75F, n);
        for (size_t l = 0; l < n; l++) {
            double expected = (double)a[l] + 0.75 * (double)(a[l] - b[l]);
            check((double)out[l], fmax(0.0, expected), "extrapolate",
                  kernels->name, 0, k);
            dot += (double)a[l] * (double)b[l];
            distance += (double)(a[l] - b[l]) * (double)(a[l] - b[l]);
        }
        SUPPORT_NEAR(kernels->dot(a, b, n), dot, 1e-6 * dot);
        SUPPORT_NEAR(kernels->distance(a, b, n), distance, 1e-6 * distance);
        memcpy(out, a, n * sizeof *out);
        kernels->add(out, b, n);
        kernels->scale_rows(out, scale, k);
        for (size_t l = 0; l < n; l++) {
            check((double)out[l],
                  (double)(a[l] + b[l]) * (double)scale[l / kernels->width],
                  "add and scale", kernels->name, 0, k);
        }
        nmf_free(a);
        nmf_free(b);
        nmf_free(out);
        nmf_free(scale);
    }
}

/* ---- products in bfloat16 ---- */

/* The nearest float with 8 bits of significand, ties to even. */
static float plain_round(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits += 0x7FFF + (bits >> 16 & 1);
    bits &= 0xFFFF0000U;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Whole numbers of 8 bits over 255, as pictures have them. */
static float *random_bytes(size_t n, uint64_t seed)
{
    float *x = random_floats(n, seed);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)(int)(x[i] * 256.0F) / 255.0F;
    }
    return x;
}

static uint16_t *halves(size_t n)
{
    uint16_t *x = nmf_calloc(n, sizeof *x);
    assert_non_null(x);
    return x;
}

static const nmf_panel_bf16 *bf16_or_skip(void)
{
    const nmf_panel_bf16 *bf16 = nmf_panel_bf16_get();
    if (!bf16) {
        skip();
    }
    return bf16;
}

static void bf16_rounds_factors_to_nearest_even(void **state)
{
    const nmf_panel_bf16 *bf16 = bf16_or_skip();
    const size_t width = nmf_panel_kernels_get()->width, k = 7, n = k * width;
    float *F = random_floats(n, 1), *before = random_floats(n, 1);
    float *weight = random_floats(k, 2);
    uint16_t *rounded = halves(n);
    double changes = 0.0;
    (void)state;
    /* Ties, and what has 8 bits already. */
    before[0] = F[0] = 1.0F + 0x1p-8F;
    before[1] = F[1] = 1.0F + 3 * 0x1p-8F;
    before[2] = F[2] = 1.0F + 0x1p-8F + 0x1p-23F;
    before[3] = F[3] = 255.0F;
    double got = bf16->round(rounded, F, weight, k);
    for (size_t i = 0; i < n; i++) {
        float expected = plain_round(before[i]);
        uint32_t bits;
        memcpy(&bits, &expected, sizeof bits);
        assert_true(F[i] == expected);
        assert_int_equal(rounded[i], bits >> 16);
        changes += (double)weight[i / width] * (double)(expected - before[i]) *
                   (double)(expected - before[i]);
    }
    assert_true(F[0] == 1.0F && F[1] == 1.0F + 0x1p-6F);
    assert_true(F[2] == 1.0F + 0x1p-7F && F[3] == 255.0F);
    SUPPORT_NEAR(got, changes, 1e-5 * changes);
    nmf_free(F);
    nmf_free(before);
    nmf_free(weight);
    nmf_free(rounded);
}

static void bf16_packs_bytes_and_nothing_else(void **state)
{
    const nmf_panel_bf16 *bf16 = bf16_or_skip();
    const size_t width = nmf_panel_kernels_get()->width;
    const float others[] = {0.5F,
                            256.0F / 255.0F,
                            nextafterf(7.0F / 255.0F, 1.0F),
                            nextafterf(255.0F / 255.0F, 0.0F),
                            1e-30F,
                            3e38F};
    (void)state;
    for (size_t s = 8; s < 14; s++) {
        const size_t n = s * width, size = nmf_panel_bf16_size(s, width);
        float *X = random_floats(n, 3), *back = random_floats(n + 1, 4);
        uint16_t *panel = halves(size + 1);
        for (size_t i = 0; i < n; i++) {
            X[i] = (float)(i % 256) / 255.0F;
        }
        panel[size] = 0x1234;
        back[n] = 7.0F;
        assert_true(bf16->pack(panel, X, s));
        assert_int_equal(panel[size], 0x1234);
        bf16->unpack(back, panel, s);
        assert_memory_equal(back, X, n * sizeof *X);
        assert_true(back[n] == 7.0F);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            const size_t place = (s * 977 + i * 331) % n;
            float kept = X[place];
            X[place] = others[i];
            SUPPORT_ASSERT(!bf16->pack(panel, X, s),
                           "%g at %zu of %zu was taken", (double)others[i],
                           place, n);
            X[place] = kept;
        }
        nmf_free(X);
        nmf_free(back);
        nmf_free(panel);
    }
}

static void bf16_products_are_those_of_rounded_factors(void **state)
{
    const nmf_panel_bf16 *bf16 = bf16_or_skip();
    const size_t width = nmf_panel_kernels_get()->width;
    (void)state;
    for (size_t n = 0; n < N_SHAPES; n++) {
        const size_t s = shapes[n].s, k = shapes[n].k;
        const size_t size = (s + width - 1) / width * width * k;
        nmf_prefetch none = {{NULL}, {NULL}, 0};
        float *A = random_factor(width, s, k, 1),
              *X = random_bytes(s * width, 2);
        float *C = random_floats(k * width, 3);
        float *weight = random_floats(k, 4);
        uint16_t *A16 = halves(size),
                 *X16 = halves(nmf_panel_bf16_size(s, width));
        assert_true(bf16->pack(X16, X, s));
        for (size_t at_panel = 0; at_panel < size; at_panel += k * width) {
            bf16->round(A16 + at_panel, A + at_panel, weight, k);
        }
        bf16->product(C, A16, X16, s, k, &none);
        bf16->divide(C, k * width);
        for (size_t j = 0; j < k; j++) {
            for (size_t c = 0; c < width; c++) {
                double sum = 0.0;
                for (size_t q = 0; q < s; q++) {
                    sum += at(A, width, k, q, j) * (double)X[q * width + c];
                }
                check((double)C[j * width + c], sum, "product", "bf16", s, k);
            }
        }
        nmf_free(A);
        nmf_free(X);
        nmf_free(C);
        nmf_free(weight);
        nmf_free(A16);
        nmf_free(X16);
    }
}

static void bf16_sums_are_those_of_rounded_factors(void **state)
{
    const nmf_panel_bf16 *bf16 = bf16_or_skip();
    const size_t width = nmf_panel_kernels_get()->width, panels = 3;
    (void)state;
    for (size_t n = 0; n < N_SHAPES; n++) {
        const size_t s = shapes[n].s, k = shapes[n].k;
        const size_t size = (s + width - 1) / width * width * k;
        const size_t x_size = nmf_panel_bf16_size(s, width);
        nmf_prefetch none = {{NULL}, {NULL}, 0};
        float *X = random_bytes(panels * s * width, 4);
        float *B = random_floats(panels * k * width, 5);
        float *D = random_floats(size, 6), *before = random_floats(size, 6);
        const size_t gram_size = (k + width - 1) / width * width * k;
        float *G = random_floats(gram_size, 8);
        float *G_before = random_floats(gram_size, 8);
        float *weight = random_floats(k, 7);
        uint16_t *B16 = halves(panels * k * width),
                 *X16 = halves(panels * x_size);
        for (size_t p = 0; p < panels; p++) {
            assert_true(bf16->pack(X16 + p * x_size, X + p * s * width, s));
            bf16->round(B16 + p * k * width, B + p * k * width, weight, k);
        }
        bf16->accumulate(D, B16, X16, s, panels, k, true, &none);
        bf16->divide(D, size);
        bf16->gram(G, B16, panels, k, true);
        for (size_t j = 0; j < k; j++) {
            for (size_t q = 0; q <= j; q++) {
                double sum = at(G_before, width, k, q, j);
                for (size_t c = 0; c < panels * width; c++) {
                    const float *b = B + c / width * k * width + c % width;
                    sum += (double)b[j * width] * (double)b[q * width];
                }
                check(at(G, width, k, q, j), sum, "gram", "bf16", s, k);
            }
            for (size_t q = 0; q < s; q++) {
                double sum = at(before, width, k, q, j) / 255.0;
                for (size_t c = 0; c < panels * width; c++) {
                    size_t p = c / width;
                    sum += (double)B[(p * k + j) * width + c % width] *
                           (double)X[(p * s + q) * width + c % width];
                }
                check(at(D, width, k, q, j), sum, "sum", "bf16", s, k);
            }
        }
        nmf_free(X);
        nmf_free(B);
        nmf_free(D);
        nmf_free(G);
        nmf_free(G_before);
        nmf_free(before);
        nmf_free(weight);
        nmf_free(B16);
        nmf_free(X16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_the_plain_ones),
        cmocka_unit_test(sums_over_panels_are_the_plain_ones),
        cmocka_unit_test(sweeps_are_the_plain_ones),
        cmocka_unit_test(packing_keeps_every_entry_in_both_directions),
        cmocka_unit_test(small_kernels_are_the_plain_loops),
        cmocka_unit_test(bf16_rounds_factors_to_nearest_even),
        cmocka_unit_test(bf16_packs_bytes_and_nothing_else),
        cmocka_unit_test(bf16_products_are_those_of_rounded_factors),
        cmocka_unit_test(bf16_sums_are_those_of_rounded_factors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
