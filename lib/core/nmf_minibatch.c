/*
 * Multiplicative updates by batches of samples: H learns from each batch before
 * the next one is looked at.
 *
 * For a batch X of samples, its rows W, and R = X V^(beta - 2),
 * S = V^(beta - 1), V = W H as in nmf_mu.c,
 *
 *     W <- W ((R H') / (S H' + l1 + l2 W))^gamma,    then, with the new W,
 *     N <- rho N + (W'R) H^(1 / gamma),
 *     D <- rho D + (W'S) + l1 + l2 H,
 *     H <- (N / D)^gamma.
 *
 * N and D remember the batches before; each goes by a factor rho for every
 * batch that follows, and by forget_factor in an iteration, which goes through
 * all samples once: rho = forget_factor^(batch_size / n_samples). Batches are
 * runs of rows as they come, the last may be shorter; nothing is shuffled. N
 * begins as H, D as 1, in a unit in which the mean of X is near 1. All of that
 * is as in scikit-learn's MiniBatchNMF, and so are the numbers, but for
 * rounding. With one batch and rho = 0 it is the plain update of nmf_mu.c.
 *
 * No descent: an H that suits a batch better may suit the others worse, and the
 * objective may rise. It is measured after each iteration, over all samples:
 * where beta is 2 and there are no weights, from the sums W'X and W'W of the
 * batches, whose W is the final one; else by another pass over X, of half an
 * iteration.
 *
 * Only one batch is packed at a time: beside X and the factors there is the
 * memory of a batch and four times H.
 *
 * Sources: A. Lefevre, F. Bach and C. Fevotte, "Online algorithms for
 * nonnegative matrix factorization with the Itakura-Saito divergence", WASPAA
 * 2011; scikit-learn's MiniBatchNMF, which takes it to other losses.
 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/online.h"

#include <math.h>
#include <string.h>

typedef struct minibatch {
    const nmf_source *X;
    nmf_loss loss;
    nmf_online online;
    size_t batch_size;
    nmf_matrix W, H;
    float *above, *below; /* sums over batches of those of H: as mu.D, mu.E */
    double *gram;         /* the same of gram_B, k x k */
    double *rows;         /* the same of sums_B, k */
} minibatch;

static void free_state(void *state)
{
    minibatch *b = state;
    if (b) {
        nmf_online_release(&b->online);
        nmf_matrix_release(&b->W);
        nmf_matrix_release(&b->H);
        nmf_free(b->above);
        nmf_free(b->below);
        nmf_free(b->gram);
        nmf_free(b->rows);
        nmf_free(b);
    }
}

static nmf_status allocate_sums(minibatch *b, nmf_error *err)
{
    const size_t k = b->H.rows, floats = b->online.m->a_size;
    b->above = nmf_calloc(floats, sizeof *b->above);
    b->below = nmf_calloc(floats, sizeof *b->below);
    b->gram = nmf_calloc_matrix(k, k, sizeof *b->gram);
    b->rows = nmf_calloc(k, sizeof *b->rows);
    return b->above && b->below && b->gram && b->rows
               ? NMF_OK
               : nmf_error_memory(err, 2 * floats * sizeof(float),
                                  "sums over the batches");
}

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    minibatch *b = nmf_calloc(1, sizeof *b);
    nmf_loss of_sample = *loss;
    nmf_status status = NMF_OK;
    *state = NULL;
    if (!b) {
        return nmf_error_memory(err, sizeof *b, "the solver");
    }
    b->X = X;
    b->loss = *loss;
    b->batch_size = loss->batch_size;
    of_sample.l1_H /= (double)X->n_samples;
    of_sample.l2_H /= (double)X->n_samples;
    const double rho =
        pow(loss->forget_factor, (double)b->batch_size / (double)X->n_samples);
    if ((status = nmf_matrix_copy(&b->W, W0, err)) != NMF_OK ||
        (status = nmf_matrix_copy(&b->H, H0, err)) != NMF_OK ||
        (status = nmf_online_init(&b->online, X, &of_sample, H0, b->batch_size,
                                  rho, 0.0, n_threads, err)) != NMF_OK ||
        (status = allocate_sums(b, err)) != NMF_OK) {
        free_state(b);
        return status;
    }
    *state = b;
    return NMF_OK;
}

/* The rows of W of the batch that begins at `first`. */
static nmf_matrix batch_of(const minibatch *b, size_t first)
{
    const size_t left = b->W.rows - first;
    return nmf_matrix_view(nmf_matrix_row(&b->W, first),
                           left < b->batch_size ? left : b->batch_size,
                           b->W.cols, b->W.ld);
}

/* ---- sums over the batches ---- */

static void begin_sums(minibatch *b)
{
    const size_t k = b->H.rows, bytes = b->online.m->a_size * sizeof(float);
    memset(b->above, 0, bytes);
    memset(b->below, 0, bytes);
    memset(b->gram, 0, k * k * sizeof *b->gram);
    memset(b->rows, 0, k * sizeof *b->rows);
}

/* Those of the batch that has just passed. */
static void add_sums(minibatch *b)
{
    const mu *m = b->online.m;
    for (size_t i = 0; i < m->a_size; i++) {
        b->above[i] += m->D[i];
    }
    for (size_t i = 0; m->has_below && i < m->a_size; i++) {
        b->below[i] += m->E[i];
    }
    for (size_t i = 0; m->is_gram && i < m->k * m->k; i++) {
        b->gram[i] += m->gram_B[i];
    }
    for (size_t t = 0; t < m->k; t++) {
        b->rows[t] += m->sums_B[t];
    }
}

