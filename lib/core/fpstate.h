/*
 * Numbers too small for a normal float are taken as zero while a solver runs:
 * they are a hundred times slower and no part of any answer. The caller's state
 * is put back.
 */
#ifndef NMFIMG_CORE_FPSTATE_H
#define NMFIMG_CORE_FPSTATE_H

#if defined(__SSE__)
#include <xmmintrin.h>

/* Flush-to-zero and denormals-are-zero; returns what was set before. */
static inline unsigned nmf_fpstate_enter(void)
{
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040U);
    return before;
}

static inline void nmf_fpstate_leave(unsigned before)
{
    _mm_setcsr(before);
}
#else
static inline unsigned nmf_fpstate_enter(void)
{
    return 0;
}

static inline void nmf_fpstate_leave(unsigned before)
{
    (void)before;
}
#endif

#endif
