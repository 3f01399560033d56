/*
 * What a method of nmf_decompose() is. To add one: a file with an entry like
 * those below, a value of nmf_method, a row in the table of decompose.c.
 *
 * It is saved with the number of the method, which says what signs to expect:
 * codec/FORMAT.md, section MTHD, is to be extended too.
 */
#ifndef NMFIMG_CORE_DECOMPOSITION_H
#define NMFIMG_CORE_DECOMPOSITION_H

#include <nmfimg/decompose.h>

#include "core/clock.h"

struct nmf_decomposition {
    nmf_matrix components;             /* k x n_features */
    nmf_matrix activations;            /* n_samples x k; data NULL: none */
    nmf_matrix mean;                   /* 1 x n_features; data NULL: none */
    nmf_component_variance *variances; /* k; may be NULL */
    nmf_decomposition_summary summary;
};

/* What is to be done, checked: k within its range, X not empty. */
typedef struct nmf_decompose_job {
    const nmf_matrix *X;
    const nmf_decompose_options *options;
    size_t k;
    int n_threads;
    nmf_clock clock;
} nmf_decompose_job;

typedef struct nmf_decompose_method {
    const char *name;
    bool is_signed;      /* may X have entries < 0? */
    bool is_any_k;       /* may there be more components than features? */
    bool subtracts_mean; /* has d a mean? */
    bool has_variances;  /* are components told apart by what they explain? */
    /*
     * Fill d, whose matrices components and activations are there, zeros; also
     * its mean and the summary's n_iter, stop_reason, relative_error, and what
     * is the method's own. Says whether X is fit for it.
     */
    nmf_status (*fit)(nmf_decomposition *d, nmf_decompose_job *job,
                      nmf_error *err);
    /* W, zeros, of X, whose entries are looked at */
    nmf_status (*transform)(nmf_matrix *W, const nmf_decomposition *d,
                            const nmf_matrix *X, int n_threads, nmf_error *err);
} nmf_decompose_method;

extern const nmf_decompose_method nmf_decompose_pca; /* and svd: pca.c */
extern const nmf_decompose_method nmf_decompose_svd;
extern const nmf_decompose_method nmf_decompose_vq;
extern const nmf_decompose_method nmf_decompose_plsa;

/*
 * After iteration n_iter: tell the callback, look at clock and count. NONE: go
 * on.
 */
nmf_stop_reason nmf_decompose_tell(nmf_decompose_job *job, size_t n_iter,
                                   double objective);

#endif
