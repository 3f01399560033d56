/* The divergence kernels for AVX-512: vectors of sixteen floats. */
#define LANES 16
#define TILE_ROWS 12
#include "core/divergence_simd.h"

const nmf_divergence_kernels nmf_divergence_kernels_avx512 =
    DIVERGENCE_KERNELS("avx512");
