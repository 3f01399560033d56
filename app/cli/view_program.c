#include "view_program.h"

#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static const char program_name[] = "nmfimg-viewer";

/* "/usr/bin/nmfimg-viewer" of "/usr/bin/nmfimg"; "" where it is not known. */
static void find_beside(char *out, size_t size)
{
    char self[PATH_SIZE];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    out[0] = '\0';
    if (length <= 0) {
        return;
    }
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    if (slash) {
        slash[1] = '\0';
        int n = snprintf(out, size, "%s%s", self, program_name);
        if (n < 0 || (size_t)n >= size) {
            out[0] = '\0';
        }
    }
}

/* The same in the next folder of a PATH, which is then moved on. */
static bool find_next(char *out, size_t size, const char **path)
{
    size_t length = strcspn(*path, ":");
    int n = snprintf(out, size, "%.*s/%s", (int)length, *path, program_name);
    *path += length + ((*path)[length] == ':');
    return length > 0 && n > 0 && (size_t)n < size;
}

static bool is_there(void)
{
    char file[PATH_SIZE];
    const char *path = getenv("PATH");
    find_beside(file, sizeof file);
    if (*file && access(file, F_OK) == 0) {
        return access(file, X_OK) == 0;
    }
    while (path && *path) {
        if (find_next(file, sizeof file, &path) && access(file, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

bool view_program_would_show(void)
{
    return isatty(STDOUT_FILENO) && !is_set("CI") &&
           (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) && is_there();
}

int view_program_run(char **argv)
{
    static char name[] = "nmfimg-viewer";
    char beside[PATH_SIZE];
    char *own_name = argv[0];
    find_beside(beside, sizeof beside);
    fflush(NULL);
    argv[0] = name;
    if (*beside) {
        execv(beside, argv);
    }
    if (!*beside || errno == ENOENT) {
        execvp(program_name, argv);
    }
    int code = errno;
    argv[0] = own_name;
    if (code == ENOENT) {
        return report_failure(
            "the viewer, %s, is neither beside this program nor in PATH; it is "
            "built where SDL2 and Dear ImGui are there (Debian: libsdl2-dev, "
            "libimgui-dev, libgif-dev) and NMFIMG_BUILD_VIEWER is ON",
            program_name);
    }
    return report_failure("the viewer, %s, cannot be started: %s", program_name,
                          report_errno(code).text);
}
