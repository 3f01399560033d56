/* Sweeps and sums over a grid of pixels. Contracts: smooth.h. */
#include "core/smooth.h"

#include <stdbool.h>

/*
 * Smaller images are not worth waking other threads for, nor waiting for them
 * where the machine is busy: a pass over so many samples takes 0.1 ms.
 */
enum { ALONE_BELOW = 65536 };

/* The threads that a pass over the grid is worth. */
static int team_of(const nmf_grid *grid, int n_threads)
{
    return grid->width * grid->height * grid->channels < ALONE_BELOW
               ? 1
               : n_threads;
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

/* Of column x in row y, on the border or not; h points to the sample itself. */
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

/* Where all four neighbours are there. */
static inline float sum_around(const float *h, const nmf_grid *grid)
{
    const size_t right = grid->channels, down = grid->width * grid->channels;
    return (*(h - right) + h[right]) + (*(h - down) + h[down]);
}

static bool is_inside(size_t y, const nmf_grid *grid)
{
    return y > 0 && y + 1 < grid->height;
}

/* ---- sweeps ---- */

typedef struct sweep {
    float *h;
    const float *g;
    float diagonal;
    float weight;
    const nmf_grid *grid;
} sweep;

static inline void sweep_pixel(const sweep *s, size_t x, size_t y)
{
    const size_t channels = s->grid->channels;
    for (size_t c = 0; c < channels; c++) {
        const size_t j = (y * s->grid->width + x) * channels + c;
        const around a = look_around(s->h + j, x, y, s->grid);
        const float best = (s->g[j] + s->weight * a.sum) /
                           (s->diagonal + s->weight * a.degree);
        s->h[j] = best > 0.0F ? best : 0.0F;
    }
}

/* Columns first, first + 2, ... before the last one of an inner row. */
static void sweep_inside(const sweep *s, size_t first, size_t y)
{
    const size_t channels = s->grid->channels, row = y * s->grid->width;
    const float scale = 1.0F / (s->diagonal + s->weight * 4.0F);
    for (size_t x = first; x + 1 < s->grid->width; x += 2) {
        for (size_t c = 0; c < channels; c++) {
            const size_t j = (row + x) * channels + c;
            const float sum = sum_around(s->h + j, s->grid);
            const float best = (s->g[j] + s->weight * sum) * scale;
            s->h[j] = best > 0.0F ? best : 0.0F;
        }
    }
}

/* The pixels of one colour of the chess board in row y. */
static void sweep_row(const sweep *s, size_t y, size_t colour)
{
    const size_t width = s->grid->width, first = (y + colour) % 2;
    if (!is_inside(y, s->grid)) {
        for (size_t x = first; x < width; x += 2) {
            sweep_pixel(s, x, y);
        }
        return;
    }
    if (first == 0) {
        sweep_pixel(s, 0, y);
    }
    sweep_inside(s, first == 0 ? 2 : 1, y);
    if (width > 1 && (width - 1) % 2 == first) {
        sweep_pixel(s, width - 1, y);
    }
}

void nmf_smooth_sweep(float *h, const float *g, double diagonal, double weight,
                      const nmf_grid *grid, int n_threads)
{
    const sweep s = {h, g, (float)diagonal, (float)weight, grid};
    const int team = team_of(grid, n_threads);
    (void)team; /* without OpenMP */
#pragma omp parallel num_threads(team)
    for (size_t colour = 0; colour < 2; colour++) {
#pragma omp for schedule(static)
        for (size_t y = 0; y < grid->height; y++) {
            sweep_row(&s, y, colour);
        }
    }
}

/* ---- products ---- */

static void laplacian_pixel(float *out, const float *h, size_t x, size_t y,
                            const nmf_grid *grid)
{
    for (size_t c = 0; c < grid->channels; c++) {
        const size_t j = (y * grid->width + x) * grid->channels + c;
        const around a = look_around(h + j, x, y, grid);
        out[j] = a.degree * h[j] - a.sum;
    }
}

static void laplacian_row(float *out, const float *h, size_t y,
                          const nmf_grid *grid)
{
    const size_t right = grid->channels, down = grid->width * right;
    if (!is_inside(y, grid)) {
        for (size_t x = 0; x < grid->width; x++) {
            laplacian_pixel(out, h, x, y, grid);
        }
        return;
    }
    laplacian_pixel(out, h, 0, y, grid);
    laplacian_pixel(out, h, grid->width - 1, y, grid);
#pragma omp simd
    for (size_t j = y * down + right; j < (y + 1) * down - right; j++) {
        out[j] = 4.0F * h[j] - sum_around(h + j, grid);
    }
}

void nmf_smooth_laplacian(float *out, const float *h, const nmf_grid *grid,
                          int n_threads)
{
    const int team = team_of(grid, n_threads);
    (void)team;
#pragma omp parallel for schedule(static) num_threads(team)
    for (size_t y = 0; y < grid->height; y++) {
        laplacian_row(out, h, y, grid);
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
