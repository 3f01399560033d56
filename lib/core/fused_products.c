/*
 * The packed X of the fused solver, and the products with it: in float, or in
 * bfloat16 where X is of 8 bits (see panel_bf16.h). Contracts: fused.h.
 *
 * The first iterations gain per cents of the loss, far more than the last digit
 * of a factor matters. So they are made in bfloat16, as long as that serves.
 *
 * Both factors are rounded before a product uses them, A_y and Y, and the gram
 * matrices, the error and what is kept are those of the rounded ones. Each half
 * of an iteration is then an exact one, for slightly other fixed factors, and
 * the error is that of the pair (A, Y) which is kept and read out.
 *
 * What rounding costs. A change d_q of column q of Y raises the loss by
 * d_q' A A' d_q, and as rounding has random signs, that is about
 *
 *     sum over j of (A A')_jj ||d_j||^2,    d_j: row j of all d,
 *
 * which the rounding itself sums up; likewise for A. When PATIENCE iterations
 * together gain less than that, steps drown in it: X is packed again, as floats
 * over what it was, and the iterations go on as if nothing had been.
 */
#include "core/fused.h"
#include "core/threads.h"

#include <math.h>

enum { PATIENCE = 8 };

/* ---- X ---- */

static size_t bf16_size(const fused *f)
{
    return nmf_panel_bf16_size(f->s, f->kernels->width);
}

static const uint16_t *bf16_panel(const fused *f, size_t p)
{
    return (const uint16_t *)f->X + p * bf16_size(f);
}

static float *spare(fused *f)
{
    float *end =
        f->scratch + ((size_t)nmf_thread_number() + 1) * f->scratch_size;
    return end - f->spare_size;
}

/* True where all entries are of 8 bits. */
static bool pack_bf16(fused *f)
{
    const nmf_source *X = f->source;
    const size_t width = f->kernels->width;
    bool is_other = false;
#pragma omp parallel for schedule(static) num_threads(f->n_threads)            \
    reduction(||                                                               \
              : is_other)
    for (size_t p = 0; p < f->n_long; p++) {
        uint16_t *to = (uint16_t *)f->X + p * bf16_size(f);
        float *panel = spare(f);
        if (!is_other) {
            X->ops->pack(X, panel, f->kernels, p * width, f->is_tall);
            is_other = !f->bf16->pack(to, panel, f->s);
        }
    }
    return !is_other;
}

static void pack_floats(fused *f)
{
    const nmf_source *X = f->source;
    const size_t size = f->s * f->kernels->width;
#pragma omp parallel for schedule(static) num_threads(f->n_threads)
    for (size_t p = 0; p < f->n_long; p++) {
        float *panel = f->X + p * size;
        X->ops->pack(X, panel, f->kernels, p * f->kernels->width, f->is_tall);
        for (size_t i = 0; f->unit != 1.0F && i < size; i++) {
            panel[i] = panel[i] / f->unit / f->unit;
        }
    }
}

void fused_pack(fused *f)
{
    f->is_bf16 = f->bf16 && f->unit == 1.0F && pack_bf16(f);
    if (!f->is_bf16) {
        pack_floats(f);
    }
}

const float *fused_floats(fused *f, size_t p)
{
    if (!f->is_bf16) {
        return f->X + p * f->s * f->kernels->width;
    }
    f->bf16->unpack(spare(f), bf16_panel(f, p), f->s);
    return spare(f);
}

const void *fused_panel_of_X(const fused *f, size_t p, size_t *bytes)
{
    if (f->is_bf16) {
        *bytes = bf16_size(f) * sizeof(uint16_t);
        return bf16_panel(f, p);
    }
    *bytes = f->s * f->kernels->width * sizeof(float);
    return f->X + p * f->s * f->kernels->width;
}

/* ---- products ---- */

