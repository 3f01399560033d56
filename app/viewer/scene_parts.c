#include "scene_parts.h"

#include "scene_alloc.h"
#include "scene_paint.h"
#include "scene_sums.h"

#include <math.h>
#include <stdlib.h>

nmf_status scene_parts_init(scene_parts *out, const nmf_geometry *geometry,
                            size_t n_features, size_t k, nmf_error *err)
{
    *out = (scene_parts){0};
    out->k = k;
    out->shape = scene_shape_of_row(geometry, n_features);
    out->part = scene_alloc(k, sizeof *out->part, err);
    out->order = scene_alloc(k, sizeof *out->order, err);
    out->place = scene_alloc(k, sizeof *out->place, err);
    out->scratch = scene_alloc(k, 2 * sizeof *out->scratch, err);
    if (!out->part || !out->order || !out->place || !out->scratch) {
        scene_parts_release(out);
        return NMF_ERR_MEMORY;
    }
    scene_parts_sort(out, SCENE_ORDER_INDEX);
    return NMF_OK;
}

void scene_parts_release(scene_parts *parts)
{
    if (!parts) {
        return;
    }
    free(parts->part);
    free(parts->order);
    free(parts->place);
    free(parts->scratch);
    *parts = (scene_parts){0};
}

/* Hoyer's formula of n numbers, from their sum and sum of squares. */
static double sparseness_of(double sum, double squares, double n)
{
    /* A row of zeros says nothing; one number is neither local nor spread. */
    if (squares <= 0.0 || n < 2.0) {
        return 0.0;
    }
    return (sqrt(n) - sum / sqrt(squares)) / (sqrt(n) - 1.0);
}

/* The sums over one line of pixels: mass, squares, and mass times column. */
struct line_sums {
    double mass;
    double squares;
    double moment;
};

static struct line_sums sums_of_line(const float *h, size_t n, size_t channels)
{
    struct line_sums sums = {0};
    size_t column = 0;
    for (size_t j = 0; j < n; j += channels) {
        double pixel = 0.0;
        for (size_t c = 0; c < channels && j + c < n; c++) {
            double value = fabs((double)h[j + c]);
            pixel += value;
            sums.squares += value * value;
        }
        sums.mass += pixel;
        sums.moment += pixel * ((double)column + 0.5);
        column++;
    }
    return sums;
}

static void measure(scene_part *part, const float *h, const scene_shape *shape)
{
    const size_t run = shape->width * shape->channels;
    double mass = 0.0;
    double squares = 0.0;
    double x = 0.0;
    double y = 0.0;
    for (size_t line = 0; line < shape->height; line++) {
        size_t first = line * run;
        size_t rest = shape->n_values - first;
        struct line_sums sums =
            sums_of_line(h + first, rest < run ? rest : run, shape->channels);
        mass += sums.mass;
        squares += sums.squares;
        x += sums.moment;
        y += sums.mass * ((double)line + 0.5);
    }
    part->mass = mass;
    part->sparseness = sparseness_of(mass, squares, (double)shape->n_values);
    part->x = mass > 0.0 ? x / mass : (double)shape->width / 2.0;
    part->y = mass > 0.0 ? y / mass : (double)shape->height / 2.0;
    part->largest = scene_largest_magnitude(h, shape->n_values);
    part->is_signed = scene_has_negatives(h, shape->n_values);
}

/*
 * The sums of the sizes in the columns of W into sums (k), and the mean
 * sparseness of its rows, in one pass; four columns at a time, so that no sum
 * waits for another.
 */
