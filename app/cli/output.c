#include "output.h"

#include "opt.h"
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

static bool has_one_of(const char *path, const char *const *extensions)
{
    for (; *extensions; extensions++) {
        if (output_has_extension(path, *extensions)) {
            return true;
        }
    }
    return false;
}

int output_check_name(const char *command, const char *option, const char *path,
                      enum output_use use)
{
    static const char *const foreign[] = {".jpg",  ".jpeg", ".gif", ".bmp",
                                          ".webp", ".tif",  ".pgm", ".ppm",
                                          ".pnm",  ".tiff", NULL};
    if (!path) {
        return OPT_PROCEED;
    }
    bool is_png = output_has_extension(path, ".png");
    bool is_picture = is_png || has_one_of(path, foreign);
    bool is_table = output_has_extension(path, ".npy") ||
                    output_has_extension(path, ".csv");
    bool is_model = output_has_extension(path, ".nmfi");
    if (use == OUTPUT_MODEL && is_picture) {
        return report_misuse(command,
                             "%s is the model (.nmfi), not '%s'; --sheet draws "
                             "the parts",
                             option, path);
    }
    if (use == OUTPUT_MODEL && is_table) {
        return report_misuse(command,
                             "%s is the model (.nmfi), not '%s'; 'nmfimg "
                             "export' takes the numbers out of it",
                             option, path);
    }
    if (use == OUTPUT_SHEET &&
        ((is_picture && !is_png) || is_table || is_model)) {
        return report_misuse(command, "%s is a PNG picture (.png), not '%s'",
                             option, path);
    }
    if (use == OUTPUT_PICTURES && (is_picture || is_table || is_model)) {
        return report_misuse(
            command, "%s is a folder for PNG pictures, not '%s'", option, path);
    }
    if (use == OUTPUT_NUMBERS && (is_picture || is_model)) {
        return report_misuse(command, "%s is numbers (.npy, .csv), not '%s'",
                             option, path);
    }
    return OPT_PROCEED;
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
