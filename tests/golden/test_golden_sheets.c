/*
 * Pictures that must not change unnoticed: the built-in sets and sheets of
 * them, by the CRC-32 of their samples as PNG stores them. After a change that
 * is meant, look at the picture (nmfimg export --sheet), then take over the
 * number that the failing test prints.
 */
#include "support.h"

#include "image/builtin.h"

#include <zlib.h>

typedef struct golden_sheet {
    const char *set;
    nmf_sheet_options options;
    unsigned long set_crc; /* of X as bytes, seed 0 */
    unsigned long sheet_crc;
} golden_sheet;

static const golden_sheet sheets[] = {
    {"@faces",
     {NMF_SCALE_UNIT, NMF_COLORMAP_GREY, 0, 0, 20, "Twenty faces", false},
     0x955bc121,
     0xd7c87335},
    {"@swimmer",
     {NMF_SCALE_PART, NMF_COLORMAP_INVERTED, 0, 0, 0, "All 256 swimmers",
      false},
     0xe9ae1371,
     0xe1b79031},
    {"@bars",
     {NMF_SCALE_COMMON, NMF_COLORMAP_VIRIDIS, 0, 0, 30,
      "A title long enough to be wrapped: 30 images of bars, 2 is white",
      false},
     0x2f2c2167,
     0xfe60a25e},
    {"@noise",
     {NMF_SCALE_PART, NMF_COLORMAP_GREY, 3, 2, 7, NULL, false},
     0x3ccf859b,
     0xb2583c91},
};

/* CRC-32 of round(255 x) of every sample. */
static unsigned long crc_of(const float *samples, size_t n)
{
    unsigned long crc = crc32(0L, Z_NULL, 0);
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)(samples[i] * 255.0F + 0.5F);
        crc = crc32(crc, &byte, 1);
    }
    return crc;
}

static void pictures_are_what_they_were(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        const golden_sheet *golden = &sheets[i];
        nmf_error err = {0};
        nmf_geometry geometry = {0};
        nmf_matrix X = {0};
        nmf_image sheet = {0};
        size_t n = 0;
        SUPPORT_OK(nmf_builtin_size(&n, &geometry, golden->set, &err), err);
        SUPPORT_OK(
            nmf_matrix_init(&X, n, geometry.width * geometry.height, &err),
            err);
        SUPPORT_OK(nmf_builtin_draw(&X, golden->set, 0, &err), err);
        SUPPORT_OK(
            nmf_sheet_draw(&sheet, &X, &geometry, &golden->options, &err), err);
        unsigned long set_crc = crc_of(X.data, X.rows * X.cols);
        unsigned long sheet_crc =
            crc_of(sheet.pixels, sheet.width * sheet.height * 3);
        SUPPORT_ASSERT(
            set_crc == golden->set_crc && sheet_crc == golden->sheet_crc,
            "%s: set 0x%08lx, sheet 0x%08lx", golden->set, set_crc, sheet_crc);
        nmf_image_release(&sheet);
        nmf_matrix_release(&X);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_what_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
