/* Sets of pictures: from files and folders to the rows of X. */
#include "folders.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *end_of_name(const nmf_dataset *data, size_t i)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_true(i < n);
    return strrchr(pictures[i].name, '/') + 1;
}

static void assert_skipped(const nmf_dataset *data, size_t not_images,
                           size_t broken)
{
    size_t n_not_images = 99, n_broken = 99;
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    assert_int_equal(n_not_images, not_images);
    assert_int_equal(n_broken, broken);
}

/* All that was said, line by line. */
struct notices {
    size_t n;
    char text[4096];
};

static void note(const char *message, void *context)
{
    struct notices *notices = context;
    size_t used = strlen(notices->text);
    notices->n++;
    snprintf(notices->text + used, sizeof notices->text - used, "%s\n",
             message);
}

static nmf_dataset_options listening(struct notices *notices)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    options.on_skip = note;
    options.context = notices;
    return options;
}

/* ---- rows ---- */

static void a_folder_becomes_rows_in_natural_order(void **state)
{
    support_path folder = support_folder("order");
    (void)state;
    support_subfolder(folder.text, "s10");
    support_subfolder(folder.text, "s9");
    support_pgm(folder.text, "s10/1.pgm", 3, 2, 30, 0);
    support_pgm(folder.text, "s9/10.pgm", 3, 2, 20, 0);
    support_pgm(folder.text, "s9/9.pgm", 3, 2, 10, 0);
    nmf_dataset *data = support_load_set(folder.text, NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *g = nmf_dataset_geometry(data);
    assert_int_equal(X->rows, 3);
    assert_int_equal(X->cols, 6);
    assert_int_equal(X->ld, 6);
    assert_int_equal(g->width, 3);
    assert_int_equal(g->height, 2);
    assert_int_equal(g->channels, 1);
    assert_int_equal(g->patch_stride, 0);
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 6; j++) {
            float expected = (float)(10 * (i + 1) + j) / 255.0F;
            assert_true(nmf_matrix_row(X, i)[j] == expected);
        }
    }
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(n, 3);
    assert_string_equal(pictures[1].name,
                        support_join(folder.text, "s9/10.pgm").text);
    assert_int_equal(pictures[1].first_row, 1);
    assert_int_equal(pictures[1].n_rows, 1);
    assert_int_equal(pictures[1].width, 3);
    assert_int_equal(pictures[1].height, 2);
    assert_skipped(data, 0, 0);
    nmf_dataset_free(data);
}

static void inputs_keep_their_order_and_may_repeat(void **state)
{
    support_path folder = support_folder("repeat");
    (void)state;
    support_pgm(folder.text, "a.pgm", 2, 1, 1, 0);
    support_pgm(folder.text, "b.pgm", 2, 1, 2, 0);
    support_path b = support_join(folder.text, "b.pgm");
    const char *inputs[] = {b.text, folder.text, b.text};
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_dataset_load(&data, inputs, 3, NULL, &err), err);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const float expected[] = {2, 1, 2, 2};
    assert_int_equal(X->rows, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(nmf_matrix_row(X, i)[0] == expected[i] / 255.0F);
    }
    nmf_dataset_free(data);
}

static void colour_is_grey_unless_asked_for(void **state)
{
    support_path folder = support_folder("colour");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_ppm(folder.text, "c.ppm", 2, 1, 100);
    support_pgm(folder.text, "g.pgm", 2, 1, 50, 0);
    nmf_dataset *data = support_load_set(folder.text, NULL);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->cols, 2);
    float luma = (0.299F * 100 + 0.587F * 101 + 0.114F * 102) / 255;
    assert_true(fabsf(X->data[0] - luma) < 1e-6F);
    nmf_dataset_free(data);

    options.rgb = true;
    data = support_load_set(folder.text, &options);
    X = nmf_dataset_matrix(data);
    assert_int_equal(X->cols, 6);
    assert_int_equal(nmf_dataset_geometry(data)->channels, 3);
    assert_true(nmf_matrix_row(X, 0)[1] == 101.0F / 255);
    assert_true(nmf_matrix_row(X, 1)[1] == 50.0F / 255);
    assert_true(nmf_matrix_row(X, 1)[3] == 51.0F / 255);
    nmf_dataset_free(data);
}

