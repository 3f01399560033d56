/*
 * Seeded random numbers: the same on every machine and for every number of
 * threads. SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): number i of a
 * stream depends on the seed and i alone.
 */
#ifndef NMFIMG_CORE_RNG_H
#define NMFIMG_CORE_RNG_H

#include <stdint.h>

typedef struct nmf_rng {
    uint64_t state;
} nmf_rng;

/* Stream number `stream` of a seed: streams do not overlap in practice. */
nmf_rng nmf_rng_init(uint64_t seed, uint64_t stream);

/* 64 random bits. */
uint64_t nmf_rng_next(nmf_rng *rng);

/* Uniform in [0, 1), 53 bits. */
double nmf_rng_uniform(nmf_rng *rng);

/* Standard normal (Box and Muller, 1958), two uniforms a number. */
double nmf_rng_normal(nmf_rng *rng);

#endif
