/*
 * The grid of parts: every part as an image, and what the mouse does there.
 * Where cells lie is grid.h's; this draws them.
 */
#ifndef NMFIMG_VIEWER_PARTS_GRID_H
#define NMFIMG_VIEWER_PARTS_GRID_H

#include "screen.h"

/* Into the panel at hand, all of its width. There are parts. */
void parts_grid_draw(struct screen *screen, float height);

#endif
