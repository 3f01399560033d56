/*
 * PNG through libpng: every colour type, depth, interlacing and transparency.
 *
 * libpng expands small depths; palettes are looked up here, so that an index
 * beyond the palette is noticed. Gamma, colour profiles and text are not even
 * read. Damage is refused: a wrong checksum in a chunk that matters, missing
 * data, a missing end. An orientation in an eXIf chunk counts if the chunk
 * stands before the pixels.
 *
 * libpng reports by longjmp(). All that is alive across it is in a png_job,
 * which run() takes by address: nothing can be clobbered, and there is one way
 * out, which frees everything.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "image/canvas.h"
#include "image/decoder.h"
#include "image/samples.h"

#include <png.h>

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

enum {
    /* Deflate makes at most so many bytes of one (zlib's technical notes). */
    MAX_EXPANSION = 1032,
    /* More than libpng and zlib need for themselves at once. */
    LIBRARY_BLOCK = 1 << 17
};

typedef struct png_job {
    const uint8_t *bytes; /* the file, */
    size_t size;
    size_t next; /* read so far */
    nmf_image *out;
    nmf_image_info *info;
    const nmf_image_options *options;
    nmf_error *err;
    nmf_status status;
    jmp_buf escape;
    png_structp png;
    png_infop png_info;
    size_t max_block; /* no honest file makes libpng ask for more at once */
    bool out_of_memory;
    char warning[80]; /* the last one */
    /* What follows is set by begin_rows(). */
    size_t width; /* as stored */
    size_t height;
    size_t row_bytes;
    uint8_t *raster; /* one row, or the whole of an interlaced picture */
    nmf_canvas canvas;
    nmf_samples samples;
    bool is_palette;
    size_t n_colours;
    float palette[256 * 3]; /* finished pixels */
} png_job;

static void on_error(png_structp png, png_const_charp message)
{
    png_job *job = png_get_error_ptr(png);
    if (job->out_of_memory) {
        job->status = nmf_error_set(job->err, NMF_ERR_MEMORY,
                                    "out of memory (decoding PNG)");
    } else if (job->next >= job->size) {
        job->status = nmf_error_set(job->err, NMF_ERR_FORMAT,
                                    "PNG is cut short: %s", message);
    } else {
        /* What is wrong with the header was told by a warning before. */
        const bool look_back = job->warning[0] != '\0' &&
                               strcmp(message, "Invalid IHDR data") == 0;
        job->status = nmf_error_set(job->err, NMF_ERR_FORMAT, "damaged PNG: %s",
                                    look_back ? job->warning : message);
    }
    longjmp(job->escape, 1);
}

/* Warnings are about chunks that are not used, or come before an error. */
static void on_warning(png_structp png, png_const_charp message)
{
    png_job *job = png_get_error_ptr(png);
    snprintf(job->warning, sizeof job->warning, "%s", message);
}

static void on_read(png_structp png, png_bytep to, size_t n)
{
    png_job *job = png_get_io_ptr(png);
    if (n > job->size - job->next) {
        job->next = job->size;
        png_error(png, "no more bytes");
    }
    memcpy(to, job->bytes + job->next, n);
    job->next += n;
}

/*
 * libpng takes the length that a chunk announces at its word; a chunk is no
 * longer than its file.
 */
static png_voidp on_malloc(png_structp png, png_alloc_size_t size)
{
    png_job *job = png_get_mem_ptr(png);
    if (size > job->max_block) {
        return NULL;
    }
    void *p = nmf_malloc(size, 1);
    if (!p) {
        job->out_of_memory = true;
    }
    return p;
}

static void on_free(png_structp png, png_voidp p)
{
    (void)png;
    nmf_free(p);
}

static void fail_memory(png_job *job, size_t bytes, const char *what)
{
    job->status = nmf_error_memory(job->err, bytes, what);
    longjmp(job->escape, 1);
}

static void check(png_job *job, nmf_status status)
{
    if (status != NMF_OK) {
        job->status = status;
        longjmp(job->escape, 1);
    }
}

/* Ancillary chunks are skipped unread, but for transparency and EXIF. */
static void choose_chunks(png_structp png)
{
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
#ifdef PNG_eXIf_SUPPORTED
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT,
                                (png_const_bytep) "eXIf", 1);
#endif
}

