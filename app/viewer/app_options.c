/* The options of the fit and of loading, as a table of the app's own values. */
#include "app_private.h"

#include <stdlib.h>
#include <string.h>

bool app_create_options(struct app *app)
{
    const struct opt rows[] = {
        VIEW_LEARN_OPTS(app->view.fit, app->view.mask),
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

const struct opt *app_default_options(void)
{
    static struct view_options view;
    const struct opt rows[] = {
        VIEW_LEARN_OPTS(view.fit, view.mask),
        LOAD_OPTS(view.load),
        {.type = OPT_END},
    };
    static struct opt kept[sizeof rows / sizeof *rows];
    if (!kept[0].name) {
        view = view_options_default();
        memcpy(kept, rows, sizeof rows);
    }
    return kept;
}

void app_chosen_options(const struct app *app, bool *chosen, size_t n)
{
    const struct opt *rows = app->options;
    for (size_t i = 0; i < n && rows[i].type != OPT_END; i++) {
        char value[256] = "", standard[256] = "";
        chosen[i] = rows[i].name && rows[i].value;
        if (chosen[i]) {
            opt_get(&rows[i], value, sizeof value);
            opt_get(opt_find(app_default_options(), rows[i].name), standard,
                    sizeof standard);
            chosen[i] = strcmp(value, standard) != 0;
        }
    }
}

static size_t size_of_value(enum opt_type type)
{
    switch (type) {
    case OPT_FLAG:
        return sizeof(bool);
    case OPT_COUNT:
    case OPT_BYTES:
        return sizeof(size_t);
    case OPT_SEED:
        return sizeof(uint64_t);
    case OPT_DOUBLE:
        return sizeof(double);
    case OPT_SIZE:
    case OPT_SHAPE:
        return sizeof(struct opt_shape);
    case OPT_ENUM:
        return sizeof(unsigned);
    case OPT_STRING:
    case OPT_PATH:
        return sizeof(const char *);
    default:
        return 0;
    }
}

bool app_set_value(struct app *app, const char *name, const char *text,
                   char *message, size_t size)
{
    const struct opt *row = opt_find(app->options, name);
    if (!row || strcmp(text, "default") != 0) {
        return opt_set(app->options, name, text, message, size);
    }
    memcpy(row->value, opt_find(app_default_options(), name)->value,
           size_of_value(row->type));
    return true;
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
