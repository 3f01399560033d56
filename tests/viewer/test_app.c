/*
 * The viewer without its screen: commands and what they come to. Frozen, one
 * iteration a frame, so that every run of it is the same.
 */
#include "app_support.h"

#include "command_quote.h"
#include "commands.h"

#include <nmfimg/codec.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct app *create(const char *input, size_t k)
{
    struct app *app = app_support_create(k);
    if (input) {
        app_support_must(app, "open %s", input);
    }
    return app;
}

static double learn(struct app *app, size_t n)
{
    assert_true(app_do(app, "run %zu", n));
    app_support_frames(app, n + 2);
    return app->snapshot.relative_error;
}

/* ---- tests ---- */

static void it_opens_and_learns(void **state)
{
    (void)state;
    struct app *app = create("@swimmer", 17);
    assert_int_equal(app->parts.k, 17);
    assert_int_equal(app->snapshot.n_iter, 0);
    assert_int_equal(app_n_pictures(app), 256);
    double start = app->snapshot.relative_error;
    double error = learn(app, 10);
    assert_int_equal(app->snapshot.n_iter, 10);
    assert_true(error < start);
    assert_false(app->runs);
    /* The start is a point of the plot, too. */
    assert_int_equal(history_run(app->history, 0).trace->n, 11);
    app_support_finish(app);
}

static void a_restart_is_the_same_and_a_new_seed_is_not(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    double first = learn(app, 5);
    app_support_must(app, "restart");
    assert_int_equal(app->snapshot.n_iter, 0);
    assert_true(learn(app, 5) == first);
    app_support_must(app, "new-seed");
    assert_true(app->view.fit.seed == 1);
    assert_false(learn(app, 5) == first);
    app_support_must(app, "undo");
    assert_true(app->view.fit.seed == 0);
    assert_true(app->snapshot.relative_error <= first * 1.0001);
    assert_int_equal(history_count(app->history), 4);
    app_support_finish(app);
}

static void parts_come_and_go_and_the_others_stay(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    double nine = learn(app, 40);
    app_support_must(app, "part 3");
    app_support_must(app, "parts +2");
    assert_int_equal(app->parts.k, 11);
    assert_int_equal(app->look.part, 3);
    /* Warm: it begins near where the nine were, and gets better. */
    assert_true(app->snapshot.relative_error < nine * 1.2);
    assert_true(learn(app, 40) < nine);
    app_support_must(app, "parts 8");
    assert_int_equal(app->parts.k, 8);
    assert_true(app->snapshot.relative_error < 3.0 * nine);
    app_support_must(app, "undo");
    assert_int_equal(app->parts.k, 11);
    assert_true(app->snapshot.relative_error < nine);
    app_support_refuses(app, "number of parts", "parts 0");
    app_support_refuses(app, "too many", "parts 2000");
    assert_int_equal(app->parts.k, 11);
    app_support_finish(app);
}

static void an_option_takes_effect_or_is_refused(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    double before = learn(app, 20);
    app_support_must(app, "set solver mu");
    assert_string_equal(nmf_solver_name(app->view.fit.solver), "mu");
    assert_true(app->snapshot.relative_error < before * 1.01);
    learn(app, 3);
    app_support_must(app, "set beta-loss kullback-leibler");
    learn(app, 3);
    app_support_refuses(app, "not a number", "set tol x");
    app_support_refuses(app, "colour", "set colour red");
    /* hals cannot do this loss: the fit fails, and all is as it was. */
    app_support_must(app, "set solver hals");
    app_support_frames(app, 3);
    assert_true(app->is_warning);
    assert_string_equal(nmf_solver_name(app->view.fit.solver), "mu");
    assert_true(learn(app, 3) < 1.0);
    app_support_finish(app);
}

static const char *label(const struct app *app)
{
    return history_run(app->history, history_count(app->history) - 1).label;
}

