/* Sweeps and sums over a grid of pixels, beside sums over pairs. */
#include "support.h"

#include "core/smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From a pixel to itself, a neighbour only if one step of one axis apart. */
static bool are_neighbours(size_t a, size_t b, const nmf_grid *grid)
{
    const size_t c = grid->channels, w = grid->width;
    const size_t xa = a / c % w, ya = a / c / w, xb = b / c % w, yb = b / c / w;
    const size_t dx = xa > xb ? xa - xb : xb - xa;
    const size_t dy = ya > yb ? ya - yb : yb - ya;
    return a % c == b % c && dx + dy == 1;
}

static size_t size_of(const nmf_grid *grid)
{
    return grid->width * grid->height * grid->channels;
}

static double energy(const float *h, const nmf_grid *grid)
{
    double sum = 0.0;
    for (size_t a = 0; a < size_of(grid); a++) {
        for (size_t b = 0; b < a; b++) {
            const double step = (double)h[a] - (double)h[b];
            sum += are_neighbours(a, b, grid) ? step * step : 0.0;
        }
    }
    return sum;
}

static const nmf_grid grids[] = {{5, 4, 1}, {1, 1, 1}, {1, 7, 1}, {6, 1, 3},
                                 {2, 2, 1}, {4, 3, 3}, {2, 9, 1}, {1, 1, 3}};
enum { N_GRIDS = sizeof grids / sizeof grids[0] };

static void the_energy_is_the_sum_over_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GRIDS; i++) {
        nmf_matrix h = support_random(1, size_of(&grids[i]), i);
        SUPPORT_NEAR(nmf_smooth_energy(h.data, &grids[i]),
                     energy(h.data, &grids[i]), 1e-9);
        nmf_matrix_release(&h);
    }
}

/* h' L h = <h, L h>; with a vector of one 1, a column of L by hand. */
static void the_laplacian_belongs_to_the_energy(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GRIDS; i++) {
        const size_t n = size_of(&grids[i]);
        nmf_matrix h = support_random(2, n, i);
        float *out = nmf_matrix_row(&h, 1), *one = h.data;
        double sum = 0.0, squares = 0.0;
        nmf_smooth_laplacian(out, h.data, &grids[i], 2);
        for (size_t j = 0; j < n; j++) {
            sum += (double)h.data[j] * (double)out[j];
            squares += (double)h.data[j] * (double)h.data[j];
        }
        SUPPORT_NEAR(sum, energy(h.data, &grids[i]), 1e-5);
        SUPPORT_ASSERT(sum <= nmf_smooth_bound(&grids[i]) * squares + 1e-5,
                       "grid %zu: the bound is %g", i,
                       nmf_smooth_bound(&grids[i]));
        for (size_t at = 0; at < n; at++) {
            float degree = 0.0F;
            memset(one, 0, n * sizeof *one);
            one[at] = 1.0F;
            nmf_smooth_laplacian(out, one, &grids[i], 1);
            for (size_t j = 0; j < n; j++) {
                const bool is_near = are_neighbours(at, j, &grids[i]);
                degree += is_near ? 1.0F : 0.0F;
                assert_true(j == at || out[j] == (is_near ? -1.0F : 0.0F));
            }
            assert_true(out[at] == degree);
        }
        nmf_matrix_release(&h);
    }
}

/* The bound is met by a chess board on a torus; here it comes near. */
static void the_bound_is_not_loose(void **state)
{
    const nmf_grid large = {40, 40, 1};
    float h[1600];
    (void)state;
    for (size_t j = 0; j < 1600; j++) {
        h[j] = (j / 40 + j) % 2 ? 1.0F : -1.0F;
    }
    const double ratio = nmf_smooth_energy(h, &large) / 1600.0;
    assert_true(ratio <= nmf_smooth_bound(&large));
    assert_true(ratio > 0.97 * nmf_smooth_bound(&large));
}

static double objective(const float *h, const float *g, double diagonal,
                        double weight, const nmf_grid *grid)
{
    double sum = 0.5 * weight * energy(h, grid);
    for (size_t j = 0; j < size_of(grid); j++) {
        const double x = (double)h[j];
        sum += 0.5 * diagonal * x * x - (double)g[j] * x;
    }
    return sum;
}

/* At the end no pixel alone can lower it, which for a convex one is the end. */
static void sweeps_descend_to_the_minimum(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_GRIDS; i++) {
        const nmf_grid *grid = &grids[i];
        const size_t n = size_of(grid);
        nmf_matrix hg = support_random(2, n, 10 + i);
        float *h = hg.data, *g = nmf_matrix_row(&hg, 1);
        double before = INFINITY;
        for (size_t j = 0; j < n; j++) {
            g[j] = 2.0F * g[j] - 1.0F;
        }
        for (int sweep = 0; sweep < 200; sweep++) {
            nmf_smooth_sweep(h, g, 0.7, 1.9, grid, 2);
            const double after = objective(h, g, 0.7, 1.9, grid);
            SUPPORT_ASSERT(after <= before + 1e-6, "grid %zu, sweep %d: %g, %g",
                           i, sweep, before, after);
            before = after;
        }
        for (size_t j = 0; j < n; j++) {
            const float at = h[j];
            for (int sign = -1; sign <= 1; sign += 2) {
                h[j] = fmaxf(0.0F, at + (float)sign * 0.01F);
                assert_true(objective(h, g, 0.7, 1.9, grid) >= before - 1e-6);
            }
            h[j] = at;
        }
        nmf_matrix_release(&hg);
    }
}

/* Large enough to be shared out. */
static void threads_change_no_byte(void **state)
{
    const nmf_grid grid = {201, 120, 3};
    const size_t n = size_of(&grid);
    nmf_matrix hg = support_random(4, n, 7);
    float *first = hg.data, *second = nmf_matrix_row(&hg, 1);
    float *out = nmf_matrix_row(&hg, 3);
    (void)state;
    memcpy(second, first, n * sizeof *first);
    nmf_smooth_sweep(first, nmf_matrix_row(&hg, 2), 1.0, 3.0, &grid, 1);
    nmf_smooth_sweep(second, nmf_matrix_row(&hg, 2), 1.0, 3.0, &grid, 3);
    assert_memory_equal(first, second, n * sizeof *first);
    nmf_smooth_laplacian(second, first, &grid, 1);
    nmf_smooth_laplacian(out, first, &grid, 3);
    assert_memory_equal(out, second, n * sizeof *first);
    nmf_matrix_release(&hg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_energy_is_the_sum_over_pairs),
        cmocka_unit_test(the_laplacian_belongs_to_the_energy),
        cmocka_unit_test(the_bound_is_not_loose),
        cmocka_unit_test(sweeps_descend_to_the_minimum),
        cmocka_unit_test(threads_change_no_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
