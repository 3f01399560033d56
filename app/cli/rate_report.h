/* Curves of rate and distortion in words, or as JSON. */
#ifndef NMFIMG_CLI_RATE_REPORT_H
#define NMFIMG_CLI_RATE_REPORT_H

#include "rate_curve.h"
#include "set_input.h"

struct rate_report {
    const struct set_input *input;
    const double *targets; /* dB */
    size_t n_targets;
    const struct rate_curve *curves;
    size_t n_curves;
    const char *plot; /* files that were written; NULL: none */
    const char *csv;
};

/* "2,429 pictures of 19 x 19 grey pixels" */
struct rate_text {
    char text[160];
};
struct rate_text rate_report_pictures(const struct set_input *input);

/* Report to stdout; returns an exit code. */
int rate_report(const struct rate_report *report);

#endif
