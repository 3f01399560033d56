/*
 * NPY, the format of numpy.save():
 *
 *     93 'NUMPY' major minor   version 1.0, 2.0 or 3.0
 *     length of the header     2 bytes (version 1) or 4, little-endian
 *     header                   a Python dictionary as text, spaces, newline:
 *         {'descr': '<f4', 'fortran_order': False, 'shape': (2429, 361), }
 *     numbers
 *
 * Nothing of Python is evaluated: the dictionary is parsed, its keys in any
 * order, and whatever is not as above is refused. https://numpy.org/neps,
 * "NEP 1: A simple file format for NumPy arrays" (2007).
 */
#include "table/reader.h"

#include "core/alloc.h"
#include "core/error.h"

#include <inttypes.h>
#include <string.h>

enum {
    MAGIC_SIZE = 6,
    VERSION_SIZE = 2,
    MAX_HEADER = 1 << 16, /* NumPy's own limit is 10,000 */
    MAX_DIMS = 64         /* NumPy's own limit */
};

static const char magic[MAGIC_SIZE + 1] = "\x93NUMPY";

bool nmf_npy_sniff(const uint8_t *bytes, size_t size)
{
    return size >= MAGIC_SIZE && memcmp(bytes, magic, MAGIC_SIZE) == 0;
}

/* A piece of the header. */
typedef struct text {
    const char *at;
    const char *end;
} text;

typedef struct header {
    text descr;   /* without its quotes; at == NULL: not seen yet */
    int fortran;  /* -1: not seen yet */
    bool is_list; /* descr is a list: fields with names */
    bool has_shape;
    size_t n_dims;
    uint64_t dims[MAX_DIMS];
} header;

static void skip_spaces(text *t)
{
    while (t->at < t->end &&
           (*t->at == ' ' || *t->at == '\t' || *t->at == '\n')) {
        t->at++;
    }
}

/* Take one character, after spaces. */
static bool take(text *t, char c)
{
    skip_spaces(t);
    if (t->at == t->end || *t->at != c) {
        return false;
    }
    t->at++;
    return true;
}

static bool take_word(text *t, const char *word)
{
    size_t length = strlen(word);
    skip_spaces(t);
    if ((size_t)(t->end - t->at) < length || memcmp(t->at, word, length) != 0) {
        return false;
    }
    t->at += length;
    return true;
}

/* 'text' or "text"; escapes are for nobody who writes headers. */
static bool take_string(text *t, text *out)
{
    skip_spaces(t);
    if (t->at == t->end || (*t->at != '\'' && *t->at != '"')) {
        return false;
    }
    char quote = *t->at++;
    out->at = t->at;
    while (t->at < t->end && *t->at != quote) {
        if (*t->at == '\\' || *t->at == '\n') {
            return false;
        }
        t->at++;
    }
    out->end = t->at;
    return take(t, quote);
}

/* Digits, and the L that Python 2 wrote behind long integers. */
static bool take_number(text *t, uint64_t *out)
{
    skip_spaces(t);
    const char *first = t->at;
    *out = 0;
    while (t->at < t->end && *t->at >= '0' && *t->at <= '9') {
        uint64_t digit = (uint64_t)(*t->at - '0');
        if (*out > (UINT64_MAX - digit) / 10) {
            return false;
        }
        *out = 10 * *out + digit;
        t->at++;
    }
    if (t->at == first) {
        return false;
    }
    if (t->at < t->end && *t->at == 'L') {
        t->at++;
    }
    return true;
}

/* (), (3,) or (3, 4) */
static bool take_shape(text *t, header *h)
{
    if (h->has_shape || !take(t, '(')) {
        return false;
    }
    h->has_shape = true;
    while (!take(t, ')')) {
        if (h->n_dims == MAX_DIMS || !take_number(t, &h->dims[h->n_dims])) {
            return false;
        }
        h->n_dims++;
        if (!take(t, ',')) {
            return h->n_dims > 1 && take(t, ')'); /* (3) is a number */
        }
    }
    return true;
}

static bool take_descr(text *t, header *h)
{
    if (h->descr.at) {
        return false;
    }
    skip_spaces(t);
    if (t->at < t->end && *t->at == '[') {
        h->is_list = true;
        return true; /* no need to go on */
    }
    return take_string(t, &h->descr);
}

static bool take_order(text *t, header *h)
{
    if (h->fortran >= 0) {
        return false;
    }
    h->fortran = take_word(t, "True") ? 1 : take_word(t, "False") ? 0 : -1;
    return h->fortran >= 0;
}

static bool is_text(text t, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(t.end - t.at) == length && memcmp(t.at, word, length) == 0;
}

/* One key and its value. */
static bool take_item(text *t, header *h)
{
    text key = {0};
    if (!take_string(t, &key) || !take(t, ':')) {
        return false;
    }
    if (is_text(key, "descr")) {
        return take_descr(t, h);
    }
    if (is_text(key, "fortran_order")) {
        return take_order(t, h);
    }
    return is_text(key, "shape") && take_shape(t, h);
}

/*
 * The whole dictionary and nothing behind it. On failure t->at is where it
 * was not understood.
 */
