/*
 * Any text as one word of a command line:
 *
 *     char word[COMMAND_WORD_SIZE];
 *     if (command_quote(word, sizeof word, path))
 *         app_do(app, "open %s", word);
 */
#ifndef NMFIMG_VIEWER_COMMAND_QUOTE_H
#define NMFIMG_VIEWER_COMMAND_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

enum { COMMAND_WORD_SIZE = 8192 };

/* The text in quotes, quotes in it in quotes of the other kind. False, and ""
 * in out: it does not fit. */
bool command_quote(char *out, size_t size, const char *text);

#endif
