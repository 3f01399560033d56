/*
 * HALS that moves a whole part at a time, so that parts (or activations) may be
 * held to a shape: a given sparseness, smoothness over the image, or both.
 *
 * With all else fixed, the loss as a function of one row h of H is, up to a
 * constant, with G = W'W, Q = W'X and w the column of W that belongs to h,
 *
 *     G_tt / 2 ||h||^2 - <g, h>,    g = Q_t - sum over s != t of G_ts H_s.
 *
 * Sparse: h is held to length 1 and to the l1 norm that gives the wanted
 * sparseness; W carries the scale. With the length fixed the loss is linear in
 * h, so its minimiser is the projection of g (hoyer.h). No step size is
 * searched for and the loss never rises. Hoyer's paper goes along the gradient
 * of all of H at once instead, with a step that is tried out. Columns of W can
 * be held likewise, H carrying the scale; where both are, w = c u with u the
 * projection of its g, of length 1, and c = <g, u> / G_tt, the exact minimiser
 * again. (Should <g, u> not be positive, the best is no w at all, which has no
 * sparseness: c becomes a trace, 1e-12 ||X||.)
 *
 * Smooth: the penalty is
 *
 *     smooth / 2 * sum over t of ||w_t||^2 h_t' L h_t,
 *
 * the roughness of the images w_it h_t that are added up (smooth.h). Bright
 * parts with small activations and dark parts with large ones are the same to
 * it, so it cannot be escaped by moving the scale to W. As G_tt = ||w_t||^2
 * (but for alpha_H), where h is above 0 it solves (I + smooth L) h = g / G_tt:
 * `smooth` is a number of pixels squared, whatever X and k are. A pass of
 * coordinate descent over the pixels is made, exact in each. W sees the penalty
 * as a ridge of its own for each component.
 *
 * Smooth and sparse: no eigenvalue of L is above b = nmf_smooth_bound(), so the
 * penalty is nowhere above its linear part at the last h plus b / 2 times the
 * squared distance from there, times its weight; with the length fixed this is
 * linear again. So project g - weight (L - b I) h, several times over.
 *
 * A factor that is held to nothing gets sweeps of plain HALS. Several sweeps
 * are made while the products with X are the same (Gillis and Glineur 2012).
 *
 * Sources: P. Hoyer, JMLR 5 (2004); N. Gillis and F. Glineur, "Accelerated
 * multiplicative updates and hierarchical ALS algorithms for nonnegative matrix
 * factorization", Neural Computation 24 (2012).
 */
#include "core/gram_fit.h"
#include "core/hoyer.h"
#include "core/kernels.h"
#include "core/smooth.h"

#include <math.h>
#include <string.h>

enum {
    PLAIN_SWEEPS = 4, /* of a factor held to nothing */
    PART_SWEEPS = 10, /* of one that moves part by part, at most */
    BOUNDS = 8, /* linear ones of the penalty, each time a sparse part moves */
    COLS = 512, /* entries of a part that a thread takes at once */
};

/*
 * Multiply-adds that are not worth waking other threads for, nor waiting for
 * them where the machine is busy: each part in each sweep would.
 */
static const double ALONE_BELOW = 1e6;

/* Sweeps end when one moves less than this part of the first, squared. */
static const double ENOUGH = 0.003;

/* What one factor is held to. */
typedef struct rule {
    double l1;         /* of each of its vectors at length 1; 0: to nothing */
    bool has_length_1; /* else the length is free */
    double *guesses;   /* thresholds of the last projections, k */
} rule;

/*
 * What the updates need beside the frame's: at the head of gram_fit.scratch,
 * the arrays behind it. By part means k rows, ld apart, of the half in hand.
 */
typedef struct shaped {
    rule W, Ht;
    double smooth;
    nmf_grid grid;
    double trace;     /* the least length of a vector whose length is free */
    double *energies; /* h' L h of each part, k */
    float *F, *P;     /* factor and product, by part */
    float *g;         /* what draws a part: see above */
    float *pull;      /* the same with the penalty's share */
    float *last;      /* the part before it moved */
    float *row;       /* of the gram matrix, k */
    float *sweep_G;   /* k x k, and scratch of nmf_sweep() */
    float *sweep_scratch;
} shaped;

