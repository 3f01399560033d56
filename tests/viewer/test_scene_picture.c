/* One picture, its reconstruction and numbers, beside plain loops. */
#include "scene_sets.h"

#include "core/alloc.h"
#include "scene.h"

#include <math.h>
#include <string.h>

static size_t n_floats(const nmf_image *image)
{
    return image->width * image->height * image->channels;
}

static void assert_alike(const nmf_image *found, const nmf_image *expected,
                         const char *set, const char *what)
{
    assert_true(found->width == expected->width &&
                found->height == expected->height &&
                found->channels == expected->channels);
    for (size_t i = 0; i < n_floats(found); i++) {
        SUPPORT_ASSERT(fabsf(found->pixels[i] - expected->pixels[i]) < 2e-6F,
                       "%s: %s: float %zu is %g, expected %g", set, what, i,
                       (double)found->pixels[i], (double)expected->pixels[i]);
    }
}

static scene_picture picture_of(const scene_set *set, size_t p)
{
    nmf_error err = {0};
    scene_picture picture = {0};
    SUPPORT_OK(scene_picture_init(&picture, set->data, set->k, &err), err);
    SUPPORT_OK(scene_picture_select(&picture, p, &err), err);
    return picture;
}

/* What every set and picture must give, with and without a hidden part. */
static void check_picture(const scene_set *set, scene_picture *picture,
                          const bool *is_hidden)
{
    size_t p = picture->index;
    nmf_matrix rows = scene_picture_rows(picture, &set->W);
    nmf_image original = scene_set_original(set, p);
    nmf_image expected = scene_set_reconstruct(set, p, &rows, is_hidden);
    nmf_image full = scene_set_reconstruct(set, p, &rows, NULL);
    scene_picture_update(picture, &rows, &set->H, is_hidden);
    assert_memory_equal(picture->original.pixels, original.pixels,
                        n_floats(&original) * sizeof(float));
    assert_alike(&picture->reconstruction, &expected, set->name,
                 "reconstruction");
    for (size_t i = 0; i < n_floats(&original); i++) {
        float difference =
            original.pixels[i] - picture->reconstruction.pixels[i];
        assert_true(picture->difference.pixels[i] == difference);
    }
    SUPPORT_NEAR(picture->relative_error, scene_set_error(&original, &expected),
                 1e-6);
    SUPPORT_NEAR(picture->full_error, scene_set_error(&original, &full), 1e-6);
    double psnr = 0.0;
    double ssim = 0.0;
    SUPPORT_OK(nmf_psnr(&psnr, &original, &expected, NULL), (nmf_error){0});
    SUPPORT_OK(nmf_ssim(&ssim, &original, &expected, NULL), (nmf_error){0});
    if (picture->shape.is_wrapped) {
        assert_true(isnan(scene_picture_ssim(picture)));
        /* Over the numbers that there are, not over the pixels of the block. */
        psnr -=
            10.0 * log10((double)n_floats(&original) / (double)set->X->cols);
    } else {
        SUPPORT_NEAR(scene_picture_ssim(picture), ssim, 1e-4);
    }
    SUPPORT_NEAR(picture->psnr, psnr, 1e-4);
    nmf_image_release(&original);
    nmf_image_release(&expected);
    nmf_image_release(&full);
}

