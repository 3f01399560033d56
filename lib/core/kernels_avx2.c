/* The inner loops for AVX2 and FMA: vectors of eight floats. */
#define LANES 8
#define TILE_VECTORS 2
#include "core/kernels_simd.h"

const nmf_kernels nmf_kernels_avx2 = {"avx2", tile, sweep};
