/* What a fit came to: in words for people, or as JSON. */
#ifndef NMFIMG_CLI_FIT_REPORT_H
#define NMFIMG_CLI_FIT_REPORT_H

#include <nmfimg/dataset.h>
#include <nmfimg/nmf.h>

struct fit_report {
    const nmf_dataset *data;
    const nmf_model *model;
    const char *output; /* files that were written; NULL: none */
    const char *sheet;
    const char *trace;
};

/* Report to stdout; returns an exit code. */
int fit_report(const struct fit_report *report);

/* Why a fit ended: "converged (tol 0.01)". */
void fit_report_word_stop(char *out, size_t size, const nmf_summary *summary);

/*
 * Only the lines on sizes, error, sparseness and numbers stored, for other
 * commands that fit.
 */
void fit_report_lines(const nmf_dataset *data, const nmf_model *model);

#endif
