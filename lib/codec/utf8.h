/* Is a text what it says it is? */
#ifndef NMFIMG_CODEC_UTF8_H
#define NMFIMG_CODEC_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Are these bytes UTF-8 (RFC 3629: shortest forms, no surrogates, nothing above
 * U+10FFFF) without a zero among them? No bytes at all are.
 */
bool nmf_utf8_is_text(const void *bytes, size_t size);

#endif
