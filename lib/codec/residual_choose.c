/*
 * Contracts are in residual_choose.h.
 *
 * Picture by picture and block by block, as they are coded: each coefficient is
 * the whole number that costs least, distortion plus lambda step^2 bits, where
 * the bits are those of a geometric distribution around what is usual at its
 * frequency and what stands beside it. Then the block ends where going on does
 * not pay.
 */
#include "codec/residual_choose.h"

#include "codec/blocks_transform.h"
#include "codec/residual.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum {
    MEAN_STEPS = 32, /* of the tables of bits, for a mean size of 1 */
    MEANS = 1024     /* entries; larger means are as the last */
};

static const double memory_blocks = 200; /* that a mean size looks back over */

/* All that choosing needs; pictures come one after another. */
typedef struct choice {
    const nmf_residual_fit *fit;
    double lambda;
    float inverse_step;
    float zero_bits[MEANS]; /* of any size, for its mean */
    float more_bits[MEANS]; /* for each 1 of the size */
    double *usual;          /* channels x block_size: mean size */
    double n_blocks;
} choice;

nmf_status nmf_residual_fit_init(nmf_residual_fit *out,
                                 const nmf_set_data *data, size_t stride,
                                 size_t block_width, size_t block_height,
                                 nmf_error *err)
{
    const nmf_blocks *b = &data->blocks;
    *out = (nmf_residual_fit){.data = data,
                              .stride = stride,
                              .n = (data->X.rows + stride - 1) / stride};
    nmf_blocks_init(&out->blocks, b->width, b->height, b->channels, block_width,
                    block_height);
    out->blocks.is_signed = true;
    out->sums = nmf_calloc_matrix(out->n, data->X.cols, sizeof(int32_t));
    out->targets = nmf_calloc_matrix(out->n, out->blocks.size, sizeof(float));
    if (!out->sums || !out->targets) {
        nmf_residual_fit_release(out);
        return nmf_error_memory(err,
                                4 * out->n * (data->X.cols + out->blocks.size),
                                "the residual of a set");
    }
    return NMF_OK;
}

void nmf_residual_fit_release(nmf_residual_fit *fit)
{
    nmf_free(fit->sums);
    nmf_free(fit->targets);
    *fit = (nmf_residual_fit){0};
}

nmf_status nmf_residual_fit_aim(nmf_residual_fit *fit,
                                const nmf_set_factors *factors, nmf_error *err)
{
    const size_t p = fit->data->X.cols;
    const size_t k = factors->basis.n_components;
    const size_t size = fit->blocks.size;
    int32_t *components = nmf_set_paint_basis(&factors->basis);
    int64_t *sums = nmf_malloc(p, sizeof *sums);
    float *gaps = nmf_malloc(p, sizeof *gaps);
    double *values = nmf_malloc(size, sizeof *values);
    nmf_block_waves *waves = nmf_malloc(1, sizeof *waves);
    const float one = (float)(1 << NMF_PIXEL_BITS);
    nmf_status status = NMF_OK;
    fit->squared_error = 0;
    if (!components || !sums || !gaps || !values || !waves) {
        status = nmf_error_memory(err, 4 * k * p, "the residual of a set");
    } else {
        nmf_block_waves_init(waves, &fit->blocks);
    }
    for (size_t i = 0; status == NMF_OK && i < fit->n; i++) {
        const float *row = nmf_matrix_row(&fit->data->X, i * fit->stride);
        int32_t *sum = fit->sums + i * p;
        nmf_set_sum_up(sums, components, p,
                       factors->activations.values + i * fit->stride * k, k);
        for (size_t x = 0; x < p; x++) {
            double gap = (double)row[x] - nmf_set_level(sums[x], 0);
            sum[x] =
                (int32_t)(sums[x] < NMF_PIXEL_MAX ? sums[x] : NMF_PIXEL_MAX);
            gaps[x] = row[x] + 0.5F - (float)sum[x] / one;
            fit->squared_error += gap * gap;
        }
        nmf_blocks_transform(values, &fit->blocks, waves, gaps, 1);
        for (size_t at = 0; at < size; at++) {
            fit->targets[i * size + at] = (float)values[at];
        }
    }
    nmf_free(components);
    nmf_free(sums);
    nmf_free(gaps);
    nmf_free(values);
    nmf_free(waves);
    return status;
}

