/**
 * Other decompositions, to stand beside NMF: principal components, vector
 * quantisation, probabilistic latent semantic analysis. What they have in
 * common is X ~= W H (+ mean), rows of H that can be viewed as images, and an
 * error to compare.
 *
 *     nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
 *     nmf_decomposition *d = NULL;
 *     options.method = NMF_METHOD_VQ;
 *     options.n_components = 49;
 *     if (nmf_decompose(&d, &X, &options, &err) == NMF_OK)
 *         use(nmf_decomposition_components(d));
 *     nmf_decomposition_free(d);
 *
 *           W, activations             H, components              X ~=
 *     pca   scores, any sign           orthonormal, any sign      W H + mean
 *     svd   scores, any sign           orthonormal, any sign      W H
 *     vq    one 1 a row, else 0        centres of the clusters    W H
 *     plsa  >= 0, rows sum as X's do   >= 0, rows sum to 1        W H
 *
 * Shapes and words are scikit-learn's, as in <nmfimg/nmf.h>.
 */
#ifndef NMFIMG_DECOMPOSE_H
#define NMFIMG_DECOMPOSE_H

#include <nmfimg/nmf.h>

NMF_BEGIN_DECLS

/** How X is taken apart. The numbers never change their meaning. */
typedef enum nmf_method {
    NMF_METHOD_NMF = 0,  /* what nmf_fit() does; not done here */
    NMF_METHOD_PCA = 1,  /* singular vectors of X less the mean of its rows */
    NMF_METHOD_SVD = 2,  /* of X as it is: scikit-learn's TruncatedSVD */
    NMF_METHOD_VQ = 3,   /* k-means: Lloyd's iterations from k-means++ */
    NMF_METHOD_PLSA = 4, /* expectation and maximisation (Hofmann 1999) */
} nmf_method;

/** "nmf", "pca", "svd", "vq", "plsa"; NULL for a number that is none. */
NMF_API const char *nmf_method_name(nmf_method method);

/** The state after an iteration, valid inside the callback only. */
typedef struct nmf_decompose_progress {
    size_t n_iter; /* iterations done, >= 1 */
    /* vq: the inertia; plsa: the divergence, measured at every tenth iteration
       and the one last measured in between */
    double objective;
    double wall_seconds; /* since nmf_decompose() began */
    double cpu_seconds;  /* of all threads of the process, likewise */
    size_t n_samples;
    size_t n_features;
    size_t n_components;
} nmf_decompose_progress;

/**
 * Called after every iteration of vq and plsa (pca and svd have none) on the
 * thread that called nmf_decompose(). Return true to go on, false to stop and
 * keep what was reached. The time spent in it is not counted.
 */
typedef bool (*nmf_decompose_callback)(const nmf_decompose_progress *progress,
                                       void *context);

/** What to do. Start from NMF_DECOMPOSE_OPTIONS_INIT. */
typedef struct nmf_decompose_options {
    nmf_method method;
    size_t n_components;  /* 1 .. NMF_MAX_COMPONENTS; 0: nmf_default_...() */
    const nmf_matrix *H0; /* vq: centres to start from, n_components x
                             n_features, finite; borrowed. NULL: k-means++ */
    uint64_t seed;        /* of the start of vq and plsa, and of the subspace of
                             pca and svd where X is large */
    /* >= 0; 0: never. vq stops when the centres move by no more than tol times
       the variance of the features (in squares), plsa when ten iterations take
       no more than tol times the first divergence off it */
    double tol;
    size_t max_iter;    /* of vq and plsa; >= 1 */
    double max_seconds; /* wall clock, checked after each iteration; */
                        /* <= 0: no limit */
    unsigned n_threads; /* 0: as many as the machine offers */
    nmf_decompose_callback callback; /* may be NULL */
    void *callback_context;
} nmf_decompose_options;

