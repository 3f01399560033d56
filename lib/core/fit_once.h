/*
 * A single fit: what nmf_fit() makes one of, or several.
 */
#ifndef NMFIMG_CORE_FIT_ONCE_H
#define NMFIMG_CORE_FIT_ONCE_H

#include <nmfimg/nmf.h>

/* As nmf_fit(); n_init is not looked at. */
nmf_status nmf_fit_once(nmf_model **out, const nmf_matrix *X,
                        const nmf_options *options, nmf_error *err);

#endif
