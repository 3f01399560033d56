/*
 * Sets beside what they were made from, and beside JPEG. Contracts are in
 * nmfimg/codec.h.
 */
#include "codec/set_compare.h"

#include "core/alloc.h"
#include "core/error.h"
#include "image/jpeg_writer.h"

#include <nmfimg/metrics.h>

#include <math.h>
#include <string.h>

static size_t feature_count(const nmf_geometry *geometry)
{
    return geometry->width * geometry->height * geometry->channels;
}

static double psnr_of(double squared_error, double n_samples)
{
    return squared_error > 0 ? 10 * log10(65025.0 * n_samples / squared_error)
                             : INFINITY;
}

static double level_of(float value)
{
    return fmax(0, fmin(255, floor((double)value * 255 + 0.5)));
}

static nmf_status add_ssim(double *sum, const nmf_set *set, nmf_image *original,
                           size_t i, nmf_error *err)
{
    nmf_image decoded = {0};
    double ssim = 0;
    nmf_status status = nmf_set_image(&decoded, set, i, err);
    if (status == NMF_OK) {
        status = nmf_ssim(&ssim, original, &decoded, err);
    }
    nmf_image_release(&decoded);
    *sum += ssim;
    return status;
}

nmf_status nmf_set_compare(double *psnr, double *ssim, const nmf_set *set,
                           const nmf_matrix *X, nmf_error *err)
{
    const nmf_geometry *geometry = &set->info.geometry;
    const size_t n_features = feature_count(geometry);
    nmf_image original = {0};
    double squared_error = 0;
    double sum = 0;
    if (X->rows != set->info.n_images || X->cols != n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu pictures of %zu samples, compared with %zu "
                             "of %zu",
                             set->info.n_images, n_features, X->rows, X->cols);
    }
    nmf_status status = nmf_image_init(
        &original, geometry->width, geometry->height, geometry->channels, err);
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        const uint8_t *pixels = set->pixels + i * n_features;
        for (size_t p = 0; p < n_features; p++) {
            double level = level_of(row[p]);
            double gap = level - pixels[p];
            original.pixels[p] = (float)level / 255.0F;
            squared_error += gap * gap;
        }
        if (ssim) {
            status = add_ssim(&sum, set, &original, i, err);
        }
    }
    if (status == NMF_OK) {
        *psnr = psnr_of(squared_error, (double)X->rows * (double)X->cols);
        if (ssim) {
            *ssim = sum / (double)X->rows;
        }
    }
    nmf_image_release(&original);
    return status;
}

/* Pictures side by side in rows; what is left of the last row is black. */
typedef struct sheet {
    size_t columns;
    size_t rows;
    size_t width;
    size_t height;
    uint8_t *pixels;
} sheet;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static nmf_status lay_sheet(sheet *out, const nmf_matrix *X, size_t first,
                            size_t n, const nmf_geometry *geometry,
                            nmf_error *err)
{
    const size_t w = geometry->width;
    const size_t h = geometry->height;
    const size_t c = geometry->channels;
    out->width = out->columns * w;
    out->rows = (n + out->columns - 1) / out->columns;
    out->height = out->rows * h;
    out->pixels = nmf_calloc_matrix(out->width, out->height, c);
    if (!out->pixels) {
        return nmf_error_memory(err, out->width * out->height * c,
                                "comparing with JPEG");
    }
    for (size_t i = 0; i < n; i++) {
        const float *row = nmf_matrix_row(X, first + i);
        for (size_t y = 0; y < h; y++) {
            size_t line = i / out->columns * h + y;
            uint8_t *to =
                out->pixels + (line * out->width + i % out->columns * w) * c;
            for (size_t x = 0; x < w * c; x++) {
                to[x] = (uint8_t)level_of(row[y * w * c + x]);
            }
        }
    }
    return NMF_OK;
}

