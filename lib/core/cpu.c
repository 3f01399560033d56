/* Names of instruction sets, what this processor runs, what is in use. */
#include "core/cpu.h"

#include "core/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const names[NMF_CPU_COUNT] = {
    [NMF_CPU_AVX512BF16] = "avx512bf16",
    [NMF_CPU_AVX512] = "avx512",
    [NMF_CPU_AVX2] = "avx2",
    [NMF_CPU_PORTABLE] = "portable",
};

/* What was asked for; NMF_CPU_COUNT: the best. */
static atomic_int wish = NMF_CPU_COUNT;

/* What the compiler was told it may use: see CMakeLists.txt. */
static bool runs(nmf_cpu cpu)
{
    switch (cpu) {
    case NMF_CPU_PORTABLE:
        return true;
#ifdef NMF_X86
    case NMF_CPU_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case NMF_CPU_AVX512:
        return __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw");
#endif
#ifdef NMF_X86_BF16
    case NMF_CPU_AVX512BF16:
        return runs(NMF_CPU_AVX512) && __builtin_cpu_supports("avx512bf16");
#endif
    default:
        return false;
    }
}

nmf_cpu nmf_cpu_at(size_t i)
{
    for (nmf_cpu cpu = 0; cpu < NMF_CPU_COUNT; cpu++) {
        if (runs(cpu) && i-- == 0) {
            return cpu;
        }
    }
    return NMF_CPU_COUNT;
}

nmf_cpu nmf_cpu_selected(void)
{
    int cpu = atomic_load_explicit(&wish, memory_order_relaxed);
    return cpu == NMF_CPU_COUNT ? nmf_cpu_at(0) : (nmf_cpu)cpu;
}

const char *nmf_cpu_name_at(size_t i)
{
    nmf_cpu cpu = nmf_cpu_at(i);
    return cpu < NMF_CPU_COUNT ? names[cpu] : NULL;
}

const char *nmf_cpu_name(void)
{
    return names[nmf_cpu_selected()];
}

static nmf_status refuse(const char *name, nmf_error *err)
{
    char list[128] = "";
    size_t used = 0;
    const char *other;
    for (size_t i = 0; (other = nmf_cpu_name_at(i)) && used < sizeof list;
         i++) {
        int n = snprintf(list + used, sizeof list - used, "%s%s",
                         i == 0 ? "" : ", ", other);
        used += n > 0 ? (size_t)n : 0;
    }
    return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                         "'%s' is nothing that this processor runs; expected "
                         "auto, %s",
                         name, list);
}

nmf_status nmf_cpu_select(const char *name, nmf_error *err)
{
    nmf_cpu cpu = NMF_CPU_COUNT;
    if (name && strcmp(name, "auto") != 0) {
        cpu = 0;
        while (cpu < NMF_CPU_COUNT && strcmp(names[cpu], name) != 0) {
            cpu++;
        }
        if (cpu == NMF_CPU_COUNT || !runs(cpu)) {
            return refuse(name, err);
        }
    }
    atomic_store_explicit(&wish, (int)cpu, memory_order_relaxed);
    return NMF_OK;
}
