/*
 * What a file is, by its first bytes: the pictures that are read, and the many
 * that are recognised so that they can be refused by name.
 */
#include "image/sniff.h"

#include <string.h>

/*
 * Signatures, longest or most telling first where one begins another. TGA has
 * none. The sources are the formats' own specifications.
 */
static const struct {
    const char *name; /* as it stands in a message */
    nmf_image_format format;
    unsigned char offset;
    unsigned char length;
    const char *bytes;
} signatures[] = {
    {"PNG", NMF_IMAGE_PNG, 0, 8, "\x89PNG\r\n\x1a\n"},
    {"JPEG", NMF_IMAGE_JPEG, 0, 3, "\xff\xd8\xff"},
    {"GIF", NMF_IMAGE_OTHER, 0, 6, "GIF87a"},
    {"GIF", NMF_IMAGE_OTHER, 0, 6, "GIF89a"},
    {"TIFF", NMF_IMAGE_OTHER, 0, 4, "II*\0"},
    {"TIFF", NMF_IMAGE_OTHER, 0, 4, "MM\0*"},
    {"BigTIFF", NMF_IMAGE_OTHER, 0, 4, "II+\0"},
    {"BigTIFF", NMF_IMAGE_OTHER, 0, 4, "MM\0+"},
    {"WebP", NMF_IMAGE_OTHER, 8, 4, "WEBP"},
    {"AVIF", NMF_IMAGE_OTHER, 4, 8, "ftypavif"},
    {"AVIF", NMF_IMAGE_OTHER, 4, 8, "ftypavis"},
    {"HEIF", NMF_IMAGE_OTHER, 4, 8, "ftypheic"},
    {"HEIF", NMF_IMAGE_OTHER, 4, 8, "ftypheix"},
    {"HEIF", NMF_IMAGE_OTHER, 4, 8, "ftypmif1"},
    {"JPEG 2000", NMF_IMAGE_OTHER, 0, 8, "\0\0\0\x0cjP  "},
    {"JPEG 2000", NMF_IMAGE_OTHER, 0, 4, "\xff\x4f\xff\x51"},
    {"JPEG XL", NMF_IMAGE_OTHER, 0, 8, "\0\0\0\x0cJXL "},
    {"JPEG XL", NMF_IMAGE_OTHER, 0, 2, "\xff\x0a"},
    {"JPEG XR", NMF_IMAGE_OTHER, 0, 4, "II\xbc\x01"},
    {"PAM", NMF_IMAGE_OTHER, 0, 3, "P7\n"},
    {"PFM", NMF_IMAGE_OTHER, 0, 3, "PF\n"},
    {"PFM", NMF_IMAGE_OTHER, 0, 3, "Pf\n"},
    {"QOI", NMF_IMAGE_OTHER, 0, 4, "qoif"},
    {"Photoshop", NMF_IMAGE_OTHER, 0, 4, "8BPS"},
    {"OpenEXR", NMF_IMAGE_OTHER, 0, 4, "\x76\x2f\x31\x01"},
    {"Radiance", NMF_IMAGE_OTHER, 0, 10, "#?RADIANCE"},
    {"DirectDraw", NMF_IMAGE_OTHER, 0, 4, "DDS "},
    {"icon", NMF_IMAGE_OTHER, 0, 4, "\0\0\1\0"},
    {"MNG", NMF_IMAGE_OTHER, 0, 8, "\x8aMNG\r\n\x1a\n"},
    {"FITS", NMF_IMAGE_OTHER, 0, 9, "SIMPLE  ="},
    {"XPM", NMF_IMAGE_OTHER, 0, 9, "/* XPM */"},
};

/*
 * "P1" .. "P6" and white space, a comment, or nothing: a word that happens to
 * begin so is text.
 */
static bool is_pnm(const unsigned char *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
           (size == 2 ||
            (bytes[2] != '\0' && strchr(" \t\n\v\f\r#", bytes[2]) != NULL));
}

/*
 * "BM" begins many texts too: ask for the reserved zeros at 6 .. 9 and for a
 * plausible header size, 12 .. 124, at 14.
 */
static bool is_bmp(const unsigned char *bytes, size_t size)
{
    return size >= 16 && memcmp(bytes, "BM", 2) == 0 &&
           memcmp(bytes + 6, "\0\0\0\0", 4) == 0 && bytes[14] >= 12 &&
           bytes[14] <= 124 && bytes[15] == 0;
}

nmf_image_format nmf_sniff(const char **name, const void *bytes, size_t size)
{
    const unsigned char *first = bytes;
    if (is_pnm(first, size)) {
        *name = "PNM";
        return NMF_IMAGE_PNM;
    }
    if (is_bmp(first, size)) {
        *name = "BMP";
        return NMF_IMAGE_OTHER;
    }
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        size_t offset = signatures[i].offset;
        size_t length = signatures[i].length;
        if (size >= offset + length &&
            memcmp(first + offset, signatures[i].bytes, length) == 0) {
            *name = signatures[i].name;
            return signatures[i].format;
        }
    }
    *name = NULL;
    return NMF_IMAGE_UNKNOWN;
}
