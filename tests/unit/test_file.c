/* Files read within a limit, and written whole or not at all. */
#include "support.h"

#include "core/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char old_text[] = "what was there before";
static const char new_text[] = "new";

enum { NO_LIMIT = 1 << 30, NOBODY = 65534 };

/* A fresh folder of its own for a test. */
static const char *make_folder(const char *name)
{
    const char *path = support_temp_path(name);
    assert_int_equal(mkdir(path, 0755), 0);
    return path;
}

/* Entries of a folder, hidden ones too: a temporary file would show. */
static size_t count_entries(const char *path)
{
    size_t n = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder)) {
        n++;
    }
    closedir(folder);
    return n - 2; /* "." and ".." */
}

static void assert_content(const char *path, const char *expected)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_file_read(&bytes, path, NO_LIMIT, &err), err);
    assert_int_equal(bytes.size, strlen(expected));
    if (bytes.size > 0) {
        assert_memory_equal(bytes.data, expected, bytes.size);
    }
    nmf_bytes_release(&bytes);
}

static void assert_says(const nmf_error *err, const char *part)
{
    SUPPORT_ASSERT(strstr(err->message, part) != NULL, "'%s' is not in: %s",
                   part, err->message);
}

static void assert_refused(const char *path, bool overwrite, const char *part)
{
    nmf_error err = {0};
    assert_int_equal(nmf_file_check_output(path, overwrite, &err), NMF_ERR_IO);
    assert_says(&err, part);
    memset(&err, 0, sizeof err);
    assert_int_equal(nmf_file_write(path, "x", 1, overwrite, &err), NMF_ERR_IO);
    assert_says(&err, part);
}

/* Run in a child, which may change limits and die; returns wait()'s status. */
static int run_child(void (*run)(const char *path), const char *path)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        run(path);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void what_is_written_is_read_again(void **state)
{
    char bytes[100000];
    nmf_bytes read = {0};
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("again");
    const char *path = support_temp_path("again/file");
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 7);
    }
    const size_t sizes[] = {0, 1, 65535, 65536, 65537, sizeof bytes};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        SUPPORT_OK(nmf_file_write(path, bytes, sizes[i], true, &err), err);
        SUPPORT_OK(nmf_file_read(&read, path, sizes[i], &err), err);
        assert_int_equal(read.size, sizes[i]);
        assert_true(sizes[i] == 0 ? read.data == NULL
                                  : !memcmp(read.data, bytes, sizes[i]));
        nmf_bytes_release(&read);
    }
    assert_int_equal(count_entries(folder), 1);
}

static void reading_refuses_what_is_too_long_missing_or_a_folder(void **state)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    make_folder("read");
    const char *path = support_temp_path("read/file");
    support_write(path, "12345", 5);
    assert_int_equal(nmf_file_read(&bytes, path, 4, &err), NMF_ERR_LIMIT);
    assert_says(&err, path);
    assert_null(bytes.data);
    SUPPORT_OK(nmf_file_read(&bytes, path, 5, &err), err);
    nmf_bytes_release(&bytes);
    SUPPORT_OK(nmf_file_read(&bytes, path, SIZE_MAX, &err), err);
    nmf_bytes_release(&bytes);

    assert_int_equal(
        nmf_file_read(&bytes, support_temp_path("read/none"), 9, &err),
        NMF_ERR_IO);
    assert_says(&err, "no such file");
    assert_int_equal(nmf_file_read(&bytes, support_temp(), 9, &err),
                     NMF_ERR_IO);
    assert_says(&err, "is a folder");
}

