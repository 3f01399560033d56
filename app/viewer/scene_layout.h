/*
 * From rows to a picture without asking for memory each time: where each row
 * of one picture is laid, worked out once. What nmf_picture_assemble() does,
 * for rows that are products w H and need not exist.
 *
 * A row is n_lines lines of `run` floats; line l of row i is laid at
 * offset[i] + l * pitch of the picture. A whole picture (or a wrapped row) is
 * one row of one line. Where patches overlap, each float is weighted by
 * cover = 1 / how many lie there.
 */
#ifndef NMFIMG_VIEWER_SCENE_LAYOUT_H
#define NMFIMG_VIEWER_SCENE_LAYOUT_H

#include "scene_shape.h"

typedef struct scene_layout {
    scene_shape shape; /* of the picture */
    size_t n_rows;
    size_t n_features; /* of a row: n_lines * run */
    size_t n_floats;   /* of the picture: width * height * channels */
    size_t n_lines;
    size_t run;
    size_t pitch;
    size_t *offset; /* n_rows */
    float *cover;   /* n_floats; NULL: no patches overlap, all are 1 */
    float *row;     /* n_features: scratch */
} scene_layout;

nmf_status scene_layout_init(scene_layout *out, const nmf_dataset *data,
                             size_t p, nmf_error *err);
void scene_layout_release(scene_layout *layout);

/* Copy the rows of X, which agree where they overlap. */
void scene_layout_copy(const scene_layout *layout, float *picture,
                       const nmf_matrix *rows);

/* picture = W H put together, of the n_parts parts listed alone. */
void scene_layout_product(const scene_layout *layout, float *picture,
                          const nmf_matrix *W, const nmf_matrix *H,
                          const size_t *parts, size_t n_parts);

/* picture += factor * w_t h_t put together. */
void scene_layout_add(const scene_layout *layout, float *picture,
                      const nmf_matrix *W, const nmf_matrix *H, size_t t,
                      float factor);

#endif
