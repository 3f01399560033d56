/*
 * Checksums of files: CRC32C guards sections, CRC64 names models. Parameters
 * and check values are in FORMAT.md, section 1.
 */
#ifndef NMFIMG_CODEC_CRC_H
#define NMFIMG_CODEC_CRC_H

#include <stddef.h>
#include <stdint.h>

/*
 * The checksum of size more bytes after those whose checksum is crc; 0 for
 * none. So crc(crc(0, a), b) is the checksum of a followed by b.
 */
uint32_t nmf_crc32c(uint32_t crc, const void *bytes, size_t size);
uint64_t nmf_crc64(uint64_t crc, const void *bytes, size_t size);

#endif
