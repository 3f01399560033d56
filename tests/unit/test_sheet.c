/* Contact sheets: what is drawn, where, and how bright. */
#include "support.h"

#include "core/alloc.h"
#include "image/font.h"

#include <math.h>
#include <string.h>

/*
 * The layout as a reader of the picture would measure it: cells are found by
 * painting every cell white, where the page is not.
 */
enum { MAX_FOUND = 64 };

typedef struct run_list {
    size_t n; /* runs of white along a line */
    size_t begin[MAX_FOUND];
    size_t size[MAX_FOUND];
} run_list;

static bool is_white(const nmf_image *sheet, size_t x, size_t y)
{
    const float *pixel = sheet->pixels + (y * sheet->width + x) * 3;
    return pixel[0] == 1.0F && pixel[1] == 1.0F && pixel[2] == 1.0F;
}

/* Runs of white along row or column number `at`. */
static run_list runs(const nmf_image *sheet, bool along_row, size_t at)
{
    run_list found = {0};
    bool before = false;
    size_t end = along_row ? sheet->width : sheet->height;
    for (size_t i = 0; i < end; i++) {
        bool now = along_row ? is_white(sheet, i, at) : is_white(sheet, at, i);
        if (now && !before) {
            assert_true(found.n < MAX_FOUND);
            found.begin[found.n++] = i;
        }
        if (now) {
            found.size[found.n - 1]++;
        }
        before = now;
    }
    return found;
}

static nmf_matrix filled(size_t rows, size_t cols, float value)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&m, rows, cols, &err), err);
    for (size_t i = 0; i < rows * cols; i++) {
        m.data[i] = value;
    }
    return m;
}

static nmf_image sheet_of(const nmf_matrix *rows, nmf_geometry geometry,
                          const nmf_sheet_options *options)
{
    nmf_image sheet = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_sheet_draw(&sheet, rows, &geometry, options, &err), err);
    assert_int_equal(sheet.channels, 3);
    for (size_t i = 0; i < sheet.width * sheet.height * 3; i++) {
        assert_true(sheet.pixels[i] >= 0.0F && sheet.pixels[i] <= 1.0F);
    }
    return sheet;
}

static void assert_grid(size_t n, nmf_geometry geometry, size_t columns,
                        size_t grid_rows)
{
    nmf_matrix rows =
        filled(n, geometry.width * geometry.height * geometry.channels, 1.0F);
    nmf_image sheet = sheet_of(&rows, geometry, NULL);
    run_list across = runs(&sheet, true, 20);
    run_list down = runs(&sheet, false, 20);
    SUPPORT_ASSERT(across.n == columns && down.n == grid_rows,
                   "%zu images of %zu x %zu: %zu x %zu cells", n,
                   geometry.width, geometry.height, across.n, down.n);
    nmf_image_release(&sheet);
    nmf_matrix_release(&rows);
}

static void grids_are_about_as_wide_as_high(void **state)
{
    const nmf_geometry face = {19, 19, 1, 0};
    const nmf_geometry orl = {92, 112, 1, 0};
    (void)state;
    assert_grid(1, face, 1, 1);
    assert_grid(2, face, 2, 1);
    assert_grid(4, face, 2, 2);
    assert_grid(17, face, 5, 4);
    assert_grid(20, face, 5, 4);
    assert_grid(25, orl, 5, 5);
    assert_grid(49, face, 7, 7);
    assert_grid(6, (nmf_geometry){60, 20, 1, 0}, 2, 3);
}

static void cells_are_whole_zooms_apart_by_a_gap(void **state)
{
    const nmf_geometry geometry = {7, 5, 1, 0};
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    nmf_matrix rows = filled(6, 35, 1.0F);
    (void)state;
    options.zoom = 3;
    options.columns = 3;
    nmf_image sheet = sheet_of(&rows, geometry, &options);
    run_list across = runs(&sheet, true, 20);
    run_list down = runs(&sheet, false, 20);
    assert_int_equal(across.n, 3);
    assert_int_equal(down.n, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(across.size[i], 21);
        assert_int_equal(across.begin[i], 16 + i * (21 + 4));
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(down.size[i], 15);
        assert_int_equal(down.begin[i], 16 + i * (15 + 4));
    }
    assert_int_equal(sheet.width, 16 + 3 * 21 + 2 * 4 + 16);
    assert_int_equal(sheet.height, 16 + 2 * 15 + 4 + 16);
    nmf_image_release(&sheet);
    nmf_matrix_release(&rows);
}

