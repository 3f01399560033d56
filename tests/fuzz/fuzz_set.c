/*
 * Compressed sets, as they are and once more with their checksums put right,
 * behind which no fuzzer gets. That of the pixels stays: what decodes in spite
 * of a mutation is caught by it.
 */
#include "fuzz.h"
#include "sign.h"

#include <nmfimg/codec.h>

#include <stdlib.h>

enum { MAX_BYTES = 1 << 22 };

static void decode(const uint8_t *data, size_t size)
{
    nmf_set set;
    nmf_set_info info;
    nmf_error err = {0};
    nmf_status described = nmf_set_describe(&info, data, size, "fuzz", &err);
    if (nmf_set_decode(&set, data, size, "fuzz", MAX_BYTES, &err) == NMF_OK &&
        (described != NMF_OK || info.total_bytes != size)) {
        abort();
    }
    nmf_set_release(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy) {
        memcpy(copy, data, size);
        sign_container(copy, size);
        decode(copy, size);
        free(copy);
    }
    return 0;
}
