#include "scene_layout.h"

#include "scene_alloc.h"

#include <stdlib.h>
#include <string.h>

/* How many rows lie on each float of the picture, into cover. */
static void count_cover(scene_layout *layout)
{
    for (size_t i = 0; i < layout->n_rows; i++) {
        float *to = layout->cover + layout->offset[i];
        for (size_t line = 0; line < layout->n_lines; line++) {
            for (size_t j = 0; j < layout->run; j++) {
                to[j] += 1.0F;
            }
            to += layout->pitch;
        }
    }
}

/* From counts to weights; what nothing covers stays 0. All ones: no cover. */
static void weigh_cover(scene_layout *layout)
{
    bool is_needed = false;
    for (size_t i = 0; i < layout->n_floats; i++) {
        if (layout->cover[i] > 1.0F) {
            layout->cover[i] = 1.0F / layout->cover[i];
            is_needed = true;
        }
    }
    if (!is_needed) {
        free(layout->cover);
        layout->cover = NULL;
    }
}

static void place_patches(scene_layout *layout, const nmf_geometry *geometry)
{
    layout->n_lines = geometry->height;
    layout->run = geometry->width * geometry->channels;
    layout->pitch = layout->shape.width * geometry->channels;
    for (size_t i = 0; i < layout->n_rows; i++) {
        size_t x = 0;
        size_t y = 0;
        nmf_patches_place(&x, &y, i, layout->shape.width, layout->shape.height,
                          geometry);
        layout->offset[i] = y * layout->pitch + x * geometry->channels;
    }
}

nmf_status scene_layout_init(scene_layout *out, const nmf_dataset *data,
                             size_t p, nmf_error *err)
{
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    size_t n_pictures = 0;
    const nmf_picture *picture = nmf_dataset_pictures(data, &n_pictures) + p;
    *out = (scene_layout){0};
    out->shape = scene_shape_of_picture(data, p);
    out->n_rows = picture->n_rows;
    out->n_features = nmf_dataset_matrix(data)->cols;
    out->n_floats = out->shape.width * out->shape.height * out->shape.channels;
    out->n_lines = 1;
    out->run = out->n_features;
    out->offset = scene_alloc(out->n_rows, sizeof *out->offset, err);
    out->row = scene_alloc(out->n_features, sizeof *out->row, err);
    bool is_cut = !out->shape.is_wrapped && geometry->patch_stride != 0;
    if (is_cut) {
        out->cover = scene_alloc(out->n_floats, sizeof *out->cover, err);
    }
    if (!out->offset || !out->row || (is_cut && !out->cover)) {
        scene_layout_release(out);
        return NMF_ERR_MEMORY;
    }
    if (is_cut) {
        place_patches(out, geometry);
        count_cover(out);
        weigh_cover(out);
    }
    return NMF_OK;
}

void scene_layout_release(scene_layout *layout)
{
    if (!layout) {
        return;
    }
    free(layout->offset);
    free(layout->cover);
    free(layout->row);
    *layout = (scene_layout){0};
}

void scene_layout_copy(const scene_layout *layout, float *picture,
                       const nmf_matrix *rows)
{
    for (size_t i = 0; i < layout->n_rows; i++) {
        const float *from = nmf_matrix_row(rows, i);
        float *to = picture + layout->offset[i];
        for (size_t line = 0; line < layout->n_lines; line++) {
            memcpy(to, from, layout->run * sizeof *to);
            from += layout->run;
            to += layout->pitch;
        }
    }
}

/* to += from * factor, n floats. */
static void add_scaled(float *restrict to, const float *restrict from, size_t n,
                       float factor)
{
    for (size_t j = 0; j < n; j++) {
        to[j] += factor * from[j];
    }
}

static void add_weighted(float *restrict to, const float *restrict from,
                         const float *restrict cover, size_t n, float factor)
{
    for (size_t j = 0; j < n; j++) {
        to[j] += factor * from[j] * cover[j];
    }
}

/* Add factor times one row where row i is laid. */
static void lay_row(const scene_layout *layout, float *picture, size_t i,
                    const float *row, float factor)
{
    size_t at = layout->offset[i];
    for (size_t line = 0; line < layout->n_lines; line++) {
        if (layout->cover) {
            add_weighted(picture + at, row, layout->cover + at, layout->run,
                         factor);
        } else {
            add_scaled(picture + at, row, layout->run, factor);
        }
        row += layout->run;
        at += layout->pitch;
    }
}

/*
 * row = w H over the parts listed: sixteen floats of it stay in registers while
 * the parts go by where that is short, as for patches; long rows go part by
 * part, so that H is read along.
 */
enum { TILE = 16, SHORT_ROW = 1024 };

static void row_of_patch(const scene_layout *layout, const float *w,
                         const nmf_matrix *H, const size_t *parts,
                         size_t n_parts)
{
    const size_t n = layout->n_features;
    size_t j = 0;
    for (; j + TILE <= n; j += TILE) {
        float sum[TILE] = {0};
        for (size_t s = 0; s < n_parts; s++) {
            const float *h = nmf_matrix_row(H, parts[s]) + j;
            const float weight = w[parts[s]];
            for (size_t l = 0; l < TILE; l++) {
                sum[l] += weight * h[l];
            }
        }
        memcpy(layout->row + j, sum, sizeof sum);
    }
    for (; j < n; j++) {
        float sum = 0.0F;
        for (size_t s = 0; s < n_parts; s++) {
            sum += w[parts[s]] * nmf_matrix_row(H, parts[s])[j];
        }
        layout->row[j] = sum;
    }
}

void scene_layout_product(const scene_layout *layout, float *picture,
                          const nmf_matrix *W, const nmf_matrix *H,
                          const size_t *parts, size_t n_parts)
{
    memset(picture, 0, layout->n_floats * sizeof *picture);
    for (size_t i = 0; i < layout->n_rows; i++) {
        const float *w = nmf_matrix_row(W, i);
        if (layout->n_features <= SHORT_ROW) {
            row_of_patch(layout, w, H, parts, n_parts);
            lay_row(layout, picture, i, layout->row, 1.0F);
            continue;
        }
        for (size_t s = 0; s < n_parts; s++) {
            if (w[parts[s]] != 0.0F) {
                lay_row(layout, picture, i, nmf_matrix_row(H, parts[s]),
                        w[parts[s]]);
            }
        }
    }
}

void scene_layout_add(const scene_layout *layout, float *picture,
                      const nmf_matrix *W, const nmf_matrix *H, size_t t,
                      float factor)
{
    for (size_t i = 0; i < layout->n_rows; i++) {
        float weight = nmf_matrix_row(W, i)[t] * factor;
        if (weight != 0.0F) {
            lay_row(layout, picture, i, nmf_matrix_row(H, t), weight);
        }
    }
}
