/*
 * @faces: portraits put together from parts that the program draws.
 */
#ifndef NMFIMG_IMAGE_BUILTIN_FACES_H
#define NMFIMG_IMAGE_BUILTIN_FACES_H

#include <nmfimg/matrix.h>

#include <stdint.h>

enum {
    NMF_FACES_SIDE = 32, /* pixels of an image, both ways */
    NMF_FACES_N_IMAGES = 1000,
    NMF_FACES_N_PARTS = 20 /* 4 heads, brows and eyes, 3 noses, 5 mouths */
};

/*
 * The true parts, one a row of H, NMF_FACES_N_PARTS x NMF_FACES_SIDE^2, made
 * by the caller; in [0, 1].
 */
void nmf_faces_draw_parts(nmf_matrix *H);

/*
 * Draw X, any number of rows x NMF_FACES_SIDE^2: every row is a sum of one
 * head, one pair of brows, one pair of eyes, one nose and one mouth, each
 * with its own brightness, in [0, 1]. Row i depends on the seed and i alone.
 */
nmf_status nmf_faces_draw(nmf_matrix *X, uint64_t seed, nmf_error *err);

#endif
