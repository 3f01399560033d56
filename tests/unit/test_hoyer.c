/* The projection onto vectors of a given sparseness, beside brute force. */
#include "support.h"

#include "core/hoyer.h"

#include <math.h>
#include <string.h>

enum { MOST = 10 };

static double sparseness_of(const float *h, size_t n)
{
    double sum = 0.0, squares = 0.0, root = sqrt((double)n);
    for (size_t j = 0; j < n; j++) {
        sum += (double)h[j];
        squares += (double)h[j] * (double)h[j];
    }
    return (root - sum / sqrt(squares)) / (root - 1.0);
}

static void assert_on_the_set(const float *h, size_t n, double sparseness)
{
    double squares = 0.0;
    for (size_t j = 0; j < n; j++) {
        SUPPORT_ASSERT(h[j] >= 0.0F && isfinite(h[j]), "entry %zu is %g", j,
                       (double)h[j]);
        squares += (double)h[j] * (double)h[j];
    }
    SUPPORT_NEAR(squares, 1.0, 1e-6);
    SUPPORT_NEAR(sparseness_of(h, n), sparseness, 1e-6);
}

static double product(const float *g, const float *h, size_t n)
{
    double sum = 0.0;
    for (size_t j = 0; j < n; j++) {
        sum += (double)g[j] * (double)h[j];
    }
    return sum;
}

/*
 * The largest <g, h>, by trying every set of entries that may be above 0. On a
 * set of d entries the stationary points are u = a (g - mean) + l1 / d, with a
 * such that the length is 1.
 */
static double brute_force(const float *g, size_t n, double l1)
{
    double best = -INFINITY;
    for (unsigned set = 1; set < 1U << n; set++) {
        double d = 0.0, mean = 0.0, spread = 0.0, value = 0.0;
        bool is_inside = true;
        for (size_t j = 0; j < n; j++) {
            if (set >> j & 1U) {
                d += 1.0;
                mean += (double)g[j];
            }
        }
        if (d < l1 * l1) {
            continue; /* no vector of d entries has that ratio */
        }
        mean /= d;
        for (size_t j = 0; j < n; j++) {
            const double x = (double)g[j] - mean;
            spread += set >> j & 1U ? x * x : 0.0;
        }
        const double a = spread > 0.0 ? sqrt((1.0 - l1 * l1 / d) / spread) : 0;
        for (size_t j = 0; j < n; j++) {
            if (set >> j & 1U) {
                const double h = a * ((double)g[j] - mean) + l1 / d;
                is_inside = is_inside && h >= -1e-12;
                value += h * (double)g[j];
            }
        }
        best = is_inside && value > best ? value : best;
    }
    return best;
}

/* Of any sign, some of few values so that there are ties, some of great size.
 */
static void make_vector(float *g, size_t n, uint64_t *seed)
{
    const float kind = support_uniform(seed);
    const float scale = kind < 0.1F ? 1e20F : kind < 0.2F ? 1e-20F : 1.0F;
    for (size_t j = 0; j < n; j++) {
        float x = 2.0F * support_uniform(seed) - (kind < 0.5F ? 1.0F : 0.0F);
        x = kind > 0.8F ? floorf(3.0F * x) : x;
        g[j] = scale * x;
    }
}

static void no_vector_of_that_sparseness_is_nearer(void **state)
{
    uint64_t seed = 5;
    (void)state;
    for (int trial = 0; trial < 4000; trial++) {
        const size_t n = 2 + (size_t)(support_uniform(&seed) * (MOST - 1));
        const double s = 0.001 + 0.998 * (double)support_uniform(&seed);
        const double l1 = nmf_hoyer_l1(n, s);
        float g[MOST], h[MOST];
        make_vector(g, n, &seed);
        nmf_hoyer_project(h, g, n, l1, -INFINITY);
        assert_on_the_set(h, n, s);
        double size = sqrt(product(g, g, n));
        double got = product(g, h, n), best = brute_force(g, n, l1);
        /* With ties brute force lacks the vectors that are not symmetric. */
        SUPPORT_ASSERT(got >= best - 1e-6 * size,
                       "trial %d, n %zu, sparseness %g: %.9g, possible %.9g",
                       trial, n, s, got, best);
        float largest = g[0];
        for (size_t j = 1; j < n; j++) {
            largest = fmaxf(largest, g[j]);
        }
        SUPPORT_ASSERT(got <= fmax(best, l1 * (double)largest) + 1e-6 * size,
                       "trial %d: %.9g is more than is possible, %.9g", trial,
                       got, best);
    }
}

/* Two entries: (a + b, a^2 + b^2) = (l1, 1) has one solution with a >= b. */
/* As products with a large penalty are: alike in all but their last digits. */
static void entries_that_hardly_differ_meet_their_target(void **state)
{
    uint64_t seed = 6;
    (void)state;
    for (int trial = 0; trial < 3000; trial++) {
        const size_t n = 2 + (size_t)(support_uniform(&seed) * (MOST - 1));
        const double s = 0.05 + 0.9 * (double)support_uniform(&seed);
        const double l1 = nmf_hoyer_l1(n, s);
        const double guesses[] = {-INFINITY, -1.0, -0.0055, -1e-9};
        float g[MOST], h[MOST];
        for (size_t j = 0; j < n; j++) {
            g[j] = -0.0055F + 2e-9F * support_uniform(&seed);
        }
        for (size_t i = 0; i < 4; i++) {
            nmf_hoyer_project(h, g, n, l1, guesses[i]);
            assert_on_the_set(h, n, s);
        }
    }
}

