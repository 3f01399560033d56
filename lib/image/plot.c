/* Plots are drawn here; plot_page.h shows the page. */
#include "core/alloc.h"
#include "core/error.h"
#include "image/caption.h"
#include "image/paint.h"
#include "image/plot_page.h"
#include "image/stroke.h"

#include <math.h>
#include <string.h>

static const double RADIUS = 1.4, DOT_RADIUS = 4.0;
static const double DASH_ON = 9.0, DASH_OFF = 6.0;

static const float paper[3] = {1.0F, 1.0F, 1.0F};
static const float ink[3] = {0.13F, 0.13F, 0.15F};
static const float soft_ink[3] = {0.33F, 0.33F, 0.36F}; /* of the axes */
static const float grid_colour[3] = {0.89F, 0.89F, 0.89F};
static const float frame_colour[3] = {0.50F, 0.50F, 0.50F};

/* By nmf_plot_colour - 1; M. Okabe and K. Ito, "Color Universal Design". */
static const float palette[NMF_PLOT_GREY][3] = {
    {0.000F, 0.447F, 0.698F}, {0.835F, 0.369F, 0.000F},
    {0.000F, 0.620F, 0.451F}, {0.800F, 0.475F, 0.655F},
    {0.902F, 0.624F, 0.000F}, {0.337F, 0.706F, 0.914F},
    {0.000F, 0.000F, 0.000F}, {0.600F, 0.600F, 0.600F},
};

enum { N_NEXT = NMF_PLOT_GREY - 1 }; /* colours that NEXT deals out */

/* What a line looks like, all choices made. */
typedef struct look {
    const float *rgb;
    bool is_dashed;
} look;

typedef struct drawing {
    const nmf_plot *plot;
    nmf_image *image;
    plot_page page;
    look looks[NMF_PLOT_MAX_LINES];
    nmf_mask mask;  /* of a line; as large as the area */
    nmf_mask cover; /* of all lines */
} drawing;

static void choose_looks(drawing *d)
{
    size_t n_dealt = 0;
    for (size_t i = 0; i < d->plot->n_lines; i++) {
        const nmf_plot_line *line = &d->plot->lines[i];
        d->looks[i].is_dashed = line->is_dashed;
        if (line->colour == NMF_PLOT_NEXT) {
            d->looks[i].rgb = palette[n_dealt % N_NEXT];
            d->looks[i].is_dashed |= n_dealt / N_NEXT % 2 == 1;
            n_dealt++;
        } else {
            d->looks[i].rgb = palette[line->colour - 1];
        }
    }
}

/* ---- axes ---- */

static void draw_text(nmf_image *image, size_t x, size_t y, const char *text,
                      const float rgb[3])
{
    nmf_font_draw(image, x, y, text, strlen(text), PLOT_TEXT_SCALE, rgb);
}

static void draw_x_axis(const drawing *d)
{
    const plot_page *page = &d->page;
    const char *label = d->plot->x.label;
    const size_t bottom = page->top + page->height;
    for (size_t i = 0; i < page->x.n_ticks; i++) {
        const nmf_axis_tick *tick = &page->x.ticks[i];
        size_t x =
            page->left + (size_t)lround(plot_pixel(tick->at, page->width));
        size_t half = plot_text_width(tick->label) / 2;
        nmf_paint_rectangle(d->image, x, page->top, 1, page->height,
                            grid_colour);
        draw_text(d->image, x > half ? x - half : 0, bottom + PLOT_TICK_GAP,
                  tick->label, soft_ink);
    }
    if (label) {
        size_t width = plot_text_width(label);
        size_t space = page->width > width ? (page->width - width) / 2 : 0;
        draw_text(d->image, page->left + space,
                  bottom + 2 * (size_t)PLOT_TICK_GAP + PLOT_TEXT_HEIGHT, label,
                  soft_ink);
    }
}

