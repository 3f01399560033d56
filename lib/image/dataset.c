/*
 * Loading a set: the order of the steps, and the handle. The contract is in
 * nmfimg/dataset.h, the steps in dataset_items.h.
 */
#include <nmfimg/dataset.h>

#include "core/alloc.h"
#include "core/error.h"
#include "image/dataset_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void nmf_dataset_free(nmf_dataset *data)
{
    if (data) {
        for (size_t i = 0; i < data->n_pictures; i++) {
            free(data->pictures[i].name);
        }
        nmf_free(data->pictures);
        nmf_matrix_release(&data->X);
        nmf_free(data);
    }
}

const nmf_matrix *nmf_dataset_matrix(const nmf_dataset *data)
{
    return &data->X;
}

const nmf_geometry *nmf_dataset_geometry(const nmf_dataset *data)
{
    return &data->geometry;
}

const nmf_picture *nmf_dataset_pictures(const nmf_dataset *data,
                                        size_t *n_pictures)
{
    *n_pictures = data->n_pictures;
    return data->pictures;
}

void nmf_dataset_skipped(const nmf_dataset *data, size_t *n_not_images,
                         size_t *n_broken)
{
    *n_not_images = data->n_not_images;
    *n_broken = data->n_broken;
}

const char *nmf_dataset_unread(const nmf_dataset *data, size_t *n_files)
{
    *n_files = data->n_unread;
    return data->unread_names;
}

/* ---- options ---- */

/* Two sides: both, or none. */
static nmf_status check_sides(const char *what, size_t width, size_t height,
                              nmf_error *err)
{
    if ((width == 0) != (height == 0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%s of %zux%zu: both sides are needed", what,
                             width, height);
    }
    return NMF_OK;
}

/* Refuse what makes no sense; put numbers where 0 stands for a default. */
static nmf_status settle_options(nmf_dataset_options *o, nmf_error *err)
{
    nmf_status status = check_sides("a size", o->width, o->height, err);
    if (status == NMF_OK) {
        status = check_sides("a patch", o->patch_width, o->patch_height, err);
    }
    if (status == NMF_OK) {
        status = check_sides("a shape", o->shape.width, o->shape.height, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    if (o->patch_stride != 0 && o->patch_width == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a stride of %zu without the size of a patch",
                             o->patch_stride);
    }
    if (o->shape.width != 0 && o->shape.channels != 0 &&
        o->shape.channels != 1 && o->shape.channels != 3) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a shape of %zu channels: 1 or 3 are possible",
                             o->shape.channels);
    }
    if (o->patch_width != 0 && o->patch_stride == 0) {
        o->patch_stride =
            o->patch_width < o->patch_height ? o->patch_width : o->patch_height;
    }
    if (o->max_bytes == 0) {
        o->max_bytes = nmf_machine_memory() / 2;
    }
    if (o->max_bytes == 0) {
        o->max_bytes = SIZE_MAX / 2; /* the machine does not say */
    }
    if (o->max_pixels == 0) {
        o->max_pixels = NMF_IMAGE_MAX_PIXELS_DEFAULT;
    }
    return NMF_OK;
}

/* ---- pictures ---- */

/* "NAME[i]", freed by free(); NULL where memory is short. */
static char *numbered_name(const char *name, size_t i)
{
    char *numbered = NULL;
    size_t capacity = 0, size = strlen(name) + 24;
    if (nmf_array_reserve((void **)&numbered, &capacity, size, 1)) {
        snprintf(numbered, size, "%s[%zu]", name, i);
    }
    return numbered;
}

/* The pictures of one item. A file's name moves into its picture. */
static nmf_status append_pictures(nmf_dataset *data, nmf_item *item,
                                  nmf_error *err)
{
    for (size_t i = 0; i < item->n_pictures; i++) {
        nmf_picture *picture = &data->pictures[data->n_pictures];
        if (item->kind == NMF_ITEM_PICTURE) {
            picture->name = item->name;
            item->name = NULL;
        } else {
            picture->name = numbered_name(item->name, i);
        }
        if (!picture->name) {
            return nmf_error_memory(err, 0, "the names of the pictures");
        }
        picture->width = item->width;
        picture->height = item->height;
        picture->first_row = item->first_row + i * item->n_rows;
        picture->n_rows = item->n_rows;
        data->n_pictures++;
    }
    return NMF_OK;
}

static nmf_status make_pictures(nmf_dataset *data, nmf_item_list *list,
                                nmf_error *err)
{
    nmf_status status = NMF_OK;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        n += list->items[i].n_pictures;
    }
    data->pictures = nmf_calloc(n, sizeof *data->pictures);
    if (!data->pictures) {
        return nmf_error_memory(err, n * sizeof *data->pictures,
                                "the list of pictures");
    }
    for (size_t i = 0; status == NMF_OK && i < list->n; i++) {
        status = append_pictures(data, &list->items[i], err);
    }
    return status;
}

/* ---- X ---- */

/* Close the gaps that pictures leave which turned out broken. */
static void close_gaps(nmf_dataset *data, nmf_item_list *list)
{
    size_t row = 0;
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        size_t n_rows = item->n_pictures * item->n_rows;
        if (item->first_row != row) {
            memmove(nmf_matrix_row(&data->X, row),
                    nmf_matrix_row(&data->X, item->first_row),
                    n_rows * data->X.ld * sizeof *data->X.data);
            item->first_row = row;
        }
        row += n_rows;
    }
    data->X.rows = row;
}

