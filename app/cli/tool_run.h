/*
 * Other people's programs: found in PATH, run without a shell, and never longer
 * than they may.
 */
#ifndef NMFIMG_CLI_TOOL_RUN_H
#define NMFIMG_CLI_TOOL_RUN_H

#include <stdbool.h>

enum tool_result {
    TOOL_DONE,       /* it ended with exit code 0 */
    TOOL_FAILED,     /* it could not be run, or ended otherwise */
    TOOL_TOO_LONG,   /* it was killed after max_seconds */
    TOOL_INTERRUPTED /* it was killed because of interrupt_seen() */
};

/* Is there a program of that name in PATH? */
bool tool_is_there(const char *name);

/*
 * Run argv[0] with the arguments up to NULL, standard input empty, what it says
 * thrown away. It and its children are killed after max_seconds, or once an
 * interrupt was seen (interrupt_watch() comes first).
 */
enum tool_result tool_run(char *const *argv, double max_seconds);

#endif
