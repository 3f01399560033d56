/* Contracts are in codebook.h and nmfimg/coded.h. */
#include "codec/codebook.h"

#include "codec/crc.h"
#include "codec/set.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

static nmf_status check(const nmf_model_file *file, const char *name,
                        nmf_error *err)
{
    if (!file->model) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s' is a model by %s; pictures are coded with "
                             "models by nmf",
                             name,
                             nmf_method_name(nmf_model_file_method(file)));
    }
    if (file->geometry.width == 0 || file->geometry.patch_stride != 0) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT,
            "'%s' is a model of %s; pictures are coded with "
            "models of whole pictures",
            name, file->geometry.width ? "patches" : "rows of numbers");
    }
    if (!file->variation) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s' does not say how its activations vary, by "
                             "which pictures are coded; 'nmfimg fit' of this "
                             "version writes that",
                             name);
    }
    if (file->geometry.width > NMF_SET_SIDE_MAX ||
        file->geometry.height > NMF_SET_SIDE_MAX) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "'%s': pictures of %zux%zu; coded ones have at "
                             "most %d pixels a side",
                             name, file->geometry.width, file->geometry.height,
                             NMF_SET_SIDE_MAX);
    }
    return NMF_OK;
}

/* Exact: the scale is a power of 2. */
static void round_component(int16_t *to, const float *from, size_t n)
{
    int e = 0;
    bool has_any = nmf_component_exponent(&e, from, n);
    for (size_t p = 0; p < n; p++) {
        double entry = ldexp((double)from[p], NMF_COMPONENT_BITS - e);
        to[p] = has_any ? (int16_t)floor(entry + 0.5) : 0;
    }
}

/* CRC64 of the payloads of GEOM, COMP and mODE. */
static nmf_status find_id(nmf_codebook *book, const nmf_matrix *H,
                          nmf_error *err)
{
    nmf_byte_writer part = {0};
    uint64_t crc = 0;
    nmf_write_u32(&part, (uint32_t)book->geometry.width);
    nmf_write_u32(&part, (uint32_t)book->geometry.height);
    nmf_write_u32(&part, (uint32_t)book->geometry.channels);
    nmf_write_u32(&part, 0);
    nmf_write_u64(&part, H->rows);
    nmf_write_u64(&part, H->cols);
    for (size_t j = 0; j < H->rows && !part.failed; j++) {
        crc = nmf_crc64(crc, part.data, part.size);
        part.size = 0;
        nmf_write_f32s(&part, nmf_matrix_row(H, j), H->cols);
    }
    nmf_variation_write(&part, book->variation);
    if (!part.failed) {
        book->id = nmf_crc64(crc, part.data, part.size);
    }
    bool failed = part.failed;
    nmf_byte_writer_release(&part);
    return failed ? nmf_error_memory(err, sizeof(float) * H->cols,
                                     "the id of a model")
                  : NMF_OK;
}

nmf_status nmf_codebook_create(nmf_codebook **out, const nmf_model_file *file,
                               const char *name, nmf_error *err)
{
    *out = NULL;
    nmf_status status = check(file, name, err);
    if (status != NMF_OK) {
        return status;
    }
    const nmf_matrix *H = nmf_model_file_components(file);
    nmf_codebook *book = nmf_calloc(1, sizeof *book);
    int16_t *components = nmf_calloc_matrix(H->rows, H->cols, sizeof(int16_t));
    if (!book || !components) {
        nmf_free(book);
        nmf_free(components);
        return nmf_error_memory(err, H->rows * H->cols * sizeof(int16_t),
                                "coding with a model");
    }
    *book = (nmf_codebook){.name = name,
                           .variation = file->variation,
                           .geometry = file->geometry,
                           .n_features = H->cols,
                           .n_components = H->rows,
                           .components = components};
    for (size_t j = 0; j < H->rows; j++) {
        round_component(components + j * H->cols, nmf_matrix_row(H, j),
                        H->cols);
    }
    status = find_id(book, H, err);
    if (status != NMF_OK) {
        nmf_codebook_free(book);
        return status;
    }
    *out = book;
    return NMF_OK;
}

void nmf_codebook_free(nmf_codebook *book)
{
    if (book) {
        nmf_free(book->components);
        nmf_free(book);
    }
}

uint64_t nmf_codebook_id(const nmf_codebook *book)
{
    return book->id;
}

