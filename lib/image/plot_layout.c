/* What a plot shows, and where it goes. Contracts are in plot_page.h. */
#include "core/error.h"
#include "image/caption.h"
#include "image/plot_page.h"

#include <math.h>
#include <string.h>

enum {
    LABEL_APART = 16, /* between labels of x, at least */
    Y_APART = 60,     /* pixels from one tick to the next, about */
    X_APART = 80,
    AREA_MIN = 80
};

/* ---- what to show ---- */

static bool is_open(const nmf_plot_axis *axis)
{
    return axis->from == 0.0 && axis->to == 0.0;
}

static nmf_status check_axis(const nmf_plot_axis *axis, const char *name,
                             nmf_error *err)
{
    if (is_open(axis) ||
        (nmf_axis_has_place(axis->is_log, axis->from) &&
         nmf_axis_has_place(axis->is_log, axis->to) && axis->from < axis->to)) {
        return NMF_OK;
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT,
                         "%s goes from %g to %g, expected %snumbers that grow",
                         name, axis->from, axis->to,
                         axis->is_log ? "positive " : "");
}

static nmf_status check(const nmf_plot *plot, nmf_error *err)
{
    if (plot->width < NMF_PLOT_MIN_SIDE || plot->width > NMF_PLOT_MAX_SIDE ||
        plot->height < NMF_PLOT_MIN_SIDE || plot->height > NMF_PLOT_MAX_SIDE) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a plot of %zu x %zu pixels, expected sides of "
                             "%d to %d",
                             plot->width, plot->height, NMF_PLOT_MIN_SIDE,
                             NMF_PLOT_MAX_SIDE);
    }
    if (plot->n_lines == 0 || plot->n_lines > NMF_PLOT_MAX_LINES) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu lines to plot, expected 1 to %d",
                             plot->n_lines, NMF_PLOT_MAX_LINES);
    }
    for (size_t i = 0; i < plot->n_lines; i++) {
        if ((unsigned)plot->lines[i].colour > NMF_PLOT_GREY) {
            return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                 "unknown colour %u of line %zu",
                                 (unsigned)plot->lines[i].colour, i);
        }
    }
    nmf_status status = check_axis(&plot->x, "x", err);
    return status == NMF_OK ? check_axis(&plot->y, "y", err) : status;
}

bool plot_has_place(const nmf_plot *plot, const nmf_plot_line *line, size_t i)
{
    return nmf_axis_has_place(plot->x.is_log, line->x[i]) &&
           nmf_axis_has_place(plot->y.is_log, line->y[i]);
}

/* Is the number within the range that was asked for? */
static bool is_shown(const nmf_plot_axis *axis, double value)
{
    return is_open(axis) || (value >= axis->from && value <= axis->to);
}

static void set_range(nmf_axis *axis, const nmf_plot_axis *asked,
                      const double of_points[2])
{
    if (is_open(asked)) {
        nmf_axis_around(axis, asked->is_log, of_points[0], of_points[1]);
    } else {
        *axis = (nmf_axis){
            .is_log = asked->is_log, .from = asked->from, .to = asked->to};
    }
}

/*
 * The ranges of both axes. A range left open is around the points within the
 * other one, so that asking for a part of x shows all of that part's y.
 */
static nmf_status set_ranges(plot_page *page, const nmf_plot *plot,
                             nmf_error *err)
{
    double x[2] = {INFINITY, -INFINITY}, y[2] = {INFINITY, -INFINITY};
    for (size_t i = 0; i < plot->n_lines; i++) {
        const nmf_plot_line *line = &plot->lines[i];
        for (size_t j = 0; j < line->n_points; j++) {
            if (plot_has_place(plot, line, j) &&
                is_shown(&plot->x, line->x[j]) &&
                is_shown(&plot->y, line->y[j])) {
                x[0] = fmin(x[0], line->x[j]);
                x[1] = fmax(x[1], line->x[j]);
                y[0] = fmin(y[0], line->y[j]);
                y[1] = fmax(y[1], line->y[j]);
            }
        }
    }
    if (!(x[0] <= x[1])) {
        return nmf_error_set(err, NMF_ERR_DATA,
                             "none of the points to plot has a place on the "
                             "axes");
    }
    set_range(&page->x, &plot->x, x);
    set_range(&page->y, &plot->y, y);
    return NMF_OK;
}

