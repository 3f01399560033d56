/* Integer samples to floats. Contracts are in samples.h. */
#include "image/samples.h"

enum { LUMA_R = 299, LUMA_G = 587, LUMA_B = 114, LUMA_SUM = 1000 };

#if defined(__GNUC__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

static ALWAYS_INLINE int sample(const uint8_t *in, size_t i, bool wide)
{
    return wide ? in[2 * i] << 8 | in[2 * i + 1] : in[i];
}

/*
 * The loop, written once. It is inlined below for each layout with constants
 * for all but the row itself, which leaves loops without a branch that the
 * compiler can vectorise.
 */
static ALWAYS_INLINE void convert(float *restrict out, size_t out_channels,
                                  const uint8_t *restrict in, size_t width,
                                  unsigned channels, bool wide, unsigned max)
{
    const bool has_alpha = channels == 2 || channels == 4;
    const bool is_colour = channels >= 3;
    const float white = (float)max;
    const float luma_white = (float)(LUMA_SUM * max);
    for (size_t x = 0; x < width; x++) {
        const size_t i = x * channels;
        const float alpha =
            has_alpha ? (float)sample(in, i + channels - 1, wide) / white
                      : 1.0F;
        if (is_colour && out_channels == 1) {
            int luma = LUMA_R * sample(in, i, wide) +
                       LUMA_G * sample(in, i + 1, wide) +
                       LUMA_B * sample(in, i + 2, wide);
            out[x] = (float)luma / luma_white * alpha;
        } else {
            for (size_t c = 0; c < out_channels; c++) {
                float value = (float)sample(in, is_colour ? i + c : i, wide);
                out[x * out_channels + c] = value / white * alpha;
            }
        }
    }
}

void nmf_samples_convert(float *out, size_t out_channels, const uint8_t *in,
                         size_t width, const nmf_samples *samples)
{
    const unsigned max = samples->max;
#define LAYOUT(channels, wide, outs) ((channels) << 3 | (wide) << 2 | (outs))
#define CASE(channels, wide, outs)                                             \
    case LAYOUT(channels, wide, outs):                                         \
        convert(out, outs, in, width, channels, wide, max);                    \
        break
#define CASES(channels)                                                        \
    CASE(channels, 0, 1);                                                      \
    CASE(channels, 0, 3);                                                      \
    CASE(channels, 1, 1);                                                      \
    CASE(channels, 1, 3)
    switch (LAYOUT(samples->channels, (unsigned)samples->wide,
                   (unsigned)out_channels)) {
        CASES(1U);
        CASES(2U);
        CASES(3U);
        CASES(4U);
    default:
        break;
    }
#undef CASES
#undef CASE
#undef LAYOUT
}

void nmf_samples_convert_cmyk(float *out, size_t out_channels,
                              const uint8_t *in, size_t width, bool ink_is_255)
{
    const float white = 255.0F * 255.0F;
    const unsigned flip = ink_is_255 ? 255U : 0U;
    for (size_t x = 0; x < width; x++, in += 4, out += out_channels) {
        const int c = (int)(in[0] ^ flip);
        const int m = (int)(in[1] ^ flip);
        const int y = (int)(in[2] ^ flip);
        const int k = (int)(in[3] ^ flip);
        if (out_channels == 1) {
            int luma = LUMA_R * c + LUMA_G * m + LUMA_B * y;
            out[0] = (float)(luma * k) / (LUMA_SUM * white);
        } else {
            out[0] = (float)(c * k) / white;
            out[1] = (float)(m * k) / white;
            out[2] = (float)(y * k) / white;
        }
    }
}
