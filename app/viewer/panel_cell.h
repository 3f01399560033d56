/*
 * Cells of pictures, as several panels have them: where a picture lies in one,
 * and a grid of many of which those in sight are drawn.
 *
 *     struct cell_grid grid = cell_grid_begin("thumbs", n, 64, 64);
 *     for (size_t i = grid.first; i < grid.last; i++)
 *         cell_draw(cell_grid_place(&grid, i), texture(i), width, height);
 *     if (grid.has_mouse && grid.canvas.is_clicked) choose(grid.at_mouse);
 *     cell_grid_end();
 */
#ifndef NMFIMG_VIEWER_PANEL_CELL_H
#define NMFIMG_VIEWER_PANEL_CELL_H

#include "screen.h"

/* Where a picture of that size lies in a place: as large as there is room, in
 * the middle, on whole pixels. A row of numbers, one pixel high, is drawn
 * higher, to be seen. */
ui_rect cell_fit(ui_rect place, size_t width, size_t height);

/* Draw it there, dimmed where tint says so, and return where; a NULL texture is
 * an empty place. */
ui_rect cell_draw(ui_rect place, SDL_Texture *texture, size_t width,
                  size_t height, ui_colour tint);

/* A text in a row of buttons and fields, at their height. */
void cell_label(const char *text);

/* A frame around a picture that is selected, thick, or under the mouse. */
void cell_mark(ui_rect picture, bool is_selected, bool is_at_mouse);

/* A grid within a list that scrolls. */
struct cell_grid {
    size_t n;
    size_t columns;
    float width; /* of a cell: at least what was asked for */
    float height;
    size_t first; /* cells in sight: first .. last - 1 */
    size_t last;
    ui_canvas canvas; /* of all that is in sight */
    bool has_mouse;   /* the mouse is over a cell: at_mouse */
    size_t at_mouse;
};
struct cell_grid cell_grid_begin(const char *id, size_t n, float width,
                                 float height);
ui_rect cell_grid_place(const struct cell_grid *grid, size_t i);
/* How far below the top of the list the middle of a cell is, also of one out
 * of sight: for ui_scroll_to(). */
float cell_grid_middle(const struct cell_grid *grid, size_t i);
void cell_grid_end(void);

/* White of part t as it is painted: its weight times this is how bright it
 * makes a picture. */
float cell_part_white(const struct app *app, size_t t);

#endif
