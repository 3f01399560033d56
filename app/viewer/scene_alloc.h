/* Memory of the scene that is no matrix and no image. */
#ifndef NMFIMG_VIEWER_SCENE_ALLOC_H
#define NMFIMG_VIEWER_SCENE_ALLOC_H

#include <nmfimg/error.h>

#include <stddef.h>

/* n (0 is taken as 1) items of zeros, freed by free(); NULL, and the message
 * set, where memory is short. */
void *scene_alloc(size_t n, size_t size, nmf_error *err);

/* Says so; returns NMF_ERR_MEMORY. */
nmf_status scene_out_of_memory(nmf_error *err);

#endif
