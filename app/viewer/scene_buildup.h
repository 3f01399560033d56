/*
 * A picture put together part by part, the largest share first: what it looks
 * like after s = 0 .. k parts, and how far from the original it is.
 *
 *     scene_buildup_update(&buildup, &picture, &H);
 *     scene_buildup_show(&buildup, &picture, &H, s);
 *     show(buildup.shown, buildup.error[s]);
 */
#ifndef NMFIMG_VIEWER_SCENE_BUILDUP_H
#define NMFIMG_VIEWER_SCENE_BUILDUP_H

#include "scene_picture.h"

typedef struct scene_buildup {
    size_t k;
    size_t *order;   /* k: picture.largest at the update */
    size_t n_used;   /* parts that give anything; from here on the error stays
                      */
    double *error;   /* k + 1: relative error after the first s parts; [0] is 1
                        (0 for a black picture) */
    nmf_image shown; /* after n_shown parts */
    size_t n_shown;
    nmf_image missing; /* private */
} scene_buildup;

nmf_status scene_buildup_init(scene_buildup *out, size_t k, nmf_error *err);
void scene_buildup_release(scene_buildup *buildup);

/*
 * Order and errors from the picture's last update, hidden parts left in; shown
 * goes back to 0 parts. Fails: NMF_ERR_MEMORY, where the picture has another
 * size than at the call before. Cost: k passes over the picture, so do it when
 * somebody looks.
 */
nmf_status scene_buildup_update(scene_buildup *buildup,
                                const scene_picture *picture,
                                const nmf_matrix *H, nmf_error *err);

/* Show the first s parts (k at most): one pass for each part more; fewer begin
 * at 0 again, so that the same s gives the same picture. The picture must not
 * have changed since the update. */
void scene_buildup_show(scene_buildup *buildup, const scene_picture *picture,
                        const nmf_matrix *H, size_t s);

#endif
