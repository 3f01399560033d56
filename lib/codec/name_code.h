/*
 * The names of a set's pictures, each told from the one before it. FORMAT.md,
 * section 12.
 */
#ifndef NMFIMG_CODEC_NAME_CODE_H
#define NMFIMG_CODEC_NAME_CODE_H

#include <nmfimg/file.h>

#include <stddef.h>

/*
 * n names as the payload of nAME; released by nmf_bytes_release().
 * Fails: NMF_ERR_ARGUMENT (a name of more than 65,535 bytes), _MEMORY
 */
nmf_status nmf_names_encode(nmf_bytes *out, const char *const *names, size_t n,
                            nmf_error *err);

/*
 * And back: an array of n, in one piece of memory with the names, freed by
 * nmf_free(). Fails: NMF_ERR_FORMAT, _LIMIT (more than budget bytes), _MEMORY
 */
nmf_status nmf_names_decode(char ***names, size_t n, const uint8_t *bytes,
                            size_t size, size_t budget, const char *file,
                            nmf_error *err);

#endif
