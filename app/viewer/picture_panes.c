/*
 * Panes of equal size with a caption above each. They show the same part of the
 * picture, so that what is under the mouse in one is marked in the others.
 */
#include "picture_panes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_PANES = 3, LEGEND_STEPS = 24 };

enum pane_kind { PANE_ORIGINAL, PANE_RECONSTRUCTION, PANE_ERROR, PANE_WIPE };

/* A press that moved further than this is a drag, no click; how near one has to
 * be to the line of the wipe. In pixels at scale 1. */
#define CLICK_REACH 3.0F
#define LINE_REACH 8.0F
/* A part that gives less of the light is not seen. */
#define LEAST_SHARE 0.0005F

/* What is remembered of the mouse between frames. */
static struct {
    float turned;  /* of the wheel, less than a notch */
    float dragged; /* since the press */
    bool has_line; /* the line of the wipe goes with the mouse */
} hand;

/* Panes in the middle of being drawn. */
struct panes {
    struct screen *screen;
    struct app *app;
    enum pane_kind kind[MAX_PANES];
    ui_rect place[MAX_PANES]; /* of the picture, below the caption */
    size_t n;
    float caption; /* height of the captions */
    viewport view;
    viewport fitted;
    ui_canvas canvas; /* of all */
    int at_mouse;     /* the pane under the mouse; -1 */
    struct picture_point point;
};

/* ---- where panes lie ---- */

static viewport_area area_of(ui_rect place)
{
    viewport_area area = {(double)place.x, (double)place.y, (double)place.w,
                          (double)place.h};
    return area;
}

static void lay_out(struct panes *panes, ui_rect all)
{
    static const enum pane_kind side_by_side[] = {
        PANE_ORIGINAL, PANE_RECONSTRUCTION, PANE_ERROR};
    static const enum pane_kind in_one[] = {PANE_WIPE, PANE_ERROR};
    bool is_wiping = panes->app->look.is_wiping;
    const enum pane_kind *kinds = is_wiping ? in_one : side_by_side;
    float gap = roundf(screen_px(8));
    panes->n = is_wiping ? 2 : 3;
    panes->caption = roundf(ui_line_height());
    float width =
        floorf((all.w - gap * (float)(panes->n - 1)) / (float)panes->n);
    for (size_t i = 0; i < panes->n; i++) {
        panes->kind[i] = kinds[i];
        panes->place[i] =
            (ui_rect){roundf(all.x + (width + gap) * (float)i),
                      roundf(all.y + panes->caption), fmaxf(width, 1.0F),
                      fmaxf(floorf(all.h - panes->caption), 1.0F)};
    }
}

static void find_view(struct panes *panes)
{
    struct app_look *look = &panes->app->look;
    const scene_shape *shape = &panes->app->picture.shape;
    viewport_area area = area_of(panes->place[0]);
    panes->fitted = viewport_fit(shape->width, shape->height, area);
    if (look->is_fitted) {
        look->view = panes->fitted; /* where zooming begins */
    }
    panes->view = viewport_clamp(look->view, shape->width, shape->height, area);
}

/* ---- a picture in a pane ---- */

/* Only whole pixels that are in sight: what a renderer cuts off it would round
 * by its own rules. */
static void draw_picture(const struct panes *panes, ui_rect place,
                         SDL_Texture *texture)
{
    const scene_shape *shape = &panes->app->picture.shape;
    viewport_area area = area_of(place);
    viewport_area whole =
        viewport_place(panes->view, shape->width, shape->height, area);
    const double w = (double)shape->width;
    const double h = (double)shape->height;
    double zoom = panes->view.zoom;
    double x0 = fmin(fmax(floor((area.x - whole.x) / zoom), 0.0), w);
    double y0 = fmin(fmax(floor((area.y - whole.y) / zoom), 0.0), h);
    double x1 = fmin(fmax(ceil((area.x + area.w - whole.x) / zoom), x0), w);
    double y1 = fmin(fmax(ceil((area.y + area.h - whole.y) / zoom), y0), h);
    ui_rect to = {(float)(whole.x + x0 * zoom), (float)(whole.y + y0 * zoom),
                  (float)((x1 - x0) * zoom), (float)((y1 - y0) * zoom)};
    ui_draw_texture(texture, to, (float)(x0 / w), (float)(y0 / h),
                    (float)(x1 / w), (float)(y1 / h), 0xFFFFFFFFU);
}

static void draw_kind(const struct panes *panes, ui_rect place,
                      enum textures_kind kind)
{
    draw_picture(panes, place, textures_picture(panes->screen->textures, kind));
}

static void draw_original(const struct panes *panes, ui_rect place)
{
    draw_kind(panes, place, TEXTURES_ORIGINAL);
    if (panes->app->look.has_heat) {
        draw_kind(panes, place, TEXTURES_HEAT);
    }
}

