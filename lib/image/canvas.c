/* Decoded rows to upright pictures. Contracts are in canvas.h. */
#include "image/canvas.h"

#include "core/alloc.h"
#include "core/error.h"
#include "image/decoder.h"

/*
 * What each orientation does to a picture w wide and h high, as stored. For
 * 5 .. 8 the upright picture is h wide and w high.
 *
 *     stored (x, y) ->
 *     1 (x, y)   2 (w-1-x, y)   3 (w-1-x, h-1-y)   4 (x, h-1-y)
 *     5 (y, x)   6 (h-1-y, x)   7 (h-1-y, w-1-x)   8 (y, w-1-x)
 */
static const struct {
    bool swaps, flips_x, flips_y; /* x and y of the stored picture */
} turns[9] = {
    {false, false, false}, {false, false, false}, {false, true, false},
    {false, true, true},   {false, false, true},  {true, false, false},
    {true, false, true},   {true, true, true},    {true, true, false},
};

bool nmf_exif_swaps_sides(unsigned orientation)
{
    return orientation <= 8 && turns[orientation].swaps;
}

nmf_status nmf_canvas_init(nmf_canvas *canvas, nmf_image *image, size_t width,
                           size_t height, size_t channels, unsigned orientation,
                           nmf_error *err)
{
    bool swaps = turns[orientation].swaps;
    *canvas = (nmf_canvas){.image = image, .width = width};
    nmf_status status = nmf_image_allocate(
        image, swaps ? height : width, swaps ? width : height, channels, err);
    if (status != NMF_OK) {
        return status;
    }
    if (orientation <= 1) {
        return NMF_OK;
    }
    canvas->scratch = nmf_malloc(width * channels, sizeof(float));
    if (!canvas->scratch) {
        return nmf_error_memory(err, width * channels * sizeof(float),
                                "a row of pixels");
    }
    ptrdiff_t along = (ptrdiff_t)channels;
    ptrdiff_t down = (ptrdiff_t)(image->width * channels);
    canvas->x_stride = swaps ? down : along;
    canvas->y_stride = swaps ? along : down;
    if (turns[orientation].flips_x) {
        canvas->origin += canvas->x_stride * (ptrdiff_t)(width - 1);
        canvas->x_stride = -canvas->x_stride;
    }
    if (turns[orientation].flips_y) {
        canvas->origin += canvas->y_stride * (ptrdiff_t)(height - 1);
        canvas->y_stride = -canvas->y_stride;
    }
    return NMF_OK;
}

float *nmf_canvas_row(nmf_canvas *canvas, size_t y)
{
    return canvas->scratch ? canvas->scratch
                           : canvas->image->pixels +
                                 y * canvas->width * canvas->image->channels;
}

void nmf_canvas_row_done(nmf_canvas *canvas, size_t y)
{
    const size_t channels = canvas->image->channels;
    const float *from = canvas->scratch;
    if (!from) {
        return;
    }
    float *to = canvas->image->pixels + canvas->origin +
                (ptrdiff_t)y * canvas->y_stride;
    for (size_t x = 0; x < canvas->width; x++) {
        for (size_t c = 0; c < channels; c++) {
            to[(ptrdiff_t)x * canvas->x_stride + (ptrdiff_t)c] = *from++;
        }
    }
}

void nmf_canvas_release(nmf_canvas *canvas)
{
    nmf_free(canvas->scratch);
    *canvas = (nmf_canvas){0};
}
