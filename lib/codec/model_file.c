/* Model files on disk. Contracts are in codec.h. */
#include "codec/model.h"

#include <nmfimg/codec.h>

nmf_status nmf_model_save(const char *path, const nmf_model_file *file,
                          bool keep_activations, bool overwrite, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_status status = nmf_model_encode(&bytes, file, keep_activations, err);
    if (status == NMF_OK) {
        status = nmf_file_write(path, bytes.data, bytes.size, overwrite, err);
    }
    nmf_bytes_release(&bytes);
    return status;
}

nmf_status nmf_model_load(nmf_model_file *out, const char *path,
                          size_t max_bytes, nmf_error *err)
{
    nmf_bytes bytes = {0};
    *out = (nmf_model_file){0};
    nmf_status status = nmf_file_read(
        &bytes, path, max_bytes ? max_bytes : NMF_MODEL_MAX_BYTES, err);
    if (status == NMF_OK) {
        status =
            nmf_model_decode(out, bytes.data, bytes.size, path, max_bytes, err);
    }
    nmf_bytes_release(&bytes);
    return status;
}
