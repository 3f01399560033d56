/* Where panels lie, and drawing them all: screen.h. */
#include "screen.h"

#include "scene_alloc.h"

#include "typeface.h"

#include <math.h>
#include <stdlib.h>

/* ---- life ---- */

/* The same face is looked for once; headless frames have the built-in one. */
static const char *find_font(struct screen *screen, const char *font)
{
    if (font || !window_sdl(screen->window)) {
        return font;
    }
    return typeface_find(screen->face, sizeof screen->face) ? screen->face
                                                            : NULL;
}

static ui_config config_of(const struct screen *screen)
{
    float scale =
        screen->app->look.ui_scale * window_pixels_per_unit(screen->window);
    const ui_config config = {
        .font_file = screen->font,
        .scale = fminf(fmaxf(scale, 1.0F), 4.0F),
        .theme = (ui_theme)screen->app->look.theme,
    };
    return config;
}

nmf_status screen_create(struct screen **out, struct window *window,
                         struct app *app, const char *font, nmf_error *err)
{
    struct screen *screen = scene_alloc(1, sizeof *screen, err);
    *out = NULL;
    if (!screen) {
        return NMF_ERR_MEMORY;
    }
    screen->window = window;
    screen->app = app;
    screen->font = find_font(screen, font);
    screen->generation = window_generation(window);
    nmf_status status = textures_create(&screen->textures, window, app, err);
    if (status != NMF_OK) {
        free(screen);
        return status;
    }
    ui_config config = config_of(screen);
    if (!ui_create(window_sdl(window), window_renderer(window), &config)) {
        app_warn(app, "'%s': cannot be used as a typeface", screen->font);
    }
    *out = screen;
    return NMF_OK;
}

void screen_free(struct screen *screen)
{
    if (screen) {
        textures_free(screen->textures);
        ui_free();
        free(screen);
    }
}

/* ---- layout ---- */

enum { GAP = 1 };

/* Sizes at scale 1. */
#define MESSAGE 28.0F
#define PLOT 196.0F
#define PICTURE 330.0F
#define NUMBERS 128.0F
#define LEFT_MIN 360.0F

static ui_rect cut_top(ui_rect *rest, float h)
{
    h = fminf(roundf(h), rest->h);
    ui_rect top = {rest->x, rest->y, rest->w, h};
    rest->y += h + GAP;
    rest->h = fmaxf(rest->h - h - GAP, 0.0F);
    return top;
}

static ui_rect cut_bottom(ui_rect *rest, float h)
{
    h = fminf(roundf(h), rest->h);
    ui_rect bottom = {rest->x, rest->y + rest->h - h, rest->w, h};
    rest->h = fmaxf(rest->h - h - GAP, 0.0F);
    return bottom;
}

static ui_rect cut_left(ui_rect *rest, float w)
{
    w = fminf(roundf(w), rest->w);
    ui_rect left = {rest->x, rest->y, w, rest->h};
    rest->x += w + GAP;
    rest->w = fmaxf(rest->w - w - GAP, 0.0F);
    return left;
}

static void draw_panels(struct screen *screen, ui_rect all)
{
    panel_toolbar(screen, cut_top(&all, panel_toolbar_height(all.w)));
    panel_message(screen, cut_bottom(&all, screen_px(MESSAGE)));
    ui_rect left = cut_left(&all, fmaxf(all.w * 0.43F, screen_px(LEFT_MIN)));
    panel_plot(screen, cut_bottom(&left, fminf(screen_px(PLOT), left.h / 3)));
    panel_parts(screen, left);
    /* The pictures grow with the window, the numbers do not. */
    panel_picture(screen,
                  cut_top(&all, fmaxf(fminf(screen_px(PICTURE), all.h * 0.46F),
                                      all.h * 0.42F)));
    panel_numbers(screen, cut_bottom(&all, screen_px(NUMBERS)));
    panel_tabs(screen, all);
    panel_help(screen);
    panel_open(screen);
    panel_save(screen);
}

/* ---- a frame ---- */

/* What is asked of the window, and what happened to it. */
static void follow_window(struct screen *screen)
{
    if (screen->app->wants_theme) {
        ui_config config = config_of(screen);
        screen->app->wants_theme = false;
        ui_configure(&config);
    }
    if (screen->app->wants_fullscreen) {
        screen->app->wants_fullscreen = false;
        window_toggle_fullscreen(screen->window);
    }
}

static void follow_renderer(struct screen *screen)
{
    if (screen->generation != window_generation(screen->window)) {
        screen->generation = window_generation(screen->window);
        ui_renderer_changed(window_renderer(screen->window));
    }
}

void screen_draw(struct screen *screen, double seconds)
{
    int width = 0;
    int height = 0;
    follow_window(screen);
    window_begin(screen->window, ui_role_colour(UI_ROLE_LINE));
    follow_renderer(screen);
    textures_begin(screen->textures);
    window_size(screen->window, &width, &height);
    ui_begin_frame(width, height, window_pixels_per_unit(screen->window),
                   seconds);
    draw_panels(screen, (ui_rect){0, 0, (float)width, (float)height});
    ui_end_frame();
}

bool screen_wants_redraw(const struct screen *screen)
{
    return ui_wants_redraw() || textures_wants_redraw(screen->textures) ||
           screen->app->wants_theme || screen->app->wants_fullscreen;
}
