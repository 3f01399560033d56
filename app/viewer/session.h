/*
 * A session of the viewer: what was loaded, how it was learned, how it was
 * looked at. Saved in the view of a model file (nmfimg/codec.h), as JSON, so
 * that a session is a model that every command reads.
 *
 *     const struct session_field fields[] = {
 *         {SESSION_DOUBLE, "zoom", &state.zoom, 0.1, 64},
 *         {SESSION_BOOL, "show-grid", &state.show_grid, 0, 0},
 *         {.type = SESSION_END},
 *     };
 *     struct session session = {.options = opts, .fields = fields};
 *     if (session_load(&file, &session, path, 0, &err) == NMF_OK) ...
 *     session_release(&session);
 *
 * The JSON object, all members but the version optional, in any order:
 *
 *     version   1; another one is refused
 *     program   who wrote it, for people
 *     inputs    [{"path": as given, "absolute": likewise or null}, ...]
 *     options   {name of an option without dashes: value as text, ...}
 *     n_iter, seconds   spent on this model, over all sessions
 *     view      {name of a field: value, ...}
 *     hidden    [part, ...], from 0
 *     weights   [weight, ...], one a part
 *     runs      [{"label": text, "iter": [], "seconds": [], "error": []}, ...]
 *
 * Text that is no UTF-8, or has control characters, as file names may, is
 * {"hex": "666f6f..."} instead of a string. Members, options and fields of
 * unknown names are passed over; a known one of another type, or out of range,
 * is refused with a sentence, and nothing has changed then.
 */
#ifndef NMFIMG_VIEWER_SESSION_H
#define NMFIMG_VIEWER_SESSION_H

#include "opt.h"

#include <nmfimg/codec.h>

enum {
    SESSION_VERSION = 1,
    SESSION_MAX_RUNS = 64,     /* of more, the last are saved */
    SESSION_MAX_POINTS = 4096, /* a run; of more, as many evenly spaced ones */
    SESSION_MAX_INPUTS = 65536
};

/* What a field is, and the type that its value points to. */
enum session_type {
    SESSION_END = 0,
    SESSION_BOOL,   /* bool */
    SESSION_INT,    /* int, within min .. max */
    SESSION_SIZE,   /* size_t, within min .. max */
    SESSION_FLOAT,  /* float, within min .. max */
    SESSION_DOUBLE, /* double, within min .. max */
    SESSION_TEXT    /* char[max], its 0 included */
};

/* A row of the table of what is shown: to save one thing more, add one. */
struct session_field {
    enum session_type type;
    const char *name;
    void *value; /* left alone where the session does not have it */
    double min;
    double max;
};

/* The course of one fit: n iterations with time and relative error. */
struct session_run {
    const char *label;
    size_t n;
    const double *iter;
    const double *seconds;
    const double *error;
};

struct session_input {
    const char *path;     /* as given */
    const char *absolute; /* NULL: none, as of @faces; filled by reading, */
                          /* found by writing */
};

/*
 * Tables are the caller's. Rows of options are those that belong to the work
 * (FIT_OPTS, LOAD_OPTS), not those of one run of the program, as --force.
 * Numbers that are not finite, or out of the range of their field or option,
 * are not written; points of a run neither. All else is the caller's where a
 * session is written, and the session's own after reading, until
 * session_release().
 */
struct session {
    const struct opt *options; /* until OPT_END; NULL: none. Paths that */
                               /* are read into them live as long as the */
                               /* session, and are NULL after its release */
    const struct session_field *fields; /* until SESSION_END; NULL: none */
    const struct session_input *inputs;
    size_t n_inputs;
    size_t n_iter;
    double seconds;
    const size_t *hidden; /* parts, each below the model's number */
    size_t n_hidden;
    const double *weights; /* >= 0; as many as parts, or none */
    size_t n_weights;
    const struct session_run *runs;
    size_t n_runs;
    void *tree;  /* what was read; freed by session_release() */
    void *block; /* likewise */
};

/*
 * The JSON text of a session, without a zero's being counted in size; the
 * caller's, freed by free(). The same session gives the same text.
 *
 * Fails: NMF_ERR_LIMIT (more than NMF_MODEL_VIEW_MAX bytes, too many inputs),
 *        _MEMORY
 */
nmf_status session_encode(char **text, size_t *size,
                          const struct session *session, nmf_error *err);

/*
 * Read it back, after session_release() of what was read before. name stands
 * for the file in messages; n_parts is the model's.
 *
 * Fails: NMF_ERR_FORMAT (no JSON, a value of a wrong type or out of range),
 *        _UNSUPPORTED (a newer version), _LIMIT (nested too deep, more than a
 *        million values), _MEMORY; session is as it was then
 */
nmf_status session_decode(struct session *session, const char *text,
                          size_t size, const char *name, size_t n_parts,
                          nmf_error *err);

/* Free what was read; the tables stay, and must still be there. NULL is fine.
 */
void session_release(struct session *session);

/*
 * Save a model with its session, whole or not at all; file->view is not looked
 * at. Activations are kept where the model has some.
 */
nmf_status session_save(const char *path, const struct session *session,
                        const nmf_model_file *file, bool overwrite,
                        nmf_error *err);

/*
 * Load a model file, and its session where it has one (file->view_size > 0).
 * file is released by nmf_model_file_release(); on failure it is empty and
 * session as it was.
 */
nmf_status session_load(nmf_model_file *file, struct session *session,
                        const char *path, size_t max_bytes, nmf_error *err);

/*
 * Where an input is now: at its absolute path, if it is still there, else as it
 * was given.
 */
const char *session_input_path(const struct session_input *input);

#endif
