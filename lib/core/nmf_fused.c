/*
 * Extrapolated HALS, fused: the default solver.
 *
 * What it is. HALS in the Gram form (Cichocki & Phan 2009) with several inner
 * sweeps of each factor (Gillis & Glineur 2012) and extrapolation with restart
 * (Ang & Gillis 2019):
 *
 *     B <- sweeps from max(0, B + beta' (B - B_before))   against A_y
 *     Y  = max(0, B + beta (B - B_before))
 *     A <- sweeps from A_y                                against Y
 *     A_y = max(0, A + beta (A - A_before))
 *
 *     ||X - A'Y|| grew: go on from A and B themselves, beta /= ETA
 *     else: beta grows by GAMMA, up to a bound that grows by GAMMA_BAR
 *
 * How it runs. See panel.h for A (short side), B (long side) and the layout.
 * Two passes an iteration, both over panels in parallel:
 *
 *   long pass, by groups of 4 panels, everything in the cache meanwhile:
 *       C = A_y X, sweeps of B, Y; then D += Y X' and G += Y Y' of the chunk
 *   short pass: D summed over chunks, sweeps of A, <A, D>, A A', A_y A_y'
 *
 * The loss ||X||^2 - 2 <A, D> + <A A', Y Y'> comes free. Penalties shift the
 * products (l1) and the diagonals of the gram matrices (l2) that the sweeps are
 * given, and what is compared is the penalised loss. Chunks are a fixed
 * partition, added in order: any number of threads gives the same bytes.
 *
 * What is kept. The pair (A, Y) with the smallest error so far; an iteration
 * that raised it changes nothing of what read() gives. B has three buffers: the
 * new one, the one before and that before it, from which the kept Y is made
 * when an iteration fails. Should the next one fail too, the kept pair itself
 * is the new start, with plain sweeps, which cannot fail but for rounding.
 *
 * Sources: A. Cichocki and A.-H. Phan, IEICE Trans. E92-A (2009). N. Gillis and
 * F. Glineur, Neural Computation 24 (2012). A. M. S. Ang and N. Gillis, Neural
 * Computation 31 (2019).
 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/fpstate.h"
#include "core/fused.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

/* Found on other starts than those that any figure is given for. */
static const double BETA_START = 0.5, GAMMA = 1.3, GAMMA_BAR = 1.05, ETA = 4.0;
static const double BETA_LEAST = 0.05;
enum { LONG_SWEEPS = 6, SHORT_SWEEPS = 10 };
/* Iterations without a better pair after which the next rise ends at the kept
 * one. */
enum { PATIENCE = 4 };
/* A block of sweeps ends when its squared change falls below this part of the
 * first. */
static const float ENOUGH = 0.003F;

/* ---- gram matrices ---- */

/* Contract: fused.h. */
void fused_add_grams(const fused *f, double *G, const float *parts, size_t n)
{
    const size_t width = f->kernels->width, k = f->k;
    for (size_t from = 0; from < k; from += width) {
        /* The block's rows from the diagonal on. */
        const size_t begin = (from / width * k + from) * width;
        const size_t size = (k - from) * width;
        double *sum = f->gram + k * k;
        for (size_t i = 0; i < size; i++) {
            sum[i] = (double)parts[begin + i];
        }
        for (size_t p = 1; p < n; p++) {
            const float *part = parts + p * f->gram_size + begin;
            for (size_t i = 0; i < size; i++) {
                sum[i] += (double)part[i];
            }
        }
        for (size_t j = from; j < k; j++, sum += width) {
            for (size_t i = from; i <= j && i < from + width; i++) {
                G[i * k + j] = G[j * k + i] = sum[i - from];
            }
        }
    }
}

/*
 * What a sweep wants: Gt[i][j] = -G_ij / G_jj, 0 on the diagonal, and the
 * inverse of the diagonal, to which l2 is added. A component that nothing uses
 * (G_jj = 0) keeps its value: 1 on the diagonal, and its product counts
 * nothing. Where l1 asks for it to be small, it goes to 0.
 */
