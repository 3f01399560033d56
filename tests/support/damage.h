/*
 * What every reader of tables must bear: files cut anywhere, flipped bits,
 * short memory; and the same bytes compressed.
 */
#ifndef NMFIMG_TESTS_DAMAGE_H
#define NMFIMG_TESTS_DAMAGE_H

#include <nmfimg/table.h>

#include <stddef.h>

/*
 * nmf_table_decode() of a copy that ends where its memory ends, so that a
 * sanitizer sees a read beyond it. The name is "input". Checks that a failure
 * leaves nothing and names the input, that a success is consistent.
 */
nmf_status damage_decode(nmf_table *out, const void *bytes, size_t size,
                         const nmf_table_options *options, nmf_error *err);

/* Every shorter version is refused. */
void damage_truncate(const void *bytes, size_t size);

/* With any one bit of the first n_bytes flipped, decode and release. */
void damage_flip(const void *bytes, size_t size, size_t n_bytes);

/* The n-th allocation fails, n = 1, 2 ... until it succeeds. */
void damage_memory(const void *bytes, size_t size);

/* Compressed by gzip; released by nmf_bytes_release(). */
nmf_bytes damage_gzip(const void *bytes, size_t size);

#endif
