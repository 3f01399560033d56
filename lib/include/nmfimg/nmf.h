/**
 * Non-negative matrix factorization: X ~= W H with W, H >= 0.
 *
 *     nmf_options options = NMF_OPTIONS_INIT;
 *     nmf_model *model = NULL;
 *     options.n_components = 49;
 *     if (nmf_fit(&model, &X, &options, &err) == NMF_OK)
 *         use(nmf_model_components(model));
 *     nmf_model_free(model);
 *
 * Words and shapes are scikit-learn's:
 *
 *     X  n_samples x n_features      the data, one image (or patch) a row
 *     W  n_samples x n_components    activations: how much of each part
 *     H  n_components x n_features   components: the parts, each an image
 *
 * (Lee & Seung, Nature 401 (1999), have the transpose: their W is our H'.)
 */
#ifndef NMFIMG_NMF_H
#define NMFIMG_NMF_H

#include <nmfimg/matrix.h>

#include <stdbool.h>
#include <stdint.h>

NMF_BEGIN_DECLS

/** The largest n_components. */
enum { NMF_MAX_COMPONENTS = 4096 };

/** Where the iterations start. Saved in model files: never renumber. */
typedef enum nmf_init {
    NMF_INIT_RANDOM = 0, /* |normal| * sqrt(mean(X) / n_components) */
    NMF_INIT_CUSTOM = 1, /* the caller's W0 and H0 */
    /* From singular vectors, non-negative parts of them (Boutsidis and
       Gallopoulos, Pattern Recognition 41 (2008)); about half are zeros, which
       the second fills with m, mean(X) or its root where that is less, the
       third with |normal| * m / 100.
       Solvers that multiply ("mu", "mu-plain", "minibatch") would keep them:
       for these the first has sqrt(mean(X)) / 100 in their places */
    NMF_INIT_NNDSVD = 2,
    NMF_INIT_NNDSVDA = 3,
    NMF_INIT_NNDSVDAR = 4
} nmf_init;

/** Why the iterations ended. Saved in model files: never renumber. */
typedef enum nmf_stop_reason {
    NMF_STOP_NONE = 0,        /* no fit has run (a model made from factors) */
    NMF_STOP_TOL = 1,         /* converged: the violation fell below tol */
    NMF_STOP_MAX_ITER = 2,    /* max_iter iterations are done */
    NMF_STOP_MAX_SECONDS = 3, /* max_seconds have passed */
    NMF_STOP_CANCELLED = 4,   /* the callback asked for it */
    NMF_STOP_DECREASE = 5,    /* the error hardly falls: see min_decrease */
    NMF_STOP_VALIDATION = 6   /* the error of what was held out no longer falls:
                                 see n_iter_no_change */
} nmf_stop_reason;

/**
 * "tol", "max_iter", "max_seconds", "cancelled", "decrease", "validation",
 * "none"; static.
 */
NMF_API const char *nmf_stop_reason_name(nmf_stop_reason reason);

/**
 * "random", "custom", "nndsvd", "nndsvda", "nndsvdar"; NULL for a number that
 * is none. Static strings.
 */
NMF_API const char *nmf_init_name(nmf_init init);

/**
 * The solvers by name: "hals" is the default. nmf_solver_name(i) is NULL for
 * i >= nmf_solver_count(); nmf_solver_summary(i) is one line on solver i.
 */
NMF_API size_t nmf_solver_count(void);
NMF_API const char *nmf_solver_name(size_t i);
NMF_API const char *nmf_solver_summary(size_t i);

