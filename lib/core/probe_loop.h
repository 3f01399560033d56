/*
 * A loop of nothing but multiply-adds, written once with the compiler's vector
 * extension: probe_portable.c, probe_avx2.c and probe_avx512.c set
 *
 *     LANES      floats in a vector
 *     ROWS       half of the sums that do not depend on each other; all of
 *                them are more than a multiply-add's latency times those begun
 *                a cycle, and with the two factors no more than there are
 *                registers
 *
 * Look at the assembly after a change: 2 ROWS multiply-adds (multiplications
 * and additions where there are none), a counter, a jump, no memory.
 */
#include "core/probe.h"

#include <string.h>

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

typedef float vector __attribute__((vector_size(4 * LANES)));

static float run(size_t n, float factor, float term)
{
    /* Two dimensions, since GCC unrolls no loop of more than 16 rounds; starts
     * that all differ, since it computes what is the same only once. */
    vector sums[ROWS][2], factors = {0}, terms = {0}, total = {0};
    float first = 0.0F;
    factors += factor;
    terms += term;
    UNROLL for (size_t i = 0; i < ROWS; i++)
    {
        sums[i][0] = terms + (float)(2 * i);
        sums[i][1] = terms + (float)(2 * i + 1);
    }
    while (n-- > 0) {
        UNROLL for (size_t i = 0; i < ROWS; i++)
        {
            sums[i][0] = sums[i][0] * factors + terms;
            sums[i][1] = sums[i][1] * factors + terms;
        }
    }
    UNROLL for (size_t i = 0; i < ROWS; i++)
    {
        total += sums[i][0] + sums[i][1];
    }
    memcpy(&first, &total, sizeof first);
    return first;
}

#define PROBE_LOOP                                                             \
    {                                                                          \
        run, 2.0 * LANES * 2.0 * ROWS                                          \
    }
