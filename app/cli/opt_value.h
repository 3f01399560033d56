/* The part of opt.c that reads values; for opt.c and opt_text.c alone. */
#ifndef NMFIMG_CLI_OPT_VALUE_H
#define NMFIMG_CLI_OPT_VALUE_H

#include "opt.h"

/*
 * Set the value of an option that takes one. Where the text is none, false:
 * message then says so ("'4x' is not a whole number"), without the option's
 * name, and the value is left alone.
 */
bool opt_read_value(const struct opt *opt, const char *text, char *message,
                    size_t size);

#endif