/* The system announces no size for these. */
static void reading_takes_pipes_and_proc(void **state)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    const char *path = support_temp_path("fifo-in");
    assert_int_equal(mkfifo(path, 0600), 0);
    for (int pass = 0; pass < 2; pass++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            char block[4096] = {0};
            signal(SIGPIPE, SIG_IGN);
            int fd = open(path, O_WRONLY);
            for (int i = 0; i < 50; i++) {
                if (write(fd, block, sizeof block) < 0) {
                    break;
                }
            }
            _exit(0);
        }
        size_t limit = pass == 0 ? 50 * 4096 : 50 * 4096 - 1;
        nmf_status status = nmf_file_read(&bytes, path, limit, &err);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_int_equal(status, pass == 0 ? NMF_OK : NMF_ERR_LIMIT);
        assert_int_equal(bytes.size, pass == 0 ? limit : 0);
        nmf_bytes_release(&bytes);
    }
    if (access("/proc/self/status", R_OK) == 0) {
        SUPPORT_OK(nmf_file_read(&bytes, "/proc/self/status", NO_LIMIT, &err),
                   err);
        assert_true(bytes.size > 0);
        nmf_bytes_release(&bytes);
    }
}

static void an_existing_file_is_kept_unless_told_otherwise(void **state)
{
    struct stat info;
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("keep");
    const char *path = support_temp_path("keep/file");
    support_write(path, old_text, strlen(old_text));
    assert_int_equal(chmod(path, 0640), 0);
    assert_refused(path, false, "exists already");
    assert_content(path, old_text);
    SUPPORT_OK(nmf_file_check_output(path, true, &err), err);
    assert_content(path, old_text);
    SUPPORT_OK(nmf_file_write(path, new_text, 3, true, &err), err);
    assert_content(path, new_text);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    assert_int_equal(count_entries(folder), 1);
}

