/* Contracts are in residual.h, the layout in FORMAT.md, section 15. */
#include "codec/residual.h"

#include "codec/bytes.h"
#include "core/alloc.h"
#include "core/error.h"

bool nmf_residual_reader_init(nmf_residual_reader *out, const uint8_t *payload,
                              size_t size, size_t width, size_t height,
                              size_t channels)
{
    nmf_byte_reader in = nmf_byte_reader_init(payload, size);
    *out = (nmf_residual_reader){.step = nmf_read_u16(&in)};
    const uint8_t *sides = nmf_read_bytes(&in, 2);
    if (in.failed || out->step == 0 || sides[0] < 1 || sides[1] < 1 ||
        sides[0] > NMF_BLOCK_SIDE_MAX || sides[1] > NMF_BLOCK_SIDE_MAX) {
        return false;
    }
    nmf_blocks_init(&out->blocks, width, height, channels, sides[0], sides[1]);
    out->blocks.is_signed = true;
    return true;
}

static size_t count_pixels(const nmf_blocks *blocks)
{
    return blocks->width * blocks->height * blocks->channels;
}

size_t nmf_residual_memory(const nmf_residual_reader *reader)
{
    return nmf_blocks_coder_memory(&reader->blocks) +
           (reader->blocks.size + count_pixels(&reader->blocks)) *
               sizeof(int32_t);
}

nmf_status nmf_residual_begin(nmf_residual_reader *reader,
                              const uint8_t *payload, size_t size,
                              nmf_error *err)
{
    const nmf_blocks *blocks = &reader->blocks;
    reader->coder = nmf_bit_coder_decode(payload + NMF_RESIDUAL_HEAD_SIZE,
                                         size - NMF_RESIDUAL_HEAD_SIZE);
    nmf_block_cosines_init(&reader->cosines, blocks);
    reader->coefficients = nmf_malloc(blocks->size, sizeof(int32_t));
    reader->pixels = nmf_malloc(count_pixels(blocks), sizeof(int32_t));
    if (!reader->coefficients || !reader->pixels) {
        return nmf_error_memory(err, nmf_residual_memory(reader),
                                "the residual of a set");
    }
    return nmf_blocks_coder_create(&reader->images, &reader->coder, blocks,
                                   true, err);
}

bool nmf_residual_next(nmf_residual_reader *reader)
{
    nmf_blocks_coder_image(reader->images, reader->coefficients);
    if (reader->coder.failed) {
        return false;
    }
    nmf_blocks_paint_fine(reader->pixels, &reader->blocks, reader->coefficients,
                          reader->step, &reader->cosines);
    return true;
}

void nmf_residual_release(nmf_residual_reader *reader)
{
    nmf_blocks_coder_free(reader->images);
    nmf_free(reader->coefficients);
    nmf_free(reader->pixels);
    *reader = (nmf_residual_reader){0};
}
