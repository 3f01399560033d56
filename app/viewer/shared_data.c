#include "shared_data.h"

#include "gate.h"

#include <stdatomic.h>
#include <stdlib.h>

struct shared_data {
    atomic_size_t n_holders;
    nmf_dataset *set; /* NULL: X is the data */
    nmf_matrix X;
};

static struct shared_data *create(nmf_dataset *set, nmf_matrix X,
                                  nmf_error *err)
{
    struct shared_data *data = gate_alloc(1, sizeof *data, err);
    if (!data) {
        nmf_dataset_free(set);
        nmf_matrix_release(&X);
        return NULL;
    }
    atomic_init(&data->n_holders, 1);
    data->set = set;
    data->X = X;
    return data;
}

struct shared_data *shared_data_create(nmf_dataset *set, nmf_error *err)
{
    return create(set, (nmf_matrix){0}, err);
}

struct shared_data *shared_data_from_matrix(nmf_matrix *X, nmf_error *err)
{
    nmf_matrix own = *X;
    *X = (nmf_matrix){0};
    return create(NULL, own, err);
}

struct shared_data *shared_data_take(struct shared_data *data)
{
    (void)atomic_fetch_add_explicit(&data->n_holders, 1, memory_order_relaxed);
    return data;
}

void shared_data_drop(struct shared_data *data)
{
    /* What any holder did with it comes before the free. */
    if (data && atomic_fetch_sub_explicit(&data->n_holders, 1,
                                          memory_order_acq_rel) == 1) {
        nmf_dataset_free(data->set);
        nmf_matrix_release(&data->X);
        free(data);
    }
}

const nmf_matrix *shared_data_matrix(const struct shared_data *data)
{
    return data->set ? nmf_dataset_matrix(data->set) : &data->X;
}

const nmf_dataset *shared_data_set(const struct shared_data *data)
{
    return data->set;
}
