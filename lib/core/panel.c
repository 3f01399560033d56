/* Which panel kernels this processor runs. */
#include "core/panel.h"

extern const nmf_panel_kernels nmf_panel_kernels_portable;
#ifdef NMF_X86
extern const nmf_panel_kernels nmf_panel_kernels_avx2;
extern const nmf_panel_kernels nmf_panel_kernels_avx512;
#endif

const nmf_panel_kernels *nmf_panel_kernels_at(size_t i)
{
    const nmf_panel_kernels *runs[3] = {0};
    size_t n = 0;
#ifdef NMF_X86
    if (__builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq")) {
        runs[n++] = &nmf_panel_kernels_avx512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        runs[n++] = &nmf_panel_kernels_avx2;
    }
#endif
    runs[n++] = &nmf_panel_kernels_portable;
    return i < n ? runs[i] : NULL;
}

const nmf_panel_kernels *nmf_panel_kernels_get(void)
{
    return nmf_panel_kernels_at(0);
}
