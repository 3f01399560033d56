/* Checksums of a container put right after a mutation, kind and all. */
#ifndef NMFIMG_TESTS_FUZZ_SIGN_H
#define NMFIMG_TESTS_FUZZ_SIGN_H

#include "codec/container.h"
#include "codec/crc.h"

#include <string.h>

static inline void sign_store(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

/* Header, sections and end; what of the rest is cut short stays as it is. */
static inline void sign_container(uint8_t *bytes, size_t size)
{
    uint32_t n_sections = 0;
    size_t at = NMF_CONTAINER_HEADER_SIZE;
    if (size < NMF_CONTAINER_HEADER_SIZE) {
        return;
    }
    sign_store(bytes + 12, nmf_crc32c(0, bytes, 12));
    uint32_t chain = nmf_crc32c(0, bytes + 12, 4);
    while (size - at >= NMF_SECTION_OVERHEAD) {
        uint8_t *section = bytes + at;
        nmf_byte_reader reader = nmf_byte_reader_init(section + 4, 8);
        uint64_t payload = nmf_read_u64(&reader);
        if (payload > size - at - NMF_SECTION_OVERHEAD) {
            return;
        }
        if (memcmp(section, "ENDS", 4) == 0 && payload >= 8) {
            sign_store(section + 12, n_sections);
            sign_store(section + 16, chain);
        }
        size_t signed_size = 12 + (size_t)payload;
        sign_store(section + signed_size, nmf_crc32c(0, section, signed_size));
        chain = nmf_crc32c(chain, section + signed_size, 4);
        n_sections++;
        at += signed_size + 4;
    }
}

#endif
