/*
 * From inputs to items: what is there, and what is it? Contracts are in
 * dataset_items.h.
 *
 * A set is often thousands of files of a few hundred bytes, where opening one
 * costs more than decoding it. So each file is opened once: its beginning is
 * read (PEEK_SIZE bytes), and where that is all of it, it is kept for the
 * decoder, as long as the files kept do not add up to much. Larger files are
 * opened again when their turn comes.
 */
#include "image/dataset_items.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/first_failure.h"
#include "core/threads.h"
#include "image/builtin.h"
#include "image/folder.h"

#include <nmfimg/table.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEEK_SIZE = 1 << 16 };

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

/* ---- what is it? ---- */

/* The beginning of a file; all of it where size == item->file_bytes. */
struct peek {
    size_t size;
    uint8_t bytes[PEEK_SIZE];
};

/* What all threads need to look at items. */
struct probing {
    const nmf_dataset_options *options;
    bool is_alone;      /* one input item: it may be a table */
    size_t max_held;    /* bytes of files kept in memory ... */
    atomic_size_t held; /* ... and how many there are */
};

static nmf_status fail_open(const char *path, nmf_error *err)
{
    return errno == ENOENT
               ? nmf_error_set(err, NMF_ERR_IO, "'%s': no such file", path)
               : nmf_error_set(err, NMF_ERR_IO, "'%s': cannot open: %s", path,
                               nmf_format_errno(errno).text);
}

/* Read up to PEEK_SIZE bytes, or less where the file ends. */
static nmf_status fill_peek(struct peek *peek, int fd, const nmf_item *item,
                            nmf_error *err)
{
    const size_t wanted =
        item->file_bytes < PEEK_SIZE ? item->file_bytes : PEEK_SIZE;
    peek->size = 0;
    while (peek->size < wanted) {
        ssize_t got = read(fd, peek->bytes + peek->size, wanted - peek->size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return nmf_error_set(err, NMF_ERR_IO, "'%s': cannot read: %s",
                                 item->name, nmf_format_errno(errno).text);
        }
        if (got == 0) {
            break;
        }
        peek->size += (size_t)got;
    }
    return NMF_OK;
}

/* A pipe cannot be read twice: all of it, once, whatever its size. */
static nmf_status read_stream(struct peek *peek, nmf_item *item,
                              const nmf_dataset_options *options,
                              nmf_error *err)
{
    nmf_status status =
        nmf_file_read(&item->bytes, item->name, options->max_bytes, err);
    if (status == NMF_OK) {
        item->file_bytes = item->bytes.size;
        peek->size =
            item->bytes.size < PEEK_SIZE ? item->bytes.size : PEEK_SIZE;
        if (peek->size > 0) {
            memcpy(peek->bytes, item->bytes.data, peek->size);
        }
    }
    return status;
}

static nmf_status read_peek(struct peek *peek, nmf_item *item,
                            const nmf_dataset_options *options, nmf_error *err)
{
    nmf_status status = NMF_OK;
    struct stat info;
    /* Not to wait for the other end, should it be a pipe. */
    int fd = open(item->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = fail_open(item->name, err);
    } else if (S_ISREG(info.st_mode)) {
        item->file_bytes = (size_t)info.st_size;
        status = fill_peek(peek, fd, item, err);
        if (peek->size < PEEK_SIZE) {
            item->file_bytes = peek->size; /* it shrank, or it is all */
        }
    } else if (!item->is_direct) {
        status = nmf_error_set(err, NMF_ERR_IO, "'%s': is not a file any more",
                               item->name);
    } else {
        status = read_stream(peek, item, options, err);
    }
    if (fd >= 0) {
        close(fd);
    }
    return status;
}

