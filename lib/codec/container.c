/* The container of FORMAT.md, section 2. Contracts are in container.h. */
#include "codec/container.h"

#include "codec/coded_form.h"
#include "codec/crc.h"
#include "core/alloc.h"
#include "core/error.h"

#include <nmfimg/codec.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t magic[8] = {0x89, 'N', 'M', 'I', 0x0d, 0x0a, 0x1a, 0x0a};
static const char end_name[] = "ENDS";

bool nmf_codec_sniff(const void *bytes, size_t size)
{
    return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

nmf_codec_kind nmf_codec_sniff_kind(const void *bytes, size_t size)
{
    if (nmf_coded_sniff_one(bytes, size)) {
        return NMF_CODEC_CODED;
    }
    if (size < NMF_CONTAINER_HEADER_SIZE || !nmf_codec_sniff(bytes, size)) {
        return NMF_CODEC_UNKNOWN;
    }
    nmf_byte_reader in = nmf_byte_reader_init(bytes, size);
    nmf_read_bytes(&in, sizeof magic + 2);
    switch (nmf_read_u16(&in)) {
    case NMF_CONTAINER_MODEL:
        return NMF_CODEC_MODEL;
    case NMF_CONTAINER_SET:
        return NMF_CODEC_SET;
    case NMF_CONTAINER_CODED:
        return NMF_CODEC_CODED;
    default:
        return NMF_CODEC_UNKNOWN;
    }
}

bool nmf_section_is_ancillary(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z';
}

/* Close what was written since offset with its checksum, and chain that. */
static void write_checksum(nmf_container_writer *writer, size_t offset)
{
    nmf_byte_writer *bytes = &writer->bytes;
    if (bytes->failed) {
        return;
    }
    nmf_write_u32(bytes,
                  nmf_crc32c(0, bytes->data + offset, bytes->size - offset));
    if (!bytes->failed) {
        writer->chain =
            nmf_crc32c(writer->chain, bytes->data + bytes->size - 4, 4);
    }
}

void nmf_container_begin(nmf_container_writer *writer, nmf_container_kind kind,
                         size_t size)
{
    *writer = (nmf_container_writer){0};
    nmf_byte_writer_reserve(&writer->bytes, size);
    nmf_write_bytes(&writer->bytes, magic, sizeof magic);
    nmf_write_u16(&writer->bytes, NMF_CONTAINER_VERSION);
    nmf_write_u16(&writer->bytes, (uint16_t)kind);
    write_checksum(writer, 0);
}

void nmf_section_begin(nmf_container_writer *writer, const char *name)
{
    writer->section = writer->bytes.size;
    nmf_write_bytes(&writer->bytes, name, 4);
    nmf_write_u64(&writer->bytes, 0); /* known when the section ends */
}

void nmf_section_end(nmf_container_writer *writer)
{
    size_t payload = writer->section + 12;
    nmf_patch_u64(&writer->bytes, writer->section + 4,
                  writer->bytes.size - payload);
    write_checksum(writer, writer->section);
    writer->n_sections++;
}

void nmf_container_set_pixels(nmf_container_writer *writer, uint32_t checksum)
{
    writer->has_pixels = true;
    writer->pixels = checksum;
}

nmf_status nmf_container_finish(nmf_bytes *out, nmf_container_writer *writer,
                                nmf_error *err)
{
    uint32_t n_sections = writer->n_sections;
    uint32_t chain = writer->chain;
    nmf_section_begin(writer, end_name);
    nmf_write_u32(&writer->bytes, n_sections);
    nmf_write_u32(&writer->bytes, chain);
    if (writer->has_pixels) {
        nmf_write_u32(&writer->bytes, writer->pixels);
    }
    nmf_section_end(writer);
    return nmf_byte_writer_finish(out, &writer->bytes, err);
}

nmf_status nmf_container_open(nmf_container_reader *out, const void *bytes,
                              size_t size, const char *name, nmf_error *err)
{
    nmf_container_reader reader = {.in = nmf_byte_reader_init(bytes, size),
                                   .name = name};
    *out = reader;
    if (!nmf_codec_sniff(bytes, size)) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': not a .nmfi file",
                             name);
    }
    nmf_read_bytes(&reader.in, sizeof magic);
    reader.version = nmf_read_u16(&reader.in);
    reader.kind = nmf_read_u16(&reader.in);
    uint32_t stored = nmf_read_u32(&reader.in);
    if (reader.in.failed) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': cut short in its header", name);
    }
    if (nmf_crc32c(0, bytes, NMF_CONTAINER_HEADER_SIZE - 4) != stored ||
        reader.version == 0 || reader.kind == 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': its header is damaged",
                             name);
    }
    if (reader.version > NMF_CONTAINER_VERSION) {
        return nmf_error_set(
            err, NMF_ERR_UNSUPPORTED,
            "'%s': version %u of the format; this program reads version %d",
            name, reader.version, NMF_CONTAINER_VERSION);
    }
    reader.chain =
        nmf_crc32c(0, reader.in.data + NMF_CONTAINER_HEADER_SIZE - 4, 4);
    *out = reader;
    return NMF_OK;
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The name of the next section; empty where it has none or bytes end. */
static void read_name(char name[5], nmf_byte_reader *in)
{
    const uint8_t *letters = nmf_read_bytes(in, 4);
    memset(name, 0, 5);
    for (unsigned i = 0; letters && i < 4; i++) {
        if (!is_letter(letters[i])) {
            return;
        }
    }
    if (letters) {
        memcpy(name, letters, 4);
    }
}