static void a_new_file_honours_the_umask(void **state)
{
    struct stat info;
    nmf_error err = {0};
    (void)state;
    const char *path = support_temp_path("umask");
    mode_t before = umask(027);
    nmf_status status = nmf_file_write(path, new_text, 3, false, &err);
    umask(before);
    SUPPORT_OK(status, err);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void a_file_that_appears_meanwhile_is_not_overwritten(void **state)
{
    nmf_file_writer *writer = NULL;
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("race");
    const char *path = support_temp_path("race/file");
    SUPPORT_OK(nmf_file_writer_open(&writer, path, false, &err), err);
    SUPPORT_OK(nmf_file_writer_append(writer, new_text, 3, &err), err);
    support_write(path, old_text, strlen(old_text));
    assert_int_equal(nmf_file_writer_commit(&writer, &err), NMF_ERR_IO);
    assert_says(&err, "exists already");
    assert_null(writer);
    assert_content(path, old_text);
    assert_int_equal(count_entries(folder), 1);
}

static void
before_the_commit_nothing_is_seen_and_abort_leaves_nothing(void **state)
{
    nmf_file_writer *writer = NULL;
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("abort");
    const char *path = support_temp_path("abort/file");
    SUPPORT_OK(nmf_file_check_output(path, false, &err), err);
    assert_int_equal(count_entries(folder), 0);
    SUPPORT_OK(nmf_file_writer_open(&writer, path, false, &err), err);
    SUPPORT_OK(nmf_file_writer_append(writer, new_text, 3, &err), err);
    assert_int_equal(access(path, F_OK), -1);
    nmf_file_writer_abort(&writer);
    assert_null(writer);
    assert_int_equal(count_entries(folder), 0);
    nmf_file_writer_abort(&writer);
    nmf_file_writer_abort(NULL);
}

static void a_link_stays_and_the_file_behind_it_is_written(void **state)
{
    struct stat info;
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("links");
    const char *target = support_temp_path("links/target");
    const char *path = support_temp_path("links/link");
    const char *loop = support_temp_path("links/loop");
    assert_int_equal(symlink("target", path), 0);
    assert_int_equal(symlink("loop", loop), 0);
    /* First a link to nothing, then to the file that it made. */
    SUPPORT_OK(nmf_file_write(path, old_text, strlen(old_text), false, &err),
               err);
    assert_content(target, old_text);
    assert_refused(path, false, "exists already");
    SUPPORT_OK(nmf_file_write(path, new_text, 3, true, &err), err);
    assert_content(target, new_text);
    assert_int_equal(lstat(path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_refused(loop, true, "follow the link");
    assert_int_equal(count_entries(folder), 3);
}

static void what_cannot_be_a_file_is_named_in_the_message(void **state)
{
    char expected[5000];
    char long_name[300];
    (void)state;
    make_folder("names");
    const char *path = support_temp_path("names/none/file");
    snprintf(expected, sizeof expected,
             "'%s': cannot create: no such folder '%s'", path,
             support_temp_path("names/none"));
    assert_refused(path, false, expected);
    support_write(support_temp_path("names/file"), "x", 1);
    assert_refused(support_temp_path("names/file/below"), true, "is no folder");
    assert_refused(support_temp_path("names"), true, "is a folder");
    assert_refused(support_temp_path("names/"), true, "no name of a file");
    assert_refused("", true, "no name of a file");
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_refused(long_name, true, "cannot create: file name too long");
    assert_int_equal(count_entries(support_temp_path("names")), 1);
}

static void
a_full_disk_is_reported_and_such_a_file_never_committed(void **state)
{
    nmf_file_writer *writer = NULL;
    nmf_error err = {0};
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        skip();
    }
    SUPPORT_OK(nmf_file_writer_open(&writer, "/dev/full", false, &err), err);
    assert_int_equal(nmf_file_writer_append(writer, "x", 1, &err), NMF_ERR_IO);
    assert_string_equal(err.message,
                        "'/dev/full': cannot write: no space left on device");
    memset(&err, 0, sizeof err);
    assert_int_equal(nmf_file_writer_commit(&writer, &err), NMF_ERR_IO);
    assert_says(&err, "no space left");
    assert_null(writer);
}

/* Returns from the child with 0 where all is as it should be. */
static void write_beyond_the_size_limit(const char *path)
{
    const struct rlimit limit = {10000, 10000};
    static char bytes[20000];
    nmf_file_writer *writer = NULL;
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
        nmf_file_writer_open(&writer, path, true, NULL) != NMF_OK) {
        return;
    }
    bool is_refused =
        nmf_file_writer_append(writer, bytes, sizeof bytes, NULL) != NMF_OK &&
        nmf_file_writer_append(writer, bytes, 1, NULL) != NMF_OK &&
        nmf_file_writer_commit(&writer, NULL) != NMF_OK;
    _exit(is_refused ? 0 : 1);
}

static void a_write_that_fails_half_way_leaves_the_old_file(void **state)
{
    (void)state;
    const char *folder = make_folder("half");
    const char *path = support_temp_path("half/file");
    support_write(path, old_text, strlen(old_text));
    assert_int_equal(run_child(write_beyond_the_size_limit, path), 0);
    assert_content(path, old_text);
    assert_int_equal(count_entries(folder), 1);
}

/* Root may write everywhere: become nobody first. */
static void write_where_it_is_forbidden(const char *path)
{
    nmf_error err = {0};
    if (geteuid() == 0 && setuid(NOBODY) != 0) {
        return;
    }
    bool is_refused = nmf_file_write(path, "x", 1, true, &err) == NMF_ERR_IO &&
                      strstr(err.message, "permission denied");
    _exit(is_refused ? 0 : 1);
}

static void a_protected_folder_or_file_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(chmod(support_temp(), 0755), 0);
    const char *folder = make_folder("protected");
    const char *path = support_temp_path("protected/file");
    support_write(path, old_text, strlen(old_text));
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(run_child(write_where_it_is_forbidden, path), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    assert_int_equal(run_child(write_where_it_is_forbidden,
                               support_temp_path("protected/new")),
                     0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_content(path, old_text);
    assert_int_equal(count_entries(folder), 1);
}

static void a_pipe_is_written_directly(void **state)
{
    nmf_error err = {0};
    char got[16] = {0};
    (void)state;
    const char *path = support_temp_path("fifo-out");
    assert_int_equal(mkfifo(path, 0600), 0);
    SUPPORT_OK(nmf_file_check_output(path, false, &err), err);
    /* Open for both, so that nobody waits. */
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    SUPPORT_OK(nmf_file_write(path, new_text, 3, false, &err), err);
    assert_int_equal(read(fd, got, sizeof got), 3);
    assert_string_equal(got, new_text);
    close(fd);
}

/* "nmfimg ... -o /dev/stdout >> file" must not begin the file anew. */
static void write_to_standard_output(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
        write(STDOUT_FILENO, "before ", 7) != 7) {
        return;
    }
    bool is_fine =
        nmf_file_write("/dev/stdout", "a", 1, false, NULL) == NMF_OK &&
        nmf_file_write("/dev/fd/1", "b", 1, false, NULL) == NMF_OK &&
        nmf_file_write("/dev/fd/999", "b", 1, false, NULL) == NMF_ERR_IO &&
        nmf_file_write("/dev/fd/1x", "b", 1, false, NULL) == NMF_ERR_IO;
    _exit(is_fine ? 0 : 1);
}

static void standard_output_goes_on_where_it_is(void **state)
{
    (void)state;
    const char *path = support_temp_path("stdout");
    assert_int_equal(run_child(write_to_standard_output, path), 0);
    assert_content(path, "before ab");
}

static void write_for_ever(const char *path)
{
    static char bytes[300000];
    for (char version = 'a';;
         version = (char)(version == 'z' ? 'a' : version + 1)) {
        memset(bytes, version, sizeof bytes);
        nmf_file_write(path, bytes, sizeof bytes, true, NULL);
    }
}

/* At whatever moment: the file is one of the versions, and whole. */
static void a_killed_writer_leaves_a_whole_file_or_none(void **state)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    make_folder("killed");
    const char *path = support_temp_path("killed/file");
    for (long turn = 0; turn < 20; turn++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            write_for_ever(path);
        }
        const struct timespec delay = {0, 1000000 + turn * 777777};
        nanosleep(&delay, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        if (access(path, F_OK) != 0) {
            continue;
        }
        SUPPORT_OK(nmf_file_read(&bytes, path, NO_LIMIT, &err), err);
        assert_int_equal(bytes.size, 300000);
        for (size_t i = 0; i < bytes.size; i++) {
            assert_int_equal(bytes.data[i], bytes.data[0]);
        }
        nmf_bytes_release(&bytes);
    }
}