static void small_images_are_enlarged_and_large_ones_are_not(void **state)
{
    static const struct {
        size_t n, side, cell;
    } cases[] = {
        {4, 8, 96}, {4, 19, 114}, {4, 1, 96}, {4, 200, 200}, {101, 19, 76}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t side = cases[i].side;
        nmf_matrix rows = filled(cases[i].n, side * side, 1.0F);
        nmf_image sheet =
            sheet_of(&rows, (nmf_geometry){side, side, 1, 0}, NULL);
        size_t cell = runs(&sheet, true, 20).size[0];
        SUPPORT_ASSERT(cell == cases[i].cell, "side %zu: cells of %zu", side,
                       cell);
        nmf_image_release(&sheet);
        nmf_matrix_release(&rows);
    }
}

/* 64 images of 1,000 x 1,000 would be 64 million pixels. */
static void huge_sheets_are_reduced_by_the_mean(void **state)
{
    const nmf_geometry geometry = {1000, 1000, 1, 0};
    nmf_matrix one = filled(1, 1000000, 0.0F);
    /* All 64 rows are the same memory: stripes of 0 and 1. */
    nmf_matrix rows = nmf_matrix_view(one.data, 64, 1000000, 0);
    (void)state;
    for (size_t j = 0; j < 1000000; j++) {
        one.data[j] = (float)(j % 2);
    }
    nmf_image sheet = sheet_of(&rows, geometry, NULL);
    assert_true(sheet.width * sheet.height <= (size_t)1 << 24);
    assert_int_equal(sheet.width, 16 + 8 * 500 + 7 * 4 + 16);
    const float *middle = sheet.pixels + (300 * sheet.width + 300) * 3;
    assert_true(middle[0] == 0.5F);
    nmf_image_release(&sheet);
    nmf_matrix_release(&one);
}

/* The first pixel of each of two cells of 1 x 1 under a scale. */
static void first_pixels(float out[2], float a, float b, nmf_sheet_scale scale)
{
    float values[2] = {a, b};
    nmf_matrix rows = nmf_matrix_view(values, 2, 1, 1);
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    options.scale = scale;
    options.zoom = 10;
    nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 1, 0}, &options);
    out[0] = sheet.pixels[(20 * sheet.width + 20) * 3];
    out[1] = sheet.pixels[(20 * sheet.width + 34) * 3];
    nmf_image_release(&sheet);
}

static void scales_say_what_is_white(void **state)
{
    float out[2];
    (void)state;
    first_pixels(out, 2.0F, 4.0F, NMF_SCALE_PART);
    assert_true(out[0] == 1.0F && out[1] == 1.0F);
    first_pixels(out, 2.0F, 4.0F, NMF_SCALE_COMMON);
    assert_true(out[0] == 0.5F && out[1] == 1.0F);
    first_pixels(out, 0.25F, 4.0F, NMF_SCALE_UNIT);
    assert_true(out[0] == 0.25F && out[1] == 1.0F);
    first_pixels(out, -3.0F, 4.0F, NMF_SCALE_COMMON);
    assert_true(out[0] == 0.0F && out[1] == 1.0F);
    first_pixels(out, 0.0F, -1.0F, NMF_SCALE_PART);
    assert_true(out[0] == 0.0F && out[1] == 0.0F);
    first_pixels(out, 1e-45F, 3e38F, NMF_SCALE_PART);
    assert_true(out[0] == 1.0F && out[1] == 1.0F);
}

