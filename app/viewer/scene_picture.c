#include "scene_picture.h"

#include "scene_alloc.h"
#include "scene_layout.h"
#include "scene_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scene_picture_scratch {
    scene_layout layout;
    nmf_image full_difference; /* original - all parts, hidden ones too */
    nmf_image contribution;
    double norm;   /* ||original||^2 */
    double *mass;  /* k: sum_j |h_tj| */
    size_t *parts; /* k: all, or those in sight */
    bool has_ssim; /* since the last update */
    double ssim;
};

/* ---- Life. */

/* Memory that depends on the size of the picture. */
static void release_size(scene_picture *picture)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    nmf_image_release(&picture->original);
    nmf_image_release(&picture->reconstruction);
    nmf_image_release(&picture->difference);
    nmf_matrix_release(&picture->weights);
    nmf_image_release(&scratch->full_difference);
    nmf_image_release(&scratch->contribution);
    scene_layout_release(&scratch->layout);
    picture->n_rows = 0;
}

nmf_status scene_picture_init(scene_picture *out, const nmf_dataset *data,
                              size_t k, nmf_error *err)
{
    *out = (scene_picture){0};
    out->data = data;
    out->k = k;
    out->share = scene_alloc(k, sizeof *out->share, err);
    out->largest = scene_alloc(k, sizeof *out->largest, err);
    out->scratch = scene_alloc(1, sizeof *out->scratch, err);
    if (out->scratch) {
        out->scratch->mass = scene_alloc(k, sizeof(double), err);
        out->scratch->parts = scene_alloc(k, sizeof(size_t), err);
    }
    if (!out->share || !out->largest || !out->scratch || !out->scratch->mass ||
        !out->scratch->parts) {
        scene_picture_release(out);
        return NMF_ERR_MEMORY;
    }
    for (size_t t = 0; t < k; t++) {
        out->largest[t] = t;
    }
    return NMF_OK;
}

void scene_picture_release(scene_picture *picture)
{
    if (!picture) {
        return;
    }
    if (picture->scratch) {
        release_size(picture);
        free(picture->scratch->mass);
        free(picture->scratch->parts);
    }
    free(picture->scratch);
    free(picture->share);
    free(picture->largest);
    *picture = (scene_picture){0};
}

static nmf_status make_size(scene_picture *picture, size_t p, nmf_error *err)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    nmf_image *images[] = {&picture->original, &picture->reconstruction,
                           &picture->difference, &scratch->full_difference,
                           &scratch->contribution};
    const scene_layout *layout = &scratch->layout;
    nmf_status status =
        scene_layout_init(&scratch->layout, picture->data, p, err);
    for (size_t i = 0; status == NMF_OK && i < sizeof images / sizeof *images;
         i++) {
        status =
            nmf_image_init(images[i], layout->shape.width, layout->shape.height,
                           layout->shape.channels, err);
    }
    if (status == NMF_OK) {
        status =
            nmf_matrix_init(&picture->weights, layout->n_rows, picture->k, err);
    }
    return status;
}

static void clear(nmf_image *image)
{
    memset(image->pixels, 0,
           image->width * image->height * image->channels *
               sizeof *image->pixels);
}

/* As if no part gave anything. */
static void forget(scene_picture *picture)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    const size_t n_bytes = scratch->layout.n_floats * sizeof(float);
    clear(&picture->reconstruction);
    clear(&scratch->contribution);
    memcpy(picture->difference.pixels, picture->original.pixels, n_bytes);
    memcpy(scratch->full_difference.pixels, picture->original.pixels, n_bytes);
    if (picture->weights.data) {
        memset(picture->weights.data, 0,
               picture->n_rows * picture->k * sizeof(float));
    }
    for (size_t t = 0; t < picture->k; t++) {
        picture->share[t] = 0.0;
        picture->largest[t] = t;
    }
    scratch->has_ssim = false;
}

/* ---- Numbers. */

/* difference = original - reconstruction, and its ||.||^2. */
static double subtract(nmf_image *difference, const nmf_image *original,
                       const nmf_image *reconstruction, size_t n)
{
    float *restrict out = difference->pixels;
    const float *restrict a = original->pixels;
    const float *restrict b = reconstruction->pixels;
    for (size_t i = 0; i < n; i++) {
        out[i] = a[i] - b[i];
    }
    return scene_squares(out, n);
}

