/*
 * Hierarchical alternating least squares for weighted entries: "hals" and "cd"
 * where entries have weights or are missing.
 *
 * What it is. The loss 1/2 sum m_ij (x_ij - <w_i, h_j>)^2 is a quadratic in
 * each entry of W, but unlike without weights its curvature differs from row to
 * row: there is no gram matrix for all. With the residual r = x - w H of a row
 * at hand, t = 0 .. k-1,
 *
 *     w_t <- max(0, w_t + (sum_j m_j r_j h_tj) / (sum_j m_j h_tj^2))
 *
 * is the exact minimiser, and r is put right by the step times h_t. Then H
 * likewise, by the columns of X. Nothing of X's size is formed beside copies of
 * X and M and their transposes: a block of four rows has its residual made,
 * swept and measured in the cache (see weighted.h). An iteration is 18 m n k
 * flops: for each factor the residual, the sums of both kinds and the steps.
 *
 * "cd" does that and no more. "hals" does it from points that are extrapolated,
 *
 *     W_y = max(0, W + beta (W - W_before)),
 *
 * and H likewise. A pair that is higher than the kept one is thrown away, and
 * the next step is plain, from the kept pair; beta grows by GAMMA while all
 * goes well, up to a bound that grows by GAMMA_BAR, and is divided by ETA when
 * not. The kept pair is (W_y, the H made from it).
 *
 * A row whose weights are all 0 stays as it is: at 0, see observed.h.
 *
 * Sources: V. D. Blondel, N.-D. Ho and P. Van Dooren, "Weighted nonnegative
 * matrix factorization and face feature extraction" (2008); the same steps for
 * missing entries in N.-D. Ho, "Nonnegative matrix factorization: algorithms
 * and applications", thesis, Louvain (2008). A. M. S. Ang and N. Gillis, Neural
 * Computation 31 (2019), for the extrapolation.
 */
#include "core/alloc.h"
#include "core/block.h"
#include "core/error.h"
#include "core/fpstate.h"
#include "core/kernels.h"
#include "core/solver.h"
#include "core/threads.h"
#include "core/weighted.h"

#include <math.h>
#include <string.h>

static const double BETA_START = 0.5, GAMMA = 1.3, GAMMA_BAR = 1.05, ETA = 4.0;
enum { ROWS = NMF_WEIGHTED_ROWS };

/* A factor, and its view of X: W and X, or H' and X'. */
typedef struct side {
    size_t n;      /* rows of the factor that count */
    size_t n_rows; /* the same up to whole blocks */
    size_t length; /* of a row of X here: the other's n, padded */
    size_t ld;     /* of X and M */
    double l1, l2;
    float *X, *M;      /* n_rows x length */
    float *kept;       /* of the kept pair, n_rows x k in row format */
    float *other;      /* H: of the pair before, then of the next; W: the sweep
                          before `now` */
    float *now, *used; /* W: the last sweep, and what H is swept against */
    float *rows;       /* k x n: `used` or the kept H, a component a row */
    double *parts;     /* sum m r^2, a block */
} side;

typedef struct whals {
    const nmf_weighted_kernels *kernels;
    const nmf_source *source;
    bool is_extrapolated;
    int n_threads;
    size_t k, ldf;
    side W, Ht;
    void *memory;   /* the only block that is owned; the arrays lie in it */
    float *scratch; /* a thread's: R of a block, and P */
    size_t scratch_size;
    bool has_update; /* W.now is already that of the kept pair */
    bool is_kept;    /* the last iteration's pair is the kept one */
    double beta, bound;
    double lowest; /* objective of the kept pair */
    nmf_step kept; /* what it came to */
} whals;

/* ---- memory ---- */

static void whals_free(void *state)
{
    whals *s = state;
    if (s) {
        nmf_free(s->memory);
        nmf_free(s);
    }
}

/*
 * Rows that are a power of two apart would share few places of a cache; a line
 * more spreads them.
 */
static size_t spread(size_t length)
{
    return length % 256 == 0 ? length + NMF_LANES : length;
}

static void plan_side(side *a, size_t n, size_t length, double l1, double l2)
{
    a->n = n;
    a->n_rows = (n + ROWS - 1) / ROWS * ROWS;
    a->length = nmf_padded(length);
    a->ld = spread(a->length);
    a->l1 = l1;
    a->l2 = l2;
}

