/* Compressed files as the commands read them. */
#ifndef NMFIMG_CLI_SET_FILE_H
#define NMFIMG_CLI_SET_FILE_H

#include "cmd.h"

#include <nmfimg/codec.h>

/*
 * Read and decompress a file ("-": standard input); model is the path of the
 * model that it was coded with, NULL where it needs none. Returns an exit code,
 * after saying why where it is not REPORT_DONE; out is released by
 * nmf_set_release().
 */
int set_file_load(nmf_set *out, const char *path, const char *model,
                  const struct cmd_common *common);

/* What a file may take in memory: --max-memory, or 4 GiB. */
size_t set_file_max_bytes(const struct cmd_common *common);

#endif
