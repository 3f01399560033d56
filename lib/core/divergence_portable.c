/* The divergence kernels for any processor: vectors of four floats. */
#define LANES 4
#define TILE_ROWS 6
#include "core/divergence_simd.h"

const nmf_divergence_kernels nmf_divergence_kernels_portable =
    DIVERGENCE_KERNELS("portable");
