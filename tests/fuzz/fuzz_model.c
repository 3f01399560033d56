/*
 * Model files. Nearly every mutation breaks a checksum, behind which no fuzzer
 * gets: so each input is decoded as it is, and once more after its checksums
 * were put right.
 */
#include "fuzz.h"

#include "codec/container.h"
#include "codec/crc.h"

#include <nmfimg/codec.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

static void store_u32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t load_u64(const uint8_t *bytes)
{
    nmf_byte_reader reader = nmf_byte_reader_init(bytes, 8);
    return nmf_read_u64(&reader);
}

/* Put right what a mutation of the content breaks: every checksum. */
static void sign(uint8_t *bytes, size_t size)
{
    uint32_t n_sections = 0;
    uint32_t chain = 0;
    size_t at = NMF_CONTAINER_HEADER_SIZE;
    if (size < NMF_CONTAINER_HEADER_SIZE) {
        return;
    }
    store_u32(bytes + 12, nmf_crc32c(0, bytes, 12));
    chain = nmf_crc32c(0, bytes + 12, 4);
    while (size - at >= NMF_SECTION_OVERHEAD) {
        uint8_t *section = bytes + at;
        uint64_t payload = load_u64(section + 4);
        if (payload > size - at - NMF_SECTION_OVERHEAD) {
            return;
        }
        if (memcmp(section, "ENDS", 4) == 0 && payload == 8) {
            store_u32(section + 12, n_sections);
            store_u32(section + 16, chain);
        }
        size_t signed_size = 12 + (size_t)payload;
        store_u32(section + signed_size, nmf_crc32c(0, section, signed_size));
        chain = nmf_crc32c(chain, section + signed_size, 4);
        n_sections++;
        at += signed_size + 4;
    }
}

/* What was decoded must be encodable, and decode to the same again. */
static void check_round_trip(const nmf_model_file *file)
{
    bool has_activations = nmf_model_activations(file->model) != NULL;
    nmf_model_file again = {0};
    nmf_bytes first = {0};
    nmf_bytes second = {0};
    if (nmf_model_encode(&first, file, has_activations, NULL) != NMF_OK ||
        nmf_model_decode(&again, first.data, first.size, "again", 0, NULL) !=
            NMF_OK ||
        nmf_model_encode(&second, &again, has_activations, NULL) != NMF_OK ||
        first.size != second.size ||
        memcmp(first.data, second.data, first.size) != 0) {
        abort();
    }
    nmf_model_file_release(&again);
    nmf_bytes_release(&first);
    nmf_bytes_release(&second);
}

static void decode(const uint8_t *data, size_t size)
{
    nmf_model_file file = {0};
    nmf_section_info *sections = NULL;
    size_t n_sections = 0;
    unsigned version = 0;
    nmf_error err = {0};
    nmf_status listed = nmf_container_list(&sections, &n_sections, &version,
                                           data, size, "fuzz", &err);
    free(sections);
    if (nmf_model_decode(&file, data, size, "fuzz", MAX_BYTES, &err) ==
        NMF_OK) {
        if (listed != NMF_OK) {
            abort();
        }
        check_round_trip(&file);
    }
    nmf_model_file_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy) {
        if (size > 0) {
            memcpy(copy, data, size);
        }
        sign(copy, size);
        decode(copy, size);
        free(copy);
    }
    return 0;
}