/* The first pixel of a cell of 1 x 1 in a sheet that shows signs. */
static void signed_pixel(float rgb[3], float a, float b,
                         nmf_sheet_options options)
{
    float values[2] = {a, b};
    nmf_matrix rows = nmf_matrix_view(values, 2, 1, 1);
    options.zoom = 10;
    options.is_signed = true;
    nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 1, 0}, &options);
    memcpy(rgb, sheet.pixels + (20 * sheet.width + 20) * 3, 3 * sizeof *rgb);
    nmf_image_release(&sheet);
}

static void signs_are_shown_by_colours_as_strong_as_they_are_large(void **state)
{
    static const nmf_colormap maps[] = {
        NMF_COLORMAP_GREY, NMF_COLORMAP_INVERTED, NMF_COLORMAP_VIRIDIS,
        NMF_COLORMAP_CIVIDIS};
    static const float values[] = {-4.0F, -1.0F, 0.0F, 2.0F, 4.0F};
    (void)state;
    for (size_t m = 0; m < sizeof maps / sizeof *maps; m++) {
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
            float rgb[3], expected[3];
            options.colormap = maps[m];
            options.scale = NMF_SCALE_COMMON; /* the largest size is 4 */
            signed_pixel(rgb, values[i], -4.0F, options);
            float value = values[i] / 4.0F;
            if (m < 2) {
                nmf_colormap_signed_rgb(expected, value, m == 1);
            } else {
                nmf_colormap_rgb(expected, maps[m], 0.5F + 0.5F * value);
            }
            assert_memory_equal(rgb, expected, sizeof rgb);
            options.scale = NMF_SCALE_PART; /* its own size, so all or none */
            signed_pixel(rgb, values[i], 100.0F, options);
            nmf_colormap_of_signed(expected, maps[m],
                                   (float)((value > 0) - (value < 0)));
            assert_memory_equal(rgb, expected, sizeof rgb);
        }
    }
}

/* There is no hue to spare in colour rows: grey is 0. */
static void signed_colour_rows_have_grey_for_zero(void **state)
{
    float row[3] = {-1.0F, 0.0F, 0.5F};
    const float expected[3] = {0.0F, 0.5F, 0.75F};
    nmf_matrix rows = nmf_matrix_view(row, 1, 3, 3);
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    (void)state;
    options.is_signed = true;
    nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 3, 0}, &options);
    assert_memory_equal(sheet.pixels + (30 * sheet.width + 30) * 3, expected,
                        sizeof expected);
    nmf_image_release(&sheet);
}

static void pixels_stand_where_the_row_has_them(void **state)
{
    const nmf_geometry geometry = {3, 2, 1, 0};
    float row[6] = {0.0F, 0.2F, 0.4F, 0.6F, 0.8F, 1.0F};
    nmf_matrix rows = nmf_matrix_view(row, 1, 6, 6);
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    (void)state;
    options.zoom = 5;
    nmf_image sheet = sheet_of(&rows, geometry, &options);
    for (size_t y = 0; y < 10; y++) {
        for (size_t x = 0; x < 15; x++) {
            const float *pixel =
                sheet.pixels + ((16 + y) * sheet.width + 16 + x) * 3;
            assert_true(pixel[0] == row[y / 5 * 3 + x / 5]);
        }
    }
    nmf_image_release(&sheet);
}

static void colour_rows_keep_their_colours_under_any_colormap(void **state)
{
    static const nmf_colormap maps[] = {
        NMF_COLORMAP_GREY, NMF_COLORMAP_INVERTED, NMF_COLORMAP_VIRIDIS,
        NMF_COLORMAP_CIVIDIS};
    float row[3] = {0.25F, 0.5F, 1.0F};
    nmf_matrix rows = nmf_matrix_view(row, 1, 3, 3);
    (void)state;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
        options.colormap = maps[i];
        nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 3, 0}, &options);
        assert_memory_equal(sheet.pixels + (30 * sheet.width + 30) * 3, row,
                            sizeof row);
        nmf_image_release(&sheet);
    }
}

