/*
 * Small folders of pictures, made for a test, and sets loaded from them.
 */
#ifndef NMFIMG_TESTS_FOLDERS_H
#define NMFIMG_TESTS_FOLDERS_H

#include <nmfimg/dataset.h>

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

/*
 * A new folder as people have them: 1.pgm 2.pgm sub/3, of 2 x 2 pixels that
 * begin with 1, 2, 3; a hidden file; readme.txt empty.txt table.csv, and a GIF
 * by the name of old.png.
 */
support_path support_messy_folder(const char *name);

/* The set of one input, which loads; freed by nmf_dataset_free(). */
nmf_dataset *support_load_set(const char *input,
                              const nmf_dataset_options *options);

/* The load fails with this status, and a message that has the text in it. */
void support_refuse_set(const char *input, const nmf_dataset_options *options,
                        nmf_status expected, const char *text);

#endif
