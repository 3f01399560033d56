/* The viewer is a program of its own, which other commands turn into. */
#ifndef NMFIMG_CLI_VIEW_PROGRAM_H
#define NMFIMG_CLI_VIEW_PROGRAM_H

#include <stdbool.h>

/*
 * Would a person see a window now? The viewer is there, so is a display, and
 * standard output is a terminal; never where CI is set.
 */
bool view_program_would_show(void);

/*
 * Become nmfimg-viewer with these arguments (argv[1] and on, until NULL):
 * the one beside the running program, or else one of PATH. Returns only where
 * there is none that runs: REPORT_FAILED, after saying what is missing.
 */
int view_program_run(char **argv);

#endif
