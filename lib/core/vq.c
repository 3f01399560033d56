/*
 * Vector quantisation: each sample is replaced by the nearest of k centres. As
 * a factorisation, W has one 1 a row and H holds the centres.
 *
 * The start is k-means++: the first centre is a sample at random, each further
 * one a sample drawn with a probability in proportion to its squared distance
 * from the centres so far; of 2 + log(k) such candidates the one stays that
 * leaves the least. Then Lloyd's iterations,
 *
 *     label of x   <-  argmin over t of  ||c_t||^2 / 2 - <x, c_t>
 *     c_t          <-  mean of the samples with label t
 *
 * neither of which raises the inertia, the sum of ||x - c_label||^2. They run
 * on X less its mean (centred.h): what separates clusters may be small beside
 * what all have in common.
 *
 * Source: Arthur and Vassilvitskii, "k-means++: the advantages of careful
 * seeding", SODA 2007; Lloyd, IEEE Trans. Inf. Theory 28 (1982), 129-137.
 */
#include "core/alloc.h"
#include "core/centred.h"
#include "core/decomposition.h"
#include "core/error.h"
#include "core/kernels.h"
#include "core/panel.h"
#include "core/rng.h"

#include <math.h>
#include <string.h>

/* Rows are ld apart in X and C, nmf_padded(k) in P and Ct; padding is zero. */
typedef struct clusters {
    const nmf_matrix *X; /* m x n, ld = nmf_centred_ld(n) */
    size_t m, n, k;
    float *C;          /* k x n: the centres */
    float *Ct;         /* n x k */
    float *P;          /* m x k: products of samples and centres */
    float *half_norms; /* k: ||c||^2 / 2 */
    double *distances; /* m: squared, of a sample to its centre */
    double *sums;      /* k x n, of the samples of a cluster */
    size_t *labels;    /* m */
    size_t *order;     /* m: the samples, cluster by cluster */
    size_t *begin;     /* k + 1: where a cluster begins in order */
    int n_threads;
} clusters;

static void clusters_release(clusters *c)
{
    nmf_free(c->C);
    nmf_free(c->Ct);
    nmf_free(c->P);
    nmf_free(c->half_norms);
    nmf_free(c->distances);
    nmf_free(c->sums);
    nmf_free(c->labels);
    nmf_free(c->order);
    nmf_free(c->begin);
    *c = (clusters){0};
}

static nmf_status clusters_init(clusters *c, const nmf_matrix *X, size_t k,
                                int n_threads, nmf_error *err)
{
    const size_t m = X->rows, n = X->cols;
    *c = (clusters){.X = X, .m = m, .n = n, .k = k, .n_threads = n_threads};
    c->C = nmf_calloc_matrix(k, X->ld, sizeof *c->C);
    c->Ct = nmf_calloc_matrix(n, nmf_padded(k), sizeof *c->Ct);
    c->P = nmf_calloc_matrix(m, nmf_padded(k), sizeof *c->P);
    c->half_norms = nmf_calloc_matrix(k, 1, sizeof *c->half_norms);
    c->distances = nmf_calloc_matrix(m, 1, sizeof *c->distances);
    c->sums = nmf_calloc_matrix(k, n, sizeof *c->sums);
    c->labels = nmf_calloc_matrix(m, 1, sizeof *c->labels);
    c->order = nmf_calloc_matrix(m, 1, sizeof *c->order);
    c->begin = nmf_calloc_matrix(k + 1, 1, sizeof *c->begin);
    if (!c->C || !c->Ct || !c->P || !c->half_norms || !c->distances ||
        !c->sums || !c->labels || !c->order || !c->begin) {
        clusters_release(c);
        return nmf_error_memory(err, (m * k + 4 * n * k) * sizeof(float),
                                "clusters");
    }
    return NMF_OK;
}

static double sum(const double *x, size_t n)
{
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        total += x[i];
    }
    return total;
}

/* out[i] = the squared distance of sample i to `centre`, at most limit[i]. */
static void distances_to(double *out, const double *limit, const clusters *c,
                         const float *centre)
{
    const nmf_panel_kernels *kernels = nmf_panel_kernels_get();
#pragma omp parallel for schedule(static) num_threads(c->n_threads)
    for (size_t i = 0; i < c->m; i++) {
        double d = kernels->distance(nmf_matrix_row(c->X, i), centre, c->X->ld);
        out[i] = limit && limit[i] < d ? limit[i] : d;
    }
}

