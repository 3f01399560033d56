/*
 * Recordings: what giflib and the PNG decoder read again is what was recorded,
 * and one that fails leaves nothing behind.
 */
#include "support.h"

#include "record.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gif_lib.h>

enum { W = 60, H = 40, MAX_FRAMES = 32 };

/* A grey ramp over a coloured page: the square moves with the number. */
static nmf_image few_colours(size_t number)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_init(&image, W, H, 3, &err), err);
    for (size_t y = 0; y < H; y++) {
        for (size_t x = 0; x < W; x++) {
            float *pixel = image.pixels + 3 * (y * W + x);
            bool is_square = x / 4 == number && y / 4 == 2;
            pixel[0] = is_square ? 1.0F : 20.0F / 255.0F;
            pixel[1] = is_square ? 0.8F : 24.0F / 255.0F;
            pixel[2] = is_square ? 0.0F : (float)x / 255.0F;
        }
    }
    return image;
}

/* Red, green and blue along the axes and the diagonal, somewhat moved. */
static nmf_image many_colours(size_t width, size_t height, size_t number)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, 3, &err), err);
    for (size_t y = 0; y < height; y++) {
        for (size_t x = 0; x < width; x++) {
            float *pixel = image.pixels + 3 * (y * width + x);
            pixel[0] = (float)x / (float)width;
            pixel[1] = (float)y / (float)height;
            pixel[2] = fmodf((float)(x + y + number) / (float)width, 1.0F);
        }
    }
    return image;
}

static int to_byte(float sample)
{
    return (int)lrintf(255.0F * sample);
}

/* What a reader of a GIF sees, frame after frame. */
struct film {
    size_t width, height, n;
    bool is_endless;
    unsigned ticks[MAX_FRAMES];
    uint8_t *frames[MAX_FRAMES];  /* RGB */
    size_t rectangle[MAX_FRAMES]; /* pixels that were stored */
};

static void play_frame(struct film *film, GifFileType *gif, size_t i)
{
    const SavedImage *image = &gif->SavedImages[i];
    const GifImageDesc *desc = &image->ImageDesc;
    GraphicsControlBlock block = {0};
    size_t size = film->width * film->height * 3;
    assert_int_equal(DGifSavedExtensionToGCB(gif, (int)i, &block), GIF_OK);
    assert_int_equal(block.DisposalMode, DISPOSE_DO_NOT);
    film->ticks[i] = (unsigned)block.DelayTime;
    film->rectangle[i] = (size_t)desc->Width * (size_t)desc->Height;
    film->frames[i] = malloc(size);
    assert_non_null(film->frames[i]);
    if (i > 0) {
        memcpy(film->frames[i], film->frames[i - 1], size);
    } else {
        memset(film->frames[i], 0xee, size);
    }
    for (size_t p = 0; p < film->rectangle[i]; p++) {
        size_t x = (size_t)desc->Left + p % (size_t)desc->Width;
        size_t y = (size_t)desc->Top + p / (size_t)desc->Width;
        int place = image->RasterBits[p];
        assert_true(x < film->width && y < film->height);
        if (place != block.TransparentColor) {
            const GifColorType *colour = &desc->ColorMap->Colors[place];
            uint8_t *to = film->frames[i] + 3 * (y * film->width + x);
            to[0] = colour->Red;
            to[1] = colour->Green;
            to[2] = colour->Blue;
        }
    }
}

static bool has_endless_loop(const GifFileType *gif)
{
    const SavedImage *first = &gif->SavedImages[0];
    return first->ExtensionBlockCount >= 2 &&
           first->ExtensionBlocks[0].Function == APPLICATION_EXT_FUNC_CODE &&
           memcmp(first->ExtensionBlocks[0].Bytes, "NETSCAPE2.0", 11) == 0 &&
           memcmp(first->ExtensionBlocks[1].Bytes, "\1\0\0", 3) == 0;
}

static struct film play(const char *path)
{
    int code = 0;
    struct film film = {0};
    GifFileType *gif = DGifOpenFileName(path, &code);
    SUPPORT_ASSERT(gif != NULL, "'%s': %s", path, GifErrorString(code));
    SUPPORT_ASSERT(DGifSlurp(gif) == GIF_OK, "'%s': %s", path,
                   GifErrorString(gif->Error));
    film.width = (size_t)gif->SWidth;
    film.height = (size_t)gif->SHeight;
    film.n = (size_t)gif->ImageCount;
    assert_in_range(film.n, 1, MAX_FRAMES);
    film.is_endless = has_endless_loop(gif);
    for (size_t i = 0; i < film.n; i++) {
        play_frame(&film, gif, i);
    }
    DGifCloseFile(gif, &code);
    return film;
}