/* What of the picture is in sight. */
static ui_rect in_sight(const struct panes *panes, ui_rect place)
{
    const scene_shape *shape = &panes->app->picture.shape;
    viewport_area whole = viewport_place(panes->view, shape->width,
                                         shape->height, area_of(place));
    float x0 = fmaxf((float)whole.x, place.x);
    float y0 = fmaxf((float)whole.y, place.y);
    float x1 = fminf((float)(whole.x + whole.w), place.x + place.w);
    float y1 = fminf((float)(whole.y + whole.h), place.y + place.h);
    return (ui_rect){x0, y0, fmaxf(x1 - x0, 1.0F), fmaxf(y1 - y0, 1.0F)};
}

static float line_of(const struct panes *panes, ui_rect place)
{
    ui_rect sight = in_sight(panes, place);
    return roundf(sight.x + sight.w * panes->app->look.wipe);
}

/* Left of the line the original, right of it the reconstruction. */
static void draw_wipe(const struct panes *panes, ui_rect place)
{
    ui_rect sight = in_sight(panes, place);
    float x = line_of(panes, place);
    ui_rect left = {place.x, place.y, x - place.x, place.h};
    ui_rect right = {x, place.y, place.x + place.w - x, place.h};
    ui_colour colour = ui_role_colour(UI_ROLE_TEXT);
    float middle = sight.y + sight.h / 2.0F;
    float grip = roundf(screen_px(4));
    ui_draw_clip_begin(left);
    draw_original(panes, place);
    ui_draw_clip_end();
    ui_draw_clip_begin(right);
    draw_kind(panes, place, TEXTURES_RECONSTRUCTION);
    ui_draw_clip_end();
    ui_draw_fill((ui_rect){x - 2.0F, sight.y, 4.0F, sight.h}, 0x000000FFU);
    ui_draw_fill((ui_rect){x - 1.0F, sight.y, 2.0F, sight.h}, colour);
    ui_draw_fill(
        (ui_rect){x - grip, middle - 3.0F * grip, 2.0F * grip, 6.0F * grip},
        colour);
}

/* Black on black has no edge. */
static void draw_edge(const struct panes *panes, ui_rect place)
{
    if (panes->app->look.theme == UI_THEME_HIGH_CONTRAST) {
        ui_draw_frame(in_sight(panes, place), ui_role_colour(UI_ROLE_LINE),
                      1.0F);
    }
}

static void draw_pane(const struct panes *panes, size_t i)
{
    ui_rect place = panes->place[i];
    ui_draw_clip_begin(place);
    switch (panes->kind[i]) {
    case PANE_ORIGINAL:
        draw_original(panes, place);
        break;
    case PANE_RECONSTRUCTION:
        draw_kind(panes, place, TEXTURES_RECONSTRUCTION);
        break;
    case PANE_ERROR:
        draw_kind(panes, place, TEXTURES_DIFFERENCE);
        break;
    case PANE_WIPE:
        draw_wipe(panes, place);
        break;
    }
    draw_edge(panes, place);
    ui_draw_clip_end();
}

/* ---- captions ---- */

static void name_reconstruction(const struct app *app, char *out, size_t size)
{
    if (app->is_mixed) {
        snprintf(out, size, "your mix");
    } else if (app->solo >= 0) {
        snprintf(out, size, "part %d alone", app->solo);
    } else if (app->n_hidden) {
        snprintf(out, size, "rebuilt without %zu part%s", app->n_hidden,
                 app->n_hidden == 1 ? "" : "s");
    } else {
        snprintf(out, size, "rebuilt from %zu part%s", app->parts.k,
                 app->parts.k == 1 ? "" : "s");
    }
}

static void name_original(const struct app *app, char *out, size_t size)
{
    if (app->look.has_heat && app->look.part >= 0) {
        snprintf(out, size,
                 app->part_share >= LEAST_SHARE ? "original, part %d aglow"
                                                : "original, part %d unused",
                 app->look.part);
    } else {
        snprintf(out, size, "original");
    }
}

/* Returns how wide it is. */
static float draw_caption(ui_rect place, float y, ui_role role,
                          const char *text, bool is_right)
{
    char shorter[64];
    screen_shorten(shorter, sizeof shorter, text, 1.0F, place.w);
    float width = ui_text_width(shorter, 1.0F);
    float x = is_right ? place.x + place.w - width : place.x;
    ui_draw_text(x, y, 1.0F, ui_role_colour(role), shorter);
    return width;
}

/* From the strongest colour of what is too bright in the sum to that of what is
 * missing in it, at the right of a caption. */
