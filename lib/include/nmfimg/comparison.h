/**
 * NMF beside what it is compared with: several methods on the same data, and a
 * page that shows them side by side, as in Figure 1 of Lee & Seung, Nature 401
 * (1999).
 *
 *     nmf_comparison *c = NULL;
 *     if (nmf_comparison_run(&c, &X, NULL, &err) == NMF_OK &&
 *         nmf_comparison_draw(&page, c, &X, &geometry, NULL, &err) == NMF_OK)
 *         nmf_image_save("compare.png", &page, true, &err);
 *     nmf_image_release(&page);
 *     nmf_comparison_free(c);
 */
#ifndef NMFIMG_COMPARISON_H
#define NMFIMG_COMPARISON_H

#include <nmfimg/decompose.h>
#include <nmfimg/sheet.h>

NMF_BEGIN_DECLS

/** As many methods as there are. */
enum { NMF_COMPARISON_MAX_METHODS = 5 };

/**
 * Called after every iteration of a method that has iterations, on the thread
 * that called nmf_comparison_run(): which method, how much of its max_iter is
 * done (0 .. 1), seconds since that method began. Return false to give up.
 */
typedef bool (*nmf_comparison_callback)(nmf_method method, double done,
                                        double seconds, void *context);

/** What to compare. Start from NMF_COMPARISON_OPTIONS_INIT. */
typedef struct nmf_comparison_options {
    const nmf_method *methods; /* n_methods different ones, in the order of the
                                  page; borrowed during the call; NULL: nmf, vq,
                                  pca */
    size_t n_methods;          /* <= NMF_COMPARISON_MAX_METHODS */
    size_t n_components;       /* of each; 0: nmf_default_n_components() */
    uint64_t seed;             /* of each */
    unsigned n_threads;        /* 0: as many as the machine offers */
    nmf_comparison_callback callback; /* may be NULL */
    void *context;
} nmf_comparison_options;

#define NMF_COMPARISON_OPTIONS_INIT                                            \
    {                                                                          \
        NULL, 0, 0, 0, 0, NULL, NULL                                           \
    }

/** A method and what it came to. */
typedef struct nmf_comparison_entry {
    nmf_method method;
    const nmf_matrix *components;  /* H, n_components x n_features; these */
    const nmf_matrix *activations; /* live as long as the comparison */
    const nmf_matrix *mean;        /* pca: 1 x n_features; else NULL */
    double relative_error;         /* ||X - (W H + mean)|| / ||X|| */
    double sparseness_components;  /* Hoyer's, mean over the rows of H; */
    double sparseness_activations; /* as nmf_matrix_sparseness() */
    size_t n_iter;                 /* 0 where there are none */
    nmf_stop_reason stop_reason;
    double wall_seconds;
    double cpu_seconds;
} nmf_comparison_entry;

/** The methods with their factors. Opaque. */
typedef struct nmf_comparison nmf_comparison;

/**
 * Fit every method with its default options.
 *
 * out      set to a new comparison on success, owned by the caller, who frees
 *          it with nmf_comparison_free(); set to NULL on failure
 * X        n_samples x n_features, finite, >= 0, not all zero; only read
 * options  NULL means NMF_COMPARISON_OPTIONS_INIT
 *
 * Fails:   as nmf_fit() and nmf_decompose(); NMF_ERR_ARGUMENT (a method that is
 *          none, is named twice, or too many), NMF_ERR_CANCELLED (the callback
 *          gave up)
 * Threads: safe to call at once on different data. The same options give the
 *          same numbers (but times) for any n_threads.
 * Cost:    that of the methods, one after the other; all factors are kept.
 */
NMF_API nmf_status nmf_comparison_run(nmf_comparison **out, const nmf_matrix *X,
                                      const nmf_comparison_options *options,
                                      nmf_error *err);

/** Free a comparison. NULL is fine. */
NMF_API void nmf_comparison_free(nmf_comparison *c);

/** The methods in their order; n of them, alive as long as the comparison. */
NMF_API const nmf_comparison_entry *
nmf_comparison_entries(const nmf_comparison *c, size_t *n);

/**
 * A sample as a method has it: its row of W H, for pca + mean.
 *
 * out      overwritten; 1 x n_features on success, owned by the caller, freed
 *          by nmf_matrix_release(); on failure all zero
 *
 * Fails:   NMF_ERR_ARGUMENT (there is no such entry or sample), NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_comparison_rebuild(nmf_matrix *out,
                                          const nmf_comparison *c, size_t entry,
                                          size_t sample, nmf_error *err);

/** How to draw; start from NMF_COMPARISON_STYLE_INIT. */
typedef struct nmf_comparison_style {
    size_t sample;         /* the row of X that is put together */
    nmf_colormap colormap; /* of components and coefficients */
    const char *title;     /* above all, ASCII; NULL: none */
} nmf_comparison_style;

#define NMF_COMPARISON_STYLE_INIT                                              \
    {                                                                          \
        0, NMF_COLORMAP_GREY, NULL                                             \
    }

/**
 * Draw the methods side by side. From the top, for each: its components as a
 * grid, each as bright as it gets; below, the coefficients of one sample in the
 * same order, the sample put together from them, and the original.
 *
 * A coefficient is w |h|, so that how much two of them bring to the picture can
 * be compared; the brightest is the largest. Where there are signs, colours
 * show them, and the title ends by saying how. Beyond 1,024 components no more
 * are drawn.
 *
 * out      overwritten; freed by nmf_image_release(); RGB
 * X        what nmf_comparison_run() had
 * geometry of its rows
 * style    NULL means NMF_COMPARISON_STYLE_INIT
 *
 * Fails:   NMF_ERR_ARGUMENT (geometry unknown or of other n_features, X of
 *          another shape, no such sample), NMF_ERR_LIMIT (a page above 2^26
 *          pixels), NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_comparison_draw(nmf_image *out, const nmf_comparison *c,
                                       const nmf_matrix *X,
                                       const nmf_geometry *geometry,
                                       const nmf_comparison_style *style,
                                       nmf_error *err);

NMF_END_DECLS

#endif
