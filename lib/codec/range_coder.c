/* Contracts are in range_coder.h, the arithmetic in FORMAT.md, section 8. */
#include "codec/range_coder.h"

#include "core/error.h"

enum {
    COUNTED_LIMIT =
        60,           /* counters on their own forget faster than mixed ones */
    COUNTED_MIN = 32, /* the least probability that they give */
    COUNTER_MIN = 2000, /* of 2^22, likewise inside a counter */
    GAMMA_FIRST = 30    /* counter of a gamma code's first bit, by length */
};

nmf_bit_coder nmf_bit_coder_encode(void)
{
    return (nmf_bit_coder){.range = UINT32_MAX, .n_pending = 1};
}

/* The next byte; zeros beyond the end, but not for ever. */
static uint8_t next_byte(nmf_bit_coder *coder)
{
    if (nmf_byte_reader_left(&coder->in) == 0) {
        coder->overrun++;
        if (coder->overrun > NMF_CODER_OVERRUN) {
            coder->failed = true;
        }
        return 0;
    }
    return *nmf_read_bytes(&coder->in, 1);
}

nmf_bit_coder nmf_bit_coder_decode(const uint8_t *data, size_t size)
{
    nmf_bit_coder coder = {.is_decoder = true,
                           .range = UINT32_MAX,
                           .in = nmf_byte_reader_init(data, size)};
    for (unsigned i = 0; i < 4; i++) {
        coder.code = coder.code << 8 | next_byte(&coder);
    }
    return coder;
}

/*
 * Move the top byte of low out. It waits in cache, with any 0xff after it,
 * until it is known whether a carry still comes. The first cache is no byte of
 * the stream.
 */
static void shift_low(nmf_bit_coder *coder)
{
    if (coder->low < 0xff000000U || coder->low > UINT32_MAX) {
        uint8_t carry = (uint8_t)(coder->low >> 32);
        uint8_t byte = (uint8_t)(coder->cache + carry);
        for (; coder->n_pending > 0; coder->n_pending--) {
            nmf_write_bytes(&coder->out, &byte, 1);
            byte = (uint8_t)(0xff + carry);
        }
        coder->cache = (uint8_t)(coder->low >> 24);
    }
    coder->n_pending++;
    coder->low = (coder->low & 0x00ffffffU) << 8;
}

static bool encode_bit(nmf_bit_coder *coder, bool bit, uint32_t bound)
{
    if (bit) {
        coder->range = bound;
    } else {
        coder->low += bound;
        coder->range -= bound;
    }
    while (coder->range < 1U << 24) {
        coder->range <<= 8;
        shift_low(coder);
    }
    return bit;
}

static bool decode_bit(nmf_bit_coder *coder, uint32_t bound)
{
    bool bit = coder->code < bound;
    if (coder->failed) {
        return false;
    }
    if (bit) {
        coder->range = bound;
    } else {
        coder->code -= bound;
        coder->range -= bound;
    }
    while (coder->range < 1U << 24) {
        coder->range <<= 8;
        coder->code = coder->code << 8 | next_byte(coder);
    }
    return bit;
}

bool nmf_code_bit(nmf_bit_coder *coder, bool bit, uint32_t p)
{
    uint32_t bound = (uint32_t)((uint64_t)coder->range * p >> 16);
    return coder->is_decoder ? decode_bit(coder, bound)
                             : encode_bit(coder, bit, bound);
}

uint32_t nmf_code_bits(nmf_bit_coder *coder, uint32_t value, unsigned n)
{
    uint32_t coded = 0;
    while (n-- > 0) {
        bool bit = value >> n & 1;
        coded = coded << 1 | nmf_code_bit(coder, bit, NMF_CODER_ONE / 2);
    }
    return coded;
}

void nmf_counters_init(nmf_counter *counters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        counters[i] = 1U << 31;
    }
}

