/*
 * Parsing of the option tables; opt_value.c reads numbers and the like,
 * opt_help.c prints the tables.
 */
#include "opt.h"

#include "opt_value.h"
#include "report.h"

#include <stdio.h>
#include <string.h>

#include <nmfimg/api.h>

enum { NAME_MAX_SHOWN = 80, MAX_NAMES = 128 };

/* A parse under way. */
struct parse {
    const struct opt_about *about;
    const struct opt *opts;
    bool *given; /* a flag a row, to be set; may be NULL */
    char **argv;
    int argc;
    int next;          /* index of the argument that comes next */
    size_t n_operands; /* moved to argv[1 .. n_operands] so far */
};

/* What messages name. */
struct place {
    const char *command;
    char typed[48]; /* the option as typed: "--n-components" or "-k" */
};

static bool is_operand(const struct opt *opt)
{
    return opt->type == OPT_ARG || opt->type == OPT_ARGS;
}

static bool is_option(const struct opt *opt)
{
    return opt->type != OPT_GROUP && !is_operand(opt);
}

static bool takes_value(const struct opt *opt)
{
    return opt->type != OPT_FLAG && opt->type != OPT_HELP &&
           opt->type != OPT_VERSION;
}

static const struct opt *find_name(const struct opt *opts, const char *name,
                                   size_t length)
{
    for (; opts->type != OPT_END; opts++) {
        if (is_option(opts) && opts->name && strlen(opts->name) == length &&
            memcmp(opts->name, name, length) == 0) {
            return opts;
        }
    }
    return NULL;
}

static const struct opt *find_letter(const struct opt *opts, char letter)
{
    for (; opts->type != OPT_END; opts++) {
        if (is_option(opts) && opts->letter == letter) {
            return opts;
        }
    }
    return NULL;
}

static int unknown_option(const struct parse *parse, const char *name)
{
    if (strlen(name) == 1 && find_letter(parse->opts, *name)) {
        return report_misuse(parse->about->name,
                             "unknown option '--%s'; did you mean '-%s'?", name,
                             name);
    }
    const char *names[MAX_NAMES + 1] = {NULL};
    size_t n = 0;
    for (const struct opt *opt = parse->opts;
         opt->type != OPT_END && n < MAX_NAMES; opt++) {
        if (is_option(opt) && opt->name) {
            names[n++] = opt->name;
        }
    }
    const char *nearest = opt_nearest(name, names);
    if (nearest) {
        return report_misuse(parse->about->name,
                             "unknown option '--%s'; did you mean '--%s'?",
                             name, nearest);
    }
    return report_misuse(parse->about->name, "unknown option '--%s'", name);
}

static void note(struct parse *parse, const struct opt *opt)
{
    if (parse->given) {
        parse->given[opt - parse->opts] = true;
    }
}

/* An option without value: a flag, or one that answers at once. */
static int set_plain(struct parse *parse, const struct opt *opt, bool value)
{
    note(parse, opt);
    if (opt->type == OPT_FLAG) {
        *(bool *)opt->value = value;
        return OPT_PROCEED;
    }
    if (opt->type == OPT_HELP) {
        opt_print_help(parse->about, parse->opts);
    } else {
        printf("nmfimg %s\n", nmf_version());
    }
    return OPT_ANSWERED;
}

static struct place place_of_name(const struct parse *parse,
                                  const struct opt *opt)
{
    struct place place = {.command = parse->about->name};
    snprintf(place.typed, sizeof place.typed, "--%s", opt->name);
    return place;
}

static struct place place_of_letter(const struct parse *parse,
                                    const struct opt *opt)
{
    struct place place = {.command = parse->about->name};
    snprintf(place.typed, sizeof place.typed, "-%c", opt->letter);
    return place;
}

static int missing_value(const struct place *place, const struct opt *opt)
{
    return report_misuse(place->command, "%s needs a value: %s %s",
                         place->typed, place->typed, opt->placeholder);
}

static int set_value(struct parse *parse, const struct place *place,
                     const struct opt *opt, const char *text)
{
    char message[REPORT_SENTENCE_SIZE];
    note(parse, opt);
    return opt_read_value(opt, text, message, sizeof message)
               ? OPT_PROCEED
               : report_misuse(place->command, "%s: %s", place->typed, message);
}

/* "--no-x" for a flag "x", "--x" for a flag "no-x". */
static const struct opt *find_negated(const struct opt *opts, const char *name)
{
    char other[NAME_MAX_SHOWN];
    const struct opt *opt = NULL;
    if (strncmp(name, "no-", 3) == 0) {
        opt = find_name(opts, name + 3, strlen(name + 3));
    } else if (strlen(name) < NAME_MAX_SHOWN - 3) {
        snprintf(other, sizeof other, "no-%s", name);
        opt = find_name(opts, other, strlen(other));
    }
    return opt && opt->type == OPT_FLAG ? opt : NULL;
}

