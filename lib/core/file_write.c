/*
 * Files that appear whole or not at all. The contract is in file.h.
 *
 *     open      .nmfimg-PID-N.part, beside the target (a rename works only
 *               within a file system), O_EXCL, with the target's permissions
 *     append    write()
 *     commit    fsync, close, rename() over the target or link() as a name
 *               that must be new, fsync of the folder
 *     abort     close, unlink
 *
 * A crash between them leaves the old file, or none, and at worst a hidden
 * .part file. The first failure is remembered: such a file is never committed.
 */
#include <nmfimg/file.h>

#include "core/alloc.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAX_LINKS = 40,        /* symbolic links in a row, as Linux has it */
    LINK_SIZE = 4096,      /* longest content of a link */
    TEMP_ATTEMPTS = 10000, /* names of temporary files that may be taken */
    WRITE_PIECE = 1 << 30  /* some systems refuse more at once */
};

struct nmf_file_writer {
    char *path;   /* as the caller has it, for messages */
    char *target; /* the file that appears: path, its links followed */
    char *folder; /* of the target */
    char *temp;   /* NULL: bytes go to the target directly */
    int fd;       /* -1: closed */
    int error;    /* errno of the first write that failed; 0: none */
    bool overwrite;
};

static nmf_status fail(const nmf_file_writer *writer, const char *what,
                       int code, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_IO, "'%s': cannot %s: %s", writer->path,
                         what, nmf_format_errno(code).text);
}

static nmf_status fail_exists(const nmf_file_writer *writer, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_IO, "'%s' exists already", writer->path);
}

/* The first `length` bytes of a, then b; freed by nmf_free(). */
static char *join(const char *a, size_t length, const char *b)
{
    size_t rest = strlen(b) + 1;
    char *joined = nmf_malloc(length + rest, 1);
    if (joined) {
        memcpy(joined, a, length);
        memcpy(joined + length, b, rest);
    }
    return joined;
}

/* Length of the part of a path before its last name: "a/b" has 2, "b" 0. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* "." for a name alone, "/" for the root, else without the last slash. */
static char *folder_of(const char *path)
{
    size_t length = folder_length(path);
    if (length == 0) {
        return join(".", 1, "");
    }
    return join(path, length > 1 ? length - 1 : 1, "");
}

/*
 * Follow target's symbolic links, so that the file they lead to is replaced
 * and not the link. The last one need not lead to a file that exists (which
 * realpath() would want).
 */
static nmf_status follow_links(nmf_file_writer *writer, nmf_error *err)
{
    char content[LINK_SIZE];
    for (int n = 0; n < MAX_LINKS; n++) {
        ssize_t length = readlink(writer->target, content, sizeof content);
        if (length < 0) {
            return NMF_OK; /* no link, or nothing there yet */
        }
        if (length == LINK_SIZE) {
            return fail(writer, "follow the link", ENAMETOOLONG, err);
        }
        content[length] = '\0';
        size_t kept = content[0] == '/' ? 0 : folder_length(writer->target);
        char *next = join(writer->target, kept, content);
        if (!next) {
            return nmf_error_memory(err, kept + (size_t)length, "a path");
        }
        nmf_free(writer->target);
        writer->target = next;
    }
    return fail(writer, "follow the link", ELOOP, err);
}

/*
 * The descriptor that "/dev/stdout", "/dev/stderr" or "/dev/fd/N" stands for,
 * else -1. Opening such a name anew would begin at the start of a file that
 * somebody has redirected to, and a rename would take the file from under it.
 */
static int standard_descriptor(const char *path)
{
    static const char prefix[] = "/dev/fd/";
    if (strcmp(path, "/dev/stdout") == 0) {
        return STDOUT_FILENO;
    }
    if (strcmp(path, "/dev/stderr") == 0) {
        return STDERR_FILENO;
    }
    if (strncmp(path, prefix, sizeof prefix - 1) == 0) {
        char *end = NULL;
        long fd = strtol(path + sizeof prefix - 1, &end, 10);
        return *end == '\0' && fd >= 0 && fd < 65536 ? (int)fd : -1;
    }
    return -1;
}

/* Only root may give a file away; others own what they replace. */
static void keep_owner(int fd, const struct stat *old)
{
    if (old->st_uid != geteuid() || old->st_gid != getegid()) {
        int refused = fchown(fd, old->st_uid, old->st_gid);
        (void)refused;
    }
}

