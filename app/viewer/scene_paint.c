/*
 * Values become indices of a palette block by block, so that the compiler makes
 * vectors of the arithmetic; the look-up is the rest.
 */
#include "scene_paint.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 256, LAST = 255, SIGNED_ZERO = 128, SIGNED_REACH = 127 };

static uint8_t byte_of(float sample)
{
    return (uint8_t)(sample * 255.0F + 0.5F);
}

static void set_colour(uint8_t rgba[4], const float rgb[3])
{
    for (size_t c = 0; c < 3; c++) {
        rgba[c] = byte_of(rgb[c]);
    }
    rgba[3] = LAST;
}

scene_palette scene_palette_of(nmf_colormap colormap)
{
    scene_palette palette;
    for (size_t i = 0; i <= LAST; i++) {
        float rgb[3];
        nmf_colormap_rgb(rgb, colormap, (float)i / (float)LAST);
        set_colour(palette.rgba[i], rgb);
    }
    return palette;
}

scene_palette scene_palette_signed(bool is_light)
{
    scene_palette palette;
    for (int i = 0; i <= LAST; i++) {
        float rgb[3];
        nmf_colormap_signed_rgb(
            rgb, (float)(i - SIGNED_ZERO) / (float)SIGNED_REACH, is_light);
        set_colour(palette.rgba[i], rgb);
    }
    return palette;
}

/* index[i] = round(scale * values[i]) within 0 .. 255; NaN is 0. */
static void to_bytes(uint8_t *restrict index, const float *restrict values,
                     size_t n, float scale)
{
    for (size_t i = 0; i < n; i++) {
        float value = values[i] * scale;
        value = value > 0.0F ? value : 0.0F;
        value = value < (float)LAST ? value : (float)LAST;
        index[i] = (uint8_t)(int)(value + 0.5F);
    }
}

/* index[i] = 128 + round(scale * values[i]) within 1 .. 255; NaN is 128. */
static void to_signed_bytes(uint8_t *restrict index,
                            const float *restrict values, size_t n, float scale)
{
    const float reach = (float)SIGNED_REACH;
    for (size_t i = 0; i < n; i++) {
        float value = values[i] * scale;
        value = value == value ? value : 0.0F;
        value = value > -reach ? value : -reach;
        value = value < reach ? value : reach;
        /* Halves up, by truncation of what is positive. */
        index[i] = (uint8_t)(int)(value + (float)SIGNED_ZERO + 0.5F);
    }
}

/* What 1 is multiplied with so that white becomes the last index. */
static float scale_for(float white, float last)
{
    return white > 0.0F ? last / white : 0.0F;
}

static void look_up(uint8_t *restrict rgba, const uint8_t *restrict index,
                    size_t n, const scene_palette *palette)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(rgba + 4 * i, palette->rgba[index[i]], 4);
    }
}

/* Pixels beyond the last number of a wrapped row are transparent. */
static void clear_rest(uint8_t *rgba, const scene_shape *shape)
{
    size_t n = shape->n_values / shape->channels;
    memset(rgba + 4 * n, 0, scene_shape_bytes(shape) - 4 * n);
}

static void paint_colours(uint8_t *restrict rgba, const float *restrict values,
                          size_t n, float scale)
{
    uint8_t bytes[3 * BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? n - i : BLOCK;
        to_bytes(bytes, values + 3 * i, 3 * count, scale);
        for (size_t j = 0; j < count; j++) {
            rgba[4 * (i + j)] = bytes[3 * j];
            rgba[4 * (i + j) + 1] = bytes[3 * j + 1];
            rgba[4 * (i + j) + 2] = bytes[3 * j + 2];
            rgba[4 * (i + j) + 3] = LAST;
        }
    }
}

void scene_paint(uint8_t *rgba, const float *values, const scene_shape *shape,
                 float white, const scene_palette *palette)
{
    size_t n = shape->n_values / shape->channels;
    float scale = scale_for(white, (float)LAST);
    clear_rest(rgba, shape);
    if (shape->channels == 3) {
        paint_colours(rgba, values, n, scale);
        return;
    }
    uint8_t index[BLOCK];
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? n - i : BLOCK;
        to_bytes(index, values + i, count, scale);
        look_up(rgba + 4 * i, index, count, palette);
    }
}

/* The mean over the channels of `count` pixels; values where it is one. */
static const float *grey_of(float *buffer, const float *values, size_t count,
                            size_t channels)
{
    if (channels == 1) {
        return values;
    }
    for (size_t i = 0; i < count; i++) {
        const float *v = values + 3 * i;
        buffer[i] = (v[0] + v[1] + v[2]) / 3.0F;
    }
    return buffer;
}

void scene_paint_signed(uint8_t *rgba, const float *values,
                        const scene_shape *shape, float white,
                        const scene_palette *palette)
{
    const size_t channels = shape->channels;
    size_t n = shape->n_values / channels;
    float scale = scale_for(white, (float)SIGNED_REACH);
    float buffer[BLOCK];
    uint8_t index[BLOCK];
    clear_rest(rgba, shape);
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? n - i : BLOCK;
        const float *grey =
            grey_of(buffer, values + channels * i, count, channels);
        to_signed_bytes(index, grey, count, scale);
        look_up(rgba + 4 * i, index, count, palette);
    }
}

void scene_paint_layer(uint8_t *rgba, const float *values,
                       const scene_shape *shape, float white,
                       const uint8_t rgb[3])
{
    const size_t channels = shape->channels;
    size_t n = shape->n_values / channels;
    float scale = scale_for(white, (float)LAST);
    float buffer[BLOCK];
    uint8_t alpha[BLOCK];
    clear_rest(rgba, shape);
    for (size_t i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? n - i : BLOCK;
        const float *grey =
            grey_of(buffer, values + channels * i, count, channels);
        to_bytes(alpha, grey, count, scale);
        for (size_t j = 0; j < count; j++) {
            uint8_t *pixel = rgba + 4 * (i + j);
            pixel[0] = rgb[0];
            pixel[1] = rgb[1];
            pixel[2] = rgb[2];
            pixel[3] = alpha[j];
        }
    }
}

/* The largest of 16 in turn: no entry waits for the one before. */
enum { LANES = 16 };

float scene_largest(const float *values, size_t n)
{
    float lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            lane[l] = values[i + l] > lane[l] ? values[i + l] : lane[l];
        }
    }
    for (; i < n; i++) {
        lane[0] = values[i] > lane[0] ? values[i] : lane[0];
    }
    for (size_t l = 1; l < LANES; l++) {
        lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
    }
    return lane[0];
}

float scene_largest_magnitude(const float *values, size_t n)
{
    float lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            float magnitude = fabsf(values[i + l]);
            lane[l] = magnitude > lane[l] ? magnitude : lane[l];
        }
    }
    for (; i < n; i++) {
        float magnitude = fabsf(values[i]);
        lane[0] = magnitude > lane[0] ? magnitude : lane[0];
    }
    return scene_largest(lane, LANES);
}