static void runs_are_told_apart_by_what_was_chosen(void **state)
{
    (void)state;
    struct app *app = create("@swimmer", 17);
    assert_string_equal(label(app), "@swimmer: 17 parts, hals, seed 0");
    app_support_must(app, "set alpha-W 0.5");
    app_support_must(app, "set l1-ratio 1");
    assert_string_equal(label(app), "@swimmer: 17 parts, hals, seed 0, "
                                    "alpha-W 0.5, l1-ratio 1");
    app_support_must(app, "set alpha-W default");
    app_support_must(app, "set l1-ratio default");
    app_support_must(app, "new-seed");
    app_support_must(app, "parts 1");
    assert_string_equal(label(app), "@swimmer: 1 part, hals, seed 1");
    app_support_finish(app);
}

/* Every row, whatever it is of, also after values that it does not have. */
static void every_option_has_a_default_to_go_back_to(void **state)
{
    static const char *const changes[] = {
        "tol 0.5",  "seed 7",    "solver mu",      "init nndsvd",
        "rgb true", "patch 8x8", "n-components 3", "max-iter 12",
        "stride 3", "size 16x16"};
    (void)state;
    struct app *app = create("@swimmer", 0);
    size_t standard = app->parts.k;
    assert_null(app_undo_name(app));
    app_support_must(app, "set tol 0.25");
    assert_string_equal(app_undo_name(app), "--tol");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char line[64];
        snprintf(line, sizeof line, "set %s", changes[i]);
        app_support_must(app, "%s", line);
    }
    const struct opt *rows = app_options(app);
    size_t n_rows = 0;
    while (rows[n_rows].type != OPT_END) {
        n_rows++;
    }
    /* From the end: a stride needs a patch. */
    while (n_rows-- > 0) {
        const struct opt *row = &rows[n_rows];
        char value[256], expected[256], line[64];
        if (row->type == OPT_GROUP) {
            continue;
        }
        snprintf(line, sizeof line, "set %s default", row->name);
        app_support_must(app, "%s", line);
        bool has_value = opt_get(row, value, sizeof value);
        bool has_default = opt_get(opt_find(app_default_options(), row->name),
                                   expected, sizeof expected);
        if (strcmp(row->name, "n-components") == 0) {
            continue; /* the number that suits the pictures */
        }
        SUPPORT_ASSERT(has_value == has_default, "%s: %s", row->name, value);
        assert_string_equal(value, expected);
    }
    app_support_must(app, "set n-components default");
    assert_int_equal(app->parts.k, standard);
    app_support_finish(app);
}

static void pictures_loaded_otherwise_are_one_change(void **state)
{
    (void)state;
    struct app *app = create("@swimmer", 5);
    learn(app, 3);
    size_t n_features = app->snapshot.H->cols;
    app_support_must(app, "set patch 8x8");
    assert_int_equal(app->snapshot.H->cols, 64);
    app_support_must(app, "undo");
    assert_int_equal(app->snapshot.H->cols, n_features);
    assert_int_equal(app->view.load.patch.width, 0);
    assert_null(app_undo_name(app));

    /* What cannot be loaded so stays as it was loaded. */
    app_support_must(app, "set patch 500x500");
    assert_true(app->is_warning);
    assert_int_equal(app->snapshot.H->cols, n_features);
    assert_int_equal(app->view.load.patch.width, 0);
    assert_null(app_undo_name(app));
    app_support_finish(app);
}

static void other_methods_come_as_a_whole(void **state)
{
    static const char *const methods[] = {"pca", "svd", "vq", "plsa"};
    double errors[4];
    (void)state;
    struct app *app = create("@faces", 9);
    double nmf = learn(app, 60);
    for (size_t i = 0; i < 4; i++) {
        app_support_must(app, "set method %s", methods[i]);
        assert_string_equal(nmf_method_name(app_method(app)), methods[i]);
        assert_int_equal(app->parts.k, i == 0 ? 10 : 9);
        errors[i] = app->snapshot.relative_error;
        /* The picture is put together from all that there is. */
        assert_true(app->picture.relative_error < 2.0 * errors[i]);
        app_support_refuses(app, "comes as a whole", "run");
        app_support_refuses(app, "comes as a whole", "step");
        app_support_must(app, "set solver mu"); /* for later */
        assert_string_equal(nmf_method_name(app_method(app)), methods[i]);
    }
    assert_true(errors[0] < nmf && errors[1] < nmf && errors[2] > nmf);
    app_support_must(app, "new-seed");
    assert_int_equal(app_method(app), NMF_METHOD_PLSA);
    app_support_must(app, "parts 5");
    assert_int_equal(app->parts.k, 5);
    app_support_must(app, "set method nmf");
    assert_int_equal(app_method(app), NMF_METHOD_NMF);
    assert_true(learn(app, 3) < 1.0);
    app_support_finish(app);
}

