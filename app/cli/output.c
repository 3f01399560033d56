#include "output.h"

#include "report.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <nmfimg/file.h>
#include <nmfimg/table.h>

static const char stdout_path[] = "/dev/stdout";

bool output_is_stdout(const char *path)
{
    return path && (strcmp(path, "-") == 0 || strcmp(path, stdout_path) == 0);
}

const char *output_path(const char *path)
{
    return output_is_stdout(path) ? stdout_path : path;
}

bool output_has_extension(const char *path, const char *extension)
{
    size_t length = strlen(path);
    size_t n = strlen(extension);
    return length > n && strcasecmp(path + length - n, extension) == 0;
}

int output_check(const char *path, bool force, enum output_kind kind)
{
    nmf_error err = {0};
    if (!path) {
        return REPORT_DONE;
    }
    if (output_is_stdout(path)) {
        report_lines_to_stderr();
        if (kind == OUTPUT_BINARY && isatty(STDOUT_FILENO)) {
            return report_failure("binary data are not written to a terminal; "
                                  "name a file or redirect the output");
        }
    }
    if (nmf_file_check_output(output_path(path), force, &err) != NMF_OK) {
        return report_error(&err);
    }
    return REPORT_DONE;
}

enum output_kind output_kind_of_matrix(const char *path)
{
    return path && output_has_extension(path, ".csv") ? OUTPUT_TEXT
                                                      : OUTPUT_BINARY;
}

nmf_status output_matrix(const char *path, const nmf_matrix *m, bool force,
                         nmf_error *err)
{
    const char *target = output_path(path);
    return output_kind_of_matrix(path) == OUTPUT_TEXT
               ? nmf_csv_save(target, m, force, err)
               : nmf_npy_save(target, m, NULL, 0, NMF_DTYPE_F32, force, err);
}
