/* Decoding: formats told apart, samples, transparency, orientation, limits. */
#include "support.h"

#include "pictures.h"

#include <math.h>
#include <string.h>

static nmf_image decode(const void *bytes, size_t size, nmf_channels channels,
                        nmf_alpha alpha, nmf_image_info *info)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_image image = {0};
    nmf_error err = {0};
    options.channels = channels;
    options.alpha = alpha;
    SUPPORT_OK(
        nmf_image_decode(&image, bytes, size, "test", &options, info, &err),
        err);
    return image;
}

static nmf_status refusal(const void *bytes, size_t size,
                          const nmf_image_options *options, nmf_error *err)
{
    nmf_image image = {.width = 7};
    nmf_status status =
        nmf_image_decode(&image, bytes, size, "a b.png", options, NULL, err);
    assert_null(image.pixels);
    assert_int_equal(image.width, 0);
    if (status != NMF_OK) {
        assert_memory_equal(err->message, "'a b.png': ", 11);
    }
    return status;
}

static void expect_pixels(const nmf_image *image, const float *expected,
                          size_t n)
{
    assert_int_equal(image->width * image->height * image->channels, n);
    for (size_t i = 0; i < n; i++) {
        SUPPORT_ASSERT(fabsf(image->pixels[i] - expected[i]) < 1e-6F,
                       "sample %zu is %.8g, not %.8g", i,
                       (double)image->pixels[i], (double)expected[i]);
    }
}

#define LITERAL(text) text, sizeof(text) - 1

/*
 * Decode bytes, compare with the values that follow. (Twice, so that LITERAL
 * has become two arguments.)
 */
#define EXPECT(...) EXPECT_(__VA_ARGS__)
#define EXPECT_(bytes, size, channels, alpha, ...)                             \
    do {                                                                       \
        const float expected[] = {__VA_ARGS__};                                \
        nmf_image picture = decode(bytes, size, channels, alpha, NULL);        \
        expect_pixels(&picture, expected,                                      \
                      sizeof expected / sizeof expected[0]);                   \
        nmf_image_release(&picture);                                           \
    } while (0)

