#include "temp_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool temp_folder_make(struct temp_folder *out)
{
    const char *parent = getenv("TMPDIR");
    int n = snprintf(out->path, sizeof out->path, "%s/nmfimg-XXXXXX",
                     parent && *parent ? parent : "/tmp");
    if (n < 0 || (size_t)n >= sizeof out->path) {
        errno = ENAMETOOLONG;
    } else if (mkdtemp(out->path)) {
        return true;
    }
    out->path[0] = '\0';
    return false;
}

void temp_folder_file(char *out, const struct temp_folder *folder,
                      const char *name)
{
    snprintf(out, TEMP_FILE_SIZE, "%s/%.62s", folder->path, name);
}

void temp_folder_remove(struct temp_folder *folder)
{
    DIR *entries = *folder->path ? opendir(folder->path) : NULL;
    struct dirent *entry = NULL;
    while (entries && (entry = readdir(entries))) {
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries) {
        (void)closedir(entries);
        (void)rmdir(folder->path);
    }
    folder->path[0] = '\0';
}
