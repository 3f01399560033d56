/*
 * The bytes of FORMAT.md, section 7, as pictures. Three steps: find all
 * sections and verify their checksums, without asking for memory; read what
 * describes the rest and weigh it against the budget; only then decode. What
 * was painted must have the checksum that the file ends with.
 */
#include "codec/crc.h"
#include "codec/name_code.h"
#include "codec/residual.h"
#include "codec/sections.h"
#include "codec/set.h"
#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

/* In the order in which they must come. */
enum { BASE, CODE, RESIDUAL, NAMES, N_SECTIONS };
static const char *const section_names[N_SECTIONS] = {"BASE", "CODE", "RESI",
                                                      "nAME"};

/* What the steps hand on; sections are borrowed. */
typedef struct decoder {
    const char *name; /* of the file, for messages */
    size_t budget;
    nmf_section sections[N_SECTIONS]; /* payload NULL: absent */
    uint32_t pixel_checksum;
    nmf_set_info info;
    nmf_blocks blocks;
    size_t n_features;
    nmf_residual_reader residual; /* where there is one */
} decoder;

static bool has(const decoder *d, int section)
{
    return d->sections[section].payload != NULL;
}

/* "'faces.nmfi': section BASE: WHAT", reason format. */
static nmf_status malformed(const decoder *d, int section, const char *what,
                            nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': section %s: %s", d->name,
                         section_names[section], what);
}

static nmf_status find_sections(decoder *d, const void *bytes, size_t size,
                                nmf_error *err)
{
    const nmf_section_plan plan = {NMF_CONTAINER_SET, "a set of pictures",
                                   section_names, N_SECTIONS};
    nmf_status status = nmf_sections_find(d->sections, &d->pixel_checksum,
                                          &plan, bytes, size, d->name, err);
    if (status != NMF_OK) {
        return status;
    }
    for (int i = BASE; i <= CODE; i++) {
        if (!has(d, i)) {
            return malformed(d, i, "is missing", err);
        }
    }
    return NMF_OK;
}

/* What the head of the residual says, if there is one. */
static nmf_status read_residual_head(decoder *d, nmf_error *err)
{
    const nmf_section *section = &d->sections[RESIDUAL];
    if (has(d, RESIDUAL) &&
        !nmf_residual_reader_init(&d->residual, section->payload, section->size,
                                  d->blocks.width, d->blocks.height,
                                  d->blocks.channels)) {
        return malformed(d, RESIDUAL, "a size is out of range", err);
    }
    return NMF_OK;
}

static bool is_side(size_t side, size_t max)
{
    return side >= 1 && side <= max;
}

static nmf_status read_head(decoder *d, nmf_error *err)
{
    nmf_byte_reader in =
        nmf_byte_reader_init(d->sections[BASE].payload, d->sections[BASE].size);
    nmf_set_info *info = &d->info;
    info->n_images = nmf_read_u32(&in);
    info->geometry.width = nmf_read_u16(&in);
    info->geometry.height = nmf_read_u16(&in);
    info->n_components = nmf_read_u16(&in);
    const uint8_t *bytes = nmf_read_bytes(&in, 4);
    if (in.failed) {
        return malformed(d, BASE, "cut short", err);
    }
    info->geometry.channels = bytes[0];
    info->block_width = bytes[1];
    info->block_height = bytes[2];
    if (info->n_images == 0 || info->n_images > INT32_MAX ||
        info->geometry.width == 0 || info->geometry.height == 0 ||
        info->n_components == 0 || info->n_components > NMF_MAX_COMPONENTS ||
        (info->geometry.channels != 1 && info->geometry.channels != 3) ||
        !is_side(info->block_width, NMF_BLOCK_SIDE_MAX) ||
        !is_side(info->block_height, NMF_BLOCK_SIDE_MAX)) {
        return malformed(d, BASE, "a size is out of range", err);
    }
    if (bytes[3] != 0) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': flags %u are not known to this version",
                             d->name, bytes[3]);
    }
    nmf_blocks_init(&d->blocks, info->geometry.width, info->geometry.height,
                    info->geometry.channels, info->block_width,
                    info->block_height);
    d->n_features =
        info->geometry.width * info->geometry.height * info->geometry.channels;
    return NMF_OK;
}

/* a * b * c added to sum; false where that overflows. */
static bool add_product(size_t *sum, size_t a, size_t b, size_t c)
{
    size_t product = 0;
    return nmf_size_mul(&product, a, b) && nmf_size_mul(&product, product, c) &&
           nmf_size_add(sum, *sum, product);
}

