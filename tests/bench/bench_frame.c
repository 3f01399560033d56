/*
 * Processor time of a frame of the viewer's kind, with SDL's software renderer:
 *     bench_frame [WIDTH HEIGHT [N_FRAMES]]
 * 60 pictures of 64 x 64, 12 sliders, a curve of 300 points, 60 lines of text;
 * a line for the whole and one for each part left out. The clock is that of the
 * thread, so that other programs matter less.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "typeface.h"
#include "ui.h"
#include "window.h"

enum {
    N_PICTURES = 60,
    SIDE = 64,
    N_POINTS = 300,
    N_LINES = 60,
    N_SLIDERS = 12
};

/* Parts of the frame. */
enum { PICTURES = 1, SLIDERS = 2, CURVE = 4, TEXT = 8, ALL = 15 };

struct bench {
    struct window *window;
    struct texture pictures[N_PICTURES];
    float values[N_SLIDERS];
    float curve[2 * N_POINTS];
    int width;
    int height;
};

static double thread_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool make_pictures(struct bench *b, nmf_error *err)
{
    static uint8_t rgba[SIDE * SIDE * 4];
    for (int p = 0; p < N_PICTURES; p++) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            uint8_t value = (uint8_t)((i % SIDE) * (p + 1) + i / SIDE);
            rgba[i * 4] = value;
            rgba[i * 4 + 1] = (uint8_t)(value / 2);
            rgba[i * 4 + 2] = (uint8_t)(255 - value);
            rgba[i * 4 + 3] = 255;
        }
        if (texture_update(b->window, &b->pictures[p], rgba, SIDE, SIDE, false,
                           err) != NMF_OK) {
            return false;
        }
    }
    return true;
}

static void draw_pictures(struct bench *b, ui_rect place)
{
    if (ui_panel_begin("parts", "Parts", place)) {
        for (int i = 0; i < N_PICTURES; i++) {
            ui_push_id(i);
            if (i % 10 != 0) {
                ui_same_line();
            }
            ui_canvas canvas = ui_canvas_make("part", SIDE, SIDE);
            ui_draw_texture(b->pictures[i].handle, canvas.place, 0, 0, 1, 1,
                            0xFFFFFFFF);
            ui_draw_frame(canvas.place, ui_role_colour(UI_ROLE_LINE), 1);
            ui_pop_id();
        }
    }
    ui_panel_end();
}

static void draw_sliders(struct bench *b, ui_rect place)
{
    if (ui_panel_begin("weights", "Weights", place)) {
        for (int i = 0; i < N_SLIDERS; i++) {
            ui_push_id(i);
            ui_next_width(150);
            ui_slider_float("part", &b->values[i], 0, 1, "%.3f");
            ui_pop_id();
        }
    }
    ui_panel_end();
}

static void draw_text(ui_rect place)
{
    if (ui_panel_begin("model", "Model", place)) {
        for (int i = 0; i < N_LINES; i++) {
            ui_rect rest = ui_rest();
            ui_draw_text(rest.x, place.y + 30 + (float)i * 12, 1,
                         ui_role_colour(UI_ROLE_TEXT),
                         "iteration 123  error 0.1234");
        }
    }
    ui_panel_end();
}

static void draw_curve(struct bench *b, ui_rect place)
{
    if (ui_panel_begin("curve", "Error", place)) {
        ui_rect rest = ui_rest();
        ui_draw_fill(rest, ui_role_colour(UI_ROLE_FRAME));
        for (int i = 0; i < N_POINTS; i++) {
            float t = (float)i / (N_POINTS - 1);
            b->curve[2 * i] = rest.x + t * rest.w;
            b->curve[2 * i + 1] = rest.y + rest.h * (1 - 0.9F * expf(-5 * t));
        }
        ui_draw_polyline(b->curve, N_POINTS, ui_series_colour(0), 2);
    }
    ui_panel_end();
}

static void draw(struct bench *b, unsigned parts)
{
    float w = (float)b->width;
    float h = (float)b->height;
    window_begin(b->window, ui_role_colour(UI_ROLE_PAGE));
    ui_begin_frame(b->width, b->height, 1, 1.0 / 30);
    if (parts & TEXT) {
        draw_text((ui_rect){0, 0, 250, h});
    }
    if (parts & PICTURES) {
        draw_pictures(b, (ui_rect){250, 0, w - 500, h - 250});
    }
    if (parts & SLIDERS) {
        draw_sliders(b, (ui_rect){w - 250, 0, 250, h - 250});
    }
    if (parts & CURVE) {
        draw_curve(b, (ui_rect){250, h - 250, w - 250, 250});
    }
    ui_end_frame();
    window_present(b->window);
}

static void measure(struct bench *b, const char *name, unsigned parts, int n)
{
    double *ms = malloc((size_t)n * sizeof *ms);
    if (ms == NULL) {
        return;
    }
    draw(b, parts);
    draw(b, parts);
    for (int i = 0; i < n; i++) {
        double before = thread_ms();
        draw(b, parts);
        ms[i] = thread_ms() - before;
    }
    qsort(ms, (size_t)n, sizeof *ms, by_size);
    printf("frame %-16s %dx%d median_ms=%.2f p95_ms=%.2f max_ms=%.2f\n", name,
           b->width, b->height, ms[n / 2], ms[n * 95 / 100], ms[n - 1]);
    free(ms);
}

int main(int argc, char **argv)
{
    struct bench b = {.width = 1280, .height = 800};
    nmf_error err = {0};
    char face[1024];
    int n_frames = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 200;
    if (argc > 2) {
        b.width = (int)strtol(argv[1], NULL, 10);
        b.height = (int)strtol(argv[2], NULL, 10);
    }
    struct window_options options = {.title = "bench",
                                     .width = b.width,
                                     .height = b.height,
                                     .is_headless = true};
    ui_config config = {typeface_find(face, sizeof face) ? face : NULL, 1.0F,
                        UI_THEME_DARK};
    if (n_frames < 1 || window_open(&b.window, &options, &err) != NMF_OK ||
        !make_pictures(&b, &err)) {
        fprintf(stderr, "bench_frame: %s\n", err.message);
        return 1;
    }
    ui_create(NULL, window_renderer(b.window), &config);
    measure(&b, "all", ALL, n_frames);
    measure(&b, "no_pictures", ALL & ~PICTURES, n_frames);
    measure(&b, "no_sliders", ALL & ~SLIDERS, n_frames);
    measure(&b, "no_curve", ALL & ~CURVE, n_frames);
    measure(&b, "no_text", ALL & ~TEXT, n_frames);
    measure(&b, "nothing", 0, n_frames);
    ui_free();
    window_free(b.window);
    return 0;
}
