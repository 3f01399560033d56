/*
 * Frames as PNG files. They go to a folder beside the one asked for, which is
 * renamed at the end, so that nobody meets half a recording. Where the folder
 * is there and not empty, they are moved into it one by one instead.
 */
#include "record_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, N_TRIES = 100 };

struct record_folder {
    char path[PATH_SIZE]; /* without a slash at its end */
    char temporary[PATH_SIZE];
    size_t n;       /* frames written */
    bool overwrite; /* may the folder hold something? */
};

/* A path, and room for what is appended to it. */
struct frame_path {
    char text[PATH_SIZE + 64];
};

static nmf_status fail(nmf_error *err, nmf_status status, const char *path,
                       const char *what)
{
    if (err) {
        err->status = status;
        /* What a message has room for; a path may be longer. */
        snprintf(err->message, sizeof err->message, "'%.800s': %.200s", path,
                 what);
    }
    return status;
}

/* Frames are counted from 1. */
static struct frame_path frame_path(const char *folder, size_t number)
{
    struct frame_path path;
    snprintf(path.text, sizeof path.text, "%s/frame-%06zu.png", folder, number);
    return path;
}

/* -1: not there; else how many names there are, of which 2 are enough. */
static int count_names(const char *path, nmf_status *status, nmf_error *err)
{
    int n = 0;
    DIR *dir = opendir(path);
    *status = NMF_OK;
    if (!dir) {
        if (errno != ENOENT) {
            *status = fail(err, NMF_ERR_IO, path,
                           "expected a folder to write frames into");
        }
        return -1;
    }
    for (struct dirent *e = readdir(dir); e && n < 2; e = readdir(dir)) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(dir);
    return n;
}

static nmf_status check_target(const struct record_folder *folder,
                               nmf_error *err)
{
    nmf_status status = NMF_OK;
    if (count_names(folder->path, &status, err) > 0 && !folder->overwrite) {
        return fail(err, NMF_ERR_IO, folder->path,
                    "exists already and is not empty");
    }
    return status;
}

static nmf_status make_temporary(struct record_folder *folder, nmf_error *err)
{
    int code = EEXIST;
    for (int i = 0; i < N_TRIES && code == EEXIST; i++) {
        int n = snprintf(folder->temporary, sizeof folder->temporary,
                         "%s.part-%ld-%d", folder->path, (long)getpid(), i);
        if (n < 0 || (size_t)n >= sizeof folder->temporary) {
            return fail(err, NMF_ERR_IO, folder->path, "the path is too long");
        }
        code = mkdir(folder->temporary, 0777) == 0 ? 0 : errno;
    }
    return code == 0 ? NMF_OK
                     : fail(err, NMF_ERR_IO, folder->path, strerror(code));
}

nmf_status record_folder_open(struct record_folder **out, const char *path,
                              bool overwrite, nmf_error *err)
{
    size_t length = strlen(path);
    *out = NULL;
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    if (length == 0 || length >= PATH_SIZE) {
        return fail(err, NMF_ERR_IO, path, "no path of a folder");
    }
    struct record_folder *folder = calloc(1, sizeof *folder);
    if (!folder) {
        return fail(err, NMF_ERR_MEMORY, path, "no memory to record");
    }
    memcpy(folder->path, path, length);
    folder->overwrite = overwrite;
    nmf_status status = check_target(folder, err);
    if (status == NMF_OK) {
        status = make_temporary(folder, err);
    }
    if (status != NMF_OK) {
        free(folder);
        return status;
    }
    *out = folder;
    return NMF_OK;
}

nmf_status record_folder_add(struct record_folder *folder,
                             const nmf_image *frame, nmf_error *err)
{
    struct frame_path path = frame_path(folder->temporary, folder->n + 1);
    nmf_status status = nmf_image_save(path.text, frame, false, err);
    folder->n += status == NMF_OK;
    return status;
}

/* Into a folder that is there; what an earlier, longer recording left goes. */
static nmf_status move_frames(struct record_folder *folder, nmf_error *err)
{
    for (size_t i = 1; i <= folder->n; i++) {
        struct frame_path from = frame_path(folder->temporary, i);
        struct frame_path to = frame_path(folder->path, i);
        if (rename(from.text, to.text) != 0) {
            return fail(err, NMF_ERR_IO, to.text, strerror(errno));
        }
    }
    for (size_t i = folder->n + 1;; i++) {
        struct frame_path old = frame_path(folder->path, i);
        if (unlink(old.text) != 0) {
            break;
        }
    }
    return NMF_OK;
}

nmf_status record_folder_close(struct record_folder **out, nmf_error *err)
{
    struct record_folder *folder = *out;
    nmf_status status = check_target(folder, err);
    /* An empty folder of that name is replaced by rename(). */
    if (status == NMF_OK && rename(folder->temporary, folder->path) == 0) {
        free(folder);
        *out = NULL;
        return NMF_OK;
    }
    int code = errno;
    if (status == NMF_OK && (code == ENOTEMPTY || code == EEXIST)) {
        status = move_frames(folder, err);
    } else if (status == NMF_OK) {
        status = fail(err, NMF_ERR_IO, folder->path, strerror(code));
    }
    record_folder_abort(out);
    return status;
}

void record_folder_abort(struct record_folder **out)
{
    struct record_folder *folder = *out;
    if (!folder) {
        return;
    }
    for (size_t i = 1; i <= folder->n; i++) {
        struct frame_path path = frame_path(folder->temporary, i);
        unlink(path.text);
    }
    rmdir(folder->temporary);
    free(folder);
    *out = NULL;
}
