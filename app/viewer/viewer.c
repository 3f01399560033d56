/*
 * nmfimg-viewer: a window in which parts are learned and looked at; with
 * --headless the same frames in memory. The command line is view_options.h,
 * what can be done commands.h.
 */
#include "cmd.h"
#include "input.h"
#include "interrupt.h"
#include "output.h"
#include "report.h"
#include "screen.h"
#include "script.h"
#include "stdin_file.h"
#include "view_options.h"
#include "wait_asleep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_SECONDS (1.0 / 30.0)
/* How long the end waits for an iteration under way. */
#define QUIT_SECONDS 0.1

struct viewer {
    struct view_options view;
    struct window *window;
    struct app *app;
    struct screen *screen;
    struct script *script; /* NULL: none */
    struct input input;
};

static double now(void)
{
    return (double)SDL_GetPerformanceCounter() /
           (double)SDL_GetPerformanceFrequency();
}

static void wake(void *context)
{
    struct viewer *viewer = context;
    window_wake(viewer->window);
}

/* ---- life ---- */

static nmf_status open_window(struct viewer *viewer, nmf_error *err)
{
    const struct window_options options = {
        .title = "nmfimg",
        .width = (int)viewer->view.window.width,
        .height = (int)viewer->view.window.height,
        .is_headless = viewer->view.headless,
    };
    return window_open(&viewer->window, &options, err);
}

static nmf_status create(struct viewer *viewer, nmf_error *err)
{
    const struct view_options *view = &viewer->view;
    nmf_status status = NMF_OK;
    if (view->script) {
        status = script_load(&viewer->script, view->script, err);
    }
    if (status == NMF_OK) {
        status = open_window(viewer, err);
    }
    if (status == NMF_OK) {
        status = app_create(&viewer->app, view, view->headless ? NULL : wake,
                            viewer, err);
    }
    if (status == NMF_OK) {
        status = screen_create(&viewer->screen, viewer->window, viewer->app,
                               view->font, err);
    }
    return status;
}

/* False: something still runs, and the process is to end at once. */
static bool release(struct viewer *viewer)
{
    screen_free(viewer->screen);
    bool ended = app_free(viewer->app, QUIT_SECONDS);
    script_free(viewer->script);
    input_release(&viewer->input);
    if (ended) {
        window_free(viewer->window);
        view_release(&viewer->view);
    }
    return ended;
}

/* ---- a frame ---- */

static void save_shot(struct viewer *viewer, const nmf_image *frame)
{
    struct app *app = viewer->app;
    nmf_error err = {0};
    if (nmf_image_save(app->shot_path, frame, app->shot_overwrite, &err) ==
        NMF_OK) {
        app_say(app, "the window is in %s", app->shot_path);
    } else {
        app_warn(app, "%s", err.message);
    }
    app->shot_path[0] = '\0';
}

/* What is to be kept of this frame. */
static void keep_frame(struct viewer *viewer, double seconds)
{
    nmf_image frame = {0};
    nmf_error err = {0};
    if (!app_is_recording(viewer->app) && !viewer->app->shot_path[0]) {
        return;
    }
    if (window_shot(&frame, viewer->window, &err) != NMF_OK) {
        app_warn(viewer->app, "%s", err.message);
        viewer->app->shot_path[0] = '\0';
        return;
    }
    if (viewer->app->shot_path[0]) {
        save_shot(viewer, &frame);
    }
    app_record_frame(viewer->app, &frame, seconds);
    nmf_image_release(&frame);
}

static void draw_frame(struct viewer *viewer, double seconds)
{
    app_tick(viewer->app, seconds);
    screen_draw(viewer->screen, seconds);
    keep_frame(viewer, seconds);
    window_present(viewer->window);
}

/* ---- in a window ---- */

static void set_title(struct viewer *viewer)
{
    char title[256];
    app_title(viewer->app, title, sizeof title);
    window_set_title(viewer->window, title);
}

static bool take_events(struct viewer *viewer, int timeout_ms)
{
    SDL_Event event;
    if (!window_wait(viewer->window, &event, timeout_ms)) {
        return false;
    }
    do {
        input_take(&viewer->input, viewer->app, &event);
    } while (window_poll(viewer->window, &event));
    return true;
}

/* Frames are drawn when something happened, and no more often than the eye
 * needs; else the program sleeps. */
