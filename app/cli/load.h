/*
 * Loading, as every command that takes pictures does it: its options, the
 * inputs, what is said about them.
 */
#ifndef NMFIMG_CLI_LOAD_H
#define NMFIMG_CLI_LOAD_H

#include "cmd.h"
#include "report.h"

#include <nmfimg/dataset.h>

/* What was given; start from LOAD_OPTIONS_INIT. */
struct load_options {
    bool rgb;
    unsigned alpha; /* nmf_alpha */
    struct opt_shape size;
    bool crop;
    bool pad;
    struct opt_shape patch;
    size_t stride;
    struct opt_shape shape;
    bool skip_broken;
    size_t max_pixels;
    uint64_t seed;             /* of the built-in sets */
    const char *uneven_advice; /* as in nmf_dataset_options */
};

#define LOAD_OPTIONS_INIT                                                      \
    {                                                                          \
        .max_pixels = NMF_IMAGE_MAX_PIXELS_DEFAULT                             \
    }

/* The operand, and rows of the option table; load is a struct load_options. */
#define LOAD_OPT_INPUTS(inputs)                                                \
    {                                                                          \
        OPT_ARGS, 0, "INPUT", &(inputs), 1, 0, NULL,                           \
            "pictures (PNG, JPEG, PNM), folders of them, a "                   \
            "table (NPY, IDX, CSV), a built-in set "                           \
            "(@swimmer, @bars, @faces, @noise), or - for "                     \
            "standard input"                                                   \
    }
/* Another name of --data-seed, for commands without a seed of their own. */
#define LOAD_OPT_SEED(load)                                                    \
    {                                                                          \
        OPT_SEED, 0, "seed", &(load).seed, 0, 0, "N",                          \
            "the same as --data-seed"                                          \
    }
#define LOAD_OPTS(load)                                                          \
    {OPT_GROUP, 0, "Loading", NULL, 0, 0, NULL, NULL},                           \
        {OPT_FLAG, 0, "rgb", &(load).rgb,                                        \
         0,        0, NULL,  "keep three colour planes instead of grey"},        \
        {OPT_ENUM,                                                               \
         0,                                                                      \
         "alpha",                                                                \
         &(load).alpha,                                                          \
         0,                                                                      \
         0,                                                                      \
         "black|ignore",                                                         \
         "transparency: compose on black, or take colours as stored"},           \
        {OPT_SIZE, 0,                                                            \
         "size",   &(load).size,                                                 \
         1,        65535,                                                        \
         "WxH",    "resize every picture, for example --size 64x64"},            \
        {OPT_FLAG, 0, "crop", &(load).crop,                                      \
         0,        0, NULL,   "with --size: keep the aspect, cut what is over"}, \
        {OPT_FLAG, 0,                                                            \
         "pad",    &(load).pad,                                                  \
         0,        0,                                                            \
         NULL,     "with --size: keep the aspect, fill up with black"},          \
        {OPT_SIZE, 0,     "patch", &(load).patch,                                \
         1,        65535, "WxH",   "cut pictures into patches, one a row of X"}, \
        {OPT_COUNT,                                                              \
         0,                                                                      \
         "stride",                                                               \
         &(load).stride,                                                         \
         1,                                                                      \
         65535,                                                                  \
         "S",                                                                    \
         "with --patch: pixels from one patch to the next (default: the "        \
         "patch's size)"},                                                       \
        {OPT_SHAPE, 0,     "shape",   &(load).shape,                             \
         1,         65535, "WxH[xC]", "how a row of a flat table is painted"},   \
        {OPT_FLAG,                                                               \
         0,                                                                      \
         "skip-broken",                                                          \
         &(load).skip_broken,                                                    \
         0,                                                                      \
         0,                                                                      \
         NULL,                                                                   \
         "leave broken pictures out instead of failing"},                        \
        {OPT_SEED, 0, "data-seed", &(load).seed,                                 \
         0,        0, "N",         "seed of the built-in sets"},                 \
    {                                                                            \
        OPT_COUNT, 0, "max-pixels", &(load).max_pixels, 1, 1e12, "N",            \
            "refuse pictures of more pixels"                                     \
    }

/*
 * Load the inputs, saying what was left out. Returns REPORT_DONE with *out
 * owned by the caller (nmf_dataset_free()), else an exit code with *out NULL,
 * after saying why. "-" in inputs is replaced.
 */
int load_dataset(nmf_dataset **out, const struct cmd *cmd,
                 const struct load_options *load,
                 const struct cmd_common *common, struct opt_list inputs);

/*
 * What of it can be done before anything is read: options that do not go
 * together, and mistyped built-in sets. Returns OPT_PROCEED, or OPT_MISUSED
 * after saying why.
 */
int load_check(const struct cmd *cmd, const struct load_options *load,
               struct opt_list inputs);

/* What does not go together, as a sentence that lives for ever; or NULL. */
const char *load_fault(const struct load_options *load);

/* The options for nmf_dataset_load(). */
nmf_dataset_options load_convert(const struct load_options *load,
                                 const struct cmd_common *common);

/* An on_skip of nmf_dataset_options: with -v, says what is left out and why. */
void load_tell_skipped(const char *message, void *context);

/*
 * Members of the JSON object that say what was loaded: n_samples, n_features,
 * image_width, image_height, channels (null where not known).
 */
void load_add_shape(cJSON *object, const nmf_dataset *data);

/* Likewise n_pictures, skipped_not_images, skipped_broken. */
void load_add_counts(cJSON *object, const nmf_dataset *data);

/* Likewise pictures, the array of their names. */
void load_add_names(cJSON *object, const nmf_dataset *data);

/* With -v: which row of X, from 0, is which picture. */
void load_tell_rows(const nmf_dataset *data);

/* "2,429 pictures of 19 x 19 grey pixels"; "1,024 patches of 8 x 8 ..." */
struct load_text {
    char text[256];
};
struct load_text load_describe(const nmf_dataset *data);

#endif
