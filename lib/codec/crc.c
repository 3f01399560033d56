/*
 * Two cyclic redundancy checks by table, a byte a step (D. V. Sarwate,
 * Communications of the ACM 31 (1988)).
 *
 * Entry i of the table is what the byte i leaves in an empty register after
 * eight shifts. That is linear over GF(2): entry(i ^ j) = entry(i) ^ entry(j).
 * So the entries of the eight single bits make the whole table, at compile
 * time. Bit 7 leaves the polynomial itself; each lower bit leaves what the bit
 * above it left, shifted once more.
 */
#include "codec/crc.h"

#include <string.h>

enum { SLICING_PAYS = 8192 }; /* bytes */

#define BIT(i, b, entry) ((((i) >> (b)) & 1) ? (entry) : 0)

#define ROW4(E, i) E(i), E((i) + 1), E((i) + 2), E((i) + 3)
#define ROW16(E, i)                                                            \
    ROW4(E, i), ROW4(E, (i) + 4), ROW4(E, (i) + 8), ROW4(E, (i) + 12)
#define ROW64(E, i)                                                            \
    ROW16(E, i), ROW16(E, (i) + 16), ROW16(E, (i) + 32), ROW16(E, (i) + 48)
#define TABLE(E) ROW64(E, 0), ROW64(E, 64), ROW64(E, 128), ROW64(E, 192)

#define CRC32C_ENTRY(i)                                                        \
    (BIT(i, 0, 0xf26b8303U) ^ BIT(i, 1, 0xe13b70f7U) ^                         \
     BIT(i, 2, 0xc79a971fU) ^ BIT(i, 3, 0x8ad958cfU) ^                         \
     BIT(i, 4, 0x105ec76fU) ^ BIT(i, 5, 0x20bd8edeU) ^                         \
     BIT(i, 6, 0x417b1dbcU) ^ BIT(i, 7, 0x82f63b78U))
static const uint32_t crc32c_table[256] = {TABLE(CRC32C_ENTRY)};

#define CRC64_ENTRY(i)                                                         \
    (BIT(i, 0, 0xb32e4cbe03a75f6fU) ^ BIT(i, 1, 0xf4843657a840a05bU) ^         \
     BIT(i, 2, 0x7bd0c384ff8f5e33U) ^ BIT(i, 3, 0xf7a18709ff1ebc66U) ^         \
     BIT(i, 4, 0x7d9ba13851336649U) ^ BIT(i, 5, 0xfb374270a266cc92U) ^         \
     BIT(i, 6, 0x64b62bcaebc387a1U) ^ BIT(i, 7, 0xc96c5795d7870f42U))
static const uint64_t crc64_table[256] = {TABLE(CRC64_ENTRY)};

/* The register after some more bytes, one at a time. */
static uint32_t crc32c_bytes(uint32_t crc, const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        crc = crc32c_table[(crc ^ p[i]) & 0xffU] ^ (crc >> 8);
    }
    return crc;
}

/*
 * Eight bytes a step, each looked up in the table for a byte that so many
 * others follow (Kounavis and Berry, IEEE ISCC 2005, "slicing by 8"). The
 * tables are made anew: two thousand steps, which long inputs repay, and
 * no state that threads would share.
 */
static uint32_t crc32c_blocks(uint32_t crc, const uint8_t *p, size_t n_blocks)
{
    uint32_t table[8][256];
    memcpy(table[0], crc32c_table, sizeof table[0]);
    for (int k = 1; k < 8; k++) {
        for (int i = 0; i < 256; i++) {
            uint32_t before = table[k - 1][i];
            table[k][i] = table[0][before & 0xffU] ^ (before >> 8);
        }
    }
    for (; n_blocks > 0; n_blocks--, p += 8) {
        crc = table[7][(crc ^ p[0]) & 0xffU] ^
              table[6][((crc >> 8) ^ p[1]) & 0xffU] ^
              table[5][((crc >> 16) ^ p[2]) & 0xffU] ^
              table[4][(crc >> 24) ^ p[3]] ^ table[3][p[4]] ^ table[2][p[5]] ^
              table[1][p[6]] ^ table[0][p[7]];
    }
    return crc;
}

uint32_t nmf_crc32c(uint32_t crc, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    crc = ~crc;
    if (size >= SLICING_PAYS) {
        crc = crc32c_blocks(crc, p, size / 8);
        p += size / 8 * 8;
        size %= 8;
    }
    return ~crc32c_bytes(crc, p, size);
}

uint64_t nmf_crc64(uint64_t crc, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc = crc64_table[(crc ^ p[i]) & 0xffU] ^ (crc >> 8);
    }
    return ~crc;
}
