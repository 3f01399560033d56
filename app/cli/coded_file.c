#include "coded_file.h"

#include <stdio.h>
#include <sys/stat.h>

nmf_status coding_model_load(struct coding_model *out, const char *path,
                             size_t max_bytes, nmf_error *err)
{
    struct stat entry;
    *out = (struct coding_model){.path = path};
    nmf_status status = nmf_model_load(&out->file, path, max_bytes, err);
    if (status == NMF_OK) {
        status = nmf_codebook_create(&out->book, &out->file, path, err);
    }
    if (status == NMF_OK && stat(path, &entry) == 0) {
        out->file_bytes = (uint64_t)entry.st_size;
    }
    return status;
}

void coding_model_release(struct coding_model *model)
{
    nmf_codebook_free(model->book);
    nmf_model_file_release(&model->file);
    *model = (struct coding_model){0};
}

static nmf_status ask_for_model(const nmf_bytes *bytes, const char *name,
                                nmf_error *err)
{
    nmf_coded_info info;
    nmf_status status =
        nmf_coded_describe(&info, bytes->data, bytes->size, name, err);
    if (status != NMF_OK) {
        return status;
    }
    err->status = NMF_ERR_ARGUMENT;
    snprintf(err->message, sizeof err->message,
             "'%s' was coded with a model: give it with -D (its id %s %0*llx)",
             name, info.is_short ? "ends in" : "is", info.is_short ? 4 : 16,
             (unsigned long long)info.id);
    return err->status;
}

nmf_status coded_file_decode(nmf_set *out, const nmf_bytes *bytes,
                             const char *name, const char *model_path,
                             size_t max_bytes, nmf_error *err)
{
    struct coding_model model = {0};
    *out = (nmf_set){0};
    if (!model_path) {
        return ask_for_model(bytes, name, err);
    }
    nmf_status status = coding_model_load(&model, model_path, max_bytes, err);
    if (status == NMF_OK) {
        status = nmf_coded_decode(out, model.book, bytes->data, bytes->size,
                                  name, max_bytes, err);
    }
    coding_model_release(&model);
    return status;
}