static bool has_picture_name(const char *name)
{
    static const char *const endings[] = {
        ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".pnm", ".pbm",
        ".pgm", ".ppm", ".gif",  ".bmp", ".tiff", ".tif", ".webp"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What is found, in a few words: "text that begins with 'abc'". */
struct content_text {
    char text[64];
};

static struct content_text describe(const struct peek *peek)
{
    struct content_text found;
    char shown[17];
    size_t n = 0;
    while (n < peek->size && n < sizeof shown - 1 && peek->bytes[n] >= ' ' &&
           peek->bytes[n] <= '~') {
        shown[n] = (char)peek->bytes[n];
        n++;
    }
    shown[n] = '\0';
    if (n == sizeof shown - 1 || (n > 0 && n == peek->size) ||
        (n > 2 && strchr("\r\n\t", peek->bytes[n]))) {
        snprintf(found.text, sizeof found.text, "text that begins with '%s'",
                 shown);
    } else {
        int length = snprintf(found.text, sizeof found.text, "bytes");
        for (size_t i = 0; i < peek->size && i < 4; i++) {
            length += snprintf(found.text + length,
                               sizeof found.text - (size_t)length, " %02x",
                               peek->bytes[i]);
        }
    }
    return found;
}

/* A file in which no picture begins: a table, nothing known, or nothing. */
static void judge_other(struct probing *probing, nmf_item *item,
                        const struct peek *peek)
{
    nmf_error err = {0};
    nmf_item_kind otherwise =
        item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_NOT_IMAGE;
    if (peek->size == 0) {
        nmf_error_set(&err, NMF_ERR_FORMAT,
                      "'%s': the file is empty, expected a picture",
                      item->name);
        nmf_item_give_up(
            item, has_picture_name(item->name) ? NMF_ITEM_BROKEN : otherwise,
            &err);
        return;
    }
    nmf_table_format table = nmf_table_probe(
        peek->bytes,
        peek->size < NMF_TABLE_PROBE_SIZE ? peek->size : NMF_TABLE_PROBE_SIZE);
    if (table == NMF_TABLE_UNKNOWN) {
        nmf_error_set(&err, NMF_ERR_FORMAT, "'%s': expected %s, found %s",
                      item->name,
                      item->is_direct ? "a picture (PNG, JPEG, PNM) or a table "
                                        "(NPY, IDX, CSV)"
                                      : "a picture",
                      describe(peek).text);
        nmf_item_give_up(item, otherwise, &err);
    } else if (!item->is_direct) {
        nmf_error_set(&err, NMF_ERR_FORMAT,
                      "'%s': is a table (%s), to be named by itself",
                      item->name, nmf_table_format_name(table));
        nmf_item_give_up(item, NMF_ITEM_NOT_IMAGE, &err);
    } else if (!probing->is_alone) {
        nmf_error_set(&err, NMF_ERR_ARGUMENT,
                      "'%s': is a table (%s), which is a set by itself: give "
                      "it as the only input",
                      item->name, nmf_table_format_name(table));
        nmf_item_give_up(item, NMF_ITEM_REFUSED, &err);
    } else {
        item->kind = NMF_ITEM_TABLE;
    }
}

/* The header of a picture; of its whole file where the beginning has none. */
static nmf_status probe_header(nmf_image_info *info, const nmf_item *item,
                               const struct peek *peek,
                               const nmf_dataset_options *options,
                               nmf_error *err)
{
    nmf_bytes all = {0};
    nmf_status status =
        nmf_image_probe(info, peek->bytes, peek->size, item->name, err);
    if (status == NMF_OK || peek->size == item->file_bytes) {
        return status;
    }
    if (item->bytes.data) {
        return nmf_image_probe(info, item->bytes.data, item->bytes.size,
                               item->name, err);
    }
    status = nmf_file_read(&all, item->name, options->max_bytes, err);
    if (status == NMF_OK) {
        status = nmf_image_probe(info, all.data, all.size, item->name, err);
    }
    nmf_bytes_release(&all);
    return status;
}

/* Keep the bytes of a small file. No memory for it: it is read again later. */
static void hold(struct probing *probing, nmf_item *item,
                 const struct peek *peek)
{
    if (item->bytes.data || peek->size != item->file_bytes) {
        return;
    }
    size_t before = atomic_fetch_add(&probing->held, peek->size);
    if (before > probing->max_held || peek->size > probing->max_held - before) {
        atomic_fetch_sub(&probing->held, peek->size);
        return;
    }
    item->bytes.data = nmf_malloc(peek->size, 1);
    if (item->bytes.data) {
        memcpy(item->bytes.data, peek->bytes, peek->size);
        item->bytes.size = peek->size;
    }
}

static void judge_picture(struct probing *probing, nmf_item *item,
                          const struct peek *peek)
{
    const nmf_dataset_options *options = probing->options;
    nmf_error err = {0};
    nmf_image_info info = {0};
    if (probe_header(&info, item, peek, options, &err) != NMF_OK) {
        nmf_item_give_up(item, NMF_ITEM_BROKEN, &err);
        return;
    }
    if (info.height > options->max_pixels / info.width) {
        nmf_error_set(&err, NMF_ERR_LIMIT,
                      "'%s': %zux%zu pixels are more than the limit of %zu",
                      item->name, info.width, info.height, options->max_pixels);
        nmf_item_give_up(item, NMF_ITEM_BROKEN, &err);
        return;
    }
    item->kind = NMF_ITEM_PICTURE;
    item->stored_width = info.width;
    item->stored_height = info.height;
    hold(probing, item, peek);
}

static void judge(struct probing *probing, nmf_item *item, struct peek *peek)
{
    nmf_error err = {0};
    if (read_peek(peek, item, probing->options, &err) != NMF_OK) {
        /* Who found it in a folder cannot know whether it is a picture. */
        nmf_item_give_up(
            item, item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_BROKEN, &err);
        return;
    }
    switch (nmf_image_sniff(peek->bytes, peek->size)) {
    case NMF_IMAGE_UNKNOWN:
        judge_other(probing, item, peek);
        break;
    case NMF_IMAGE_OTHER:
        nmf_image_probe(&(nmf_image_info){0}, peek->bytes, peek->size,
                        item->name, &err);
        nmf_item_give_up(
            item, item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_NOT_IMAGE,
            &err);
        break;
    case NMF_IMAGE_PNG:
    case NMF_IMAGE_JPEG:
    case NMF_IMAGE_PNM:
        judge_picture(probing, item, peek);
        break;
    }
}

bool nmf_item_ends_load(const nmf_item *item,
                        const nmf_dataset_options *options)
{
    return item->kind == NMF_ITEM_REFUSED ||
           (item->kind == NMF_ITEM_BROKEN && !options->skip_broken);
}

void nmf_items_probe(nmf_item_list *list, const nmf_dataset_options *options,
                     size_t max_held)
{
    struct probing probing = {
        .options = options, .is_alone = list->n == 1, .max_held = max_held};
    const size_t n = list->n;
    nmf_first_failure failure;
    int n_threads = nmf_threads(options->n_threads);
    n_threads = (size_t)n_threads < n ? n_threads : (int)(n > 0 ? n : 1);
    atomic_init(&probing.held, 0);
    nmf_first_failure_init(&failure, n);
#pragma omp parallel num_threads(n_threads)
    {
        struct peek peek;
        peek.size = 0;
#pragma omp for schedule(dynamic, 8)
        for (size_t i = 0; i < n; i++) {
            nmf_item *item = &list->items[i];
            if (item->kind != NMF_ITEM_UNKNOWN ||
                nmf_is_past_failure(&failure, i)) {
                continue;
            }
            judge(&probing, item, &peek);
            if (nmf_item_ends_load(item, options)) {
                nmf_note_failure(&failure, i, NULL);
            }
        }
    }
}

/* ---- what becomes of it ---- */

static void tell_left_out(const nmf_item *item,
                          const nmf_dataset_options *options)
{
    char message[NMF_ERROR_MESSAGE_SIZE + 16];
    if (options->on_skip) {
        snprintf(message, sizeof message, "left out %s", item->reason);
        options->on_skip(message, options->context);
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
        }
        tell_left_out(item, options);
        release_item(item);
    }
    list->n = kept;
    return NMF_OK;
}
