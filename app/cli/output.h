/*
 * Where results go: a file, or "-", which is standard output. All that writes
 * files takes output_path(), so that "-" works everywhere.
 *
 *     status = output_check(path, common.force, OUTPUT_BINARY);
 *     if (status == REPORT_DONE) // long work
 *         nmf_npy_save(output_path(path), ..., common.force, &err);
 */
#ifndef NMFIMG_CLI_OUTPUT_H
#define NMFIMG_CLI_OUTPUT_H

#include <stdbool.h>

#include <nmfimg/error.h>
#include <nmfimg/matrix.h>

enum output_kind { OUTPUT_TEXT, OUTPUT_BINARY };

/* "/dev/stdout" for "-" (the library writes that in place), else path. */
const char *output_path(const char *path);

bool output_is_stdout(const char *path);

/* Does a file name end in an extension such as ".csv", in either case? */
bool output_has_extension(const char *path, const char *extension);

/* What an output option writes. */
enum output_use {
    OUTPUT_MODEL,    /* .nmfi */
    OUTPUT_SHEET,    /* one PNG picture */
    OUTPUT_PICTURES, /* a folder of PNG pictures */
    OUTPUT_NUMBERS   /* NPY or CSV */
};

/*
 * Does the name of an output promise what the option does not write, as
 * "parts.jpg" for a sheet? Says so and returns OPT_MISUSED, else OPT_PROCEED;
 * option is how messages name it. A path that is NULL is fine.
 */
int output_check_name(const char *command, const char *option, const char *path,
                      enum output_use use);

/*
 * Can path be written, asked before the work? Says why not: the folder is
 * missing, the file exists and !force, binary data would go to a terminal.
 * NULL is fine: nothing is written. Data on standard output send the lines of
 * the report to standard error.
 */
int output_check(const char *path, bool force, enum output_kind kind);

/* The kind that output_matrix() writes: text where path ends in ".csv". */
enum output_kind output_kind_of_matrix(const char *path);

/* Write a matrix: CSV where path ends in ".csv", else NPY (float32). */
nmf_status output_matrix(const char *path, const nmf_matrix *m, bool force,
                         nmf_error *err);

#endif
