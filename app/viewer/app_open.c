/* Commands of opening: pictures, models, sessions; and what came of it. */
#include "app_private.h"

#include "app_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lists of texts ---- */

void app_free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++) {
        free(texts[i]);
    }
    free(texts);
}

char **app_copy_texts(char *const *texts, size_t n)
{
    char **out = n ? calloc(n, sizeof *out) : NULL;
    for (size_t i = 0; out && i < n; i++) {
        out[i] = malloc(strlen(texts[i]) + 1);
        if (!out[i]) {
            app_free_texts(out, i);
            return NULL;
        }
        memcpy(out[i], texts[i], strlen(texts[i]) + 1);
    }
    return out;
}

/* ---- names ---- */

/* The last part of a path, without slashes behind it. */
static void base_name(const char *path, char *out, size_t size)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') {
        end--;
    }
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/') {
        begin--;
    }
    snprintf(out, size, "%.*s", (int)(end - begin), path + begin);
}

static void make_title(struct app *app, char *const *inputs, size_t n)
{
    char name[96];
    base_name(n ? inputs[0] : "", name, sizeof name);
    if (n > 1) {
        snprintf(app->title, sizeof app->title, "%s and %zu more", name, n - 1);
    } else {
        snprintf(app->title, sizeof app->title, "%s", name);
    }
}

/* ---- opening ---- */

bool app_load(struct app *app, const char *const *paths, size_t n,
              const struct load_options *load)
{
    nmf_error err = {0};
    nmf_dataset_options options = load_convert(load, &app->view.common);
    /* The loader hears of what is left out by itself. */
    options.on_skip = NULL;
    options.context = NULL;
    char **copies = app_copy_texts((char *const *)paths, n);
    if (!copies) {
        return app_warn(app, "no memory");
    }
    if (loader_begin(app->loader, paths, n, &options, &err) != NMF_OK) {
        app_free_texts(copies, n);
        return app_warn(app, "%s", err.message);
    }
    app_free_texts(app->loading, app->n_loading);
    app->loading = copies;
    app->n_loading = n;
    app->is_loading = true;
    app->is_reloading = false;
    app->dialog = APP_DIALOG_NONE;
    app_say(app, "opening %s ...", copies[0]);
    return true;
}

bool app_open_paths(struct app *app, const char *const *paths, size_t n)
{
    if (!app_load(app, paths, n, &app->view.load)) {
        return false;
    }
    app_session_drop(app);
    return true;
}

bool app_open(struct app *app, const struct command_args *args)
{
    return app_open_paths(app, args->arg, (size_t)args->n);
}

bool app_browse(struct app *app, const struct command_args *args)
{
    if (args->n) {
        if (strlen(args->arg[0]) >= sizeof app->browse) {
            return app_warn(app, "a path of more than %zu bytes",
                            sizeof app->browse - 1);
        }
        snprintf(app->browse, sizeof app->browse, "%s", args->arg[0]);
    }
    app->dialog = APP_DIALOG_OPEN;
    return true;
}

/* ---- what came of it ---- */

static void tell_set(struct app *app, const struct loader_result *result)
{
    struct load_text about = load_describe(shared_data_set(app->data));
    if (result->n_left_out == 0) {
        app_say(app, "%s: %s", app->title, about.text);
    } else {
        app_say(app, "%s: %s; %zu left out (%s)", app->title, about.text,
                result->n_left_out,
                result->n_notices ? result->notices[0] : "");
    }
}

/* As many parts as asked for, or as the set allows. */
static bool begin_with_set(struct app *app)
{
    const nmf_matrix *X = shared_data_matrix(app->data);
    size_t most = X->rows < X->cols ? X->rows : X->cols;
    bool is_too_many = app->view.fit.n_components > most;
    size_t asked = app->view.fit.n_components;
    if (is_too_many) {
        app->view.fit.n_components = 0;
    }
    if (!app_begin_fit(app, NULL, NULL, !app->view.paused)) {
        return false;
    }
    if (is_too_many) {
        app_warn(app, "%s allows at most %zu parts, not %zu: %zu it is",
                 app->title, most, asked, app_n_components(app));
    }
    return true;
}

