/*
 * Figures of FORMAT.md, section 4, that both the encoder and the decoder need;
 * they share nothing else.
 */
#ifndef NMFIMG_CODEC_MODEL_H
#define NMFIMG_CODEC_MODEL_H

#include <stdint.h>

/* Memory that a model may take where the caller names no figure: 4 GiB. */
#define NMF_MODEL_MAX_BYTES ((size_t)UINT32_MAX)

enum {
    NMF_META_SIZE = 88,
    NMF_META_SOLVER_SIZE = 16,
    NMF_GOAL_SIZE = 56,
    NMF_GEOM_SIZE = 16,
    NMF_MTHD_SIZE = 12,
    NMF_VARIANCE_SIZE = 24,       /* of VARI, for each component */
    NMF_SHAPE_SIZE = 16,          /* before the entries of COMP and others */
    NMF_PICTURE_MIN_SIZE = 18,    /* of PICT, with an empty name */
    NMF_PICTURE_NAME_MAX = 65535, /* bytes */
    NMF_SIDE_MAX = 0x7fffffff     /* width, height, patch stride */
};

#endif
