/**
 * Pictures: decoded from PNG, JPEG and PNM, resized, written as PNG.
 *
 *     nmf_image image = {0};
 *     if (nmf_image_load(&image, "face.jpg", NULL, &err) == NMF_OK)
 *         show(image.pixels, image.width, image.height);
 *     nmf_image_release(&image);
 *
 * The format is told by content, never by name. EXIF orientation is applied.
 */
#ifndef NMFIMG_IMAGE_H
#define NMFIMG_IMAGE_H

#include <nmfimg/file.h>

NMF_BEGIN_DECLS

/**
 * Samples of a picture, rows from the top, channels interleaved: the sample of
 * channel c at column x of row y is pixels[(y * width + x) * channels + c].
 */
typedef struct nmf_image {
    size_t width;
    size_t height;
    size_t channels; /* 1 grey, 3 RGB */
    float *pixels;   /* in [0, 1]; owned, freed by nmf_image_release() */
} nmf_image;

/** What a file is, by its first bytes. */
typedef enum nmf_image_format {
    NMF_IMAGE_UNKNOWN = 0,
    NMF_IMAGE_PNG = 1,
    NMF_IMAGE_JPEG = 2,
    NMF_IMAGE_PNM = 3, /* P1 .. P6 */
    NMF_IMAGE_OTHER =
        4 /* a picture that is not read: BMP, GIF, TIFF, WebP ... */
} nmf_image_format;

/** "png", "jpeg", "pnm", "other", "unknown"; static strings. */
NMF_API const char *nmf_image_format_name(nmf_image_format format);

/** Colour as it is stored. */
typedef enum nmf_image_colour {
    NMF_COLOUR_GREY = 0,
    NMF_COLOUR_RGB = 1, /* JPEG: YCbCr too */
    NMF_COLOUR_PALETTE = 2,
    NMF_COLOUR_CMYK = 3 /* JPEG: YCCK too */
} nmf_image_colour;

/** "grey", "rgb", "palette", "cmyk"; static strings. */
NMF_API const char *nmf_image_colour_name(nmf_image_colour colour);

/** What the header of a picture says. */
typedef struct nmf_image_info {
    nmf_image_format format;
    size_t width; /* upright, that is after EXIF orientation */
    size_t height;
    nmf_image_colour colour;
    unsigned bits; /* a sample (palette: an index): 1, 2, 4, 8, 12, 16 */
    bool has_alpha;
    unsigned orientation; /* EXIF 1 .. 8; 1 where there is none */
} nmf_image_info;

/** What becomes of transparency. */
typedef enum nmf_alpha {
    NMF_ALPHA_BLACK = 0, /* composed on black: colour * alpha */
    NMF_ALPHA_IGNORE = 1 /* the colour as stored */
} nmf_alpha;

/** What the decoded picture shall have. */
typedef enum nmf_channels {
    NMF_CHANNELS_GREY = 1,      /* Rec. 601 luma of colours */
    NMF_CHANNELS_AS_STORED = 0, /* 1 for grey, 3 for all else */
    NMF_CHANNELS_RGB = 3        /* grey three times */
} nmf_channels;

/** 16384 x 16384 */
#define NMF_IMAGE_MAX_PIXELS_DEFAULT ((size_t)1 << 28)

/** How to decode; start from NMF_IMAGE_OPTIONS_INIT. */
typedef struct nmf_image_options {
    nmf_channels channels;
    nmf_alpha alpha;
    size_t max_pixels; /* width * height; a larger picture is refused */
    size_t max_bytes;  /* memory a decoder may use, file included; 0: 4 GiB */
} nmf_image_options;

#define NMF_IMAGE_OPTIONS_INIT                                                 \
    {                                                                          \
        NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK, NMF_IMAGE_MAX_PIXELS_DEFAULT, \
            0                                                                  \
    }

/**
 * Which format do these first bytes announce? 16 bytes are enough. A short or
 * empty beginning is NMF_IMAGE_UNKNOWN.
 */
NMF_API nmf_image_format nmf_image_sniff(const void *bytes, size_t size);

/**
 * Read the header of a picture in memory.
 *
 * name     stands for the file in messages
 * Fails:   NMF_ERR_FORMAT, _UNSUPPORTED (NMF_IMAGE_OTHER), _LIMIT never
 */
NMF_API nmf_status nmf_image_probe(nmf_image_info *out, const void *bytes,
                                   size_t size, const char *name,
                                   nmf_error *err);

/**
 * Decode a picture in memory. Samples are divided by the largest value of
 * their depth (255, 65535, maxval), so that 16 bits keep their precision. Gamma
 * and colour profiles are ignored. Grey of a YCbCr JPEG is its Y.
 *
 * A picture that is damaged or cut short is refused, also one that lacks but
 * its end marker (PNG's IEND, JPEG's EOI). So is a JPEG that libjpeg warns
 * about, unless the warning is about bytes beside the picture, or about a scan
 * of a progressive one that ends before its last blocks (they stay as sharp as
 * the scans before made them). What follows the end is ignored.
 *
 * out      overwritten; on success owned by the caller, who frees it with
 *          nmf_image_release(); on failure all zero
 * options  NULL means NMF_IMAGE_OPTIONS_INIT
 * info     filled where not NULL
 *
 * Fails:   NMF_ERR_FORMAT, _UNSUPPORTED, _LIMIT (before memory is asked for),
 *          _MEMORY; the message names the file
 * Threads: safe to call at once.
 */
NMF_API nmf_status nmf_image_decode(nmf_image *out, const void *bytes,
                                    size_t size, const char *name,
                                    const nmf_image_options *options,
                                    nmf_image_info *info, nmf_error *err);

/** The same from a file. Fails: NMF_ERR_IO too. */
NMF_API nmf_status nmf_image_load(nmf_image *out, const char *path,
                                  const nmf_image_options *options,
                                  nmf_error *err);

/** A black picture. Fails: NMF_ERR_ARGUMENT (0 wide ...), _LIMIT, _MEMORY */
NMF_API nmf_status nmf_image_init(nmf_image *out, size_t width, size_t height,
                                  size_t channels, nmf_error *err);

/** Free the samples and make it empty. NULL is fine. */
NMF_API void nmf_image_release(nmf_image *image);

/** What to do with another aspect when resizing. */
typedef enum nmf_aspect {
    NMF_ASPECT_STRETCH = 0, /* both sides are scaled by themselves */
    NMF_ASPECT_CROP = 1,    /* fill the frame, cut what is over, centred */
    NMF_ASPECT_PAD = 2      /* show all, the rest black, centred */
} nmf_aspect;

/**
 * Resize: area averaging along a side that shrinks, bilinear along one that
 * grows (sample positions at pixel centres, edges repeated). A picture that
 * has the size already comes out the same.
 */
NMF_API nmf_status nmf_image_resize(nmf_image *out, const nmf_image *image,
                                    size_t width, size_t height,
                                    nmf_aspect aspect, nmf_error *err);

/**
 * Encode as PNG, 8 bits a sample, grey or RGB: round(255 x), x cut to [0, 1],
 * NaN as 0. The same image gives the same bytes.
 */
NMF_API nmf_status nmf_image_encode_png(nmf_bytes *out, const nmf_image *image,
                                        nmf_error *err);

/** Encode and write the file, whole or not at all. */
NMF_API nmf_status nmf_image_save(const char *path, const nmf_image *image,
                                  bool overwrite, nmf_error *err);

NMF_END_DECLS

#endif
