/*
 * Small folders of pictures, made for a test.
 */
#ifndef NMFIMG_TESTS_FOLDERS_H
#define NMFIMG_TESTS_FOLDERS_H

#include <stddef.h>

/* A path that stays put, unlike those of support_temp_path(). */
typedef struct support_path {
    char text[1024];
} support_path;

/* "FOLDER/NAME" */
support_path support_join(const char *folder, const char *name);

/* Make a folder of that name among the temporary files, or below another. */
support_path support_folder(const char *name);
void support_subfolder(const char *folder, const char *name);

/* A file of these bytes. */
void support_file(const char *folder, const char *name, const void *bytes,
                  size_t size);

/*
 * A grey picture (P5) whose pixel i is (first + i) mod 256, and a colour one
 * (P6) whose sample i is that. `missing` bytes are cut off at the end.
 */
void support_pgm(const char *folder, const char *name, size_t width,
                 size_t height, unsigned first, size_t missing);
void support_ppm(const char *folder, const char *name, size_t width,
                 size_t height, unsigned first);

#endif
