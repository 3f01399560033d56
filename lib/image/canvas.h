/*
 * Where decoded rows go: straight into the picture, or, if EXIF says that the
 * picture stands on its side, through one row of scratch to their right place.
 *
 *     for (size_t y = 0; y < stored_height; y++) {
 *         float *row = nmf_canvas_row(&canvas, y);
 *         ... stored_width * channels floats ...
 *         nmf_canvas_row_done(&canvas, y);
 *     }
 */
#ifndef NMFIMG_IMAGE_CANVAS_H
#define NMFIMG_IMAGE_CANVAS_H

#include <nmfimg/image.h>

/* All zero is an empty canvas. */
typedef struct nmf_canvas {
    nmf_image *image;   /* upright; borrowed */
    float *scratch;     /* a stored row; NULL where rows go straight */
    size_t width;       /* as stored */
    ptrdiff_t origin;   /* of stored pixel (0, 0) in image->pixels */
    ptrdiff_t x_stride; /* floats from a stored pixel to its right neighbour */
    ptrdiff_t y_stride; /* and to the one below */
} nmf_canvas;

/*
 * Give image, which is empty, its size and (uninitialised) pixels, upright, for
 * width x height pixels as stored. Fails: as nmf_image_init(), NMF_ERR_MEMORY
 */
nmf_status nmf_canvas_init(nmf_canvas *canvas, nmf_image *image, size_t width,
                           size_t height, size_t channels, unsigned orientation,
                           nmf_error *err);

/* Where to write stored row y. */
float *nmf_canvas_row(nmf_canvas *canvas, size_t y);

/* Row y is complete. */
void nmf_canvas_row_done(nmf_canvas *canvas, size_t y);

/* Free the scratch; the image stays. */
void nmf_canvas_release(nmf_canvas *canvas);

#endif