/* ---- sizes ---- */

static void sizes_that_differ_are_told_and_can_be_made_alike(void **state)
{
    support_path folder = support_folder("sizes");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_pgm(folder.text, "a.pgm", 2, 3, 0, 0);
    support_pgm(folder.text, "b.pgm", 4, 4, 0, 0);
    support_pgm(folder.text, "c.pgm", 4, 4, 0, 0);
    support_refuse_set(
        folder.text, NULL, NMF_ERR_ARGUMENT,
        "the pictures differ in size: 2 of 4x4, 1 of 2x3; --size 4x4 ");
    support_refuse_set(folder.text, NULL, NMF_ERR_ARGUMENT, "a.pgm'");
    options.width = 4;
    options.height = 2;
    nmf_dataset *data = support_load_set(folder.text, &options);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 3);
    assert_int_equal(nmf_dataset_matrix(data)->cols, 8);
    size_t n = 0;
    assert_int_equal(nmf_dataset_pictures(data, &n)[0].width, 4);
    nmf_dataset_free(data);
}

static void many_sizes_are_summed_up(void **state)
{
    support_path folder = support_folder("manysizes");
    char name[16];
    (void)state;
    for (size_t i = 1; i <= 9; i++) {
        snprintf(name, sizeof name, "%zu.pgm", i);
        support_pgm(folder.text, name, i, 1, 0, 0);
    }
    support_refuse_set(
        folder.text, NULL, NMF_ERR_ARGUMENT,
        "1 of 1x1, 1 of 2x1, 1 of 3x1, 1 of 4x1, 1 of 5x1 and 4 in 4 "
        "other sizes; --size 1x1");
}

static void patches_come_from_pictures_of_any_size(void **state)
{
    support_path folder = support_folder("patches");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    nmf_error err = {0};
    (void)state;
    support_pgm(folder.text, "a.pgm", 7, 5, 0, 0);
    support_pgm(folder.text, "b.pgm", 4, 4, 100, 0);
    options.patch_width = 4;
    options.patch_height = 3;
    nmf_dataset *data = support_load_set(folder.text, &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *g = nmf_dataset_geometry(data);
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(g->patch_stride, 3); /* the smaller side */
    assert_int_equal(pictures[0].n_rows, 4);
    assert_int_equal(pictures[1].first_row, 4);
    assert_int_equal(pictures[1].n_rows, 2);
    assert_int_equal(X->rows, 6);
    assert_int_equal(X->cols, 12);
    for (size_t i = 0; i < n; i++) {
        nmf_matrix rows =
            nmf_matrix_view(nmf_matrix_row(X, pictures[i].first_row),
                            pictures[i].n_rows, X->cols, X->ld);
        nmf_image image = {0};
        SUPPORT_OK(nmf_picture_assemble(&image, &rows, g, pictures[i].width,
                                        pictures[i].height, &err),
                   err);
        for (size_t j = 0; j < image.width * image.height; j++) {
            assert_true(image.pixels[j] == (float)(100 * i + j) / 255.0F);
        }
        nmf_image_release(&image);
    }
    nmf_dataset_free(data);
    options.patch_width = options.patch_height = 5;
    support_refuse_set(
        folder.text, &options, NMF_ERR_ARGUMENT,
        "b.pgm': a patch of 5x5 is larger than the picture, 4x4");
}

/* ---- what is left out, what is refused ---- */

static void what_is_no_image_is_left_out_by_name(void **state)
{
    support_path folder = support_messy_folder("messy");
    struct notices notices = {0};
    nmf_dataset_options options = listening(&notices);
    (void)state;
    nmf_dataset *data = support_load_set(folder.text, &options);
    assert_int_equal(nmf_dataset_matrix(data)->rows, 3);
    assert_string_equal(end_of_name(data, 2), "3");
    assert_skipped(data, 4, 0);
    assert_int_equal(notices.n, 4);
    assert_non_null(strstr(notices.text, "readme.txt': expected a picture, "
                                         "found text that begins with "
                                         "'hello'"));
    assert_non_null(strstr(notices.text, "empty.txt': the file is empty"));
    assert_non_null(strstr(notices.text, "table.csv': is a table (csv)"));
    assert_non_null(strstr(notices.text, "old.png': a GIF picture"));
    nmf_dataset_free(data);
}

static void broken_images_are_refused_or_left_out(void **state)
{
    support_path folder = support_messy_folder("broken");
    struct notices notices = {0};
    nmf_dataset_options options = listening(&notices);
    (void)state;
    support_file(folder.text, "0.png", "", 0);
    support_refuse_set(folder.text, NULL, NMF_ERR_FORMAT,
                       "0.png': the file is empty");
    support_pgm(folder.text, "1b.pgm", 2, 2, 1, 1); /* cut short */
    support_file(folder.text, "1c.png", "\x89PNG\r\n\x1a\n", 8);
    options.skip_broken = true;
    nmf_dataset *data = support_load_set(folder.text, &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(n, 3);
    assert_int_equal(X->rows, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pictures[i].first_row, i);
        assert_true(nmf_matrix_row(X, i)[0] == (float)(i + 1) / 255.0F);
    }
    assert_skipped(data, 4, 3);
    assert_int_equal(notices.n, 7);
    nmf_dataset_free(data);
}

/* The first picture gives X its size beforehand, and may be lost. */
static void a_broken_first_picture_has_no_say_in_the_size(void **state)
{
    support_path folder = support_folder("brokenfirst");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_pgm(folder.text, "1.pgm", 9, 9, 0, 5);
    support_pgm(folder.text, "2.pgm", 2, 2, 2, 0);
    support_pgm(folder.text, "3.pgm", 2, 2, 3, 0);
    options.skip_broken = true;
    nmf_dataset *data = support_load_set(folder.text, &options);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 2);
    assert_int_equal(X->cols, 4);
    assert_true(nmf_matrix_row(X, 1)[0] == 3.0F / 255.0F);
    nmf_dataset_free(data);
}

