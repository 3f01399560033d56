#include "model_sheet.h"

#include <math.h>
#include <stdio.h>

bool model_sheet_is_signed(const nmf_matrix *rows)
{
    for (size_t i = 0; i < rows->rows; i++) {
        const float *row = nmf_matrix_row(rows, i);
        for (size_t j = 0; j < rows->cols; j++) {
            if (row[j] < 0) {
                return true;
            }
        }
    }
    return false;
}

const char *model_sheet_legend(const nmf_matrix *rows,
                               const nmf_geometry *geometry,
                               nmf_colormap colormap)
{
    return model_sheet_is_signed(rows) ? nmf_sheet_legend(geometry, colormap)
                                       : "";
}

nmf_status model_sheet_draw(nmf_image *out, const nmf_model_file *file,
                            nmf_sheet_scale scale, nmf_colormap colormap,
                            const char *title, nmf_error *err)
{
    const nmf_matrix *H = nmf_model_file_components(file);
    const char *legend = model_sheet_legend(H, &file->geometry, colormap);
    nmf_sheet_options how = NMF_SHEET_OPTIONS_INIT;
    char text[400];
    snprintf(text, sizeof text, "%s%s%s", title ? title : "",
             title && *legend ? "; " : "", legend);
    how.scale = scale;
    how.colormap = colormap;
    how.title = text;
    how.is_signed = *legend != '\0';
    return nmf_sheet_draw(out, H, &file->geometry, &how, err);
}

float model_sheet_white(const nmf_matrix *rows, bool is_signed)
{
    float most = 0;
    for (size_t i = 0; i < rows->rows; i++) {
        const float *row = nmf_matrix_row(rows, i);
        for (size_t j = 0; j < rows->cols; j++) {
            float value = is_signed ? fabsf(row[j]) : row[j];
            most = value > most ? value : most;
        }
    }
    return most;
}

/* A value between -1 and 1 as the samples of a pixel of so many channels. */
static void paint_signed(float *samples, const float *values, size_t channels,
                         float scale, nmf_colormap colormap)
{
    if (channels == 1) {
        nmf_colormap_of_signed(samples, colormap, scale * values[0]);
        return;
    }
    for (size_t c = 0; c < channels; c++) {
        samples[c] = 0.5F + 0.5F * scale * values[c];
    }
}

nmf_status model_sheet_paint_part(nmf_image *out, const float *part,
                                  float white, bool is_signed,
                                  const nmf_geometry *geometry,
                                  nmf_colormap colormap, nmf_error *err)
{
    size_t n_pixels = geometry->width * geometry->height;
    size_t channels = geometry->channels;
    bool is_mapped =
        channels == 1 && (is_signed || colormap != NMF_COLORMAP_GREY);
    float scale = white > 0 ? 1 / white : 0;
    nmf_status status = nmf_image_init(out, geometry->width, geometry->height,
                                       is_mapped ? 3 : channels, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t i = 0; i < n_pixels; i++) {
        const float *values = part + i * channels;
        float *samples = out->pixels + i * out->channels;
        if (is_signed) {
            paint_signed(samples, values, channels, scale, colormap);
        } else if (is_mapped) {
            nmf_colormap_rgb(samples, colormap, scale * values[0]);
        } else {
            for (size_t c = 0; c < channels; c++) {
                samples[c] = scale * values[c];
            }
        }
    }
    return NMF_OK;
}
