/*
 * Contact sheets. The page, from the outside in:
 *
 *     margin | caption          | margin     the caption wraps to the width of
 *            | cell gap cell .. |            the grid, or widens a narrow page
 *            | gap              |
 *            | cell gap cell .. |
 *
 * A cell is the image, enlarged by a whole zoom, or, where the page would be
 * huge, reduced by the mean of squares of `shrink` pixels. Gaps, and the cells
 * missing from the last row, show the page.
 */
#include <nmfimg/sheet.h>

#include "core/alloc.h"
#include "core/error.h"
#include "image/caption.h"
#include "image/paint.h"
#include "image/sheet_page.h"

#include <math.h>

enum {
    MARGIN = NMF_SHEET_MARGIN,
    GAP = NMF_SHEET_GAP,
    MAX_CELLS_DEFAULT = 1024,
    CELL = 64,        /* pixels of the longer side, at least */
    CELL_OF_FEW = 96, /* the same, where there are few cells */
    FEW_CELLS = 100
};

#define MAX_PIXELS NMF_SHEET_MAX_PIXELS
#define MAX_PIXELS_UNASKED ((size_t)1 << 24) /* where zoom is not given */

typedef struct layout {
    size_t n_cells;
    size_t columns, rows; /* of the grid */
    size_t zoom, shrink;  /* one of them is 1 */
    size_t cell_width, cell_height;
    size_t caption_height;
    size_t width, height; /* of the page */
} layout;

/* ---- where things go --------------------------------------------------- */

