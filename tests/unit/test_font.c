/* The face of titles, and how they are wrapped. */
#include "support.h"

#include "image/caption.h"
#include "image/font.h"

#include <stdlib.h>
#include <string.h>

enum { DOTS = NMF_FONT_WIDTH * NMF_FONT_HEIGHT };

static const float white[3] = {1.0F, 1.0F, 1.0F};

/* A black picture of 3 channels, freed by free(image.pixels). */
static nmf_image black(size_t width, size_t height)
{
    nmf_image image = {width, height, 3, NULL};
    image.pixels = calloc(width * height * 3, sizeof *image.pixels);
    assert_non_null(image.pixels);
    return image;
}

static bool is_lit(const nmf_image *image, size_t x, size_t y)
{
    return image->pixels[(y * image->width + x) * 3] > 0.0F;
}

/* One past the last lit column and row, 0 where nothing is lit. */
static void extent(const nmf_image *image, size_t *width, size_t *height)
{
    *width = 0;
    *height = 0;
    for (size_t y = 0; y < image->height; y++) {
        for (size_t x = 0; x < image->width; x++) {
            if (is_lit(image, x, y)) {
                *width = x + 1 > *width ? x + 1 : *width;
                *height = y + 1;
            }
        }
    }
}

static void glyph(char dots[DOTS + 1], unsigned char character)
{
    for (size_t i = 0; i < DOTS; i++) {
        bool ink =
            nmf_font_ink(character, i % NMF_FONT_WIDTH, i / NMF_FONT_WIDTH);
        dots[i] = ink ? '#' : '.';
    }
    dots[DOTS] = '\0';
}

static void printable_characters_have_ink_and_are_told_apart(void **state)
{
    static char dots[127][DOTS + 1];
    (void)state;
    for (unsigned char a = 33; a < 127; a++) {
        glyph(dots[a], a);
        SUPPORT_ASSERT(strchr(dots[a], '#'), "'%c' is blank", a);
        for (unsigned char b = 33; b < a; b++) {
            SUPPORT_ASSERT(strcmp(dots[a], dots[b]) != 0,
                           "'%c' and '%c' look alike", b, a);
        }
    }
    glyph(dots[32], ' ');
    assert_null(strchr(dots[32], '#'));
}

static void other_characters_are_boxes(void **state)
{
    char box[DOTS + 1];
    char other[DOTS + 1];
    (void)state;
    glyph(box, 127);
    assert_non_null(strchr(box, '#'));
    glyph(other, '\n');
    assert_string_equal(other, box);
    glyph(other, 0xc3);
    assert_string_equal(other, box);
}

static void utf8_counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(nmf_font_length("abc", 3), 3);
    assert_int_equal(nmf_font_length("\xc3\xa4\xe2\x82\xac", 5), 2);
    assert_int_equal(nmf_font_length("", 0), 0);
}

static void dots_are_squares_of_the_scale(void **state)
{
    nmf_image image = black(40, 40);
    (void)state;
    nmf_font_draw(&image, 2, 3, "A", 1, 3, white);
    for (size_t y = 0; y < image.height; y++) {
        for (size_t x = 0; x < image.width; x++) {
            bool inside = x >= 2 && y >= 3 && x < 2 + 3 * NMF_FONT_WIDTH &&
                          y < 3 + 3 * NMF_FONT_HEIGHT;
            bool ink = inside && nmf_font_ink('A', (x - 2) / 3, (y - 3) / 3);
            SUPPORT_ASSERT(is_lit(&image, x, y) == ink, "at %zu, %zu", x, y);
        }
    }
    free(image.pixels);
}

static void text_that_does_not_fit_stays_inside_the_picture(void **state)
{
    (void)state;
    for (size_t width = 1; width < 20; width++) {
        nmf_image image = black(width, 5);
        nmf_font_draw(&image, 3, 2, "MMMM", 4, 2, white);
        nmf_font_draw(&image, 1000, 1000, "M", 1, 2, white);
        free(image.pixels);
    }
}

/* Drawn on a larger picture, a caption keeps to what it said it needs. */
static void captions_keep_to_the_size_they_announce(void **state)
{
    static const char *const texts[] = {
        "short",
        "a title of several words that is much longer than a narrow page",
        "anextremelylongwordthathasnoblankstobebrokenatanywhere",
        "  blanks   everywhere  ",
        "gjpqy gjpqy gjpqy",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t width = 12; width < 400; width += 29) {
            nmf_image image = black(900, 1600);
            size_t lit_width = 0;
            size_t lit_height = 0;
            size_t height = nmf_caption_height(texts[i], width);
            nmf_caption_draw(&image, 0, 0, width, texts[i], white);
            extent(&image, &lit_width, &lit_height);
            SUPPORT_ASSERT(lit_width > 0 && lit_width <= width &&
                               lit_height <= height,
                           "text %zu at width %zu: %zu x %zu of %zu", i, width,
                           lit_width, lit_height, height);
            free(image.pixels);
        }
    }
}

static void captions_lose_no_letter_when_wrapped(void **state)
{
    const char *text = "one two three four five";
    (void)state;
    size_t lit[2] = {0, 0};
    const size_t widths[2] = {400, 70};
    for (size_t i = 0; i < 2; i++) {
        nmf_image image = black(400, 200);
        nmf_caption_draw(&image, 0, 0, widths[i], text, white);
        for (size_t p = 0; p < image.width * image.height; p++) {
            lit[i] += image.pixels[3 * p] > 0.0F;
        }
        free(image.pixels);
    }
    assert_true(lit[0] > 0);
    assert_int_equal(lit[0], lit[1]);
    assert_true(nmf_caption_height(text, 70) > nmf_caption_height(text, 400));
}

static void no_text_takes_no_room(void **state)
{
    (void)state;
    assert_int_equal(nmf_caption_height(NULL, 100), 0);
    assert_int_equal(nmf_caption_height("", 100), 0);
    assert_int_equal(nmf_caption_height("  ", 100), 0);
    assert_int_equal(nmf_caption_width(NULL), 0);
    assert_int_equal(nmf_caption_width(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printable_characters_have_ink_and_are_told_apart),
        cmocka_unit_test(other_characters_are_boxes),
        cmocka_unit_test(utf8_counts_characters_not_bytes),
        cmocka_unit_test(dots_are_squares_of_the_scale),
        cmocka_unit_test(text_that_does_not_fit_stays_inside_the_picture),
        cmocka_unit_test(captions_keep_to_the_size_they_announce),
        cmocka_unit_test(captions_lose_no_letter_when_wrapped),
        cmocka_unit_test(no_text_takes_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
