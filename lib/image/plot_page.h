/*
 * A plot on its way to the page: what plot_layout.c decides (ranges, ticks,
 * where everything goes) and plot.c draws. The page, from the outside in:
 *
 *     margin | title
 *            | label of y
 *            | ticks of y | area: grid, lines, legend in a corner | margin
 *            |            | ticks of x
 *            |            | label of x
 */
#ifndef NMFIMG_IMAGE_PLOT_PAGE_H
#define NMFIMG_IMAGE_PLOT_PAGE_H

#include <nmfimg/plot.h>

#include "image/font.h"
#include "image/plot_axis.h"

enum {
    PLOT_MARGIN = 16,
    PLOT_TEXT_SCALE = 2,
    PLOT_TEXT_HEIGHT = NMF_FONT_HEIGHT * PLOT_TEXT_SCALE,
    PLOT_TICK_GAP = 8,      /* from the area to a label */
    PLOT_LEGEND_INSET = 12, /* from the area's corner */
    PLOT_LEGEND_PAD = 8,
    PLOT_LEGEND_SAMPLE = 32, /* length of the piece of line shown */
    PLOT_LEGEND_ROW = PLOT_TEXT_HEIGHT + 6
};

/* The box of names; no rows where no line has one. */
typedef struct plot_legend {
    size_t rows;
    size_t width, height;
} plot_legend;

typedef struct plot_page {
    nmf_axis x, y;
    size_t left, top; /* of the area */
    size_t width, height;
    plot_legend legend;
} plot_page;

/* Check a plot and lay it out. Fails: as nmf_plot_draw() */
nmf_status plot_lay_out(plot_page *page, const nmf_plot *plot, nmf_error *err);

/* Can point i of a line be shown? */
bool plot_has_place(const nmf_plot *plot, const nmf_plot_line *line, size_t i);

/*
 * The pixel that a place on an axis (0 .. 1 from end to end) of n pixels falls
 * on, kept within a few million.
 */
double plot_pixel(double at, size_t n);

/* The width of a text in pixels. */
size_t plot_text_width(const char *text);

#endif
