#include "app_session.h"

#include "app_private.h"
#include "scene_alloc.h"
#include "session.h"
#include "whole_factors.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- How one looks at it. */

/* What of it is kept. */
struct kept_look {
    struct app_look look;
    int solo;
    bool is_mixed;
    bool is_morphed;
    double built; /* parts of the build-up */
};

enum { N_LOOK_FIELDS = 32 };

/* To keep one thing more, add a row; names are for ever. */
static void list_fields(struct session_field rows[N_LOOK_FIELDS],
                        struct kept_look *kept)
{
    struct app_look *look = &kept->look;
    const double far = 1e9;
    const struct session_field table[] = {
        {SESSION_INT, "picture", &look->picture, 0, INT_MAX},
        {SESSION_INT, "part", &look->part, -1, NMF_MAX_COMPONENTS - 1},
        {SESSION_INT, "order", &look->order, 0, SCENE_ORDER_SHARE},
        {SESSION_INT, "colours", &look->colours, 0, NMF_COLORMAP_CIVIDIS},
        {SESSION_INT, "tab", &look->tab, 0, APP_N_TABS - 1},
        {SESSION_INT, "axis", &look->axis, 0, HISTORY_SECONDS},
        {SESSION_INT, "theme", &look->theme, 0, 1},
        {SESSION_FLOAT, "ui-scale", &look->ui_scale, 1, 3},
        {SESSION_BOOL, "common-scale", &look->is_common, 0, 0},
        {SESSION_BOOL, "heat", &look->has_heat, 0, 0},
        {SESSION_BOOL, "wiping", &look->is_wiping, 0, 0},
        {SESSION_FLOAT, "wipe", &look->wipe, 0, 1},
        {SESSION_FLOAT, "grid-zoom", &look->grid_zoom, 0.25, 8},
        {SESSION_BOOL, "fitted", &look->is_fitted, 0, 0},
        {SESSION_DOUBLE, "x", &look->view.x, -far, far},
        {SESSION_DOUBLE, "y", &look->view.y, -far, far},
        {SESSION_DOUBLE, "zoom", &look->view.zoom, VIEWPORT_ZOOM_MIN,
         VIEWPORT_ZOOM_MAX},
        {SESSION_INT, "morph-to", &look->morph_to, 0, INT_MAX},
        {SESSION_FLOAT, "morph", &look->morph, 0, 1},
        {SESSION_INT, "solo", &kept->solo, -1, NMF_MAX_COMPONENTS - 1},
        {SESSION_BOOL, "mixed", &kept->is_mixed, 0, 0},
        {SESSION_BOOL, "morphed", &kept->is_morphed, 0, 0},
        {SESSION_DOUBLE, "built", &kept->built, 0, NMF_MAX_COMPONENTS},
        {.type = SESSION_END},
    };
    _Static_assert(sizeof table <= N_LOOK_FIELDS * sizeof *rows, "room");
    memcpy(rows, table, sizeof table);
}

static struct kept_look look_of(const struct app *app)
{
    const struct kept_look kept = {.look = app->look,
                                   .solo = app->solo,
                                   .is_mixed = app->is_mixed,
                                   .is_morphed = app->is_morphed,
                                   .built = app->play.shown};
    return kept;
}

/* ---- The model. */

static nmf_summary summary_of(const struct app *app)
{
    const struct worker_snapshot *now = &app->snapshot;
    const struct fit_options *fit = &app->view.fit;
    nmf_stop_reason reason = worker_reason(app->worker);
    nmf_summary summary = {
        .init = (nmf_init)fit->init,
        .seed = fit->seed,
        .tol = fit->tol,
        .max_iter = fit->max_iter,
        .n_samples = now->W ? now->W->rows : 0,
        .n_iter = now->n_iter,
        .stop_reason = reason == NMF_STOP_NONE ? NMF_STOP_CANCELLED : reason,
        .relative_error = now->relative_error,
        .objective = now->objective,
        .sparseness_components = app->parts.sparseness_h,
        .sparseness_activations = app->parts.sparseness_w,
        .wall_seconds = now->wall_seconds,
        .cpu_seconds = now->cpu_seconds,
        .beta_loss = fit_options_convert(fit).beta_loss,
        .alpha_W = fit->alpha_W,
        .alpha_H =
            fit->alpha_H == NMF_ALPHA_SAME ? fit->alpha_W : fit->alpha_H,
        .l1_ratio = fit->l1_ratio,
        .sparseness_W = fit->sparseness_W,
        .sparseness_H = fit->sparseness_H,
        .smooth = fit->smooth,
    };
    snprintf(summary.solver, sizeof summary.solver, "%s",
             nmf_solver_name(fit->solver));
    return summary;
}

