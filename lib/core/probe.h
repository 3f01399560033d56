/*
 * The loops that nmf_probe_flops() times, an instruction set a file. Public
 * side: <nmfimg/probe.h>.
 */
#ifndef NMFIMG_CORE_PROBE_H
#define NMFIMG_CORE_PROBE_H

#include <stddef.h>

typedef struct nmf_probe_loop {
    /*
     * Go round n times with x <- x * factor + term for each sum x, and give the
     * total of the first lanes, which depends on all of it. (bfloat16: with x
     * <- x + factor * term - factor * term.) The numbers come from outside,
     * since compilers see through constants: 1/2 and 1/4 lead to 1/2, where
     * nothing is tiny or huge, which some processors are slow with.
     */
    float (*run)(size_t n, float factor, float term);
    double flops; /* a round */
} nmf_probe_loop;

extern const nmf_probe_loop nmf_probe_portable;
extern const nmf_probe_loop nmf_probe_avx2;
extern const nmf_probe_loop nmf_probe_avx512;
extern const nmf_probe_loop nmf_probe_bf16;

#endif
