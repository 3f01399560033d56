/*
 * How to learn, as every program that fits asks for it: one table of options,
 * so that a later one appears everywhere at once.
 *
 *     struct fit_options fit = fit_options_default();
 *     const struct opt opts[] = {FIT_OPTS(fit), {.type = OPT_END}};
 *     ... opt_parse() or opt_set() ...
 *     nmf_options options = fit_options_convert(&fit);
 */
#ifndef NMFIMG_CLI_FIT_OPTIONS_H
#define NMFIMG_CLI_FIT_OPTIONS_H

#include "method_words.h"
#include "opt.h"
#include "solver_names.h"

#include <nmfimg/dataset.h>
#include <nmfimg/nmf.h>
#include <nmfimg/table.h>

/* What was given; start from fit_options_default(). */
struct fit_options {
    unsigned method;       /* nmf_method; of programs with FIT_OPT_METHOD */
    size_t n_components;   /* 0: nmf_default_n_components() */
    unsigned solver;       /* of nmf_solver_name() */
    const char *beta_loss; /* a name or a number */
    double alpha_W;
    double alpha_H;
    double l1_ratio;
    double sparseness_W; /* 0: not held */
    double sparseness_H;
    double smooth;
    unsigned init;      /* nmf_init */
    const char *init_W; /* NULL: none */
    const char *init_H;
    uint64_t seed;
    double tol;
    double min_decrease;
    size_t max_iter;
    double max_seconds;
    size_t batch_size;    /* 0: the library's */
    double forget_factor; /* NMF_FORGET_DEFAULT: the library's */
    double validation;    /* 0: nothing is held out */
    bool early_stop;
};

/* In the order of nmf_init. */
#define FIT_INIT_NAMES "random|custom|nndsvd|nndsvda|nndsvdar"

#define FIT_LOSS_NAMES "frobenius|kullback-leibler|itakura-saito"

/* Rows of the option table; fit is a struct fit_options. */
#define FIT_OPT_COMPONENTS(fit)                                                \
    {                                                                          \
        OPT_COUNT, 'k', "n-components", &(fit).n_components, 1,                \
            NMF_MAX_COMPONENTS, "K",                                           \
            "how many parts to learn (default 49, fewer for small sets)"       \
    }
/* Not in FIT_OPTS: for programs that can do more than nmf. fit_method.h. */
#define FIT_OPT_METHOD(fit)                                                    \
    {                                                                          \
        OPT_ENUM, 0, "method", &(fit).method, 0, 0, METHOD_NAMES,              \
            "what is learned: parts by nmf, or to compare with them "          \
            "principal "                                                       \
            "components (pca), singular vectors (svd), centres of clusters "   \
            "(vq), parts by probabilistic latent semantic analysis (plsa)"     \
    }
#define FIT_OPT_SOLVER(fit)                                                    \
    {                                                                          \
        OPT_ENUM, 0, "solver", &(fit).solver, 0, 0, solver_names(),            \
            "how they are learned"                                             \
    }
#define FIT_OPT_SEED(fit)                                                      \
    {                                                                          \
        OPT_SEED, 0, "seed", &(fit).seed, 0, 0, "N",                           \
            "seed of the random start"                                         \
    }
