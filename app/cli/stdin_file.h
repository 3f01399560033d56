/*
 * Standard input as a file: "-" among the inputs is read to its end into a
 * temporary file without a name, which the loaders open as "/dev/fd/N". Their
 * messages then say "standard input".
 */
#ifndef NMFIMG_CLI_STDIN_FILE_H
#define NMFIMG_CLI_STDIN_FILE_H

#include <stddef.h>

/*
 * The path to read instead of path: the same, or, for "-", that of the
 * temporary file, which the end of the process removes. NULL where that failed,
 * after saying why.
 *
 * max_bytes  more is refused; 0: half of the machine's memory
 */
const char *stdin_file_path(const char *path, size_t max_bytes);

#endif
