/*
 * Fitting by the neighbours of NMF (fit --method pca|svd|vq|plsa): which of the
 * options they know, and the run itself.
 */
#ifndef NMFIMG_CLI_FIT_METHOD_H
#define NMFIMG_CLI_FIT_METHOD_H

#include "fit_options.h"

#include <nmfimg/decompose.h>
#include <nmfimg/file.h>

/* Is the option of learning of that name one that the method knows? */
bool fit_method_knows(nmf_method method, const char *option);

/*
 * An option of learning that was given (opt_parse_noting()) and that the method
 * does not know, as a sentence in out; false where there is none. Those of nmf
 * are all known.
 */
bool fit_method_fault(char *out, size_t size, nmf_method method,
                      const struct opt *opts, const bool *given);

/*
 * Options for nmf_decompose(): those that were given, else the library's
 * defaults; without threads and callback.
 */
nmf_decompose_options fit_method_convert(const struct fit_options *fit,
                                         const struct opt *opts,
                                         const bool *given);

/* Memory for X, its copy, the factors and what the method works on, bytes. */
double fit_method_memory(nmf_method method, const nmf_matrix *X, size_t k);

/* The heading of a trace; NULL: the method has no iterations to trace. */
const char *fit_method_trace_heading(nmf_method method);

/* What the callback needs, and what it leaves behind. */
struct fit_method_watch {
    const nmf_decompose_options *options;
    double squared_norm;    /* ||X||^2 */
    nmf_file_writer *trace; /* NULL: none */
    nmf_error trace_error;
    bool is_interrupted;
};

/*
 * nmf_decompose() with a progress line and the trace; Ctrl-C ends it after the
 * iteration under way, if the method has some, else the program. options get
 * their callback here.
 */
nmf_status fit_method_run(nmf_decomposition **out, const nmf_matrix *X,
                          nmf_decompose_options *options,
                          struct fit_method_watch *watch, nmf_error *err);

#endif
