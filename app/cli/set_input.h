/*
 * Pictures for compression: loaded in colour, and grey again where there is
 * none; what they take on the disk; their names.
 */
#ifndef NMFIMG_CLI_SET_INPUT_H
#define NMFIMG_CLI_SET_INPUT_H

#include "load.h"

#include <nmfimg/dataset.h>

struct set_input {
    nmf_dataset *data;
    nmf_matrix X; /* a view of data's, or grey of its own */
    nmf_geometry geometry;
    bool is_own;
    const char **names;  /* of the pictures, from the folder on that they have
                            in common; X.rows */
    uint64_t file_bytes; /* of the files; 0: there are none (built-in sets) */
};

/*
 * Load inputs; grey asks for grey. Returns an exit code, after saying why where
 * it is not REPORT_DONE. Freed by set_input_release() in any case.
 */
int set_input_load(struct set_input *out, const struct cmd *cmd,
                   const struct load_options *load, bool grey,
                   const struct cmd_common *common, struct opt_list inputs);
void set_input_release(struct set_input *input);

#endif
