/*
 * Frames as an animated GIF, by giflib. To keep it small, a frame is the
 * smallest rectangle that holds all changes, and what has not changed in it is
 * transparent; to keep it true, each frame brings a table of the colours that
 * it changes to, exact where there are no more than 255 (palette.h).
 *
 * A frame's time stands before it in the file, so one frame is held back until
 * the next one says how long it was shown. Times are whole hundredths of a
 * second: what rounding takes from one frame the next one gets.
 */
#include "record_gif.h"

#include "palette.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

enum {
    SIDE_MAX = 65535,
    TICKS_MAX = 65535, /* hundredths of a second, of one frame */
    TICKS_MIN = 2      /* browsers show shorter frames for longer */
};

struct record_gif {
    nmf_file_writer *file;
    nmf_error error; /* the first failure to write: giflib goes on, so that */
                     /* it frees what it has */
    GifFileType *gif;
    size_t width;
    size_t height;
    uint8_t *shown;   /* what a reader of the file has seen; RGB */
    uint8_t *pending; /* the frame held back */
    bool *changed;    /* per pixel of the rectangle */
    uint8_t *places;
    struct palette_work *work;
    bool has_pending;
    bool has_shown;
    double seconds; /* that all frames so far were shown */
    double ticks;   /* of them that are in the file */
};

struct rectangle {
    size_t x, y, w, h;
};

static nmf_status fail(nmf_error *err, nmf_status status, const char *what)
{
    if (err) {
        err->status = status;
        snprintf(err->message, sizeof err->message, "%s", what);
    }
    return status;
}

/* What giflib writes with. It is told of no failure: see above. */
static int append(GifFileType *gif, const GifByteType *bytes, int size)
{
    struct record_gif *record = gif->UserData;
    if (record->file && record->error.status == NMF_OK) {
        nmf_file_writer_append(record->file, bytes, (size_t)size,
                               &record->error);
    }
    return size;
}

/* The outcome of calls of giflib: what failed first, if anything. */
static nmf_status outcome(const struct record_gif *record, bool is_done,
                          nmf_error *err)
{
    if (record->error.status != NMF_OK) {
        if (err) {
            *err = record->error;
        }
        return record->error.status;
    }
    if (is_done) {
        return NMF_OK;
    }
    const char *why = GifErrorString(record->gif->Error);
    bool no_memory = record->gif->Error == E_GIF_ERR_NOT_ENOUGH_MEM;
    return fail(err, no_memory ? NMF_ERR_MEMORY : NMF_ERR_IO,
                why ? why : "giflib failed");
}

static void release(struct record_gif *record)
{
    int code = 0;
    nmf_file_writer_abort(&record->file);
    if (record->gif) {
        EGifCloseFile(record->gif, &code);
    }
    palette_work_free(record->work);
    free(record->shown);
    free(record->pending);
    free(record->changed);
    free(record->places);
    free(record);
}

/* For ever: the extension that Netscape began with. */
static bool write_head(struct record_gif *record)
{
    static const GifByteType loop[] = {1, 0, 0};
    GifFileType *gif = record->gif;
    EGifSetGifVersion(gif, true);
    return EGifPutScreenDesc(gif, (int)record->width, (int)record->height, 8, 0,
                             NULL) == GIF_OK &&
           EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
           EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_OK &&
           EGifPutExtensionBlock(gif, sizeof loop, loop) == GIF_OK &&
           EGifPutExtensionTrailer(gif) == GIF_OK;
}

static bool get_memory(struct record_gif *record)
{
    size_t pixels = record->width * record->height;
    int code = 0;
    record->shown = calloc(pixels, 3);
    record->pending = calloc(pixels, 3);
    record->changed = calloc(pixels, sizeof *record->changed);
    record->places = calloc(pixels, 1);
    record->work = palette_work_create();
    record->gif = EGifOpen(record, append, &code);
    return record->shown && record->pending && record->changed &&
           record->places && record->work && record->gif;
}

