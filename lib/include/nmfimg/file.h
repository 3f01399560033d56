/**
 * Files read within a limit and written whole or not at all.
 *
 *     nmf_file_writer *writer = NULL;
 *     if (nmf_file_writer_open(&writer, "X.npy", false, &err) == NMF_OK &&
 *         nmf_file_writer_append(writer, bytes, size, &err) == NMF_OK)
 *         nmf_file_writer_commit(&writer, &err);
 *     nmf_file_writer_abort(&writer);   // nothing to do after a commit
 *
 * Bytes go to a temporary file beside the target; commit flushes it to the
 * disk and gives it its name. Before that, the target is untouched.
 */
#ifndef NMFIMG_FILE_H
#define NMFIMG_FILE_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

NMF_BEGIN_DECLS

/** A buffer of bytes that owns its data; empty is {NULL, 0}. */
typedef struct nmf_bytes {
    uint8_t *data;
    size_t size;
} nmf_bytes;

/** Free the data and make it empty. NULL and an empty buffer are fine. */
NMF_API void nmf_bytes_release(nmf_bytes *bytes);

/**
 * Read a whole regular file, pipe or device.
 *
 * out        overwritten; on success owned by the caller, who frees it with
 *            nmf_bytes_release()
 * path       "-" is a file of that name: standard input is the program's
 *            business
 * max_bytes  a longer file is refused before its content is read
 *
 * Fails:   NMF_ERR_IO (missing, unreadable, a folder), _LIMIT, _MEMORY; the
 *          message names the file
 */
NMF_API nmf_status nmf_file_read(nmf_bytes *out, const char *path,
                                 size_t max_bytes, nmf_error *err);

/** A file that is being written. Opaque. */
typedef struct nmf_file_writer nmf_file_writer;

/**
 * Begin to write path. What exists and is no regular file (a pipe, a device),
 * and /dev/stdout, is written directly. A symbolic link stays: the file that
 * it leads to is written. A file that is replaced keeps its permissions.
 *
 * out        owned by the caller until commit or abort; NULL on failure
 * overwrite  false: an existing file is refused, here and again at commit
 *
 * Fails:   NMF_ERR_IO (folder missing or not writable, file exists), _MEMORY
 */
NMF_API nmf_status nmf_file_writer_open(nmf_file_writer **out, const char *path,
                                        bool overwrite, nmf_error *err);

/** Append size bytes. Fails: NMF_ERR_IO (disk full ...), naming the target. */
NMF_API nmf_status nmf_file_writer_append(nmf_file_writer *writer,
                                          const void *bytes, size_t size,
                                          nmf_error *err);

/**
 * Flush, give the file its name, free *writer and set it to NULL, also on
 * failure, which leaves the target as it was. Fails: NMF_ERR_IO
 */
NMF_API nmf_status nmf_file_writer_commit(nmf_file_writer **writer,
                                          nmf_error *err);

/** Drop what was written, free *writer, set it to NULL; NULL is fine. */
NMF_API void nmf_file_writer_abort(nmf_file_writer **writer);

/** Open, append, commit in one call. */
NMF_API nmf_status nmf_file_write(const char *path, const void *bytes,
                                  size_t size, bool overwrite, nmf_error *err);

/**
 * Would nmf_file_writer_open() succeed? To be asked before long work, so that
 * a mistyped folder does not cost its result. Creates nothing that stays.
 */
NMF_API nmf_status nmf_file_check_output(const char *path, bool overwrite,
                                         nmf_error *err);

NMF_END_DECLS

#endif