static void film_release(struct film *film)
{
    for (size_t i = 0; i < film->n; i++) {
        free(film->frames[i]);
    }
}

/* The largest difference of a sample, and the mean. */
static int difference(const uint8_t *seen, const nmf_image *image, double *mean)
{
    int largest = 0;
    double sum = 0.0;
    size_t n = image->width * image->height * 3;
    for (size_t i = 0; i < n; i++) {
        int d = abs((int)seen[i] - to_byte(image->pixels[i]));
        largest = d > largest ? d : largest;
        sum += d;
    }
    *mean = sum / (double)n;
    return largest;
}

/* Open, or fail the test. */
static struct record *opened(const char *path, size_t w, size_t h)
{
    struct record *record = NULL;
    nmf_error err = {0};
    SUPPORT_OK(record_open(&record, path, w, h, false, &err), err);
    return record;
}

static void add(struct record *record, nmf_image image, double seconds)
{
    nmf_error err = {0};
    SUPPORT_OK(record_add(record, &image, seconds, &err), err);
    nmf_image_release(&image);
}

static void frames_of_few_colours_come_back_exactly(void **state)
{
    const char *path = support_temp_path("few.gif");
    struct record *record = opened(path, W, H);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 10; i++) {
        add(record, few_colours(i), 0.1);
    }
    assert_int_equal(record_count(record), 10);
    SUPPORT_OK(record_close(&record, &err), err);
    assert_null(record);
    struct film film = play(path);
    assert_int_equal(film.width, W);
    assert_int_equal(film.height, H);
    assert_int_equal(film.n, 10);
    assert_true(film.is_endless);
    for (size_t i = 0; i < film.n; i++) {
        nmf_image image = few_colours(i);
        double mean = 0.0;
        assert_int_equal(difference(film.frames[i], &image, &mean), 0);
        assert_int_equal(film.ticks[i], 10);
        /* only what changes is in the file: two squares side by side */
        assert_int_equal(film.rectangle[i], i ? 8 * 4 : W * H);
        nmf_image_release(&image);
    }
    film_release(&film);
}

static void frames_of_many_colours_come_back_nearly(void **state)
{
    const char *path = support_temp_path("many.gif");
    struct record *record = opened(path, 320, 240);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        add(record, many_colours(320, 240, 20 * i), 0.1);
    }
    SUPPORT_OK(record_close(&record, &err), err);
    struct film film = play(path);
    assert_int_equal(film.n, 3);
    for (size_t i = 0; i < film.n; i++) {
        nmf_image image = many_colours(320, 240, 20 * i);
        double mean = 0.0;
        int largest = difference(film.frames[i], &image, &mean);
        /* 255 boxes of a surface in the cube: about 10 a side of each */
        SUPPORT_ASSERT(largest <= 24 && mean <= 5.0,
                       "frame %zu: up to %d, %g on average", i, largest, mean);
        nmf_image_release(&image);
    }
    film_release(&film);
}

static void grey_frames_are_exact(void **state)
{
    const char *path = support_temp_path("grey.gif");
    struct record *record = opened(path, 254, 2);
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_image_init(&image, 254, 2, 1, &err), err);
    for (size_t i = 0; i < 508; i++) {
        image.pixels[i] = (float)(i % 254) / 255.0F;
    }
    image.pixels[0] = NAN;
    image.pixels[1] = -1.0F;
    image.pixels[2] = 2.0F;
    SUPPORT_OK(record_add(record, &image, 1.0, &err), err);
    SUPPORT_OK(record_close(&record, &err), err);
    struct film film = play(path);
    for (size_t i = 0; i < 508; i++) {
        int wanted = i < 2 ? 0 : i == 2 ? 255 : (int)(i % 254);
        for (size_t c = 0; c < 3; c++) {
            assert_int_equal(film.frames[0][3 * i + c], wanted);
        }
    }
    film_release(&film);
    nmf_image_release(&image);
}