static shaped *shape_of(const gram_fit *fit)
{
    return fit->scratch;
}

static rule *rule_of(const gram_fit *fit, const gram_half *h)
{
    return h == &fit->W ? &shape_of(fit)->W : &shape_of(fit)->Ht;
}

static bool is_smoothed(const gram_fit *fit, const gram_half *h)
{
    return h == &fit->Ht && shape_of(fit)->smooth > 0.0;
}

/* Is the half moved part by part, rather than by plain HALS? */
static bool moves_by_part(const gram_fit *fit, const gram_half *h)
{
    return rule_of(fit, h)->l1 > 0.0 || is_smoothed(fit, h);
}

/* ---- by part and back ---- */

/* Rows first .. last - 1 of rows in row format, as columns. */
static void to_parts(float *parts, size_t ld, const float *rows, size_t k,
                     size_t first, size_t last)
{
    for (size_t j = first; j < last; j++) {
        for (size_t t = 0; t < k; t++) {
            parts[t * ld + j] = rows[j * nmf_padded(k) + t];
        }
    }
}

static void from_parts(float *rows, const float *parts, size_t ld, size_t k,
                       size_t first, size_t last)
{
    for (size_t j = first; j < last; j++) {
        for (size_t t = 0; t < k; t++) {
            rows[j * nmf_padded(k) + t] = parts[t * ld + j];
        }
    }
}

static size_t end_of(size_t first, size_t n)
{
    return n - first < COLS ? n : first + COLS;
}

/* The threads that a pass over one factor is worth. */
static int team_of(const gram_fit *fit, const gram_half *h)
{
    return (double)h->n * (double)fit->k < ALONE_BELOW ? 1 : fit->n_threads;
}

/* Lay factor and product out by part. */
static void lay_out(gram_fit *fit, const gram_half *h)
{
    shaped *s = shape_of(fit);
    const size_t ld = nmf_padded(h->n);
    const int team = team_of(fit, h);
    (void)team; /* without OpenMP */
#pragma omp parallel for schedule(static) num_threads(team)
    for (size_t j = 0; j < h->n; j += COLS) {
        to_parts(s->F, ld, h->F, fit->k, j, end_of(j, h->n));
        to_parts(s->P, ld, h->P, fit->k, j, end_of(j, h->n));
    }
}

static void lay_back(gram_fit *fit, gram_half *h)
{
    const shaped *s = shape_of(fit);
    const int team = team_of(fit, h);
    (void)team; /* without OpenMP */
#pragma omp parallel for schedule(static) num_threads(team)
    for (size_t j = 0; j < h->n; j += COLS) {
        from_parts(h->F, s->F, nmf_padded(h->n), fit->k, j, end_of(j, h->n));
    }
}

/* ---- one part ---- */

/* s->g = P_t - sum over s != t of G_ts F_s */
static void find_direction(gram_fit *fit, const gram_half *h, size_t t)
{
    const nmf_kernels *kernels = nmf_kernels_get();
    shaped *s = shape_of(fit);
    const size_t k = fit->k, ld = nmf_padded(h->n);
    for (size_t i = 0; i < k; i++) {
        s->row[i] = i == t ? 0.0F : (float)fit->G[t * k + i];
    }
    const int team = team_of(fit, h);
    (void)team; /* without OpenMP */
#pragma omp parallel for schedule(static) num_threads(team)
    for (size_t j = 0; j < h->n; j += NMF_TILE_COLS) {
        const size_t cols = h->n - j < NMF_TILE_COLS ? h->n - j : NMF_TILE_COLS;
        float sums[NMF_TILE_COLS];
        const nmf_operand row = {s->row, k, 1};
        kernels->tile(sums, row, s->F + j, ld, 1, nmf_padded(cols), k);
        for (size_t i = 0; i < cols; i++) {
            s->g[j + i] = s->P[t * ld + j + i] - sums[i];
        }
    }
}

/* Of H: what the roughness of part t weighs. */
static double weight_of(const gram_fit *fit, size_t t)
{
    return shape_of(fit)->smooth * fit->W.gram[t * fit->k + t];
}

