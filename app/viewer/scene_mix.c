#include "scene_mix.h"

#include "scene_alloc.h"
#include "scene_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float largest_factor = 2.0F;

nmf_status scene_mix_init(scene_mix *out, size_t k, nmf_error *err)
{
    *out = (scene_mix){0};
    out->k = k;
    out->value = scene_alloc(k, sizeof *out->value, err);
    out->limit = scene_alloc(k, sizeof *out->limit, err);
    if (!out->value || !out->limit) {
        scene_mix_release(out);
        return NMF_ERR_MEMORY;
    }
    return NMF_OK;
}

void scene_mix_release(scene_mix *mix)
{
    if (!mix) {
        return;
    }
    free(mix->value);
    free(mix->limit);
    nmf_matrix_release(&mix->weights);
    *mix = (scene_mix){0};
}

/* ---- As fitted. */

static void limit_factors(scene_mix *mix)
{
    for (size_t t = 0; t < mix->k; t++) {
        mix->value[t] = 1.0F;
        mix->limit[t] = largest_factor;
    }
}

static void limit_weights(scene_mix *mix, const float *fitted,
                          const nmf_matrix *W)
{
    for (size_t t = 0; t < mix->k; t++) {
        mix->value[t] = fitted[t];
        mix->limit[t] = 2.0F * fabsf(fitted[t]);
    }
    for (size_t i = 0; i < W->rows; i++) {
        const float *w = nmf_matrix_row(W, i);
        for (size_t t = 0; t < mix->k; t++) {
            mix->limit[t] = fmaxf(fabsf(w[t]), mix->limit[t]);
        }
        mix->is_signed = mix->is_signed || scene_has_negatives(w, mix->k);
    }
}

nmf_status scene_mix_reset(scene_mix *mix, const nmf_matrix *rows,
                           const nmf_matrix *W, nmf_error *err)
{
    if (mix->weights.rows != rows->rows) {
        nmf_matrix_release(&mix->weights);
        nmf_status status =
            nmf_matrix_init(&mix->weights, rows->rows, mix->k, err);
        if (status != NMF_OK) {
            return status;
        }
    }
    mix->is_factor = rows->rows != 1;
    mix->is_signed = false;
    if (mix->is_factor) {
        limit_factors(mix);
    } else {
        limit_weights(mix, nmf_matrix_row(rows, 0), W);
    }
    scene_mix_apply(mix, rows);
    return NMF_OK;
}

void scene_mix_apply(scene_mix *mix, const nmf_matrix *rows)
{
    for (size_t i = 0; i < mix->weights.rows; i++) {
        const float *fitted = nmf_matrix_row(rows, i);
        float *out = nmf_matrix_row(&mix->weights, i);
        for (size_t t = 0; t < mix->k; t++) {
            out[t] = mix->is_factor ? fitted[t] * mix->value[t] : mix->value[t];
        }
    }
}

/* ---- By chance. */

/* The next number of a stream that the seed alone decides: SplitMix64 (Steele,
 * Lea and Flood, OOPSLA 2014). */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. n - 1; n is small beside 2^64, so that all are equally likely. */
static size_t random_below(uint64_t *state, size_t n)
{
    return (size_t)(next_random(state) % n);
}

/* Of part t over the rows of a picture. */
static double mean_of(const nmf_picture *picture, const nmf_matrix *W, size_t t)
{
    double sum = 0.0;
    for (size_t i = 0; i < picture->n_rows; i++) {
        sum += (double)nmf_matrix_row(W, picture->first_row + i)[t];
    }
    return sum / (double)picture->n_rows;
}

/*
 * The factor that makes part t as strong in p as it is elsewhere: in another
 * picture, or, where there is but one, in one of its patches.
 */
static float random_factor(uint64_t *state, const nmf_picture *pictures,
                           size_t n_pictures, size_t p, const nmf_matrix *W,
                           size_t t)
{
    double here = mean_of(&pictures[p], W, t);
    size_t drawn =
        random_below(state, n_pictures > 1 ? n_pictures : pictures[p].n_rows);
    if (here <= 0.0) {
        return 1.0F; /* no factor makes anything of nothing */
    }
    double there =
        n_pictures > 1
            ? mean_of(&pictures[drawn], W, t)
            : (double)nmf_matrix_row(W, pictures[p].first_row + drawn)[t];
    float factor = (float)(there / here);
    return factor < largest_factor ? factor : largest_factor;
}

void scene_mix_random(scene_mix *mix, const nmf_dataset *data,
                      const nmf_matrix *W, size_t p, uint64_t seed)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    uint64_t state = seed;
    for (size_t t = 0; t < mix->k; t++) {
        if (mix->is_factor) {
            mix->value[t] = random_factor(&state, pictures, n, p, W, t);
        } else {
            const nmf_picture *drawn = &pictures[random_below(&state, n)];
            mix->value[t] = nmf_matrix_row(W, drawn->first_row)[t];
        }
    }
    nmf_matrix rows = nmf_matrix_view(nmf_matrix_row(W, pictures[p].first_row),
                                      pictures[p].n_rows, W->cols, W->ld);
    scene_mix_apply(mix, &rows);
}

/* ---- Between two. */

bool scene_mix_morph(scene_mix *mix, const nmf_dataset *data,
                     const nmf_matrix *W, size_t a, size_t b, float share)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    const size_t n_rows = mix->weights.rows;
    if (a >= n || b >= n || n_rows == 0 || pictures[a].n_rows != n_rows ||
        pictures[b].n_rows != n_rows) {
        return false;
    }
    for (size_t i = 0; i < n_rows; i++) {
        const float *from = nmf_matrix_row(W, pictures[a].first_row + i);
        const float *to = nmf_matrix_row(W, pictures[b].first_row + i);
        float *out = nmf_matrix_row(&mix->weights, i);
        for (size_t t = 0; t < mix->k; t++) {
            out[t] = (1.0F - share) * from[t] + share * to[t];
        }
    }
    if (!mix->is_factor) {
        memcpy(mix->value, mix->weights.data, mix->k * sizeof *mix->value);
    }
    return true;
}
