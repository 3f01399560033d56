/**
 * Plots: lines through points, with axes, as a picture.
 *
 *     const nmf_plot_line lines[] = {
 *         {.x = seconds, .y = error, .n_points = n, .name = "hals"},
 *     };
 *     nmf_plot plot = NMF_PLOT_INIT;
 *     plot.title = "Error against time";
 *     plot.x = (nmf_plot_axis){.label = "seconds", .is_log = true};
 *     plot.y = (nmf_plot_axis){.label = "relative error"};
 *     plot.lines = lines;
 *     plot.n_lines = 1;
 *     if (nmf_plot_draw(&image, &plot, &err) == NMF_OK)
 *         nmf_image_save("error.png", &image, true, &err);
 *     nmf_image_release(&image);
 */
#ifndef NMFIMG_PLOT_H
#define NMFIMG_PLOT_H

#include <nmfimg/image.h>

#include <stdbool.h>
#include <stddef.h>

NMF_BEGIN_DECLS

enum {
    NMF_PLOT_MAX_LINES = 32,
    NMF_PLOT_MIN_SIDE = 240, /* pixels */
    NMF_PLOT_MAX_SIDE = 8192
};

/**
 * Colours that people with any colour vision tell apart (Okabe and Ito 2008;
 * their yellow is left out, which a white page swallows). NEXT gives the
 * lines that ask for it these in order, GREY excepted; when all are used, again
 * with dashes.
 */
typedef enum nmf_plot_colour {
    NMF_PLOT_NEXT = 0,
    NMF_PLOT_BLUE = 1,
    NMF_PLOT_VERMILION = 2,
    NMF_PLOT_GREEN = 3,
    NMF_PLOT_PURPLE = 4,
    NMF_PLOT_ORANGE = 5,
    NMF_PLOT_SKY = 6,
    NMF_PLOT_BLACK = 7,
    NMF_PLOT_GREY = 8 /* for what is there to compare with */
} nmf_plot_colour;

/** A line through points; all pointers are borrowed during the call. */
typedef struct nmf_plot_line {
    const double *x; /* n_points numbers, in any order; the line goes through */
    const double *y; /* the points as they come, and is broken where one has */
    size_t n_points; /* no place: NaN, above 1e300, on a log axis <= 1e-300 */
    const char *name; /* for the legend; ASCII; NULL: none */
    nmf_plot_colour colour;
    bool is_dashed;
    bool has_dots; /* a dot on every point */
} nmf_plot_line;

/** An axis. */
typedef struct nmf_plot_axis {
    const char *label; /* ASCII; NULL: none */
    bool is_log;
    double from; /* what is shown; both 0: all points of all lines */
    double to;
} nmf_plot_axis;

/** What to draw; start from NMF_PLOT_INIT. */
typedef struct nmf_plot {
    const char *title; /* above, ASCII, wrapped; NULL: none */
    nmf_plot_axis x;
    nmf_plot_axis y;
    const nmf_plot_line *lines;
    size_t n_lines; /* 1 .. NMF_PLOT_MAX_LINES */
    size_t width;   /* pixels, NMF_PLOT_MIN_SIDE .. NMF_PLOT_MAX_SIDE */
    size_t height;
} nmf_plot;

#define NMF_PLOT_INIT                                                          \
    {                                                                          \
        .width = 960, .height = 600                                            \
    }

/**
 * Draw a plot. The legend goes to the corner where it hides least.
 *
 * out      overwritten; on success owned by the caller, who frees it with
 *          nmf_image_release(); RGB; on failure all zero
 *
 * Fails:   NMF_ERR_ARGUMENT (sizes, number of lines, or a range out of bounds),
 *          NMF_ERR_DATA (no point has a place on the axes), NMF_ERR_LIMIT (too
 *          small for the title, the labels or the legend), _MEMORY
 */
NMF_API nmf_status nmf_plot_draw(nmf_image *out, const nmf_plot *plot,
                                 nmf_error *err);

NMF_END_DECLS

#endif
