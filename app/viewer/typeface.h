/*
 * A face for the viewer's text, from those installed.
 */
#ifndef NMFIMG_VIEWER_TYPEFACE_H
#define NMFIMG_VIEWER_TYPEFACE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Look for an upright sans face that the toolkit can draw: DejaVu Sans, Noto
 * Sans, Liberation Sans, else what fontconfig gives for "sans-serif". True:
 * path holds the file's name. False: none, use the built-in font.
 */
bool typeface_find(char *path, size_t size);

/*
 * Can the toolkit's reader be given these bytes? It trusts what it reads, so
 * this looks first: a TrueType or OpenType face whose tables lie within the
 * file, with a character map of a known kind.
 */
bool typeface_is_usable(const void *bytes, size_t size);

/*
 * The whole of a usable face, freed by SDL_free(); NULL where the file cannot
 * be read or is no usable face.
 */
void *typeface_load(const char *path, size_t *size);

#ifdef __cplusplus
}
#endif

#endif
