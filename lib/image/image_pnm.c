/*
 * Netpbm's formats P1 .. P6, read to the letter:
 *
 *     P1 P2 P3    bitmap, grey, colour as decimal text
 *     P4 P5 P6    the same as bits or big-endian bytes
 *
 * The header is the magic and the numbers width, height and (but for bitmaps)
 * maxval, each after white space or comments (# to the end of the line).
 * Exactly one byte of white space, or one comment, ends the header of P4 .. P6;
 * what follows is samples, even if it looks like white space or a comment. A
 * sample above maxval is an error. What follows the first picture is ignored.
 *
 * Source: Netpbm's manual pages pbm(5), pgm(5), ppm(5).
 */
#include "core/alloc.h"
#include "core/error.h"
#include "image/canvas.h"
#include "image/decoder.h"
#include "image/samples.h"

#include <string.h>

enum { PNM_MAX_MAXVAL = 65535 };

typedef struct pnm_reader {
    const uint8_t *next;
    const uint8_t *end;
    char kind; /* '1' .. '6' */
    size_t width;
    size_t height;
    size_t maxval; /* 1 for bitmaps */
} pnm_reader;

static bool is_bitmap(const pnm_reader *pnm)
{
    return pnm->kind == '1' || pnm->kind == '4';
}

static bool is_text(const pnm_reader *pnm)
{
    return pnm->kind <= '3';
}

static bool is_colour(const pnm_reader *pnm)
{
    return pnm->kind == '3' || pnm->kind == '6';
}

static size_t remaining(const pnm_reader *pnm)
{
    return (size_t)(pnm->end - pnm->next);
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static void skip_comment(pnm_reader *pnm)
{
    while (pnm->next < pnm->end && *pnm->next != '\n' && *pnm->next != '\r') {
        pnm->next++;
    }
}

static void skip_space(pnm_reader *pnm)
{
    while (pnm->next < pnm->end) {
        if (*pnm->next == '#') {
            skip_comment(pnm);
        } else if (is_space(*pnm->next)) {
            pnm->next++;
        } else {
            return;
        }
    }
}

static nmf_status cut_short(const char *what, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_FORMAT, "cut short: no %s", what);
}

/*
 * The next number, at most limit. It ends before the first byte that is no
 * digit, which has to be white space, a comment or the end of the file.
 */
static nmf_status read_number(size_t *out, pnm_reader *pnm, size_t limit,
                              const char *what, nmf_error *err)
{
    size_t value = 0;
    skip_space(pnm);
    if (pnm->next == pnm->end) {
        return cut_short(what, err);
    }
    const uint8_t *first = pnm->next;
    while (pnm->next < pnm->end && is_digit(*pnm->next)) {
        value = value * 10 + (size_t)(*pnm->next++ - '0');
        if (value > limit) {
            return nmf_error_set(err, NMF_ERR_FORMAT, "%s is larger than %zu",
                                 what, limit);
        }
    }
    if (pnm->next == first ||
        (pnm->next < pnm->end && !is_space(*pnm->next) && *pnm->next != '#')) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "%s is no number: byte 0x%02x", what, *pnm->next);
    }
    *out = value;
    return NMF_OK;
}

static nmf_status read_size(size_t *out, pnm_reader *pnm, const char *what,
                            nmf_error *err)
{
    /* More than any limit on pixels, and ten of it still fit. */
    nmf_status status = read_number(out, pnm, SIZE_MAX / 16, what, err);
    if (status == NMF_OK && *out == 0) {
        status = nmf_error_set(err, NMF_ERR_FORMAT, "%s is 0", what);
    }
    return status;
}

