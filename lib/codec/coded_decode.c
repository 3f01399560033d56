/*
 * The bytes of FORMAT.md, sections 13 and 14, as pictures. Contracts are in
 * nmfimg/coded.h.
 */
#include "codec/coded_form.h"
#include "codec/crc.h"
#include "codec/name_code.h"
#include "codec/sections.h"
#include "codec/set.h"
#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

/* In the order in which they must come. */
enum { HEAD, CODE, NAMES, N_SECTIONS };
static const char *const section_names[N_SECTIONS] = {"HEAD", "CODE", "nAME"};

/* What the steps hand on; sections are borrowed. */
typedef struct decoder {
    const char *name; /* of the file, for messages */
    nmf_coded_info info;
    nmf_section sections[N_SECTIONS]; /* payload NULL: absent */
    uint32_t checksum; /* of the samples; of the short form its 16 bits */
} decoder;

static nmf_status malformed(const decoder *d, const char *what, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': %s", d->name, what);
}

static nmf_status check_step(const decoder *d, nmf_error *err)
{
    return d->info.step <= NMF_STEP_LAST
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                               "'%s': step %u is not known to this version",
                               d->name, d->info.step);
}

static nmf_status describe_short(decoder *d, const uint8_t *bytes, size_t size,
                                 nmf_error *err)
{
    nmf_byte_reader in = nmf_byte_reader_init(bytes, size);
    if (size < NMF_CODED_SHORT_HEAD) {
        return malformed(d, "cut short: a coded picture has at least 7 bytes",
                         err);
    }
    if (size - NMF_CODED_SHORT_HEAD > NMF_CODED_SHORT_MAX) {
        return malformed(d, "too long for one coded picture", err);
    }
    nmf_read_u16(&in);
    d->info.step = *nmf_read_bytes(&in, 1);
    d->info.id = nmf_read_u16(&in);
    d->checksum = nmf_read_u16(&in);
    d->info.is_short = true;
    d->info.n_images = 1;
    d->info.header_bytes = NMF_CODED_SHORT_HEAD;
    d->info.activation_bytes = size - NMF_CODED_SHORT_HEAD;
    d->sections[CODE].payload = bytes + NMF_CODED_SHORT_HEAD;
    d->sections[CODE].size = d->info.activation_bytes;
    return check_step(d, err);
}

static nmf_status find_sections(decoder *d, const void *bytes, size_t size,
                                nmf_error *err)
{
    const nmf_section_plan plan = {NMF_CONTAINER_CODED,
                                   "pictures coded with a model", section_names,
                                   N_SECTIONS};
    nmf_status status = nmf_sections_find(d->sections, &d->checksum, &plan,
                                          bytes, size, d->name, err);
    if (status != NMF_OK) {
        return status;
    }
    if (!d->sections[HEAD].payload || !d->sections[CODE].payload) {
        return malformed(d,
                         d->sections[HEAD].payload ? "section CODE is missing"
                                                   : "section HEAD is missing",
                         err);
    }
    return NMF_OK;
}

