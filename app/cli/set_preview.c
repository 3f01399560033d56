#include "set_preview.h"

enum {
    MAX_ROWS = 6,
    SMALL_SIDE = 128, /* smaller pictures are magnified to about this */
    GAP = 4,
    COLUMNS = 3
};

static const float error_gain = 4;

/* Copy a picture to (left, top), each pixel zoom x zoom times. */
static void place(nmf_image *to, const float *pixels,
                  const nmf_geometry *geometry, size_t left, size_t top,
                  size_t zoom)
{
    const size_t c = geometry->channels;
    for (size_t y = 0; y < geometry->height * zoom; y++) {
        for (size_t x = 0; x < geometry->width * zoom; x++) {
            size_t from = (y / zoom * geometry->width + x / zoom) * c;
            size_t at = ((top + y) * to->width + left + x) * c;
            for (size_t i = 0; i < c; i++) {
                to->pixels[at + i] = pixels[from + i];
            }
        }
    }
}

static nmf_status draw_row(nmf_image *out, const nmf_set *set,
                           const nmf_matrix *X, size_t i, size_t row,
                           size_t zoom, nmf_error *err)
{
    const nmf_geometry *geometry = &set->info.geometry;
    const size_t width = geometry->width * zoom + GAP;
    const size_t top = GAP + row * (geometry->height * zoom + GAP);
    const float *original = nmf_matrix_row(X, i);
    nmf_image decoded = {0};
    nmf_status status = nmf_set_image(&decoded, set, i, err);
    if (status != NMF_OK) {
        return status;
    }
    place(out, original, geometry, GAP, top, zoom);
    place(out, decoded.pixels, geometry, GAP + width, top, zoom);
    for (size_t p = 0; p < X->cols; p++) {
        decoded.pixels[p] =
            0.5F + error_gain * (decoded.pixels[p] - original[p]);
    }
    place(out, decoded.pixels, geometry, GAP + 2 * width, top, zoom);
    nmf_image_release(&decoded);
    return NMF_OK;
}

nmf_status set_preview_draw(nmf_image *out, const nmf_set *set,
                            const nmf_matrix *X, nmf_error *err)
{
    const nmf_geometry *geometry = &set->info.geometry;
    const size_t n = X->rows < MAX_ROWS ? X->rows : MAX_ROWS;
    const size_t longer =
        geometry->width > geometry->height ? geometry->width : geometry->height;
    const size_t zoom = longer < SMALL_SIDE ? SMALL_SIDE / longer : 1;
    nmf_status status = nmf_image_init(
        out, GAP + COLUMNS * (geometry->width * zoom + GAP),
        GAP + n * (geometry->height * zoom + GAP), geometry->channels, err);
    for (size_t p = 0;
         status == NMF_OK && p < out->width * out->height * out->channels;
         p++) {
        out->pixels[p] = 1;
    }
    for (size_t row = 0; status == NMF_OK && row < n; row++) {
        status = draw_row(out, set, X, row * X->rows / n, row, zoom, err);
    }
    if (status != NMF_OK) {
        nmf_image_release(out);
    }
    return status;
}
