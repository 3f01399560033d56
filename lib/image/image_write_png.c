/* Pictures to PNG through libpng. Contracts are in nmfimg/image.h. */
#include "core/alloc.h"
#include "core/error.h"

#include <nmfimg/image.h>

#include <png.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* All that is alive across libpng's longjmp(). */
typedef struct png_writer {
    const nmf_image *image;
    nmf_error *err;
    nmf_status status;
    jmp_buf escape;
    png_structp png;
    png_infop info;
    bool out_of_memory;
    uint8_t *row;
    uint8_t *bytes; /* n_bytes written, room for capacity; by realloc() */
    size_t n_bytes;
    size_t capacity;
} png_writer;

static void on_error(png_structp png, png_const_charp message)
{
    png_writer *writer = png_get_error_ptr(png);
    writer->status =
        writer->out_of_memory
            ? nmf_error_set(writer->err, NMF_ERR_MEMORY,
                            "out of memory (encoding PNG)")
            : nmf_error_set(writer->err, NMF_ERR_LIMIT,
                            "cannot be written as PNG: %s", message);
    longjmp(writer->escape, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void on_write(png_structp png, png_bytep data, size_t size)
{
    png_writer *writer = png_get_io_ptr(png);
    if (size > SIZE_MAX - writer->n_bytes ||
        !nmf_array_reserve((void **)&writer->bytes, &writer->capacity,
                           writer->n_bytes + size, 1)) {
        writer->out_of_memory = true;
        png_error(png, "out of memory");
    }
    memcpy(writer->bytes + writer->n_bytes, data, size);
    writer->n_bytes += size;
}

static void on_flush(png_structp png)
{
    (void)png;
}

static png_voidp on_malloc(png_structp png, png_alloc_size_t size)
{
    png_writer *writer = png_get_mem_ptr(png);
    void *p = nmf_malloc(size, 1);
    if (!p) {
        writer->out_of_memory = true;
    }
    return p;
}

static void on_free(png_structp png, png_voidp p)
{
    (void)png;
    nmf_free(p);
}

/* round(255 x), cut to 0 .. 255; NaN is not > 0. */
static void quantise(uint8_t *out, const float *in, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float x = in[i];
        out[i] = x > 0.0F ? x < 1.0F ? (uint8_t)(x * 255.0F + 0.5F) : 255 : 0;
    }
}

static void write_picture(png_writer *writer)
{
    const nmf_image *image = writer->image;
    const size_t row_bytes = image->width * image->channels;
    writer->png =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, writer, on_error,
                                  on_warning, writer, on_malloc, on_free);
    writer->info = writer->png ? png_create_info_struct(writer->png) : NULL;
    writer->row = nmf_malloc(row_bytes, 1);
    if (!writer->info || !writer->row) {
        writer->status =
            nmf_error_memory(writer->err, row_bytes, "encoding PNG");
        return;
    }
    png_set_write_fn(writer->png, writer, on_write, on_flush);
    png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(writer->png, writer->info, (png_uint_32)image->width,
                 (png_uint_32)image->height, 8,
                 image->channels == 1 ? PNG_COLOR_TYPE_GRAY
                                      : PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer->png, writer->info);
    for (size_t y = 0; y < image->height; y++) {
        quantise(writer->row, image->pixels + y * row_bytes, row_bytes);
        png_write_row(writer->png, writer->row);
    }
    png_write_end(writer->png, NULL);
}

static nmf_status run(png_writer *writer)
{
    if (setjmp(writer->escape) == 0) {
        write_picture(writer);
    }
    png_destroy_write_struct(&writer->png, &writer->info);
    nmf_free(writer->row);
    return writer->status;
}

nmf_status nmf_image_encode_png(nmf_bytes *out, const nmf_image *image,
                                nmf_error *err)
{
    png_writer writer = {.image = image, .err = err};
    *out = (nmf_bytes){0};
    if (!image->pixels || (image->channels != 1 && image->channels != 3)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "no picture to write: %zu x %zu with %zu channels",
                             image->width, image->height, image->channels);
    }
    if (image->width > PNG_UINT_31_MAX || image->height > PNG_UINT_31_MAX) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "%zu x %zu pixels are too many for PNG",
                             image->width, image->height);
    }
    nmf_status status = run(&writer);
    if (status == NMF_OK) {
        *out = (nmf_bytes){writer.bytes, writer.n_bytes};
    } else {
        free(writer.bytes);
    }
    return status;
}

nmf_status nmf_image_save(const char *path, const nmf_image *image,
                          bool overwrite, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_status status = nmf_image_encode_png(&bytes, image, err);
    if (status == NMF_OK) {
        status = nmf_file_write(path, bytes.data, bytes.size, overwrite, err);
    } else {
        nmf_error_prefix(err, "'%s': ", path);
    }
    nmf_bytes_release(&bytes);
    return status;
}
