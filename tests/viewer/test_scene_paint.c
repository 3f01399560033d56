/* Values to bytes, each beside the colour that it should have. */
#include "scene_sets.h"

#include "scene.h"

#include <math.h>
#include <string.h>

static unsigned byte_of(float sample)
{
    return (unsigned)(sample * 255.0F + 0.5F);
}

/* Within one of 255: the table has 256 steps, the colour map has none. */
static void assert_colour(const uint8_t *rgba, const float rgb[3], float value)
{
    for (size_t c = 0; c < 3; c++) {
        int off = (int)rgba[c] - (int)byte_of(rgb[c]);
        SUPPORT_ASSERT(off >= -2 && off <= 2, "channel %zu of %g is off by %d",
                       c, (double)value, off);
    }
    assert_int_equal(rgba[3], 255);
}

static void grey_values_take_the_colours_of_the_map(void **state)
{
    static const nmf_colormap maps[] = {
        NMF_COLORMAP_GREY, NMF_COLORMAP_INVERTED, NMF_COLORMAP_VIRIDIS,
        NMF_COLORMAP_CIVIDIS};
    const scene_shape shape = {37, 29, 1, 37 * 29, false};
    float values[37 * 29];
    uint8_t rgba[37 * 29 * 4];
    uint64_t seed = 4;
    (void)state;
    for (size_t i = 0; i < 37 * 29; i++) {
        values[i] = 5.0F * support_uniform(&seed) - 1.0F; /* -1 .. 4 */
    }
    values[7] = NAN;
    values[8] = INFINITY;
    values[9] = -INFINITY;
    for (size_t m = 0; m < 4; m++) {
        scene_palette palette = scene_palette_of(maps[m]);
        scene_paint(rgba, values, &shape, 3.0F, &palette);
        for (size_t i = 0; i < 37 * 29; i++) {
            float rgb[3];
            nmf_colormap_rgb(rgb, maps[m], values[i] / 3.0F);
            assert_colour(rgba + 4 * i, rgb, values[i]);
        }
    }
}

static void colours_keep_their_colours(void **state)
{
    const scene_shape shape = {100, 7, 3, 2100, false};
    float values[2100];
    uint8_t rgba[2800];
    uint64_t seed = 4;
    scene_palette palette = scene_palette_of(NMF_COLORMAP_VIRIDIS);
    (void)state;
    for (size_t i = 0; i < 2100; i++) {
        values[i] = 2.0F * support_uniform(&seed);
    }
    scene_paint(rgba, values, &shape, 1.5F, &palette);
    for (size_t i = 0; i < 700; i++) {
        for (size_t c = 0; c < 3; c++) {
            float sample = fminf(values[3 * i + c] / 1.5F, 1.0F);
            int off = (int)rgba[4 * i + c] - (int)byte_of(sample);
            assert_in_range(off + 1, 0, 2);
        }
        assert_int_equal(rgba[4 * i + 3], 255);
    }
}

static void shrunk_values_are_means(void **state)
{
    const scene_shape shape = {5, 3, 3, 45, false};
    float values[45];
    float small[18];
    uint64_t seed = 9;
    (void)state;
    for (size_t i = 0; i < 45; i++) {
        values[i] = support_uniform(&seed);
    }
    scene_shape half = scene_shrink(small, values, &shape, 2);
    assert_int_equal(half.width, 3);
    assert_int_equal(half.height, 2);
    assert_int_equal(half.n_values, 18);
    for (size_t i = 0; i < 18; i++) {
        size_t x0 = i / 3 % 3 * 2;
        size_t y0 = i / 9 * 2;
        double sum = 0.0;
        size_t n = 0;
        for (size_t y = y0; y < y0 + 2 && y < 3; y++) {
            for (size_t x = x0; x < x0 + 2 && x < 5; x++, n++) {
                sum += values[(y * 5 + x) * 3 + i % 3];
            }
        }
        assert_float_equal(small[i], (float)(sum / (double)n), 1e-6F);
    }
    scene_shrink(small, values, &(scene_shape){3, 2, 3, 18, false}, 1);
    assert_memory_equal(small, values, sizeof small);
}

