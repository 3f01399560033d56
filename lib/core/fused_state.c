/* Memory, start and reading out of the fused solver. Contracts: fused.h. */
#include "core/alloc.h"
#include "core/block.h"
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
    nmf_free(f->memory);
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
    /* A panel of X as floats, or a group of panels rounded. */
    f->spare_size =
        f->bf16 ? larger(NMF_PANEL_GROUP * f->panel_size / 2, f->s * width) : 0;
    f->scratch_size = f->panel_size +
                      larger(NMF_PANEL_GROUP * f->panel_size, f->s * width) +
                      f->spare_size;
    return nmf_size_mul(&unused, f->n_long * width, f->s) &&
           nmf_size_mul(&unused, f->n_long * width, k) &&
           nmf_size_mul(&unused, f->n_chunks, f->a_size);
}

/* Where each array lies. X is the last: in bfloat16 half of it is not used. */
static void place(fused *f, nmf_block *b)
{
    const size_t k = f->k, width = f->kernels->width;
    const size_t parts = f->n_chunks + f->n_short;
    for (size_t i = 0; i < 3; i++) {
        f->B[i] = nmf_block_take(b, f->n_long * f->panel_size, sizeof(float));
    }
    f->A = nmf_block_take(b, f->a_size, sizeof(float));
    f->A_before = nmf_block_take(b, f->a_size, sizeof(float));
    f->A_used = nmf_block_take(b, f->a_size, sizeof(float));
    f->A_bf16 = nmf_block_take(b, f->a_size, sizeof(uint16_t));
    f->A_kept = nmf_block_take(b, f->a_size, sizeof(float));
    f->D = nmf_block_take(b, f->n_chunks * f->a_size, sizeof(float));
    f->G_long = nmf_block_take(b, f->n_chunks * f->gram_size, sizeof(float));
    f->G_short = nmf_block_take(b, f->n_short * f->gram_size, sizeof(float));
    f->G_used = nmf_block_take(b, f->n_short * f->gram_size, sizeof(float));
    f->dots = nmf_block_take(b, f->n_short, sizeof(double));
    f->sums = nmf_block_take(b, parts, sizeof(double));
    f->n_sweeps = nmf_block_take(b, parts, sizeof(size_t));
    f->costs = nmf_block_take(b, parts, sizeof(double));
    f->gram_A = nmf_block_take(b, k * k, sizeof(double));
    f->gram_B = nmf_block_take(b, k * k, sizeof(double));
    f->gram = nmf_block_take(b, k * k + f->gram_size, sizeof(double));
    f->Gt = nmf_block_take(b, k * f->ldg, sizeof(float));
    f->scale = nmf_block_take(b, f->ldg, sizeof(float));
    f->weight = nmf_block_take(b, f->ldg, sizeof(float));
    f->A_rows = nmf_block_take(b, fused_ceil_div(k, width) * f->s,
                               width * sizeof(float));
    f->G_panels = nmf_block_take(b, f->gram_size, sizeof(float));
    f->gram_kept = nmf_block_take(b, k * k, sizeof(double));
    f->residuals = nmf_block_take(b, f->n_long, sizeof(double));
    f->worst = nmf_block_take(b, f->n_long, sizeof(size_t));
    f->scratch = nmf_block_take(b, f->scratch_size,
                                (size_t)f->n_threads * sizeof(float));
    f->X = nmf_block_take(b, f->n_long * f->s, width * sizeof(float));
}