static nmf_status describe_long(decoder *d, const void *bytes, size_t size,
                                nmf_error *err)
{
    nmf_status status = find_sections(d, bytes, size, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_byte_reader in =
        nmf_byte_reader_init(d->sections[HEAD].payload, d->sections[HEAD].size);
    if (d->sections[HEAD].size != NMF_CODED_HEAD_SIZE) {
        return malformed(d, "section HEAD: expected 13 bytes", err);
    }
    d->info.n_images = nmf_read_u32(&in);
    d->info.id = nmf_read_u64(&in);
    d->info.step = *nmf_read_bytes(&in, 1);
    if (d->info.n_images == 0 || d->info.n_images > INT32_MAX) {
        return malformed(d, "section HEAD: no such number of pictures", err);
    }
    const nmf_section *names = &d->sections[NAMES];
    d->info.activation_bytes = d->sections[CODE].size;
    d->info.name_bytes =
        names->payload ? names->size + NMF_SECTION_OVERHEAD : 0;
    d->info.header_bytes = size - d->info.activation_bytes - d->info.name_bytes;
    return check_step(d, err);
}

static nmf_status describe(decoder *d, const void *bytes, size_t size,
                           nmf_error *err)
{
    d->info.total_bytes = size;
    return nmf_coded_sniff_one(bytes, size)
               ? describe_short(d, bytes, size, err)
               : describe_long(d, bytes, size, err);
}

nmf_status nmf_coded_describe(nmf_coded_info *out, const void *bytes,
                              size_t size, const char *name, nmf_error *err)
{
    decoder d = {.name = name};
    nmf_status status = describe(&d, bytes, size, err);
    *out = status == NMF_OK ? d.info : (nmf_coded_info){0};
    return status;
}

static nmf_status check_model(const decoder *d, const nmf_codebook *book,
                              nmf_error *err)
{
    const int digits = d->info.is_short ? 4 : 16;
    uint64_t id = d->info.is_short ? book->id & 0xffff : book->id;
    if (d->info.id == id) {
        return NMF_OK;
    }
    return nmf_error_set(err, NMF_ERR_DATA,
                         "'%s' was coded with another model than '%s': with "
                         "that of id %0*llx, this one has %0*llx",
                         d->name, book->name, digits,
                         (unsigned long long)d->info.id, digits,
                         (unsigned long long)id);
}

/* All memory that decoding takes, before any of it is asked for. */
static nmf_status check_budget(const decoder *d, const nmf_codebook *book,
                               size_t budget, nmf_error *err)
{
    const size_t each =
        book->n_features + (book->variation->n_modes + 2) * sizeof(int32_t);
    size_t needed = 0;
    bool fits = nmf_size_mul(&needed, d->info.n_images, each) &&
                nmf_size_add(&needed, needed, book->n_features * 9) &&
                nmf_size_add(&needed, needed, book->n_components * 4);
    if (!fits || needed > budget) {
        return nmf_error_set(
            err, NMF_ERR_LIMIT,
            "'%s': the pictures take %s, more than the %s allowed", d->name,
            nmf_format_size(fits ? needed : SIZE_MAX).text,
            nmf_format_size(budget).text);
    }
    return NMF_OK;
}

static nmf_status read_pictures(nmf_coded_pictures *pictures, const decoder *d,
                                const nmf_codebook *book, nmf_error *err)
{
    const nmf_section *code = &d->sections[CODE];
    nmf_bit_coder coder = nmf_bit_coder_decode(code->payload, code->size);
    nmf_step_coder steps;
    nmf_status status =
        nmf_step_coder_init(&steps, &coder, book, d->info.step, err);
    for (size_t i = 0;
         status == NMF_OK && i < pictures->n_images && !coder.failed; i++) {
        nmf_coded_picture picture = nmf_coded_picture_at(pictures, i);
        nmf_step_coder_code(&steps, &picture);
        pictures->shifts[2 * i] = picture.shift_x;
        pictures->shifts[2 * i + 1] = picture.shift_y;
        if (!nmf_steps_are_within(picture.steps, pictures->n_modes,
                                  d->info.step)) {
            coder.failed = true;
        }
    }
    if (status == NMF_OK && coder.failed) {
        status = malformed(d, "damaged or cut short", err);
    }
    nmf_step_coder_release(&steps);
    return status;
}

/* Would an encoder write the same? In so few bytes much damage is found so. */
static nmf_status check_code(const decoder *d,
                             const nmf_coded_pictures *pictures,
                             const nmf_codebook *book, nmf_error *err)
{
    const nmf_section *code = &d->sections[CODE];
    nmf_bytes again = {0};
    nmf_status status =
        nmf_coded_pictures_write(&again, pictures, book, d->info.step, err);
    if (status == NMF_OK &&
        (again.size != code->size ||
         (code->size > 0 &&
          memcmp(again.data, code->payload, code->size) != 0))) {
        status = malformed(d, "damaged or cut short", err);
    }
    nmf_bytes_release(&again);
    return status;
}

static nmf_status paint(nmf_set *set, const decoder *d,
                        const nmf_coded_pictures *pictures,
                        const nmf_codebook *book, nmf_error *err)
{
    const size_t n = book->n_features;
    const uint32_t mask = d->info.is_short ? 0xffff : UINT32_MAX;
    nmf_painter painter;
    nmf_status status = nmf_painter_init(&painter, book, err);
    set->pixels = nmf_malloc(pictures->n_images, n);
    if (status == NMF_OK && !set->pixels) {
        status =
            nmf_error_memory(err, pictures->n_images * n, "coded pictures");
    }
    for (size_t i = 0; status == NMF_OK && i < pictures->n_images; i++) {
        nmf_coded_picture picture = nmf_coded_picture_at(pictures, i);
        nmf_paint(set->pixels + i * n, &painter, &picture, d->info.step);
    }
    nmf_painter_release(&painter);
    if (status == NMF_OK &&
        (nmf_crc32c(0, set->pixels, pictures->n_images * n) & mask) !=
            d->checksum) {
        status = malformed(
            d, "its pictures do not have the checksum that they should", err);
    }
    return status;
}

static void fill_info(nmf_set *out, const decoder *d, const nmf_codebook *book)
{
    out->info = (nmf_set_info){.geometry = book->geometry,
                               .n_images = d->info.n_images,
                               .n_components = book->n_components,
                               .total_bytes = d->info.total_bytes,
                               .header_bytes = d->info.header_bytes,
                               .activation_bytes = d->info.activation_bytes,
                               .name_bytes = d->info.name_bytes};
}

nmf_status nmf_coded_decode(nmf_set *out, const nmf_codebook *book,
                            const void *bytes, size_t size, const char *name,
                            size_t max_bytes, nmf_error *err)
{
    const size_t budget = max_bytes ? max_bytes : NMF_SET_MAX_BYTES;
    decoder d = {.name = name};
    nmf_coded_pictures pictures = {0};
    *out = (nmf_set){0};
    nmf_status status = describe(&d, bytes, size, err);
    if (status == NMF_OK) {
        status = check_model(&d, book, err);
    }
    if (status == NMF_OK) {
        status = check_budget(&d, book, budget, err);
    }
    if (status == NMF_OK) {
        status = nmf_coded_pictures_init(&pictures, d.info.n_images,
                                         book->variation->n_modes, err);
    }
    if (status == NMF_OK) {
        status = read_pictures(&pictures, &d, book, err);
    }
    if (status == NMF_OK) {
        status = check_code(&d, &pictures, book, err);
    }
    if (status == NMF_OK) {
        status = paint(out, &d, &pictures, book, err);
    }
    if (status == NMF_OK && d.sections[NAMES].payload) {
        status = nmf_names_decode(&out->names, d.info.n_images,
                                  d.sections[NAMES].payload,
                                  d.sections[NAMES].size, budget, name, err);
    }
    nmf_coded_pictures_release(&pictures);
    if (status == NMF_OK) {
        fill_info(out, &d, book);
    } else {
        nmf_set_release(out);
    }
    return status;
}
