#include "tile_sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static size_t columns_of(const nmf_matrix *X, const nmf_geometry *geometry)
{
    double n = floor(sqrt((double)X->rows * (double)geometry->height /
                          (double)geometry->width) +
                     0.5);
    return n < 1 ? 1 : n > (double)X->rows ? X->rows : (size_t)n;
}

nmf_status tile_sheet_lay(nmf_image *out, const nmf_matrix *X,
                          const nmf_geometry *geometry, nmf_error *err)
{
    const size_t columns = columns_of(X, geometry);
    const size_t rows = (X->rows + columns - 1) / columns;
    const size_t line = geometry->width * geometry->channels;
    nmf_status status =
        nmf_image_init(out, columns * geometry->width, rows * geometry->height,
                       geometry->channels, err);
    for (size_t i = 0; status == NMF_OK && i < rows * columns; i++) {
        const float *from = nmf_matrix_row(X, i < X->rows ? i : X->rows - 1);
        for (size_t y = 0; y < geometry->height; y++) {
            size_t top = i / columns * geometry->height + y;
            float *to = out->pixels + (top * columns + i % columns) * line;
            memcpy(to, from + y * line, line * sizeof *to);
        }
    }
    return status;
}

static double level_of(float value)
{
    return fmax(0, fmin(255, floor((double)value * 255 + 0.5)));
}

nmf_status tile_sheet_psnr(double *out, const nmf_image *decoded,
                           const nmf_matrix *X, const nmf_geometry *geometry,
                           nmf_error *err)
{
    const size_t columns = columns_of(X, geometry);
    const size_t rows = (X->rows + columns - 1) / columns;
    const size_t line = geometry->width * geometry->channels;
    double sum = 0;
    if (decoded->width != columns * geometry->width ||
        decoded->height != rows * geometry->height ||
        decoded->channels != geometry->channels) {
        err->status = NMF_ERR_FORMAT;
        snprintf(err->message, sizeof err->message,
                 "decoded %zux%zu pixels instead of %zux%zu", decoded->width,
                 decoded->height, columns * geometry->width,
                 rows * geometry->height);
        return NMF_ERR_FORMAT;
    }
    for (size_t i = 0; i < X->rows; i++) {
        const float *x = nmf_matrix_row(X, i);
        for (size_t y = 0; y < geometry->height; y++) {
            size_t top = i / columns * geometry->height + y;
            const float *found =
                decoded->pixels + (top * columns + i % columns) * line;
            for (size_t p = 0; p < line; p++) {
                double gap = level_of(found[p]) - level_of(x[y * line + p]);
                sum += gap * gap;
            }
        }
    }
    double samples = (double)X->rows * (double)X->cols;
    *out = sum > 0 ? 10 * log10(65025.0 * samples / sum) : INFINITY;
    return NMF_OK;
}
