#include "panel_sum.h"

#include "panel_cell.h"

#include "report.h"

#include <math.h>
#include <stdio.h>

/* Sizes at scale 1. */
#define PART_MIN 34.0F
#define PART_MAX 64.0F
#define GAP 4.0F

static const ui_colour to_come = 0xFFFFFF55; /* of parts not added yet */

/* How terms are laid. */
struct terms {
    ui_rect place;
    float width; /* of a term with the plus behind it */
    float height;
    float part_width;
    float part_height;
    float number_width; /* of "0.34 x " */
    size_t columns;
    size_t rows;
    size_t n;     /* terms there are */
    size_t first; /* the first one in sight */
};

/*
 * What a part is multiplied by. Of a whole picture: the weight of the part as
 * it is painted, so that the terms as one sees them add up. Of patches, where a
 * part has a weight in each: its share.
 */
static void write_number(char *out, size_t size, const struct app *app,
                         size_t t)
{
    if (app->picture.n_rows == 1) {
        double weight = (double)nmf_matrix_row(&app->picture.weights, 0)[t];
        snprintf(out, size, "%.2f \xC3\x97",
                 weight * (double)cell_part_white(app, t));
    } else {
        snprintf(out, size, "%.1f %%", 100.0 * app->picture.share[t]);
    }
}

static struct terms lay(const struct app *app, const scene_buildup *buildup,
                        ui_rect place)
{
    const scene_shape *shape = &app->parts.shape;
    float ratio = (float)shape->width / (float)shape->height;
    float gap = roundf(screen_px(GAP));
    float part =
        fminf(fmaxf(place.h / 4, screen_px(PART_MIN)), screen_px(PART_MAX));
    struct terms terms = {.place = place, .n = buildup->n_used};
    part = roundf(fminf(part, place.h - 2 * gap));
    ratio = fminf(fmaxf(ratio, 0.5F), 2.0F);
    terms.part_width = roundf(part * fminf(ratio, 1.5F));
    terms.part_height = part;
    terms.number_width = ui_text_width("0.00 \xC3\x97", 1) + gap;
    terms.width =
        terms.number_width + terms.part_width + ui_text_width(" + ", 1);
    terms.height = part + 2 * gap;
    terms.columns = (size_t)fmaxf(floorf(place.w / terms.width), 1.0F);
    terms.width = floorf(place.w / (float)terms.columns);
    terms.rows = (size_t)fmaxf(floorf(place.h / terms.height), 1.0F);
    /* Of the whole sum, its largest terms. */
    bool is_whole = buildup->n_shown >= terms.n;
    size_t row = buildup->n_shown && !is_whole
                     ? (buildup->n_shown - 1) / terms.columns
                     : 0;
    size_t n_rows = (terms.n + terms.columns - 1) / terms.columns;
    /* The row that grows is the middle one; once full, the next one is. */
    row += buildup->n_shown && buildup->n_shown % terms.columns == 0;
    size_t first = row > terms.rows / 2 ? row - terms.rows / 2 : 0;
    if (first + terms.rows > n_rows) {
        first = n_rows > terms.rows ? n_rows - terms.rows : 0;
    }
    if (buildup->n_shown >= buildup->n_used) {
        first = 0; /* it is whole: from its beginning */
    }
    terms.first = first * terms.columns;
    return terms;
}

static ui_rect term_place(const struct terms *terms, size_t i)
{
    size_t at = i - terms->first;
    return (ui_rect){
        terms->place.x + (float)(at % terms->columns) * terms->width,
        terms->place.y + (float)(at / terms->columns) * terms->height,
        terms->width, terms->height};
}

static void draw_term(struct screen *screen, const struct terms *terms,
                      const scene_buildup *buildup, size_t i, bool is_at_mouse)
{
    const struct app *app = screen->app;
    const scene_shape *shape = &app->parts.shape;
    size_t t = buildup->order[i];
    bool is_added = i < buildup->n_shown;
    ui_rect cell = term_place(terms, i);
    ui_colour ink = ui_role_colour(is_added ? UI_ROLE_TEXT : UI_ROLE_DIM);
    float gap = roundf(screen_px(GAP));
    float y = roundf(cell.y + (cell.h - ui_line_height()) / 2 + gap / 2);
    char number[24];
    write_number(number, sizeof number, app, t);
    ui_draw_text(cell.x + terms->number_width - gap - ui_text_width(number, 1),
                 y, 1, ink, number);
    ui_rect part = {cell.x + terms->number_width, cell.y + gap,
                    terms->part_width, terms->part_height};
    ui_rect at =
        cell_draw(part, textures_part(screen->textures, t), shape->width,
                  shape->height, is_added ? 0xFFFFFFFF : to_come);
    if (i + 1 == buildup->n_shown) {
        float thick = roundf(screen_px(2));
        ui_draw_frame((ui_rect){at.x - thick, at.y - thick, at.w + 2 * thick,
                                at.h + 2 * thick},
                      ui_role_colour(UI_ROLE_ACCENT), thick);
    }
    cell_mark(at, (int)t == app->look.part, is_at_mouse);
    if (i + 1 < terms->n) {
        float room = ui_text_width(" + ", 1) - ui_text_width("+", 1);
        ui_draw_text(roundf(part.x + part.w + room / 2), y, 1, ink, "+");
    }
}

static void tell_term(const struct app *app, const scene_buildup *buildup,
                      size_t i)
{
    size_t t = buildup->order[i];
    struct report_text before = report_ratio(buildup->error[i]);
    struct report_text after = report_ratio(buildup->error[i + 1]);
    ui_tooltip("Part %zu, number %zu of this sum: %.1f %% of the picture. It "
               "takes the error from %s to %s. Click to add all parts up to "
               "it.",
               t, i + 1, 100.0 * app->picture.share[t], before.text,
               after.text);
}

/* Which term is under the mouse; terms.n: none. */
static size_t term_at(const struct terms *terms, const ui_canvas *canvas)
{
    float column = floorf((canvas->mouse_x - terms->place.x) / terms->width);
    float row = floorf((canvas->mouse_y - terms->place.y) / terms->height);
    if (!canvas->is_hovered || column < 0 || row < 0 ||
        column >= (float)terms->columns || row >= (float)terms->rows) {
        return terms->n;
    }
    size_t i = terms->first + (size_t)row * terms->columns + (size_t)column;
    return i < terms->n ? i : terms->n;
}

void panel_sum(struct screen *screen, const scene_buildup *buildup)
{
    struct app *app = screen->app;
    ui_rect rest = ui_rest();
    ui_canvas canvas = ui_canvas_make("terms", rest.w, rest.h);
    struct terms terms = lay(app, buildup, canvas.place);
    size_t at_mouse = term_at(&terms, &canvas);
    size_t n = terms.columns * terms.rows;
    for (size_t i = terms.first; i < terms.n && i < terms.first + n; i++) {
        draw_term(screen, &terms, buildup, i, i == at_mouse);
    }
    if (at_mouse < terms.n) {
        tell_term(app, buildup, at_mouse);
        if (canvas.is_clicked) {
            app_do(app, "build %zu", at_mouse + 1);
            return;
        }
    }
    if (canvas.wheel < 0 && buildup->n_shown < buildup->n_used) {
        app_do(app, "build %zu", buildup->n_shown + 1);
    } else if (canvas.wheel > 0 && buildup->n_shown > 0) {
        app_do(app, "build %zu", buildup->n_shown - 1);
    }
}
