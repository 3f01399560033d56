/*
 * IDX, the format of MNIST: two zero bytes, a type, the number of dimensions,
 * each of them as 32 bits big-endian, then the numbers, the last index fastest.
 *
 *     00 00 08 03  00 00 27 10  00 00 00 1c  00 00 00 1c  pixels ...
 *           |  |   10,000       28           28
 *           |  three dimensions
 *           unsigned bytes
 *
 * LeCun, Cortes and Burges, "The MNIST database of handwritten digits" (1998).
 */
#include "table/reader.h"

#include "core/error.h"

enum { MAGIC_SIZE = 4, DIM_SIZE = 4, MAX_DIMS = 255, UNSIGNED_BYTES = 0x08 };

static const char *type_name(uint8_t type)
{
    switch (type) {
    case UNSIGNED_BYTES:
        return "unsigned bytes";
    case 0x09:
        return "signed bytes";
    case 0x0b:
        return "16-bit integers";
    case 0x0c:
        return "32-bit integers";
    case 0x0d:
        return "32-bit floats";
    case 0x0e:
        return "64-bit floats";
    default:
        return NULL;
    }
}

bool nmf_idx_sniff(const uint8_t *bytes, size_t size)
{
    return size >= MAGIC_SIZE && bytes[0] == 0 && bytes[1] == 0 &&
           type_name(bytes[2]) && bytes[3] > 0;
}

nmf_status nmf_idx_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err)
{
    const nmf_layout layout = {NMF_ELEMENT_U8, false, false};
    uint8_t magic[MAGIC_SIZE];
    uint8_t stored[MAX_DIMS * DIM_SIZE];
    uint64_t dims[MAX_DIMS];

    nmf_status status =
        nmf_stream_read_all(stream, magic, sizeof magic, MAGIC_SIZE, err);
    if (status != NMF_OK) {
        return status;
    }
    if (magic[2] != UNSIGNED_BYTES) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': IDX of %s; only unsigned bytes are read",
                             stream->name, type_name(magic[2]));
    }
    const size_t n_dims = magic[3];
    const size_t size = n_dims * DIM_SIZE;
    status = nmf_stream_read_all(stream, stored, size, MAGIC_SIZE + size, err);
    if (status != NMF_OK) {
        return status;
    }
    for (size_t d = 0; d < n_dims; d++) {
        const uint8_t *dim = stored + d * DIM_SIZE;
        dims[d] = (uint64_t)dim[0] << 24 | (uint64_t)dim[1] << 16 |
                  (uint64_t)dim[2] << 8 | dim[3];
    }
    out->format = NMF_TABLE_IDX;
    status = nmf_table_set_dims(out, dims, n_dims, stream, err);
    return status == NMF_OK
               ? nmf_table_read_elements(out, stream, layout, options, err)
               : status;
}