static nmf_status open_temp(nmf_file_writer *writer, const struct stat *old,
                            nmf_error *err)
{
    static atomic_uint counter;
    char name[64];
    for (int n = 0; n < TEMP_ATTEMPTS; n++) {
        snprintf(name, sizeof name, ".nmfimg-%ld-%u.part", (long)getpid(),
                 atomic_fetch_add(&counter, 1U));
        nmf_free(writer->temp);
        writer->temp =
            join(writer->target, folder_length(writer->target), name);
        if (!writer->temp) {
            return nmf_error_memory(err, strlen(writer->target), "a path");
        }
        /* Private until it has the permissions of what it replaces. */
        writer->fd = open(writer->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                          old ? 0600 : 0666);
        if (writer->fd >= 0 || errno != EEXIST) {
            break;
        }
    }
    if (writer->fd < 0) {
        int code = errno;
        nmf_free(writer->temp);
        writer->temp = NULL;
        if (code == ENOENT) {
            return nmf_error_set(err, NMF_ERR_IO,
                                 "'%s': cannot create: no such folder '%s'",
                                 writer->path, writer->folder);
        }
        return nmf_error_set(
            err, NMF_ERR_IO, "'%s': cannot create a file in folder '%s': %s",
            writer->path, writer->folder, nmf_format_errno(code).text);
    }
    if (old) {
        keep_owner(writer->fd, old);
        if (fchmod(writer->fd, old->st_mode & 0777) != 0) {
            return fail(writer, "keep the permissions", errno, err);
        }
    }
    return NMF_OK;
}

/* What is at the end of the links, and may it be written? */
static nmf_status open_target(nmf_file_writer *writer, bool for_real,
                              nmf_error *err)
{
    struct stat info;
    const char *target = writer->target;
    int standard = standard_descriptor(writer->path);
    if (standard >= 0) {
        writer->fd = dup(standard);
        return writer->fd >= 0 ? NMF_OK : fail(writer, "write", errno, err);
    }
    if (stat(target, &info) != 0) {
        if (errno == ENOENT) {
            return open_temp(writer, NULL, err);
        }
        if (errno == ENOTDIR) {
            return nmf_error_set(err, NMF_ERR_IO,
                                 "'%s': cannot create: '%s' is no folder",
                                 writer->path, writer->folder);
        }
        return fail(writer, "create", errno, err);
    }
    if (S_ISDIR(info.st_mode)) {
        return nmf_error_set(err, NMF_ERR_IO, "'%s': is a folder, not a file",
                             writer->path);
    }
    if (S_ISREG(info.st_mode) && !writer->overwrite) {
        return fail_exists(writer, err);
    }
    if (access(target, W_OK) != 0) {
        return fail(writer, "write", errno, err);
    }
    if (S_ISREG(info.st_mode)) {
        return open_temp(writer, &info, err);
    }
    /* Opening a pipe has an effect: it wakes, or waits for, its reader. */
    if (for_real) {
        writer->fd = open(target, O_WRONLY | O_CLOEXEC);
        if (writer->fd < 0) {
            return fail(writer, "open", errno, err);
        }
    }
    return NMF_OK;
}

static nmf_status writer_create(nmf_file_writer **out, const char *path,
                                bool overwrite, bool for_real, nmf_error *err)
{
    nmf_status status = NMF_OK;
    size_t length = strlen(path);
    nmf_file_writer *writer = nmf_calloc(1, sizeof *writer);
    *out = NULL;
    if (!writer) {
        return nmf_error_memory(err, sizeof *writer, "a file");
    }
    writer->fd = -1;
    writer->overwrite = overwrite;
    writer->path = join(path, length, "");
    writer->target = join(path, length, "");
    if (!writer->path || !writer->target) {
        status = nmf_error_memory(err, length, "a path");
        goto done;
    }
    if (length == 0 || path[length - 1] == '/') {
        status =
            nmf_error_set(err, NMF_ERR_IO, "'%s': no name of a file", path);
        goto done;
    }
    status = follow_links(writer, err);
    if (status != NMF_OK) {
        goto done;
    }
    writer->folder = folder_of(writer->target);
    if (!writer->folder) {
        status = nmf_error_memory(err, length, "a path");
        goto done;
    }
    status = open_target(writer, for_real, err);
done:
    *out = writer;
    if (status != NMF_OK) {
        nmf_file_writer_abort(out);
    }
    return status;
}