/** The state after an iteration, valid inside the callback only. */
typedef struct nmf_progress {
    size_t n_iter;           /* iterations done, >= 1 */
    double wall_seconds;     /* since nmf_fit() began on X */
    double cpu_seconds;      /* of all threads of the process, likewise */
    double relative_error;   /* ||X - W H|| / ||X||, Frobenius norms; of the */
                             /* entries that count, weighted: see weights */
    double objective;        /* what is minimised: see nmf_options.beta_loss */
    double validation_error; /* the same as relative_error, of the entries held
                                out; NaN where none are */
    double flops;     /* additions and multiplications since the start: */
                      /* products with X, gram matrices and the sweeps */
                      /* that were made; what is of lower order is not */
                      /* counted */
    double bytes;     /* read from memory or written to it since the */
                      /* start, where caches hold neither X nor the */
                      /* larger factor from one pass to the next */
    double violation; /* projected gradient of the objective over that of
                         iteration 1; the last one measured, NaN before */
    nmf_stop_reason stop_reason; /* why the fit ends with this iteration;
                                    NMF_STOP_NONE: it goes on */
    size_t n_samples;
    size_t n_features;
    size_t n_components;
    size_t start;      /* which one it is, from 0, of */
    size_t n_starts;   /* nmf_options.n_init; all but n_iter, violation and
                          what is said of the factors goes on through them */
    const void *state; /* for the functions below */
} nmf_progress;

/**
 * Called after every iteration on the thread that called nmf_fit(). Return
 * true to go on, false to stop: the fit then keeps what it reached. The time
 * spent in it is not counted.
 */
typedef bool (*nmf_callback)(const nmf_progress *progress, void *context);

/**
 * Copy the factors as they stand, from inside a callback.
 *
 * W, H     n_samples x n_components and n_components x n_features matrices of
 *          the caller's, overwritten; either may be NULL
 *
 * Cost: one copy. Fails: NMF_ERR_ARGUMENT (other shapes)
 */
NMF_API nmf_status nmf_progress_snapshot(const nmf_progress *progress,
                                         nmf_matrix *W, nmf_matrix *H,
                                         nmf_error *err);

/**
 * Go on past the end that stop_reason tells, from inside a callback. The fit
 * has no end of its own from here on: neither tol nor min_decrease, max_iter
 * or max_seconds ends it any more, but a callback that returns false.
 */
NMF_API void nmf_progress_go_on(const nmf_progress *progress);

/**
 * How a row of X lies as an image: rows of pixels from the top, channels
 * interleaved, width * height * channels = n_features.
 */
typedef struct nmf_grid {
    size_t width; /* 0: not known */
    size_t height;
    size_t channels;
} nmf_grid;

