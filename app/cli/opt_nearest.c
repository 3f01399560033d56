/* Did you mean ...? Which known word a mistyped one is near to. */
#include "opt.h"

#include <stdint.h>
#include <string.h>

/* Longer words than this are nobody's typing errors. */
enum { WORD_MAX = 40 };

/*
 * Edit distance with transpositions of neighbours (Damerau 1964, Levenshtein
 * 1966, in the "optimal string alignment" form); three rows of the table.
 */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1];
    size_t n_a = strlen(a);
    size_t n_b = strlen(b);
    if (n_a > WORD_MAX || n_b > WORD_MAX) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= n_b; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1] && above2[j - 2] + 1 < best) {
                best = above2[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[n_a % 3][n_b];
}

/* Is a word at this distance near enough to be a mistyped one? */
static bool is_near(const char *word, size_t distance)
{
    size_t length = strlen(word);
    return distance <= (length < 4   ? 1
                        : length < 8 ? 2
                                     : 3) &&
           distance < length;
}

const char *opt_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (; *names; names++) {
        size_t distance = edit_distance(word, *names);
        if (is_near(word, distance) && distance < best) {
            best = distance;
            nearest = *names;
        }
    }
    return nearest;
}