static void times_add_up_to_a_hundredth(void **state)
{
    const char *path = support_temp_path("times.gif");
    struct record *record = opened(path, W, H);
    nmf_error err = {0};
    unsigned sum = 0;
    (void)state;
    for (size_t i = 0; i < 9; i++) {
        add(record, few_colours(i), 1.0 / 30);
    }
    /* the same again only lasts longer */
    add(record, few_colours(8), 0.5);
    /* too short to be shown: its time goes to the next */
    add(record, few_colours(9), 0.001);
    add(record, few_colours(10), 1000.0);
    SUPPORT_OK(record_close(&record, &err), err);
    struct film film = play(path);
    /* nine, the last one, and as a frame lasts 655 seconds, one more of it */
    assert_int_equal(film.n, 11);
    for (size_t i = 0; i < 8; i++) {
        assert_in_range(film.ticks[i], 3, 4);
    }
    assert_int_equal(film.ticks[9], 65535);
    assert_int_equal(film.rectangle[10], 1);
    for (size_t i = 0; i < film.n; i++) {
        sum += film.ticks[i];
    }
    assert_int_equal(sum, 30 + 50 + 100000);
    nmf_image last = few_colours(10);
    double mean = 0.0;
    assert_int_equal(difference(film.frames[10], &last, &mean), 0);
    nmf_image_release(&last);
    film_release(&film);
}

static void the_same_frames_give_the_same_bytes(void **state)
{
    nmf_bytes bytes[2] = {{0}};
    nmf_error err = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *path = support_temp_path(i ? "b.gif" : "a.GIF");
        struct record *record = opened(path, 320, 240);
        add(record, many_colours(320, 240, 0), 0.04);
        add(record, many_colours(320, 240, 7), 0.04);
        SUPPORT_OK(record_close(&record, &err), err);
        SUPPORT_OK(nmf_file_read(&bytes[i], path, 1 << 24, &err), err);
    }
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
    nmf_bytes_release(&bytes[0]);
    nmf_bytes_release(&bytes[1]);
}

static size_t count_names(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(dir);
    return n;
}

