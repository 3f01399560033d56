/* The first failure of a parallel loop. The contract is in first_failure.h. */
#include "core/first_failure.h"

#include "core/error.h"

void nmf_first_failure_init(nmf_first_failure *failure, size_t n)
{
    atomic_init(&failure->index, n);
    failure->n = n;
    failure->error = (nmf_error){0};
}

void nmf_note_failure(nmf_first_failure *failure, size_t i,
                      const nmf_error *err)
{
#pragma omp critical(nmf_first_failure)
    if (i < atomic_load(&failure->index)) {
        atomic_store(&failure->index, i);
        failure->error = err ? *err : (nmf_error){0};
    }
}

nmf_status nmf_first_failure_raise(const nmf_first_failure *failure,
                                   nmf_error *err)
{
    if (atomic_load(&failure->index) == failure->n) {
        return NMF_OK;
    }
    return nmf_error_set(err, failure->error.status, "%s",
                         failure->error.message);
}
