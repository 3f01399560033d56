/*
 * The weights of a picture, changed by hand. A whole picture has one weight a
 * part; a picture of patches has one row of W a patch, and what is changed is a
 * factor a part, 1 as fitted.
 *
 *     scene_mix_reset(&mix, &rows, &W, &err);
 *     mix.value[t] = 0.5F;
 *     scene_mix_apply(&mix, &rows);
 *     scene_picture_update(&picture, &mix.weights, &H, NULL);
 */
#ifndef NMFIMG_VIEWER_SCENE_MIX_H
#define NMFIMG_VIEWER_SCENE_MIX_H

#include "scene_picture.h"

#include <stdint.h>

typedef struct scene_mix {
    size_t k;
    bool is_factor;     /* value[t] scales the column of part t: patches */
    bool is_signed;     /* weights may be below 0: some are, as fitted */
    float *value;       /* k, >= 0 unless is_signed; write here */
    float *limit;       /* k: where a slider may end: the larger of twice the
                           fitted value and the largest of any picture, by
                           size; factors: 2 */
    nmf_matrix weights; /* n_rows x k: what came out */
} scene_mix;

nmf_status scene_mix_init(scene_mix *out, size_t k, nmf_error *err);
void scene_mix_release(scene_mix *mix);

/*
 * Back to the fit of the picture: rows is n_rows x k. W, for the limits, is
 * passed over once where the picture is whole. Fails: NMF_ERR_MEMORY, where
 * n_rows is another than before.
 */
nmf_status scene_mix_reset(scene_mix *mix, const nmf_matrix *rows,
                           const nmf_matrix *W, nmf_error *err);

/* weights from value and the fitted rows. */
void scene_mix_apply(scene_mix *mix, const nmf_matrix *rows);

/*
 * Something plausible: each part as strong as in a picture drawn by chance,
 * each from another, so that values come as they do in the set; the seed
 * decides. Factors: so that the part's sum over the picture is that of the
 * picture drawn. Fills value and weights.
 */
void scene_mix_random(scene_mix *mix, const nmf_dataset *data,
                      const nmf_matrix *W, size_t p, uint64_t seed);

/*
 * Between picture a (share 0) and b (share 1): (1 - share) w_a + share w_b.
 * Fills weights, and value where the pictures are whole. False, and nothing
 * done, where a has another number of rows than the mix, or b.
 */
bool scene_mix_morph(scene_mix *mix, const nmf_dataset *data,
                     const nmf_matrix *W, size_t a, size_t b, float share);

#endif
