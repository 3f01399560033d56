/*
 * Model files on disk, and what they hold, by whichever method. Contracts are
 * in codec.h.
 */
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

nmf_method nmf_model_file_method(const nmf_model_file *file)
{
    return file->model
               ? NMF_METHOD_NMF
               : nmf_decomposition_get_summary(file->decomposition)->method;
}

const nmf_matrix *nmf_model_file_components(const nmf_model_file *file)
{
    return file->model ? nmf_model_components(file->model)
                       : nmf_decomposition_components(file->decomposition);
}

const nmf_matrix *nmf_model_file_activations(const nmf_model_file *file)
{
    return file->model ? nmf_model_activations(file->model)
                       : nmf_decomposition_activations(file->decomposition);
}

const nmf_matrix *nmf_model_file_mean(const nmf_model_file *file)
{
    return file->model ? NULL : nmf_decomposition_mean(file->decomposition);
}

nmf_status nmf_model_file_transform(nmf_matrix *W, const nmf_model_file *file,
                                    const nmf_matrix *X, unsigned n_threads,
                                    nmf_error *err)
{
    return file->model ? nmf_transform(W, file->model, X, n_threads, err)
                       : nmf_decomposition_transform(W, file->decomposition, X,
                                                     n_threads, err);
}

nmf_status nmf_model_file_inverse_transform(nmf_matrix *X,
                                            const nmf_model_file *file,
                                            const nmf_matrix *W,
                                            unsigned n_threads, nmf_error *err)
{
    return file->model
               ? nmf_inverse_transform(X, file->model, W, n_threads, err)
               : nmf_decomposition_inverse_transform(X, file->decomposition, W,
                                                     n_threads, err);
}

nmf_status nmf_model_file_relative_error(double *out,
                                         const nmf_model_file *file,
                                         const nmf_matrix *X,
                                         const nmf_matrix *W,
                                         unsigned n_threads, nmf_error *err)
{
    return file->model ? nmf_relative_error(out, X, W,
                                            nmf_model_components(file->model),
                                            n_threads, err)
                       : nmf_decomposition_relative_error(
                             out, file->decomposition, X, W, n_threads, err);
}
