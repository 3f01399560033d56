/* Marks of axes, beside those that a person would draw. */
#include "support.h"

#include "ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void expect(const struct ticks *ticks, const char *expected)
{
    char found[512] = "";
    for (size_t i = 0; i < ticks->n; i++) {
        size_t n = strlen(found);
        snprintf(found + n, sizeof found - n, "%s%s", i ? " " : "",
                 ticks->label[i].text);
    }
    assert_string_equal(found, expected);
}

static void linear_marks_are_round_and_few(void **state)
{
    static const struct {
        double low, high;
        size_t max;
        const char *labels;
    } cases[] = {
        {0, 100, 4, "0 50 100"},
        {0, 195, 4, "0 50 100 150"},
        {0, 3, 4, "0 1 2 3"},
        {0, 1, 4, "0 0.5 1.0"},
        {0, 12345, 4, "0 5,000 10,000"},
        {0, 2500000, 4, "0 1,000,000 2,000,000"},
        {0, 3e10, 4, "0 1e10 2e10 3e10"},
        {0.15, 0.17, 4, "0.15 0.16 0.17"},
        {0, 0.003, 4, "0 0.001 0.002 0.003"},
        {0, 4e-6, 3, "0 2e-6 4e-6"},
        {-1, 1, 3, "-1 0 1"},
        {1234, 1235, 4, "1234.0 1234.5 1235.0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ticks ticks =
            ticks_linear(cases[i].low, cases[i].high, cases[i].max);
        expect(&ticks, cases[i].labels);
    }
}

static void logarithmic_marks_fit_the_range(void **state)
{
    static const struct {
        double low, high;
        size_t max;
        const char *labels;
    } cases[] = {
        {0.08, 1, 4, "0.1 0.2 0.5 1"},
        {0.15, 0.9, 4, "0.2 0.5"},
        {0.001, 1, 4, "0.001 0.01 0.1 1"},
        {1e-9, 1, 4, "1e-9 1e-6 0.001 1"},
        {0.15, 0.17, 4, "0.15 0.16 0.17"},
        {0.11, 0.19, 4, "0.12 0.14 0.16 0.18"},
        {0.04, 3, 4, "0.1 1"},
        {2000, 90000, 5, "2,000 5,000 10,000 20,000 50,000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ticks ticks =
            ticks_logarithmic(cases[i].low, cases[i].high, cases[i].max);
        expect(&ticks, cases[i].labels);
    }
}

/* Whatever the range: within it, rising, no more than asked for, at least two
 * unless the numbers are all but equal. */
static void every_range_has_marks_within_it(void **state)
{
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        double low = pow(10.0, 24.0 * (double)support_uniform(&seed) - 14.0);
        double high =
            low * (1.0 + pow(10.0, 12.0 * (double)support_uniform(&seed) - 6));
        size_t max = 3 + (size_t)(4.0F * support_uniform(&seed));
        const struct ticks both[] = {ticks_linear(low, high, max),
                                     ticks_logarithmic(low, high, max)};
        for (size_t b = 0; b < 2; b++) {
            const struct ticks *ticks = &both[b];
            SUPPORT_ASSERT(ticks->n >= 1 && ticks->n <= max,
                           "%zu of %zu marks within %g .. %g", ticks->n, max,
                           low, high);
            for (size_t t = 0; t < ticks->n; t++) {
                double slack = 1e-8 * high;
                assert_true(ticks->at[t] >= low - slack &&
                            ticks->at[t] <= high + slack);
                assert_true(t == 0 || ticks->at[t] > ticks->at[t - 1]);
                SUPPORT_ASSERT(strlen(ticks->label[t].text) < 16, "%s",
                               ticks->label[t].text);
            }
        }
    }
}

static void labels_tell_the_marks_apart(void **state)
{
    (void)state;
    for (double high = 1e-4; high < 1e6; high *= 1.7) {
        struct ticks ticks = ticks_linear(high * 0.9, high, 5);
        for (size_t t = 1; t < ticks.n; t++) {
            SUPPORT_ASSERT(
                strcmp(ticks.label[t].text, ticks.label[t - 1].text) != 0,
                "%s twice up to %g", ticks.label[t].text, high);
        }
    }
}

static void no_range_has_no_marks(void **state)
{
    (void)state;
    assert_int_equal(ticks_linear(1, 1, 4).n, 0);
    assert_int_equal(ticks_linear(2, 1, 4).n, 0);
    assert_int_equal(ticks_linear(0, NAN, 4).n, 0);
    assert_int_equal(ticks_linear(0, INFINITY, 4).n, 0);
    assert_int_equal(ticks_linear(1, 1 + 1e-15, 4).n, 0);
    assert_int_equal(ticks_logarithmic(0, 1, 4).n, 0);
    assert_int_equal(ticks_logarithmic(1, 1, 4).n, 0);
    assert_int_equal(ticks_logarithmic(-1, 1, 4).n, 0);
}

static void counts_are_in_threes(void **state)
{
    static const struct {
        double count;
        const char *text;
    } cases[] = {{0, "0"},           {999, "999"},
                 {1000, "1,000"},    {12345, "12,345"},
                 {-999, "-999"},     {-1000, "-1,000"},
                 {1e6, "1,000,000"}, {1e11, "100,000,000,000"},
                 {1e30, "1e+30"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(tick_count(cases[i].count).text, cases[i].text);
    }
}

static void errors_have_few_digits(void **state)
{
    static const struct {
        double error;
        const char *text;
    } cases[] = {{0, "0.0000"},         {1, "1.0000"},
                 {0.12345, "0.1235"},   {0.001, "0.0010"},
                 {0.000747, "7.47e-4"}, {0.0009999, "1.00e-3"},
                 {1.5e-12, "1.50e-12"}, {NAN, ""},
                 {INFINITY, ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(tick_error(cases[i].error).text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_marks_are_round_and_few),
        cmocka_unit_test(logarithmic_marks_fit_the_range),
        cmocka_unit_test(every_range_has_marks_within_it),
        cmocka_unit_test(labels_tell_the_marks_apart),
        cmocka_unit_test(no_range_has_no_marks),
        cmocka_unit_test(counts_are_in_threes),
        cmocka_unit_test(errors_have_few_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
