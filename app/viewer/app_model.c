/* The model that is open: alone, or on pictures. */
#include "app_private.h"

#include "whole_factors.h"

#include <string.h>

void app_close_model(struct app *app)
{
    if (app->snapshot.H == &app->model_H) {
        app->snapshot = (struct worker_snapshot){0};
    }
    nmf_model_file_release(&app->model);
    nmf_matrix_release(&app->model_W);
    nmf_matrix_release(&app->model_H);
}

bool app_model_fits(const struct app *app)
{
    return app_has_model(app) && nmf_model_file_components(&app->model)->cols ==
                                     shared_data_matrix(app->data)->cols;
}

/* Its options are those of the fit from now on. */
static void take_options(struct app *app)
{
    app->view.fit.method = (unsigned)nmf_model_file_method(&app->model);
    app->view.fit.n_components = nmf_model_file_components(&app->model)->rows;
}

bool app_use_model(struct app *app)
{
    nmf_error err = {0};
    nmf_matrix scores = {0}, W = {0}, H = {0};
    nmf_status status = nmf_model_file_transform(
        &scores, &app->model, shared_data_matrix(app->data),
        (unsigned)app->view.common.threads, &err);
    if (status == NMF_OK) {
        status = whole_factors(&W, &H, &scores,
                               nmf_model_file_components(&app->model),
                               nmf_model_file_mean(&app->model), &err);
    }
    bool done = status == NMF_OK || app_warn(app, "%s", err.message);
    if (done) {
        take_options(app);
        done = app_begin_fit(app, &W, &H, false);
    }
    nmf_matrix_release(&scores);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return done;
}

/* How far it came, as its file has it. */
static void take_summary(struct app *app)
{
    struct worker_snapshot *now = &app->snapshot;
    now->method = nmf_model_file_method(&app->model);
    if (app->model.model) {
        const nmf_summary *about = nmf_model_summary(app->model.model);
        now->n_iter = about->n_iter;
        now->relative_error = about->relative_error;
    } else {
        const nmf_decomposition_summary *about =
            nmf_decomposition_get_summary(app->model.decomposition);
        now->n_iter = about->n_iter;
        now->relative_error = about->relative_error;
    }
}

void app_show_model(struct app *app)
{
    nmf_error err = {0};
    if (whole_factors(&app->model_W, &app->model_H,
                      nmf_model_file_activations(&app->model),
                      nmf_model_file_components(&app->model),
                      nmf_model_file_mean(&app->model), &err) != NMF_OK) {
        app_warn(app, "%s", err.message);
        return;
    }
    app->snapshot = (struct worker_snapshot){
        .H = &app->model_H,
        .W = app->model_W.data ? &app->model_W : NULL,
    };
    take_summary(app);
    app_show_snapshot(app);
    app_say(app,
            "%s: %zu part%s%s%s; open the pictures, too, to see them put "
            "together",
            app->title, app->parts.k, app->parts.k == 1 ? "" : "s",
            app_method(app) ? " by " : "",
            app_method(app) ? nmf_method_name(app_method(app)) : "");
}
