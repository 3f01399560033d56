/*
 * The widget toolkit without a display: what it draws, and what events do.
 * With a folder as argument the pictures are left there, to be looked at.
 */
#include "support.h"

#include "gallery.h"
#include "typeface.h"

#include <stdlib.h>
#include <string.h>

static const char *picture_folder;

static const ui_config plain = {NULL, 1.0F, UI_THEME_DARK};

/* Leave a picture of the window where somebody asked for it. */
static void keep_picture(struct gallery *g, const char *name)
{
    char path[1024];
    nmf_image shot = {0};
    nmf_error err = {0};
    if (picture_folder == NULL) {
        return;
    }
    SUPPORT_OK(window_shot(&shot, g->window, &err), err);
    snprintf(path, sizeof path, "%s/%s.png", picture_folder, name);
    SUPPORT_OK(nmf_image_save(path, &shot, true, &err), err);
    nmf_image_release(&shot);
}

static void frames(struct gallery *g, int n)
{
    for (int i = 0; i < n; i++) {
        gallery_frame(g);
    }
}

/* Two frames: sizes settle in the second. */
static nmf_image picture(const ui_config *config, bool *is_configured,
                         const char *name)
{
    struct gallery g;
    nmf_image shot = {0};
    nmf_error err = {0};
    *is_configured = gallery_open(&g, config);
    frames(&g, 2);
    SUPPORT_OK(window_shot(&shot, g.window, &err), err);
    keep_picture(&g, name);
    gallery_close(&g);
    return shot;
}

static bool is_same(const nmf_image *a, const nmf_image *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->pixels, b->pixels,
                  a->width * a->height * 3 * sizeof *a->pixels) == 0;
}

/* Two configurations: drawn alike, or not. Both know their fonts. */
static void compare(const ui_config *a, const ui_config *b, bool want_same,
                    const char *name)
{
    bool is_a = false;
    bool is_b = false;
    nmf_image first = picture(a, &is_a, name);
    nmf_image second = picture(b, &is_b, name);
    assert_true(is_a && is_b);
    assert_int_equal(is_same(&first, &second), want_same);
    nmf_image_release(&first);
    nmf_image_release(&second);
}

static void the_same_is_drawn_twice(void **state)
{
    (void)state;
    compare(&plain, &plain, true, "built-in");
    ui_config contrast = {NULL, 1.0F, UI_THEME_HIGH_CONTRAST};
    compare(&plain, &contrast, false, "built-in-contrast");
    ui_config large = {NULL, 2.0F, UI_THEME_DARK};
    compare(&large, &large, true, "built-in-2");
}

/* Along the row y, from the left edge to x = 32: how often it becomes white. */
static size_t white_runs(const nmf_image *shot, size_t y)
{
    size_t n = 0;
    bool before = false;
    for (size_t x = 0; x < 32; x++) {
        bool now = shot->pixels[(y * shot->width + x) * 3] == 1.0F;
        n += now && !before ? 1 : 0;
        before = now;
    }
    return n;
}

/* The panel's own border, and both sides of what is at that height. */
static void high_contrast_has_borders_all_round(void **state)
{
    (void)state;
    bool is_configured = false;
    ui_config contrast = {NULL, 1.0F, UI_THEME_HIGH_CONTRAST};
    nmf_image shot = picture(&contrast, &is_configured, "built-in-contrast");
    assert_int_equal(white_runs(&shot, 140), 3); /* the box of "mirror" */
    assert_int_equal(white_runs(&shot, 129), 2); /* its upper side */
    assert_int_equal(white_runs(&shot, 125), 1); /* between widgets */
    nmf_image_release(&shot);
}

static void a_face_of_the_system_is_used(void **state)
{
    char path[1024];
    (void)state;
    if (!typeface_find(path, sizeof path)) {
        skip();
    }
    ui_config face = {path, 1.0F, UI_THEME_DARK};
    compare(&face, &face, true, "face");
    compare(&plain, &face, false, "face");
    face.theme = UI_THEME_HIGH_CONTRAST;
    compare(&face, &face, true, "face-contrast");
    ui_config large = {path, 2.0F, UI_THEME_DARK};
    compare(&large, &large, true, "face-2");
}

static void a_broken_face_falls_back(void **state)
{
    (void)state;
    static const char *const names[] = {"empty.ttf", "text.ttf", "absent.ttf"};
    bool is_configured = false;
    support_write(support_temp_path("empty.ttf"), "", 0);
    support_write(support_temp_path("text.ttf"), "\0\1\0\0 no face", 12);
    nmf_image expected = picture(&plain, &is_configured, "built-in");
    assert_true(is_configured);
    for (size_t i = 0; i < 3; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", support_temp(), names[i]);
        ui_config config = {path, 1.0F, UI_THEME_DARK};
        nmf_image drawn = picture(&config, &is_configured, "broken");
        assert_false(is_configured);
        assert_true(is_same(&expected, &drawn));
        nmf_image_release(&drawn);
    }
    nmf_image_release(&expected);
}

