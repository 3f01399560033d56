/*
 * Processor time of what the viewer computes for the screen, on one thread:
 *     bench_scene INPUT K [PATCH [STRIDE]]
 * INPUT as for nmfimg, "@faces" or a folder; the factors are those of 20
 * iterations. A line for the set, then one for each update: its name, the
 * median of 41 runs and the largest in ms.
 */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_RUNS = 41, N_USERS = 12 };

struct bench {
    nmf_dataset *data;
    const nmf_matrix *W;
    const nmf_matrix *H;
    nmf_matrix rows; /* of W, of the picture */
    scene_parts parts;
    scene_users users;
    scene_picture picture;
    scene_buildup buildup;
    scene_mix mix;
    scene_palette palette;
    scene_palette signed_palette;
    uint8_t *part_pixels; /* of all parts */
    uint8_t *picture_pixels;
    bool *is_hidden;
};

static double thread_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- What is measured. */

static void parts_update(struct bench *b)
{
    scene_parts_update(&b->parts, b->W, b->H);
    scene_parts_sort(&b->parts, SCENE_ORDER_ENERGY);
}

static void parts_paint(struct bench *b)
{
    for (size_t t = 0; t < b->parts.k; t++) {
        scene_paint(b->part_pixels + t * scene_shape_bytes(&b->parts.shape),
                    nmf_matrix_row(b->H, t), &b->parts.shape,
                    b->parts.part[t].largest, &b->palette);
    }
}

static void users_update(struct bench *b)
{
    scene_users_update(&b->users, b->W, b->H);
}

static void users_find(struct bench *b)
{
    scene_user found[N_USERS];
    (void)scene_users_find(&b->users, 0, SCENE_BY_SHARE, found, N_USERS);
}

static void picture_update(struct bench *b)
{
    scene_picture_update(&b->picture, &b->rows, b->H, NULL);
}

static void picture_update_hidden(struct bench *b)
{
    scene_picture_update(&b->picture, &b->rows, b->H, b->is_hidden);
}

static void picture_paint(struct bench *b)
{
    scene_paint(b->picture_pixels, b->picture.reconstruction.pixels,
                &b->picture.shape, 1.0F, &b->palette);
    scene_paint_signed(b->picture_pixels, b->picture.difference.pixels,
                       &b->picture.shape, 0.5F, &b->signed_palette);
}

static void picture_select(struct bench *b)
{
    (void)scene_picture_select(&b->picture, b->picture.index, NULL);
}

static void picture_ssim(struct bench *b)
{
    picture_update(b);
    (void)scene_picture_ssim(&b->picture);
}

static void error_without(struct bench *b)
{
    (void)scene_picture_error_without(&b->picture, b->H, 0);
}

static void contribution(struct bench *b)
{
    (void)scene_picture_contribution(&b->picture, b->H, 0);
}

static void buildup_update(struct bench *b)
{
    (void)scene_buildup_update(&b->buildup, &b->picture, b->H, NULL);
}

static void buildup_step(struct bench *b)
{
    scene_buildup_show(&b->buildup, &b->picture, b->H, 1);
    b->buildup.n_shown = 0; /* so that the next run is a step again */
}

static void mix_reset(struct bench *b)
{
    (void)scene_mix_reset(&b->mix, &b->rows, b->W, NULL);
}

static void mix_apply(struct bench *b)
{
    scene_mix_apply(&b->mix, &b->rows);
}

static const struct measured {
    const char *name;
    void (*run)(struct bench *b);
} measured[] = {
    {"parts_update", parts_update},
    {"parts_paint", parts_paint},
    {"users_update", users_update},
    {"users_find", users_find},
    {"picture_select", picture_select},
    {"picture_update", picture_update},
    {"picture_update_hidden", picture_update_hidden},
    {"picture_update_and_ssim", picture_ssim},
    {"picture_paint_two", picture_paint},
    {"error_without", error_without},
    {"contribution", contribution},
    {"buildup_update", buildup_update},
    {"buildup_step", buildup_step},
    {"mix_reset", mix_reset},
    {"mix_apply", mix_apply},
};

