/*
 * How a failure is worded: set once, where the fact is known; callers clean
 * up and pass it on.
 */
#ifndef NMFIMG_CORE_ERROR_H
#define NMFIMG_CORE_ERROR_H

#include <nmfimg/error.h>

#include <stddef.h>

#if defined(__GNUC__)
#define NMF_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define NMF_PRINTF(text, first)
#endif

/*
 * Fill err (which may be NULL) and return status, so that one can write
 * return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': width is 0", name).
 * A message that is too long is cut.
 */
nmf_status nmf_error_set(nmf_error *err, nmf_status status, const char *format,
                         ...) NMF_PRINTF(3, 4);

/* Put a prefix before the message that err has; returns err's status. */
nmf_status nmf_error_prefix(nmf_error *err, const char *format, ...)
    NMF_PRINTF(2, 3);

/* "out of memory (N bytes for WHAT)" */
nmf_status nmf_error_memory(nmf_error *err, size_t bytes, const char *what);

/* A text of at most 31 characters for a size: "512 B", "1.5 MiB". */
typedef struct nmf_size_text {
    char text[32];
} nmf_size_text;
nmf_size_text nmf_format_size(size_t bytes);

/* What errno says, as it reads within a sentence: "permission denied". */
typedef struct nmf_errno_text {
    char text[128];
} nmf_errno_text;
nmf_errno_text nmf_format_errno(int code);

#endif