/* Squared error of the pictures, not of what fills up the last row. */
static double sheet_error(const sheet *s, size_t n, const nmf_image *decoded,
                          const nmf_geometry *geometry)
{
    const size_t w = geometry->width * geometry->channels;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t y = 0; y < geometry->height; y++) {
            size_t line = i / s->columns * geometry->height + y;
            size_t at =
                line * s->width * geometry->channels + i % s->columns * w;
            for (size_t x = 0; x < w; x++) {
                double gap =
                    level_of(decoded->pixels[at + x]) - s->pixels[at + x];
                sum += gap * gap;
            }
        }
    }
    return sum;
}

/* One sheet of n pictures: bytes and squared error are added up. */
static nmf_status encode_sheet(size_t *bytes, double *squared_error,
                               const nmf_matrix *X, size_t first, size_t n,
                               size_t columns, const nmf_geometry *geometry,
                               int quality, nmf_error *err)
{
    sheet s = {.columns = columns};
    nmf_bytes jpeg = {0};
    nmf_image decoded = {0};
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    options.channels =
        geometry->channels == 3 ? NMF_CHANNELS_RGB : NMF_CHANNELS_GREY;
    options.max_pixels = SIZE_MAX;
    options.max_bytes = SIZE_MAX;
    nmf_status status = lay_sheet(&s, X, first, n, geometry, err);
    if (status == NMF_OK) {
        status = nmf_jpeg_encode(&jpeg, s.pixels, s.width, s.height,
                                 geometry->channels, quality, err);
    }
    if (status == NMF_OK) {
        status = nmf_image_decode(&decoded, jpeg.data, jpeg.size, "sheet",
                                  &options, NULL, err);
    }
    if (status == NMF_OK) {
        *bytes += jpeg.size;
        *squared_error += sheet_error(&s, n, &decoded, geometry);
    }
    nmf_image_release(&decoded);
    nmf_bytes_release(&jpeg);
    nmf_free(s.pixels);
    return status;
}

nmf_status nmf_jpeg_measure(size_t *bytes, double *psnr, const nmf_matrix *X,
                            const nmf_geometry *geometry, int quality,
                            nmf_error *err)
{
    enum { SIDE = 16384 }; /* of a sheet, at most, where a picture allows */
    const size_t across = smaller(SIDE, NMF_JPEG_SIDE_MAX) / geometry->width;
    const size_t down = smaller(SIDE, NMF_JPEG_SIDE_MAX) / geometry->height;
    double side = sqrt((double)X->rows * (double)geometry->height /
                       (double)geometry->width);
    size_t columns = smaller((size_t)ceil(side), across > 0 ? across : 1);
    size_t each = columns * (down > 0 ? down : 1);
    double squared_error = 0;
    nmf_status status = NMF_OK;
    *bytes = 0;
    for (size_t i = 0; status == NMF_OK && i < X->rows; i += each) {
        status = encode_sheet(bytes, &squared_error, X, i,
                              smaller(each, X->rows - i), columns, geometry,
                              quality, err);
    }
    *psnr = psnr_of(squared_error, (double)X->rows * (double)X->cols);
    return status;
}

nmf_status nmf_jpeg_match(size_t *bytes, double *psnr, const nmf_matrix *X,
                          const nmf_geometry *geometry, double wanted,
                          nmf_error *err)
{
    int low = 1;
    int high = 101; /* the lowest that is good enough is in low .. high */
    *bytes = 0;
    *psnr = 0;
    while (low < high) {
        int quality = (low + high) / 2;
        size_t n = 0;
        double reached = 0;
        if (quality > 100) {
            break;
        }
        nmf_status status =
            nmf_jpeg_measure(&n, &reached, X, geometry, quality, err);
        if (status != NMF_OK) {
            return status;
        }
        if (reached >= wanted) {
            high = quality;
            *bytes = n;
            *psnr = reached;
        } else {
            low = quality + 1;
        }
    }
    return NMF_OK;
}