/* Where each array of a side lies. See block.h. */
static void place_side(const whals *s, side *a, const side *other, nmf_block *b)
{
    const size_t one = sizeof(float);
    a->kept = nmf_block_take(b, a->n_rows, s->ldf * one);
    a->other = nmf_block_take(b, a->n_rows, s->ldf * one);
    a->rows = nmf_block_take(b, s->k, other->ld * one);
    a->parts = nmf_block_take(b, a->n_rows / ROWS, sizeof(double));
    a->X = nmf_block_take(b, a->n_rows, a->ld * one);
    a->M = nmf_block_take(b, a->n_rows, a->ld * one);
}

static void place(whals *s, nmf_block *b)
{
    place_side(s, &s->W, &s->Ht, b);
    place_side(s, &s->Ht, &s->W, b);
    s->W.now = nmf_block_take(b, s->W.n_rows, s->ldf * sizeof(float));
    s->W.used = nmf_block_take(b, s->W.n_rows, s->ldf * sizeof(float));
    s->scratch = nmf_block_take(b, s->scratch_size,
                                (size_t)s->n_threads * sizeof(float));
}

static bool allocate(whals *s)
{
    nmf_block b = {NULL, 0, false};
    const size_t longer = s->W.ld > s->Ht.ld ? s->W.ld : s->Ht.ld;
    s->scratch_size = ROWS * (longer + s->ldf);
    place(s, &b);
    s->memory = b.is_too_large ? NULL : nmf_calloc(b.used, 1);
    if (!s->memory) {
        return false;
    }
    b = (nmf_block){s->memory, 0, false};
    place(s, &b);
    return true;
}

/* ---- between rows and components ---- */

/* The components of a factor, rows first .. end - 1 of it, a row each. */
static void to_components(const whals *s, side *a, const float *F,
                          size_t other_ld, size_t first, size_t end)
{
    for (size_t t = 0; t < s->k; t++) {
        float *to = a->rows + t * other_ld;
        for (size_t i = first; i < end; i++) {
            to[i] = F[i * s->ldf + t];
        }
    }
}

/* Start at F0: a row an index, or where is_transposed a column. */
static void start_side(const whals *s, side *a, const side *other,
                       const nmf_matrix *F0, bool is_transposed)
{
    for (size_t i = 0; i < a->n; i++) {
        for (size_t t = 0; t < s->k; t++) {
            a->kept[i * s->ldf + t] = is_transposed ? nmf_matrix_row(F0, t)[i]
                                                    : nmf_matrix_row(F0, i)[t];
        }
    }
    memcpy(a->other, a->kept, a->n_rows * s->ldf * sizeof(float));
    to_components(s, a, a->kept, other->ld, 0, a->n);
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads,
                         bool is_extrapolated, nmf_error *err)
{
    whals *s = nmf_calloc(1, sizeof *s);
    *state = NULL;
    if (!s) {
        return nmf_error_memory(err, sizeof *s, "the solver");
    }
    s->kernels = nmf_weighted_kernels_get();
    s->source = X;
    s->n_threads = n_threads;
    s->k = H0->rows;
    s->ldf = nmf_padded(s->k);
    s->is_extrapolated = is_extrapolated;
    plan_side(&s->W, X->n_samples, X->n_features, loss->l1_W, loss->l2_W);
    plan_side(&s->Ht, X->n_features, X->n_samples, loss->l1_H, loss->l2_H);
    if (!allocate(s)) {
        whals_free(s);
        return nmf_error_memory(err, X->n_samples * X->n_features * 16,
                                "two copies of the data and of the weights");
    }
    X->ops->rows(X, s->W.X, s->W.ld, 0, X->n_samples, false);
    X->ops->rows(X, s->Ht.X, s->Ht.ld, 0, X->n_features, true);
    X->weights->ops->rows(X->weights, s->W.M, s->W.ld, 0, X->n_samples, false);
    X->weights->ops->rows(X->weights, s->Ht.M, s->Ht.ld, 0, X->n_features,
                          true);
    start_side(s, &s->W, &s->Ht, W0, false);
    start_side(s, &s->Ht, &s->W, H0, true);
    memcpy(s->W.now, s->W.kept, s->W.n_rows * s->ldf * sizeof(float));
    s->is_kept = true;
    s->beta = BETA_START;
    s->bound = 1.0;
    s->lowest = INFINITY;
    *state = s;
    return NMF_OK;
}

static nmf_status create_hals(void **state, const nmf_source *X,
                              const nmf_loss *loss, const nmf_matrix *W0,
                              const nmf_matrix *H0, int n_threads,
                              nmf_error *err)
{
    return create(state, X, loss, W0, H0, n_threads, true, err);
}

static nmf_status create_cd(void **state, const nmf_source *X,
                            const nmf_loss *loss, const nmf_matrix *W0,
                            const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    return create(state, X, loss, W0, H0, n_threads, false, err);
}

