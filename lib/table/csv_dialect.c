/* The layout of a text with numbers. Contracts are in csv.h and reader.h. */
#include "table/csv.h"

#include "table/reader.h"

#include <string.h>

const char *nmf_csv_take_field(nmf_number *out, const char *at, const char *end,
                               char separator)
{
    while (at < end && nmf_csv_is_blank(*at, separator)) {
        at++;
    }
    const bool is_quoted = at < end && *at == '"';
    at += is_quoted;
    if (!nmf_number_scan(out, at, end)) {
        return NULL;
    }
    at += out->length;
    if (is_quoted && (at == end || *at++ != '"')) {
        return NULL;
    }
    const char *behind = at;
    while (at < end && nmf_csv_is_blank(*at, separator)) {
        at++;
    }
    if (at == end || nmf_csv_is_line_end(*at) || *at == separator) {
        return at;
    }
    return separator == ' ' && at > behind ? at : NULL;
}

/* One line of the window. */
typedef struct line {
    const char *at;
    const char *end;  /* its line end, or that of the window */
    const char *next; /* the next line; NULL: the window ends before */
} line;

static line line_at(const char *at, const char *end)
{
    line found = {at, at, NULL};
    while (found.end < end && !nmf_csv_is_line_end(*found.end)) {
        found.end++;
    }
    if (found.end < end) {
        bool is_pair = found.end + 1 < end && memcmp(found.end, "\r\n", 2) == 0;
        found.next = found.end + (is_pair ? 2 : 1);
    }
    return found;
}

static bool says_nothing(const line *l)
{
    const char *at = l->at;
    while (at < l->end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at == l->end || *at == '#';
}

/* Semicolons win over commas, for a comma may be a part of a heading. */
static char guess_separator(const line *l)
{
    static const char candidates[] = ";,\t";
    for (const char *c = candidates; *c; c++) {
        if (memchr(l->at, *c, (size_t)(l->end - l->at))) {
            return *c;
        }
    }
    return ' ';
}

/*
 * How many numbers a line has; 0 where it has anything else. The last field of
 * a line that the window cuts says nothing.
 */
static size_t count_numbers(const line *l, char separator)
{
    nmf_number number;
    size_t n = 0;
    for (const char *at = l->at;;) {
        at = nmf_csv_take_field(&number, at, l->end, separator);
        if (!at) {
            return 0;
        }
        n++;
        if (at == l->end) {
            return n;
        }
        at += separator != ' ';
    }
}

/* Fields of a line of headings, separators within quotes left out. */
static size_t count_headings(const line *l, char separator)
{
    size_t n = 1;
    bool is_quoted = false;
    for (const char *at = l->at; at < l->end; at++) {
        if ((unsigned char)*at < ' ' && *at != '\t') {
            return 0; /* no text */
        }
        if (*at == '"') {
            is_quoted = !is_quoted;
        } else if (*at == separator && !is_quoted) {
            /* Blanks in a row are one, at the end of the line none. */
            n += separator != ' ' ||
                 (at + 1 < l->end && at > l->at && at[1] != ' ');
        }
    }
    return n;
}

/* R writes no heading above the names of the rows: one may be missing. */
static bool headings_fit(const line *headings, char separator, size_t n_numbers)
{
    size_t n = count_headings(headings, separator);
    return n > 0 && (n == n_numbers || n + 1 == n_numbers);
}

/* The window cuts this line: its last field says nothing. */
static void cut_last_field(line *l)
{
    char separator = guess_separator(l);
    while (l->end > l->at && l->end[-1] != separator) {
        l->end--;
    }
    l->end -= l->end > l->at;
}

bool nmf_csv_find_dialect(nmf_csv_dialect *out, const uint8_t *bytes,
                          size_t size)
{
    const char *begin = (const char *)bytes;
    const char *end = begin + size;
    line headings = {0};
    size_t n_lines = 0;
    line l = {0};
    /* The byte order mark of UTF-8, which Excel writes. */
    size_t mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    memset(out, 0, sizeof *out);
    for (const char *at = begin + mark; at; at = l.next, n_lines++) {
        l = line_at(at, end);
        if (says_nothing(&l)) {
            continue;
        }
        const bool is_cut = !l.next && size == NMF_TABLE_PROBE_SIZE;
        if (is_cut) {
            cut_last_field(&l);
        }
        char separator = guess_separator(&l);
        size_t n_numbers = count_numbers(&l, separator);
        if (n_numbers == 0 && separator == '\t') {
            separator = ' '; /* blanks of both kinds */
            n_numbers = count_numbers(&l, separator);
        }
        const bool is_found =
            n_numbers > 0 && (!headings.at || is_cut ||
                              headings_fit(&headings, separator, n_numbers));
        if (is_found || !headings.at) {
            out->separator = separator;
            out->skip = (size_t)(at - begin);
            out->n_lines = n_lines;
        }
        if (is_found) {
            return true;
        }
        if (headings.at) {
            return false;
        }
        headings = l;
    }
    return false;
}

/* "P2 3 3 255 ..." would be a heading and numbers, but is a PNM picture. */
static bool is_pnm(const uint8_t *bytes, size_t size)
{
    return size >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
           memchr(" \t\r\n#", bytes[2], 5);
}

bool nmf_csv_sniff(const uint8_t *bytes, size_t size)
{
    nmf_csv_dialect dialect;
    return !is_pnm(bytes, size) && nmf_csv_find_dialect(&dialect, bytes, size);
}