static bool allocate(fused *f)
{
    nmf_block b = {NULL, 0, false};
    place(f, &b);
    f->memory = b.is_too_large ? NULL : nmf_malloc(b.used, 1);
    if (!f->memory) {
        return false;
    }
    b = (nmf_block){f->memory, 0, false};
    place(f, &b);
    /* X is written when it is packed. */
    memset(f->memory, 0, (size_t)((char *)f->X - (char *)f->memory));
    return true;
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

/* The penalties in units of the packed X: the loss is over unit^4. */
static void take_penalties(fused *f, const nmf_loss *loss)
{
    const double unit = (double)f->unit;
    const fused_penalty of_W = {loss->l1_W / (unit * unit * unit),
                                loss->l2_W / (unit * unit)};
    const fused_penalty of_H = {loss->l1_H / (unit * unit * unit),
                                loss->l2_H / (unit * unit)};
    f->of_A = f->is_tall ? of_H : of_W;
    f->of_B = f->is_tall ? of_W : of_H;
}

static bool is_penalised(const nmf_loss *loss)
{
    return loss->l1_W > 0.0 || loss->l2_W > 0.0 || loss->l1_H > 0.0 ||
           loss->l2_H > 0.0;
}

nmf_status fused_create(fused **out, const nmf_source *X, const nmf_loss *loss,
                        const nmf_matrix *W0, const nmf_matrix *H0,
                        int n_threads, nmf_error *err)
{
    fused *f = nmf_calloc(1, sizeof *f);
    *out = NULL;
    if (!f) {
        return nmf_error_memory(err, sizeof *f, "the solver");
    }
    f->kernels = nmf_panel_kernels_get();
    f->has_penalty = is_penalised(loss);
    /* Rounding would move entries off what the penalties count. */
    f->bf16 = f->has_penalty ? NULL : nmf_panel_bf16_get();
    if (f->bf16 && f->bf16->width != f->kernels->width) {
        f->bf16 = NULL; /* the choice changed in between */
    }
    if (!plan(f, X, H0->rows, n_threads) || !allocate(f)) {
        fused_free(f);
        return nmf_error_memory(err, X->n_samples * X->n_features * 4,
                                "a packed copy of the data and the factors");
    }
    f->unit = choose_unit(X);
    f->squared_norm = X->squared_norm / fused_unit_squares(f);
    take_penalties(f, loss);
    fused_pack(f);
    to_panels(f, f->B[0], f->is_tall ? W0 : H0, f->is_tall);
    to_panels(f, f->A, f->is_tall ? H0 : W0, !f->is_tall);
    memcpy(f->B[1], f->B[0], f->n_long * f->panel_size * sizeof(float));
    memcpy(f->A_before, f->A, f->a_size * sizeof(float));
    f->last_error = f->lowest = f->milestone = INFINITY;
    f->kept = (fused_pair){
        .A = f->A,
        .now = f->B[0],
        .before = f->B[0],
        .squared_error = INFINITY,
    };
    *out = f;
    return NMF_OK;
}

void fused_rows_of_A(fused *f, const float *A)
{
    const size_t width = f->kernels->width;
    for (size_t i = 0; i < f->s; i++) {
        for (size_t j = 0; j < f->k; j++) {
            f->A_rows[(j / width * f->s + i) * width + j % width] =
                *entry(f, A, i, j);
        }
    }
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
    fused_rows_of_A(f, of->A);
#pragma omp parallel num_threads(f->n_threads)
    {
        float *Y = f->scratch + (size_t)nmf_thread_number() * f->scratch_size;
        float *product = Y + size;
#pragma omp for schedule(static)
        for (size_t p = 0; p < f->n_long; p++) {
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            fused_Y(f, Y, of, p);
            kernels->product(product, f->A_rows, Y, f->k, f->s, &none);
            f->residuals[p] =
                kernels->distance(fused_floats(f, p), product, f->s * width);
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
    const size_t width = f->kernels->width;
    nmf_matrix *of_long = f->is_tall ? W : H;
    nmf_matrix *of_short = f->is_tall ? H : W;
    if (of_short) {
        from_panels(f, of_short, f->kept.A, !f->is_tall);
    }
    for (size_t p = 0; of_long && p < f->n_long; p++) {
        float *Y = f->scratch;
        const size_t first = p * width;
        const size_t count = fused_smaller(width, f->l - first);
        fused_Y(f, Y, &f->kept, p);
        for (size_t j = 0; j < f->k; j++) {
            for (size_t c = 0; c < count; c++) {
                *(f->is_tall ? nmf_matrix_row(of_long, first + c) + j
                             : nmf_matrix_row(of_long, j) + first + c) =
                    Y[j * width + c] * f->unit;
            }
        }
    }
}
