/*
 * Contracts are in name_code.h, the syntax in FORMAT.md, section 12.
 *
 * A name is often the one before with its last number one higher: that is one
 * decision. Else: how many bytes it begins with of the one before, and its
 * other bytes up to a zero, each as eight decisions whose counters depend on
 * the byte before it.
 */
#include "codec/name_code.h"

#include "codec/range_coder.h"
#include "codec/set.h"
#include "core/alloc.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

enum { N_BYTES = 256 };

typedef struct coding {
    nmf_bit_coder *coder;
    nmf_counter counted; /* is it the next number? */
    nmf_counter same[NMF_CODER_GAMMA_COUNTERS];
    nmf_counter bytes[N_BYTES * N_BYTES];
    char before[NMF_SET_NAME_MAX + 2]; /* a number may grow by a digit */
    char next[NMF_SET_NAME_MAX + 2];
} coding;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* next <- before with its last number one higher, without number the same. */
static void count_on(coding *c)
{
    size_t end = strlen(c->before);
    memcpy(c->next, c->before, end + 1);
    while (end > 0 && !is_digit(c->next[end - 1])) {
        end--;
    }
    size_t at = end;
    while (at > 0 && c->next[at - 1] == '9') {
        c->next[--at] = '0';
    }
    if (at > 0 && is_digit(c->next[at - 1])) {
        c->next[at - 1]++;
    } else if (at < end) {
        memmove(c->next + at + 1, c->next + at, strlen(c->next + at) + 1);
        c->next[at] = '1';
    }
}

static uint8_t code_byte(coding *c, uint8_t last, uint8_t byte)
{
    unsigned node = 1;
    for (unsigned i = 8; i-- > 0;) {
        nmf_counter *counter = &c->bytes[last * N_BYTES + node];
        node = node << 1 | nmf_code_counted(c->coder, byte >> i & 1, counter);
    }
    return (uint8_t)node;
}

/* name, or what was encoded, into next: another one than counting on gives. */
static void code_other(coding *c, const char *name)
{
    size_t same = 0;
    size_t length = strlen(c->before);
    if (!c->coder->is_decoder) {
        while (same < length && name[same] == c->before[same]) {
            same++;
        }
    }
    same = nmf_code_gamma(c->coder, (uint32_t)same + 1, c->same) - 1;
    if (same > length) {
        c->coder->failed = true;
        return;
    }
    memcpy(c->next, c->before, same);
    for (size_t i = same;; i++) {
        uint8_t last = i > 0 ? (uint8_t)c->next[i - 1] : 0;
        uint8_t byte =
            code_byte(c, last, c->coder->is_decoder ? 0 : (uint8_t)name[i]);
        c->next[i] = (char)byte;
        if (byte == 0 || c->coder->failed) {
            c->next[i] = '\0';
            return;
        }
        if (i >= NMF_SET_NAME_MAX) {
            c->next[i] = '\0';
            c->coder->failed = true;
            return;
        }
    }
}

/* The name after before; before <- it. */
static const char *code_name(coding *c, const char *name)
{
    count_on(c);
    bool is_next = !c->coder->is_decoder && strcmp(name, c->next) == 0;
    if (!nmf_code_counted(c->coder, is_next, &c->counted)) {
        code_other(c, name);
    }
    if (strlen(c->next) > NMF_SET_NAME_MAX) {
        c->coder->failed = true;
        c->next[NMF_SET_NAME_MAX] = '\0';
    }
    memcpy(c->before, c->next, strlen(c->next) + 1);
    return c->before;
}

static coding *begin(nmf_bit_coder *coder, nmf_error *err)
{
    coding *c = nmf_calloc(1, sizeof *c);
    if (!c) {
        nmf_error_memory(err, sizeof *c, "coding names");
        return NULL;
    }
    c->coder = coder;
    nmf_counters_init(&c->counted, 1);
    nmf_counters_init(c->same, NMF_CODER_GAMMA_COUNTERS);
    nmf_counters_init(c->bytes, (size_t)N_BYTES * N_BYTES);
    return c;
}

nmf_status nmf_names_encode(nmf_bytes *out, const char *const *names, size_t n,
                            nmf_error *err)
{
    nmf_bit_coder coder = nmf_bit_coder_encode();
    *out = (nmf_bytes){0};
    coding *c = begin(&coder, err);
    if (!c) {
        return NMF_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(names[i]);
        if (length > NMF_SET_NAME_MAX) {
            nmf_free(c);
            nmf_bit_coder_release(&coder);
            return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                 "picture %zu has a name of %zu bytes, at most "
                                 "%d are allowed",
                                 i, length, NMF_SET_NAME_MAX);
        }
        code_name(c, names[i]);
    }
    nmf_free(c);
    return nmf_bit_coder_finish(out, &coder, err);
}

/*
 * Walk through the names: with text NULL only to count their bytes, zeros
 * included. False where the bytes are wrong or there are more than limit.
 */
static bool walk(size_t *total, char **names, char *text, size_t n, coding *c,
                 size_t limit)
{
    *total = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = code_name(c, "");
        size_t size = strlen(name) + 1;
        if (c->coder->failed || size > limit - *total) {
            return false;
        }
        if (text) {
            names[i] = memcpy(text + *total, name, size);
        }
        *total += size;
    }
    return true;
}

nmf_status nmf_names_decode(char ***names, size_t n, const uint8_t *bytes,
                            size_t size, size_t budget, const char *file,
                            nmf_error *err)
{
    nmf_bit_coder coder = nmf_bit_coder_decode(bytes, size);
    size_t total = 0;
    size_t array = n * sizeof(char *);
    nmf_status status = NMF_OK;
    *names = NULL;
    coding *c = begin(&coder, err);
    if (!c) {
        return NMF_ERR_MEMORY;
    }
    if (array > budget || !walk(&total, NULL, NULL, n, c, budget - array)) {
        status = coder.failed
                     ? nmf_error_set(err, NMF_ERR_FORMAT,
                                     "'%s': section nAME: damaged names", file)
                     : nmf_error_set(err, NMF_ERR_LIMIT,
                                     "'%s': its names take more than the %s "
                                     "allowed",
                                     file, nmf_format_size(budget).text);
    }
    nmf_free(c);
    if (status != NMF_OK) {
        return status;
    }
    coder = nmf_bit_coder_decode(bytes, size);
    c = begin(&coder, err);
    *names = c ? nmf_malloc(array + total, 1) : NULL;
    if (!*names) {
        nmf_free(c);
        return nmf_error_memory(err, array + total, "the names of pictures");
    }
    walk(&total, *names, (char *)(*names + n), n, c, total);
    nmf_free(c);
    return NMF_OK;
}
