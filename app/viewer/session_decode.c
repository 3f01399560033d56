/*
 * JSON text as a session. It may come from anyone: sizes are weighed before it
 * is parsed, every value is checked before the first one is stored.
 */
#include "session_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 16, MAX_VALUES = 1 << 20 };

/* What is exact as a double: counts up to 2^53. */
static const double max_count = 9007199254740992.0;

struct reader {
    struct session *out;
    const char *name; /* of the file */
    size_t n_parts;
    nmf_error *err;
    cJSON *root;
    /* What the arrays take, counted by the first pass. */
    size_t n_doubles;
    /* Where the second pass puts them; all in one block. */
    double *doubles;
};

/* "'x.nmfi': its session: WHAT" */
static nmf_status malformed(const struct reader *r, const char *what)
{
    return session_fail(r->err, NMF_ERR_FORMAT, "'%s': its session: %s",
                        r->name, what);
}

/* "'x.nmfi': its session: NAME is not EXPECTED" */
static nmf_status refuse(const struct reader *r, const char *name,
                         const char *expected)
{
    return session_fail(r->err, NMF_ERR_FORMAT,
                        "'%s': its session: %s is not %s", r->name, name,
                        expected);
}

/*
 * cJSON takes about 64 bytes a value, and nests by recursion: count both
 * beforehand, outside strings. What is no JSON at all it finds itself.
 */
static nmf_status weigh(const struct reader *r, const char *text, size_t size)
{
    size_t n_values = 1;
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
            continue;
        }
        in_string = c == '"';
        n_values += c == ',' || c == '[' || c == '{';
        if (c == '[' || c == '{') {
            depth++;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
        if (depth > MAX_DEPTH || n_values > MAX_VALUES) {
            return session_fail(r->err, NMF_ERR_LIMIT,
                                "'%s': its session: more than %d values, or "
                                "nested deeper than %d",
                                r->name, MAX_VALUES, MAX_DEPTH);
        }
    }
    return NMF_OK;
}

/* A finite number within min .. max; whole where that is asked for. */
static bool is_number(const cJSON *item, double min, double max, bool is_whole)
{
    double value = item ? item->valuedouble : NAN;
    return cJSON_IsNumber(item) && isfinite(value) && value >= min &&
           value <= max && (!is_whole || value == floor(value));
}

static cJSON *member(cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* A member that is an array (or an object), or is not there: then NULL. */
static nmf_status find(cJSON **out, const struct reader *r, const char *name,
                       int type)
{
    *out = member(r->root, name);
    if (*out && ((*out)->type & 0xff) != type) {
        return refuse(r, name, type == cJSON_Array ? "an array" : "an object");
    }
    return NMF_OK;
}

/* An array of at most max numbers within range. */
static nmf_status check_numbers(size_t *n, const struct reader *r, cJSON *array,
                                const char *name, size_t max, double most,
                                bool is_whole)
{
    cJSON *item = NULL;
    *n = 0;
    if (!cJSON_IsArray(array)) {
        return refuse(r, name, "an array");
    }
    cJSON_ArrayForEach(item, array)
    {
        if (!is_number(item, 0, most, is_whole)) {
            return refuse(r, name, "made of proper numbers");
        }
        if (++*n > max) {
            return refuse(r, name, "as short as it has to be");
        }
    }
    return NMF_OK;
}

static void copy_numbers(double *to, const cJSON *array)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, array)
    {
        *to++ = item->valuedouble;
    }
}

/* ---- the parts of it; each is called twice: to check, and to store ---- */

static nmf_status read_version(const struct reader *r)
{
    const cJSON *version = member(r->root, "version");
    if (!is_number(version, 1, max_count, true)) {
        return refuse(r, "version", "a whole number from 1 on");
    }
    if (version->valuedouble > SESSION_VERSION) {
        return session_fail(r->err, NMF_ERR_UNSUPPORTED,
                            "'%s': its session is of version %.0f, this "
                            "program reads up to %d",
                            r->name, version->valuedouble, SESSION_VERSION);
    }
    return NMF_OK;
}