/* All memory that decoding takes, before any of it is asked for. */
static nmf_status check_budget(const decoder *d, nmf_error *err)
{
    const size_t n = d->info.n_images;
    const size_t k = d->info.n_components;
    size_t needed = 0;
    size_t coding = nmf_activations_code_memory(n, k);
    bool fits =
        add_product(&needed, n, d->n_features, 1) &&
        add_product(&needed, k, d->blocks.size, sizeof(int32_t)) &&
        add_product(&needed, k, d->n_features, sizeof(int32_t)) &&
        add_product(&needed, n, k + 1, sizeof(int32_t)) &&
        add_product(&needed, d->n_features, sizeof(int64_t), 1) &&
        add_product(&needed, k, 5, 1) &&
        nmf_size_add(&needed, needed, coding) &&
        nmf_size_add(&needed, needed,
                     has(d, RESIDUAL) ? nmf_residual_memory(&d->residual)
                                      : 0) &&
        nmf_size_add(&needed, needed, nmf_basis_code_memory(&d->blocks));
    if (!fits || needed > d->budget) {
        return nmf_error_set(
            err, NMF_ERR_LIMIT,
            "'%s': the pictures take %s, more than the %s allowed", d->name,
            nmf_format_size(fits ? needed : SIZE_MAX).text,
            nmf_format_size(d->budget).text);
    }
    return NMF_OK;
}

static void measure(decoder *d, size_t size)
{
    nmf_set_info *info = &d->info;
    info->total_bytes = size;
    info->basis_bytes = d->sections[BASE].size - NMF_SET_HEAD_SIZE;
    info->activation_bytes = d->sections[CODE].size;
    info->name_bytes =
        has(d, NAMES) ? d->sections[NAMES].size + NMF_SECTION_OVERHEAD : 0;
    info->residual_bytes =
        has(d, RESIDUAL) ? d->sections[RESIDUAL].size + NMF_SECTION_OVERHEAD
                         : 0;
    info->header_bytes = size - info->basis_bytes - info->activation_bytes -
                         info->name_bytes - info->residual_bytes;
}

static nmf_status read_factors(nmf_set_factors *factors, const decoder *d,
                               nmf_error *err)
{
    const nmf_section *base = &d->sections[BASE];
    const nmf_section *code = &d->sections[CODE];
    nmf_bit_coder coder = nmf_bit_coder_decode(
        base->payload + NMF_SET_HEAD_SIZE, base->size - NMF_SET_HEAD_SIZE);
    nmf_status status = nmf_basis_code(&coder, &factors->basis, err);
    if (status == NMF_OK && coder.failed) {
        status = malformed(d, BASE, "damaged components", err);
    }
    if (status != NMF_OK) {
        return status;
    }
    coder = nmf_bit_coder_decode(code->payload, code->size);
    status = nmf_activations_code(&coder, &factors->activations, err);
    if (status == NMF_OK && coder.failed) {
        status = malformed(d, CODE, "damaged activations", err);
    }
    return status;
}

static nmf_status paint(nmf_set *set, decoder *d,
                        const nmf_set_factors *factors, nmf_error *err)
{
    const size_t k = d->info.n_components;
    const nmf_section *residual = &d->sections[RESIDUAL];
    int32_t *components = nmf_set_paint_basis(&factors->basis);
    int64_t *sums = nmf_malloc(d->n_features, sizeof *sums);
    nmf_status status = NMF_OK;
    set->pixels = nmf_malloc(d->info.n_images, d->n_features);
    if (!components || !sums || !set->pixels) {
        status = nmf_error_memory(err, d->info.n_images * d->n_features,
                                  "the pictures of a set");
        goto done;
    }
    if (has(d, RESIDUAL)) {
        status = nmf_residual_begin(&d->residual, residual->payload,
                                    residual->size, err);
    }
    for (size_t i = 0; status == NMF_OK && i < d->info.n_images; i++) {
        if (has(d, RESIDUAL) && !nmf_residual_next(&d->residual)) {
            status = malformed(d, RESIDUAL, "damaged coefficients", err);
            break;
        }
        nmf_set_paint_image(set->pixels + i * d->n_features, sums, components,
                            d->n_features, factors->activations.values + i * k,
                            k, d->residual.pixels);
    }
    if (status == NMF_OK &&
        nmf_crc32c(0, set->pixels, d->info.n_images * d->n_features) !=
            d->pixel_checksum) {
        status = nmf_error_set(err, NMF_ERR_FORMAT,
                               "'%s': its pictures do not have the checksum "
                               "that they should",
                               d->name);
    }
done:
    nmf_residual_release(&d->residual);
    nmf_free(components);
    nmf_free(sums);
    return status;
}

