/* A session as JSON text: session.h says what is in it. */
#include "session_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_SIZE = 8192, PATH_SIZE = 4096 };

/*
 * Objects as they grow. Memory that runs out is noticed once: from then on
 * nothing is added.
 */
struct writer {
    bool no_memory;
};

/*
 * The shortest decimals that read back as the same number; those of cJSON may
 * differ in the last place.
 */
static cJSON *number(double value)
{
    char text[32] = "";
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    return cJSON_CreateRaw(text);
}

/* Takes the item, also where it cannot be added. */
static void add(struct writer *w, cJSON *object, const char *name, cJSON *item)
{
    bool is_added = item && object &&
                    (name ? cJSON_AddItemToObject(object, name, item)
                          : cJSON_AddItemToArray(object, item));
    if (!is_added) {
        w->no_memory = true;
        cJSON_Delete(item);
    }
}

/* An empty object or array inside another one; NULL when memory runs out. */
static cJSON *add_empty(struct writer *w, cJSON *object, const char *name,
                        cJSON *item)
{
    add(w, object, name, item);
    return w->no_memory ? NULL : item;
}

/*
 * Where a path leads from everywhere; NULL for @faces and the like, and where
 * it cannot be told. Links and ".." stay as they are: the path is to be known
 * again.
 */
static char *make_absolute(const char *path)
{
    char folder[PATH_SIZE] = "";
    if (path[0] == '@' || (path[0] != '/' && !getcwd(folder, sizeof folder))) {
        return NULL;
    }
    size_t size = strlen(folder) + strlen(path) + 2;
    char *absolute = malloc(size);
    if (absolute) {
        snprintf(absolute, size, "%s%s%s", folder, *folder ? "/" : "", path);
    }
    return absolute;
}

static void write_inputs(struct writer *w, cJSON *root,
                         const struct session *session)
{
    cJSON *array = add_empty(w, root, "inputs", cJSON_CreateArray());
    for (size_t i = 0; i < session->n_inputs && !w->no_memory; i++) {
        const char *path = session->inputs[i].path;
        cJSON *item = add_empty(w, array, NULL, cJSON_CreateObject());
        char *absolute = make_absolute(path);
        add(w, item, "path", session_text_to_json(path));
        add(w, item, "absolute",
            absolute ? session_text_to_json(absolute) : cJSON_CreateNull());
        free(absolute);
    }
}

static void write_options(struct writer *w, cJSON *root,
                          const struct opt *options)
{
    char value[OPTION_SIZE];
    char why[512];
    cJSON *object = add_empty(w, root, "options", cJSON_CreateObject());
    for (; options && options->type != OPT_END && !w->no_memory; options++) {
        /* A default may be outside of the range of what can be asked for: it
         * is not written, and serves when it is read. */
        if (options->name && opt_get(options, value, sizeof value) &&
            session_try_option(options, value, why, sizeof why)) {
            add(w, object, options->name, session_text_to_json(value));
        }
    }
}

/* Of the types that are numbers. */
static double field_number(const struct session_field *field)
{
    switch (field->type) {
    case SESSION_INT:
        return *(const int *)field->value;
    case SESSION_SIZE:
        return (double)*(const size_t *)field->value;
    case SESSION_FLOAT:
        return (double)*(const float *)field->value;
    default:
        return *(const double *)field->value;
    }
}

static void write_field(struct writer *w, cJSON *object,
                        const struct session_field *field)
{
    if (field->type == SESSION_BOOL) {
        add(w, object, field->name,
            cJSON_CreateBool(*(const bool *)field->value));
    } else if (field->type == SESSION_TEXT) {
        add(w, object, field->name, session_text_to_json(field->value));
    } else {
        double value = field_number(field);
        /* What would be refused when it is read: its default serves then. */
        if (value >= field->min && value <= field->max) {
            add(w, object, field->name, number(value));
        }
    }
}

static void write_fields(struct writer *w, cJSON *root,
                         const struct session_field *fields)
{
    cJSON *object = add_empty(w, root, "view", cJSON_CreateObject());
    for (; fields && fields->type != SESSION_END && !w->no_memory; fields++) {
        write_field(w, object, fields);
    }
}

static bool is_measure(double value)
{
    return isfinite(value) && value >= 0.0;
}