static void themes_change_while_it_runs(void **state)
{
    (void)state;
    struct gallery g;
    bool is_configured = false;
    nmf_error err = {0};
    nmf_image shot = {0};
    ui_config contrast = {NULL, 2.0F, UI_THEME_HIGH_CONTRAST};
    nmf_image expected = picture(&contrast, &is_configured, "contrast-2");
    gallery_open(&g, &plain);
    frames(&g, 2);
    assert_true(ui_configure(&contrast));
    assert_true(ui_wants_redraw());
    frames(&g, 2);
    SUPPORT_OK(window_shot(&shot, g.window, &err), err);
    assert_true(is_same(&expected, &shot));
    nmf_image_release(&shot);
    nmf_image_release(&expected);
    gallery_close(&g);
}

static void a_click_presses_a_button_once(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    assert_int_equal(g.n_pressed, 0);
    /* All of it between two frames. */
    gallery_click(30, 70);
    frames(&g, 4);
    assert_int_equal(g.n_pressed, 1);
    /* Pressed here, let go elsewhere: no click. */
    gallery_move(30, 70);
    gallery_button(true, 30, 70);
    gallery_move(300, 500);
    gallery_button(false, 300, 500);
    frames(&g, 5);
    assert_int_equal(g.n_pressed, 1);
    gallery_click(50, 103); /* one that is disabled */
    frames(&g, 4);
    assert_int_equal(g.n_disabled, 0);
    gallery_click(18, 140);
    frames(&g, 4);
    assert_true(g.is_checked);
    gallery_close(&g);
}

static void a_still_window_wants_no_redraw(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 3);
    assert_false(ui_wants_redraw());
    gallery_move(500, 100);
    assert_true(ui_wants_redraw());
    frames(&g, 3);
    assert_false(ui_wants_redraw());
    /* Over the button with a tooltip: until that is shown. */
    gallery_move(30, 70);
    frames(&g, 3);
    assert_true(ui_wants_redraw());
    frames(&g, 30);
    assert_false(ui_wants_redraw());
    gallery_close(&g);
}

static void a_tooltip_comes_after_a_rest(void **state)
{
    (void)state;
    struct gallery g;
    nmf_image before = {0};
    nmf_image at_once = {0};
    nmf_image after = {0};
    nmf_error err = {0};
    gallery_open(&g, &plain);
    gallery_move(30, 70);
    frames(&g, 3);
    SUPPORT_OK(window_shot(&before, g.window, &err), err);
    frames(&g, 3);
    SUPPORT_OK(window_shot(&at_once, g.window, &err), err);
    frames(&g, 20);
    SUPPORT_OK(window_shot(&after, g.window, &err), err);
    keep_picture(&g, "tooltip");
    assert_true(is_same(&before, &at_once));
    assert_false(is_same(&before, &after));
    nmf_image_release(&before);
    nmf_image_release(&at_once);
    nmf_image_release(&after);
    gallery_close(&g);
}

static void typing_reaches_the_field(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    gallery_click(60, 275);
    frames(&g, 4);
    assert_true(ui_wants_keyboard());
    SDL_Event space = {
        .key = {.type = SDL_KEYDOWN,
                .keysym = {.sym = SDLK_SPACE, .scancode = SDL_SCANCODE_SPACE}}};
    assert_true(ui_event(&space));
    gallery_type("zwö");
    gallery_type("lf");
    frames(&g, 4);
    assert_string_equal(g.text, "zwölf");
    gallery_key(SDLK_BACKSPACE, SDL_SCANCODE_BACKSPACE);
    gallery_type("k");
    frames(&g, 4);
    assert_string_equal(g.text, "zwölk");
    assert_int_equal(g.n_typed, 0);
    keep_picture(&g, "typing");
    gallery_key(SDLK_RETURN, SDL_SCANCODE_RETURN);
    frames(&g, 4);
    assert_int_equal(g.n_typed, 1);
    assert_false(ui_wants_keyboard());
    assert_false(ui_event(&space));
    gallery_close(&g);
}

static void a_number_changes_when_it_is_typed_whole(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    gallery_click(60, 221);
    frames(&g, 4);
    SDL_Event all = {.key = {.type = SDL_KEYDOWN,
                             .keysym = {.sym = SDLK_a,
                                        .scancode = SDL_SCANCODE_A,
                                        .mod = KMOD_LCTRL}}};
    ui_event(&all);
    all.type = SDL_KEYUP;
    all.key.keysym.mod = 0;
    ui_event(&all);
    frames(&g, 2);
    gallery_type("0.25");
    frames(&g, 3);
    SUPPORT_NEAR(g.typed_double, 0.001, 0);
    gallery_key(SDLK_RETURN, SDL_SCANCODE_RETURN);
    frames(&g, 3);
    SUPPORT_NEAR(g.typed_double, 0.25, 0);
    assert_int_equal(g.n_typed, 1);
    gallery_close(&g);
}

