/* Which pictures use the selected part most. */
#include "panel_cell.h"

#include <math.h>
#include <stdio.h>

/* At most; what is out of sight is scrolled to. */
enum { MAX_USERS = 200 };

/* Sizes at scale 1. */
#define CELL 76.0F
#define MARGIN 4.0F

static void draw_cell(struct screen *screen, const struct cell_grid *grid,
                      const scene_user *users, size_t i)
{
    size_t width = 1;
    size_t height = 1;
    char share[16];
    float margin = roundf(screen_px(MARGIN));
    float text = ui_line_height();
    ui_rect cell = cell_grid_place(grid, i);
    ui_rect inner = {cell.x + margin, cell.y + margin, cell.w - 2 * margin,
                     cell.h - 2 * margin - text};
    size_t side = (size_t)fminf(inner.w, inner.h);
    SDL_Texture *texture = textures_thumbnail(
        screen->textures, users[i].picture, side, &width, &height);
    ui_rect at = cell_draw(inner, texture, width, height, 0xFFFFFFFF);
    bool is_selected = (int)users[i].picture == screen->app->look.picture;
    bool is_at_mouse = grid->has_mouse && grid->at_mouse == i;
    cell_mark(at, is_selected, is_at_mouse);
    snprintf(share, sizeof share, "%.1f %%", 100.0 * (double)users[i].use);
    ui_draw_text(cell.x + (cell.w - ui_text_width(share, 1)) / 2,
                 inner.y + inner.h + margin, 1,
                 ui_role_colour(is_selected ? UI_ROLE_TEXT : UI_ROLE_DIM),
                 share);
}

static void draw_users(struct screen *screen, const scene_user *users, size_t n)
{
    struct app *app = screen->app;
    float cell = roundf(screen_px(CELL));
    struct cell_grid grid =
        cell_grid_begin("users", n, cell, cell + ui_line_height());
    for (size_t i = grid.first; i < grid.last; i++) {
        draw_cell(screen, &grid, users, i);
    }
    if (grid.has_mouse) {
        const scene_user *user = &users[grid.at_mouse];
        ui_tooltip("%s, picture %zu: part %d makes up %.1f %% of it. Click to "
                   "select it.",
                   app_picture_name(app, user->picture), user->picture + 1,
                   app->look.part, 100.0 * (double)user->use);
        if (grid.canvas.is_clicked) {
            app_do(app, "select %zu", user->picture);
        }
    }
    cell_grid_end();
}

/* The part itself, and what is seen beside it. */
static void draw_header(struct screen *screen)
{
    struct app *app = screen->app;
    size_t t = (size_t)app->look.part;
    float side = floorf(ui_row_height() * 1.4F);
    ui_canvas canvas = ui_canvas_make("part", side, side);
    const scene_shape *shape = &app->parts.shape;
    cell_draw(canvas.place, textures_part(screen->textures, t), shape->width,
              shape->height, 0xFFFFFFFF);
    ui_tooltip("Part %zu, the selected one.", t);
    ui_same_line();
    ui_text_wrapped("The pictures that part %zu makes up most of, and how "
                    "much of their brightness comes from it. Click one to "
                    "select it.",
                    t);
}

void panel_uses(struct screen *screen)
{
    struct app *app = screen->app;
    scene_user users[MAX_USERS];
    if (app->look.part < 0) {
        screen_nothing("Select a part, and the pictures that use it most are "
                       "shown here.");
        return;
    }
    if (app_n_pictures(app) == 0) {
        screen_nothing("This model came without its pictures. Open them, too, "
                       "to see which of them use a part.");
        return;
    }
    size_t n = app_users(app, users, MAX_USERS);
    if (n == 0) {
        screen_nothing("No picture uses this part.");
        return;
    }
    draw_header(screen);
    if (ui_child_begin("users", 0, 0)) {
        draw_users(screen, users, n);
    }
    ui_child_end();
}
