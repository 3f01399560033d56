/* Commands to play with: the build-up, weights by hand, morphing. */
#include "app_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool app_tab(struct app *app, const struct command_args *args)
{
    static const char *const names[APP_N_TABS] = {"build", "mix", "uses",
                                                  "pictures", "learning"};
    const char *word = args->arg[0];
    if (strcmp(word, "next") == 0) {
        app->look.tab = (app->look.tab + 1) % APP_N_TABS;
        return true;
    }
    for (int i = 0; i < APP_N_TABS; i++) {
        if (strcmp(word, names[i]) == 0) {
            app->look.tab = i;
            return true;
        }
    }
    return app_warn(app,
                    "'%.40s': expected build, mix, uses, pictures, "
                    "learning or next",
                    word);
}

/* ---- the build-up ---- */

static bool play(struct app *app, bool on)
{
    const scene_buildup *buildup = app_buildup(app);
    app->look.tab = APP_TAB_BUILDUP;
    if (on && buildup && app->play.shown >= (double)buildup->n_used) {
        app->play.shown = 0.0;
    }
    app->play.shown = floor(app->play.shown);
    app->play.is_on = on;
    return true;
}

bool app_build(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    if (!app->picture.n_rows) {
        return app_warn(app, "there is no picture to build up");
    }
    if (strcmp(word, "play") == 0 || strcmp(word, "pause") == 0) {
        return play(app, word[1] == 'l');
    }
    if (strcmp(word, "next") == 0) {
        return play(app, !app->play.is_on);
    }
    char *end = NULL;
    unsigned long n = strtoul(word, &end, 10);
    if (end == word || *end || n > app->parts.k || *word == '-') {
        return app_warn(app, "'%.40s' is not a number of parts, 0 to %zu", word,
                        app->parts.k);
    }
    app->play.is_on = false;
    app->play.shown = (double)n;
    return true;
}

/* ---- weights by hand ---- */

/* From what is learned, where nothing is by hand yet. */
static bool begin_mix(struct app *app)
{
    if (!app->picture.n_rows || !app->snapshot.W) {
        return app_warn(app, "there is no picture to mix");
    }
    if (!app->is_mixed) {
        app_reset_mix(app);
    }
    return true;
}

static bool mix_part(struct app *app, const char *part, const char *value)
{
    char *end_part = NULL;
    char *end_value = NULL;
    unsigned long t = strtoul(part, &end_part, 10);
    double x = strtod(value, &end_value);
    if (end_part == part || *end_part || t >= app->parts.k || *part == '-') {
        return app_warn(app, "'%.40s' is not a part, 0 to %zu", part,
                        app->parts.k - 1);
    }
    if (end_value == value || *end_value || !(fabs(x) < 1e30)) {
        return app_warn(app, "'%.40s' is not a weight", value);
    }
    if (x < 0.0 && !app->mix.is_signed) {
        return app_warn(app, "'%.40s' is not a weight of 0 or more", value);
    }
    app_remember(app, false, "weight of part %lu", t);
    app->mix.value[t] = (float)x;
    app->is_mixed = true;
    app->is_morphed = false;
    app_show_picture(app);
    return true;
}

bool app_mix_by_hand(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    if (!begin_mix(app)) {
        return false;
    }
    if (args->n == 2) {
        return mix_part(app, word, args->arg[1]);
    }
    if (strcmp(word, "reset") == 0) {
        app_remember(app, false, "back to the fit");
        app_reset_mix(app);
        app_show_picture(app);
        app_say(app, "weights as learned");
        return true;
    }
    if (strcmp(word, "random") != 0) {
        return app_warn(app, "'%.40s': expected PART VALUE, reset or random",
                        word);
    }
    app_remember(app, false, "weights by chance");
    scene_mix_random(&app->mix, app_set(app), app->snapshot.W,
                     app->picture.index, ++app->mix_seed);
    app->is_mixed = true;
    app->is_morphed = false;
    app->look.tab = APP_TAB_MIX;
    app_show_picture(app);
    app_say(app, "each part as strong as in a picture drawn by chance");
    return true;
}

bool app_morph(struct app *app, const struct command_args *args)
{
    char *end = NULL;
    char *end_share = NULL;
    unsigned long p = strtoul(args->arg[0], &end, 10);
    double share = strtod(args->arg[1], &end_share);
    size_t n = app_n_pictures(app);
    if (!begin_mix(app)) {
        return false;
    }
    if (*end || end == args->arg[0] || p >= n || *args->arg[0] == '-') {
        return app_warn(app, "'%.40s' is not a picture, 0 to %zu", args->arg[0],
                        n - 1);
    }
    if (*end_share || end_share == args->arg[1] ||
        !(share >= 0.0 && share <= 1.0)) {
        return app_warn(app, "'%.40s' is not a share from 0 to 1",
                        args->arg[1]);
    }
    if (!scene_mix_morph(&app->mix, app_set(app), app->snapshot.W,
                         app->picture.index, p, (float)share)) {
        return app_warn(app, "pictures of different sizes cannot be morphed");
    }
    app_remember(app, false, "morph");
    app->look.morph_to = (int)p;
    app->look.morph = (float)share;
    app->is_mixed = true;
    app->is_morphed = true;
    app_show_picture(app);
    return true;
}
