/* How many bytes a compressed file of the moment's parts has. */
#include "app_private.h"

#include "gate.h"

/* While the solver runs, weighing takes one part of so many of the time. */
static const double SHARE = 20.0, LEAST_INTERVAL = 1.0;
static const double LONG_TIME = 3600.0;

/* What makes one weight another: which fit, and how far it is. */
static uint64_t moment_of(const struct app *app)
{
    return (app->snapshot.fit << 40) + app->snapshot.n_iter;
}

/* Whole pictures, and parts that are learned. */
static bool can_be_weighed(const struct app *app)
{
    const nmf_dataset *set = app_set(app);
    return set && app->shown == app->data && app->snapshot.W &&
           app->snapshot.n_iter > 0 && app_method(app) == NMF_METHOD_NMF &&
           nmf_dataset_geometry(set)->width > 0 &&
           nmf_dataset_geometry(set)->patch_stride == 0;
}

static bool is_due(struct app *app)
{
    if (moment_of(app) == app->weighing || weigher_is_busy(app->weigher)) {
        return false;
    }
    double interval = SHARE * app->weight.seconds;
    interval = interval > LEAST_INTERVAL ? interval : LEAST_INTERVAL;
    return !app_is_running(app) || gate_now() - app->weighed_at > interval;
}

bool app_take_weight(struct app *app)
{
    if (!weigher_poll(app->weigher, &app->weight)) {
        return false;
    }
    app->weighed_at = gate_now();
    return true;
}

void app_forget_weight(struct app *app)
{
    app->weight = (struct weight){0};
    app->weighing = 0;
}

const struct weight *app_weight(struct app *app)
{
    if (can_be_weighed(app) && is_due(app) &&
        !(app->is_frozen && app_is_running(app))) {
        app->weighing = moment_of(app);
        if (weigher_begin(app->weigher, app->data, app->snapshot.W,
                          app->snapshot.H, app->weighing, NULL) == NMF_OK &&
            app->is_frozen) {
            weigher_wait(app->weigher, LONG_TIME);
            app_take_weight(app);
        }
    }
    return app->weight.bytes && can_be_weighed(app) ? &app->weight : NULL;
}
