/* A folder for files that nobody is to see, gone when the work is done. */
#ifndef NMFIMG_CLI_TEMP_FOLDER_H
#define NMFIMG_CLI_TEMP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

enum { TEMP_FOLDER_SIZE = 1024, TEMP_FILE_SIZE = TEMP_FOLDER_SIZE + 64 };

struct temp_folder {
    char path[TEMP_FOLDER_SIZE]; /* "": there is none */
};

/* Make one in TMPDIR, or /tmp; false, with errno, where that fails. */
bool temp_folder_make(struct temp_folder *out);

/* "FOLDER/NAME" for a short name, into TEMP_FILE_SIZE bytes. */
void temp_folder_file(char *out, const struct temp_folder *folder,
                      const char *name);

/* Remove it with the files in it. */
void temp_folder_remove(struct temp_folder *folder);

#endif