/* ENDS must count what came before it and be the last thing there is. */
static nmf_status check_end(const nmf_section *end,
                            nmf_container_reader *reader, nmf_error *err)
{
    bool has_pixels = reader->kind != NMF_CONTAINER_MODEL;
    nmf_byte_reader in = nmf_byte_reader_init(end->payload, end->size);
    uint32_t n_sections = nmf_read_u32(&in);
    uint32_t chain = nmf_read_u32(&in);
    reader->pixels = has_pixels ? nmf_read_u32(&in) : 0;
    size_t trailing = nmf_byte_reader_left(&reader->in);
    if (in.failed || nmf_byte_reader_left(&in) > 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': section ENDS has %zu bytes, expected %d",
                             reader->name, end->size, has_pixels ? 12 : 8);
    }
    if (n_sections != reader->n_sections || chain != reader->chain) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': sections were taken out, added or moved",
                             reader->name);
    }
    if (trailing > 0) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': %zu bytes after its end", reader->name,
                             trailing);
    }
    return NMF_OK;
}

nmf_status nmf_container_next(nmf_section *out, nmf_container_reader *reader,
                              nmf_error *err)
{
    nmf_byte_reader *in = &reader->in;
    nmf_section section = {0};
    size_t start = in->at;
    *out = (nmf_section){0};
    if (nmf_byte_reader_left(in) < NMF_SECTION_OVERHEAD) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': cut short, no section ENDS", reader->name);
    }
    read_name(section.name, in);
    uint64_t size = nmf_read_u64(in);
    if (!section.name[0]) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': damaged at byte %zu, no section begins",
                             reader->name, start);
    }
    if (size > nmf_byte_reader_left(in) - 4) {
        return nmf_error_set(
            err, NMF_ERR_FORMAT,
            "'%s': section %s has %" PRIu64 " bytes, but %zu remain",
            reader->name, section.name, size, nmf_byte_reader_left(in) - 4);
    }
    section.size = (size_t)size;
    section.payload = nmf_read_bytes(in, section.size);
    uint32_t computed = nmf_crc32c(0, in->data + start, in->at - start);
    uint32_t stored = nmf_read_u32(in);
    if (computed != stored) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': section %s is damaged: its checksum is "
                             "%08" PRIx32 ", expected %08" PRIx32,
                             reader->name, section.name, computed, stored);
    }
    if (memcmp(section.name, end_name, sizeof end_name) == 0) {
        return check_end(&section, reader, err);
    }
    /* One place is kept for ENDS. */
    if (reader->n_sections >= NMF_CONTAINER_MAX_SECTIONS - 1) {
        return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': more than %d sections",
                             reader->name, NMF_CONTAINER_MAX_SECTIONS);
    }
    reader->n_sections++;
    reader->chain = nmf_crc32c(reader->chain, in->data + in->at - 4, 4);
    *out = section;
    return NMF_OK;
}

nmf_status nmf_container_list(nmf_section_info **sections, size_t *n_sections,
                              unsigned *version, const void *bytes, size_t size,
                              const char *name, nmf_error *err)
{
    nmf_container_reader reader;
    void *list = NULL;
    size_t capacity = 0;
    size_t n = 0;
    *sections = NULL;
    *n_sections = 0;
    *version = 0;
    nmf_status status = nmf_container_open(&reader, bytes, size, name, err);
    while (status == NMF_OK) {
        nmf_section section;
        nmf_section_info info = {0};
        status = nmf_container_next(&section, &reader, err);
        if (status != NMF_OK || !section.name[0]) {
            break;
        }
        if (!nmf_array_reserve(&list, &capacity, n, sizeof info)) {
            status = nmf_error_memory(err, (n + 1) * sizeof info,
                                      "the list of sections");
            break;
        }
        memcpy(info.name, section.name, sizeof info.name);
        info.offset = (uint64_t)(section.payload - reader.in.data);
        info.size = section.size;
        ((nmf_section_info *)list)[n++] = info;
    }
    if (status != NMF_OK) {
        free(list);
        return status;
    }
    *sections = list;
    *n_sections = n;
    *version = reader.version;
    return NMF_OK;
}
