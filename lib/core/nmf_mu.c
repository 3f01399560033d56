/*
 * Multiplicative updates for the beta divergence, fused, plain ("mu-plain") and
 * extrapolated ("mu").
 *
 * What it is. For X ~= A'B and V = A'B, with R = X V^(beta - 2) and
 * S = V^(beta - 1) entry by entry,
 *
 *     B <- B ((A R) / (A S + l1 + l2 B))^gamma,    A <- likewise from B R', B
 * S'
 *
 * never raises the objective: Lee & Seung (2001) for beta 2 and 1, Fevotte &
 * Idier (2011) for any, with gamma = 1 / (2 - beta) below 1, 1 / (beta - 1)
 * above 2, else 1. l2 grows faster than the bounds below 2 allow: gamma is
 * 1 / (3 - beta) there, by the same argument. The same is done from points that
 * are extrapolated,
 *
 *     Y = B + alpha max(0, B - B_before),
 *
 * alpha from Nesterov's sequence (Hien, Leplat & Gillis 2024). Such a step may
 * raise the objective, so it is measured every time, which costs a logarithm
 * an entry: a pair that is higher than the kept one is thrown away, and the
 * next step is plain, from the kept pair, and the sequence begins anew.
 *
 * How it runs. See panel.h for A (short side), B (long side) and the layout;
 * mu_pass.c is the pass over X: a panel of B is updated, V made again for the
 * new one, its R and S added up for the update of A, all in the cache. Neither
 * V nor R is ever whole. Kullback-Leibler needs no S: its sums are those of the
 * rows of A. Frobenius needs no V: A R = A X, A S = (A A') B. Chunks of panels
 * are a fixed partition, added in order: any number of threads gives the same
 * bytes.
 *
 * An iteration is: A, from the sums of the pass before; B. What is reported is
 * the pair (A from which B was made, B), whose objective the pass has measured.
 * scikit-learn's order is W, H, W, H ...: "mu-plain" keeps it. Where W is B, it
 * is updated once before the first iteration, and once more at the end.
 *
 * Entries with weights M: R and S are M times what they are above (Mao & Saul
 * 2004 for beta 2), and so are the sums that are measured. Every loss needs V
 * and S then.
 *
 * Updates cannot leave 0, and only approach it, along gradients that may be
 * huge where V is next to nothing. So how far the pair is from stationary is
 * told by the sum of entries times their gradients, what a relative change of
 * the entries would gain: it does not depend on how A and B share their scale.
 * A start with zeros keeps them; those of NMF_INIT_NNDSVD are lifted before.
 *
 * Sources: D. D. Lee and H. S. Seung, NIPS 13 (2001). C. Fevotte and J. Idier,
 * Neural Computation 23 (2011). L. T. K. Hien, V. Leplat and N. Gillis, "Block
 * majorization minimization with extrapolation", 2024. Y. Mao and L. K. Saul,
 * "Modeling distances in large-scale networks by matrix factorization", IMC
 * 2004.
 */
#include "core/mu.h"

#include <math.h>

static nmf_status create(void **state, const nmf_source *X,
                         const nmf_loss *loss, const nmf_matrix *W0,
                         const nmf_matrix *H0, int n_threads, nmf_error *err)
{
    mu *m = NULL;
    nmf_status status = mu_create(&m, X, loss, W0, H0, true, n_threads, err);
    *state = m;
    return status;
}

static nmf_status create_plain(void **state, const nmf_source *X,
                               const nmf_loss *loss, const nmf_matrix *W0,
                               const nmf_matrix *H0, int n_threads,
                               nmf_error *err)
{
    mu *m = NULL;
    nmf_status status = mu_create(&m, X, loss, W0, H0, false, n_threads, err);
    *state = m;
    return status;
}

static void swap(float **a, float **b)
{
    float *t = *a;
    *a = *b;
    *b = t;
}

/* How far the next step goes beyond the last; 0 to begin with. */
static float next_alpha(mu *m)
{
    const double eta = m->eta;
    if (!m->is_extrapolated) {
        return 0.0F;
    }
    m->eta = 0.5 * (1.0 + sqrt(1.0 + 4.0 * eta * eta));
    return (float)((eta - 1.0) / m->eta);
}

/*
 * Is the measured pair, (A_used, B_other), to be the kept one? A plain step
 * without powers lowers the objective; if it seems not to, the error that came
 * free was too low before, and to refuse it would be to refuse it for ever.
 */