uint32_t nmf_step_size(unsigned step)
{
    static const uint32_t roots[8] = {65536, 71468,  77936,  84990,
                                      92682, 101070, 110218, 120194};
    return (uint32_t)((uint64_t)roots[step % 8] << step / 8 >> 12);
}

bool nmf_steps_are_within(const int32_t *steps, size_t n_modes, unsigned step)
{
    const int64_t size = nmf_step_size(step);
    for (size_t i = 0; i < n_modes; i++) {
        int64_t way = steps[i] * size;
        if (way > NMF_STEP_REACH || way < -NMF_STEP_REACH) {
            return false;
        }
    }
    return true;
}

nmf_status nmf_painter_init(nmf_painter *out, const nmf_codebook *book,
                            nmf_error *err)
{
    *out = (nmf_painter){.book = book};
    out->sums = nmf_malloc(book->n_features, sizeof *out->sums);
    out->weights = nmf_malloc(book->n_components, sizeof *out->weights);
    out->pixels = nmf_malloc(book->n_features, 1);
    if (!out->sums || !out->weights || !out->pixels) {
        nmf_painter_release(out);
        return nmf_error_memory(err, book->n_features * sizeof *out->sums,
                                "painting pictures");
    }
    return NMF_OK;
}

void nmf_painter_release(nmf_painter *painter)
{
    nmf_free(painter->sums);
    nmf_free(painter->weights);
    nmf_free(painter->pixels);
    *painter = (nmf_painter){0};
}

/* a / 2^n, rounded down, also below 0. */
static int64_t shift_down(int64_t a, unsigned n)
{
    return a >= 0 ? a >> n : ~(~a >> n);
}

static void find_weights(nmf_painter *painter, const int32_t *steps,
                         unsigned step)
{
    const nmf_variation *v = painter->book->variation;
    const size_t k = v->n_components;
    const int64_t size = nmf_step_size(step);
    int64_t *sums = painter->sums;
    for (size_t first = 0; first < k;) {
        /* As many at once as there is room for in sums. */
        size_t n = k - first < painter->book->n_features
                       ? k - first
                       : painter->book->n_features;
        memset(sums, 0, n * sizeof *sums);
        for (size_t i = 0; i < v->n_modes; i++) {
            const int32_t *direction = v->direction + i * k + first;
            const int64_t way = steps[i] * size;
            for (size_t j = 0; way != 0 && j < n; j++) {
                sums[j] += way * direction[j];
            }
        }
        for (size_t j = 0; j < n; j++) {
            int64_t w = v->mean[first + j] +
                        shift_down(sums[j], v->bits + NMF_UNIT_BITS);
            painter->weights[first + j] = (int32_t)(w < 0           ? 0
                                                    : w > INT32_MAX ? INT32_MAX
                                                                    : w);
        }
        first += n;
    }
}

void nmf_paint(uint8_t *pixels, nmf_painter *painter,
               const nmf_coded_picture *picture, unsigned step)
{
    const nmf_codebook *book = painter->book;
    const size_t p = book->n_features;
    find_weights(painter, picture->steps, step);
    for (size_t i = 0; i < p; i++) {
        painter->sums[i] = (int64_t)1 << (NMF_LEVEL_BITS - 1);
    }
    for (size_t j = 0; j < book->n_components; j++) {
        const int16_t *component = book->components + j * p;
        const int64_t weight = painter->weights[j];
        for (size_t i = 0; weight != 0 && i < p; i++) {
            painter->sums[i] += weight * component[i];
        }
    }
    for (size_t i = 0; i < p; i++) {
        int64_t level = painter->sums[i] >> NMF_LEVEL_BITS;
        painter->pixels[i] = (uint8_t)(level < 255 ? level : 255);
    }
    nmf_shift_pixels(pixels, painter->pixels, &book->geometry, picture->shift_x,
                     picture->shift_y);
}

static size_t moved(size_t at, int32_t by, size_t size)
{
    int64_t to = (int64_t)at + by;
    return to < 0 ? 0 : to >= (int64_t)size ? size - 1 : (size_t)to;
}

void nmf_shift_pixels(uint8_t *to, const uint8_t *from,
                      const nmf_geometry *geometry, int32_t shift_x,
                      int32_t shift_y)
{
    const size_t c = geometry->channels;
    for (size_t y = 0; y < geometry->height; y++) {
        const uint8_t *line =
            from + moved(y, shift_y, geometry->height) * geometry->width * c;
        for (size_t x = 0; x < geometry->width; x++) {
            memcpy(to, line + moved(x, shift_x, geometry->width) * c, c);
            to += c;
        }
    }
}
