/* The arithmetic of multiplicative updates, panel by panel. Contracts: mu.h. */
#include "core/fpstate.h"
#include "core/mu.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

/* A thread's scratch. */
typedef struct scratch {
    float *Y;     /* k x width: where B is updated from */
    float *above; /* k x width: its upper sums */
    float *below; /* k x width: its lower ones */
    float *R;     /* a group of panels: upper weights */
    float *S;     /* the same: lower weights, where has_below */
} scratch;

static scratch scratch_of(const mu *m)
{
    scratch a;
    a.Y = m->scratch + (size_t)nmf_thread_number() * m->scratch_size;
    a.above = a.Y + m->panel_size;
    a.below = a.above + m->panel_size;
    a.R = a.below + m->panel_size;
    a.S = a.R + NMF_PANEL_GROUP * m->x_size;
    return a;
}

/* ---- what the passes are given ---- */

/* A factor of the short side, transposed to panels of components. */
static void rows_of_A(mu *m, const float *A)
{
    const size_t width = m->kernels->width;
    for (size_t q = 0; q < m->n_short; q++) {
        const size_t count = mu_smaller(width, m->s - q * width);
        const float *from = A + q * m->panel_size;
        for (size_t j = 0; j < m->k; j++) {
            float *to =
                m->A_rows + (j / width * m->s + q * width) * width + j % width;
            for (size_t c = 0; c < count; c++) {
                to[c * width] = from[j * width + c];
            }
        }
    }
}

/* The sums of n gram matrices in blocks, of which those on and below the
 * diagonal were made, to a full one. */
static void add_grams(mu *m, double *G, const float *parts, size_t n)
{
    const size_t width = m->kernels->width, k = m->k;
    memset(m->gram_sums, 0, m->gram_size * sizeof *m->gram_sums);
    for (size_t p = 0; p < n; p++) {
        for (size_t i = 0; i < m->gram_size; i++) {
            m->gram_sums[i] += (double)parts[p * m->gram_size + i];
        }
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = i; j < k; j++) {
            G[i * k + j] = G[j * k + i] =
                m->gram_sums[(i / width * k + j) * width + i % width];
        }
    }
}

/* A gram matrix as a factor of k rows, for products with it. */
static void gram_to_panels(mu *m, const double *G)
{
    const size_t width = m->kernels->width;
    for (size_t i = 0; i < m->k; i++) {
        for (size_t j = 0; j < m->k; j++) {
            m->G_panels[(i / width * m->k + j) * width + i % width] =
                (float)G[i * m->k + j];
        }
    }
}

/* What the updates of B need of A_used, all panels of which count. */
void mu_prepare(mu *m)
{
    nmf_prefetch none = {{NULL}, {NULL}, 0};
    memset(m->sums_A, 0, m->k * sizeof *m->sums_A);
    for (size_t q = 0; q < m->n_short; q++) {
        m->losses->add_rows(m->sums_A, m->A_used + q * m->panel_size, m->k);
    }
    for (size_t j = 0; j < m->k; j++) {
        m->row_A[j] = (float)m->sums_A[j];
    }
    rows_of_A(m, m->A_used);
    if (m->is_gram) {
        float *G = m->G_long; /* made anew by the pass */
        for (size_t q = 0; q < m->n_short; q++) {
            const float *a = m->A_used + q * m->panel_size;
            m->kernels->accumulate(G, a, a, m->k, 1, m->k, true, q > 0, &none);
        }
        add_grams(m, m->gram_A, G, 1);
        gram_to_panels(m, m->gram_A);
    }
}

/* ---- updates ---- */

/* The weights of the entries of panel p of X; NULL: all are 1. */
static const float *panel_of_M(const mu *m, size_t p)
{
    return m->M ? m->M + p * m->x_size : NULL;
}

/* V = A'B of a panel. */
static void times_A(const mu *m, float *V, const float *B, nmf_prefetch *fetch)
{
    m->kernels->product(V, m->A_rows, B, m->k, m->s, fetch);
}