/* A sample drawn with weights that sum to total; any where all are 0. */
static size_t draw(const double *weights, size_t n, double total, nmf_rng *rng)
{
    double left = nmf_rng_uniform(rng) * total;
    size_t i = 0;
    if (!(total > 0.0)) {
        return (size_t)(nmf_rng_uniform(rng) * (double)n);
    }
    while (i + 1 < n && (left -= weights[i]) >= 0.0) {
        i++;
    }
    /* Rounding may lead to the end, or to a sample that cannot be drawn. */
    while (i > 0 && !(weights[i] > 0.0)) {
        i--;
    }
    return i;
}

static void set_centre(clusters *c, size_t t, size_t sample)
{
    memcpy(c->C + t * c->X->ld, nmf_matrix_row(c->X, sample),
           c->X->ld * sizeof *c->C);
}

/* k-means++; scratch: 2 m doubles. */
static void seed_centres(clusters *c, uint64_t seed, double *scratch)
{
    const size_t n_candidates = 2 + (size_t)log((double)c->k);
    double *trial = scratch, *best = scratch + c->m;
    nmf_rng rng = nmf_rng_init(seed, 0);
    set_centre(c, 0, (size_t)(nmf_rng_uniform(&rng) * (double)c->m));
    distances_to(c->distances, NULL, c, c->C);
    double total = sum(c->distances, c->m);
    for (size_t t = 1; t < c->k; t++) {
        double least = INFINITY;
        for (size_t q = 0; q < n_candidates; q++) {
            size_t sample = draw(c->distances, c->m, total, &rng);
            distances_to(trial, c->distances, c, nmf_matrix_row(c->X, sample));
            double left = sum(trial, c->m);
            if (left < least) {
                double *swap = trial;
                trial = best;
                best = swap;
                least = left;
                set_centre(c, t, sample);
            }
        }
        memcpy(c->distances, best, c->m * sizeof *best);
        total = least;
    }
}

/* The caller's centres, in the unit of the copy. */
static void take_centres(clusters *c, const nmf_matrix *H0,
                         const nmf_centred *data)
{
    for (size_t t = 0; t < c->k; t++) {
        for (size_t j = 0; j < c->n; j++) {
            c->C[t * c->X->ld + j] = (float)(((double)nmf_matrix_row(H0, t)[j] -
                                              (double)data->mean[j]) /
                                             data->scale);
        }
    }
}

/* Label every sample with its nearest centre; true where a label changed. */
static bool assign(clusters *c)
{
    const size_t ldk = nmf_padded(c->k), ld = c->X->ld;
    size_t n_changes = 0;
    nmf_operand rows = {c->X->data, ld, 1};
    for (size_t t = 0; t < c->k; t++) {
        double squares = 0.0;
        for (size_t j = 0; j < c->n; j++) {
            float x = c->C[t * ld + j];
            c->Ct[j * ldk + t] = x;
            squares += (double)x * (double)x;
        }
        c->half_norms[t] = (float)(squares / 2.0);
    }
    nmf_product(c->P, ldk, rows, c->Ct, ldk, c->m, c->k, c->n, c->n_threads);
#pragma omp parallel for schedule(static) num_threads(c->n_threads)            \
    reduction(+ : n_changes)
    for (size_t i = 0; i < c->m; i++) {
        const float *p = c->P + i * ldk;
        float least = INFINITY;
        size_t label = 0;
        for (size_t t = 0; t < c->k; t++) {
            float value = c->half_norms[t] - p[t];
            if (value < least) { /* of equal ones the first */
                least = value;
                label = t;
            }
        }
        n_changes += label != c->labels[i];
        c->labels[i] = label;
    }
    return n_changes > 0;
}

/* Distances of all samples to their centres; returns the inertia. */
static double measure(clusters *c)
{
    const nmf_panel_kernels *kernels = nmf_panel_kernels_get();
#pragma omp parallel for schedule(static) num_threads(c->n_threads)
    for (size_t i = 0; i < c->m; i++) {
        c->distances[i] = kernels->distance(
            nmf_matrix_row(c->X, i), c->C + c->labels[i] * c->X->ld, c->X->ld);
    }
    return sum(c->distances, c->m);
}

