/*
 * The first failure of a parallel loop, first in the order of its iterations:
 * the same one for any number of threads.
 *
 *     nmf_first_failure failure;
 *     nmf_first_failure_init(&failure, n);
 *     #pragma omp parallel for schedule(dynamic)
 *     for (size_t i = 0; i < n; i++) {
 *         nmf_error err = {0};
 *         if (nmf_is_past_failure(&failure, i)) {
 *             continue;
 *         }
 *         if (work(i, &err) != NMF_OK) {
 *             nmf_note_failure(&failure, i, &err);
 *         }
 *     }
 *     return nmf_first_failure_raise(&failure, err);
 *
 * Iterations beyond a failure are passed over, those before it never are: one
 * of them may yet be the first.
 */
#ifndef NMFIMG_CORE_FIRST_FAILURE_H
#define NMFIMG_CORE_FIRST_FAILURE_H

#include <nmfimg/error.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct nmf_first_failure {
    atomic_size_t index; /* n: none */
    size_t n;            /* iterations of the loop */
    nmf_error error;
} nmf_first_failure;

void nmf_first_failure_init(nmf_first_failure *failure, size_t n);

/* Did an iteration before this one fail? */
static inline bool nmf_is_past_failure(nmf_first_failure *failure, size_t i)
{
    return i > atomic_load_explicit(&failure->index, memory_order_relaxed);
}

/*
 * Iteration i failed; called from within the loop, by any thread. err may be
 * NULL where the reason is kept elsewhere.
 */
void nmf_note_failure(nmf_first_failure *failure, size_t i,
                      const nmf_error *err);

/* After the loop: the error, or NMF_OK where there was none. */
nmf_status nmf_first_failure_raise(const nmf_first_failure *failure,
                                   nmf_error *err);

#endif
