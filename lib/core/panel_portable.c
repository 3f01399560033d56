/* The panel kernels for any processor: vectors of four floats. */
#define LANES 4
#define TILE_ROWS 6
#include "core/panel_simd.h"

const nmf_panel_kernels nmf_panel_kernels_portable = PANEL_KERNELS("portable");
