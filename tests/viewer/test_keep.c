/*
 * What is kept of the viewer: pictures, models, sessions, films. Without a
 * screen, and frozen: one iteration a frame.
 */
#include "app_support.h"

#include "app_keep.h"
#include "keep_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { K = 9, PATH_SIZE = 512 };

static struct app *learned(const char *input, size_t n_iter)
{
    struct app *app = app_support_create(K);
    app_support_must(app, "open %s", input);
    if (n_iter) {
        assert_true(app_do(app, "run %zu", n_iter));
        app_support_frames(app, n_iter + 2);
    }
    return app;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static size_t size_of(const char *path)
{
    struct stat about = {0};
    assert_int_equal(stat(path, &about), 0);
    return (size_t)about.st_size;
}

static nmf_bytes read_file(const char *path)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_file_read(&bytes, path, 1 << 28, &err), err);
    return bytes;
}

static void assert_same_files(const char *a, const char *b)
{
    nmf_bytes x = read_file(a);
    nmf_bytes y = read_file(b);
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.data, y.data, x.size);
    nmf_bytes_release(&x);
    nmf_bytes_release(&y);
}

static void assert_same_matrix(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

/* ---- pictures ---- */

/* Is a grey picture, each of its pixels zoom times as large, at (x, y)? */
static bool is_at(const nmf_image *sheet, const nmf_image *picture, size_t zoom,
                  size_t x, size_t y)
{
    for (size_t i = 0; i < picture->width * picture->height; i++) {
        size_t px = x + i % picture->width * zoom;
        size_t py = y + i / picture->width * zoom;
        if (px >= sheet->width || py >= sheet->height) {
            return false;
        }
        float is = sheet->pixels[(py * sheet->width + px) * 3];
        float expected = fminf(fmaxf(picture->pixels[i], 0.0F), 1.0F);
        if (fabsf(is - expected) > 0.6F / 255.0F) {
            return false;
        }
    }
    return true;
}

static bool is_within(const nmf_image *sheet, const nmf_image *picture,
                      size_t zoom)
{
    for (size_t y = 0; y < sheet->height; y++) {
        for (size_t x = 0; x < sheet->width; x++) {
            if (is_at(sheet, picture, zoom, x, y)) {
                return true;
            }
        }
    }
    return false;
}

static void a_picture_is_saved_beside_what_it_was_rebuilt_to(void **state)
{
    (void)state;
    struct app *app = learned("@faces", 20);
    const char *path = support_temp_path("picture.png");
    nmf_image sheet = {0};
    nmf_error err = {0};
    app_support_must(app, "select 7");
    app_support_must(app, "save picture %s", path);
    SUPPORT_OK(nmf_image_load(&sheet, path, NULL, &err), err);
    assert_int_equal(sheet.channels, 3);
    assert_true(sheet.width > 3 * 256);
    assert_true(is_within(&sheet, &app->picture.original, 8));
    assert_true(is_within(&sheet, &app->picture.reconstruction, 8));
    nmf_image_release(&sheet);
    app_support_finish(app);
}

static void parts_are_saved_as_they_are_shown(void **state)
{
    (void)state;
    struct app *app = learned("@faces", 10);
    nmf_image rows = {0};
    nmf_image by_energy = {0};
    nmf_image by_index = {0};
    nmf_image green = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("parts.png");
    app->grid_columns = 3;
    app_support_must(app, "save parts %s", path);
    SUPPORT_OK(nmf_image_load(&rows, path, NULL, &err), err);
    assert_true(rows.height > 3 * 96 && rows.width > 3 * 96);
    SUPPORT_OK(keep_sheet_parts(&by_energy, app, &err), err);
    assert_int_equal(by_energy.width, rows.width);
    app_support_must(app, "order index");
    SUPPORT_OK(keep_sheet_parts(&by_index, app, &err), err);
    app_support_must(app, "colours viridis");
    SUPPORT_OK(keep_sheet_parts(&green, app, &err), err);
    size_t size = rows.width * rows.height * 3 * sizeof(float);
    assert_memory_not_equal(by_energy.pixels, by_index.pixels, size);
    assert_int_equal(by_index.width, green.width);
    assert_memory_not_equal(by_index.pixels, green.pixels, size);
    nmf_image_release(&rows);
    nmf_image_release(&by_energy);
    nmf_image_release(&by_index);
    nmf_image_release(&green);
    app_support_finish(app);
}

/* Ten numbers a row, which no picture is made of. */
static void rows_of_a_table_are_saved_too(void **state)
{
    (void)state;
    const char *table = support_temp_path("table.csv");
    char text[8192] = "";
    uint64_t seed = 3;
    for (size_t i = 0; i < 30; i++) {
        for (size_t j = 0; j < 10; j++) {
            snprintf(text + strlen(text), sizeof text - strlen(text), "%.3f%s",
                     9.0 * (double)support_uniform(&seed), j < 9 ? "," : "\n");
        }
    }
    support_write(table, text, strlen(text));
    struct app *app = learned(table, 3);
    app_support_must(app, "save parts %s", support_temp_path("rows.png"));
    app_support_must(app, "save picture %s", support_temp_path("row.png"));
    assert_true(size_of(support_temp_path("rows.png")) > 0);
    app_support_finish(app);
}

/* ---- names ---- */

static void names_are_made_up_and_never_taken(void **state)
{
    (void)state;
    char folder[PATH_SIZE];
    assert_non_null(getcwd(folder, sizeof folder));
    assert_int_equal(chdir(support_temp()), 0);
    struct app *app = learned("@faces", 2);
    app_support_must(app, "save parts");
    assert_true(exists("faces-parts.png"));
    app_support_must(app, "save parts");
    assert_true(exists("faces-parts-2.png"));
    app_support_must(app, "save model");
    assert_true(exists("faces.nmfi"));
    app_support_must(app, "save session");
    assert_true(exists("faces-session.nmfi"));
    app_support_must(app, "select 3");
    app_support_must(app, "save picture");
    assert_true(exists("faces-picture-3.png"));
    char name[PATH_SIZE];
    keep_propose(app, KEEP_FILM, name, sizeof name);
    assert_string_equal(name, "faces-film.gif");
    snprintf(app->title, sizeof app->title, "../my set/..");
    keep_propose(app, KEEP_MODEL, name, sizeof name);
    assert_string_equal(name, "my-set.nmfi");
    assert_int_equal(chdir(folder), 0);
    app_support_finish(app);
}

static void what_is_there_is_not_replaced_unless_forced(void **state)
{
    (void)state;
    static const char *const lines[] = {"save picture ", "save parts ",
                                        "save model ", "save session ",
                                        "screenshot "};
    struct app *app = learned("@faces", 2);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *path =
            support_temp_path(i == 2 || i == 3 ? "there.nmfi" : "there.png");
        support_write(path, "mine", 4);
        app->view.common.force = false;
        app_support_refuses(app, "exists", "%s%s", lines[i], path);
        assert_int_equal(size_of(path), 4);
        app->view.common.force = true;
        app_support_must(app, "%s%s", lines[i], path);
        assert_true(i == 4 || size_of(path) > 4);
    }
    app_support_finish(app);
}

