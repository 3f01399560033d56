/*
 * Whole files into memory, within a limit. Contracts are in <nmfimg/file.h>
 * and "core/file.h".
 */
#include <nmfimg/file.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIPE_CAPACITY = 1 << 16, /* to begin with, where no size is known */
    READ_PIECE = 1 << 30     /* some systems refuse more at once */
};

void nmf_bytes_release(nmf_bytes *bytes)
{
    if (bytes) {
        nmf_free(bytes->data);
        bytes->data = NULL;
        bytes->size = 0;
    }
}

/* The capacity is to be `wanted`, at most one byte beyond the limit. */
static bool grow(nmf_bytes *bytes, size_t *capacity, size_t wanted)
{
    uint8_t *data = nmf_malloc(wanted, 1);
    if (!data) {
        return false;
    }
    if (bytes->size > 0) {
        memcpy(data, bytes->data, bytes->size);
    }
    nmf_free(bytes->data);
    bytes->data = data;
    *capacity = wanted;
    return true;
}

static nmf_status limit_reached(const char *path, size_t max_bytes,
                                nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_LIMIT, "'%s': larger than %s, the limit",
                         path, nmf_format_size(max_bytes).text);
}

/*
 * Read to the end. The size that the system announces is only a hint: it is 0
 * for pipes and in /proc, and a file may grow while it is read. One byte more
 * than expected is asked for, so that the end shows without growing.
 */
static nmf_status read_to_end(nmf_bytes *out, int fd, const char *path,
                              size_t size_hint, size_t max_bytes,
                              nmf_error *err)
{
    const size_t most = max_bytes < SIZE_MAX ? max_bytes + 1 : max_bytes;
    size_t capacity = 0;
    size_t wanted = size_hint > 0 ? size_hint + 1 : PIPE_CAPACITY;
    for (;;) {
        size_t got = 0;
        if (out->size == capacity) {
            wanted = wanted < most ? wanted : most;
            if (!grow(out, &capacity, wanted)) {
                return nmf_error_set(err, NMF_ERR_MEMORY,
                                     "'%s': out of memory (%s)", path,
                                     nmf_format_size(wanted).text);
            }
        }
        nmf_status status = nmf_file_read_some(&got, fd, out->data + out->size,
                                               capacity - out->size, path, err);
        if (status != NMF_OK || got == 0) {
            return status;
        }
        out->size += got;
        if (out->size > max_bytes) {
            return limit_reached(path, max_bytes, err);
        }
        if (!nmf_size_mul(&wanted, capacity, 2)) {
            wanted = most;
        }
    }
}

nmf_status nmf_file_open(int *fd, uint64_t *size, const char *path,
                         nmf_error *err)
{
    nmf_status status = NMF_OK;
    struct stat info;
    *size = 0;
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 || fstat(*fd, &info) != 0) {
        status =
            errno == ENOENT
                ? nmf_error_set(err, NMF_ERR_IO, "'%s': no such file", path)
                : nmf_error_set(err, NMF_ERR_IO, "'%s': cannot open: %s", path,
                                nmf_format_errno(errno).text);
    } else if (S_ISDIR(info.st_mode)) {
        status = nmf_error_set(err, NMF_ERR_IO, "'%s': is a folder, not a file",
                               path);
    } else if (S_ISREG(info.st_mode)) {
        *size = (uint64_t)info.st_size;
    }
    if (status != NMF_OK && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

nmf_status nmf_file_read_some(size_t *got, int fd, void *out, size_t size,
                              const char *path, nmf_error *err)
{
    ssize_t n = 0;
    *got = 0;
    do {
        n = read(fd, out, size < READ_PIECE ? size : READ_PIECE);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return nmf_error_set(err, NMF_ERR_IO, "'%s': cannot read: %s", path,
                             nmf_format_errno(errno).text);
    }
    *got = (size_t)n;
    return NMF_OK;
}

nmf_status nmf_file_read(nmf_bytes *out, const char *path, size_t max_bytes,
                         nmf_error *err)
{
    int fd = -1;
    uint64_t size = 0;
    out->data = NULL;
    out->size = 0;
    nmf_status status = nmf_file_open(&fd, &size, path, err);
    if (status != NMF_OK) {
        return status;
    }
    status = size > max_bytes
                 ? limit_reached(path, max_bytes, err)
                 : read_to_end(out, fd, path, (size_t)size, max_bytes, err);
    close(fd);
    if (status != NMF_OK || out->size == 0) {
        nmf_bytes_release(out);
    }
    return status;
}
