/*
 * A row of integer samples becomes a row of floats in [0, 1]. The one place
 * where luma, transparency and depths are dealt with.
 */
#ifndef NMFIMG_IMAGE_SAMPLES_H
#define NMFIMG_IMAGE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a stored row is laid out: channels interleaved. */
typedef struct nmf_samples {
    unsigned channels; /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
    bool wide;         /* 16 bits, most significant byte first; else 8 bits */
    unsigned max;      /* the value of white, 1 .. 65535; none is larger */
} nmf_samples;

/*
 * Convert a row of width pixels to out_channels (1 or 3) floats each. Colour is
 * multiplied by alpha where there is one; colour to grey is Rec. 601 luma,
 *
 *     y = 0.299 r + 0.587 g + 0.114 b,
 *
 * as (299 r + 587 g + 114 b) / (1000 max): integers up to one division, so that
 * white is 1 and, with 8 bits, r = g = b gives the very float that grey gives.
 */
void nmf_samples_convert(float *out, size_t out_channels, const uint8_t *in,
                         size_t width, const nmf_samples *samples);

/*
 * The same for 8-bit C M Y K, with 255 for no ink (Adobe's way) or, if
 * ink_is_255, for full ink: r = (1 - c) (1 - k) and so on.
 */
void nmf_samples_convert_cmyk(float *out, size_t out_channels,
                              const uint8_t *in, size_t width, bool ink_is_255);

#endif