static bool parse_header(text *t, header *h)
{
    memset(h, 0, sizeof *h);
    h->fortran = -1;
    if (!take(t, '{')) {
        return false;
    }
    while (!take(t, '}')) {
        if (!take_item(t, h)) {
            return false;
        }
        if (h->is_list) {
            return true;
        }
        if (!take(t, ',')) {
            if (!take(t, '}')) {
                return false;
            }
            break;
        }
    }
    skip_spaces(t);
    return t->at == t->end;
}

/* '|u1', '<f4', '<f8', '>f4', '>f8'; the order of single bytes is no matter. */
static bool find_layout(nmf_layout *out, const header *h)
{
    const char *descr = h->descr.at;
    if (h->descr.end - descr != 3 || !strchr("<>|", descr[0])) {
        return false;
    }
    out->is_fortran = h->fortran == 1;
    out->is_big_endian = descr[0] == '>';
    if (descr[1] == 'u' && descr[2] == '1') {
        out->element = NMF_ELEMENT_U8;
        return true;
    }
    if (descr[0] == '|' || descr[1] != 'f') {
        return false;
    }
    out->element = descr[2] == '4' ? NMF_ELEMENT_F32 : NMF_ELEMENT_F64;
    return descr[2] == '4' || descr[2] == '8';
}

static nmf_status fail_dtype(const header *h, const char *name, nmf_error *err)
{
    int length = (int)(h->descr.end - h->descr.at);
    if (h->is_list) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': an array of records; save one field of it, "
                             "as x['NAME'].astype('float32')",
                             name);
    }
    return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                         "'%s': numbers of dtype '%.*s' are not read; save "
                         "x.astype('float32')",
                         name, length < 32 ? length : 32, h->descr.at);
}

/* Magic, version and length. */
static nmf_status read_header_size(size_t *out, nmf_stream *stream,
                                   nmf_error *err)
{
    const size_t before = MAGIC_SIZE + VERSION_SIZE;
    uint8_t bytes[MAGIC_SIZE + VERSION_SIZE + 4] = {0};
    nmf_status status =
        nmf_stream_read_all(stream, bytes, before, before + 2, err);
    if (status != NMF_OK) {
        return status;
    }
    const unsigned major = bytes[MAGIC_SIZE];
    const unsigned minor = bytes[MAGIC_SIZE + 1];
    if (major < 1 || major > 3 || minor != 0) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': NPY version %u.%u; 1.0 to 3.0 are read",
                             stream->name, major, minor);
    }
    const size_t width = major == 1 ? 2 : 4;
    status =
        nmf_stream_read_all(stream, bytes + before, width, before + width, err);
    const uint8_t *length = bytes + before;
    *out = (size_t)length[0] | (size_t)length[1] << 8 |
           (size_t)length[2] << 16 | (size_t)length[3] << 24;
    if (status == NMF_OK && *out > MAX_HEADER) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': a header of %zu bytes, more than %d",
                             stream->name, *out, MAX_HEADER);
    }
    return status;
}

/* rest is what is left of the header where the parser stopped. */
static nmf_status fail_header(text rest, const header *h, const char *name,
                              nmf_error *err)
{
    char shown[24] = {0};
    if (rest.at == rest.end) {
        const char *missing = !h->descr.at     ? "descr"
                              : h->fortran < 0 ? "fortran_order"
                                               : "shape";
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': the header ends without '%s'", name,
                             missing);
    }
    for (size_t i = 0; i + 1 < sizeof shown && rest.at < rest.end; i++) {
        char c = *rest.at++;
        shown[i] = (char)(c >= ' ' && c <= '~' ? c : '?');
    }
    return nmf_error_set(err, NMF_ERR_FORMAT,
                         "'%s': the header is not understood at '%s'", name,
                         shown);
}

static bool is_complete(const header *h)
{
    return h->is_list || (h->descr.at && h->fortran >= 0 && h->has_shape);
}

nmf_status nmf_npy_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err)
{
    size_t size = 0;
    header h;
    nmf_layout layout = {0};
    char *bytes = NULL;

    nmf_status status = read_header_size(&size, stream, err);
    if (status != NMF_OK) {
        return status;
    }
    bytes = nmf_malloc(size + 1, 1);
    if (!bytes) {
        status = nmf_error_set(err, NMF_ERR_MEMORY, "'%s': out of memory",
                               stream->name);
        goto done;
    }
    status =
        nmf_stream_read_all(stream, bytes, size, stream->position + size, err);
    if (status != NMF_OK) {
        goto done;
    }
    text t = {bytes, bytes + size};
    if (!parse_header(&t, &h) || !is_complete(&h)) {
        status = fail_header(t, &h, stream->name, err);
        goto done;
    }
    if (h.is_list || !find_layout(&layout, &h)) {
        status = fail_dtype(&h, stream->name, err);
        goto done;
    }
    out->format = NMF_TABLE_NPY;
    status = nmf_table_set_dims(out, h.dims, h.n_dims, stream, err);
    if (status == NMF_OK) {
        status = nmf_table_read_elements(out, stream, layout, options, err);
    }
done:
    nmf_free(bytes);
    return status;
}
