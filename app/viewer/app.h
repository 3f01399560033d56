/*
 * The viewer without its screen: what is loaded, learned and looked at, and
 * the commands that change it. Panels read it and change it by commands alone;
 * so do keys, scripts and tests, and nothing here knows of SDL.
 *
 *     struct app *app = NULL;
 *     app_create(&app, &view, wake_the_event_loop, NULL, &err);
 *     app_do(app, "open faces/orl");
 *     while (!app->quits) {
 *         if (app_tick(app, seconds_since_the_last_frame))
 *             draw(app);
 *     }
 *     app_free(app);
 *
 * In reading order: this file; commands.h, the table of commands; app_state.h,
 * what there is to read.
 */
#ifndef NMFIMG_VIEWER_APP_H
#define NMFIMG_VIEWER_APP_H

#include "app_state.h"

#if defined(__GNUC__)
#define APP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define APP_PRINTF(text, first)
#endif

/*
 * Nothing is loaded yet: that is what the command "open" does.
 *
 * view    the command line, copied; paths and texts in it live as long as the
 *         app
 * wake    called on other threads when app_tick() has something to take, with
 *         context; must not call the app; may be NULL
 * Fails:  NMF_ERR_MEMORY
 */
nmf_status app_create(struct app **out, const struct view_options *view,
                      void (*wake)(void *), void *context, nmf_error *err);

/*
 * Stop all that is under way and free; NULL is fine. False: something did not
 * end within the time given, and still runs on memory that is not freed: the
 * process is to end at once (_Exit()).
 */
bool app_free(struct app *app, double seconds);

/*
 * Begin a frame: take what the solver and the loader have ready, move what
 * moves by itself. True: something is to be drawn anew.
 *
 * seconds   since the last call; frozen (headless): what a frame stands for,
 *           and the solver makes one iteration, where it runs
 */
bool app_tick(struct app *app, double seconds);

/* Something moves by itself, so that the next frame is due without any event:
 * the build-up plays, a message fades. */
bool app_is_moving(const struct app *app);

/* Headless: wait until nothing is being loaded and the solver rests. */
void app_settle(struct app *app);

/*
 * Do what a line says: the name of a command and its arguments (commands.h).
 * False: it could not be done, and the message says why.
 */
bool app_do(struct app *app, const char *format, ...) APP_PRINTF(2, 3);

/* Open files, folders or built-in sets: the command "open" for any number. */
bool app_open_paths(struct app *app, const char *const *paths, size_t n);

/* What the line at the bottom says; a warning is on stderr too. */
void app_say(struct app *app, const char *format, ...) APP_PRINTF(2, 3);
bool app_warn(struct app *app, const char *format, ...)
    APP_PRINTF(2, 3); /* returns false */

/* The rows of the options of the fit and of loading, until OPT_END: each row
 * is a control, and "set NAME VALUE" changes it. */
const struct opt *app_options(const struct app *app);
/* The same rows with the values that they have without a choice; for "set NAME
 * default". */
const struct opt *app_default_options(void);

/* ---- What panels ask for often. */

/* A model file is open, with pictures or without. */
bool app_has_model(const struct app *app);
/* "nmf", "pca" ...: of what is shown. */
nmf_method app_method(const struct app *app);
/* What part t is called: "12", or "mean". */
struct app_part_name {
    char text[24];
} app_part_name(const struct app *app, size_t t);
/* The set shown; NULL where there is none (nothing loaded, a model alone). */
const nmf_dataset *app_set(const struct app *app);
size_t app_n_pictures(const struct app *app);
/* The name of a picture without its folders, or with the last one where the
 * pictures are in several ("s3/4.png"); "" where there is none. */
const char *app_picture_name(const struct app *app, size_t p);
/* "running", "paused", "converged" ... and what the title of the window is:
 * data, parts, iterations, state. */
const char *app_state_name(const struct app *app);
/* What "undo" would take back, in a few words: "--solver"; NULL: nothing. */
const char *app_undo_name(const struct app *app);
void app_title(const struct app *app, char *out, size_t size);

/* The build-up and the mix are worked out when looked at: panels that show
 * them ask for them so. NULL: there is nothing to show. */
const scene_buildup *app_buildup(struct app *app);
const scene_mix *app_mix(struct app *app);
/* Likewise SSIM; NaN where there is none. */
double app_ssim(struct app *app);
/* Likewise what a compressed file of these parts has, which is worked out
 * meanwhile: the last that is known, while learning of some moments ago. */
const struct weight *app_weight(struct app *app);

/* A recording was asked for, and app_record_frame() is to be given every frame
 * that is drawn. */
bool app_is_recording(const struct app *app);

/*
 * The frame just drawn, which is shown for some seconds. The first one fixes
 * the size of the recording; one of another size ends it, and so does a frame
 * that cannot be written: the message says so.
 */
void app_record_frame(struct app *app, const nmf_image *frame, double seconds);

/* End the recording, so that its file appears; nothing where there is none. */
void app_record_stop(struct app *app);

/* The n pictures that use the selected part most. */
size_t app_users(const struct app *app, scene_user *out, size_t n);

#endif