static void missing_cells_and_gaps_show_the_page(void **state)
{
    static const nmf_colormap maps[] = {
        NMF_COLORMAP_GREY, NMF_COLORMAP_INVERTED, NMF_COLORMAP_VIRIDIS,
        NMF_COLORMAP_CIVIDIS};
    float values[3] = {0.0F, 0.5F, 1.0F};
    nmf_matrix rows = nmf_matrix_view(values, 3, 1, 1);
    (void)state;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
        options.colormap = maps[i];
        options.scale = NMF_SCALE_UNIT;
        options.zoom = 20;
        options.columns = 2;
        nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 1, 0}, &options);
        size_t width = sheet.width;
        const float *page = sheet.pixels;
        const float *gap = sheet.pixels + (20 * width + 16 + 21) * 3;
        const float *missing = sheet.pixels + (50 * width + 50) * 3;
        const float *zero = sheet.pixels + (20 * width + 20) * 3;
        float expected[3];
        nmf_colormap_rgb(expected, maps[i], 0.0F);
        assert_memory_equal(gap, page, 3 * sizeof *page);
        assert_memory_equal(missing, page, 3 * sizeof *page);
        assert_memory_equal(zero, expected, sizeof expected);
        assert_memory_not_equal(zero, page, 3 * sizeof *page);
        nmf_image_release(&sheet);
    }
}

static void no_more_than_max_cells_are_drawn(void **state)
{
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    nmf_matrix rows = filled(2000, 1, 1.0F);
    (void)state;
    options.max_cells = 9;
    nmf_image sheet = sheet_of(&rows, (nmf_geometry){1, 1, 1, 0}, &options);
    assert_int_equal(runs(&sheet, true, 20).n, 3);
    assert_int_equal(runs(&sheet, false, 20).n, 3);
    nmf_image_release(&sheet);
    options.max_cells = 0;
    options.zoom = 1;
    sheet = sheet_of(&rows, (nmf_geometry){1, 1, 1, 0}, &options);
    assert_int_equal(sheet.width, 16 + 32 * 5 - 4 + 16); /* 1024 = 32^2 */
    nmf_image_release(&sheet);
    nmf_matrix_release(&rows);
}

/* Dots of all the letters of a text. */
static size_t dots_of(const char *text)
{
    size_t dots = 0;
    for (; *text; text++) {
        for (size_t i = 0; i < NMF_FONT_WIDTH * NMF_FONT_HEIGHT; i++) {
            dots += nmf_font_ink((unsigned char)*text, i % NMF_FONT_WIDTH,
                                 i / NMF_FONT_WIDTH);
        }
    }
    return dots;
}

/* Ink is what is not paper above the grid; a dot of a letter is 2 x 2. */
static void titles_are_drawn_and_not_clipped(void **state)
{
    static const char *const titles[] = {
        "x", "Parts",
        "A title that is far too long for a sheet of a single cell, wrapped",
        "Awordthatisfartoolongforasheetofasinglecellandhasnoblanks"};
    nmf_matrix rows = filled(1, 1, 1.0F);
    const nmf_geometry geometry = {1, 1, 1, 0};
    (void)state;
    nmf_image plain = sheet_of(&rows, geometry, NULL);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
        options.title = titles[i];
        nmf_image sheet = sheet_of(&rows, geometry, &options);
        size_t head = sheet.height - plain.height;
        size_t ink = 0;
        assert_true(sheet.height > plain.height);
        for (size_t y = 0; y < 16 + head; y++) {
            for (size_t x = 0; x < sheet.width; x++) {
                const float *pixel = sheet.pixels + (y * sheet.width + x) * 3;
                bool is_ink = memcmp(pixel, sheet.pixels, 3 * sizeof *pixel);
                SUPPORT_ASSERT(
                    !is_ink || (y >= 16 && x >= 16 && x < sheet.width - 16),
                    "title %zu leaves the page at %zu, %zu", i, x, y);
                ink += is_ink;
            }
        }
        SUPPORT_ASSERT(ink == 4 * dots_of(titles[i]),
                       "title %zu has %zu pixels", i, ink);
        nmf_image_release(&sheet);
    }
    nmf_image_release(&plain);
    nmf_matrix_release(&rows);
}

