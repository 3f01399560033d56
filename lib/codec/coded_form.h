/*
 * Figures of FORMAT.md, sections 13 and 14, that both the encoder and the
 * decoder of coded pictures need.
 */
#ifndef NMFIMG_CODEC_CODED_FORM_H
#define NMFIMG_CODEC_CODED_FORM_H

#include "codec/step_code.h"

enum {
    NMF_CODED_MAGIC_0 = 0x9e, /* of the short form */
    NMF_CODED_MAGIC_1 = 0x4e,
    NMF_CODED_SHORT_HEAD = 7,      /* bytes before its code */
    NMF_CODED_SHORT_MAX = 1 << 20, /* of its code */
    NMF_CODED_HEAD_SIZE = 13       /* of HEAD */
};

/* Does a file begin like one of the short form? */
bool nmf_coded_sniff_one(const void *bytes, size_t size);

/* The steps and shifts of pictures. Owns its memory. */
typedef struct nmf_coded_pictures {
    size_t n_images;
    size_t n_modes;
    int32_t *steps;  /* n_images x n_modes */
    int32_t *shifts; /* n_images x 2: x and y */
} nmf_coded_pictures;

/* Zeros. Fails: NMF_ERR_MEMORY */
nmf_status nmf_coded_pictures_init(nmf_coded_pictures *out, size_t n_images,
                                   size_t n_modes, nmf_error *err);
void nmf_coded_pictures_release(nmf_coded_pictures *pictures);

nmf_coded_picture nmf_coded_picture_at(const nmf_coded_pictures *pictures,
                                       size_t i);

/* All of them as the bytes of a code. Fails: NMF_ERR_MEMORY */
nmf_status nmf_coded_pictures_write(nmf_bytes *out,
                                    const nmf_coded_pictures *pictures,
                                    const nmf_codebook *book, unsigned step,
                                    nmf_error *err);

#endif
