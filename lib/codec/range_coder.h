/*
 * A binary range coder: decisions with given probabilities become bytes, and
 * bytes decisions again. Carry as in LZMA (Martin 1979; Pavlov's lzma.txt), in
 * whole numbers throughout. FORMAT.md, section 8.
 *
 *     nmf_bit_coder coder = nmf_bit_coder_encode();
 *     nmf_code_bit(&coder, bit, p);
 *     nmf_bit_coder_finish(&bytes, &coder, err);
 *
 *     nmf_bit_coder coder = nmf_bit_coder_decode(data, size);
 *     bit = nmf_code_bit(&coder, false, p);
 *
 * One function for both directions, so that a model written with it cannot say
 * one thing in the encoder and another in the decoder.
 */
#ifndef NMFIMG_CODEC_RANGE_CODER_H
#define NMFIMG_CODEC_RANGE_CODER_H

#include "codec/bytes.h"

enum {
    NMF_CODER_ONE = 1 << 16,      /* the probability 1; never reached */
    NMF_CODER_OVERRUN = 4,        /* zeros read beyond the end, at most */
    NMF_CODER_GAMMA_PREFIX = 20,  /* longest prefix of nmf_code_gamma() */
    NMF_CODER_GAMMA_COUNTERS = 52 /* counters that it needs */
};

/* 22 bits of probability that a decision is 1, 10 bits of how many were seen.
 */
typedef uint32_t nmf_counter;

typedef struct nmf_bit_coder {
    bool is_decoder;
    bool failed; /* decoder: bytes at their end, or a value out of range */
    uint32_t range;
    uint64_t low;  /* encoder: with the carry in bit 32 */
    uint32_t code; /* decoder */
    uint8_t cache;
    uint64_t
        n_pending; /* cache and the 0xff after it that a carry may change */
    nmf_byte_writer out;
    nmf_byte_reader in;
    unsigned overrun;
} nmf_bit_coder;

nmf_bit_coder nmf_bit_coder_encode(void);
nmf_bit_coder nmf_bit_coder_decode(const uint8_t *data, size_t size);

/*
 * A decision that is 1 with probability p / 65536, 0 < p < 65536. The encoder
 * takes bit and returns it; the decoder returns what was encoded. Once a
 * decoder has failed it returns false for ever.
 */
bool nmf_code_bit(nmf_bit_coder *coder, bool bit, uint32_t p);

/* n bits of value, the highest first, each as likely as not. */
uint32_t nmf_code_bits(nmf_bit_coder *coder, uint32_t value, unsigned n);

/* A decision with a counter of its own, which learns from it. */
bool nmf_code_counted(nmf_bit_coder *coder, bool bit, nmf_counter *counter);

/*
 * A value >= 1 as Elias gamma with counters[NMF_CODER_GAMMA_COUNTERS] for its
 * prefix and first bit. Values take at most NMF_CODER_GAMMA_PREFIX bits.
 */
uint32_t nmf_code_gamma(nmf_bit_coder *coder, uint32_t value,
                        nmf_counter *counters);

/* A number of either sign, -2^19 < value < 2^19, likewise. */
int32_t nmf_code_signed(nmf_bit_coder *coder, int32_t value,
                        nmf_counter *counters);

/* Fresh counters: nothing seen, as likely as not. */
void nmf_counters_init(nmf_counter *counters, size_t n);

/* Learn a decision; the counter's pace is 1 / (n + 1.6), n up to limit. */
void nmf_counter_update(nmf_counter *counter, bool bit, unsigned limit);

/* The encoder's bytes, its last zeros left out. Fails: NMF_ERR_MEMORY */
nmf_status nmf_bit_coder_finish(nmf_bytes *out, nmf_bit_coder *coder,
                                nmf_error *err);

/* Forget what was written. */
void nmf_bit_coder_release(nmf_bit_coder *coder);

#endif
