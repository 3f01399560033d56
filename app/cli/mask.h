/*
 * Which entries of the data count: what --mask names, as weights for nmf_fit().
 *
 *     struct mask mask = {0};
 *     if (mask_load(&mask, path, &load, &common, data, &err) == NMF_OK)
 *         options.weights = mask_weights(&mask);
 *     ... nmf_fit() ...
 *     mask_release(&mask);
 */
#ifndef NMFIMG_CLI_MASK_H
#define NMFIMG_CLI_MASK_H

#include "cmd.h"
#include "load.h"

#include <nmfimg/dataset.h>

/* What --mask asks for; its row of the option table. */
#define MASK_OPT(path)                                                         \
    {                                                                          \
        OPT_PATH, 0, "mask", &(path), 0, 0, "FILE",                            \
            "which pixels count: black ones are missing and are predicted; a " \
            "picture for all of them, a folder with one for each, or a table " \
            "of weights"                                                       \
    }

struct mask {
    nmf_matrix weights; /* n_samples x n_features of the data; empty: none */
};

/*
 * Load a mask for data that were loaded as load says.
 *
 * A flat table (NPY, CSV) has the shape of the data's matrix, or one row for
 * all; its numbers are the weights, bytes being divided by 255. Pictures, and
 * tables of pictures, are one for all pictures of the data, or as many, in the
 * same order; grey where the data is, and transparent is black. They have the
 * size of the pictures, and are cut into patches as these are. With load->size
 * they may have any size: they are resized as the pictures are, and a pixel
 * that is made of any black one is black.
 *
 * mask     overwritten; empty on failure
 * Fails:   as nmf_dataset_load(); NMF_ERR_ARGUMENT (counts or sizes that do not
 *          fit, naming both)
 */
nmf_status mask_load(struct mask *mask, const char *path,
                     const struct load_options *load,
                     const struct cmd_common *common, const nmf_dataset *data,
                     nmf_error *err);

void mask_release(struct mask *mask);

#endif