static nmf_status describe(decoder *d, const void *bytes, size_t size,
                           nmf_error *err)
{
    nmf_status status = find_sections(d, bytes, size, err);
    if (status == NMF_OK) {
        status = read_head(d, err);
    }
    if (status == NMF_OK) {
        status = read_residual_head(d, err);
    }
    if (status == NMF_OK) {
        measure(d, size);
    }
    return status;
}

nmf_status nmf_set_describe(nmf_set_info *out, const void *bytes, size_t size,
                            const char *name, nmf_error *err)
{
    decoder d = {.name = name};
    nmf_status status = describe(&d, bytes, size, err);
    *out = status == NMF_OK ? d.info : (nmf_set_info){0};
    return status;
}

/* The numbers of a file; factors are released by the caller either way. */
static nmf_status decode_factors(nmf_set_factors *factors, decoder *d,
                                 const void *bytes, size_t size, nmf_error *err)
{
    nmf_status status = describe(d, bytes, size, err);
    if (status == NMF_OK) {
        status = check_budget(d, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_factors_init(factors, &d->blocks, d->info.n_images,
                                      d->info.n_components, err);
    }
    return status == NMF_OK ? read_factors(factors, d, err) : status;
}

/* Whole numbers as the matrices that they stand for. */
static nmf_status convert(nmf_matrix *W, nmf_matrix *H, const decoder *d,
                          const nmf_set_factors *factors, nmf_error *err)
{
    const size_t n = d->info.n_images, k = d->info.n_components;
    const float unit = 1.0F / (255.0F * (float)(1 << NMF_PIXEL_BITS));
    int32_t *components = nmf_set_paint_basis(&factors->basis);
    nmf_status status =
        components ? nmf_matrix_init(W, n, k, err)
                   : nmf_error_memory(err, k * d->n_features * sizeof(int32_t),
                                      "the components of a set");
    if (status == NMF_OK) {
        status = nmf_matrix_init(H, k, d->n_features, err);
    }
    for (size_t i = 0; status == NMF_OK && i < n * k; i++) {
        W->data[i] = (float)factors->activations.values[i];
    }
    for (size_t i = 0; status == NMF_OK && i < k * d->n_features; i++) {
        H->data[i] = components[i] > 0 ? unit * (float)components[i] : 0.0F;
    }
    nmf_free(components);
    return status;
}

nmf_status nmf_set_parts(nmf_matrix *W, nmf_matrix *H, const void *bytes,
                         size_t size, const char *name, size_t max_bytes,
                         nmf_error *err)
{
    decoder d = {.name = name,
                 .budget = max_bytes ? max_bytes : NMF_SET_MAX_BYTES};
    nmf_set_factors factors = {0};
    *W = *H = (nmf_matrix){0};
    nmf_status status = decode_factors(&factors, &d, bytes, size, err);
    if (status == NMF_OK) {
        status = convert(W, H, &d, &factors, err);
    }
    nmf_set_factors_release(&factors);
    if (status != NMF_OK) {
        nmf_matrix_release(W);
        nmf_matrix_release(H);
    }
    return status;
}

nmf_status nmf_set_decode(nmf_set *out, const void *bytes, size_t size,
                          const char *name, size_t max_bytes, nmf_error *err)
{
    decoder d = {.name = name,
                 .budget = max_bytes ? max_bytes : NMF_SET_MAX_BYTES};
    nmf_set_factors factors = {0};
    *out = (nmf_set){0};
    nmf_status status = decode_factors(&factors, &d, bytes, size, err);
    if (status == NMF_OK) {
        status = paint(out, &d, &factors, err);
    }
    if (status == NMF_OK && has(&d, NAMES)) {
        status = nmf_names_decode(&out->names, d.info.n_images,
                                  d.sections[NAMES].payload,
                                  d.sections[NAMES].size, d.budget, name, err);
    }
    out->info = d.info;
    nmf_set_factors_release(&factors);
    if (status != NMF_OK) {
        nmf_set_release(out);
    }
    return status;
}

void nmf_set_release(nmf_set *set)
{
    if (set) {
        nmf_free(set->pixels);
        nmf_free(set->names);
        *set = (nmf_set){0};
    }
}

nmf_status nmf_set_image(nmf_image *out, const nmf_set *set, size_t i,
                         nmf_error *err)
{
    const nmf_geometry *geometry = &set->info.geometry;
    size_t n = geometry->width * geometry->height * geometry->channels;
    if (i >= set->info.n_images) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "image %zu of a set of %zu",
                             i, set->info.n_images);
    }
    nmf_status status = nmf_image_init(out, geometry->width, geometry->height,
                                       geometry->channels, err);
    for (size_t p = 0; status == NMF_OK && p < n; p++) {
        out->pixels[p] = (float)set->pixels[i * n + p] / 255.0F;
    }
    return status;
}
