/*
 * How a text with numbers is laid out, found by looking at its first lines.
 */
#ifndef NMFIMG_TABLE_CSV_H
#define NMFIMG_TABLE_CSV_H

#include "table/number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NMF_CSV_MAX_FIELD = 1024 /* characters, blanks around it included */ };

typedef struct nmf_csv_dialect {
    char separator; /* ',' ';' '\t', or ' ' for any number of blanks */
    size_t skip;    /* bytes before the first line of numbers */
    size_t n_lines; /* lines in these bytes */
} nmf_csv_dialect;

/*
 * The first bytes of a text (up to NMF_TABLE_PROBE_SIZE). False where its
 * first line that says something, or after one line of headings its second,
 * is not all numbers; *out is the best guess then.
 */
bool nmf_csv_find_dialect(nmf_csv_dialect *out, const uint8_t *bytes,
                          size_t size);

/*
 * Take one field: blanks, a number (perhaps in double quotes), blanks. Returns
 * where it ends: at a separator, a line end or `end`; between blanks as
 * separators at the next field. NULL where it is no number.
 */
const char *nmf_csv_take_field(nmf_number *out, const char *at, const char *end,
                               char separator);

/* A blank that separates nothing. */
static inline bool nmf_csv_is_blank(char c, char separator)
{
    return c == ' ' || (c == '\t' && separator != '\t');
}

static inline bool nmf_csv_is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

#endif
