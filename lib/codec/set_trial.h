/*
 * What attempts to compress a set have in common: the goal, how near to it one
 * came, and the numbers of a fit as coded streams.
 */
#ifndef NMFIMG_CODEC_SET_TRIAL_H
#define NMFIMG_CODEC_SET_TRIAL_H

#include "codec/set_search.h"

/* PSNR of pictures without any error, to reckon with. */
enum { NMF_SET_PSNR_MAX = 100 };

/* A search under way. */
typedef struct nmf_set_searcher {
    const nmf_set_data *data; /* all pictures */
    nmf_set_data part;        /* those of short attempts; owns X's copy */
    const nmf_set_goal *goal;
    double started;
    nmf_set_progress progress;
} nmf_set_searcher;

/* How an attempt came out. */
typedef struct nmf_set_outcome {
    double psnr;
    double bytes; /* of the file, for all pictures */
} nmf_set_outcome;

/* A file grows by this power of 10 for a dB, about. */
extern const double nmf_set_growth_a_db;

/* dB of a squared error over all samples of data. */
double nmf_set_psnr(const nmf_set_data *data, double squared_error);

/* How many dB the outcome is above what is wanted; below 0: it falls short. */
double nmf_set_surplus(const nmf_set_searcher *s, const nmf_set_outcome *o);

/* The outcome of what was found, and its surplus. */
double nmf_set_found_surplus(nmf_set_outcome *o, const nmf_set_searcher *s,
                             const nmf_set_found *found);

/* Keep found in best where it meets the target better; else drop it. Any that
 * meets it is better than any that does not. *least begins as INFINITY. */
void nmf_set_keep_better(nmf_set_found *best, double *least,
                         nmf_set_found *found, double surplus);

/* Tell whoever listens; o may be NULL. Fails: NMF_ERR_CANCELLED */
nmf_status nmf_set_tell(nmf_set_searcher *s, double fraction, size_t k,
                        const nmf_set_outcome *o, nmf_error *err);

/* Below this step nothing gets better, and activations would be too large. */
double nmf_set_least_q(const nmf_set_data *data);
size_t nmf_set_max_rank(const nmf_set_data *data);

/* Take the numbers of a fit, and code and paint them. Fails: NMF_ERR_MEMORY */
nmf_status nmf_set_realise(nmf_set_found *out, const nmf_set_fit *fit,
                           nmf_error *err);

#endif
