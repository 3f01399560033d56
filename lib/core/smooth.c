/* Sweeps and sums over a grid of pixels. Contracts: smooth.h. */
#include "core/smooth.h"

#include <stdbool.h>

/* Shorter images are not worth waking other threads for. */
enum { ALONE_BELOW = 4096 };

static bool is_worth_sharing(const nmf_grid *grid)
{
    return grid->width * grid->height * grid->channels >= ALONE_BELOW;
}

double nmf_smooth_bound(const nmf_grid *grid)
{
    /* 1 in a direction of two pixels, 2 in one of more, 0 in one of one */
    double degree = 0.0;
    degree += grid->width > 2 ? 2.0 : (double)grid->width - 1.0;
    degree += grid->height > 2 ? 2.0 : (double)grid->height - 1.0;
    return 2.0 * degree;
}

/* What is around a sample. */
typedef struct around {
    float sum;
    float degree;
} around;

/* Of column x in row y; h points to the sample itself. */
static inline around look_around(const float *h, size_t x, size_t y,
                                 const nmf_grid *grid)
{
    const size_t right = grid->channels, down = grid->width * grid->channels;
    around a = {0.0F, 0.0F};
    if (x > 0) {
        a.sum += *(h - right);
        a.degree += 1.0F;
    }
    if (x + 1 < grid->width) {
        a.sum += h[right];
        a.degree += 1.0F;
    }
    if (y > 0) {
        a.sum += *(h - down);
        a.degree += 1.0F;
    }
    if (y + 1 < grid->height) {
        a.sum += h[down];
        a.degree += 1.0F;
    }
    return a;
}

/* The pixels of one colour of the chess board in row y. */
static void sweep_row(float *h, const float *g, float diagonal, float weight,
                      const nmf_grid *grid, size_t y, size_t colour)
{
    const size_t channels = grid->channels;
    const size_t row = y * grid->width * channels;
    for (size_t x = (y + colour) % 2; x < grid->width; x += 2) {
        for (size_t c = 0; c < channels; c++) {
            const size_t j = row + x * channels + c;
            const around a = look_around(h + j, x, y, grid);
            const float best =
                (g[j] + weight * a.sum) / (diagonal + weight * a.degree);
            h[j] = best > 0.0F ? best : 0.0F;
        }
    }
}

void nmf_smooth_sweep(float *h, const float *g, double diagonal, double weight,
                      const nmf_grid *grid, int n_threads)
{
    (void)n_threads;
#pragma omp parallel num_threads(n_threads) if (is_worth_sharing(grid))
    for (size_t colour = 0; colour < 2; colour++) {
#pragma omp for schedule(static)
        for (size_t y = 0; y < grid->height; y++) {
            sweep_row(h, g, (float)diagonal, (float)weight, grid, y, colour);
        }
    }
}

void nmf_smooth_laplacian(float *out, const float *h, const nmf_grid *grid,
                          int n_threads)
{
    const size_t channels = grid->channels;
    (void)n_threads;
#pragma omp parallel for schedule(static)                                      \
    num_threads(n_threads) if (is_worth_sharing(grid))
    for (size_t y = 0; y < grid->height; y++) {
        for (size_t x = 0; x < grid->width; x++) {
            for (size_t c = 0; c < channels; c++) {
                const size_t j = (y * grid->width + x) * channels + c;
                const around a = look_around(h + j, x, y, grid);
                out[j] = a.degree * h[j] - a.sum;
            }
        }
    }
}

double nmf_smooth_energy(const float *h, const nmf_grid *grid)
{
    const size_t down = grid->width * grid->channels;
    double sum = 0.0;
    for (size_t y = 0; y < grid->height; y++) {
        const float *row = h + y * down;
        for (size_t i = grid->channels; i < down; i++) {
            const double step =
                (double)row[i] - (double)row[i - grid->channels];
            sum += step * step;
        }
        for (size_t i = 0; y > 0 && i < down; i++) {
            const double step = (double)row[i] - (double)*(row + i - down);
            sum += step * step;
        }
    }
    return sum;
}
