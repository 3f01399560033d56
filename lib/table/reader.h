/*
 * A reader per format, behind nmf_table_load(). To add one: a value of
 * nmf_table_format, a row in the table of formats in table.c, a file with the
 * two functions of the row.
 */
#ifndef NMFIMG_TABLE_READER_H
#define NMFIMG_TABLE_READER_H

#include <nmfimg/table.h>

#include "table/stream.h"

#include <stdint.h>

/* Do the first bytes (up to NMF_TABLE_PROBE_SIZE) look like this format? */
bool nmf_npy_sniff(const uint8_t *bytes, size_t size);
bool nmf_idx_sniff(const uint8_t *bytes, size_t size);
bool nmf_csv_sniff(const uint8_t *bytes, size_t size);

/*
 * Read to the end of a stream that is at its beginning. out is empty; it may
 * be left half filled on failure, the caller releases it. options are not
 * NULL and max_bytes is not 0.
 */
nmf_status nmf_npy_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err);
nmf_status nmf_idx_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err);
nmf_status nmf_csv_read(nmf_table *out, nmf_stream *stream,
                        const nmf_table_options *options, nmf_error *err);

/*
 * Give out its dims, X.rows and X.cols, without memory yet. Fails:
 * NMF_ERR_UNSUPPORTED (not 2 to 4 dimensions), _FORMAT (one of them is 0),
 * _LIMIT (no memory could ever hold them)
 */
nmf_status nmf_table_set_dims(nmf_table *out, const uint64_t *dims,
                              size_t n_dims, const nmf_stream *stream,
                              nmf_error *err);

/* Memory for X, not zeroed. Fails: NMF_ERR_LIMIT, _MEMORY */
nmf_status nmf_table_allocate(nmf_table *out, const nmf_stream *stream,
                              size_t max_bytes, nmf_error *err);

/* How numbers are stored. */
typedef enum nmf_element {
    NMF_ELEMENT_U8,
    NMF_ELEMENT_F32,
    NMF_ELEMENT_F64
} nmf_element;

typedef struct nmf_layout {
    nmf_element element;
    bool is_big_endian;
    bool is_fortran; /* the first index runs fastest, not the last */
} nmf_layout;

/*
 * All numbers of an array whose dims are set, and nothing after them: checks
 * the size of the file, then asks for memory, then reads into place. Sets
 * is_bytes and is_scaled.
 */
nmf_status nmf_table_read_elements(nmf_table *out, nmf_stream *stream,
                                   nmf_layout layout,
                                   const nmf_table_options *options,
                                   nmf_error *err);

#endif
