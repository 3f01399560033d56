#include "codec/utf8.h"

#include <stdint.h>

/* Bytes of the character at s, of which `left` >= 1 are there; 0: none. */
static size_t character_size(const uint8_t *s, size_t left)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (s[0] < 0x80) {
        return s[0] != 0;
    }
    if (s[0] < 0xc2 || s[0] > 0xf4 || size > left) {
        return 0;
    }
    uint32_t code = s[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xc0U) != 0x80U) {
            return 0;
        }
        code = code << 6 | (s[i] & 0x3fU);
    }
    bool is_surrogate = code >= 0xd800 && code < 0xe000;
    return code >= smallest[size] && code <= 0x10ffff && !is_surrogate ? size
                                                                       : 0;
}

bool nmf_utf8_is_text(const void *bytes, size_t size)
{
    const uint8_t *s = bytes;
    while (size > 0) {
        size_t n = character_size(s, size);
        if (n == 0) {
            return false;
        }
        s += n;
        size -= n;
    }
    return true;
}