/* order and begin from the labels: samples keep their order in a cluster. */
static void sort_by_label(clusters *c)
{
    memset(c->begin, 0, (c->k + 1) * sizeof *c->begin);
    for (size_t i = 0; i < c->m; i++) {
        c->begin[c->labels[i] + 1]++;
    }
    for (size_t t = 0; t < c->k; t++) {
        c->begin[t + 1] += c->begin[t];
    }
    for (size_t i = 0; i < c->m; i++) {
        c->order[c->begin[c->labels[i]]++] = i;
    }
    for (size_t t = c->k; t > 0; t--) { /* each begin moved to its end */
        c->begin[t] = c->begin[t - 1];
    }
    c->begin[0] = 0;
}

static size_t count(const clusters *c, size_t t)
{
    return c->begin[t + 1] - c->begin[t];
}

/*
 * Give each cluster without samples the one that is farthest from its centre,
 * taken from a cluster that has others. That lowers the inertia; where no
 * sample is off its centre there is nothing to gain, and it stays empty.
 */
static void fill_empty(clusters *c)
{
    for (size_t t = 0; t < c->k; t++) {
        size_t farthest = c->m;
        if (count(c, t) > 0) {
            continue;
        }
        for (size_t i = 0; i < c->m; i++) {
            double least = farthest < c->m ? c->distances[farthest] : 0.0;
            if (c->distances[i] > least && count(c, c->labels[i]) > 1) {
                farthest = i;
            }
        }
        if (farthest == c->m) {
            return;
        }
        c->labels[farthest] = t;
        c->distances[farthest] = 0.0;
        sort_by_label(c);
    }
}

/* Every centre to the mean of its samples; how far they moved, in squares. */
static double move_centres(clusters *c)
{
    const size_t ld = c->X->ld;
    double *const moved = c->distances; /* renewed by measure() */
#pragma omp parallel for schedule(dynamic) num_threads(c->n_threads)
    for (size_t t = 0; t < c->k; t++) {
        double *s = c->sums + t * c->n;
        const double n_samples = (double)count(c, t);
        moved[t] = 0.0;
        if (count(c, t) == 0) {
            continue; /* it stays where it is */
        }
        memset(s, 0, c->n * sizeof *s);
        for (size_t q = c->begin[t]; q < c->begin[t + 1]; q++) {
            const float *x = nmf_matrix_row(c->X, c->order[q]);
            for (size_t j = 0; j < c->n; j++) {
                s[j] += (double)x[j];
            }
        }
        for (size_t j = 0; j < c->n; j++) {
            float mean = (float)(s[j] / n_samples);
            double step = (double)mean - (double)c->C[t * ld + j];
            moved[t] += step * step;
            c->C[t * ld + j] = mean;
        }
    }
    return sum(moved, c->k);
}

static nmf_stop_reason iterate(size_t *n_iter, clusters *c,
                               nmf_decompose_job *job, const nmf_centred *data)
{
    const double tolerance = job->options->tol * data->source.squared_norm /
                             (double)c->m / (double)c->n;
    nmf_stop_reason reason = NMF_STOP_NONE;
    for (*n_iter = 0; reason == NMF_STOP_NONE;) {
        bool is_changed = assign(c) || *n_iter == 0;
        double inertia = measure(c);
        if (!is_changed) {
            return NMF_STOP_TOL;
        }
        sort_by_label(c);
        fill_empty(c);
        double moved = move_centres(c);
        ++*n_iter;
        reason = nmf_decompose_tell(job, *n_iter,
                                    inertia * data->scale * data->scale);
        /* Without an inertia ties alone would be broken, for ever. */
        if (reason != NMF_STOP_CANCELLED &&
            (moved < tolerance || inertia == 0.0)) {
            reason = NMF_STOP_TOL;
        }
    }
    return reason;
}

/* The centres in the unit of the data, with their mean. */
static void read_centres(nmf_matrix *H, const clusters *c,
                         const nmf_centred *data, bool is_non_negative)
{
    for (size_t t = 0; t < c->k; t++) {
        for (size_t j = 0; j < c->n; j++) {
            double x = (double)c->C[t * c->X->ld + j] * data->scale +
                       (double)data->mean[j];
            nmf_matrix_row(H, t)[j] =
                (float)(is_non_negative ? fmax(x, 0.0) : x);
        }
    }
}

/* The power of 2 above the largest entry of C by its size; 1 where all are 0.
 */
static double unit_of(const clusters *c)
{
    float largest = 0.0F;
    int exponent = 0;
    for (size_t i = 0; i < c->k * c->X->ld; i++) {
        largest = fmaxf(largest, fabsf(c->C[i]));
    }
    frexp((double)largest, &exponent);
    return largest > 0.0F ? ldexp(1.0, exponent) : 1.0;
}