/**
 * How to fit. Start from NMF_OPTIONS_INIT; names are scikit-learn's.
 *
 * What is minimised, the objective, is a sum over all entries x of X and v of
 * W H, and penalties that are scaled by the sizes, as in scikit-learn 1.0 and
 * later:
 *
 *     sum d_beta(x | v)
 *         + alpha_W n_features (l1_ratio sum(W) + (1 - l1_ratio) / 2 ||W||^2)
 *         + alpha_H n_samples  (l1_ratio sum(H) + (1 - l1_ratio) / 2 ||H||^2)
 *
 *     beta_loss 2   d = (x - v)^2 / 2                 Frobenius
 *               1   d = x log(x / v) - x + v          Kullback-Leibler
 *               0   d = x / v - log(x / v) - 1        Itakura-Saito
 *            else   d = (x^b + (b - 1) v^b - b x v^(b - 1)) / (b (b - 1))
 *
 * scikit-learn's reconstruction_err_ is sqrt(2 * objective) without penalties.
 * beta_loss <= 0 wants every entry of X > 0.
 *
 * What fixes the scale: only the product W H meets X, so that W may shrink by
 * what H grows. The penalties settle it, but both are needed for that: with one
 * alone, its factor would shrink to nothing while the other grew, and the
 * objective would have no minimum. Hence alpha_H is alpha_W unless said
 * otherwise, and one of them being 0 and the other not is refused.
 *
 * What parts (or activations) may be held to, which the solver "shaped" does;
 * it is taken where the solver is "hals" or NULL, others refuse:
 *
 *     sparseness_H   every row of H has this sparseness (see
 *                    nmf_matrix_sparseness()): parts as local, or as global, as
 *                    one wants them. Rows have length 1, W carries the scale.
 *     sparseness_W   every column of W has it: each part is used by few
 * samples, or by many. Columns have length 1 and H carries the scale, but where
 * sparseness_H is given, too. smooth         neighbouring pixels of a part are
 * alike: the objective has the further term, L_t being the sum over all pairs
 * of neighbours p, q (above, below, left, right; each channel by itself) of
 * (h_tp - h_tq)^2,
 *
 *                        smooth / 2 sum over t of ||w_t||^2 L_t
 *
 *                    With W scaled to columns of mean square 1 that is
 *                    smooth n_samples / 2 sum L_t, but scales of W and H do not
 *                    change it. The unit is pixels squared: details smaller
 *                    than sqrt(smooth) pixels fade. 0.1 takes off grain, 1
 *                    softens, 10 blurs.
 *
 * Sources: Hoyer, JMLR 5 (2004); Cai, He, Han and Huang, IEEE TPAMI 33 (2011);
 * Essid and Fevotte, IEEE Trans. Multimedia 15 (2013).
 *
 * Weights, missing entries. Each d counts as often as its weight says, and
 * where that is 0 the entry of X is not looked at: it may be anything, NaN
 * included, and W H there is a prediction. The solvers "hals", "cd", "mu" and
 * "mu-plain" can do that. Means and norms are over the entries that count,
 * weighted: relative_error is sqrt(sum m (x - v)^2 / sum m x^2). Of a sample
 * without any such entry nothing is known: its row of W is 0, and so is the
 * column of H of such a feature. A start from singular vectors (NMF_INIT_NNDSVD
 * and the like) takes a missing entry to be the mean of its feature.
 *
 * Held-out entries. validation_fraction of the entries that count are taken out
 * of X, chosen by seed, as if they were missing, and after every iteration they
 * are compared with W H: while they are still predicted better, the parts say
 * more about pictures, and after that about noise.
 */
typedef struct nmf_options {
    size_t n_components; /* 1 .. NMF_MAX_COMPONENTS; 0: nmf_default_...() */
    const char *solver;  /* a name of nmf_solver_name(); NULL: "hals" */
    nmf_init init;
    const nmf_matrix *W0; /* NMF_INIT_CUSTOM: n_samples x n_components, */
    const nmf_matrix
        *H0;       /* n_components x n_features, finite, >= 0; borrowed */
    uint64_t seed; /* of all that is random in the start */
    double tol;    /* >= 0: stop when the projected gradient is down to tol
                      times that of iteration 1 (Lin 2007), and ten iterations
                      have lowered the root of the objective by no more than tol
                      times what it was after iteration 1 (scikit-learn's rule
                      of "mu"); 0: never. For "mu" and "mu-plain", which only
                      approach 0, the sum of entries times their gradients takes
                      the place of the former */
    double min_decrease;   /* >= 0: stop when ten iterations have lowered the
                              root of the objective (without penalties and with
                              beta_loss 2 that is the relative error, but for a
                              factor) by no more than this part of it;
                              0: never */
    size_t max_iter;       /* >= 1 */
    double max_seconds;    /* wall clock, checked after each iteration; */
                           /* <= 0: no limit */
    unsigned n_threads;    /* 0: as many as the machine offers */
    nmf_callback callback; /* may be NULL */
    void *callback_context;
    double beta_loss; /* 2: Frobenius; 1: Kullback-Leibler, 0: Itakura-Saito,
                         any other from -8 to 8: solvers "mu" and "minibatch" */
    double alpha_W;   /* >= 0: weight of the penalty of W, and of H; */
    double alpha_H;   /* NMF_ALPHA_SAME: that of W; both > 0 or both 0 */
    double l1_ratio;  /* 0 .. 1: how much of the penalties is l1, the rest l2 */
    double sparseness_W;       /* between 0 and 1, both excluded; 0: not held */
    double sparseness_H;       /* likewise */
    double smooth;             /* >= 0 */
    nmf_grid grid;             /* smooth > 0 wants it */
    const nmf_matrix *weights; /* n_samples x n_features, finite, >= 0, not all
                                  0; 0: missing; borrowed; NULL: all are 1 */
    bool nan_is_missing;       /* NaN in X has weight 0; else it is refused */
    double
        validation_fraction; /* 0 .. 0.5: of the entries, held out; 0: none */
    size_t n_iter_no_change; /* early stopping, with validation_fraction: end
                                when that many iterations in a row have not
                                lowered validation_error, and give the factors
                                of the lowest; 0: never */
    size_t batch_size;       /* solver "minibatch": samples from one update of H
                                to the next, the last batch may be shorter; 0:
                                NMF_BATCH_SIZE; more than all: all */
    double forget_factor; /* the same: 0 .. 1, what an iteration leaves of what
                             was learned before; NMF_FORGET_DEFAULT:
                             NMF_FORGET_FACTOR */
    size_t n_init; /* that many fits, with seed, seed + 1, ...; the one of
                      the smallest objective is kept, with
                      validation_fraction that of the smallest
                      validation_error, each of entries of its own. max_iter,
                      tol and min_decrease are for each of them, max_seconds for
                      all together: a further one begins as long as there
                      is time. A callback that returns false ends them
                      all. 0 or 1: one; a start that does not go by seed
                      is refused */
} nmf_options;

