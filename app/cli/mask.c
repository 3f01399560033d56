#include "mask.h"

#include <stdio.h>
#include <string.h>

void mask_release(struct mask *mask)
{
    nmf_matrix_release(&mask->weights);
}

/* Say it in err; the only messages of this file. */
static nmf_status refuse(nmf_error *err, const char *text)
{
    err->status = NMF_ERR_ARGUMENT;
    snprintf(err->message, sizeof err->message, "%s", text);
    return NMF_ERR_ARGUMENT;
}

/* ---- tables of weights ---- */

/* Has it a row for all, or one for each of the data? */
static bool has_rows_for(const nmf_matrix *table, const nmf_matrix *X)
{
    return table->cols == X->cols &&
           (table->rows == 1 || table->rows == X->rows);
}

static nmf_status refuse_table(const char *path, const nmf_matrix *table,
                               const nmf_matrix *X, nmf_error *err)
{
    char text[NMF_ERROR_MESSAGE_SIZE];
    snprintf(text, sizeof text,
             "'%.200s': a mask of %zu x %zu numbers, expected %zu x %zu as the "
             "data has, 1 x %zu, or the size of a picture",
             path, table->rows, table->cols, X->rows, X->cols, X->cols);
    return refuse(err, text);
}

static nmf_status take_table(struct mask *mask, const nmf_matrix *table,
                             const nmf_matrix *X)
{
    for (size_t i = 0; i < X->rows; i++) {
        memcpy(nmf_matrix_row(&mask->weights, i),
               nmf_matrix_row(table, table->rows == 1 ? 0 : i),
               X->cols * sizeof(float));
    }
    return NMF_OK;
}

/* ---- pictures ---- */

/* A picture of the mask, and where it is to go. */
struct placing {
    struct mask *mask;
    const nmf_geometry *geometry; /* of the data */
    const nmf_picture *picture;   /* of the data */
    const nmf_image *image;       /* of the picture's size */
};

/* The rows of one picture: all of it, or its patches. */
static void place(const struct placing *p)
{
    const nmf_geometry *g = p->geometry;
    const size_t line = g->width * g->channels;
    for (size_t i = 0; i < p->picture->n_rows; i++) {
        size_t left = 0, top = 0;
        float *to =
            nmf_matrix_row(&p->mask->weights, p->picture->first_row + i);
        nmf_patches_place(&left, &top, i, p->picture->width, p->picture->height,
                          g);
        for (size_t y = 0; y < g->height; y++) {
            const size_t from = (top + y) * p->image->width + left;
            memcpy(to + y * line, p->image->pixels + from * g->channels,
                   line * sizeof *to);
        }
    }
}

static size_t n_samples(const nmf_image *image)
{
    return image->width * image->height * image->channels;
}

/*
 * Resize a picture of the mask as those of the data were. What is made of any
 * black pixel becomes black: it is made of what is missing.
 */
static nmf_status resize(nmf_image *out, const nmf_image *image,
                         const nmf_dataset_options *how, nmf_error *err)
{
    const float touched = 1e-6F;
    nmf_image is_black = {0}, black = {0};
    nmf_status status = nmf_image_init(&is_black, image->width, image->height,
                                       image->channels, err);
    for (size_t i = 0; status == NMF_OK && i < n_samples(image); i++) {
        is_black.pixels[i] = image->pixels[i] > 0.0F ? 0.0F : 1.0F;
    }
    if (status == NMF_OK) {
        status = nmf_image_resize(&black, &is_black, how->width, how->height,
                                  how->aspect, err);
    }
    if (status == NMF_OK) {
        status = nmf_image_resize(out, image, how->width, how->height,
                                  how->aspect, err);
    }
    for (size_t i = 0; status == NMF_OK && i < n_samples(out); i++) {
        out->pixels[i] = black.pixels[i] > touched ? 0.0F : out->pixels[i];
    }
    nmf_image_release(&is_black);
    nmf_image_release(&black);
    return status;
}

