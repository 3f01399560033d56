/*
 * Numbers as text, with a decimal point whatever the locale of the program.
 */
#ifndef NMFIMG_TABLE_NUMBER_H
#define NMFIMG_TABLE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <locale.h>

/* A number that was recognised: +-mantissa * 10^exponent, or a word. */
typedef struct nmf_number {
    const char *text; /* sign included, length characters, borrowed */
    size_t length;
    enum { NMF_NUMBER_FINITE, NMF_NUMBER_INFINITY, NMF_NUMBER_NAN } kind;
    bool is_negative;
    bool is_exact; /* mantissa and exponent are all there is */
    uint64_t mantissa;
    int exponent;
} nmf_number;

/*
 * Recognise the longest number at `at`: 1, -0.5, .5, 5., 1e-3, nan, inf,
 * infinity in any case. False where there is none. What follows it is for the
 * caller to judge.
 */
bool nmf_number_scan(nmf_number *out, const char *at, const char *end);

/*
 * Its float, correctly rounded (to nearest, ties to even); infinite where it
 * is too large. Within nmf_c_locale_enter() ... nmf_c_locale_leave() only.
 */
float nmf_number_value(const nmf_number *number);

/*
 * The calling thread's locale becomes "C" for numbers, and what it was again.
 * False where memory is short; nothing is to be left then.
 */
typedef struct nmf_c_locale {
    locale_t c;
    locale_t before;
} nmf_c_locale;

bool nmf_c_locale_enter(nmf_c_locale *locale);
void nmf_c_locale_leave(nmf_c_locale *locale);

#endif
