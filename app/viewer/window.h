/*
 * A window, or a picture in memory that stands for one, and the textures shown
 * in it.
 *
 *     struct window *window = NULL;
 *     struct window_options options = {.title = "nmfimg", .width = 1280,
 *                                      .height = 800};
 *     if (window_open(&window, &options, &err) != NMF_OK) ...
 *     while (is_running) {
 *         SDL_Event event;
 *         if (window_wait(window, &event, 1000)) ...
 *         window_begin(window, ui_role_colour(UI_ROLE_PAGE));
 *         ...
 *         window_present(window);
 *     }
 *     window_free(window);
 *
 * Headless needs no display and draws the same pixels every time. All but
 * window_wake() is for the thread that opened the window; one at a time.
 */
#ifndef NMFIMG_VIEWER_WINDOW_H
#define NMFIMG_VIEWER_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <SDL.h>

#include <nmfimg/error.h>
#include <nmfimg/image.h>

#include "ui.h"

struct window;

struct window_options {
    const char *title;
    int width; /* in the desktop's units; pixels where headless; 1 .. 16384 */
    int height;
    bool is_headless;
    bool is_software; /* do not look for an accelerated renderer */
    bool is_hidden;   /* not shown yet, for tests */
};

/*
 * Fails: NMF_ERR_ARGUMENT (a size out of range), NMF_ERR_IO ("no display: ...",
 * no renderer), NMF_ERR_MEMORY; *out is NULL then.
 */
nmf_status window_open(struct window **out,
                       const struct window_options *options, nmf_error *err);
void window_free(struct window *window); /* NULL is fine */

/* Its parts, owned by the window; the SDL window is NULL where headless. */
SDL_Window *window_sdl(const struct window *window);
SDL_Renderer *window_renderer(const struct window *window);
/* The renderer's name ("opengl", "software"), until it is replaced. */
const char *window_renderer_name(const struct window *window);

/* Size in pixels, and how many of them a unit of the mouse's place has. */
void window_size(const struct window *window, int *width, int *height);
float window_pixels_per_unit(const struct window *window);

void window_set_title(struct window *window, const char *title);
bool window_is_fullscreen(const struct window *window);
void window_toggle_fullscreen(struct window *window);

/* ---- Events. */

/*
 * Sleep until there is an event, or for so long (negative: for ever). True:
 * *event is one; that of window_wake() has the type window_wake_type().
 */
bool window_wait(struct window *window, SDL_Event *event, int timeout_ms);
/* The same without sleeping. */
bool window_poll(struct window *window, SDL_Event *event);

/* End a wait, from any thread. Many calls before the event is taken: one
 * event. */
void window_wake(struct window *window);
uint32_t window_wake_type(const struct window *window);

/* ---- Drawing. */
void window_begin(struct window *window, ui_colour clear);
void window_present(struct window *window);

/* What is drawn at the moment, as RGB: after drawing, before
 * window_present(). */
nmf_status window_shot(nmf_image *out, struct window *window, nmf_error *err);

/*
 * The system may take all textures away: SDL_RENDER_DEVICE_RESET and
 * SDL_RENDER_TARGETS_RESET say so. window_wait() and window_poll() notice, and
 * the next window_begin() makes a new renderer. Then the generation is another,
 * the toolkit wants ui_renderer_changed(), and every texture is uploaded anew.
 * window_recover() does the same at once; it fails where the system gives no
 * renderer any more.
 */
unsigned window_generation(const struct window *window);
nmf_status window_recover(struct window *window, nmf_error *err);

/* ---- Textures. */
struct texture {
    SDL_Texture *handle; /* NULL: nothing uploaded; gone after a recovery */
    int width;
    int height;
    unsigned generation; /* of the renderer that it belongs to */
};

/* Is there something to draw? */
bool texture_is_current(const struct window *window,
                        const struct texture *texture);

/*
 * Upload width x height pixels, rows from the top, each red, green, blue, alpha
 * as a byte. Resizes the texture as needed. A texture without transparent
 * pixels is drawn without blending, which is faster.
 *
 * texture    {0} at first; released by texture_release()
 * is_smooth  drawn larger: interpolated; false: in squares
 */
nmf_status texture_update(struct window *window, struct texture *texture,
                          const uint8_t *rgba, int width, int height,
                          bool is_smooth, nmf_error *err);
void texture_release(struct window *window, struct texture *texture);

#endif
