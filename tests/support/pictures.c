#include "pictures.h"

#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void put_u32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

static void append(nmf_bytes *file, const void *bytes, size_t size)
{
    if (size > 0) {
        uint8_t *grown = realloc(file->data, file->size + size);
        assert_non_null(grown);
        memcpy(grown + file->size, bytes, size);
        *file = (nmf_bytes){grown, file->size + size};
    }
}

static void append_chunk(nmf_bytes *file, const char *name, const void *data,
                         size_t size)
{
    uint8_t word[4];
    put_u32(word, (uint32_t)size);
    append(file, word, 4);
    const size_t start = file->size;
    append(file, name, 4);
    append(file, data, size);
    put_u32(word, (uint32_t)crc32(0, file->data + start, (uInt)(size + 4)));
    append(file, word, 4);
}

nmf_bytes support_png_build(const support_png *png)
{
    nmf_bytes file = {0};
    uint8_t header[13] = {0};
    uLongf packed_size = compressBound((uLong)png->raster_size);
    uint8_t *packed = malloc(packed_size);
    assert_non_null(packed);
    assert_int_equal(
        compress(packed, &packed_size, png->raster, (uLong)png->raster_size),
        Z_OK);
    append(&file, "\x89PNG\r\n\x1a\n", 8);
    put_u32(header, png->width);
    put_u32(header + 4, png->height);
    header[8] = png->depth;
    header[9] = png->type;
    header[12] = png->interlace;
    append_chunk(&file, "IHDR", header, sizeof header);
    if (png->palette) {
        append_chunk(&file, "PLTE", png->palette, png->palette_size);
    }
    if (png->chunk) {
        append_chunk(&file, png->chunk, png->chunk_data, png->chunk_size);
    }
    append_chunk(&file, "IDAT", packed, packed_size);
    append_chunk(&file, "IEND", NULL, 0);
    free(packed);
    return file;
}

void support_exif(uint8_t out[SUPPORT_EXIF_SIZE], unsigned orientation)
{
    /* Header, offset of IFD 0; one entry: tag 0x0112, SHORT, one of them. */
    static const uint8_t bytes[SUPPORT_EXIF_SIZE] = {
        'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0};
    memcpy(out, bytes, sizeof bytes);
    out[18] = (uint8_t)orientation;
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

nmf_bytes support_seed_named(const char *name)
{
    char path[4096];
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    snprintf(path, sizeof path, "%s/fuzz/corpus/load_image/%s", NMFIMG_TESTS,
             name);
    SUPPORT_OK(nmf_file_read(&bytes, path, (size_t)1 << 20, &err), err);
    return bytes;
}

bool support_seed_read(support_seed *out, size_t i)
{
    struct dirent **entries = NULL;
    int n = scandir(NMFIMG_TESTS "/fuzz/corpus/load_image", &entries,
                    not_hidden, alphasort);
    SUPPORT_ASSERT(n > 0, "no seeds");
    bool found = i < (size_t)n;
    if (found) {
        snprintf(out->name, sizeof out->name, "%.63s", entries[i]->d_name);
        out->bytes = support_seed_named(out->name);
    }
    while (n-- > 0) {
        free(entries[n]);
    }
    free(entries);
    return found;
}
