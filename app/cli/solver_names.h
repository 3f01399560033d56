/* The solvers that the library has, for tables of options. */
#ifndef NMFIMG_CLI_SOLVER_NAMES_H
#define NMFIMG_CLI_SOLVER_NAMES_H

#include <stddef.h>

/* "hals|cd": the placeholder of an OPT_ENUM, cut where it does not fit. */
void solver_names(char *out, size_t size);

#endif
