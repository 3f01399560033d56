/* Memory, start and reading out of the fused solver. Contracts: fused.h. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/fpstate.h"
#include "core/fused.h"
#include "core/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_CHUNK = 8, MAX_CHUNKS = 64 };

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

void fused_free(void *state)
{
    fused *f = state;
    if (!f) {
        return;
    }
    void *const owned[] = {
        f->X,        f->B[0],      f->B[1],   f->B[2],     f->A,
        f->A_before, f->A_used,    f->A_kept, f->D,        f->G_long,
        f->G_short,  f->G_used,    f->dots,   f->n_sweeps, f->gram_A,
        f->gram_B,   f->gram,      f->Gt,     f->scale,    f->scratch,
        f->A_rows,   f->residuals, f->weight, f->G_panels, f->gram_kept};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        nmf_free(owned[i]);
    }
    nmf_free(f);
}

/* Sizes that follow from the problem; false where they do not fit a size_t. */
static bool plan(fused *f, const nmf_source *X, size_t k, int n_threads)
{
    const size_t width = f->kernels->width;
    size_t unused = 0;
    f->source = X;
    f->n_threads = n_threads;
    f->is_tall = X->n_samples > X->n_features;
    f->k = k;
    f->s = fused_smaller(X->n_samples, X->n_features);
    f->l = larger(X->n_samples, X->n_features);
    f->n_long = fused_ceil_div(f->l, width);
    f->n_short = fused_ceil_div(f->s, width);
    f->chunk =
        larger(MIN_CHUNK, fused_ceil_div(fused_ceil_div(f->n_long, MAX_CHUNKS),
                                         NMF_PANEL_GROUP) *
                              NMF_PANEL_GROUP);
    f->n_chunks = fused_ceil_div(f->n_long, f->chunk);
    f->panel_size = k * width;
    f->a_size = f->n_short * f->panel_size;
    f->gram_size = fused_ceil_div(k, width) * f->panel_size;
    f->ldg = fused_ceil_div(k, 16) * 16;
    f->scratch_size =
        f->panel_size + larger(NMF_PANEL_GROUP * f->panel_size, f->s * width);
    return nmf_size_mul(&unused, f->n_long * width, f->s) &&
           nmf_size_mul(&unused, f->n_long * width, k) &&
           nmf_size_mul(&unused, f->n_chunks, f->a_size);
}

static bool allocate(fused *f)
{
    const size_t b_size = f->n_long * f->panel_size;
    f->X = nmf_calloc(f->n_long * f->s * f->kernels->width, sizeof(float));
    for (size_t i = 0; i < 3; i++) {
        f->B[i] = nmf_calloc(b_size, sizeof(float));
    }
    f->A = nmf_calloc(f->a_size, sizeof(float));
    f->A_before = nmf_calloc(f->a_size, sizeof(float));
    f->A_used = nmf_calloc(f->a_size, sizeof(float));
    f->A_kept = nmf_calloc(f->a_size, sizeof(float));
    f->D = nmf_calloc(f->n_chunks * f->a_size, sizeof(float));
    f->G_long = nmf_calloc(f->n_chunks * f->gram_size, sizeof(float));
    f->G_short = nmf_calloc(f->n_short * f->gram_size, sizeof(float));
    f->G_used = nmf_calloc(f->n_short * f->gram_size, sizeof(float));
    f->dots = nmf_calloc(f->n_short, sizeof(double));
    f->n_sweeps = nmf_calloc(f->n_chunks + f->n_short, sizeof(size_t));
    f->gram_A = nmf_calloc(f->k * f->k, sizeof(double));
    f->gram_B = nmf_calloc(f->k * f->k, sizeof(double));
    f->gram = nmf_calloc(f->k * f->k + f->gram_size, sizeof(double));
    f->Gt = nmf_calloc(f->k * f->ldg, sizeof(float));
    f->scale = nmf_calloc(f->ldg, sizeof(float));
    f->weight = nmf_calloc(f->ldg, sizeof(float));
    f->A_rows = nmf_calloc(fused_ceil_div(f->k, f->kernels->width) * f->s,
                           f->kernels->width * sizeof(float));
    f->G_panels = nmf_calloc(f->gram_size, sizeof(float));
    f->gram_kept = nmf_calloc(f->k * f->k, sizeof(double));
    f->residuals = nmf_calloc(f->n_long, sizeof(double));
    f->scratch =
        nmf_calloc((size_t)f->n_threads * f->scratch_size, sizeof(float));
    return f->X && f->B[0] && f->B[1] && f->B[2] && f->A && f->A_before &&
           f->A_used && f->A_kept && f->D && f->G_long && f->G_short &&
           f->G_used && f->dots && f->n_sweeps && f->gram_A && f->gram_B &&
           f->gram && f->Gt && f->scale && f->weight && f->scratch &&
           f->A_rows && f->residuals && f->G_panels && f->gram_kept;
}

/* ---- between panels and rows ---- */

/* Entry j of index q of a factor in panel format. */
static float *entry(const fused *f, const float *F, size_t q, size_t j)
{
    const size_t width = f->kernels->width;
    return (float *)F + (q / width * f->k + j) * width + q % width;
}

/*
 * X is scaled by a power of four, its square root by one of two, so that
 * nothing changes but exponents and squares of tiny or huge numbers fit a
 * float. Pictures, whose root mean square is near 1, have unit 1.
 */
