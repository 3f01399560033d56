/*
 * A model from factors that are given away, not copied.
 */
#ifndef NMFIMG_CORE_MODEL_ADOPT_H
#define NMFIMG_CORE_MODEL_ADOPT_H

#include <nmfimg/nmf.h>

/*
 * A model of H and W, both made by nmf_matrix_init() and known to be finite and
 * >= 0, W possibly empty. On success they belong to it and are empty for the
 * caller. summary as in nmf_model_create().
 */
nmf_status nmf_model_adopt(nmf_model **out, nmf_matrix *H, nmf_matrix *W,
                           const nmf_summary *summary, nmf_error *err);

/* That of a model that is still being made. */
nmf_summary *nmf_model_own_summary(nmf_model *model);

#endif