static void scale_gram(fused *f, const double *G, const fused_penalty *of,
                       double product_unit)
{
    const double l2 = of->l2;
    const size_t k = f->k;
    double *inverse = f->gram;
    for (size_t j = 0; j < k; j++) {
        double diagonal = G[j * k + j] + l2;
        inverse[j] = diagonal > 1e-30 ? 1.0 / diagonal : 0.0;
        f->scale[j] = (float)(inverse[j] * product_unit);
        f->weight[j] = (float)diagonal;
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            f->Gt[i * f->ldg + j] = (float)(-G[i * k + j] * inverse[j]);
        }
        f->Gt[i * f->ldg + i] = inverse[i] > 0.0 || of->l1 > 0.0 ? 0.0F : 1.0F;
    }
}

/* The products of a panel become what its sweeps want; l1 is taken off. */
static void scale_products(const fused *f, float *C, double l1)
{
    const size_t width = f->kernels->width;
    f->kernels->scale_rows(C, f->scale, f->k);
    for (size_t j = 0; l1 > 0.0 && j < f->k; j++) {
        const float shift = (float)l1 * f->scale[j];
        for (size_t c = 0; c < width; c++) {
            C[j * width + c] -= shift;
        }
    }
}

/* The sum of n floats; 0 where nobody wants it. */
static double sum_where(bool is_wanted, const float *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; is_wanted && i < n; i++) {
        sum += (double)x[i];
    }
    return sum;
}

/* How many of the panel's columns are no padding; `of` of them on that side. */
static size_t columns_of(const fused *f, size_t of, size_t panel)
{
    return fused_smaller(f->kernels->width, of - panel * f->kernels->width);
}

/* ---- the long pass ---- */

/*
 * What to fetch while a group is worked on: X and both B of the next group,
 * spread evenly over the register tiles of this one.
 */
static nmf_prefetch fetch_next(const fused *f, size_t next, size_t n_panels)
{
    enum { LINE = 64 };
    const size_t width = f->kernels->width;
    const size_t count =
        next < f->n_long ? fused_smaller(NMF_PANEL_GROUP, f->n_long - next) : 0;
    size_t x_bytes = 0;
    const char *X = fused_panel_of_X(f, next, &x_bytes);
    const size_t b_bytes = count * f->panel_size * sizeof(float);
    const size_t tiles = fused_ceil_div(f->k, 12);
    const size_t calls =
        n_panels * tiles * (fused_ceil_div(f->s, 4 * width) + LONG_SWEEPS) +
        tiles * f->n_short;
    x_bytes *= count;
    nmf_prefetch fetch = {
        {X, (const char *)(f->B[0] + next * f->panel_size),
         (const char *)(f->B[1] + next * f->panel_size)},
        {NULL},
        1 + (x_bytes + 2 * b_bytes) / LINE / calls,
    };
    fetch.end[0] = fetch.at[0] + x_bytes;
    fetch.end[1] = fetch.at[1] + b_bytes;
    fetch.end[2] = fetch.at[2] + b_bytes;
    return fetch;
}

/* Chunk c of the long pass: the new B goes to `to`; Y is a group of scratch. */
static void long_chunk(fused *f, size_t c, float *to, float *Y)
{
    const nmf_panel_kernels *kernels = f->kernels;
    const size_t size = f->panel_size;
    const size_t end = fused_smaller(f->n_long, (c + 1) * f->chunk);
    f->n_sweeps[c] = 0;
    f->sums[c] = 0.0;
    for (size_t first = c * f->chunk; first < end; first += NMF_PANEL_GROUP) {
        const size_t n = fused_smaller(NMF_PANEL_GROUP, end - first);
        nmf_prefetch fetch = fetch_next(f, first + n, n);
        for (size_t g = 0; g < n; g++) {
            fused_product(f, Y + g * size, first + g, &fetch);
        }
        for (size_t g = 0; g < n; g++) {
            const size_t at = (first + g) * size;
            float *C = Y + g * size; /* the product, where Y will be */
            scale_products(f, C, f->of_B.l1);
            kernels->extrapolate(to + at, f->B[0] + at, f->B[1] + at,
                                 (float)f->beta_start, size);
            f->n_sweeps[c] +=
                columns_of(f, f->l, first + g) *
                kernels->sweep(to + at, C, f->Gt, f->ldg, f->weight, f->k,
                               LONG_SWEEPS, ENOUGH, &fetch);
            kernels->extrapolate(Y + g * size, to + at, f->B[0] + at,
                                 (float)f->beta, size);
        }
        f->sums[c] += sum_where(f->of_B.l1 > 0.0, Y, n * size);
        fused_accumulate(f, c, Y, first, n, &fetch);
    }
}

