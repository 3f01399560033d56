/*
 * A click selects a part, another one on it lets it go, a double click shows it
 * alone, the right button leaves it out of the sum.
 */
#include "parts_grid.h"

#include "grid.h"

#include <math.h>
#include <stdio.h>

/* Of parts that are not in the sum. */
#define DIMMED 0x50U
/* Rows that a notch of the wheel scrolls. */
#define WHEEL_ROWS 1.0F

/* What is remembered between frames: how a press began, and which selection
 * was last brought into sight. */
static struct {
    bool is_double;
    bool was_right;
    int selected;
} hand = {.selected = -1};

/* A grid in the middle of being drawn. */
struct drawing {
    struct screen *screen;
    struct app *app;
    grid_layout layout;
    ui_rect place; /* of all cells, scrolled */
};

static grid_layout lay_out(const struct app *app, ui_rect rest)
{
    const scene_shape *shape = &app->parts.shape;
    const grid_request request = {
        .n = app->parts.k,
        .width = rest.w,
        .height = rest.h,
        .bar = screen_px(14),
        .part_w = (float)shape->width,
        .part_h = (float)shape->height,
        .gap = roundf(screen_px(5)),
        .caption = roundf(ui_line_height()),
        .caption_w = ui_text_width("88 88.8%", 0.8F),
        .smallest = screen_px(14),
        .zoom = app->look.grid_zoom,
    };
    return grid_fit(&request);
}

/* ---- a cell ---- */

/* By what the parts are sorted; "" where the place says it. */
static void value_of(const struct app *app, size_t t, char *out, size_t size)
{
    const scene_part *part = &app->parts.part[t];
    switch ((scene_order)app->look.order) {
    case SCENE_ORDER_SPARSENESS:
        snprintf(out, size, "%.2f", part->sparseness);
        break;
    case SCENE_ORDER_POSITION:
        snprintf(out, size, "%.0f,%.0f", part->x, part->y);
        break;
    case SCENE_ORDER_SHARE:
        snprintf(out, size, "%.1f%%", 100.0 * part->share);
        break;
    case SCENE_ORDER_INDEX:
    case SCENE_ORDER_ENERGY:
        snprintf(out, size, "%.1f%%", 100.0 * part->energy);
        break;
    }
}

static bool is_in_sum(const struct app *app, size_t t)
{
    return app->solo >= 0 ? app->solo == (int)t : !app->hidden[t];
}

static void draw_caption(const struct drawing *d, size_t t, ui_rect image)
{
    const struct app *app = d->app;
    bool is_selected = app->look.part == (int)t;
    char text[24];
    float y = image.y + image.h + screen_px(3);
    snprintf(text, sizeof text, "%s", app_part_name(app, t).text);
    ui_draw_text(image.x, y, 0.8F,
                 ui_role_colour(is_selected ? UI_ROLE_SELECTED : UI_ROLE_TEXT),
                 text);
    float left = image.w - ui_text_width(text, 0.8F) - screen_px(4);
    if (app->solo == (int)t) {
        snprintf(text, sizeof text, "alone");
    } else if (app->hidden[t]) {
        snprintf(text, sizeof text, "out");
    } else {
        value_of(app, t, text, sizeof text);
    }
    float width = ui_text_width(text, 0.8F);
    if (width <= left) {
        ui_draw_text(image.x + image.w - width, y, 0.8F,
                     ui_role_colour(UI_ROLE_DIM), text);
    }
}

/* Where there is no room for a caption: the index alone, in a corner. */
static void draw_index(const struct app *app, size_t t, ui_rect image,
                       ui_role role)
{
    char text[24];
    float pad = screen_px(2);
    /* All have one or none has. */
    snprintf(text, sizeof text, "%zu", app->parts.k - 1);
    float widest = ui_text_width(text, 0.8F) + 2.0F * pad;
    snprintf(text, sizeof text, "%zu", t);
    float w = ui_text_width(text, 0.8F) + 2.0F * pad;
    float h = roundf(ui_line_height() * 0.7F);
    if (widest * 3.2F <= image.w && h * 2.0F <= image.h) {
        ui_draw_fill((ui_rect){image.x, image.y, w, h},
                     ui_role_colour(UI_ROLE_PANEL));
        ui_draw_text(image.x + pad, image.y - pad / 2.0F, 0.8F,
                     ui_role_colour(role), text);
    }
}

/* Frames lie outside of the image, of which they hide nothing. */
static void draw_frame(ui_rect image, ui_role role, float thickness)
{
    ui_rect frame = {image.x - thickness, image.y - thickness,
                     image.w + 2.0F * thickness, image.h + 2.0F * thickness};
    ui_draw_frame(frame, ui_role_colour(role), thickness);
}