#define FIT_OPTS(fit)                                                          \
    {OPT_GROUP, 0, "Learning", NULL, 0, 0, NULL, NULL},                        \
        FIT_OPT_COMPONENTS(fit), FIT_OPT_SOLVER(fit),                          \
        {OPT_STRING,                                                           \
         0,                                                                    \
         "beta-loss",                                                          \
         &(fit).beta_loss,                                                     \
         0,                                                                    \
         0,                                                                    \
         FIT_LOSS_NAMES "|NUMBER",                                             \
         "what is minimised (default frobenius); 2, 1, 0 are these in "        \
         "numbers; others than frobenius want --solver mu or minibatch"},      \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "alpha-W",                                                            \
         &(fit).alpha_W,                                                       \
         0,                                                                    \
         0,                                                                    \
         "X",                                                                  \
         "weight of a penalty that keeps activations small; 0: none"},         \
        {OPT_DOUBLE, 0,                                                        \
         "alpha-H",  &(fit).alpha_H,                                           \
         -1,         0,                                                        \
         "X",        "the same for the parts; -1: that of --alpha-W"},         \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "l1-ratio",                                                           \
         &(fit).l1_ratio,                                                      \
         0,                                                                    \
         1,                                                                    \
         "X",                                                                  \
         "share of the penalties that makes zeros (l1); the rest, l2, only "   \
         "makes small"},                                                       \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "sparseness-H",                                                       \
         &(fit).sparseness_H,                                                  \
         0,                                                                    \
         1,                                                                    \
         "S",                                                                  \
         "give every part this sparseness (near 0: as wide as the picture, "   \
         "near 1: a few pixels; 0.6 to 0.8 makes local parts); 0: whatever "   \
         "comes"},                                                             \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "sparseness-W",                                                       \
         &(fit).sparseness_W,                                                  \
         0,                                                                    \
         1,                                                                    \
         "S",                                                                  \
         "the same for the activations of each part: near 1, few pictures "    \
         "use it"},                                                            \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "smooth",                                                             \
         &(fit).smooth,                                                        \
         0,                                                                    \
         0,                                                                    \
         "X",                                                                  \
         "make neighbouring pixels of a part alike; details smaller than the " \
         "root of X, in pixels, fade (0.1 to 10); 0: no"},                     \
        {OPT_COUNT,                                                            \
         0,                                                                    \
         "batch-size",                                                         \
         &(fit).batch_size,                                                    \
         1,                                                                    \
         1e9,                                                                  \
         "N",                                                                  \
         "with --solver minibatch: rows from one update of the parts to the "  \
         "next (default 1024, at most all)"},                                  \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "forget-factor",                                                      \
         &(fit).forget_factor,                                                 \
         0,                                                                    \
         1,                                                                    \
         "X",                                                                  \
         "the same: how much an iteration leaves of what was learned before; " \
         "0: nothing, 1: all (default 0.7)"},                                  \
        {OPT_ENUM,                                                             \
         0,                                                                    \
         "init",                                                               \
         &(fit).init,                                                          \
         0,                                                                    \
         0,                                                                    \
         FIT_INIT_NAMES,                                                       \
         "where to start; nndsvd: from singular vectors, whose zeros nndsvda " \
         "and nndsvdar fill; custom: from --init-W and --init-H"},             \
        {OPT_PATH, 0,                                                          \
         "init-W", &(fit).init_W,                                              \
         0,        0,                                                          \
         "FILE",   "activations to start from (NPY or CSV, samples x parts)"}, \
        {OPT_PATH,                                                             \
         0,                                                                    \
         "init-H",                                                             \
         &(fit).init_H,                                                        \
         0,                                                                    \
         0,                                                                    \
         "FILE",                                                               \
         "components to start from, of vq centres (NPY or CSV, parts x "       \
         "features)"},                                                         \
        FIT_OPT_SEED(fit),                                                     \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "tol",                                                                \
         &(fit).tol,                                                           \
         0,                                                                    \
         0,                                                                    \
         "X",                                                                  \
         "stop when the projected gradient has fallen by this factor, and "    \
         "ten iterations lower the error by no more than this part of the "    \
         "first; 0: never"},                                                   \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "min-decrease",                                                       \
         &(fit).min_decrease,                                                  \
         0,                                                                    \
         0,                                                                    \
         "X",                                                                  \
         "stop when ten iterations lower the error (the root of what is "      \
         "minimised) by no more than this part of it; 0: never"},              \
        {OPT_COUNT, 0,   "max-iter", &(fit).max_iter,                          \
         1,         1e9, "N",        "stop after this many iterations"},       \
        {OPT_DOUBLE,                                                           \
         0,                                                                    \
         "validation",                                                         \
         &(fit).validation,                                                    \
         0,                                                                    \
         0.5,                                                                  \
         "F",                                                                  \
         "hold out this part of the entries, by the seed, and tell how well "  \
         "they are predicted"},                                                \
        {OPT_FLAG,                                                             \
         0,                                                                    \
         "early-stop",                                                         \
         &(fit).early_stop,                                                    \
         0,                                                                    \
         0,                                                                    \
         NULL,                                                                 \
         "with --validation: stop when 20 iterations have not predicted them " \
         "better, and keep the parts that did it best"},                       \
    {                                                                          \
        OPT_DOUBLE, 0, "max-seconds", &(fit).max_seconds, 0, 0, "S",           \
            "stop after this time; 0: no limit"                                \
    }

/* The defaults, which are the library's. */
struct fit_options fit_options_default(void);

/*
 * What does not go together, as a sentence that lives for ever; NULL where all
 * is well.
 */
const char *fit_options_fault(const struct fit_options *fit);

/* Options for nmf_fit(); without the factors to start from, threads, callback
 * and grid. */
nmf_options fit_options_convert(const struct fit_options *fit);

/*
 * Tell which pixels are neighbours, once the data are there. A sentence where
 * that is asked for and not known; else NULL.
 */
const char *fit_options_place(nmf_options *options,
                              const nmf_geometry *geometry);

/* The factors that --init custom starts from; {0} is empty. */
struct fit_start {
    nmf_table W0;
    nmf_table H0;
};

/*
 * Read the files that --init-W and --init-H name, where they are given, and
 * make options start from them; they borrow start, which is released after the
 * fit. max_bytes: memory that each may take, 0: no limit.
 */
nmf_status fit_start_load(struct fit_start *start, nmf_options *options,
                          const struct fit_options *fit, size_t max_bytes,
                          nmf_error *err);
void fit_start_release(struct fit_start *start);

#endif
