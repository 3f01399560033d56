/*
 * Another number of parts, keeping what is learned: new ones begin small and at
 * random, the weakest ones go.
 */
#include "app_private.h"

#include "scene_alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the part that gives least to the pictures, of those not yet gone. */
static size_t weakest(const scene_parts *parts, const bool *gone)
{
    size_t least = parts->k;
    for (size_t t = 0; t < parts->k; t++) {
        if (!gone[t] && (least == parts->k ||
                         parts->part[t].energy < parts->part[least].energy)) {
            least = t;
        }
    }
    return least;
}

/* W without the columns, H without the rows that are gone. */
static nmf_status leave_out(nmf_matrix *W, nmf_matrix *H,
                            const struct worker_snapshot *from,
                            const bool *gone, size_t k, nmf_error *err)
{
    nmf_status status = nmf_matrix_init(W, from->W->rows, k, err);
    if (status == NMF_OK) {
        status = nmf_matrix_init(H, k, from->H->cols, err);
    }
    for (size_t t = 0, to = 0; status == NMF_OK && t < from->H->rows; t++) {
        if (gone[t]) {
            continue;
        }
        memcpy(H->data + to * H->ld, from->H->data + t * from->H->ld,
               H->cols * sizeof *H->data);
        for (size_t i = 0; i < W->rows; i++) {
            W->data[i * W->ld + to] = from->W->data[i * from->W->ld + t];
        }
        to++;
    }
    return status;
}

/* What is hidden, selected, alone goes by the new indices. */
static void renumber(struct app *app, const bool *gone)
{
    int part = -1;
    int solo = -1;
    size_t to = 0;
    for (size_t t = 0; t < app->parts.k; t++) {
        if (!gone[t]) {
            part = app->look.part == (int)t ? (int)to : part;
            solo = app->solo == (int)t ? (int)to : solo;
            app->hidden[to++] = app->hidden[t];
        }
    }
    app->look.part = part;
    app->solo = solo;
}

static nmf_status fewer(struct app *app, size_t k, nmf_matrix *W, nmf_matrix *H,
                        nmf_error *err)
{
    bool *gone = scene_alloc(app->parts.k, sizeof *gone, err);
    if (!gone) {
        return NMF_ERR_MEMORY;
    }
    for (size_t n = app->parts.k; n > k; n--) {
        gone[weakest(&app->parts, gone)] = true;
    }
    nmf_status status = leave_out(W, H, &app->snapshot, gone, k, err);
    if (status == NMF_OK) {
        renumber(app, gone);
    }
    free(gone);
    return status;
}

/* How much weaker a new part begins than a random start has it. */
#define NEW_PART 0.02F

static nmf_status more(const struct app *app, size_t k, nmf_matrix *W,
                       nmf_matrix *H, nmf_error *err)
{
    const struct worker_snapshot *from = &app->snapshot;
    size_t before = from->H->rows;
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    options.seed = app->view.fit.seed + k;
    nmf_status status =
        nmf_start(W, H, shared_data_matrix(app->data), &options, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t t = 0; t < before; t++) {
        memcpy(H->data + t * H->ld, from->H->data + t * from->H->ld,
               H->cols * sizeof *H->data);
    }
    for (size_t i = 0; i < W->rows; i++) {
        float *row = W->data + i * W->ld;
        memcpy(row, from->W->data + i * from->W->ld, before * sizeof *row);
        for (size_t t = before; t < k; t++) {
            row[t] *= NEW_PART;
        }
    }
    return NMF_OK;
}

static bool change(struct app *app, size_t k)
{
    nmf_error err = {0};
    nmf_matrix W = {0};
    nmf_matrix H = {0};
    nmf_status status = k < app->parts.k ? fewer(app, k, &W, &H, &err)
                                         : more(app, k, &W, &H, &err);
    bool done = status == NMF_OK
                    ? app_begin_fit(app, &W, &H, app_is_running(app))
                    : app_warn(app, "%s", err.message);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return done;
}

/* "12", "+3", "-1"; 0: it is none, or out of range. */
static size_t parse(const struct app *app, const char *text)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);
    long now = (long)app_n_components(app);
    if (end == text || *end || number > NMF_MAX_COMPONENTS ||
        number < -NMF_MAX_COMPONENTS) {
        return 0;
    }
    if (*text == '+' || *text == '-') {
        number += now;
        number = number < 1 ? 1 : number;
    }
    return number > 0 && number <= NMF_MAX_COMPONENTS ? (size_t)number : 0;
}

bool app_parts(struct app *app, const struct command_args *args)
{
    size_t k = parse(app, args->arg[0]);
    size_t before = app_n_components(app);
    if (!k) {
        return app_warn(app, "'%.40s': expected a number of parts, 1 to %d",
                        args->arg[0], NMF_MAX_COMPONENTS);
    }
    if (!app->data) {
        app->view.fit.n_components = k;
        app_say(app, "%zu parts", k);
        return true;
    }
    if (k == before) {
        app_say(app, "%zu parts as before", k);
        return true;
    }
    const nmf_matrix *X = shared_data_matrix(app->data);
    if (k > X->rows || k > X->cols) {
        return app_warn(app,
                        "%zu parts are too many: %s has %zu rows of %zu "
                        "numbers",
                        k, app->title, X->rows, X->cols);
    }
    app_remember(app, true, "%zu parts", before);
    app->view.fit.n_components = k;
    bool is_shown = app->snapshot.W && app->shown == app->data &&
                    app->snapshot.fit == worker_fit_number(app->worker) &&
                    app->view.fit.method == NMF_METHOD_NMF;
    bool done = is_shown ? change(app, k)
                         : app_begin_fit(app, NULL, NULL, app_is_running(app));
    if (!done) {
        app_revert(app);
        return false;
    }
    app_say(app,
            k > before ? "%zu parts: what was learned stays, new ones begin "
                         "at random"
                       : "%zu parts: the weakest ones are gone",
            k);
    return true;
}
