/* Commands of the window: text size, colours, dialogs. */
#include "app_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One of two names, or "next". */
static bool switch_to(struct app *app, const char *word, const char *first,
                      const char *second, int *value)
{
    if (strcmp(word, "next") == 0) {
        *value = !*value;
    } else if (strcmp(word, first) == 0) {
        *value = 0;
    } else if (strcmp(word, second) == 0) {
        *value = 1;
    } else {
        return app_warn(app, "'%.40s': expected %s, %s or next", word, first,
                        second);
    }
    return true;
}

bool app_axis(struct app *app, const struct command_args *args)
{
    return switch_to(app, args->arg[0], "iterations", "seconds",
                     &app->look.axis);
}

bool app_theme(struct app *app, const struct command_args *args)
{
    if (!switch_to(app, args->arg[0], "dark", "high-contrast",
                   &app->look.theme)) {
        return false;
    }
    app->wants_theme = true;
    app_say(app, app->look.theme ? "high contrast" : "dark");
    return true;
}

bool app_ui_scale(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    const float step = 0.25F;
    float scale = app->look.ui_scale;
    char *end = NULL;
    if (strcmp(word, "larger") == 0) {
        scale += step;
    } else if (strcmp(word, "smaller") == 0) {
        scale -= step;
    } else {
        scale = strtof(word, &end);
        if (end == word || *end || !(scale >= 1.0F && scale <= 3.0F)) {
            return app_warn(app,
                            "'%.40s': expected larger, smaller or a number "
                            "from 1 to 3",
                            word);
        }
    }
    app->look.ui_scale = fminf(fmaxf(scale, 1.0F), 3.0F);
    app->wants_theme = true;
    app_say(app, "text and controls %.3g times as large",
            (double)app->look.ui_scale);
    return true;
}

bool app_fullscreen(struct app *app, const struct command_args *args)
{
    (void)args;
    app->wants_fullscreen = true;
    return true;
}

bool app_help(struct app *app, const struct command_args *args)
{
    (void)args;
    app->dialog =
        app->dialog == APP_DIALOG_HELP ? APP_DIALOG_NONE : APP_DIALOG_HELP;
    return true;
}

bool app_close(struct app *app, const struct command_args *args)
{
    (void)args;
    if (app->dialog != APP_DIALOG_NONE) {
        app->dialog = APP_DIALOG_NONE;
    } else {
        app->look.part = -1;
        app->solo = -1;
        app_show_picture(app);
    }
    return true;
}

bool app_quit(struct app *app, const struct command_args *args)
{
    (void)args;
    app->quits = true;
    return true;
}
