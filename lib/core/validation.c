/* Contracts: validation.h. */
#include "core/validation.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/kernels.h"

#include <math.h>

void nmf_validation_release(nmf_validation *v)
{
    nmf_matrix_release(&v->W);
    nmf_matrix_release(&v->H);
    nmf_matrix_release(&v->best_W);
    nmf_matrix_release(&v->best_H);
    nmf_free(v->Ht);
    nmf_free(v->parts);
    *v = (nmf_validation){0};
}

/* Where all that is held out is 0, the error is not relative to anything. */
static double norm_of(const nmf_held_out *h)
{
    double sum = 0.0;
    for (size_t i = 0; i < h->n; i++) {
        sum += (double)h->weight[i] * (double)h->x[i] * (double)h->x[i];
    }
    return sum > 0.0 ? sum : 1.0;
}

nmf_status nmf_validation_init(nmf_validation *v, const nmf_held_out *held_out,
                               size_t patience, size_t n_samples,
                               size_t n_features, size_t k, int n_threads,
                               nmf_error *err)
{
    nmf_status status = NMF_OK;
    *v = (nmf_validation){.held_out = held_out, .n_threads = n_threads};
    if (held_out->n == 0) {
        return NMF_OK;
    }
    v->patience = patience;
    v->norm = norm_of(held_out);
    if ((status = nmf_matrix_init(&v->W, n_samples, k, err)) != NMF_OK ||
        (status = nmf_matrix_init(&v->H, k, n_features, err)) != NMF_OK ||
        (patience > 0 &&
         ((status = nmf_matrix_init(&v->best_W, n_samples, k, err)) != NMF_OK ||
          (status = nmf_matrix_init(&v->best_H, k, n_features, err)) !=
              NMF_OK))) {
        nmf_validation_release(v);
        return status;
    }
    v->Ht = nmf_calloc_matrix(n_features, nmf_padded(k), sizeof *v->Ht);
    v->parts = nmf_calloc(n_samples, sizeof *v->parts);
    if (!v->Ht || !v->parts) {
        nmf_validation_release(v);
        return nmf_error_memory(err, n_features * k * sizeof *v->Ht,
                                "a copy of the components");
    }
    return NMF_OK;
}

/* sum m (x - v)^2 of what is held out of sample i. */
static double squares_of(const nmf_validation *v, size_t i)
{
    const nmf_held_out *h = v->held_out;
    const size_t k = v->W.cols, ld = nmf_padded(k);
    const float *w = nmf_matrix_row(&v->W, i);
    double sum = 0.0;
    for (size_t e = h->begin[i]; e < h->begin[i + 1]; e++) {
        const float *column = v->Ht + h->feature[e] * ld;
        float product = 0.0F;
#pragma omp simd reduction(+ : product)
        for (size_t t = 0; t < k; t++) {
            product += w[t] * column[t];
        }
        const double difference = (double)h->x[e] - (double)product;
        sum += (double)h->weight[e] * difference * difference;
    }
    return sum;
}

static double measure(nmf_validation *v)
{
    const size_t ld = nmf_padded(v->H.rows);
    double sum = 0.0;
    for (size_t t = 0; t < v->H.rows; t++) {
        for (size_t j = 0; j < v->H.cols; j++) {
            v->Ht[j * ld + t] = nmf_matrix_row(&v->H, t)[j];
        }
    }
#pragma omp parallel for schedule(static) num_threads(v->n_threads)
    for (size_t i = 0; i < v->W.rows; i++) {
        v->parts[i] = squares_of(v, i);
    }
    for (size_t i = 0; i < v->W.rows; i++) {
        sum += v->parts[i];
    }
    return sqrt(sum / v->norm);
}

static void swap(nmf_matrix *a, nmf_matrix *b)
{
    nmf_matrix t = *a;
    *a = *b;
    *b = t;
}

void nmf_validation_renew(nmf_validation *v, const nmf_solver *solver,
                          const void *state, nmf_progress *progress)
{
    progress->validation_error = (double)NAN;
    if (!v->held_out || v->held_out->n == 0) {
        return;
    }
    solver->read(state, &v->W, &v->H);
    progress->validation_error = measure(v);
    v->n_waited++;
    if (v->patience > 0 &&
        (progress->n_iter == 1 ||
         progress->validation_error < v->best.validation_error)) {
        v->best = *progress;
        v->n_waited = 0;
        swap(&v->W, &v->best_W);
        swap(&v->H, &v->best_H);
    }
}

bool nmf_validation_is_over(const nmf_validation *v)
{
    return v->patience > 0 && v->n_waited >= v->patience;
}