/* The upper and lower sums of a panel B whose weights are in R and S. */
static nmf_multiplication sums_of(const mu *m, const scratch *a, const float *B,
                                  const float *R, const float *S,
                                  nmf_prefetch *fetch)
{
    nmf_multiplication by = {.above = a->above,
                             .below_row = m->row_A,
                             .l1 = m->of_B.l1,
                             .l2 = m->of_B.l2,
                             .exponent = m->exponent};
    m->kernels->product(a->above, m->A_used, R, m->s, m->k, fetch);
    if (m->is_gram) {
        m->kernels->product(a->below, m->G_panels, B, m->k, m->k, fetch);
        by.below = a->below;
    } else if (m->has_below) {
        m->kernels->product(a->below, m->A_used, S, m->s, m->k, fetch);
        by.below = a->below;
    }
    return by;
}

/* The update of the panel in a->Y, which is panel p, into `to`. */
static void update_Y(mu *m, const scratch *a, size_t p, float *to, float *R,
                     float *S, nmf_prefetch *fetch)
{
    const float *x = m->X + p * m->x_size;
    if (!m->is_gram) {
        times_A(m, R, a->Y, fetch);
        m->losses->weights(R, m->has_below ? S : NULL, x, R, panel_of_M(m, p),
                           m->s, &m->beta);
        x = R;
    }
    nmf_multiplication by = sums_of(m, a, a->Y, x, S, fetch);
    m->losses->multiply(to, a->Y, &by, m->k);
}

/* Panel p of B_other from that of B; alpha < 0: the same. */
static void update_panel(mu *m, const scratch *a, size_t p, float alpha,
                         float *R, float *S, nmf_prefetch *fetch)
{
    const float *b = m->B + p * m->panel_size;
    float *to = m->B_other + p * m->panel_size;
    if (alpha < 0.0F) {
        memcpy(to, b, m->panel_size * sizeof *to);
        return;
    }
    m->losses->ahead(a->Y, b, to, alpha, m->panel_size);
    update_Y(m, a, p, to, R, S, fetch);
    for (size_t n = 1; n < m->n_updates; n++) {
        memcpy(a->Y, to, m->panel_size * sizeof *to);
        update_Y(m, a, p, to, R, S, fetch);
    }
}

/* ---- the long pass ---- */

/* X and both B of the next group, spread over the tiles of this one. */
static nmf_prefetch fetch_next(const mu *m, size_t next, size_t n_panels)
{
    enum { LINE = 64 };
    const size_t count =
        next < m->n_long ? mu_smaller(NMF_PANEL_GROUP, m->n_long - next) : 0;
    const size_t x_bytes = count * m->x_size * sizeof(float);
    const size_t b_bytes = count * m->panel_size * sizeof(float);
    const size_t tiles = m->kernels->width >= 32 ? 12 : 6;
    const size_t calls = 1 + n_panels * 2 * (m->s / tiles);
    const char *x = (const char *)(m->X + next * m->x_size);
    const char *b = (const char *)(m->B + next * m->panel_size);
    const char *o = (const char *)(m->B_other + next * m->panel_size);
    return (nmf_prefetch){
        {x, b, o},
        {x + x_bytes, b + b_bytes, o + b_bytes},
        1 + (x_bytes + 2 * b_bytes) / LINE / calls,
    };
}

/* The weights and sums of panel p, whose A'B is in R. */
static void sum_panel(mu *m, mu_part *part, size_t p, float *R, float *S)
{
    const size_t width = m->kernels->width;
    nmf_divergence_sums sums = m->losses->measure(
        R, m->has_below ? S : NULL, m->X + p * m->x_size, R, panel_of_M(m, p),
        m->s, mu_smaller(width, m->l - p * width), &m->beta);
    part->divergence += sums.divergence;
    part->squares += sums.squares;
}