/* Read the header; pnm->next is left at the raster. */
static nmf_status read_header(pnm_reader *pnm, nmf_image_info *info,
                              const uint8_t *bytes, size_t size, nmf_error *err)
{
    *pnm = (pnm_reader){.next = bytes + 2,
                        .end = bytes + size,
                        .kind = (char)bytes[1],
                        .maxval = 1};
    nmf_status status = read_size(&pnm->width, pnm, "width", err);
    if (status == NMF_OK) {
        status = read_size(&pnm->height, pnm, "height", err);
    }
    if (status == NMF_OK && !is_bitmap(pnm)) {
        status = read_number(&pnm->maxval, pnm, PNM_MAX_MAXVAL, "maxval", err);
        if (status == NMF_OK && pnm->maxval == 0) {
            status = nmf_error_set(err, NMF_ERR_FORMAT, "maxval is 0");
        }
    }
    if (status != NMF_OK) {
        return status;
    }
    if (!is_text(pnm)) {
        if (pnm->next < pnm->end && *pnm->next == '#') {
            skip_comment(pnm);
        }
        if (pnm->next == pnm->end) {
            return cut_short("samples", err);
        }
        pnm->next++;
    }
    *info = (nmf_image_info){
        .format = NMF_IMAGE_PNM,
        .width = pnm->width,
        .height = pnm->height,
        .colour = is_colour(pnm) ? NMF_COLOUR_RGB : NMF_COLOUR_GREY,
        .bits = is_bitmap(pnm)      ? 1
                : pnm->maxval < 256 ? 8
                                    : 16,
        .orientation = 1,
    };
    return NMF_OK;
}

/*
 * Bytes that a row takes at least in the file: text needs a digit and white
 * space for each sample (bits may stand close), the last white space excepted.
 */
static bool row_bytes(size_t *out, const pnm_reader *pnm)
{
    size_t samples = 0;
    if (!nmf_size_mul(&samples, pnm->width, is_colour(pnm) ? 3 : 1)) {
        return false;
    }
    switch (pnm->kind) {
    case '1':
        *out = samples;
        return true;
    case '4':
        *out = samples / 8 + (samples % 8 != 0);
        return true;
    case '2':
    case '3':
        return nmf_size_mul(out, samples, 2);
    default:
        return nmf_size_mul(out, samples, pnm->maxval < 256 ? 1 : 2);
    }
}

/* A few bytes that announce a huge picture end here, before any memory. */
static nmf_status check_raster(size_t *bytes_per_row, const pnm_reader *pnm,
                               nmf_error *err)
{
    size_t needed = 0;
    const size_t there = remaining(pnm);
    const size_t slack = pnm->kind == '2' || pnm->kind == '3';
    if (!row_bytes(bytes_per_row, pnm) ||
        !nmf_size_mul(&needed, *bytes_per_row, pnm->height) ||
        needed - slack > there) {
        return nmf_error_set(
            err, NMF_ERR_FORMAT,
            "cut short: %zu x %zu pixels do not fit into %zu bytes", pnm->width,
            pnm->height, there);
    }
    return NMF_OK;
}

/* One row of text becomes samples of 16 bits, as P5 and P6 have them. */
static nmf_status read_text_row(uint8_t *row, pnm_reader *pnm, size_t n,
                                nmf_error *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t value = 0;
        nmf_status status =
            read_number(&value, pnm, pnm->maxval, "sample", err);
        if (status != NMF_OK) {
            return status;
        }
        row[2 * i] = (uint8_t)(value >> 8);
        row[2 * i + 1] = (uint8_t)(value & 0xff);
    }
    return NMF_OK;
}

/* Bitmaps: 1 is black. */
static nmf_status read_digits_row(uint8_t *row, pnm_reader *pnm, size_t n,
                                  nmf_error *err)
{
    for (size_t i = 0; i < n; i++) {
        skip_space(pnm);
        if (pnm->next == pnm->end) {
            return cut_short("sample", err);
        }
        if (*pnm->next != '0' && *pnm->next != '1') {
            return nmf_error_set(err, NMF_ERR_FORMAT,
                                 "a bit is neither 0 nor 1: byte 0x%02x",
                                 *pnm->next);
        }
        row[i] = *pnm->next++ == '0';
    }
    return NMF_OK;
}

