/*
 * One picture of the set and its reconstruction from parts: the rows of X that
 * belong to it, and no others, are touched.
 *
 *     scene_picture picture = {0};
 *     scene_picture_init(&picture, data, k, &err);
 *     scene_picture_select(&picture, p, &err);
 *     scene_picture_update(&picture, &W, &H, NULL);
 *     show(picture.reconstruction, picture.relative_error);
 *
 * Patches are laid where they were cut and averaged where they overlap, as
 * nmf_picture_assemble() does. Samples are as the product W H gives them, above
 * 1 too: cut off when painted, not when measured.
 */
#ifndef NMFIMG_VIEWER_SCENE_PICTURE_H
#define NMFIMG_VIEWER_SCENE_PICTURE_H

#include "scene_shape.h"

#include <stdint.h>

typedef struct scene_picture {
    const nmf_dataset *data;
    size_t k;
    size_t index; /* of the picture */
    size_t first_row;
    size_t n_rows;
    scene_shape shape;
    /* Each of the shape; what a wrapped row has no number for is 0. */
    nmf_image original;
    nmf_image reconstruction;
    nmf_image difference; /* original - reconstruction */
    nmf_matrix weights;   /* n_rows x k: of the last update, hidden parts too */
    double relative_error; /* ||difference|| / ||original||; infinity where the
                              original is 0 and the reconstruction is not */
    double psnr;           /* dB, white is 1 */
    double full_error;     /* relative_error without hidden parts */
    double *share;         /* k: of part t in this picture, hidden or not: */
    /* sum_i |w_it| * mass_t over that of all; sum is 1, */
    /* or all are 0 */
    size_t *largest; /* k: parts by share, the largest first */
    struct scene_picture_scratch *scratch; /* private */
} scene_picture;

/* Room for a picture of the set, none selected. */
nmf_status scene_picture_init(scene_picture *out, const nmf_dataset *data,
                              size_t k, nmf_error *err);
void scene_picture_release(scene_picture *picture);

/*
 * Turn to picture p: the original is filled, all else is 0 until the next
 * update. Asks for memory only where p has another size than the one before.
 */
nmf_status scene_picture_select(scene_picture *picture, size_t p,
                                nmf_error *err);

/*
 * A new snapshot, or other weights or hidden parts. weights is n_rows x k: the
 * rows of this picture (scene_picture_rows() of W, or a mix); is_hidden has k
 * entries, or is NULL for none.
 */
void scene_picture_update(scene_picture *picture, const nmf_matrix *weights,
                          const nmf_matrix *H, const bool *is_hidden);

/* The view of the rows of W that belong to the picture. */
nmf_matrix scene_picture_rows(const scene_picture *picture,
                              const nmf_matrix *W);

/* SSIM of original and reconstruction, counted when first asked for after an
 * update (about 9 ms for 512 x 512); NaN for a wrapped row, or without memory.
 */
double scene_picture_ssim(scene_picture *picture);

/*
 * The relative error of the full reconstruction without part t: how much worse
 * it gets is what t is good for here. Cost: one pass over the picture.
 */
double scene_picture_error_without(scene_picture *picture, const nmf_matrix *H,
                                   size_t t);

/*
 * What part t alone gives to the picture, w_t h_t put together, into an image
 * of the picture's shape that lives until the next call or select.
 */
const nmf_image *scene_picture_contribution(scene_picture *picture,
                                            const nmf_matrix *H, size_t t);

/* image += factor * what part t gives; of the picture's shape. */
void scene_picture_add(const scene_picture *picture, nmf_image *image,
                       const nmf_matrix *H, size_t t, float factor);

/* The samples at a pixel. */
typedef struct scene_reading {
    size_t x, y;
    size_t channels; /* 1 or 3 */
    float original[3];
    float reconstruction[3];
    float difference[3];
} scene_reading;

/* False outside of the picture, or where a wrapped row has no number. */
bool scene_picture_read(const scene_picture *picture, size_t x, size_t y,
                        scene_reading *out);

/*
 * Which parts a pixel is made of: what each gives to it, the mean over the
 * channels, k values; their sum is the (mean) sample of the full
 * reconstruction. False as above.
 */
bool scene_picture_parts_at(const scene_picture *picture, const nmf_matrix *H,
                            size_t x, size_t y, float *contribution);

#endif
