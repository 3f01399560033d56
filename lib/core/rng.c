/* SplitMix64 and what is drawn from it. Contracts are in rng.h. */
#include "core/rng.h"

#include <math.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

nmf_rng nmf_rng_init(uint64_t seed, uint64_t stream)
{
    nmf_rng rng = {mix(seed ^ mix(stream + 0x632be59bd9b4e019U))};
    return rng;
}

uint64_t nmf_rng_next(nmf_rng *rng)
{
    rng->state += 0x9e3779b97f4a7c15U;
    return mix(rng->state);
}

double nmf_rng_uniform(nmf_rng *rng)
{
    return (double)(nmf_rng_next(rng) >> 11) * 0x1p-53;
}

double nmf_rng_normal(nmf_rng *rng)
{
    const double two_pi = 6.28318530717958647692;
    double radius = sqrt(-2.0 * log(1.0 - nmf_rng_uniform(rng)));
    return radius * cos(two_pi * nmf_rng_uniform(rng));
}
