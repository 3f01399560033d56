/* Commands of learning: run, pause, another start, other options. */
#include "app_private.h"

#include "fit_method.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a fit begins ---- */

size_t app_n_components(const struct app *app)
{
    const nmf_matrix *X = app->data ? shared_data_matrix(app->data) : NULL;
    if (app->view.fit.n_components || !X) {
        return app->view.fit.n_components;
    }
    return nmf_default_n_components(X->rows, X->cols);
}

bool app_is_running(struct app *app)
{
    return app->is_frozen ? app->runs
                          : worker_state(app->worker) == WORKER_RUNNING;
}

/* The most parts that the data can have. */
static size_t most_parts(const struct app *app)
{
    const nmf_matrix *X = shared_data_matrix(app->data);
    size_t most = X->rows < X->cols ? X->rows : X->cols;
    return most < NMF_MAX_COMPONENTS ? most : NMF_MAX_COMPONENTS;
}

/* What the label of a run says of its own accord. */
static bool is_in_label(const char *name)
{
    return strcmp(name, "n-components") == 0 || strcmp(name, "solver") == 0 ||
           strcmp(name, "seed") == 0 || strcmp(name, "method") == 0;
}

/* ", alpha-W 0.5": the options of the fit that were chosen. */
static void append_choices(const struct app *app, char *out, size_t size)
{
    const nmf_method method = (nmf_method)app->view.fit.method;
    size_t used = strlen(out);
    for (const struct opt *row = app->options; row->type != OPT_END; row++) {
        char value[64], standard[64];
        if (row->type == OPT_GROUP || is_in_label(row->name) ||
            app_is_about_loading(app, row->name) ||
            !fit_method_knows(method, row->name) ||
            !opt_get(row, value, sizeof value)) {
            continue;
        }
        opt_get(opt_find(app_default_options(), row->name), standard,
                sizeof standard);
        if (strcmp(value, standard) != 0 && used < size) {
            int n =
                snprintf(out + used, size - used, ", %s %s", row->name, value);
            used += n > 0 ? (size_t)n : 0;
        }
    }
}

/* As the plot tells the runs apart. */
static void label_run(const struct app *app, char *out, size_t size)
{
    size_t k = app_n_components(app);
    const nmf_method method = (nmf_method)app->view.fit.method;
    snprintf(out, size, "%.40s: %zu part%s, %s, seed %llu", app->title, k,
             k == 1 ? "" : "s",
             method == NMF_METHOD_NMF ? nmf_solver_name(app->view.fit.solver)
                                      : nmf_method_name(method),
             (unsigned long long)app->view.fit.seed);
    append_choices(app, out, size);
}

/* What the worker was told, or why it was not. */
static bool has_begun(struct app *app, nmf_status status, nmf_error *err,
                      bool running)
{
    char label[HISTORY_LABEL_SIZE];
    label_run(app, label, sizeof label);
    if (status != NMF_OK || history_begin(app->history, label, err) != NMF_OK) {
        return app_warn(app, "%s", err->message);
    }
    app->runs = app->is_frozen && running;
    app->steps_left = 0;
    app->spent_iter = 0;
    app->spent_seconds = 0.0;
    return true;
}

static bool start_worker(struct app *app, nmf_options *options,
                         const nmf_matrix *W0, const nmf_matrix *H0,
                         bool running)
{
    nmf_error err = {0};
    app->was_running = app_is_running(app);
    nmf_status status = worker_fit(app->worker, app->data, options, W0, H0,
                                   running && !app->is_frozen, &err);
    return has_begun(app, status, &err, running);
}

/* Another method than nmf: what it comes to, or these factors of it. */
static bool begin_other(struct app *app, const nmf_matrix *W,
                        const nmf_matrix *H)
{
    nmf_error err = {0};
    bool given[128];
    app->was_running = app_is_running(app);
    app_chosen_options(app, given, sizeof given / sizeof *given);
    nmf_decompose_options options =
        fit_method_convert(&app->view.fit, app->options, given);
    options.n_components = app_n_components(app);
    options.n_threads = (unsigned)app->view.common.threads;
    nmf_status status =
        worker_decompose(app->worker, app->data, &options, W, H, &err);
    return has_begun(app, status, &err, false);
}

static bool has_room_for(struct app *app, size_t k)
{
    return k <= most_parts(app) ||
           app_warn(app,
                    "%s has %zu rows of %zu numbers: at most %zu parts, not "
                    "%zu",
                    app->title, shared_data_matrix(app->data)->rows,
                    shared_data_matrix(app->data)->cols, most_parts(app), k);
}