static void a_folder_without_images_is_refused(void **state)
{
    support_path folder = support_folder("noimages");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_refuse_set(folder.text, NULL, NMF_ERR_ARGUMENT,
                       "the folder is empty");
    support_file(folder.text, "a.txt", "x", 1);
    support_pgm(folder.text, "b.pgm", 9, 9, 0, 5);
    options.skip_broken = true;
    support_refuse_set(folder.text, &options, NMF_ERR_ARGUMENT,
                       "no pictures here (1 file is no picture, 1 picture is "
                       "broken)");
    support_file(folder.text, "c.gif", "GIF89a\1\0\1\0\0\0\0;", 14);
    support_file(folder.text, "d.png", "GIF89a\1\0\1\0\0\0\0;", 14);
    support_refuse_set(folder.text, &options, NMF_ERR_ARGUMENT,
                       "2 files are of formats that are not read: GIF, 1");
}

static void a_named_file_must_be_an_image(void **state)
{
    support_path folder = support_messy_folder("named");
    (void)state;
    support_refuse_set(
        support_join(folder.text, "readme.txt").text, NULL, NMF_ERR_FORMAT,
        "readme.txt': expected a picture (PNG, JPEG, PNM) or a table "
        "(NPY, IDX, CSV), found text that begins with 'hello'");
    support_refuse_set(support_join(folder.text, "old.png").text, NULL,
                       NMF_ERR_UNSUPPORTED, "old.png': a GIF picture");
    support_refuse_set(support_join(folder.text, "empty.txt").text, NULL,
                       NMF_ERR_FORMAT, "empty.txt': the file is empty");
    support_refuse_set(support_join(folder.text, "nothing").text, NULL,
                       NMF_ERR_IO, "nothing': no such file");
    support_refuse_set(support_join(folder.text, "1.pgm/x").text, NULL,
                       NMF_ERR_IO, "1.pgm/x': cannot open");
}

