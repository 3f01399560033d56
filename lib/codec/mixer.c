/* Contracts are in mixer.h, the arithmetic in FORMAT.md, section 8. */
#include "codec/mixer.h"

#include <math.h>

enum {
    CONSTANT = 100, /* the input beside the counters */
    STRETCH_MAX = 2047
};

/* x / 2^n, rounded down, also below 0. */
static int64_t shift_down(int64_t x, unsigned n)
{
    return x >= 0 ? x >> n : ~(~x >> n);
}

/*
 * The tables come from exp() and log(): none of their values is nearer to a
 * half than 1e-5, so that any library rounds them alike. test_mixer.c holds
 * them to FORMAT.md's checksums.
 */
void nmf_mixer_init(nmf_mixer *mixer, nmf_bit_coder *coder, int32_t pace)
{
    mixer->coder = coder;
    mixer->pace = pace;
    for (int i = 0; i < NMF_STRETCH_SIZE; i++) {
        double p = (i + 0.5) / NMF_STRETCH_SIZE;
        double x = floor(256.0 * log(p / (1.0 - p)) + 0.5);
        double y = 65536.0 / (1.0 + exp((2048 - i) / 256.0));
        mixer->stretch[i] = (int16_t)fmax(-STRETCH_MAX, fmin(STRETCH_MAX, x));
        mixer->squash[i] = (uint16_t)floor(y + 0.5);
    }
}

void nmf_weights_init(nmf_weights *weights, size_t n, int32_t value)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t <= NMF_MIXER_INPUTS; t++) {
            weights[i].w[t] = value;
        }
    }
}

static uint32_t squash(const nmf_mixer *mixer, int64_t x)
{
    if (x > STRETCH_MAX) {
        x = STRETCH_MAX;
    }
    if (x < -STRETCH_MAX) {
        x = -STRETCH_MAX;
    }
    return mixer->squash[x + 2048];
}

static int64_t weigh(const nmf_weights *weights, const int32_t *inputs,
                     unsigned n)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < n; i++) {
        sum += (int64_t)weights->w[i] * inputs[i];
    }
    return shift_down(sum, 16);
}

/* Each weight moves by its input times the error that the sum made. */
static void learn(nmf_weights *weights, const int32_t *inputs, unsigned n,
                  int64_t error)
{
    enum { BOUND = 1 << 24 };
    for (unsigned i = 0; i < n; i++) {
        int64_t w =
            weights->w[i] + shift_down(inputs[i] * error + (1 << 17), 18);
        weights->w[i] = (int32_t)(w > BOUND ? BOUND : w < -BOUND ? -BOUND : w);
    }
}

bool nmf_mixer_code(nmf_mixer *mixer, bool bit, nmf_counter *const *counters,
                    unsigned n, nmf_weights *a, nmf_weights *b)
{
    int32_t inputs[NMF_MIXER_INPUTS + 1];
    for (unsigned i = 0; i < n; i++) {
        inputs[i] = mixer->stretch[*counters[i] >> 20];
    }
    inputs[n] = CONSTANT;
    int64_t x = weigh(a, inputs, n + 1);
    int64_t y = weigh(b, inputs, n + 1);
    uint32_t p = squash(mixer, shift_down(x + y, 1));
    bit = nmf_code_bit(mixer->coder, bit, p);
    int64_t target = bit ? NMF_CODER_ONE : 0;
    learn(a, inputs, n + 1, (target - squash(mixer, x)) * mixer->pace);
    learn(b, inputs, n + 1, (target - squash(mixer, y)) * mixer->pace);
    for (unsigned i = 0; i < n; i++) {
        nmf_counter_update(counters[i], bit, NMF_COUNTER_LIMIT);
    }
    return bit;
}