static void measure(struct bench *b, const struct measured *what)
{
    double times[N_RUNS];
    for (size_t i = 0; i < N_RUNS; i++) {
        double before = thread_ms();
        what->run(b);
        times[i] = thread_ms() - before;
    }
    qsort(times, N_RUNS, sizeof *times, by_size);
    printf("%s ms %.3f max_ms %.3f\n", what->name, times[N_RUNS / 2],
           times[N_RUNS - 1]);
}

/* ---- Life. */

static nmf_status prepare(struct bench *b, const nmf_model *model,
                          nmf_error *err)
{
    b->W = nmf_model_activations(model);
    b->H = nmf_model_components(model);
    const size_t k = b->H->rows;
    nmf_status status = scene_parts_init(
        &b->parts, nmf_dataset_geometry(b->data), b->H->cols, k, err);
    if (status == NMF_OK) {
        status = scene_users_init(&b->users, b->data, k, err);
    }
    if (status == NMF_OK) {
        status = scene_picture_init(&b->picture, b->data, k, err);
    }
    if (status == NMF_OK) {
        status = scene_picture_select(&b->picture, 0, err);
    }
    if (status == NMF_OK) {
        status = scene_buildup_init(&b->buildup, k, err);
    }
    if (status == NMF_OK) {
        status = scene_mix_init(&b->mix, k, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    b->rows = scene_picture_rows(&b->picture, b->W);
    b->palette = scene_palette_of(NMF_COLORMAP_VIRIDIS);
    b->signed_palette = scene_palette_signed(false);
    b->part_pixels = calloc(k, scene_shape_bytes(&b->parts.shape));
    b->picture_pixels = calloc(1, scene_shape_bytes(&b->picture.shape));
    b->is_hidden = calloc(k, sizeof *b->is_hidden);
    return b->part_pixels && b->picture_pixels && b->is_hidden ? NMF_OK
                                                               : NMF_ERR_MEMORY;
}

static void release(struct bench *b)
{
    scene_parts_release(&b->parts);
    scene_users_release(&b->users);
    scene_picture_release(&b->picture);
    scene_buildup_release(&b->buildup);
    scene_mix_release(&b->mix);
    free(b->part_pixels);
    free(b->picture_pixels);
    free(b->is_hidden);
}

static nmf_status run(struct bench *b, const nmf_model *model, nmf_error *err)
{
    nmf_status status = prepare(b, model, err);
    if (status != NMF_OK) {
        return status;
    }
    b->is_hidden[0] = true;
    printf("samples %zu features %zu k %zu picture %zux%zux%zu rows %zu\n",
           b->W->rows, b->H->cols, b->H->rows, b->picture.shape.width,
           b->picture.shape.height, b->picture.shape.channels,
           b->picture.n_rows);
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        measure(b, &measured[i]);
    }
    return NMF_OK;
}

int main(int argc, char **argv)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_options fit = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    nmf_model *model = NULL;
    struct bench bench = {0};
    if (argc < 3) {
        (void)fprintf(stderr, "bench_scene INPUT K [PATCH [STRIDE]]\n");
        return 2;
    }
    const char *input = argv[1];
    fit.n_components = (size_t)strtoul(argv[2], NULL, 10);
    fit.max_iter = 20;
    if (argc > 3) {
        options.patch_width = (size_t)strtoul(argv[3], NULL, 10);
        options.patch_height = options.patch_width;
    }
    if (argc > 4) {
        options.patch_stride = (size_t)strtoul(argv[4], NULL, 10);
    }
    nmf_status status =
        nmf_dataset_load(&bench.data, &input, 1, &options, &err);
    if (status == NMF_OK) {
        status = nmf_fit(&model, nmf_dataset_matrix(bench.data), &fit, &err);
    }
    if (status == NMF_OK) {
        status = run(&bench, model, &err);
    }
    if (status != NMF_OK) {
        (void)fprintf(stderr, "bench_scene: %s\n", err.message);
    }
    release(&bench);
    nmf_model_free(model);
    nmf_dataset_free(bench.data);
    return status == NMF_OK ? 0 : 1;
}
