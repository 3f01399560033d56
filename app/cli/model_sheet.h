/* The rows of H as pictures, whatever the method and its signs. */
#ifndef NMFIMG_CLI_MODEL_SHEET_H
#define NMFIMG_CLI_MODEL_SHEET_H

#include <nmfimg/codec.h>
#include <nmfimg/sheet.h>

/* Has it a negative entry? Then colours show signs. */
bool model_sheet_is_signed(const nmf_matrix *rows);

/* What the colours of signed rows mean, for titles; "" for grey ones. */
const char *model_sheet_legend(const nmf_matrix *rows,
                               const nmf_geometry *geometry,
                               nmf_colormap colormap);

/*
 * A sheet of the components of a file: scale and colormap as given, a title
 * (ASCII; NULL: none) and below it the legend. Freed by nmf_image_release().
 */
nmf_status model_sheet_draw(nmf_image *out, const nmf_model_file *file,
                            nmf_sheet_scale scale, nmf_colormap colormap,
                            const char *title, nmf_error *err);

/*
 * One row as a picture of its own size; white is the value (or size of a
 * value) that is the brightest. Freed by nmf_image_release().
 */
nmf_status model_sheet_paint_part(nmf_image *out, const float *part,
                                  float white, bool is_signed,
                                  const nmf_geometry *geometry,
                                  nmf_colormap colormap, nmf_error *err);

/* The white of a row, or of several: the largest value, or size of one. */
float model_sheet_white(const nmf_matrix *rows, bool is_signed);

#endif
