/*
 * What can be taken back: the last few changes, each with how things were
 * before it. app_private.h has the contracts.
 */
#include "app_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANGES = 8 };

/* How things were. */
struct change {
    char name[64];
    bool has_factors; /* false: nothing that is learned has changed */
    struct app_look look;
    bool *hidden; /* k of them */
    size_t k;
    int solo;
    bool is_mixed;
    bool is_morphed;
    float *mix; /* k, where is_mixed */
    /* With factors: */
    struct fit_options fit;
    const char *mask;
    struct load_options load;
    struct shared_data *data;
    nmf_geometry geometry;
    char title[sizeof((struct app *)0)->title];
    char **inputs;
    size_t n_inputs;
    bool running;
    nmf_matrix W; /* empty: the fit had no snapshot yet */
    nmf_matrix H;
};

struct app_undo {
    size_t n;
    struct change changes[MAX_CHANGES]; /* the oldest first */
};

static void release(struct change *change)
{
    free(change->hidden);
    free(change->mix);
    shared_data_drop(change->data);
    app_free_texts(change->inputs, change->n_inputs);
    nmf_matrix_release(&change->W);
    nmf_matrix_release(&change->H);
    *change = (struct change){.name = ""};
}

void app_free_undo(struct app *app)
{
    for (size_t i = 0; app->undo && i < app->undo->n; i++) {
        release(&app->undo->changes[i]);
    }
    free(app->undo);
    app->undo = NULL;
}

const char *app_undo_name(const struct app *app)
{
    return app->undo && app->undo->n ? app->undo->changes[app->undo->n - 1].name
                                     : NULL;
}

/* ---- remembering ---- */

static void *copy_of(const void *from, size_t size)
{
    void *to = from && size ? malloc(size) : NULL;
    return to ? memcpy(to, from, size) : NULL;
}

static void remember_look(struct change *change, const struct app *app)
{
    change->look = app->look;
    change->k = app->parts.k;
    change->hidden = copy_of(app->hidden, change->k * sizeof *change->hidden);
    change->solo = app->solo;
    change->is_mixed = app->is_mixed;
    change->is_morphed = app->is_morphed;
    if (app->is_mixed) {
        change->mix = copy_of(app->mix.value, change->k * sizeof *change->mix);
    }
}

static void remember_fit(struct change *change, struct app *app)
{
    change->fit = app->view.fit;
    change->mask = app->view.mask;
    change->load = app->view.load;
    change->data = app->data ? shared_data_take(app->data) : NULL;
    change->geometry = app->geometry;
    memcpy(change->title, app->title, sizeof change->title);
    change->inputs = app_copy_texts(app->inputs, app->n_inputs);
    change->n_inputs = change->inputs ? app->n_inputs : 0;
    change->running = app_is_running(app);
    /* Without memory for them the fit begins anew when taken back. */
    if (app->snapshot.W && app->shown == app->data &&
        (nmf_matrix_copy(&change->W, app->snapshot.W, NULL) != NMF_OK ||
         nmf_matrix_copy(&change->H, app->snapshot.H, NULL) != NMF_OK)) {
        nmf_matrix_release(&change->W);
        nmf_matrix_release(&change->H);
    }
}

/* Room for one more, the oldest gives way; NULL: no memory. */
static struct change *make_room(struct app *app)
{
    if (!app->undo) {
        app->undo = calloc(1, sizeof *app->undo);
    }
    if (!app->undo) {
        return NULL;
    }
    if (app->undo->n == MAX_CHANGES) {
        release(&app->undo->changes[0]);
        memmove(app->undo->changes, app->undo->changes + 1,
                (MAX_CHANGES - 1) * sizeof *app->undo->changes);
        app->undo->n--;
        app->undo->changes[app->undo->n] = (struct change){.name = ""};
    }
    return &app->undo->changes[app->undo->n++];
}

void app_remember(struct app *app, bool with_factors, const char *format, ...)
{
    char name[sizeof((struct change *)0)->name];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    if (!with_factors && app->undo && app->undo->n &&
        strcmp(app->undo->changes[app->undo->n - 1].name, name) == 0) {
        return;
    }
    struct change *change = make_room(app);
    if (!change) {
        return;
    }
    memcpy(change->name, name, sizeof change->name);
    change->has_factors = with_factors;
    remember_look(change, app);
    if (with_factors) {
        remember_fit(change, app);
    }
}

void app_forget(struct app *app)
{
    if (app->undo && app->undo->n) {
        release(&app->undo->changes[--app->undo->n]);
    }
}

/* ---- taking back ---- */

static void restore_look(struct app *app, const struct change *change)
{
    /* Where the person looks is no change: only what the reconstruction is. */
    app->look.part = change->look.part;
    app->look.morph = change->look.morph;
    app->look.morph_to = change->look.morph_to;
    app->solo = change->solo;
    if (app->parts.k != change->k || !change->hidden) {
        return;
    }
    memcpy(app->hidden, change->hidden, change->k * sizeof *app->hidden);
    app->n_hidden = 0;
    for (size_t t = 0; t < change->k; t++) {
        app->n_hidden += app->hidden[t];
    }
    app->is_mixed = change->is_mixed && change->mix && app->mix.value;
    app->is_morphed = change->is_morphed && app->is_mixed;
    if (app->is_mixed) {
        memcpy(app->mix.value, change->mix, change->k * sizeof *change->mix);
    }
    app->mix_version = 0;
}

static bool restore_fit(struct app *app, struct change *change)
{
    app->view.fit = change->fit;
    app->view.mask = change->mask;
    app->view.load = change->load;
    if (!change->data) {
        return true;
    }
    shared_data_drop(app->data);
    app->data = shared_data_take(change->data);
    app->geometry = change->geometry;
    memcpy(app->title, change->title, sizeof app->title);
    app_free_texts(app->inputs, app->n_inputs);
    app->inputs = change->inputs;
    app->n_inputs = change->n_inputs;
    change->inputs = NULL;
    change->n_inputs = 0;
    app_close_model(app); /* the change may have been to open it */
    bool has_factors = change->W.data && change->H.data;
    return app_begin_fit(app, has_factors ? &change->W : NULL,
                         has_factors ? &change->H : NULL, change->running);
}

/* The change that is taken back is in out: released by the caller. */
static bool pop(struct app *app, struct change *out)
{
    if (!app->undo || !app->undo->n) {
        return false;
    }
    *out = app->undo->changes[--app->undo->n];
    app->undo->changes[app->undo->n] = (struct change){.name = ""};
    if (out->has_factors) {
        restore_fit(app, out);
    }
    restore_look(app, out);
    if (!out->has_factors) {
        app_show_picture(app);
        app->version++;
    }
    return true;
}

bool app_take_back(struct app *app)
{
    struct change change;
    if (!pop(app, &change)) {
        return false;
    }
    app_say(app, "taken back: %s", change.name);
    release(&change);
    return true;
}

void app_revert(struct app *app)
{
    char message[sizeof app->message];
    bool is_warning = app->is_warning;
    struct change change;
    memcpy(message, app->message, sizeof message);
    if (pop(app, &change)) {
        release(&change);
    }
    memcpy(app->message, message, sizeof message);
    app->is_warning = is_warning;
}