static nmf_status take_picture(struct placing *p, const nmf_image *image,
                               const char *name, const nmf_dataset_options *how,
                               nmf_error *err)
{
    nmf_image resized = {0};
    nmf_status status = NMF_OK;
    p->image = image;
    if (how->width && (image->width != p->picture->width ||
                       image->height != p->picture->height)) {
        status = resize(&resized, image, how, err);
        p->image = &resized;
    }
    if (status == NMF_OK && (p->image->width != p->picture->width ||
                             p->image->height != p->picture->height)) {
        char text[NMF_ERROR_MESSAGE_SIZE];
        snprintf(text, sizeof text,
                 "'%.160s': a mask of %zux%zu pixels, but '%.160s' has %zux%zu",
                 name, p->image->width, p->image->height, p->picture->name,
                 p->picture->width, p->picture->height);
        status = refuse(err, text);
    }
    if (status == NMF_OK) {
        place(p);
    }
    nmf_image_release(&resized);
    return status;
}

/* Picture i of a mask; a flat table is one picture, a row a line of it. */
static nmf_image picture_of(const nmf_dataset *found, size_t i)
{
    size_t n = 0;
    const nmf_matrix *X = nmf_dataset_matrix(found);
    const nmf_geometry *geometry = nmf_dataset_geometry(found);
    const nmf_picture *picture = &nmf_dataset_pictures(found, &n)[i];
    if (!geometry->width) {
        return (nmf_image){X->cols, X->rows, 1, X->data};
    }
    return (nmf_image){picture->width, picture->height, geometry->channels,
                       nmf_matrix_row(X, picture->first_row)};
}

/* Masks of pictures, for all pictures of the data. */
static nmf_status take_pictures(struct mask *mask, const char *path,
                                const nmf_dataset *found,
                                const nmf_dataset *data,
                                const nmf_dataset_options *how, nmf_error *err)
{
    size_t n = 0, n_masks = 1;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    struct placing p = {.mask = mask, .geometry = nmf_dataset_geometry(data)};
    nmf_status status = NMF_OK;
    char text[NMF_ERROR_MESSAGE_SIZE];
    if (nmf_dataset_geometry(found)->width) {
        nmf_dataset_pictures(found, &n_masks);
    }
    if (!p.geometry->width) {
        return refuse(err, "--mask: how the rows are painted is not known; "
                           "give --shape WxH, or a table of weights");
    }
    if (n_masks != 1 && n_masks != n) {
        snprintf(text, sizeof text,
                 "'%.200s': %zu masks for %zu picture%s; expected one for all, "
                 "or one for each",
                 path, n_masks, n, n == 1 ? "" : "s");
        return refuse(err, text);
    }
    for (size_t i = 0; status == NMF_OK && i < n; i++) {
        const nmf_image image = picture_of(found, n_masks == 1 ? 0 : i);
        p.picture = &pictures[i];
        status = take_picture(&p, &image, path, how, err);
    }
    return status;
}

/* Is a flat table a picture of the data's size, and not rows of weights? */
static bool is_picture(const nmf_matrix *table, const nmf_dataset *data)
{
    size_t n = 0;
    const nmf_picture *picture = nmf_dataset_pictures(data, &n);
    return !has_rows_for(table, nmf_dataset_matrix(data)) &&
           nmf_dataset_geometry(data)->channels == 1 &&
           table->rows == picture->height && table->cols == picture->width;
}

nmf_status mask_load(struct mask *mask, const char *path,
                     const struct load_options *load,
                     const struct cmd_common *common, const nmf_dataset *data,
                     nmf_error *err)
{
    const nmf_dataset_options how = load_convert(load, common);
    const nmf_matrix *X = nmf_dataset_matrix(data), *table = NULL;
    nmf_dataset_options plain = NMF_DATASET_OPTIONS_INIT;
    nmf_dataset *found = NULL;
    plain.rgb = nmf_dataset_geometry(data)->channels == 3;
    plain.max_bytes = how.max_bytes;
    plain.max_pixels = how.max_pixels;
    plain.n_threads = how.n_threads;
    *mask = (struct mask){0};
    nmf_status status = nmf_dataset_load(&found, &path, 1, &plain, err);
    if (status == NMF_OK) {
        status = nmf_matrix_init(&mask->weights, X->rows, X->cols, err);
    }
    if (status == NMF_OK) {
        table = nmf_dataset_matrix(found);
        status = nmf_dataset_geometry(found)->width || is_picture(table, data)
                     ? take_pictures(mask, path, found, data, &how, err)
                 : has_rows_for(table, X) ? take_table(mask, table, X)
                                          : refuse_table(path, table, X, err);
    }
    nmf_dataset_free(found);
    if (status != NMF_OK) {
        mask_release(mask);
    }
    return status;
}
