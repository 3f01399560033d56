/* A model: its factors and how it came about. Contracts are in nmf.h. */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/model_adopt.h"
#include "core/source.h"

struct nmf_model {
    nmf_matrix H;
    nmf_matrix W; /* data NULL: none */
    nmf_summary summary;
};

nmf_status nmf_model_adopt(nmf_model **out, nmf_matrix *H, nmf_matrix *W,
                           const nmf_summary *summary, nmf_error *err)
{
    nmf_model *model = nmf_calloc(1, sizeof *model);
    *out = model;
    if (!model) {
        return nmf_error_memory(err, sizeof *model, "a model");
    }
    if (summary) {
        model->summary = *summary;
    }
    model->H = *H;
    model->W = *W;
    *H = *W = (nmf_matrix){0};
    return NMF_OK;
}

nmf_status nmf_model_create(nmf_model **out, const nmf_matrix *H,
                            const nmf_matrix *W, const nmf_summary *summary,
                            nmf_error *err)
{
    nmf_status status = NMF_OK;
    nmf_matrix own_H = {0}, own_W = {0};
    *out = NULL;
    if (H->rows == 0 || H->cols == 0 || H->rows > NMF_MAX_COMPONENTS) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "components of %zu x %zu: expected 1 to %d rows "
                             "and at least 1 column",
                             H->rows, H->cols, NMF_MAX_COMPONENTS);
    }
    if (W && W->cols != H->rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "activations have %zu columns, expected one for "
                             "each of %zu components",
                             W->cols, H->rows);
    }
    if ((status = nmf_check_entries(H, "components", err)) != NMF_OK ||
        (W && (status = nmf_check_entries(W, "activations", err)) != NMF_OK)) {
        return status;
    }
    if ((status = nmf_matrix_copy(&own_H, H, err)) == NMF_OK &&
        (!W || (status = nmf_matrix_copy(&own_W, W, err)) == NMF_OK)) {
        status = nmf_model_adopt(out, &own_H, &own_W, summary, err);
    }
    nmf_matrix_release(&own_H);
    nmf_matrix_release(&own_W);
    return status;
}

void nmf_model_free(nmf_model *model)
{
    if (model) {
        nmf_matrix_release(&model->H);
        nmf_matrix_release(&model->W);
        nmf_free(model);
    }
}

const nmf_matrix *nmf_model_components(const nmf_model *model)
{
    return &model->H;
}

const nmf_matrix *nmf_model_activations(const nmf_model *model)
{
    return model->W.data ? &model->W : NULL;
}

const nmf_summary *nmf_model_summary(const nmf_model *model)
{
    return &model->summary;
}

nmf_summary *nmf_model_own_summary(nmf_model *model)
{
    return &model->summary;
}
