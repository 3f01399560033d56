/**
 * Arrays of numbers in files: NPY (NumPy), IDX (MNIST), CSV; each also
 * compressed by gzip. The format is told by content, never by name.
 *
 *     nmf_table table = {0};
 *     if (nmf_table_load(&table, "X.npy", NULL, &err) == NMF_OK)
 *         fit(&table.X);
 *     nmf_table_release(&table);
 */
#ifndef NMFIMG_TABLE_H
#define NMFIMG_TABLE_H

#include <nmfimg/file.h>
#include <nmfimg/matrix.h>

#include <stdbool.h>

NMF_BEGIN_DECLS

/** What a file is, by its first bytes (of the content, where gzipped). */
typedef enum nmf_table_format {
    NMF_TABLE_UNKNOWN = 0,
    NMF_TABLE_NPY = 1, /* versions 1-3; u1, f4, f8; C and Fortran order */
    NMF_TABLE_IDX = 2, /* unsigned bytes, 2 to 4 dimensions */
    NMF_TABLE_CSV = 3  /* numbers apart by comma, semicolon, tab or blanks; */
                       /* empty lines and lines after a '#' say nothing */
} nmf_table_format;

/** "npy", "idx", "csv", "unknown"; static strings. */
NMF_API const char *nmf_table_format_name(nmf_table_format format);

enum { NMF_TABLE_MAX_DIMS = 4 };

/** An array of 2 to 4 dimensions, the first of which are the rows of X. */
typedef struct nmf_table {
    nmf_table_format format;
    nmf_matrix X;  /* dims[0] x product of the others, C order; owned */
    size_t n_dims; /* as in the file */
    size_t dims[NMF_TABLE_MAX_DIMS]; /* dims[0 .. n_dims-1] */
    bool is_bytes;  /* stored as unsigned bytes (u1 NPY, IDX) ... */
    bool is_scaled; /* ... and divided by 255 */
} nmf_table;

/** Limits of a reader. */
typedef struct nmf_table_options {
    size_t max_bytes;   /* of X in memory; 0: no limit but the machine's */
    bool keep_integers; /* unsigned bytes stay 0 .. 255: not divided by 255 */
} nmf_table_options;

/**
 * Which format do these first bytes announce? An array of plain text counts as
 * CSV only when its first lines are numbers (one line of headings may come
 * before); gzip is looked through.
 *
 * size     up to NMF_TABLE_PROBE_SIZE bytes; fewer where the file is shorter
 */
NMF_API nmf_table_format nmf_table_probe(const void *bytes, size_t size);

/* Tables of a thousand columns have headings of this length. */
enum { NMF_TABLE_PROBE_SIZE = 1 << 16 };

/**
 * Read an array. Floats stay as they are (NaN and infinity too, which
 * nmf_fit() refuses); unsigned bytes are divided by 255.
 *
 * out      overwritten; on success owned by the caller, who frees it with
 *          nmf_table_release(); on failure all zero
 * options  NULL: no limit
 *
 * Fails:   NMF_ERR_IO, _FORMAT (unknown, damaged, truncated, trailing bytes),
 *          _UNSUPPORTED (another dtype; IDX of other numbers; 0, 1 or more
 *          than 4 dimensions: labels are no images), _LIMIT (before memory is
 * asked for), _MEMORY; the message names the file, what was expected and what
 * was found. An array without rows or columns is _FORMAT. Cost:    one pass;
 * memory is X and a small buffer.
 */
NMF_API nmf_status nmf_table_load(nmf_table *out, const char *path,
                                  const nmf_table_options *options,
                                  nmf_error *err);

/** The same from memory; name stands for the file in messages. */
NMF_API nmf_status nmf_table_decode(nmf_table *out, const void *bytes,
                                    size_t size, const char *name,
                                    const nmf_table_options *options,
                                    nmf_error *err);

/** Free what the table owns and make it empty. NULL is fine. */
NMF_API void nmf_table_release(nmf_table *table);

/** How numbers are stored in a NPY file. */
typedef enum nmf_dtype {
    NMF_DTYPE_F32 = 0, /* '<f4' */
    NMF_DTYPE_U8 = 1   /* '|u1': round(255 x) of entries within [0, 1] */
} nmf_dtype;

/**
 * Write X as NPY version 1.0, C order, little-endian.
 *
 * dims     product of dims[0 .. n_dims-1] = rows * cols, n_dims 1 to 4;
 *          NULL: rows x cols
 *
 * Fails:   NMF_ERR_IO, _ARGUMENT (other dims), _DATA (U8 and an entry outside
 *          [0, 1]; counted from row 0, column 0), _MEMORY
 */
NMF_API nmf_status nmf_npy_save(const char *path, const nmf_matrix *X,
                                const size_t *dims, size_t n_dims,
                                nmf_dtype dtype, bool overwrite,
                                nmf_error *err);

/**
 * The same into an open writer, which stays the caller's; for a writer that
 * goes to a pipe.
 */
NMF_API nmf_status nmf_npy_append(nmf_file_writer *writer, const nmf_matrix *X,
                                  const size_t *dims, size_t n_dims,
                                  nmf_dtype dtype, nmf_error *err);

/**
 * Write X as CSV: one row a line, commas, nine significant digits (which float
 * survives), no heading, decimal points in every locale.
 *
 * Fails:   NMF_ERR_IO, _MEMORY
 */
NMF_API nmf_status nmf_csv_save(const char *path, const nmf_matrix *X,
                                bool overwrite, nmf_error *err);
NMF_API nmf_status nmf_csv_append(nmf_file_writer *writer, const nmf_matrix *X,
                                  nmf_error *err);

NMF_END_DECLS

#endif
