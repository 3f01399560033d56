/*
 * What the viewer shows, as numbers and pixels: computed from a set and the
 * factors of a snapshot, without drawing anything. In reading order:
 *
 *     scene_shape.h    how a row of X or H, or a picture, lies on the screen
 *     scene_paint.h    values to RGBA bytes
 *     scene_parts.h    what each part is like: energy, place; their order
 *     scene_picture.h  one picture: original, reconstruction, difference,
 *                      errors, what each part gives to it
 *     scene_buildup.h  that picture, put together part by part
 *     scene_mix.h      weights by hand, by chance, between two pictures
 *     scene_users.h    which pictures use a part most
 *
 * Common to all: X is n_samples x n_features, W n_samples x k, H k x n_features
 * as in <nmfimg/nmf.h>; t counts parts, p pictures. What ends in _init() asks
 * for all memory that depends on the set and on k, and is released by
 * _release(), which takes an empty ({0}) object too; what ends in _update() is
 * called once a snapshot, and asks for none. Nothing here knows of SDL. One
 * thread at a time; pointers to sets are borrowed.
 */
#ifndef NMFIMG_VIEWER_SCENE_H
#define NMFIMG_VIEWER_SCENE_H

#include "scene_buildup.h"
#include "scene_mix.h"
#include "scene_paint.h"
#include "scene_parts.h"
#include "scene_picture.h"
#include "scene_shape.h"
#include "scene_users.h"

/* n * m / (k * (n + m)): how many numbers of X stand for one of W and H. */
double scene_compression(size_t n_samples, size_t n_features, size_t k);

#endif
