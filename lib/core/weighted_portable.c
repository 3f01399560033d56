/* Weighted least squares for any processor: vectors of four floats. */
#define LANES 4
#define TILE_ROWS 6
#include "core/weighted_simd.h"

const nmf_weighted_kernels nmf_weighted_kernels_portable =
    WEIGHTED_KERNELS("portable");
