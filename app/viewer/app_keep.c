/* Commands of keeping: save, record, screenshot. */
#include "app_keep.h"

#include "app_private.h"
#include "app_session.h"
#include "keep_sheet.h"

#include "output.h"

#include <nmfimg/file.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- What there is to keep. */

static const struct {
    const char *command;
    const char *name;   /* behind the title, in a proposed name */
    const char *ending; /* of the file */
    const char *is;     /* "a picture": what such a file is */
} kinds[KEEP_N_KINDS] = {
    {"save picture", "-picture", ".png", "a PNG picture"},
    {"save parts", "-parts", ".png", "a PNG picture"},
    {"save model", "", ".nmfi", "a model"},
    {"save session", "-session", ".nmfi", "a session"},
    {"record", "-film", ".gif", "a film"},
    {"screenshot", "-window", ".png", "a PNG picture"},
};

const char *keep_command(enum keep_kind kind)
{
    return kinds[kind].command;
}

/* ---- Names. */

/* "@faces" -> "faces", "my faces.zip" -> "my-faces.zip": what no shell and no
 * file system minds. */
static void plain_name(char *out, size_t size, const char *title)
{
    size_t n = 0;
    for (; *title && n + 1 < size; title++) {
        unsigned char c = (unsigned char)*title;
        bool is_plain = isalnum(c) || c >= 0x80 || c == '_' || c == '.';
        if (is_plain && (n > 0 || c != '.')) {
            out[n++] = (char)c;
        } else if (n > 0 && out[n - 1] != '-') {
            out[n++] = '-';
        }
    }
    while (n > 0 && (out[n - 1] == '-' || out[n - 1] == '.')) {
        n--;
    }
    out[n] = '\0';
}