/* As though one batch of all samples had passed. */
static void put_sums(minibatch *b)
{
    mu *m = b->online.m;
    memcpy(m->D, b->above, m->a_size * sizeof *m->D);
    if (m->has_below) {
        memcpy(m->E, b->below, m->a_size * sizeof *m->E);
    }
    memcpy(m->gram_B, b->gram, m->k * m->k * sizeof *m->gram_B);
    for (size_t t = 0; t < m->k; t++) {
        m->row_B[t] = (float)b->rows[t];
    }
}

/* ---- what an iteration came to ---- */

/* Over all samples, summed up from the entries; of the packed X. */
static nmf_divergence_sums measure(minibatch *b)
{
    nmf_divergence_sums sums = {0.0, 0.0};
    mu_prepare(b->online.m);
    for (size_t first = 0; first < b->W.rows; first += b->batch_size) {
        const nmf_matrix W = batch_of(b, first);
        nmf_online_take(&b->online, b->X, first, &W);
        const nmf_divergence_sums of_batch = mu_measure(b->online.m);
        sums.squares += of_batch.squares;
        sums.divergence += of_batch.divergence;
    }
    return sums;
}

/* ||X - W H||^2 = ||X||^2 - 2 <W'X, H> + <W'W, H H'>, of the packed X. */
static double free_squares(minibatch *b)
{
    mu *m = b->online.m;
    double squares = b->X->squared_norm / pow(m->unit, 4.0);
    mu_prepare(m);
    for (size_t q = 0; q < m->n_short; q++) {
        const size_t at = q * m->panel_size;
        squares -=
            2.0 * m->kernels->dot(m->A_used + at, b->above + at, m->panel_size);
    }
    for (size_t i = 0; i < m->k * m->k; i++) {
        squares += m->gram_A[i] * b->gram[i];
    }
    return squares;
}

static double penalty_of(const nmf_matrix *F, double l1, double l2)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; (l1 > 0.0 || l2 > 0.0) && i < F->rows; i++) {
        const float *f = nmf_matrix_row(F, i);
        for (size_t j = 0; j < F->cols; j++) {
            sum += (double)f[j];
            squares += (double)f[j] * (double)f[j];
        }
    }
    return l1 * sum + 0.5 * l2 * squares;
}

/*
 * As nmf_mu.c counts: two products with X, or four and more through V; V again
 * for the measure. X and W are read, and W is written, in each pass.
 */
static void count(const minibatch *b, nmf_step *step)
{
    const mu *m = b->online.m;
    const double k = (double)m->k, n = (double)b->X->n_features;
    const double rows = (double)b->X->n_samples;
    const double products = m->is_gram ? 4.0 : m->has_below ? 14.0 : 10.0;
    const double grams = m->is_gram ? 3.0 * k * k * rows : 0.0;
    const double passes = m->is_gram ? 1.0 : 2.0;
    step->flops = products * rows * n * k + grams;
    step->bytes = sizeof(float) * rows * passes * (n + 2.0 * k);
}

static nmf_step iterate(void *state)
{
    minibatch *b = state;
    const mu *m = b->online.m;
    nmf_step step = {0};
    begin_sums(b);
    for (size_t first = 0; first < b->W.rows; first += b->batch_size) {
        nmf_matrix W = batch_of(b, first);
        nmf_online_take(&b->online, b->X, first, &W);
        nmf_online_learn(&b->online, &W, 1);
        add_sums(b);
    }
    nmf_online_read(&b->online, &b->H);
    if (m->is_gram) {
        step.squared_error = free_squares(b) * pow(m->unit, 4.0);
    } else {
        const nmf_divergence_sums sums = measure(b);
        step.squared_error = sums.squares * pow(m->unit, 4.0);
        step.divergence = sums.divergence * pow(m->unit, 2.0 * m->beta.beta);
        step.is_summed = true;
    }
    step.penalty = penalty_of(&b->W, b->loss.l1_W, b->loss.l2_W) +
                   penalty_of(&b->H, b->loss.l1_H, b->loss.l2_H);
    count(b, &step);
    return step;
}

static double residual(void *state)
{
    minibatch *b = state;
    return measure(b).squares * pow(b->online.m->unit, 4.0);
}

/* A pass over all samples that changes nothing. */
static nmf_gradient gradient(void *state)
{
    minibatch *b = state;
    mu *m = b->online.m;
    nmf_gradient sum = {0.0, 0.0};
    begin_sums(b);
    for (size_t first = 0; first < b->W.rows; first += b->batch_size) {
        const nmf_matrix W = batch_of(b, first);
        nmf_online_take(&b->online, b->X, first, &W);
        mu_pass(m, -1.0F);
        add_sums(b);
        const nmf_gradient of_W = mu_gradient_of_B(m);
        sum.size += of_W.size;
        sum.scale += of_W.scale;
    }
    put_sums(b);
    nmf_online_weigh(&b->online, b->W.rows);
    const nmf_gradient of_H = mu_gradient_of_A(m);
    const double unit = pow(m->unit, 2.0 * m->beta.beta);
    return (nmf_gradient){(sum.size + of_H.size) * unit,
                          (sum.scale + of_H.scale) * unit};
}

static void copy_out(nmf_matrix *to, const nmf_matrix *from)
{
    for (size_t i = 0; to && i < from->rows; i++) {
        memcpy(nmf_matrix_row(to, i), nmf_matrix_row(from, i),
               from->cols * sizeof *from->data);
    }
}

static void read(const void *state, nmf_matrix *W, nmf_matrix *H)
{
    const minibatch *b = state;
    copy_out(W, &b->W);
    copy_out(H, &b->H);
}

const nmf_solver nmf_solver_minibatch = {
    "minibatch",
    "multiplicative updates by batches of samples; may rise (Lefevre 2011)",
    true,
    create,
    iterate,
    residual,
    gradient,
    read,
    free_state};