nmf_status scene_picture_select(scene_picture *picture, size_t p,
                                nmf_error *err)
{
    const nmf_matrix *X = nmf_dataset_matrix(picture->data);
    struct scene_picture_scratch *scratch = picture->scratch;
    size_t n_pictures = 0;
    const nmf_picture *is = nmf_dataset_pictures(picture->data, &n_pictures);
    scene_shape shape = scene_shape_of_picture(picture->data, p);
    if (is[p].n_rows != picture->n_rows ||
        shape.width != picture->shape.width ||
        shape.height != picture->shape.height) {
        release_size(picture);
        nmf_status status = make_size(picture, p, err);
        if (status != NMF_OK) {
            release_size(picture);
            return status;
        }
    }
    picture->index = p;
    picture->first_row = is[p].first_row;
    picture->n_rows = is[p].n_rows;
    picture->shape = shape;
    nmf_matrix rows = nmf_matrix_view(nmf_matrix_row(X, picture->first_row),
                                      picture->n_rows, X->cols, X->ld);
    clear(&picture->original);
    scene_layout_copy(&scratch->layout, picture->original.pixels, &rows);
    scratch->norm =
        scene_squares(picture->original.pixels, scratch->layout.n_floats);
    forget(picture);
    picture->relative_error = scene_relative(scratch->norm, scratch->norm);
    picture->full_error = picture->relative_error;
    picture->psnr =
        -10.0 * log10(scratch->norm / (double)picture->shape.n_values);
    return NMF_OK;
}

nmf_matrix scene_picture_rows(const scene_picture *picture, const nmf_matrix *W)
{
    return nmf_matrix_view(nmf_matrix_row(W, picture->first_row),
                           picture->n_rows, W->cols, W->ld);
}

/* ---- What parts give. */

static void find_shares(scene_picture *picture, const nmf_matrix *H)
{
    const nmf_matrix *W = &picture->weights;
    double *share = picture->share;
    double total = 0.0;
    scene_masses(picture->scratch->mass, H);
    for (size_t t = 0; t < picture->k; t++) {
        share[t] = 0.0;
    }
    for (size_t i = 0; i < W->rows; i++) {
        const float *w = nmf_matrix_row(W, i);
        for (size_t t = 0; t < picture->k; t++) {
            share[t] += fabs((double)w[t]);
        }
    }
    for (size_t t = 0; t < picture->k; t++) {
        share[t] *= picture->scratch->mass[t];
        total += share[t];
    }
    for (size_t t = 0; t < picture->k; t++) {
        share[t] = total > 0.0 ? share[t] / total : 0.0;
    }
}

/* By insertion; equal shares go by index. */
static void sort_shares(scene_picture *picture)
{
    for (size_t t = 0; t < picture->k; t++) {
        size_t i = t;
        for (; i > 0; i--) {
            size_t before = picture->largest[i - 1];
            if (picture->share[before] >= picture->share[t]) {
                break;
            }
            picture->largest[i] = before;
        }
        picture->largest[i] = t;
    }
}

/* ---- The update. */

static void copy_weights(scene_picture *picture, const nmf_matrix *weights)
{
    for (size_t i = 0; i < picture->n_rows; i++) {
        memcpy(nmf_matrix_row(&picture->weights, i), nmf_matrix_row(weights, i),
               picture->k * sizeof(float));
    }
}

/* List the parts in sight; all of them where is_hidden is NULL. */
static size_t list_parts(scene_picture *picture, const bool *is_hidden)
{
    size_t n = 0;
    for (size_t t = 0; t < picture->k; t++) {
        if (!is_hidden || !is_hidden[t]) {
            picture->scratch->parts[n] = t;
            n++;
        }
    }
    return n;
}

/* The reconstruction of the parts in sight; returns how many these are. */
static size_t reconstruct(scene_picture *picture, const nmf_matrix *H,
                          const bool *is_hidden)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    size_t n = list_parts(picture, is_hidden);
    scene_layout_product(&scratch->layout, picture->reconstruction.pixels,
                         &picture->weights, H, scratch->parts, n);
    return n;
}

void scene_picture_update(scene_picture *picture, const nmf_matrix *weights,
                          const nmf_matrix *H, const bool *is_hidden)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    const size_t n_floats = scratch->layout.n_floats;
    copy_weights(picture, weights);
    find_shares(picture, H);
    sort_shares(picture);
    (void)reconstruct(picture, H, NULL);
    double squares = subtract(&scratch->full_difference, &picture->original,
                              &picture->reconstruction, n_floats);
    picture->full_error = scene_relative(squares, scratch->norm);
    if (list_parts(picture, is_hidden) < picture->k) {
        (void)reconstruct(picture, H, is_hidden);
        squares = subtract(&picture->difference, &picture->original,
                           &picture->reconstruction, n_floats);
    } else {
        memcpy(picture->difference.pixels, scratch->full_difference.pixels,
               n_floats * sizeof(float));
    }
    picture->relative_error = scene_relative(squares, scratch->norm);
    picture->psnr = -10.0 * log10(squares / (double)picture->shape.n_values);
    scratch->has_ssim = false;
}