static size_t ceil_div(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

/* n cells of that size and the gaps between them; SIZE_MAX where too long. */
static size_t span(size_t n, size_t cell)
{
    size_t total = 0;
    if (!nmf_size_add(&total, cell, GAP) || !nmf_size_mul(&total, total, n)) {
        return SIZE_MAX;
    }
    return total - GAP;
}

size_t nmf_sheet_columns(size_t n, const nmf_geometry *geometry)
{
    const double missing_weight = 1.5;
    size_t best = 1;
    double best_score = INFINITY;
    for (size_t columns = n; columns >= 1; columns--) {
        size_t rows = ceil_div(n, columns);
        double width = (double)columns * (double)geometry->width;
        double height = (double)rows * (double)geometry->height;
        double missing = (double)(rows * columns - n) / (double)n;
        double score = fmax(width / height, height / width) *
                       (1.0 + missing_weight * missing);
        if (score < best_score) {
            best_score = score;
            best = columns;
        }
    }
    return best;
}

static size_t choose_zoom(size_t n_cells, const nmf_geometry *geometry)
{
    size_t side =
        geometry->width > geometry->height ? geometry->width : geometry->height;
    return ceil_div(n_cells <= FEW_CELLS ? CELL_OF_FEW : CELL, side);
}

/* Sizes for the zoom and shrink in *page; false where above max_pixels. */
static bool measure(layout *page, const nmf_geometry *geometry,
                    const char *title, size_t max_pixels)
{
    if (!nmf_size_mul(&page->cell_width,
                      ceil_div(geometry->width, page->shrink), page->zoom) ||
        !nmf_size_mul(&page->cell_height,
                      ceil_div(geometry->height, page->shrink), page->zoom)) {
        return false;
    }
    size_t width = span(page->columns, page->cell_width);
    size_t height = span(page->rows, page->cell_height);
    size_t caption = nmf_caption_width(title);
    width = width > caption ? width : caption;
    if (width > max_pixels || height > max_pixels) {
        return false;
    }
    page->caption_height = nmf_caption_height(title, width);
    page->width = width + 2 * (size_t)MARGIN;
    page->height = height + page->caption_height + 2 * (size_t)MARGIN;
    return page->width <= max_pixels / page->height;
}

static nmf_status plan(layout *page, size_t n_rows,
                       const nmf_geometry *geometry,
                       const nmf_sheet_options *options, nmf_error *err)
{
    size_t most = options->max_cells ? options->max_cells : MAX_CELLS_DEFAULT;
    size_t n = n_rows < most ? n_rows : most;
    page->n_cells = n;
    page->columns =
        options->columns ? options->columns : nmf_sheet_columns(n, geometry);
    page->columns = page->columns < n ? page->columns : n;
    page->rows = ceil_div(n, page->columns);
    page->shrink = 1;
    page->zoom = options->zoom ? options->zoom : choose_zoom(n, geometry);
    if (options->zoom) {
        if (!measure(page, geometry, options->title, MAX_PIXELS)) {
            return nmf_error_set(
                err, NMF_ERR_LIMIT,
                "a sheet of %zu images of %zu x %zu at zoom %zu is larger than "
                "%zu pixels",
                n, geometry->width, geometry->height, options->zoom,
                MAX_PIXELS);
        }
        return NMF_OK;
    }
    while (!measure(page, geometry, options->title, MAX_PIXELS_UNASKED)) {
        if (page->cell_width == 1 && page->cell_height == 1) {
            return nmf_error_set(err, NMF_ERR_LIMIT,
                                 "a sheet of %zu images is larger than %zu "
                                 "pixels",
                                 n, MAX_PIXELS_UNASKED);
        }
        if (page->zoom > 1) {
            page->zoom--;
        } else {
            page->shrink++;
        }
    }
    return NMF_OK;
}

/* ---- painting ---------------------------------------------------------- */

/* The largest entry, or the largest size of one where signs are shown. */
static float largest(const float *values, size_t n, bool is_signed)
{
    float most = 0.0F;
    for (size_t i = 0; i < n; i++) {
        float value = is_signed ? fabsf(values[i]) : values[i];
        most = value > most ? value : most;
    }
    return most;
}

static float largest_of_all(const nmf_matrix *rows, bool is_signed)
{
    float most = 0.0F;
    for (size_t i = 0; i < rows->rows; i++) {
        float of_row = largest(nmf_matrix_row(rows, i), rows->cols, is_signed);
        most = of_row > most ? of_row : most;
    }
    return most;
}

/*
 * The brightness, least (0 or -1) to 1, of pixel (x, y) of a reduced image: the
 * mean of the up to shrink x shrink pixels of one channel that it stands for.
 */
static float brightness(const float *row, const nmf_geometry *geometry,
                        size_t shrink, size_t x, size_t y, size_t channel,
                        float white, float least)
{
    size_t x_end = (x + 1) * shrink;
    size_t y_end = (y + 1) * shrink;
    x_end = x_end < geometry->width ? x_end : geometry->width;
    y_end = y_end < geometry->height ? y_end : geometry->height;
    float sum = 0.0F;
    size_t count = 0;
    for (size_t i = y * shrink; i < y_end; i++) {
        for (size_t j = x * shrink; j < x_end; j++) {
            size_t at = (i * geometry->width + j) * geometry->channels;
            float value = row[at + channel] / white;
            value = value > least ? value : least;
            sum += value < 1.0F ? value : 1.0F;
            count++;
        }
    }
    return sum / (float)count;
}

/* values <- what brightness() gives for each channel, as a colour. */
static void to_colour(float values[3], size_t channels,
                      const nmf_sheet_options *options)
{
    if (channels == 1 && options->is_signed) {
        nmf_colormap_of_signed(values, options->colormap, values[0]);
    } else if (channels == 1) {
        nmf_colormap_rgb(values, options->colormap, values[0]);
    } else if (options->is_signed) {
        for (size_t c = 0; c < 3; c++) {
            values[c] = 0.5F + 0.5F * values[c];
        }
    }
}

static void paint_cell(nmf_image *sheet, size_t left, size_t top,
                       const layout *page, const float *row,
                       const nmf_geometry *geometry, float white,
                       const nmf_sheet_options *options)
{
    size_t zoom = page->zoom;
    float least = options->is_signed ? -1.0F : 0.0F;
    for (size_t y = 0; y < page->cell_height / zoom; y++) {
        for (size_t x = 0; x < page->cell_width / zoom; x++) {
            float rgb[3];
            for (size_t c = 0; c < geometry->channels; c++) {
                rgb[c] = brightness(row, geometry, page->shrink, x, y, c, white,
                                    least);
            }
            to_colour(rgb, geometry->channels, options);
            nmf_paint_rectangle(sheet, left + x * zoom, top + y * zoom, zoom,
                                zoom, rgb);
        }
    }
}

static void paint_cells(nmf_image *sheet, const layout *page,
                        const nmf_matrix *rows, const nmf_geometry *geometry,
                        const nmf_sheet_options *options)
{
    float white = 1.0F;
    if (options->scale == NMF_SCALE_COMMON) {
        white = largest_of_all(rows, options->is_signed);
    }
    for (size_t i = 0; i < page->n_cells; i++) {
        const float *row = nmf_matrix_row(rows, i);
        if (options->scale == NMF_SCALE_PART) {
            white = largest(row, rows->cols, options->is_signed);
        }
        size_t x = i % page->columns * (page->cell_width + GAP);
        size_t y = i / page->columns * (page->cell_height + GAP);
        /* A row without a positive entry is black at any scale. */
        paint_cell(sheet, MARGIN + x, MARGIN + page->caption_height + y, page,
                   row, geometry, white > 0.0F ? white : 1.0F, options);
    }
}

static nmf_status check(const nmf_matrix *rows, const nmf_geometry *geometry,
                        nmf_error *err)
{
    if (rows->rows == 0 || rows->cols == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "no rows to draw: the matrix is %zu x %zu",
                             rows->rows, rows->cols);
    }
    if (geometry->width == 0 || geometry->height == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "rows cannot be drawn as images: their width and "
                             "height are not known");
    }
    size_t n_features = 0;
    if ((geometry->channels != 1 && geometry->channels != 3) ||
        !nmf_size_mul(&n_features, geometry->width, geometry->height) ||
        !nmf_size_mul(&n_features, n_features, geometry->channels) ||
        n_features != rows->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "rows of %zu numbers cannot be drawn as images of "
                             "%zu x %zu with %zu channels",
                             rows->cols, geometry->width, geometry->height,
                             geometry->channels);
    }
    return NMF_OK;
}

nmf_status nmf_sheet_draw(nmf_image *out, const nmf_matrix *rows,
                          const nmf_geometry *geometry,
                          const nmf_sheet_options *options, nmf_error *err)
{
    const nmf_sheet_options defaults = NMF_SHEET_OPTIONS_INIT;
    layout page = {0};
    *out = (nmf_image){0};
    options = options ? options : &defaults;
    nmf_status status = check(rows, geometry, err);
    if (status == NMF_OK) {
        status = plan(&page, rows->rows, geometry, options, err);
    }
    if (status == NMF_OK) {
        status = nmf_image_init(out, page.width, page.height, 3, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    const nmf_sheet_colours *colours =
        nmf_sheet_colours_of(options->colormap == NMF_COLORMAP_INVERTED);
    nmf_paint_rectangle(out, 0, 0, page.width, page.height, colours->paper);
    nmf_caption_draw(out, MARGIN, MARGIN, page.width - 2 * (size_t)MARGIN,
                     options->title, colours->ink);
    paint_cells(out, &page, rows, geometry, options);
    return NMF_OK;
}
