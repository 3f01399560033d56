#include "image/paint.h"

#include <string.h>

void nmf_paint_rectangle(nmf_image *image, size_t x, size_t y, size_t width,
                         size_t height, const float rgb[3])
{
    if (x >= image->width || y >= image->height) {
        return;
    }
    width = width < image->width - x ? width : image->width - x;
    height = height < image->height - y ? height : image->height - y;
    for (size_t row = y; row < y + height; row++) {
        float *pixel =
            image->pixels + (row * image->width + x) * image->channels;
        for (size_t i = 0; i < width * image->channels; i++) {
            pixel[i] = rgb[i % image->channels];
        }
    }
}

void nmf_paint_image(nmf_image *image, size_t x, size_t y,
                     const nmf_image *from)
{
    const size_t channels = image->channels;
    if (x >= image->width || y >= image->height) {
        return;
    }
    size_t width =
        from->width < image->width - x ? from->width : image->width - x;
    size_t height =
        from->height < image->height - y ? from->height : image->height - y;
    for (size_t row = 0; row < height; row++) {
        memcpy(image->pixels + ((y + row) * image->width + x) * channels,
               from->pixels + row * from->width * channels,
               width * channels * sizeof(float));
    }
}
