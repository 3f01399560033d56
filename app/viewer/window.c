#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDE = 16384 };

struct window {
    SDL_Window *handle;   /* NULL: headless */
    SDL_Surface *surface; /* headless: what is drawn on */
    SDL_Renderer *renderer;
    char renderer_name[32];
    Uint32 systems; /* of SDL, started by this window */
    Uint32 wake_type;
    SDL_atomic_t is_waking; /* a wake event is on its way */
    unsigned generation;
    bool is_software;
    bool is_lost; /* the renderer has to be replaced */
};

/* Fill err with a text and SDL's reason for it. */
static nmf_status fail(nmf_error *err, nmf_status status, const char *text)
{
    const char *reason = SDL_GetError();
    if (err != NULL) {
        err->status = status;
        snprintf(err->message, sizeof err->message, "%s: %s", text,
                 reason[0] != '\0' ? reason : "no reason given");
    }
    return status;
}

/* ---- Opening. */

static void set_hints(void)
{
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    /* Off by default where somebody names a renderer. */
    SDL_SetHint(SDL_HINT_RENDER_BATCHING, "1");
    /* The first click on a window in the background counts. */
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
}

/*
 * Is this OpenGL that Mesa computes on the processor? Then SDL's own software
 * renderer, which draws rectangles as such, takes less of it.
 */
