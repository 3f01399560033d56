/* Decisions in, the same decisions out; and what a decoder does without. */
#include "support.h"

#include "codec/crc.h"
#include "codec/mixer.h"

#include <stdlib.h>
#include <string.h>

enum { N = 20000 };

/* A decision and its probability, both from a seed; p as extreme as may be. */
static bool decide(uint64_t *state, uint32_t *p)
{
    static const uint32_t extremes[] = {1, 65535, 32768, 16, 65520};
    float which = support_uniform(state);
    *p = which < 0.3F ? extremes[(size_t)(which * 16)]
                      : 1 + (uint32_t)(support_uniform(state) * 65534);
    return support_uniform(state) * 65536 < (float)*p;
}

static nmf_bytes encode(uint64_t seed, size_t n)
{
    nmf_bit_coder coder = nmf_bit_coder_encode();
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    for (size_t i = 0; i < n; i++) {
        uint32_t p = 0;
        bool bit = decide(&seed, &p);
        assert_int_equal(nmf_code_bit(&coder, bit, p), bit);
    }
    SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
    return bytes;
}

static void decisions_come_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 200; seed++) {
        size_t n = seed < 100 ? seed : N / 10;
        nmf_bytes bytes = encode(seed, n);
        nmf_bit_coder coder = nmf_bit_coder_decode(bytes.data, bytes.size);
        uint64_t again = seed;
        for (size_t i = 0; i < n; i++) {
            uint32_t p = 0;
            bool bit = decide(&again, &p);
            SUPPORT_ASSERT(nmf_code_bit(&coder, false, p) == bit,
                           "seed %u, decision %zu", (unsigned)seed, i);
        }
        assert_false(coder.failed);
        nmf_bytes_release(&bytes);
    }
}

/* A carry that runs through many bytes of 0xff. */
static void a_carry_reaches_far(void **state)
{
    (void)state;
    for (unsigned last = 0; last < 2; last++) {
        nmf_bit_coder coder = nmf_bit_coder_encode();
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        for (int i = 0; i < 400; i++) {
            nmf_code_bit(&coder, i == 0 || (i == 399 && last), 32768);
        }
        SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
        nmf_bit_coder decoder = nmf_bit_coder_decode(bytes.data, bytes.size);
        for (int i = 0; i < 400; i++) {
            assert_int_equal(nmf_code_bit(&decoder, false, 32768),
                             i == 0 || (i == 399 && last));
        }
        nmf_bytes_release(&bytes);
    }
}

static void unlikely_decisions_cost_what_they_should(void **state)
{
    nmf_bit_coder coder = nmf_bit_coder_encode();
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    for (int i = 0; i < N; i++) {
        nmf_code_bit(&coder, i % 64 == 0, 1024); /* as likely as it happens */
    }
    SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
    /* N * H(1/64) = N * 0.1161 bits = 290 bytes */
    assert_in_range(bytes.size, 288, 294);
    nmf_bytes_release(&bytes);
}

static void a_decoder_does_not_go_on_for_ever(void **state)
{
    nmf_bit_coder coder = nmf_bit_coder_decode(NULL, 0);
    size_t n = 0;
    (void)state;
    while (!coder.failed && n < 1000) {
        nmf_code_bit(&coder, false, 32768);
        n++;
    }
    assert_in_range(n, 1, 40);
    assert_false(nmf_code_bit(&coder, true, 32768));

    /* The likeliest decision takes the most of them: about 65536 ln 2 a bit. */
    coder = nmf_bit_coder_decode(NULL, 0);
    for (n = 0; !coder.failed && n < 2000000; n++) {
        nmf_code_bit(&coder, false, 65535);
    }
    assert_true(coder.failed);
}

