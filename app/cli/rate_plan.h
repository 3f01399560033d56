/* Which coders a comparison of rates runs, and at which qualities. */
#ifndef NMFIMG_CLI_RATE_PLAN_H
#define NMFIMG_CLI_RATE_PLAN_H

#include "cmd.h"
#include "peer_codec.h"

enum { RATE_MAX_TARGETS = 16 };

/* NMF and PCA are fitted at each target, the others run through settings. */
enum rate_coder {
    RATE_NMF,
    RATE_PCA,
    RATE_JPEG,
    RATE_FIRST_PEER,
    N_RATE_CODERS = RATE_FIRST_PEER + N_PEERS
};

/* The coders, as help names them. */
#define RATE_CODERS "nmf, pca, jpeg, webp, jpeg2000, avif, jpegxl"

const char *rate_coder_name(enum rate_coder coder);

/* The peer that a coder from RATE_FIRST_PEER on is. */
enum peer_codec rate_coder_peer(enum rate_coder coder);

struct rate_plan {
    bool is_wanted[N_RATE_CODERS];
    double targets[RATE_MAX_TARGETS]; /* dB, rising; */
    size_t n_targets;                 /* 0: to be chosen */
};

/*
 * Read the values of --coders and --psnr; NULL: all that are there, targets to
 * be chosen. Returns OPT_PROCEED, OPT_MISUSED, or REPORT_FAILED where a program
 * is missing of a coder that was asked for by name, after saying why.
 */
int rate_plan_read(struct rate_plan *out, const struct cmd *cmd,
                   const char *coders, const char *targets);

/* Does any of the peers take part? */
bool rate_plan_has_peers(const struct rate_plan *plan);

#endif