static void draw_cell(const struct drawing *d, size_t i)
{
    const struct app *app = d->app;
    size_t t = app->parts.order[i];
    ui_rect image = {d->place.x + grid_x(&d->layout, i),
                     d->place.y + grid_y(&d->layout, i), d->layout.image_w,
                     d->layout.image_h};
    ui_draw_texture(textures_part(d->screen->textures, t), image, 0.0F, 0.0F,
                    1.0F, 1.0F,
                    is_in_sum(app, t) ? 0xFFFFFFFFU : 0xFFFFFF00U | DIMMED);
    if (app->hidden[t]) {
        ui_draw_line(image.x, image.y + image.h, image.x + image.w, image.y,
                     ui_role_colour(UI_ROLE_TEXT), screen_px(1.5F));
    }
    if (app->look.theme == UI_THEME_HIGH_CONTRAST) {
        draw_frame(image, UI_ROLE_LINE, 1.0F); /* black on black */
    }
    if (app->look.part == (int)t) {
        draw_frame(image, UI_ROLE_SELECTED, roundf(screen_px(3)));
    } else if (app->solo == (int)t) {
        draw_frame(image, UI_ROLE_TEXT, roundf(screen_px(2)));
    }
    if (d->layout.caption > 0.0F) {
        draw_caption(d, t, image);
    } else {
        draw_index(app, t, image,
                   app->look.part == (int)t ? UI_ROLE_SELECTED : UI_ROLE_DIM);
    }
}

/* ---- the mouse ---- */

static void tell(const struct app *app, size_t t)
{
    const scene_part *part = &app->parts.part[t];
    scene_user user;
    char name[64];
    size_t n = 0;
    if (app->users.data && app->snapshot.W) {
        n = scene_users_find(&app->users, t, SCENE_BY_SHARE, &user, 1);
    }
    if (n == 0) {
        ui_tooltip("part %s: %.1f %% of all light, sparseness %.2f",
                   app_part_name(app, t).text, 100.0 * part->energy,
                   part->sparseness);
        return;
    }
    ui_tooltip(
        "part %s: %.1f %% of all light, sparseness %.2f, used most by "
        "%s",
        app_part_name(app, t).text, 100.0 * part->energy, part->sparseness,
        screen_shorten(name, sizeof name, app_picture_name(app, user.picture),
                       1.0F, screen_px(300)));
}

static void take_clicks(struct app *app, const ui_canvas *canvas, size_t t)
{
    bool is_selected = app->look.part == (int)t;
    if (canvas->is_pressed) {
        hand.is_double = canvas->is_double_clicked;
    }
    if (canvas->is_double_clicked) {
        app_do(app, "part %zu", t);
        app_do(app, "solo %zu", t);
    } else if (canvas->is_clicked && !hand.is_double) {
        app_do(app, is_selected ? "part none" : "part %zu", t);
    } else if (canvas->is_held_right && !hand.was_right) {
        app_do(app, "hide %zu", t);
    }
}

static void take_mouse(const struct drawing *d, const ui_canvas *canvas)
{
    struct app *app = d->app;
    size_t i = 0;
    if (canvas->is_hovered &&
        grid_at(&d->layout, app->parts.k, canvas->mouse_x - d->place.x,
                canvas->mouse_y - d->place.y, &i)) {
        size_t t = app->parts.order[i];
        tell(app, t);
        take_clicks(app, canvas, t);
    }
    hand.was_right = canvas->is_held_right;
    if (canvas->wheel != 0.0F) {
        ui_scroll_by(-canvas->wheel * d->layout.step_y * WHEEL_ROWS);
    }
}

/* ---- all of it ---- */

/* A selection by key is to be seen. */
static void follow_selection(const struct drawing *d)
{
    int part = d->app->look.part;
    if (part != hand.selected && part >= 0 && d->layout.scrolls) {
        float top = grid_y(&d->layout, d->app->parts.place[part]);
        ui_scroll_to(top + d->layout.step_y / 2.0F);
    }
    hand.selected = part;
}

/* Those in sight, in what is shown of the grid. */
static void draw_cells(const struct drawing *d, ui_rect sight)
{
    const grid_layout *layout = &d->layout;
    float above = (sight.y - d->place.y) / layout->step_y;
    float below = (sight.y + sight.h - d->place.y) / layout->step_y;
    size_t first = (size_t)fmaxf(floorf(above), 0.0F) * layout->columns;
    size_t last = (size_t)fmaxf(ceilf(below), 0.0F) * layout->columns;
    for (size_t i = first; i < last && i < d->app->parts.k; i++) {
        draw_cell(d, i);
    }
}

void parts_grid_draw(struct screen *screen, float height)
{
    ui_rect sight = ui_rest();
    struct drawing d = {.screen = screen, .app = screen->app};
    sight.h = height;
    d.layout = lay_out(screen->app, sight);
    screen->app->grid_columns = d.layout.columns;
    textures_set_part_scale(screen->textures, d.layout.scale);
    if (ui_child_begin("grid", 0.0F, height)) {
        float width = sight.w - (d.layout.scrolls ? screen_px(14) : 0.0F);
        ui_canvas canvas = ui_canvas_make("cells", width, d.layout.height);
        d.place = canvas.place;
        draw_cells(&d, sight);
        follow_selection(&d);
        take_mouse(&d, &canvas);
    }
    ui_child_end();
}
