/*
 * Files opened and read piece by piece, for readers that do not want the
 * whole of them in memory. nmf_file_read() and nmf_stream stand on this.
 */
#ifndef NMFIMG_CORE_FILE_H
#define NMFIMG_CORE_FILE_H

#include <nmfimg/error.h>

#include <stddef.h>
#include <stdint.h>

/*
 * Open a file, pipe or device to read. *fd is the caller's to close, -1 on
 * failure; *size is that of a regular file, 0 where none is announced (pipes,
 * /proc, empty files): a hint, for files may change while they are read.
 * Fails: NMF_ERR_IO (missing, unreadable, a folder)
 */
nmf_status nmf_file_open(int *fd, uint64_t *size, const char *path,
                         nmf_error *err);

/*
 * Read at least 1 and at most size bytes; *got is 0 at the end only.
 * path is for the message. Fails: NMF_ERR_IO
 */
nmf_status nmf_file_read_some(size_t *got, int fd, void *out, size_t size,
                              const char *path, nmf_error *err);

#endif