static void two_entries_are_known_by_hand(void **state)
{
    const float g[] = {3.0F, -7.0F};
    float h[2];
    (void)state;
    const double l1 = nmf_hoyer_l1(2, 0.5);
    SUPPORT_NEAR(l1, 0.5 * (1.0 + sqrt(2.0)), 1e-15);
    nmf_hoyer_project(h, g, 2, l1, -INFINITY);
    SUPPORT_NEAR((double)h[0], (l1 + sqrt(2.0 - l1 * l1)) / 2.0, 1e-7);
    SUPPORT_NEAR((double)h[1], (l1 - sqrt(2.0 - l1 * l1)) / 2.0, 1e-7);
}

static void what_has_the_sparseness_stays(void **state)
{
    uint64_t seed = 8;
    (void)state;
    for (int trial = 0; trial < 200; trial++) {
        float g[MOST], h[MOST], again[MOST];
        const double l1 = nmf_hoyer_l1(MOST, 0.1 + 0.004 * trial);
        make_vector(g, MOST, &seed);
        nmf_hoyer_project(h, g, MOST, l1, -INFINITY);
        nmf_hoyer_project(again, h, MOST, l1, -INFINITY);
        /* Ties are many nearest points of g, but h is its own. */
        for (size_t j = 0; j < MOST; j++) {
            SUPPORT_NEAR((double)again[j], (double)h[j], 2e-6);
        }
    }
}

static void ends_of_the_scale_are_reached(void **state)
{
    const double ends[] = {1e-9, 1e-4, 0.9999, 1.0 - 1e-9};
    float g[50], h[50];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            uint64_t state_of_seed = seed;
            for (size_t j = 0; j < 50; j++) {
                g[j] = support_uniform(&state_of_seed) - 0.3F;
            }
            nmf_hoyer_project(h, g, 50, nmf_hoyer_l1(50, ends[i]), -INFINITY);
            assert_on_the_set(h, 50, ends[i]);
        }
    }
}

/* Zeros, constants, ties of the largest: fewest non-zeros, first places. */
static void ties_go_to_the_first_places(void **state)
{
    const float values[] = {0.0F, 4.0F, -2.5F, 1e-30F, 1e30F};
    float g[16], h[16];
    (void)state;
    for (size_t v = 0; v < 5; v++) {
        for (int i = 1; i < 20; i++) {
            const double s = i / 20.0, l1 = nmf_hoyer_l1(16, s);
            size_t n_above = 0;
            for (size_t j = 0; j < 16; j++) {
                g[j] = values[v];
            }
            nmf_hoyer_cut cut = nmf_hoyer_project(h, g, 16, l1, -INFINITY);
            assert_true(cut.length == 0.0);
            assert_on_the_set(h, 16, s);
            for (size_t j = 0; j < 16; j++) {
                n_above += h[j] > 0.0F;
                assert_true(j == 0 || h[j] <= h[j - 1]);
            }
            assert_true((double)n_above <= ceil(l1 * l1));
        }
    }
    /* Exactly as many ties as the sparseness wants: 4 of 16, all alike. */
    for (size_t j = 0; j < 16; j++) {
        g[j] = j % 4 == 1 ? 1.0F : 0.5F;
    }
    nmf_hoyer_project(h, g, 16, 2.0, -INFINITY);
    for (size_t j = 0; j < 16; j++) {
        SUPPORT_NEAR((double)h[j], j % 4 == 1 ? 0.5 : 0.0, 1e-6);
    }
}

static void guesses_good_and_bad_change_nothing(void **state)
{
    enum { N = 300 };
    uint64_t seed = 3;
    (void)state;
    for (int trial = 0; trial < 300; trial++) {
        float g[N], h[N], guessed[N];
        const double l1 = nmf_hoyer_l1(N, 0.05 + 0.003 * trial);
        for (size_t j = 0; j < N; j++) {
            g[j] = support_uniform(&seed) - 0.5F;
        }
        nmf_hoyer_cut cut = nmf_hoyer_project(h, g, N, l1, -INFINITY);
        const double guesses[] = {cut.threshold,        cut.threshold - 1e-3,
                                  cut.threshold + 1e-3, cut.threshold - 1e3,
                                  cut.threshold + 0.3,  1e9,
                                  (double)NAN};
        for (size_t i = 0; i < 7; i++) {
            nmf_hoyer_project(guessed, g, N, l1, guesses[i]);
            for (size_t j = 0; j < N; j++) {
                SUPPORT_NEAR((double)guessed[j], (double)h[j], 1e-7);
            }
        }
    }
}

/* As parts are: ten thousand entries. */
static void long_vectors_meet_their_target(void **state)
{
    enum { N = 10304 };
    static float g[N], h[N];
    uint64_t seed = 4;
    (void)state;
    for (int i = 1; i < 20; i++) {
        for (size_t j = 0; j < N; j++) {
            const float x = support_uniform(&seed);
            g[j] = x * x * x - 0.1F;
        }
        nmf_hoyer_project(h, g, N, nmf_hoyer_l1(N, i / 20.0), -INFINITY);
        assert_on_the_set(h, N, i / 20.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_vector_of_that_sparseness_is_nearer),
        cmocka_unit_test(entries_that_hardly_differ_meet_their_target),
        cmocka_unit_test(two_entries_are_known_by_hand),
        cmocka_unit_test(what_has_the_sparseness_stays),
        cmocka_unit_test(ends_of_the_scale_are_reached),
        cmocka_unit_test(ties_go_to_the_first_places),
        cmocka_unit_test(guesses_good_and_bad_change_nothing),
        cmocka_unit_test(long_vectors_meet_their_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
