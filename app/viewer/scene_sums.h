/* Sums in double that more than one file of the scene wants; several in turn,
 * so that no addition waits for the one before. */
#ifndef NMFIMG_VIEWER_SCENE_SUMS_H
#define NMFIMG_VIEWER_SCENE_SUMS_H

#include <nmfimg/matrix.h>

#include <stdbool.h>

/* The sum of the sizes of n values, and of their squares. */
double scene_magnitudes(const float *values, size_t n);
double scene_squares(const float *values, size_t n);

/* Is one of n values below 0? */
bool scene_has_negatives(const float *values, size_t n);

/* mass[t] = sum_j |h_tj|, k numbers. */
void scene_masses(double *mass, const nmf_matrix *H);

/* sqrt(squares / norm); of nothing: 0 where squares is 0 too, else infinity. */
double scene_relative(double squares, double norm);

#endif
