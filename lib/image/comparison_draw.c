/*
 * The page of a comparison, one column a method:
 *
 *     components, as a grid                    sheet
 *     coefficients | put together | original   three sheets, joined
 */
#include <nmfimg/comparison.h>

#include "core/error.h"
#include "image/sheet_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    GRID_SIDE = 500,  /* pixels that a grid of components may be wide */
    LOWER_SIDE = 144, /* about the height of what is below it */
    LEAST_SQUARE = 4, /* of a coefficient */
    LARGEST_SQUARE = 96,
    TITLE_SIZE = 512
};

/* What all columns share. */
typedef struct page {
    const nmf_comparison *c;
    const nmf_matrix *X;
    const nmf_geometry *geometry;
    const nmf_comparison_style *style;
    size_t columns;      /* of the grids */
    size_t zoom;         /* of a component; 0: as small as it has to be */
    size_t picture_zoom; /* of what is below; 0 likewise */
    size_t square;       /* side of a coefficient */
} page;

static const char *names[] = {
    [NMF_METHOD_NMF] = "NMF",   [NMF_METHOD_PCA] = "PCA",
    [NMF_METHOD_SVD] = "SVD",   [NMF_METHOD_VQ] = "VQ",
    [NMF_METHOD_PLSA] = "PLSA",
};

static bool is_signed(const nmf_comparison_entry *entry)
{
    return entry->method == NMF_METHOD_PCA || entry->method == NMF_METHOD_SVD;
}

/* The sizes that suit k components. */
static void measure(page *p, size_t k)
{
    const nmf_geometry *geometry = p->geometry;
    size_t longer =
        geometry->width > geometry->height ? geometry->width : geometry->height;
    p->columns = nmf_sheet_columns(k, geometry);
    size_t rows = (k + p->columns - 1) / p->columns;
    size_t cell = GRID_SIDE / p->columns;
    p->zoom =
        cell > NMF_SHEET_GAP ? (cell - NMF_SHEET_GAP) / geometry->width : 0;
    p->picture_zoom = longer <= LOWER_SIDE ? LOWER_SIDE / longer : 0;
    size_t square = LOWER_SIDE / rows;
    p->square = square > LEAST_SQUARE + NMF_SHEET_GAP ? square - NMF_SHEET_GAP
                                                      : LEAST_SQUARE;
    p->square = p->square < LARGEST_SQUARE ? p->square : LARGEST_SQUARE;
}

static nmf_status draw_components(nmf_image *out, const page *p,
                                  const nmf_comparison_entry *entry,
                                  nmf_error *err)
{
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    char title[TITLE_SIZE];
    double error = entry->relative_error;
    snprintf(title, sizeof title,
             error != 0 && error < 0.001 ? "%s, error %.1e" : "%s, error %.4f",
             names[entry->method], error);
    options.columns = p->columns;
    options.zoom = p->zoom;
    options.title = title;
    options.colormap = p->style->colormap;
    options.is_signed = is_signed(entry);
    return nmf_sheet_draw(out, entry->components, p->geometry, &options, err);
}

static double norm(const float *h, size_t n)
{
    double squares = 0;
    for (size_t j = 0; j < n; j++) {
        squares += (double)h[j] * (double)h[j];
    }
    return sqrt(squares);
}

/* w |h| of the sample, a square each. */
static nmf_status draw_coefficients(nmf_image *out, const page *p,
                                    const nmf_comparison_entry *entry,
                                    nmf_error *err)
{
    const nmf_matrix *H = entry->components;
    const float *w = nmf_matrix_row(entry->activations, p->style->sample);
    const nmf_geometry square = {1, 1, 1, 0};
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    nmf_matrix shown = {0};
    nmf_status status = nmf_matrix_init(&shown, H->rows, 1, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t t = 0; t < H->rows; t++) {
        double length = norm(nmf_matrix_row(H, t), H->cols);
        *nmf_matrix_row(&shown, t) = (float)((double)w[t] * length);
    }
    options.scale = NMF_SCALE_COMMON;
    options.columns = p->columns;
    options.zoom = p->square;
    options.title = "coefficients";
    options.colormap = p->style->colormap;
    options.is_signed = is_signed(entry);
    status = nmf_sheet_draw(out, &shown, &square, &options, err);
    nmf_matrix_release(&shown);
    return status;
}

/*
 * A picture as it is, on the paper of the others. Paper that is light comes
 * with grey turned over, so it is turned over here first.
 */
static nmf_status draw_picture(nmf_image *out, const page *p, const float *row,
                               const char *title, nmf_error *err)
{
    bool is_light = p->style->colormap == NMF_COLORMAP_INVERTED;
    bool is_turned = is_light && p->geometry->channels == 1;
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    nmf_matrix shown = {0};
    nmf_status status = nmf_matrix_init(&shown, 1, p->X->cols, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t j = 0; j < shown.cols; j++) {
        shown.data[j] = is_turned ? 1.0F - row[j] : row[j];
    }
    options.scale = NMF_SCALE_UNIT;
    options.zoom = p->picture_zoom;
    options.title = title;
    options.colormap = is_light ? NMF_COLORMAP_INVERTED : NMF_COLORMAP_GREY;
    status = nmf_sheet_draw(out, &shown, p->geometry, &options, err);
    nmf_matrix_release(&shown);
    return status;
}

