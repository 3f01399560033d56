/* Texts cut in the middle: both ends, whole characters, no more than asked. */
#include "support.h"

#include "fit_text.h"

#include <string.h>

static void long_texts_keep_both_ends(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        const char *cut;
    } cases[] = {
        {"abcdefghij", 10, "abcdefghij"},
        {"abcdefghij", 9, "abc...hij"},
        {"abcdefghij", 8, "ab...hij"},
        {"abcdefghij", 4, "...j"},
        {"abcdefghij", 3, "..."},
        {"", 3, ""},
        {"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 7, "\xC3\xA4...\xC3\x9F"},
        {"\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 6, "...\xC3\x9F"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fit_text found = fit_text_bytes(cases[i].text, cases[i].n);
        assert_string_equal(found.text, cases[i].cut);
        assert_int_equal(found.is_cut,
                         strcmp(cases[i].text, cases[i].cut) != 0);
    }
}

static void texts_beyond_all_bounds_are_cut(void **state)
{
    char text[4 * FIT_TEXT_SIZE];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct fit_text found = fit_text_bytes(text, sizeof text);
    assert_int_equal(strlen(found.text), FIT_TEXT_SIZE - 1);
    assert_true(found.is_cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_texts_keep_both_ends),
        cmocka_unit_test(texts_beyond_all_bounds_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
