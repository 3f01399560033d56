#include "stdin_file.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Empty until standard input has been read; there is only one. */
static char spool_path[32];

static size_t default_limit(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || page_size <= 0) {
        return (size_t)1 << 30;
    }
    return (size_t)pages / 2 * (size_t)page_size;
}

/* A file that is gone from its folder at once; -1 with errno. */
static int open_nameless(char *name, size_t size)
{
    const char *folder = getenv("TMPDIR");
    snprintf(name, size, "%s/nmfimg-stdin-XXXXXX",
             folder && *folder ? folder : "/tmp");
    int fd = mkstemp(name);
    if (fd >= 0) {
        (void)unlink(name);
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return fd;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return true;
}

static int copy_stdin(int fd, size_t max_bytes)
{
    static char block[1 << 16];
    size_t total = 0;
    for (;;) {
        ssize_t n = read(STDIN_FILENO, block, sizeof block);
        if (n == 0) {
            return REPORT_DONE;
        }
        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }
            return report_failure("cannot read standard input: %s",
                                  report_errno(errno).text);
        }
        if ((size_t)n > max_bytes - total) {
            return report_failure("standard input: larger than %s, the limit",
                                  report_size(max_bytes).text);
        }
        total += (size_t)n;
        if (!write_all(fd, block, (size_t)n)) {
            return report_failure(
                "standard input: cannot write a temporary file: %s",
                report_errno(errno).text);
        }
    }
}

const char *stdin_file_path(const char *path, size_t max_bytes)
{
    char name[4096];
    if (strcmp(path, "-") != 0) {
        return path;
    }
    if (spool_path[0]) {
        return spool_path;
    }
    int fd = open_nameless(name, sizeof name);
    if (fd < 0) {
        report_failure("'%s': cannot create a temporary file for standard "
                       "input: %s",
                       name, report_errno(errno).text);
        return NULL;
    }
    if (copy_stdin(fd, max_bytes ? max_bytes : default_limit()) !=
        REPORT_DONE) {
        close(fd);
        return NULL;
    }
    snprintf(spool_path, sizeof spool_path, "/dev/fd/%d", fd);
    report_call_stdin(spool_path);
    return spool_path;
}
