/*
 * Which coefficients of the components are worth their bits. Contract in
 * set_fit.h.
 *
 * With V the coefficients (steps s), C the transform of the components aimed
 * at, and e = V s - C, the pictures get worse by tr(e' G e), G = W'W being the
 * gram matrix of the activations: components that are used together may err
 * against each other. Coordinate descent over the components at each frequency
 * minimises that plus lambda q^2 bits; the bits are those of a geometric
 * distribution whose mean depends on frequency and component.
 */
#include "codec/blocks_transform.h"
#include "codec/set_fit.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

enum { N_ITERATIONS = 3, N_SWEEPS = 3 };

static const double lambda = 0.15;     /* of a bit, in units of q^2 */
static const double step_factor = 2.0; /* s = factor q / ||w|| */
static const double rounding = 0.4;    /* of the start */

typedef struct choice {
    nmf_set_fit *fit;
    const nmf_blocks *blocks;
    size_t ld;
    float *gram;          /* k x ld: G */
    float *target;        /* blocks->size x ld: C */
    float *values;        /* blocks->size x ld: V */
    double *steps;        /* k */
    double *by_frequency; /* channels x block_size: mean size */
    double *by_component; /* k: the same, relative to the mean */
    void *memory;
} choice;

static nmf_status begin(choice *c, nmf_error *err)
{
    const size_t k = c->fit->k;
    const size_t n_frequencies = c->blocks->channels * c->blocks->block_size;
    size_t n_doubles = k * k + 2 * k + n_frequencies;
    size_t n_floats = k * c->ld + 2 * c->blocks->size * c->ld;
    c->memory = nmf_calloc(8 * n_doubles + 4 * n_floats, 1);
    if (!c->memory) {
        return nmf_error_memory(err, 8 * n_doubles + 4 * n_floats,
                                "choosing components");
    }
    c->gram = c->memory;
    c->target = c->gram + k * c->ld;
    c->values = c->target + c->blocks->size * c->ld;
    c->steps = (double *)(c->values + c->blocks->size * c->ld);
    c->by_frequency = c->steps + k;
    c->by_component = c->by_frequency + n_frequencies;
    double *gram = c->by_component + k;
    nmf_gram(gram, c->fit->W, c->fit->data->X.rows, k,
             nmf_threads(c->fit->data->n_threads));
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            c->gram[i * c->ld + j] =
                (float)(gram[i * k + j] * c->fit->data->weight);
        }
    }
    return NMF_OK;
}

/* The step of each component, a power of the fourth root of 2. */
static void choose_steps(choice *c)
{
    for (size_t j = 0; j < c->fit->k; j++) {
        double norm = sqrt((double)c->gram[j * c->ld + j]);
        double step = step_factor * c->fit->q / fmax(norm, 1e-9);
        double exponent = floor(4.0 * log2(step) + 0.5);
        exponent = fmax(NMF_STEP_MIN, fmin(NMF_STEP_MAX, exponent));
        c->fit->exponents[j] = (int8_t)exponent;
        c->steps[j] = nmf_step((int)exponent);
    }
}

/* C, and V near C / s. */
static nmf_status transform(choice *c, nmf_error *err)
{
    const nmf_blocks *b = c->blocks;
    nmf_block_waves *waves = nmf_malloc(1, sizeof *waves);
    double *values = nmf_malloc(b->size, sizeof *values);
    nmf_status status = NMF_OK;
    if (!waves || !values) {
        status = nmf_error_memory(err, b->size * sizeof *values,
                                  "choosing components");
    } else {
        nmf_block_waves_init(waves, b);
    }
    for (size_t j = 0; status == NMF_OK && j < c->fit->k; j++) {
        nmf_blocks_transform(values, b, waves, c->fit->Ht + j, c->ld);
        for (size_t at = 0; at < b->size; at++) {
            double size = floor(fabs(values[at]) / c->steps[j] + rounding);
            c->target[at * c->ld + j] = (float)values[at];
            c->values[at * c->ld + j] =
                (float)copysign(fmin(size, 16000), values[at]);
        }
    }
    nmf_free(waves);
    nmf_free(values);
    return status;
}

/* Mean sizes by frequency, smoothed, and by component. */
static void learn_sizes(choice *c)
{
    const nmf_blocks *b = c->blocks;
    const size_t k = c->fit->k;
    const size_t n_blocks = b->columns * b->rows;
    double total = 0;
    memset(c->by_frequency, 0,
           b->channels * b->block_size * sizeof *c->by_frequency);
    memset(c->by_component, 0, k * sizeof *c->by_component);
    for (size_t at = 0; at < b->size; at++) {
        size_t z = at / b->plane_size * b->block_size + at % b->block_size;
        for (size_t j = 0; j < k; j++) {
            double size = fabs((double)c->values[at * c->ld + j]);
            c->by_frequency[z] += size / (double)(n_blocks * k);
            c->by_component[j] += size / (double)b->size;
            total += size / (double)(b->size * k);
        }
    }
    for (size_t j = 0; j < k; j++) {
        c->by_component[j] = (c->by_component[j] + 0.05) / (total + 0.05);
    }
    for (size_t i = 0; i < b->channels; i++) {
        double *mean = c->by_frequency + i * b->block_size;
        const size_t last = b->block_size - 1;
        double before[2] = {mean[0], mean[0]};
        for (size_t z = 0; z <= last; z++) {
            double here = mean[z];
            double one = mean[z < last ? z + 1 : last];
            double two = mean[z + 1 < last ? z + 2 : last];
            mean[z] = 0.1 * before[1] + 0.2 * before[0] + 0.4 * here +
                      0.2 * one + 0.1 * two + 0.02;
            before[1] = before[0];
            before[0] = here;
        }
    }
}

