/* "nmf,vq,pca" as an option has it. */
#ifndef NMFIMG_CLI_METHOD_LIST_H
#define NMFIMG_CLI_METHOD_LIST_H

#include "cmd.h"

#include <nmfimg/comparison.h>

struct method_list {
    nmf_method items[NMF_COMPARISON_MAX_METHODS]; /* different ones */
    size_t n;
};

/*
 * Read the value of --methods. Returns OPT_PROCEED, or OPT_MISUSED after saying
 * why.
 */
int method_list_parse(struct method_list *out, const struct cmd *cmd,
                      const char *text);

#endif
