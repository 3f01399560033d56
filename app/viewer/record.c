#include "record.h"

#include "record_folder.h"
#include "record_gif.h"

#include "output.h"

#include <stdio.h>
#include <stdlib.h>

/* One of the two is there. */
struct record {
    struct record_gif *gif;
    struct record_folder *folder;
    size_t width;
    size_t height;
    size_t n;
};

nmf_status record_open(struct record **out, const char *path, size_t width,
                       size_t height, bool overwrite, nmf_error *err)
{
    *out = NULL;
    struct record *record = calloc(1, sizeof *record);
    if (!record) {
        if (err) {
            err->status = NMF_ERR_MEMORY;
            snprintf(err->message, sizeof err->message, "no memory to record");
        }
        return NMF_ERR_MEMORY;
    }
    record->width = width;
    record->height = height;
    nmf_status status =
        output_has_extension(path, ".gif")
            ? record_gif_open(&record->gif, path, width, height, overwrite, err)
            : record_folder_open(&record->folder, path, overwrite, err);
    if (status != NMF_OK) {
        free(record);
        return status;
    }
    *out = record;
    return NMF_OK;
}

bool record_takes(const struct record *record, const nmf_image *frame)
{
    return frame->width == record->width && frame->height == record->height;
}

nmf_status record_add(struct record *record, const nmf_image *frame,
                      double seconds, nmf_error *err)
{
    if (!record_takes(record, frame)) {
        if (err) {
            err->status = NMF_ERR_ARGUMENT;
            snprintf(err->message, sizeof err->message,
                     "a frame of %zu x %zu pixels in a recording of %zu x %zu",
                     frame->width, frame->height, record->width,
                     record->height);
        }
        return NMF_ERR_ARGUMENT;
    }
    nmf_status status = record->gif
                            ? record_gif_add(record->gif, frame, seconds, err)
                            : record_folder_add(record->folder, frame, err);
    record->n += status == NMF_OK;
    return status;
}

size_t record_count(const struct record *record)
{
    return record->n;
}

nmf_status record_close(struct record **out, nmf_error *err)
{
    struct record *record = *out;
    if (record->n == 0) {
        record_abort(out);
        if (err) {
            err->status = NMF_ERR_ARGUMENT;
            snprintf(err->message, sizeof err->message,
                     "no frame was recorded");
        }
        return NMF_ERR_ARGUMENT;
    }
    *out = NULL;
    nmf_status status = record->gif ? record_gif_close(&record->gif, err)
                                    : record_folder_close(&record->folder, err);
    free(record);
    return status;
}

void record_abort(struct record **out)
{
    struct record *record = *out;
    if (record) {
        record_gif_abort(&record->gif);
        record_folder_abort(&record->folder);
        free(record);
        *out = NULL;
    }
}
