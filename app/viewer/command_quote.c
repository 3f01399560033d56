#include "command_quote.h"

#include <string.h>

static bool append(char *out, size_t size, size_t *n, const char *text)
{
    size_t length = strlen(text);
    if (length >= size - *n) {
        out[0] = '\0';
        return false;
    }
    memcpy(out + *n, text, length + 1);
    *n += length;
    return true;
}

bool command_quote(char *out, size_t size, const char *text)
{
    size_t n = 0;
    bool fits = append(out, size, &n, "\"");
    for (; fits && *text; text++) {
        const char one[] = {*text, '\0'};
        /* a"b: "a"'"'"b", which is one word to the reader of lines. */
        fits = append(out, size, &n, *text == '"' ? "\"'\"'\"" : one);
    }
    return fits && append(out, size, &n, "\"");
}
