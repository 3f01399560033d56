/*
 * How numbers lie on the screen: a row of X or H, or a picture.
 *
 * Rows of a plain table have no geometry. Up to 32 of their numbers make a
 * strip one pixel high; more are wrapped to a nearly square block, line by
 * line, whose last line may end early: pixels without a number are transparent.
 */
#ifndef NMFIMG_VIEWER_SCENE_SHAPE_H
#define NMFIMG_VIEWER_SCENE_SHAPE_H

#include <nmfimg/nmfimg.h>

typedef struct scene_shape {
    size_t width; /* in pixels, >= 1 */
    size_t height;
    size_t channels; /* 1 or 3 */
    size_t n_values; /* <= width * height * channels; less: the last line of a
                        wrapped row ends early */
    bool is_wrapped; /* made up: the row has no geometry */
} scene_shape;

/* Of a row of X or H. */
scene_shape scene_shape_of_row(const nmf_geometry *geometry, size_t n_features);

/* Of picture p, which may be many rows (patches). */
scene_shape scene_shape_of_picture(const nmf_dataset *data, size_t p);

/* Bytes of it as RGBA. */
size_t scene_shape_bytes(const scene_shape *shape);

#endif
