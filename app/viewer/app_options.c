/* The options of the fit and of loading, as a table of the app's own values. */
#include "app_private.h"

#include <stdlib.h>
#include <string.h>

bool app_create_options(struct app *app)
{
    const struct opt rows[] = {
        FIT_OPTS(app->view.fit),
        LOAD_OPTS(app->view.load),
        {.type = OPT_END},
    };
    app->options = malloc(sizeof rows);
    if (app->options) {
        memcpy(app->options, rows, sizeof rows);
    }
    return app->options != NULL;
}

bool app_is_about_loading(const struct app *app, const char *name)
{
    const struct opt *row = opt_find(app->options, name);
    const char *value = row ? row->value : NULL;
    const char *first = (const char *)&app->view.load;
    return value && value >= first && value < first + sizeof app->view.load;
}

void app_free_options(struct app *app)
{
    free(app->options);
    app_free_texts(app->texts, app->n_texts);
}

const struct opt *app_options(const struct app *app)
{
    return app->options;
}

const char *app_keep_text(struct app *app, const char *text)
{
    char **texts = realloc(app->texts, (app->n_texts + 1) * sizeof *app->texts);
    char *copy = malloc(strlen(text) + 1);
    if (texts) {
        app->texts = texts;
    }
    if (!texts || !copy) {
        free(copy);
        return NULL;
    }
    memcpy(copy, text, strlen(text) + 1);
    texts[app->n_texts++] = copy;
    return copy;
}