static void names_have_the_ending_of_what_they_are(void **state)
{
    (void)state;
    struct app *app = learned("@faces", 2);
    app_support_refuses(app, "ends in .png", "save parts %s", "parts.jpg");
    app_support_refuses(app, "ends in .nmfi", "save session %s", "s.png");
    app_support_refuses(app, "ends in .png", "screenshot %s", "s.gif");
    app_support_refuses(app, "not 'film.mp4'", "record %s", "film.mp4");
    app_support_refuses(app, "expected picture", "save everything");
    app_support_refuses(app, "/no/such/folder", "save parts %s",
                        "/no/such/folder/p.png");
    app_support_must(app, "save parts %s", support_temp_path("bare"));
    assert_true(exists(support_temp_path("bare.png")));
    app_support_must(app, "save");
    assert_int_equal(app->dialog, APP_DIALOG_SAVE);
    app_support_finish(app);
}

static void nothing_is_saved_of_nothing(void **state)
{
    (void)state;
    struct app *app = app_support_create(K);
    const char *path = support_temp_path("none.nmfi");
    app_support_refuses(app, "no parts yet", "save model %s", path);
    app_support_refuses(app, "no parts yet", "save session %s", path);
    assert_false(exists(path));
    path = support_temp_path("none.png");
    app_support_refuses(app, "no parts yet", "save parts %s", path);
    app_support_refuses(app, "no picture", "save picture %s", path);
    assert_false(exists(path));
    app_support_finish(app);
}