static nmf_status check_inputs(size_t *n, const struct reader *r)
{
    cJSON *array = NULL;
    cJSON *item = NULL;
    *n = 0;
    nmf_status status = find(&array, r, "inputs", cJSON_Array);
    if (status != NMF_OK || !array) {
        return status;
    }
    cJSON_ArrayForEach(item, array)
    {
        cJSON *absolute = member(item, "absolute");
        const char *path = session_text_of_json(member(item, "path"));
        if (!path || !*path ||
            (absolute && !cJSON_IsNull(absolute) &&
             !session_text_of_json(absolute))) {
            return refuse(r, "an input", "a path");
        }
        if (++*n > SESSION_MAX_INPUTS) {
            return malformed(r, "too many inputs");
        }
    }
    return NMF_OK;
}

static void store_inputs(struct session_input *to, const struct reader *r)
{
    cJSON *item = NULL;
    cJSON_ArrayForEach(item, member(r->root, "inputs"))
    {
        to->path = session_text_of_json(member(item, "path"));
        to->absolute = session_text_of_json(member(item, "absolute"));
        to++;
    }
}

/* Any value that an option may have, to try a text on. */
union option_value {
    bool flag;
    size_t count;
    uint64_t seed;
    double number;
    struct opt_shape shape;
    unsigned choice;
    const char *text;
};

bool session_try_option(const struct opt *opt, const char *text, char *why,
                        size_t size)
{
    union option_value trial = {0};
    struct opt rows[] = {*opt, {.type = OPT_END}};
    rows[0].value = &trial;
    return opt_set(rows, opt->name, text, why, size);
}

static nmf_status read_options(const struct reader *r, bool is_trial)
{
    cJSON *object = NULL;
    cJSON *item = NULL;
    nmf_status status = find(&object, r, "options", cJSON_Object);
    if (status != NMF_OK || !object || !r->out->options) {
        return status;
    }
    cJSON_ArrayForEach(item, object)
    {
        char why[512] = "";
        const struct opt *opt = opt_find(r->out->options, item->string);
        if (!opt) {
            continue;
        }
        const char *text = session_text_of_json(item);
        if (!text) {
            return refuse(r, opt->name, "given as text");
        }
        if (!session_try_option(opt, text, why, sizeof why)) {
            return malformed(r, why);
        }
        if (!is_trial) {
            opt_set(r->out->options, opt->name, text, why, sizeof why);
        }
    }
    return NMF_OK;
}

static bool is_field_value(const struct session_field *field, cJSON *item)
{
    const char *text = NULL;
    switch (field->type) {
    case SESSION_BOOL:
        return cJSON_IsBool(item);
    case SESSION_INT:
    case SESSION_SIZE:
        return is_number(item, field->min, field->max, true);
    case SESSION_FLOAT:
    case SESSION_DOUBLE:
        return is_number(item, field->min, field->max, false);
    default:
        text = session_text_of_json(item);
        return text && (double)strlen(text) < field->max;
    }
}

static void store_field(const struct session_field *field, cJSON *item)
{
    switch (field->type) {
    case SESSION_BOOL:
        *(bool *)field->value = cJSON_IsTrue(item);
        break;
    case SESSION_INT:
        *(int *)field->value = (int)item->valuedouble;
        break;
    case SESSION_SIZE:
        *(size_t *)field->value = (size_t)item->valuedouble;
        break;
    case SESSION_FLOAT:
        *(float *)field->value = (float)item->valuedouble;
        break;
    case SESSION_DOUBLE:
        *(double *)field->value = item->valuedouble;
        break;
    default:
        snprintf(field->value, (size_t)field->max, "%s",
                 session_text_of_json(item));
    }
}

