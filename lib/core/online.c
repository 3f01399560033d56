/* Learning from batches. Contracts: online.h. */
#include "core/online.h"

#include "core/alloc.h"
#include "core/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { TRANSFORM_UPDATES = 300 };

void nmf_online_release(nmf_online *o)
{
    mu_free(o->m);
    nmf_free(o->above);
    nmf_free(o->below);
    *o = (nmf_online){0};
}

/* What scikit-learn begins with: H over 1, as though learned from a batch. */
static void begin_sums(nmf_online *o)
{
    memcpy(o->above, o->m->A_used, o->m->a_size * sizeof *o->above);
    for (size_t i = 0; i < o->m->a_size; i++) {
        o->below[i] = 1.0F;
    }
}

nmf_status nmf_online_init(nmf_online *out, const nmf_source *X,
                           const nmf_loss *loss, const nmf_matrix *H0,
                           size_t capacity, double rho, double unit,
                           int n_threads, nmf_error *err)
{
    nmf_status status = NMF_OK;
    *out = (nmf_online){.loss = *loss, .rho = rho, .capacity = capacity};
    status =
        mu_create_batch(&out->m, X, loss, H0, capacity, unit, n_threads, err);
    if (status != NMF_OK) {
        return status;
    }
    const size_t floats = out->m->a_size;
    out->above = nmf_calloc(floats, sizeof *out->above);
    out->below = nmf_calloc(floats, sizeof *out->below);
    if (!out->above || !out->below) {
        nmf_online_release(out);
        return nmf_error_memory(err, 2 * floats * sizeof(float),
                                "what was learned of the parts");
    }
    begin_sums(out);
    return NMF_OK;
}

void nmf_online_weigh(nmf_online *o, size_t n_samples)
{
    nmf_loss loss = o->loss;
    loss.l1_H *= (double)n_samples;
    loss.l2_H *= (double)n_samples;
    mu_weigh(o->m, &loss);
}

void nmf_online_take(nmf_online *o, const nmf_source *X, size_t first,
                     const nmf_matrix *W)
{
    mu_take(o->m, X, first, W);
    nmf_online_weigh(o, W->rows);
}

double nmf_online_learn(nmf_online *o, nmf_matrix *W, size_t n_updates)
{
    o->m->n_updates = n_updates;
    const double squares = mu_pass(o->m, 0.0F).squared_error;
    mu_learn_A(o->m, o->above, o->below, o->rho);
    mu_keep(o->m);
    mu_read(o->m, W, NULL);
    return squares - (o->m->is_gram ? o->m->squared_norm : 0.0);
}

/* All activations of a sample alike, and W H of the sum that X has. */
static void begin_samples(nmf_matrix *W, const nmf_matrix *H,
                          const nmf_source *X, size_t first, float *row)
{
    double sum_H = 0.0;
    for (size_t t = 0; t < H->rows; t++) {
        for (size_t j = 0; j < H->cols; j++) {
            sum_H += (double)nmf_matrix_row(H, t)[j];
        }
    }
    for (size_t i = 0; i < W->rows; i++) {
        double sum = 0.0;
        X->ops->rows(X, row, H->cols, first + i, 1, false);
        for (size_t j = 0; j < H->cols; j++) {
            sum += (double)row[j];
        }
        for (size_t t = 0; t < W->cols; t++) {
            nmf_matrix_row(W, i)[t] =
                sum_H > 0.0 ? (float)fmin(sum / sum_H, FLT_MAX) : 0.0F;
        }
    }
}

nmf_status nmf_online_transform(nmf_matrix *W, const nmf_matrix *H,
                                const nmf_source *X, double beta, int n_threads,
                                nmf_error *err)
{
    const nmf_loss loss = {.beta = beta};
    const size_t capacity = mu_smaller(NMF_BATCH_SIZE, X->n_samples);
    mu *m = NULL;
    float *row = nmf_calloc(H->cols, sizeof *row);
    nmf_status status =
        row ? mu_create_batch(&m, X, &loss, H, capacity, 0.0, n_threads, err)
            : nmf_error_memory(err, H->cols * sizeof *row, "a sample");
    for (size_t first = 0; status == NMF_OK && first < X->n_samples;
         first += capacity) {
        nmf_matrix part = nmf_matrix_view(
            nmf_matrix_row(W, first),
            mu_smaller(capacity, X->n_samples - first), W->cols, W->ld);
        begin_samples(&part, H, X, first, row);
        mu_take(m, X, first, &part);
        m->n_updates = TRANSFORM_UPDATES;
        mu_pass(m, 0.0F);
        mu_keep(m);
        mu_read(m, &part, NULL);
    }
    mu_free(m);
    nmf_free(row);
    return status;
}

void nmf_online_read(const nmf_online *o, nmf_matrix *H)
{
    mu_read(o->m, NULL, H);
}
