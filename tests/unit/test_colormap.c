/* Colours of values, on which every sheet stands. */
#include "support.h"

#include <math.h>

static const nmf_colormap all[] = {NMF_COLORMAP_GREY, NMF_COLORMAP_INVERTED,
                                   NMF_COLORMAP_VIRIDIS, NMF_COLORMAP_CIVIDIS};

static float luma(const float rgb[3])
{
    return 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
}

static void grey_is_the_value_and_inverted_its_complement(void **state)
{
    (void)state;
    for (int i = 0; i <= 255; i++) {
        float value = (float)i / 255.0F;
        float rgb[3];
        nmf_colormap_rgb(rgb, NMF_COLORMAP_GREY, value);
        assert_true(rgb[0] == value && rgb[1] == value && rgb[2] == value);
        nmf_colormap_rgb(rgb, NMF_COLORMAP_INVERTED, value);
        assert_true(rgb[0] == 1.0F - value && rgb[1] == rgb[0] &&
                    rgb[2] == rgb[0]);
    }
}

/* Entries of the published table that are not among our anchors. */
static void viridis_is_close_to_the_published_table(void **state)
{
    static const struct {
        int entry;
        float rgb[3];
    } published[] = {
        {0, {0.267004F, 0.004874F, 0.329415F}},
        {9, {0.277941F, 0.056324F, 0.381191F}},
        {47, {0.260571F, 0.246922F, 0.522828F}},
        {127, {0.128729F, 0.563265F, 0.551229F}},
        {140, {0.119423F, 0.611141F, 0.538982F}},
        {168, {0.196571F, 0.711827F, 0.479221F}},
        {216, {0.595839F, 0.848717F, 0.243329F}},
        {243, {0.876168F, 0.891125F, 0.095250F}},
        {255, {0.993248F, 0.906157F, 0.143936F}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        float rgb[3];
        nmf_colormap_rgb(rgb, NMF_COLORMAP_VIRIDIS,
                         (float)published[i].entry / 255.0F);
        for (int c = 0; c < 3; c++) {
            SUPPORT_ASSERT(fabsf(rgb[c] - published[i].rgb[c]) < 0.02F,
                           "entry %d, channel %d: %g", published[i].entry, c,
                           (double)rgb[c]);
        }
    }
}

static void cividis_is_close_to_the_published_table(void **state)
{
    static const struct {
        int entry;
        float rgb[3];
    } published[] = {
        {0, {0.0F, 0.135112F, 0.304751F}},
        {7, {0.0F, 0.155377F, 0.350500F}},
        {24, {0.017852F, 0.198528F, 0.441248F}},
        {47, {0.190303F, 0.261644F, 0.426329F}},
        {127, {0.485141F, 0.482451F, 0.470384F}},
        {168, {0.640352F, 0.604354F, 0.456791F}},
        {216, {0.836429F, 0.761483F, 0.368747F}},
        {243, {0.954725F, 0.858646F, 0.259365F}},
        {255, {0.995737F, 0.909344F, 0.217772F}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        float rgb[3];
        nmf_colormap_rgb(rgb, NMF_COLORMAP_CIVIDIS,
                         (float)published[i].entry / 255.0F);
        for (int c = 0; c < 3; c++) {
            SUPPORT_ASSERT(fabsf(rgb[c] - published[i].rgb[c]) < 0.05F,
                           "entry %d, channel %d: %g", published[i].entry, c,
                           (double)rgb[c]);
        }
    }
}

static void viridis_and_cividis_grow_lighter_all_the_way(void **state)
{
    (void)state;
    for (size_t map = 2; map < sizeof all / sizeof *all; map++) {
        float before = -1.0F;
        for (int i = 0; i <= 1000; i++) {
            float rgb[3];
            nmf_colormap_rgb(rgb, all[map], (float)i / 1000.0F);
            SUPPORT_ASSERT(luma(rgb) > before, "map %d at %d of 1000",
                           (int)all[map], i);
            before = luma(rgb);
        }
    }
}

static void signed_zero_has_no_hue_and_signs_have_opposite_ones(void **state)
{
    (void)state;
    for (int is_light = 0; is_light < 2; is_light++) {
        float ground = is_light ? 1.0F : 0.0F;
        float before = ground;
        float rgb[3];
        for (int i = 0; i <= 100; i++) {
            float value = (float)i / 100.0F;
            float less[3];
            nmf_colormap_signed_rgb(rgb, value, is_light);
            nmf_colormap_signed_rgb(less, -value, is_light);
            if (i == 0) {
                assert_memory_equal(rgb, less, sizeof rgb);
                assert_true(rgb[0] == ground && rgb[1] == ground &&
                            rgb[2] == ground);
                continue;
            }
            /* Orange is red without blue, and blue the other way round. */
            assert_true(rgb[0] > rgb[2] && less[2] > less[0]);
            /* Both leave the ground steadily. */
            assert_true(is_light ? luma(rgb) < before : luma(rgb) > before);
            assert_true(fabsf(luma(less) - ground) > 0.0F);
            before = luma(rgb);
        }
    }
}

static void signed_values_outside_are_cut_and_nan_is_zero(void **state)
{
    float rgb[3];
    float expected[3];
    (void)state;
    nmf_colormap_signed_rgb(expected, 1.0F, false);
    nmf_colormap_signed_rgb(rgb, INFINITY, false);
    assert_memory_equal(rgb, expected, sizeof rgb);
    nmf_colormap_signed_rgb(expected, -1.0F, true);
    nmf_colormap_signed_rgb(rgb, -7.5F, true);
    assert_memory_equal(rgb, expected, sizeof rgb);
    nmf_colormap_signed_rgb(expected, 0.0F, true);
    nmf_colormap_signed_rgb(rgb, NAN, true);
    assert_memory_equal(rgb, expected, sizeof rgb);
}

static void values_outside_are_cut_and_nan_is_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        float zero[3];
        float one[3];
        float rgb[3];
        nmf_colormap_rgb(zero, all[i], 0.0F);
        nmf_colormap_rgb(one, all[i], 1.0F);
        nmf_colormap_rgb(rgb, all[i], -INFINITY);
        assert_memory_equal(rgb, zero, sizeof rgb);
        nmf_colormap_rgb(rgb, all[i], NAN);
        assert_memory_equal(rgb, zero, sizeof rgb);
        nmf_colormap_rgb(rgb, all[i], 1e30F);
        assert_memory_equal(rgb, one, sizeof rgb);
        nmf_colormap_rgb(rgb, all[i], INFINITY);
        assert_memory_equal(rgb, one, sizeof rgb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_is_the_value_and_inverted_its_complement),
        cmocka_unit_test(viridis_is_close_to_the_published_table),
        cmocka_unit_test(cividis_is_close_to_the_published_table),
        cmocka_unit_test(viridis_and_cividis_grow_lighter_all_the_way),
        cmocka_unit_test(signed_zero_has_no_hue_and_signs_have_opposite_ones),
        cmocka_unit_test(signed_values_outside_are_cut_and_nan_is_zero),
        cmocka_unit_test(values_outside_are_cut_and_nan_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
