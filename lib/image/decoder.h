/*
 * What image.c and the decoders have in common: one file per format, each
 * giving two functions, listed in the table of image.c. To add a format: write
 * image_<name>.c, declare its two functions below, add a line to that table and
 * a value to nmf_image_format.
 */
#ifndef NMFIMG_IMAGE_DECODER_H
#define NMFIMG_IMAGE_DECODER_H

#include <nmfimg/image.h>

/*
 * A decoder fills info from the header, then calls nmf_image_admit() before it
 * asks for memory that grows with the picture, and writes its rows through a
 * canvas (canvas.h). out is all zero at the beginning; image.c releases what a
 * failure leaves in it, and puts the name of the file before the message.
 */
typedef nmf_status nmf_image_probe_fn(nmf_image_info *info,
                                      const uint8_t *bytes, size_t size,
                                      nmf_error *err);
typedef nmf_status nmf_image_decode_fn(nmf_image *out, nmf_image_info *info,
                                       const uint8_t *bytes, size_t size,
                                       const nmf_image_options *options,
                                       nmf_error *err);

nmf_image_probe_fn nmf_png_probe, nmf_jpeg_probe, nmf_pnm_probe;
nmf_image_decode_fn nmf_png_decode, nmf_jpeg_decode, nmf_pnm_decode;

/* Channels of the decoded picture: 1 or 3. */
size_t nmf_image_channels(const nmf_image_info *info,
                          const nmf_image_options *options);

/* options->max_bytes, or what its 0 stands for. */
size_t nmf_image_max_bytes(const nmf_image_options *options);

/*
 * Is a picture with this header, in a file of size bytes, within the limits?
 * working_bytes is what its decoder needs beside the file and the finished
 * picture.
 *
 * Fails: NMF_ERR_LIMIT
 */
nmf_status nmf_image_admit(const nmf_image_info *info, size_t size,
                           size_t working_bytes,
                           const nmf_image_options *options, nmf_error *err);

/*
 * nmf_image_init() without the black: the pixels are there, but not yet
 * anything.
 */
nmf_status nmf_image_allocate(nmf_image *out, size_t width, size_t height,
                              size_t channels, nmf_error *err);

/*
 * EXIF orientation, 1 .. 8, of a TIFF structure (what follows "Exif\0\0" in a
 * JPEG's APP1, the content of a PNG's eXIf); 1 where there is none or it makes
 * no sense: a picture is worth more than its notes.
 *
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_exif_orientation(unsigned *orientation, const uint8_t *tiff,
                                size_t size, nmf_error *err);

/* Does this orientation exchange width and height? */
bool nmf_exif_swaps_sides(unsigned orientation);

#endif
