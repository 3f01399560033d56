/* Contracts are in step_code.h, the arithmetic in FORMAT.md, section 13. */
#include "codec/step_code.h"

#include "codec/mixer.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <stdlib.h>

enum {
    SEEN = 40, /* what a counter takes its first probability to be worth */
    COUNTED_MIN = 32, /* the least probability */
    CENTRE = 49 /* of classes, twice: deviation and step are alike there */
};

/* ln(p / (1 - p)) that a size goes on growing, in steps of 1/256: at the
 * centre, and for each class. From the steps that pictures took. */
static const int offset[NMF_STEP_SIZES] = {-50, -422, -449};
static const int slope[NMF_STEP_SIZES] = {76, 54, 41};

static unsigned class_of(uint32_t deviation, uint32_t size)
{
    uint64_t t = (uint64_t)deviation * 64 / size;
    unsigned b = 0;
    if (t == 0) {
        return 0;
    }
    while (t >> (b + 1) > 0) {
        b++;
    }
    uint64_t class_number = 1 + 4 * b + (t * 4 >> b) % 4;
    return class_number < NMF_STEP_CLASSES ? (unsigned)class_number
                                           : NMF_STEP_CLASSES - 1;
}

static nmf_counter primed_counter(const nmf_mixer *tables, int n,
                                  int class_number)
{
    int x = offset[n] + slope[n] * (2 * class_number - CENTRE);
    x = x > 2047 ? 2047 : x < -2047 ? -2047 : x;
    uint32_t p = (uint32_t)tables->squash[x + 2048] << 6;
    return p << 10 | SEEN;
}

nmf_status nmf_step_coder_init(nmf_step_coder *out, nmf_bit_coder *coder,
                               const nmf_codebook *book, unsigned step,
                               nmf_error *err)
{
    const nmf_variation *v = book->variation;
    nmf_mixer *tables = nmf_malloc(1, sizeof *tables);
    *out = (nmf_step_coder){.coder = coder, .n_modes = v->n_modes};
    out->classes = nmf_malloc(v->n_modes, 1);
    if (!tables || !out->classes) {
        nmf_free(tables);
        nmf_step_coder_release(out);
        return nmf_error_memory(err, sizeof *tables + v->n_modes,
                                "coding pictures");
    }
    nmf_mixer_init(tables, coder, 0);
    for (size_t i = 0; i < v->n_modes; i++) {
        out->classes[i] =
            (uint8_t)class_of(v->deviation[i], nmf_step_size(step));
    }
    for (int n = 0; n < NMF_STEP_SIZES; n++) {
        for (int c = 0; c < NMF_STEP_CLASSES; c++) {
            out->size[n][c] = primed_counter(tables, n, c);
        }
    }
    for (size_t i = 0; i < NMF_SHIFT_MAX; i++) {
        out->shift[i] = 1U << 31 | SEEN;
    }
    nmf_counters_init(out->escape, NMF_CODER_GAMMA_COUNTERS);
    nmf_free(tables);
    return NMF_OK;
}

void nmf_step_coder_release(nmf_step_coder *steps)
{
    nmf_free(steps->classes);
    steps->classes = NULL;
}

static uint32_t probability(nmf_counter counter)
{
    uint32_t p = counter >> 16;
    return p < COUNTED_MIN                   ? COUNTED_MIN
           : p > NMF_CODER_ONE - COUNTED_MIN ? NMF_CODER_ONE - COUNTED_MIN
                                             : p;
}

static bool code_primed(nmf_bit_coder *coder, bool bit, nmf_counter *counter)
{
    bit = nmf_code_bit(coder, bit, probability(*counter));
    nmf_counter_update(counter, bit, NMF_COUNTER_LIMIT);
    return bit;
}

/* The sign of a number of that size that is not 0. */
static int32_t code_sign(nmf_bit_coder *coder, int32_t value, int32_t size)
{
    return nmf_code_bits(coder, value < 0, 1) ? -size : size;
}

static int32_t code_shift(nmf_step_coder *s, int32_t value)
{
    int32_t n = 0;
    while (n < NMF_SHIFT_MAX &&
           code_primed(s->coder, abs(value) > n, &s->shift[n])) {
        n++;
    }
    return n > 0 ? code_sign(s->coder, value, n) : 0;
}

static int32_t code_step(nmf_step_coder *s, int32_t value,
                         unsigned class_number)
{
    int32_t n = 0;
    while (n < NMF_STEP_UNARY &&
           code_primed(s->coder, abs(value) > n,
                       &s->size[n < NMF_STEP_SIZES ? n : NMF_STEP_SIZES - 1]
                               [class_number])) {
        n++;
    }
    if (n == NMF_STEP_UNARY) {
        uint32_t rest = (uint32_t)(abs(value) - NMF_STEP_UNARY + 1);
        n = NMF_STEP_UNARY - 1 +
            (int32_t)nmf_code_gamma(s->coder, rest, s->escape);
    }
    return n > 0 ? code_sign(s->coder, value, n) : 0;
}

void nmf_step_coder_code(nmf_step_coder *s, nmf_coded_picture *picture)
{
    picture->shift_x = code_shift(s, picture->shift_x);
    picture->shift_y = code_shift(s, picture->shift_y);
    for (size_t i = 0; i < s->n_modes && !s->coder->failed; i++) {
        picture->steps[i] = code_step(s, picture->steps[i], s->classes[i]);
    }
}

void nmf_step_bits(double bits[NMF_STEP_UNARY], const nmf_step_coder *s,
                   unsigned class_number)
{
    double sum = 1; /* the sign */
    for (int n = 0; n < NMF_STEP_UNARY; n++) {
        double p = (double)probability(
                       s->size[n < NMF_STEP_SIZES ? n : NMF_STEP_SIZES - 1]
                              [class_number]) /
                   NMF_CODER_ONE;
        bits[n] = (n > 0 ? sum : 0) - log2(1 - p);
        sum -= log2(p);
    }
}
