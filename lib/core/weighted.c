/* Which kernels of weighted least squares run. Contracts: weighted.h. */
#include "core/weighted.h"

#include "core/cpu.h"

extern const nmf_weighted_kernels nmf_weighted_kernels_portable;
#ifdef NMF_X86
extern const nmf_weighted_kernels nmf_weighted_kernels_avx2;
extern const nmf_weighted_kernels nmf_weighted_kernels_avx512;
#endif

static const nmf_weighted_kernels *const tables[NMF_CPU_COUNT] = {
    [NMF_CPU_PORTABLE] = &nmf_weighted_kernels_portable,
#ifdef NMF_X86
    [NMF_CPU_AVX2] = &nmf_weighted_kernels_avx2,
    [NMF_CPU_AVX512] = &nmf_weighted_kernels_avx512,
    [NMF_CPU_AVX512BF16] = &nmf_weighted_kernels_avx512,
#endif
};

const nmf_weighted_kernels *nmf_weighted_kernels_at(size_t i)
{
    nmf_cpu cpu = nmf_cpu_at(i);
    return cpu < NMF_CPU_COUNT ? tables[cpu] : NULL;
}

const nmf_weighted_kernels *nmf_weighted_kernels_get(void)
{
    return tables[nmf_cpu_selected()];
}