static nmf_status refuse_field(const struct reader *r,
                               const struct session_field *field)
{
    char expected[96];
    if (field->type == SESSION_BOOL) {
        return refuse(r, field->name, "true or false");
    }
    if (field->type == SESSION_TEXT) {
        snprintf(expected, sizeof expected, "a text of less than %.0f bytes",
                 field->max);
    } else {
        snprintf(expected, sizeof expected, "a %snumber within %.15g .. %.15g",
                 field->type == SESSION_INT || field->type == SESSION_SIZE
                     ? "whole "
                     : "",
                 field->min, field->max);
    }
    return refuse(r, field->name, expected);
}

static nmf_status read_fields(const struct reader *r, bool is_trial)
{
    cJSON *object = NULL;
    nmf_status status = find(&object, r, "view", cJSON_Object);
    if (status != NMF_OK || !object || !r->out->fields) {
        return status;
    }
    for (const struct session_field *field = r->out->fields;
         field->type != SESSION_END; field++) {
        cJSON *item = member(object, field->name);
        if (item && !is_field_value(field, item)) {
            return refuse_field(r, field);
        }
        if (item && !is_trial) {
            store_field(field, item);
        }
    }
    return NMF_OK;
}

static nmf_status check_mix(struct session *found, struct reader *r)
{
    cJSON *hidden = member(r->root, "hidden");
    cJSON *weights = member(r->root, "weights");
    nmf_status status = NMF_OK;
    if (hidden) {
        status = check_numbers(&found->n_hidden, r, hidden, "hidden",
                               r->n_parts, (double)r->n_parts - 1, true);
    }
    if (status == NMF_OK && weights) {
        status = check_numbers(&found->n_weights, r, weights, "weights",
                               r->n_parts, 1e300, false);
    }
    if (status == NMF_OK && found->n_weights > 0 &&
        found->n_weights != r->n_parts) {
        return refuse(r, "weights", "one number a part");
    }
    r->n_doubles += found->n_weights;
    return status;
}

static nmf_status check_counts(struct session *found, const struct reader *r)
{
    const cJSON *n_iter = member(r->root, "n_iter");
    const cJSON *seconds = member(r->root, "seconds");
    if (n_iter && !is_number(n_iter, 0, max_count, true)) {
        return refuse(r, "n_iter", "a whole number from 0 on");
    }
    if (seconds && !is_number(seconds, 0, 1e300, false)) {
        return refuse(r, "seconds", "a number from 0 on");
    }
    found->n_iter = n_iter ? (size_t)n_iter->valuedouble : 0;
    found->seconds = seconds ? seconds->valuedouble : 0.0;
    return NMF_OK;
}

static nmf_status check_run(size_t *n, const struct reader *r, cJSON *run)
{
    static const char *const names[] = {"iter", "seconds", "error"};
    if (!session_text_of_json(member(run, "label"))) {
        return refuse(r, "the label of a run", "a text");
    }
    for (size_t i = 0; i < 3; i++) {
        size_t length = 0;
        nmf_status status =
            check_numbers(&length, r, member(run, names[i]), names[i],
                          SESSION_MAX_POINTS, 1e300, false);
        if (status != NMF_OK) {
            return status;
        }
        if (i > 0 && length != *n) {
            return malformed(r, "the arrays of a run differ in length");
        }
        *n = length;
    }
    return NMF_OK;
}

static nmf_status check_runs(struct session *found, struct reader *r)
{
    cJSON *array = NULL;
    cJSON *run = NULL;
    nmf_status status = find(&array, r, "runs", cJSON_Array);
    if (!array) {
        return status;
    }
    cJSON_ArrayForEach(run, array)
    {
        size_t n = 0;
        if (status == NMF_OK) {
            status = check_run(&n, r, run);
        }
        r->n_doubles += 3 * n;
        if (++found->n_runs > SESSION_MAX_RUNS) {
            return malformed(r, "too many runs");
        }
    }
    return status;
}

