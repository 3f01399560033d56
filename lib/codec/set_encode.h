/* What is behind nmf_set_encode(), for those that want no file. */
#ifndef NMFIMG_CODEC_SET_ENCODE_H
#define NMFIMG_CODEC_SET_ENCODE_H

#include "codec/set_search.h"

/* One target at most (the others are 0), and within its range. Fails:
 * NMF_ERR_ARGUMENT */
nmf_status nmf_check_targets(unsigned quality, double psnr, size_t bytes,
                             nmf_error *err);

/*
 * Check and round the pictures. options: their seed and threads, and what of
 * them may be wrong. Released by nmf_set_data_release(); on failure all zero.
 * Fails: as nmf_set_encode()
 */
nmf_status nmf_set_data_init(nmf_set_data *out, const nmf_matrix *X,
                             const nmf_geometry *geometry,
                             const nmf_set_options *options, bool is_signed,
                             nmf_error *err);
void nmf_set_data_release(nmf_set_data *data);

/*
 * Check and round the pictures, and find what meets the target of options; its
 * names are not looked at, name_bytes are what they will take. is_signed: by
 * the mean picture and factors of any sign. out is released by
 * nmf_set_found_release(); on failure all zero. Fails: as nmf_set_encode()
 */
nmf_status nmf_set_find(nmf_set_found *out, const nmf_matrix *X,
                        const nmf_geometry *geometry,
                        const nmf_set_options *options, size_t name_bytes,
                        bool is_signed, nmf_error *err);

#endif