/* ---- models ---- */

static void a_saved_model_is_what_is_shown(void **state)
{
    (void)state;
    struct app *app = learned("@faces", 12);
    const char *path = support_temp_path("whole.nmfi");
    nmf_model_file file = {0};
    nmf_error err = {0};
    app_support_must(app, "save model %s", path);
    SUPPORT_OK(nmf_model_load(&file, path, 0, &err), err);
    const nmf_summary *summary = nmf_model_summary(file.model);
    assert_same_matrix(nmf_model_components(file.model), app->snapshot.H);
    assert_same_matrix(nmf_model_activations(file.model), app->snapshot.W);
    assert_int_equal(file.n_pictures, 1000);
    assert_int_equal(file.geometry.width, 32);
    assert_int_equal(file.view_size, 0);
    assert_string_equal(summary->solver, "hals");
    assert_int_equal(summary->n_iter, 12);
    assert_int_equal(summary->n_samples, 1000);
    assert_int_equal(summary->stop_reason, NMF_STOP_CANCELLED);
    assert_true(summary->relative_error == app->snapshot.relative_error);
    nmf_model_file_release(&file);

    /* Opened by itself, without pictures, and saved again. */
    struct app *alone = app_support_create(K);
    const char *again = support_temp_path("again.nmfi");
    app_support_must(alone, "open %s", path);
    assert_int_equal(alone->parts.k, K);
    app_support_must(alone, "save model %s", again);
    assert_same_files(support_temp_path("whole.nmfi"), again);
    app_support_finish(alone);
    app_support_finish(app);
}

/* ---- sessions ---- */

static void look_around(struct app *app)
{
    static const char *const lines[] = {
        "select 17",    "part 3",       "order position", "colours cividis",
        "scale common", "grid 2",       "tab mix",        "axis seconds",
        "heat off",     "wipe 0.25",    "look 3 10 12.5", "hide 2",
        "hide 5",       "mix 4 0.0625", "mix 1 0.5",      "build 4",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        app_support_must(app, "%s", lines[i]);
    }
}

static void assert_same_look(const struct app *a, const struct app *b)
{
    assert_int_equal(a->look.picture, b->look.picture);
    assert_int_equal(a->look.part, b->look.part);
    assert_int_equal(a->look.order, b->look.order);
    assert_int_equal(a->look.colours, b->look.colours);
    assert_int_equal(a->look.is_common, b->look.is_common);
    assert_int_equal(a->look.tab, b->look.tab);
    assert_int_equal(a->look.axis, b->look.axis);
    assert_int_equal(a->look.has_heat, b->look.has_heat);
    assert_int_equal(a->look.is_wiping, b->look.is_wiping);
    assert_true(a->look.wipe == b->look.wipe);
    assert_true(a->look.grid_zoom == b->look.grid_zoom);
    assert_int_equal(a->look.is_fitted, b->look.is_fitted);
    assert_true(a->look.view.x == b->look.view.x);
    assert_true(a->look.view.y == b->look.view.y);
    assert_true(a->look.view.zoom == b->look.view.zoom);
    assert_true(a->play.shown == b->play.shown);
    assert_int_equal(a->solo, b->solo);
    assert_int_equal(a->n_hidden, b->n_hidden);
    assert_memory_equal(a->hidden, b->hidden, a->parts.k);
    assert_int_equal(a->is_mixed, b->is_mixed);
    assert_int_equal(a->is_morphed, b->is_morphed);
}

