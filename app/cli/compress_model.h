/* nmfimg compress -D: pictures coded with a model. */
#ifndef NMFIMG_CLI_COMPRESS_MODEL_H
#define NMFIMG_CLI_COMPRESS_MODEL_H

#include "load.h"
#include "size_target.h"

/* What was asked for; all borrowed. */
struct compress_model_request {
    const struct load_options *load;
    const struct cmd_common *common;
    const char *model;
    const char *preview; /* NULL: none */
    size_t quality;      /* one of these three at most is not 0 */
    double psnr;
    const struct size_target *target; /* of each picture; NULL: none */
    bool no_names;
};

/* Inputs into output. Returns an exit code, after saying why not. */
int compress_model(const struct compress_model_request *asked,
                   const struct cmd *cmd, const char *output,
                   struct opt_list inputs);

#endif