static double sums_of_activations(double *restrict sums, const nmf_matrix *W)
{
    const size_t k = W->cols;
    double total = 0.0;
    size_t n_rows = 0;
    for (size_t t = 0; t < k; t++) {
        sums[t] = 0.0;
    }
    for (size_t i = 0; i < W->rows; i++) {
        const float *w = nmf_matrix_row(W, i);
        double sum[4] = {0};
        double squares[4] = {0};
        size_t t = 0;
        for (; t + 4 <= k; t += 4) {
            for (size_t l = 0; l < 4; l++) {
                double value = fabs((double)w[t + l]);
                sums[t + l] += value;
                sum[l] += value;
                squares[l] += value * value;
            }
        }
        for (; t < k; t++) {
            double value = fabs((double)w[t]);
            sums[t] += value;
            sum[0] += value;
            squares[0] += value * value;
        }
        double all = sum[0] + sum[1] + sum[2] + sum[3];
        double all_squares = squares[0] + squares[1] + squares[2] + squares[3];
        if (all_squares > 0.0) {
            total += sparseness_of(all, all_squares, (double)k);
            n_rows++;
        }
    }
    return n_rows > 0 ? total / (double)n_rows : 0.0;
}

void scene_parts_update(scene_parts *parts, const nmf_matrix *W,
                        const nmf_matrix *H)
{
    const size_t k = parts->k;
    double energies = 0.0;
    double sparseness = 0.0;
    size_t n_counted = 0;
    parts->largest = 0.0F;
    parts->sparseness_w = sums_of_activations(parts->scratch, W);
    for (size_t t = 0; t < k; t++) {
        scene_part *part = &parts->part[t];
        measure(part, nmf_matrix_row(H, t), &parts->shape);
        part->activation = W->rows > 0 ? parts->scratch[t] : 0.0;
        part->energy = W->rows > 0 ? part->activation * part->mass : part->mass;
        energies += part->energy;
        if (part->mass > 0.0) {
            sparseness += part->sparseness;
            n_counted++;
        }
        if (part->largest > parts->largest) {
            parts->largest = part->largest;
        }
    }
    parts->sparseness_h = n_counted > 0 ? sparseness / (double)n_counted : 0.0;
    for (size_t t = 0; t < k; t++) {
        parts->part[t].energy =
            energies > 0.0 ? parts->part[t].energy / energies : 0.0;
    }
}

bool scene_parts_are_signed(const scene_parts *parts)
{
    size_t t = 0;
    while (t < parts->k && !parts->part[t].is_signed) {
        t++;
    }
    return t < parts->k;
}

/* Parts are shown by first key, then by second, then by index; the smallest
 * first. */
static void keys_of(const scene_parts *parts, scene_order order, size_t t,
                    double key[2])
{
    const scene_part *part = &parts->part[t];
    key[0] = 0.0;
    key[1] = 0.0;
    if (order == SCENE_ORDER_ENERGY) {
        key[0] = -part->energy;
    } else if (order == SCENE_ORDER_SPARSENESS) {
        key[0] = -part->sparseness;
    } else if (order == SCENE_ORDER_SHARE) {
        key[0] = -part->share;
    } else if (order == SCENE_ORDER_POSITION) {
        double n_bands = ceil(sqrt((double)parts->k));
        key[0] = floor(part->y / (double)parts->shape.height * n_bands);
        key[1] = part->x;
    }
}

/* By insertion, which keeps equal ones in order; k is small. */
void scene_parts_sort(scene_parts *parts, scene_order order)
{
    double(*keys)[2] = (double(*)[2])(void *)parts->scratch;
    for (size_t t = 0; t < parts->k; t++) {
        keys_of(parts, order, t, keys[t]);
    }
    for (size_t t = 0; t < parts->k; t++) {
        size_t i = t;
        for (; i > 0; i--) {
            const double *before = keys[parts->order[i - 1]];
            if (before[0] < keys[t][0] ||
                (before[0] == keys[t][0] && before[1] <= keys[t][1])) {
                break;
            }
            parts->order[i] = parts->order[i - 1];
        }
        parts->order[i] = t;
    }
    for (size_t i = 0; i < parts->k; i++) {
        parts->place[parts->order[i]] = i;
    }
}
