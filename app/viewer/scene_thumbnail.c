/* Pictures and parts made small; declared in scene_paint.h. */
#include "scene_paint.h"

#include <assert.h>
#include <string.h>

/* ---- by a whole number ---- */

/* A line of the result, of `lines` lines of values that begin there. */
static void shrink_line(float *restrict out, const float *restrict values,
                        const scene_shape *shape, size_t factor, size_t lines)
{
    const size_t channels = shape->channels;
    for (size_t x = 0; x < shape->width; x += factor, out += channels) {
        size_t columns = shape->width - x < factor ? shape->width - x : factor;
        for (size_t c = 0; c < channels; c++) {
            float sum = 0.0F;
            for (size_t l = 0; l < lines; l++) {
                const float *v = values + (l * shape->width + x) * channels + c;
                for (size_t i = 0; i < columns; i++) {
                    sum += v[i * channels];
                }
            }
            out[c] = sum / (float)(lines * columns);
        }
    }
}

scene_shape scene_shrink(float *out, const float *values,
                         const scene_shape *shape, size_t factor)
{
    scene_shape small = *shape;
    assert(factor > 0 && !shape->is_wrapped);
    small.width = (shape->width + factor - 1) / factor;
    small.height = (shape->height + factor - 1) / factor;
    small.n_values = small.width * small.height * small.channels;
    for (size_t y = 0; y < small.height; y++) {
        size_t from = y * factor;
        size_t left = shape->height - from;
        shrink_line(out + y * small.width * small.channels,
                    values + from * shape->width * shape->channels, shape,
                    factor, left < factor ? left : factor);
    }
    return small;
}

/* ---- pictures ---- */

void scene_thumbnail_size(const nmf_dataset *data, size_t p, size_t side,
                          size_t *width, size_t *height)
{
    scene_shape shape = scene_shape_of_picture(data, p);
    size_t longer = shape.width > shape.height ? shape.width : shape.height;
    *width = shape.width;
    *height = shape.height;
    if (longer > side) {
        /* Rounded, and a line at least. */
        *width = (shape.width * side + longer / 2) / longer;
        *height = (shape.height * side + longer / 2) / longer;
        *width = *width > 0 ? *width : 1;
        *height = *height > 0 ? *height : 1;
    }
}

/* The whole picture, assembled or copied from its row. */
static nmf_status original_of(nmf_image *out, const nmf_dataset *data, size_t p,
                              const scene_shape *shape, nmf_error *err)
{
    size_t n_pictures = 0;
    const nmf_picture *picture = nmf_dataset_pictures(data, &n_pictures) + p;
    const nmf_matrix *X = nmf_dataset_matrix(data);
    float *first = nmf_matrix_row(X, picture->first_row);
    if (!shape->is_wrapped) {
        nmf_matrix rows =
            nmf_matrix_view(first, picture->n_rows, X->cols, X->ld);
        return nmf_picture_assemble(out, &rows, nmf_dataset_geometry(data),
                                    shape->width, shape->height, err);
    }
    nmf_status status =
        nmf_image_init(out, shape->width, shape->height, 1, err);
    if (status == NMF_OK) {
        memcpy(out->pixels, first, shape->n_values * sizeof *first);
    }
    return status;
}

nmf_status scene_thumbnail(uint8_t *rgba, const nmf_dataset *data, size_t p,
                           size_t side, float white,
                           const scene_palette *palette, nmf_error *err)
{
    scene_shape shape = scene_shape_of_picture(data, p);
    nmf_image original = {0};
    nmf_image small = {0};
    nmf_status status = original_of(&original, data, p, &shape, err);
    if (status != NMF_OK) {
        return status;
    }
    scene_shape reduced = shape;
    scene_thumbnail_size(data, p, side, &reduced.width, &reduced.height);
    const float *pixels = original.pixels;
    if (reduced.width != shape.width || reduced.height != shape.height) {
        reduced.n_values = reduced.width * reduced.height * reduced.channels;
        status = nmf_image_resize(&small, &original, reduced.width,
                                  reduced.height, NMF_ASPECT_STRETCH, err);
        pixels = small.pixels;
    }
    if (status == NMF_OK) {
        scene_paint(rgba, pixels, &reduced, white, palette);
    }
    nmf_image_release(&small);
    nmf_image_release(&original);
    return status;
}
