/*
 * Components that died, put to use again. Contract: fused.h.
 *
 * A component whose row is zero in one factor explains nothing, and may never
 * come back: the step that would revive it is held at zero, or multiplied by
 * it. It is given the column of X that the others explain worst: A_j becomes
 * what they leave of that column, where positive, and B_j is 1 there and 0
 * elsewhere. That takes ||A_j||^2 off the loss and disturbs nothing else.
 */
#include "core/fused.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

bool fused_is_dead(const fused *f, size_t j)
{
    const double nothing = 1e-30;
    return f->gram_A[j * f->k + j] <= nothing ||
           f->gram_B[j * f->k + j] <= nothing;
}

/* What the kept pair leaves of panel p, where positive, into R[s][width]. */
static void leftover(fused *f, float *R, const float *Y, size_t p)
{
    const size_t size = f->s * f->kernels->width;
    nmf_prefetch none = {{NULL}, {NULL}, 0};
    f->kernels->product(R, f->A_rows, Y, f->k, f->s, &none);
    const float *X = fused_floats(f, p);
    for (size_t i = 0; i < size; i++) {
        R[i] = fmaxf(0.0F, X[i] - R[i]);
    }
}

/* The largest squared column of R[s][width], and which it is. */
static double worst_column(const fused *f, const float *R, size_t *column)
{
    const size_t width = f->kernels->width;
    double squares[NMF_PANEL_MAX_WIDTH] = {0};
    size_t worst = 0;
    for (size_t i = 0; i < f->s; i++) {
        for (size_t c = 0; c < width; c++) {
            squares[c] += (double)R[i * width + c] * (double)R[i * width + c];
        }
    }
    for (size_t c = 1; c < width; c++) {
        worst = squares[c] > squares[worst] ? c : worst;
    }
    *column = worst;
    return squares[worst];
}

/* The kept Y into B[0], and the worst column of each panel. */
static void survey(fused *f)
{
    const size_t size = f->panel_size;
    fused_rows_of_A(f, f->kept.A);
#pragma omp parallel num_threads(f->n_threads)
    {
        float *R =
            f->scratch + (size_t)nmf_thread_number() * f->scratch_size + size;
#pragma omp for schedule(static)
        for (size_t p = 0; p < f->n_long; p++) {
            float *Y = f->B[0] + p * size;
            size_t column = 0;
            fused_Y(f, Y, &f->kept, p);
            leftover(f, R, Y, p);
            f->residuals[p] = worst_column(f, R, &column);
            f->worst[p] = column;
        }
    }
    memcpy(f->B[1], f->B[0], f->n_long * size * sizeof(float));
    f->kept.now = f->kept.before = f->B[0];
    f->kept.beta = 0.0F;
}

/* Component j to the worst column of panel p. */
static void revive(fused *f, size_t j, size_t p)
{
    const size_t width = f->kernels->width, size = f->panel_size;
    float *R = f->scratch + size;
    leftover(f, R, f->B[0] + p * size, p);
    for (size_t i = 0; i < f->s; i++) {
        f->A[(i / width * f->k + j) * width + i % width] =
            R[i * width + f->worst[p]];
    }
    for (size_t q = 0; q < f->n_long; q++) {
        float *row = f->B[0] + q * size + j * width;
        memset(row, 0, width * sizeof *row);
        row[f->worst[p]] = q == p ? 1.0F : 0.0F;
        memcpy(f->B[1] + q * size + j * width, row, width * sizeof *row);
    }
}

bool fused_reseed(fused *f)
{
    /* Below this part of a mean column, what is left is rounding. */
    const double enough = 1e-9 * f->squared_norm / (double)f->l;
    bool is_changed = false;
    survey(f);
    for (size_t j = 0; j < f->k; j++) {
        size_t p = 0;
        if (!fused_is_dead(f, j)) {
            continue;
        }
        for (size_t q = 1; q < f->n_long; q++) {
            p = f->residuals[q] > f->residuals[p] ? q : p;
        }
        if (f->residuals[p] <= enough) {
            break;
        }
        revive(f, j, p);
        f->residuals[p] = 0.0; /* the next one elsewhere */
        is_changed = true;
    }
    f->kept.squared_error = fused_residual(f, &f->kept);
    f->kept.is_summed = true;
    f->lowest = f->kept.squared_error;
    f->last_error = f->lowest;
    return is_changed;
}
