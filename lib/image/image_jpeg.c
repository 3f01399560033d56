/*
 * JPEG through libjpeg's own interface, because that one, unlike TurboJPEG's of
 * version 2, can limit scans and memory: baseline and progressive, Huffman and
 * (where libjpeg has it) arithmetic coding, grey, YCbCr, RGB, CMYK and YCCK.
 *
 * Grey from YCbCr is Y as it is stored: the luma that the encoder computed.
 * CMYK is inverted where Adobe's marker stands, as Adobe's programs write it.
 * libjpeg goes on after damage with a warning; here most warnings are errors,
 * see is_harmless().
 *
 * libjpeg reports by longjmp(). All that is alive across it is in a jpeg_job,
 * which run() takes by address: nothing can be clobbered, and there is one way
 * out, which frees everything.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "image/canvas.h"
#include "image/decoder.h"
#include "image/samples.h"

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

enum {
    /* More scans than any encoder writes: a picture of tiny scans would keep
     * the decoder busy for hours (libjpeg-turbo's report LJT-01-004). */
    MAX_SCANS = 500,
    /* The largest MCU is 4 x 4 blocks and costs at least one bit. */
    MAX_MCU_SIDE = 32
};

typedef struct jpeg_job {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    const uint8_t *bytes; /* the file */
    size_t size;
    nmf_image *out;
    nmf_image_info *info;
    const nmf_image_options *options;
    nmf_error *err;
    nmf_status status;
    uint8_t *row; /* as libjpeg gives it */
    nmf_canvas canvas;
} jpeg_job;

/*
 * Warnings about bytes beside the picture, about a progression that is unusual
 * but decodes to what it says, and about a scan of a progressive picture that
 * ends before its last blocks: AC coefficients stay as the scans before left
 * them. All others are guesses about pixels. (A file that ends in a scan comes
 * with JWRN_JPEG_EOF first.)
 */
static bool is_harmless(const struct jpeg_decompress_struct *cinfo)
{
    switch (cinfo->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_PROGRESSION:
        return true;
    case JWRN_HIT_MARKER:
        return cinfo->progressive_mode && cinfo->Ss > 0;
    default:
        return false;
    }
}

static nmf_status status_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return NMF_ERR_MEMORY;
    case JERR_NO_BACKING_STORE: /* max_memory_to_use is reached */
        return NMF_ERR_LIMIT;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
        return NMF_ERR_UNSUPPORTED;
    default:
        return NMF_ERR_FORMAT;
    }
}

static void give_up(jpeg_job *job)
{
    char text[JMSG_LENGTH_MAX];
    const int code = job->errors.msg_code;
    job->status = status_of(code);
    if (code == JERR_BAD_PRECISION) {
        nmf_error_set(job->err, job->status,
                      "a JPEG of %d bits a sample: only 8 are read",
                      job->cinfo.data_precision);
    } else if (code == JWRN_JPEG_EOF) {
        nmf_error_set(job->err, job->status, "JPEG is cut short");
    } else {
        const char *what = job->status == NMF_ERR_UNSUPPORTED
                               ? "JPEG that is not supported"
                           : job->status == NMF_ERR_FORMAT ? "damaged JPEG"
                                                           : "JPEG";
        job->errors.format_message((j_common_ptr)&job->cinfo, text);
        nmf_error_set(job->err, job->status, "%s: %s", what, text);
    }
    longjmp(job->escape, 1);
}

static void on_error(j_common_ptr cinfo)
{
    give_up(cinfo->client_data);
}

static void on_message(j_common_ptr cinfo, int level)
{
    jpeg_job *job = cinfo->client_data;
    if (level < 0 && !is_harmless(&job->cinfo)) {
        give_up(job);
    }
}

static void check(jpeg_job *job, nmf_status status)
{
    if (status != NMF_OK) {
        job->status = status;
        longjmp(job->escape, 1);
    }
}

static void on_progress(j_common_ptr common)
{
    jpeg_job *job = common->client_data;
    if (job->cinfo.input_scan_number > MAX_SCANS) {
        check(job, nmf_error_set(job->err, NMF_ERR_LIMIT,
                                 "a JPEG of more than %d scans", MAX_SCANS));
    }
}

static unsigned orientation_of(jpeg_job *job)
{
    unsigned orientation = 1;
    const size_t skip = 6; /* "Exif\0\0" */
    for (jpeg_saved_marker_ptr marker = job->cinfo.marker_list; marker;
         marker = marker->next) {
        if (marker->data_length > skip &&
            memcmp(marker->data, "Exif\0\0", skip) == 0) {
            check(job,
                  nmf_exif_orientation(&orientation, marker->data + skip,
                                       marker->data_length - skip, job->err));
            break;
        }
    }
    return orientation;
}

static nmf_image_colour colour_of(const jpeg_job *job)
{
    switch (job->cinfo.jpeg_color_space) {
    case JCS_GRAYSCALE:
        return NMF_COLOUR_GREY;
    case JCS_CMYK:
    case JCS_YCCK:
        return NMF_COLOUR_CMYK;
    default:
        return NMF_COLOUR_RGB;
    }
}

