/* A picture of a set, by its name or its number. */
#ifndef NMFIMG_CLI_PICTURE_FIND_H
#define NMFIMG_CLI_PICTURE_FIND_H

#include <nmfimg/dataset.h>

/*
 * The row of X that asked means: the name of a picture as found, the part of it
 * after the last "/" or any "/", or the number of a row from 1; NULL: the
 * first. Of a picture that is patches a name means the first of them. *name
 * lives as long as data. Returns an exit code, after saying why where it is not
 * REPORT_DONE.
 */
int picture_find(size_t *row, const char **name, const nmf_dataset *data,
                 const char *asked);

#endif
