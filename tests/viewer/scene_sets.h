/*
 * Sets of every shape that a scene may meet, each with made-up factors, so that
 * what the scene says can be held beside plain loops.
 */
#ifndef NMFIMG_TESTS_SCENE_SETS_H
#define NMFIMG_TESTS_SCENE_SETS_H

#include "support.h"

typedef struct scene_set {
    const char *name;
    nmf_dataset *data;
    const nmf_matrix *X;
    size_t k;
    nmf_matrix W; /* of about the size that fits X; a third of it is 0 */
    nmf_matrix H;
} scene_set;

/* The sets by number: built-in, colour, patches that overlap, patches side by
 * side, of colour, with gaps, tables; false past the last. */
bool scene_set_load(scene_set *out, size_t i);
void scene_set_release(scene_set *set);

/* Picture p put together of the rows w_it h_tj, over the parts that are not
 * hidden (is_hidden may be NULL), in double and by nmf_picture_assemble().
 * weights: the picture's rows. A wrapped row becomes a picture of its shape. */
nmf_image scene_set_reconstruct(const scene_set *set, size_t p,
                                const nmf_matrix *weights,
                                const bool *is_hidden);

/* The same of the rows of X. */
nmf_image scene_set_original(const scene_set *set, size_t p);

/* ||a - b|| / ||a||, of two pictures of a size. */
double scene_set_error(const nmf_image *a, const nmf_image *b);

#endif
