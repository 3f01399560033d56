/*
 * Small pictures for tests: files built byte by byte, and the seeds of the
 * fuzz corpus, which hold every form once.
 */
#ifndef NMFIMG_TESTS_PICTURES_H
#define NMFIMG_TESTS_PICTURES_H

#include <nmfimg/image.h>

/* A PNG to build. */
typedef struct support_png {
    uint32_t width, height;
    uint8_t depth, type, interlace;
    const char *chunk; /* one between IHDR and IDAT, or NULL; before it, */
    const uint8_t *chunk_data;
    size_t chunk_size;
    const uint8_t *palette; /* PLTE, or NULL */
    size_t palette_size;
    const uint8_t *raster; /* with the filter byte before each row */
    size_t raster_size;
} support_png;

/* The file; released by nmf_bytes_release(). */
nmf_bytes support_png_build(const support_png *png);

/*
 * The TIFF structure of an EXIF block that says nothing but the orientation:
 * 26 bytes, little-endian.
 */
enum { SUPPORT_EXIF_SIZE = 26 };
void support_exif(uint8_t out[SUPPORT_EXIF_SIZE], unsigned orientation);

/* Seed i of corpus/load_image by name; false past the end. */
typedef struct support_seed {
    char name[64];
    nmf_bytes bytes; /* released by nmf_bytes_release() */
} support_seed;
bool support_seed_read(support_seed *out, size_t i);

/* The seed of that name; fails the test where there is none. */
nmf_bytes support_seed_named(const char *name);

#endif
