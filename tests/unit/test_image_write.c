/* PNG written and read again. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static nmf_image levels(size_t width, size_t height, size_t channels)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, channels, &err), err);
    for (size_t i = 0; i < width * height * channels; i++) {
        image.pixels[i] = (float)(i * 37 % 256) / 255.0F;
    }
    return image;
}

static void eight_bit_levels_survive_exactly(void **state)
{
    static const size_t shapes[][3] = {
        {1, 1, 1}, {1, 1, 3}, {300, 1, 1}, {1, 300, 3}, {61, 47, 3}};
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const size_t n = shapes[i][0] * shapes[i][1] * shapes[i][2];
        nmf_image image = levels(shapes[i][0], shapes[i][1], shapes[i][2]);
        nmf_image again = {0};
        nmf_bytes file = {0};
        nmf_image_info info = {0};
        nmf_error err = {0};
        SUPPORT_OK(nmf_image_encode_png(&file, &image, &err), err);
        SUPPORT_OK(nmf_image_decode(&again, file.data, file.size, "x", NULL,
                                    &info, &err),
                   err);
        assert_int_equal(info.width, shapes[i][0]);
        assert_int_equal(info.bits, 8);
        assert_int_equal(info.colour,
                         shapes[i][2] == 1 ? NMF_COLOUR_GREY : NMF_COLOUR_RGB);
        assert_memory_equal(again.pixels, image.pixels, n * sizeof(float));
        nmf_image_release(&image);
        nmf_image_release(&again);
        nmf_bytes_release(&file);
    }
}

static void samples_are_rounded_and_cut(void **state)
{
    static const float in[] = {-1.0F, -0.0F,        0.49F / 255, 0.51F / 255,
                               0.5F,  254.6F / 255, 1.0F,        7.0F};
    static const int out[] = {0, 0, 0, 1, 128, 255, 255, 255};
    enum { N = sizeof in / sizeof in[0] };
    nmf_image image = levels(N + 3, 1, 1);
    nmf_image again = {0};
    nmf_bytes file = {0};
    nmf_error err = {0};
    (void)state;
    memcpy(image.pixels, in, sizeof in);
    image.pixels[N] = NAN;
    image.pixels[N + 1] = INFINITY;
    image.pixels[N + 2] = -INFINITY;
    SUPPORT_OK(nmf_image_encode_png(&file, &image, &err), err);
    SUPPORT_OK(
        nmf_image_decode(&again, file.data, file.size, "x", NULL, NULL, &err),
        err);
    for (size_t i = 0; i < N; i++) {
        SUPPORT_ASSERT(lrintf(again.pixels[i] * 255.0F) == out[i],
                       "%g became %g", (double)in[i],
                       (double)again.pixels[i] * 255.0);
    }
    assert_true(again.pixels[N] == 0.0F);
    assert_true(again.pixels[N + 1] == 1.0F);
    assert_true(again.pixels[N + 2] == 0.0F);
    nmf_image_release(&image);
    nmf_image_release(&again);
    nmf_bytes_release(&file);
}

static void the_same_picture_gives_the_same_bytes(void **state)
{
    nmf_image image = levels(64, 64, 3);
    nmf_bytes files[2] = {{0}, {0}};
    nmf_error err = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        SUPPORT_OK(nmf_image_encode_png(&files[i], &image, &err), err);
    }
    assert_int_equal(files[0].size, files[1].size);
    assert_memory_equal(files[0].data, files[1].data, files[0].size);
    nmf_bytes_release(&files[0]);
    nmf_bytes_release(&files[1]);
    nmf_image_release(&image);
}

static void no_picture_is_not_written(void **state)
{
    nmf_image nothing = {0};
    nmf_bytes file = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_image_encode_png(&file, &nothing, &err),
                     NMF_ERR_ARGUMENT);
    assert_null(file.data);
}

static void a_failing_allocation_leaves_nothing(void **state)
{
    nmf_image image = levels(40, 40, 3);
    nmf_bytes file = {0};
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    do {
        nmf_alloc_fail_at(++n);
        nmf_status status = nmf_image_encode_png(&file, &image, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_true((status == NMF_OK) == (file.data != NULL));
    } while (!file.data);
    assert_true(n > 3);
    nmf_bytes_release(&file);
    nmf_image_release(&image);
}

static void save_keeps_what_is_there_unless_told(void **state)
{
    const char *path = support_temp_path("sheet.png");
    nmf_image image = levels(5, 4, 1);
    nmf_image again = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_image_save(path, &image, false, &err), err);
    assert_int_equal(nmf_image_save(path, &image, false, &err), NMF_ERR_IO);
    SUPPORT_OK(nmf_image_save(path, &image, true, &err), err);
    SUPPORT_OK(nmf_image_load(&again, path, NULL, &err), err);
    assert_memory_equal(again.pixels, image.pixels, 20 * sizeof(float));
    nmf_image_release(&image);
    nmf_image_release(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_bit_levels_survive_exactly),
        cmocka_unit_test(samples_are_rounded_and_cut),
        cmocka_unit_test(the_same_picture_gives_the_same_bytes),
        cmocka_unit_test(no_picture_is_not_written),
        cmocka_unit_test(a_failing_allocation_leaves_nothing),
        cmocka_unit_test(save_keeps_what_is_there_unless_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