/* ---- passes over blocks of rows ---- */

/* Block number i of a side, whose factor F is looked at against the other's
 * components; scratch is this thread's. */
static nmf_weighted_block block_of(const whals *s, const side *a,
                                   const side *other, float *F, size_t i)
{
    const size_t first = i * ROWS;
    return (nmf_weighted_block){
        .F = F + first * s->ldf,
        .ldf = s->ldf,
        .R = s->scratch + (size_t)nmf_thread_number() * s->scratch_size,
        .X = a->X + first * a->ld,
        .M = a->M + first * a->ld,
        .ld = a->ld,
        .B = other->rows,
        .ldb = a->ld,
        .k = s->k,
        .length = a->length,
        .l1 = a->l1,
        .l2 = a->l2,
    };
}

static double add_parts(const side *a)
{
    double sum = 0.0;
    for (size_t i = 0; i < a->n_rows / ROWS; i++) {
        sum += a->parts[i];
    }
    return sum;
}

/* Sweep F of a side against the other; sum m r^2 of the result. */
static double sweep_side(whals *s, side *a, const side *other, float *F)
{
#pragma omp parallel num_threads(s->n_threads)
    {
        unsigned fpstate = nmf_fpstate_enter();
#pragma omp for schedule(dynamic, 4)
        for (size_t i = 0; i < a->n_rows / ROWS; i++) {
            const nmf_weighted_block b = block_of(s, a, other, F, i);
            s->kernels->residual(&b);
            a->parts[i] = s->kernels->sweep(&b);
        }
        nmf_fpstate_leave(fpstate);
    }
    return add_parts(a);
}

/* The components of F, in parallel. */
static void share(whals *s, side *a, const side *other, const float *F)
{
#pragma omp parallel for schedule(static) num_threads(s->n_threads)
    for (size_t i = 0; i < a->n_rows / NMF_LANES + 1; i++) {
        const size_t first = i * NMF_LANES, end = first + NMF_LANES;
        to_components(s, a, F, other->ld, first, end < a->n ? end : a->n);
    }
}

/* ---- an iteration ---- */

static void swap(float **a, float **b)
{
    float *t = *a;
    *a = *b;
    *b = t;
}

/* l1 sum(F) + l2 / 2 ||F||^2 */
static double penalty_of(const whals *s, const side *a, const float *F)
{
    double sum = 0.0, squares = 0.0;
    if (a->l1 == 0.0 && a->l2 == 0.0) {
        return 0.0;
    }
    for (size_t i = 0; i < a->n * s->ldf; i++) {
        sum += (double)F[i];
        squares += (double)F[i] * (double)F[i];
    }
    return a->l1 * sum + 0.5 * a->l2 * squares;
}

/* W.now becomes the sweep of the kept pair's W, once. */
static void update_W(whals *s)
{
    side *W = &s->W;
    if (!s->has_update) {
        swap(&W->now, &W->other);
        memcpy(W->now, W->kept, W->n_rows * s->ldf * sizeof(float));
        sweep_side(s, W, &s->Ht, W->now);
        s->has_update = true;
    }
}

/*
 * Make and measure a pair in W.used and Ht.other, which is where the H before
 * the kept one is.
 */
static nmf_step try_pair(whals *s, double beta)
{
    side *W = &s->W, *Ht = &s->Ht;
    nmf_step step = {0};
    s->kernels->extrapolate(W->used, W->now, W->other, (float)beta,
                            W->n_rows * s->ldf);
    share(s, W, Ht, W->used);
    s->kernels->extrapolate(Ht->other, Ht->kept, Ht->other, (float)beta,
                            Ht->n_rows * s->ldf);
    step.squared_error = sweep_side(s, Ht, W, Ht->other);
    step.penalty = penalty_of(s, W, W->used) + penalty_of(s, Ht, Ht->other);
    return step;
}

static void keep(whals *s, const nmf_step *step)
{
    swap(&s->W.kept, &s->W.used);
    swap(&s->Ht.kept, &s->Ht.other);
    share(s, &s->Ht, &s->W, s->Ht.kept);
    s->kept = *step;
    s->has_update = false;
}

/* What the next step goes beyond the last: see the head of this file. */
static void adapt(whals *s)
{
    if (s->is_kept) {
        s->beta = fmin(s->bound, GAMMA * s->beta);
        s->bound = fmin(1.0, GAMMA_BAR * s->bound);
    } else {
        s->bound = s->beta;
        s->beta /= ETA;
    }
}

/*
 * Products: of each factor with the other for R, and with R; the sums of
 * squares, and the steps. X and M are read in both forms.
 */
