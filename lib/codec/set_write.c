/* Contracts are in set_write.h, the layout in FORMAT.md, section 7. */
#include "codec/set_write.h"

#include "codec/container.h"
#include "codec/crc.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum { PARENT_IMAGES = 4096 /* that parents are chosen by, at most */ };

void nmf_set_streams_release(nmf_set_streams *streams)
{
    nmf_bytes_release(&streams->basis);
    nmf_bytes_release(&streams->activations);
    nmf_bytes_release(&streams->residual);
}

/* Changes from the references as 0 none, 1 less, 2 more: k x n_used. */
static size_t gather_changes(uint8_t *changes, const nmf_activations *from)
{
    const size_t k = from->n_components;
    size_t n = 0;
    for (size_t i = 0; i < from->n_images && n < PARENT_IMAGES; i++) {
        if (from->reference[i] < 0) {
            continue;
        }
        const int32_t *now = from->values + i * k;
        const int32_t *before = from->values + (size_t)from->reference[i] * k;
        for (size_t j = 0; j < k; j++) {
            changes[j * PARENT_IMAGES + n] =
                (uint8_t)(now[j] < before[j]   ? 1
                          : now[j] > before[j] ? 2
                                               : 0);
        }
        n++;
    }
    return n;
}

/* Mutual information of two rows of changes, times n. */
static double information(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint32_t counts[16] = {0};
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        counts[a[i] * 4 + b[i]]++;
    }
    for (size_t x = 0; x < 3; x++) {
        double row =
            (double)counts[x * 4] + counts[x * 4 + 1] + counts[x * 4 + 2];
        for (size_t y = 0; y < 3; y++) {
            double column = (double)counts[y] + counts[4 + y] + counts[8 + y];
            double both = counts[x * 4 + y];
            if (both > 0) {
                sum += both * log(both * (double)n / (row * column));
            }
        }
    }
    return sum;
}

static nmf_status choose_parents(nmf_activations *to, nmf_error *err)
{
    const size_t k = to->n_components;
    uint8_t *changes = nmf_malloc(k, PARENT_IMAGES);
    if (!changes) {
        return nmf_error_memory(err, k * PARENT_IMAGES, "choosing parents");
    }
    size_t n = gather_changes(changes, to);
    memset(to->parents, 0, 2 * k * sizeof *to->parents);
    for (size_t j = 1; j < k; j++) {
        double best = -1;
        double second = -1;
        uint16_t *parents = to->parents + 2 * j;
        for (size_t p = 0; p < j; p++) {
            double gain = information(changes + j * PARENT_IMAGES,
                                      changes + p * PARENT_IMAGES, n);
            if (gain > best) {
                second = best;
                parents[1] = parents[0];
                best = gain;
                parents[0] = (uint16_t)p;
            } else if (gain > second) {
                second = gain;
                parents[1] = (uint16_t)p;
            }
        }
    }
    nmf_free(changes);
    return NMF_OK;
}

nmf_status nmf_set_streams_code(nmf_set_streams *out, nmf_set_factors *factors,
                                nmf_error *err)
{
    *out = (nmf_set_streams){0};
    nmf_bit_coder coder = nmf_bit_coder_encode();
    nmf_status status = choose_parents(&factors->activations, err);
    if (status == NMF_OK) {
        status = nmf_basis_code(&coder, &factors->basis, err);
    }
    if (status == NMF_OK) {
        status = nmf_bit_coder_finish(&out->basis, &coder, err);
    }
    nmf_bit_coder_release(&coder);
    coder = nmf_bit_coder_encode();
    if (status == NMF_OK) {
        status = nmf_activations_code(&coder, &factors->activations, err);
    }
    if (status == NMF_OK) {
        status = nmf_bit_coder_finish(&out->activations, &coder, err);
    }
    nmf_bit_coder_release(&coder);
    if (status != NMF_OK) {
        nmf_set_streams_release(out);
    }
    return status;
}

size_t nmf_set_file_size(const nmf_set_streams *streams, size_t name_bytes)
{
    return NMF_CONTAINER_HEADER_SIZE + 2 * NMF_SECTION_OVERHEAD +
           NMF_SET_HEAD_SIZE + streams->basis.size + streams->activations.size +
           (streams->residual.size > 0
                ? NMF_SECTION_OVERHEAD + streams->residual.size
                : 0) +
           (name_bytes > 0 ? NMF_SECTION_OVERHEAD + name_bytes : 0) +
           NMF_CONTAINER_END_SIZE + 4;
}

static void write_head(nmf_byte_writer *bytes, const nmf_set_factors *factors)
{
    const nmf_blocks *blocks = &factors->blocks;
    const uint8_t rest[4] = {(uint8_t)blocks->channels,
                             (uint8_t)blocks->block_width,
                             (uint8_t)blocks->block_height, 0};
    nmf_write_u32(bytes, (uint32_t)factors->activations.n_images);
    nmf_write_u16(bytes, (uint16_t)blocks->width);
    nmf_write_u16(bytes, (uint16_t)blocks->height);
    nmf_write_u16(bytes, (uint16_t)factors->basis.n_components);
    nmf_write_bytes(bytes, rest, sizeof rest);
}

nmf_status nmf_set_file_write(nmf_bytes *out, const nmf_set_factors *factors,
                              const nmf_set_streams *streams,
                              const nmf_bytes *names, const uint8_t *pixels,
                              nmf_error *err)
{
    const nmf_blocks *blocks = &factors->blocks;
    const size_t n_features = blocks->width * blocks->height * blocks->channels;
    nmf_container_writer writer;
    nmf_container_begin(&writer, NMF_CONTAINER_SET,
                        nmf_set_file_size(streams, names->size));
    nmf_section_begin(&writer, "BASE");
    write_head(&writer.bytes, factors);
    nmf_write_bytes(&writer.bytes, streams->basis.data, streams->basis.size);
    nmf_section_end(&writer);
    nmf_section_begin(&writer, "CODE");
    nmf_write_bytes(&writer.bytes, streams->activations.data,
                    streams->activations.size);
    nmf_section_end(&writer);
    if (streams->residual.size > 0) {
        nmf_section_begin(&writer, "RESI");
        nmf_write_bytes(&writer.bytes, streams->residual.data,
                        streams->residual.size);
        nmf_section_end(&writer);
    }
    if (names->size > 0) {
        nmf_section_begin(&writer, "nAME");
        nmf_write_bytes(&writer.bytes, names->data, names->size);
        nmf_section_end(&writer);
    }
    nmf_container_set_pixels(
        &writer,
        nmf_crc32c(0, pixels, factors->activations.n_images * n_features));
    return nmf_container_finish(out, &writer, err);
}
