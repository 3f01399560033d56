/* All pictures of a set side by side, for coders of single pictures. */
#ifndef NMFIMG_CLI_TILE_SHEET_H
#define NMFIMG_CLI_TILE_SHEET_H

#include <nmfimg/dataset.h>

/*
 * The pictures in rows, about as wide as high, without gaps; what is left of
 * the last row repeats the last picture, which costs coders least.
 *
 * out      freed by nmf_image_release()
 * X        n_images x n_features of the geometry
 *
 * Fails:   NMF_ERR_LIMIT, _MEMORY
 */
nmf_status tile_sheet_lay(nmf_image *out, const nmf_matrix *X,
                          const nmf_geometry *geometry, nmf_error *err);

/*
 * The PSNR of the pictures in a decoded sheet, over all samples, in whole grey
 * levels; what fills the last row does not count.
 *
 * Fails:   NMF_ERR_FORMAT (a sheet of another size)
 */
nmf_status tile_sheet_psnr(double *out, const nmf_image *decoded,
                           const nmf_matrix *X, const nmf_geometry *geometry,
                           nmf_error *err);

#endif