static void a_dangling_link_is_an_error_or_broken(void **state)
{
    support_path folder = support_folder("dangling");
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    (void)state;
    support_pgm(folder.text, "a.pgm", 2, 2, 0, 0);
    assert_int_equal(
        symlink("nowhere", support_join(folder.text, "b.pgm").text), 0);
    support_refuse_set(folder.text, NULL, NMF_ERR_IO, "b.pgm'");
    options.skip_broken = true;
    nmf_dataset *data = support_load_set(folder.text, &options);
    assert_skipped(data, 0, 1);
    nmf_dataset_free(data);
}

static void the_first_error_in_order_is_reported(void **state)
{
    support_path folder = support_folder("manybroken");
    support_path all_broken = support_folder("allbroken");
    char name[16];
    (void)state;
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "%d.pgm", i);
        support_pgm(folder.text, name, 2, 2, 0, i >= 17 && i % 3 == 2 ? 1 : 0);
        support_pgm(all_broken.text, name, 2, 2, 0, 1);
    }
    for (unsigned threads = 1; threads <= 7; threads++) {
        nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
        options.n_threads = threads;
        support_refuse_set(folder.text, &options, NMF_ERR_FORMAT, "/17.pgm'");
        support_refuse_set(all_broken.text, &options, NMF_ERR_FORMAT,
                           "/0.pgm'");
        options.patch_width = options.patch_height = 1;
        support_refuse_set(folder.text, &options, NMF_ERR_FORMAT, "/17.pgm'");
    }
}

static void a_pipe_is_read_once(void **state)
{
    static const char pgm[] = "P5 2 1 255\n\1\2";
    int ends[2];
    char path[64];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], pgm, sizeof pgm - 1), sizeof pgm - 1);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    nmf_dataset *data = support_load_set(path, NULL);
    assert_true(nmf_dataset_matrix(data)->data[1] == 2.0F / 255.0F);
    nmf_dataset_free(data);
    close(ends[0]);
}

static void rows_in_memory_become_a_set(void **state)
{
    static const nmf_geometry geometry = {2, 3, 1, 0}, other = {2, 2, 1, 0};
    const char *names[] = {"a", "b"};
    (void)state;
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    size_t n = 0;
    nmf_matrix X = support_random(2, 6, 1);
    assert_int_equal(nmf_dataset_create(&data, &X, &other, NULL, "x", &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(X.data);
    float first = X.data[0];
    SUPPORT_OK(nmf_dataset_create(&data, &X, &geometry, names, "x", &err), err);
    assert_null(X.data);
    assert_true(nmf_dataset_matrix(data)->data[0] == first);
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    assert_int_equal(n, 2);
    assert_string_equal(pictures[1].name, "b");
    assert_int_equal(pictures[1].first_row, 1);
    assert_int_equal(pictures[1].height, 3);
    nmf_dataset_free(data);

    X = support_random(2, 6, 1);
    SUPPORT_OK(nmf_dataset_create(&data, &X, &geometry, NULL, "x", &err), err);
    assert_string_equal(nmf_dataset_pictures(data, &n)[1].name, "x[1]");
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_becomes_rows_in_natural_order),
        cmocka_unit_test(inputs_keep_their_order_and_may_repeat),
        cmocka_unit_test(colour_is_grey_unless_asked_for),
        cmocka_unit_test(sizes_that_differ_are_told_and_can_be_made_alike),
        cmocka_unit_test(many_sizes_are_summed_up),
        cmocka_unit_test(patches_come_from_pictures_of_any_size),
        cmocka_unit_test(what_is_no_image_is_left_out_by_name),
        cmocka_unit_test(broken_images_are_refused_or_left_out),
        cmocka_unit_test(a_broken_first_picture_has_no_say_in_the_size),
        cmocka_unit_test(a_folder_without_images_is_refused),
        cmocka_unit_test(a_named_file_must_be_an_image),
        cmocka_unit_test(a_dangling_link_is_an_error_or_broken),
        cmocka_unit_test(the_first_error_in_order_is_reported),
        cmocka_unit_test(rows_in_memory_become_a_set),
        cmocka_unit_test(a_pipe_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