static void draw_y_axis(const drawing *d)
{
    const plot_page *page = &d->page;
    const size_t half = NMF_FONT_ASCENT * PLOT_TEXT_SCALE / 2;
    for (size_t i = 0; i < page->y.n_ticks; i++) {
        const nmf_axis_tick *tick = &page->y.ticks[i];
        size_t up = (size_t)lround(plot_pixel(tick->at, page->height));
        size_t y = page->top + page->height - 1 - up;
        nmf_paint_rectangle(d->image, page->left, y, page->width, 1,
                            grid_colour);
        draw_text(d->image,
                  page->left - PLOT_TICK_GAP - plot_text_width(tick->label),
                  y - half, tick->label, soft_ink);
    }
    if (d->plot->y.label) {
        draw_text(d->image, PLOT_MARGIN,
                  page->top - NMF_FONT_ASCENT - PLOT_TICK_GAP -
                      PLOT_TEXT_HEIGHT,
                  d->plot->y.label, soft_ink);
    }
}

static void draw_frame(const drawing *d)
{
    const plot_page *page = &d->page;
    nmf_paint_rectangle(d->image, page->left - 1, page->top, 1, page->height,
                        frame_colour);
    nmf_paint_rectangle(d->image, page->left - 1, page->top + page->height,
                        page->width + 1, 1, frame_colour);
}

/* ---- the lines ---- */

static nmf_dashes dashes_of(const look *how)
{
    return (nmf_dashes){DASH_ON, how->is_dashed ? DASH_OFF : 0.0, 0.0};
}

static void wipe(nmf_mask *mask)
{
    memset(mask->coverage, 0, mask->width * mask->height * sizeof(float));
}

/* The pixel of the area that point i belongs to. */
static void place(const plot_page *page, const nmf_plot_line *line, size_t i,
                  double at[2])
{
    at[0] = plot_pixel(nmf_axis_at(&page->x, line->x[i]), page->width);
    at[1] = (double)(page->height - 1) -
            plot_pixel(nmf_axis_at(&page->y, line->y[i]), page->height);
}

/* Is point i the last before a gap, or of all? */
static bool ends_here(const nmf_plot *plot, const nmf_plot_line *line, size_t i)
{
    return i + 1 == line->n_points || !plot_has_place(plot, line, i + 1);
}

/*
 * Cover a line's way in the mask. Points very near the one before are passed
 * over, so that a line of a million costs what its length on the page does.
 */
static void trace(drawing *d, const nmf_plot_line *line, const look *how)
{
    const double step = 0.3;
    nmf_dashes dashes = dashes_of(how);
    double last[2] = {0.0, 0.0};
    bool has_last = false;
    for (size_t i = 0; i < line->n_points; i++) {
        double at[2];
        if (!plot_has_place(d->plot, line, i)) {
            has_last = false;
            continue;
        }
        place(&d->page, line, i, at);
        const bool is_end = ends_here(d->plot, line, i);
        if (has_last && !is_end && !line->has_dots &&
            hypot(at[0] - last[0], at[1] - last[1]) < step) {
            continue;
        }
        if (has_last) {
            nmf_stroke_segment(&d->mask, last, at, RADIUS, &dashes);
        }
        if (line->has_dots || (!has_last && is_end)) {
            nmf_stroke_segment(&d->mask, at, at, DOT_RADIUS, NULL);
        }
        memcpy(last, at, sizeof last);
        has_last = true;
    }
}

static void draw_lines(drawing *d)
{
    const plot_page *page = &d->page;
    for (size_t i = 0; i < d->plot->n_lines; i++) {
        wipe(&d->mask);
        trace(d, &d->plot->lines[i], &d->looks[i]);
        nmf_stroke_paint(d->image, page->left, page->top, &d->mask,
                         d->looks[i].rgb);
        for (size_t j = 0; j < page->width * page->height; j++) {
            d->cover.coverage[j] =
                fmaxf(d->cover.coverage[j], d->mask.coverage[j]);
        }
    }
}

/* ---- the legend ---- */

/* How much of the lines the legend would hide with its corner at (x, y). */
static double hidden(const drawing *d, size_t x, size_t y)
{
    const plot_legend *box = &d->page.legend;
    double sum = 0.0;
    for (size_t row = y; row < y + box->height; row++) {
        const float *coverage = d->cover.coverage + row * d->cover.width;
        for (size_t column = x; column < x + box->width; column++) {
            sum += (double)coverage[column];
        }
    }
    return sum;
}