static void store_run(struct session_run *to, struct reader *r, cJSON *run)
{
    cJSON *const arrays[] = {member(run, "iter"), member(run, "seconds"),
                             member(run, "error")};
    const double **const targets[] = {&to->iter, &to->seconds, &to->error};
    to->label = session_text_of_json(member(run, "label"));
    to->n = (size_t)cJSON_GetArraySize(arrays[0]);
    for (size_t i = 0; i < 3; i++) {
        copy_numbers(r->doubles, arrays[i]);
        *targets[i] = r->doubles;
        r->doubles += to->n;
    }
}

/* ---- the whole ---- */

/* Everything is right: what is left is to find out what memory it takes. */
static nmf_status check(struct session *found, struct reader *r)
{
    nmf_status status = read_version(r);
    if (status == NMF_OK) {
        status = check_inputs(&found->n_inputs, r);
    }
    if (status == NMF_OK) {
        status = read_options(r, true);
    }
    if (status == NMF_OK) {
        status = check_counts(found, r);
    }
    if (status == NMF_OK) {
        status = read_fields(r, true);
    }
    if (status == NMF_OK) {
        status = check_mix(found, r);
    }
    return status == NMF_OK ? check_runs(found, r) : status;
}

/* The arrays into one block: those of the strictest alignment first. */
static nmf_status store(struct session *found, struct reader *r)
{
    size_t size = found->n_inputs * sizeof(struct session_input) +
                  found->n_runs * sizeof(struct session_run) +
                  found->n_hidden * sizeof(size_t) +
                  r->n_doubles * sizeof(double);
    char *block = malloc(size + 1);
    if (!block) {
        return session_fail(r->err, NMF_ERR_MEMORY,
                            "'%s': no memory for its session", r->name);
    }
    r->doubles = (double *)(void *)block;
    struct session_run *runs = (void *)(r->doubles + r->n_doubles);
    struct session_input *inputs = (void *)(runs + found->n_runs);
    size_t *hidden = (void *)(inputs + found->n_inputs);
    const cJSON *item = NULL;
    cJSON *run = NULL;
    found->block = block;
    found->runs = runs;
    found->inputs = inputs;
    found->hidden = hidden;
    found->weights = r->doubles;
    copy_numbers(r->doubles, member(r->root, "weights"));
    r->doubles += found->n_weights;
    cJSON_ArrayForEach(run, member(r->root, "runs"))
    {
        store_run(runs++, r, run);
    }
    store_inputs(inputs, r);
    cJSON_ArrayForEach(item, member(r->root, "hidden"))
    {
        *hidden++ = (size_t)item->valuedouble;
    }
    return NMF_OK;
}

/* NULL where it is no JSON, or more than that. */
static cJSON *parse(const char *text, size_t size)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(text, size, &end, false);
    while (root && end < text + size && strchr(" \t\r\n", *end) && *end) {
        end++;
    }
    if (root && end < text + size) {
        cJSON_Delete(root);
        root = NULL;
    }
    return root;
}

nmf_status session_decode(struct session *session, const char *text,
                          size_t size, const char *name, size_t n_parts,
                          nmf_error *err)
{
    struct session found = {.options = session->options,
                            .fields = session->fields};
    struct reader r = {
        .out = &found, .name = name, .n_parts = n_parts, .err = err};
    nmf_status status = weigh(&r, text, size);
    if (status != NMF_OK) {
        return status;
    }
    r.root = parse(text, size);
    found.tree = r.root;
    status = cJSON_IsObject(r.root) ? check(&found, &r)
                                    : malformed(&r, "no JSON object");
    if (status == NMF_OK) {
        status = store(&found, &r);
    }
    if (status != NMF_OK) {
        session_release(&found);
        return status;
    }
    session_release(session);
    *session = found;
    read_options(&r, false);
    return read_fields(&r, false);
}
