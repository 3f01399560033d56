/* A set of rows that are there already. The contract is in nmfimg/dataset.h. */
#include "core/alloc.h"
#include "core/error.h"
#include "image/dataset_items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nmf_status check(const nmf_matrix *X, const nmf_geometry *geometry,
                        nmf_error *err)
{
    size_t n_features = 0;
    if (X->rows == 0 || X->cols == 0 || X->ld != X->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a set of %zu x %zu numbers, rows %zu apart",
                             X->rows, X->cols, X->ld);
    }
    if (geometry->width == 0 || geometry->patch_stride != 0 ||
        !nmf_geometry_features(&n_features, geometry) ||
        n_features != X->cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "rows of %zu numbers are no pictures of %zux%zu "
                             "and %zu channels",
                             X->cols, geometry->width, geometry->height,
                             geometry->channels);
    }
    return NMF_OK;
}

/* "NAME[i]", or the name that the row has; NULL: no memory. */
static char *name_of(const char *const *names, const char *name, size_t i)
{
    if (names) {
        return nmf_strdup(names[i]);
    }
    size_t size = strlen(name) + 24;
    char *out = malloc(size);
    if (out) {
        snprintf(out, size, "%s[%zu]", name, i);
    }
    return out;
}

nmf_status nmf_dataset_create(nmf_dataset **out, nmf_matrix *X,
                              const nmf_geometry *geometry,
                              const char *const *names, const char *name,
                              nmf_error *err)
{
    *out = NULL;
    nmf_status status = check(X, geometry, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_dataset *data = nmf_calloc(1, sizeof *data);
    if (data) {
        data->pictures = nmf_calloc(X->rows, sizeof *data->pictures);
    }
    if (!data || !data->pictures) {
        nmf_dataset_free(data);
        return nmf_error_memory(err, X->rows * sizeof *data->pictures,
                                "the list of pictures");
    }
    data->geometry = *geometry;
    for (; data->n_pictures < X->rows; data->n_pictures++) {
        nmf_picture *picture = &data->pictures[data->n_pictures];
        picture->name = name_of(names, name, data->n_pictures);
        if (!picture->name) {
            nmf_dataset_free(data);
            return nmf_error_memory(err, 0, "the names of the pictures");
        }
        picture->width = geometry->width;
        picture->height = geometry->height;
        picture->first_row = data->n_pictures;
        picture->n_rows = 1;
    }
    data->X = *X;
    *X = (nmf_matrix){0};
    *out = data;
    return NMF_OK;
}