static void assert_same_runs(const struct app *a, const struct app *b)
{
    assert_int_equal(history_count(a->history), history_count(b->history));
    for (size_t i = 0; i < history_count(a->history); i++) {
        struct history_run x = history_run(a->history, i);
        struct history_run y = history_run(b->history, i);
        size_t size = x.trace->n * sizeof(double);
        assert_string_equal(x.label, y.label);
        assert_int_equal(x.trace->n, y.trace->n);
        assert_memory_equal(x.trace->iter, y.trace->iter, size);
        assert_memory_equal(x.trace->seconds, y.trace->seconds, size);
        assert_memory_equal(x.trace->error, y.trace->error, size);
    }
}

static void a_session_goes_on_where_it_was_left(void **state)
{
    (void)state;
    struct app *before = learned("@faces", 6);
    struct app *after = app_support_create(K);
    const char *path = support_temp_path("session.nmfi");
    app_support_must(before, "set seed 5"); /* a second run, another option */
    assert_true(app_do(before, "run 30"));
    app_support_frames(before, 32);
    look_around(before);
    app_support_must(before, "save session %s", path);

    app_support_must(after, "open %s", path);
    assert_false(after->is_warning);
    assert_int_equal(app_n_pictures(after), 1000);
    assert_true(after->view.fit.seed == 5);
    assert_false(app_is_moving(after));
    assert_string_equal(app_state_name(after), "paused");
    assert_same_matrix(after->snapshot.H, before->snapshot.H);
    assert_same_matrix(after->snapshot.W, before->snapshot.W);
    assert_int_equal(after->snapshot.n_iter, 30);
    assert_same_look(before, after);
    assert_memory_equal(before->mix.value, after->mix.value, K * sizeof(float));
    assert_same_runs(before, after);
    SUPPORT_NEAR(after->picture.relative_error, before->picture.relative_error,
                 1e-9);

    /* It learns on: the count and the curve go on, the error falls. */
    double error = after->snapshot.relative_error;
    assert_true(app_do(after, "run 5"));
    app_support_frames(after, 7);
    assert_int_equal(after->snapshot.n_iter, 35);
    assert_true(after->snapshot.relative_error < error);
    assert_true(history_last_iter(after->history) == 35.0);
    app_support_finish(before);
    app_support_finish(after);
}

static void a_session_of_a_session_is_the_same(void **state)
{
    (void)state;
    struct app *before = learned("@faces", 8);
    struct app *after = app_support_create(K);
    const char *first = support_temp_path("first.nmfi");
    const char *second = support_temp_path("second.nmfi");
    nmf_model_file a = {0};
    nmf_model_file b = {0};
    nmf_error err = {0};
    look_around(before);
    app_support_must(before, "save session %s", first);
    app_support_must(after, "open %s", first);
    app_support_must(after, "save session %s", second);
    SUPPORT_OK(nmf_model_load(&a, first, 0, &err), err);
    SUPPORT_OK(nmf_model_load(&b, second, 0, &err), err);
    assert_string_equal(a.view, b.view);
    assert_same_matrix(nmf_model_components(a.model),
                       nmf_model_components(b.model));
    assert_same_matrix(nmf_model_activations(a.model),
                       nmf_model_activations(b.model));
    assert_int_equal(nmf_model_summary(b.model)->n_iter, 8);
    nmf_model_file_release(&a);
    nmf_model_file_release(&b);
    app_support_finish(before);
    app_support_finish(after);
}

static void patches_and_morphs_come_back(void **state)
{
    (void)state;
    struct app *before = app_support_create(K);
    struct app *after = app_support_create(K);
    const char *path = support_temp_path("patches.nmfi");
    app_support_must(before, "set patch 8x8");
    app_support_must(before, "open @swimmer");
    app_support_must(before, "run 5");
    app_support_frames(before, 7);
    app_support_must(before, "select 2");
    app_support_must(before, "mix 3 1.5");
    app_support_must(before, "save session %s", path);
    app_support_must(after, "open %s", path);
    assert_true(after->mix.is_factor);
    assert_true(after->is_mixed && !after->is_morphed);
    assert_int_equal(after->view.load.patch.width, 8);
    assert_true(after->mix.value[3] == 1.5F);
    SUPPORT_NEAR(after->picture.relative_error, before->picture.relative_error,
                 1e-9);

    path = support_temp_path("morph.nmfi");
    app_support_must(before, "morph 9 0.5");
    app_support_must(before, "save session %s", path);
    app_support_must(after, "open %s", path);
    assert_true(after->is_morphed);
    assert_int_equal(after->look.morph_to, 9);
    SUPPORT_NEAR(after->picture.relative_error, before->picture.relative_error,
                 1e-9);
    app_support_finish(before);
    app_support_finish(after);
}