/* ---- where it goes ---- */

size_t plot_text_width(const char *text)
{
    return nmf_font_length(text, strlen(text)) * NMF_FONT_ADVANCE *
           PLOT_TEXT_SCALE;
}

double plot_pixel(double at, size_t n)
{
    const double far = 1e7; /* beyond any page, and yet exact enough */
    return fmin(far, fmax(-far, at * (double)(n - 1)));
}

static size_t widest_label(const nmf_axis *axis)
{
    size_t widest = 0;
    for (size_t i = 0; i < axis->n_ticks; i++) {
        size_t width = plot_text_width(axis->ticks[i].label);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static bool labels_overlap(const nmf_axis *axis, size_t width)
{
    for (size_t i = 1; i < axis->n_ticks; i++) {
        const nmf_axis_tick *a = &axis->ticks[i - 1], *b = &axis->ticks[i];
        double apart = plot_pixel(b->at, width) - plot_pixel(a->at, width);
        size_t labels = plot_text_width(a->label) + plot_text_width(b->label);
        if (apart < 0.5 * (double)labels + LABEL_APART) {
            return true;
        }
    }
    return false;
}

/* Ticks of x for an area of that width: as many as have room. */
static void set_x_ticks(nmf_axis *axis, size_t width)
{
    size_t wanted = width / X_APART;
    do {
        nmf_axis_set_ticks(axis, wanted);
    } while (labels_overlap(axis, width) && --wanted >= 2);
}

/* What is left of a side when both ends are taken off. */
static size_t remains(size_t side, size_t before, size_t after)
{
    return side > before + after ? side - before - after : 0;
}

static void set_area(plot_page *page, const nmf_plot *plot)
{
    const size_t line = PLOT_TEXT_HEIGHT + PLOT_TICK_GAP;
    const size_t below = PLOT_MARGIN + line + (plot->x.label ? line : 0);
    size_t right = PLOT_MARGIN;
    page->top =
        PLOT_MARGIN +
        nmf_caption_height(plot->title, plot->width - 2 * (size_t)PLOT_MARGIN) +
        (plot->y.label ? line : 0) + NMF_FONT_ASCENT; /* of the top label */
    page->height = remains(plot->height, page->top, below);
    nmf_axis_set_ticks(&page->y, page->height / Y_APART);
    page->left = PLOT_MARGIN + widest_label(&page->y) + PLOT_TICK_GAP;
    for (int i = 0; i < 2; i++) { /* the last label sticks out by a half */
        page->width = remains(plot->width, page->left, right);
        set_x_ticks(&page->x, page->width > 0 ? page->width : 1);
        right = PLOT_MARGIN + widest_label(&page->x) / 2;
    }
}

static plot_legend measure_legend(const nmf_plot *plot)
{
    plot_legend box = {0};
    size_t widest = 0;
    for (size_t i = 0; i < plot->n_lines; i++) {
        if (plot->lines[i].name) {
            size_t width = plot_text_width(plot->lines[i].name);
            widest = width > widest ? width : widest;
            box.rows++;
        }
    }
    box.width = 3 * (size_t)PLOT_LEGEND_PAD + PLOT_LEGEND_SAMPLE + widest;
    box.height = 2 * (size_t)PLOT_LEGEND_PAD + box.rows * PLOT_LEGEND_ROW;
    return box;
}

nmf_status plot_lay_out(plot_page *page, const nmf_plot *plot, nmf_error *err)
{
    const size_t inset = 2 * (size_t)PLOT_LEGEND_INSET;
    nmf_status status = check(plot, err);
    *page = (plot_page){0};
    if (status != NMF_OK || (status = set_ranges(page, plot, err)) != NMF_OK) {
        return status;
    }
    set_area(page, plot);
    page->legend = measure_legend(plot);
    if (page->width < AREA_MIN || page->height < AREA_MIN) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "title and labels leave no room in a plot of "
                             "%zu x %zu pixels",
                             plot->width, plot->height);
    }
    if (page->legend.rows > 0 && (page->legend.width + inset > page->width ||
                                  page->legend.height + inset > page->height)) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a legend of %zu x %zu pixels does not fit into "
                             "the %zu x %zu that the lines have",
                             page->legend.width, page->legend.height,
                             page->width, page->height);
    }
    return NMF_OK;
}
