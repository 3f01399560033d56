/* Where the iterations start. Contracts are in solver.h. */
#include "core/rng.h"
#include "core/solver.h"

#include <math.h>

static void fill(nmf_matrix *m, double scale, nmf_rng rng)
{
    for (size_t i = 0; i < m->rows; i++) {
        float *row = nmf_matrix_row(m, i);
        for (size_t j = 0; j < m->cols; j++) {
            row[j] = (float)(scale * fabs(nmf_rng_normal(&rng)));
        }
    }
}

void nmf_init_random(nmf_matrix *W0, nmf_matrix *H0, double mean_of_X,
                     uint64_t seed)
{
    double scale = sqrt(mean_of_X / (double)H0->rows);
    fill(H0, scale, nmf_rng_init(seed, 0));
    fill(W0, scale, nmf_rng_init(seed, 1));
}
