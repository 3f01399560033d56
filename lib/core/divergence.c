/* Which divergence kernels run, and what a loss is to them. */
#include "core/divergence.h"

#include "core/cpu.h"

#include <math.h>

extern const nmf_divergence_kernels nmf_divergence_kernels_portable;
#ifdef NMF_X86
extern const nmf_divergence_kernels nmf_divergence_kernels_avx2;
extern const nmf_divergence_kernels nmf_divergence_kernels_avx512;
#endif

static const nmf_divergence_kernels *const tables[NMF_CPU_COUNT] = {
    [NMF_CPU_PORTABLE] = &nmf_divergence_kernels_portable,
#ifdef NMF_X86
    [NMF_CPU_AVX2] = &nmf_divergence_kernels_avx2,
    [NMF_CPU_AVX512] = &nmf_divergence_kernels_avx512,
    [NMF_CPU_AVX512BF16] = &nmf_divergence_kernels_avx512,
#endif
};

const nmf_divergence_kernels *nmf_divergence_kernels_at(size_t i)
{
    nmf_cpu cpu = nmf_cpu_at(i);
    return cpu < NMF_CPU_COUNT ? tables[cpu] : NULL;
}

const nmf_divergence_kernels *nmf_divergence_kernels_get(void)
{
    return tables[nmf_cpu_selected()];
}

/*
 * X is scaled to a mean near 1, and its entries are at most some thousands of
 * that. Weights up to 1e24 leave room for sums of their products with the
 * factors.
 */
nmf_beta nmf_beta_of(double beta)
{
    const double room = 24.0;
    const double lowest = fmin(beta - 2.0, -1.0);
    const double highest = fmax(beta - 1.0, 1.0);
    return (nmf_beta){beta, (float)pow(10.0, fmax(-12.0, room / lowest)),
                      (float)pow(10.0, room / highest)};
}