#define NMF_DECOMPOSE_OPTIONS_INIT                                             \
    {                                                                          \
        NMF_METHOD_PCA, 0, NULL, 0, 1e-4, 300, 0.0, 0, NULL, NULL              \
    }

/** What it came to. */
typedef struct nmf_decomposition_summary {
    nmf_method method;
    uint64_t seed;
    double tol;
    size_t max_iter;
    size_t n_samples;             /* rows of X */
    size_t n_iter;                /* pca, svd: 0 */
    nmf_stop_reason stop_reason;  /* pca, svd: NMF_STOP_TOL */
    double relative_error;        /* ||X - (W H + mean)|| / ||X||; 0 where X is
                                     all zero */
    double sparseness_components; /* Hoyer's, mean over rows; of the sizes of */
    double sparseness_activations; /* the entries, whatever their signs */
    double total_variance;         /* pca, svd: summed over the features */
    double inertia;                /* vq: sum of ||x - its centre||^2 */
    double divergence; /* plsa: generalised Kullback-Leibler, X to W H;
                          up to a constant the negative log-likelihood
                          of the counts X */
    double wall_seconds;
    double cpu_seconds;
    unsigned threads;
} nmf_decomposition_summary;

/** What a component of pca or svd explains. */
typedef struct nmf_component_variance {
    double singular_value;
    double explained_variance;       /* pca: over n_samples - 1 as scikit-learn
                                        has it; svd: of the scores, over
                                        n_samples */
    double explained_variance_ratio; /* of total_variance; 0 where that is 0 */
} nmf_component_variance;

/** Components, activations and how they came about. Opaque. */
typedef struct nmf_decomposition nmf_decomposition;

/**
 * Take X apart.
 *
 * out      set to a new decomposition on success, owned by the caller, who
 *          frees it with nmf_decomposition_free(); set to NULL on failure
 * X        n_samples x n_features, every entry finite; for plsa also >= 0 and
 *          not all zero; only read
 * options  NULL means NMF_DECOMPOSE_OPTIONS_INIT; borrowed during the call
 * err      filled on failure; may be NULL
 *
 * Components of pca and svd come in the order of their singular values, each
 * with its largest entry (by its size, the first of them) positive. Beyond the
 * rank of X (singular values below 1e-6 of the first, which arithmetic in float
 * does not resolve) they are rows of zeros. A sample as near to two centres
 * belongs to the one of the lower number. A cluster without samples takes the
 * sample that is farthest from its centre.
 *
 * Fails:   NMF_ERR_ARGUMENT (unknown method, or nmf; empty X; n_components
 *          above n_samples, but for vq also above n_features; an option out
 *          of range, H0 of another shape or for another method), NMF_ERR_DATA
 * (an entry X may not have, with its place), NMF_ERR_LIMIT, NMF_ERR_MEMORY.
 * Reaching max_iter is no failure. Threads: safe to call at once on different
 * data. The same options give the same bytes for any n_threads (under one
 * nmf_cpu_name()). Cost:    memory a copy of X, plsa and vq also one of W. With
 * s the shorter side of X, l the longer, k = n_components: pca and svd O(l s^2
 * + s^3) for s <= 512, beyond that about ten to forty times O(l s k); vq O(l s
 * k) and plsa four times that an iteration. Source:  pca, svd: Halko,
 * Martinsson and Tropp, SIAM Review 53 (2011). vq: Arthur and Vassilvitskii,
 * SODA 2007, with the best of 2 + log(k) candidates a centre as in
 * scikit-learn; Lloyd, IEEE Trans. Inf. Theory 28 (1982). plsa: Hofmann, SIGIR
 * 1999; it is NMF by the Kullback-Leibler divergence, normalised: Gaussier and
 * Goutte, SIGIR 2005.
 */
NMF_API nmf_status nmf_decompose(nmf_decomposition **out, const nmf_matrix *X,
                                 const nmf_decompose_options *options,
                                 nmf_error *err);

