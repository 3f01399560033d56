/*
 * Sets that are arrays already: tables, and the built-in ones. Contracts are
 * in dataset_items.h.
 *
 *     rows of a table --> geometry --> grey in place --> as they are: X itself
 *                                                   \-> resized or cut: new X
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/first_failure.h"
#include "core/threads.h"
#include "image/builtin.h"

#include <nmfimg/table.h>

#include <string.h>

/* Pictures that lie in the rows of a matrix. */
struct block {
    nmf_matrix rows;
    nmf_geometry geometry;
};

/*
 * Rec. 601 luma in place. Row i moves to where its third begins, which is
 * before or at the pixel that is read.
 */
static void make_grey(struct block *block)
{
    nmf_matrix *X = &block->rows;
    const size_t n_pixels = X->cols / 3;
    float *to = X->data;
    for (size_t i = 0; i < X->rows; i++) {
        const float *from = nmf_matrix_row(X, i);
        for (size_t j = 0; j < n_pixels; j++) {
            *to++ = 0.299F * from[3 * j] + 0.587F * from[3 * j + 1] +
                    0.114F * from[3 * j + 2];
        }
    }
    X->cols = n_pixels;
    X->ld = n_pixels;
    block->geometry.channels = 1;
}

/* The same grey in three channels. */
static nmf_status make_rgb(nmf_image *out, const nmf_image *grey,
                           nmf_error *err)
{
    nmf_status status = nmf_image_init(out, grey->width, grey->height, 3, err);
    if (status == NMF_OK) {
        for (size_t i = 0; i < grey->width * grey->height; i++) {
            for (size_t c = 0; c < 3; c++) {
                out->pixels[3 * i + c] = grey->pixels[i];
            }
        }
    }
    return status;
}

/* Sample i of the block into its n_rows rows of X. */
static nmf_status place_sample(const nmf_matrix *X, const struct block *block,
                               size_t i, size_t n_rows,
                               const nmf_geometry *geometry,
                               const nmf_dataset_options *options,
                               nmf_error *err)
{
    nmf_image rgb = {0};
    nmf_image image = {block->geometry.width, block->geometry.height,
                       block->geometry.channels,
                       nmf_matrix_row(&block->rows, i)};
    nmf_matrix rows =
        nmf_matrix_view(nmf_matrix_row(X, i * n_rows), n_rows, X->cols, X->ld);
    nmf_status status = NMF_OK;
    if (image.channels != geometry->channels) {
        status = make_rgb(&rgb, &image, err);
        image = rgb;
    }
    if (status == NMF_OK) {
        status = nmf_picture_place(&rows, &image, geometry, options, err);
    }
    nmf_image_release(&rgb);
    return status;
}

/* All of the block into X, whose first row is that of the first sample. */
static nmf_status place_block(const nmf_matrix *X, const struct block *block,
                              size_t n_rows, const nmf_geometry *geometry,
                              const nmf_dataset_options *options,
                              nmf_error *err)
{
    const size_t n = block->rows.rows;
    nmf_first_failure failure;
    nmf_first_failure_init(&failure, n);
#pragma omp parallel for num_threads(nmf_threads(options->n_threads))          \
    schedule(dynamic, 16)
    for (size_t i = 0; i < n; i++) {
        nmf_error mine = {0};
        if (!nmf_is_past_failure(&failure, i) &&
            place_sample(X, block, i, n_rows, geometry, options, &mine) !=
                NMF_OK) {
            nmf_note_failure(&failure, i, &mine);
        }
    }
    return nmf_first_failure_raise(&failure, err);
}

/* Are the pictures of a block rows of X as they are? */
static bool is_ready(const nmf_geometry *stored, const nmf_geometry *wanted)
{
    return wanted->patch_stride == 0 && stored->width == wanted->width &&
           stored->height == wanted->height &&
           stored->channels == wanted->channels;
}

/* ---- tables ---- */

static nmf_status load_table(nmf_table *table, const nmf_item *item,
                             const nmf_dataset_options *options, nmf_error *err)
{
    const nmf_table_options how = {.max_bytes = options->max_bytes};
    return item->bytes.data
               ? nmf_table_decode(table, item->bytes.data, item->bytes.size,
                                  item->name, &how, err)
               : nmf_table_load(table, item->name, &how, err);
}

/* What the dimensions of the file say; width 0 where they say nothing. */
static nmf_status stored_geometry(nmf_geometry *out, const nmf_table *table,
                                  const char *name, nmf_error *err)
{
    *out = (nmf_geometry){0};
    if (table->n_dims >= 3) {
        out->height = table->dims[1];
        out->width = table->dims[2];
        out->channels = table->n_dims == 4 ? table->dims[3] : 1;
        if (out->channels != 1 && out->channels != 3) {
            return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                                 "'%s': pictures of 1 or 3 channels expected, "
                                 "found %zu",
                                 name, out->channels);
        }
    }
    return NMF_OK;
}

/* Let the shape that the caller gave have its say. */
static nmf_status apply_shape(nmf_geometry *geometry, const nmf_table *table,
                              const char *name, const nmf_geometry *shape,
                              nmf_error *err)
{
    nmf_geometry given = *shape;
    size_t n_features = 0;
    given.channels = given.channels ? given.channels : 1;
    given.patch_stride = 0;
    if (!nmf_geometry_features(&n_features, &given) ||
        n_features != table->X.cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s': the shape %zux%zux%zu does not fit rows of "
                             "%zu numbers",
                             name, given.width, given.height, given.channels,
                             table->X.cols);
    }
    if (geometry->width != 0 && !is_ready(geometry, &given)) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT,
            "'%s': the shape %zux%zux%zu is not that of the table, %zux%zux%zu",
            name, given.width, given.height, given.channels, geometry->width,
            geometry->height, geometry->channels);
    }
    *geometry = given;
    return NMF_OK;
}

