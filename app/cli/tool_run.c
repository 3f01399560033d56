#include "tool_run.h"

#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, NAP_MS = 5 };

extern char **environ;

static bool is_program(const char *path)
{
    struct stat entry;
    return stat(path, &entry) == 0 && S_ISREG(entry.st_mode) &&
           access(path, X_OK) == 0;
}

bool tool_is_there(const char *name)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        char file[PATH_SIZE];
        size_t length = strcspn(path, ":");
        int n = snprintf(file, sizeof file, "%.*s/%s", (int)length, path, name);
        if (length > 0 && n > 0 && (size_t)n < sizeof file &&
            is_program(file)) {
            return true;
        }
        path += length + (path[length] == ':');
    }
    return false;
}

/* No input, no output, a process group of its own; 0 or an error number. */
static int start(pid_t *child, char *const *argv)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int code = posix_spawn_file_actions_init(&files);
    if (code != 0) {
        return code;
    }
    code = posix_spawnattr_init(&how);
    if (code != 0) {
        (void)posix_spawn_file_actions_destroy(&files);
        return code;
    }
    for (int fd = 0; fd < 3 && code == 0; fd++) {
        code = posix_spawn_file_actions_addopen(
            &files, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    if (code == 0) {
        code = posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    }
    if (code == 0) {
        code = posix_spawnattr_setpgroup(&how, 0);
    }
    if (code == 0) {
        code = posix_spawnp(child, argv[0], &files, &how, argv, environ);
    }
    (void)posix_spawnattr_destroy(&how);
    (void)posix_spawn_file_actions_destroy(&files);
    return code;
}

static double seconds_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void kill_all(pid_t child)
{
    int state = 0;
    (void)kill(-child, SIGKILL);
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
        /* A signal: it is dead all the same. */
    }
}

enum tool_result tool_run(char *const *argv, double max_seconds)
{
    const struct timespec nap = {0, NAP_MS * 1000000L};
    const double until = seconds_now() + max_seconds;
    pid_t child = 0;
    if (start(&child, argv) != 0) {
        return TOOL_FAILED;
    }
    for (;;) {
        int state = 0;
        pid_t ended = waitpid(child, &state, WNOHANG);
        if (ended == child) {
            return WIFEXITED(state) && WEXITSTATUS(state) == 0 ? TOOL_DONE
                                                               : TOOL_FAILED;
        }
        if (ended < 0 && errno != EINTR) {
            return TOOL_FAILED; /* SIGCHLD is ignored: nobody knows */
        }
        if (interrupt_seen()) {
            kill_all(child);
            return TOOL_INTERRUPTED;
        }
        if (seconds_now() > until) {
            kill_all(child);
            return TOOL_TOO_LONG;
        }
        (void)nanosleep(&nap, NULL);
    }
}
