/* Contracts are in jpeg_writer.h. */
#include "image/jpeg_writer.h"

#include "core/alloc.h"
#include "core/error.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* All that is alive across libjpeg's errors, which jump. */
typedef struct jpeg_writer {
    struct jpeg_error_mgr errors; /* first: libjpeg hands its address around */
    struct jpeg_compress_struct jpeg;
    jmp_buf escape;
    char message[JMSG_LENGTH_MAX];
    unsigned char *data; /* by libjpeg, freed by free() */
    unsigned long size;
} jpeg_writer;

static void on_error(j_common_ptr jpeg)
{
    jpeg_writer *writer = (jpeg_writer *)jpeg->err;
    jpeg->err->format_message(jpeg, writer->message);
    longjmp(writer->escape, 1);
}

static void on_message(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void set_up(jpeg_writer *writer, size_t width, size_t height,
                   size_t channels, int quality, bool is_progressive)
{
    struct jpeg_compress_struct *jpeg = &writer->jpeg;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &writer->data, &writer->size);
    jpeg->image_width = (JDIMENSION)width;
    jpeg->image_height = (JDIMENSION)height;
    jpeg->input_components = (int)channels;
    jpeg->in_color_space = channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = TRUE;
    if (is_progressive) {
        jpeg_simple_progression(jpeg);
    }
}

static bool encode(jpeg_writer *writer, const uint8_t *pixels, size_t width,
                   size_t height, size_t channels, int quality,
                   bool is_progressive)
{
    if (setjmp(writer->escape)) {
        return false;
    }
    set_up(writer, width, height, channels, quality, is_progressive);
    jpeg_start_compress(&writer->jpeg, TRUE);
    while (writer->jpeg.next_scanline < height) {
        size_t line = writer->jpeg.next_scanline;
        JSAMPROW row = (JSAMPROW)(pixels + line * width * channels);
        jpeg_write_scanlines(&writer->jpeg, &row, 1);
    }
    jpeg_finish_compress(&writer->jpeg);
    return true;
}

static nmf_status encode_once(nmf_bytes *out, const uint8_t *pixels,
                              size_t width, size_t height, size_t channels,
                              int quality, bool is_progressive, nmf_error *err)
{
    *out = (nmf_bytes){0};
    jpeg_writer *writer = nmf_calloc(1, sizeof *writer);
    if (!writer) {
        return nmf_error_memory(err, sizeof *writer, "encoding JPEG");
    }
    nmf_status status = NMF_OK;
    writer->jpeg.err = jpeg_std_error(&writer->errors);
    writer->errors.error_exit = on_error;
    writer->errors.output_message = on_message;
    if (encode(writer, pixels, width, height, channels, quality,
               is_progressive)) {
        out->data = nmf_malloc(writer->size, 1);
        if (out->data) {
            out->size = writer->size;
            memcpy(out->data, writer->data, out->size);
        } else {
            status = nmf_error_memory(err, writer->size, "encoding JPEG");
        }
    } else {
        status = nmf_error_set(err, NMF_ERR_MEMORY, "encoding JPEG: %s",
                               writer->message);
    }
    jpeg_destroy_compress(&writer->jpeg);
    free(writer->data);
    nmf_free(writer);
    return status;
}

nmf_status nmf_jpeg_encode(nmf_bytes *out, const uint8_t *pixels, size_t width,
                           size_t height, size_t channels, int quality,
                           nmf_error *err)
{
    nmf_bytes other = {0};
    *out = (nmf_bytes){0};
    if (width > NMF_JPEG_SIDE_MAX || height > NMF_JPEG_SIDE_MAX) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "%zux%zu pixels are too many for JPEG", width,
                             height);
    }
    nmf_status status =
        encode_once(out, pixels, width, height, channels, quality, false, err);
    if (status == NMF_OK) {
        status = encode_once(&other, pixels, width, height, channels, quality,
                             true, err);
    }
    if (status != NMF_OK || other.size < out->size) {
        nmf_bytes_release(out);
        *out = other;
    } else {
        nmf_bytes_release(&other);
    }
    return status;
}
