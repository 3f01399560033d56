/* Weighted least squares for AVX2 and FMA: vectors of eight floats. */
#define LANES 8
#define TILE_ROWS 6
#include "core/weighted_simd.h"

const nmf_weighted_kernels nmf_weighted_kernels_avx2 = WEIGHTED_KERNELS("avx2");