double scene_picture_ssim(scene_picture *picture)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    if (!scratch->has_ssim) {
        scratch->ssim = (double)NAN;
        if (!picture->shape.is_wrapped) {
            /* Stays NaN where it fails. */
            (void)nmf_ssim(&scratch->ssim, &picture->original,
                           &picture->reconstruction, NULL);
        }
        scratch->has_ssim = true;
    }
    return scratch->ssim;
}

void scene_picture_add(const scene_picture *picture, nmf_image *image,
                       const nmf_matrix *H, size_t t, float factor)
{
    scene_layout_add(&picture->scratch->layout, image->pixels,
                     &picture->weights, H, t, factor);
}

const nmf_image *scene_picture_contribution(scene_picture *picture,
                                            const nmf_matrix *H, size_t t)
{
    nmf_image *out = &picture->scratch->contribution;
    clear(out);
    scene_picture_add(picture, out, H, t, 1.0F);
    return out;
}

double scene_picture_error_without(scene_picture *picture, const nmf_matrix *H,
                                   size_t t)
{
    struct scene_picture_scratch *scratch = picture->scratch;
    const size_t n = scratch->layout.n_floats;
    nmf_image *rest = &scratch->contribution;
    /* What is missing without t: the full difference and what t gives. */
    memcpy(rest->pixels, scratch->full_difference.pixels,
           n * sizeof *rest->pixels);
    scene_picture_add(picture, rest, H, t, 1.0F);
    return scene_relative(scene_squares(rest->pixels, n), scratch->norm);
}

/* ---- One pixel. */

/* Its first float; false where there is none. */
static bool find_pixel(const scene_picture *picture, size_t x, size_t y,
                       size_t *at)
{
    const scene_shape *shape = &picture->shape;
    if (picture->n_rows == 0 || x >= shape->width || y >= shape->height) {
        return false;
    }
    *at = (y * shape->width + x) * shape->channels;
    return *at < shape->n_values;
}

bool scene_picture_read(const scene_picture *picture, size_t x, size_t y,
                        scene_reading *out)
{
    size_t at = 0;
    if (!find_pixel(picture, x, y, &at)) {
        return false;
    }
    *out = (scene_reading){.x = x, .y = y, .channels = picture->shape.channels};
    for (size_t c = 0; c < out->channels; c++) {
        out->original[c] = picture->original.pixels[at + c];
        out->reconstruction[c] = picture->reconstruction.pixels[at + c];
        out->difference[c] = picture->difference.pixels[at + c];
    }
    return true;
}

/* Where in row i the float at `at` of the picture is; false: not in it. */
static bool find_in_row(const scene_layout *layout, size_t i, size_t at,
                        size_t *feature)
{
    if (at < layout->offset[i]) {
        return false;
    }
    size_t from = at - layout->offset[i];
    size_t line = layout->pitch > 0 ? from / layout->pitch : 0;
    size_t column = layout->pitch > 0 ? from % layout->pitch : from;
    if (line >= layout->n_lines || column >= layout->run) {
        return false;
    }
    *feature = line * layout->run + column;
    return true;
}

bool scene_picture_parts_at(const scene_picture *picture, const nmf_matrix *H,
                            size_t x, size_t y, float *contribution)
{
    size_t at = 0;
    if (!find_pixel(picture, x, y, &at)) {
        return false;
    }
    const scene_layout *layout = &picture->scratch->layout;
    const size_t channels = picture->shape.channels;
    float cover = layout->cover ? layout->cover[at] : 1.0F;
    for (size_t t = 0; t < picture->k; t++) {
        contribution[t] = 0.0F;
    }
    for (size_t i = 0; i < layout->n_rows; i++) {
        const float *w = nmf_matrix_row(&picture->weights, i);
        size_t j = 0;
        if (!find_in_row(layout, i, at, &j)) {
            continue;
        }
        for (size_t t = 0; t < picture->k; t++) {
            for (size_t c = 0; c < channels; c++) {
                contribution[t] += w[t] * nmf_matrix_row(H, t)[j + c] * cover /
                                   (float)channels;
            }
        }
    }
    return true;
}