static void read_bits_row(uint8_t *row, pnm_reader *pnm, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        row[i] = !(pnm->next[i / 8] >> (7 - i % 8) & 1);
    }
}

static nmf_status check_samples(const uint8_t *row, size_t n, bool wide,
                                unsigned maxval, nmf_error *err)
{
    unsigned largest = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned value =
            wide ? (unsigned)row[2 * i] << 8 | row[2 * i + 1] : row[i];
        largest = value > largest ? value : largest;
    }
    if (largest > maxval) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "sample %u is larger than maxval %u", largest,
                             maxval);
    }
    return NMF_OK;
}

/*
 * Set *row to the next row as samples_convert() wants it: in scratch, or right
 * in the file.
 */
static nmf_status read_row(const uint8_t **row, uint8_t *scratch,
                           pnm_reader *pnm, size_t bytes_per_row,
                           const nmf_samples *samples, nmf_error *err)
{
    const size_t n = pnm->width * samples->channels;
    *row = scratch;
    switch (pnm->kind) {
    case '1':
        return read_digits_row(scratch, pnm, n, err);
    case '2':
    case '3':
        return read_text_row(scratch, pnm, n, err);
    case '4':
        read_bits_row(scratch, pnm, n);
        break;
    default:
        *row = pnm->next;
        break;
    }
    pnm->next += bytes_per_row;
    /* Where the type has no larger value there is nothing to check. */
    if (is_bitmap(pnm) || pnm->maxval == (samples->wide ? 65535 : 255)) {
        return NMF_OK;
    }
    return check_samples(*row, n, samples->wide, samples->max, err);
}

nmf_status nmf_pnm_probe(nmf_image_info *info, const uint8_t *bytes,
                         size_t size, nmf_error *err)
{
    pnm_reader pnm;
    return read_header(&pnm, info, bytes, size, err);
}

nmf_status nmf_pnm_decode(nmf_image *out, nmf_image_info *info,
                          const uint8_t *bytes, size_t size,
                          const nmf_image_options *options, nmf_error *err)
{
    pnm_reader pnm;
    nmf_canvas canvas = {0};
    uint8_t *scratch = NULL;
    size_t bytes_per_row = 0;
    size_t scratch_bytes = 0;
    nmf_status status = read_header(&pnm, info, bytes, size, err);
    if (status != NMF_OK) {
        return status;
    }
    const size_t channels = nmf_image_channels(info, options);
    const nmf_samples samples = {
        .channels = is_colour(&pnm) ? 3 : 1,
        .wide = pnm.kind == '2' || pnm.kind == '3' || pnm.maxval > 255,
        .max = (unsigned)pnm.maxval,
    };
    status = check_raster(&bytes_per_row, &pnm, err);
    if (status == NMF_OK) {
        if (is_text(&pnm) || is_bitmap(&pnm)) {
            scratch_bytes = pnm.width * samples.channels * 2;
        }
        status = nmf_image_admit(info, size, scratch_bytes, options, err);
    }
    if (status == NMF_OK && scratch_bytes > 0) {
        scratch = nmf_malloc(scratch_bytes, 1);
        if (!scratch) {
            status = nmf_error_memory(err, scratch_bytes, "a row of samples");
        }
    }
    if (status == NMF_OK) {
        status = nmf_canvas_init(&canvas, out, pnm.width, pnm.height, channels,
                                 info->orientation, err);
    }
    for (size_t y = 0; status == NMF_OK && y < pnm.height; y++) {
        const uint8_t *row = NULL;
        status = read_row(&row, scratch, &pnm, bytes_per_row, &samples, err);
        if (status == NMF_OK) {
            nmf_samples_convert(nmf_canvas_row(&canvas, y), channels, row,
                                pnm.width, &samples);
            nmf_canvas_row_done(&canvas, y);
        }
    }
    nmf_canvas_release(&canvas);
    nmf_free(scratch);
    return status;
}
