/**
 * Contact sheets: rows of a matrix painted as a labelled grid of images.
 *
 *     nmf_image sheet = {0};
 *     if (nmf_sheet_draw(&sheet, nmf_model_components(model), &geometry, NULL,
 *                        &err) == NMF_OK)
 *         nmf_image_save("parts.png", &sheet, true, &err);
 *     nmf_image_release(&sheet);
 */
#ifndef NMFIMG_SHEET_H
#define NMFIMG_SHEET_H

#include <nmfimg/dataset.h>

NMF_BEGIN_DECLS

/** Which value is the brightest. Black is 0 always. */
typedef enum nmf_sheet_scale {
    NMF_SCALE_PART = 0,   /* the largest entry of each row, where signs are */
    NMF_SCALE_COMMON = 1, /* shown by its size; the largest of all rows */
    NMF_SCALE_UNIT = 2    /* 1, as for pictures; more is cut off */
} nmf_sheet_scale;

typedef enum nmf_colormap {
    NMF_COLORMAP_GREY = 0,
    NMF_COLORMAP_INVERTED = 1, /* dark on white, as Lee & Seung print parts */
    NMF_COLORMAP_VIRIDIS = 2,
    NMF_COLORMAP_CIVIDIS = 3 /* looks alike with and without red-green
                                colour blindness */
} nmf_colormap;

/**
 * The colour of a value in [0, 1] (cut to it; NaN is 0) as three samples in
 * [0, 1]. Viridis: N. Smith and S. van der Walt (2015). Cividis: J. R. Nunez,
 * C. R. Anderton and R. S. Renslow, PLoS ONE 13(7) (2018).
 */
NMF_API void nmf_colormap_rgb(float rgb[3], nmf_colormap colormap, float value);

/**
 * The colour of a signed value in [-1, 1] (cut to it; NaN is 0), such as an
 * error: blue for negative, orange for positive ones, the stronger the further
 * from 0. Zero is black, or white if is_light, and so without any hue. The two
 * hues stay apart for any colour vision: M. Okabe and K. Ito (2008).
 */
NMF_API void nmf_colormap_signed_rgb(float rgb[3], float value, bool is_light);

/**
 * The colour of a value of a signed sheet: in [-1, 1], 0 being no ink. See
 * is_signed below.
 */
NMF_API void nmf_colormap_of_signed(float rgb[3], nmf_colormap colormap,
                                    float value);

/**
 * What the colours of a sheet that shows signs mean, for titles: "black is 0,
 * blue is negative, orange positive". Static.
 */
NMF_API const char *nmf_sheet_legend(const nmf_geometry *geometry,
                                     nmf_colormap colormap);

/** How to draw; start from NMF_SHEET_OPTIONS_INIT. */
typedef struct nmf_sheet_options {
    nmf_sheet_scale scale;
    nmf_colormap colormap; /* of grey rows; colour rows keep their colours */
    size_t columns;        /* 0: about as wide as high */
    size_t zoom;       /* whole pixels a pixel; 0: cells of 64 or more (up */
                       /* to 100 cells: of 96), less only where the sheet */
                       /* would be above 2^24 pixels */
    size_t max_cells;  /* rows beyond are not drawn; 0: 1024 */
    const char *title; /* above, ASCII; wrapped to the width of the grid; */
                       /* NULL: none */
    /* Show signs: as nmf_colormap_signed_rgb() has it, light where colormap is
       INVERTED; in viridis and cividis 0 is the middle of the scale, in colour
       rows mid-grey. */
    bool is_signed;
} nmf_sheet_options;

#define NMF_SHEET_OPTIONS_INIT                                                 \
    {                                                                          \
        NMF_SCALE_PART, NMF_COLORMAP_GREY, 0, 0, 0, NULL, false                \
    }

/**
 * Draw the rows of a matrix as a grid, first row top left.
 *
 * out      overwritten; freed by nmf_image_release(); RGB
 * rows     n x n_features of the geometry, finite; negative entries are black
 *          unless signs are shown
 * options  NULL means NMF_SHEET_OPTIONS_INIT
 *
 * Fails:   NMF_ERR_ARGUMENT (geometry unknown or of other n_features, no
 *          rows), _LIMIT (a zoom that makes a sheet above 2^26 pixels),
 *          _MEMORY
 */
NMF_API nmf_status nmf_sheet_draw(nmf_image *out, const nmf_matrix *rows,
                                  const nmf_geometry *geometry,
                                  const nmf_sheet_options *options,
                                  nmf_error *err);

/**
 * Several sheets below each other, with the same margins, on one page.
 *
 * out      overwritten; freed by nmf_image_release(); RGB
 * sheets   n_sheets >= 1 images of 3 channels; only read
 * title    above all, ASCII; NULL: none
 *
 * Fails:   NMF_ERR_ARGUMENT (no sheets, not of 3 channels), _LIMIT (a page
 *          above 2^26 pixels), _MEMORY
 */
NMF_API nmf_status nmf_sheet_stack(nmf_image *out, const nmf_image *sheets,
                                   size_t n_sheets, const char *title,
                                   nmf_error *err);

/**
 * Several sheets side by side, their tops aligned. As nmf_sheet_stack(), but
 * without a title.
 */
NMF_API nmf_status nmf_sheet_join(nmf_image *out, const nmf_image *sheets,
                                  size_t n_sheets, nmf_error *err);

NMF_END_DECLS

#endif
