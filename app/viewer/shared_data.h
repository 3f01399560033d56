/*
 * A loaded set that several threads read, each for as long as it wants: the
 * one that drops it last frees it.
 *
 *     struct shared_data *data = shared_data_create(set, &err);
 *     worker_fit(worker, data, ...);   // keeps its own hold on it
 *     shared_data_drop(data);          // the solver may still be reading it
 */
#ifndef NMFIMG_VIEWER_SHARED_DATA_H
#define NMFIMG_VIEWER_SHARED_DATA_H

#include <nmfimg/dataset.h>

struct shared_data;

/*
 * A set with one holder, the caller. The set is owned from now on, also on
 * failure (it is freed then). NULL: no memory, err is filled.
 */
struct shared_data *shared_data_create(nmf_dataset *set, nmf_error *err);

/*
 * The same of a matrix that no set belongs to; X is emptied, its data is owned
 * from now on, also on failure.
 */
struct shared_data *shared_data_from_matrix(nmf_matrix *X, nmf_error *err);

/* One holder more; gives data back. Any thread. */
struct shared_data *shared_data_take(struct shared_data *data);

/* One holder less; the last one frees. NULL is fine. Any thread. */
void shared_data_drop(struct shared_data *data);

/* The matrix X; lives as long as a holder does. */
const nmf_matrix *shared_data_matrix(const struct shared_data *data);

/* The set; NULL where it is a matrix alone. */
const nmf_dataset *shared_data_set(const struct shared_data *data);

#endif