/** alpha_H is that of W. */
#define NMF_ALPHA_SAME (-1.0)

/** What "minibatch" does where nothing else is said, as scikit-learn does. */
enum { NMF_BATCH_SIZE = 1024 };
#define NMF_FORGET_FACTOR 0.7
#define NMF_FORGET_DEFAULT (-1.0)

/** A patience that suits most data, for n_iter_no_change. */
enum { NMF_PATIENCE = 20 };

#define NMF_OPTIONS_INIT                                                       \
    {                                                                          \
        0, NULL, NMF_INIT_RANDOM, NULL, NULL, 0, 1e-2, 0.0, 1000, 0.0, 0,      \
            NULL, NULL, 2.0, 0.0, NMF_ALPHA_SAME, 0.0, 0.0, 0.0, 0.0,          \
            {0, 0, 0}, NULL, false, 0.0, 0, 0, NMF_FORGET_DEFAULT, 0           \
    }

/** What a fit came to; saved with the model. */
typedef struct nmf_summary {
    char solver[16];
    nmf_init init;
    uint64_t seed;
    double tol;
    size_t max_iter;
    size_t n_samples; /* rows of X */
    size_t n_iter;
    nmf_stop_reason stop_reason;
    double relative_error;   /* ||X - W H|| / ||X|| of the final pair */
    double objective;        /* of the final pair; not saved */
    double validation_error; /* of the final pair, NaN where nothing was held
                                out; not saved, as what follows */
    size_t n_missing;        /* entries of weight 0, NaN */
    size_t n_held_out;
    size_t best_iter; /* the iteration of the final pair: n_iter, or with
                         n_iter_no_change one before */
    double sparseness_components;  /* nmf_matrix_sparseness(H) */
    double sparseness_activations; /* nmf_matrix_sparseness(W) */
    double wall_seconds;           /* of all starts, and so is */
    double cpu_seconds;
    unsigned threads;
    size_t n_starts; /* that were made; not saved, as what follows. seed is that
                        of the one kept */
    double least_error; /* the relative errors of the starts: the least, */
    double median_error;
    double largest_error;
    double beta_loss; /* what was minimised, and what the factors were held to,
                         as in nmf_options; saved. Solvers that know one loss
                         alone have 2, whatever stands here */
    double alpha_W, alpha_H, l1_ratio;
    double sparseness_W, sparseness_H, smooth;
} nmf_summary;

/** Components, their activations and how they came about. Opaque. */
typedef struct nmf_model nmf_model;