/* s->pull = g - weight (L - b I) f, of the linear bound of the penalty at f. */
static void add_smoothing(gram_fit *fit, const float *f, double weight)
{
    shaped *s = shape_of(fit);
    const float bound = (float)nmf_smooth_bound(&s->grid);
    const float scale = (float)weight;
    nmf_smooth_laplacian(s->pull, f, &s->grid, fit->n_threads);
#pragma omp simd
    for (size_t j = 0; j < fit->Ht.n; j++) {
        s->pull[j] = s->g[j] + scale * (bound * f[j] - s->pull[j]);
    }
}

static double dot(const float *a, const float *b, size_t n)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < n; j++) {
        sum += (double)a[j] * (double)b[j];
    }
    return sum;
}

/* Set f to the best vector of the half's sparseness, given its direction. */
static nmf_hoyer_cut find_sparse(const gram_fit *fit, const gram_half *h,
                                 size_t t, float *f, const float *direction)
{
    const rule *r = rule_of(fit, h);
    const nmf_hoyer_cut cut =
        nmf_hoyer_project(f, direction, h->n, r->l1, r->guesses[t]);
    if (!r->has_length_1) {
        const double length =
            fmax(shape_of(fit)->trace,
                 dot(direction, f, h->n) / fit->G[t * fit->k + t]);
        for (size_t j = 0; j < h->n; j++) {
            f[j] = (float)(length * (double)f[j]);
        }
    }
    return cut;
}

static double squared_distance(const float *a, const float *b, size_t n)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < n; j++) {
        const double step = (double)a[j] - (double)b[j];
        sum += step * step;
    }
    return sum;
}

static void move_sparse(gram_fit *fit, const gram_half *h, size_t t, float *f)
{
    shaped *s = shape_of(fit);
    double *guess = &rule_of(fit, h)->guesses[t];
    if (!is_smoothed(fit, h)) {
        *guess = find_sparse(fit, h, t, f, s->g).threshold;
        return;
    }
    for (int i = 0; i < BOUNDS; i++) {
        add_smoothing(fit, f, weight_of(fit, t));
        *guess = find_sparse(fit, h, t, f, s->pull).threshold;
    }
}

/* Move part t to where the objective is least; how far, squared. */
static double move_part(gram_fit *fit, const gram_half *h, size_t t)
{
    shaped *s = shape_of(fit);
    const double diagonal = fit->G[t * fit->k + t];
    float *f = s->F + t * nmf_padded(h->n);
    /* A part that nothing uses: whatever it is, nothing changes. */
    if (!(diagonal > 0.0)) {
        return 0.0;
    }
    find_direction(fit, h, t);
    memcpy(s->last, f, h->n * sizeof *f);
    if (rule_of(fit, h)->l1 > 0.0) {
        move_sparse(fit, h, t, f);
    } else {
        nmf_smooth_sweep(f, s->g, diagonal, weight_of(fit, t), &s->grid,
                         fit->n_threads);
    }
    return squared_distance(s->last, f, h->n);
}

/* ---- an update of a factor, as gram_fit.h has it ---- */

static void sweep_parts(gram_fit *fit, gram_half *h)
{
    const double k = (double)fit->k;
    double first = 0.0;
    lay_out(fit, h);
    for (int n = 0; n < PART_SWEEPS; n++) {
        double moved = 0.0;
        for (size_t t = 0; t < fit->k; t++) {
            moved += move_part(fit, h, t);
        }
        fit->flops += 2.0 * k * k * (double)h->n;
        first = n == 0 ? moved : first;
        if (!(moved > ENOUGH * first)) {
            break;
        }
    }
    lay_back(fit, h);
}

static void sweep_plainly(gram_fit *fit, gram_half *h)
{
    shaped *s = shape_of(fit);
    const size_t k = fit->k;
    for (size_t i = 0; i < k * k; i++) {
        s->sweep_G[i] = (float)fit->G[i];
    }
    for (int n = 0; n < PLAIN_SWEEPS; n++) {
        nmf_sweep(h->F, h->P, s->sweep_G, k, h->n, k, s->sweep_scratch,
                  fit->n_threads);
    }
    fit->flops += PLAIN_SWEEPS * 2.0 * (double)k * (double)k * (double)h->n;
}