void fused_product(const fused *f, float *C, size_t p, nmf_prefetch *fetch)
{
    if (f->is_bf16) {
        f->bf16->product(C, f->A_bf16, bf16_panel(f, p), f->s, f->k, fetch);
    } else {
        f->kernels->product(C, f->A_used, f->X + p * f->s * f->kernels->width,
                            f->s, f->k, fetch);
    }
}

double fused_product_unit(const fused *f)
{
    return f->is_bf16 ? 1.0 / 255.0 : 1.0;
}

void fused_accumulate(fused *f, size_t c, float *Y, size_t first, size_t n,
                      nmf_prefetch *fetch)
{
    const size_t size = f->panel_size;
    const bool add = first > c * f->chunk;
    float *D = f->D + c * f->a_size, *G = f->G_long + c * f->gram_size;
    if (f->is_bf16) {
        uint16_t *rounded = (uint16_t *)spare(f);
        f->costs[c] = add ? f->costs[c] : 0.0;
        for (size_t g = 0; g < n; g++) {
            f->costs[c] += f->bf16->round(rounded + g * size, Y + g * size,
                                          f->weight, f->k);
        }
        f->bf16->accumulate(D, rounded, bf16_panel(f, first), f->s, n, f->k,
                            add, fetch);
        f->bf16->gram(G, rounded, n, f->k, add);
    } else {
        nmf_prefetch none = {{NULL}, {NULL}, 0};
        f->kernels->accumulate(D, Y, f->X + first * f->s * f->kernels->width,
                               f->s, n, f->k, false, add, fetch);
        f->kernels->accumulate(G, Y, Y, f->k, n, f->k, true, add, &none);
    }
}

void fused_sum_products(fused *f, size_t q)
{
    float *D = f->D + q * f->panel_size;
    for (size_t c = 1; c < f->n_chunks; c++) {
        f->kernels->add(D, D + c * f->a_size, f->panel_size);
    }
    if (f->is_bf16) {
        f->bf16->divide(D, f->panel_size);
    }
}

void fused_new_A_used(fused *f, size_t q)
{
    const size_t at = q * f->panel_size;
    float *A = f->A_used + at, *G = f->G_used + q * f->gram_size;
    if (f->is_bf16) {
        uint16_t *rounded = f->A_bf16 + at;
        f->costs[f->n_chunks + q] = f->bf16->round(rounded, A, f->weight, f->k);
        f->bf16->gram(G, rounded, 1, f->k, false);
    } else {
        nmf_prefetch none = {{NULL}, {NULL}, 0};
        f->kernels->accumulate(G, A, A, f->k, 1, f->k, true, false, &none);
    }
}

void fused_Y(const fused *f, float *Y, const fused_pair *of, size_t p)
{
    const size_t at = p * f->panel_size;
    f->kernels->extrapolate(Y, of->now + at, of->before + at, of->beta,
                            f->panel_size);
    if (of->is_rounded) {
        f->bf16->round(NULL, Y, f->weight, f->k);
    }
}

/* ---- from bfloat16 to float ---- */

/* Do the steps drown in what rounding costs? Asked after each iteration. */
static bool is_spent(fused *f)
{
    double cost = 0.0;
    for (size_t i = 0; i < f->n_chunks + f->n_short; i++) {
        cost += f->costs[i];
    }
    if (f->kept.squared_error < f->milestone - cost) {
        f->milestone = f->kept.squared_error;
        f->n_slow = 0;
        return false;
    }
    return ++f->n_slow >= PATIENCE;
}

void fused_leave_bf16(fused *f)
{
    if (!f->is_bf16 || !is_spent(f)) {
        return;
    }
    f->is_bf16 = false;
    pack_floats(f);
    /* What follows is compared with the kept pair, measured in float too. That
     * and the free error agree to rounding: the lower counts. */
    f->lowest = fmin(f->kept.squared_error, fused_residual(f, &f->kept));
    f->kept.squared_error = f->lowest;
}