/**
 * The n_components used where none is given: 49 as Lee & Seung have it, less
 * for small data, at least 1:
 * min(49, n_features, max(1, n_samples / 2)).
 */
NMF_API size_t nmf_default_n_components(size_t n_samples, size_t n_features);

/**
 * Factorise X ~= W H, minimising ||X - W H|| (Frobenius) or what the options
 * ask for.
 *
 * out      set to a new model on success, owned by the caller, who frees it
 *          with nmf_model_free(); set to NULL on failure
 * X        n_samples x n_features, every entry that counts finite and >= 0, not
 *          all zero; only read
 * options  NULL means NMF_OPTIONS_INIT; borrowed during the call
 * err      filled on failure; may be NULL
 *
 * Fails:   NMF_ERR_ARGUMENT (n_components of 0 rows or above
 *          min(n_samples, n_features), unknown solver, W0/H0 of other shapes, a
 *          beta_loss that the solver cannot do, a penalty of one factor alone,
 *          a sparseness that cannot be, smooth without a grid),
 *          NMF_ERR_DATA (a negative, NaN or infinite entry, with its place; a
 *          zero where beta_loss <= 0; all of X, W0 or H0 zero), NMF_ERR_LIMIT,
 * NMF_ERR_MEMORY. Reaching max_iter is no failure: see nmf_summary.stop_reason.
 * Threads: safe to call at once on different models, also with a shared X. The
 *          same options give the same factors, byte for byte, for any
 *          n_threads (under one nmf_cpu_name()).
 * Cost:    O(n_samples * n_features * n_components) an iteration; memory for
 *          "hals" a copy of X and about five of the longer factor, for "cd"
 *          four of each factor.
 *          Where all of X is i / 255.0F for whole i, as bytes are loaded, and
 *          the processor multiplies bfloat16 (avx512bf16), "hals" begins with
 *          products of rounded factors, half as long, and goes over to float
 *          when its steps come near what rounding costs. The error told is
 *          always that of the factors given. "mu" holds a copy of X and two of
 *          the longer factor; "bpp" and "pg" hold five of each factor, "als"
 * six; "minibatch" a copy of each, and of a batch. Promise: no solver's
 * objective rises from one iteration to the next, but for rounding, and but for
 * "minibatch", which looks at a batch at a time. "als" and, where components
 * are nearly dependent, "bpp" and "pg" may come to a worse pair: they go on
 * from there and keep the best. A factor that is rounded to float moves W H by
 * up to 2^-24 of its size, which is what an exact fit ends in. "mu", "mu-plain"
 * and "minibatch" cannot leave 0: zeros of W0 and H0 stay, so that one may say
 * with them what a part must not use. The zeros of NMF_INIT_NNDSVD are lifted
 * for them, see nmf_init. Source:  each solver's file in lib/core names its
 * paper; start as in scikit-learn.
 */
NMF_API nmf_status nmf_fit(nmf_model **out, const nmf_matrix *X,
                           const nmf_options *options, nmf_error *err);

/**
 * Where nmf_fit() with these options would begin: the factors before its first
 * iteration. A fit from them with NMF_INIT_CUSTOM gives the same factors, byte
 * for byte.
 *
 * W, H     overwritten; on success n_samples x n_components and n_components x
 *          n_features, owned by the caller, freed by nmf_matrix_release(); on
 *          failure all zero
 * options  NULL means NMF_OPTIONS_INIT; only read
 *
 * Fails:   as nmf_fit()
 */
NMF_API nmf_status nmf_start(nmf_matrix *W, nmf_matrix *H, const nmf_matrix *X,
                             const nmf_options *options, nmf_error *err);

/**
 * Learning from samples that come batch by batch, and are not kept: what the
 * solver "minibatch" does, with the batches from outside.
 *
 *     nmf_learner *learner = NULL;
 *     nmf_learner_create(&learner, &options, &err);
 *     while (next(&X))
 *         nmf_partial_fit(learner, &X, NULL, &err);
 *     nmf_learner_model(&model, learner, &err);
 *     nmf_learner_free(learner);
 */
