/* Which panel kernels run. */
#include "core/panel.h"

#include "core/cpu.h"
#include "core/panel_bf16.h"

extern const nmf_panel_kernels nmf_panel_kernels_portable;
#ifdef NMF_X86
extern const nmf_panel_kernels nmf_panel_kernels_avx2;
extern const nmf_panel_kernels nmf_panel_kernels_avx512;
#endif
#ifdef NMF_X86_BF16
extern const nmf_panel_bf16 nmf_panel_bf16_avx512;
#endif

static const nmf_panel_kernels *const tables[NMF_CPU_COUNT] = {
    [NMF_CPU_PORTABLE] = &nmf_panel_kernels_portable,
#ifdef NMF_X86
    [NMF_CPU_AVX2] = &nmf_panel_kernels_avx2,
    [NMF_CPU_AVX512] = &nmf_panel_kernels_avx512,
    [NMF_CPU_AVX512BF16] = &nmf_panel_kernels_avx512,
#endif
};

const nmf_panel_kernels *nmf_panel_kernels_at(size_t i)
{
    nmf_cpu cpu = nmf_cpu_at(i);
    return cpu < NMF_CPU_COUNT ? tables[cpu] : NULL;
}

const nmf_panel_kernels *nmf_panel_kernels_get(void)
{
    return tables[nmf_cpu_selected()];
}

const nmf_panel_bf16 *nmf_panel_bf16_get(void)
{
#ifdef NMF_X86_BF16
    if (nmf_cpu_selected() == NMF_CPU_AVX512BF16) {
        return &nmf_panel_bf16_avx512;
    }
#endif
    return NULL;
}
