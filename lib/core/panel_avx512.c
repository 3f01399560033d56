/* The panel kernels for AVX-512: vectors of sixteen floats, 32 registers. */
#define LANES 16
#define TILE_ROWS 12
#include "core/panel_simd.h"

const nmf_panel_kernels nmf_panel_kernels_avx512 = PANEL_KERNELS("avx512");