static bool is_better(const mu *m, const nmf_step *step, double objective,
                      float alpha)
{
    /* Products are good to 1e-7 of what cancels; sums of entries to less. */
    const double rounding =
        step->is_summed ? 1e-6 * objective : 1e-7 * m->squared_norm;
    return objective <= m->lowest + rounding || (m->is_gram && alpha <= 0.0F);
}

static void keep(mu *m, const nmf_step *step, double objective)
{
    swap(&m->B, &m->B_other);
    for (size_t i = 0; i < m->a_size; i++) {
        m->A_kept[i] = m->A_used[i];
    }
    /* One that is higher by no more than rounding counts as the same. */
    const double excess = fmax(0.0, objective - m->lowest);
    m->kept = *step;
    if (step->penalty > excess) {
        m->kept.penalty -= excess;
    } else if (m->beta.beta == 2.0) {
        m->kept.squared_error = fmax(0.0, step->squared_error - 2.0 * excess);
    } else {
        m->kept.divergence -= excess;
    }
    m->lowest = fmin(m->lowest, objective);
    m->has_update = false;
}

/* Make and measure a pair; keep the better one. */
static void try(mu *m, float alpha)
{
    nmf_step step = mu_pass(m, alpha);
    if (m->is_gram && step.squared_error < 1e-3 * m->squared_norm) {
        swap(&m->B, &m->B_other); /* that is the pair to sum up */
        swap(&m->A_kept, &m->A_used);
        step.squared_error = mu_residual(m);
        step.is_summed = true;
        swap(&m->B, &m->B_other);
        swap(&m->A_kept, &m->A_used);
    }
    const double objective =
        (m->is_gram ? 0.5 * step.squared_error : step.divergence) +
        step.penalty;
    m->is_kept = is_better(m, &step, objective, alpha);
    if (m->is_kept) {
        keep(m, &step, objective);
    } else {
        m->eta = 1.0;
    }
}

/* A from the sums of the kept pair's pass, once. */
static void update_A(mu *m)
{
    if (!m->has_update) {
        swap(&m->A, &m->A_before);
        mu_update_A(m);
        m->has_update = true;
    }
}

/*
 * Products: A'B twice and two with R; as many again with S. Where beta is 2,
 * two with X, two gram matrices by half, two products with them.
 */
static double count_flops(const mu *m)
{
    const double k = (double)m->k, s = (double)m->s, l = (double)m->l;
    if (m->is_gram) {
        return 4.0 * s * l * k + (k * (k + 1.0) + 2.0 * k * k) * (l + s);
    }
    return (m->has_below ? 12.0 : 8.0) * s * l * k;
}

/* X, the weights and both B are read, and one is written. */
static double count_bytes(const mu *m)
{
    return sizeof(float) * (double)m->n_long *
           (double)((m->M ? 2 : 1) * m->x_size + 3 * m->panel_size);
}

static nmf_step iterate(void *state)
{
    mu *m = state;
    if (!m->has_begun) {
        try(m, m->updates_B_first ? 0.0F : -1.0F); /* -1: the start itself */
        m->has_begun = true;
    }
    update_A(m);
    const float alpha = next_alpha(m);
    m->losses->ahead(m->A_used, m->A, m->A_before, alpha, m->a_size);
    try(m, alpha);

    nmf_step step = m->kept;
    const double squares = pow(m->unit, 4.0);
    const double loss = pow(m->unit, 2.0 * m->beta.beta);
    step.squared_error *= squares;
    step.divergence *= loss;
    step.penalty *= loss;
    step.flops = count_flops(m);
    step.bytes = count_bytes(m);
    return step;
}

static double residual(void *state)
{
    mu *m = state;
    return mu_residual(m) * pow(m->unit, 4.0);
}

static nmf_gradient gradient(void *state)
{
    mu *m = state;
    nmf_gradient none = {-1.0, 0.0};
    if (!m->is_kept) {
        return none;
    }
    nmf_gradient gradient = mu_gradient(m);
    const double unit = pow(m->unit, 2.0 * m->beta.beta);
    gradient.size *= unit;
    gradient.scale *= unit;
    return gradient;
}

const nmf_solver nmf_solver_mu = {
    "mu",
    "multiplicative updates, extrapolated, for any beta loss (Hien 2024)",
    true,
    create,
    iterate,
    residual,
    gradient,
    mu_read,
    mu_free};

const nmf_solver nmf_solver_mu_plain = {
    "mu-plain",
    "multiplicative updates (Lee & Seung 2001, Fevotte & Idier 2011)",
    true,
    create_plain,
    iterate,
    residual,
    gradient,
    mu_read,
    mu_free};