static nmf_status begin(choice *c, nmf_error *err)
{
    size_t n = c->fit->blocks.channels * c->fit->blocks.block_size;
    c->usual = nmf_calloc(n, sizeof *c->usual);
    if (!c->usual) {
        return nmf_error_memory(err, n * sizeof *c->usual,
                                "the residual of a set");
    }
    for (size_t i = 0; i < MEANS; i++) {
        double mean = ((double)i + 0.5) / MEAN_STEPS;
        c->zero_bits[i] = (float)log2(1 + mean);
        c->more_bits[i] = (float)log2((1 + mean) / mean);
    }
    return NMF_OK;
}

/* A block's sizes so far, with a border of zeros. */
typedef struct sizes {
    float at[NMF_BLOCK_SIDE_MAX + 4][NMF_BLOCK_SIDE_MAX + 4];
} sizes;

/* What size is expected at frequency (x, y). */
static double expect(const sizes *s, size_t x, size_t y, double usual)
{
    const float *row = s->at[y + 2] + x + 2;
    const float *above = s->at[y + 1] + x + 2;
    double next = (double)above[0] + (double)row[-1];
    double far = (double)above[-1] + (double)s->at[y][x + 2] + (double)row[-2] +
                 (double)above[1] + (double)s->at[y + 3][x + 1];
    return 0.5 * usual + (2 * next + far) / 14;
}

/* The whole number nearest to o in cost; *gain: what it is better than ending
 * before. */
static float best_value(double *gain, double o, double zero, double more,
                        double lambda)
{
    const double size = fabs(o);
    const double near = floor(size);
    double best = 0;
    double least = o * o + lambda * zero;
    for (double v = near > 0 ? near : 1; size >= 0.5 && v <= near + 1; v++) {
        double cost = (size - v) * (size - v) + lambda * (zero + v * more + 1);
        if (cost < least) {
            least = cost;
            best = v;
        }
    }
    *gain = o * o - least;
    return (float)best;
}

static void choose_block(choice *c, int32_t *values, const float *targets,
                         size_t channel)
{
    const nmf_blocks *b = &c->fit->blocks;
    double *usual = c->usual + channel * b->block_size;
    sizes s;
    double sum = 0;
    double most = 0;
    size_t end = 0; /* coefficients that are kept */
    memset(&s, 0, sizeof s);
    for (size_t z = 0; z < b->block_size; z++) {
        const size_t x = b->x[z];
        const size_t y = b->y[z];
        const double o = fmax(
            -NMF_COEFFICIENT_MAX,
            fmin(NMF_COEFFICIENT_MAX, (double)(targets[z] * c->inverse_step)));
        const double mean = expect(&s, x, y, usual[z]);
        size_t at = (size_t)(mean * MEAN_STEPS);
        double gain = 0;
        at = at < MEANS ? at : MEANS - 1;
        float size = best_value(&gain, o, (double)c->zero_bits[at],
                                (double)c->more_bits[at], c->lambda);
        s.at[y + 2][x + 2] = size;
        values[z] = (int32_t)(o < 0 ? -size : size);
        sum += gain;
        if (size > 0 && sum > most) {
            most = sum;
            end = z + 1;
        }
    }
    double pace = c->n_blocks < memory_blocks ? c->n_blocks + 1 : memory_blocks;
    for (size_t z = 0; z < b->block_size; z++) {
        values[z] = z < end ? values[z] : 0;
        usual[z] += (fabs((double)values[z]) - usual[z]) / pace;
    }
}

static void choose_image(choice *c, int32_t *values, const float *targets)
{
    const nmf_blocks *b = &c->fit->blocks;
    for (size_t channel = 0; channel < b->channels; channel++) {
        for (size_t n = 0; n < b->columns * b->rows; n++) {
            choose_block(c, values, targets, channel);
            values += b->block_size;
            targets += b->block_size;
        }
    }
    c->n_blocks += (double)(b->columns * b->rows);
}

/* Paint a picture; its squared error. */
static double paint(uint8_t *pixels, const float *row, const int32_t *sums,
                    const int32_t *residual, size_t n_features)
{
    double squared_error = 0;
    for (size_t p = 0; p < n_features; p++) {
        pixels[p] = nmf_set_level(sums[p], residual[p]);
        double gap = (double)row[p] - pixels[p];
        squared_error += gap * gap;
    }
    return squared_error;
}