/* The mean is a part of weight 1; all others are added and taken away. */
static void the_mean_is_the_first_part_of_pca(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    app_support_must(app, "set method pca");
    assert_string_equal(app_part_name(app, 0).text, "mean");
    assert_string_equal(app_part_name(app, 1).text, "1");
    assert_false(app->parts.part[0].is_signed);
    assert_true(app->parts.part[1].is_signed);
    double whole = app->picture.relative_error;
    app_support_must(app, "hide 0");
    assert_true(app->picture.relative_error > whole);
    app_support_must(app, "undo");
    app_support_must(app, "mix 2 -0.5");
    assert_true(app->is_mixed);
    app_support_must(app, "build 1");
    assert_int_equal(app_buildup(app)->order[0], 0);
    app_support_finish(app);
}

static void a_model_by_another_method_is_kept_and_opened(void **state)
{
    (void)state;
    const char *path = support_temp_path("pca.nmfi");
    struct app *app = create("@faces", 6);
    app_support_must(app, "set method pca");
    double error = app->snapshot.relative_error;
    app_support_refuses(app, "sessions are kept of nmf", "save session %s",
                        support_temp_path("s.nmfi"));
    app_support_must(app, "save model %s", path);
    app_support_finish(app);

    struct app *alone = app_support_create(0);
    app_support_must(alone, "open %s", path);
    assert_int_equal(app_method(alone), NMF_METHOD_PCA);
    assert_int_equal(alone->parts.k, 7);
    app_support_must(alone, "save model %s", support_temp_path("again.nmfi"));
    app_support_must(alone, "open @faces");
    assert_int_equal(app_method(alone), NMF_METHOD_PCA);
    assert_true(fabs(alone->snapshot.relative_error - error) < 1e-4);
    /* Back and forth. */
    app_support_must(alone, "set method vq");
    assert_int_equal(app_method(alone), NMF_METHOD_VQ);
    app_support_must(alone, "undo");
    assert_int_equal(app_method(alone), NMF_METHOD_PCA);
    assert_true(fabs(alone->snapshot.relative_error - error) < 1e-4);
    app_support_finish(alone);
}

static void a_compressed_set_is_opened_and_weighed(void **state)
{
    (void)state;
    const char *path = support_temp_path("swimmer.nmfi");
    const char *input = "@swimmer";
    nmf_dataset *data = NULL;
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_dataset_load(&data, &input, 1, NULL, &err), err);
    options.n_components = 12;
    SUPPORT_OK(nmf_set_encode(&bytes, NULL, nmf_dataset_matrix(data),
                              nmf_dataset_geometry(data), &options, &err),
               err);
    support_write(path, bytes.data, bytes.size);

    struct app *app = create(path, 0);
    assert_int_equal(app_n_pictures(app), 256);
    assert_int_equal(app->parts.k, 12);
    assert_string_equal(app_set(app) ? app_picture_name(app, 3) : "",
                        "swimmer.nmfi[3]");
    /* What is in the file, which is near to its pictures. */
    assert_int_equal(app->snapshot.n_iter, 0);
    assert_true(app->snapshot.relative_error < 0.2);
    assert_null(app_weight(app)); /* not of a start */
    learn(app, 40);
    const struct weight *weight = app_weight(app);
    assert_non_null(weight);
    SUPPORT_ASSERT(weight->bytes > bytes.size / 2 &&
                       weight->bytes < 2 * bytes.size,
                   "%zu bytes, the file %zu", weight->bytes, bytes.size);
    app_support_must(app, "open @faces");
    assert_null(app_weight(app));
    app_support_finish(app);
    nmf_bytes_release(&bytes);
    nmf_dataset_free(data);
}