/* What is below the components. */
static nmf_status draw_lower(nmf_image *out, const page *p, size_t i,
                             const nmf_comparison_entry *entry, nmf_error *err)
{
    enum { N_SHEETS = 3 };
    size_t sample = p->style->sample;
    nmf_image sheets[N_SHEETS] = {{0}};
    nmf_matrix sum = {0};
    nmf_status status = draw_coefficients(&sheets[0], p, entry, err);
    if (status == NMF_OK) {
        status = nmf_comparison_rebuild(&sum, p->c, i, sample, err);
    }
    if (status == NMF_OK) {
        status = draw_picture(&sheets[1], p, sum.data,
                              entry->mean ? "sum + mean" : "their sum", err);
    }
    if (status == NMF_OK) {
        status = draw_picture(&sheets[2], p, nmf_matrix_row(p->X, sample),
                              "original", err);
    }
    if (status == NMF_OK) {
        status = nmf_sheet_join(out, sheets, N_SHEETS, err);
    }
    for (size_t s = 0; s < N_SHEETS; s++) {
        nmf_image_release(&sheets[s]);
    }
    nmf_matrix_release(&sum);
    return status;
}

static nmf_status draw_column(nmf_image *out, const page *p, size_t i,
                              const nmf_comparison_entry *entry, nmf_error *err)
{
    nmf_image sheets[2] = {{0}};
    nmf_status status = draw_components(&sheets[0], p, entry, err);
    if (status == NMF_OK) {
        status = draw_lower(&sheets[1], p, i, entry, err);
    }
    if (status == NMF_OK) {
        status = nmf_sheet_stack(out, sheets, 2, NULL, err);
    }
    nmf_image_release(&sheets[0]);
    nmf_image_release(&sheets[1]);
    return status;
}

/* The title, and what the colours mean where there are any. */
static void compose_title(char *out, size_t size, const page *p,
                          const nmf_comparison_entry *entries, size_t n)
{
    const char *signed_name = NULL;
    const char *title = p->style->title ? p->style->title : "";
    for (size_t i = 0; i < n && !signed_name; i++) {
        signed_name = is_signed(&entries[i]) ? names[entries[i].method] : NULL;
    }
    if (!signed_name) {
        snprintf(out, size, "%s", title);
        return;
    }
    /* Components in colours of their own; coefficients never have any. */
    const nmf_geometry square = {1, 1, 1, 0};
    const char *legend = nmf_sheet_legend(p->geometry, p->style->colormap);
    const char *other = nmf_sheet_legend(&square, p->style->colormap);
    bool is_same = strcmp(legend, other) == 0;
    snprintf(out, size, "%s%s%s: %s%s%s", title, *title ? ". " : "",
             signed_name, legend,
             is_same ? "" : "; coefficients: ", is_same ? "" : other);
}

static nmf_status check(const page *p, const nmf_comparison_entry *entry,
                        nmf_error *err)
{
    const nmf_matrix *X = p->X;
    if (X->rows != entry->activations->rows ||
        X->cols != entry->components->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a comparison of %zu x %zu numbers drawn with X "
                             "of %zu x %zu",
                             entry->activations->rows, entry->components->cols,
                             X->rows, X->cols);
    }
    if (p->style->sample >= X->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "there is no sample %zu: there are %zu, from 0",
                             p->style->sample, X->rows);
    }
    return NMF_OK;
}

/* The columns, joined, below the title. */
static nmf_status draw_page(nmf_image *out, const page *p,
                            const nmf_comparison_entry *entries, size_t n,
                            nmf_error *err)
{
    nmf_image columns[NMF_COMPARISON_MAX_METHODS] = {{0}};
    nmf_image body = {0};
    char title[TITLE_SIZE];
    nmf_status status = NMF_OK;
    for (size_t i = 0; i < n && status == NMF_OK; i++) {
        status = draw_column(&columns[i], p, i, &entries[i], err);
    }
    if (status == NMF_OK) {
        status = nmf_sheet_join(&body, columns, n, err);
    }
    for (size_t i = 0; i < n; i++) {
        nmf_image_release(&columns[i]);
    }
    if (status == NMF_OK) {
        compose_title(title, sizeof title, p, entries, n);
        status = nmf_sheet_stack(out, &body, 1, title, err);
    }
    nmf_image_release(&body);
    return status;
}

nmf_status nmf_comparison_draw(nmf_image *out, const nmf_comparison *c,
                               const nmf_matrix *X,
                               const nmf_geometry *geometry,
                               const nmf_comparison_style *style,
                               nmf_error *err)
{
    const nmf_comparison_style defaults = NMF_COMPARISON_STYLE_INIT;
    page p = {.c = c, .X = X, .geometry = geometry};
    size_t n = 0;
    const nmf_comparison_entry *entries = nmf_comparison_entries(c, &n);
    *out = (nmf_image){0};
    p.style = style ? style : &defaults;
    nmf_status status = check(&p, &entries[0], err);
    if (status != NMF_OK) {
        return status;
    }
    if (geometry->width && geometry->height) {
        measure(&p, entries[0].components->rows);
    }
    return draw_page(out, &p, entries, n, err);
}