/* The weights of the entries, where a mask says some. */
static bool take_mask(struct app *app, struct mask *mask, nmf_options *options)
{
    nmf_error err = {0};
    if (!app->view.mask) {
        return true;
    }
    if (mask_load(mask, app->view.mask, &app->view.load, &app->view.common,
                  shared_data_set(app->data), &err) != NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    options->weights = &mask->weights;
    return true;
}

static bool begin_nmf(struct app *app, const nmf_matrix *W0,
                      const nmf_matrix *H0, bool running)
{
    nmf_error err = {0};
    struct fit_start start = {0};
    struct mask mask = {0};
    nmf_options options = fit_options_convert(&app->view.fit);
    const char *fault = fit_options_fault(&app->view.fit);
    if (!fault) {
        fault = fit_options_place(&options, &app->geometry);
    }
    if (fault) {
        return app_warn(app, "%s", fault);
    }
    if (!H0 && fit_start_load(&start, &options, &app->view.fit,
                              app->view.common.max_memory, &err) != NMF_OK) {
        fit_start_release(&start);
        return app_warn(app, "%s", err.message);
    }
    options.n_components = H0 ? H0->rows : app_n_components(app);
    options.n_threads = (unsigned)app->view.common.threads;
    bool began = has_room_for(app, options.n_components) &&
                 take_mask(app, &mask, &options) &&
                 start_worker(app, &options, H0 ? W0 : options.W0,
                              H0 ? H0 : options.H0, running);
    fit_start_release(&start);
    mask_release(&mask);
    return began;
}

bool app_begin_fit(struct app *app, const nmf_matrix *W0, const nmf_matrix *H0,
                   bool running)
{
    bool began = app->view.fit.method == NMF_METHOD_NMF
                     ? begin_nmf(app, W0, H0, running)
                     : has_room_for(app, app_n_components(app)) &&
                           begin_other(app, W0, H0);
    app->is_given = began ? H0 != NULL : app->is_given;
    if (began && !H0) {
        app_close_model(app); /* nothing of it is left */
    }
    return began;
}

/* From what is learned by now, where that is of this set; else anew. */
static bool go_on_with_options(struct app *app)
{
    bool fits = app->snapshot.W && app->snapshot.H && app->shown == app->data &&
                app->view.fit.method == NMF_METHOD_NMF;
    return app_begin_fit(app, fits ? app->snapshot.W : NULL,
                         fits ? app->snapshot.H : NULL, app_is_running(app));
}

static bool has_data(struct app *app)
{
    return app->data ||
           app_warn(app, app_has_model(app) ? "open the pictures to learn from"
                                            : "there is nothing to learn from: "
                                              "open some pictures");
}

/* Has the method iterations to watch? All others come as a whole. */
static bool has_iterations(struct app *app)
{
    const nmf_method method = (nmf_method)app->view.fit.method;
    return method == NMF_METHOD_NMF ||
           app_warn(app,
                    "%s comes as a whole: there is nothing to watch (set "
                    "method nmf to learn parts)",
                    nmf_method_name(method));
}

/* ---- run and pause ---- */

/* A whole number above 0. */
static bool parse_count(struct app *app, const char *text, size_t *out)
{
    char *end = NULL;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (errno || end == text || *end || n == 0 || n > 1000000000ULL ||
        *text == '-') {
        return app_warn(app, "'%.40s' is not a number from 1 to 1000000000",
                        text);
    }
    *out = (size_t)n;
    return true;
}

static void step(struct app *app, size_t n)
{
    if (app->is_frozen) {
        app->runs = true;
        app->steps_left = n;
    } else {
        worker_step(app->worker, n);
    }
}

void app_advance_frozen(struct app *app)
{
    const double long_time = 3600.0;
    enum worker_state state = worker_state(app->worker);
    if (!app->runs) {
        worker_wait(app->worker, long_time);
        return;
    }
    /* The start is a frame of its own. */
    if (app->snapshot.fit != worker_fit_number(app->worker)) {
        worker_wait(app->worker, long_time);
        return;
    }
    worker_step(app->worker, 1);
    worker_wait(app->worker, long_time);
    state = worker_state(app->worker);
    if (app->steps_left > 0) {
        app->runs = --app->steps_left > 0;
    } else if (state == WORKER_DONE || state == WORKER_FAILED) {
        app->runs = false;
    }
}

bool app_run(struct app *app, const struct command_args *args)
{
    size_t n = 0;
    if (!has_data(app) || !has_iterations(app) ||
        (args->n && !parse_count(app, args->arg[0], &n))) {
        return false;
    }
    if (n) {
        step(app, n);
        app_say(app, "%zu iterations", n);
        return true;
    }
    if (app->is_frozen) {
        app->runs = true;
        app->steps_left = 0;
    } else {
        worker_run(app->worker, true);
    }
    app_say(app, "learning");
    return true;
}

bool app_pause(struct app *app, const struct command_args *args)
{
    (void)args;
    app->runs = false;
    if (!app->is_frozen) {
        worker_run(app->worker, false);
    }
    app_say(app, "paused");
    return true;
}

bool app_toggle(struct app *app, const struct command_args *args)
{
    return app_is_running(app) ? app_pause(app, args) : app_run(app, args);
}

bool app_step(struct app *app, const struct command_args *args)
{
    size_t n = 1;
    if (!has_data(app) || !has_iterations(app) ||
        (args->n && !parse_count(app, args->arg[0], &n))) {
        return false;
    }
    step(app, n);
    app_say(app, n == 1 ? "one iteration" : "%zu iterations", n);
    return true;
}

/* ---- another start ---- */

static bool start_again(struct app *app)
{
    bool running = app_is_running(app) || !app->view.paused;
    if (app_begin_fit(app, NULL, NULL, running)) {
        return true;
    }
    app_revert(app);
    return false;
}

bool app_restart(struct app *app, const struct command_args *args)
{
    (void)args;
    if (!has_data(app)) {
        return false;
    }
    app_remember(app, true, "restart");
    if (!start_again(app)) {
        return false;
    }
    app_say(app, "again from the same start: seed %llu",
            (unsigned long long)app->view.fit.seed);
    return true;
}

bool app_new_seed(struct app *app, const struct command_args *args)
{
    (void)args;
    if (!has_data(app)) {
        return false;
    }
    app_remember(app, true, "new seed");
    app->view.fit.seed++;
    if (!start_again(app)) {
        return false;
    }
    app_say(app, "another start: seed %llu",
            (unsigned long long)app->view.fit.seed);
    return true;
}

/* ---- options ---- */

/* Options that decide where learning begins, and so cannot go on. */
static bool is_about_start(const char *name)
{
    return strncmp(name, "init", 4) == 0 || strcmp(name, "seed") == 0 ||
           strcmp(name, "method") == 0;
}

/* The pictures again, as the options have it now; without some, the options
 * count for the next ones that are opened. */
static bool load_again(struct app *app, const struct load_options *before)
{
    if (app->n_inputs == 0) {
        return true;
    }
    if (!app_open_paths(app, (const char *const *)app->inputs, app->n_inputs)) {
        app->view.load = *before;
        app_forget(app);
        return false;
    }
    app->is_reloading = true;
    app->load_before = *before;
    return true;
}

/* As many parts as the text says; "default": as suit the pictures. */
static bool set_parts(struct app *app, const char *value)
{
    char number[32];
    const nmf_matrix *X = shared_data_matrix(app->data);
    bool is_default = strcmp(value, "default") == 0;
    snprintf(number, sizeof number, "%zu",
             nmf_default_n_components(X->rows, X->cols));
    struct command_args parts = {1, {is_default ? number : value}};
    return app_parts(app, &parts);
}

bool app_set_option(struct app *app, const struct command_args *args)
{
    char message[256];
    const char *name = args->arg[0];
    const char *value = app_keep_text(app, args->arg[1]);
    if (!value) {
        return app_warn(app, "no memory");
    }
    if (strcmp(name, "n-components") == 0 && app->data) {
        return set_parts(app, value);
    }
    const struct load_options load_before = app->view.load;
    app_remember(app, true, "--%s", name);
    if (!app_set_value(app, name, value, message, sizeof message)) {
        app_forget(app);
        return app_warn(app, "%s", message);
    }
    const char *fault = load_fault(&app->view.load);
    if (fault) {
        app_revert(app);
        return app_warn(app, "%s", fault);
    }
    if (app_is_about_loading(app, name)) {
        app_say(app, "--%s %s: the pictures are loaded again", name, value);
        return load_again(app, &load_before);
    }
    if (!app->data) {
        app_say(app, "--%s %s", name, value);
        return true;
    }
    const nmf_method method = (nmf_method)app->view.fit.method;
    bool is_of_method = strcmp(name, "method") == 0;
    if (!is_of_method && !fit_method_knows(method, name)) {
        app_say(app, "--%s %s: %s does not know it; it is for nmf", name, value,
                nmf_method_name(method));
        return true;
    }
    bool is_new = is_about_start(name) || method != NMF_METHOD_NMF;
    bool running = is_of_method ? !app->view.paused : app_is_running(app);
    if (is_new ? !app_begin_fit(app, NULL, NULL, running)
               : !go_on_with_options(app)) {
        app_revert(app);
        return false;
    }
    app_say(app,
            is_new ? "--%s %s: begun again"
                   : "--%s %s: goes on from what "
                     "is learned",
            name, value);
    return true;
}

bool app_undo_do(struct app *app, const struct command_args *args)
{
    (void)args;
    return app_take_back(app) || app_warn(app, "there is nothing to take back");
}
