/* The panel kernels for AVX2 and FMA: vectors of eight floats. */
#define LANES 8
#define TILE_ROWS 6
#include "core/panel_simd.h"

const nmf_panel_kernels nmf_panel_kernels_avx2 = PANEL_KERNELS("avx2");
