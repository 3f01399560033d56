/*
 * What the whole viewer costs, drawn into memory by SDL's software renderer at
 * 1280 x 800:
 *
 *     OMP_WAIT_POLICY=passive bench_viewer INPUT K [SECONDS [FONT.ttf]]
 *
 * Processor time of a frame, of the thread that draws, while the solver rests
 * and while it runs with as many threads as there are processors; the time from
 * a key to the end of the frame that shows it, by the clock on the wall; and
 * iterations a second beside a plain nmf_fit() of the same start, in turns.
 */
#include "gate.h"
#include "screen.h"
#include "typeface.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 1280, HEIGHT = 800, MAX_FRAMES = 4096, ROUNDS = 3 };

static const double FRAME = 1.0 / 30.0;

struct bench {
    struct window *window;
    struct app *app;
    struct screen *screen;
    double cpu_ms[MAX_FRAMES];
    double latency_ms[MAX_FRAMES];
    size_t n;
    size_t n_latencies;
};

static double thread_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void sleep_until(double time)
{
    double left = time - gate_now();
    if (left > 0.0) {
        struct timespec wait = {.tv_nsec = (long)(left * 1e9)};
        nanosleep(&wait, NULL);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *what, double *ms, size_t n)
{
    qsort(ms, n, sizeof *ms, by_size);
    printf("%-34s median %6.2f ms  95%% %6.2f ms  most %6.2f ms  (%zu)\n", what,
           ms[n / 2], ms[n * 95 / 100], ms[n - 1], n);
}

/* ---- frames ---- */

static void frame(struct bench *b)
{
    double begin = thread_ms();
    app_tick(b->app, FRAME);
    screen_draw(b->screen, FRAME);
    window_present(b->window);
    if (b->n < MAX_FRAMES) {
        b->cpu_ms[b->n++] = thread_ms() - begin;
    }
}

/* Frames at 30 a second; a key somewhere within each fourth of them. */
static void frames(struct bench *b, double seconds, bool with_keys)
{
    double end = gate_now() + seconds;
    unsigned chance = 1;
    for (size_t i = 0; gate_now() < end; i++) {
        double begin = gate_now();
        double pressed = 0.0;
        if (with_keys && i % 4 == 0) {
            chance = chance * 1664525U + 1013904223U;
            sleep_until(begin + FRAME * (chance >> 8) / 16777216.0);
            pressed = gate_now();
            app_do(b->app, "select next");
        }
        sleep_until(begin + FRAME);
        frame(b);
        if (pressed > 0.0 && b->n_latencies < MAX_FRAMES) {
            b->latency_ms[b->n_latencies++] = (gate_now() - pressed) * 1e3;
        }
    }
}

static void forget(struct bench *b)
{
    b->n = b->n_latencies = 0;
}

/* ---- beside a plain fit ---- */

struct plain {
    double end;
    size_t n_iter;
};

static bool look(const nmf_progress *progress, void *context)
{
    struct plain *plain = context;
    plain->n_iter = progress->n_iter;
    return gate_now() < plain->end;
}

static double plain_rate(struct bench *b, double seconds)
{
    struct plain plain = {.end = gate_now() + seconds};
    double begin = gate_now();
    nmf_model *model = NULL;
    nmf_options options = fit_options_convert(&b->app->view.fit);
    options.n_components = b->app->parts.k;
    options.callback = look;
    options.callback_context = &plain;
    nmf_fit(&model, shared_data_matrix(b->app->data), &options, NULL);
    nmf_model_free(model);
    return (double)plain.n_iter / (gate_now() - begin);
}

static double viewer_rate(struct bench *b, double seconds)
{
    app_do(b->app, "restart");
    double begin = gate_now();
    frames(b, seconds, false);
    app_do(b->app, "pause");
    app_settle(b->app);
    return (double)b->app->snapshot.n_iter / (gate_now() - begin);
}

static void compare_rates(struct bench *b, double seconds)
{
    for (int i = 0; i < ROUNDS; i++) {
        double plain = plain_rate(b, seconds);
        double viewer = viewer_rate(b, seconds);
        printf("iterations a second: viewer %.1f, nmf_fit %.1f, ratio %.2f\n",
               viewer, plain, viewer / plain);
    }
}

/* ---- all of it ---- */

static void measure(struct bench *b, double seconds)
{
    frames(b, 1.0, false);
    app_do(b->app, "pause");
    app_settle(b->app);
    frames(b, 0.5, false);
    forget(b);
    frames(b, seconds, false);
    print_times("frame, solver resting", b->cpu_ms, b->n);
    app_do(b->app, "part 3");
    forget(b);
    app_do(b->app, "run");
    frames(b, seconds, true);
    print_times("frame, solver running", b->cpu_ms, b->n);
    print_times("from key to picture, running", b->latency_ms, b->n_latencies);
    for (int tab = 0; tab < APP_N_TABS; tab++) {
        char what[40];
        b->app->look.tab = tab;
        snprintf(what, sizeof what, "frame, running, tab %d", tab + 1);
        forget(b);
        frames(b, seconds / 2, false);
        print_times(what, b->cpu_ms, b->n);
    }
    app_do(b->app, "pause");
    compare_rates(b, seconds);
}

static nmf_status create(struct bench *b, const char *input, size_t k,
                         const char *font, nmf_error *err)
{
    struct window_options window = {
        .width = WIDTH, .height = HEIGHT, .is_headless = true};
    struct view_options view = view_options_default();
    view.fit.n_components = k;
    view.fit.tol = 0.0;
    view.fit.max_iter = 1000000000;
    nmf_status status = window_open(&b->window, &window, err);
    if (status == NMF_OK) {
        status = app_create(&b->app, &view, NULL, NULL, err);
    }
    if (status == NMF_OK) {
        status = screen_create(&b->screen, b->window, b->app, font, err);
    }
    if (status == NMF_OK) {
        app_open_paths(b->app, &input, 1);
        while (b->app->is_loading) {
            sleep_until(gate_now() + FRAME);
            app_tick(b->app, FRAME);
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    static struct bench b;
    static char face[4096];
    nmf_error err = {0};
    if (argc < 3) {
        fprintf(stderr, "bench_viewer INPUT K [SECONDS [FONT.ttf]]\n");
        return 2;
    }
    const char *font = argc > 4                           ? argv[4]
                       : typeface_find(face, sizeof face) ? face
                                                          : NULL;
    if (create(&b, argv[1], strtoul(argv[2], NULL, 10), font, &err) != NMF_OK ||
        !b.app->data) {
        fprintf(stderr, "bench_viewer: %s\n", err.message);
        return 1;
    }
    measure(&b, argc > 3 ? strtod(argv[3], NULL) : 5.0);
    screen_free(b.screen);
    app_free(b.app, 60.0);
    window_free(b.window);
    return 0;
}
