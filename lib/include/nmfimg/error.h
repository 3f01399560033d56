/**
 * Status codes and messages: how every nmfimg function reports a failure.
 *
 *     nmf_error err = {0};
 *     if (nmf_dataset_load(&data, &path, 1, NULL, &err) != NMF_OK)
 *         fprintf(stderr, "%s\n", err.message);
 *
 * The status is a stable number to branch on; the message is one sentence to
 * show, lower case, without a full stop, naming what was expected and what was
 * found. The nmf_error belongs to the caller and holds its text inline, so
 * that reporting never allocates and no global state goes stale.
 */
#ifndef NMFIMG_ERROR_H
#define NMFIMG_ERROR_H

#include <nmfimg/api.h>

NMF_BEGIN_DECLS

/** What a function came to. The numbers never change their meaning. */
typedef enum nmf_status {
    NMF_OK = 0,
    NMF_ERR_ARGUMENT = 1,    /* a parameter outside its documented range */
    NMF_ERR_MEMORY = 2,      /* the allocator refused */
    NMF_ERR_IO = 3,          /* the system refused to open, read or write */
    NMF_ERR_FORMAT = 4,      /* no known format, or a damaged file */
    NMF_ERR_UNSUPPORTED = 5, /* well-formed, but not read by this version */
    NMF_ERR_LIMIT = 6,       /* beyond a documented limit or memory budget */
    NMF_ERR_DATA = 7,        /* numbers NMF cannot take: < 0, NaN, all zero */
    NMF_ERR_CANCELLED = 8    /* the caller's callback asked to stop */
} nmf_status;

enum { NMF_ERROR_MESSAGE_SIZE = 1024 };

/** A failure: initialise with {0}; unchanged by calls that succeed. */
typedef struct nmf_error {
    nmf_status status;
    char message[NMF_ERROR_MESSAGE_SIZE]; /* UTF-8 as far as file names are */
} nmf_error;

/**
 * The name of a status: "ok", "argument", "memory", "io", "format",
 * "unsupported", "limit", "data", "cancelled"; "unknown" for anything else.
 * The string is static.
 */
NMF_API const char *nmf_status_name(nmf_status status);

NMF_END_DECLS

#endif