/* A decomposition by another method. */
static nmf_status keep_other(nmf_model_file *file, const struct app *app,
                             nmf_error *err)
{
    const struct worker_snapshot *now = &app->snapshot;
    if (now->H == &app->model_H) { /* as it came out of its file */
        return nmf_decomposition_create(
            &file->decomposition, nmf_model_file_components(&app->model),
            nmf_model_file_mean(&app->model),
            nmf_model_file_activations(&app->model),
            nmf_decomposition_variances(app->model.decomposition),
            nmf_decomposition_get_summary(app->model.decomposition), err);
    }
    const nmf_decomposition_summary about = {
        .method = now->method,
        .seed = app->view.fit.seed,
        .n_samples = now->W ? now->W->rows : 0,
        .n_iter = now->n_iter,
        .stop_reason = NMF_STOP_TOL,
        .relative_error = now->relative_error,
        .sparseness_components = app->parts.sparseness_h,
        .sparseness_activations = app->parts.sparseness_w,
        .wall_seconds = now->wall_seconds,
        .cpu_seconds = now->cpu_seconds,
    };
    return whole_factors_split(&file->decomposition, now->W, now->H, &about,
                               err);
}

nmf_status app_model_file(nmf_model_file *file, const struct app *app,
                          nmf_error *err)
{
    const struct worker_snapshot *now = &app->snapshot;
    *file = (nmf_model_file){.geometry = app->geometry};
    if (!now->H) {
        if (err) {
            err->status = NMF_ERR_ARGUMENT;
            snprintf(err->message, sizeof err->message,
                     "there are no parts yet");
        }
        return NMF_ERR_ARGUMENT;
    }
    nmf_summary summary = summary_of(app);
    const nmf_summary *about = &summary;
    if (now->W && app_set(app)) {
        /* Only read, though the struct can own them. */
        file->pictures = (nmf_picture *)nmf_dataset_pictures(app_set(app),
                                                             &file->n_pictures);
        file->geometry = *nmf_dataset_geometry(app_set(app));
    } else if (app_has_model(app)) { /* as it came out of its file */
        file->pictures = app->model.pictures;
        file->n_pictures = app->model.n_pictures;
    }
    if (now->method != NMF_METHOD_NMF) {
        return keep_other(file, app, err);
    }
    if (!now->W && app->model.model) {
        about = nmf_model_summary(app->model.model);
    }
    return nmf_model_create(&file->model, now->H, now->W, about, err);
}

/* ---- Saving. */

/* Tables that a session borrows while it is written. */
struct lists {
    struct session_input *inputs;
    struct session_run *runs;
    size_t *hidden;
    double *weights;
};

static void free_lists(struct lists *lists)
{
    free(lists->inputs);
    free(lists->runs);
    free(lists->hidden);
    free(lists->weights);
}

static void list_inputs(struct session *session, const struct app *app,
                        struct session_input *to)
{
    for (size_t i = 0; i < app->n_inputs; i++) {
        to[i] = (struct session_input){.path = app->inputs[i]};
    }
    session->inputs = to;
    session->n_inputs = app->n_inputs;
}

static void list_runs(struct session *session, const struct app *app,
                      struct session_run *to)
{
    size_t n = history_count(app->history);
    for (size_t i = 0; i < n; i++) {
        const struct history_run run = history_run(app->history, i);
        to[i] = (struct session_run){.label = run.label,
                                     .n = run.trace->n,
                                     .iter = run.trace->iter,
                                     .seconds = run.trace->seconds,
                                     .error = run.trace->error};
    }
    if (n) { /* the solver may be further than what is shown and saved */
        const double next = (double)app->snapshot.n_iter + 0.5;
        to[n - 1].n = trace_find(history_run(app->history, n - 1).trace, next);
    }
    session->runs = to;
    session->n_runs = n;
}

static void list_parts(struct session *session, const struct app *app,
                       size_t *hidden, double *weights)
{
    for (size_t t = 0; t < app->parts.k; t++) {
        if (app->hidden && app->hidden[t]) {
            hidden[session->n_hidden++] = t;
        }
        if (app->is_mixed) {
            weights[t] = (double)app->mix.value[t];
        }
    }
    session->hidden = hidden;
    session->weights = weights;
    session->n_weights = app->is_mixed ? app->parts.k : 0;
}

