/*
 * How many parts go side by side, and how large: pure arithmetic, in pixels.
 *
 *     grid_layout layout = grid_fit(&asked);
 *     for (size_t i = 0; i < n; i++)
 *         draw(i, grid_x(&layout, i), grid_y(&layout, i));
 *
 * A cell is the image of a part and a line of text below it; gaps are between
 * cells, and around them all.
 */
#ifndef NMFIMG_VIEWER_GRID_H
#define NMFIMG_VIEWER_GRID_H

#include <stdbool.h>
#include <stddef.h>

/* What is to be laid out, where. */
typedef struct grid_request {
    size_t n;        /* cells, >= 1 */
    float width;     /* of the place */
    float height;    /* of the place */
    float bar;       /* what is lost at the right where it scrolls */
    float part_w;    /* of a part, in pixels of its own */
    float part_h;    /* of a part */
    float gap;       /* between cells */
    float caption;   /* height of the text below an image */
    float caption_w; /* what the text needs: below that there is none */
    float smallest;  /* the longer side of an image is never shorter */
    float zoom;      /* 1: all cells fit; else so much larger */
} grid_request;

typedef struct grid_layout {
    size_t columns;
    size_t rows;
    float scale;   /* pixels of the window for one of a part */
    float image_w; /* of the images, whole pixels */
    float image_h;
    float caption; /* below each; 0: none */
    float gap;     /* around all */
    float step_x;  /* from one cell to the next */
    float step_y;
    float height; /* of all; more than the place's: it scrolls */
    bool scrolls;
} grid_layout;

/*
 * All cells as large as the place allows, the scale a whole number where that
 * costs no more than a fifth; zoomed, as many columns as there is room for.
 */
grid_layout grid_fit(const grid_request *request);

/* The left and the top of the image of cell i, whole pixels. */
float grid_x(const grid_layout *layout, size_t i);
float grid_y(const grid_layout *layout, size_t i);

/* The cell at (x, y), its text and the gap to the next one included; false:
 * there is none. */
bool grid_at(const grid_layout *layout, size_t n, float x, float y, size_t *i);

#endif