/* The products of a group with its weights, for the update of A. */
static void accumulate(mu *m, size_t c, size_t first, size_t n,
                       const scratch *a, nmf_prefetch *fetch)
{
    const nmf_panel_kernels *kernels = m->kernels;
    const bool add = first > c * m->chunk;
    const float *b = m->B_other + first * m->panel_size;
    float *D = m->D + c * m->a_size;
    if (m->is_gram) {
        float *G = m->G_long + c * m->gram_size;
        kernels->accumulate(D, b, m->X + first * m->x_size, m->s, n, m->k,
                            false, add, fetch);
        kernels->accumulate(G, b, b, m->k, n, m->k, true, add, fetch);
        return;
    }
    kernels->accumulate(D, b, a->R, m->s, n, m->k, false, add, fetch);
    if (m->has_below) {
        kernels->accumulate(m->E + c * m->a_size, b, a->S, m->s, n, m->k, false,
                            add, fetch);
    }
}

static void long_chunk(mu *m, size_t c, float alpha, const scratch *a)
{
    const size_t end = mu_smaller(m->n_long, (c + 1) * m->chunk);
    double *sums = m->chunk_sums + c * m->k;
    mu_part *part = &m->parts[c];
    *part = (mu_part){0.0, 0.0, 0.0};
    memset(sums, 0, m->k * sizeof *sums);
    for (size_t first = c * m->chunk; first < end; first += NMF_PANEL_GROUP) {
        const size_t n = mu_smaller(NMF_PANEL_GROUP, end - first);
        nmf_prefetch fetch = fetch_next(m, first + n, n);
        for (size_t g = 0; g < n; g++) {
            const size_t p = first + g;
            float *R = a->R + g * m->x_size;
            float *S = m->has_below ? a->S + g * m->x_size : NULL;
            const float *b = m->B_other + p * m->panel_size;
            update_panel(m, a, p, alpha, R, S, &fetch);
            if (!m->is_gram) {
                times_A(m, R, b, &fetch);
                sum_panel(m, part, p, R, S);
            }
            m->losses->add_rows(sums, b, m->k);
            if (m->of_B.l2 > 0.0) {
                part->norm += m->kernels->dot(b, b, m->panel_size);
            }
        }
        accumulate(m, c, first, n, a, &fetch);
    }
}

/* D and E of all chunks into those of the first, in order; <A_used, D>. */
static void add_chunks(mu *m)
{
#pragma omp parallel for schedule(static) num_threads(m->n_threads)
    for (size_t q = 0; q < m->n_short; q++) {
        const size_t at = q * m->panel_size;
        for (size_t c = 1; c < m->n_chunks; c++) {
            const size_t from = c * m->a_size + at;
            m->kernels->add(m->D + at, m->D + from, m->panel_size);
            if (m->has_below) {
                m->kernels->add(m->E + at, m->E + from, m->panel_size);
            }
        }
        m->dots[q] = m->kernels->dot(m->A_used + at, m->D + at, m->panel_size);
    }
}

/* What the pair came to, from what the chunks left. */
static nmf_step add_up(mu *m)
{
    nmf_step step = {.is_summed = !m->is_gram};
    double sum_A = 0.0, sum_B = 0.0, squares_A = 0.0, squares_B = 0.0;
    memset(m->sums_B, 0, m->k * sizeof *m->sums_B);
    for (size_t c = 0; c < m->n_chunks; c++) {
        step.divergence += m->parts[c].divergence;
        step.squared_error += m->parts[c].squares;
        squares_B += m->parts[c].norm;
        for (size_t j = 0; j < m->k; j++) {
            m->sums_B[j] += m->chunk_sums[c * m->k + j];
        }
    }
    for (size_t j = 0; j < m->k; j++) {
        m->row_B[j] = (float)m->sums_B[j];
        sum_A += m->sums_A[j];
        sum_B += m->sums_B[j];
    }
    if (m->is_gram) {
        step.squared_error = m->squared_norm;
        add_grams(m, m->gram_B, m->G_long, m->n_chunks);
        for (size_t i = 0; i < m->k * m->k; i++) {
            step.squared_error += m->gram_A[i] * m->gram_B[i];
        }
        for (size_t q = 0; q < m->n_short; q++) {
            step.squared_error -= 2.0 * m->dots[q];
        }
    }
    if (m->of_A.l2 > 0.0) {
        squares_A = m->kernels->dot(m->A_used, m->A_used, m->a_size);
    }
    step.penalty = m->of_A.l1 * sum_A + m->of_B.l1 * sum_B +
                   0.5 * (m->of_A.l2 * squares_A + m->of_B.l2 * squares_B);
    return step;
}