static void pictures_are_what_plain_loops_give(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        size_t n = 0;
        (void)nmf_dataset_pictures(set.data, &n);
        scene_picture picture = picture_of(&set, 0);
        bool is_hidden[8] = {true};
        for (size_t p = 0; p < n && p < 3; p++) {
            SUPPORT_OK(scene_picture_select(&picture, p, NULL), (nmf_error){0});
            check_picture(&set, &picture, NULL);
            check_picture(&set, &picture, is_hidden);
        }
        /* Back again, to another size where sizes differ. */
        SUPPORT_OK(scene_picture_select(&picture, 0, NULL), (nmf_error){0});
        check_picture(&set, &picture, NULL);
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void a_selected_picture_without_update_has_no_parts(void **state)
{
    scene_set set = {0};
    (void)state;
    assert_true(scene_set_load(&set, 1));
    scene_picture picture = picture_of(&set, 3);
    nmf_matrix rows = scene_picture_rows(&picture, &set.W);
    scene_picture_update(&picture, &rows, &set.H, NULL);
    SUPPORT_OK(scene_picture_select(&picture, 5, NULL), (nmf_error){0});
    assert_true(picture.relative_error == 1.0);
    for (size_t i = 0; i < n_floats(&picture.original); i++) {
        assert_true(picture.reconstruction.pixels[i] == 0.0F);
        assert_true(picture.difference.pixels[i] == picture.original.pixels[i]);
    }
    for (size_t t = 0; t < set.k; t++) {
        assert_true(picture.share[t] == 0.0);
    }
    scene_picture_release(&picture);
    scene_set_release(&set);
}

static void shares_are_those_of_the_sums_and_sorted(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        scene_picture_update(&picture, &rows, &set.H, NULL);
        double sum[8] = {0};
        double total = 0.0;
        for (size_t t = 0; t < set.k; t++) {
            for (size_t r = 0; r < rows.rows; r++) {
                for (size_t j = 0; j < set.X->cols; j++) {
                    sum[t] += (double)nmf_matrix_row(&rows, r)[t] *
                              (double)nmf_matrix_row(&set.H, t)[j];
                }
            }
            total += sum[t];
        }
        bool is_listed[8] = {false};
        for (size_t t = 0; t < set.k; t++) {
            SUPPORT_NEAR(picture.share[t], total > 0 ? sum[t] / total : 0.0,
                         1e-9);
            size_t at = picture.largest[t];
            assert_true(at < set.k && !is_listed[at]);
            is_listed[at] = true;
            assert_true(t == 0 || picture.share[picture.largest[t - 1]] >=
                                      picture.share[at]);
        }
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void hiding_a_part_raises_the_error_as_said(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        for (size_t t = 0; t < set.k; t++) {
            bool is_hidden[8] = {false};
            is_hidden[t] = true;
            scene_picture_update(&picture, &rows, &set.H, is_hidden);
            double with = picture.full_error;
            double without = scene_picture_error_without(&picture, &set.H, t);
            SUPPORT_NEAR(without, picture.relative_error, 1e-6);
            /* The full error does not depend on what is hidden. */
            scene_picture_update(&picture, &rows, &set.H, NULL);
            assert_true(picture.relative_error == with);
            assert_true(picture.full_error == with);
            SUPPORT_NEAR(scene_picture_error_without(&picture, &set.H, t),
                         without, 1e-12);
        }
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void contributions_add_up_to_the_picture(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        nmf_error err = {0};
        nmf_image sum = {0};
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        scene_picture_update(&picture, &rows, &set.H, NULL);
        SUPPORT_OK(nmf_image_init(&sum, picture.shape.width,
                                  picture.shape.height, picture.shape.channels,
                                  &err),
                   err);
        for (size_t t = 0; t < set.k; t++) {
            bool is_hidden[8];
            for (size_t s = 0; s < set.k; s++) {
                is_hidden[s] = s != t;
            }
            nmf_image alone = scene_set_reconstruct(&set, 1, &rows, is_hidden);
            const nmf_image *found =
                scene_picture_contribution(&picture, &set.H, t);
            assert_alike(found, &alone, set.name, "contribution");
            for (size_t j = 0; j < n_floats(&sum); j++) {
                sum.pixels[j] += found->pixels[j];
            }
            nmf_image_release(&alone);
        }
        assert_alike(&sum, &picture.reconstruction, set.name, "sum");
        nmf_image_release(&sum);
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void a_pixel_reads_what_is_there_and_which_parts_made_it(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        scene_picture_update(&picture, &rows, &set.H, NULL);
        const scene_shape *shape = &picture.shape;
        scene_reading reading = {0};
        float part[8];
        size_t n_read = 0;
        for (size_t y = 0; y < shape->height; y++) {
            for (size_t x = 0; x < shape->width; x++) {
                size_t at = (y * shape->width + x) * shape->channels;
                bool is_there = scene_picture_read(&picture, x, y, &reading);
                assert_true(is_there == (at < shape->n_values));
                assert_true(scene_picture_parts_at(&picture, &set.H, x, y,
                                                   part) == is_there);
                if (!is_there) {
                    continue;
                }
                double mean = 0.0;
                double sum = 0.0;
                n_read++;
                assert_int_equal(reading.channels, shape->channels);
                for (size_t c = 0; c < shape->channels; c++) {
                    assert_true(reading.original[c] ==
                                picture.original.pixels[at + c]);
                    assert_true(reading.reconstruction[c] ==
                                picture.reconstruction.pixels[at + c]);
                    assert_true(reading.difference[c] ==
                                reading.original[c] -
                                    reading.reconstruction[c]);
                    mean += (double)reading.reconstruction[c] /
                            (double)shape->channels;
                }
                for (size_t t = 0; t < set.k; t++) {
                    sum += (double)part[t];
                }
                SUPPORT_NEAR(sum, mean, 2e-6);
            }
        }
        assert_int_equal(n_read * shape->channels, shape->n_values);
        assert_false(scene_picture_read(&picture, shape->width, 0, &reading));
        assert_false(scene_picture_read(&picture, 0, shape->height, &reading));
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

/* Rows of other pictures may hold anything. */
static void only_rows_of_the_picture_are_read(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_picture picture = picture_of(&set, 1);
        for (size_t r = 0; r < set.W.rows; r++) {
            if (r < picture.first_row ||
                r >= picture.first_row + picture.n_rows) {
                nmf_matrix_row(&set.W, r)[0] = NAN;
            }
        }
        check_picture(&set, &picture, NULL);
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void updates_ask_for_no_memory_of_the_library(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        float *before = picture.reconstruction.pixels;
        nmf_alloc_fail_at(1);
        scene_picture_update(&picture, &rows, &set.H, NULL);
        SUPPORT_OK(scene_picture_select(&picture, 1, NULL), (nmf_error){0});
        scene_picture_update(&picture, &rows, &set.H, NULL);
        (void)scene_picture_contribution(&picture, &set.H, 0);
        nmf_alloc_fail_at(0);
        assert_ptr_equal(picture.reconstruction.pixels, before);
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void without_memory_nothing_is_selected(void **state)
{
    scene_set set = {0};
    nmf_error err = {0};
    (void)state;
    assert_true(scene_set_load(&set, 3));
    nmf_status status = NMF_ERR_MEMORY;
    for (size_t n = 1; status != NMF_OK; n++) {
        scene_picture picture = picture_of(&set, 0);
        nmf_alloc_fail_at(n);
        status = scene_picture_select(&picture, 1, &err);
        nmf_alloc_fail_at(0);
        if (status != NMF_OK) {
            scene_reading reading;
            assert_int_equal(status, NMF_ERR_MEMORY);
            assert_int_equal(picture.n_rows, 0);
            assert_false(scene_picture_read(&picture, 0, 0, &reading));
            SUPPORT_OK(scene_picture_select(&picture, 1, &err), err);
        }
        check_picture(&set, &picture, NULL);
        scene_picture_release(&picture);
        assert_true(n < 20);
    }
    scene_set_release(&set);
}

static void a_black_picture_has_an_error_of_nothing_or_infinity(void **state)
{
    scene_set set = {0};
    (void)state;
    assert_true(scene_set_load(&set, 8));
    memset(nmf_matrix_row(set.X, 2), 0, set.X->cols * sizeof(float));
    scene_picture picture = picture_of(&set, 2);
    assert_true(picture.relative_error == 0.0);
    nmf_matrix rows = scene_picture_rows(&picture, &set.W);
    rows.data[0] = 1.0F;
    scene_picture_update(&picture, &rows, &set.H, NULL);
    assert_true(picture.relative_error == (double)INFINITY);
    memset(rows.data, 0, set.k * sizeof(float));
    scene_picture_update(&picture, &rows, &set.H, NULL);
    assert_true(picture.relative_error == 0.0);
    assert_true(picture.psnr == (double)INFINITY);
    scene_picture_release(&picture);
    scene_set_release(&set);
}

/* ---- Build-up. */

static void a_picture_is_built_up_to_its_reconstruction(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        nmf_error err = {0};
        scene_buildup buildup = {0};
        scene_picture picture = picture_of(&set, 1);
        nmf_matrix rows = scene_picture_rows(&picture, &set.W);
        scene_picture_update(&picture, &rows, &set.H, NULL);
        SUPPORT_OK(scene_buildup_init(&buildup, set.k, &err), err);
        SUPPORT_OK(scene_buildup_update(&buildup, &picture, &set.H, &err), err);
        assert_true(buildup.error[0] == 1.0);
        SUPPORT_NEAR(buildup.error[set.k], picture.full_error, 1e-6);
        bool is_hidden[8];
        memset(is_hidden, true, sizeof is_hidden);
        for (size_t s = 1; s <= set.k; s++) {
            assert_int_equal(buildup.order[s - 1], picture.largest[s - 1]);
            is_hidden[buildup.order[s - 1]] = false;
            nmf_image expected =
                scene_set_reconstruct(&set, 1, &rows, is_hidden);
            scene_buildup_show(&buildup, &picture, &set.H, s);
            assert_int_equal(buildup.n_shown, s);
            assert_alike(&buildup.shown, &expected, set.name, "build-up");
            SUPPORT_NEAR(buildup.error[s],
                         scene_set_error(&picture.original, &expected), 1e-6);
            nmf_image_release(&expected);
        }
        scene_buildup_release(&buildup);
        scene_picture_release(&picture);
        scene_set_release(&set);
    }
}

static void scrubbing_gives_the_same_picture_from_either_side(void **state)
{
    scene_set set = {0};
    nmf_error err = {0};
    scene_buildup buildup = {0};
    (void)state;
    assert_true(scene_set_load(&set, 3));
    scene_picture picture = picture_of(&set, 0);
    nmf_matrix rows = scene_picture_rows(&picture, &set.W);
    scene_picture_update(&picture, &rows, &set.H, NULL);
    SUPPORT_OK(scene_buildup_init(&buildup, set.k, &err), err);
    SUPPORT_OK(scene_buildup_update(&buildup, &picture, &set.H, &err), err);
    scene_buildup_show(&buildup, &picture, &set.H, 3);
    nmf_image three = {0};
    SUPPORT_OK(nmf_image_resize(&three, &buildup.shown, 23, 17,
                                NMF_ASPECT_STRETCH, &err),
               err);
    scene_buildup_show(&buildup, &picture, &set.H, 99);
    assert_int_equal(buildup.n_shown, set.k);
    scene_buildup_show(&buildup, &picture, &set.H, 3);
    assert_memory_equal(three.pixels, buildup.shown.pixels,
                        n_floats(&three) * sizeof(float));
    /* A picture of another size. */
    SUPPORT_OK(scene_picture_select(&picture, 1, &err), err);
    rows = scene_picture_rows(&picture, &set.W);
    scene_picture_update(&picture, &rows, &set.H, NULL);
    SUPPORT_OK(scene_buildup_update(&buildup, &picture, &set.H, &err), err);
    scene_buildup_show(&buildup, &picture, &set.H, set.k);
    assert_alike(&buildup.shown, &picture.reconstruction, set.name, "other");
    nmf_image_release(&three);
    scene_buildup_release(&buildup);
    scene_picture_release(&picture);
    scene_set_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_what_plain_loops_give),
        cmocka_unit_test(a_selected_picture_without_update_has_no_parts),
        cmocka_unit_test(shares_are_those_of_the_sums_and_sorted),
        cmocka_unit_test(hiding_a_part_raises_the_error_as_said),
        cmocka_unit_test(contributions_add_up_to_the_picture),
        cmocka_unit_test(a_pixel_reads_what_is_there_and_which_parts_made_it),
        cmocka_unit_test(only_rows_of_the_picture_are_read),
        cmocka_unit_test(updates_ask_for_no_memory_of_the_library),
        cmocka_unit_test(without_memory_nothing_is_selected),
        cmocka_unit_test(a_black_picture_has_an_error_of_nothing_or_infinity),
        cmocka_unit_test(a_picture_is_built_up_to_its_reconstruction),
        cmocka_unit_test(scrubbing_gives_the_same_picture_from_either_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
