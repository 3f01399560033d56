/*
 * Lines with smooth edges: how much of each pixel they cover is gathered in a
 * mask, and the mask is then painted in one go, so that a line which crosses
 * itself, or bends, is of one colour.
 */
#ifndef NMFIMG_IMAGE_STROKE_H
#define NMFIMG_IMAGE_STROKE_H

#include <nmfimg/image.h>

/* width x height numbers in [0, 1]; pixel (x, y) has its centre at (x, y). */
typedef struct nmf_mask {
    size_t width;
    size_t height;
    float *coverage; /* borrowed */
} nmf_mask;

/* A dash pattern and how far along it a line is. */
typedef struct nmf_dashes {
    double on;  /* pixels drawn, then */
    double off; /* pixels left out; 0: all is drawn */
    double done;
} nmf_dashes;

/*
 * Cover a segment with round ends, `radius` pixels to each side. Ends may be
 * far outside the mask, whatever is finite; dashes may be NULL.
 */
void nmf_stroke_segment(nmf_mask *mask, const double from[2],
                        const double to[2], double radius, nmf_dashes *dashes);

/* Paint where the mask covers, its top left pixel at (left, top). */
void nmf_stroke_paint(nmf_image *image, size_t left, size_t top,
                      const nmf_mask *mask, const float rgb[3]);

#endif
