#include "damage.h"

#include "core/alloc.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

nmf_status damage_decode(nmf_table *out, const void *bytes, size_t size,
                         const nmf_table_options *options, nmf_error *err)
{
    static const nmf_table empty;
    uint8_t *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    memset(err, 0, sizeof *err);
    nmf_status status =
        nmf_table_decode(out, copy, size, "input", options, err);
    free(copy);
    if (status != NMF_OK) {
        assert_memory_equal(out, &empty, sizeof empty);
        SUPPORT_ASSERT(strncmp(err->message, "'input'", 7) == 0,
                       "no name in: %s", err->message);
        return status;
    }
    size_t product = 1;
    for (size_t d = 0; d < out->n_dims; d++) {
        product *= out->dims[d];
    }
    assert_in_range(out->n_dims, 2, NMF_TABLE_MAX_DIMS);
    assert_int_equal(out->X.rows, out->dims[0]);
    assert_int_equal(out->X.rows * out->X.cols, product);
    assert_int_equal(out->X.ld, out->X.cols);
    assert_non_null(out->X.data);
    return status;
}

void damage_truncate(const void *bytes, size_t size)
{
    for (size_t n = 0; n < size; n++) {
        nmf_table table = {0};
        nmf_error err = {0};
        nmf_status status = damage_decode(&table, bytes, n, NULL, &err);
        SUPPORT_ASSERT(status != NMF_OK, "%zu of %zu bytes are taken for all",
                       n, size);
    }
}

void damage_flip(const void *bytes, size_t size, size_t n_bytes)
{
    const nmf_table_options options = {1 << 20, false};
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    for (size_t bit = 0; bit < 8 * n_bytes; bit++) {
        nmf_table table = {0};
        nmf_error err = {0};
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        (void)damage_decode(&table, copy, size, &options, &err);
        nmf_table_release(&table);
        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    free(copy);
}

void damage_memory(const void *bytes, size_t size)
{
    nmf_status status = NMF_ERR_MEMORY;
    for (size_t n = 1; status != NMF_OK; n++) {
        nmf_table table = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        status = damage_decode(&table, bytes, size, NULL, &err);
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_ERR_MEMORY || (status == NMF_OK && n > 2),
                       "allocation %zu fails: %s: %s", n,
                       nmf_status_name(status), err.message);
        nmf_table_release(&table);
    }
}

nmf_bytes damage_gzip(const void *bytes, size_t size)
{
    nmf_bytes out = {0};
    z_stream z = {0};
    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    out.size = deflateBound(&z, size);
    out.data = nmf_malloc(out.size, 1);
    assert_non_null(out.data);
    z.next_in = (z_const Bytef *)bytes;
    z.avail_in = (uInt)size;
    z.next_out = out.data;
    z.avail_out = (uInt)out.size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.size = z.total_out;
    deflateEnd(&z);
    return out;
}
