#include "view_program.h"

#include "report.h"

#include <errno.h>
#include <stdio.h>
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