static nmf_status fill_builtins(nmf_dataset *data, const nmf_item_list *list,
                                size_t used, const nmf_dataset_options *options,
                                nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < list->n; i++) {
        if (list->items[i].kind == NMF_ITEM_BUILTIN) {
            status =
                nmf_fill_builtin(data, &list->items[i], used, options, err);
        }
    }
    return status;
}

/* X, and where in it each item begins; both may be there from before. */
static nmf_status make_rows(nmf_dataset *data, nmf_item_list *list,
                            size_t n_rows, const nmf_dataset_options *options,
                            nmf_error *err)
{
    size_t row = 0, n_features = 0, bytes = 0;
    if (!nmf_geometry_features(&n_features, &data->geometry)) {
        n_features = SIZE_MAX; /* refused below */
    }
    /* X was made for the size of a picture that turned out broken? */
    if (data->X.data && data->X.cols == n_features) {
        return NMF_OK;
    }
    nmf_matrix_release(&data->X);
    nmf_status status =
        nmf_plan_memory(&bytes, n_rows, n_features, 0, options->max_bytes, err);
    if (status == NMF_OK) {
        status = nmf_plan_allocate(&data->X, n_rows, n_features, err);
    }
    for (size_t i = 0; i < list->n; i++) {
        list->items[i].first_row = row;
        row += list->items[i].n_pictures * list->items[i].n_rows;
    }
    return status;
}

static nmf_status load_pictures(nmf_dataset *data, nmf_item_list *list,
                                const nmf_dataset_options *options,
                                nmf_error *err)
{
    size_t n_rows = 0, used = 0;
    nmf_status status =
        nmf_plan_rows(list, &data->geometry, &n_rows, options, err);
    if (status == NMF_OK) {
        status = make_rows(data, list, n_rows, options, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    used = nmf_plan_bytes(&data->X);
    for (size_t i = 0; i < list->n; i++) {
        used += list->items[i].bytes.size;
    }
    status = nmf_fill_pictures(data, list, used, options, err);
    if (status == NMF_OK) {
        status = nmf_items_settle(list, data, options, err);
    }
    if (status == NMF_OK) {
        status = fill_builtins(data, list, used, options, err);
    }
    if (status == NMF_OK) {
        close_gaps(data, list);
    }
    return status;
}

/* ---- the whole ---- */

/* Append "N WORD" to a list in text; WORD is one of two, for 1 and for more. */
static void list_count(char *text, size_t size, size_t n, const char *one,
                       const char *many)
{
    size_t used = strlen(text);
    if (n > 0) {
        snprintf(text + used, size - used, "%s%zu %s", used ? ", " : "", n,
                 n == 1 ? one : many);
    }
}

static nmf_status fail_empty(const nmf_dataset *data, const char *const *inputs,
                             size_t n_inputs, nmf_error *err)
{
    char more[48] = "", found[400] = "";
    if (n_inputs > 1) {
        snprintf(more, sizeof more, " and %zu more", n_inputs - 1);
    }
    list_count(found, sizeof found, data->n_not_images - data->n_unread,
               "file is no picture", "files are no pictures");
    list_count(found, sizeof found, data->n_unread,
               "file is of a format that is not read: ",
               "files are of formats that are not read: ");
    if (data->n_unread > 0) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s", data->unread_names);
    }
    list_count(found, sizeof found, data->n_broken, "picture is broken",
               "pictures are broken");
    if (!*found) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT, "'%s'%s: %s", inputs[0], more,
            n_inputs == 1 ? "the folder is empty" : "the folders are empty");
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT, "'%s'%s: no pictures here (%s)",
                         inputs[0], more, found);
}

static nmf_status load(nmf_dataset *data, const char *const *inputs,
                       size_t n_inputs, const nmf_dataset_options *options,
                       nmf_error *err)
{
    nmf_item_list list = {0};
    nmf_status status =
        nmf_items_collect(&list, inputs, n_inputs, options, err);
    if (status != NMF_OK) {
        goto done;
    }
    data->n_not_images = list.n_special;
    nmf_plan_early(&list, data, options);
    nmf_items_probe(&list, data, options);
    status = nmf_items_settle(&list, data, options, err);
    if (status != NMF_OK) {
        goto done;
    }
    bool is_table = list.n == 1 && list.items[0].kind == NMF_ITEM_TABLE;
    if (options->shape.width != 0 && list.n > 0 && !is_table) {
        status = nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "'%s': a shape is for tables, pictures have "
                               "their own",
                               inputs[0]);
        goto done;
    }
    if (list.n > 0) {
        status = is_table ? nmf_fill_from_table(data, &list, options, err)
                          : load_pictures(data, &list, options, err);
    }
    if (status == NMF_OK) {
        status = list.n > 0 ? make_pictures(data, &list, err)
                            : fail_empty(data, inputs, n_inputs, err);
    }
done:
    nmf_item_list_release(&list);
    return status;
}

nmf_status nmf_dataset_load(nmf_dataset **out, const char *const *inputs,
                            size_t n_inputs, const nmf_dataset_options *options,
                            nmf_error *err)
{
    nmf_dataset_options settled = NMF_DATASET_OPTIONS_INIT;
    *out = NULL;
    if (options) {
        settled = *options;
    }
    if (n_inputs == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "no inputs are given");
    }
    nmf_status status = settle_options(&settled, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_dataset *data = nmf_calloc(1, sizeof *data);
    if (!data) {
        return nmf_error_memory(err, sizeof *data, "a set");
    }
    status = load(data, inputs, n_inputs, &settled, err);
    if (status != NMF_OK) {
        nmf_dataset_free(data);
        return status;
    }
    *out = data;
    return NMF_OK;
}
