/*
 * From items to the shape of X, before any memory for it is asked for.
 * Contracts are in dataset_items.h.
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"

#include <stdio.h>
#include <stdlib.h>

nmf_status nmf_plan_memory(size_t *bytes, size_t rows, size_t cols, size_t held,
                           size_t max_bytes, nmf_error *err)
{
    size_t total = 0;
    if (!nmf_size_mul(&total, rows, cols) ||
        !nmf_size_mul(&total, total, sizeof(float)) ||
        !nmf_size_add(&total, total, held)) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a set of %zu x %zu numbers is larger than any "
                             "memory",
                             rows, cols);
    }
    if (total > max_bytes) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a set of %zu x %zu numbers takes %s of memory, "
                             "more than the limit of %s",
                             rows, cols, nmf_format_size(total).text,
                             nmf_format_size(max_bytes).text);
    }
    *bytes = total;
    return NMF_OK;
}

size_t nmf_plan_bytes(const nmf_matrix *X)
{
    return X->rows * X->cols * sizeof *X->data;
}

nmf_status nmf_plan_allocate(nmf_matrix *out, size_t rows, size_t cols,
                             nmf_error *err)
{
    size_t n = 0;
    float *data =
        nmf_size_mul(&n, rows, cols) ? nmf_malloc(n, sizeof *data) : NULL;
    if (!data) {
        return nmf_error_memory(err, n * sizeof *data, "the pictures");
    }
    *out = nmf_matrix_view(data, rows, cols, cols);
    return NMF_OK;
}

/* ---- X beforehand ---- */

/* Size of the first picture on the list; false where none is found. */
static bool find_size(nmf_geometry *size, nmf_item_list *list,
                      nmf_dataset *data, const nmf_dataset_options *options)
{
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        nmf_item_probe(item, list->n == 1, data, options);
        size->width = item->stored_width;
        size->height = item->stored_height;
        if (item->kind == NMF_ITEM_PICTURE && !item->bytes.data) {
            /* To be looked at again in its turn, and decoded then. */
            item->kind = NMF_ITEM_UNKNOWN;
            return true;
        }
        if (item->kind == NMF_ITEM_PICTURE || item->kind == NMF_ITEM_BUILTIN) {
            return true;
        }
        if (item->kind == NMF_ITEM_TABLE || nmf_item_ends_load(item, options)) {
            return false;
        }
    }
    return false;
}

/*
 * Are the files pictures, all but a few, as far as names tell? Rows made for
 * others would be memory for nothing until the set is freed.
 */
static bool looks_dense(const nmf_item_list *list)
{
    size_t n_others = 0;
    for (size_t i = 0; i < list->n; i++) {
        const nmf_item *item = &list->items[i];
        n_others +=
            item->kind == NMF_ITEM_UNKNOWN && !nmf_item_has_picture_name(item);
    }
    return n_others <= list->n / 16;
}

void nmf_plan_early(nmf_item_list *list, nmf_dataset *data,
                    const nmf_dataset_options *options)
{
    size_t rows = 0, n_features = 0, bytes = 0;
    for (size_t i = 0; i < list->n; i++) {
        list->items[i].first_row = rows;
        rows += list->items[i].n_pictures;
    }
    if (options->patch_stride != 0 || !looks_dense(list)) {
        return;
    }
    if (!find_size(&data->geometry, list, data, options)) {
        return;
    }
    data->geometry.channels = options->rgb ? 3 : 1;
    if (options->width != 0) {
        data->geometry.width = options->width;
        data->geometry.height = options->height;
    }
    if (nmf_geometry_features(&n_features, &data->geometry) &&
        nmf_plan_memory(&bytes, rows, n_features, 0, options->max_bytes,
                        NULL) == NMF_OK) {
        nmf_plan_allocate(&data->X, rows, n_features, NULL);
    }
}

/* ---- do the sizes agree? ---- */

/* A size of picture, how many have it, and the first of them. */
struct tally {
    size_t width;
    size_t height;
    size_t count;
    size_t first; /* item */
};

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_sizes(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    int order = compare_numbers(x->width, y->width);
    order = order ? order : compare_numbers(x->height, y->height);
    return order ? order : compare_numbers(x->first, y->first);
}

static int compare_counts(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    int order = compare_numbers(y->count, x->count);
    return order ? order : compare_numbers(x->first, y->first);
}

