/*
 * Which activations, coded from which reference, are worth their bits.
 * Contract in set_fit.h.
 *
 * For each image the nearest of the images before it (by their activations)
 * are candidates, and no reference. For each candidate a few sweeps of
 * coordinate descent minimise
 *
 *     ||x - w H||^2 + lambda q^2 bits(w | candidate)
 *
 * over whole w >= 0; the cheapest candidate wins. bits() is that of
 * rate_model.h, learned anew before each pass.
 */
#include "codec/rate_model.h"
#include "codec/set_fit.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

enum {
    N_CANDIDATES = 3,
    N_SWEEPS = 4,
    WINDOW = 4096, /* images back that a reference may be */
    MAX_SPREAD = 6 /* between the values that are tried */
};

static const double none_bits = 3.0;     /* of having no reference */
static const double some_bits = 1.5;     /* of having one, and more by */
static const double distance_bits = 1.3; /* log2 of how far back it is */
static const double distance_weight = 0.15;

/* An attempt at one image: memory for ld each. */
typedef struct attempt {
    float *w;
    float *slope;    /* w gram, from which the descent takes its steps */
    float *expected; /* by the rate model */
} attempt;

typedef struct choice {
    nmf_set_fit *fit;
    size_t ld;
    float price;  /* lambda q^2 */
    float least;  /* activation */
    float *gram;  /* k x ld */
    float *scale; /* k: gram's diagonal, 0 replaced by 1 */
    nmf_rate_model model;
    attempt now;
    attempt start_with; /* where attempts with a reference begin */
    attempt start_without;
    attempt best;
    double distortion; /* sums of this pass */
    double bits;
    void *memory;
} choice;

static nmf_status begin(choice *c, nmf_error *err)
{
    const size_t k = c->fit->k;
    attempt *attempts[] = {&c->now, &c->start_with, &c->start_without,
                           &c->best};
    size_t n_floats = k * c->ld + 13 * c->ld;
    c->memory = nmf_calloc(n_floats, sizeof(float));
    if (!c->memory) {
        return nmf_error_memory(err, 4 * n_floats, "choosing activations");
    }
    c->gram = c->memory;
    c->scale = c->gram + k * c->ld;
    float *next = c->scale + c->ld;
    for (size_t i = 0; i < 4; i++) {
        attempts[i]->w = next;
        attempts[i]->slope = next + c->ld;
        attempts[i]->expected = next + 2 * c->ld;
        next += 3 * c->ld;
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            c->gram[i * c->ld + j] = (float)c->fit->gram[i * k + j];
        }
        float own = c->gram[i * c->ld + i];
        c->scale[i] = own > 0 ? own : 1;
    }
    c->least = c->fit->data->is_signed ? -NMF_ACTIVATION_MAX : 0;
    c->price = (float)(c->fit->lambda * c->fit->q * c->fit->q);
    return nmf_rate_model_init(&c->model, k, c->fit->data->is_signed, err);
}

/* y += a x over ld floats */
static void add_scaled(float *restrict y, float a, const float *restrict x,
                       size_t ld)
{
#pragma omp simd
    for (size_t t = 0; t < ld; t++) {
        y[t] += a * x[t];
    }
}

static double distance(const float *a, const float *b, size_t ld, double limit)
{
    float sum = 0;
    for (size_t from = 0; from < ld && (double)sum < limit; from += NMF_LANES) {
        float part = 0;
#pragma omp simd reduction(+ : part)
        for (size_t t = 0; t < NMF_LANES; t++) {
            float gap = a[from + t] - b[from + t];
            part += gap * gap;
        }
        sum += part;
    }
    return (double)sum;
}

/* The nearest images before i; returns how many there are. */
static size_t find_candidates(size_t *found, const choice *c, size_t i)
{
    const float *w = c->fit->W + i * c->ld;
    double distances[N_CANDIDATES];
    size_t n = 0;
    for (size_t e = i > WINDOW ? i - WINDOW : 0; e < i; e++) {
        double limit = n < N_CANDIDATES ? INFINITY : distances[n - 1];
        double d = distance(w, c->fit->W + e * c->ld, c->ld, limit);
        if (d >= limit) {
            continue;
        }
        d += distance_weight * log2((double)(i - e));
        if (d >= limit) {
            continue;
        }
        size_t at = n < N_CANDIDATES ? n++ : n - 1;
        while (at > 0 && distances[at - 1] > d) {
            distances[at] = distances[at - 1];
            found[at] = found[at - 1];
            at--;
        }
        distances[at] = d;
        found[at] = e;
    }
    return n;
}

/* An attempt as it starts from w, but for what a reference adds. */
static void start(attempt *to, const choice *c, const nmf_rate_side *side,
                  const float *w)
{
    const size_t ld = c->ld;
    memcpy(to->w, w, ld * sizeof *w);
    memcpy(to->expected, side->constant, ld * sizeof *w);
    memset(to->slope, 0, ld * sizeof *w);
    for (size_t t = 0; t < c->fit->k; t++) {
        if (w[t] != 0) {
            add_scaled(to->slope, w[t], c->gram + t * ld, ld);
            add_scaled(to->expected, w[t], side->earlier + t * ld, ld);
        }
    }
}

