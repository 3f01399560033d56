/*
 * TrueType and OpenType files open with a table of tables:
 *
 *     u32 version   0x00010000, "true" or "OTTO"
 *     u16 n_tables, u16 x 3
 *     n_tables x { u32 tag, u32 checksum, u32 offset, u32 length }
 *
 * all big-endian. The "OpenType Font File" chapter of the OpenType
 * specification has the rest. Collections ("ttcf") are passed over: their first
 * face may not be the one that was asked for.
 */
#include "typeface.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <fontconfig/fontconfig.h>
#include <SDL.h>

enum { MAX_FACE_BYTES = 64 << 20 };

struct span {
    const unsigned char *bytes;
    size_t size;
};

static bool u16_at(struct span s, size_t at, uint32_t *value)
{
    if (at > s.size || s.size - at < 2) {
        return false;
    }
    *value = (uint32_t)s.bytes[at] << 8 | s.bytes[at + 1];
    return true;
}

static bool u32_at(struct span s, size_t at, uint32_t *value)
{
    uint32_t high = 0;
    uint32_t low = 0;
    if (!u16_at(s, at, &high) || !u16_at(s, at + 2, &low)) {
        return false;
    }
    *value = high << 16 | low;
    return true;
}

/* The table of that tag, whole and at least so long. */
static bool find_table(struct span file, const char *tag, size_t min_size,
                       struct span *out)
{
    uint32_t n_tables = 0;
    if (!u16_at(file, 4, &n_tables)) {
        return false;
    }
    for (uint32_t i = 0; i < n_tables; i++) {
        size_t at = 12 + (size_t)i * 16;
        uint32_t offset = 0;
        uint32_t length = 0;
        if (!u32_at(file, at + 8, &offset) || !u32_at(file, at + 12, &length)) {
            return false;
        }
        if (memcmp(file.bytes + at, tag, 4) == 0) {
            *out = (struct span){file.bytes + offset, length};
            return length >= min_size && offset <= file.size &&
                   length <= file.size - offset;
        }
    }
    return false;
}

/* Every map that the reader may choose has a form that it knows. */
static bool has_known_map(struct span cmap)
{
    uint32_t n = 0;
    size_t n_known = 0;
    if (!u16_at(cmap, 2, &n)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        size_t at = 4 + (size_t)i * 8;
        uint32_t platform = 0;
        uint32_t encoding = 0;
        uint32_t offset = 0;
        uint32_t form = 0;
        if (!u16_at(cmap, at, &platform) || !u16_at(cmap, at + 2, &encoding) ||
            !u32_at(cmap, at + 4, &offset)) {
            return false;
        }
        if (platform != 0 &&
            !(platform == 3 && (encoding == 1 || encoding == 10))) {
            continue;
        }
        if (!u16_at(cmap, offset, &form)) {
            return false;
        }
        if (form == 14) {
            /* Variation sequences, beside the map proper. The reader takes the
             * last map listed that it may choose, so there must be one. */
            continue;
        }
        if (form != 0 && form != 4 && form != 6 && form != 12 && form != 13) {
            return false;
        }
        n_known++;
    }
    return n_known > 0;
}

bool typeface_is_usable(const void *bytes, size_t size)
{
    struct span file = {bytes, size};
    struct span table;
    struct span cmap;
    uint32_t version = 0;
    if (bytes == NULL || !u32_at(file, 0, &version)) {
        return false;
    }
    bool is_cff = version == 0x4F54544F; /* OTTO */
    if (!is_cff && version != 0x00010000 && version != 0x74727565) {
        return false;
    }
    bool has_outlines = is_cff ? find_table(file, "CFF ", 4, &table)
                               : find_table(file, "glyf", 1, &table) &&
                                     find_table(file, "loca", 4, &table);
    return has_outlines && find_table(file, "head", 54, &table) &&
           find_table(file, "hhea", 36, &table) &&
           find_table(file, "maxp", 6, &table) &&
           find_table(file, "hmtx", 4, &table) &&
           find_table(file, "cmap", 4, &cmap) && has_known_map(cmap);
}

void *typeface_load(const char *path, size_t *size)
{
    SDL_RWops *file = SDL_RWFromFile(path, "rb");
    void *bytes = NULL;
    *size = 0;
    if (file == NULL) {
        return NULL;
    }
    Sint64 length = SDL_RWsize(file);
    if (length > 0 && length <= MAX_FACE_BYTES) {
        bytes = SDL_malloc((size_t)length);
    }
    if (bytes != NULL &&
        (SDL_RWread(file, bytes, 1, (size_t)length) != (size_t)length ||
         !typeface_is_usable(bytes, (size_t)length))) {
        SDL_free(bytes);
        bytes = NULL;
    }
    SDL_RWclose(file);
    *size = bytes == NULL ? 0 : (size_t)length;
    return bytes;
}

static bool is_loadable(const char *path)
{
    size_t size = 0;
    void *bytes = typeface_load(path, &size);
    SDL_free(bytes);
    return bytes != NULL;
}

/* The best match of a family; where is_exact, of no other family. */
static bool find_family(const char *family, bool is_exact, char *path,
                        size_t size)
{
    bool is_found = false;
    FcResult result = FcResultNoMatch;
    FcChar8 *file = NULL;
    FcChar8 *found = NULL;
    FcPattern *match = NULL;
    FcPattern *wanted = FcPatternCreate();
    if (wanted == NULL) {
        return false;
    }
    FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddString(wanted, FC_FONTFORMAT, (const FcChar8 *)"TrueType");
    FcPatternAddBool(wanted, FC_SCALABLE, FcTrue);
    FcPatternAddInteger(wanted, FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddInteger(wanted, FC_WEIGHT, FC_WEIGHT_REGULAR);
    FcPatternAddInteger(wanted, FC_WIDTH, FC_WIDTH_NORMAL);
    FcConfigSubstitute(NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute(wanted);
    match = FcFontMatch(NULL, wanted, &result);
    if (match != NULL &&
        FcPatternGetString(match, FC_FILE, 0, &file) == FcResultMatch &&
        FcPatternGetString(match, FC_FAMILY, 0, &found) == FcResultMatch &&
        (!is_exact || strcmp((const char *)found, family) == 0) &&
        strlen((const char *)file) < size && is_loadable((const char *)file)) {
        snprintf(path, size, "%s", (const char *)file);
        is_found = true;
    }
    if (match != NULL) {
        FcPatternDestroy(match);
    }
    FcPatternDestroy(wanted);
    return is_found;
}

bool typeface_find(char *path, size_t size)
{
    static const char *const families[] = {"DejaVu Sans", "Noto Sans",
                                           "Liberation Sans"};
    bool is_found = false;
    if (!FcInit()) {
        return false;
    }
    for (size_t i = 0; i < sizeof families / sizeof families[0] && !is_found;
         i++) {
        is_found = find_family(families[i], true, path, size);
    }
    is_found = is_found || find_family("sans-serif", false, path, size);
    FcFini();
    return is_found;
}