static void draw_legend(const struct panes *panes, ui_rect place, float y,
                        float left)
{
    char low[16];
    char high[16];
    float white = textures_difference_white(panes->screen->textures);
    float gap = screen_px(5);
    float height = roundf(screen_px(9));
    snprintf(low, sizeof low, "-%.3g", (double)white);
    snprintf(high, sizeof high, "+%.3g", (double)white);
    float high_w = ui_text_width(high, 0.8F);
    float low_w = ui_text_width(low, 0.8F);
    float bar = floorf(place.w - left - low_w - high_w - 4.0F * gap);
    bar = fminf(bar, roundf(screen_px(60)));
    if (bar < screen_px(20)) {
        return;
    }
    float x = place.x + place.w - high_w - gap - bar;
    ui_colour dim = ui_role_colour(UI_ROLE_DIM);
    ui_draw_text(x - gap - low_w, y, 0.8F, dim, low);
    ui_draw_text(x + bar + gap, y, 0.8F, dim, high);
    float top = roundf(y + (ui_line_height() - height) / 2.0F - screen_px(2));
    for (int i = 0; i < LEGEND_STEPS; i++) {
        float from = roundf(bar * (float)i / LEGEND_STEPS);
        float to = roundf(bar * (float)(i + 1) / LEGEND_STEPS);
        float share = 2.0F * ((float)i + 0.5F) / LEGEND_STEPS - 1.0F;
        ui_draw_fill(
            (ui_rect){x + from, top, to - from, height},
            textures_difference_colour(panes->screen->textures, share));
    }
}

static void draw_captions(const struct panes *panes, size_t i)
{
    const struct app *app = panes->app;
    ui_rect place = panes->place[i];
    float y = place.y - panes->caption;
    char original[64];
    char rebuilt[64];
    bool has_heat = app->look.has_heat && app->look.part >= 0;
    ui_role first = has_heat ? UI_ROLE_SELECTED : UI_ROLE_DIM;
    ui_role second = app->is_mixed ? UI_ROLE_TEXT : UI_ROLE_DIM;
    name_original(app, original, sizeof original);
    name_reconstruction(app, rebuilt, sizeof rebuilt);
    switch (panes->kind[i]) {
    case PANE_ORIGINAL:
        draw_caption(place, y, first, original, false);
        break;
    case PANE_RECONSTRUCTION:
        draw_caption(place, y, second, rebuilt, false);
        break;
    case PANE_ERROR:
        draw_legend(panes, place, y,
                    draw_caption(place, y, UI_ROLE_DIM, "error", false));
        break;
    case PANE_WIPE:
        place.w = floorf((place.w - screen_px(24)) / 2.0F);
        draw_caption(place, y, first, original, false);
        place.x += panes->place[i].w - place.w - screen_px(16);
        draw_caption(place, y, second, rebuilt, true);
        break;
    }
}

static const char *tooltip_of(const struct panes *panes, enum pane_kind kind)
{
    switch (kind) {
    case PANE_ORIGINAL:
        return "The picture as it was loaded; the selected part glows on it "
               "where it gives its light.";
    case PANE_RECONSTRUCTION:
        return panes->app->is_mixed
                   ? "The sum of the parts with the weights that you chose; M "
                     "takes them back."
                   : "The sum of all parts, each as strong as it was learned "
                     "to be in this picture.";
    case PANE_ERROR:
        return "Original minus sum: blue where the sum is too bright, "
               "orange where light is missing, black where it is right.";
    case PANE_WIPE:
        break;
    }
    return "Left of the line the original, right of it the sum of the parts: "
           "drag the line.";
}

/* ---- the mouse ---- */