static float choose_unit(const nmf_source *X)
{
    int exponent = 0;
    frexp(X->squared_norm / ((double)X->n_samples * (double)X->n_features),
          &exponent); /* of the mean square */
    return abs(exponent) < 40 ? 1.0F : ldexpf(1.0F, exponent / 4);
}

/* W or H to panel format, or back. The samples' factor has a row an index. */
static void to_panels(const fused *f, float *F, const nmf_matrix *m,
                      bool is_of_samples)
{
    for (size_t i = 0; i < m->rows; i++) {
        const float *row = nmf_matrix_row(m, i);
        for (size_t j = 0; j < m->cols; j++) {
            *(is_of_samples ? entry(f, F, i, j) : entry(f, F, j, i)) =
                row[j] / f->unit;
        }
    }
}

static void from_panels(const fused *f, nmf_matrix *m, const float *F,
                        bool is_of_samples)
{
    for (size_t i = 0; i < m->rows; i++) {
        float *row = nmf_matrix_row(m, i);
        for (size_t j = 0; j < m->cols; j++) {
            row[j] = *(is_of_samples ? entry(f, F, i, j) : entry(f, F, j, i)) *
                     f->unit;
        }
    }
}

double fused_unit_squares(const fused *f)
{
    double unit = (double)f->unit;
    return unit * unit * unit * unit;
}

/* X to panels, scaled. */
static void pack(fused *f)
{
    const nmf_source *X = f->source;
    const size_t panel = f->s * f->kernels->width;
    f->unit = choose_unit(X);
    f->squared_norm = X->squared_norm / fused_unit_squares(f);
#pragma omp parallel for schedule(static) num_threads(f->n_threads)
    for (size_t p = 0; p < f->n_long; p++) {
        float *packed = f->X + p * panel;
        X->ops->pack(X, packed, f->kernels, p * f->kernels->width, f->is_tall);
        for (size_t i = 0; f->unit != 1.0F && i < panel; i++) {
            packed[i] = packed[i] / f->unit / f->unit;
        }
    }
}

nmf_status fused_create(fused **out, const nmf_source *X, const nmf_matrix *W0,
                        const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    fused *f = nmf_calloc(1, sizeof *f);
    *out = NULL;
    if (!f) {
        return nmf_error_memory(err, sizeof *f, "the solver");
    }
    f->kernels = nmf_panel_kernels_get();
    if (!plan(f, X, H0->rows, n_threads) || !allocate(f)) {
        fused_free(f);
        return nmf_error_memory(err, X->n_samples * X->n_features * 4,
                                "a packed copy of the data and the factors");
    }
    pack(f);
    to_panels(f, f->B[0], f->is_tall ? W0 : H0, f->is_tall);
    to_panels(f, f->A, f->is_tall ? H0 : W0, !f->is_tall);
    memcpy(f->B[1], f->B[0], f->n_long * f->panel_size * sizeof(float));
    memcpy(f->A_before, f->A, f->a_size * sizeof(float));
    f->last_error = f->lowest = INFINITY;
    f->kept = (fused_pair){f->A, f->B[0], f->B[0], 0.0F, INFINITY, false, 0.0};
    *out = f;
    return NMF_OK;
}

/*
 * ||X - A'Y||^2 of a pair, from the differences. A' is laid out in panels of
 * components, [k / width][s][width], so that A'Y is the product kernel's too.
 */
double fused_residual(fused *f, const fused_pair *of)
{
    const nmf_panel_kernels *kernels = f->kernels;
    const size_t width = kernels->width, size = f->panel_size;
    double sum = 0.0;
    for (size_t i = 0; i < f->s; i++) {
        for (size_t j = 0; j < f->k; j++) {
            f->A_rows[(j / width * f->s + i) * width + j % width] =
                *entry(f, of->A, i, j);
        }
    }
#pragma omp parallel num_threads(f->n_threads)
    {
        float *Y = f->scratch + (size_t)nmf_thread_number() * f->scratch_size;
        float *product = Y + size;
#pragma omp for schedule(static)
        for (size_t p = 0; p < f->n_long; p++) {
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            kernels->extrapolate(Y, of->now + p * size, of->before + p * size,
                                 of->beta, size);
            kernels->product(product, f->A_rows, Y, f->k, f->s, &none);
            f->residuals[p] = kernels->distance(f->X + p * f->s * width,
                                                product, f->s * width);
        }
    }
    for (size_t p = 0; p < f->n_long; p++) {
        sum += f->residuals[p];
    }
    return sum;
}

void fused_read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const fused *f = state;
    const fused_pair *kept = &f->kept;
    nmf_matrix *of_long = f->is_tall ? W : H;
    nmf_matrix *of_short = f->is_tall ? H : W;
    if (of_short) {
        from_panels(f, of_short, kept->A, !f->is_tall);
    }
    for (size_t i = 0; of_long && i < of_long->rows; i++) {
        float *row = nmf_matrix_row(of_long, i);
        for (size_t j = 0; j < of_long->cols; j++) {
            const size_t q = f->is_tall ? i : j, t = f->is_tall ? j : i;
            float now = *entry(f, kept->now, q, t);
            float before = *entry(f, kept->before, q, t);
            row[j] = fmaxf(0.0F, now + kept->beta * (now - before)) * f->unit;
        }
    }
}