/* One tally a size, the most frequent first. Returns how many there are. */
static size_t count_sizes(struct tally *tallies, const nmf_item_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const nmf_item *item = &list->items[i];
        tallies[i] =
            (struct tally){item->width, item->height, item->n_pictures, i};
    }
    qsort(tallies, list->n, sizeof *tallies, compare_sizes);
    for (size_t i = 0; i < list->n; i++) {
        struct tally *last = n > 0 ? &tallies[n - 1] : NULL;
        if (last && last->width == tallies[i].width &&
            last->height == tallies[i].height) {
            last->count += tallies[i].count;
        } else {
            tallies[n++] = tallies[i];
        }
    }
    qsort(tallies, n, sizeof *tallies, compare_counts);
    return n;
}

/* "2 of 19x19, 1 of 92x112 and 7 more in 3 other sizes" */
static void word_sizes(char *text, size_t size, const struct tally *tallies,
                       size_t n)
{
    enum { MAX_SHOWN = 5 };
    size_t used = 0, others = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= MAX_SHOWN) {
            others += tallies[i].count;
            continue;
        }
        int length = snprintf(text + used, size - used, "%s%zu of %zux%zu",
                              i > 0 ? ", " : "", tallies[i].count,
                              tallies[i].width, tallies[i].height);
        used += length > 0 ? (size_t)length : 0;
    }
    if (others > 0) {
        snprintf(text + used, size - used, " and %zu in %zu other sizes",
                 others, n - MAX_SHOWN);
    }
}

static nmf_status fail_sizes(const nmf_item_list *list, const char *advice,
                             nmf_error *err)
{
    char sizes[512];
    char standard[160];
    struct tally *tallies = nmf_malloc(list->n, sizeof *tallies);
    if (!tallies) {
        return nmf_error_memory(err, list->n * sizeof *tallies,
                                "comparing sizes");
    }
    size_t n = count_sizes(tallies, list);
    word_sizes(sizes, sizeof sizes, tallies, n);
    /* The first picture that is not of the most frequent size. */
    size_t odd = tallies[1].first;
    for (size_t i = 2; i < n; i++) {
        odd = tallies[i].first < odd ? tallies[i].first : odd;
    }
    snprintf(standard, sizeof standard,
             "--size %zux%zu makes them alike (with --crop or --pad to keep "
             "their aspect), --patch 8x8 cuts them into patches",
             tallies[0].width, tallies[0].height);
    nmf_error_set(err, NMF_ERR_ARGUMENT,
                  "the pictures differ in size: %s; %s; the first to differ is "
                  "'%s'",
                  sizes, advice ? advice : standard, list->items[odd].name);
    nmf_free(tallies);
    return NMF_ERR_ARGUMENT;
}

static nmf_status check_sizes(const nmf_item_list *list, const char *advice,
                              nmf_error *err)
{
    for (size_t i = 1; i < list->n; i++) {
        if (list->items[i].width != list->items[0].width ||
            list->items[i].height != list->items[0].height) {
            return fail_sizes(list, advice, err);
        }
    }
    return NMF_OK;
}

/* ---- rows ---- */

nmf_status nmf_plan_rows(nmf_item_list *list, nmf_geometry *geometry,
                         size_t *n_rows, const nmf_dataset_options *options,
                         nmf_error *err)
{
    size_t rows = 0;
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        item->width = options->width ? options->width : item->stored_width;
        item->height = options->width ? options->height : item->stored_height;
    }
    *geometry = (nmf_geometry){.width = options->patch_width,
                               .height = options->patch_height,
                               .channels = options->rgb ? 3 : 1,
                               .patch_stride = options->patch_stride};
    if (geometry->patch_stride == 0) {
        nmf_status status = check_sizes(list, options->uneven_advice, err);
        if (status != NMF_OK) {
            return status;
        }
        geometry->width = list->items[0].width;
        geometry->height = list->items[0].height;
    }
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        size_t item_rows = 0;
        item->n_rows = nmf_patches_count(item->width, item->height, geometry);
        if (item->n_rows == 0) {
            return nmf_error_set(
                err, NMF_ERR_ARGUMENT,
                "'%s': a patch of %zux%zu is larger than the picture, %zux%zu",
                item->name, geometry->width, geometry->height, item->width,
                item->height);
        }
        if (!nmf_size_mul(&item_rows, item->n_rows, item->n_pictures) ||
            !nmf_size_add(&rows, rows, item_rows)) {
            return nmf_error_set(err, NMF_ERR_LIMIT,
                                 "'%s': more rows than can be counted",
                                 item->name);
        }
    }
    *n_rows = rows;
    return NMF_OK;
}
