/*
 * What is shown, worked out from a snapshot of the solver's: parts, the
 * selected picture, who uses what. app_private.h has the contracts.
 */
#include "app_private.h"

#include "app_session.h"

#include "scene_alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void app_release_shown(struct app *app)
{
    scene_parts_release(&app->parts);
    scene_picture_release(&app->picture);
    scene_users_release(&app->users);
    scene_mix_release(&app->mix);
    scene_buildup_release(&app->buildup);
    free(app->hidden);
    shared_data_drop(app->shown);
    app->parts = (scene_parts){0};
    app->picture = (scene_picture){0};
    app->users = (scene_users){0};
    app->mix = (scene_mix){0};
    app->buildup = (scene_buildup){0};
    app->hidden = NULL;
    app->n_hidden = 0;
    app->shown = NULL;
}

/* ---- room for another set, or another number of parts ---- */

static size_t count_hidden(const struct app *app)
{
    size_t n = 0;
    for (size_t t = 0; t < app->parts.k; t++) {
        n += app->hidden[t];
    }
    return n;
}

/* Parts that are hidden stay so: a part is its index. */
static bool make_hidden(struct app *app, const bool *before, size_t n_before,
                        size_t k, nmf_error *err)
{
    app->hidden = scene_alloc(k, sizeof *app->hidden, err);
    if (app->hidden && before) {
        memcpy(app->hidden, before, (k < n_before ? k : n_before));
    }
    return app->hidden != NULL;
}

static nmf_status make_room(struct app *app, const nmf_dataset *set, size_t k,
                            size_t n_features, nmf_error *err)
{
    nmf_status status =
        scene_parts_init(&app->parts, &app->geometry, n_features, k, err);
    if (status == NMF_OK && set) {
        status = scene_picture_init(&app->picture, set, k, err);
    }
    if (status == NMF_OK && set) {
        status = scene_users_init(&app->users, set, k, err);
    }
    if (status == NMF_OK && set) {
        status = scene_mix_init(&app->mix, k, err);
    }
    if (status == NMF_OK && set) {
        status = scene_buildup_init(&app->buildup, k, err);
    }
    return status;
}

/* The selection stays where there is one still. */
static void keep_selection(struct app *app)
{
    int k = (int)app->parts.k;
    if (app->look.part >= k) {
        app->look.part = -1;
    }
    if (app->solo >= k) {
        app->solo = -1;
    }
    if (app->look.picture >= (int)app_n_pictures(app)) {
        app->look.picture = 0;
    }
    if (app->play.shown > k) {
        app->play.shown = k;
    }
}

static bool begin_to_show(struct app *app, size_t k, size_t n_features)
{
    nmf_error err = {0};
    bool is_same_set = app->shown == app->data;
    bool *hidden = app->hidden;
    size_t n_hidden = app->parts.k;
    struct shared_data *data = app->data ? shared_data_take(app->data) : NULL;
    app->hidden = NULL;
    app_release_shown(app);
    app->shown = data;
    nmf_status status = make_room(app, app_set(app), k, n_features, &err);
    if (status == NMF_OK &&
        !make_hidden(app, is_same_set ? hidden : NULL, n_hidden, k, &err)) {
        status = NMF_ERR_MEMORY;
    }
    free(hidden);
    if (status != NMF_OK) {
        app_release_shown(app);
        app->snapshot = (struct worker_snapshot){0};
        return app_warn(app, "%s", err.message);
    }
    app->n_hidden = count_hidden(app);
    app->is_mixed = app->is_mixed && is_same_set && n_hidden == k;
    app->is_morphed = app->is_morphed && app->is_mixed;
    app->next_sort = 0;
    if (!is_same_set) {
        app_forget_weight(app);
        app->play = (struct app_play){.shown = (double)k};
    }
    keep_selection(app);
    return true;
}

/* ---- the picture ---- */

static const bool *hidden_now(struct app *app, bool *scratch)
{
    if (app->solo < 0) {
        return app->n_hidden ? app->hidden : NULL;
    }
    for (size_t t = 0; t < app->parts.k; t++) {
        scratch[t] = (int)t != app->solo;
    }
    return scratch;
}

/* What the weights by hand come to. */
static void apply_mix(struct app *app, const nmf_matrix *rows)
{
    if (!app->is_morphed ||
        !scene_mix_morph(&app->mix, app_set(app), app->snapshot.W,
                         app->picture.index, (size_t)app->look.morph_to,
                         app->look.morph)) {
        scene_mix_apply(&app->mix, rows);
    }
}

static void show_selected_part(struct app *app)
{
    app->part_error = (double)NAN;
    app->part_share = 0.0F;
    if (app->look.part >= 0) {
        size_t t = (size_t)app->look.part;
        app->part_share = (float)app->picture.share[t];
        app->part_error =
            scene_picture_error_without(&app->picture, app->snapshot.H, t);
    }
}

/* Parts may be sorted by what they are in the picture; another one sorts them
 * anew. */