static void count(const whals *s, nmf_step *step)
{
    const double entries = (double)s->W.n * (double)s->Ht.n;
    const double sides = (double)(s->W.n + s->Ht.n);
    step->flops = 18.0 * entries * (double)s->k;
    step->bytes =
        sizeof(float) * (4.0 * entries + 6.0 * sides * (double)s->ldf);
}

static nmf_step iterate(void *state)
{
    whals *s = state;
    const double norm = s->source->squared_norm;
    const bool is_plain = !s->is_extrapolated || !s->is_kept;
    update_W(s);
    nmf_step step = try_pair(s, is_plain ? 0.0 : s->beta);
    const double objective = 0.5 * step.squared_error + step.penalty;
    s->is_kept = objective <= s->lowest + 1e-6 * objective + 1e-13 * norm;
    if (s->is_kept) {
        keep(s, &step);
        s->lowest = fmin(s->lowest, objective);
    }
    if (!is_plain) {
        adapt(s);
    }
    step = s->kept;
    /* R carries the rounding of k steps: 1e-6 of the entries. */
    step.is_summed = step.squared_error > 1e-6 * norm;
    count(s, &step);
    return step;
}

/* ---- what else the driver asks for ---- */

static double residual(void *state)
{
    whals *s = state;
    side *Ht = &s->Ht;
    share(s, &s->W, Ht, s->W.kept);
#pragma omp parallel for schedule(static) num_threads(s->n_threads)
    for (size_t i = 0; i < Ht->n_rows / ROWS; i++) {
        const nmf_weighted_block b = block_of(s, Ht, &s->W, Ht->kept, i);
        s->kernels->residual(&b);
        Ht->parts[i] = s->kernels->squares(&b);
    }
    return add_parts(Ht);
}

/* ||projected gradient||^2 of a block, whose products are in P. */
static double projected_squares(const nmf_weighted_block *b, const float *P)
{
    double sum = 0.0;
    for (size_t q = 0; q < ROWS; q++) {
        for (size_t t = 0; t < b->k; t++) {
            const double f = (double)b->F[q * b->ldf + t];
            const double g = b->l1 + b->l2 * f - (double)P[q * b->ldf + t];
            sum += f > 0.0 || g < 0.0 ? g * g : 0.0;
        }
    }
    return sum;
}

static double gradient_of(whals *s, side *a, const side *other)
{
#pragma omp parallel for schedule(dynamic, 4) num_threads(s->n_threads)
    for (size_t i = 0; i < a->n_rows / ROWS; i++) {
        const nmf_weighted_block b = block_of(s, a, other, a->kept, i);
        float *P = b.R + s->scratch_size - ROWS * s->ldf;
        s->kernels->residual(&b);
        s->kernels->products(P, &b);
        a->parts[i] = projected_squares(&b, P);
    }
    return add_parts(a);
}

static double squares_of(const whals *s, const side *a)
{
    double sum = 0.0;
    for (size_t i = 0; i < a->n * s->ldf; i++) {
        sum += (double)a->kept[i] * (double)a->kept[i];
    }
    return sum;
}

static nmf_gradient gradient(void *state)
{
    whals *s = state;
    nmf_gradient gradient = {-1.0, 0.0};
    if (!s->is_kept) {
        return gradient;
    }
    gradient.size =
        sqrt(gradient_of(s, &s->W, &s->Ht) + gradient_of(s, &s->Ht, &s->W));
    gradient.scale = sqrt(s->source->squared_norm *
                          (squares_of(s, &s->W) + squares_of(s, &s->Ht)));
    return gradient;
}

static void whals_read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const whals *s = state;
    for (size_t i = 0; W && i < W->rows; i++) {
        memcpy(nmf_matrix_row(W, i), s->W.kept + i * s->ldf,
               s->k * sizeof(float));
    }
    for (size_t t = 0; H && t < s->k; t++) {
        for (size_t j = 0; j < H->cols; j++) {
            nmf_matrix_row(H, t)[j] = s->Ht.kept[j * s->ldf + t];
        }
    }
}

const nmf_solver nmf_solver_whals = {
    "hals",    "weighted hierarchical alternating least squares, extrapolated",
    false,     create_hals,
    iterate,   residual,
    gradient,  whals_read,
    whals_free};

const nmf_solver nmf_solver_wcd = {
    "cd",
    "weighted hierarchical alternating least squares (Blondel, Ho & Van Dooren "
    "2008)",
    false,
    create_cd,
    iterate,
    residual,
    gradient,
    whals_read,
    whals_free};
