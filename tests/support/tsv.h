/*
 * Tables of tab-separated text, as the folder of real pictures has them.
 */
#ifndef NMFIMG_TESTS_TSV_H
#define NMFIMG_TESTS_TSV_H

#include <stdbool.h>
#include <stdio.h>

enum { TSV_MAX_CELLS = 16, TSV_MAX_LINE = 1024 };

typedef struct tsv_reader {
    FILE *file;
    char line[TSV_MAX_LINE];
    const char *cells[TSV_MAX_CELLS]; /* of the current row; "" past its end */
} tsv_reader;

/* Open a table and pass over its header; false where it cannot be read. */
bool tsv_open(tsv_reader *tsv, const char *path);

/* Go to the next row; false at the end, where the file is closed. */
bool tsv_next(tsv_reader *tsv);

#endif
