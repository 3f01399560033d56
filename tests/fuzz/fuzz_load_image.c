/*
 * Any bytes as a picture: probe and decode, within small limits. What is
 * decoded must be what its header said, in [0, 1].
 */
#include "fuzz.h"

#include <nmfimg/image.h>

#include <stdlib.h>

static void check_picture(const nmf_image *image, const nmf_image_info *info)
{
    if (image->width != info->width || image->height != info->height) {
        abort();
    }
    for (size_t i = 0; i < image->width * image->height * image->channels;
         i++) {
        if (!(image->pixels[i] >= 0.0F && image->pixels[i] <= 1.0F)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const nmf_channels channels[] = {
        NMF_CHANNELS_AS_STORED, NMF_CHANNELS_GREY, NMF_CHANNELS_RGB};
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_image_info info = {0};
    nmf_image_info probed = {0};
    nmf_image image = {0};
    nmf_error err = {0};
    options.max_pixels = (size_t)1 << 20;
    options.max_bytes = (size_t)64 << 20;
    /* All settings are met, and an input always meets the same one. */
    options.channels = channels[size % 3];
    options.alpha = size / 3 % 2 == 0 ? NMF_ALPHA_BLACK : NMF_ALPHA_IGNORE;
    nmf_status header = nmf_image_probe(&probed, data, size, "input", &err);
    if (nmf_image_decode(&image, data, size, "input", &options, &info, &err) ==
        NMF_OK) {
        check_picture(&image, &info);
        if (header != NMF_OK || probed.width != info.width ||
            probed.colour != info.colour || probed.bits != info.bits) {
            abort();
        }
    } else if (err.message[0] != '\'' || image.pixels) {
        abort();
    }
    nmf_image_release(&image);
    return 0;
}
