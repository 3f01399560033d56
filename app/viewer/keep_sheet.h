/*
 * What "save parts" and "save picture" write: what is shown, as contact sheets
 * with a caption. Nothing here knows of SDL.
 */
#ifndef NMFIMG_VIEWER_KEEP_SHEET_H
#define NMFIMG_VIEWER_KEEP_SHEET_H

#include "app.h"

/*
 * All parts in the order, colours, scale and number of columns that the window
 * shows them with.
 *
 * out      overwritten; freed by nmf_image_release(); RGB
 * Fails:   NMF_ERR_ARGUMENT (there are no parts yet), _LIMIT, _MEMORY
 */
nmf_status keep_sheet_parts(nmf_image *out, const struct app *app,
                            nmf_error *err);

/*
 * The selected picture, its reconstruction as it is shown (hidden parts, a
 * mix) and the difference of both, side by side.
 *
 * Fails:   NMF_ERR_ARGUMENT (there is no picture), _LIMIT, _MEMORY
 */
nmf_status keep_sheet_picture(nmf_image *out, const struct app *app,
                              nmf_error *err);

#endif