static nmf_status table_geometry(nmf_geometry *out, const nmf_table *table,
                                 const char *name,
                                 const nmf_dataset_options *options,
                                 nmf_error *err)
{
    nmf_status status = stored_geometry(out, table, name, err);
    if (status == NMF_OK && options->shape.width != 0) {
        status = apply_shape(out, table, name, &options->shape, err);
    }
    if (status == NMF_OK && out->width == 0 &&
        (options->width != 0 || options->patch_width != 0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s': rows of %zu numbers have no width and "
                             "height to resize or cut: give --shape WxH",
                             name, table->X.cols);
    }
    return status;
}

/* Resize, cut or colour a block into an X of its own. */
static nmf_status build_from_block(nmf_dataset *data, const struct block *block,
                                   nmf_item_list *list, size_t held,
                                   const nmf_dataset_options *options,
                                   nmf_error *err)
{
    nmf_item *item = &list->items[0];
    size_t n_rows = 0, n_features = 0, bytes = 0;
    nmf_status status =
        nmf_plan_rows(list, &data->geometry, &n_rows, options, err);
    if (status == NMF_OK &&
        !nmf_geometry_features(&n_features, &data->geometry)) {
        n_features = SIZE_MAX; /* refused on the next line */
    }
    if (status == NMF_OK) {
        status = nmf_plan_memory(&bytes, n_rows, n_features, held,
                                 options->max_bytes, err);
    }
    if (status == NMF_OK) {
        status = nmf_plan_allocate(&data->X, n_rows, n_features, err);
    }
    if (status == NMF_OK) {
        status = place_block(&data->X, block, item->n_rows, &data->geometry,
                             options, err);
    }
    return status;
}

/* A table has as many names as rows, which may outweigh a narrow X. */
static size_t bytes_of_names(const nmf_item *item)
{
    size_t bytes = 0;
    return nmf_size_mul(&bytes, item->n_pictures,
                        sizeof(nmf_picture) + strlen(item->name) + 24)
               ? bytes
               : SIZE_MAX;
}

nmf_status nmf_fill_from_table(nmf_dataset *data, nmf_item_list *list,
                               const nmf_dataset_options *options,
                               nmf_error *err)
{
    nmf_item *item = &list->items[0];
    nmf_table table = {0};
    struct block block = {0};
    size_t held = 0;
    nmf_status status = load_table(&table, item, options, err);
    if (status != NMF_OK) {
        return status;
    }
    status = table_geometry(&block.geometry, &table, item->name, options, err);
    if (status != NMF_OK) {
        goto done;
    }
    item->n_pictures = table.X.rows;
    item->n_rows = 1;
    status = nmf_plan_memory(&held, table.X.rows, table.X.cols,
                             bytes_of_names(item), options->max_bytes, err);
    if (status != NMF_OK) {
        goto done;
    }
    block.rows = table.X;
    if (block.geometry.channels == 3 && !options->rgb) {
        make_grey(&block);
    }
    item->stored_width = item->width = block.geometry.width;
    item->stored_height = item->height = block.geometry.height;
    nmf_geometry wanted = block.geometry;
    if (block.geometry.width != 0) {
        wanted.width = options->width ? options->width : wanted.width;
        wanted.height = options->width ? options->height : wanted.height;
        wanted.channels = options->rgb ? 3 : 1;
        wanted.patch_stride = options->patch_stride;
    }
    if (is_ready(&block.geometry, &wanted)) {
        data->X = block.rows;
        data->geometry = block.geometry;
        table.X = (nmf_matrix){0}; /* the set owns it now */
    } else {
        status = build_from_block(data, &block, list, held, options, err);
    }
done:
    nmf_table_release(&table);
    return status;
}

/* ---- built-in sets ---- */

nmf_status nmf_fill_builtin(nmf_dataset *data, const nmf_item *item,
                            size_t used, const nmf_dataset_options *options,
                            nmf_error *err)
{
    struct block block = {.geometry = {.width = item->stored_width,
                                       .height = item->stored_height,
                                       .channels = item->channels}};
    nmf_matrix X = nmf_matrix_view(nmf_matrix_row(&data->X, item->first_row),
                                   item->n_pictures * item->n_rows,
                                   data->X.cols, data->X.ld);
    size_t n_features = 0, bytes = 0;
    if (is_ready(&block.geometry, &data->geometry)) {
        return nmf_builtin_draw(&X, item->name, options->seed, err);
    }
    if (!nmf_geometry_features(&n_features, &block.geometry)) {
        n_features = SIZE_MAX;
    }
    nmf_status status = nmf_plan_memory(&bytes, item->n_pictures, n_features,
                                        used, options->max_bytes, err);
    if (status == NMF_OK) {
        status =
            nmf_matrix_init(&block.rows, item->n_pictures, n_features, err);
    }
    if (status == NMF_OK) {
        status = nmf_builtin_draw(&block.rows, item->name, options->seed, err);
    }
    if (status == NMF_OK) {
        if (block.geometry.channels == 3 && !options->rgb) {
            make_grey(&block);
        }
        status = place_block(&X, &block, item->n_rows, &data->geometry, options,
                             err);
    }
    nmf_matrix_release(&block.rows);
    return status;
}
