/*
 * Pictures in memory, and the way from bytes to pixels: the format is told by
 * the first bytes and looked up in the table of decoders. Contracts are in
 * nmfimg/image.h and decoder.h.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "image/decoder.h"
#include "image/sniff.h"

#include <stdint.h>
#include <string.h>

/* By nmf_image_format; a format that is only recognised has no functions. */
static const struct {
    const char *name;
    nmf_image_probe_fn *probe;
    nmf_image_decode_fn *decode;
} decoders[] = {
    [NMF_IMAGE_UNKNOWN] = {"unknown", NULL, NULL},
    [NMF_IMAGE_PNG] = {"png", nmf_png_probe, nmf_png_decode},
    [NMF_IMAGE_JPEG] = {"jpeg", nmf_jpeg_probe, nmf_jpeg_decode},
    [NMF_IMAGE_PNM] = {"pnm", nmf_pnm_probe, nmf_pnm_decode},
    [NMF_IMAGE_OTHER] = {"other", NULL, NULL},
};

enum { N_DECODERS = sizeof decoders / sizeof decoders[0] };

const char *nmf_image_format_name(nmf_image_format format)
{
    return (size_t)format < N_DECODERS ? decoders[format].name : "unknown";
}

const char *nmf_image_colour_name(nmf_image_colour colour)
{
    switch (colour) {
    case NMF_COLOUR_GREY:
        return "grey";
    case NMF_COLOUR_RGB:
        return "rgb";
    case NMF_COLOUR_PALETTE:
        return "palette";
    case NMF_COLOUR_CMYK:
        return "cmyk";
    }
    return "unknown";
}

nmf_image_format nmf_image_sniff(const void *bytes, size_t size)
{
    const char *name = NULL;
    return nmf_sniff(&name, bytes, size);
}

/* *format has a decoder, or an error that says why not. */
static nmf_status find_decoder(nmf_image_format *format, const void *bytes,
                               size_t size, nmf_error *err)
{
    const char *name = NULL;
    *format = nmf_sniff(&name, bytes, size);
    if (decoders[*format].decode) {
        return NMF_OK;
    }
    if (size == 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "the file is empty");
    }
    if (*format == NMF_IMAGE_OTHER) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "a %s picture: only PNG, JPEG and PNM are read",
                             name);
    }
    return nmf_error_set(err, NMF_ERR_FORMAT,
                         "no picture: not the beginning of PNG, JPEG or PNM");
}

nmf_status nmf_image_probe(nmf_image_info *out, const void *bytes, size_t size,
                           const char *name, nmf_error *err)
{
    nmf_image_format format = NMF_IMAGE_UNKNOWN;
    *out = (nmf_image_info){0};
    nmf_status status = find_decoder(&format, bytes, size, err);
    if (status == NMF_OK) {
        status = decoders[format].probe(out, bytes, size, err);
    }
    if (status != NMF_OK) {
        nmf_error_prefix(err, "'%s': ", name);
    }
    return status;
}

nmf_status nmf_image_decode(nmf_image *out, const void *bytes, size_t size,
                            const char *name, const nmf_image_options *options,
                            nmf_image_info *info, nmf_error *err)
{
    static const nmf_image_options defaults = NMF_IMAGE_OPTIONS_INIT;
    nmf_image_format format = NMF_IMAGE_UNKNOWN;
    nmf_image_info own_info;
    nmf_image_info *header = info ? info : &own_info;
    *out = (nmf_image){0};
    *header = (nmf_image_info){0};
    nmf_status status = find_decoder(&format, bytes, size, err);
    if (status == NMF_OK) {
        status = decoders[format].decode(out, header, bytes, size,
                                         options ? options : &defaults, err);
    }
    if (status != NMF_OK) {
        nmf_image_release(out);
        nmf_error_prefix(err, "'%s': ", name);
    }
    return status;
}

nmf_status nmf_image_load(nmf_image *out, const char *path,
                          const nmf_image_options *options, nmf_error *err)
{
    nmf_bytes bytes = {0};
    *out = (nmf_image){0};
    nmf_status status =
        nmf_file_read(&bytes, path, nmf_image_max_bytes(options), err);
    if (status == NMF_OK) {
        status = nmf_image_decode(out, bytes.data, bytes.size, path, options,
                                  NULL, err);
    }
    nmf_bytes_release(&bytes);
    return status;
}

size_t nmf_image_channels(const nmf_image_info *info,
                          const nmf_image_options *options)
{
    switch (options->channels) {
    case NMF_CHANNELS_GREY:
        return 1;
    case NMF_CHANNELS_RGB:
        return 3;
    case NMF_CHANNELS_AS_STORED:
        break;
    }
    return info->colour == NMF_COLOUR_GREY ? 1 : 3;
}

size_t nmf_image_max_bytes(const nmf_image_options *options)
{
    const uint64_t four_gib = (uint64_t)4 << 30;
    if (options && options->max_bytes != 0) {
        return options->max_bytes;
    }
    return four_gib < SIZE_MAX ? (size_t)four_gib : SIZE_MAX;
}

nmf_status nmf_image_admit(const nmf_image_info *info, size_t size,
                           size_t working_bytes,
                           const nmf_image_options *options, nmf_error *err)
{
    size_t pixels = 0;
    size_t bytes = 0;
    const size_t max_bytes = nmf_image_max_bytes(options);
    const size_t pixel_bytes =
        nmf_image_channels(info, options) * sizeof(float);
    if (!nmf_size_mul(&pixels, info->width, info->height) ||
        pixels > options->max_pixels) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "%zu x %zu pixels are more than the limit of %zu",
                             info->width, info->height, options->max_pixels);
    }
    if (!nmf_size_mul(&bytes, pixels, pixel_bytes) ||
        !nmf_size_add(&bytes, bytes, working_bytes) ||
        !nmf_size_add(&bytes, bytes, size)) {
        bytes = SIZE_MAX;
    }
    if (bytes > max_bytes) {
        return nmf_error_set(
            err, NMF_ERR_LIMIT,
            "%zu x %zu pixels need %s of memory, the limit is %s", info->width,
            info->height, nmf_format_size(bytes).text,
            nmf_format_size(max_bytes).text);
    }
    return NMF_OK;
}

nmf_status nmf_image_allocate(nmf_image *out, size_t width, size_t height,
                              size_t channels, nmf_error *err)
{
    size_t n = 0;
    *out = (nmf_image){0};
    if (width == 0 || height == 0 || (channels != 1 && channels != 3)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a picture cannot be %zu x %zu with %zu channels",
                             width, height, channels);
    }
    if (!nmf_size_mul(&n, width, height) || !nmf_size_mul(&n, n, channels) ||
        n > PTRDIFF_MAX / sizeof(float)) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "%zu x %zu pixels are too many", width, height);
    }
    out->pixels = nmf_malloc(n, sizeof(float));
    if (!out->pixels) {
        return nmf_error_memory(err, n * sizeof(float), "a picture");
    }
    out->width = width;
    out->height = height;
    out->channels = channels;
    return NMF_OK;
}

nmf_status nmf_image_init(nmf_image *out, size_t width, size_t height,
                          size_t channels, nmf_error *err)
{
    nmf_status status = nmf_image_allocate(out, width, height, channels, err);
    if (status == NMF_OK) {
        memset(out->pixels, 0, width * height * channels * sizeof(float));
    }
    return status;
}

void nmf_image_release(nmf_image *image)
{
    if (image) {
        nmf_free(image->pixels);
        *image = (nmf_image){0};
    }
}
