/*
 * PSNR and SSIM. The window of SSIM is a product of two Gaussians, so its sums
 * are taken down the lines first and then along the line that results. For one
 * line of places that is
 *
 *     lines y .. y + 10 of a, b  --down-->   4 lines of sums of a, b,
 *                                            a^2 + b^2, a b
 *                                --along-->  the same 4, window complete
 *
 * in double, since variances are small differences of these sums. Samples of
 * other channels are `channels` apart; all channels go through at once.
 */
#include <nmfimg/metrics.h>

#include "core/alloc.h"
#include "core/error.h"

#include <math.h>

enum { WINDOW = 11, N_SUMS = 4 };

static nmf_status check_pair(const nmf_image *a, const nmf_image *b,
                             nmf_error *err)
{
    if (a->width != b->width || a->height != b->height ||
        a->channels != b->channels) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "pictures of %zux%zu and %zux%zu pixels, %zu and "
                             "%zu channels, cannot be compared",
                             a->width, a->height, b->width, b->height,
                             a->channels, b->channels);
    }
    if (a->width == 0 || a->height == 0 || a->channels == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "pictures without pixels cannot be compared");
    }
    return NMF_OK;
}

nmf_status nmf_psnr(double *out, const nmf_image *a, const nmf_image *b,
                    nmf_error *err)
{
    nmf_status status = check_pair(a, b, err);
    if (status != NMF_OK) {
        return status;
    }
    size_t n = a->width * a->height * a->channels;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double difference = (double)a->pixels[i] - (double)b->pixels[i];
        sum += difference * difference;
    }
    /* log10(0) is -infinity: equal pictures have the PSNR +infinity. */
    *out = -10.0 * log10(sum / (double)n);
    return NMF_OK;
}

/* The window along one side: n weights, of sum 1. */
struct window {
    size_t n;
    double weight[WINDOW];
};

static struct window window_for(size_t side)
{
    struct window window = {.n = side < WINDOW ? side : WINDOW};
    const double sigma = 1.5;
    double sum = 0.0;
    for (size_t i = 0; i < window.n; i++) {
        double x = (double)i - ((double)window.n - 1.0) / 2.0;
        window.weight[i] = exp(-x * x / (2.0 * sigma * sigma));
        sum += window.weight[i];
    }
    for (size_t i = 0; i < window.n; i++) {
        window.weight[i] /= sum;
    }
    return window;
}

/* sums: N_SUMS lines of n; a, b: the first of window->n lines of n samples. */
static void sum_down(double *restrict sums, const float *restrict a,
                     const float *restrict b, size_t n,
                     const struct window *window)
{
    double *sum_a = sums;
    double *sum_b = sums + n;
    double *sum_squares = sums + 2 * n;
    double *sum_product = sums + 3 * n;
    for (size_t i = 0; i < N_SUMS * n; i++) {
        sums[i] = 0.0;
    }
    for (size_t line = 0; line < window->n; line++) {
        const double weight = window->weight[line];
        for (size_t i = 0; i < n; i++) {
            double from_a = (double)a[i];
            double from_b = (double)b[i];
            sum_a[i] += weight * from_a;
            sum_b[i] += weight * from_b;
            sum_squares[i] += weight * (from_a * from_a + from_b * from_b);
            sum_product[i] += weight * (from_a * from_b);
        }
        a += n;
        b += n;
    }
}

/* out: n sums of window->n entries of in, `step` apart. */
static void sum_along(double *restrict out, const double *restrict in, size_t n,
                      size_t step, const struct window *window)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = 0.0;
    }
    for (size_t j = 0; j < window->n; j++) {
        const double weight = window->weight[j];
        const double *from = in + j * step;
        for (size_t i = 0; i < n; i++) {
            out[i] += weight * from[i];
        }
    }
}

/* The sum of SSIM over n places, from N_SUMS lines that are n long. */
static double similarity_of_line(const double *sums, size_t n)
{
    const double c1 = 0.01 * 0.01;
    const double c2 = 0.03 * 0.03;
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        double mean_a = sums[i];
        double mean_b = sums[n + i];
        double mean_squares = mean_a * mean_a + mean_b * mean_b;
        double mean_product = mean_a * mean_b;
        double variances = sums[2 * n + i] - mean_squares;
        double covariance = sums[3 * n + i] - mean_product;
        total += (2.0 * mean_product + c1) * (2.0 * covariance + c2) /
                 ((mean_squares + c1) * (variances + c2));
    }
    return total;
}

nmf_status nmf_ssim(double *out, const nmf_image *a, const nmf_image *b,
                    nmf_error *err)
{
    nmf_status status = check_pair(a, b, err);
    if (status != NMF_OK) {
        return status;
    }
    const struct window down = window_for(a->height);
    const struct window along = window_for(a->width);
    const size_t n_samples = a->width * a->channels; /* of a line */
    const size_t n_places = (a->width - along.n + 1) * a->channels;
    const size_t n_lines = a->height - down.n + 1;
    double *sums = nmf_calloc(n_samples, 2 * N_SUMS * sizeof *sums);
    if (!sums) {
        return nmf_error_memory(err, n_samples * 2 * N_SUMS * sizeof *sums,
                                "comparing pictures");
    }
    double *complete = sums + N_SUMS * n_samples;
    double total = 0.0;
    for (size_t y = 0; y < n_lines; y++) {
        sum_down(sums, a->pixels + y * n_samples, b->pixels + y * n_samples,
                 n_samples, &down);
        for (size_t s = 0; s < N_SUMS; s++) {
            sum_along(complete + s * n_places, sums + s * n_samples, n_places,
                      a->channels, &along);
        }
        total += similarity_of_line(complete, n_places);
    }
    nmf_free(sums);
    *out = total / ((double)n_places * (double)n_lines);
    return NMF_OK;
}
