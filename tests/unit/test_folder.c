/* Natural order, and what a walk through a folder finds. */
#include "support.h"

#include "core/alloc.h"
#include "image/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void digits_are_compared_as_numbers(void **state)
{
    /* In order, each before the next. */
    static const char *const sorted[] = {"a",
                                         "a/b",
                                         "a1",
                                         "a01b",
                                         "a2",
                                         "a10",
                                         "a10/1",
                                         "a10/9",
                                         "a10/10",
                                         "a10b",
                                         "a100",
                                         "b",
                                         "img",
                                         "img/x",
                                         "img.png",
                                         "s1/1.pgm",
                                         "s1/10.pgm",
                                         "s2/1.pgm",
                                         "s10/1.pgm",
                                         "x9.5",
                                         "x9.10",
                                         "x18446744073709551615",
                                         "x18446744073709551616",
                                         "x99999999999999999999999",
                                         "\xc3\xa4"};
    const size_t n = sizeof sorted / sizeof sorted[0];
    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            int order = nmf_path_compare(sorted[i], sorted[j]);
            SUPPORT_ASSERT((order < 0) == (i < j) && (order == 0) == (i == j),
                           "'%s' and '%s': %d", sorted[i], sorted[j], order);
        }
    }
}

/* Random names over an alphabet that provokes ties. */
static void random_name(char *name, size_t size, uint64_t *seed)
{
    static const char alphabet[] = "001129a./\xff";
    size_t n = (size_t)(support_uniform(seed) * (float)(size - 1));
    for (size_t i = 0; i < n; i++) {
        name[i] = alphabet[(size_t)(support_uniform(seed) * 10.0F)];
    }
    name[n] = '\0';
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void the_order_is_total(void **state)
{
    uint64_t seed = 1;
    char a[8], b[8], c[8];
    (void)state;
    for (int round = 0; round < 100000; round++) {
        random_name(a, sizeof a, &seed);
        random_name(b, sizeof b, &seed);
        random_name(c, sizeof c, &seed);
        int ab = sign(nmf_path_compare(a, b));
        int bc = sign(nmf_path_compare(b, c));
        int ac = sign(nmf_path_compare(a, c));
        SUPPORT_ASSERT(ab == -sign(nmf_path_compare(b, a)),
                       "'%s', '%s': not antisymmetric", a, b);
        SUPPORT_ASSERT((ab == 0) == (strcmp(a, b) == 0), "'%s', '%s': equal", a,
                       b);
        SUPPORT_ASSERT(ab != bc || ac == ab, "'%s', '%s', '%s': not transitive",
                       a, b, c);
    }
}

/* ---- walks ---- */

static void make_folder(const char *path)
{
    SUPPORT_ASSERT(mkdir(path, 0777) == 0, "cannot make '%s'", path);
}

static void make_file(const char *folder, const char *name)
{
    char path[4096 + 256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    support_write(path, "x", 1);
}

static void make_subfolder(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    make_folder(path);
}

static void make_link(const char *folder, const char *name, const char *target)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    SUPPORT_ASSERT(symlink(target, path) == 0, "cannot link '%s'", path);
}

struct notices {
    size_t n;
    char last[NMF_ERROR_MESSAGE_SIZE];
};

static void note(const char *message, void *context)
{
    struct notices *notices = context;
    notices->n++;
    snprintf(notices->last, sizeof notices->last, "%s", message);
}

/* The paths of a walk relative to the root, each followed by a space. */
static const char *walked(const char *root, struct notices *notices)
{
    static char text[4096];
    nmf_file_list list = {0};
    nmf_error err = {0};
    size_t used = 0;
    SUPPORT_OK(nmf_folder_walk(&list, root, note, notices, &err), err);
    text[0] = '\0';
    for (size_t i = 0; i < list.n; i++) {
        assert_memory_equal(list.paths[i], root, strlen(root));
        used += (size_t)snprintf(text + used, sizeof text - used, "%s ",
                                 list.paths[i] + strlen(root) + 1);
    }
    nmf_file_list_release(&list);
    return text;
}

static void files_come_in_natural_order_without_hidden_ones(void **state)
{
    const char *root = support_temp_path("order");
    struct notices notices = {0};
    (void)state;
    make_folder(root);
    make_subfolder(root, "s10");
    make_subfolder(root, "s2");
    make_subfolder(root, ".git");
    make_subfolder(root, "empty");
    make_file(root, ".git/config.png");
    make_file(root, ".DS_Store");
    make_file(root, "s10/1.pgm");
    make_file(root, "s2/10.pgm");
    make_file(root, "s2/9.pgm");
    make_file(root, "name with spaces");
    make_file(root, "-dash");
    make_file(root, "a%s");
    assert_string_equal(
        walked(root, &notices),
        "-dash a%s name with spaces s2/9.pgm s2/10.pgm s10/1.pgm ");
    assert_int_equal(notices.n, 0);
}

static void links_are_followed_and_loops_end(void **state)
{
    const char *root = support_temp_path("links");
    const char *outside = support_temp_path("outside");
    struct notices notices = {0};
    (void)state;
    make_folder(root);
    make_folder(outside);
    make_file(outside, "o.png");
    make_link(outside, "back", root);
    make_subfolder(root, "sub");
    make_file(root, "sub/1.png");
    make_link(root, "sub/loop", "..");
    make_link(root, "sub/itself", "itself");
    make_link(root, "a-second-name", "sub");
    make_link(root, "out", outside);
    make_link(root, "file", "sub/1.png");
    make_link(root, "dangling", "nowhere");
    /* sub is read under its real name; what dangles is for others to judge. */
    assert_string_equal(walked(root, &notices),
                        "dangling file out/o.png sub/1.png sub/itself ");
    assert_int_equal(notices.n, 3); /* loop, a-second-name, out/back */
    assert_non_null(strstr(notices.last, "under another name"));
}

static void pipes_are_left_out(void **state)
{
    const char *root = support_temp_path("pipes");
    char pipe_path[4096];
    struct notices notices = {0};
    nmf_file_list list = {0};
    nmf_error err = {0};
    (void)state;
    make_folder(root);
    make_file(root, "a");
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe.png", root);
    assert_int_equal(mkfifo(pipe_path, 0666), 0);
    SUPPORT_OK(nmf_folder_walk(&list, root, note, &notices, &err), err);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.n_special, 1);
    assert_int_equal(notices.n, 1);
    assert_non_null(strstr(notices.last, "pipe.png': neither a file"));
    nmf_file_list_release(&list);
}

