#include "size_target.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the letter after a number multiplies it by; 0: no such letter. */
static double factor_of(const char *letter)
{
    static const char letters[] = "KMG";
    if (*letter == '\0') {
        return 1;
    }
    const char *found = strchr(letters, *letter);
    if (!found || letter[1] != '\0') {
        return 0;
    }
    return exp2(10.0 * (double)(found - letters + 1));
}

bool size_target_parse(struct size_target *out, const char *text)
{
    char *end = NULL;
    double number = strtod(text, &end);
    *out = (struct size_target){0};
    if (end == text || !isfinite(number) || number <= 0) {
        return false;
    }
    if (strcmp(end, ":1") == 0 || strcmp(end, "x") == 0) {
        out->ratio = number;
        return true;
    }
    double bytes = number * factor_of(end);
    if (bytes < 1 || bytes > 1e18) {
        return false;
    }
    out->bytes = (size_t)bytes;
    return true;
}

size_t size_target_bytes(const struct size_target *target, double raw_bytes)
{
    if (target->bytes > 0) {
        return target->bytes;
    }
    double bytes = floor(raw_bytes / target->ratio);
    return bytes < 1 ? 1 : (size_t)bytes;
}
