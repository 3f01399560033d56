/* Memory, start and reading out of multiplicative updates. Contracts: mu.h. */
#include "core/alloc.h"
#include "core/block.h"
#include "core/error.h"
#include "core/mu.h"

#include <math.h>
#include <string.h>

enum { MIN_CHUNK = 8, MAX_CHUNKS = 64 };

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t ceil_div(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

void mu_free(void *state)
{
    mu *m = state;
    if (m) {
        nmf_free(m->memory);
        nmf_free(m);
    }
}

/*
 * Sizes that follow from the problem: m->is_tall, n_samples of X and k. False
 * where they do not fit a size_t.
 */
static bool plan(mu *m, const nmf_source *X, size_t n_samples, size_t k)
{
    const size_t width = m->kernels->width;
    size_t unused = 0;
    m->source = X;
    m->k = k;
    m->s = m->is_tall ? X->n_features : n_samples;
    m->l = m->is_tall ? n_samples : X->n_features;
    m->n_long = ceil_div(m->l, width);
    m->n_short = ceil_div(m->s, width);
    m->chunk = larger(
        MIN_CHUNK, ceil_div(ceil_div(m->n_long, MAX_CHUNKS), NMF_PANEL_GROUP) *
                       NMF_PANEL_GROUP);
    m->n_chunks = ceil_div(m->n_long, m->chunk);
    m->panel_size = k * width;
    m->x_size = m->s * width;
    m->a_size = m->n_short * m->panel_size;
    m->gram_size = ceil_div(k, width) * m->panel_size;
    /* Y, the upper and the lower sums; both weights of a group. */
    m->scratch_size = 3 * m->panel_size +
                      NMF_PANEL_GROUP * m->x_size * (m->has_below ? 2 : 1);
    return nmf_size_mul(&unused, m->n_long * width, m->s) &&
           nmf_size_mul(&unused, m->n_long * width, k) &&
           nmf_size_mul(&unused, m->n_chunks, m->a_size);
}

/* Where each array lies; X is the last. See block.h. */
static void place(mu *m, nmf_block *b)
{
    const size_t k = m->k, one = sizeof(float);
    m->B = nmf_block_take(b, m->n_long * m->panel_size, one);
    m->B_other = nmf_block_take(b, m->n_long * m->panel_size, one);
    m->A_kept = nmf_block_take(b, m->a_size, one);
    m->A_used = nmf_block_take(b, m->a_size, one);
    m->A = nmf_block_take(b, m->a_size, one);
    m->A_before = nmf_block_take(b, m->a_size, one);
    m->A_rows = nmf_block_take(b, ceil_div(k, m->kernels->width) * m->s,
                               m->kernels->width * one);
    m->D = nmf_block_take(b, m->n_chunks * m->a_size, one);
    m->E = nmf_block_take(b, m->has_below ? m->n_chunks * m->a_size : 0, one);
    m->G_long =
        nmf_block_take(b, m->is_gram ? m->n_chunks * m->gram_size : 0, one);
    m->G_panels = nmf_block_take(b, m->gram_size, one);
    m->gram_A = nmf_block_take(b, k * k, sizeof(double));
    m->gram_B = nmf_block_take(b, k * k, sizeof(double));
    m->gram_sums = nmf_block_take(b, m->gram_size, sizeof(double));
    m->chunk_sums = nmf_block_take(b, m->n_chunks * k, sizeof(double));
    m->sums_A = nmf_block_take(b, k, sizeof(double));
    m->sums_B = nmf_block_take(b, k, sizeof(double));
    m->row_A = nmf_block_take(b, k, one);
    m->row_B = nmf_block_take(b, k, one);
    m->parts = nmf_block_take(b, m->n_chunks, sizeof *m->parts);
    m->dots = nmf_block_take(b, 2 * m->n_long, sizeof(double));
    m->scratch = nmf_block_take(b, m->scratch_size, (size_t)m->n_threads * one);
    m->M = m->source->weights ? nmf_block_take(b, m->n_long * m->x_size, one)
                              : NULL;
    m->X = nmf_block_take(b, m->n_long * m->x_size, one);
}

static bool allocate(mu *m)
{
    nmf_block b = {NULL, 0, false};
    place(m, &b);
    m->memory = b.is_too_large ? NULL : nmf_malloc(b.used, 1);
    if (!m->memory) {
        return false;
    }
    b = (nmf_block){m->memory, 0, false};
    place(m, &b);
    /* X is written when it is packed, and M is. */
    memset(m->memory, 0, (size_t)((char *)m->X - (char *)m->memory));
    return true;
}

/* ---- what is minimised, in which units ---- */

/*
 * X is scaled by a power of four, so that its mean is near 1, and its square
 * root by one of two: nothing changes but exponents. Pictures have unit 1.
 */
static double choose_unit(const nmf_source *X)
{
    int exponent = 0;
    frexp(nmf_source_mean(X), &exponent);
    return ldexp(1.0, exponent / 4 * 2);
}

/* Of D_beta of the packed X: D_beta(c x | c v) = c^beta D_beta(x | v). */
void mu_weigh(mu *m, const nmf_loss *loss)
{
    const double loss_unit = pow(m->unit, 2.0 * m->beta.beta);
    const mu_penalty of_W = {loss->l1_W * m->unit / loss_unit,
                             loss->l2_W * m->unit * m->unit / loss_unit};
    const mu_penalty of_H = {loss->l1_H * m->unit / loss_unit,
                             loss->l2_H * m->unit * m->unit / loss_unit};
    m->of_A = m->is_tall ? of_H : of_W;
    m->of_B = m->is_tall ? of_W : of_H;
}

/*
 * The exponent with which updates never raise the objective: Fevotte and
 * Idier's. In rho, new over old, the loss is bounded by a function of slope
 * below rho^(beta - 1) - above rho^(beta - 2), where powers of rho below 0 in
 * the first term and above 0 in the second are taken as 0, and its zero is the
 * update. l1 is of slope 1 and fits in; l2 is of slope rho: where that is more
 * than the first term has, the first term is bounded by slope rho, too.
 */
static double exponent_of(double beta, bool has_l2)
{
    const double first = fmax(fmax(beta - 1.0, 0.0), has_l2 ? 1.0 : 0.0);
    const double second = fmin(beta - 2.0, 0.0);
    return 1.0 / (first - second);
}

/* ---- between panels and rows ---- */

/* Entry j of index q of a factor in panel format. */
static float *entry(const mu *m, const float *F, size_t q, size_t j)
{
    const size_t width = m->kernels->width;
    return (float *)F + (q / width * m->k + j) * width + q % width;
}

/* W or H to panel format, or back. The samples' factor has a row an index. */
static void to_panels(const mu *m, float *F, const nmf_matrix *from,
                      bool is_of_samples)
{
    for (size_t i = 0; i < from->rows; i++) {
        const float *row = nmf_matrix_row(from, i);
        for (size_t j = 0; j < from->cols; j++) {
            *(is_of_samples ? entry(m, F, i, j) : entry(m, F, j, i)) =
                (float)((double)row[j] / m->unit);
        }
    }
}

static void from_panels(const mu *m, nmf_matrix *to, const float *F,
                        bool is_of_samples)
{
    for (size_t i = 0; i < to->rows; i++) {
        float *row = nmf_matrix_row(to, i);
        for (size_t j = 0; j < to->cols; j++) {
            float f = *(is_of_samples ? entry(m, F, i, j) : entry(m, F, j, i));
            row[j] = (float)((double)f * m->unit);
        }
    }
}

/* The long side of m->source from `first` on, m->l indices of it. */
static void pack(mu *m, size_t first)
{
    const nmf_source *X = m->source;
    const float scale = (float)(1.0 / (m->unit * m->unit));
    const size_t width = m->kernels->width;
#pragma omp parallel for schedule(static) num_threads(m->n_threads)
    for (size_t p = 0; p < m->n_long; p++) {
        float *panel = m->X + p * m->x_size;
        X->ops->pack(X, panel, m->kernels, first + p * width, m->is_tall);
        for (size_t i = 0; scale != 1.0F && i < m->x_size; i++) {
            panel[i] *= scale;
        }
        /* The source may go on where a batch ends. */
        for (size_t c = m->l - p * width; c < width; c++) {
            for (size_t i = 0; i < m->s; i++) {
                panel[i * width + c] = 0.0F;
            }
        }
        if (m->M) {
            X->weights->ops->pack(X->weights, m->M + p * m->x_size, m->kernels,
                                  first + p * width, m->is_tall);
        }
    }
}

/* What mu_create() and mu_create_batch() have in common, X and B left out. */
static nmf_status begin(mu **out, mu *m, const nmf_source *X,
                        const nmf_loss *loss, size_t n_samples,
                        const nmf_matrix *A0, double unit, nmf_error *err)
{
    m->kernels = nmf_panel_kernels_get();
    m->losses = nmf_divergence_kernels_get();
    m->beta = nmf_beta_of(loss->beta);
    m->is_gram = loss->beta == 2.0 && !X->weights;
    m->has_below = X->weights || (loss->beta != 2.0 && loss->beta != 1.0);
    m->exponent = exponent_of(loss->beta, loss->l2_W > 0.0 || loss->l2_H > 0.0);
    if (!plan(m, X, n_samples, m->is_tall ? A0->rows : A0->cols) ||
        !allocate(m)) {
        mu_free(m);
        return nmf_error_memory(err, n_samples * X->n_features * 4,
                                "a packed copy of the data and the factors");
    }
    m->unit = unit > 0.0 ? unit : choose_unit(X);
    m->squared_norm = X->squared_norm / pow(m->unit, 4.0);
    mu_weigh(m, loss);
    to_panels(m, m->A_used, A0, !m->is_tall);
    memcpy(m->A, m->A_used, m->a_size * sizeof(float));
    memcpy(m->A_kept, m->A_used, m->a_size * sizeof(float));
    m->n_updates = 1;
    m->eta = 1.0;
    m->lowest = INFINITY;
    *out = m;
    return NMF_OK;
}

nmf_status mu_create(mu **out, const nmf_source *X, const nmf_loss *loss,
                     const nmf_matrix *W0, const nmf_matrix *H0,
                     bool is_extrapolated, int n_threads, nmf_error *err)
{
    mu *m = nmf_calloc(1, sizeof *m);
    *out = NULL;
    if (!m) {
        return nmf_error_memory(err, sizeof *m, "the solver");
    }
    m->n_threads = n_threads;
    m->is_extrapolated = is_extrapolated;
    m->is_tall = X->n_samples > X->n_features;
    m->updates_B_first = !is_extrapolated && m->is_tall;
    nmf_status status =
        begin(out, m, X, loss, X->n_samples, m->is_tall ? H0 : W0, 0.0, err);
    if (status == NMF_OK) {
        pack(m, 0);
        to_panels(m, m->B, m->is_tall ? W0 : H0, m->is_tall);
        memcpy(m->B_other, m->B, m->n_long * m->panel_size * sizeof(float));
    }
    return status;
}

nmf_status mu_create_batch(mu **out, const nmf_source *X, const nmf_loss *loss,
                           const nmf_matrix *H0, size_t rows, double unit,
                           int n_threads, nmf_error *err)
{
    mu *m = nmf_calloc(1, sizeof *m);
    *out = NULL;
    if (!m) {
        return nmf_error_memory(err, sizeof *m, "the solver");
    }
    m->n_threads = n_threads;
    m->is_tall = true;
    return begin(out, m, X, loss, rows, H0, unit, err);
}

void mu_take(mu *m, const nmf_source *X, size_t first, const nmf_matrix *W)
{
    m->source = X;
    m->l = W->rows;
    m->n_long = ceil_div(m->l, m->kernels->width);
    m->n_chunks = ceil_div(m->n_long, m->chunk);
    pack(m, first);
    memset(m->B + (m->n_long - 1) * m->panel_size, 0,
           m->panel_size * sizeof *m->B); /* past the end of W */
    to_panels(m, m->B, W, true);
    memcpy(m->B_other, m->B, m->n_long * m->panel_size * sizeof *m->B);
}

void mu_keep(mu *m)
{
    float *B = m->B;
    m->B = m->B_other;
    m->B_other = B;
    memcpy(m->A_kept, m->A_used, m->a_size * sizeof *m->A_kept);
}

void mu_read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const mu *m = state;
    if (W) {
        from_panels(m, W, m->is_tall ? m->B : m->A_kept, true);
    }
    if (H) {
        from_panels(m, H, m->is_tall ? m->A_kept : m->B, false);
    }
}
