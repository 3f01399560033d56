/* Option tables without a command line: values from and to text. */
#include "opt_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_option(const struct opt *opt)
{
    return opt->type != OPT_GROUP && opt->type != OPT_ARG &&
           opt->type != OPT_ARGS;
}

const struct opt *opt_find(const struct opt *opts, const char *name)
{
    for (; opts->type != OPT_END; opts++) {
        if (is_option(opts) && opts->name && strcmp(opts->name, name) == 0) {
            return opts;
        }
    }
    return NULL;
}

static bool set_flag(const struct opt *opt, const char *text, char *message,
                     size_t size)
{
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0) {
        snprintf(message, size, "'%s' is not 'true' or 'false'", text);
        return false;
    }
    *(bool *)opt->value = is_true;
    return true;
}

bool opt_set(const struct opt *opts, const char *name, const char *text,
             char *message, size_t size)
{
    char why[512];
    const struct opt *opt = opt_find(opts, name);
    if (!opt) {
        snprintf(message, size, "there is no option '--%s'", name);
        return false;
    }
    if (opt->type == OPT_HELP || opt->type == OPT_VERSION) {
        snprintf(message, size, "--%s: has no value", name);
        return false;
    }
    bool is_set = opt->type == OPT_FLAG
                      ? set_flag(opt, text, why, sizeof why)
                      : opt_read_value(opt, text, why, sizeof why);
    if (!is_set) {
        snprintf(message, size, "--%s: %s", name, why);
    }
    return is_set;
}

bool opt_choice(const struct opt *opt, unsigned index, char *out, size_t size)
{
    const char *name = opt->type == OPT_ENUM ? opt->placeholder : "";
    out[0] = '\0';
    for (; index > 0 && *name; index--) {
        name += strcspn(name, "|");
        name += *name == '|';
    }
    size_t length = strcspn(name, "|");
    if (length == 0 || length >= size) {
        return false;
    }
    memcpy(out, name, length);
    out[length] = '\0';
    return true;
}

/* Length of the text, or negative where there is no value. */
static int write_shape(const struct opt *opt, char *out, size_t size)
{
    const struct opt_shape *shape = opt->value;
    if (!shape->width) {
        return -1;
    }
    return shape->channels && opt->type == OPT_SHAPE
               ? snprintf(out, size, "%zux%zux%zu", shape->width, shape->height,
                          shape->channels)
               : snprintf(out, size, "%zux%zu", shape->width, shape->height);
}

static int write_count(const struct opt *opt, char *out, size_t size)
{
    size_t value = *(const size_t *)opt->value;
    double least = opt->type == OPT_BYTES ? 1 : opt->min;
    return (double)value < least ? -1 : snprintf(out, size, "%zu", value);
}

static int write_text(const struct opt *opt, char *out, size_t size)
{
    const char *text = *(const char *const *)opt->value;
    return text ? snprintf(out, size, "%s", text) : -1;
}

/* The shortest decimals that read back as the same number; one below the least
 * stands for a default that is worked out later. */
static int write_double(const struct opt *opt, char *out, size_t size)
{
    const double value = *(const double *)opt->value;
    char text[32];
    double back = 0.0;
    if (value < opt->min) {
        return -1;
    }
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (sscanf(text, "%lf", &back) == 1 && back == value) {
            break;
        }
    }
    return snprintf(out, size, "%s", text);
}

static int write_value(const struct opt *opt, char *out, size_t size)
{
    switch (opt->type) {
    case OPT_FLAG:
        return snprintf(out, size, "%s",
                        *(const bool *)opt->value ? "true" : "false");
    case OPT_COUNT:
    case OPT_BYTES:
        return write_count(opt, out, size);
    case OPT_SEED:
        return snprintf(out, size, "%" PRIu64, *(const uint64_t *)opt->value);
    case OPT_DOUBLE:
        return write_double(opt, out, size);
    case OPT_SIZE:
    case OPT_SHAPE:
        return write_shape(opt, out, size);
    case OPT_ENUM:
        return opt_choice(opt, *(const unsigned *)opt->value, out, size)
                   ? (int)strlen(out)
                   : -1;
    case OPT_STRING:
    case OPT_PATH:
        return write_text(opt, out, size);
    default:
        return -1;
    }
}

bool opt_get(const struct opt *opt, char *out, size_t size)
{
    out[0] = '\0';
    int length = write_value(opt, out, size);
    if (length < 0 || (size_t)length >= size) {
        out[0] = '\0';
        return false;
    }
    return true;
}