/* Up to the first scan. */
static void read_header(jpeg_job *job)
{
    struct jpeg_decompress_struct *cinfo = &job->cinfo;
    cinfo->err = jpeg_std_error(&job->errors);
    job->errors.error_exit = on_error;
    job->errors.emit_message = on_message;
    cinfo->client_data = job;
    jpeg_create_decompress(cinfo);
    job->progress.progress_monitor = on_progress;
    cinfo->progress = &job->progress;
    jpeg_save_markers(cinfo, JPEG_APP0 + 1, 0xffff);
    jpeg_mem_src(cinfo, job->bytes, (unsigned long)job->size);
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->data_precision != 8) {
        job->errors.msg_code = JERR_BAD_PRECISION;
        give_up(job);
    }
    if (cinfo->jpeg_color_space == JCS_UNKNOWN) {
        check(job, nmf_error_set(job->err, NMF_ERR_UNSUPPORTED,
                                 "a JPEG of %d channels: only 1, 3 and 4 are "
                                 "read",
                                 cinfo->num_components));
    }
    const unsigned orientation = orientation_of(job);
    const bool swaps = nmf_exif_swaps_sides(orientation);
    *job->info = (nmf_image_info){
        .format = NMF_IMAGE_JPEG,
        .width = swaps ? cinfo->image_height : cinfo->image_width,
        .height = swaps ? cinfo->image_width : cinfo->image_height,
        .colour = colour_of(job),
        .bits = 8,
        .orientation = orientation,
    };
}

/* Refuse a header that its file cannot fulfil, before there is a raster. */
static void check_limits(jpeg_job *job)
{
    const struct jpeg_decompress_struct *cinfo = &job->cinfo;
    check(job,
          nmf_image_admit(job->info, job->size, 0, job->options, job->err));
    /* An arithmetic code spends next to nothing on what it expects. */
    const size_t mcus = ((size_t)cinfo->image_width / MAX_MCU_SIDE) *
                        ((size_t)cinfo->image_height / MAX_MCU_SIDE);
    if (!cinfo->arith_code && mcus / 8 > job->size) {
        check(job, nmf_error_set(
                       job->err, NMF_ERR_FORMAT,
                       "JPEG is cut short: %zu bytes cannot hold %u x %u "
                       "pixels",
                       job->size, cinfo->image_width, cinfo->image_height));
    }
}

static void begin_rows(jpeg_job *job)
{
    struct jpeg_decompress_struct *cinfo = &job->cinfo;
    const size_t channels = nmf_image_channels(job->info, job->options);
    check_limits(job);

    const size_t spent = job->size + (size_t)cinfo->image_width *
                                         cinfo->image_height * channels *
                                         sizeof(float);
    const size_t left = nmf_image_max_bytes(job->options) - spent;
    /* 0 would mean that there is no limit. */
    cinfo->mem->max_memory_to_use = left > LONG_MAX ? LONG_MAX
                                    : left < 1      ? 1
                                                    : (long)left;

    if (job->info->colour == NMF_COLOUR_CMYK) {
        cinfo->out_color_space = JCS_CMYK;
    } else if (job->info->colour == NMF_COLOUR_GREY ||
               (channels == 1 && cinfo->jpeg_color_space == JCS_YCbCr)) {
        cinfo->out_color_space = JCS_GRAYSCALE;
    } else {
        cinfo->out_color_space = JCS_RGB;
    }
    jpeg_start_decompress(cinfo);

    const size_t row_bytes =
        (size_t)cinfo->output_width * (size_t)cinfo->output_components;
    job->row = nmf_malloc(row_bytes, 1);
    if (!job->row) {
        check(job, nmf_error_memory(job->err, row_bytes, "a row of JPEG"));
    }
    check(job, nmf_canvas_init(&job->canvas, job->out, cinfo->output_width,
                               cinfo->output_height, channels,
                               job->info->orientation, job->err));
}

static void read_picture(jpeg_job *job)
{
    struct jpeg_decompress_struct *cinfo = &job->cinfo;
    read_header(job);
    begin_rows(job);
    const size_t channels = job->out->channels;
    const nmf_samples samples = {
        .channels = (unsigned)cinfo->output_components,
        .wide = false,
        .max = 255,
    };
    while (cinfo->output_scanline < cinfo->output_height) {
        const size_t y = cinfo->output_scanline;
        JSAMPROW rows[1] = {job->row};
        jpeg_read_scanlines(cinfo, rows, 1);
        float *out = nmf_canvas_row(&job->canvas, y);
        if (job->info->colour == NMF_COLOUR_CMYK) {
            nmf_samples_convert_cmyk(out, channels, job->row,
                                     cinfo->output_width,
                                     !cinfo->saw_Adobe_marker);
        } else {
            nmf_samples_convert(out, channels, job->row, cinfo->output_width,
                                &samples);
        }
        nmf_canvas_row_done(&job->canvas, y);
    }
    /* That there is an end. */
    jpeg_finish_decompress(cinfo);
}

static nmf_status run(jpeg_job *job, void (*work)(jpeg_job *job))
{
    if (setjmp(job->escape) == 0) {
        work(job);
    }
    jpeg_destroy_decompress(&job->cinfo);
    nmf_canvas_release(&job->canvas);
    nmf_free(job->row);
    return job->status;
}

nmf_status nmf_jpeg_probe(nmf_image_info *info, const uint8_t *bytes,
                          size_t size, nmf_error *err)
{
    jpeg_job job = {.bytes = bytes, .size = size, .info = info, .err = err};
    return run(&job, read_header);
}

nmf_status nmf_jpeg_decode(nmf_image *out, nmf_image_info *info,
                           const uint8_t *bytes, size_t size,
                           const nmf_image_options *options, nmf_error *err)
{
    jpeg_job job = {
        .bytes = bytes,
        .size = size,
        .out = out,
        .info = info,
        .options = options,
        .err = err,
    };
    return run(&job, read_picture);
}
