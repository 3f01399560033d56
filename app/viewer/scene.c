#include "scene.h"

double scene_compression(size_t n_samples, size_t n_features, size_t k)
{
    double stored = (double)k * ((double)n_samples + (double)n_features);
    /* Without any number stored there is nothing to compare. */
    return stored > 0.0 ? (double)n_samples * (double)n_features / stored : 0.0;
}