static void a_mask_leaves_pixels_out(void **state)
{
    (void)state;
    char path[512];
    char image[15 + 32 * 32];
    size_t head = (size_t)snprintf(image, sizeof image, "P5 32 32 255\n");
    for (size_t p = 0; p < 32 * 32; p++) { /* a black square */
        size_t x = p % 32, y = p / 32;
        image[head + p] = (char)(x < 10 && y < 10 ? 0 : 255);
    }
    snprintf(path, sizeof path, "%s", support_temp_path("mask.pgm"));
    support_write(path, image, head + 32 * 32);
    struct app *app = create("@swimmer", 12);
    double whole = learn(app, 30);
    app_support_must(app, "set mask %s", path);
    app_support_must(app, "restart");
    double masked = learn(app, 30);
    assert_false(masked == whole);
    assert_true(masked < 0.9);
    app_support_refuses(app, "no such file", "set mask /nowhere/at/all.png");
    assert_string_equal(app->view.mask, path);
    app_support_must(app, "undo"); /* the restart */
    app_support_must(app, "undo");
    assert_null(app->view.mask);
    app_support_finish(app);
}

static void hidden_parts_are_missed(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    learn(app, 60);
    app_support_must(app, "select 7");
    double full = app->picture.relative_error;
    app_support_must(app, "part 2");
    assert_true(app->part_error >= full);
    app_support_must(app, "hide");
    SUPPORT_NEAR(app->picture.relative_error, app->part_error, 1e-6);
    SUPPORT_NEAR(app->picture.full_error, full, 1e-9);
    app_support_must(app, "undo");
    SUPPORT_NEAR(app->picture.relative_error, full, 1e-9);
    app_support_must(app, "solo 2");
    assert_true(app->picture.relative_error > full);
    app_support_must(app, "show-all");
    SUPPORT_NEAR(app->picture.relative_error, full, 1e-9);
    app_support_finish(app);
}

static void the_arrows_follow_the_grid(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    app->grid_columns = 3;
    app_support_must(app, "order index");
    app_support_must(app, "part right");
    assert_int_equal(app->look.part, 0);
    app_support_must(app, "part down");
    assert_int_equal(app->look.part, 3);
    app_support_must(app, "part right");
    app_support_must(app, "part up");
    assert_int_equal(app->look.part, 1);
    app_support_must(app, "part up");
    assert_int_equal(app->look.part, 1);
    app_support_must(app, "part none");
    app_support_must(app, "part left");
    assert_int_equal(app->look.part, 8);
    app_support_finish(app);
}

/* Sorted by what they are in the picture, in each picture anew. */
static void parts_go_by_their_share(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    learn(app, 60);
    app_support_must(app, "order share");
    for (size_t p = 0; p < 3; p++) {
        assert_true(app_do(app, "select %zu", p));
        assert_memory_equal(app->parts.order, app->picture.largest,
                            9 * sizeof *app->parts.order);
    }
    size_t before = app->parts.order[0];
    assert_true(app_do(app, "mix %zu 0", before));
    assert_int_equal(app->parts.order[0], before);
    app_support_finish(app);
}

static void weights_by_hand(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    learn(app, 60);
    double fitted = app->picture.relative_error;
    float weight = app_mix(app)->value[4];
    app_support_must(app, "mix 4 3.5");
    assert_true(app->is_mixed);
    assert_true(app->picture.relative_error > fitted);
    app_support_must(app, "mix reset");
    assert_false(app->is_mixed);
    SUPPORT_NEAR(app->picture.relative_error, fitted, 1e-9);
    SUPPORT_NEAR(app_mix(app)->value[4], weight, 0.0);
    app_support_must(app, "mix random");
    float by_chance = app->picture.reconstruction.pixels[500];
    app_support_must(app, "undo");
    assert_false(app->is_mixed);
    app_support_must(app, "morph 5 1");
    assert_false(app->picture.reconstruction.pixels[500] == by_chance);
    app_support_must(app, "morph 5 0");
    SUPPORT_NEAR(app->picture.relative_error, fitted, 1e-6);
    app_support_must(app, "select next");
    assert_false(app->is_mixed);
    app_support_refuses(app, "not a part", "mix 9 1");
    app_support_refuses(app, "weight", "mix 1 -1");
    app_support_refuses(app, "share", "morph 5 2");
    app_support_finish(app);
}

