/* Weighted least squares for AVX-512: vectors of sixteen floats. */
#define LANES 16
#define TILE_ROWS 12
#include "core/weighted_simd.h"

const nmf_weighted_kernels nmf_weighted_kernels_avx512 =
    WEIGHTED_KERNELS("avx512");
