#include "picture_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static nmf_status fail(nmf_error *err, nmf_status status, const char *path,
                       const char *what)
{
    err->status = status;
    snprintf(err->message, sizeof err->message, "'%s': %s", path, what);
    return status;
}

/* "FOLDER/NAME", freed by free(); NULL when memory runs out. */
static char *path_of(const struct picture_folder *folder, size_t i)
{
    size_t size = strlen(folder->path) + strlen(folder->names[i]) + 2;
    char *path = malloc(size);
    if (path) {
        snprintf(path, size, "%s/%s", folder->path, folder->names[i]);
    }
    return path;
}

static nmf_status check_picture(const struct picture_folder *folder, size_t i,
                                nmf_error *err)
{
    char *path = path_of(folder, i);
    struct stat entry;
    nmf_status status = NMF_OK;
    if (!path) {
        return fail(err, NMF_ERR_MEMORY, folder->path, "out of memory");
    }
    if (i == 0) {
        /* Tells whether the folder can be written to, too. */
        status = nmf_file_check_output(path, folder->overwrite, err);
    } else if (lstat(path, &entry) == 0 &&
               (!folder->overwrite || S_ISDIR(entry.st_mode))) {
        status = nmf_file_check_output(path, folder->overwrite, err);
    }
    free(path);
    return status;
}

nmf_status picture_folder_check(const struct picture_folder *folder,
                                nmf_error *err)
{
    struct stat entry;
    if (stat(folder->path, &entry) != 0) {
        /* Can it be made? What can become a file can become a folder. */
        return nmf_file_check_output(folder->path, false, err);
    }
    if (!S_ISDIR(entry.st_mode)) {
        return fail(err, NMF_ERR_IO, folder->path,
                    "expected a folder to write pictures into");
    }
    for (size_t i = 0; i < folder->n; i++) {
        nmf_status status = check_picture(folder, i, err);
        if (status != NMF_OK) {
            return status;
        }
    }
    return NMF_OK;
}

nmf_status picture_folder_begin(struct picture_folder *folder, nmf_error *err)
{
    folder->is_new = mkdir(folder->path, 0777) == 0;
    if (!folder->is_new && errno != EEXIST) {
        return fail(err, NMF_ERR_IO, folder->path, strerror(errno));
    }
    folder->n_written = 0;
    return NMF_OK;
}

nmf_status picture_folder_add(struct picture_folder *folder,
                              const nmf_image *image, nmf_error *err)
{
    char *path = path_of(folder, folder->n_written);
    nmf_status status;
    if (!path) {
        return fail(err, NMF_ERR_MEMORY, folder->path, "out of memory");
    }
    status = nmf_image_save(path, image, folder->overwrite, err);
    if (status == NMF_OK) {
        folder->n_written++;
    }
    free(path);
    return status;
}

void picture_folder_end(struct picture_folder *folder, bool is_complete)
{
    if (is_complete) {
        return;
    }
    for (size_t i = 0; i < folder->n_written; i++) {
        char *path = path_of(folder, i);
        if (path) {
            unlink(path);
        }
        free(path);
    }
    if (folder->is_new) {
        rmdir(folder->path);
    }
}
