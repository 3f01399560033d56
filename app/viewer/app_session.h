/*
 * Sessions of the app: session.h says what is in one, app_session.c what of the
 * app that is.
 *
 * To be opened again, a session takes its time: its pictures are loaded, the
 * solver publishes the start, and only then is there something to look at.
 *
 *     app_session_open(app, &file, "faces.nmfi");  // the file was loaded
 *     app_session_begin_fit(app);                  // its pictures were
 *     app_session_show(app);                       // the first snapshot came
 *
 * Each is called by the file of the app where that happens, and does nothing
 * where no session is being opened.
 */
#ifndef NMFIMG_VIEWER_APP_SESSION_H
#define NMFIMG_VIEWER_APP_SESSION_H

#include "app.h"

/*
 * What is shown as the content of a model file: a new model of the snapshot,
 * the set's geometry and pictures. file->model is the caller's and freed by
 * nmf_model_free(), all else is borrowed from the app.
 *
 * Fails: NMF_ERR_ARGUMENT (there are no parts yet), _MEMORY
 */
nmf_status app_model_file(nmf_model_file *file, const struct app *app,
                          nmf_error *err);

/* Save that with the session in it, whole or not at all. */
nmf_status app_session_save(const struct app *app, const char *path,
                            bool overwrite, nmf_error *err);

/*
 * Open the session of a model file that has one: begin to load its pictures.
 * Nothing else changes until they are there. The file is the app's from now
 * on, *file is empty then. False: the session is damaged or there is no
 * memory, the message says so, and the file stays the caller's.
 *
 * name   of the file, in messages
 */
bool app_session_open(struct app *app, nmf_model_file *file, const char *name);

/* Its pictures are in app->data and its paths in app->inputs: take its options
 * and its runs, and go on from its model, paused. */
bool app_session_begin_fit(struct app *app);

/* Its model is in the snapshot: look at it as it was looked at. */
void app_session_show(struct app *app);

/* Its pictures could not be loaded. True: the model is handed over, to be shown
 * without them. */
bool app_session_without_pictures(struct app *app, nmf_model_file *file);

/* Something else is opened instead. */
void app_session_drop(struct app *app);

#endif
