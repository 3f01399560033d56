/*
 * Zoom and pan: which pixels of a picture lie where in a part of the window.
 * Pure arithmetic.
 *
 *     viewport view = viewport_fit(width, height, area);
 *     view = viewport_zoom_at(view, area, mouse_x, mouse_y, +1);
 *     view = viewport_clamp(view, width, height, area);
 *     draw(picture, viewport_place(view, width, height, area));
 *
 * Picture coordinates: (0, 0) is the top left corner of the top left pixel,
 * pixel (x, y) covers [x, x + 1) x [y, y + 1). Window coordinates likewise.
 */
#ifndef NMFIMG_VIEWER_VIEWPORT_H
#define NMFIMG_VIEWER_VIEWPORT_H

#include <stdbool.h>
#include <stddef.h>

/* What is shown in the middle of the area, and how large. */
typedef struct viewport {
    double x; /* of the picture, at the centre of the area */
    double y;
    double zoom; /* window pixels per picture pixel, > 0 */
} viewport;

/* A rectangle of the window, in its pixels. */
typedef struct viewport_area {
    double x, y, w, h;
} viewport_area;

/* The bounds of zoom. */
#define VIEWPORT_ZOOM_MIN (1.0 / 64.0)
#define VIEWPORT_ZOOM_MAX 256.0

/*
 * All of a width x height picture, centred; a zoom above 1 is a whole number,
 * so that pixels stay square and equal. An empty picture or area gives zoom 1.
 */
viewport viewport_fit(size_t width, size_t height, viewport_area area);

/*
 * The next zoom in (steps > 0) or out: whole numbers from 1 on, about a quarter
 * more each (1 2 3 4 5 6 8 10 13 ...), below 1 powers of sqrt(2).
 */
double viewport_zoom_step(double zoom, int steps);

/* Zoom by steps, or to a given zoom (cut to the bounds), while the point of the
 * picture that is under the window's (x, y) stays there. */
viewport viewport_zoom_at(viewport view, viewport_area area, double x, double y,
                          int steps);
viewport viewport_zoom_to(viewport view, viewport_area area, double x, double y,
                          double zoom);

/* The picture follows the mouse: dx, dy in window pixels. */
viewport viewport_pan(viewport view, double dx, double dy);

/*
 * Never lose the picture: a side that fits into the area is shown whole (it may
 * lie anywhere in it), one that is larger leaves no more than half of the area
 * empty.
 */
viewport viewport_clamp(viewport view, size_t width, size_t height,
                        viewport_area area);

/* Where the whole picture lies in the window; its corner is on a whole pixel of
 * the window. The functions below agree with it. */
viewport_area viewport_place(viewport view, size_t width, size_t height,
                             viewport_area area);

/* From the window to the picture and back. */
void viewport_to_picture(viewport view, viewport_area area, double window_x,
                         double window_y, double *x, double *y);
void viewport_to_window(viewport view, viewport_area area, double x, double y,
                        double *window_x, double *window_y);

/* The pixel under (window_x, window_y); false where that is outside the area or
 * the picture. */
bool viewport_pixel(viewport view, size_t width, size_t height,
                    viewport_area area, double window_x, double window_y,
                    size_t *x, size_t *y);

#endif