/*
 * X and H less the mean of H, in a unit that makes H about 1, to `shifted`,
 * which is c->X, and to the centres of c. Returns the unit.
 */
static double shift(nmf_matrix *shifted, clusters *c, const nmf_matrix *X,
                    const nmf_matrix *H)
{
    const size_t ld = shifted->ld;
    double *mean = c->sums; /* n of them */
    for (size_t j = 0; j < c->n; j++) {
        mean[j] = 0.0;
        for (size_t t = 0; t < c->k; t++) {
            mean[j] += (double)nmf_matrix_row(H, t)[j] / (double)c->k;
        }
        for (size_t t = 0; t < c->k; t++) {
            c->C[t * ld + j] =
                (float)((double)nmf_matrix_row(H, t)[j] - mean[j]);
        }
    }
    const double unit = unit_of(c);
    for (size_t i = 0; i < c->k * ld; i++) {
        c->C[i] = (float)((double)c->C[i] / unit);
    }
#pragma omp parallel for schedule(static) num_threads(c->n_threads)
    for (size_t i = 0; i < c->m; i++) {
        const float *x = nmf_matrix_row(X, i);
        float *y = nmf_matrix_row(shifted, i);
        for (size_t j = 0; j < c->n; j++) {
            y[j] = (float)(((double)x[j] - mean[j]) / unit);
        }
    }
    return unit;
}

/*
 * W of X for given centres, both shifted for the same reason as above. A fit
 * ends with it, so that its W is what transform gives.
 */
static nmf_status label(nmf_matrix *W, double *inertia, const nmf_matrix *H,
                        const nmf_matrix *X, int n_threads, nmf_error *err)
{
    nmf_matrix shifted = {0};
    clusters c = {0};
    nmf_status status =
        nmf_matrix_init(&shifted, X->rows, nmf_centred_ld(H->cols), err);
    shifted.cols = H->cols;
    if (status == NMF_OK) {
        status = clusters_init(&c, &shifted, H->rows, n_threads, err);
    }
    if (status == NMF_OK) {
        const double unit = shift(&shifted, &c, X, H);
        assign(&c);
        *inertia = measure(&c) * unit * unit;
        for (size_t i = 0; i < X->rows; i++) {
            nmf_matrix_row(W, i)[c.labels[i]] = 1.0F;
        }
        clusters_release(&c);
    }
    nmf_matrix_release(&shifted);
    return status;
}

static bool has_no_negative(const nmf_matrix *X)
{
    return nmf_check_entries(X, NULL, NULL) == NMF_OK;
}

static nmf_status fit(nmf_decomposition *d, nmf_decompose_job *job,
                      nmf_error *err)
{
    nmf_centred data = {0};
    clusters c = {0};
    double *scratch = NULL;
    nmf_status status =
        nmf_centred_init(&data, job->X, true, job->n_threads, err);
    if (status == NMF_OK) {
        status = clusters_init(&c, &data.X, job->k, job->n_threads, err);
    }
    if (status == NMF_OK &&
        !(scratch = nmf_calloc_matrix(c.m, 2, sizeof *scratch))) {
        status = nmf_error_memory(err, c.m * 2 * sizeof *scratch, "clusters");
    }
    if (status == NMF_OK) {
        if (job->options->H0) {
            take_centres(&c, job->options->H0, &data);
        } else {
            seed_centres(&c, job->options->seed, scratch);
        }
        d->summary.stop_reason = iterate(&d->summary.n_iter, &c, job, &data);
        read_centres(&d->components, &c, &data, has_no_negative(job->X));
    }
    const double norm = sqrt(data.squared_norm);
    nmf_free(scratch);
    clusters_release(&c);
    nmf_centred_release(&data);
    if (status == NMF_OK) {
        status = label(&d->activations, &d->summary.inertia, &d->components,
                       job->X, job->n_threads, err);
    }
    d->summary.relative_error =
        norm > 0.0 ? sqrt(d->summary.inertia) / norm : 0.0;
    return status;
}

static nmf_status transform(nmf_matrix *W, const nmf_decomposition *d,
                            const nmf_matrix *X, int n_threads, nmf_error *err)
{
    double inertia = 0.0;
    return label(W, &inertia, &d->components, X, n_threads, err);
}

const nmf_decompose_method nmf_decompose_vq = {
    .name = "vq",
    .is_signed = true,
    .is_any_k = true,
    .fit = fit,
    .transform = transform,
};