static void nothing_is_the_first_colour(void **state)
{
    const scene_shape shape = {2, 1, 1, 2, false};
    const float values[2] = {0.0F, 0.0F};
    uint8_t rgba[8];
    scene_palette palette = scene_palette_of(NMF_COLORMAP_INVERTED);
    (void)state;
    scene_paint(rgba, values, &shape, 0.0F, &palette);
    assert_int_equal(rgba[0], 255);
    assert_int_equal(rgba[7], 255);
}

static void what_a_wrapped_row_lacks_is_transparent(void **state)
{
    const nmf_geometry unknown = {0};
    scene_shape shape = scene_shape_of_row(&unknown, 40); /* 7 x 6 */
    float values[40];
    uint8_t rgba[7 * 6 * 4];
    const uint8_t red[3] = {255, 0, 0};
    scene_palette palette = scene_palette_of(NMF_COLORMAP_GREY);
    (void)state;
    assert_int_equal(scene_shape_bytes(&shape), sizeof rgba);
    for (size_t i = 0; i < 40; i++) {
        values[i] = 1.0F;
    }
    for (int how = 0; how < 3; how++) {
        memset(rgba, 77, sizeof rgba);
        if (how == 0) {
            scene_paint(rgba, values, &shape, 1.0F, &palette);
        } else if (how == 1) {
            scene_paint_signed(rgba, values, &shape, 1.0F, &palette);
        } else {
            scene_paint_layer(rgba, values, &shape, 1.0F, red);
        }
        for (size_t i = 0; i < 42; i++) {
            assert_int_equal(rgba[4 * i + 3], i < 40 ? 255 : 0);
        }
    }
}

static void signed_values_take_the_signed_colours(void **state)
{
    const scene_shape shape = {9, 1, 1, 9, false};
    const float values[9] = {-9.0F, -2.0F, -1.0F, -0.25F, 0.0F,
                             0.5F,  1.0F,  2.0F,  NAN};
    uint8_t rgba[36];
    (void)state;
    for (int is_light = 0; is_light < 2; is_light++) {
        scene_palette palette = scene_palette_signed(is_light);
        scene_paint_signed(rgba, values, &shape, 2.0F, &palette);
        for (size_t i = 0; i < 9; i++) {
            float rgb[3];
            nmf_colormap_signed_rgb(rgb, values[i] / 2.0F, is_light);
            assert_colour(rgba + 4 * i, rgb, values[i]);
        }
        /* Zero and NaN are the ground exactly. */
        uint8_t ground = is_light ? 255 : 0;
        assert_int_equal(rgba[16], ground);
        assert_int_equal(rgba[17], ground);
        assert_int_equal(rgba[34], ground);
    }
}

/* A step of the table is 2 of 255: rounded to the nearest, values are off by 1
 * at most, on either side of zero. */
static void signed_values_are_rounded_to_the_nearest_colour(void **state)
{
    const scene_shape shape = {401, 1, 1, 401, false};
    float values[401];
    uint8_t rgba[401 * 4];
    scene_palette palette = scene_palette_signed(false);
    (void)state;
    for (int i = 0; i < 401; i++) {
        values[i] = (float)(i - 200) / 200.0F;
    }
    scene_paint_signed(rgba, values, &shape, 1.0F, &palette);
    for (size_t i = 0; i < 401; i++) {
        float rgb[3];
        nmf_colormap_signed_rgb(rgb, values[i], false);
        for (size_t c = 0; c < 3; c++) {
            float off = (float)rgba[4 * i + c] - rgb[c] * 255.0F;
            SUPPORT_ASSERT(fabsf(off) < 1.51F, "%g: off by %g",
                           (double)values[i], (double)off);
        }
    }
}

static void signed_colours_and_layers_take_the_mean_of_channels(void **state)
{
    const scene_shape shape = {2, 1, 3, 6, false};
    const float values[6] = {-1.0F, 0.0F, 1.0F, 0.25F, 0.5F, 0.75F};
    const uint8_t blue[3] = {1, 2, 200};
    uint8_t rgba[8];
    float rgb[3];
    scene_palette palette = scene_palette_signed(false);
    (void)state;
    scene_paint_signed(rgba, values, &shape, 1.0F, &palette);
    nmf_colormap_signed_rgb(rgb, 0.0F, false);
    assert_colour(rgba, rgb, 0.0F);
    nmf_colormap_signed_rgb(rgb, 0.5F, false);
    assert_colour(rgba + 4, rgb, 0.5F);
    scene_paint_layer(rgba, values, &shape, 1.0F, blue);
    assert_int_equal(rgba[3], 0);
    assert_int_equal(rgba[7], 128);
    assert_memory_equal(rgba + 4, blue, 3);
}

