/* The loop of multiply-adds for AVX-512: 32 registers. */
#define LANES 16
#define ROWS 12
#include "core/probe_loop.h"

const nmf_probe_loop nmf_probe_avx512 = PROBE_LOOP;