static void a_folder_that_cannot_be_read_is_an_error(void **state)
{
    nmf_file_list list = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(
        nmf_folder_walk(&list, support_temp_path("absent"), NULL, NULL, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "absent'"));
    assert_int_equal(list.n, 0);

    const char *root = support_temp_path("closed");
    make_folder(root);
    make_subfolder(root, "inside");
    char inside[4096];
    snprintf(inside, sizeof inside, "%s/inside", root);
    assert_int_equal(chmod(inside, 0), 0);
    if (access(inside, R_OK) != 0) { /* root may read everything */
        assert_int_equal(nmf_folder_walk(&list, root, NULL, NULL, &err),
                         NMF_ERR_IO);
        assert_non_null(strstr(err.message, "inside'"));
    }
    chmod(inside, 0700);
    nmf_file_list_release(&list);
}

static void many_nested_folders_are_walked(void **state)
{
    const char *root = support_temp_path("deep");
    char path[4096];
    struct notices notices = {0};
    size_t length = (size_t)snprintf(path, sizeof path, "%s", root);
    nmf_file_list list = {0};
    nmf_error err = {0};
    (void)state;
    make_folder(root);
    for (int depth = 0; depth < 200; depth++) {
        length += (size_t)snprintf(path + length, sizeof path - length, "/d");
        make_folder(path);
    }
    make_file(path, "bottom.png");
    SUPPORT_OK(nmf_folder_walk(&list, root, note, &notices, &err), err);
    assert_int_equal(list.n, 1);
    assert_int_equal(notices.n, 0);
    nmf_file_list_release(&list);
}

static void every_allocation_of_a_walk_may_fail(void **state)
{
    const char *root = support_temp_path("links"); /* of the test above */
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    for (size_t n = 1; status != NMF_OK; n++) {
        nmf_file_list list = {0};
        nmf_error err = {0};
        assert_in_range(n, 1, 1000);
        nmf_alloc_fail_at(n);
        status = nmf_folder_walk(&list, root, NULL, NULL, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_int_equal(err.status, status);
        nmf_file_list_release(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_compared_as_numbers),
        cmocka_unit_test(the_order_is_total),
        cmocka_unit_test(files_come_in_natural_order_without_hidden_ones),
        cmocka_unit_test(links_are_followed_and_loops_end),
        cmocka_unit_test(pipes_are_left_out),
        cmocka_unit_test(a_folder_that_cannot_be_read_is_an_error),
        cmocka_unit_test(many_nested_folders_are_walked),
        cmocka_unit_test(every_allocation_of_a_walk_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
