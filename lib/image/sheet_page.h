/* What all pages of sheets share: paper, margins, limits, grids. */
#ifndef NMFIMG_IMAGE_SHEET_PAGE_H
#define NMFIMG_IMAGE_SHEET_PAGE_H

#include <nmfimg/sheet.h>

enum { NMF_SHEET_MARGIN = 16, NMF_SHEET_GAP = 4 /* between cells */ };

/* The largest page. */
#define NMF_SHEET_MAX_PIXELS ((size_t)1 << 26)

/* Paper and ink, neither as dark nor as light as a cell can be. */
typedef struct nmf_sheet_colours {
    float paper[3];
    float ink[3];
} nmf_sheet_colours;

const nmf_sheet_colours *nmf_sheet_colours_of(bool is_light);

/*
 * The number of columns that makes a grid of n cells about as wide as high with
 * few cells missing from the last row: 49 -> 7, 20 -> 5, 17 -> 5. A wide grid
 * is taken rather than a high one.
 */
size_t nmf_sheet_columns(size_t n, const nmf_geometry *geometry);

#endif
