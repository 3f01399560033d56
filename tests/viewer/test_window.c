/* Windows without a display: pixels, textures, waking, failures. */
#include "support.h"

#include "window.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct window *open_headless(int width, int height)
{
    struct window_options options = {
        .title = "test", .width = width, .height = height, .is_headless = true};
    struct window *window = NULL;
    nmf_error err = {0};
    SUPPORT_OK(window_open(&window, &options, &err), err);
    return window;
}

/* The pixel as 0xRRGGBB. */
static unsigned pixel(struct window *window, size_t x, size_t y)
{
    nmf_image shot = {0};
    nmf_error err = {0};
    unsigned rgb = 0;
    SUPPORT_OK(window_shot(&shot, window, &err), err);
    for (size_t c = 0; c < 3; c++) {
        float value = shot.pixels[(y * shot.width + x) * 3 + c];
        rgb = rgb << 8 | (unsigned)(value * 255.0F + 0.5F);
    }
    nmf_image_release(&shot);
    return rgb;
}

static void the_picture_is_what_was_drawn(void **state)
{
    (void)state;
    struct window *window = open_headless(40, 30);
    nmf_image shot = {0};
    nmf_error err = {0};
    int width = 0;
    int height = 0;
    window_size(window, &width, &height);
    assert_int_equal(width, 40);
    assert_int_equal(height, 30);
    SUPPORT_NEAR(window_pixels_per_unit(window), 1, 0);
    assert_null(window_sdl(window));
    window_begin(window, 0x123456FF);
    SUPPORT_OK(window_shot(&shot, window, &err), err);
    assert_int_equal(shot.width, 40);
    assert_int_equal(shot.height, 30);
    assert_int_equal(shot.channels, 3);
    nmf_image_release(&shot);
    assert_int_equal(pixel(window, 39, 29), 0x123456);
    window_present(window);
    window_toggle_fullscreen(window); /* nothing to do, no harm */
    assert_false(window_is_fullscreen(window));
    window_set_title(window, "other");
    window_free(window);
}

static void a_texture_has_the_bytes_that_were_given(void **state)
{
    (void)state;
    static const uint8_t rgba[] = {255, 0, 0,   255, 0, 255, 0,  255,
                                   0,   0, 255, 255, 9, 8,   70, 255};
    struct window *window = open_headless(40, 40);
    struct texture texture = {0};
    nmf_error err = {0};
    SDL_Rect all = {0, 0, 40, 40};
    assert_false(texture_is_current(window, &texture));
    SUPPORT_OK(texture_update(window, &texture, rgba, 2, 2, false, &err), err);
    assert_true(texture_is_current(window, &texture));
    window_begin(window, 0x000000FF);
    SDL_RenderCopy(window_renderer(window), texture.handle, NULL, &all);
    assert_int_equal(pixel(window, 5, 5), 0xFF0000);
    assert_int_equal(pixel(window, 19, 19), 0xFF0000);
    assert_int_equal(pixel(window, 20, 5), 0x00FF00);
    assert_int_equal(pixel(window, 5, 35), 0x0000FF);
    assert_int_equal(pixel(window, 35, 35), 0x090846);
    /* Another size, in the same place. */
    SUPPORT_OK(texture_update(window, &texture, rgba + 4, 1, 1, true, &err),
               err);
    assert_int_equal(texture.width, 1);
    SDL_RenderCopy(window_renderer(window), texture.handle, NULL, &all);
    assert_int_equal(pixel(window, 5, 5), 0x00FF00);
    texture_release(window, &texture);
    assert_null(texture.handle);
    window_free(window);
}

static void what_is_transparent_is_blended(void **state)
{
    (void)state;
    static const uint8_t half[] = {255, 255, 255, 128};
    static const uint8_t none[] = {255, 255, 255, 0};
    struct window *window = open_headless(4, 4);
    struct texture texture = {0};
    nmf_error err = {0};
    SUPPORT_OK(texture_update(window, &texture, half, 1, 1, false, &err), err);
    window_begin(window, 0x000000FF);
    SDL_RenderCopy(window_renderer(window), texture.handle, NULL, NULL);
    assert_in_range(pixel(window, 1, 1) & 255, 126, 130);
    SUPPORT_OK(texture_update(window, &texture, none, 1, 1, false, &err), err);
    window_begin(window, 0x405060FF);
    SDL_RenderCopy(window_renderer(window), texture.handle, NULL, NULL);
    assert_int_equal(pixel(window, 1, 1), 0x405060);
    texture_release(window, &texture);
    window_free(window);
}

