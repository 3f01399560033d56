/*
 * What fuzz_npy.c, fuzz_idx.c and fuzz_csv.c do with their bytes; each has a
 * corpus of its own, so that one format does not crowd out another.
 */
#ifndef NMFIMG_TESTS_FUZZ_TABLE_H
#define NMFIMG_TESTS_FUZZ_TABLE_H

#include "fuzz.h"

#include <nmfimg/table.h>

#include <stdlib.h>

enum { FUZZ_MAX_BYTES = 1 << 20 };

/* A table that was read is consistent; one that was refused left nothing. */
static void fuzz_table(const uint8_t *data, size_t size)
{
    nmf_table_options options = {FUZZ_MAX_BYTES, size % 2 == 1};
    nmf_table table = {0};
    nmf_error err = {0};
    size_t product = 1;
    if (nmf_table_decode(&table, data, size, "input", &options, &err) !=
        NMF_OK) {
        if (err.message[0] != '\'' || table.X.data || table.n_dims) {
            abort();
        }
        return;
    }
    for (size_t d = 0; d < table.n_dims; d++) {
        product *= table.dims[d];
    }
    if (table.n_dims < 2 || table.n_dims > NMF_TABLE_MAX_DIMS ||
        table.dims[0] != table.X.rows || table.X.ld != table.X.cols ||
        table.X.rows * table.X.cols != product ||
        product > FUZZ_MAX_BYTES / sizeof(float)) {
        abort();
    }
    for (size_t k = 0; table.is_bytes && k < product; k++) {
        float most = table.is_scaled ? 1.0F : 255.0F;
        if (!(table.X.data[k] >= 0.0F && table.X.data[k] <= most)) {
            abort();
        }
    }
    if (size <= NMF_TABLE_PROBE_SIZE &&
        nmf_table_probe(data, size) != table.format) {
        abort();
    }
    nmf_table_release(&table);
}

#endif
