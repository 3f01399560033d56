/*
 * From events to commands: keys by their names, files dropped on the window.
 */
#include "app_support.h"

#include "commands.h"
#include "input.h"
#include "ui.h"
#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void every_key_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; key_at(i); i++) {
        SDL_KeyboardEvent event = {0};
        SUPPORT_ASSERT(input_key_of_name(key_at(i)->key, &event.keysym), "%s",
                       key_at(i)->key);
        assert_string_equal(input_key_name(&event), key_at(i)->key);
    }
    SDL_Keysym none;
    assert_false(input_key_of_name("Nothing", &none));
}

/* The toolkit goes by the place of a key; without a display, too. */
static void keys_that_are_not_typed_have_a_place(void **state)
{
    static const struct {
        const char *name;
        SDL_Scancode place;
    } keys[] = {{"Return", SDL_SCANCODE_RETURN},
                {"Escape", SDL_SCANCODE_ESCAPE},
                {"Backspace", SDL_SCANCODE_BACKSPACE},
                {"Left", SDL_SCANCODE_LEFT},
                {"F11", SDL_SCANCODE_F11}};
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        SDL_Keysym found;
        assert_true(input_key_of_name(keys[i].name, &found));
        assert_int_equal(found.scancode, keys[i].place);
    }
}

static void a_german_keyboard_has_a_question_mark(void **state)
{
    (void)state;
    SDL_KeyboardEvent event = {.keysym = {.sym = 0xDF, .mod = KMOD_RSHIFT}};
    assert_string_equal(input_key_name(&event), "?");
    event.keysym = (SDL_Keysym){.sym = SDLK_PLUS};
    assert_string_equal(input_key_name(&event), "+");
}

static void drop(struct input *input, struct app *app, const char *path)
{
    SDL_Event event = {.type = SDL_DROPFILE};
    event.drop.file = SDL_strdup(path);
    input_take(input, app, &event);
}

static void finish_drop(struct input *input, struct app *app)
{
    SDL_Event event = {.type = SDL_DROPCOMPLETE};
    input_take(input, app, &event);
    app_settle(app);
}

static void what_is_dropped_is_opened_together(void **state)
{
    (void)state;
    struct input input = {0};
    struct app *app = app_support_create(0);
    const char *names[] = {"a.pgm", "b.pgm"};
    for (size_t i = 0; i < 2; i++) {
        support_write(support_temp_path(names[i]), "P5 2 2 255\n\1\2\3\4", 15);
        drop(&input, app, support_temp_path(names[i]));
    }
    assert_false(app->is_loading);
    finish_drop(&input, app);
    app_tick(app, 0.0);
    assert_int_equal(app_n_pictures(app), 2);
    assert_int_equal(input.n_dropped, 0);
    assert_string_equal(app->title, "a.pgm and 1 more");
    /* A broken one leaves things as they are. */
    support_write(support_temp_path("c.pgm"), "P5 2", 4);
    drop(&input, app, support_temp_path("c.pgm"));
    finish_drop(&input, app);
    assert_true(app->is_warning);
    assert_non_null(strstr(app->message, "c.pgm"));
    assert_int_equal(app_n_pictures(app), 2);
    app_support_finish(app);
}

static void half_a_drop_is_freed(void **state)
{
    (void)state;
    struct input input = {0};
    struct app *app = app_support_create(0);
    drop(&input, app, "somewhere");
    input_release(&input);
    assert_null(input.dropped);
    app_support_finish(app);
}

static void the_window_closes(void **state)
{
    (void)state;
    struct input input = {0};
    struct app *app = app_support_create(0);
    SDL_Event event = {.type = SDL_QUIT};
    input_take(&input, app, &event);
    assert_true(app->quits);
    app_support_finish(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_its_name),
        cmocka_unit_test(keys_that_are_not_typed_have_a_place),
        cmocka_unit_test(a_german_keyboard_has_a_question_mark),
        cmocka_unit_test(what_is_dropped_is_opened_together),
        cmocka_unit_test(half_a_drop_is_freed),
        cmocka_unit_test(the_window_closes),
    };
    struct window_options options = {
        .width = 64, .height = 64, .is_headless = true};
    struct window *window = NULL;
    nmf_error err = {0};
    ui_config config = {.scale = 1.0F};
    if (window_open(&window, &options, &err) != NMF_OK) {
        fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    ui_create(NULL, window_renderer(window), &config);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ui_free();
    window_free(window);
    return failed;
}
