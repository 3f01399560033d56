/* The viewer's state without a screen, as several tests want it. */
#ifndef NMFIMG_TESTS_APP_SUPPORT_H
#define NMFIMG_TESTS_APP_SUPPORT_H

#include "support.h"

#include "app.h"

/* Frozen (one iteration a frame), paused, nothing open. k: parts; 0: as suits
 * the pictures. Free with app_support_finish(). */
struct app *app_support_create(size_t k);

/* All threads must have ended. */
void app_support_finish(struct app *app);

/* n frames. */
void app_support_frames(struct app *app, size_t n);

/* Do the command "FORMAT..." and let the solver catch up. */
void app_support_must(struct app *app, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The command must be refused with a sentence that has part in it. */
void app_support_refuses(struct app *app, const char *part, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

#endif
