/*
 * Names for the pictures that a command writes into a folder: after the
 * pictures they come from, or numbers. They never lead out of the folder and
 * never meet each other.
 */
#ifndef NMFIMG_CLI_NAMES_H
#define NMFIMG_CLI_NAMES_H

#include <nmfimg/dataset.h>

/* The length of what all paths begin with, up to and with the last "/". */
size_t names_common_folder(const nmf_picture *pictures, size_t n);

/*
 * "NAME.png" for each of n pictures: the path without what all paths begin
 * with, folders and what else troubles a shell become "-", the ending is
 * replaced, and a name that is taken (also by one in other case) gets a
 * number. Paths may come from a
 * hostile file.
 *
 * "faces/s1/2.pgm", "faces/s2/2.pgm" -> "s1-2.png", "s2-2.png"
 * "@faces[17]" -> "faces-17.png"
 *
 * Owned by the caller, freed by names_free(); NULL when memory runs out.
 */
char **names_of_pictures(const nmf_picture *pictures, size_t n);

/*
 * "PREFIX0001.png" and on, with as many digits as n has, at least digits;
 * prefix is short. Ownership as above.
 */
char **names_of_numbers(const char *prefix, int digits, size_t n);

/* Free n names. NULL is fine. */
void names_free(char **names, size_t n);

#endif
