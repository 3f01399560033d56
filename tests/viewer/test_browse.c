/* What a folder is listed as, beside folders made for it. */
#include "folders.h"
#include "support.h"

#include "browse.h"

#include <string.h>
#include <unistd.h>

static void names_are_known_by_their_endings(void **state)
{
    static const struct {
        const char *name;
        enum browse_kind kind;
    } cases[] = {
        {"1.pgm", BROWSE_PICTURE},
        {"A.JPEG", BROWSE_PICTURE},
        {"photo.png", BROWSE_PICTURE},
        {"photo.png.gz", BROWSE_OTHER},
        {"table.csv", BROWSE_TABLE},
        {"table.csv.gz", BROWSE_TABLE},
        {"train-images-idx3-ubyte", BROWSE_TABLE},
        {"train-images-idx3-ubyte.gz", BROWSE_TABLE},
        {"model.NMFI", BROWSE_MODEL},
        {".png", BROWSE_OTHER},
        {"png", BROWSE_OTHER},
        {"", BROWSE_OTHER},
        {"archive.gz", BROWSE_OTHER},
        {"readme.txt", BROWSE_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SUPPORT_ASSERT(browse_kind_of(cases[i].name) == cases[i].kind, "%s: %d",
                       cases[i].name, (int)browse_kind_of(cases[i].name));
    }
}

static void names_are_in_the_order_of_counting(void **state)
{
    static const char *const order[] = {"1",    "2",   "10",  "S1",  "a1",
                                        "a01b", "a1b", "a02", "a2",  "a10",
                                        "b",    "b ",  "s2x", "s10x"};
    (void)state;
    size_t n = sizeof order / sizeof *order;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int found = browse_compare(order[i], order[j]);
            SUPPORT_ASSERT((found < 0) == (i < j), "'%s' and '%s'", order[i],
                           order[j]);
            assert_true((found == 0) == (i == j));
            assert_true((found < 0) ==
                        (browse_compare(order[j], order[i]) > 0));
        }
    }
}

static void parents_lead_to_the_top(void **state)
{
    static const struct {
        const char *folder, *parent;
    } cases[] = {
        {"/a/b", "/a"}, {"/a/b//", "/a"}, {"/a", "/"},  {"/", ""},
        {"//", ""},     {"a", "."},       {"a/b", "a"}, {"", ""},
    };
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool has_one = browse_parent(out, sizeof out, cases[i].folder);
        assert_string_equal(out, cases[i].parent);
        assert_int_equal(has_one, *cases[i].parent != '\0');
    }
    assert_false(browse_parent(out, 3, "/abc/d"));
    assert_string_equal(out, "");
}

static void paths_are_joined_where_they_fit(void **state)
{
    char out[8];
    (void)state;
    assert_true(browse_join(out, sizeof out, "/", "a"));
    assert_string_equal(out, "/a");
    assert_true(browse_join(out, sizeof out, "ab", "cd"));
    assert_string_equal(out, "ab/cd");
    assert_false(browse_join(out, sizeof out, "abcd", "efg"));
    assert_string_equal(out, "");
}

/* A folder with all that there may be in one. */
static support_path make_folder(void)
{
    support_path folder = support_folder("browsed");
    support_path below;
    support_pgm(folder.text, "10.pgm", 2, 2, 0, 0);
    support_pgm(folder.text, "9.pgm", 2, 2, 0, 0);
    support_pgm(folder.text, ".hidden.pgm", 2, 2, 0, 0);
    support_file(folder.text, "notes.txt", "x", 1);
    support_file(folder.text, "table.csv", "1\n", 2);
    support_file(folder.text, "m.nmfi", "x", 1);
    support_subfolder(folder.text, "s10");
    support_subfolder(folder.text, "s2");
    support_subfolder(folder.text, ".git");
    below = support_join(folder.text, "s2");
    support_pgm(below.text, "1.pgm", 2, 2, 0, 0);
    support_pgm(below.text, ".2.pgm", 2, 2, 0, 0);
    support_file(below.text, "t.csv", "1\n", 2);
    support_subfolder(below.text, "deep");
    below = support_join(below.text, "deep");
    support_pgm(below.text, "3.pgm", 2, 2, 0, 0);
    assert_int_equal(
        symlink("nowhere.pgm", support_join(folder.text, "dangling.pgm").text),
        0);
    assert_int_equal(symlink("9.pgm", support_join(folder.text, "z.pgm").text),
                     0);
    return folder;
}

static void folders_come_first_and_are_counted(void **state)
{
    static const struct {
        const char *name;
        enum browse_kind kind;
        size_t n_pictures;
    } expected[] = {
        {"s2", BROWSE_FOLDER, 2},     {"s10", BROWSE_FOLDER, 0},
        {"m.nmfi", BROWSE_MODEL, 0},  {"table.csv", BROWSE_TABLE, 0},
        {"9.pgm", BROWSE_PICTURE, 0}, {"10.pgm", BROWSE_PICTURE, 0},
        {"z.pgm", BROWSE_PICTURE, 0},
    };
    support_path folder = make_folder();
    struct browse browse = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(browse_read(&browse, folder.text, &err), err);
    assert_int_equal(browse.n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < browse.n; i++) {
        assert_string_equal(browse.entries[i].name, expected[i].name);
        assert_int_equal(browse.entries[i].kind, expected[i].kind);
        assert_int_equal(browse.entries[i].n_pictures, expected[i].n_pictures);
        assert_false(browse.entries[i].is_least);
    }
    assert_int_equal(browse.n_pictures, 3);
    assert_int_equal(browse.n_other, 2); /* notes.txt and the dangling link */
    assert_false(browse.is_cut);
    assert_int_equal(browse.path[0], '/');
    browse_release(&browse);
    assert_int_equal(browse.n, 0);
}

/* A link to a folder above it would be counted in for ever. */
static void loops_end_and_say_that_there_may_be_more(void **state)
{
    support_path folder = support_folder("loop");
    struct browse browse = {0};
    nmf_error err = {0};
    (void)state;
    support_pgm(folder.text, "1.pgm", 2, 2, 0, 0);
    assert_int_equal(symlink(".", support_join(folder.text, "again").text), 0);
    SUPPORT_OK(browse_read(&browse, folder.text, &err), err);
    assert_int_equal(browse.n, 2);
    assert_string_equal(browse.entries[0].name, "again");
    assert_int_equal(browse.entries[0].n_pictures, BROWSE_MAX_DEPTH);
    assert_true(browse.entries[0].is_least);
    browse_release(&browse);
}

static void what_cannot_be_read_is_said(void **state)
{
    support_path folder = support_folder("unread");
    struct browse browse = {0};
    nmf_error err = {0};
    (void)state;
    support_file(folder.text, "file", "x", 1);
    SUPPORT_OK(browse_read(&browse, folder.text, &err), err);
    assert_int_equal(
        browse_read(&browse, support_join(folder.text, "no").text, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "unread/no'"));
    assert_string_equal(browse.path, "");
    assert_int_equal(
        browse_read(&browse, support_join(folder.text, "file").text, &err),
        NMF_ERR_IO);
    assert_int_equal(browse_read(&browse, "", &err), NMF_ERR_IO);
    browse_release(&browse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_known_by_their_endings),
        cmocka_unit_test(names_are_in_the_order_of_counting),
        cmocka_unit_test(parents_lead_to_the_top),
        cmocka_unit_test(paths_are_joined_where_they_fit),
        cmocka_unit_test(folders_come_first_and_are_counted),
        cmocka_unit_test(loops_end_and_say_that_there_may_be_more),
        cmocka_unit_test(what_cannot_be_read_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
