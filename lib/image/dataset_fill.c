/*
 * Pictures decoded in parallel, straight into X. Contracts are in
 * dataset_items.h.
 *
 * Each thread holds one picture at a time, so the peak is X and as many
 * pictures as there are threads; where that would be too much, fewer threads
 * run. Which pictures load does not depend on it: the limit that a decoder
 * gets is the same for any number of threads.
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/first_failure.h"
#include "core/threads.h"

/*
 * About the most that one picture takes on its way: its file, what decoders
 * keep (16-bit RGBA, or the coefficients of a progressive JPEG: 8 bytes a
 * pixel), its samples as floats, and once more in the final size.
 */
size_t nmf_fill_bytes(const nmf_item *item, size_t channels)
{
    size_t stored = 0, resized = 0, total = 0;
    bool fits =
        nmf_size_mul(&stored, item->stored_width, item->stored_height) &&
        nmf_size_mul(&stored, stored, 8 + channels * sizeof(float)) &&
        nmf_size_mul(&resized, item->width, item->height) &&
        nmf_size_mul(&resized, resized, channels * sizeof(float)) &&
        nmf_size_add(&total, stored, resized) &&
        nmf_size_add(&total, total, item->file_bytes);
    return fits ? total : SIZE_MAX;
}

nmf_status nmf_fill_picture(nmf_dataset *data, const nmf_item *item,
                            const nmf_bytes *bytes, size_t room,
                            const nmf_dataset_options *options, nmf_error *err)
{
    nmf_image_options how = NMF_IMAGE_OPTIONS_INIT;
    nmf_image image = {0};
    nmf_bytes read = {0};
    nmf_status status = NMF_OK;
    how.channels = options->rgb ? NMF_CHANNELS_RGB : NMF_CHANNELS_GREY;
    how.alpha = options->alpha;
    how.max_pixels = options->max_pixels;
    how.max_bytes = room;
    if (!bytes) {
        status = nmf_file_read(&read, item->name, room, err);
        bytes = &read;
    }
    if (status == NMF_OK) {
        status = nmf_image_decode(&image, bytes->data, bytes->size, item->name,
                                  &how, NULL, err);
    }
    nmf_bytes_release(&read);
    if (status == NMF_OK && (image.width != item->stored_width ||
                             image.height != item->stored_height)) {
        status = nmf_error_set(err, NMF_ERR_FORMAT,
                               "'%s': its header says %zux%zu, but the picture "
                               "has %zux%zu",
                               item->name, item->stored_width,
                               item->stored_height, image.width, image.height);
    }
    if (status == NMF_OK) {
        nmf_matrix rows =
            nmf_matrix_view(nmf_matrix_row(&data->X, item->first_row),
                            item->n_rows, data->X.cols, data->X.ld);
        status =
            nmf_picture_place(&rows, &image, &data->geometry, options, err);
    }
    nmf_image_release(&image);
    return status;
}

static bool is_waiting(const nmf_item *item)
{
    return item->kind == NMF_ITEM_PICTURE && !item->is_placed;
}

/* The picture that takes most memory, of those that wait; NULL: none do. */
static const nmf_item *find_largest(const nmf_item_list *list, size_t channels,
                                    size_t *n_waiting, size_t *bytes)
{
    const nmf_item *largest = NULL;
    *n_waiting = 0;
    *bytes = 0;
    for (size_t i = 0; i < list->n; i++) {
        const nmf_item *item = &list->items[i];
        if (is_waiting(item)) {
            size_t needed = nmf_fill_bytes(item, channels);
            ++*n_waiting;
            if (needed > *bytes) {
                *bytes = needed;
                largest = item;
            }
        }
    }
    return largest;
}

static void fill_item(nmf_dataset *data, nmf_item *item, size_t room,
                      const nmf_dataset_options *options)
{
    nmf_error err = {0};
    if (nmf_fill_picture(data, item, item->bytes.data ? &item->bytes : NULL,
                         room, options, &err) != NMF_OK) {
        nmf_item_give_up(item, NMF_ITEM_BROKEN, &err);
    }
    nmf_bytes_release(&item->bytes);
    item->is_placed = true;
}

nmf_status nmf_fill_pictures(nmf_dataset *data, nmf_item_list *list,
                             size_t used, const nmf_dataset_options *options,
                             nmf_error *err)
{
    const size_t n = list->n;
    const size_t room =
        used < options->max_bytes ? options->max_bytes - used : 0;
    size_t n_waiting = 0, bytes = 0;
    size_t n_threads = (size_t)nmf_threads(options->n_threads);
    nmf_first_failure failure;
    const nmf_item *largest =
        find_largest(list, data->geometry.channels, &n_waiting, &bytes);
    if (!largest) {
        return NMF_OK;
    }
    if (bytes > room) {
        return nmf_error_set(
            err, NMF_ERR_LIMIT,
            "'%s': %zux%zu pixels take %s to decode beside the set's %s, more "
            "than the limit of %s",
            largest->name, largest->stored_width, largest->stored_height,
            nmf_format_size(bytes).text, nmf_format_size(used).text,
            nmf_format_size(options->max_bytes).text);
    }
    n_threads = n_threads < n_waiting ? n_threads : n_waiting;
    n_threads = n_threads < room / bytes ? n_threads : room / bytes;
    nmf_first_failure_init(&failure, n);
#pragma omp parallel for num_threads((int)n_threads) schedule(dynamic)
    for (size_t i = 0; i < n; i++) {
        nmf_item *item = &list->items[i];
        if (is_waiting(item) && !nmf_is_past_failure(&failure, i)) {
            fill_item(data, item, room, options);
            if (nmf_item_ends_load(item, options)) {
                nmf_note_failure(&failure, i, NULL);
            }
        }
    }
    return NMF_OK;
}
