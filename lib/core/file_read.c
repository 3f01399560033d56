/* Whole files into memory, within a limit. The contract is in file.h. */
#include <nmfimg/file.h>

#include "core/alloc.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIPE_CAPACITY = 1 << 16 }; /* to begin with, where no size is known */

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
        if (out->size == capacity) {
            wanted = wanted < most ? wanted : most;
            if (!grow(out, &capacity, wanted)) {
                return nmf_error_set(err, NMF_ERR_MEMORY,
                                     "'%s': out of memory (%s)", path,
                                     nmf_format_size(wanted).text);
            }
        }
        ssize_t got = read(fd, out->data + out->size, capacity - out->size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return nmf_error_set(err, NMF_ERR_IO, "'%s': cannot read: %s", path,
                                 nmf_format_errno(errno).text);
        }
        if (got == 0) {
            return NMF_OK;
        }
        out->size += (size_t)got;
        if (out->size > max_bytes) {
            return limit_reached(path, max_bytes, err);
        }
        if (!nmf_size_mul(&wanted, capacity, 2)) {
            wanted = most;
        }
    }
}

nmf_status nmf_file_read(nmf_bytes *out, const char *path, size_t max_bytes,
                         nmf_error *err)
{
    nmf_status status = NMF_OK;
    struct stat info;
    int fd = -1;
    out->data = NULL;
    out->size = 0;

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        status =
            errno == ENOENT
                ? nmf_error_set(err, NMF_ERR_IO, "'%s': no such file", path)
                : nmf_error_set(err, NMF_ERR_IO, "'%s': cannot open: %s", path,
                                nmf_format_errno(errno).text);
        goto done;
    }
    if (S_ISDIR(info.st_mode)) {
        status = nmf_error_set(err, NMF_ERR_IO, "'%s': is a folder, not a file",
                               path);
        goto done;
    }
    if (S_ISREG(info.st_mode) && (uintmax_t)info.st_size > max_bytes) {
        status = limit_reached(path, max_bytes, err);
        goto done;
    }
    status = read_to_end(out, fd, path,
                         S_ISREG(info.st_mode) ? (size_t)info.st_size : 0,
                         max_bytes, err);
done:
    if (fd >= 0) {
        close(fd);
    }
    if (status != NMF_OK || out->size == 0) {
        nmf_bytes_release(out);
    }
    return status;
}
