/* The part of opt.c that reads values; for opt.c alone. */
#ifndef NMFIMG_CLI_OPT_VALUE_H
#define NMFIMG_CLI_OPT_VALUE_H

#include "opt.h"

/* "--n-components" or "-k", as messages name an option. */
struct opt_text {
    char text[48];
};
struct opt_text opt_shown_name(const struct opt *opt);

/*
 * Set the value of an option that takes one. Returns OPT_PROCEED, or
 * OPT_MISUSED after saying what was expected; command is named there.
 */
int opt_set_value(const char *command, const struct opt *opt, const char *text);

#endif