/* The cheapest whole value between optimum and expectation. */
static float best_value(const choice *c, const nmf_rate_side *side, size_t j,
                        float optimum, float expected)
{
    float low = floorf(fminf(optimum, expected));
    float high = ceilf(fmaxf(optimum, expected));
    if (high - low > MAX_SPREAD) {
        low = optimum > expected ? high - MAX_SPREAD : low;
        high = low + MAX_SPREAD;
    }
    low = fmaxf(low, c->least);
    high = fminf(fmaxf(high, c->least), NMF_ACTIVATION_MAX);
    low = fminf(low, high);
    const float own = c->scale[j];
    float best = low;
    float least = INFINITY;
    for (float v = low; v <= high; v += 1) {
        float gap = v - optimum;
        float cost =
            own * gap * gap + c->price * nmf_rate_bits(side, j, v, expected);
        if (cost < least) {
            least = cost;
            best = v;
        }
    }
    return best;
}

static void descend(attempt *at, const choice *c, const nmf_rate_side *side,
                    const float *products)
{
    bool changed = true;
    for (size_t sweep = 0; sweep < N_SWEEPS && changed; sweep++) {
        changed = false;
        for (size_t j = 0; j < c->fit->k; j++) {
            float optimum =
                at->w[j] + (products[j] - at->slope[j]) / c->scale[j];
            float v = best_value(c, side, j, optimum, at->expected[j]);
            float move = v - at->w[j];
            if (move != 0) {
                at->w[j] = v;
                add_scaled(at->slope, move, c->gram + j * c->ld, c->ld);
                add_scaled(at->expected, move, side->earlier + j * c->ld,
                           c->ld);
                changed = true;
            }
        }
    }
}

static void judge(double *distortion, double *bits, const attempt *at,
                  const choice *c, const nmf_rate_side *side,
                  const float *products, double squares)
{
    double d = squares;
    double b = 0;
    for (size_t j = 0; j < c->fit->k; j++) {
        d += (double)at->w[j] * (double)(at->slope[j] - 2 * products[j]);
        b += (double)nmf_rate_bits(side, j, at->w[j], at->expected[j]);
    }
    *distortion = d;
    *bits = b;
}

static void swap(attempt *a, attempt *b)
{
    attempt t = *a;
    *a = *b;
    *b = t;
}

static void copy_attempt(attempt *to, const attempt *from, size_t ld)
{
    memcpy(to->w, from->w, ld * sizeof(float));
    memcpy(to->slope, from->slope, ld * sizeof(float));
    memcpy(to->expected, from->expected, ld * sizeof(float));
}

static void choose_image(choice *c, size_t i)
{
    const size_t ld = c->ld;
    float *w = c->fit->W + i * ld;
    const float *products = c->fit->products + i * ld;
    size_t candidates[N_CANDIDATES] = {0};
    const size_t n = find_candidates(candidates, c, i);
    double least = INFINITY;
    double best_distortion = 0;
    double best_bits = 0;
    start(&c->start_without, c, &c->model.without, w);
    if (n > 0) {
        start(&c->start_with, c, &c->model.with, w);
    }
    for (size_t t = 0; t <= n; t++) {
        const nmf_rate_side *side = t == 0 ? &c->model.without : &c->model.with;
        copy_attempt(&c->now, t == 0 ? &c->start_without : &c->start_with, ld);
        double extra = none_bits;
        if (t > 0) {
            const float *reference = c->fit->W + candidates[t - 1] * ld;
            for (size_t j = 0; j < ld; j++) {
                c->now.expected[j] += side->reference[j] * reference[j];
            }
            extra = some_bits +
                    distance_bits * log2((double)(i - candidates[t - 1]));
        }
        double distortion = 0;
        double bits = 0;
        descend(&c->now, c, side, products);
        judge(&distortion, &bits, &c->now, c, side, products,
              c->fit->data->squares[i]);
        bits += extra;
        if (distortion + (double)c->price * bits < least) {
            least = distortion + (double)c->price * bits;
            best_distortion = distortion;
            best_bits = bits;
            c->fit->reference[i] = t == 0 ? -1 : (int32_t)candidates[t - 1];
            swap(&c->best, &c->now);
        }
    }
    memcpy(w, c->best.w, ld * sizeof *w);
    c->distortion += best_distortion;
    c->bits += best_bits;
}

nmf_status nmf_activations_choose(nmf_set_fit *fit, size_t n_passes,
                                  nmf_error *err)
{
    const size_t n = fit->data->X.rows;
    const int n_threads = nmf_threads(fit->data->n_threads);
    choice c = {.fit = fit, .ld = nmf_padded(fit->k)};
    nmf_status status = begin(&c, err);
    for (size_t pass = 0; status == NMF_OK && pass < n_passes; pass++) {
        status = nmf_rate_model_learn(&c.model, fit->W, fit->reference, n,
                                      n_threads, err);
        c.distortion = 0;
        c.bits = 0;
        for (size_t i = 0; status == NMF_OK && i < n; i++) {
            choose_image(&c, i);
        }
    }
    fit->distortion = c.distortion;
    fit->bits = c.bits;
    nmf_rate_model_release(&c.model);
    nmf_free(c.memory);
    return status;
}