nmf_status record_gif_open(struct record_gif **out, const char *path,
                           size_t width, size_t height, bool overwrite,
                           nmf_error *err)
{
    *out = NULL;
    if (width == 0 || height == 0 || width > SIDE_MAX || height > SIDE_MAX) {
        return fail(err, NMF_ERR_LIMIT, "a GIF is of 1 to 65535 pixels a side");
    }
    struct record_gif *record = calloc(1, sizeof *record);
    if (!record) {
        return fail(err, NMF_ERR_MEMORY, "no memory to record");
    }
    record->width = width;
    record->height = height;
    nmf_status status =
        nmf_file_writer_open(&record->file, path, overwrite, err);
    if (status == NMF_OK && !get_memory(record)) {
        status = fail(err, NMF_ERR_MEMORY, "no memory to record");
    }
    if (status == NMF_OK) {
        status = outcome(record, write_head(record), err);
    }
    if (status != NMF_OK) {
        release(record);
        return status;
    }
    *out = record;
    return NMF_OK;
}

/* ---- a frame into the file ---- */

static bool differs(const struct record_gif *record, size_t pixel)
{
    return !record->has_shown || memcmp(record->pending + 3 * pixel,
                                        record->shown + 3 * pixel, 3) != 0;
}

/* The rectangle of all changes; where there are none, one pixel. */
static struct rectangle find_changes(const struct record_gif *record)
{
    size_t left = record->width, right = 0, top = record->height, bottom = 0;
    for (size_t y = 0; y < record->height; y++) {
        for (size_t x = 0; x < record->width; x++) {
            if (differs(record, y * record->width + x)) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y;
            }
        }
    }
    if (left > right) {
        return (struct rectangle){0, 0, 1, 1};
    }
    return (struct rectangle){left, top, right - left + 1, bottom - top + 1};
}

/*
 * Colours and places of the rectangle; then its pixels have been shown. They
 * are moved together first, into `shown`, which needs them no more.
 */
static void paint_changes(struct palette *palette, struct record_gif *record,
                          const struct rectangle *at)
{
    uint8_t *packed = NULL;
    size_t n = at->w * at->h;
    for (size_t y = 0; y < at->h; y++) {
        size_t first = (at->y + y) * record->width + at->x;
        for (size_t x = 0; x < at->w; x++) {
            record->changed[y * at->w + x] = differs(record, first + x);
        }
    }
    packed = record->shown;
    for (size_t y = 0; y < at->h; y++) {
        size_t first = (at->y + y) * record->width + at->x;
        memcpy(packed + 3 * y * at->w, record->pending + 3 * first, 3 * at->w);
    }
    palette_make(palette, record->places, packed, record->changed, n,
                 record->work);
    memcpy(record->shown, record->pending, 3 * record->width * record->height);
    record->has_shown = true;
}

/* giflib's copy of the table: a power of two, one place more than colours. */
static ColorMapObject *make_map(const struct palette *palette)
{
    ColorMapObject *map =
        GifMakeMapObject(1 << GifBitSize((int)palette->n + 1), NULL);
    for (size_t i = 0; map && i < palette->n; i++) {
        map->Colors[i].Red = palette->colours[i][0];
        map->Colors[i].Green = palette->colours[i][1];
        map->Colors[i].Blue = palette->colours[i][2];
    }
    return map;
}

static bool put_frame(struct record_gif *record, const struct rectangle *at,
                      const struct palette *palette, int ticks)
{
    GifFileType *gif = record->gif;
    GifByteType extension[4];
    const GraphicsControlBlock block = {.DisposalMode = DISPOSE_DO_NOT,
                                        .DelayTime = ticks,
                                        .TransparentColor = (int)palette->n};
    ColorMapObject *map = make_map(palette);
    if (!map) {
        gif->Error = E_GIF_ERR_NOT_ENOUGH_MEM;
        return false;
    }
    EGifGCBToExtension(&block, extension);
    bool is_done = EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE,
                                    sizeof extension, extension) == GIF_OK &&
                   EGifPutImageDesc(gif, (int)at->x, (int)at->y, (int)at->w,
                                    (int)at->h, false, map) == GIF_OK;
    for (size_t y = 0; y < at->h && is_done; y++) {
        is_done =
            EGifPutLine(gif, record->places + y * at->w, (int)at->w) == GIF_OK;
    }
    GifFreeMapObject(map);
    return is_done;
}

