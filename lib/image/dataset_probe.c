/*
 * What is an item, and how large is the picture? Contracts are in
 * dataset_items.h.
 */
#include "image/dataset_items.h"

#include "core/error.h"
#include "core/first_failure.h"
#include "core/threads.h"
#include "image/sniff.h"

#include <nmfimg/table.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEEK_SIZE = 1 << 16 };

/* The beginning of a file; all of it where size == item->file_bytes. */
struct peek {
    size_t size;
    uint8_t bytes[PEEK_SIZE];
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
static void judge_other(nmf_item *item, const struct peek *peek, bool is_alone)
{
    nmf_error err = {0};
    nmf_item_kind otherwise =
        item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_NOT_IMAGE;
    if (peek->size == 0) {
        nmf_error_set(&err, NMF_ERR_FORMAT,
                      "'%s': the file is empty, expected a picture",
                      item->name);
        nmf_item_give_up(
            item, nmf_item_has_picture_name(item) ? NMF_ITEM_BROKEN : otherwise,
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
    } else if (!is_alone) {
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

/*
 * Decode a picture whose file is all there into its row, where that row is
 * made for its size. A large one waits for its turn, so that the memory of
 * many threads decoding at once stays small beside what there is.
 */
static void place_early(nmf_item *item, struct peek *peek, nmf_dataset *data,
                        const nmf_dataset_options *options)
{
    const nmf_geometry *g = &data->geometry;
    const nmf_bytes all = {peek->bytes, peek->size};
    nmf_error err = {0};
    item->width = options->width ? options->width : item->stored_width;
    item->height = options->width ? options->height : item->stored_height;
    item->n_rows = 1;
    if (!data->X.data || item->bytes.data || peek->size != item->file_bytes ||
        item->width != g->width || item->height != g->height) {
        return;
    }
    size_t room = options->max_bytes - nmf_plan_bytes(&data->X);
    if (nmf_fill_bytes(item, g->channels) > room / NMF_MAX_THREADS) {
        return;
    }
    if (nmf_fill_picture(data, item, &all, room, options, &err) != NMF_OK) {
        nmf_item_give_up(item, NMF_ITEM_BROKEN, &err);
    }
    item->is_placed = true;
}

static void judge_picture(nmf_item *item, struct peek *peek, nmf_dataset *data,
                          const nmf_dataset_options *options)
{
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
    place_early(item, peek, data, options);
}

static void judge(nmf_item *item, struct peek *peek, bool is_alone,
                  nmf_dataset *data, const nmf_dataset_options *options)
{
    nmf_error err = {0};
    if (item->kind != NMF_ITEM_UNKNOWN) {
        return;
    }
    if (read_peek(peek, item, options, &err) != NMF_OK) {
        /* Who found it in a folder cannot know whether it is a picture. */
        nmf_item_give_up(
            item, item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_BROKEN, &err);
        return;
    }
    const char *format = NULL;
    switch (nmf_sniff(&format, peek->bytes, peek->size)) {
    case NMF_IMAGE_UNKNOWN:
        judge_other(item, peek, is_alone);
        break;
    case NMF_IMAGE_OTHER:
        item->unread = format;
        nmf_image_probe(&(nmf_image_info){0}, peek->bytes, peek->size,
                        item->name, &err);
        nmf_item_give_up(
            item, item->is_direct ? NMF_ITEM_REFUSED : NMF_ITEM_NOT_IMAGE,
            &err);
        break;
    case NMF_IMAGE_PNG:
    case NMF_IMAGE_JPEG:
    case NMF_IMAGE_PNM:
        judge_picture(item, peek, data, options);
        break;
    }
}

void nmf_item_probe(nmf_item *item, bool is_alone, nmf_dataset *data,
                    const nmf_dataset_options *options)
{
    struct peek peek;
    judge(item, &peek, is_alone, data, options);
}

void nmf_items_probe(nmf_item_list *list, nmf_dataset *data,
                     const nmf_dataset_options *options)
{
    const size_t n = list->n;
    nmf_first_failure failure;
    int n_threads = nmf_threads(options->n_threads);
    n_threads = (size_t)n_threads < n ? n_threads : (int)(n > 0 ? n : 1);
    nmf_first_failure_init(&failure, n);
#pragma omp parallel num_threads(n_threads)
    {
        struct peek peek;
#pragma omp for schedule(dynamic, 8)
        for (size_t i = 0; i < n; i++) {
            if (nmf_is_past_failure(&failure, i)) {
                continue;
            }
            judge(&list->items[i], &peek, n == 1, data, options);
            if (nmf_item_ends_load(&list->items[i], options)) {
                nmf_note_failure(&failure, i, NULL);
            }
        }
    }
}
