/*
 * The container of FORMAT.md, section 2: a header, sections with checksums, an
 * end. What the sections mean is the business of a kind.
 */
#ifndef NMFIMG_CODEC_CONTAINER_H
#define NMFIMG_CODEC_CONTAINER_H

#include "codec/bytes.h"

enum {
    NMF_CONTAINER_VERSION = 1,
    NMF_CONTAINER_HEADER_SIZE = 16,
    NMF_CONTAINER_MAX_SECTIONS = 1024, /* the last one included */
    NMF_SECTION_OVERHEAD = 16,         /* name, size, checksum */
    NMF_CONTAINER_END_SIZE = NMF_SECTION_OVERHEAD + 8
};

/* Stands in files: never renumber. */
typedef enum nmf_container_kind {
    NMF_CONTAINER_MODEL = 1,
    NMF_CONTAINER_SET = 2,
    NMF_CONTAINER_CODED = 3
} nmf_container_kind;

/* A container being written into memory; empty is {0}. */
typedef struct nmf_container_writer {
    nmf_byte_writer bytes; /* the payload of the open section goes here */
    size_t section;        /* offset of the open section */
    uint32_t n_sections;
    uint32_t chain; /* checksum of the checksums so far */
    bool has_pixels;
    uint32_t pixels; /* checksum of what the content is decoded to */
} nmf_container_writer;

/* Header; size is how much the whole will take, so that nothing moves. */
void nmf_container_begin(nmf_container_writer *writer, nmf_container_kind kind,
                         size_t size);

/* Open a section of four letters; its payload is written to writer->bytes. */
void nmf_section_begin(nmf_container_writer *writer, const char *name);
void nmf_section_end(nmf_container_writer *writer);

/* The last section will have the checksum of the decoded pixels, too. */
void nmf_container_set_pixels(nmf_container_writer *writer, uint32_t checksum);

/*
 * Write the last section and hand the bytes over; the writer is empty then.
 * Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_container_finish(nmf_bytes *out, nmf_container_writer *writer,
                                nmf_error *err);

/* A container being read from memory, section by section. */
typedef struct nmf_container_reader {
    nmf_byte_reader in;
    const char *name; /* of the file, for messages; borrowed */
    unsigned version;
    unsigned kind;
    uint32_t n_sections; /* read so far */
    uint32_t chain;
    uint32_t pixels; /* once the end is reached, of all kinds but a model: the
                        checksum of what the content is decoded to */
} nmf_container_reader;

typedef struct nmf_section {
    char name[5];           /* empty: the end was reached and is right */
    const uint8_t *payload; /* borrowed from the container's memory */
    size_t size;
} nmf_section;

/*
 * Read the header. Fails: NMF_ERR_FORMAT (magic, checksum, cut short),
 * _UNSUPPORTED (a later version). Any kind is let through.
 */
nmf_status nmf_container_open(nmf_container_reader *out, const void *bytes,
                              size_t size, const char *name, nmf_error *err);

/*
 * Read the next section, its checksum verified; at the end of the container,
 * which must be the end of the bytes too, out->name is empty.
 *
 * Fails: NMF_ERR_FORMAT; the message names the file and the section
 */
nmf_status nmf_container_next(nmf_section *out, nmf_container_reader *reader,
                              nmf_error *err);

/* May a decoder pass over a section of this name that it does not know? */
bool nmf_section_is_ancillary(const char *name);

#endif
