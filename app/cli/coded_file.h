/* Pictures coded with a model, and the model, as the commands read them. */
#ifndef NMFIMG_CLI_CODED_FILE_H
#define NMFIMG_CLI_CODED_FILE_H

#include "cmd.h"

#include <nmfimg/coded.h>

/* A model that was read to code with. Owns file and book. */
struct coding_model {
    const char *path;
    uint64_t file_bytes;
    nmf_model_file file;
    nmf_codebook *book;
};

/* The row of the option table; path is a const char *. */
#define CODED_OPT_MODEL(path)                                                  \
    {                                                                          \
        OPT_PATH, 'D', "model", &(path), 0, 0, "MODEL.nmfi",                   \
            "the model that pictures are coded with"                           \
    }

/*
 * Read a model and make it ready; released by coding_model_release() in any
 * case. Fails as nmf_model_load() and nmf_codebook_create().
 */
nmf_status coding_model_load(struct coding_model *out, const char *path,
                             size_t max_bytes, nmf_error *err);
void coding_model_release(struct coding_model *model);

/*
 * Decode bytes, whose file is called name, with the model at model_path; NULL
 * is refused with a sentence that says which is needed. Fails as
 * coding_model_load() and nmf_coded_decode().
 */
nmf_status coded_file_decode(nmf_set *out, const nmf_bytes *bytes,
                             const char *name, const char *model_path,
                             size_t max_bytes, nmf_error *err);

#endif