static void long_pass(fused *f, float *to)
{
#pragma omp parallel num_threads(f->n_threads)
    {
        unsigned fpstate = nmf_fpstate_enter();
        float *scratch =
            f->scratch + (size_t)nmf_thread_number() * f->scratch_size;
#pragma omp for schedule(dynamic, 1)
        for (size_t c = 0; c < f->n_chunks; c++) {
            long_chunk(f, c, to, scratch);
        }
        nmf_fpstate_leave(fpstate);
    }
}

/* ---- the short pass ---- */

/* Panel q of the short pass: the new A goes to `to`, A_y to A_used. */
static void short_panel(fused *f, size_t q, float *to, float *scratch)
{
    const nmf_panel_kernels *kernels = f->kernels;
    const size_t size = f->panel_size;
    float *C = scratch;
    float *D = f->D + q * size, *a = to + q * size;
    float *used = f->A_used + q * size;
    nmf_prefetch none = {{NULL}, {NULL}, 0};
    fused_sum_products(f, q);
    memcpy(C, D, size * sizeof *C);
    scale_products(f, C, f->of_A.l1);
    memcpy(a, used, size * sizeof *a);
    f->n_sweeps[f->n_chunks + q] =
        columns_of(f, f->s, q) * kernels->sweep(a, C, f->Gt, f->ldg, f->weight,
                                                f->k, SHORT_SWEEPS, ENOUGH,
                                                &none);
    kernels->extrapolate(used, a, f->A + q * size, (float)f->beta, size);
    fused_new_A_used(f, q);
    f->dots[q] = kernels->dot(a, D, size);
    f->sums[f->n_chunks + q] = sum_where(f->of_A.l1 > 0.0, a, size);
    kernels->accumulate(f->G_short + q * f->gram_size, a, a, f->k, 1, f->k,
                        true, false, &none);
}

static void short_pass(fused *f, float *to)
{
#pragma omp parallel num_threads(f->n_threads)
    {
        unsigned fpstate = nmf_fpstate_enter();
        float *scratch =
            f->scratch + (size_t)nmf_thread_number() * f->scratch_size;
#pragma omp for schedule(static)
        for (size_t q = 0; q < f->n_short; q++) {
            short_panel(f, q, to, scratch);
        }
        nmf_fpstate_leave(fpstate);
    }
}

/* ---- an iteration ---- */

static void swap(float **a, float **b)
{
    float *t = *a;
    *a = *b;
    *b = t;
}

/* Twice the penalties of a new pair, whose grams and sums are at hand. */
static double penalties(const fused *f)
{
    double sum_A = 0.0, sum_B = 0.0, squares_A = 0.0, squares_B = 0.0;
    for (size_t i = 0; i < f->n_chunks + f->n_short; i++) {
        *(i < f->n_chunks ? &sum_B : &sum_A) += f->sums[i];
    }
    for (size_t j = 0; j < f->k; j++) {
        squares_A += f->gram_A[j * f->k + j];
        squares_B += f->gram_B[j * f->k + j];
    }
    return 2.0 * (f->of_A.l1 * sum_A + f->of_B.l1 * sum_B) +
           f->of_A.l2 * squares_A + f->of_B.l2 * squares_B;
}

/*
 * The squared error of a new pair (A, Y): free from what the passes left, a
 * difference of large numbers; summed up where that would be inaccurate, or
 * where nothing has been better for so long that rounding may be the reason.
 */
