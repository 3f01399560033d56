/*
 * From inputs to items, and what becomes of them. Contracts are in
 * dataset_items.h.
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"
#include "image/builtin.h"
#include "image/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static void release_item(nmf_item *item)
{
    free(item->name);
    free(item->reason);
    nmf_bytes_release(&item->bytes);
    *item = (nmf_item){0};
}

void nmf_item_list_release(nmf_item_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        release_item(&list->items[i]);
    }
    free(list->items);
    *list = (nmf_item_list){0};
}

void nmf_item_give_up(nmf_item *item, nmf_item_kind kind, const nmf_error *err)
{
    item->status = err->status;
    item->reason = nmf_strdup(err->message);
    /* Short of memory is nothing that the file can be blamed for. */
    if (err->status == NMF_ERR_MEMORY || !item->reason) {
        item->status = NMF_ERR_MEMORY;
        kind = NMF_ITEM_REFUSED;
    }
    item->kind = kind;
    nmf_bytes_release(&item->bytes);
}

bool nmf_item_has_picture_name(const nmf_item *item)
{
    static const char *const endings[] = {
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".pnm", ".pbm",
        ".pgm", ".ppm", ".gif",  ".bmp", ".tiff", ".tif", ".webp"};
    const char *dot = strrchr(item->name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- inputs to items ---- */

/* The list owns name from here on, also where it fails. */
static nmf_status append(nmf_item_list *list, nmf_item_kind kind, char *name,
                         bool is_direct, nmf_error *err)
{
    if (!name || !nmf_array_reserve((void **)&list->items, &list->capacity,
                                    list->n, sizeof *list->items)) {
        free(name);
        return nmf_error_memory(err, (list->n + 1) * sizeof *list->items,
                                "the list of pictures");
    }
    list->items[list->n++] = (nmf_item){
        .kind = kind, .name = name, .is_direct = is_direct, .n_pictures = 1};
    return NMF_OK;
}

static nmf_status append_folder(nmf_item_list *list, const char *folder,
                                const nmf_dataset_options *options,
                                nmf_error *err)
{
    nmf_file_list files = {0};
    nmf_status status = nmf_folder_walk(&files, folder, options->on_skip,
                                        options->context, err);
    for (size_t i = 0; status == NMF_OK && i < files.n; i++) {
        char *path = files.paths[i];
        files.paths[i] = NULL;
        status = append(list, NMF_ITEM_UNKNOWN, path, false, err);
    }
    list->n_special += files.n_special;
    nmf_file_list_release(&files);
    return status;
}

static nmf_status append_builtin(nmf_item_list *list, const char *name,
                                 nmf_error *err)
{
    size_t n_samples = 0;
    nmf_geometry geometry = {0};
    nmf_status status = nmf_builtin_size(&n_samples, &geometry, name, err);
    if (status == NMF_OK) {
        status = append(list, NMF_ITEM_BUILTIN, nmf_strdup(name), true, err);
    }
    if (status == NMF_OK) {
        nmf_item *item = &list->items[list->n - 1];
        item->stored_width = geometry.width;
        item->stored_height = geometry.height;
        item->channels = geometry.channels;
        item->n_pictures = n_samples;
    }
    return status;
}

nmf_status nmf_items_collect(nmf_item_list *list, const char *const *inputs,
                             size_t n_inputs,
                             const nmf_dataset_options *options, nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < n_inputs; i++) {
        struct stat info;
        if (inputs[i][0] == '@') {
            status = append_builtin(list, inputs[i], err);
        } else if (stat(inputs[i], &info) == 0 && S_ISDIR(info.st_mode)) {
            status = append_folder(list, inputs[i], options, err);
        } else {
            /* What is not there is reported when it is opened. */
            status = append(list, NMF_ITEM_UNKNOWN, nmf_strdup(inputs[i]), true,
                            err);
        }
    }
    return status;
}

/* ---- what becomes of it ---- */

bool nmf_item_ends_load(const nmf_item *item,
                        const nmf_dataset_options *options)
{
    return item->kind == NMF_ITEM_REFUSED ||
           (item->kind == NMF_ITEM_BROKEN && !options->skip_broken);
}

/* Count a picture of a format that is not read, and note its name once. */
static void count_unread(nmf_dataset *data, const char *format)
{
    char *names = data->unread_names;
    size_t used = strlen(names);
    data->n_unread++;
    if (!strstr(names, format)) {
        snprintf(names + used, sizeof data->unread_names - used, "%s%s",
                 used ? ", " : "", format);
    }
}

nmf_status nmf_items_settle(nmf_item_list *list, nmf_dataset *data,
                            const nmf_dataset_options *options, nmf_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        if (nmf_item_ends_load(item, options)) {
            return nmf_error_set(err, item->status, "%s",
                                 item->reason ? item->reason : "out of memory");
        }
    }
    for (size_t i = 0; i < list->n; i++) {
        nmf_item *item = &list->items[i];
        if (item->kind != NMF_ITEM_NOT_IMAGE && item->kind != NMF_ITEM_BROKEN) {
            list->items[kept] = *item;
            if (kept++ != i) {
                *item = (nmf_item){0};
            }
            continue;
        }
        if (item->kind == NMF_ITEM_BROKEN) {
            data->n_broken++;
        } else {
            data->n_not_images++;
            if (item->unread) {
                count_unread(data, item->unread);
            }
        }
        if (options->on_skip) {
            options->on_skip(item->reason, options->context);
        }
        release_item(item);
    }
    list->n = kept;
    return NMF_OK;
}
