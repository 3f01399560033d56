/*
 * Which pictures use a part most.
 *
 *     scene_users_update(&users, &W, &H);            once a snapshot
 *     n = scene_users_find(&users, t, SCENE_BY_SHARE, list, 12);
 */
#ifndef NMFIMG_VIEWER_SCENE_USERS_H
#define NMFIMG_VIEWER_SCENE_USERS_H

#include "scene_shape.h"

typedef enum scene_use {
    SCENE_BY_SHARE = 0,  /* of the part in all that the picture is made of */
    SCENE_BY_ACTIVATION, /* how strong it is there, whatever else there is */
} scene_use;

typedef struct scene_user {
    size_t picture;
    float use; /* share, 0 .. 1; or activation, summed over patches */
} scene_user;

typedef struct scene_users {
    const nmf_dataset *data;
    size_t n_pictures;
    nmf_matrix sums; /* n_pictures x k: |activations|, summed over patches */
    double *total;   /* n_pictures: sum_t sums * mass_t */
    double *mass;    /* k: sum_j |h_tj| */
} scene_users;

nmf_status scene_users_init(scene_users *out, const nmf_dataset *data, size_t k,
                            nmf_error *err);
void scene_users_release(scene_users *users);

/* Cost: one pass over W, one over H. */
void scene_users_update(scene_users *users, const nmf_matrix *W,
                        const nmf_matrix *H);

/*
 * The n pictures that use part t most, the heaviest user first, equal ones in
 * their order; those that do not use it at all are left out. Returns how many.
 * Cost: n_pictures, and n * n.
 */
size_t scene_users_find(const scene_users *users, size_t t, scene_use by,
                        scene_user *out, size_t n);

#endif
