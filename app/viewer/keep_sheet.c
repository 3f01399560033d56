#include "keep_sheet.h"

#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A caption of a sheet: a few lines of ASCII. */
enum { TITLE_SIZE = 512 };

static nmf_status fail(nmf_error *err, nmf_status status, const char *sentence)
{
    if (err) {
        err->status = status;
        snprintf(err->message, sizeof err->message, "%s", sentence);
    }
    return status;
}

/* ---- Parts. */

/* "orl: 49 parts after 120 iterations, relative error 0.1812; ..." */
static void title_parts(char *out, size_t size, const struct app *app,
                        const char *legend)
{
    static const char *const orders[] = {
        "in the order of the model", "the most energy first",
        "the most local first", "from the top left to the bottom right",
        "what gives most to the picture first"};
    snprintf(out, size,
             "%s: %zu part%s after %s iteration%s, relative error %s; %s, "
             "%s%s%s",
             app->title, app->parts.k, app->parts.k == 1 ? "" : "s",
             report_number(app->snapshot.n_iter).text,
             app->snapshot.n_iter == 1 ? "" : "s",
             report_ratio(app->snapshot.relative_error).text,
             orders[app->look.order],
             app->look.is_common ? "all on one scale"
                                 : "each on a scale of its own",
             *legend ? "; " : "", legend);
}

/* Rows of H in the order of the grid, each filled up to whole pixels (rows of
 * a plain table may end within a line). */
static nmf_status order_rows(nmf_matrix *out, const struct app *app,
                             const scene_shape *shape, nmf_error *err)
{
    const nmf_matrix *H = app->snapshot.H;
    nmf_status status = nmf_matrix_init(
        out, H->rows, shape->width * shape->height * shape->channels, err);
    for (size_t i = 0; status == NMF_OK && i < H->rows; i++) {
        memcpy(nmf_matrix_row(out, i), nmf_matrix_row(H, app->parts.order[i]),
               H->cols * sizeof(float));
    }
    return status;
}

nmf_status keep_sheet_parts(nmf_image *out, const struct app *app,
                            nmf_error *err)
{
    char title[TITLE_SIZE];
    nmf_matrix rows = {0};
    *out = (nmf_image){0};
    if (!app->snapshot.H || app->parts.k != app->snapshot.H->rows) {
        return fail(err, NMF_ERR_ARGUMENT, "there are no parts yet");
    }
    const scene_shape *shape = &app->parts.shape;
    const nmf_geometry geometry = {.width = shape->width,
                                   .height = shape->height,
                                   .channels = shape->channels};
    bool is_signed = scene_parts_are_signed(&app->parts);
    const nmf_sheet_options options = {
        .scale = app->look.is_common ? NMF_SCALE_COMMON : NMF_SCALE_PART,
        .colormap = (nmf_colormap)app->look.colours,
        .columns = app->grid_columns,
        .max_cells = app->parts.k,
        .title = title,
        .is_signed = is_signed};
    title_parts(title, sizeof title, app,
                is_signed ? nmf_sheet_legend(&geometry, options.colormap) : "");
    nmf_status status = order_rows(&rows, app, shape, err);
    if (status == NMF_OK) {
        status = nmf_sheet_draw(out, &rows, &geometry, &options, err);
    }
    nmf_matrix_release(&rows);
    return status;
}

/* ---- A picture. */

enum { N_CELLS = 3, BYTES = 4, WANTED_SIDE = 256 /* pixels, at least */ };

/* "faces[17]: original; rebuilt from 25 parts, ...; what differs, ..." */
static void title_picture(char *out, size_t size, const struct app *app,
                          float strongest)
{
    const scene_picture *picture = &app->picture;
    char parts[96];
    if (app->is_mixed) {
        snprintf(parts, sizeof parts, "mixed by hand from %zu parts",
                 picture->k);
    } else if (app->n_hidden > 0 || app->solo >= 0) {
        snprintf(parts, sizeof parts, "rebuilt from %zu of %zu parts",
                 app->solo >= 0 ? 1 : picture->k - app->n_hidden, picture->k);
    } else {
        snprintf(parts, sizeof parts, "rebuilt from %zu part%s", picture->k,
                 picture->k == 1 ? "" : "s");
    }
    snprintf(out, size,
             "%s: original; %s, relative error %s; what differs: orange where "
             "it is too dark, blue where too bright, up to %.2g of white",
             app_picture_name(app, picture->index), parts,
             report_ratio(picture->relative_error).text, (double)strongest);
}

/* What scene_paint.h gives, as a row of red, green and blue. */
static void fill_cell(float *cell, const uint8_t *rgba, size_t n_pixels)
{
    for (size_t i = 0; i < n_pixels; i++) {
        for (size_t c = 0; c < 3; c++) {
            cell[3 * i + c] = (float)rgba[BYTES * i + c] / 255.0F;
        }
    }
}

static void paint_cells(nmf_matrix *cells, uint8_t *rgba, const struct app *app,
                        float strongest)
{
    const scene_picture *picture = &app->picture;
    const scene_shape *shape = &picture->shape;
    size_t n = shape->width * shape->height;
    float white = 1.0F;
    if (shape->is_wrapped) { /* numbers of a table have no white */
        white = scene_largest(picture->original.pixels, shape->n_values);
    }
    scene_palette plain = scene_palette_of((nmf_colormap)app->look.colours);
    scene_palette two_sided = scene_palette_signed(false);
    scene_paint(rgba, picture->original.pixels, shape, white, &plain);
    fill_cell(nmf_matrix_row(cells, 0), rgba, n);
    scene_paint(rgba, picture->reconstruction.pixels, shape, white, &plain);
    fill_cell(nmf_matrix_row(cells, 1), rgba, n);
    scene_paint_signed(rgba, picture->difference.pixels, shape, strongest,
                       &two_sided);
    fill_cell(nmf_matrix_row(cells, 2), rgba, n);
}

nmf_status keep_sheet_picture(nmf_image *out, const struct app *app,
                              nmf_error *err)
{
    const scene_shape *shape = &app->picture.shape;
    char title[TITLE_SIZE];
    nmf_matrix cells = {0};
    uint8_t *rgba = NULL;
    *out = (nmf_image){0};
    if (app->picture.k == 0 || !app->picture.original.pixels) {
        return fail(err, NMF_ERR_ARGUMENT,
                    "there is no picture: a model alone has parts only");
    }
    const nmf_geometry geometry = {
        .width = shape->width, .height = shape->height, .channels = 3};
    size_t side = shape->width > shape->height ? shape->width : shape->height;
    const nmf_sheet_options options = {
        .scale = NMF_SCALE_UNIT,
        .columns = N_CELLS,
        .zoom = side < WANTED_SIDE ? (WANTED_SIDE + side - 1) / side : 0,
        .title = title};
    float strongest = scene_largest_magnitude(app->picture.difference.pixels,
                                              shape->n_values);
    title_picture(title, sizeof title, app, strongest);
    nmf_status status =
        nmf_matrix_init(&cells, N_CELLS, shape->width * shape->height * 3, err);
    if (status == NMF_OK) {
        rgba = malloc(scene_shape_bytes(shape));
        status = rgba ? NMF_OK
                      : fail(err, NMF_ERR_MEMORY, "no memory for the picture");
    }
    if (status == NMF_OK) {
        paint_cells(&cells, rgba, app, strongest);
        status = nmf_sheet_draw(out, &cells, &geometry, &options, err);
    }
    free(rgba);
    nmf_matrix_release(&cells);
    return status;
}