static bool contains(ui_rect r, float x, float y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static void find_mouse(struct panes *panes)
{
    const scene_shape *shape = &panes->app->picture.shape;
    const ui_canvas *canvas = &panes->canvas;
    panes->at_mouse = -1;
    for (size_t i = 0; i < panes->n && canvas->is_hovered; i++) {
        ui_rect place = panes->place[i];
        if (contains(place, canvas->mouse_x, canvas->mouse_y)) {
            panes->at_mouse = (int)i;
            panes->point.is_there = viewport_pixel(
                panes->view, shape->width, shape->height, area_of(place),
                (double)canvas->mouse_x, (double)canvas->mouse_y,
                &panes->point.x, &panes->point.y);
        }
        place.y -= panes->caption;
        place.h = panes->caption;
        if (contains(place, canvas->mouse_x, canvas->mouse_y)) {
            ui_tooltip("%s", tooltip_of(panes, panes->kind[i]));
        }
    }
}

static void look_at(struct panes *panes, viewport view)
{
    const scene_shape *shape = &panes->app->picture.shape;
    view = viewport_clamp(view, shape->width, shape->height,
                          area_of(panes->place[0]));
    if (view.zoom <= panes->fitted.zoom) {
        app_do(panes->app, "zoom fit");
    } else {
        app_do(panes->app, "look %.9g %.9g %.9g", view.zoom, view.x, view.y);
    }
}

/* Notches of the wheel, of which a touchpad gives fractions. */
static int steps_of(float wheel)
{
    hand.turned += wheel;
    int steps = (int)hand.turned;
    hand.turned -= (float)steps;
    return steps;
}

static void zoom(struct panes *panes)
{
    const ui_canvas *canvas = &panes->canvas;
    int steps = steps_of(canvas->wheel);
    if (steps != 0 && panes->at_mouse >= 0) {
        look_at(panes, viewport_zoom_at(panes->view,
                                        area_of(panes->place[panes->at_mouse]),
                                        (double)canvas->mouse_x,
                                        (double)canvas->mouse_y, steps));
    }
}

/* The part that gives most light to the pixel under the mouse. */
static void select_part_at(struct panes *panes)
{
    static float light[NMF_MAX_COMPONENTS];
    struct app *app = panes->app;
    size_t most = 0;
    if (!panes->point.is_there ||
        !scene_picture_parts_at(&app->picture, app->snapshot.H, panes->point.x,
                                panes->point.y, light)) {
        return;
    }
    for (size_t t = 1; t < app->picture.k; t++) {
        most = light[t] > light[most] ? t : most;
    }
    if (light[most] > 0.0F) {
        app_do(app, "part %zu", most);
    }
}

static void move_line(struct panes *panes)
{
    ui_rect sight = in_sight(panes, panes->place[0]);
    float share = (panes->canvas.mouse_x - sight.x) / sight.w;
    app_do(panes->app, "wipe %.4f", (double)fminf(fmaxf(share, 0.0F), 1.0F));
}

static void begin_press(struct panes *panes)
{
    const ui_canvas *canvas = &panes->canvas;
    bool is_fitted = panes->view.zoom <= panes->fitted.zoom;
    hand.dragged = 0.0F;
    hand.has_line = panes->at_mouse == 0 && panes->kind[0] == PANE_WIPE &&
                    (is_fitted ||
                     fabsf(canvas->mouse_x - line_of(panes, panes->place[0])) <=
                         screen_px(LINE_REACH));
}

static void take_mouse(struct panes *panes)
{
    const ui_canvas *canvas = &panes->canvas;
    bool is_held = canvas->is_held || canvas->is_held_right;
    if (canvas->is_pressed) {
        begin_press(panes);
    }
    hand.dragged += fabsf(canvas->drag_x) + fabsf(canvas->drag_y);
    if (hand.has_line && canvas->is_held) {
        move_line(panes);
    } else if (is_held && (canvas->drag_x != 0.0F || canvas->drag_y != 0.0F) &&
               panes->view.zoom > panes->fitted.zoom) {
        look_at(panes, viewport_pan(panes->view, (double)canvas->drag_x,
                                    (double)canvas->drag_y));
    }
    if (canvas->is_clicked && !hand.has_line &&
        hand.dragged <= screen_px(CLICK_REACH)) {
        select_part_at(panes);
    }
    zoom(panes);
}

/* The pixel under the mouse, in all panes. */
static void mark_point(const struct panes *panes)
{
    float thickness = roundf(screen_px(1));
    for (size_t i = 0; i < panes->n && panes->point.is_there; i++) {
        double x = 0.0;
        double y = 0.0;
        float side = fmaxf((float)panes->view.zoom, screen_px(4));
        viewport_to_window(panes->view, area_of(panes->place[i]),
                           (double)panes->point.x + 0.5,
                           (double)panes->point.y + 0.5, &x, &y);
        ui_rect pixel = {floorf((float)x - side / 2.0F) - thickness,
                         floorf((float)y - side / 2.0F) - thickness,
                         side + 2.0F * thickness, side + 2.0F * thickness};
        ui_rect around = {pixel.x - thickness, pixel.y - thickness,
                          pixel.w + 2.0F * thickness,
                          pixel.h + 2.0F * thickness};
        ui_draw_clip_begin(panes->place[i]);
        ui_draw_frame(around, 0x000000FFU, thickness);
        ui_draw_frame(pixel, ui_role_colour(UI_ROLE_TEXT), thickness);
        ui_draw_clip_end();
    }
}

/* ---- all of it ---- */

struct picture_point picture_panes_draw(struct screen *screen, float height)
{
    struct panes panes = {.screen = screen, .app = screen->app};
    ui_rect all = ui_rest();
    all.h = height;
    lay_out(&panes, all);
    find_view(&panes);
    textures_set_picture_scale(screen->textures, (float)panes.view.zoom);
    panes.canvas = ui_canvas_make("pictures", all.w, all.h);
    find_mouse(&panes);
    for (size_t i = 0; i < panes.n; i++) {
        draw_captions(&panes, i);
        draw_pane(&panes, i);
    }
    mark_point(&panes);
    take_mouse(&panes);
    return panes.point;
}
