/*
 * The loop of multiply-adds of bfloat16 for AVX512-BF16: an instruction adds
 * two products to each of sixteen sums, here factor * term and its opposite, so
 * that no sum grows.
 */
#include "core/probe.h"

#include <immintrin.h>

enum { LANES = 16, ROWS = 12 };

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#endif

static float run(size_t n, float factor, float term)
{
    const __m512 factors = _mm512_set1_ps(factor);
    const __m512 terms = _mm512_set1_ps(term);
    const __m512 alternating =
        _mm512_mask_sub_ps(factors, 0xaaaa, _mm512_setzero_ps(), factors);
    const __m512bh opposed = _mm512_cvtne2ps_pbh(alternating, alternating);
    const __m512bh same = _mm512_cvtne2ps_pbh(terms, terms);
    __m512 sums[ROWS][2], total = _mm512_setzero_ps();
    UNROLL for (size_t i = 0; i < ROWS; i++)
    {
        sums[i][0] = _mm512_set1_ps(term + (float)(2 * i));
        sums[i][1] = _mm512_set1_ps(term + (float)(2 * i + 1));
    }
    while (n-- > 0) {
        UNROLL for (size_t i = 0; i < ROWS; i++)
        {
            sums[i][0] = _mm512_dpbf16_ps(sums[i][0], opposed, same);
            sums[i][1] = _mm512_dpbf16_ps(sums[i][1], opposed, same);
        }
    }
    UNROLL for (size_t i = 0; i < ROWS; i++)
    {
        total = _mm512_add_ps(total, _mm512_add_ps(sums[i][0], sums[i][1]));
    }
    return _mm512_cvtss_f32(total);
}

const nmf_probe_loop nmf_probe_bf16 = {run, 4.0 * LANES * 2.0 * ROWS};
