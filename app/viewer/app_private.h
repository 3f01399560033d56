/* What the files of the app (app_*.c) share. */
#ifndef NMFIMG_VIEWER_APP_PRIVATE_H
#define NMFIMG_VIEWER_APP_PRIVATE_H

#include "app.h"
#include "app_commands.h"

/* ---- app_learn.c */

/*
 * Begin a fit of app->data with the options as they are, from W0 and H0, or
 * from the start that the options say (both NULL). False: refused, the message
 * says why, and what was there goes on.
 */
bool app_begin_fit(struct app *app, const nmf_matrix *W0, const nmf_matrix *H0,
                   bool running);

/* Is the solver iterating, or about to? */
bool app_is_running(struct app *app);

/* How many parts the next fit has. */
size_t app_n_components(const struct app *app);

/* Frozen: the iteration that belongs to a frame. */
void app_advance_frozen(struct app *app);

/* ---- app_show.c: what is shown, worked out from the snapshot. */

/* A newer snapshot has come: take all from it. */
void app_show_snapshot(struct app *app);
/* Another picture, other weights, hidden parts: the reconstruction anew. */
void app_show_picture(struct app *app);
/* The values of the mix as they were learned. */
void app_reset_mix(struct app *app);
void app_release_shown(struct app *app);

/* ---- app_open.c */
void app_take_loaded(struct app *app, struct loader_result *result);
void app_take_failure(struct app *app, const nmf_error *err);
/* Begin to load n paths, which are copied, with these options of loading. */
bool app_load(struct app *app, const char *const *paths, size_t n,
              const struct load_options *load);
/* A copy of n texts, NULL where memory is short; and freeing them. */
char **app_copy_texts(char *const *texts, size_t n);
void app_free_texts(char **texts, size_t n);

/* ---- app_weigh.c */

/* A weight is ready: take it; true: one was. */
bool app_take_weight(struct app *app);
/* Other pictures: what was weighed is nothing to them. */
void app_forget_weight(struct app *app);

/* ---- app_model.c: the model that is open. */

void app_close_model(struct app *app);
/* Are the pictures of the size that its components are? */
bool app_model_fits(const struct app *app);
/* Begin with the activations of app->data under it; false: refused, was said.
 */
bool app_use_model(struct app *app);
/* Its parts; reconstructions only once its pictures are opened, too. */
void app_show_model(struct app *app);

/* ---- app_options.c */
bool app_create_options(struct app *app);
void app_free_options(struct app *app);
/* As opt_set(), and the word "default" for any option. */
bool app_set_value(struct app *app, const char *name, const char *text,
                   char *message, size_t size);
/* A copy of a text that lives as long as the app; NULL: no memory. */
const char *app_keep_text(struct app *app, const char *text);

/* Which rows of app->options have another value than without a choice; the
 * first n of them. */
void app_chosen_options(const struct app *app, bool *chosen, size_t n);

/* Is it one of those that say how pictures are loaded? */
bool app_is_about_loading(const struct app *app, const char *name);

/* ---- app_undo.c: what can be taken back. */

/* Remember how things are, before the change that is called so; with the
 * factors where the change is to what is learned. A change of the same name as
 * the last one, and not of factors, is part of it. */
void app_remember(struct app *app, bool with_factors, const char *format, ...)
    APP_PRINTF(3, 4);
/* Take the last change back; false: there is none. */
bool app_take_back(struct app *app);
/* The last change was refused: likewise, without a word; and where nothing had
 * been changed yet. */
void app_revert(struct app *app);
void app_forget(struct app *app);
void app_free_undo(struct app *app);

#endif
