/* Picture -> patches -> picture gives every pixel back, to the bit. */
#include "support.h"

#include "image/dataset_items.h"

#include <string.h>

static void round_trip(size_t width, size_t height, const nmf_geometry *g,
                       uint64_t seed)
{
    const nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    const size_t n_rows = nmf_patches_count(width, height, g);
    const size_t n_features = g->width * g->height * g->channels;
    nmf_error err = {0};
    nmf_image image = {0}, again = {0};
    nmf_matrix rows = {0};
    SUPPORT_OK(nmf_image_init(&image, width, height, g->channels, &err), err);
    for (size_t i = 0; i < width * height * g->channels; i++) {
        image.pixels[i] = support_uniform(&seed);
    }
    SUPPORT_OK(nmf_matrix_init(&rows, n_rows, n_features, &err), err);
    SUPPORT_OK(nmf_picture_place(&rows, &image, g, &options, &err), err);
    SUPPORT_OK(nmf_picture_assemble(&again, &rows, g, width, height, &err),
               err);
    SUPPORT_ASSERT(memcmp(again.pixels, image.pixels,
                          width * height * g->channels * sizeof(float)) == 0,
                   "%zux%zux%zu in patches of %zux%zu, %zu apart", width,
                   height, g->channels, g->width, g->height, g->patch_stride);
    nmf_matrix_release(&rows);
    nmf_image_release(&image);
    nmf_image_release(&again);
}

/* All sizes to 9 x 7, all patches that fit, all strides without gaps. */
static void every_size_and_stride_round_trips(void **state)
{
    (void)state;
    for (size_t width = 1; width <= 9; width++) {
        for (size_t height = 1; height <= 7; height++) {
            for (size_t w = 1; w <= width; w++) {
                for (size_t h = 1; h <= height; h++) {
                    for (size_t s = 1; s <= w && s <= h; s++) {
                        nmf_geometry g = {w, h, 1, s};
                        round_trip(width, height, &g, width * 31 + height);
                    }
                }
            }
        }
    }
}

static void colour_and_many_overlaps_round_trip(void **state)
{
    static const nmf_geometry geometries[] = {
        {8, 8, 3, 8}, {8, 8, 3, 1}, {8, 8, 1, 3}, {37, 29, 3, 0}, {5, 11, 3, 4},
    };
    (void)state;
    for (size_t i = 0; i < sizeof geometries / sizeof geometries[0]; i++) {
        round_trip(37, 29, &geometries[i], i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_and_stride_round_trips),
        cmocka_unit_test(colour_and_many_overlaps_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