typedef struct nmf_learner nmf_learner;

/**
 * Begin.
 *
 * out      set to a new learner on success, owned by the caller, who frees it
 *          with nmf_learner_free(); set to NULL on failure
 * options  NULL means NMF_OPTIONS_INIT; copied, and so is H0. n_components (0:
 *          as nmf_fit() would for the first batch), beta_loss, alpha_W,
 *          alpha_H, l1_ratio, seed, n_threads are as for nmf_fit(). init:
 *          NMF_INIT_CUSTOM wants H0 alone, all others begin from the first
 *          batch. batch_size: samples from one update of H to the next, where
 *          more are given at once. forget_factor: what a batch leaves of what
 *          was learned before; a stream of batches that are alike wants more
 *          than the default, say 0.95. The rest ends or watches a fit and is
 *          not looked at.
 *
 * Fails:   NMF_ERR_ARGUMENT (options that cannot be; a solver that is not
 *          "minibatch" or NULL; weights, validation, a sparseness or smooth,
 *          which it does not do), NMF_ERR_DATA (H0), NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_learner_create(nmf_learner **out,
                                      const nmf_options *options,
                                      nmf_error *err);

/**
 * Learn from a batch: find its activations, then update H once for every
 * batch_size samples.
 *
 * X        any number >= 1 of samples x n_features, the same of every batch,
 *          finite and >= 0; only read, and not needed afterwards. Those of the
 *          first batch are not all 0
 * W        NULL: activations are looked for from equal ones, by 30 updates;
 *          else n_samples x n_components, finite, >= 0: those to begin at,
 *          which are updated once and overwritten. With W, options->H0 and a
 *          forget_factor of f^(batch_size / n_samples) the batches of all
 *          samples make an iteration of "minibatch" whose forget_factor is f.
 *
 * Fails:   NMF_ERR_ARGUMENT (shapes; with the first batch: n_components above
 *          n_features or, where init looks for singular vectors, above
 *          n_samples), NMF_ERR_DATA (an entry that is negative or not finite; a
 *          zero where beta_loss <= 0), NMF_ERR_MEMORY (the first batch alone
 *          asks for memory). The learner is as it was before, then.
 * Threads: safe to call at once on different learners. The same batches give
 *          the same H, byte for byte, for any n_threads.
 * Cost:    O(n_samples * n_features * n_components), 4 times as much without W
 *          and about 10 times where beta_loss is not 2; memory for batch_size
 *          samples and ten of H
 * Source:  Lefevre, Bach and Fevotte, WASPAA 2011; scikit-learn's
 *          MiniBatchNMF.partial_fit
 */
NMF_API nmf_status nmf_partial_fit(nmf_learner *learner, const nmf_matrix *X,
                                   nmf_matrix *W, nmf_error *err);

/**
 * What was learned so far, as a model without activations; nmf_partial_fit()
 * may go on afterwards. Of its summary: n_samples are those seen, n_iter the
 * updates of H, relative_error that of the last call's samples as they came,
 * before H learned from them (to about 1e-3, where that is less).
 *
 * Fails:   NMF_ERR_ARGUMENT (nothing was learned), NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_learner_model(nmf_model **out,
                                     const nmf_learner *learner,
                                     nmf_error *err);

/** Free a learner. NULL is fine. */
NMF_API void nmf_learner_free(nmf_learner *learner);

/**
 * A model from given factors, which are copied.
 *
 * H        n_components x n_features, finite, >= 0
 * W        n_samples x n_components, finite, >= 0; may be NULL
 * summary  copied; may be NULL (all zero then)
 *
 * Fails:   NMF_ERR_ARGUMENT (shapes do not fit), _DATA, _MEMORY
 */
NMF_API nmf_status nmf_model_create(nmf_model **out, const nmf_matrix *H,
                                    const nmf_matrix *W,
                                    const nmf_summary *summary, nmf_error *err);