static bool exists(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

void keep_propose(const struct app *app, enum keep_kind kind, char *out,
                  size_t size)
{
    char title[sizeof app->title];
    char picture[32] = "";
    plain_name(title, sizeof title, app->title);
    /* A model that was opened by itself is called after its file. */
    if (output_has_extension(title, kinds[KEEP_MODEL].ending)) {
        title[strlen(title) - strlen(kinds[KEEP_MODEL].ending)] = '\0';
    }
    if (kind == KEEP_PICTURE && app->picture.k) {
        snprintf(picture, sizeof picture, "-%zu", app->picture.index);
    }
    for (size_t i = 1;; i++) {
        char number[24] = "";
        if (i > 1) {
            snprintf(number, sizeof number, "-%zu", i);
        }
        snprintf(out, size, "%s%s%s%s%s", title[0] ? title : "nmfimg",
                 kinds[kind].name, picture, number, kinds[kind].ending);
        if (!exists(out)) {
            return;
        }
    }
}

/* Does the last part of a path have an ending? */
static bool has_ending(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot > name && dot[1];
}

/*
 * The path that a file of a kind gets: as given, with the ending where it has
 * none, or the one proposed. False: it promises something else, was said.
 */
static bool choose_path(struct app *app, enum keep_kind kind, const char *given,
                        char *out, size_t size)
{
    const char *ending = kinds[kind].ending;
    if (!given) {
        keep_propose(app, kind, out, size);
        return true;
    }
    int n = snprintf(out, size, "%s%s", given, has_ending(given) ? "" : ending);
    if (n < 0 || (size_t)n >= size) {
        return app_warn(app, "a path of more than %zu bytes", size - 1);
    }
    return output_has_extension(out, ending) ||
           app_warn(app, "%s ends in %s: not '%s'", kinds[kind].is, ending,
                    given);
}

/* ---- save */

static nmf_status save_image(const char *path, const struct app *app,
                             nmf_status (*draw)(nmf_image *, const struct app *,
                                                nmf_error *),
                             bool overwrite, nmf_error *err)
{
    nmf_image image = {0};
    nmf_status status = nmf_file_check_output(path, overwrite, err);
    if (status == NMF_OK) {
        status = draw(&image, app, err);
    }
    if (status == NMF_OK) {
        status = nmf_image_save(path, &image, overwrite, err);
    }
    nmf_image_release(&image);
    return status;
}

static nmf_status save_model(const char *path, const struct app *app,
                             bool overwrite, nmf_error *err)
{
    nmf_model_file file = {0};
    nmf_status status = app_model_file(&file, app, err);
    if (status == NMF_OK) {
        status = nmf_model_save(path, &file,
                                nmf_model_file_activations(&file) != NULL,
                                overwrite, err);
    }
    nmf_model_free(file.model);
    nmf_decomposition_free(file.decomposition);
    return status;
}

static nmf_status save(const char *path, const struct app *app,
                       enum keep_kind kind, bool overwrite, nmf_error *err)
{
    switch (kind) {
    case KEEP_PICTURE:
        return save_image(path, app, keep_sheet_picture, overwrite, err);
    case KEEP_PARTS:
        return save_image(path, app, keep_sheet_parts, overwrite, err);
    case KEEP_MODEL:
        return save_model(path, app, overwrite, err);
    default:
        return app_session_save(app, path, overwrite, err);
    }
}

static bool save_kind(struct app *app, enum keep_kind kind, const char *given)
{
    static const char *const told[] = {
        "the picture, what it was rebuilt to, and their difference are in '%s'",
        "the parts are in '%s'", "the model is in '%s'",
        "the session is in '%s': open it to go on from here"};
    char path[sizeof app->record_path];
    nmf_error err = {0};
    if (!choose_path(app, kind, given, path, sizeof path)) {
        return false;
    }
    if (save(path, app, kind, given && app->view.common.force, &err) !=
        NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    char text[sizeof app->message];
    snprintf(text, sizeof text, told[kind], path);
    app_say(app, "%s", text);
    return true;
}

bool app_save(struct app *app, const struct command_args *args)
{
    static const char *const names[] = {"picture", "parts", "model", "session"};
    if (args->n == 0) {
        app->dialog = APP_DIALOG_SAVE;
        return true;
    }
    for (int i = 0; i <= KEEP_SESSION; i++) {
        if (strcmp(args->arg[0], names[i]) == 0) {
            return save_kind(app, (enum keep_kind)i,
                             args->n > 1 ? args->arg[1] : NULL);
        }
    }
    return app_warn(app, "'%.40s': expected picture, parts, model or session",
                    args->arg[0]);
}

/* ---- record */

bool app_is_recording(const struct app *app)
{
    return app->record_path[0] != '\0';
}

bool app_record(struct app *app, const struct command_args *args)
{
    const char *path = args->arg[0];
    nmf_error err = {0};
    if (strcmp(path, "stop") == 0) {
        if (!app_is_recording(app)) {
            return app_warn(app, "nothing is being recorded");
        }
        app_record_stop(app);
        return !app->is_warning;
    }
    if (app_is_recording(app)) {
        return app_warn(app, "'%s' is being recorded: stop that first",
                        app->record_path);
    }
    if (strlen(path) >= sizeof app->record_path || !*path) {
        return app_warn(app, "a path of 1 to %zu bytes is wanted",
                        sizeof app->record_path - 1);
    }
    bool is_gif = output_has_extension(path, ".gif");
    if (!is_gif && has_ending(path) && !exists(path)) {
        return app_warn(app,
                        "a film is a GIF (.gif) or a folder of PNG pictures: "
                        "not '%s'",
                        path);
    }
    if (is_gif &&
        nmf_file_check_output(path, app->view.common.force, &err) != NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    memcpy(app->record_path, path, strlen(path) + 1);
    app->n_recorded = 0;
    app_say(app, "recording to '%s' from the next frame on", path);
    return true;
}

static void forget_recording(struct app *app)
{
    record_abort(&app->record);
    app->record_path[0] = '\0';
    app->n_recorded = 0;
}

void app_record_frame(struct app *app, const nmf_image *frame, double seconds)
{
    nmf_error err = {0};
    nmf_status status = NMF_OK;
    if (!app_is_recording(app)) {
        return;
    }
    if (!app->record) {
        status = record_open(&app->record, app->record_path, frame->width,
                             frame->height, app->view.common.force, &err);
    } else if (!record_takes(app->record, frame)) {
        char message[sizeof app->message];
        app_record_stop(app);
        memcpy(message, app->message, sizeof message);
        app_warn(app, "the window has another size now: %s", message);
        return;
    }
    if (status == NMF_OK) {
        status = record_add(app->record, frame, seconds, &err);
    }
    if (status != NMF_OK) {
        forget_recording(app);
        app_warn(app, "%s", err.message);
        return;
    }
    app->n_recorded = record_count(app->record);
}

void app_record_stop(struct app *app)
{
    char path[sizeof app->record_path];
    size_t n = app->n_recorded;
    nmf_error err = {0};
    if (!app_is_recording(app)) {
        return;
    }
    memcpy(path, app->record_path, sizeof path);
    nmf_status status = NMF_OK;
    if (app->record) {
        status = record_close(&app->record, &err);
    }
    forget_recording(app);
    if (status != NMF_OK) {
        app_warn(app, "%s", err.message);
    } else if (n == 0) {
        app_warn(app, "no frame was drawn since: nothing is recorded");
    } else {
        app_say(app, "%zu frame%s are in '%s'", n, n == 1 ? "" : "s", path);
    }
}

/* ---- screenshot */

bool app_screenshot(struct app *app, const struct command_args *args)
{
    char path[sizeof app->shot_path];
    nmf_error err = {0};
    if (!choose_path(app, KEEP_WINDOW, args->arg[0], path, sizeof path)) {
        return false;
    }
    if (nmf_file_check_output(path, app->view.common.force, &err) != NMF_OK) {
        return app_warn(app, "%s", err.message);
    }
    memcpy(app->shot_path, path, sizeof path);
    app->shot_overwrite = app->view.common.force;
    return true;
}