static void formats_are_told_by_their_first_bytes(void **state)
{
    static const struct {
        nmf_image_format format;
        size_t size;
        const char *bytes;
    } cases[] = {
        {NMF_IMAGE_PNG, 8, "\x89PNG\r\n\x1a\n"},
        {NMF_IMAGE_UNKNOWN, 7, "\x89PNG\r\n\x1a"},
        {NMF_IMAGE_JPEG, 4, "\xff\xd8\xff\xe0"},
        {NMF_IMAGE_PNM, 3, "P5\n"},
        {NMF_IMAGE_PNM, 3, "P1#"},
        {NMF_IMAGE_UNKNOWN, 3, "P5x"},
        {NMF_IMAGE_UNKNOWN, 3, "P9\n"},
        {NMF_IMAGE_OTHER, 3, "P7\n"},
        {NMF_IMAGE_OTHER, 6, "GIF89a"},
        {NMF_IMAGE_OTHER, 4, "II*\0"},
        {NMF_IMAGE_OTHER, 12, "RIFF\1\2\3\4WEBP"},
        {NMF_IMAGE_OTHER, 16, "BM\1\2\3\4\0\0\0\0\66\0\0\0\x28\0"},
        {NMF_IMAGE_UNKNOWN, 16, "BMW is a car mak"},
        {NMF_IMAGE_UNKNOWN, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SUPPORT_ASSERT(nmf_image_sniff(cases[i].bytes, cases[i].size) ==
                           cases[i].format,
                       "case %zu", i);
    }
    assert_string_equal(nmf_image_format_name(NMF_IMAGE_PNM), "pnm");
    assert_string_equal(nmf_image_format_name((nmf_image_format)99), "unknown");
    assert_string_equal(nmf_image_colour_name(NMF_COLOUR_CMYK), "cmyk");
}

static void pnm_samples_are_divided_by_maxval(void **state)
{
    const nmf_channels stored = NMF_CHANNELS_AS_STORED;
    (void)state;
    EXPECT(LITERAL("P2 2 2 15 0 5 10 15"), stored, NMF_ALPHA_BLACK, 0, 1.0F / 3,
           2.0F / 3, 1);
    EXPECT(LITERAL("P5 2 1 65535\n\x00\x01\xff\xff"), stored, NMF_ALPHA_BLACK,
           1.0F / 65535, 1);
    EXPECT(LITERAL("P5 2 1 256\n\x00\x80\x01\x00"), stored, NMF_ALPHA_BLACK,
           0.5F, 1);
    EXPECT(LITERAL("P6 1 1 255\n\xff\x33\x00"), stored, NMF_ALPHA_BLACK, 1,
           0.2F, 0);
    EXPECT(LITERAL("P3 1 1 1000 1 10 100"), stored, NMF_ALPHA_BLACK, 0.001F,
           0.01F, 0.1F);
}

static void bitmaps_have_1_for_black(void **state)
{
    (void)state;
    EXPECT(LITERAL("P1 3 2 101\n0 1#comment\n0"), NMF_CHANNELS_AS_STORED,
           NMF_ALPHA_BLACK, 0, 1, 0, 1, 0, 1);
    EXPECT(LITERAL("P4 9 2\n\x80\x80\x01\x00"), NMF_CHANNELS_AS_STORED,
           NMF_ALPHA_BLACK, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0,
           1);
}

/* One byte of white space or a comment, then samples, whatever they are. */
static void pnm_headers_end_where_netpbm_ends_them(void **state)
{
    (void)state;
    EXPECT(LITERAL("P5 1 1 255\n#"), NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK,
           35.0F / 255);
    EXPECT(LITERAL("P5 1 1 255#note\n\n"), NMF_CHANNELS_AS_STORED,
           NMF_ALPHA_BLACK, 10.0F / 255);
    EXPECT(LITERAL("P5#a\n1#b\r#c\n1\t255\v3P5"), NMF_CHANNELS_AS_STORED,
           NMF_ALPHA_BLACK, 51.0F / 255);
}

static void pnm_is_read_to_the_letter(void **state)
{
    static const struct {
        const char *bytes;
        const char *says;
    } cases[] = {
        {"P5 0 1 255\n", "width is 0"},
        {"P5 1 0 255\n", "height is 0"},
        {"P5 1 1 0\nx", "maxval is 0"},
        {"P5 1 1 65536\nxx", "maxval is larger than 65535"},
        {"P5 -1 1 255\nx", "width is no number"},
        {"P5 1.5 1 255\nx", "width is no number"},
        {"P5 1", "cut short"},
        {"P5", "cut short"},
        {"P5 # no end", "cut short"},
        {"P5 1 1 255", "cut short"},
        {"P5 2 1 255\nx", "cut short"},
        {"P2 2 1 255 1", "cut short"},
        {"P2 2 2 9 1 2 3   ", "cut short"},
        {"P2 2 1 15 1 16", "sample is larger than 15"},
        {"P2 2 1 15 1 x", "sample is no number"},
        {"P5 2 1 64\n\x40\x41", "sample 65 is larger than maxval 64"},
        {"P1 2 1 02", "neither 0 nor 1"},
        {"P1 2 1 0 ", "cut short"},
        {"P5 99999999999999999999999 1 255\nx", "width is larger than"},
        {"P5 4294967297 4294967297 255\nx", "do not fit into 1 bytes"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nmf_error err = {0};
        nmf_status status =
            refusal(cases[i].bytes, strlen(cases[i].bytes), NULL, &err);
        SUPPORT_ASSERT(status == NMF_ERR_FORMAT &&
                           strstr(err.message, cases[i].says),
                       "\"%s\": %s", cases[i].bytes, err.message);
    }
}

static void luma_is_rec_601_and_keeps_grey(void **state)
{
    char grey[] = "P5 1 1 255\n?";
    char rgb[] = "P6 1 1 255\n???";
    (void)state;
    EXPECT(LITERAL("P6 4 1 255\n\xff\0\0\0\xff\0\0\0\xff\xff\xff\xff"),
           NMF_CHANNELS_GREY, NMF_ALPHA_BLACK, 0.299F, 0.587F, 0.114F, 1);
    for (int level = 0; level < 256; level++) {
        memset(grey + sizeof grey - 2, level, 1);
        memset(rgb + sizeof rgb - 4, level, 3);
        nmf_image one = decode(grey, sizeof grey - 1, NMF_CHANNELS_GREY,
                               NMF_ALPHA_BLACK, NULL);
        nmf_image three = decode(rgb, sizeof rgb - 1, NMF_CHANNELS_GREY,
                                 NMF_ALPHA_BLACK, NULL);
        /* The very same float, not one near it. */
        assert_memory_equal(one.pixels, three.pixels, sizeof(float));
        nmf_image_release(&one);
        nmf_image_release(&three);
    }
}

static void grey_becomes_three_equal_channels(void **state)
{
    (void)state;
    EXPECT(LITERAL("P2 2 1 4 1 2"), NMF_CHANNELS_RGB, NMF_ALPHA_BLACK, 0.25F,
           0.25F, 0.25F, 0.5F, 0.5F, 0.5F);
}

static nmf_bytes build(uint32_t width, uint32_t height, unsigned depth,
                       unsigned type, const char *raster, size_t size)
{
    support_png png = {.width = width,
                       .height = height,
                       .depth = (uint8_t)depth,
                       .type = (uint8_t)type,
                       .raster = (const uint8_t *)raster,
                       .raster_size = size};
    return support_png_build(&png);
}

static void png_alpha_is_composed_on_black_or_ignored(void **state)
{
    /* RGBA: half transparent red; grey and alpha of 16 bits. */
    nmf_bytes rgba = build(1, 1, 8, 6, LITERAL("\0\xff\x66\0\x33"));
    nmf_bytes grey =
        build(2, 1, 16, 4, LITERAL("\0\x80\0\x33\x33\xff\xff\xff\xff"));
    (void)state;
    EXPECT(rgba.data, rgba.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK, 0.2F,
           0.08F, 0);
    EXPECT(rgba.data, rgba.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_IGNORE, 1,
           0.4F, 0);
    EXPECT(rgba.data, rgba.size, NMF_CHANNELS_GREY, NMF_ALPHA_BLACK,
           0.2F * (0.299F + 0.587F * 0.4F));
    EXPECT(grey.data, grey.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK,
           32768.0F / 65535 * 0.2F, 1);
    EXPECT(grey.data, grey.size, NMF_CHANNELS_RGB, NMF_ALPHA_IGNORE,
           32768.0F / 65535, 32768.0F / 65535, 32768.0F / 65535, 1, 1, 1);
    nmf_bytes_release(&rgba);
    nmf_bytes_release(&grey);
}

static void png_trns_is_alpha(void **state)
{
    const uint8_t grey_key[] = {0, 1};
    const uint8_t alpha[] = {0x33};
    const uint8_t colours[] = {255, 0, 0, 0, 0, 255};
    /* Four pixels of 2 bits: 0 1 2 3; 1 is transparent. */
    support_png png = {.width = 4,
                       .height = 1,
                       .depth = 2,
                       .type = 0,
                       .chunk = "tRNS",
                       .chunk_data = grey_key,
                       .chunk_size = 2,
                       .raster = (const uint8_t *)"\0\x1b",
                       .raster_size = 2};
    nmf_image_info info = {0};
    nmf_bytes file = support_png_build(&png);
    (void)state;
    EXPECT(file.data, file.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK, 0, 0,
           2.0F / 3, 1);
    EXPECT(file.data, file.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_IGNORE, 0,
           1.0F / 3, 2.0F / 3, 1);
    nmf_bytes_release(&file);

    png.depth = 1;
    png.type = 3;
    png.width = 2;
    png.palette = colours;
    png.palette_size = sizeof colours;
    png.chunk_data = alpha;
    png.chunk_size = 1;
    png.raster = (const uint8_t *)"\0\x40";
    file = support_png_build(&png);
    EXPECT(file.data, file.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK, 0.2F,
           0, 0, 0, 0, 1);
    EXPECT(file.data, file.size, NMF_CHANNELS_GREY, NMF_ALPHA_IGNORE, 0.299F,
           0.114F);
    nmf_image picture = decode(file.data, file.size, NMF_CHANNELS_AS_STORED,
                               NMF_ALPHA_BLACK, &info);
    assert_int_equal(info.colour, NMF_COLOUR_PALETTE);
    assert_int_equal(info.bits, 1);
    assert_true(info.has_alpha);
    nmf_image_release(&picture);
    nmf_bytes_release(&file);
}

static void a_colour_beyond_the_palette_is_refused(void **state)
{
    const uint8_t colours[] = {255, 0, 0, 0, 0, 255};
    nmf_error err = {0};
    support_png png = {.width = 1,
                       .height = 1,
                       .depth = 8,
                       .type = 3,
                       .palette = colours,
                       .palette_size = sizeof colours,
                       .raster = (const uint8_t *)"\0\2",
                       .raster_size = 2};
    nmf_bytes file = support_png_build(&png);
    (void)state;
    assert_int_equal(refusal(file.data, file.size, NULL, &err), NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "colour 2 of a palette of 2"));
    nmf_bytes_release(&file);
}

static void sixteen_bits_keep_their_precision(void **state)
{
    nmf_bytes grey = build(2, 1, 16, 0, LITERAL("\0\x80\x00\x80\x01"));
    nmf_bytes rgb = build(1, 1, 16, 2, LITERAL("\0\0\1\0\2\xff\xfe"));
    (void)state;
    EXPECT(grey.data, grey.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK,
           32768.0F / 65535, 32769.0F / 65535);
    EXPECT(rgb.data, rgb.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK,
           1.0F / 65535, 2.0F / 65535, 65534.0F / 65535);
    nmf_bytes_release(&grey);
    nmf_bytes_release(&rgb);
}

/* A 2 x 2 picture: passes 1, 6 and 7 have its pixels. */
static void interlaced_rows_find_their_place(void **state)
{
    support_png png = {.width = 2,
                       .height = 2,
                       .depth = 8,
                       .type = 0,
                       .interlace = 1,
                       .raster = (const uint8_t *)"\0\x33\0\x66\0\x99\xcc",
                       .raster_size = 7};
    nmf_bytes file = support_png_build(&png);
    (void)state;
    EXPECT(file.data, file.size, NMF_CHANNELS_AS_STORED, NMF_ALPHA_BLACK, 0.2F,
           0.4F, 0.6F, 0.8F);
    nmf_bytes_release(&file);
}

static void all_eight_orientations_turn_the_picture_upright(void **state)
{
    /* Stored as 0 1 2 / 3 4 5. */
    static const struct {
        unsigned orientation;
        size_t width;
        const char *upright;
    } cases[] = {
        {1, 3, "012345"}, {2, 3, "210543"}, {3, 3, "543210"}, {4, 3, "345012"},
        {5, 2, "031425"}, {6, 2, "304152"}, {7, 2, "524130"}, {8, 2, "251403"},
        {0, 3, "012345"}, {9, 3, "012345"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t exif[SUPPORT_EXIF_SIZE];
        support_exif(exif, cases[i].orientation);
        support_png png = {.width = 3,
                           .height = 2,
                           .depth = 8,
                           .type = 0,
                           .chunk = "eXIf",
                           .chunk_data = exif,
                           .chunk_size = sizeof exif,
                           .raster = (const uint8_t *)"\0\0\1\2\0\3\4\5",
                           .raster_size = 8};
        nmf_bytes file = support_png_build(&png);
        nmf_image_info probed = {0};
        nmf_error err = {0};
        for (nmf_channels channels = NMF_CHANNELS_GREY;
             channels <= NMF_CHANNELS_RGB; channels += 2) {
            nmf_image picture =
                decode(file.data, file.size, channels, NMF_ALPHA_BLACK, NULL);
            assert_int_equal(picture.width, cases[i].width);
            assert_int_equal(picture.height, 6 / cases[i].width);
            for (size_t p = 0; p < 6 * (size_t)channels; p++) {
                SUPPORT_ASSERT(lrintf(picture.pixels[p] * 255.0F) ==
                                   cases[i].upright[p / (size_t)channels] - '0',
                               "orientation %u, sample %zu",
                               cases[i].orientation, p);
            }
            nmf_image_release(&picture);
        }
        SUPPORT_OK(nmf_image_probe(&probed, file.data, file.size, "x", &err),
                   err);
        assert_int_equal(probed.width, cases[i].width);
        assert_int_equal(probed.orientation,
                         cases[i].orientation >= 1 && cases[i].orientation <= 8
                             ? cases[i].orientation
                             : 1);
        nmf_bytes_release(&file);
    }
}

static void jpeg_headers_are_told(void **state)
{
    static const struct {
        const char *seed;
        nmf_image_colour colour;
        size_t width;
        size_t channels;
        unsigned orientation;
    } cases[] = {
        {"ycc420.jpg", NMF_COLOUR_RGB, 17, 3, 1},
        {"ycc444-progressive.jpg", NMF_COLOUR_RGB, 17, 3, 1},
        {"grey.jpg", NMF_COLOUR_GREY, 17, 1, 1},
        {"cmyk.jpg", NMF_COLOUR_CMYK, 17, 3, 1},
        {"exif.jpg", NMF_COLOUR_GREY, 9, 1, 6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nmf_bytes file = support_seed_named(cases[i].seed);
        nmf_image_info info = {0};
        nmf_image picture = decode(file.data, file.size, NMF_CHANNELS_AS_STORED,
                                   NMF_ALPHA_BLACK, &info);
        assert_int_equal(info.colour, cases[i].colour);
        assert_int_equal(info.orientation, cases[i].orientation);
        assert_int_equal(info.bits, 8);
        assert_int_equal(picture.width, cases[i].width);
        assert_int_equal(picture.height, 17 + 9 - cases[i].width);
        assert_int_equal(picture.channels, cases[i].channels);
        nmf_image_release(&picture);
        nmf_bytes_release(&file);
    }
}

static void limits_hold_before_memory_is_asked_for(void **state)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_error err = {0};
    static const char pgm[] = "P5 4 4 255\n0123456789abcdef";
    nmf_bytes png = build(1U << 20, 1U << 20, 8, 2, LITERAL("\0\0\0\0"));
    nmf_bytes jpeg = support_seed_named("ycc420.jpg");
    (void)state;
    options.max_pixels = 15;
    assert_int_equal(refusal(LITERAL(pgm), &options, &err), NMF_ERR_LIMIT);
    assert_int_equal(refusal(jpeg.data, jpeg.size, &options, &err),
                     NMF_ERR_LIMIT);
    options.max_pixels = 16;
    options.max_bytes = 16 * sizeof(float) + sizeof pgm - 2;
    assert_int_equal(refusal(LITERAL(pgm), &options, &err), NMF_ERR_LIMIT);
    options.max_bytes++;
    nmf_image picture = {0};
    SUPPORT_OK(
        nmf_image_decode(&picture, LITERAL(pgm), "x", &options, NULL, &err),
        err);
    nmf_image_release(&picture);
    /* No limit is reached, but a hundred bytes cannot hold a terapixel. */
    options.max_pixels = SIZE_MAX;
    options.max_bytes = SIZE_MAX;
    assert_int_equal(refusal(png.data, png.size, &options, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "cannot hold"));
    nmf_bytes_release(&png);
    nmf_bytes_release(&jpeg);
}

static void other_formats_are_refused_by_name(void **state)
{
    nmf_error err = {0};
    (void)state;
    assert_int_equal(refusal(LITERAL("GIF89a......"), NULL, &err),
                     NMF_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "GIF"));
    assert_int_equal(refusal(LITERAL("hello, world"), NULL, &err),
                     NMF_ERR_FORMAT);
    assert_int_equal(refusal("", 0, NULL, &err), NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "empty"));
}

