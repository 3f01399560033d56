#include "panel_cell.h"

#include <math.h>

ui_rect cell_fit(ui_rect place, size_t width, size_t height)
{
    const float coarse = 6.0F; /* from here on pixels are seen as squares */
    float zoom = fminf(place.w / (float)width, place.h / (float)height);
    zoom = zoom > coarse ? floorf(zoom) : zoom;
    float w = fmaxf(1.0F, roundf((float)width * zoom));
    float h = fmaxf(1.0F, roundf((float)height * zoom));
    if (height == 1 && width > 1) {
        h = roundf(fmaxf(h, fminf(place.h, w / 3)));
    }
    return (ui_rect){roundf(place.x + (place.w - w) / 2),
                     roundf(place.y + (place.h - h) / 2), w, h};
}

ui_rect cell_draw(ui_rect place, SDL_Texture *texture, size_t width,
                  size_t height, ui_colour tint)
{
    ui_rect at = cell_fit(place, width ? width : 1, height ? height : 1);
    if (texture) {
        ui_draw_texture(texture, at, 0, 0, 1, 1, tint);
    } else {
        ui_draw_fill(at, ui_role_colour(UI_ROLE_FRAME));
    }
    return at;
}

void cell_label(const char *text)
{
    float height = ui_row_height() - ui_line_height();
    ui_canvas canvas = ui_cell_make(text, ui_text_width(text, 1), 1);
    ui_draw_text(canvas.place.x, roundf(canvas.place.y + height / 2), 1,
                 ui_role_colour(UI_ROLE_TEXT), text);
}

void cell_mark(ui_rect picture, bool is_selected, bool is_at_mouse)
{
    float thick = roundf(screen_px(is_selected ? 3 : 1));
    if (is_selected || is_at_mouse) {
        ui_rect around = {picture.x - thick, picture.y - thick,
                          picture.w + 2 * thick, picture.h + 2 * thick};
        ui_draw_frame(
            around,
            ui_role_colour(is_selected ? UI_ROLE_SELECTED : UI_ROLE_ACCENT),
            thick);
    }
}

struct cell_grid cell_grid_begin(const char *id, size_t n, float width,
                                 float height)
{
    struct cell_grid grid = {.n = n, .height = roundf(height)};
    ui_rect rest = ui_rest();
    float columns = floorf(rest.w / width);
    grid.columns = columns > 1.0F ? (size_t)columns : 1;
    grid.width = floorf(rest.w / (float)grid.columns);
    size_t n_rows = (n + grid.columns - 1) / grid.columns;
    size_t first = 0;
    size_t last = 0;
    ui_list_begin(n_rows, grid.height, &first, &last);
    grid.first = first * grid.columns;
    grid.last = last * grid.columns < n ? last * grid.columns : n;
    grid.canvas = ui_cell_make(id, grid.width * (float)grid.columns,
                               grid.height * (float)(last - first));
    float column =
        floorf((grid.canvas.mouse_x - grid.canvas.place.x) / grid.width);
    float row =
        floorf((grid.canvas.mouse_y - grid.canvas.place.y) / grid.height);
    if (grid.canvas.is_hovered && column >= 0 && row >= 0 &&
        column < (float)grid.columns) {
        grid.at_mouse =
            grid.first + (size_t)row * grid.columns + (size_t)column;
        grid.has_mouse = grid.at_mouse < grid.last;
    }
    return grid;
}

ui_rect cell_grid_place(const struct cell_grid *grid, size_t i)
{
    size_t place = i - grid->first;
    return (ui_rect){
        grid->canvas.place.x + (float)(place % grid->columns) * grid->width,
        grid->canvas.place.y + (float)(place / grid->columns) * grid->height,
        grid->width, grid->height};
}

float cell_grid_middle(const struct cell_grid *grid, size_t i)
{
    return ((float)(i / grid->columns) + 0.5F) * grid->height;
}

void cell_grid_end(void)
{
    ui_list_end();
}

float cell_part_white(const struct app *app, size_t t)
{
    return app->look.is_common ? app->parts.largest
                               : app->parts.part[t].largest;
}
