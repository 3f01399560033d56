/* nmfimg compare --rate: bytes against PSNR, NMF and other coders. */
#ifndef NMFIMG_CLI_COMPARE_RATE_H
#define NMFIMG_CLI_COMPARE_RATE_H

#include "load.h"

struct rate_request {
    const char *output;  /* the plot; NULL: none */
    const char *csv;     /* the points; NULL: none */
    const char *coders;  /* --coders as given; NULL: all that are there */
    const char *targets; /* --psnr as given; NULL: from what JPEG reaches */
    size_t n_components; /* 0: searched */
    uint64_t seed;
};

/*
 * Understand the request, load, measure, draw, tell; returns an exit code.
 */
int compare_rate(const struct rate_request *request, const struct cmd *cmd,
                 const struct load_options *load,
                 const struct cmd_common *common, struct opt_list inputs);

#endif