/* The corner that hides least; right before left, above before below. */
static void place_legend(const drawing *d, size_t *x, size_t *y)
{
    const plot_page *page = &d->page;
    const size_t right = page->width - page->legend.width - PLOT_LEGEND_INSET;
    const size_t low = page->height - page->legend.height - PLOT_LEGEND_INSET;
    double least = INFINITY;
    for (unsigned corner = 0; corner < 4; corner++) {
        const size_t at_x = corner & 1U ? PLOT_LEGEND_INSET : right;
        const size_t at_y = corner & 2U ? low : PLOT_LEGEND_INSET;
        const double here = hidden(d, at_x, at_y);
        if (here < least) {
            least = here;
            *x = at_x;
            *y = at_y;
        }
    }
}

/* A piece of line i, as it is drawn, from (x, y) of the area to the right. */
static void draw_sample(drawing *d, size_t i, size_t x, size_t y)
{
    const double from[2] = {(double)x, (double)y};
    const double to[2] = {(double)(x + PLOT_LEGEND_SAMPLE), (double)y};
    const double middle[2] = {(double)x + PLOT_LEGEND_SAMPLE / 2.0, (double)y};
    nmf_dashes dashes = dashes_of(&d->looks[i]);
    wipe(&d->mask);
    nmf_stroke_segment(&d->mask, from, to, RADIUS, &dashes);
    if (d->plot->lines[i].has_dots) {
        nmf_stroke_segment(&d->mask, middle, middle, DOT_RADIUS, NULL);
    }
    nmf_stroke_paint(d->image, d->page.left, d->page.top, &d->mask,
                     d->looks[i].rgb);
}

static void draw_legend(drawing *d)
{
    const plot_page *page = &d->page;
    const plot_legend *box = &page->legend;
    size_t x = 0, y = 0;
    if (box->rows == 0) {
        return;
    }
    place_legend(d, &x, &y);
    const size_t left = page->left + x, top = page->top + y;
    nmf_paint_rectangle(d->image, left, top, box->width, box->height,
                        grid_colour);
    nmf_paint_rectangle(d->image, left + 1, top + 1, box->width - 2,
                        box->height - 2, paper);
    y += PLOT_LEGEND_PAD;
    for (size_t i = 0; i < d->plot->n_lines; i++) {
        const char *name = d->plot->lines[i].name;
        if (name) {
            draw_sample(d, i, x + PLOT_LEGEND_PAD, y + PLOT_LEGEND_ROW / 2);
            draw_text(
                d->image,
                left + 2 * (size_t)PLOT_LEGEND_PAD + PLOT_LEGEND_SAMPLE,
                page->top + y +
                    (PLOT_LEGEND_ROW - NMF_FONT_ASCENT * PLOT_TEXT_SCALE) / 2,
                name, ink);
            y += PLOT_LEGEND_ROW;
        }
    }
}

/* ---- all of it ---- */

static void draw(drawing *d)
{
    nmf_image *image = d->image;
    nmf_paint_rectangle(image, 0, 0, image->width, image->height, paper);
    nmf_caption_draw(image, PLOT_MARGIN, PLOT_MARGIN,
                     image->width - 2 * (size_t)PLOT_MARGIN, d->plot->title,
                     ink);
    draw_x_axis(d);
    draw_y_axis(d);
    draw_frame(d);
    draw_lines(d);
    draw_legend(d);
}

nmf_status nmf_plot_draw(nmf_image *out, const nmf_plot *plot, nmf_error *err)
{
    drawing d = {.plot = plot, .image = out};
    *out = (nmf_image){0};
    nmf_status status = plot_lay_out(&d.page, plot, err);
    if (status != NMF_OK) {
        return status;
    }
    choose_looks(&d);
    const size_t width = d.page.width, height = d.page.height;
    d.mask =
        (nmf_mask){width, height, nmf_calloc(width * height, sizeof(float))};
    d.cover =
        (nmf_mask){width, height, nmf_calloc(width * height, sizeof(float))};
    if (!d.mask.coverage || !d.cover.coverage) {
        status =
            nmf_error_memory(err, 2 * width * height * sizeof(float), "a plot");
    } else {
        status = nmf_image_init(out, plot->width, plot->height, 3, err);
    }
    if (status == NMF_OK) {
        draw(&d);
    }
    nmf_free(d.mask.coverage);
    nmf_free(d.cover.coverage);
    return status;
}
