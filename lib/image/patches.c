/*
 * Pictures into rows and rows into pictures.
 *
 * Along one side of n pixels, patches of p pixels begin at
 *
 *     0, s, 2s, ...    while they end within the picture, and at n - p
 *
 * so that the last one is moved back to end at the edge:
 *
 *     n = 10, p = 4, s = 3:    |0 1 2 3|
 *                                    |3 4 5 6|
 *                                          |6 7 8 9|
 *     n = 10, p = 4, s = 4:    |0 1 2 3|4 5 6 7|
 *                                          |6 7 8 9|
 *
 * Rows of patches go from the top, patches within one from the left.
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

bool nmf_geometry_features(size_t *out, const nmf_geometry *geometry)
{
    size_t features = 0;
    if (!nmf_size_mul(&features, geometry->width, geometry->height) ||
        !nmf_size_mul(&features, features, geometry->channels)) {
        return false;
    }
    *out = features;
    return true;
}

/* How many patches along one side of n pixels; 0 where they are larger. */
static size_t count_along(size_t n, size_t patch, size_t stride)
{
    if (patch == 0 || patch > n) {
        return 0;
    }
    size_t rest = n - patch;
    return rest / stride + (rest % stride != 0 ? 1 : 0) + 1;
}

/* Where patch i begins. i * stride < n + stride for the i that there are. */
static size_t start_of(size_t i, size_t n, size_t patch, size_t stride)
{
    size_t start = i * stride;
    return start < n - patch ? start : n - patch;
}

size_t nmf_patches_count(size_t width, size_t height,
                         const nmf_geometry *geometry)
{
    const nmf_geometry *g = geometry;
    size_t count = 0;
    if (g->width == 0 || g->height == 0) {
        return 0;
    }
    if (g->patch_stride == 0) {
        return width == g->width && height == g->height ? 1 : 0;
    }
    return nmf_size_mul(&count, count_along(width, g->width, g->patch_stride),
                        count_along(height, g->height, g->patch_stride))
               ? count
               : 0;
}

void nmf_patches_place(size_t *x, size_t *y, size_t i, size_t width,
                       size_t height, const nmf_geometry *geometry)
{
    const nmf_geometry *g = geometry;
    *x = 0;
    *y = 0;
    if (g->patch_stride != 0) {
        size_t across = count_along(width, g->width, g->patch_stride);
        *x = start_of(i % across, width, g->width, g->patch_stride);
        *y = start_of(i / across, height, g->height, g->patch_stride);
    }
}

/* The pixels of one patch within a picture: line by line, `run` floats each. */
struct patch {
    size_t offset; /* of its first float in the picture */
    size_t pitch;  /* floats from one line to the next in the picture */
    size_t n_lines;
    size_t run;
};

static struct patch patch_at(size_t i, size_t width, size_t height,
                             const nmf_geometry *g)
{
    size_t x = 0;
    size_t y = 0;
    nmf_patches_place(&x, &y, i, width, height, g);
    struct patch patch = {.offset = (y * width + x) * g->channels,
                          .pitch = width * g->channels,
                          .n_lines = g->height,
                          .run = g->width * g->channels};
    return patch;
}

static void cut(nmf_matrix *rows, const nmf_image *image, const nmf_geometry *g)
{
    for (size_t i = 0; i < rows->rows; i++) {
        struct patch patch = patch_at(i, image->width, image->height, g);
        const float *from = image->pixels + patch.offset;
        float *to = nmf_matrix_row(rows, i);
        for (size_t line = 0; line < patch.n_lines; line++) {
            memcpy(to, from, patch.run * sizeof *to);
            from += patch.pitch;
            to += patch.run;
        }
    }
}

nmf_status nmf_picture_place(nmf_matrix *rows, const nmf_image *image,
                             const nmf_geometry *geometry,
                             const nmf_dataset_options *options, nmf_error *err)
{
    nmf_image resized = {0};
    if (options->width != 0 &&
        (image->width != options->width || image->height != options->height)) {
        nmf_status status =
            nmf_image_resize(&resized, image, options->width, options->height,
                             options->aspect, err);
        if (status != NMF_OK) {
            return status;
        }
        image = &resized;
    }
    if (geometry->patch_stride == 0) {
        memcpy(rows->data, image->pixels, rows->cols * sizeof *rows->data);
    } else {
        cut(rows, image, geometry);
    }
    nmf_image_release(&resized);
    return NMF_OK;
}

/* Add up the patches that cover each pixel, then divide by their number. */
static nmf_status average_patches(nmf_image *image, const nmf_matrix *rows,
                                  const nmf_geometry *g, nmf_error *err)
{
    const size_t n_floats = image->width * image->height * g->channels;
    unsigned *covered = nmf_calloc(n_floats, sizeof *covered);
    if (!covered) {
        return nmf_error_memory(err, n_floats * sizeof *covered,
                                "putting patches together");
    }
    for (size_t i = 0; i < rows->rows; i++) {
        struct patch patch = patch_at(i, image->width, image->height, g);
        const float *from = nmf_matrix_row(rows, i);
        size_t to = patch.offset;
        for (size_t line = 0; line < patch.n_lines; line++) {
            for (size_t j = 0; j < patch.run; j++) {
                /* The running mean: stays the pixel, to the bit, where all
                 * patches agree on it, as a sum divided by n would not. */
                float n = (float)++covered[to + j];
                float *mean = &image->pixels[to + j];
                *mean += (from[j] - *mean) / n;
            }
            from += patch.run;
            to += patch.pitch;
        }
    }
    nmf_free(covered);
    return NMF_OK;
}

nmf_status nmf_picture_assemble(nmf_image *out, const nmf_matrix *rows,
                                const nmf_geometry *geometry, size_t width,
                                size_t height, nmf_error *err)
{
    const nmf_geometry *g = geometry;
    size_t n_features = 0;
    *out = (nmf_image){0};
    if (g->width == 0 || g->height == 0 ||
        !nmf_geometry_features(&n_features, g) || n_features != rows->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "rows of %zu numbers are no pictures of "
                             "%zux%zux%zu",
                             rows->cols, g->width, g->height, g->channels);
    }
    size_t count = nmf_patches_count(width, height, g);
    if (count == 0 || count != rows->rows) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT,
            "a picture of %zux%zu takes %zu rows of %zux%zu, got %zu", width,
            height, count, g->width, g->height, rows->rows);
    }
    nmf_status status = nmf_image_init(out, width, height, g->channels, err);
    if (status != NMF_OK) {
        return status;
    }
    if (g->patch_stride == 0) {
        memcpy(out->pixels, rows->data, n_features * sizeof *out->pixels);
        return NMF_OK;
    }
    status = average_patches(out, rows, g, err);
    if (status != NMF_OK) {
        nmf_image_release(out);
    }
    return status;
}
