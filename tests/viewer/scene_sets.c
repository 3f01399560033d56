#include "scene_sets.h"

#include "scene_shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Two pictures of different sizes, with some structure. */
static void draw(const char *name, size_t width, size_t height, uint64_t seed)
{
    nmf_error err = {0};
    nmf_image image = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, 3, &err), err);
    for (size_t i = 0; i < width * height * 3; i++) {
        float wave = sinf((float)(i / 3 % width) * 0.7F + (float)(i % 3));
        image.pixels[i] = 0.4F + 0.3F * wave + 0.2F * support_uniform(&seed);
    }
    SUPPORT_OK(nmf_image_save(support_temp_path(name), &image, true, &err),
               err);
    nmf_image_release(&image);
}

static void write_table(const char *name, size_t rows, size_t cols)
{
    char text[8192];
    size_t used = 0;
    uint64_t seed = 5;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            int n = snprintf(text + used, sizeof text - used, "%.3f%c",
                             (double)support_uniform(&seed) * 3.0,
                             j + 1 < cols ? ',' : '\n');
            used += (size_t)n;
        }
    }
    support_write(support_temp_path(name), text, used);
}

/* How each set is made: with a folder of two pictures where input is NULL. */
static const struct recipe {
    const char *name;
    const char *input;
    bool rgb;
    size_t size; /* resize to size x size */
    size_t patch_width, patch_height, patch_stride;
    size_t table_rows, table_cols;
    size_t k;
} recipes[] = {
    {"swimmer", "@swimmer", false, 0, 0, 0, 0, 0, 0, 7},
    {"faces", "@faces", false, 0, 0, 0, 0, 0, 0, 5},
    {"colour", NULL, true, 12, 0, 0, 0, 0, 0, 1},
    {"overlapping patches", NULL, false, 0, 5, 4, 3, 0, 0, 6},
    {"patches side by side", NULL, false, 24, 8, 8, 8, 0, 0, 4},
    {"colour patches, the last one moved back", NULL, true, 0, 6, 6, 0, 0, 0,
     5},
    {"patches with gaps", NULL, false, 0, 2, 3, 5, 0, 0, 3},
    {"wrapped table", NULL, false, 0, 0, 0, 0, 9, 41, 3},
    {"strip", NULL, false, 0, 0, 0, 0, 9, 12, 3},
};

static nmf_dataset *load(const struct recipe *recipe)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_error err = {0};
    nmf_dataset *data = NULL;
    const char *inputs[2] = {recipe->input};
    size_t n = 1;
    options.rgb = recipe->rgb;
    options.width = recipe->size;
    options.height = recipe->size;
    options.patch_width = recipe->patch_width;
    options.patch_height = recipe->patch_height;
    options.patch_stride = recipe->patch_stride;
    if (recipe->table_rows > 0) {
        write_table("t.csv", recipe->table_rows, recipe->table_cols);
        inputs[0] = support_temp_path("t.csv");
    } else if (!recipe->input) {
        draw("a.png", 23, 17, 1);
        draw("b.png", 16, 20, 2);
        inputs[0] = support_temp_path("a.png");
        inputs[1] = support_temp_path("b.png");
        n = 2;
    }
    SUPPORT_OK(nmf_dataset_load(&data, inputs, n, &options, &err), err);
    return data;
}

bool scene_set_load(scene_set *out, size_t i)
{
    if (i >= sizeof recipes / sizeof *recipes) {
        return false;
    }
    uint64_t seed = 77 + i;
    out->name = recipes[i].name;
    out->data = load(&recipes[i]);
    out->X = nmf_dataset_matrix(out->data);
    out->k = recipes[i].k;
    out->W = support_random(out->X->rows, out->k, 2 * i);
    out->H = support_random(out->k, out->X->cols, 2 * i + 1);
    for (size_t j = 0; j < out->X->rows * out->k; j++) {
        out->W.data[j] *= support_uniform(&seed) < 0.33F ? 0.0F : 0.3F;
    }
    return true;
}

void scene_set_release(scene_set *set)
{
    nmf_dataset_free(set->data);
    nmf_matrix_release(&set->W);
    nmf_matrix_release(&set->H);
}

static nmf_image assemble(const scene_set *set, size_t p, nmf_matrix *rows)
{
    const nmf_geometry *geometry = nmf_dataset_geometry(set->data);
    scene_shape shape = scene_shape_of_picture(set->data, p);
    nmf_error err = {0};
    nmf_image out = {0};
    if (geometry->width == 0) {
        SUPPORT_OK(nmf_image_init(&out, shape.width, shape.height, 1, &err),
                   err);
        memcpy(out.pixels, rows->data, rows->cols * sizeof(float));
        return out;
    }
    SUPPORT_OK(nmf_picture_assemble(&out, rows, geometry, shape.width,
                                    shape.height, &err),
               err);
    return out;
}

nmf_image scene_set_reconstruct(const scene_set *set, size_t p,
                                const nmf_matrix *weights,
                                const bool *is_hidden)
{
    nmf_error err = {0};
    nmf_matrix rows = {0};
    SUPPORT_OK(nmf_matrix_init(&rows, weights->rows, set->X->cols, &err), err);
    for (size_t i = 0; i < rows.rows; i++) {
        for (size_t j = 0; j < rows.cols; j++) {
            double sum = 0.0;
            for (size_t t = 0; t < set->k; t++) {
                if (!is_hidden || !is_hidden[t]) {
                    sum += (double)nmf_matrix_row(weights, i)[t] *
                           (double)nmf_matrix_row(&set->H, t)[j];
                }
            }
            nmf_matrix_row(&rows, i)[j] = (float)sum;
        }
    }
    nmf_image out = assemble(set, p, &rows);
    nmf_matrix_release(&rows);
    return out;
}

nmf_image scene_set_original(const scene_set *set, size_t p)
{
    size_t n = 0;
    const nmf_picture *picture = nmf_dataset_pictures(set->data, &n) + p;
    nmf_matrix rows =
        nmf_matrix_view(nmf_matrix_row(set->X, picture->first_row),
                        picture->n_rows, set->X->cols, set->X->ld);
    return assemble(set, p, &rows);
}

double scene_set_error(const nmf_image *a, const nmf_image *b)
{
    double difference = 0.0;
    double norm = 0.0;
    assert_true(a->width == b->width && a->height == b->height &&
                a->channels == b->channels);
    for (size_t i = 0; i < a->width * a->height * a->channels; i++) {
        double d = (double)a->pixels[i] - (double)b->pixels[i];
        difference += d * d;
        norm += (double)a->pixels[i] * (double)a->pixels[i];
    }
    return sqrt(difference / norm);
}