static void a_lost_renderer_is_replaced(void **state)
{
    (void)state;
    static const uint8_t rgba[] = {1, 2, 3, 255};
    struct window *window = open_headless(8, 8);
    struct texture texture = {0};
    nmf_error err = {0};
    SDL_Event event = {.type = SDL_RENDER_DEVICE_RESET};
    SUPPORT_OK(texture_update(window, &texture, rgba, 1, 1, false, &err), err);
    unsigned generation = window_generation(window);
    SDL_PushEvent(&event);
    assert_true(window_wait(window, &event, 1000));
    assert_int_equal(event.type, SDL_RENDER_DEVICE_RESET);
    window_begin(window, 0x010101FF);
    assert_int_not_equal(window_generation(window), generation);
    assert_false(texture_is_current(window, &texture));
    SUPPORT_OK(texture_update(window, &texture, rgba, 1, 1, false, &err), err);
    SDL_RenderCopy(window_renderer(window), texture.handle, NULL, NULL);
    assert_int_equal(pixel(window, 4, 4), 0x010203);
    texture_release(window, &texture);
    window_free(window);
}

static int wake_often(void *window)
{
    for (int i = 0; i < 1000; i++) {
        window_wake(window);
    }
    return 0;
}

static void another_thread_ends_a_wait(void **state)
{
    (void)state;
    struct window *window = open_headless(8, 8);
    SDL_Event event;
    size_t n = 0;
    while (window_poll(window, &event)) {
    }
    assert_false(window_wait(window, &event, 5));
    SDL_Thread *thread = SDL_CreateThread(wake_often, "waker", window);
    assert_non_null(thread);
    assert_true(window_wait(window, &event, 10000));
    assert_int_equal(event.type, window_wake_type(window));
    SDL_WaitThread(thread, NULL);
    while (window_poll(window, &event)) {
        n += event.type == window_wake_type(window) ? 1 : 0;
    }
    assert_in_range(n, 0, 1); /* joined into one */
    window_wake(window);
    assert_true(window_poll(window, &event));
    window_free(window);
}

static void a_bad_size_is_refused(void **state)
{
    (void)state;
    static const int bad[] = {0, -1, 100000};
    for (size_t i = 0; i < 3; i++) {
        struct window_options options = {.title = "test",
                                         .width = bad[i],
                                         .height = 10,
                                         .is_headless = true};
        struct window *window = NULL;
        nmf_error err = {0};
        assert_int_equal(window_open(&window, &options, &err),
                         NMF_ERR_ARGUMENT);
        assert_null(window);
        assert_non_null(strstr(err.message, "expected 1 to 16384"));
    }
    window_free(NULL);
}

static void expect_no_display(void)
{
    struct window_options options = {.title = "test", .width = 8, .height = 8};
    struct window *window = NULL;
    nmf_error err = {0};
    assert_int_equal(window_open(&window, &options, &err), NMF_ERR_IO);
    assert_null(window);
    assert_int_equal(strncmp(err.message, "no display: ", 12), 0);
    assert_null(strchr(err.message, '\n'));
}

static void without_a_display_it_says_so(void **state)
{
    (void)state;
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    expect_no_display();
    setenv("DISPLAY", "no-such-host:7", 1);
    expect_no_display();
    setenv("SDL_VIDEODRIVER", "no-such-driver", 1);
    expect_no_display();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_is_what_was_drawn),
        cmocka_unit_test(a_texture_has_the_bytes_that_were_given),
        cmocka_unit_test(what_is_transparent_is_blended),
        cmocka_unit_test(a_lost_renderer_is_replaced),
        cmocka_unit_test(another_thread_ends_a_wait),
        cmocka_unit_test(a_bad_size_is_refused),
        cmocka_unit_test(without_a_display_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