static void write_head(nmf_byte_writer *out, const nmf_blocks *blocks,
                       unsigned step)
{
    const uint8_t sides[2] = {(uint8_t)blocks->block_width,
                              (uint8_t)blocks->block_height};
    nmf_write_u16(out, (uint16_t)step);
    nmf_write_bytes(out, sides, sizeof sides);
}

static nmf_status put_together(nmf_bytes *out, const nmf_bytes *coded,
                               const nmf_blocks *blocks, unsigned step,
                               nmf_error *err)
{
    nmf_byte_writer bytes = {0};
    write_head(&bytes, blocks, step);
    nmf_write_bytes(&bytes, coded->data, coded->size);
    return nmf_byte_writer_finish(out, &bytes, err);
}

/* Working memory of coding; all of it lives as long as the coder does. */
typedef struct coding {
    nmf_bit_coder coder;
    nmf_blocks_coder *images;
    nmf_block_cosines cosines;
    int32_t *values;   /* coefficients of a picture */
    int32_t *residual; /* of a picture, as painted */
    uint8_t *pixels;   /* of a picture */
} coding;

static nmf_status coding_init(coding *c, const nmf_residual_fit *fit,
                              nmf_error *err)
{
    const nmf_blocks *b = &fit->blocks;
    const size_t p = fit->data->X.cols;
    *c = (coding){.coder = nmf_bit_coder_encode(),
                  .values = nmf_malloc(b->size, sizeof(int32_t)),
                  .residual = nmf_malloc(p, sizeof(int32_t)),
                  .pixels = nmf_malloc(p, 1)};
    if (!c->values || !c->residual || !c->pixels) {
        return nmf_error_memory(err, 4 * (b->size + p),
                                "the residual of a set");
    }
    nmf_block_cosines_init(&c->cosines, b);
    return nmf_blocks_coder_create(&c->images, &c->coder, b, true, err);
}

static void coding_release(coding *c)
{
    nmf_bit_coder_release(&c->coder);
    nmf_blocks_coder_free(c->images);
    nmf_free(c->values);
    nmf_free(c->residual);
    nmf_free(c->pixels);
}

/* All pictures; pixels: NULL, or room for them. */
static nmf_status code(nmf_residual_trial *out, choice *c, unsigned step,
                       uint8_t *pixels, nmf_error *err)
{
    const nmf_residual_fit *fit = c->fit;
    const size_t p = fit->data->X.cols;
    nmf_bytes coded = {0};
    coding with;
    nmf_status status = coding_init(&with, fit, err);
    for (size_t i = 0; status == NMF_OK && i < fit->n; i++) {
        choose_image(c, with.values, fit->targets + i * fit->blocks.size);
        nmf_blocks_coder_image(with.images, with.values);
        nmf_blocks_paint_fine(with.residual, &fit->blocks, with.values, step,
                              &with.cosines);
        out->squared_error +=
            paint(pixels ? pixels + i * p : with.pixels,
                  nmf_matrix_row(&fit->data->X, i * fit->stride),
                  fit->sums + i * p, with.residual, p);
    }
    if (status == NMF_OK) {
        status = nmf_bit_coder_finish(&coded, &with.coder, err);
    }
    if (status == NMF_OK) {
        status = put_together(&out->bytes, &coded, &fit->blocks, step, err);
    }
    nmf_bytes_release(&coded);
    coding_release(&with);
    return status;
}

nmf_status nmf_residual_try(nmf_residual_trial *out,
                            const nmf_residual_fit *fit, unsigned step,
                            double lambda, uint8_t *pixels, nmf_error *err)
{
    choice *c = nmf_malloc(1, sizeof *c);
    *out = (nmf_residual_trial){0};
    if (!c) {
        return nmf_error_memory(err, sizeof *c, "the residual of a set");
    }
    *c = (choice){.fit = fit,
                  .lambda = lambda,
                  .inverse_step =
                      (float)(1 << NMF_FINE_STEP_BITS) / (float)step};
    nmf_status status = begin(c, err);
    if (status == NMF_OK) {
        status = code(out, c, step, pixels, err);
    }
    nmf_free(c->usual);
    nmf_free(c);
    return status;
}
