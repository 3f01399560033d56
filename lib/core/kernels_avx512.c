/* The inner loops for AVX-512: vectors of sixteen floats, 32 registers. */
#define LANES 16
#define TILE_VECTORS 4
#include "core/kernels_simd.h"

const nmf_kernels nmf_kernels_avx512 = {"avx512", tile, sweep};
