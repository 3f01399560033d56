#include "scene_sums.h"

#include <math.h>

enum { LANES = 8 };

static double sum_of_lanes(const double lane[LANES])
{
    double sum = 0.0;
    for (size_t l = 0; l < LANES; l++) {
        sum += lane[l];
    }
    return sum;
}

double scene_magnitudes(const float *values, size_t n)
{
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            lane[l] += fabs((double)values[i + l]);
        }
    }
    for (; i < n; i++) {
        lane[0] += fabs((double)values[i]);
    }
    return sum_of_lanes(lane);
}

double scene_squares(const float *values, size_t n)
{
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            double value = (double)values[i + l];
            lane[l] += value * value;
        }
    }
    for (; i < n; i++) {
        lane[0] += (double)values[i] * (double)values[i];
    }
    return sum_of_lanes(lane);
}

bool scene_has_negatives(const float *values, size_t n)
{
    size_t i = 0;
    while (i < n && !(values[i] < 0.0F)) {
        i++;
    }
    return i < n;
}

void scene_masses(double *mass, const nmf_matrix *H)
{
    for (size_t t = 0; t < H->rows; t++) {
        mass[t] = scene_magnitudes(nmf_matrix_row(H, t), H->cols);
    }
}

double scene_relative(double squares, double norm)
{
    if (norm <= 0.0) {
        return squares > 0.0 ? (double)INFINITY : 0.0;
    }
    return sqrt(squares / norm);
}
