/* The encoder's search for the rank and the step that meet a target best. */
#ifndef NMFIMG_CODEC_SET_SEARCH_H
#define NMFIMG_CODEC_SET_SEARCH_H

#include "codec/set_fit.h"
#include "codec/set_write.h"

/* What is looked for, and who is told. */
typedef struct nmf_set_goal {
    double psnr;         /* dB, at least; 0: none */
    size_t bytes;        /* of the file, at most; 0: none */
    size_t name_bytes;   /* of that, taken by coded names */
    size_t n_components; /* 0: any */
    bool no_residual;
    nmf_set_callback callback;
    void *context;
} nmf_set_goal;

/* What was found; owned by the caller, nmf_set_found_release(). */
typedef struct nmf_set_found {
    nmf_set_factors factors;
    nmf_set_streams streams;
    uint8_t *pixels; /* n_images x n_features */
    double psnr;     /* of the pixels */
} nmf_set_found;

/*
 * Fails: NMF_ERR_ARGUMENT (a target out of reach), _MEMORY, _CANCELLED, and as
 * nmf_fit()
 */
nmf_status nmf_set_search(nmf_set_found *out, const nmf_set_data *data,
                          const nmf_set_goal *goal, nmf_error *err);
void nmf_set_found_release(nmf_set_found *found);

#endif