static nmf_status fill(struct session *session, struct lists *lists,
                       const struct app *app, nmf_error *err)
{
    lists->inputs = scene_alloc(app->n_inputs + 1, sizeof *lists->inputs, err);
    lists->runs = scene_alloc(HISTORY_MAX_RUNS, sizeof *lists->runs, err);
    lists->hidden = scene_alloc(app->parts.k + 1, sizeof *lists->hidden, err);
    lists->weights = scene_alloc(app->parts.k + 1, sizeof *lists->weights, err);
    if (!lists->inputs || !lists->runs || !lists->hidden || !lists->weights) {
        return NMF_ERR_MEMORY;
    }
    list_inputs(session, app, lists->inputs);
    list_runs(session, app, lists->runs);
    list_parts(session, app, lists->hidden, lists->weights);
    session->n_iter = app->snapshot.n_iter;
    session->seconds = app->snapshot.wall_seconds;
    return NMF_OK;
}

/* Sessions are of what is learned step by step. */
static nmf_status check_method(const struct app *app, nmf_error *err)
{
    if (app_method(app) == NMF_METHOD_NMF) {
        return NMF_OK;
    }
    if (err) {
        err->status = NMF_ERR_UNSUPPORTED;
        snprintf(err->message, sizeof err->message,
                 "sessions are kept of nmf, not of %s: save the model instead",
                 nmf_method_name(app_method(app)));
    }
    return NMF_ERR_UNSUPPORTED;
}

nmf_status app_session_save(const struct app *app, const char *path,
                            bool overwrite, nmf_error *err)
{
    struct kept_look kept = look_of(app);
    struct session_field fields[N_LOOK_FIELDS];
    struct session session = {.options = app->options, .fields = fields};
    struct lists lists = {0};
    nmf_model_file file = {0};
    list_fields(fields, &kept);
    nmf_status status = check_method(app, err);
    if (status == NMF_OK) {
        status = app_model_file(&file, app, err);
    }
    if (status == NMF_OK) {
        status = fill(&session, &lists, app, err);
    }
    if (status == NMF_OK) {
        status = session_save(path, &session, &file, overwrite, err);
    }
    free_lists(&lists);
    nmf_model_free(file.model);
    return status;
}

/* ---- Opening again. */

/* A session that is being opened. */
struct app_restoring {
    nmf_model_file file;
    struct session session;
    struct fit_options fit; /* what the session says of them */
    const char *mask;
    struct load_options load;
    struct kept_look kept;
    struct opt options[64];
    struct session_field fields[N_LOOK_FIELDS];
    bool is_begun; /* its fit is: the next snapshot is its model */
};

static void free_restoring(struct app_restoring *restoring)
{
    if (restoring) {
        session_release(&restoring->session);
        nmf_model_file_release(&restoring->file);
        free(restoring);
    }
}

void app_session_drop(struct app *app)
{
    free_restoring(app->restoring);
    app->restoring = NULL;
}

/* With defaults where the session has none; what it has, it has checked. */
static struct app_restoring *create_restoring(const struct app *app)
{
    struct app_restoring *out = calloc(1, sizeof *out);
    if (!out) {
        return NULL;
    }
    const struct opt rows[] = {
        VIEW_LEARN_OPTS(out->fit, out->mask),
        LOAD_OPTS(out->load),
        {.type = OPT_END},
    };
    _Static_assert(sizeof rows <= sizeof out->options, "room");
    memcpy(out->options, rows, sizeof rows);
    out->fit = fit_options_default();
    out->load = (struct load_options)LOAD_OPTIONS_INIT;
    out->kept = look_of(app);
    out->kept.solo = -1;
    out->kept.is_mixed = false;
    out->kept.is_morphed = false;
    list_fields(out->fields, &out->kept);
    out->session =
        (struct session){.options = out->options, .fields = out->fields};
    return out;
}

static bool load_pictures(struct app *app, struct app_restoring *from)
{
    size_t n = from->session.n_inputs;
    const char **paths = calloc(n, sizeof *paths);
    if (!paths) {
        return app_warn(app, "no memory");
    }
    for (size_t i = 0; i < n; i++) { /* where they are now */
        paths[i] = session_input_path(&from->session.inputs[i]);
    }
    bool done = app_load(app, paths, n, &from->load);
    free(paths);
    return done;
}

bool app_session_open(struct app *app, nmf_model_file *file, const char *name)
{
    nmf_error err = {0};
    struct app_restoring *restoring = create_restoring(app);
    if (!restoring) {
        return app_warn(app, "no memory");
    }
    if (session_decode(&restoring->session, file->view, file->view_size, name,
                       nmf_model_components(file->model)->rows,
                       &err) != NMF_OK) {
        free_restoring(restoring);
        return app_warn(app, "%s", err.message);
    }
    if (restoring->session.n_inputs && !load_pictures(app, restoring)) {
        free_restoring(restoring);
        return false;
    }
    restoring->file = *file;
    *file = (nmf_model_file){0};
    app_session_drop(app);
    app->restoring = restoring;
    return true;
}