static void the_buildup_ends_at_the_whole(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    learn(app, 60);
    app_support_must(app, "build 9");
    const scene_buildup *buildup = app_buildup(app);
    assert_int_equal(buildup->n_shown, 9);
    SUPPORT_NEAR(buildup->error[9], app->picture.full_error, 1e-5);
    app_support_must(app, "build 0");
    app_support_must(app, "build play");
    assert_true(app_is_moving(app));
    app_support_frames(app, 200);
    assert_false(app_is_moving(app));
    /* As far as parts give anything. */
    buildup = app_buildup(app);
    assert_int_equal(buildup->n_shown, buildup->n_used);
    assert_true(buildup->n_used >= 3 && buildup->n_used <= 9);
    SUPPORT_NEAR(buildup->error[buildup->n_used], app->picture.full_error,
                 1e-5);
    app_support_refuses(app, "0 to 9", "build 10");
    app_support_finish(app);
}

static void what_cannot_be_opened_changes_nothing(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    double error = learn(app, 5);
    support_write(support_temp_path("broken.png"), "\x89PNG\r\n\x1a\n", 8);
    app_support_must(app, "open /nowhere/at/all");
    assert_true(app->is_warning);
    assert_non_null(strstr(app->message, "/nowhere/at/all"));
    assert_true(app_do(app, "open \"%s\"", support_temp_path("broken.png")));
    app_settle(app);
    assert_true(app->is_warning);
    assert_non_null(strstr(app->message, "broken.png"));
    assert_true(app->snapshot.relative_error == error);
    assert_true(learn(app, 5) < error);
    assert_string_equal(app->title, "@faces");
    app_support_finish(app);
}

static void another_set_and_back(void **state)
{
    (void)state;
    struct app *app = create("@faces", 9);
    double error = learn(app, 5);
    app_support_must(app, "part 8");
    app_support_must(app, "open @swimmer");
    app_support_frames(app, 2);
    assert_string_equal(app->title, "@swimmer");
    assert_int_equal(app->look.part, -1);
    assert_int_equal(app_n_pictures(app), 256);
    app_support_must(app, "undo");
    app_support_frames(app, 2);
    assert_string_equal(app->title, "@faces");
    assert_int_equal(app_n_pictures(app), 1000);
    assert_true(app->snapshot.relative_error <= error * 1.0001);
    app_support_finish(app);
}

static void too_many_parts_for_a_set_become_what_it_allows(void **state)
{
    (void)state;
    struct app *app = create("@faces", 600);
    app_support_must(app, "open @swimmer");
    app_support_frames(app, 2);
    assert_true(app->is_warning);
    assert_int_equal(app->parts.k, nmf_default_n_components(256, 1024));
    app_support_finish(app);
}

static void a_model_and_then_its_pictures(void **state)
{
    (void)state;
    const char *path = support_temp_path("m.nmfi");
    nmf_error err = {0};
    struct app *app = create("@faces", 9);
    double error = learn(app, 100);
    nmf_model_file file = {.geometry = app->geometry};
    SUPPORT_OK(nmf_model_create(&file.model, app->snapshot.H, NULL, NULL, &err),
               err);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    nmf_model_file_release(&file);
    app_support_finish(app);

    app = create(NULL, 0);
    assert_true(app_do(app, "open \"%s\"", path));
    app_settle(app);
    app_support_frames(app, 2);
    assert_int_equal(app->parts.k, 9);
    assert_null(app_set(app));
    app_support_refuses(app, "open the pictures", "run");
    app_support_refuses(app, "no pictures", "select 1");
    app_support_must(app, "open @faces");
    app_support_frames(app, 2);
    assert_int_equal(app->parts.k, 9);
    /* Activations are solved for the parts as they are: no worse. */
    assert_true(app->snapshot.relative_error < error * 1.01);
    app_support_finish(app);
}

