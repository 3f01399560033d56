/*
 * Resizing, each axis by itself: an output sample is a weighted mean of
 * neighbouring input samples.
 *
 * With scale = input length / output length, output i is the interval
 * [i scale, (i + 1) scale) of the input. Where it is longer than a pixel, each
 * pixel weighs by its share of the interval (area averaging, which keeps the
 * mean); where it is shorter, the two pixels around its centre weigh by
 * nearness (bilinear). Cropping makes the input interval shorter than the
 * picture, padding the output frame larger.
 *
 * Output rows are made from the top; each needs input rows that lie below or at
 * the last ones used, so a window of two rows, resized horizontally, is kept.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "image/decoder.h"

#include <math.h>
#include <string.h>

/* The weights of one output sample: inputs first .. first + count - 1. */
typedef struct taps {
    size_t first;
    size_t count;
    const double *weights; /* into axis.weights */
} taps;

typedef struct axis {
    taps *taps; /* n of them */
    double *weights;
    size_t n;
} axis;

static void axis_release(axis *a)
{
    nmf_free(a->taps);
    nmf_free(a->weights);
}

/* Weights by overlap with [begin, begin + length); returns their number. */
static size_t area_taps(taps *t, double *weights, double begin, double length,
                        size_t n_in)
{
    const double end = begin + length;
    size_t first = (size_t)begin;
    size_t last = (size_t)ceil(end);
    double sum = 0.0;
    first = first < n_in ? first : n_in - 1;
    last = last > n_in ? n_in : last > first ? last : first + 1;
    for (size_t i = first; i < last; i++) {
        double from = fmax(begin, (double)i);
        double to = fmin(end, (double)(i + 1));
        weights[i - first] = fmax(to - from, 0.0);
        sum += weights[i - first];
    }
    for (size_t i = 0; i < last - first; i++) {
        weights[i] /= sum;
    }
    *t = (taps){first, last - first, weights};
    return t->count;
}

/* Two neighbours of a position, in pixel centres; the edges are repeated. */
static size_t linear_taps(taps *t, double *weights, double position,
                          size_t n_in)
{
    position = fmin(fmax(position, 0.0), (double)(n_in - 1));
    const size_t first = (size_t)position;
    const double fraction = position - (double)first;
    weights[0] = 1.0 - fraction;
    weights[1] = fraction;
    *t = (taps){first, fraction > 0.0 ? 2 : 1, weights};
    return 2;
}

/* n_out samples from the interval [begin, begin + length) of n_in samples. */
static nmf_status axis_init(axis *a, size_t n_out, double begin, double length,
                            size_t n_in, nmf_error *err)
{
    const double scale = length / (double)n_out;
    const size_t most = scale < 1.0 ? 2 : (size_t)scale + 3;
    size_t n_weights = 0;
    *a = (axis){.n = n_out};
    if (!nmf_size_mul(&n_weights, n_out, most)) {
        return nmf_error_set(err, NMF_ERR_LIMIT, "%zu pixels are too many",
                             n_out);
    }
    a->taps = nmf_malloc(n_out, sizeof *a->taps);
    a->weights = nmf_malloc(n_weights, sizeof *a->weights);
    if (!a->taps || !a->weights) {
        return nmf_error_memory(err, n_weights * sizeof *a->weights,
                                "weights for resizing");
    }
    double *next = a->weights;
    for (size_t i = 0; i < n_out; i++) {
        const double at = begin + (double)i * scale;
        next += scale < 1.0
                    ? linear_taps(&a->taps[i], next, at + scale / 2 - 0.5, n_in)
                    : area_taps(&a->taps[i], next, at, scale, n_in);
    }
    return NMF_OK;
}

static void resize_row(double *out, const float *in, size_t channels,
                       const axis *across)
{
    for (size_t x = 0; x < across->n; x++) {
        const taps *t = &across->taps[x];
        for (size_t c = 0; c < channels; c++) {
            const float *from = in + t->first * channels + c;
            double sum = 0.0;
            for (size_t i = 0; i < t->count; i++) {
                sum += t->weights[i] * (double)from[i * channels];
            }
            *out++ = sum;
        }
    }
}

/* Where the resized picture lies in the frame. */
typedef struct frame {
    size_t left, top, width, height;
} frame;

