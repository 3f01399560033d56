/* Parsing of the option tables; opt_help.c prints them. */
#include "opt.h"

#include "report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nmfimg/api.h>

/* Longer words than this are nobody's typing errors. */
enum { WORD_MAX = 40 };

/* A parse under way. */
struct parse {
    const struct opt_about *about;
    const struct opt *opts;
    char **argv;
    int argc;
    int next;          /* index of the argument that comes next */
    size_t n_operands; /* moved to argv[1 .. n_operands] so far */
    bool answered;     /* by help or version */
};

/*
 * Edit distance with transpositions of neighbours (Damerau 1964, Levenshtein
 * 1966, in the "optimal string alignment" form); three rows of the table.
 */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t n_a = strlen(a);
    size_t n_b = strlen(b);
    if (n_a > WORD_MAX || n_b > WORD_MAX) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= n_b; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && above2[j - 2] + 1 < best) {
                best = above2[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[n_a % 3][n_b];
}

/* Is a word at this distance near enough to be a mistyped one? */
static bool is_near(const char *word, size_t distance)
{
    size_t length = strlen(word);
    return distance <= (length < 4   ? 1
                        : length < 8 ? 2
                                     : 3) &&
           distance < length;
}

const char *opt_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (; *names; names++) {
        size_t distance = edit_distance(word, *names);
        if (is_near(word, distance) && distance < best) {
            best = distance;
            nearest = *names;
        }
    }
    return nearest;
}

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
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (const struct opt *opt = parse->opts; opt->type != OPT_END; opt++) {
        size_t distance = is_option(opt) && opt->name
                              ? edit_distance(name, opt->name)
                              : SIZE_MAX;
        if (distance < best && is_near(name, distance)) {
            best = distance;
            nearest = opt->name;
        }
    }
    if (nearest) {
        return report_misuse(parse->about->name,
                             "unknown option '--%s'; did you mean '--%s'?",
                             name, nearest);
    }
    return report_misuse(parse->about->name, "unknown option '--%s'", name);
}

/* "-k" or "--seed", as messages name an option. */
static const char *shown_name(const struct opt *opt, char text[WORD_MAX + 3])
{
    if (opt->name) {
        snprintf(text, WORD_MAX + 3, "--%s", opt->name);
    } else {
        snprintf(text, WORD_MAX + 3, "-%c", opt->letter);
    }
    return text;
}

static int misused_value(const struct parse *parse, const struct opt *opt,
                         const char *value, const char *expected)
{
    char name[WORD_MAX + 3];
    return report_misuse(parse->about->name, "%s: '%s' is not %s",
                         shown_name(opt, name), value, expected);
}

static int out_of_range(const struct parse *parse, const struct opt *opt,
                        const char *value)
{
    char name[WORD_MAX + 3];
    shown_name(opt, name);
    if (opt->max > 0) {
        return report_misuse(parse->about->name,
                             "%s: %s is not within %.15g .. %.15g", name, value,
                             opt->min, opt->max);
    }
    return report_misuse(parse->about->name, "%s: %s is less than %.15g", name,
                         value, opt->min);
}

static bool is_in_range(const struct opt *opt, double value)
{
    return value >= opt->min && (opt->max <= 0 || value <= opt->max);
}

/*
 * Digits at *text as a number, *text then behind them; false where there are
 * none. Too large a number becomes UINT64_MAX and *is_huge.
 */
static bool read_digits(const char **text, uint64_t *out, bool *is_huge)
{
    const char *p = *text;
    *out = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*out > (UINT64_MAX - digit) / 10) {
            *is_huge = true;
            *out = UINT64_MAX;
        } else if (!*is_huge) {
            *out = *out * 10 + digit;
        }
    }
    bool found = p != *text;
    *text = p;
    return found;
}

