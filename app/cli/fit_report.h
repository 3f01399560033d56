/* What a fit came to: in words for people, or as JSON. */
#ifndef NMFIMG_CLI_FIT_REPORT_H
#define NMFIMG_CLI_FIT_REPORT_H

#include <cjson/cJSON.h>

#include <nmfimg/codec.h>
#include <nmfimg/dataset.h>

struct fit_report {
    const nmf_dataset *data;
    const nmf_model_file *model;
    const char *output; /* files that were written; NULL: none */
    const char *sheet;
    const char *trace;
};

/* Report to stdout; returns an exit code. */
int fit_report(const struct fit_report *report);

/* Why a fit ended: "converged (tol 0.01)". */
void fit_report_word_stop(char *out, size_t size, nmf_stop_reason reason,
                          double tol);

/*
 * Only the lines on sizes, error, sparseness and numbers stored, for other
 * commands that fit.
 */
void fit_report_lines(const nmf_dataset *data, const nmf_model *model);

/*
 * Of another method: the lines, and the members of the JSON object from method
 * to sparseness, which a model file knows too.
 */
void fit_report_method_lines(const nmf_dataset *data,
                             const nmf_decomposition *d);
void fit_report_method_add(cJSON *object, const nmf_decomposition *d);

/*
 * "94.3 % (the first: 28.1, 12.4, 8.1, 5.0, 4.2 %)"; "" where variances is
 * NULL.
 */
struct fit_report_text {
    char text[200];
};
struct fit_report_text
fit_report_word_variances(const nmf_component_variance *variances, size_t k);

/* How many numbers W, H and the mean take; a label of vq is one. */
double fit_report_numbers(nmf_method method, size_t n_samples,
                          size_t n_features, size_t k);

/* "2,429 x 361", for columns that stand below each other. */
struct fit_report_text fit_report_word_size(size_t rows, size_t cols);

#endif