/* A folder with some pictures of noise, 8 x 8. */
static void make_pictures(const char *folder, size_t n)
{
    nmf_image image = {0};
    nmf_error err = {0};
    uint64_t seed = 1;
    assert_int_equal(mkdir(folder, 0777), 0);
    SUPPORT_OK(nmf_image_init(&image, 8, 8, 1, &err), err);
    for (size_t i = 0; i < n; i++) {
        char path[2 * PATH_SIZE];
        snprintf(path, sizeof path, "%s/%02zu.png", folder, i);
        for (size_t j = 0; j < 64; j++) {
            image.pixels[j] = support_uniform(&seed);
        }
        SUPPORT_OK(nmf_image_save(path, &image, false, &err), err);
    }
    nmf_image_release(&image);
}

static void pictures_that_went_or_came_are_no_end(void **state)
{
    (void)state;
    char folder[PATH_SIZE];
    char moved[PATH_SIZE];
    char path[PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", support_temp_path("set"));
    snprintf(moved, sizeof moved, "%s", support_temp_path("moved"));
    snprintf(path, sizeof path, "%s", support_temp_path("set.nmfi"));
    make_pictures(folder, 30);
    struct app *before = learned(folder, 5);
    app_support_must(before, "part 2");
    app_support_must(before, "save session %s", path);

    /* One more: new activations, the same parts. */
    nmf_error err = {0};
    nmf_image extra = {0};
    char name[2 * PATH_SIZE];
    snprintf(name, sizeof name, "%s/99.png", folder);
    SUPPORT_OK(nmf_image_init(&extra, 8, 8, 1, &err), err);
    extra.pixels[5] = 1.0F;
    SUPPORT_OK(nmf_image_save(name, &extra, false, &err), err);
    struct app *after = app_support_create(K);
    app_support_must(after, "open %s", path);
    assert_int_equal(app_n_pictures(after), 31);
    assert_same_matrix(after->snapshot.H, before->snapshot.H);
    assert_int_equal(after->look.part, 2);
    app_support_finish(after);

    /* None: the parts alone, and a sentence. */
    assert_int_equal(rename(folder, moved), 0);
    after = app_support_create(K);
    app_support_must(after, "open %s", path);
    assert_true(after->is_warning);
    assert_non_null(strstr(after->message, "without its pictures"));
    assert_int_equal(after->parts.k, K);
    assert_int_equal(app_n_pictures(after), 0);
    assert_int_equal(after->look.part, 2);
    /* They turn up: the parts on them. */
    app_support_must(after, "open %s", moved);
    assert_int_equal(app_n_pictures(after), 31);
    assert_same_matrix(after->snapshot.H, before->snapshot.H);
    nmf_image_release(&extra);
    app_support_finish(after);

    /* Where something is shown, that stays. */
    assert_true(app_do(before, "open %s", path));
    app_settle(before);
    app_support_frames(before, 1);
    assert_true(before->is_warning);
    assert_int_equal(app_n_pictures(before), 30);
    app_support_finish(before);
}

static void a_damaged_session_changes_nothing(void **state)
{
    (void)state;
    struct app *app = learned("@faces", 3);
    const char *path = support_temp_path("damaged.nmfi");
    char view[] = "{\"version\": 1, \"view\": {\"tab\": 77}}";
    nmf_model_file file = {.view = view, .view_size = sizeof view - 1};
    nmf_error err = {0};
    SUPPORT_OK(nmf_model_create(&file.model, app->snapshot.H, NULL, NULL, &err),
               err);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    nmf_model_free(file.model);
    app_support_must(app, "tab uses");
    app_support_must(app, "open %s", path);
    assert_true(app->is_warning);
    assert_non_null(strstr(app->message, "tab is not"));
    assert_int_equal(app->look.tab, APP_TAB_USES);
    assert_int_equal(app->snapshot.n_iter, 3);
    assert_null(app->restoring);
    app_support_finish(app);
}

/* ---- films ---- */

/* As many frames of a fit as asked for, the sheet of parts standing for the
 * window. */
static void record_fit(const char *path, size_t n)
{
    struct app *app = learned("@faces", 0);
    nmf_error err = {0};
    app_support_must(app, "record %s", path);
    assert_true(app_is_recording(app));
    assert_true(app_do(app, "run %zu", n));
    for (size_t i = 0; i < n; i++) {
        nmf_image frame = {0};
        app_tick(app, 0.0);
        /* "1 iteration" and "2 iterations" may be of different heights. */
        app->snapshot.n_iter += 100;
        SUPPORT_OK(keep_sheet_parts(&frame, app, &err), err);
        app->snapshot.n_iter -= 100;
        app_record_frame(app, &frame, 1.0 / 30);
        SUPPORT_ASSERT(!app->is_warning, "%s", app->message);
        nmf_image_release(&frame);
    }
    assert_int_equal(app->n_recorded, n);
    assert_false(exists(path));
    app_support_must(app, "record stop");
    assert_false(app_is_recording(app));
    assert_non_null(strstr(app->message, "8 frames"));
    app_support_finish(app);
}

static void the_same_fit_makes_the_same_film(void **state)
{
    (void)state;
    const char *one = support_temp_path("one.gif");
    const char *two = support_temp_path("two.gif");
    record_fit(one, 8);
    record_fit(two, 8);
    assert_same_files(one, two);
    record_fit(support_temp_path("film"), 8);
    assert_true(exists(support_temp_path("film/frame-000008.png")));
    assert_false(exists(support_temp_path("film/frame-000009.png")));
}

static void another_size_ends_a_film(void **state)
{
    (void)state;
    struct app *app = app_support_create(K);
    const char *path = support_temp_path("resized.gif");
    nmf_image small = {0};
    nmf_image large = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_init(&small, 20, 10, 3, &err), err);
    SUPPORT_OK(nmf_image_init(&large, 40, 20, 3, &err), err);
    app_support_refuses(app, "nothing is being recorded", "record stop");
    app_support_must(app, "record %s", path);
    app_support_refuses(app, "stop that first", "record %s", path);
    app_record_frame(app, &small, 0.1);
    app_record_frame(app, &small, 0.1);
    app_record_frame(app, &large, 0.1);
    assert_false(app_is_recording(app));
    assert_non_null(strstr(app->message, "another size"));
    assert_non_null(strstr(app->message, "2 frames"));
    assert_true(exists(path));
    /* Over it: refused before anything is drawn. */
    app_support_refuses(app, "exists", "record %s", path);
    assert_false(app_is_recording(app));
    /* Without a frame there is nothing to keep. */
    path = support_temp_path("empty.gif");
    app_support_must(app, "record %s", path);
    app_support_refuses(app, "nothing is recorded", "record stop");
    assert_false(exists(path));
    nmf_image_release(&small);
    nmf_image_release(&large);
    app_support_finish(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_saved_beside_what_it_was_rebuilt_to),
        cmocka_unit_test(parts_are_saved_as_they_are_shown),
        cmocka_unit_test(rows_of_a_table_are_saved_too),
        cmocka_unit_test(names_are_made_up_and_never_taken),
        cmocka_unit_test(what_is_there_is_not_replaced_unless_forced),
        cmocka_unit_test(names_have_the_ending_of_what_they_are),
        cmocka_unit_test(nothing_is_saved_of_nothing),
        cmocka_unit_test(a_saved_model_is_what_is_shown),
        cmocka_unit_test(a_session_goes_on_where_it_was_left),
        cmocka_unit_test(a_session_of_a_session_is_the_same),
        cmocka_unit_test(patches_and_morphs_come_back),
        cmocka_unit_test(pictures_that_went_or_came_are_no_end),
        cmocka_unit_test(a_damaged_session_changes_nothing),
        cmocka_unit_test(the_same_fit_makes_the_same_film),
        cmocka_unit_test(another_size_ends_a_film),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