/* argument is what comes behind "--". */
static int parse_long(struct parse *parse, const char *argument)
{
    size_t length = strcspn(argument, "=");
    const char *value = argument[length] ? argument + length + 1 : NULL;
    const struct opt *opt = find_name(parse->opts, argument, length);
    if (!opt && !value) {
        opt = find_negated(parse->opts, argument);
        if (opt) {
            return set_plain(parse, opt, false);
        }
    }
    if (!opt) {
        char name[NAME_MAX_SHOWN];
        snprintf(name, sizeof name, "%.*s", (int)length, argument);
        return unknown_option(parse, name);
    }
    if (!takes_value(opt)) {
        if (value) {
            return report_misuse(parse->about->name, "--%s takes no value",
                                 opt->name);
        }
        return set_plain(parse, opt, true);
    }
    const struct place place = place_of_name(parse, opt);
    if (!value) {
        if (parse->next == parse->argc) {
            return missing_value(&place, opt);
        }
        value = parse->argv[parse->next++];
    }
    return set_value(parse, &place, opt, value);
}

/* letters is what comes behind "-", at least one. */
static int parse_letters(struct parse *parse, const char *letters)
{
    for (; *letters; letters++) {
        const struct opt *opt = find_letter(parse->opts, *letters);
        int status = OPT_PROCEED;
        if (!opt) {
            return report_misuse(parse->about->name, "unknown option '-%c'",
                                 *letters);
        }
        if (takes_value(opt)) {
            const struct place place = place_of_letter(parse, opt);
            const char *value = letters + 1;
            if (*value == '=') {
                return report_misuse(place.command, "'%s%s': say '%s %s'",
                                     place.typed, value, place.typed,
                                     value[1] ? value + 1 : opt->placeholder);
            }
            if (!*value) {
                if (parse->next == parse->argc) {
                    return missing_value(&place, opt);
                }
                value = parse->argv[parse->next++];
            }
            return set_value(parse, &place, opt, value);
        }
        status = set_plain(parse, opt, true);
        if (status != OPT_PROCEED) {
            return status;
        }
    }
    return OPT_PROCEED;
}

/* Hand the collected operands to the entries that take them. */
static int give_operands(struct parse *parse)
{
    char **operands = parse->argv + 1;
    size_t left = parse->n_operands;
    for (const struct opt *opt = parse->opts; opt->type != OPT_END; opt++) {
        if (opt->type == OPT_ARG) {
            if (left) {
                *(const char **)opt->value = *operands++;
                left--;
            } else if (opt->min > 0) {
                return report_misuse(parse->about->name, "%s is missing: %s",
                                     opt->name, opt->text);
            }
        } else if (opt->type == OPT_ARGS) {
            struct opt_list *list = opt->value;
            if ((double)left < opt->min) {
                return report_misuse(parse->about->name, "%s is missing: %s",
                                     opt->name, opt->text);
            }
            list->items = operands;
            list->count = left;
            if (opt->max > 0 && (double)left > opt->max) {
                list->count = (size_t)opt->max;
            }
            operands += list->count;
            left -= list->count;
        }
    }
    if (left) {
        return report_misuse(parse->about->name,
                             "'%s' is one argument too many", *operands);
    }
    return OPT_PROCEED;
}

static int check_required(const struct parse *parse)
{
    for (const struct opt *opt = parse->opts; opt->type != OPT_END; opt++) {
        if ((opt->type == OPT_PATH || opt->type == OPT_STRING) &&
            opt->min > 0 && !*(const char *const *)opt->value) {
            const struct place place = opt->letter ? place_of_letter(parse, opt)
                                                   : place_of_name(parse, opt);
            return report_misuse(place.command, "%s %s is missing", place.typed,
                                 opt->placeholder);
        }
    }
    return OPT_PROCEED;
}

int opt_parse(const struct opt_about *about, const struct opt *opts, int argc,
              char **argv)
{
    return opt_parse_noting(about, opts, NULL, argc, argv);
}

int opt_parse_noting(const struct opt_about *about, const struct opt *opts,
                     bool *given, int argc, char **argv)
{
    struct parse parse = {.about = about,
                          .opts = opts,
                          .given = given,
                          .argv = argv,
                          .argc = argc,
                          .next = 1};
    bool options_ended = false;
    int status = OPT_PROCEED;
    if (argc == 2 && strcmp(argv[1], "--man-page") == 0) {
        opt_print_man(about, opts);
        return OPT_ANSWERED;
    }
    while (parse.next < argc && status == OPT_PROCEED) {
        char *argument = argv[parse.next++];
        if (options_ended || argument[0] != '-' || !argument[1]) {
            argv[++parse.n_operands] = argument;
        } else if (strcmp(argument, "--") == 0) {
            options_ended = true;
        } else if (argument[1] == '-') {
            status = parse_long(&parse, argument + 2);
        } else {
            status = parse_letters(&parse, argument + 1);
        }
    }
    if (status == OPT_PROCEED) {
        status = give_operands(&parse);
    }
    return status == OPT_PROCEED ? check_required(&parse) : status;
}