/* The best whole number near the unconstrained optimum o. */
static double best_value(double o, double weight, double zero_bits,
                         double one_bits)
{
    const double near = floor(o);
    const double candidates[] = {0, near, near + 1,
                                 o < 0 ? near - 1 : near + 2};
    double best = 0;
    double least = INFINITY;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        double v = candidates[i];
        double bits = zero_bits + fabs(v) * one_bits + (v != 0 ? 1.0 : 0.0);
        double cost = weight * (v - o) * (v - o) + bits;
        if (cost < least) {
            least = cost;
            best = v;
        }
    }
    return best;
}

/* Coordinate descent over the components at one place; e: room for ld. */
static void descend(choice *c, size_t at, float *e)
{
    const nmf_blocks *b = c->blocks;
    const size_t k = c->fit->k;
    const size_t z = at / b->plane_size * b->block_size + at % b->block_size;
    float *v = c->values + at * c->ld;
    const float *target = c->target + at * c->ld;
    const double price = lambda * c->fit->q * c->fit->q;
    memset(e, 0, c->ld * sizeof *e);
    for (size_t j = 0; j < k; j++) {
        e[j] = (float)((double)v[j] * c->steps[j]) - target[j];
    }
    bool changed = true;
    for (size_t sweep = 0; sweep < N_SWEEPS && changed; sweep++) {
        changed = false;
        for (size_t j = 0; j < k; j++) {
            const float *g = c->gram + j * c->ld;
            const double step = c->steps[j];
            const double own = (double)g[j];
            if (own <= 0) {
                continue;
            }
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (size_t t = 0; t < c->ld; t++) {
                sum += g[t] * e[t];
            }
            double o = (double)v[j] - (double)sum / (own * step);
            double mean = c->by_frequency[z] * c->by_component[j];
            double zero_bits = log2(1 + mean);
            double best = best_value(o, own * step * step / price, zero_bits,
                                     zero_bits - log2(mean));
            best = fmax(-16000, fmin(16000, best));
            if (best != (double)v[j]) {
                e[j] += (float)((best - (double)v[j]) * step);
                v[j] = (float)best;
                changed = true;
            }
        }
    }
}

/* The numbers for the coder, and Ht as a decoder paints them. */
static nmf_status finish(choice *c, nmf_error *err)
{
    const nmf_blocks *b = c->blocks;
    nmf_set_fit *fit = c->fit;
    const size_t n_features = fit->data->X.cols;
    int32_t *pixels = nmf_malloc(n_features, sizeof *pixels);
    if (!pixels) {
        return nmf_error_memory(err, 4 * n_features, "choosing components");
    }
    for (size_t j = 0; j < fit->k; j++) {
        int32_t *coefficients = fit->coefficients + j * b->size;
        for (size_t at = 0; at < b->size; at++) {
            coefficients[at] = (int32_t)c->values[at * c->ld + j];
        }
        nmf_blocks_paint(pixels, b, coefficients, fit->exponents[j]);
        for (size_t p = 0; p < n_features; p++) {
            fit->Ht[p * c->ld + j] =
                (float)pixels[p] / (float)(1 << NMF_PIXEL_BITS);
        }
    }
    nmf_free(pixels);
    return NMF_OK;
}

nmf_status nmf_basis_choose(nmf_set_fit *fit, nmf_error *err)
{
    choice c = {
        .fit = fit, .blocks = &fit->data->blocks, .ld = nmf_padded(fit->k)};
    nmf_status status = begin(&c, err);
    float *e = nmf_malloc(c.ld, sizeof *e);
    if (status == NMF_OK && !e) {
        status = nmf_error_memory(err, c.ld * sizeof *e, "choosing components");
    }
    if (status == NMF_OK) {
        choose_steps(&c);
        status = transform(&c, err);
    }
    if (status == NMF_OK) {
        for (size_t n = 0; n < N_ITERATIONS; n++) {
            learn_sizes(&c);
            for (size_t at = 0; at < c.blocks->size; at++) {
                descend(&c, at, e);
            }
        }
        status = finish(&c, err);
    }
    nmf_free(e);
    nmf_free(c.memory);
    return status;
}
