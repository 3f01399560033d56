/* The life of the viewer's state, and its frames: app.h. */
#include "app_private.h"

#include "app_session.h"

#include "gate.h"
#include "scene_alloc.h"
#include "whole_factors.h"

#include "report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 1024 /* of the trace, a frame */ };

/* Frames a second where clocks stand; parts a second of the build-up. */
#define FROZEN_RATE 30.0
#define PLAY_RATE 6.0

/* ---- life ---- */

static struct app_look first_look(const struct view_options *view)
{
    const struct app_look look = {
        .part = -1,
        .order = SCENE_ORDER_ENERGY,
        .colours = NMF_COLORMAP_GREY,
        .theme = (int)view->theme,
        .ui_scale = view->scale > 0.0 ? (float)view->scale : 1.0F,
        .has_heat = true,
        .wipe = 0.5F,
        .grid_zoom = 1.0F,
        .is_fitted = true,
        .view = {0.0, 0.0, 1.0},
    };
    return look;
}

nmf_status app_create(struct app **out, const struct view_options *view,
                      void (*wake)(void *), void *context, nmf_error *err)
{
    struct app *app = calloc(1, sizeof *app);
    *out = NULL;
    if (!app) {
        return scene_out_of_memory(err);
    }
    app->view = *view;
    app->is_frozen = view->headless;
    app->look = first_look(view);
    app->solo = -1;
    app->part_error = NAN;
    app->wake = wake;
    app->wake_context = context;
    nmf_status status =
        app_create_options(app) ? NMF_OK : scene_out_of_memory(err);
    if (status == NMF_OK) {
        status = worker_create(&app->worker, wake, context, err);
    }
    if (status == NMF_OK) {
        status = loader_create(&app->loader, wake, context, err);
    }
    if (status == NMF_OK) {
        status = weigher_create(&app->weigher, wake, context, err);
    }
    if (status == NMF_OK) {
        app->history = history_create(err);
        status = app->history ? NMF_OK : NMF_ERR_MEMORY;
    }
    if (status != NMF_OK) {
        app_free(app, 1.0);
        return status;
    }
    *out = app;
    return NMF_OK;
}

bool app_free(struct app *app, double seconds)
{
    if (!app) {
        return true;
    }
    /* All are told at once. One that is left behind may still read what it was
     * given. */
    const double deadline = gate_now() + seconds;
    if (app->weigher) {
        (void)weigher_stop(app->weigher, 0.0);
    }
    if (app->loader) {
        (void)loader_stop(app->loader, 0.0);
    }
    bool worker_ended = !app->worker || worker_stop(app->worker, seconds);
    bool loader_ended =
        !app->loader || loader_stop(app->loader, deadline - gate_now());
    bool weigher_ended =
        !app->weigher || weigher_stop(app->weigher, deadline - gate_now());
    record_abort(&app->record);
    app_session_drop(app);
    app_release_shown(app);
    app_free_undo(app);
    if (worker_ended) {
        worker_free(app->worker);
    }
    if (loader_ended) {
        loader_free(app->loader);
    }
    if (weigher_ended) {
        weigher_free(app->weigher);
    }
    history_free(app->history);
    shared_data_drop(app->data);
    app_close_model(app);
    app_free_texts(app->inputs, app->n_inputs);
    app_free_texts(app->loading, app->n_loading);
    app_free_options(app);
    free(app);
    return worker_ended && loader_ended && weigher_ended;
}

/* ---- messages ---- */

static void say(struct app *app, bool is_warning, const char *format,
                va_list arguments)
{
    vsnprintf(app->message, sizeof app->message, format, arguments);
    app->is_warning = is_warning;
    app->message_age = 0.0;
}

void app_say(struct app *app, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(app, false, format, arguments);
    va_end(arguments);
}

bool app_warn(struct app *app, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(app, true, format, arguments);
    va_end(arguments);
    report_failure("%s", app->message);
    return false;
}

bool app_do(struct app *app, const char *format, ...)
{
    char line[APP_LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof line) {
        return app_warn(app, "a command of more than %d bytes",
                        APP_LINE_SIZE - 1);
    }
    return command_run(app, line);
}

/* ---- frames ---- */

static bool take_from_loader(struct app *app)
{
    struct loader_result result = {0};
    nmf_error err = {0};
    switch (loader_poll(app->loader, &result, &err)) {
    case LOADER_DONE:
        app->is_loading = false;
        app_take_loaded(app, &result);
        loader_result_release(&result);
        return true;
    case LOADER_FAILED:
        app->is_loading = false;
        app_take_failure(app, &err);
        return true;
    case LOADER_BUSY:
    case LOADER_IDLE:
        break;
    }
    return app->is_loading;
}

/* Points of the trace since the last frame. */
static void take_trace(struct app *app)
{
    struct trace_point points[MAX_POINTS];
    double spent = (double)app->spent_iter;
    double next = history_last_iter(app->history) + 1.0 - spent;
    size_t n = worker_trace(app->worker, points, next, MAX_POINTS);
    for (size_t i = 0; i < n; i++) {
        if (app->is_frozen) {
            points[i].seconds = points[i].iter / FROZEN_RATE;
        }
        points[i].iter += spent;
        points[i].seconds += app->spent_seconds;
        history_append(app->history, points[i]);
    }
}

/* Clocks stand where pictures are to be the same every time. */
static void freeze(struct worker_snapshot *snapshot)
{
    snapshot->wall_seconds = (double)snapshot->n_iter / FROZEN_RATE;
    snapshot->cpu_seconds = snapshot->wall_seconds;
    snapshot->iterations_per_second = FROZEN_RATE;
}

