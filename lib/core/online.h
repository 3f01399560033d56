/*
 * Learning H from batches of samples, one after the other: what the solver
 * "minibatch" and nmf_partial_fit() have in common. The idea is told in
 * nmf_minibatch.c.
 *
 * Only the batch at hand is packed: nothing here has the size of X.
 */
#ifndef NMFIMG_CORE_ONLINE_H
#define NMFIMG_CORE_ONLINE_H

#include "core/mu.h"

typedef struct nmf_online {
    mu *m;           /* of a batch: B is W' of its samples, A is H */
    nmf_loss loss;   /* the penalty of H is that of one sample */
    float *above;    /* what was learned so far of the upper sums of H, and */
    float *below;    /* of the lower ones: both in the format of mu.A */
    double rho;      /* how much of them is kept, a batch */
    size_t capacity; /* samples that a batch has at most */
} nmf_online;

/*
 * Begin at H0 (k x n_features), which is copied, for batches of at most
 * `capacity` samples. unit: see mu.h; 0: what suits X. Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_online_init(nmf_online *out, const nmf_source *X,
                           const nmf_loss *loss, const nmf_matrix *H0,
                           size_t capacity, double rho, double unit,
                           int n_threads, nmf_error *err);
void nmf_online_release(nmf_online *o);

/* Which samples of X come next, and their rows of W. */
void nmf_online_take(nmf_online *o, const nmf_source *X, size_t first,
                     const nmf_matrix *W);

/* The penalty of H is that of n_samples samples, till the next batch. */
void nmf_online_weigh(nmf_online *o, size_t n_samples);

/*
 * Update W of these samples n_updates times, and then H once. W is overwritten.
 * Returns ||X - W H||^2 with the new W and the old H, of the packed X, but for
 * its ||X||^2 where m->is_gram.
 */
double nmf_online_learn(nmf_online *o, nmf_matrix *W, size_t n_updates);

/*
 * W (n_samples x k, overwritten) of the least D_beta(X | W H) for a given H
 * (k x n_features), by TRANSFORM_UPDATES updates from activations that give
 * each sample its sum. Zeros of X are > 0 where beta <= 0. Fails:
 * NMF_ERR_MEMORY
 */
nmf_status nmf_online_transform(nmf_matrix *W, const nmf_matrix *H,
                                const nmf_source *X, double beta, int n_threads,
                                nmf_error *err);

/* Copy H out. */
void nmf_online_read(const nmf_online *o, nmf_matrix *H);

#endif
