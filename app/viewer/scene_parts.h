/*
 * What each part is like, and in which order parts are shown. A part is row t
 * of H; t is its identity, whatever the order. Other methods than NMF have
 * entries below 0, too: then all is of their sizes.
 *
 *     scene_parts parts = {0};
 *     scene_parts_init(&parts, geometry, n_features, k, &err);
 *     scene_parts_update(&parts, &W, &H);
 *     scene_parts_sort(&parts, SCENE_ORDER_ENERGY);
 *     for (size_t i = 0; i < parts.k; i++)
 *         show(parts.order[i], parts.part[parts.order[i]].energy);
 */
#ifndef NMFIMG_VIEWER_SCENE_PARTS_H
#define NMFIMG_VIEWER_SCENE_PARTS_H

#include "scene_shape.h"

typedef struct scene_part {
    double mass;       /* sum_j |h_tj| */
    double activation; /* sum_i |w_it| */
    double energy; /* activation * mass, over its sum for all parts: 0 .. 1; */
                   /* does not depend on the scale of W against H */
    double sparseness; /* Hoyer's, of the row; 0 .. 1, 0 for a row of zeros */
    double x; /* where its mass is centred, in pixels (the middle of the first
                 pixel is 0.5); the middle of the picture for a row of zeros */
    double y;
    float largest;  /* entry of the row, by its size */
    bool is_signed; /* some entries are below 0 */
    double share;   /* in one picture, as the caller says; 0 at first */
} scene_part;

typedef enum scene_order {
    SCENE_ORDER_INDEX = 0,
    SCENE_ORDER_ENERGY,     /* the largest first */
    SCENE_ORDER_SPARSENESS, /* the most local first */
    SCENE_ORDER_POSITION,   /* as one reads: by centroid, in about sqrt(k) */
                            /* bands of equal height, from the left in each */
    SCENE_ORDER_SHARE       /* in one picture, the largest first */
} scene_order;

typedef struct scene_parts {
    size_t k;
    scene_shape shape;   /* of each */
    scene_part *part;    /* k */
    size_t *order;       /* k: the index of the part shown first, second ... */
    size_t *place;       /* k: where part t is in order */
    float largest;       /* entry of H, by size: the white of a common scale */
    double sparseness_w; /* the means of Hoyer's sparseness over the rows */
    double sparseness_h;
    double *scratch; /* private: 2 k */
} scene_parts;

nmf_status scene_parts_init(scene_parts *out, const nmf_geometry *geometry,
                            size_t n_features, size_t k, nmf_error *err);
void scene_parts_release(scene_parts *parts);

/*
 * All numbers of all parts. W may have no rows (a model without activations):
 * energy is the share of the mass then. Cost: one pass over W, one over H.
 */
void scene_parts_update(scene_parts *parts, const nmf_matrix *W,
                        const nmf_matrix *H);

/* Is one of them? */
bool scene_parts_are_signed(const scene_parts *parts);

/* Fill order and place from the numbers; equal ones go by index. */
void scene_parts_sort(scene_parts *parts, scene_order order);

#endif