static unsigned orientation_of(png_job *job)
{
    unsigned orientation = 1;
#ifdef PNG_eXIf_SUPPORTED
    png_uint_32 size = 0;
    png_bytep exif = NULL;
    if (png_get_eXIf_1(job->png, job->png_info, &size, &exif) != 0) {
        check(job, nmf_exif_orientation(&orientation, exif, size, job->err));
    }
#else
    (void)job;
#endif
    return orientation;
}

/* Up to the pixels. */
static void read_header(png_job *job)
{
    job->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, job, on_error,
                                        on_warning, job, on_malloc, on_free);
    job->png_info = job->png ? png_create_info_struct(job->png) : NULL;
    if (!job->png_info) {
        fail_memory(job, sizeof *job, "decoding PNG");
    }
    png_set_read_fn(job->png, job, on_read);
    png_set_user_limits(job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    choose_chunks(job->png);
    png_read_info(job->png, job->png_info);

    const int type = png_get_color_type(job->png, job->png_info);
    job->width = png_get_image_width(job->png, job->png_info);
    job->height = png_get_image_height(job->png, job->png_info);
    const unsigned orientation = orientation_of(job);
    const bool swaps = nmf_exif_swaps_sides(orientation);
    *job->info = (nmf_image_info){
        .format = NMF_IMAGE_PNG,
        .width = swaps ? job->height : job->width,
        .height = swaps ? job->width : job->height,
        .colour = type == PNG_COLOR_TYPE_PALETTE ? NMF_COLOUR_PALETTE
                  : type & PNG_COLOR_MASK_COLOR  ? NMF_COLOUR_RGB
                                                 : NMF_COLOUR_GREY,
        .bits = png_get_bit_depth(job->png, job->png_info),
        .has_alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 ||
                     png_get_valid(job->png, job->png_info, PNG_INFO_tRNS) != 0,
        .orientation = orientation,
    };
}

/* Refuse a header that its file cannot fulfil, before there is a raster. */
static void check_limits(png_job *job, size_t working_bytes)
{
    check(job, nmf_image_admit(job->info, job->size, working_bytes,
                               job->options, job->err));
    const double pixel_bits =
        (double)job->info->bits *
        png_get_channels(job->png, job->png_info); /* as stored */
    const double raster_bytes =
        (double)job->width * (double)job->height * pixel_bits / 8.0;
    if (raster_bytes > (double)MAX_EXPANSION * (double)job->size) {
        check(job,
              nmf_error_set(job->err, NMF_ERR_FORMAT,
                            "PNG is cut short: %zu bytes cannot hold %zu x %zu "
                            "pixels",
                            job->size, job->width, job->height));
    }
}

/* The palette as finished pixels. */
static void convert_palette(png_job *job)
{
    png_colorp colours = NULL;
    png_bytep alpha = NULL;
    int n_colours = 0;
    int n_alpha = 0;
    uint8_t rgba[256 * 4];
    const nmf_samples samples = {.channels = 4, .wide = false, .max = 255};
    png_get_PLTE(job->png, job->png_info, &colours, &n_colours);
    if (job->options->alpha == NMF_ALPHA_BLACK) {
        png_get_tRNS(job->png, job->png_info, &alpha, &n_alpha, NULL);
    }
    for (int i = 0; i < n_colours; i++) {
        uint8_t *colour = rgba + 4 * (size_t)i;
        colour[0] = colours[i].red;
        colour[1] = colours[i].green;
        colour[2] = colours[i].blue;
        colour[3] = i < n_alpha ? alpha[i] : 255;
    }
    job->is_palette = true;
    job->n_colours = (size_t)n_colours;
    nmf_samples_convert(job->palette,
                        nmf_image_channels(job->info, job->options), rgba,
                        job->n_colours, &samples);
}

