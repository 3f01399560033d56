/* The part of opt.c that reads values; for opt.c alone. */
#ifndef NMFIMG_CLI_OPT_VALUE_H
#define NMFIMG_CLI_OPT_VALUE_H

#include "opt.h"

/* What messages name. */
struct opt_place {
    const char *command;
    char typed[48]; /* the option as typed: "--n-components" or "-k" */
};

/*
 * Set the value of an option that takes one. Returns OPT_PROCEED, or
 * OPT_MISUSED after saying what was expected.
 */
int opt_set_value(const struct opt_place *place, const struct opt *opt,
                  const char *text);

#endif
