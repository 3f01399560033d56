/* The solvers that the library has, for tables of options. */
#ifndef NMFIMG_CLI_SOLVER_NAMES_H
#define NMFIMG_CLI_SOLVER_NAMES_H

/*
 * "hals|cd": the placeholder of an OPT_ENUM. The text is made by the first
 * call, which is to come before there are threads, and stays.
 */
const char *solver_names(void);

#endif