static bool is_slow_opengl(void)
{
    typedef const unsigned char *(*get_string)(unsigned);
    enum { GL_RENDERER_NAME = 0x1F01 };
    static const char *const slow[] = {"llvmpipe", "softpipe", "swrast",
                                       "Software Rasterizer"};
    union {
        void *object;
        get_string call;
    } function = {SDL_GL_GetProcAddress("glGetString")};
    const char *name =
        function.object == NULL || SDL_GL_GetCurrentContext() == NULL
            ? NULL
            : (const char *)function.call(GL_RENDERER_NAME);
    for (size_t i = 0; name != NULL && i < sizeof slow / sizeof slow[0]; i++) {
        if (strstr(name, slow[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static SDL_Renderer *create_windowed(struct window *window)
{
    const char *wanted = SDL_GetHint(SDL_HINT_RENDER_DRIVER);
    bool is_free = wanted == NULL || wanted[0] == '\0';
    SDL_Renderer *renderer = NULL;
    SDL_RendererInfo info = {0};
    if (!window->is_software) {
        renderer = SDL_CreateRenderer(window->handle, -1, 0);
    }
    if (renderer != NULL && is_free &&
        SDL_GetRendererInfo(renderer, &info) == 0 &&
        strncmp(info.name, "opengl", 6) == 0 && is_slow_opengl()) {
        SDL_DestroyRenderer(renderer);
        renderer = NULL;
    }
    if (renderer == NULL) {
        /* What is drawn goes to the display as it is, not as a texture of an
         * OpenGL that is slow. */
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
        renderer =
            SDL_CreateRenderer(window->handle, -1, SDL_RENDERER_SOFTWARE);
    }
    return renderer;
}

static nmf_status create_renderer(struct window *window, nmf_error *err)
{
    SDL_RendererInfo info = {0};
    SDL_ClearError();
    window->renderer = window->handle == NULL
                           ? SDL_CreateSoftwareRenderer(window->surface)
                           : create_windowed(window);
    if (window->renderer == NULL) {
        return fail(err, NMF_ERR_IO, "no way to draw");
    }
    if (SDL_GetRendererInfo(window->renderer, &info) == 0) {
        snprintf(window->renderer_name, sizeof window->renderer_name, "%s",
                 info.name);
    }
    window->generation++;
    window->is_lost = false;
    return NMF_OK;
}

static nmf_status start_system(struct window *window, Uint32 system,
                               const char *text, nmf_error *err)
{
    SDL_ClearError();
    if (SDL_InitSubSystem(system) != 0) {
        return fail(err, NMF_ERR_IO, text);
    }
    window->systems |= system;
    return NMF_OK;
}

static nmf_status open_headless(struct window *window,
                                const struct window_options *options,
                                nmf_error *err)
{
    nmf_status status = start_system(window, SDL_INIT_EVENTS, "no events", err);
    if (status != NMF_OK) {
        return status;
    }
    window->surface = SDL_CreateRGBSurfaceWithFormat(
        0, options->width, options->height, 32, SDL_PIXELFORMAT_ARGB8888);
    return window->surface != NULL
               ? NMF_OK
               : fail(err, NMF_ERR_MEMORY, "no memory for the window");
}

static bool is_set(const char *name)
{
    const char *value = SDL_getenv(name);
    return value != NULL && value[0] != '\0';
}

/*
 * Start SDL on a display that somebody sees. Left alone it would fall back to
 * drawing nowhere, and its libraries would grumble on the way there: so X11 and
 * Wayland are asked only where the environment names one of them. Who sets
 * SDL_VIDEODRIVER gets what it says.
 */
static nmf_status start_video(struct window *window, nmf_error *err)
{
#if defined(SDL_VIDEO_DRIVER_X11) || defined(SDL_VIDEO_DRIVER_WAYLAND)
    if (!is_set("SDL_VIDEODRIVER")) {
        bool has_x11 = is_set("DISPLAY");
        bool has_wayland = is_set("WAYLAND_DISPLAY");
        if (!has_x11 && !has_wayland) {
            SDL_SetError("neither DISPLAY nor WAYLAND_DISPLAY is set");
            return fail(err, NMF_ERR_IO, "no display");
        }
        SDL_SetHint(SDL_HINT_VIDEODRIVER, !has_wayland ? "x11"
                                          : !has_x11   ? "wayland"
                                                       : "x11,wayland");
    }
#endif
    return start_system(window, SDL_INIT_VIDEO, "no display", err);
}

static nmf_status open_display(struct window *window,
                               const struct window_options *options,
                               nmf_error *err)
{
    Uint32 flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    nmf_status status = start_video(window, err);
    if (status != NMF_OK) {
        return status;
    }
    flags |= options->is_hidden ? SDL_WINDOW_HIDDEN : 0;
    window->handle = SDL_CreateWindow(options->title, SDL_WINDOWPOS_CENTERED,
                                      SDL_WINDOWPOS_CENTERED, options->width,
                                      options->height, flags);
    if (window->handle == NULL) {
        return fail(err, NMF_ERR_IO, "no display: no window");
    }
    SDL_SetWindowMinimumSize(window->handle, 480, 320);
    return NMF_OK;
}

static nmf_status check_size(const struct window_options *options,
                             nmf_error *err)
{
    if (options->width >= 1 && options->width <= MAX_SIDE &&
        options->height >= 1 && options->height <= MAX_SIDE) {
        return NMF_OK;
    }
    if (err != NULL) {
        err->status = NMF_ERR_ARGUMENT;
        snprintf(err->message, sizeof err->message,
                 "a window of %d x %d, expected 1 to %d pixels a side",
                 options->width, options->height, (int)MAX_SIDE);
    }
    return NMF_ERR_ARGUMENT;
}

nmf_status window_open(struct window **out,
                       const struct window_options *options, nmf_error *err)
{
    *out = NULL;
    nmf_status status = check_size(options, err);
    if (status != NMF_OK) {
        return status;
    }
    struct window *window = calloc(1, sizeof *window);
    if (window == NULL) {
        SDL_ClearError();
        return fail(err, NMF_ERR_MEMORY, "no memory for the window");
    }
    window->is_software = options->is_software;
    set_hints();
    status = options->is_headless ? open_headless(window, options, err)
                                  : open_display(window, options, err);
    if (status == NMF_OK) {
        status = create_renderer(window, err);
    }
    if (status != NMF_OK) {
        window_free(window);
        return status;
    }
    window->wake_type = SDL_RegisterEvents(1);
    *out = window;
    return NMF_OK;
}

void window_free(struct window *window)
{
    if (window == NULL) {
        return;
    }
    if (window->renderer != NULL) {
        SDL_DestroyRenderer(window->renderer);
    }
    SDL_FreeSurface(window->surface);
    if (window->handle != NULL) {
        SDL_DestroyWindow(window->handle);
    }
    SDL_QuitSubSystem(window->systems);
    free(window);
}

/* ---- What it is like. */

SDL_Window *window_sdl(const struct window *window)
{
    return window->handle;
}

SDL_Renderer *window_renderer(const struct window *window)
{
    return window->renderer;
}

const char *window_renderer_name(const struct window *window)
{
    return window->renderer_name;
}

void window_size(const struct window *window, int *width, int *height)
{
    *width = 0;
    *height = 0;
    SDL_GetRendererOutputSize(window->renderer, width, height);
}

float window_pixels_per_unit(const struct window *window)
{
    int units = 0;
    int unit_rows = 0;
    int pixels = 0;
    int pixel_rows = 0;
    if (window->handle == NULL) {
        return 1.0F;
    }
    SDL_GetWindowSize(window->handle, &units, &unit_rows);
    window_size(window, &pixels, &pixel_rows);
    return units > 0 && pixels > 0 ? (float)pixels / (float)units : 1.0F;
}

void window_set_title(struct window *window, const char *title)
{
    if (window->handle != NULL) {
        SDL_SetWindowTitle(window->handle, title);
    }
}

bool window_is_fullscreen(const struct window *window)
{
    return window->handle != NULL && (SDL_GetWindowFlags(window->handle) &
                                      SDL_WINDOW_FULLSCREEN_DESKTOP) != 0;
}

void window_toggle_fullscreen(struct window *window)
{
    if (window->handle != NULL) {
        SDL_SetWindowFullscreen(
            window->handle,
            window_is_fullscreen(window) ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    }
}

/* ---- Events. */

static void look_at(struct window *window, const SDL_Event *event)
{
    if (event->type == window->wake_type) {
        SDL_AtomicSet(&window->is_waking, 0);
    } else if (event->type == SDL_RENDER_DEVICE_RESET ||
               event->type == SDL_RENDER_TARGETS_RESET) {
        window->is_lost = true;
    }
}

bool window_wait(struct window *window, SDL_Event *event, int timeout_ms)
{
    bool has_event = timeout_ms < 0
                         ? SDL_WaitEvent(event) != 0
                         : SDL_WaitEventTimeout(event, timeout_ms) != 0;
    if (has_event) {
        look_at(window, event);
    }
    return has_event;
}

bool window_poll(struct window *window, SDL_Event *event)
{
    bool has_event = SDL_PollEvent(event) != 0;
    if (has_event) {
        look_at(window, event);
    }
    return has_event;
}

void window_wake(struct window *window)
{
    SDL_Event event = {.type = window->wake_type};
    if (SDL_AtomicCAS(&window->is_waking, 0, 1) && SDL_PushEvent(&event) < 1) {
        SDL_AtomicSet(&window->is_waking, 0); /* a full queue wakes anyway */
    }
}

uint32_t window_wake_type(const struct window *window)
{
    return window->wake_type;
}

/* ---- Drawing. */

void window_begin(struct window *window, ui_colour clear)
{
    if (window->is_lost) {
        window_recover(window, NULL);
    }
    if (window->renderer == NULL) {
        return;
    }
    SDL_SetRenderDrawColor(window->renderer, (Uint8)(clear >> 24),
                           (Uint8)(clear >> 16), (Uint8)(clear >> 8), 255);
    SDL_RenderClear(window->renderer);
}

void window_present(struct window *window)
{
    SDL_RenderPresent(window->renderer);
}

nmf_status window_shot(nmf_image *out, struct window *window, nmf_error *err)
{
    int width = 0;
    int height = 0;
    window_size(window, &width, &height);
    memset(out, 0, sizeof *out);
    nmf_status status =
        nmf_image_init(out, (size_t)width, (size_t)height, 3, err);
    if (status != NMF_OK) {
        return status;
    }
    size_t n = out->width * out->height * 3;
    unsigned char *bytes = malloc(n);
    SDL_ClearError();
    if (bytes == NULL) {
        status = fail(err, NMF_ERR_MEMORY, "no memory for the picture");
    } else if (SDL_RenderReadPixels(window->renderer, NULL,
                                    SDL_PIXELFORMAT_RGB24, bytes,
                                    width * 3) != 0) {
        status = fail(err, NMF_ERR_IO, "cannot read the window's pixels");
    } else {
        for (size_t i = 0; i < n; i++) {
            out->pixels[i] = (float)bytes[i] / 255.0F;
        }
    }
    free(bytes);
    if (status != NMF_OK) {
        nmf_image_release(out);
    }
    return status;
}

unsigned window_generation(const struct window *window)
{
    return window->generation;
}

nmf_status window_recover(struct window *window, nmf_error *err)
{
    if (window->renderer != NULL) {
        SDL_DestroyRenderer(window->renderer);
        window->renderer = NULL;
    }
    return create_renderer(window, err);
}

/* ---- Textures. */

bool texture_is_current(const struct window *window,
                        const struct texture *texture)
{
    return texture->handle != NULL && texture->generation == window->generation;
}

void texture_release(struct window *window, struct texture *texture)
{
    /* With a renderer that is gone its textures went, too. */
    if (texture_is_current(window, texture)) {
        SDL_DestroyTexture(texture->handle);
    }
    *texture = (struct texture){0};
}

static bool texture_fit(struct window *window, struct texture *texture,
                        int width, int height)
{
    if (texture_is_current(window, texture) && texture->width == width &&
        texture->height == height) {
        return true;
    }
    texture_release(window, texture);
    texture->handle =
        SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_ARGB8888,
                          SDL_TEXTUREACCESS_STREAMING, width, height);
    texture->width = width;
    texture->height = height;
    texture->generation = window->generation;
    return texture->handle != NULL;
}

/* One row; returns the AND of all alphas: 255 where nothing shines through. */
static uint8_t convert_row(uint8_t *to, const uint8_t *rgba, size_t width)
{
    uint8_t alpha = 255;
    for (size_t x = 0; x < width; x++) {
        const uint8_t *from = rgba + x * 4;
        uint32_t argb = (uint32_t)from[3] << 24 | (uint32_t)from[0] << 16 |
                        (uint32_t)from[1] << 8 | from[2];
        memcpy(to + x * 4, &argb, sizeof argb);
        alpha &= from[3];
    }
    return alpha;
}

nmf_status texture_update(struct window *window, struct texture *texture,
                          const uint8_t *rgba, int width, int height,
                          bool is_smooth, nmf_error *err)
{
    void *pixels = NULL;
    int pitch = 0;
    uint8_t alpha = 255;
    SDL_ClearError();
    if (!texture_fit(window, texture, width, height) ||
        SDL_LockTexture(texture->handle, NULL, &pixels, &pitch) != 0) {
        return fail(err, NMF_ERR_MEMORY, "no texture");
    }
    for (int y = 0; y < height; y++) {
        alpha &=
            convert_row((uint8_t *)pixels + (size_t)y * (size_t)pitch,
                        rgba + (size_t)y * (size_t)width * 4, (size_t)width);
    }
    SDL_UnlockTexture(texture->handle);
    SDL_SetTextureScaleMode(texture->handle, is_smooth ? SDL_ScaleModeLinear
                                                       : SDL_ScaleModeNearest);
    SDL_SetTextureBlendMode(texture->handle, alpha == 255
                                                 ? SDL_BLENDMODE_NONE
                                                 : SDL_BLENDMODE_BLEND);
    return NMF_OK;
}
