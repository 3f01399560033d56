/*
 * The selected picture side by side: original, reconstruction, error; or the
 * first two in one place, with a line to drag between them. Zoom and pan are
 * those of all.
 */
#ifndef NMFIMG_VIEWER_PICTURE_PANES_H
#define NMFIMG_VIEWER_PICTURE_PANES_H

#include "screen.h"

/* The pixel of the picture under the mouse. */
struct picture_point {
    bool is_there;
    size_t x;
    size_t y;
};

/* Into the panel at hand, all of its width. There is a picture. */
struct picture_point picture_panes_draw(struct screen *screen, float height);

#endif
