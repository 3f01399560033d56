/*
 * What is particular to JPEG: luma as stored, harmless and harmful
 * irregularity, kinds that are refused, too many scans.
 */
#include "support.h"

#include "pictures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static nmf_status decode(nmf_image *image, nmf_bytes file,
                         nmf_channels channels, nmf_error *err)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    options.channels = channels;
    return nmf_image_decode(image, file.data, file.size, "x.jpg", &options,
                            NULL, err);
}

static nmf_image decode_well(nmf_bytes file, nmf_channels channels)
{
    nmf_image image = {0};
    nmf_error err = {0};
    SUPPORT_OK(decode(&image, file, channels, &err), err);
    return image;
}

/* The file with n copies of bytes put in at an offset. */
static nmf_bytes insert(nmf_bytes file, size_t offset, const uint8_t *bytes,
                        size_t size, size_t n)
{
    nmf_bytes longer = {malloc(file.size + n * size), file.size + n * size};
    assert_non_null(longer.data);
    memcpy(longer.data, file.data, offset);
    for (size_t i = 0; i < n; i++) {
        memcpy(longer.data + offset + i * size, bytes, size);
    }
    memcpy(longer.data + offset + n * size, file.data + offset,
           file.size - offset);
    return longer;
}

/* Where the last marker of a kind is. */
static size_t find_marker(nmf_bytes file, uint8_t kind)
{
    size_t at = file.size - 1;
    do {
        SUPPORT_ASSERT(at > 0, "no marker %02x", kind);
        at--;
    } while (file.data[at] != 0xff || file.data[at + 1] != kind);
    return at;
}

static void grey_is_the_luma_of_the_colours(void **state)
{
    nmf_bytes file = support_seed_named("ycc444-progressive.jpg");
    nmf_image grey = decode_well(file, NMF_CHANNELS_GREY);
    nmf_image rgb = decode_well(file, NMF_CHANNELS_RGB);
    (void)state;
    for (size_t i = 0; i < grey.width * grey.height; i++) {
        const float *p = rgb.pixels + 3 * i;
        bool clipped = false;
        for (size_t c = 0; c < 3; c++) {
            clipped = clipped || p[c] <= 0.0F || p[c] >= 1.0F;
        }
        float luma = 0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2];
        /* RGB is rounded to whole levels, and cut where it leaves the cube. */
        SUPPORT_ASSERT(clipped || fabsf(luma - grey.pixels[i]) < 1.1F / 255,
                       "pixel %zu: %g, not %g", i,
                       (double)grey.pixels[i] * 255.0, (double)luma * 255.0);
    }
    nmf_image_release(&grey);
    nmf_image_release(&rgb);
    nmf_bytes_release(&file);
}

static void bytes_beside_the_picture_do_no_harm(void **state)
{
    static const uint8_t junk[] = {1, 2, 3};
    nmf_bytes file = support_seed_named("ycc420.jpg");
    nmf_image good = decode_well(file, NMF_CHANNELS_RGB);
    const size_t offsets[] = {find_marker(file, 0xd9), file.size};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        nmf_bytes odd = insert(file, offsets[i], junk, sizeof junk, 1);
        nmf_image same = decode_well(odd, NMF_CHANNELS_RGB);
        assert_memory_equal(same.pixels, good.pixels,
                            good.width * good.height * 3 * sizeof(float));
        nmf_image_release(&same);
        nmf_bytes_release(&odd);
    }
    nmf_image_release(&good);
    nmf_bytes_release(&file);
}

/* The end right after the first bytes of a baseline scan, or none. */
static void missing_pixels_and_a_missing_end_are_refused(void **state)
{
    nmf_bytes file = support_seed_named("ycc420.jpg");
    nmf_image image = {0};
    nmf_error err = {0};
    const size_t eoi = find_marker(file, 0xd9);
    nmf_bytes cut = insert(file, eoi, NULL, 0, 0);
    (void)state;
    cut.size = eoi;
    assert_int_equal(decode(&image, cut, NMF_CHANNELS_RGB, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "cut short"));
    cut.data[eoi - 10] = 0xff;
    cut.data[eoi - 9] = 0xd9;
    assert_int_equal(decode(&image, cut, NMF_CHANNELS_RGB, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "damaged JPEG"));
    assert_null(image.pixels);
    nmf_bytes_release(&cut);
    nmf_bytes_release(&file);
}

static void twelve_bits_are_refused_by_name(void **state)
{
    nmf_bytes file = support_seed_named("grey.jpg");
    nmf_image image = {0};
    nmf_image_info info = {0};
    nmf_error err = {0};
    (void)state;
    file.data[find_marker(file, 0xc0) + 4] = 12;
    assert_int_equal(decode(&image, file, NMF_CHANNELS_GREY, &err),
                     NMF_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "12 bits"));
    assert_int_equal(nmf_image_probe(&info, file.data, file.size, "x", &err),
                     NMF_ERR_UNSUPPORTED);
    nmf_bytes_release(&file);
}

/* The first scan of a progressive picture, again and again. */
static void too_many_scans_are_refused(void **state)
{
    nmf_bytes file = support_seed_named("ycc444-progressive.jpg");
    size_t scan = 0;
    (void)state;
    while (file.data[scan] != 0xff || file.data[scan + 1] != 0xda) {
        scan++;
    }
    size_t end = scan + 2;
    while (file.data[end] != 0xff || file.data[end + 1] == 0) {
        end++;
    }
    nmf_bytes few = insert(file, end, file.data + scan, end - scan, 100);
    nmf_bytes many = insert(file, end, file.data + scan, end - scan, 600);
    nmf_image image = decode_well(few, NMF_CHANNELS_RGB);
    nmf_error err = {0};
    nmf_image_release(&image);
    assert_int_equal(decode(&image, many, NMF_CHANNELS_RGB, &err),
                     NMF_ERR_LIMIT);
    assert_non_null(strstr(err.message, "more than 500 scans"));
    nmf_bytes_release(&few);
    nmf_bytes_release(&many);
    nmf_bytes_release(&file);
}

/* Progressive pictures keep all their coefficients. */
static void memory_of_the_decoder_is_limited(void **state)
{
    nmf_bytes file = support_seed_named("ycc444-progressive.jpg");
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_image image = {0};
    nmf_error err = {0};
    const size_t sof = find_marker(file, 0xc2);
    (void)state;
    /* 1024 x 1024 pixels of a tiny file: 4 MiB grey, 6 MiB coefficients. */
    memcpy(file.data + sof + 5, "\4\0\4\0", 4);
    options.channels = NMF_CHANNELS_GREY;
    options.max_bytes = (size_t)6 << 20;
    assert_int_equal(nmf_image_decode(&image, file.data, file.size, "x",
                                      &options, NULL, &err),
                     NMF_ERR_LIMIT);
    assert_null(image.pixels);
    nmf_bytes_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_is_the_luma_of_the_colours),
        cmocka_unit_test(bytes_beside_the_picture_do_no_harm),
        cmocka_unit_test(missing_pixels_and_a_missing_end_are_refused),
        cmocka_unit_test(twelve_bits_are_refused_by_name),
        cmocka_unit_test(too_many_scans_are_refused),
        cmocka_unit_test(memory_of_the_decoder_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
