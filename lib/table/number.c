/*
 * Text -> float. Contracts are in number.h.
 *
 * Most numbers in tables are short. For a mantissa below 2^53 and a power of
 * ten up to 10^22, both of which double holds exactly, one multiplication or
 * division gives the correctly rounded double (Clinger, "How to read floating
 * point numbers accurately", PLDI 1990). Rounding that to float rounds twice,
 * which matters only where the double lies exactly between two floats: the
 * decimal number may lie a little to either side. These, and long, tiny and
 * huge numbers, go to strtof().
 */
#include "table/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_TEXT = 1024,          /* characters of a number */
    MAX_MANTISSA_DIGITS = 19, /* that 64 bits hold */
    MAX_EXPONENT = 100000,    /* far beyond any float, far below INT_MAX */
    MAX_EXACT_POWER = 22      /* 10^22 is the last one that double holds */
};

static const double powers_of_ten[MAX_EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Case-blind; word is in lower case. Returns its length, 0 where it is not. */
static size_t match_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - at) < length) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        if ((at[i] | 0x20) != word[i]) {
            return 0;
        }
    }
    return length;
}

static const char *scan_word(nmf_number *out, const char *at, const char *end)
{
    size_t length = match_word(at, end, "nan");
    out->kind = NMF_NUMBER_NAN;
    if (length == 0) {
        out->kind = NMF_NUMBER_INFINITY;
        length = match_word(at, end, "infinity");
    }
    if (length == 0) {
        length = match_word(at, end, "inf");
    }
    return length > 0 ? at + length : NULL;
}

/*
 * Digits of the mantissa, returns their end. step is what one digit does to
 * the exponent: 0 before the point, -1 behind it. Leading zeros do not count
 * towards n_digits.
 */
static const char *scan_digits(nmf_number *out, const char *at, const char *end,
                               int *n_digits, int step)
{
    for (; at < end && is_digit(*at); at++) {
        if (*n_digits == MAX_MANTISSA_DIGITS) {
            out->is_exact = out->is_exact && *at == '0';
            out->exponent += step + 1;
            continue;
        }
        out->mantissa = 10 * out->mantissa + (uint64_t)(*at - '0');
        *n_digits += out->mantissa > 0;
        out->exponent += step;
    }
    return at;
}

/* [eE][+-]digits, if it is there. Returns its end. */
static const char *scan_exponent(nmf_number *out, const char *at,
                                 const char *end)
{
    const char *next = at;
    bool is_negative = false;
    int exponent = 0;
    if (next == end || (*next | 0x20) != 'e') {
        return at;
    }
    next++;
    if (next < end && (*next == '+' || *next == '-')) {
        is_negative = *next++ == '-';
    }
    if (next == end || !is_digit(*next)) {
        return at;
    }
    for (; next < end && is_digit(*next); next++) {
        if (exponent < MAX_EXPONENT) {
            exponent = 10 * exponent + (*next - '0');
        }
    }
    out->exponent += is_negative ? -exponent : exponent;
    return next;
}

bool nmf_number_scan(nmf_number *out, const char *at, const char *end)
{
    const char *next = at;
    int n_digits = 0;
    memset(out, 0, sizeof *out);
    out->text = at;
    if (next < end && (*next == '+' || *next == '-')) {
        out->is_negative = *next++ == '-';
    }
    if (next < end && !is_digit(*next) && *next != '.') {
        next = scan_word(out, next, end);
        out->length = next ? (size_t)(next - at) : 0;
        return next != NULL;
    }
    out->is_exact = true;
    const char *first = next;
    next = scan_digits(out, next, end, &n_digits, 0);
    size_t n_seen = (size_t)(next - first);
    if (next < end && *next == '.') {
        first = ++next;
        next = scan_digits(out, next, end, &n_digits, -1);
        n_seen += (size_t)(next - first);
    }
    if (n_seen == 0) {
        return false;
    }
    next = scan_exponent(out, next, end);
    out->length = (size_t)(next - at);
    return true;
}

/* By one operation on doubles; false where that is not sure to be right. */
static bool quick_value(float *out, const nmf_number *number)
{
    uint64_t bits = 0;
    double value = (double)number->mantissa;
    if (FLT_EVAL_METHOD != 0 || !number->is_exact ||
        number->mantissa > (uint64_t)1 << DBL_MANT_DIG ||
        abs(number->exponent) > MAX_EXACT_POWER) {
        return false;
    }
    if (number->exponent < 0) {
        value /= powers_of_ten[-number->exponent];
    } else {
        value *= powers_of_ten[number->exponent];
    }
    if (value != 0.0 && (value < (double)FLT_MIN || value > (double)FLT_MAX)) {
        return false;
    }
    /* Of a double's 52 bits of fraction, a float keeps 23. */
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x1fffffff) == 0x10000000) {
        return false;
    }
    *out = (float)value;
    return true;
}

float nmf_number_value(const nmf_number *number)
{
    char text[MAX_TEXT + 1];
    float value = 0.0F;
    if (number->kind == NMF_NUMBER_NAN) {
        return NAN;
    }
    if (number->kind == NMF_NUMBER_INFINITY) {
        return number->is_negative ? -INFINITY : INFINITY;
    }
    if (quick_value(&value, number)) {
        return number->is_negative ? -value : value;
    }
    size_t length = number->length < MAX_TEXT ? number->length : MAX_TEXT;
    memcpy(text, number->text, length);
    text[length] = '\0';
    return strtof(text, NULL);
}

bool nmf_c_locale_enter(nmf_c_locale *locale)
{
    locale->c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!locale->c) {
        return false;
    }
    locale->before = uselocale(locale->c);
    return true;
}

void nmf_c_locale_leave(nmf_c_locale *locale)
{
    uselocale(locale->before);
    freelocale(locale->c);
}
