/* The encoder's last steps: chosen numbers as the sections of a file. */
#ifndef NMFIMG_CODEC_SET_WRITE_H
#define NMFIMG_CODEC_SET_WRITE_H

#include "codec/set.h"

/* What is coded; all owned, nmf_set_streams_release(). */
typedef struct nmf_set_streams {
    nmf_bytes basis;
    nmf_bytes activations;
    nmf_bytes residual; /* payload of RESI; empty: none */
} nmf_set_streams;

/* Choose the parents of factors' activations and code both; no residual. */
nmf_status nmf_set_streams_code(nmf_set_streams *out, nmf_set_factors *factors,
                                nmf_error *err);
void nmf_set_streams_release(nmf_set_streams *streams);

/* The size of a file of these streams and of coded names (0: none). */
size_t nmf_set_file_size(const nmf_set_streams *streams, size_t name_bytes);

/*
 * The file. pixels: n_images x n_features, as a decoder paints them; names is
 * the payload of nAME, or empty.
 */
nmf_status nmf_set_file_write(nmf_bytes *out, const nmf_set_factors *factors,
                              const nmf_set_streams *streams,
                              const nmf_bytes *names, const uint8_t *pixels,
                              nmf_error *err);

#endif
