/* The loop of multiply-adds for any processor: vectors of four floats. */
#define LANES 4
#ifdef __aarch64__
#define ROWS 12
#else
#define ROWS 6
#endif
#include "core/probe_loop.h"

const nmf_probe_loop nmf_probe_portable = PROBE_LOOP;
