/* names.h: names of pictures stay inside their folder and apart. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "names.h"

enum { MANY = 500 };

static void check_names(const char *const *paths, const char *const *expected,
                        size_t n)
{
    nmf_picture pictures[8] = {{0}};
    for (size_t i = 0; i < n; i++) {
        pictures[i].name = (char *)paths[i];
    }
    char **names = names_of_pictures(pictures, n);
    assert_non_null(names);
    for (size_t i = 0; i < n; i++) {
        SUPPORT_ASSERT(strcmp(names[i], expected[i]) == 0,
                       "'%s' became '%s', not '%s'", paths[i], names[i],
                       expected[i]);
    }
    names_free(names, n);
}

static void what_all_paths_share_is_left_out(void **state)
{
    (void)state;
    const char *paths[] = {"orl/s1/2.pgm", "orl/s1/10.pgm", "orl/s2/2.pgm"};
    const char *expected[] = {"s1-2.png", "s1-10.png", "s2-2.png"};
    check_names(paths, expected, 3);
    const char *alone[] = {"some/where/face.jpeg"};
    const char *expected_alone[] = {"face.png"};
    check_names(alone, expected_alone, 1);
    const char *prefixes[] = {"ab/x.png", "abc/x.png"};
    const char *expected_prefixes[] = {"ab-x.png", "abc-x.png"};
    check_names(prefixes, expected_prefixes, 2);
}

static void rows_of_tables_keep_their_number(void **state)
{
    (void)state;
    const char *paths[] = {"@faces[0]", "@faces[17]"};
    const char *expected[] = {"faces-0.png", "faces-17.png"};
    check_names(paths, expected, 2);
}

/* Where a folder takes them for the same, one would overwrite the other. */
static void names_that_differ_by_case_alone_get_numbers(void **state)
{
    (void)state;
    const char *paths[] = {"Face.pgm", "face.pgm", "face-2.pgm"};
    nmf_picture pictures[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        pictures[i].name = (char *)paths[i];
    }
    char **names = names_of_pictures(pictures, 3);
    assert_non_null(names);
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_true(strcasecmp(names[i], names[j]) != 0);
        }
    }
    names_free(names, 3);
}

static void no_name_leads_out_of_the_folder(void **state)
{
    (void)state;
    const char *paths[] = {"../../etc/passwd",
                           "/abs/.profile",
                           "..",
                           "-rf",
                           "a\nb\033[2Jc.png",
                           ""};
    const char *expected[] = {"etc-passwd.png", "abs-.profile.png",
                              "picture.png",    "rf.png",
                              "a-b-2Jc.png",    "picture-2.png"};
    check_names(paths, expected, 6);
}

static void names_that_meet_are_numbered(void **state)
{
    (void)state;
    const char *paths[] = {"a.png", "a.jpg", "a-2.pgm", "a.ppm"};
    const char *expected[] = {"a.png", "a-2.png", "a-2-6.png", "a-3.png"};
    check_names(paths, expected, 4);
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Few letters, so that there are many collisions, also with numbers given. */
static void many_names_are_all_different(void **state)
{
    (void)state;
    static char paths[MANY][16];
    static nmf_picture pictures[MANY];
    static const char letters[] = "ab-23/.";
    uint64_t seed = 1;
    for (size_t i = 0; i < MANY; i++) {
        size_t length = 1 + (size_t)(4 * support_uniform(&seed));
        for (size_t j = 0; j < length; j++) {
            paths[i][j] = letters[(size_t)(7 * support_uniform(&seed))];
        }
        pictures[i].name = paths[i];
    }
    char **names = names_of_pictures(pictures, MANY);
    assert_non_null(names);
    qsort(names, MANY, sizeof *names, compare);
    for (size_t i = 0; i < MANY; i++) {
        assert_null(strchr(names[i], '/'));
        assert_true(names[i][0] != '.' && names[i][0] != '-');
        if (i) {
            assert_string_not_equal(names[i - 1], names[i]);
        }
    }
    names_free(names, MANY);
}

static void long_names_fit_and_end_in_whole_characters(void **state)
{
    (void)state;
    char path[1001];
    nmf_picture pictures[2] = {{0}};
    pictures[0].name = path;
    pictures[1].name = path;
    for (size_t cut = 0; cut < 3; cut++) {
        memset(path, 'x', cut);
        for (size_t i = cut; i + 2 <= 1000; i += 2) {
            memcpy(path + i, "\xC3\xA9", 2);
        }
        path[998] = '\0';
        char **names = names_of_pictures(pictures, 2);
        assert_non_null(names);
        assert_true(strlen(names[0]) < 255 && strlen(names[1]) < 255);
        assert_string_not_equal(names[0], names[1]);
        const char *end = strrchr(names[0], '.');
        assert_memory_equal(end - 2, "\xC3\xA9", 2);
        names_free(names, 2);
    }
}

static void numbers_have_as_many_digits_as_the_last(void **state)
{
    (void)state;
    char **names = names_of_numbers("part", 2, 100);
    assert_non_null(names);
    assert_string_equal(names[0], "part001.png");
    assert_string_equal(names[99], "part100.png");
    names_free(names, 100);
    names = names_of_numbers("", 4, 3);
    assert_non_null(names);
    assert_string_equal(names[2], "0003.png");
    names_free(names, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_all_paths_share_is_left_out),
        cmocka_unit_test(rows_of_tables_keep_their_number),
        cmocka_unit_test(names_that_differ_by_case_alone_get_numbers),
        cmocka_unit_test(no_name_leads_out_of_the_folder),
        cmocka_unit_test(names_that_meet_are_numbered),
        cmocka_unit_test(many_names_are_all_different),
        cmocka_unit_test(long_names_fit_and_end_in_whole_characters),
        cmocka_unit_test(numbers_have_as_many_digits_as_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
