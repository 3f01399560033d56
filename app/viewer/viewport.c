#include "viewport.h"

#include <math.h>

static double bounded(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Where the picture's (0, 0) is in the window, before rounding. */
static double corner(double centre, double zoom, double start, double length)
{
    return start + length / 2.0 - centre * zoom;
}

static double whole_corner(double centre, double zoom, double start,
                           double length)
{
    return floor(corner(centre, zoom, start, length) + 0.5);
}

viewport viewport_fit(size_t width, size_t height, viewport_area area)
{
    viewport view = {(double)width / 2.0, (double)height / 2.0, 1.0};
    if (width == 0 || height == 0 || area.w <= 0.0 || area.h <= 0.0) {
        return view;
    }
    double zoom = fmin(area.w / (double)width, area.h / (double)height);
    if (zoom > 1.0) {
        zoom = floor(zoom);
    }
    view.zoom = bounded(zoom, VIEWPORT_ZOOM_MIN, VIEWPORT_ZOOM_MAX);
    return view;
}

/* The next larger zoom after a whole one. */
static double next_whole(double zoom)
{
    return zoom + fmax(1.0, floor(zoom / 4.0 + 0.5));
}

/* Zooms are equal that differ by rounding alone. */
static const double nearly = 1e-9;

static double step_in(double zoom)
{
    double next = 1.0;
    if (zoom < 1.0 - nearly) {
        while (next * sqrt(0.5) > zoom * (1.0 + nearly)) {
            next *= sqrt(0.5);
        }
        return next;
    }
    while (next <= zoom * (1.0 + nearly)) {
        next = next_whole(next);
    }
    return next;
}

static double step_out(double zoom)
{
    double next = 1.0;
    if (zoom > 1.0 + nearly) {
        while (next_whole(next) < zoom * (1.0 - nearly)) {
            next = next_whole(next);
        }
        return next;
    }
    while (next >= zoom * (1.0 - nearly)) {
        next *= sqrt(0.5);
    }
    return next;
}

double viewport_zoom_step(double zoom, int steps)
{
    zoom = bounded(zoom, VIEWPORT_ZOOM_MIN, VIEWPORT_ZOOM_MAX);
    for (; steps > 0 && zoom < VIEWPORT_ZOOM_MAX; steps--) {
        zoom = fmin(step_in(zoom), VIEWPORT_ZOOM_MAX);
    }
    for (; steps < 0 && zoom > VIEWPORT_ZOOM_MIN; steps++) {
        zoom = fmax(step_out(zoom), VIEWPORT_ZOOM_MIN);
    }
    return zoom;
}

viewport viewport_zoom_to(viewport view, viewport_area area, double x, double y,
                          double zoom)
{
    zoom = bounded(zoom, VIEWPORT_ZOOM_MIN, VIEWPORT_ZOOM_MAX);
    /* From the centre of the area, without the rounding to whole pixels: there
     * and back again must not drift. */
    double from_x = x - area.x - area.w / 2.0;
    double from_y = y - area.y - area.h / 2.0;
    view.x += from_x / view.zoom - from_x / zoom;
    view.y += from_y / view.zoom - from_y / zoom;
    view.zoom = zoom;
    return view;
}

viewport viewport_zoom_at(viewport view, viewport_area area, double x, double y,
                          int steps)
{
    return viewport_zoom_to(view, area, x, y,
                            viewport_zoom_step(view.zoom, steps));
}

viewport viewport_pan(viewport view, double dx, double dy)
{
    view.x -= dx / view.zoom;
    view.y -= dy / view.zoom;
    return view;
}

/* The centre along one side of `size` pixels, in an area of `length`. */
static double clamp_along(double centre, double size, double length,
                          double zoom)
{
    double half = length / 2.0 / zoom;
    if (size * zoom <= length) {
        return bounded(centre, size - half, half);
    }
    return bounded(centre, 0.0, size);
}

viewport viewport_clamp(viewport view, size_t width, size_t height,
                        viewport_area area)
{
    view.x = clamp_along(view.x, (double)width, area.w, view.zoom);
    view.y = clamp_along(view.y, (double)height, area.h, view.zoom);
    return view;
}

viewport_area viewport_place(viewport view, size_t width, size_t height,
                             viewport_area area)
{
    viewport_area place = {whole_corner(view.x, view.zoom, area.x, area.w),
                           whole_corner(view.y, view.zoom, area.y, area.h),
                           (double)width * view.zoom,
                           (double)height * view.zoom};
    return place;
}

void viewport_to_picture(viewport view, viewport_area area, double window_x,
                         double window_y, double *x, double *y)
{
    *x = (window_x - whole_corner(view.x, view.zoom, area.x, area.w)) /
         view.zoom;
    *y = (window_y - whole_corner(view.y, view.zoom, area.y, area.h)) /
         view.zoom;
}

void viewport_to_window(viewport view, viewport_area area, double x, double y,
                        double *window_x, double *window_y)
{
    *window_x = whole_corner(view.x, view.zoom, area.x, area.w) + x * view.zoom;
    *window_y = whole_corner(view.y, view.zoom, area.y, area.h) + y * view.zoom;
}

bool viewport_pixel(viewport view, size_t width, size_t height,
                    viewport_area area, double window_x, double window_y,
                    size_t *x, size_t *y)
{
    double at_x = 0.0;
    double at_y = 0.0;
    viewport_to_picture(view, area, window_x, window_y, &at_x, &at_y);
    /* Written so that NaN is outside. */
    bool is_in_area = window_x >= area.x && window_x < area.x + area.w &&
                      window_y >= area.y && window_y < area.y + area.h;
    bool is_in_picture = at_x >= 0.0 && at_x < (double)width && at_y >= 0.0 &&
                         at_y < (double)height;
    if (!is_in_area || !is_in_picture) {
        return false;
    }
    *x = (size_t)at_x;
    *y = (size_t)at_y;
    return true;
}