bool app_session_without_pictures(struct app *app, nmf_model_file *file)
{
    struct app_restoring *restoring = app->restoring;
    if (!restoring) {
        return false;
    }
    *file = restoring->file;
    restoring->file = (nmf_model_file){0};
    restoring->is_begun = true;
    return true;
}

/* ---- What was learned. */

/* Texts of options live as long as the app, not as long as the session. */
static bool keep_texts(struct app *app, struct app_restoring *from)
{
    for (struct opt *opt = from->options; opt->type != OPT_END; opt++) {
        if (opt->type == OPT_STRING || opt->type == OPT_PATH) {
            const char **value = opt->value;
            const char *kept = *value ? app_keep_text(app, *value) : NULL;
            if (*value && !kept) {
                return app_warn(app, "no memory");
            }
            *value = kept;
        }
    }
    return true;
}

static bool add_run(struct app *app, const struct session_run *run)
{
    nmf_error err = {0};
    if (history_begin(app->history, run->label, &err) != NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    for (size_t i = 0; i < run->n; i++) {
        history_append(
            app->history,
            (struct trace_point){run->iter[i], run->seconds[i], run->error[i]});
    }
    return true;
}

/* The activations of the file, where it has some for these pictures, else new
 * ones: pictures may have come or gone. */
static bool begin_with(struct app *app, const nmf_model *model)
{
    const nmf_matrix *X = shared_data_matrix(app->data);
    const nmf_matrix *H = nmf_model_components(model);
    const nmf_matrix *W = nmf_model_activations(model);
    nmf_error err = {0};
    nmf_matrix found = {0};
    if (W && W->rows == X->rows) {
        return app_begin_fit(app, W, H, false);
    }
    if (nmf_transform(&found, model, X, (unsigned)app->view.common.threads,
                      &err) != NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    bool done = app_begin_fit(app, &found, H, false);
    nmf_matrix_release(&found);
    return done;
}

bool app_session_begin_fit(struct app *app)
{
    struct app_restoring *from = app->restoring;
    const nmf_matrix *H = nmf_model_components(from->file.model);
    const struct session *session = &from->session;
    bool done = keep_texts(app, from);
    app->view.fit = from->fit;
    app->view.mask = from->mask;
    app->view.load = from->load;
    app->view.fit.n_components = H->rows;
    for (size_t i = 0; done && i + 1 < session->n_runs; i++) {
        done = add_run(app, &session->runs[i]);
    }
    if (!done || !begin_with(app, from->file.model)) {
        return false;
    }
    /* The run that goes on takes the place of the one just begun. */
    if (session->n_runs && !add_run(app, &session->runs[session->n_runs - 1])) {
        return false;
    }
    app->spent_iter = session->n_iter;
    app->spent_seconds = session->seconds;
    from->is_begun = true;
    return true;
}

/* ---- How it was looked at. */

static void show_look(struct app *app, const struct app_restoring *from)
{
    struct app_look look = from->kept.look;
    bool has_scale = app->view.scale > 0.0; /* asked for by the command line */
    look.ui_scale = has_scale ? app->look.ui_scale : look.ui_scale;
    app->wants_theme = true;
    if ((size_t)look.picture >= app_n_pictures(app)) {
        look.picture = 0;
    }
    if ((size_t)look.morph_to >= app_n_pictures(app)) {
        look.morph_to = 0;
    }
    look.part = look.part < (int)app->parts.k ? look.part : -1;
    app->look = look;
    app->solo = from->kept.solo < (int)app->parts.k ? from->kept.solo : -1;
    app->play.shown = fmin(floor(from->kept.built), (double)app->parts.k);
    scene_parts_sort(&app->parts, (scene_order)look.order);
}

static void show_weights(struct app *app, const struct app_restoring *from)
{
    const struct session *session = &from->session;
    for (size_t i = 0; i < session->n_hidden; i++) {
        size_t t = session->hidden[i];
        app->n_hidden += !app->hidden[t];
        app->hidden[t] = true;
    }
    app_show_picture(app); /* turns to it, so that the mix is of its rows */
    if (!from->kept.is_mixed || session->n_weights != app->parts.k ||
        !app_mix(app)) {
        return;
    }
    for (size_t t = 0; t < app->parts.k; t++) {
        app->mix.value[t] = (float)session->weights[t];
    }
    app->is_mixed = true;
    app->is_morphed = from->kept.is_morphed;
    app_show_picture(app);
}

void app_session_show(struct app *app)
{
    struct app_restoring *from = app->restoring;
    if (!from || !from->is_begun) {
        return;
    }
    app->restoring = NULL; /* what is done here shows the picture again */
    show_look(app, from);
    show_weights(app, from);
    app->version++;
    free_restoring(from);
}
