/* Sheets put together: below each other, or side by side. */
#include <nmfimg/sheet.h>

#include "core/alloc.h"
#include "core/error.h"
#include "image/caption.h"
#include "image/paint.h"
#include "image/sheet_page.h"

static const nmf_sheet_colours dark_page = {{0.16F, 0.17F, 0.19F},
                                            {0.93F, 0.93F, 0.91F}};
static const nmf_sheet_colours light_page = {{0.87F, 0.87F, 0.86F},
                                             {0.10F, 0.10F, 0.12F}};

const nmf_sheet_colours *nmf_sheet_colours_of(bool is_light)
{
    return is_light ? &light_page : &dark_page;
}

/* The paper of a sheet is what its corner shows; the ink goes with it. */
static nmf_sheet_colours colours_of(const nmf_image *sheet)
{
    const float *corner = sheet->pixels;
    bool is_light = corner[0] + corner[1] + corner[2] > 1.5F;
    nmf_sheet_colours colours = *nmf_sheet_colours_of(is_light);
    for (size_t c = 0; c < 3; c++) {
        colours.paper[c] = corner[c];
    }
    return colours;
}

static nmf_status check_sheets(const nmf_image *sheets, size_t n_sheets,
                               nmf_error *err)
{
    if (n_sheets == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "no sheets to stack");
    }
    for (size_t i = 0; i < n_sheets; i++) {
        if (sheets[i].channels != 3 || !sheets[i].pixels) {
            return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                 "sheet %zu of %zu has %zu channels, not 3",
                                 i + 1, n_sheets, sheets[i].channels);
        }
    }
    return NMF_OK;
}

/* A page of that size, if it is none too large. */
static nmf_status make_page(nmf_image *out, size_t width, size_t height,
                            size_t n_sheets, nmf_error *err)
{
    if (width > NMF_SHEET_MAX_PIXELS / height) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a page of %zu sheets is larger than %zu pixels",
                             n_sheets, NMF_SHEET_MAX_PIXELS);
    }
    return nmf_image_init(out, width, height, 3, err);
}

/* Sums of sides of images in memory may be cut at what no page can have. */
static void grow(size_t *sum, size_t side)
{
    if (!nmf_size_add(sum, *sum, side)) {
        *sum = NMF_SHEET_MAX_PIXELS;
    }
}

nmf_status nmf_sheet_stack(nmf_image *out, const nmf_image *sheets,
                           size_t n_sheets, const char *title, nmf_error *err)
{
    size_t width = nmf_caption_width(title) + 2 * (size_t)NMF_SHEET_MARGIN;
    size_t height = 0;
    *out = (nmf_image){0};
    nmf_status status = check_sheets(sheets, n_sheets, err);
    for (size_t i = 0; status == NMF_OK && i < n_sheets; i++) {
        width = sheets[i].width > width ? sheets[i].width : width;
        grow(&height, sheets[i].height);
    }
    size_t text_width = width - 2 * (size_t)NMF_SHEET_MARGIN;
    size_t caption = nmf_caption_height(title, text_width);
    size_t top = caption > 0 ? NMF_SHEET_MARGIN + caption : 0;
    grow(&height, top);
    if (status == NMF_OK) {
        status = make_page(out, width, height, n_sheets, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    nmf_sheet_colours head = colours_of(&sheets[0]);
    nmf_paint_rectangle(out, 0, 0, width, top, head.paper);
    nmf_caption_draw(out, NMF_SHEET_MARGIN, NMF_SHEET_MARGIN, text_width, title,
                     head.ink);
    for (size_t i = 0; i < n_sheets; i++) {
        nmf_sheet_colours band = colours_of(&sheets[i]);
        nmf_paint_rectangle(out, 0, top, width, sheets[i].height, band.paper);
        nmf_paint_image(out, 0, top, &sheets[i]);
        top += sheets[i].height;
    }
    return NMF_OK;
}

nmf_status nmf_sheet_join(nmf_image *out, const nmf_image *sheets,
                          size_t n_sheets, nmf_error *err)
{
    size_t width = 0;
    size_t height = 1;
    size_t left = 0;
    *out = (nmf_image){0};
    nmf_status status = check_sheets(sheets, n_sheets, err);
    for (size_t i = 0; status == NMF_OK && i < n_sheets; i++) {
        height = sheets[i].height > height ? sheets[i].height : height;
        grow(&width, sheets[i].width);
    }
    if (status == NMF_OK) {
        status = make_page(out, width, height, n_sheets, err);
    }
    for (size_t i = 0; status == NMF_OK && i < n_sheets; i++) {
        nmf_sheet_colours band = colours_of(&sheets[i]);
        nmf_paint_rectangle(out, left, 0, sheets[i].width, height, band.paper);
        nmf_paint_image(out, left, 0, &sheets[i]);
        left += sheets[i].width;
    }
    return status;
}