static void measure(fused *f, fused_pair *of)
{
    const double norm = f->squared_norm;
    double grams = 0.0, dot = 0.0;
    for (size_t i = 0; i < f->k * f->k; i++) {
        grams += f->gram_A[i] * f->gram_B[i];
    }
    for (size_t q = 0; q < f->n_short; q++) {
        dot += f->dots[q];
    }
    of->squared_error = norm - 2.0 * dot + grams;
    of->rounding = 1e-7 * norm;
    if (of->squared_error < 1e-3 * norm || f->n_failed >= PATIENCE) {
        of->is_summed = true;
        of->squared_error = fused_residual(f, of);
        of->rounding = 1e-6 * of->squared_error;
    }
    of->penalties = f->has_penalty ? penalties(f) : 0.0;
    of->rounding += 1e-7 * of->penalties;
}

/* What the iterations are to lower: twice the objective. */
static double loss_of(const fused_pair *pair)
{
    return pair->squared_error + pair->penalties;
}

/* Save the kept pair out of the buffers that the next iterations need. */
static void save_kept(fused *f)
{
    const fused_pair *kept = &f->kept;
    const size_t size = f->panel_size;
    memcpy(f->A_kept, kept->A, f->a_size * sizeof(float));
#pragma omp parallel for schedule(static) num_threads(f->n_threads)
    for (size_t p = 0; p < f->n_long; p++) {
        fused_Y(f, f->B[2] + p * size, kept, p);
    }
    f->kept.A = f->A_kept;
    f->kept.now = f->kept.before = f->B[2];
    f->kept.beta = 0.0F;
}

/* Begin again at the kept pair, with plain sweeps. */
static void go_back(fused *f)
{
    memcpy(f->A, f->A_kept, f->a_size * sizeof(float));
    memcpy(f->B[0], f->B[2], f->n_long * f->panel_size * sizeof(float));
    f->beta = 0.0;
    f->beta_bound = BETA_START;
    f->last_error = INFINITY; /* go on from the next one, whatever it is */
}

static void use_A_itself(fused *f)
{
    memcpy(f->A_used, f->A, f->a_size * sizeof(float));
    for (size_t q = 0; q < f->n_short; q++) {
        fused_new_A_used(f, q);
    }
}

/*
 * The error of the kept pair came free, perhaps a little low by luck, and then
 * none would be below it for ever.
 */
static void sum_up_kept(fused *f)
{
    f->kept.is_summed = true;
    f->kept.squared_error = fused_residual(f, &f->kept);
    f->lowest = loss_of(&f->kept);
}

/* The best pair so far is kept, wherever the iterations go. */
static void keep_or_not(fused *f, const fused_pair *new_pair)
{
    const double loss = loss_of(new_pair);
    if (loss <= f->lowest + new_pair->rounding) {
        /* One that is higher by no more than rounding counts as the same. */
        const double excess = fmax(0.0, loss - f->lowest);
        f->lowest = fmin(f->lowest, loss);
        f->kept = *new_pair;
        *(new_pair->penalties > excess ? &f->kept.penalties
                                       : &f->kept.squared_error) -= excess;
        f->n_failed = 0;
    } else if (++f->n_failed == 1) {
        save_kept(f);
    } else if (f->n_failed == PATIENCE && !f->kept.is_summed) {
        sum_up_kept(f);
    }
}

/* How far the next iteration extrapolates, and from where. */
static void adapt(fused *f, const fused_pair *new_pair)
{
    const double loss = loss_of(new_pair);
    const bool has_grown = loss > f->last_error + new_pair->rounding;
    f->last_error = loss;
    if (!has_grown) {
        f->beta_start = f->beta;
        f->beta = fmin(f->beta_bound, fmax(BETA_LEAST, GAMMA * f->beta));
        f->beta_bound = fmin(1.0, GAMMA_BAR * f->beta_bound);
        return;
    }
    f->beta_start = 0.0;
    f->beta_bound = f->beta;
    f->beta /= ETA;
    if (f->n_failed >= PATIENCE) {
        go_back(f);
    }
    use_A_itself(f);
}

/*
 * What an iteration asked for: two products with X (and A'Y where the error was
 * summed up), half of each of three gram matrices (Y; A and what is
 * extrapolated from it), 2 k^2 a column and sweep.
 */