static int run_window(struct viewer *viewer)
{
    double last = now() - FRAME_SECONDS;
    bool is_due = true;
    while (!viewer->app->quits) {
        double wait = last + FRAME_SECONDS - now();
        int timeout_ms = !is_due ? -1 : wait > 0.0 ? (int)(wait * 1e3) + 1 : 0;
        is_due = take_events(viewer, timeout_ms) || is_due;
        double time = now();
        if (is_due && time - last >= FRAME_SECONDS) {
            draw_frame(viewer, time - last);
            set_title(viewer);
            last = time;
            is_due = screen_wants_redraw(viewer->screen) ||
                     app_is_moving(viewer->app);
        }
    }
    return REPORT_DONE;
}

/* ---- without one ---- */

static int fail(const nmf_error *err)
{
    return report_error(err);
}

/* Is there another frame to draw after n? */
static bool goes_on(const struct viewer *viewer, size_t n)
{
    const struct app *app = viewer->app;
    if (app->quits || interrupt_seen()) {
        return false;
    }
    if (viewer->script && !script_is_done(viewer->script, app)) {
        return true;
    }
    if (viewer->view.frames > 0) {
        return n < viewer->view.frames;
    }
    return !viewer->script && app->runs;
}

static int save_screenshot(struct viewer *viewer)
{
    nmf_image frame = {0};
    nmf_error err = {0};
    if (!viewer->view.screenshot) {
        return REPORT_DONE;
    }
    nmf_status status = window_shot(&frame, viewer->window, &err);
    if (status == NMF_OK) {
        status = nmf_image_save(viewer->view.screenshot, &frame,
                                viewer->view.common.force, &err);
    }
    nmf_image_release(&frame);
    return status == NMF_OK ? REPORT_DONE : fail(&err);
}

static int draw_frames(struct viewer *viewer)
{
    nmf_error err = {0};
    size_t n = 0;
    do {
        if (viewer->script && !script_advance(viewer->script, viewer->app,
                                              &viewer->input, &err)) {
            return fail(&err);
        }
        app_settle(viewer->app);
        draw_frame(viewer, FRAME_SECONDS);
        n++;
    } while (goes_on(viewer, n));
    /* The last frame once more, as it stands, for the picture of it. */
    screen_draw(viewer->screen, 0.0);
    return save_screenshot(viewer);
}

/* Ctrl-C ends it after the frame, and keeps what was recorded. */
static int run_headless(struct viewer *viewer)
{
    interrupt_watch();
    app_settle(viewer->app);
    if (!viewer->app->data && !app_has_model(viewer->app)) {
        return REPORT_FAILED; /* which was said */
    }
    if (viewer->view.record &&
        !app_do(viewer->app, "record \"%s\"", viewer->view.record)) {
        return REPORT_FAILED;
    }
    int status = draw_frames(viewer);
    app_record_stop(viewer->app);
    return interrupt_seen() ? REPORT_INTERRUPTED : status;
}

/* ---- main ---- */

/* "-" among the inputs: standard input, as a file. */
static bool read_stdin(struct view_options *view)
{
    for (size_t i = 0; i < view->inputs.count; i++) {
        const char *path =
            stdin_file_path(view->inputs.items[i], view->common.max_memory);
        if (!path) {
            return false;
        }
        view->inputs.items[i] = (char *)path;
    }
    return true;
}

static int run(struct viewer *viewer)
{
    nmf_error err = {0};
    if (!read_stdin(&viewer->view)) {
        return REPORT_FAILED;
    }
    if (create(viewer, &err) != NMF_OK) {
        return fail(&err);
    }
    app_open_paths(viewer->app, (const char *const *)viewer->view.inputs.items,
                   viewer->view.inputs.count);
    int status =
        viewer->view.headless ? run_headless(viewer) : run_window(viewer);
    app_record_stop(viewer->app);
    return status;
}

int main(int argc, char **argv)
{
    wait_asleep(argv);
    struct viewer viewer = {.view = view_options_default()};
    int status = cmd_select_kernels();
    if (status == REPORT_DONE) {
        status = view_parse(&viewer.view, argc, argv);
    }
    if (status == OPT_PROCEED) {
        status = run(&viewer);
    }
    if (!release(&viewer)) {
        fflush(NULL);
        _Exit(status);
    }
    return report_finish(status);
}