/**
 * A decomposition from given parts, which are copied: what a file holds.
 *
 * components   n_components x n_features, finite; plsa: >= 0
 * mean         1 x n_features, finite; NULL but for pca, which needs it
 * activations  n_samples x n_components, finite; plsa: >= 0; vq: one 1 a row,
 *              else 0; may be NULL
 * variances    n_components; may be NULL, and must but for pca and svd
 * summary      copied; says the method
 *
 * Fails:   NMF_ERR_ARGUMENT (shapes do not fit, a method that is none or nmf,
 *          mean missing or too much, variances too much), NMF_ERR_DATA,
 *          NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_decomposition_create(
    nmf_decomposition **out, const nmf_matrix *components,
    const nmf_matrix *mean, const nmf_matrix *activations,
    const nmf_component_variance *variances,
    const nmf_decomposition_summary *summary, nmf_error *err);

/** Free a decomposition. NULL is fine. */
NMF_API void nmf_decomposition_free(nmf_decomposition *d);

/** H, n_components x n_features; lives as long as d, as all below. */
NMF_API const nmf_matrix *
nmf_decomposition_components(const nmf_decomposition *d);

/** W, n_samples x n_components; NULL where d was made without. */
NMF_API const nmf_matrix *
nmf_decomposition_activations(const nmf_decomposition *d);

/** pca: the mean of the rows of X, 1 x n_features; NULL for other methods. */
NMF_API const nmf_matrix *nmf_decomposition_mean(const nmf_decomposition *d);

/**
 * pca, svd: n_components of them; NULL for other methods, and where d was made
 * by nmf_decomposition_create() without.
 */
NMF_API const nmf_component_variance *
nmf_decomposition_variances(const nmf_decomposition *d);

/** How it came about. */
NMF_API const nmf_decomposition_summary *
nmf_decomposition_get_summary(const nmf_decomposition *d);

/**
 * Activations of other data under the same components. A row's result depends
 * on no other row.
 *
 *     pca, svd   W = (X - mean) H'
 *     vq         1 for the nearest centre
 *     plsa       the W >= 0 of the least divergence ("folding in": H is kept);
 *                up to 500 iterations, or until an entry changes by less than
 *                1e-5 of its row
 *
 * W        overwritten; on success n_samples x n_components, owned by the
 *          caller, freed by nmf_matrix_release(); on failure all zero
 * X        n_samples x n_features of d; entries as nmf_decompose() wants them,
 *          though all may be zero
 *
 * Fails:   NMF_ERR_ARGUMENT (n_features is not that of d), _DATA, _MEMORY
 */
NMF_API nmf_status nmf_decomposition_transform(nmf_matrix *W,
                                               const nmf_decomposition *d,
                                               const nmf_matrix *X,
                                               unsigned n_threads,
                                               nmf_error *err);

/**
 * Back to pixels: X = W H, for pca + mean.
 *
 * X        overwritten; on success n_samples x n_features, owned by the caller,
 *          freed by nmf_matrix_release(); on failure all zero
 * W        n_samples x n_components of d, finite; only read
 *
 * Fails:   NMF_ERR_ARGUMENT (n_components is not that of d), _DATA, _MEMORY
 */
NMF_API nmf_status nmf_decomposition_inverse_transform(
    nmf_matrix *X, const nmf_decomposition *d, const nmf_matrix *W,
    unsigned n_threads, nmf_error *err);

/**
 * How far W H + mean is from X: ||X - (W H + mean)|| / ||X||, summed in double.
 *
 * out      0 for an exact fit; infinity where X is all zero and W H + mean not
 * X, W     n_samples x n_features and n_samples x n_components of d, finite
 *
 * Fails:   NMF_ERR_ARGUMENT (shapes do not fit), _DATA, _MEMORY
 */
NMF_API nmf_status nmf_decomposition_relative_error(
    double *out, const nmf_decomposition *d, const nmf_matrix *X,
    const nmf_matrix *W, unsigned n_threads, nmf_error *err);

NMF_END_DECLS

#endif