/* h' L h of all parts, as they stand in Ht. */
static void measure_energies(gram_fit *fit)
{
    shaped *s = shape_of(fit);
    const size_t ld = nmf_padded(fit->Ht.n);
    to_parts(s->F, ld, fit->Ht.F, fit->k, 0, fit->Ht.n);
    for (size_t t = 0; t < fit->k; t++) {
        s->energies[t] = nmf_smooth_energy(s->F + t * ld, &s->grid);
    }
}

/* W sees the penalty as a ridge: energies must be those of Ht. */
static void add_ridge(gram_fit *fit, const gram_half *h)
{
    const shaped *s = shape_of(fit);
    for (size_t t = 0; h == &fit->W && s->smooth > 0.0 && t < fit->k; t++) {
        fit->G[t * fit->k + t] += s->smooth * s->energies[t];
    }
}

static void update(gram_fit *fit, gram_half *h)
{
    add_ridge(fit, h);
    if (moves_by_part(fit, h)) {
        sweep_parts(fit, h);
    } else {
        sweep_plainly(fit, h);
    }
}

static nmf_step iterate(void *state)
{
    gram_fit *fit = state;
    const shaped *s = shape_of(fit);
    nmf_step step = gram_fit_iterate(fit, update);
    if (s->smooth > 0.0) {
        measure_energies(fit);
        for (size_t t = 0; t < fit->k; t++) {
            step.penalty += 0.5 * weight_of(fit, t) * s->energies[t];
        }
    }
    return step;
}

/* ---- how far from stationary ---- */

/*
 * Of a vector of fixed sparseness: what is left of g beside its multipliers is
 * g = threshold + length * (the projection of g), so the gradient along what it
 * may do is length * (the projection - itself), 0 where it has arrived.
 */
static double sparse_squares(gram_fit *fit, const gram_half *h, size_t t,
                             const float *f)
{
    shaped *s = shape_of(fit);
    const float *direction = s->g;
    double slope = fit->G[t * fit->k + t];
    if (is_smoothed(fit, h)) {
        add_smoothing(fit, f, weight_of(fit, t));
        direction = s->pull;
    }
    const nmf_hoyer_cut cut = find_sparse(fit, h, t, s->last, direction);
    if (rule_of(fit, h)->has_length_1) {
        slope = cut.length;
    }
    return slope * slope * squared_distance(f, s->last, h->n);
}

static double smooth_squares(gram_fit *fit, size_t t, const float *f)
{
    const shaped *s = shape_of(fit);
    const double diagonal = fit->G[t * fit->k + t], weight = weight_of(fit, t);
    double sum = 0.0;
    nmf_smooth_laplacian(s->pull, f, &s->grid, fit->n_threads);
    for (size_t j = 0; j < fit->Ht.n; j++) {
        const double gradient = diagonal * (double)f[j] - (double)s->g[j] +
                                weight * (double)s->pull[j];
        sum += f[j] > 0.0F || gradient < 0.0 ? gradient * gradient : 0.0;
    }
    return sum;
}

static double part_squares(gram_fit *fit, const gram_half *h, size_t t)
{
    const shaped *s = shape_of(fit);
    const float *f = s->F + t * nmf_padded(h->n);
    if (!(fit->G[t * fit->k + t] > 0.0)) {
        return 0.0;
    }
    find_direction(fit, h, t);
    return rule_of(fit, h)->l1 > 0.0 ? sparse_squares(fit, h, t, f)
                                     : smooth_squares(fit, t, f);
}

static double violation(gram_fit *fit, const gram_half *h)
{
    double sum = 0.0;
    add_ridge(fit, h);
    if (!moves_by_part(fit, h)) {
        return nmf_projected_gradient(h->F, h->P, fit->G, h->n, fit->k,
                                      fit->n_threads);
    }
    lay_out(fit, h);
    for (size_t t = 0; t < fit->k; t++) {
        sum += part_squares(fit, h, t);
    }
    return sum;
}

static nmf_gradient gradient(void *state)
{
    return gram_fit_gradient_by(state, violation);
}

/* ---- the start ---- */

