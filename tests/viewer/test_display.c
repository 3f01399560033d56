/*
 * A window on a display, where there is one (ctest brings its own, by Xvfb):
 * the same pixels as without, and what only a window can do.
 */
#include "support.h"

#include "ui.h"
#include "window.h"

#include <string.h>

enum { WIDTH = 640, HEIGHT = 400 };

static struct window *open_window(bool is_headless)
{
    struct window_options options = {.title = "nmfimg test",
                                     .width = WIDTH,
                                     .height = HEIGHT,
                                     .is_headless = is_headless,
                                     .is_software = true};
    struct window *window = NULL;
    nmf_error err = {0};
    SUPPORT_OK(window_open(&window, &options, &err), err);
    return window;
}

static void draw(struct window *window, int n_frames)
{
    int width = 0;
    int height = 0;
    window_size(window, &width, &height);
    for (int i = 0; i < n_frames; i++) {
        window_begin(window, ui_role_colour(UI_ROLE_PAGE));
        ui_begin_frame(width, height, window_pixels_per_unit(window), 0.03);
        if (ui_panel_begin("panel", "Panel", (ui_rect){20, 20, 300, 200})) {
            ui_text("on a display, or not");
            ui_button("Press");
            ui_progress(0.5F, NULL);
        }
        ui_panel_end();
        ui_end_frame();
    }
}

static nmf_image picture(bool is_headless)
{
    ui_config config = {NULL, 1.0F, UI_THEME_DARK};
    struct window *window = open_window(is_headless);
    nmf_image shot = {0};
    nmf_error err = {0};
    ui_create(window_sdl(window), window_renderer(window), &config);
    draw(window, 2);
    SUPPORT_OK(window_shot(&shot, window, &err), err);
    window_present(window);
    ui_free();
    window_free(window);
    return shot;
}

static void a_window_shows_what_a_picture_does(void **state)
{
    (void)state;
    nmf_image on_display = picture(false);
    nmf_image in_memory = picture(true);
    assert_int_equal(on_display.width, in_memory.width);
    assert_int_equal(on_display.height, in_memory.height);
    assert_memory_equal(on_display.pixels, in_memory.pixels,
                        sizeof(float) * 3 * in_memory.width * in_memory.height);
    nmf_image_release(&on_display);
    nmf_image_release(&in_memory);
}

/* Take events until none has come for a fifth of a second. */
static void settle(struct window *window)
{
    SDL_Event event;
    while (window_wait(window, &event, 200)) {
        ui_event(&event);
    }
}

static void it_fills_the_screen_and_comes_back(void **state)
{
    (void)state;
    ui_config config = {NULL, 1.0F, UI_THEME_HIGH_CONTRAST};
    struct window *window = open_window(false);
    int before = 0;
    int width = 0;
    int height = 0;
    ui_create(window_sdl(window), window_renderer(window), &config);
    window_size(window, &before, &height);
    assert_int_equal(before, WIDTH);
    assert_non_null(window_sdl(window));
    assert_string_equal(window_renderer_name(window), "software");
    settle(window);
    window_toggle_fullscreen(window);
    assert_true(window_is_fullscreen(window));
    settle(window);
    window_size(window, &width, &height);
    assert_true(width > before);
    draw(window, 1);
    window_present(window);
    window_toggle_fullscreen(window);
    assert_false(window_is_fullscreen(window));
    settle(window); /* what size it has now is up to a window manager */
    window_set_title(window, "another");
    assert_string_equal(SDL_GetWindowTitle(window_sdl(window)), "another");
    ui_free();
    window_free(window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_shows_what_a_picture_does),
        cmocka_unit_test(it_fills_the_screen_and_comes_back),
    };
    struct window_options options = {
        .title = "?", .width = 8, .height = 8, .is_software = true};
    struct window *window = NULL;
    nmf_error err = {0};
    if (window_open(&window, &options, &err) != NMF_OK) {
        print_message("%s\n", err.message);
        return SUPPORT_SKIPPED;
    }
    window_free(window);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