/* The parts of a compressed file, as they are in it. */
static bool begin_with_compressed(struct app *app,
                                  const struct loader_result *result)
{
    const nmf_set_info *info = &result->compressed;
    const nmf_matrix *X = shared_data_matrix(app->data);
    app->view.fit.method = NMF_METHOD_NMF;
    app->view.fit.n_components = info->n_components;
    if (!app_begin_fit(app, &result->W, &result->H, false)) {
        return false;
    }
    app_say(app, "%s: %zu pictures in %zu bytes, 1 : %.3g, from %zu parts%s",
            app->title, info->n_images, info->total_bytes,
            (double)X->rows * (double)X->cols / (double)info->total_bytes,
            info->n_components, info->residual_bytes ? " and a residual" : "");
    return true;
}

/* From what the file, the session or the model has; else from the start. */
static bool begin(struct app *app, const struct loader_result *result)
{
    if (app->restoring) {
        return app_session_begin_fit(app);
    }
    if (result->compressed.total_bytes) {
        return begin_with_compressed(app, result);
    }
    return app_model_fits(app) ? app_use_model(app) : begin_with_set(app);
}

static void take_set(struct app *app, struct loader_result *result)
{
    bool had_data = app->data != NULL;
    if (had_data && !app->is_reloading) {
        app_remember(app, true, "open %s", app->loading[0]);
    }
    shared_data_drop(app->data);
    app->data = result->data;
    result->data = NULL;
    app->geometry = *nmf_dataset_geometry(shared_data_set(app->data));
    app_free_texts(app->inputs, app->n_inputs);
    app->inputs = app->loading;
    app->n_inputs = app->n_loading;
    app->loading = NULL;
    app->n_loading = 0;
    make_title(app, app->inputs, app->n_inputs);
    app->look.picture = 0;
    app->look.part = -1;
    app->look.is_fitted = true;
    app->is_mixed = false;
    app->solo = -1;
    history_clear(app->history, false);
    tell_set(app, result);
    bool done = begin(app, result);
    if (!done) {
        app_session_drop(app);
    }
    if (!done && had_data) {
        app_revert(app);
    }
}

/* The model of a session that is shown without its pictures. */
static void show_session_model(struct app *app)
{
    app_close_model(app);
    app_session_without_pictures(app, &app->model);
    app->geometry = app->model.geometry;
    make_title(app, app->loading, app->n_loading);
    app_show_model(app);
}

/* False: its pictures are being loaded, or it cannot be opened. */
static bool is_model_alone(struct app *app, struct loader_result *result)
{
    if (result->file.view_size == 0) {
        return true;
    }
    return app_session_open(app, &result->file, app->loading[0]) &&
           !app->is_loading && app_session_without_pictures(app, &result->file);
}

void app_take_failure(struct app *app, const nmf_error *err)
{
    if (app->restoring && !app->data) {
        show_session_model(app);
        app_warn(app, "%s: the session is shown without its pictures",
                 err->message);
        return;
    }
    if (app->is_reloading) {
        app->view.load = app->load_before;
        app_forget(app);
    }
    app_session_drop(app);
    app_warn(app, "%s", err->message);
}

static void take_model(struct app *app, struct loader_result *result)
{
    if (!is_model_alone(app, result)) {
        return;
    }
    const nmf_matrix *H = nmf_model_file_components(&result->file);
    if (app->data && shared_data_matrix(app->data)->cols != H->cols) {
        app_warn(app,
                 "'%s' has parts of %zu numbers, the pictures have %zu: "
                 "open it by itself",
                 app->loading[0], H->cols, shared_data_matrix(app->data)->cols);
        return;
    }
    app_close_model(app);
    app->model = result->file;
    result->file = (nmf_model_file){0};
    if (app->data) {
        app_remember(app, true, "open %s", app->loading[0]);
        app_say(app, "the parts of %s, on the pictures of %s", app->loading[0],
                app->title);
        if (!app_use_model(app)) {
            app_revert(app);
        }
        return;
    }
    app->geometry = app->model.geometry;
    make_title(app, app->loading, app->n_loading);
    app_show_model(app);
}

void app_take_loaded(struct app *app, struct loader_result *result)
{
    if (result->data) {
        take_set(app, result);
    } else {
        take_model(app, result);
    }
}
