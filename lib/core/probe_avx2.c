/* The loop of multiply-adds for AVX2 and FMA: 16 registers. */
#define LANES 8
#define ROWS 6
#include "core/probe_loop.h"

const nmf_probe_loop nmf_probe_avx2 = PROBE_LOOP;