static void begin_rows(png_job *job)
{
    png_structp png = job->png;
    const size_t channels = nmf_image_channels(job->info, job->options);
    const bool interlaced =
        png_get_interlace_type(png, job->png_info) != PNG_INTERLACE_NONE;
    if (job->info->colour == NMF_COLOUR_PALETTE) {
        png_set_packing(png);
        convert_palette(job);
    } else {
        png_set_expand_gray_1_2_4_to_8(png);
        if (job->options->alpha == NMF_ALPHA_IGNORE) {
            png_set_strip_alpha(png);
        } else if (job->info->has_alpha) {
            png_set_tRNS_to_alpha(png);
        }
    }
    /* No sample grows beyond 4 x 16 bits, and libpng keeps two rows. */
    const size_t rows = (interlaced ? job->height : 1) + 2;
    size_t working = 0;
    if (!nmf_size_mul(&working, job->width, 8) ||
        !nmf_size_mul(&working, working, rows)) {
        working = SIZE_MAX;
    }
    check_limits(job, working);
    job->max_block = working > job->max_block ? working : job->max_block;

    png_set_interlace_handling(png);
    png_read_update_info(png, job->png_info);
    job->row_bytes = png_get_rowbytes(png, job->png_info);
    job->samples = (nmf_samples){
        .channels = png_get_channels(png, job->png_info),
        .wide = job->info->bits == 16,
        .max = job->info->bits == 16 ? 65535 : 255,
    };
    job->raster = nmf_malloc(job->row_bytes, interlaced ? job->height : 1);
    if (!job->raster) {
        fail_memory(job, job->row_bytes, "rows of PNG");
    }
    check(job, nmf_canvas_init(&job->canvas, job->out, job->width, job->height,
                               channels, job->info->orientation, job->err));
}

static void convert_indices(png_job *job, float *out, const uint8_t *row)
{
    const size_t channels = job->out->channels;
    size_t largest = 0;
    for (size_t x = 0; x < job->width; x++) {
        const float *colour = job->palette + row[x] * channels;
        largest = row[x] > largest ? row[x] : largest;
        for (size_t c = 0; c < channels; c++) {
            *out++ = colour[c];
        }
    }
    if (largest >= job->n_colours) {
        check(job, nmf_error_set(job->err, NMF_ERR_FORMAT,
                                 "damaged PNG: colour %zu of a palette of %zu",
                                 largest, job->n_colours));
    }
}

static void convert_row(png_job *job, size_t y, const uint8_t *row)
{
    float *out = nmf_canvas_row(&job->canvas, y);
    if (job->is_palette) {
        convert_indices(job, out, row);
    } else {
        nmf_samples_convert(out, job->out->channels, row, job->width,
                            &job->samples);
    }
    nmf_canvas_row_done(&job->canvas, y);
}

static void read_picture(png_job *job)
{
    read_header(job);
    begin_rows(job);
    if (png_get_interlace_type(job->png, job->png_info) == PNG_INTERLACE_NONE) {
        for (size_t y = 0; y < job->height; y++) {
            png_read_row(job->png, job->raster, NULL);
            convert_row(job, y, job->raster);
        }
    } else {
        for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
            for (size_t y = 0; y < job->height; y++) {
                png_read_row(job->png, job->raster + y * job->row_bytes, NULL);
            }
        }
        for (size_t y = 0; y < job->height; y++) {
            convert_row(job, y, job->raster + y * job->row_bytes);
        }
    }
    /* The checksum of the last pixels, and that there is an end. */
    png_read_end(job->png, NULL);
}

static nmf_status run(png_job *job, void (*work)(png_job *job))
{
    job->max_block = job->size + LIBRARY_BLOCK;
    if (setjmp(job->escape) == 0) {
        work(job);
    }
    /* libpng goes on without a chunk that it has no room for: EXIF. */
    if (job->status == NMF_OK && job->out_of_memory) {
        job->status = nmf_error_memory(job->err, job->size, "decoding PNG");
    }
    png_destroy_read_struct(&job->png, &job->png_info, NULL);
    nmf_canvas_release(&job->canvas);
    nmf_free(job->raster);
    return job->status;
}

nmf_status nmf_png_probe(nmf_image_info *info, const uint8_t *bytes,
                         size_t size, nmf_error *err)
{
    png_job job = {.bytes = bytes, .size = size, .info = info, .err = err};
    return run(&job, read_header);
}

nmf_status nmf_png_decode(nmf_image *out, nmf_image_info *info,
                          const uint8_t *bytes, size_t size,
                          const nmf_image_options *options, nmf_error *err)
{
    png_job job = {
        .bytes = bytes,
        .size = size,
        .out = out,
        .info = info,
        .options = options,
        .err = err,
    };
    return run(&job, read_picture);
}
