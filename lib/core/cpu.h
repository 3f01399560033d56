/*
 * Which kernels run. Public side: <nmfimg/cpu.h>.
 *
 * To add an instruction set: its number here, its row in cpu.c, its kernels in
 * the tables of kernels.c and panel.c, its files and flags in CMakeLists.txt.
 */
#ifndef NMFIMG_CORE_CPU_H
#define NMFIMG_CORE_CPU_H

#include <nmfimg/cpu.h>

/* The best first. */
typedef enum nmf_cpu {
    NMF_CPU_AVX512BF16,
    NMF_CPU_AVX512,
    NMF_CPU_AVX2,
    NMF_CPU_PORTABLE,
    NMF_CPU_COUNT
} nmf_cpu;

/* What is in use. */
nmf_cpu nmf_cpu_selected(void);

/* The i-th best that this processor runs; NMF_CPU_COUNT past the last. */
nmf_cpu nmf_cpu_at(size_t i);

#endif