static void the_nth_allocation_failing_leaves_nothing(void **state)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    const char *folder = make_folder("memory");
    const char *path = support_temp_path("memory/file");
    const char *link = support_temp_path("memory/link");
    assert_int_equal(symlink("file", link), 0);
    nmf_status status = NMF_ERR_MEMORY;
    size_t n = 0;
    while (status != NMF_OK) {
        nmf_alloc_fail_at(++n);
        status = nmf_file_write(link, new_text, 3, false, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_int_equal(count_entries(folder), status == NMF_OK ? 2 : 1);
    }
    assert_true(n > 4);
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_file_read(&bytes, path, 9, &err), NMF_ERR_MEMORY);
    assert_says(&err, path);
    nmf_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(reading_refuses_what_is_too_long_missing_or_a_folder),
        cmocka_unit_test(reading_takes_pipes_and_proc),
        cmocka_unit_test(an_existing_file_is_kept_unless_told_otherwise),
        cmocka_unit_test(a_new_file_honours_the_umask),
        cmocka_unit_test(a_file_that_appears_meanwhile_is_not_overwritten),
        cmocka_unit_test(
            before_the_commit_nothing_is_seen_and_abort_leaves_nothing),
        cmocka_unit_test(a_link_stays_and_the_file_behind_it_is_written),
        cmocka_unit_test(what_cannot_be_a_file_is_named_in_the_message),
        cmocka_unit_test(
            a_full_disk_is_reported_and_such_a_file_never_committed),
        cmocka_unit_test(a_write_that_fails_half_way_leaves_the_old_file),
        cmocka_unit_test(a_protected_folder_or_file_is_left_alone),
        cmocka_unit_test(a_pipe_is_written_directly),
        cmocka_unit_test(standard_output_goes_on_where_it_is),
        cmocka_unit_test(a_killed_writer_leaves_a_whole_file_or_none),
        cmocka_unit_test(the_nth_allocation_failing_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
