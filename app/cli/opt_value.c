/* Values of options: from text to number, size, shape or choice. */
#include "opt_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a sentence about a value goes. */
struct sentence {
    char *text;
    size_t size;
};

static bool refuse(const struct sentence *out, const char *value,
                   const char *expected)
{
    snprintf(out->text, out->size, "'%s' is not %s", value, expected);
    return false;
}

static bool out_of_range(const struct sentence *out, const struct opt *opt,
                         const char *value)
{
    if (opt->max > 0) {
        snprintf(out->text, out->size, "%s is not within %.15g .. %.15g", value,
                 opt->min, opt->max);
    } else {
        snprintf(out->text, out->size, "%s is less than %.15g", value,
                 opt->min);
    }
    return false;
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

static bool set_whole(const struct sentence *out, const struct opt *opt,
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
        return refuse(out, text, "a whole number");
    }
    uint64_t limit = opt->type == OPT_SEED ? UINT64_MAX : SIZE_MAX;
    if ((is_negative && value) || is_huge || value > limit ||
        !is_in_range(opt, (double)value)) {
        if (opt->max <= 0 && !is_negative && (double)value >= opt->min) {
            return refuse(out, text, "a number of at most 64 bits");
        }
        return out_of_range(out, opt, text);
    }
    if (opt->type == OPT_SEED) {
        *(uint64_t *)opt->value = value;
    } else {
        *(size_t *)opt->value = (size_t)value;
    }
    return true;
}

static bool set_double(const struct sentence *out, const struct opt *opt,
                       const char *text)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end || *text == ' ' || !isfinite(value)) {
        return refuse(out, text, "a number");
    }
    if (!is_in_range(opt, value)) {
        return out_of_range(out, opt, text);
    }
    *(double *)opt->value = value;
    return true;
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

static bool set_bytes(const struct sentence *out, const struct opt *opt,
                      const char *text)
{
    const char *p = text;
    uint64_t value = 0;
    unsigned shift = 0;
    bool is_huge = false;
    if (!read_digits(&p, &value, &is_huge) || !read_unit(p, &shift)) {
        return refuse(out, text, "a size such as 512M or 2G");
    }
    if (is_huge || value > (SIZE_MAX >> shift)) {
        return refuse(out, text, "a size that a computer can have");
    }
    if (value == 0) {
        return refuse(out, text, "more than nothing");
    }
    *(size_t *)opt->value = (size_t)value << shift;
    return true;
}

static bool set_shape(const struct sentence *out, const struct opt *opt,
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
            return refuse(out, text, expected);
        }
        n_sides++;
    } while ((*p == 'x' || *p == 'X') && p++);
    if (*p || n_sides < 2) {
        return refuse(out, text, expected);
    }
    for (size_t i = 0; i < n_sides; i++) {
        char side[24];
        snprintf(side, sizeof side, "%llu", (unsigned long long)sides[i]);
        if (!is_in_range(opt, (double)sides[i])) {
            return out_of_range(out, opt, side);
        }
    }
    if (n_sides == 3 && sides[2] != 1 && sides[2] != 3) {
        return refuse(out, text, "of 1 or 3 channels");
    }
    struct opt_shape *shape = opt->value;
    shape->width = (size_t)sides[0];
    shape->height = (size_t)sides[1];
    shape->channels = (size_t)sides[2];
    return true;
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

static bool set_enum(const struct sentence *out, const struct opt *opt,
                     const char *text)
{
    unsigned index = 0;
    size_t length = strlen(text);
    for (const char *p = opt->placeholder;; index++) {
        size_t n = strcspn(p, "|");
        if (n == length && memcmp(p, text, n) == 0) {
            *(unsigned *)opt->value = index;
            return true;
        }
        if (!p[n]) {
            break;
        }
        p += n + 1;
    }
    char choices[512];
    list_choices(choices, sizeof choices, opt->placeholder);
    return refuse(out, text, choices);
}

bool opt_read_value(const struct opt *opt, const char *text, char *message,
                    size_t size)
{
    const struct sentence sentence = {message, size};
    const struct sentence *out = &sentence;
    switch (opt->type) {
    case OPT_COUNT:
    case OPT_SEED:
        return set_whole(out, opt, text);
    case OPT_DOUBLE:
        return set_double(out, opt, text);
    case OPT_BYTES:
        return set_bytes(out, opt, text);
    case OPT_SIZE:
    case OPT_SHAPE:
        return set_shape(out, opt, text);
    case OPT_ENUM:
        return set_enum(out, opt, text);
    case OPT_PATH:
        if (!*text) {
            return refuse(out, text, "a file name");
        }
        *(const char **)opt->value = text;
        return true;
    default:
        *(const char **)opt->value = text;
        return true;
    }
}
