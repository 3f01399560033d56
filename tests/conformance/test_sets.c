/*
 * Real folders: faces, digits, photos, and folders as people have them.
 * Skipped where the data folder is not there.
 */
#include "folders.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static support_path data_path(const char *relative)
{
    support_path path;
    const char *found = support_data(relative);
    SUPPORT_ASSERT(found, "'%s' is missing", relative);
    snprintf(path.text, sizeof path.text, "%s", found);
    return path;
}

static nmf_dataset *load_data(const char *relative,
                              const nmf_dataset_options *options)
{
    return support_load_set(data_path(relative).text, options);
}

static void assert_shape(const nmf_dataset *data, size_t rows, size_t cols)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    SUPPORT_ASSERT(X->rows == rows && X->cols == cols, "%zu x %zu", X->rows,
                   X->cols);
}

static void assert_skipped(const nmf_dataset *data, size_t not_images,
                           size_t broken)
{
    size_t n_not_images = 99, n_broken = 99;
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    assert_int_equal(n_not_images, not_images);
    assert_int_equal(n_broken, broken);
}

static const char *name_of(const nmf_dataset *data, size_t i)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_true(i < n);
    return pictures[i].name;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static void cbcl_faces_have_their_mean(void **state)
{
    (void)state;
    nmf_dataset *data = load_data("faces/cbcl", NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const float first[] = {104, 122, 142, 159, 162, 158, 167};
    double sum = 0.0;
    assert_shape(data, 2429, 361);
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        sum += (double)X->data[i];
    }
    double mean = 255.0 * sum / (double)(X->rows * X->cols);
    SUPPORT_ASSERT(fabs(mean - 127.1096) < 1e-3, "mean %.5f", mean);
    for (size_t i = 0; i < 7; i++) {
        assert_true(X->data[i] == first[i] / 255.0F);
    }
    nmf_dataset_free(data);
}

static void orl_comes_person_by_person(void **state)
{
    (void)state;
    nmf_dataset *data = load_data("faces/orl", NULL);
    assert_shape(data, 400, 10304);
    for (size_t i = 0; i < 400; i++) {
        char end[32];
        snprintf(end, sizeof end, "orl/s%zu/%zu.pgm", i / 10 + 1, i % 10 + 1);
        SUPPORT_ASSERT(ends_with(name_of(data, i), end), "%zu: %s", i,
                       name_of(data, i));
    }
    nmf_dataset_free(data);
}

static void digits_are_the_same_compressed(void **state)
{
    (void)state;
    nmf_dataset *data = load_data("digits/t10k-images-idx3-ubyte", NULL);
    nmf_dataset *gz = load_data("digits/t10k-images-idx3-ubyte.gz", NULL);
    assert_shape(data, 10000, 784);
    assert_shape(gz, 10000, 784);
    assert_int_equal(nmf_dataset_geometry(data)->width, 28);
    assert_true(ends_with(name_of(data, 17), "t10k-images-idx3-ubyte[17]"));
    assert_memory_equal(nmf_dataset_matrix(data)->data,
                        nmf_dataset_matrix(gz)->data,
                        (size_t)10000 * 784 * sizeof(float));
    nmf_dataset_free(data);
    nmf_dataset_free(gz);
}

/* Colour photos in both orientations, any number of threads. */
static void photos_are_cut_and_put_together(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_image_options grey = NMF_IMAGE_OPTIONS_INIT;
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    grey.channels = NMF_CHANNELS_GREY;
    options.patch_width = options.patch_height = 8;
    options.n_threads = 2;
    nmf_dataset *data = load_data("photos/kodak", &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_shape(data, (size_t)12 * 6144, 64);
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(n, 12);
    for (size_t i = 3; i < 6; i++) { /* 07, 09 (upright), 11 */
        nmf_matrix rows =
            nmf_matrix_view(nmf_matrix_row(X, pictures[i].first_row),
                            pictures[i].n_rows, X->cols, X->ld);
        nmf_image image = {0}, expected = {0};
        SUPPORT_OK(
            nmf_picture_assemble(&image, &rows, nmf_dataset_geometry(data),
                                 pictures[i].width, pictures[i].height, &err),
            err);
        SUPPORT_OK(nmf_image_load(&expected, pictures[i].name, &grey, &err),
                   err);
        assert_int_equal(image.width, expected.width);
        assert_memory_equal(image.pixels, expected.pixels,
                            image.width * image.height * sizeof(float));
        nmf_image_release(&image);
        nmf_image_release(&expected);
    }
    nmf_dataset_free(data);
}

static void folders_as_people_have_them(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_refuse_set(data_path("conformance/folders/messy").text, NULL,
                       NMF_ERR_FORMAT, "zero.pgm': the file is empty");
    options.skip_broken = true;
    nmf_dataset *data = load_data("conformance/folders/messy", &options);
    assert_shape(data, 8, 361);
    assert_skipped(data, 2, 1); /* readme.txt, Thumbs.db; zero.pgm */
    assert_true(ends_with(name_of(data, 6), "messy/sub/deeper/face7.pgm"));
    assert_true(ends_with(name_of(data, 7), "messy/sub/face6.pgm"));
    nmf_dataset_free(data);

    support_refuse_set(data_path("conformance/folders/mixed-sizes").text, NULL,
                       NMF_ERR_ARGUMENT,
                       "2 of 19x19, 2 of 121x83, 1 of 92x112; --size 19x19");
    options.width = options.height = 19;
    data = load_data("conformance/folders/mixed-sizes", &options);
    assert_shape(data, 5, 361);
    nmf_dataset_free(data);

    data = load_data("conformance/folders/one-image", NULL);
    assert_shape(data, 1, 361);
    nmf_dataset_free(data);
    support_refuse_set(data_path("conformance/folders/no-images").text, NULL,
                       NMF_ERR_ARGUMENT, "no pictures here (1 file is no picture)");
}

static void names_say_nothing(void **state)
{
    (void)state;
    nmf_dataset *data = load_data("conformance/forms/names", NULL);
    assert_shape(data, 11, (size_t)121 * 83);
    assert_skipped(data, 1, 0); /* text-named.pgm */
    nmf_dataset_free(data);
    /* A hidden file is read where it is named. */
    data = load_data("conformance/forms/names/.hidden.png", NULL);
    assert_shape(data, 1, (size_t)121 * 83);
    nmf_dataset_free(data);
}

/* Whatever is in there, no crash, and what is broken is told. */
static void the_corrupt_folder_is_survived(void **state)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    options.skip_broken = true;
    options.width = options.height = 16;
    options.max_bytes = (size_t)256 << 20;
    nmf_dataset *data = load_data("conformance/corrupt", &options);
    size_t n_not_images = 0, n_broken = 0;
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    assert_true(n_broken >= 40);
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cbcl_faces_have_their_mean),
        cmocka_unit_test(orl_comes_person_by_person),
        cmocka_unit_test(digits_are_the_same_compressed),
        cmocka_unit_test(photos_are_cut_and_put_together),
        cmocka_unit_test(folders_as_people_have_them),
        cmocka_unit_test(names_say_nothing),
        cmocka_unit_test(the_corrupt_folder_is_survived),
    };
    if (!support_data("faces/cbcl")) {
        return SUPPORT_SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