static int set_whole(const struct parse *parse, const struct opt *opt,
                     const char *text)
{
    const char *p = text;
    uint64_t value = 0;
    bool is_huge = false;
    bool is_negative = *p == '-';
    if (is_negative) {
        p++;
    }
    if (!read_digits(&p, &value, &is_huge) || *p) {
        return misused_value(parse, opt, text, "a whole number");
    }
    uint64_t limit = opt->type == OPT_SEED ? UINT64_MAX : SIZE_MAX;
    if ((is_negative && value) || is_huge || value > limit ||
        !is_in_range(opt, (double)value)) {
        if (opt->max <= 0 && !is_negative && (double)value >= opt->min) {
            return misused_value(parse, opt, text,
                                 "a number of at most 64 bits");
        }
        return out_of_range(parse, opt, text);
    }
    if (opt->type == OPT_SEED) {
        *(uint64_t *)opt->value = value;
    } else {
        *(size_t *)opt->value = (size_t)value;
    }
    return OPT_PROCEED;
}

static int set_double(const struct parse *parse, const struct opt *opt,
                      const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end || *text == ' ' || !isfinite(value)) {
        return misused_value(parse, opt, text, "a number");
    }
    if (!is_in_range(opt, value)) {
        return out_of_range(parse, opt, text);
    }
    *(double *)opt->value = value;
    return OPT_PROCEED;
}

/* The power of two of a unit: "", K, M, G, T, each also as KB or KiB. */
static bool read_unit(const char *text, unsigned *shift)
{
    static const char units[] = "KMGT";
    *shift = 0;
    if (!*text || strcmp(text, "B") == 0) {
        return true;
    }
    char first = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
    const char *unit = strchr(units, first);
    if (!unit) {
        return false;
    }
    *shift = 10 * (unsigned)(unit - units + 1);
    text++;
    return !*text || strcmp(text, "B") == 0 || strcmp(text, "iB") == 0;
}

static int set_bytes(const struct parse *parse, const struct opt *opt,
                     const char *text)
{
    const char *p = text;
    uint64_t value = 0;
    unsigned shift = 0;
    bool is_huge = false;
    if (!read_digits(&p, &value, &is_huge) || !read_unit(p, &shift)) {
        return misused_value(parse, opt, text, "a size such as 512M or 2G");
    }
    if (is_huge || value > (SIZE_MAX >> shift)) {
        return misused_value(parse, opt, text,
                             "a size that a computer can have");
    }
    if (value == 0) {
        return misused_value(parse, opt, text, "more than nothing");
    }
    *(size_t *)opt->value = (size_t)value << shift;
    return OPT_PROCEED;
}

static int set_shape(const struct parse *parse, const struct opt *opt,
                     const char *text)
{
    bool has_channels = opt->type == OPT_SHAPE;
    const char *expected = has_channels
                               ? "a shape such as 32x24 or 32x24x3 "
                                 "(width x height [x channels])"
                               : "a size such as 32x24 (width x height)";
    const char *p = text;
    uint64_t sides[3] = {0, 0, 0};
    size_t n_sides = 0;
    bool is_huge = false;
    do {
        if (n_sides == (has_channels ? 3 : 2) ||
            !read_digits(&p, &sides[n_sides], &is_huge)) {
            return misused_value(parse, opt, text, expected);
        }
        n_sides++;
    } while ((*p == 'x' || *p == 'X') && p++);
    if (*p || n_sides < 2) {
        return misused_value(parse, opt, text, expected);
    }
    for (size_t i = 0; i < n_sides; i++) {
        char side[24];
        snprintf(side, sizeof side, "%llu", (unsigned long long)sides[i]);
        if (!is_in_range(opt, (double)sides[i])) {
            return out_of_range(parse, opt, side);
        }
    }
    if (n_sides == 3 && sides[2] != 1 && sides[2] != 3) {
        return misused_value(parse, opt, text, "of 1 or 3 channels");
    }
    struct opt_shape *shape = opt->value;
    shape->width = (size_t)sides[0];
    shape->height = (size_t)sides[1];
    shape->channels = (size_t)sides[2];
    return OPT_PROCEED;
}