nmf_status nmf_file_writer_open(nmf_file_writer **out, const char *path,
                                bool overwrite, nmf_error *err)
{
    return writer_create(out, path, overwrite, true, err);
}

nmf_status nmf_file_check_output(const char *path, bool overwrite,
                                 nmf_error *err)
{
    nmf_file_writer *writer = NULL;
    nmf_status status = writer_create(&writer, path, overwrite, false, err);
    nmf_file_writer_abort(&writer);
    return status;
}

nmf_status nmf_file_writer_append(nmf_file_writer *writer, const void *bytes,
                                  size_t size, nmf_error *err)
{
    const unsigned char *next = bytes;
    while (size > 0 && !writer->error) {
        ssize_t written =
            write(writer->fd, next, size < WRITE_PIECE ? size : WRITE_PIECE);
        if (written > 0) {
            next += written;
            size -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN) {
            struct pollfd ready = {writer->fd, POLLOUT, 0};
            (void)poll(&ready, 1, -1);
        } else if (written == 0 || errno != EINTR) {
            writer->error = written == 0 ? EIO : errno;
        }
    }
    return writer->error ? fail(writer, "write", writer->error, err) : NMF_OK;
}

/* A file system may know no fsync; any other failure loses the bytes. */
static nmf_status flush_and_close(nmf_file_writer *writer, nmf_error *err)
{
    int code = writer->error;
    if (!code && writer->temp && fsync(writer->fd) != 0 && errno != EINVAL &&
        errno != ENOSYS) {
        code = errno;
    }
    /* After EINTR the descriptor is gone all the same, and synced. */
    if (close(writer->fd) != 0 && !code && errno != EINTR) {
        code = errno;
    }
    writer->fd = -1;
    return code ? fail(writer, "write", code, err) : NMF_OK;
}

/*
 * Name the file, which must be new: link() refuses a name that is taken.
 * Where the file system knows no links, the name is reserved with an empty
 * file, which rename() then replaces.
 */
static nmf_status name_new_file(nmf_file_writer *writer, nmf_error *err)
{
    if (link(writer->temp, writer->target) == 0) {
        (void)unlink(writer->temp);
        return NMF_OK;
    }
    if (errno == EEXIST) {
        return fail_exists(writer, err);
    }
    int fd =
        open(writer->target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return errno == EEXIST ? fail_exists(writer, err)
                               : fail(writer, "create", errno, err);
    }
    close(fd);
    if (rename(writer->temp, writer->target) != 0) {
        int code = errno;
        unlink(writer->target);
        return fail(writer, "create", code, err);
    }
    return NMF_OK;
}

/*
 * The name is in place; this makes it outlast a loss of power. Nothing can be
 * taken back any more, so a folder that cannot be synced is no failure.
 */
static void sync_folder(const nmf_file_writer *writer)
{
    int fd = open(writer->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

nmf_status nmf_file_writer_commit(nmf_file_writer **writer, nmf_error *err)
{
    nmf_file_writer *w = *writer;
    nmf_status status = flush_and_close(w, err);
    if (status == NMF_OK && w->temp) {
        if (!w->overwrite) {
            status = name_new_file(w, err);
        } else if (rename(w->temp, w->target) != 0) {
            status = fail(w, "replace", errno, err);
        }
        if (status == NMF_OK) {
            sync_folder(w);
            nmf_free(w->temp); /* the name is gone: abort must not unlink it */
            w->temp = NULL;
        }
    }
    nmf_file_writer_abort(writer);
    return status;
}

void nmf_file_writer_abort(nmf_file_writer **writer)
{
    nmf_file_writer *w = writer ? *writer : NULL;
    if (!w) {
        return;
    }
    if (w->fd >= 0) {
        close(w->fd);
    }
    if (w->temp) {
        (void)unlink(w->temp);
    }
    nmf_free(w->temp);
    nmf_free(w->folder);
    nmf_free(w->target);
    nmf_free(w->path);
    nmf_free(w);
    *writer = NULL;
}

nmf_status nmf_file_write(const char *path, const void *bytes, size_t size,
                          bool overwrite, nmf_error *err)
{
    nmf_file_writer *writer = NULL;
    nmf_status status = nmf_file_writer_open(&writer, path, overwrite, err);
    if (status == NMF_OK) {
        status = nmf_file_writer_append(writer, bytes, size, err);
    }
    if (status == NMF_OK) {
        return nmf_file_writer_commit(&writer, err);
    }
    nmf_file_writer_abort(&writer);
    return status;
}
