/* The inner loops for any processor: vectors of four floats. */
#define LANES 4
#define TILE_VECTORS 2
#include "core/kernels_simd.h"

const nmf_kernels nmf_kernels_portable = {"portable", tile, sweep};