nmf_step mu_pass(mu *m, float alpha)
{
    mu_prepare(m);
#pragma omp parallel num_threads(m->n_threads)
    {
        unsigned fpstate = nmf_fpstate_enter();
        const scratch a = scratch_of(m);
#pragma omp for schedule(dynamic, 1)
        for (size_t c = 0; c < m->n_chunks; c++) {
            long_chunk(m, c, alpha, &a);
        }
        nmf_fpstate_leave(fpstate);
    }
    add_chunks(m);
    return add_up(m);
}

/* The sums of panel q of A_used after a pass. */
static nmf_multiplication sums_of_A(mu *m, size_t q, float *below)
{
    const size_t at = q * m->panel_size;
    nmf_prefetch none = {{NULL}, {NULL}, 0};
    nmf_multiplication by = {.above = m->D + at,
                             .below_row = m->row_B,
                             .l1 = m->of_A.l1,
                             .l2 = m->of_A.l2,
                             .exponent = m->exponent};
    if (m->is_gram) {
        m->kernels->product(below, m->G_panels, m->A_used + at, m->k, m->k,
                            &none);
        by.below = below;
    } else if (m->has_below) {
        by.below = m->E + at;
    }
    return by;
}

void mu_update_A(mu *m)
{
    unsigned fpstate = nmf_fpstate_enter();
    float *below = m->scratch;
    if (m->is_gram) {
        gram_to_panels(m, m->gram_B);
    }
    for (size_t q = 0; q < m->n_short; q++) {
        const size_t at = q * m->panel_size;
        nmf_multiplication by = sums_of_A(m, q, below);
        m->losses->multiply(m->A + at, m->A_used + at, &by, m->k);
    }
    nmf_fpstate_leave(fpstate);
}

/* Panel q of A by sums that remember: mu_learn_A(). */
static void learn_panel(mu *m, size_t q, const nmf_multiplication *by,
                        float *above, float *below, double rho)
{
    const size_t at = q * m->panel_size, width = m->kernels->width;
    const double most = 1e30, exponent = m->exponent;
    for (size_t i = 0; i < m->panel_size; i++) {
        const double f = (double)m->A_used[at + i];
        const double power = exponent == 1.0 ? f : pow(f, 1.0 / exponent);
        const double b =
            (double)(by->below ? by->below[i] : by->below_row[i / width]) +
            by->l1 + by->l2 * f;
        const double upper =
            rho * (double)above[at + i] + (double)by->above[i] * power;
        const double lower = rho * (double)below[at + i] + fmax(b, 1e-30);
        const double ratio = upper / lower;
        above[at + i] = (float)fmin(upper, most);
        below[at + i] = (float)fmin(lower, most);
        m->A_used[at + i] =
            (float)fmin(exponent == 1.0 ? ratio : pow(ratio, exponent), 1e18);
    }
}

void mu_learn_A(mu *m, float *above, float *below, double rho)
{
    if (m->is_gram) {
        gram_to_panels(m, m->gram_B);
    }
#pragma omp parallel num_threads(m->n_threads)
    {
        unsigned fpstate = nmf_fpstate_enter();
        const scratch a = scratch_of(m);
#pragma omp for schedule(static)
        for (size_t q = 0; q < m->n_short; q++) {
            nmf_multiplication by = sums_of_A(m, q, a.below);
            learn_panel(m, q, &by, above, below, rho);
        }
        nmf_fpstate_leave(fpstate);
    }
}