static bool take_from_worker(struct app *app)
{
    struct worker_snapshot snapshot;
    bool is_new = worker_poll(app->worker, &snapshot);
    if (is_new && snapshot.H) {
        if (app->is_frozen) {
            freeze(&snapshot);
        }
        snapshot.n_iter += app->spent_iter;
        snapshot.wall_seconds += app->spent_seconds;
        app->snapshot = snapshot;
        app_show_snapshot(app);
    }
    take_trace(app);
    return is_new;
}

/* A fit that could not begin: say why, and go back to what there was. */
static bool take_refusal(struct app *app)
{
    nmf_error err = {0};
    if (worker_state(app->worker) != WORKER_FAILED ||
        app->refused == worker_fit_number(app->worker)) {
        return false;
    }
    app->refused = worker_fit_number(app->worker);
    worker_error(app->worker, &err);
    app_revert(app);
    app_warn(app, "%s", err.message);
    return true;
}

/* The build-up, part by part. */
static bool move(struct app *app, double seconds)
{
    const scene_buildup *buildup = app->play.is_on ? app_buildup(app) : NULL;
    if (!buildup) {
        app->play.is_on = false;
        return false;
    }
    double last = (double)buildup->n_used;
    app->play.shown += seconds * PLAY_RATE;
    if (app->play.shown >= last) {
        app->play.shown = last;
        app->play.is_on = false;
    }
    return true;
}

bool app_tick(struct app *app, double seconds)
{
    if (app->is_frozen) {
        seconds = 1.0 / FROZEN_RATE;
    }
    app->message_age += seconds;
    bool changed = take_from_loader(app);
    if (app->is_frozen) {
        app_advance_frozen(app);
    }
    changed = take_from_worker(app) || changed;
    changed = take_refusal(app) || changed;
    changed = app_take_weight(app) || changed;
    return move(app, seconds) || changed;
}

bool app_is_moving(const struct app *app)
{
    return app->play.is_on || app->is_loading;
}

void app_settle(struct app *app)
{
    const double long_time = 3600.0;
    while (app->is_loading) {
        loader_wait(app->loader, long_time);
        take_from_loader(app);
    }
    if (!app->runs) {
        worker_wait(app->worker, long_time);
    }
    take_from_worker(app);
    take_refusal(app);
}

/* ---- what panels ask for ---- */

bool app_has_model(const struct app *app)
{
    return app->model.model || app->model.decomposition;
}

nmf_method app_method(const struct app *app)
{
    return app->snapshot.method;
}

struct app_part_name app_part_name(const struct app *app, size_t t)
{
    struct app_part_name name = {.text = "mean"};
    if (t >= whole_factors_extra(app_method(app))) {
        snprintf(name.text, sizeof name.text, "%zu", t);
    }
    return name;
}

const nmf_dataset *app_set(const struct app *app)
{
    return app->shown ? shared_data_set(app->shown) : NULL;
}

size_t app_n_pictures(const struct app *app)
{
    size_t n = 0;
    if (app_set(app)) {
        nmf_dataset_pictures(app_set(app), &n);
    }
    return n;
}

/* Where a name begins, without its folders, or with the last one. */
static const char *short_name(const char *name, bool with_folder)
{
    const char *start = name;
    const char *folder = name;
    for (const char *at = name; *at; at++) {
        if (*at == '/' && at[1]) {
            folder = start;
            start = at + 1;
        }
    }
    return with_folder ? folder : start;
}

/* Are there pictures of more than one folder? They are in order. */
static bool has_folders(const nmf_picture *pictures, size_t n)
{
    const char *first = pictures[0].name;
    const char *last = pictures[n - 1].name;
    ptrdiff_t length = short_name(first, false) - first;
    return short_name(last, false) - last != length ||
           strncmp(first, last, (size_t)length) != 0;
}

const char *app_picture_name(const struct app *app, size_t p)
{
    size_t n = 0;
    if (p >= app_n_pictures(app)) {
        return "";
    }
    const nmf_picture *pictures = nmf_dataset_pictures(app_set(app), &n);
    return short_name(pictures[p].name, has_folders(pictures, n));
}

const char *app_state_name(const struct app *app)
{
    switch (worker_state(app->worker)) {
    case WORKER_RUNNING:
        return "learning";
    case WORKER_PAUSED:
        return app->runs ? "learning" : "paused";
    case WORKER_FAILED:
        return "stopped";
    case WORKER_EMPTY:
        return app_has_model(app) ? "a model" : "empty";
    case WORKER_DONE:
        break;
    }
    if (app_method(app) != NMF_METHOD_NMF) {
        return "done";
    }
    switch (worker_reason(app->worker)) {
    case NMF_STOP_TOL:
        return "converged";
    case NMF_STOP_DECREASE:
        return "hardly changes";
    case NMF_STOP_VALIDATION:
        return "predicts no better";
    case NMF_STOP_MAX_ITER:
        return "all iterations done";
    case NMF_STOP_MAX_SECONDS:
        return "time is up";
    default:
        return "done";
    }
}

void app_title(const struct app *app, char *out, size_t size)
{
    if (!app->title[0]) {
        snprintf(out, size, "nmfimg");
    } else if (!app->parts.k) {
        snprintf(out, size, "%s - nmfimg", app->title);
    } else {
        snprintf(out, size, "%s: %zu parts, iteration %zu, %s - nmfimg",
                 app->title, app->parts.k, app->snapshot.n_iter,
                 app_state_name(app));
    }
}

double app_ssim(struct app *app)
{
    return app->picture.k ? scene_picture_ssim(&app->picture) : (double)NAN;
}

size_t app_users(const struct app *app, scene_user *out, size_t n)
{
    if (!app->users.data || app->look.part < 0) {
        return 0;
    }
    return scene_users_find(&app->users, (size_t)app->look.part, SCENE_BY_SHARE,
                            out, n);
}