static double count_flops(const fused *f, bool is_summed)
{
    const double k = (double)f->k, s = (double)f->s, l = (double)f->l;
    double sweeps = 0.0;
    for (size_t i = 0; i < f->n_chunks + f->n_short; i++) {
        sweeps += (double)f->n_sweeps[i];
    }
    return (is_summed ? 6.0 : 4.0) * s * l * k + k * (k + 1.0) * (l + 2.0 * s) +
           2.0 * k * k * sweeps;
}

/*
 * X and both B are read and a B is written in one pass; X and both B are read
 * again where the error was summed up.
 */
static double count_bytes(const fused *f, bool is_summed)
{
    size_t panel_bytes = 0;
    (void)fused_panel_of_X(f, 0, &panel_bytes);
    const double x = (double)(f->n_long * panel_bytes);
    const double b = sizeof(float) * (double)(f->n_long * f->panel_size);
    return x + 3.0 * b + (is_summed ? x + 2.0 * b : 0.0);
}

static bool has_dead(const fused *f)
{
    for (size_t j = 0; j < f->k; j++) {
        if (fused_is_dead(f, j)) {
            return true;
        }
    }
    return false;
}

static nmf_step iterate(void *state)
{
    fused *f = state;
    nmf_step step = {0};
    const float beta = (float)f->beta;
    float *new_B = f->n_failed == 0 ? f->B[2] : f->B[1];

    scale_gram(f, f->gram_A, &f->of_B, fused_product_unit(f));
    long_pass(f, new_B);
    fused_add_grams(f, f->gram_B, f->G_long, f->n_chunks);
    scale_gram(f, f->gram_B, &f->of_A, 1.0);
    short_pass(f, f->A_before);
    swap(&f->A, &f->A_before);
    if (f->n_failed == 0) { /* new, now, before -> now, before, spare */
        swap(&f->B[2], &f->B[0]);
        swap(&f->B[2], &f->B[1]);
    } else { /* the spare one holds the kept pair */
        swap(&f->B[0], &f->B[1]);
    }
    fused_add_grams(f, f->gram_A, f->G_short, f->n_short);
    fused_pair new_pair = {
        .A = f->A,
        .now = f->B[0],
        .before = f->B[1],
        .beta = beta,
        .is_rounded = f->is_bf16,
    };
    measure(f, &new_pair);
    keep_or_not(f, &new_pair);
    adapt(f, &new_pair);
    if (f->n_failed == 0 && f->n_reseeds > 0 && has_dead(f)) {
        f->n_reseeds--;
        if (fused_reseed(f)) {
            f->beta_start = 0.0;
            use_A_itself(f);
        }
    }
    fused_leave_bf16(f);
    fused_add_grams(f, f->gram_A, f->G_used, f->n_short);

    step.flops = count_flops(f, new_pair.is_summed);
    step.bytes = count_bytes(f, new_pair.is_summed);
    step.squared_error = f->kept.squared_error * fused_unit_squares(f);
    step.is_summed = f->kept.is_summed;
    step.penalty = 0.5 * f->kept.penalties * fused_unit_squares(f);
    return step;
}

/* ---- the table's entry ---- */

static void use_start(fused *f)
{
    f->beta = BETA_START;
    f->beta_start = 0.0;
    f->beta_bound = 1.0;
    /* Where they are penalised, doing without some is an answer. */
    f->n_reseeds = f->has_penalty ? 0 : 3 * f->k;
    use_A_itself(f);
    fused_add_grams(f, f->gram_A, f->G_used, f->n_short);
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    fused *f = NULL;
    nmf_status status = fused_create(&f, X, loss, W0, H0, n_threads, err);
    if (status == NMF_OK) {
        use_start(f);
    }
    *state = f;
    return status;
}

static double residual(void *state)
{
    fused *f = state;
    return fused_residual(f, &f->kept) * fused_unit_squares(f);
}

static nmf_gradient gradient(void *state)
{
    fused *f = state;
    const double unit = (double)f->unit;
    nmf_gradient gradient = fused_gradient(f);
    gradient.size *= unit * unit * unit;
    gradient.scale *= unit * unit * unit;
    return gradient;
}

const nmf_solver nmf_solver_fused = {
    "hals",    "extrapolated HALS, fused (Ang & Gillis 2019)",
    false,     create,
    iterate,   residual,
    gradient,  fused_read,
    fused_free};
