/* The divergence kernels for AVX2 and FMA: vectors of eight floats. */
#define LANES 8
#define TILE_ROWS 6
#include "core/divergence_simd.h"

const nmf_divergence_kernels nmf_divergence_kernels_avx2 =
    DIVERGENCE_KERNELS("avx2");
