/*
 * The colours of a picture as a table of at most 255, and its pixels as places
 * in that table. A picture of no more colours is kept exactly; of more, the
 * table holds the means of boxes that are cut where they spread most (median
 * cut: Heckbert, SIGGRAPH 1982; cut at the mean of the axis of largest
 * variance, as Wan, Wong and Prusinkiewicz, IEEE CG&A 10 (1990) propose).
 */
#ifndef NMFIMG_VIEWER_PALETTE_H
#define NMFIMG_VIEWER_PALETTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PALETTE_MAX = 255 };

struct palette {
    size_t n; /* 0 .. PALETTE_MAX */
    uint8_t colours[PALETTE_MAX][3];
};

/* Memory to work in, about 3 MB. Freed by palette_work_free(); NULL is fine. */
struct palette_work;
struct palette_work *palette_work_create(void); /* NULL: no memory */
void palette_work_free(struct palette_work *work);

/*
 * Make the table of those of n pixels (red, green, blue) that are used, and
 * their places; a pixel that is not used gets place out->n. The same pixels
 * give the same table.
 */
void palette_make(struct palette *out, uint8_t *places, const uint8_t *rgb,
                  const bool *used, size_t n, struct palette_work *work);

#endif