/* ---- what else the driver asks for ---- */

/* Of the pair (A whose rows are in A_rows, B). */
static nmf_divergence_sums measure_pair(mu *m)
{
    nmf_divergence_sums sums = {0.0, 0.0};
#pragma omp parallel num_threads(m->n_threads)
    {
        const scratch a = scratch_of(m);
#pragma omp for schedule(static)
        for (size_t p = 0; p < m->n_long; p++) {
            mu_part part = {0.0, 0.0, 0.0};
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            times_A(m, a.R, m->B + p * m->panel_size, &none);
            if (m->is_gram) {
                part.squares =
                    m->kernels->distance(m->X + p * m->x_size, a.R, m->x_size);
                part.divergence = 0.5 * part.squares;
            } else {
                sum_panel(m, &part, p, a.R, a.S);
            }
            m->dots[p] = part.squares;
            m->dots[m->n_long + p] = part.divergence;
        }
    }
    for (size_t p = 0; p < m->n_long; p++) {
        sums.squares += m->dots[p];
        sums.divergence += m->dots[m->n_long + p];
    }
    return sums;
}

double mu_residual(mu *m)
{
    rows_of_A(m, m->A_kept);
    return measure_pair(m).squares;
}

nmf_divergence_sums mu_measure(mu *m)
{
    return measure_pair(m);
}

/* Of a panel: entries times their gradients, and times the terms below. */
typedef struct slopes {
    double gradient, below;
} slopes;

static slopes slopes_of(const mu *m, const float *F,
                        const nmf_multiplication *by)
{
    const size_t width = m->kernels->width;
    slopes sum = {0.0, 0.0};
    for (size_t i = 0; i < m->panel_size; i++) {
        const double f = (double)F[i];
        const double below =
            (double)(by->below ? by->below[i] : by->below_row[i / width]) +
            by->l1 + by->l2 * f;
        sum.gradient += f * fabs(below - (double)by->above[i]);
        sum.below += f * below;
    }
    return sum;
}

nmf_gradient mu_gradient_of_A(mu *m)
{
    nmf_gradient gradient = {0.0, 0.0};
    if (m->is_gram) {
        gram_to_panels(m, m->gram_B);
    }
    for (size_t q = 0; q < m->n_short; q++) {
        nmf_multiplication by = sums_of_A(m, q, m->scratch);
        slopes a = slopes_of(m, m->A_used + q * m->panel_size, &by);
        gradient.size += a.gradient;
        gradient.scale += a.below;
    }
    return gradient;
}

nmf_gradient mu_gradient_of_B(mu *m)
{
    nmf_gradient gradient = {0.0, 0.0};
    if (m->is_gram) {
        gram_to_panels(m, m->gram_A);
    }
#pragma omp parallel num_threads(m->n_threads)
    {
        const scratch a = scratch_of(m);
#pragma omp for schedule(static)
        for (size_t p = 0; p < m->n_long; p++) {
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            const float *b = m->B + p * m->panel_size;
            const float *R = m->X + p * m->x_size;
            if (!m->is_gram) {
                times_A(m, a.R, b, &none);
                m->losses->weights(a.R, m->has_below ? a.S : NULL, R, a.R,
                                   panel_of_M(m, p), m->s, &m->beta);
                R = a.R;
            }
            nmf_multiplication by = sums_of(m, &a, b, R, a.S, &none);
            slopes of_B = slopes_of(m, b, &by);
            m->dots[p] = of_B.gradient;
            m->dots[m->n_long + p] = of_B.below;
        }
    }
    for (size_t p = 0; p < m->n_long; p++) {
        gradient.size += m->dots[p];
        gradient.scale += m->dots[m->n_long + p];
    }
    return gradient;
}

nmf_gradient mu_gradient(mu *m)
{
    const nmf_gradient of_A = mu_gradient_of_A(m);
    const nmf_gradient of_B = mu_gradient_of_B(m);
    return (nmf_gradient){of_A.size + of_B.size, of_A.scale + of_B.scale};
}
