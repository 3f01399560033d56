/*
 * How a solver reaches X: by its products with factors, and by nothing else.
 * What X is made of (floats here; bytes, sparse rows, a mask, panels from a
 * disk, shards of other machines) is the business of the operations.
 *
 * Factors are in row format, see kernels.h; m = n_samples, n = n_features.
 */
#ifndef NMFIMG_CORE_SOURCE_H
#define NMFIMG_CORE_SOURCE_H

#include <nmfimg/matrix.h>

#include <stdbool.h>

typedef struct nmf_source nmf_source;

struct nmf_panel_kernels;

/* To add a kind of data, fill one of these in a file of its own. */
typedef struct nmf_source_ops {
    /* P (m x k) = X Ht */
    void (*times_components)(const nmf_source *X, float *P, const float *Ht,
                             size_t k, int n_threads);
    /* Q (n x k) = X'W */
    void (*times_activations)(const nmf_source *X, float *Q, const float *W,
                              size_t k, int n_threads);
    /* ||X - W H||^2 in double, H being k x n, ldh apart, padded by zeros */
    double (*residual)(const nmf_source *X, const float *W, const float *H,
                       size_t ldh, size_t k, int n_threads);
    /*
     * The gram matrix of the shorter side, X'X where there are no more features
     * than samples and X X' else, into G (its side squared). False: no memory.
     */
    bool (*short_gram)(const nmf_source *X, double *G, int n_threads);
    /*
     * Fill a panel (see panel.h) with the long-side indices from `first` on:
     * samples where the samples are the long side, else features.
     */
    void (*pack)(const nmf_source *X, float *panel,
                 const struct nmf_panel_kernels *kernels, size_t first,
                 bool samples_are_long);
    /*
     * Rows first .. first + count - 1 of X (of X' where of_features) into out,
     * ld floats apart.
     */
    void (*rows)(const nmf_source *X, float *out, size_t ld, size_t first,
                 size_t count, bool of_features);
} nmf_source_ops;

struct nmf_source {
    const nmf_source_ops *ops;
    size_t n_samples;
    size_t n_features;
    double sum;          /* of all entries; with weights sum m x */
    double squared_norm; /* ||X||^2; with weights sum m x^2 */
    const void *data;    /* of the operations; borrowed */
    /*
     * How much each entry counts, >= 0, as a source of the same shape; NULL:
     * all alike. X is finite where the weight is 0, too. See observed.h.
     */
    const nmf_source *weights;
};

/* The mean of the entries, weighted. */
double nmf_source_mean(const nmf_source *X);

/*
 * A dense float matrix as source; X must outlive it. Looks at every entry.
 * Fails: NMF_ERR_DATA (the first entry that is negative or not finite, row by
 * row; all are zero)
 */
nmf_status nmf_source_dense(nmf_source *out, const nmf_matrix *X, int n_threads,
                            nmf_error *err);

/*
 * The same for data of any sign, all zero included.
 * Fails: NMF_ERR_DATA (the first entry that is not finite, row by row)
 */
nmf_status nmf_source_signed(nmf_source *out, const nmf_matrix *X,
                             int n_threads, nmf_error *err);

/*
 * Is every entry finite and >= 0? Says where the first is that is not:
 * "negative entry -0.25 at row 3, column 17" (from 0). what stands before it,
 * or is NULL.
 */
nmf_status nmf_check_entries(const nmf_matrix *m, const char *what,
                             nmf_error *err);

/* The same for data of any sign: is every entry finite? */
nmf_status nmf_check_finite(const nmf_matrix *m, const char *what,
                            nmf_error *err);

#endif