static void a_layer_has_the_colour_and_the_alpha_of_the_values(void **state)
{
    const scene_shape shape = {4, 1, 1, 4, false};
    const float values[4] = {-1.0F, 0.0F, 2.0F, 9.0F};
    const uint8_t colour[3] = {10, 20, 30};
    uint8_t rgba[16];
    (void)state;
    scene_paint_layer(rgba, values, &shape, 4.0F, colour);
    assert_int_equal(rgba[3], 0);
    assert_int_equal(rgba[7], 0);
    assert_int_equal(rgba[11], 128);
    assert_int_equal(rgba[15], 255);
    assert_memory_equal(rgba + 8, colour, 3);
}

static void the_largest_is_found_wherever_it_is(void **state)
{
    float values[50] = {0};
    (void)state;
    assert_true(scene_largest(values, 0) == 0.0F);
    for (size_t n = 1; n <= 50; n++) {
        for (size_t at = 0; at < n; at++) {
            for (size_t i = 0; i < n; i++) {
                values[i] = -3.0F;
            }
            values[at] = 2.0F;
            assert_true(scene_largest(values, n) == 2.0F);
            assert_true(scene_largest_magnitude(values, n) ==
                        (n == 1 ? 2.0F : 3.0F));
            values[at] = -4.0F;
            assert_true(scene_largest(values, n) == 0.0F);
            assert_true(scene_largest_magnitude(values, n) == 4.0F);
        }
    }
}

static void thumbnails_are_the_picture_resized(void **state)
{
    scene_set set = {0};
    scene_palette palette = scene_palette_of(NMF_COLORMAP_GREY);
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        for (size_t side = 5; side <= 200; side += 195) {
            nmf_error err = {0};
            size_t width = 0;
            size_t height = 0;
            uint8_t rgba[64 * 64 * 4] = {0};
            nmf_image original = scene_set_original(&set, 1);
            nmf_image small = {0};
            scene_thumbnail_size(set.data, 1, side, &width, &height);
            assert_true(width >= 1 && height >= 1 && width <= side &&
                        height <= side && width <= original.width &&
                        height <= original.height);
            assert_true(width == side || height == side ||
                        (width == original.width && height == original.height));
            SUPPORT_OK(
                scene_thumbnail(rgba, set.data, 1, side, 1.0F, &palette, &err),
                err);
            SUPPORT_OK(nmf_image_resize(&small, &original, width, height,
                                        NMF_ASPECT_STRETCH, &err),
                       err);
            for (size_t j = 0; j < width * height; j++) {
                if (rgba[4 * j + 3] == 0) {
                    assert_true(j >= set.X->cols);
                    continue;
                }
                float v = small.pixels[j * small.channels];
                int off = (int)rgba[4 * j] - (int)byte_of(fminf(v, 1.0F));
                assert_in_range(off + 1, 0, 2);
            }
            nmf_image_release(&small);
            nmf_image_release(&original);
        }
        scene_set_release(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_values_take_the_colours_of_the_map),
        cmocka_unit_test(colours_keep_their_colours),
        cmocka_unit_test(shrunk_values_are_means),
        cmocka_unit_test(nothing_is_the_first_colour),
        cmocka_unit_test(what_a_wrapped_row_lacks_is_transparent),
        cmocka_unit_test(signed_values_take_the_signed_colours),
        cmocka_unit_test(signed_values_are_rounded_to_the_nearest_colour),
        cmocka_unit_test(signed_colours_and_layers_take_the_mean_of_channels),
        cmocka_unit_test(a_layer_has_the_colour_and_the_alpha_of_the_values),
        cmocka_unit_test(the_largest_is_found_wherever_it_is),
        cmocka_unit_test(thumbnails_are_the_picture_resized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