/** Free a model. NULL is fine. */
NMF_API void nmf_model_free(nmf_model *model);

/** H, n_components x n_features; lives as long as the model. */
NMF_API const nmf_matrix *nmf_model_components(const nmf_model *model);

/**
 * W of the data fitted, n_samples x n_components; NULL where the model has
 * none. Lives as long as the model.
 */
NMF_API const nmf_matrix *nmf_model_activations(const nmf_model *model);

/** How the model came about; lives as long as the model. */
NMF_API const nmf_summary *nmf_model_summary(const nmf_model *model);

/**
 * Activations of X under the model: the W >= 0 that minimises the loss that the
 * model was learned with, ||X - W H|| or the beta divergence of its summary.
 * Parts that were held to a sparseness, or made smooth, are used as any others,
 * and W is held to nothing, penalties included.
 * Each row is solved by itself, so a row's result depends on no other row but
 * for rounding: ||X - W H||^2 to 1e-5 ||X||^2 and mostly much better, others by
 * 300 multiplicative updates, to about 1 %, or 2 % where beta_loss < 0.
 *
 * W        overwritten; on success n_samples x n_components, owned by the
 *          caller, freed by nmf_matrix_release(); on failure all zero
 * X        n_samples x n_features of the model; finite, >= 0; only read
 * n_threads  0: as many as the machine offers
 *
 * Fails:   NMF_ERR_ARGUMENT (n_features is not the model's), _DATA (a zero
 * where the loss expects none, too), _MEMORY
 */
NMF_API nmf_status nmf_transform(nmf_matrix *W, const nmf_model *model,
                                 const nmf_matrix *X, unsigned n_threads,
                                 nmf_error *err);

/**
 * The same where entries have weights or are missing: the W >= 0 that minimises
 * sum m d(x | v), v of W H, for each row. nmf_inverse_transform() then
 * predicts what is missing.
 *
 * weights  n_samples x n_features, finite, >= 0; 0: missing, and what X holds
 *          there is not looked at; NULL: all are 1
 * nan_is_missing  NaN in X has weight 0; else it is refused
 *
 * A row without any entry that counts becomes 0; parts that none of its entries
 * depend on are not used.
 *
 * Fails:   as nmf_transform(); NMF_ERR_ARGUMENT (weights of another shape)
 * Cost:    n_features * n_components^2 / 2 for each row whose weights are not
 *          those of the row before, beside that of nmf_transform()
 */
NMF_API nmf_status nmf_transform_weighted(nmf_matrix *W, const nmf_model *model,
                                          const nmf_matrix *X,
                                          const nmf_matrix *weights,
                                          bool nan_is_missing,
                                          unsigned n_threads, nmf_error *err);

/**
 * Back to pixels: X = W H.
 *
 * X        overwritten; on success n_samples x n_features, owned by the caller,
 *          freed by nmf_matrix_release(); on failure all zero
 * W        n_samples x n_components of the model, finite, >= 0; only read
 *
 * Fails:   NMF_ERR_ARGUMENT (n_components is not the model's), _DATA, _MEMORY
 */
NMF_API nmf_status nmf_inverse_transform(nmf_matrix *X, const nmf_model *model,
                                         const nmf_matrix *W,
                                         unsigned n_threads, nmf_error *err);

/**
 * ||X - W H|| / ||X|| (Frobenius), summed in double without forming W H whole.
 *
 * out      0 for an exact fit; infinity where X is all zero and W H is not
 * X, W, H  n_samples x n_features, n_samples x k, k x n_features, finite
 *
 * Fails:   NMF_ERR_ARGUMENT (shapes do not fit), _MEMORY
 */
NMF_API nmf_status nmf_relative_error(double *out, const nmf_matrix *X,
                                      const nmf_matrix *W, const nmf_matrix *H,
                                      unsigned n_threads, nmf_error *err);

NMF_END_DECLS

#endif
