/* Contract in nmfimg/dataset.h. */
#include "core/alloc.h"
#include "core/error.h"
#include "image/dataset_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a copy differs from its picture. */
typedef struct copy_kind {
    bool is_mirrored;
    int x; /* moved by, in units of shift_of() */
    int y;
    const char *words;
} copy_kind;

static const copy_kind kinds[] = {
    {false, 0, 0, ""},
    {true, 0, 0, " (mirrored)"},
    {false, 1, 0, " (right)"},
    {false, -1, 0, " (left)"},
    {false, 0, 1, " (down)"},
    {false, 0, -1, " (up)"},
    {true, 1, 0, " (mirrored, right)"},
    {true, -1, 0, " (mirrored, left)"},
    {true, 0, 1, " (mirrored, down)"},
    {true, 0, -1, " (mirrored, up)"},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static bool is_wanted(const copy_kind *kind, unsigned copies)
{
    bool is_shifted = kind->x != 0 || kind->y != 0;
    return (!kind->is_mirrored || (copies & NMF_AUGMENT_MIRROR)) &&
           (!is_shifted || (copies & NMF_AUGMENT_SHIFT));
}

static size_t count_kinds(unsigned copies)
{
    size_t n = 0;
    for (size_t i = 0; i < N_KINDS; i++) {
        n += is_wanted(&kinds[i], copies);
    }
    return n;
}

/* Pixels of a shift: a 24th of the shorter side, 1 at least. */
static size_t shift_of(const nmf_geometry *geometry)
{
    size_t side =
        geometry->width < geometry->height ? geometry->width : geometry->height;
    size_t shift = (side + 12) / 24;
    return shift > 0 ? shift : 1;
}

/* Where the pixel at a place comes from; at the edges the last one is
 * repeated. */
static size_t source_of(size_t at, int direction, size_t shift, size_t size)
{
    if (direction > 0) {
        return at > shift ? at - shift : 0;
    }
    if (direction < 0) {
        return at + shift < size ? at + shift : size - 1;
    }
    return at;
}

static void copy_row(float *to, const float *from, const nmf_geometry *geometry,
                     const copy_kind *kind)
{
    const size_t c = geometry->channels;
    const size_t shift = shift_of(geometry);
    for (size_t y = 0; y < geometry->height; y++) {
        size_t line = source_of(y, kind->y, shift, geometry->height);
        for (size_t x = 0; x < geometry->width; x++) {
            size_t column = source_of(x, kind->x, shift, geometry->width);
            if (kind->is_mirrored) {
                column = geometry->width - 1 - column;
            }
            memcpy(to, from + (line * geometry->width + column) * c,
                   c * sizeof *to);
            to += c;
        }
    }
}

static char *join(const char *name, const char *words)
{
    size_t size = strlen(name) + strlen(words) + 1;
    char *joined = malloc(size);
    if (joined) {
        snprintf(joined, size, "%s%s", name, words);
    }
    return joined;
}

/* Pictures of a kind, from picture `first` of to on; false: no memory. */
static bool add_pictures(nmf_picture *to, const nmf_dataset *data,
                         const copy_kind *kind, size_t first)
{
    for (size_t i = 0; i < data->n_pictures; i++) {
        nmf_picture *picture = &to[first + i];
        *picture = data->pictures[i];
        picture->first_row += first;
        picture->name = join(data->pictures[i].name, kind->words);
        if (!picture->name) {
            return false;
        }
    }
    return true;
}

static void free_pictures(nmf_picture *pictures, size_t n)
{
    for (size_t i = 0; pictures && i < n; i++) {
        free(pictures[i].name);
    }
    nmf_free(pictures);
}

static nmf_status check(size_t *n_rows, const nmf_dataset *data,
                        unsigned copies, size_t max_bytes, nmf_error *err)
{
    const nmf_geometry *geometry = &data->geometry;
    size_t bytes = 0;
    if (geometry->width == 0 || geometry->patch_stride != 0 ||
        data->n_pictures != data->X.rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "only whole pictures can be mirrored and shifted, "
                             "not %s",
                             geometry->width ? "patches" : "rows of numbers");
    }
    if (!nmf_size_mul(n_rows, data->X.rows, count_kinds(copies))) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "more copies than can be counted");
    }
    return nmf_plan_memory(&bytes, *n_rows, data->X.cols,
                           nmf_plan_bytes(&data->X),
                           max_bytes ? max_bytes : SIZE_MAX / 2, err);
}

nmf_status nmf_dataset_augment(nmf_dataset *data, unsigned copies,
                               size_t max_bytes, nmf_error *err)
{
    const size_t n = data->X.rows;
    nmf_matrix X = {0};
    nmf_picture *pictures = NULL;
    size_t n_rows = 0;
    size_t done = 0;
    nmf_status status = check(&n_rows, data, copies, max_bytes, err);
    if (status == NMF_OK) {
        status = nmf_matrix_init(&X, n_rows, data->X.cols, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    pictures = nmf_calloc(n_rows, sizeof *pictures);
    bool has_memory = pictures != NULL;
    for (size_t t = 0; t < N_KINDS && has_memory; t++) {
        if (!is_wanted(&kinds[t], copies)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            copy_row(nmf_matrix_row(&X, done + i), nmf_matrix_row(&data->X, i),
                     &data->geometry, &kinds[t]);
        }
        has_memory = add_pictures(pictures, data, &kinds[t], done);
        done += n;
    }
    if (!has_memory) {
        free_pictures(pictures, pictures ? n_rows : 0);
        nmf_matrix_release(&X);
        return nmf_error_memory(err, n_rows * sizeof *pictures,
                                "copies of pictures");
    }
    nmf_matrix_release(&data->X);
    free_pictures(data->pictures, data->n_pictures);
    data->X = X;
    data->pictures = pictures;
    data->n_pictures = n_rows;
    return NMF_OK;
}
