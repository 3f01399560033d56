/* The value of --target-size: bytes, or a part of the pixels. */
#ifndef NMFIMG_CLI_SIZE_TARGET_H
#define NMFIMG_CLI_SIZE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct size_target {
    size_t bytes; /* 0: ratio counts */
    double ratio; /* raw bytes over compressed ones */
};

/*
 * "20000", "20K", "1.5M" (powers of 1024) are bytes; "50:1" and "50x" a ratio.
 * False where the text is neither, or not above 0.
 */
bool size_target_parse(struct size_target *out, const char *text);

/* The bytes that it means for so many raw ones, at least 1. */
size_t size_target_bytes(const struct size_target *target, double raw_bytes);

#endif
