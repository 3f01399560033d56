/*
 * Loads sets and opens model files on threads of its own, so that the screen
 * goes on.
 *
 *     struct loader *loader = NULL;
 *     loader_create(&loader, wake_the_event_loop, NULL, &err);
 *     loader_begin(loader, paths, n_paths, &options, &err);
 *     switch (loader_poll(loader, &result, &err)) {   // each frame
 *     case LOADER_DONE: show(&result); loader_result_release(&result); break;
 *     case LOADER_FAILED: say(err.message); break;
 *     default: break;
 *     }
 *     loader_free(loader);
 *
 * What cannot be loaded leaves what is shown as it is: the sentence is the
 * library's.
 */
#ifndef NMFIMG_VIEWER_LOADER_H
#define NMFIMG_VIEWER_LOADER_H

#include "shared_data.h"

#include <nmfimg/codec.h>

#include <stdbool.h>
#include <stdint.h>

struct loader;

enum loader_state {
    LOADER_IDLE,  /* nothing to tell */
    LOADER_BUSY,  /* loading */
    LOADER_DONE,  /* the result was handed over */
    LOADER_FAILED /* the sentence was handed over */
};

enum { LOADER_MAX_NOTICES = 200 };

/* What came of a request; owned by who polled it. */
struct loader_result {
    uint64_t request;         /* what loader_begin() was the how-manieth */
    struct shared_data *data; /* the set, one hold on it; NULL: a model file */
    nmf_set_info compressed;  /* data was in such a file; total_bytes 0: no */
    nmf_matrix W;             /* what was in it, nmf_set_parts(); else empty */
    nmf_matrix H;
    nmf_model_file file; /* the model file; empty where data is there */
    char **notices;      /* "'FILE': why" of what was left out; n_notices of */
    size_t n_notices;    /* them, no more than LOADER_MAX_NOTICES */
    size_t n_left_out;   /* files that were left out, also those beyond that */
};

/* Free what the result owns and make it empty; an empty one is fine. What is
 * to be kept is taken out before: set data to NULL, file to {0}. */
void loader_result_release(struct loader_result *result);

/*
 * wake    called on a thread of the loader when there is something to poll,
 *         with context; must not call the loader; may be NULL
 * Fails:  NMF_ERR_MEMORY
 */
nmf_status loader_create(struct loader **out, void (*wake)(void *),
                         void *context, nmf_error *err);

/* Wait for what is being loaded, drop it, free. NULL is fine. */
void loader_free(struct loader *loader);

/*
 * Take no further request. true: all ended within that time; false: something
 * is still being loaded, and a program about to exit leaves the loader unfreed.
 */
bool loader_stop(struct loader *loader, double seconds);

/*
 * Begin. One file that begins like a model file is opened as such, and like a
 * compressed set is decompressed; all else is a set. An earlier request that
 * has not been handed over is superseded: it is never heard of again, and does
 * not hold this one up.
 *
 * inputs   n_inputs >= 1 as for nmf_dataset_load(), copied
 * options  of the set, copied; NULL: the defaults. on_skip and context are the
 *          loader's own. max_bytes holds for model files, too.
 * Fails:   NMF_ERR_MEMORY; an earlier request goes on then
 */
nmf_status loader_begin(struct loader *loader, const char *const *inputs,
                        size_t n_inputs, const nmf_dataset_options *options,
                        nmf_error *err);

/*
 * What has become of the newest request. LOADER_DONE fills out, LOADER_FAILED
 * fills err, each once; then LOADER_IDLE. Never waits.
 */
enum loader_state loader_poll(struct loader *loader, struct loader_result *out,
                              nmf_error *err);

/* How long the request has been loading, and how many files were left out so
 * far; zeros unless it is LOADER_BUSY. */
struct loader_progress {
    double seconds;
    size_t n_left_out;
};
struct loader_progress loader_progress(struct loader *loader);

/* Wait until there is something to poll, or nothing under way. false: the time
 * is up. For headless use. */
bool loader_wait(struct loader *loader, double seconds);

#endif
