/*
 * What nmfimg info says of one operand: each kind has a function here that
 * prints lines and fills an object for --json. cmd_info.c tells the kinds
 * apart.
 */
#ifndef NMFIMG_CLI_INFO_H
#define NMFIMG_CLI_INFO_H

#include "cmd.h"
#include "report.h"

#include <nmfimg/dataset.h>

struct info_subject {
    const char *path;
    uint64_t file_size;
    const struct cmd_common *common;
    cJSON *json; /* to be filled */
};

typedef nmf_status info_describe(const struct info_subject *subject,
                                 nmf_error *err);

info_describe info_model;
info_describe info_set;
info_describe info_coded;
info_describe info_picture;
info_describe info_table;
info_describe info_folder;
info_describe info_builtin;

/* The memory that a file may take; 4 GiB where --max-memory does not say. */
size_t info_max_bytes(const struct info_subject *subject);

/* "19x19 grey", "8x8 rgb patches, 4 apart", "rows of 361 numbers". */
struct info_text {
    char text[100];
};
struct info_text info_word_geometry(const nmf_geometry *geometry,
                                    size_t n_features);

/* image_width, image_height, channels, patch_stride; null where not known. */
void info_add_geometry(cJSON *json, const nmf_geometry *geometry);

#endif
