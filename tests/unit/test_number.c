/* Text to float: what is a number, and that it is rounded correctly. */
#include "support.h"

#include "table/number.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Within the locale "C". NaN where the text is not wholly a number. */
static float value_of(const char *text)
{
    nmf_number number;
    if (!nmf_number_scan(&number, text, text + strlen(text)) ||
        number.length != strlen(text)) {
        return NAN;
    }
    return nmf_number_value(&number);
}

static bool same_bits(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void numbers_are_recognised_to_their_end(void **state)
{
    static const struct {
        const char *text;
        size_t length; /* 0: no number */
    } cases[] = {
        {"0", 1},        {"-0", 2},   {"+1", 2},      {"12.5", 4},  {"5.", 2},
        {".5", 2},       {"1e3", 3},  {"1E+3", 4},    {"1e-3", 4},  {"1.e3", 4},
        {"1e", 1},       {"1e+", 1},  {"1ex", 1},     {"1.2.3", 3}, {"1,2", 1},
        {"007", 3},      {"nan", 3},  {"NaN", 3},     {"-nan", 4},  {"inf", 3},
        {"Infinity", 8}, {"-INF", 4}, {"infinit", 3}, {"0x10", 1},  {"", 0},
        {"-", 0},        {"+", 0},    {".", 0},       {"-.", 0},    {"e5", 0},
        {".e5", 0},      {"na", 0},   {"--1", 0},     {" 1", 0},    {"x", 0},
        {"\xff", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = cases[i].text;
        nmf_number number;
        bool is_number = nmf_number_scan(&number, text, text + strlen(text));
        SUPPORT_ASSERT(is_number == (cases[i].length > 0) &&
                           (!is_number || number.length == cases[i].length),
                       "'%s': %d, length %zu", text, is_number, number.length);
    }
}

static void edges_are_rounded_correctly(void **state)
{
    static const struct {
        const char *text;
        float value;
    } cases[] = {
        {"0", 0.0F},
        {"-0", -0.0F},
        {"0e999999999999", 0.0F},
        {"1", 1.0F},
        {"0.1", 0.1F},
        {"-2.5e-3", -2.5e-3F},
        {"16777217", 16777216.0F},            /* half way: to even, down */
        {"16777219", 16777220.0F},            /* half way: to even, up */
        {"16777217.0000000001", 16777218.0F}, /* a little more than half */
        {"16777216.9999999999", 16777216.0F}, /* a little less */
        {"9007199791611905.5", 9007199791611906.0F},
        {"340282346638528859811704183484516925440", FLT_MAX},
        {"3.4028235677973367e38", INFINITY}, /* half a step beyond FLT_MAX */
        {"3.4028235677973366e38", FLT_MAX},
        {"1e39", INFINITY},
        {"-1e9999999999999999999", -INFINITY},
        {"1e-9999999999999999999", 0.0F},
        {"1.17549435e-38", FLT_MIN},
        {"1.4e-45", 1.4e-45F},
        {"7.0064923216240853e-46", 0.0F}, /* half of the smallest */
        {"7.0064923216240854e-46", 1.4e-45F},
        {"100000000000000000000000e-23", 1.0F},
        {"0.00000000000000000000000000000000000000000000001e47", 1.0F},
        {"12345678901234567890123456789", 1.23456791e28F},
        {"inf", INFINITY},
        {"-inf", -INFINITY},
    };
    nmf_c_locale locale;
    (void)state;
    assert_true(nmf_c_locale_enter(&locale));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        float found = value_of(cases[i].text);
        SUPPORT_ASSERT(same_bits(found, cases[i].value), "%s: %a, not %a",
                       cases[i].text, (double)found, (double)cases[i].value);
    }
    assert_true(isnan(value_of("nan")));
    nmf_c_locale_leave(&locale);
}

/* strtof() of the C library, in the same locale, as the oracle. */
static void numbers_are_what_the_c_library_says(void **state)
{
    nmf_c_locale locale;
    uint64_t seed = 7;
    (void)state;
    assert_true(nmf_c_locale_enter(&locale));
    for (int i = 0; i < 200000; i++) {
        char text[80];
        uint32_t bits = (uint32_t)(support_uniform(&seed) * 65536.0F) << 16 |
                        (uint32_t)(support_uniform(&seed) * 65536.0F);
        float value = 0.0F;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        int digits = 1 + (int)(support_uniform(&seed) * 24.0F);
        /* Every other one half way between two floats, or next to that. */
        double number =
            i % 2 == 0
                ? (double)value
                : ((double)value + (double)nextafterf(value, INFINITY)) / 2.0;
        snprintf(text, sizeof text, i % 3 == 0 ? "%.*e" : "%.*g", digits,
                 number);
        float expected = strtof(text, NULL);
        float found = value_of(text);
        SUPPORT_ASSERT(same_bits(found, expected), "%s: %a, not %a", text,
                       (double)found, (double)expected);
    }
    nmf_c_locale_leave(&locale);
}

static void the_locale_of_the_thread_is_restored(void **state)
{
    nmf_c_locale locale;
    (void)state;
    locale_t before = uselocale((locale_t)0);
    assert_true(nmf_c_locale_enter(&locale));
    assert_true(uselocale((locale_t)0) != before);
    assert_string_equal(localeconv()->decimal_point, ".");
    nmf_c_locale_leave(&locale);
    assert_true(uselocale((locale_t)0) == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_recognised_to_their_end),
        cmocka_unit_test(edges_are_rounded_correctly),
        cmocka_unit_test(numbers_are_what_the_c_library_says),
        cmocka_unit_test(the_locale_of_the_thread_is_restored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