static void nonsense_gets_a_sentence(void **state)
{
    (void)state;
    struct app *app = create(NULL, 0);
    app_support_refuses(app, "no such command", "fly");
    app_support_refuses(app, "wants", "part");
    app_support_refuses(app, "no parts", "part 1");
    app_support_refuses(app, "nothing to learn from", "run");
    app_support_refuses(app, "nothing to take back", "undo");
    app_support_refuses(app, "quote", "open \"x");
    assert_true(app_do(app, "   # a remark"));
    app_support_finish(app);
}

/* ---- tables ---- */

static void any_text_is_a_word_in_quotes(void **state)
{
    static const char *const texts[] = {
        "a b",      "it's",   "say \"so\"", "\"",      "'\"'\"",  "# no remark",
        "back\\sl", "new\nl", "",           " blank ", "\xC3\xA9"};
    char word[COMMAND_WORD_SIZE];
    (void)state;
    struct app *app = create(NULL, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(command_quote(word, sizeof word, texts[i]));
        SUPPORT_ASSERT(app_do(app, "browse %s", word), "%s: %s", word,
                       app->message);
        assert_string_equal(app->browse, texts[i]);
    }
    assert_false(command_quote(word, 8, "\"\"\""));
    assert_string_equal(word, "");
    app_support_finish(app);
}

static void every_key_is_a_line_that_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; key_at(i); i++) {
        char name[32];
        const char *line = key_at(i)->line;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " "), line);
        SUPPORT_ASSERT(command_find(name), "%s: %s", key_at(i)->key, line);
        for (size_t j = 0; j < i; j++) {
            SUPPORT_ASSERT(strcmp(key_at(i)->key, key_at(j)->key) != 0,
                           "%s twice", key_at(i)->key);
        }
        assert_non_null(key_line(key_at(i)->key));
    }
    assert_string_equal(key_line("Space"), "toggle");
    assert_string_equal(key_of_line("new-seed"), "R");
    assert_null(key_line("nothing"));
}

/* The tour, which sanitizers watch, leaves no command out. */
static void the_tour_has_every_command(void **state)
{
    (void)state;
    static char text[1 << 16];
    const char *path = getenv("NMFIMG_TOUR");
    FILE *file = path ? fopen(path, "r") : NULL;
    assert_non_null(file);
    text[0] = '\n';
    size_t n = fread(text + 1, 1, sizeof text - 2, file);
    fclose(file);
    text[n + 1] = '\0';
    for (size_t i = 0; command_at(i); i++) {
        char line[40];
        snprintf(line, sizeof line, "\n%s", command_at(i)->name);
        SUPPORT_ASSERT(strstr(text, line), "%s is not in the tour",
                       command_at(i)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_and_learns),
        cmocka_unit_test(a_restart_is_the_same_and_a_new_seed_is_not),
        cmocka_unit_test(parts_come_and_go_and_the_others_stay),
        cmocka_unit_test(an_option_takes_effect_or_is_refused),
        cmocka_unit_test(runs_are_told_apart_by_what_was_chosen),
        cmocka_unit_test(every_option_has_a_default_to_go_back_to),
        cmocka_unit_test(pictures_loaded_otherwise_are_one_change),
        cmocka_unit_test(other_methods_come_as_a_whole),
        cmocka_unit_test(the_mean_is_the_first_part_of_pca),
        cmocka_unit_test(a_model_by_another_method_is_kept_and_opened),
        cmocka_unit_test(a_compressed_set_is_opened_and_weighed),
        cmocka_unit_test(a_mask_leaves_pixels_out),
        cmocka_unit_test(hidden_parts_are_missed),
        cmocka_unit_test(the_arrows_follow_the_grid),
        cmocka_unit_test(parts_go_by_their_share),
        cmocka_unit_test(weights_by_hand),
        cmocka_unit_test(the_buildup_ends_at_the_whole),
        cmocka_unit_test(what_cannot_be_opened_changes_nothing),
        cmocka_unit_test(another_set_and_back),
        cmocka_unit_test(too_many_parts_for_a_set_become_what_it_allows),
        cmocka_unit_test(a_model_and_then_its_pictures),
        cmocka_unit_test(nonsense_gets_a_sentence),
        cmocka_unit_test(any_text_is_a_word_in_quotes),
        cmocka_unit_test(every_key_is_a_line_that_is_known),
        cmocka_unit_test(the_tour_has_every_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