/* Nothing new for a while: a pixel that is not changed. */
static bool put_wait(struct record_gif *record, int ticks)
{
    const struct rectangle pixel = {0, 0, 1, 1};
    const struct palette none = {.n = 0};
    record->places[0] = 0;
    return put_frame(record, &pixel, &none, ticks);
}

/* The frame held back was shown until now. */
static nmf_status flush(struct record_gif *record, double ticks, nmf_error *err)
{
    struct palette palette;
    const struct rectangle at = find_changes(record);
    paint_changes(&palette, record, &at);
    record->ticks += ticks;
    double first = fmin(ticks, TICKS_MAX);
    bool is_done = put_frame(record, &at, &palette, (int)first);
    for (ticks -= first; ticks > 0 && is_done; ticks -= TICKS_MAX) {
        is_done = put_wait(record, (int)fmin(ticks, TICKS_MAX));
    }
    record->has_pending = false;
    return outcome(record, is_done, err);
}

/* ---- frames from the caller ---- */

/* round(255 x), x cut to [0, 1], NaN as 0: as PNG pictures are written. */
static uint8_t to_byte(float sample)
{
    if (!(sample > 0.0F)) {
        return 0;
    }
    return sample >= 1.0F ? 255 : (uint8_t)lrintf(255.0F * sample);
}

/* The same as the frame held back, or else put in its place. */
static bool replace_pending(struct record_gif *record, const nmf_image *frame,
                            bool is_trial)
{
    size_t pixels = frame->width * frame->height;
    size_t step = frame->channels == 3;
    for (size_t i = 0; i < pixels; i++) {
        const float *sample = frame->pixels + i * frame->channels;
        for (size_t c = 0; c < 3; c++) {
            uint8_t byte = to_byte(sample[c * step]);
            if (is_trial && byte != record->pending[3 * i + c]) {
                return false;
            }
            record->pending[3 * i + c] = byte;
        }
    }
    return true;
}

/* Whole ticks from what is in the file to now. */
static double ticks_left(const struct record_gif *record)
{
    return rint(100.0 * record->seconds) - record->ticks;
}

nmf_status record_gif_add(struct record_gif *record, const nmf_image *frame,
                          double seconds, nmf_error *err)
{
    nmf_status status = NMF_OK;
    bool is_same = record->has_pending && replace_pending(record, frame, true);
    /* A frame too short to be seen gives its place, and its time, away. */
    if (record->has_pending && !is_same && ticks_left(record) >= TICKS_MIN) {
        status = flush(record, ticks_left(record), err);
    }
    if (status == NMF_OK && !is_same) {
        replace_pending(record, frame, false);
        record->has_pending = true;
    }
    record->seconds += isfinite(seconds) && seconds > 0.0 ? seconds : 0.0;
    return status;
}

nmf_status record_gif_close(struct record_gif **gif, nmf_error *err)
{
    struct record_gif *record = *gif;
    nmf_status status = NMF_OK;
    *gif = NULL;
    if (record->has_pending) {
        status = flush(record, fmax(ticks_left(record), TICKS_MIN), err);
    }
    if (status == NMF_OK) {
        int code = 0;
        bool is_done = EGifCloseFile(record->gif, &code) == GIF_OK;
        record->gif = NULL;
        status = record->error.status != NMF_OK || is_done
                     ? outcome(record, true, err)
                     : fail(err, NMF_ERR_IO, "giflib failed");
    }
    if (status == NMF_OK) {
        status = nmf_file_writer_commit(&record->file, err);
    }
    release(record);
    return status;
}

void record_gif_abort(struct record_gif **gif)
{
    if (*gif) {
        release(*gif);
        *gif = NULL;
    }
}