/*
 * Give each vector of a half its sparseness and length 1; its length goes to
 * the other factor, where one keeps such lengths.
 */
static void shape_start(gram_fit *fit, gram_half *h, gram_half *other)
{
    shaped *s = shape_of(fit);
    const size_t k = fit->k, ld = nmf_padded(h->n);
    const rule *r = rule_of(fit, h);
    if (!(r->l1 > 0.0)) {
        return;
    }
    to_parts(s->F, ld, h->F, k, 0, h->n);
    for (size_t t = 0; t < k; t++) {
        float *f = s->F + t * ld;
        const double length = sqrt(dot(f, f, h->n));
        memcpy(s->g, f, h->n * sizeof *f);
        nmf_hoyer_project(f, s->g, h->n, r->l1, -INFINITY);
        for (size_t i = 0; length > 0.0 && i < other->n; i++) {
            other->F[i * nmf_padded(k) + t] *= (float)length;
        }
    }
    from_parts(h->F, s->F, ld, k, 0, h->n);
}

/* The next bytes of memory, 64-byte aligned; NULL where memory is. */
static void *take(char *memory, size_t *used, size_t bytes)
{
    void *taken = memory ? memory + *used : NULL;
    *used += (bytes + 63) / 64 * 64;
    return taken;
}

/* Where the arrays are in memory; how many bytes they take. */
static size_t place(shaped *s, char *memory, size_t n, size_t k)
{
    const size_t ld = nmf_padded(n) * sizeof(float);
    size_t used = 0;
    (void)take(memory, &used, sizeof *s);
    s->W.guesses = take(memory, &used, k * sizeof(double));
    s->Ht.guesses = take(memory, &used, k * sizeof(double));
    s->energies = take(memory, &used, k * sizeof(double));
    s->F = take(memory, &used, k * ld);
    s->P = take(memory, &used, k * ld);
    s->g = take(memory, &used, ld);
    s->pull = take(memory, &used, ld);
    s->last = take(memory, &used, ld);
    s->row = take(memory, &used, k * sizeof(float));
    s->sweep_G = take(memory, &used, k * k * sizeof(float));
    s->sweep_scratch =
        take(memory, &used, nmf_sweep_scratch(k) * sizeof(float));
    return used;
}

static void set_rules(shaped *s, const nmf_source *X, const nmf_loss *loss,
                      size_t k)
{
    const double of_W = loss->sparseness_W, of_H = loss->sparseness_H;
    s->W.l1 = of_W > 0.0 ? nmf_hoyer_l1(X->n_samples, of_W) : 0.0;
    s->Ht.l1 = of_H > 0.0 ? nmf_hoyer_l1(X->n_features, of_H) : 0.0;
    s->Ht.has_length_1 = true;
    s->W.has_length_1 = !(of_H > 0.0);
    s->smooth = loss->smooth;
    s->grid = loss->grid;
    s->trace = 1e-12 * sqrt(X->squared_norm);
    for (size_t t = 0; t < k; t++) {
        s->W.guesses[t] = s->Ht.guesses[t] = -INFINITY;
    }
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    const size_t k = H0->rows;
    const size_t n =
        X->n_samples > X->n_features ? X->n_samples : X->n_features;
    gram_fit *fit = NULL;
    shaped sizes;
    nmf_status status =
        gram_fit_create(&fit, X, loss, W0, H0, place(&sizes, NULL, n, k), false,
                        n_threads, err);
    *state = fit;
    if (status != NMF_OK) {
        return status;
    }
    place(shape_of(fit), fit->scratch, n, k);
    set_rules(shape_of(fit), X, loss, k);
    shape_start(fit, &fit->W, &fit->Ht);
    shape_start(fit, &fit->Ht, &fit->W);
    nmf_gram(fit->Ht.gram, fit->Ht.F, fit->Ht.n, k, n_threads);
    if (loss->smooth > 0.0) {
        measure_energies(fit);
    }
    return NMF_OK;
}

const nmf_solver nmf_solver_shaped = {
    "shaped",
    "whole parts in turn: of a given sparseness (Hoyer 2004), smooth, or both",
    false,
    create,
    iterate,
    gram_fit_residual,
    gradient,
    gram_fit_read,
    gram_fit_free};