static nmf_status resize_into(nmf_image *out, const frame *to,
                              const nmf_image *image, const axis *across,
                              const axis *down, nmf_error *err)
{
    const size_t channels = image->channels;
    const size_t n = to->width * channels;
    /* One sum, and two rows in turn: row y is in window + (y % 2) n. */
    double *sum = nmf_malloc(n, 3 * sizeof *sum);
    size_t n_resized = 0; /* rows above this one are done, or never used */
    if (!sum) {
        return nmf_error_memory(err, n * 3 * sizeof *sum, "rows for resizing");
    }
    double *window = sum + n;
    for (size_t y = 0; y < to->height; y++) {
        const taps *t = &down->taps[y];
        memset(sum, 0, n * sizeof *sum);
        for (size_t i = 0; i < t->count; i++) {
            const size_t from = t->first + i;
            double *row = window + from % 2 * n;
            if (from >= n_resized) {
                resize_row(row, image->pixels + from * image->width * channels,
                           channels, across);
                n_resized = from + 1;
            }
            for (size_t j = 0; j < n; j++) {
                sum[j] += t->weights[i] * row[j];
            }
        }
        float *pixels =
            out->pixels + ((to->top + y) * out->width + to->left) * channels;
        for (size_t j = 0; j < n; j++) {
            pixels[j] = (float)sum[j];
        }
    }
    nmf_free(sum);
    return NMF_OK;
}

/* The interval of an axis that is kept, centred. */
typedef struct interval {
    double begin, length;
} interval;

static interval centred(size_t n_in, double length, size_t n_out)
{
    interval kept = {((double)n_in - length) / 2.0, length};
    if (length == (double)n_out) {
        kept.begin = floor(kept.begin); /* copy pixels, do not blur them */
    }
    return kept;
}

static size_t rounded_side(double side, size_t most)
{
    return side < 1.0 ? 1 : side > (double)most ? most : (size_t)(side + 0.5);
}

/*
 * aspect to geometry: the part of the picture that is shown, and the part of
 * the frame that shows it.
 */
static void arrange(interval *columns, interval *rows, frame *to,
                    const nmf_image *image, nmf_aspect aspect)
{
    const double w = (double)image->width;
    const double h = (double)image->height;
    const double frame_w = (double)to->width;
    const double frame_h = (double)to->height;
    const bool picture_is_wider = w * frame_h > frame_w * h;
    double kept_w = w;
    double kept_h = h;
    if (aspect == NMF_ASPECT_CROP) {
        if (picture_is_wider) {
            kept_w = h * frame_w / frame_h;
        } else {
            kept_h = w * frame_h / frame_w;
        }
    } else if (aspect == NMF_ASPECT_PAD) {
        if (picture_is_wider) {
            size_t height = rounded_side(h * frame_w / w, to->height);
            to->top = (to->height - height) / 2;
            to->height = height;
        } else {
            size_t width = rounded_side(w * frame_h / h, to->width);
            to->left = (to->width - width) / 2;
            to->width = width;
        }
    }
    *columns = centred(image->width, kept_w, to->width);
    *rows = centred(image->height, kept_h, to->height);
}

nmf_status nmf_image_resize(nmf_image *out, const nmf_image *image,
                            size_t width, size_t height, nmf_aspect aspect,
                            nmf_error *err)
{
    frame to = {0, 0, width, height};
    interval columns = {0};
    interval rows = {0};
    axis across = {0};
    axis down = {0};
    nmf_status status = NMF_OK;
    /* Only a frame with margins has to be black first. */
    if (aspect == NMF_ASPECT_PAD) {
        status = nmf_image_init(out, width, height, image->channels, err);
    } else {
        status = nmf_image_allocate(out, width, height, image->channels, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    if (width == image->width && height == image->height) {
        memcpy(out->pixels, image->pixels,
               width * height * image->channels * sizeof(float));
        return NMF_OK;
    }
    arrange(&columns, &rows, &to, image, aspect);
    status = axis_init(&across, to.width, columns.begin, columns.length,
                       image->width, err);
    if (status == NMF_OK) {
        status = axis_init(&down, to.height, rows.begin, rows.length,
                           image->height, err);
    }
    if (status == NMF_OK) {
        status = resize_into(out, &to, image, &across, &down, err);
    }
    axis_release(&across);
    axis_release(&down);
    if (status != NMF_OK) {
        nmf_image_release(out);
    }
    return status;
}