/* "FOLDER/NAME" of the last call. */
static const char *inside(const char *folder, const char *name)
{
    static char path[8192];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void record_folder_of(const char *path, size_t n, bool overwrite)
{
    struct record *record = NULL;
    nmf_error err = {0};
    SUPPORT_OK(record_open(&record, path, W, H, overwrite, &err), err);
    for (size_t i = 0; i < n; i++) {
        add(record, few_colours(i % 10), 0.1);
    }
    SUPPORT_OK(record_close(&record, &err), err);
}

static void a_folder_holds_every_frame(void **state)
{
    char folder[4096];
    nmf_error err = {0};
    (void)state;
    snprintf(folder, sizeof folder, "%s", support_temp_path("frames"));
    size_t n_before = count_names(support_temp());
    record_folder_of(folder, 5, false);
    assert_int_equal(count_names(support_temp()), n_before + 1);
    assert_int_equal(count_names(folder), 5);
    nmf_image image = {0};
    nmf_image wanted = few_colours(4);
    SUPPORT_OK(
        nmf_image_load(&image, inside(folder, "frame-000005.png"), NULL, &err),
        err);
    assert_int_equal(image.width, W);
    for (size_t i = 0; i < W * H * 3; i++) {
        assert_int_equal(to_byte(image.pixels[i]), to_byte(wanted.pixels[i]));
    }
    nmf_image_release(&image);
    nmf_image_release(&wanted);
    /* not again unasked; when asked, what is not ours stays */
    struct record *record = NULL;
    assert_int_equal(record_open(&record, folder, W, H, false, &err),
                     NMF_ERR_IO);
    assert_null(record);
    assert_non_null(strstr(err.message, "exists already and is not empty"));
    support_write(inside(folder, "notes.txt"), "x", 1);
    record_folder_of(folder, 2, true);
    assert_int_equal(count_names(folder), 3);
    assert_int_equal(access(inside(folder, "frame-000003.png"), F_OK), -1);
    assert_int_equal(access(inside(folder, "notes.txt"), F_OK), 0);
    assert_int_equal(count_names(support_temp()), n_before + 1);
}

static void an_empty_folder_is_filled(void **state)
{
    char folder[4096];
    (void)state;
    snprintf(folder, sizeof folder, "%s/", support_temp_path("empty"));
    assert_int_equal(mkdir(folder, 0755), 0);
    record_folder_of(folder, 1, false);
    assert_int_equal(count_names(folder), 1);
}

static void what_is_dropped_leaves_nothing(void **state)
{
    static const char *const names[] = {"dropped.gif", "dropped"};
    (void)state;
    size_t n_before = count_names(support_temp());
    for (size_t i = 0; i < 2; i++) {
        struct record *record = opened(support_temp_path(names[i]), W, H);
        add(record, few_colours(0), 0.1);
        add(record, few_colours(1), 0.1);
        record_abort(&record);
        assert_null(record);
        record_abort(&record);
        assert_int_equal(count_names(support_temp()), n_before);
        /* nor does one without frames */
        nmf_error err = {0};
        record = opened(support_temp_path(names[i]), W, H);
        assert_int_equal(record_close(&record, &err), NMF_ERR_ARGUMENT);
        assert_null(record);
        assert_non_null(strstr(err.message, "no frame"));
        assert_int_equal(count_names(support_temp()), n_before);
    }
}

static void what_cannot_be_recorded_is_said(void **state)
{
    struct record *record = NULL;
    nmf_error err = {0};
    (void)state;
    assert_int_equal(
        record_open(&record, "/nonexistent/x.gif", W, H, false, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "/nonexistent"));
    assert_int_equal(record_open(&record, "/nonexistent/x", W, H, false, &err),
                     NMF_ERR_IO);
    assert_non_null(strstr(err.message, "/nonexistent/x"));
    assert_int_equal(record_open(&record, "", W, H, false, &err), NMF_ERR_IO);
    support_write(support_temp_path("file"), "x", 1);
    assert_int_equal(
        record_open(&record, support_temp_path("file"), W, H, true, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "expected a folder"));
    support_write(support_temp_path("old.gif"), "x", 1);
    assert_int_equal(
        record_open(&record, support_temp_path("old.gif"), W, H, false, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "exists already"));
    assert_int_equal(
        record_open(&record, support_temp_path("w.gif"), 65536, 1, false, &err),
        NMF_ERR_LIMIT);
    record = opened(support_temp_path("size.gif"), W, H);
    nmf_image other = many_colours(W, H + 1, 0);
    assert_int_equal(record_add(record, &other, 1.0, &err), NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "60 x 41 pixels in a recording of 60"));
    nmf_image_release(&other);
    record_abort(&record);
}

/* As on a full disk: files may not grow beyond some bytes. */
static void a_full_disk_is_told_and_leaves_nothing(void **state)
{
    static const char *const names[] = {"full.gif", "full"};
    struct rlimit before;
    (void)state;
    size_t n_before = count_names(support_temp());
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (size_t i = 0; i < 2; i++) {
        struct record *record = opened(support_temp_path(names[i]), 320, 240);
        struct rlimit small = {i ? 100 : 2000, before.rlim_max};
        nmf_image image = many_colours(320, 240, 0);
        nmf_error err = {0};
        nmf_status status = NMF_OK;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        for (size_t f = 0; f < 3 && status == NMF_OK; f++) {
            image.pixels[0] = (float)f;
            status = record_add(record, &image, 0.1, &err);
        }
        if (status == NMF_OK) {
            status = record_close(&record, &err);
        }
        record_abort(&record);
        setrlimit(RLIMIT_FSIZE, &before);
        SUPPORT_ASSERT(status == NMF_ERR_IO && strstr(err.message, names[i]),
                       "%s: %s: %s", names[i], nmf_status_name(status),
                       err.message);
        assert_int_equal(count_names(support_temp()), n_before);
        nmf_image_release(&image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_few_colours_come_back_exactly),
        cmocka_unit_test(frames_of_many_colours_come_back_nearly),
        cmocka_unit_test(grey_frames_are_exact),
        cmocka_unit_test(times_add_up_to_a_hundredth),
        cmocka_unit_test(the_same_frames_give_the_same_bytes),
        cmocka_unit_test(a_folder_holds_every_frame),
        cmocka_unit_test(an_empty_folder_is_filled),
        cmocka_unit_test(what_is_dropped_leaves_nothing),
        cmocka_unit_test(what_cannot_be_recorded_is_said),
        cmocka_unit_test(a_full_disk_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
