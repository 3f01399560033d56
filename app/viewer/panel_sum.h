/* The terms of the build-up: "0.34 x [part] + 0.21 x [part] + ...". */
#ifndef NMFIMG_VIEWER_PANEL_SUM_H
#define NMFIMG_VIEWER_PANEL_SUM_H

#include "screen.h"

/*
 * In what is left of the panel, in rows as a text is. Those added are bright,
 * those to come dim; a click on one adds all up to it, the wheel one more or
 * less. What does not fit follows as the sum grows.
 */
void panel_sum(struct screen *screen, const scene_buildup *buildup);

#endif
