/*
 * Model files. Nearly every mutation breaks a checksum, behind which no fuzzer
 * gets: so each input is decoded as it is, and once more after its checksums
 * were put right.
 */
#include "fuzz.h"
#include "sign.h"

#include <nmfimg/codec.h>

#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 1 << 20 };

/* What was decoded must be encodable, and decode to the same again. */
static void check_round_trip(const nmf_model_file *file)
{
    bool has_activations = nmf_model_file_activations(file) != NULL;
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
        sign_container(copy, size);
        decode(copy, size);
        free(copy);
    }
    return 0;
}