static void refuse(size_t n, size_t cols, nmf_geometry geometry,
                   const nmf_sheet_options *options, nmf_status expected,
                   const char *text)
{
    float value = 0.5F;
    nmf_matrix rows = nmf_matrix_view(&value, n, cols, 0);
    nmf_image sheet = {1, 1, 1, &value};
    nmf_error err = {0};
    assert_int_equal(nmf_sheet_draw(&sheet, &rows, &geometry, options, &err),
                     expected);
    SUPPORT_ASSERT(strstr(err.message, text), "message: %s", err.message);
    assert_null(sheet.pixels);
    assert_int_equal(sheet.width, 0);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    nmf_sheet_options zoomed = NMF_SHEET_OPTIONS_INIT;
    (void)state;
    refuse(0, 4, (nmf_geometry){2, 2, 1, 0}, NULL, NMF_ERR_ARGUMENT, "no rows");
    refuse(1, 4, (nmf_geometry){0, 0, 0, 0}, NULL, NMF_ERR_ARGUMENT,
           "not known");
    refuse(1, 4, (nmf_geometry){2, 3, 1, 0}, NULL, NMF_ERR_ARGUMENT, "2 x 3");
    refuse(1, 8, (nmf_geometry){2, 2, 2, 0}, NULL, NMF_ERR_ARGUMENT,
           "2 channels");
    refuse(1, 4, (nmf_geometry){SIZE_MAX, 2, 1, 0}, NULL, NMF_ERR_ARGUMENT,
           "4 numbers");
    zoomed.zoom = 10000;
    refuse(1, 1, (nmf_geometry){1, 1, 1, 0}, &zoomed, NMF_ERR_LIMIT, "larger");
    zoomed.zoom = SIZE_MAX;
    refuse(2, 4, (nmf_geometry){2, 2, 1, 0}, &zoomed, NMF_ERR_LIMIT, "larger");
    zoomed.zoom = 0;
    zoomed.max_cells = SIZE_MAX;
    zoomed.columns = 1;
    refuse((size_t)1 << 40, 1, (nmf_geometry){1, 1, 1, 0}, &zoomed,
           NMF_ERR_LIMIT, "larger");
}

static void memory_running_out_leaves_nothing(void **state)
{
    nmf_matrix rows = filled(4, 4, 1.0F);
    const nmf_geometry geometry = {2, 2, 1, 0};
    nmf_image sheet = {0};
    nmf_error err = {0};
    (void)state;
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_sheet_draw(&sheet, &rows, &geometry, NULL, &err),
                     NMF_ERR_MEMORY);
    assert_null(sheet.pixels);
    nmf_alloc_fail_at(0);
    nmf_image other = sheet_of(&rows, geometry, NULL);
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_sheet_stack(&sheet, &other, 1, "x", &err),
                     NMF_ERR_MEMORY);
    assert_null(sheet.pixels);
    nmf_alloc_fail_at(0);
    nmf_image_release(&other);
    nmf_matrix_release(&rows);
}

static void stacks_keep_their_sheets_and_their_papers(void **state)
{
    nmf_matrix rows = filled(9, 4, 1.0F);
    const nmf_geometry geometry = {2, 2, 1, 0};
    nmf_sheet_options light = NMF_SHEET_OPTIONS_INIT;
    nmf_image page = {0};
    nmf_error err = {0};
    (void)state;
    light.colormap = NMF_COLORMAP_INVERTED;
    light.max_cells = 1;
    nmf_image sheets[2] = {sheet_of(&rows, geometry, NULL),
                           sheet_of(&rows, geometry, &light)};
    for (size_t titled = 0; titled < 2; titled++) {
        SUPPORT_OK(
            nmf_sheet_stack(&page, sheets, 2, titled ? "Two" : NULL, &err),
            err);
        assert_int_equal(page.width, sheets[0].width);
        size_t top = page.height - sheets[0].height - sheets[1].height;
        assert_true(titled ? top > 16 : top == 0);
        for (size_t i = 0; i < 2; i++) {
            for (size_t y = 0; y < sheets[i].height; y++) {
                const float *row = page.pixels + (top + y) * page.width * 3;
                size_t n = sheets[i].width * 3;
                assert_memory_equal(row, sheets[i].pixels + y * n,
                                    n * sizeof *row);
                assert_memory_equal(row + (page.width - 1) * 3,
                                    sheets[i].pixels, 3 * sizeof *row);
            }
            top += sheets[i].height;
        }
        nmf_image_release(&page);
    }
    nmf_image_release(&sheets[0]);
    nmf_image_release(&sheets[1]);
    nmf_matrix_release(&rows);
}