static void load_reads_files_and_names_missing_ones(void **state)
{
    const char *path = support_temp_path("face %d.pgm");
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    support_write(path, LITERAL("P5 1 1 255\nx"));
    SUPPORT_OK(nmf_image_load(&image, path, NULL, &err), err);
    assert_int_equal(image.width, 1);
    nmf_image_release(&image);
    assert_int_equal(
        nmf_image_load(&image, support_temp_path("no.png"), NULL, &err),
        NMF_ERR_IO);
    assert_non_null(strstr(err.message, "no.png"));
    assert_null(image.pixels);
}

static void init_makes_black_within_reason(void **state)
{
    nmf_image image = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_image_init(&image, 3, 2, 3, &err), err);
    for (size_t i = 0; i < 18; i++) {
        assert_true(image.pixels[i] == 0.0F);
    }
    nmf_image_release(&image);
    assert_null(image.pixels);
    nmf_image_release(NULL);
    assert_int_equal(nmf_image_init(&image, 0, 2, 1, &err), NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_image_init(&image, 2, 2, 2, &err), NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_image_init(&image, SIZE_MAX / 2, 4, 1, &err),
                     NMF_ERR_LIMIT);
    assert_null(image.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_by_their_first_bytes),
        cmocka_unit_test(pnm_samples_are_divided_by_maxval),
        cmocka_unit_test(bitmaps_have_1_for_black),
        cmocka_unit_test(pnm_headers_end_where_netpbm_ends_them),
        cmocka_unit_test(pnm_is_read_to_the_letter),
        cmocka_unit_test(luma_is_rec_601_and_keeps_grey),
        cmocka_unit_test(grey_becomes_three_equal_channels),
        cmocka_unit_test(png_alpha_is_composed_on_black_or_ignored),
        cmocka_unit_test(png_trns_is_alpha),
        cmocka_unit_test(a_colour_beyond_the_palette_is_refused),
        cmocka_unit_test(sixteen_bits_keep_their_precision),
        cmocka_unit_test(interlaced_rows_find_their_place),
        cmocka_unit_test(all_eight_orientations_turn_the_picture_upright),
        cmocka_unit_test(jpeg_headers_are_told),
        cmocka_unit_test(limits_hold_before_memory_is_asked_for),
        cmocka_unit_test(other_formats_are_refused_by_name),
        cmocka_unit_test(load_reads_files_and_names_missing_ones),
        cmocka_unit_test(init_makes_black_within_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
