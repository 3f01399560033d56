/*
 * Works out, on a thread of its own, how many bytes `nmfimg compress` makes of
 * the pictures with the parts of the moment.
 *
 *     weigher_begin(weigher, data, &W, &H, version, &err);
 *     if (weigher_poll(weigher, &weight))          // a later frame
 *         show(weight.bytes, weight.psnr);
 *
 * All functions are for one thread, the screen's.
 */
#ifndef NMFIMG_VIEWER_WEIGHER_H
#define NMFIMG_VIEWER_WEIGHER_H

#include "shared_data.h"

#include <stdbool.h>
#include <stdint.h>

struct weigher;

/* What came of it; bytes 0: these pictures do not make a file. */
struct weight {
    uint64_t version; /* as weigher_begin() was told */
    size_t bytes;
    double psnr;    /* dB, of the file decoded again */
    double seconds; /* that it took */
};

/* wake: called on the thread when there is something to poll; may be NULL.
 * Fails: NMF_ERR_MEMORY */
nmf_status weigher_create(struct weigher **out, void (*wake)(void *),
                          void *context, nmf_error *err);

/* Break off what is under way, wait, free. NULL is fine. */
void weigher_free(struct weigher *weigher);

/* The same without freeing; false: it has not ended within that time. */
bool weigher_stop(struct weigher *weigher, double seconds);

/*
 * Weigh the set with these factors, n_samples x k and k x n_features, which are
 * copied; what is under way is broken off. data is held until it ends.
 * Fails: NMF_ERR_MEMORY
 */
nmf_status weigher_begin(struct weigher *weigher, struct shared_data *data,
                         const nmf_matrix *W, const nmf_matrix *H,
                         uint64_t version, nmf_error *err);

/* Is something under way, or ready to be polled? */
bool weigher_is_busy(struct weigher *weigher);

/* True, once: a weight is ready. */
bool weigher_poll(struct weigher *weigher, struct weight *out);

/* Wait until nothing is under way; false: the time is up. */
bool weigher_wait(struct weigher *weigher, double seconds);

#endif