static void write_mix(struct writer *w, cJSON *root,
                      const struct session *session)
{
    cJSON *hidden = add_empty(w, root, "hidden", cJSON_CreateArray());
    for (size_t i = 0; i < session->n_hidden && !w->no_memory; i++) {
        add(w, hidden, NULL, number((double)session->hidden[i]));
    }
    cJSON *weights = add_empty(w, root, "weights", cJSON_CreateArray());
    for (size_t i = 0; i < session->n_weights && !w->no_memory; i++) {
        add(w, weights, NULL,
            number(is_measure(session->weights[i]) ? session->weights[i]
                                                   : 0.0));
    }
}

/* Point number i of m that are kept of n, the first and the last among them. */
static size_t kept_point(size_t i, size_t m, size_t n)
{
    return m == n ? i : (size_t)((double)i * (double)(n - 1) / (double)(m - 1));
}

static bool is_point(const struct session_run *run, size_t i)
{
    return is_measure(run->iter[i]) && is_measure(run->seconds[i]) &&
           is_measure(run->error[i]);
}

static void write_points(struct writer *w, cJSON *item, const char *name,
                         const struct session_run *run, const double *values)
{
    size_t m = run->n < SESSION_MAX_POINTS ? run->n : SESSION_MAX_POINTS;
    cJSON *array = add_empty(w, item, name, cJSON_CreateArray());
    for (size_t i = 0; i < m && !w->no_memory; i++) {
        size_t point = kept_point(i, m, run->n);
        if (is_point(run, point)) {
            add(w, array, NULL, number(values[point]));
        }
    }
}

static void write_runs(struct writer *w, cJSON *root,
                       const struct session *session)
{
    cJSON *array = add_empty(w, root, "runs", cJSON_CreateArray());
    size_t first = session->n_runs > SESSION_MAX_RUNS
                       ? session->n_runs - SESSION_MAX_RUNS
                       : 0;
    for (size_t i = first; i < session->n_runs && !w->no_memory; i++) {
        const struct session_run *run = &session->runs[i];
        cJSON *item = add_empty(w, array, NULL, cJSON_CreateObject());
        add(w, item, "label", session_text_to_json(run->label));
        write_points(w, item, "iter", run, run->iter);
        write_points(w, item, "seconds", run, run->seconds);
        write_points(w, item, "error", run, run->error);
    }
}

static char *write_all(const struct session *session)
{
    struct writer w = {false};
    char program[64];
    char *text = NULL;
    cJSON *root = cJSON_CreateObject();
    snprintf(program, sizeof program, "nmfimg %s", nmf_version());
    add(&w, root, "version", number(SESSION_VERSION));
    add(&w, root, "program", cJSON_CreateString(program));
    write_inputs(&w, root, session);
    write_options(&w, root, session->options);
    add(&w, root, "n_iter", number((double)session->n_iter));
    add(&w, root, "seconds",
        number(is_measure(session->seconds) ? session->seconds : 0.0));
    write_fields(&w, root, session->fields);
    write_mix(&w, root, session);
    write_runs(&w, root, session);
    if (!w.no_memory) {
        text = cJSON_PrintUnformatted(root);
    }
    cJSON_Delete(root);
    return text;
}

nmf_status session_encode(char **text, size_t *size,
                          const struct session *session, nmf_error *err)
{
    *text = NULL;
    *size = 0;
    if (session->n_inputs > SESSION_MAX_INPUTS) {
        return session_fail(err, NMF_ERR_LIMIT,
                            "a session of %zu inputs; at most %d are saved, "
                            "name their folder instead",
                            session->n_inputs, SESSION_MAX_INPUTS);
    }
    *text = write_all(session);
    if (!*text) {
        return session_fail(err, NMF_ERR_MEMORY,
                            "no memory to save the session");
    }
    *size = strlen(*text);
    if (*size > NMF_MODEL_VIEW_MAX) {
        nmf_status status = session_fail(
            err, NMF_ERR_LIMIT, "the session takes %zu bytes, more than %d",
            *size, NMF_MODEL_VIEW_MAX);
        free(*text);
        *text = NULL;
        *size = 0;
        return status;
    }
    return NMF_OK;
}
