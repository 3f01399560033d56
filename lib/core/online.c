/* Learning from batches. Contracts: online.h. */
#include "core/online.h"

#include "core/alloc.h"
#include "core/error.h"

#include <string.h>

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

void nmf_online_read(const nmf_online *o, nmf_matrix *H)
{
    mu_read(o->m, NULL, H);
}