/* "one|two|three" as "'one', 'two' or 'three'". */
static void list_choices(char *out, size_t size, const char *choices)
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *p = choices; *p && used < size;) {
        size_t length = strcspn(p, "|");
        bool is_last = p[length] == '\0';
        const char *before = p == choices ? "" : is_last ? " or " : ", ";
        int n = snprintf(out + used, size - used, "%s'%.*s'", before,
                         (int)length, p);
        used += n > 0 ? (size_t)n : 0;
        p += length + !is_last;
    }
}

static int set_enum(const struct parse *parse, const struct opt *opt,
                    const char *text)
{
    unsigned index = 0;
    size_t length = strlen(text);
    for (const char *p = opt->placeholder;; index++) {
        size_t n = strcspn(p, "|");
        if (n == length && memcmp(p, text, n) == 0) {
            *(unsigned *)opt->value = index;
            return OPT_PROCEED;
        }
        if (!p[n]) {
            break;
        }
        p += n + 1;
    }
    char choices[512];
    list_choices(choices, sizeof choices, opt->placeholder);
    return misused_value(parse, opt, text, choices);
}

static int set_value(struct parse *parse, const struct opt *opt,
                     const char *text)
{
    switch (opt->type) {
    case OPT_COUNT:
    case OPT_SEED:
        return set_whole(parse, opt, text);
    case OPT_DOUBLE:
        return set_double(parse, opt, text);
    case OPT_BYTES:
        return set_bytes(parse, opt, text);
    case OPT_SIZE:
    case OPT_SHAPE:
        return set_shape(parse, opt, text);
    case OPT_ENUM:
        return set_enum(parse, opt, text);
    case OPT_PATH:
        if (!*text) {
            return misused_value(parse, opt, text, "a file name");
        }
        *(const char **)opt->value = text;
        return OPT_PROCEED;
    default:
        *(const char **)opt->value = text;
        return OPT_PROCEED;
    }
}

/* An option without value: a flag, or one that answers at once. */
static int set_plain(struct parse *parse, const struct opt *opt, bool value)
{
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

static int missing_value(const struct parse *parse, const struct opt *opt)
{
    char name[WORD_MAX + 3];
    shown_name(opt, name);
    return report_misuse(parse->about->name, "%s needs a value: %s %s", name,
                         name, opt->placeholder);
}

/* "--no-x" for a flag "x", "--x" for a flag "no-x". */
static const struct opt *find_negated(const struct opt *opts, const char *name)
{
    char other[WORD_MAX + 4];
    const struct opt *opt = NULL;
    if (strncmp(name, "no-", 3) == 0) {
        opt = find_name(opts, name + 3, strlen(name + 3));
    } else if (strlen(name) <= WORD_MAX) {
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
        char name[2 * WORD_MAX];
        snprintf(name, sizeof name, "%.*s", (int)(length < 79 ? length : 79),
                 argument);
        return unknown_option(parse, name);
    }
    if (!takes_value(opt)) {
        if (value) {
            return report_misuse(parse->about->name, "--%s takes no value",
                                 opt->name);
        }
        return set_plain(parse, opt, true);
    }
    if (!value) {
        if (parse->next == parse->argc) {
            return missing_value(parse, opt);
        }
        value = parse->argv[parse->next++];
    }
    return set_value(parse, opt, value);
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
            const char *value = letters + 1;
            if (!*value) {
                if (parse->next == parse->argc) {
                    return missing_value(parse, opt);
                }
                value = parse->argv[parse->next++];
            }
            return set_value(parse, opt, value);
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
            char letter[6] = "";
            if (opt->letter) {
                snprintf(letter, sizeof letter, "-%c, ", opt->letter);
            }
            return report_misuse(parse->about->name, "%s--%s %s is missing: %s",
                                 letter, opt->name, opt->placeholder,
                                 opt->text);
        }
    }
    return OPT_PROCEED;
}

int opt_parse(const struct opt_about *about, const struct opt *opts, int argc,
              char **argv)
{
    struct parse parse = {
        .about = about, .opts = opts, .argv = argv, .argc = argc, .next = 1};
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