/* p += (target - p) * pace, pace being 1 / (n + 1.6) in steps of 2^-16. */
void nmf_counter_update(nmf_counter *counter, bool bit, unsigned limit)
{
    enum { ONE = 1 << 22 };
    uint32_t n = *counter & 1023;
    int32_t p = (int32_t)(*counter >> 10);
    int64_t gap = bit ? ONE - 1 - p : p;
    int64_t pace = 655360 / (int64_t)(10 * n + 16);
    int32_t move = (int32_t)(gap * pace >> 16);
    p += bit ? move : -move;
    if (p < COUNTER_MIN) {
        p = COUNTER_MIN;
    }
    if (p > ONE - COUNTER_MIN) {
        p = ONE - COUNTER_MIN;
    }
    n += n < limit;
    *counter = (uint32_t)p << 10 | n;
}

bool nmf_code_counted(nmf_bit_coder *coder, bool bit, nmf_counter *counter)
{
    uint32_t p = *counter >> 16;
    if (p < COUNTED_MIN) {
        p = COUNTED_MIN;
    }
    if (p > NMF_CODER_ONE - COUNTED_MIN) {
        p = NMF_CODER_ONE - COUNTED_MIN;
    }
    bit = nmf_code_bit(coder, bit, p);
    nmf_counter_update(counter, bit, COUNTED_LIMIT);
    return bit;
}

uint32_t nmf_code_gamma(nmf_bit_coder *coder, uint32_t value,
                        nmf_counter *counters)
{
    unsigned length = 0; /* of value without its leading 1 */
    while (!coder->is_decoder && value >> (length + 1) > 0) {
        length++;
    }
    unsigned n = 0;
    while (nmf_code_counted(coder, n < length, &counters[n])) {
        if (++n > NMF_CODER_GAMMA_PREFIX) {
            coder->failed = true;
            return 1;
        }
    }
    if (n == 0) {
        return 1;
    }
    bool first = nmf_code_counted(coder, value >> (n - 1) & 1,
                                  &counters[GAMMA_FIRST + n]);
    return (2U + first) << (n - 1) |
           nmf_code_bits(coder, value & ((1U << (n - 1)) - 1), n - 1);
}

int32_t nmf_code_signed(nmf_bit_coder *coder, int32_t value,
                        nmf_counter *counters)
{
    uint32_t folded =
        value > 0 ? (uint32_t)value << 1 : (uint32_t)-value << 1 | 1;
    folded = nmf_code_gamma(coder, value == 0 ? 1 : folded, counters);
    int32_t magnitude = (int32_t)(folded >> 1);
    return folded & 1 ? -magnitude : magnitude;
}

nmf_status nmf_bit_coder_finish(nmf_bytes *out, nmf_bit_coder *coder,
                                nmf_error *err)
{
    /* Of low .. low + range - 1 take the number with the most zeros behind. */
    uint64_t last = coder->low + coder->range - 1;
    for (unsigned n = 32; n-- > 0;) {
        uint64_t value = last >> n << n;
        if (value >= coder->low) {
            coder->low = value;
            break;
        }
    }
    for (unsigned i = 0; i < 5; i++) {
        shift_low(coder);
    }
    nmf_byte_writer *bytes = &coder->out;
    /* The first byte is the empty cache; zeros may go that a decoder adds. */
    for (unsigned i = 0; i < NMF_CODER_OVERRUN && bytes->size > 1 &&
                         bytes->data[bytes->size - 1] == 0;
         i++) {
        bytes->size--;
    }
    nmf_byte_writer trimmed = {0};
    if (!bytes->failed) {
        nmf_write_bytes(&trimmed, bytes->data + 1, bytes->size - 1);
    } else {
        trimmed.failed = true;
    }
    nmf_byte_writer_release(bytes);
    return nmf_byte_writer_finish(out, &trimmed, err);
}

void nmf_bit_coder_release(nmf_bit_coder *coder)
{
    nmf_byte_writer_release(&coder->out);
}