static void joined_sheets_keep_their_pixels_and_their_papers(void **state)
{
    nmf_matrix rows = filled(4, 4, 1.0F);
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    nmf_image sheets[2] = {{0}};
    nmf_image page = {0};
    nmf_error err = {0};
    (void)state;
    options.columns = 4;
    sheets[0] = sheet_of(&rows, (nmf_geometry){2, 2, 1, 0}, &options);
    options.columns = 1;
    options.colormap = NMF_COLORMAP_INVERTED;
    sheets[1] = sheet_of(&rows, (nmf_geometry){2, 2, 1, 0}, &options);
    SUPPORT_OK(nmf_sheet_join(&page, sheets, 2, &err), err);
    assert_int_equal(page.width, sheets[0].width + sheets[1].width);
    assert_int_equal(page.height, sheets[1].height);
    for (size_t y = 0; y < page.height; y++) {
        const float *row = page.pixels + y * page.width * 3;
        size_t n = sheets[0].width * 3;
        /* Below the lower one its paper goes on. */
        assert_memory_equal(row,
                            y < sheets[0].height ? sheets[0].pixels + y * n
                                                 : sheets[0].pixels,
                            n * sizeof *row);
        assert_memory_equal(row + n, sheets[1].pixels + y * sheets[1].width * 3,
                            sheets[1].width * 3 * sizeof *row);
    }
    nmf_image_release(&page);
    nmf_image_release(&sheets[0]);
    nmf_image_release(&sheets[1]);
    nmf_matrix_release(&rows);
}

static void stacks_of_nothing_or_of_grey_are_refused(void **state)
{
    float value = 0.0F;
    nmf_image grey = {1, 1, 1, &value};
    nmf_image huge = {(size_t)1 << 20, (size_t)1 << 20, 3, &value};
    nmf_image page = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_sheet_stack(&page, NULL, 0, NULL, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_sheet_stack(&page, &grey, 1, NULL, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_sheet_stack(&page, &huge, 1, NULL, &err),
                     NMF_ERR_LIMIT);
    assert_null(page.pixels);
    assert_int_equal(nmf_sheet_join(&page, NULL, 0, &err), NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_sheet_join(&page, &grey, 1, &err), NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_sheet_join(&page, &huge, 1, &err), NMF_ERR_LIMIT);
    assert_null(page.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grids_are_about_as_wide_as_high),
        cmocka_unit_test(cells_are_whole_zooms_apart_by_a_gap),
        cmocka_unit_test(small_images_are_enlarged_and_large_ones_are_not),
        cmocka_unit_test(huge_sheets_are_reduced_by_the_mean),
        cmocka_unit_test(scales_say_what_is_white),
        cmocka_unit_test(
            signs_are_shown_by_colours_as_strong_as_they_are_large),
        cmocka_unit_test(signed_colour_rows_have_grey_for_zero),
        cmocka_unit_test(pixels_stand_where_the_row_has_them),
        cmocka_unit_test(colour_rows_keep_their_colours_under_any_colormap),
        cmocka_unit_test(missing_cells_and_gaps_show_the_page),
        cmocka_unit_test(no_more_than_max_cells_are_drawn),
        cmocka_unit_test(titles_are_drawn_and_not_clipped),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(memory_running_out_leaves_nothing),
        cmocka_unit_test(stacks_keep_their_sheets_and_their_papers),
        cmocka_unit_test(joined_sheets_keep_their_pixels_and_their_papers),
        cmocka_unit_test(stacks_of_nothing_or_of_grey_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