static void numbers_come_back(void **state)
{
    static const int32_t numbers[] = {0,  1,   -1,   2,      -2,     3,
                                      65, -66, 4095, 131071, -131072};
    enum { N_NUMBERS = sizeof numbers / sizeof *numbers };
    nmf_counter gamma[NMF_CODER_GAMMA_COUNTERS];
    nmf_counter own[NMF_CODER_GAMMA_COUNTERS];
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        nmf_bit_coder coder =
            pass == 0 ? nmf_bit_coder_encode()
                      : nmf_bit_coder_decode(bytes.data, bytes.size);
        nmf_counters_init(gamma, NMF_CODER_GAMMA_COUNTERS);
        nmf_counters_init(own, NMF_CODER_GAMMA_COUNTERS);
        for (size_t i = 0; i < N_NUMBERS; i++) {
            int32_t value = pass == 0 ? numbers[i] : 12345;
            assert_int_equal(nmf_code_signed(&coder, value, own), numbers[i]);
            uint32_t size = (uint32_t)abs(numbers[i]) + 1;
            assert_int_equal(
                nmf_code_gamma(&coder, pass == 0 ? size : 1, gamma), size);
            assert_int_equal(nmf_code_bits(&coder, pass == 0 ? 5 : 0, 3), 5);
        }
        assert_false(coder.failed);
        if (pass == 0) {
            SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
        }
    }
    nmf_bytes_release(&bytes);
}

/* What FORMAT.md says, so that other decoders can compare. */
static void the_tables_of_mixing_are_those_of_the_text(void **state)
{
    static nmf_mixer mixer;
    uint8_t bytes[2 * NMF_STRETCH_SIZE];
    (void)state;
    nmf_mixer_init(&mixer, NULL, 1);
    for (size_t i = 0; i < NMF_STRETCH_SIZE; i++) {
        bytes[2 * i] = (uint8_t)mixer.stretch[i];
        bytes[2 * i + 1] = (uint8_t)((uint16_t)mixer.stretch[i] >> 8);
    }
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x09aa8679);
    for (size_t i = 0; i < NMF_STRETCH_SIZE; i++) {
        bytes[2 * i] = (uint8_t)mixer.squash[i];
        bytes[2 * i + 1] = (uint8_t)(mixer.squash[i] >> 8);
    }
    assert_int_equal(nmf_crc32c(0, bytes, sizeof bytes), 0x5745686c);
}

/* Two counters, one of which knows: the mix must find out which. */
static void mixing_learns_whom_to_trust(void **state)
{
    static nmf_mixer mixer;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        nmf_bit_coder coder =
            pass == 0 ? nmf_bit_coder_encode()
                      : nmf_bit_coder_decode(bytes.data, bytes.size);
        nmf_counter knows[2];
        nmf_counter guesses[1];
        nmf_weights weights[2];
        uint64_t seed = 7;
        nmf_mixer_init(&mixer, &coder, 20);
        nmf_counters_init(knows, 2);
        nmf_counters_init(guesses, 1);
        nmf_weights_init(weights, 2, 16384);
        for (int i = 0; i < N; i++) {
            bool context = support_uniform(&seed) < 0.5F;
            bool bit = context != (support_uniform(&seed) < 1.0F / 64);
            nmf_counter *counters[] = {&knows[context], guesses};
            assert_int_equal(nmf_mixer_code(&mixer, pass == 0 && bit, counters,
                                            2, &weights[0], &weights[1]),
                             bit);
        }
        if (pass == 0) {
            SUPPORT_OK(nmf_bit_coder_finish(&bytes, &coder, &err), err);
            /* 290 bytes are possible, N / 8 = 2500 without the context. */
            assert_in_range(bytes.size, 250, 360);
        }
    }
    nmf_bytes_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_come_back),
        cmocka_unit_test(a_carry_reaches_far),
        cmocka_unit_test(unlikely_decisions_cost_what_they_should),
        cmocka_unit_test(a_decoder_does_not_go_on_for_ever),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(the_tables_of_mixing_are_those_of_the_text),
        cmocka_unit_test(mixing_learns_whom_to_trust),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
