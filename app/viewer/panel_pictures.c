/* The contact sheet: all pictures of the set, small. */
#include "panel_cell.h"

#include "report.h"

#include <math.h>
#include <stdio.h>

/* Sizes at scale 1. */
#define CELL 64.0F
#define MARGIN 4.0F

/* What the list was last scrolled for: only a change scrolls it again, so that
 * the wheel is free to lead elsewhere. */
struct sight {
    size_t picture;
    size_t n;
    float width;
    float height;
};

static void bring_into_sight(const struct cell_grid *grid, size_t picture,
                             ui_rect list)
{
    static struct sight last;
    const struct sight now = {picture, grid->n, list.w, list.h};
    if (now.picture != last.picture || now.n != last.n ||
        now.width != last.width || now.height != last.height) {
        ui_scroll_to(cell_grid_middle(grid, picture));
        last = now;
    }
}

static void draw_cell(struct screen *screen, const struct cell_grid *grid,
                      size_t p)
{
    size_t width = 1;
    size_t height = 1;
    float margin = roundf(screen_px(MARGIN));
    ui_rect cell = cell_grid_place(grid, p);
    ui_rect inner = {cell.x + margin, cell.y + margin, cell.w - 2 * margin,
                     cell.h - 2 * margin};
    size_t side = (size_t)fminf(inner.w, inner.h);
    SDL_Texture *texture =
        textures_thumbnail(screen->textures, p, side, &width, &height);
    ui_rect at = cell_draw(inner, texture, width, height, 0xFFFFFFFF);
    cell_mark(at, (int)p == screen->app->look.picture,
              grid->has_mouse && grid->at_mouse == p);
}

/* As it was found, with its folders. */
static const char *path_of(const struct app *app, size_t p)
{
    size_t n = 0;
    return nmf_dataset_pictures(app_set(app), &n)[p].name;
}

static void draw_sheet(struct screen *screen, size_t n)
{
    struct app *app = screen->app;
    ui_rect list = ui_rest();
    float cell = roundf(screen_px(CELL));
    struct cell_grid grid = cell_grid_begin("pictures", n, cell, cell);
    for (size_t p = grid.first; p < grid.last; p++) {
        draw_cell(screen, &grid, p);
    }
    if (grid.has_mouse) {
        ui_tooltip("%s, picture %zu of %zu. Click to select it.",
                   path_of(app, grid.at_mouse), grid.at_mouse + 1, n);
        if (grid.canvas.is_clicked) {
            app_do(app, "select %zu", grid.at_mouse);
        }
    }
    cell_grid_end();
    bring_into_sight(&grid, (size_t)app->look.picture, list);
}

/* Which one of how many, and its name. */
static void draw_header(struct app *app, size_t n)
{
    char text[512];
    char name[256];
    int number = app->look.picture + 1; /* people count from 1 */
    ui_next_width(roundf(screen_px(130)));
    if (ui_field_int("##picture", &number, 1)) {
        app_do(app, "select %d", number < 1 ? 0 : number - 1);
    }
    ui_tooltip("The number of the selected picture, 1 to %zu: type another. "
               "Keys: n and p for the next one and the one before.",
               n);
    ui_same_line();
    snprintf(text, sizeof text, "of %s: ", report_number(n).text);
    float width = ui_rest().w - ui_text_width(text, 1);
    screen_shorten(name, sizeof name, path_of(app, (size_t)app->look.picture),
                   1, width);
    ui_text("%s%s", text, name);
}

void panel_pictures(struct screen *screen)
{
    size_t n = app_n_pictures(screen->app);
    if (n == 0) {
        screen_nothing(app_has_model(screen->app)
                           ? "This model came without its pictures. Open them, "
                             "too, to see them here."
                           : "The pictures that are opened are shown here.");
        return;
    }
    draw_header(screen->app, n);
    if (ui_child_begin("sheet", 0, 0)) {
        draw_sheet(screen, n);
    }
    ui_child_end();
}