static void a_canvas_tells_of_drags_and_clicks(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    gallery_move(500, 100);
    gallery_button(true, 500, 100);
    frames(&g, 1);
    assert_true(g.canvas.is_hovered && g.canvas.is_pressed && g.canvas.is_held);
    for (int x = 510; x <= 550; x += 10) {
        gallery_move(x, 100);
        frames(&g, 1);
        assert_true(g.canvas.is_held && !g.canvas.is_pressed);
    }
    SUPPORT_NEAR(g.drag_x, 50, 1e-3);
    gallery_button(false, 550, 100);
    frames(&g, 1);
    assert_int_equal(g.n_clicks, 1);
    gallery_wheel(2);
    frames(&g, 2);
    SUPPORT_NEAR(g.wheel, 2, 1e-3);
    gallery_close(&g);
}

static void a_list_makes_what_is_in_sight(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    assert_int_equal(g.first, 0);
    assert_in_range(g.last, 10, 30);
    size_t n = g.last;
    gallery_move(420, 400);
    frames(&g, 1);
    gallery_wheel(-20);
    frames(&g, 3);
    assert_in_range(g.first, 20, 400);
    assert_in_range(g.last - g.first, n - 1, n + 1);
    keep_picture(&g, "scrolled");
    gallery_close(&g);
}

static void a_dialog_opens_and_escape_closes_it(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    g.is_dialog_open = true;
    frames(&g, 3);
    keep_picture(&g, "dialog");
    assert_true(g.is_dialog_open);
    /* What lies below does not hear of the mouse. */
    gallery_click(30, 70);
    frames(&g, 4);
    assert_int_equal(g.n_pressed, 0);
    gallery_key(SDLK_ESCAPE, SDL_SCANCODE_ESCAPE);
    frames(&g, 3);
    assert_false(g.is_dialog_open);
    gallery_click(30, 70);
    frames(&g, 4);
    assert_int_equal(g.n_pressed, 1);
    g.is_dialog_open = true;
    frames(&g, 3);
    g.is_dialog_open = false; /* by the program */
    frames(&g, 2);
    gallery_click(30, 70);
    frames(&g, 4);
    assert_int_equal(g.n_pressed, 2);
    gallery_close(&g);
}

static void a_choice_is_made_from_the_list(void **state)
{
    (void)state;
    struct gallery g;
    gallery_open(&g, &plain);
    frames(&g, 2);
    gallery_click(60, 302);
    frames(&g, 4);
    keep_picture(&g, "combo");
    gallery_click(60, 345);
    frames(&g, 4);
    assert_int_not_equal(g.choice, 0);
    gallery_close(&g);
}

static void a_lost_renderer_comes_back(void **state)
{
    (void)state;
    struct gallery g;
    bool is_configured = false;
    nmf_error err = {0};
    nmf_image shot = {0};
    nmf_image expected = picture(&plain, &is_configured, "built-in");
    gallery_open(&g, &plain);
    frames(&g, 2);
    SUPPORT_OK(window_recover(g.window, &err), err);
    ui_renderer_changed(window_renderer(g.window));
    assert_false(texture_is_current(g.window, &g.texture));
    texture_release(g.window, &g.texture);
    frames(&g, 1); /* without the texture */
    gallery_close(&g);
    gallery_open(&g, &plain);
    frames(&g, 2);
    SUPPORT_OK(window_shot(&shot, g.window, &err), err);
    assert_true(is_same(&expected, &shot));
    nmf_image_release(&shot);
    nmf_image_release(&expected);
    gallery_close(&g);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_is_drawn_twice),
        cmocka_unit_test(high_contrast_has_borders_all_round),
        cmocka_unit_test(a_face_of_the_system_is_used),
        cmocka_unit_test(a_broken_face_falls_back),
        cmocka_unit_test(themes_change_while_it_runs),
        cmocka_unit_test(a_click_presses_a_button_once),
        cmocka_unit_test(a_still_window_wants_no_redraw),
        cmocka_unit_test(a_tooltip_comes_after_a_rest),
        cmocka_unit_test(typing_reaches_the_field),
        cmocka_unit_test(a_number_changes_when_it_is_typed_whole),
        cmocka_unit_test(a_canvas_tells_of_drags_and_clicks),
        cmocka_unit_test(a_list_makes_what_is_in_sight),
        cmocka_unit_test(a_dialog_opens_and_escape_closes_it),
        cmocka_unit_test(a_choice_is_made_from_the_list),
        cmocka_unit_test(a_lost_renderer_comes_back),
    };
    picture_folder = argc > 1 ? argv[1] : NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
