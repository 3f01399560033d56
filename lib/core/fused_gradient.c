/* How far the fused solver's kept pair is from stationary. Contract: fused.h.
 */
#include "core/fused.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

/*
 * The squares of the projected gradient G F - P + l1 of n floats, given both
 * terms, l2 being part of G: where F is 0, only what pulls it up counts.
 */
static double projected_squares(const float *GF, const float *P, const float *F,
                                double l1, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double g = (double)GF[i] - (double)P[i] + l1;
        if (F[i] > 0.0F || g < 0.0) {
            sum += g * g;
        }
    }
    return sum;
}

/* A symmetric k x k gram matrix, l2 on its diagonal, to the panel format of a
 * k x k factor. */
static void gram_to_panels(const fused *f, float *out, const double *G,
                           double l2)
{
    const size_t width = f->kernels->width;
    for (size_t i = 0; i < f->k; i++) {
        for (size_t j = 0; j < f->k; j++) {
            out[(i / width * f->k + j) * width + i % width] =
                (float)(G[i * f->k + j] + (i == j ? l2 : 0.0));
        }
    }
}

/* In A: G_Y A - D, both left by the iteration. */
static double squares_of_A(fused *f)
{
    const size_t size = f->panel_size;
    float *GA = f->scratch;
    double sum = 0.0;
    gram_to_panels(f, f->G_panels, f->gram_B, f->of_A.l2);
    for (size_t q = 0; q < f->n_short; q++) {
        nmf_prefetch none = {{NULL}, {NULL}, 0};
        const float *a = f->kept.A + q * size;
        f->kernels->product(GA, f->G_panels, a, f->k, f->k, &none);
        sum += projected_squares(GA, f->D + q * size, a, f->of_A.l1, size);
    }
    return sum;
}

/* In Y: G_A Y - A X, a pass over X. */
static double squares_of_Y(fused *f)
{
    const fused_pair *kept = &f->kept;
    const size_t size = f->panel_size;
    double sum = 0.0;
    fused_add_grams(f, f->gram_kept, f->G_short, f->n_short);
    gram_to_panels(f, f->G_panels, f->gram_kept, f->of_B.l2);
#pragma omp parallel num_threads(f->n_threads)
    {
        float *Y = f->scratch + (size_t)nmf_thread_number() * f->scratch_size;
        float *P = Y + size, *GY = P + size;
#pragma omp for schedule(static)
        for (size_t p = 0; p < f->n_long; p++) {
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            fused_Y(f, Y, kept, p);
            f->kernels->product(P, kept->A, fused_floats(f, p), f->s, f->k,
                                &none);
            f->kernels->product(GY, f->G_panels, Y, f->k, f->k, &none);
            f->residuals[p] = projected_squares(GY, P, Y, f->of_B.l1, size);
        }
    }
    for (size_t p = 0; p < f->n_long; p++) {
        sum += f->residuals[p];
    }
    return sum;
}

nmf_gradient fused_gradient(fused *f)
{
    nmf_gradient gradient = {-1.0, 0.0};
    double factors = 0.0;
    if (f->n_failed > 0) {
        return gradient;
    }
    gradient.size = sqrt(squares_of_A(f) + squares_of_Y(f));
    for (size_t j = 0; j < f->k; j++) {
        factors += f->gram_kept[j * f->k + j] + f->gram_B[j * f->k + j];
    }
    gradient.scale = sqrt(f->squared_norm * factors);
    return gradient;
}
