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
static size_t bytes_to_decode(const nmf_item *item, size_t channels)
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

static nmf_status decode_item(nmf_dataset *data, const nmf_item *item,
                              size_t room, const nmf_dataset_options *options,
                              nmf_error *err)
{
    nmf_image_options how = NMF_IMAGE_OPTIONS_INIT;
    nmf_image image = {0};
    nmf_bytes read = {0};
    const nmf_bytes *bytes = &item->bytes;
    nmf_status status = NMF_OK;
    how.channels = options->rgb ? NMF_CHANNELS_RGB : NMF_CHANNELS_GREY;
    how.alpha = options->alpha;
    how.max_pixels = options->max_pixels;
    how.max_bytes = room;
    if (!bytes->data) {
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

/* As many threads as there is memory for; 0 where the largest has no room. */
static int threads_that_fit(const nmf_item_list *list, size_t channels,
                            size_t room, unsigned wish, size_t *largest)
{
    size_t n = (size_t)nmf_threads(wish), most = 1;
    *largest = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].kind == NMF_ITEM_PICTURE) {
            size_t bytes = bytes_to_decode(&list->items[i], channels);
            if (bytes > most) {
                most = bytes;
                *largest = i;
            }
        }
    }
    n = n < list->n ? n : list->n;
    n = n < room / most ? n : room / most;
    return (int)n;
}

nmf_status nmf_fill_pictures(nmf_dataset *data, nmf_item_list *list,
                             size_t used, const nmf_dataset_options *options,
                             nmf_error *err)
{
    const size_t room =
        used < options->max_bytes ? options->max_bytes - used : 0;
    const size_t n = list->n;
    size_t largest = 0;
    nmf_first_failure failure;
    int n_threads = threads_that_fit(list, data->geometry.channels, room,
                                     options->n_threads, &largest);
    if (n_threads == 0) {
        const nmf_item *item = &list->items[largest];
        size_t bytes = bytes_to_decode(item, data->geometry.channels);
        return nmf_error_set(
            err, NMF_ERR_LIMIT,
            "'%s': %zux%zu pixels take %s to decode beside the set's %s, more "
            "than the limit of %s",
            item->name, item->stored_width, item->stored_height,
            nmf_format_size(bytes).text, nmf_format_size(used).text,
            nmf_format_size(options->max_bytes).text);
    }
    nmf_first_failure_init(&failure, n);
#pragma omp parallel for num_threads(n_threads) schedule(dynamic)
    for (size_t i = 0; i < n; i++) {
        nmf_item *item = &list->items[i];
        nmf_error mine = {0};
        if (item->kind != NMF_ITEM_PICTURE ||
            nmf_is_past_failure(&failure, i)) {
            continue;
        }
        if (decode_item(data, item, room, options, &mine) != NMF_OK) {
            nmf_item_give_up(item, NMF_ITEM_BROKEN, &mine);
        }
        nmf_bytes_release(&item->bytes);
        if (nmf_item_ends_load(item, options)) {
            nmf_note_failure(&failure, i, NULL);
        }
    }
    return NMF_OK;
}
