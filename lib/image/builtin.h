/*
 * The built-in sets, drawn by the program. dataset.h of the public headers
 * lists them; lib/image/dataset.c is the caller.
 */
#ifndef NMFIMG_IMAGE_BUILTIN_H
#define NMFIMG_IMAGE_BUILTIN_H

#include <nmfimg/dataset.h>

/*
 * How large a built-in set is, so that limits are met before memory: name with
 * its "@". Fails: NMF_ERR_ARGUMENT (unknown name; the message lists them all)
 */
nmf_status nmf_builtin_size(size_t *n_samples, nmf_geometry *geometry,
                            const char *name, nmf_error *err);

/*
 * Draw the set into X, n_samples x n_features as nmf_builtin_size() says, made
 * by the caller. The seed varies all but @swimmer.
 */
nmf_status nmf_builtin_draw(nmf_matrix *X, const char *name, uint64_t seed,
                            nmf_error *err);

#endif