static void take_shares(struct app *app, bool is_other)
{
    for (size_t t = 0; t < app->parts.k; t++) {
        app->parts.part[t].share = app->picture.share[t];
    }
    if (is_other && app->look.order == SCENE_ORDER_SHARE) {
        scene_parts_sort(&app->parts, SCENE_ORDER_SHARE);
    }
}

void app_show_picture(struct app *app)
{
    nmf_error err = {0};
    bool scratch[NMF_MAX_COMPONENTS];
    if (!app->picture.k || !app->snapshot.W) {
        return;
    }
    bool is_other =
        !app->picture.n_rows || app->picture.index != (size_t)app->look.picture;
    if (is_other &&
        scene_picture_select(&app->picture, (size_t)app->look.picture, &err) !=
            NMF_OK) {
        app_warn(app, "%s", err.message);
        return;
    }
    nmf_matrix rows = scene_picture_rows(&app->picture, app->snapshot.W);
    const nmf_matrix *weights = &rows;
    if (app->is_mixed) {
        apply_mix(app, &rows);
        weights = &app->mix.weights;
    }
    scene_picture_update(&app->picture, weights, app->snapshot.H,
                         hidden_now(app, scratch));
    take_shares(app, is_other);
    show_selected_part(app);
    app->picture_version++;
}

void app_reset_mix(struct app *app)
{
    nmf_error err = {0};
    app->is_mixed = false;
    app->is_morphed = false;
    app->mix_version = 0;
    if (app->picture.n_rows && app->snapshot.W) {
        nmf_matrix rows = scene_picture_rows(&app->picture, app->snapshot.W);
        if (scene_mix_reset(&app->mix, &rows, app->snapshot.W, &err) !=
            NMF_OK) {
            app_warn(app, "%s", err.message);
        }
        app->mix_version = app->picture_version;
    }
}

const scene_mix *app_mix(struct app *app)
{
    if (!app->picture.n_rows) {
        return NULL;
    }
    if (!app->is_mixed && app->mix_version != app->picture_version) {
        app_reset_mix(app);
    }
    return &app->mix;
}

/*
 * Is the build-up to be worked out anew? Always where the picture changed, but
 * while the solver runs the dear ones (k passes over a large picture) only
 * every so many snapshots, so that the window keeps its pace.
 */
static bool is_buildup_due(struct app *app, size_t n_shown)
{
    const scene_shape *shape = &app->picture.shape;
    const size_t cheap = 1U << 22; /* about 2 ms */
    size_t work = app->parts.k * shape->width * shape->height * shape->channels;
    uint64_t behind = app->picture_version - app->buildup_version;
    if (!app_is_running(app) || !app->buildup.shown.pixels ||
        app->buildup.n_shown != n_shown ||
        app->buildup_picture != app->picture.index) {
        return behind > 0;
    }
    return behind > work / cheap;
}

const scene_buildup *app_buildup(struct app *app)
{
    size_t n = (size_t)app->play.shown;
    nmf_error err = {0};
    if (!app->picture.n_rows) {
        return NULL;
    }
    if (is_buildup_due(app, n)) {
        if (scene_buildup_update(&app->buildup, &app->picture, app->snapshot.H,
                                 &err) != NMF_OK) {
            app_warn(app, "%s", err.message);
            return NULL;
        }
        app->buildup_version = app->picture_version;
        app->buildup_picture = app->picture.index;
    }
    if (app->buildup.n_shown != n) {
        scene_buildup_show(&app->buildup, &app->picture, app->snapshot.H, n);
    }
    return &app->buildup;
}

/* ---- the whole snapshot ---- */

/*
 * Parts are sorted again where the solver rests, and less and less often while
 * it runs: else they would jump about under the mouse.
 */
static void sort_parts(struct app *app)
{
    size_t n_iter = app->snapshot.n_iter;
    bool rests = worker_state(app->worker) != WORKER_RUNNING && !app->runs;
    if (rests || n_iter >= app->next_sort) {
        scene_parts_sort(&app->parts, (scene_order)app->look.order);
        app->next_sort = n_iter + n_iter / 2 + 1;
    }
}

void app_show_snapshot(struct app *app)
{
    const nmf_matrix empty = {0};
    const nmf_matrix *H = app->snapshot.H;
    const nmf_matrix *W = app->snapshot.W ? app->snapshot.W : &empty;
    bool is_of_data = app->snapshot.fit == worker_fit_number(app->worker);
    if (app->parts.k != H->rows || (is_of_data && app->shown != app->data)) {
        if (!begin_to_show(app, H->rows, H->cols)) {
            return;
        }
    }
    app->version++;
    scene_parts_update(&app->parts, W, H);
    if (app->users.data && app->snapshot.W) {
        scene_users_update(&app->users, W, H);
    }
    app_show_picture(app);
    sort_parts(app);
    if (is_of_data) {
        app_session_show(app);
    }
}
