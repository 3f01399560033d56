/*
 * Values to RGBA bytes: red, green, blue, alpha, in this order in memory
 * (SDL_PIXELFORMAT_RGBA32). Out of range is cut off, NaN is 0.
 *
 *     scene_palette palette = scene_palette_of(NMF_COLORMAP_VIRIDIS);
 *     scene_paint(bytes, row, &shape, scene_largest(row, n), &palette);
 */
#ifndef NMFIMG_VIEWER_SCENE_PAINT_H
#define NMFIMG_VIEWER_SCENE_PAINT_H

#include "scene_shape.h"

#include <stdint.h>

/* 256 colours from 0 to 1; of a signed one, -1 to 1 in entries 1 to 255 (128 is
 * zero). */
typedef struct scene_palette {
    uint8_t rgba[256][4];
} scene_palette;

scene_palette scene_palette_of(nmf_colormap colormap);
scene_palette scene_palette_signed(bool is_light); /* zero: white, not black */

/*
 * The shape's n_values into width * height * 4 bytes. white is the value of the
 * last colour, > 0 (0: all is the first colour). Three channels keep their
 * colours, divided by white.
 */
void scene_paint(uint8_t *rgba, const float *values, const scene_shape *shape,
                 float white, const scene_palette *palette);

/*
 * Signed values, from -white to white, with a signed palette; of three channels
 * their mean.
 */
void scene_paint_signed(uint8_t *rgba, const float *values,
                        const scene_shape *shape, float white,
                        const scene_palette *palette);

/*
 * A layer to lay over a picture: the colour rgb with alpha = value / white, of
 * three channels their mean.
 */
void scene_paint_layer(uint8_t *rgba, const float *values,
                       const scene_shape *shape, float white,
                       const uint8_t rgb[3]);

/* The largest of n values, at least 0; and the largest magnitude. */
float scene_largest(const float *values, size_t n);
float scene_largest_magnitude(const float *values, size_t n);

/*
 * Made smaller by a whole number: each value of the result is the mean of
 * factor x factor (what there is of them at the right and at the bottom).
 *
 * out      n_values of the shape that is returned; may not be `values`
 * shape    not wrapped
 */
scene_shape scene_shrink(float *out, const float *values,
                         const scene_shape *shape, size_t factor);

/*
 * Picture p small, for a contact sheet: its longer side is `side` pixels, never
 * more than the picture has. scene_thumbnail_size() tells the size; rgba has
 * width * height * 4 bytes. Grey ones take the palette. white: as above, 1 for
 * pictures. Fails: NMF_ERR_MEMORY
 */
void scene_thumbnail_size(const nmf_dataset *data, size_t p, size_t side,
                          size_t *width, size_t *height);
nmf_status scene_thumbnail(uint8_t *rgba, const nmf_dataset *data, size_t p,
                           size_t side, float white,
                           const scene_palette *palette, nmf_error *err);

#endif
