/* Contracts are in rate_model.h. */
#include "codec/rate_model.h"

#include "core/alloc.h"
#include "core/cholesky.h"
#include "core/error.h"
#include "core/kernels.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    MIN_REFERRING = 50, /* fewer images say too little about references */
    MAX_EARLIER = 96    /* components before one that are looked at */
};

static const double ridge = 2.0;
static const double scale_min = 0.08;

static size_t side_size(size_t k, size_t ld)
{
    return 2 * ld + k * ld + 2 * k * NMF_RATE_TABLE;
}

static float *lay_side(nmf_rate_side *side, float *memory, size_t k, size_t ld)
{
    side->constant = memory;
    side->reference = side->constant + ld;
    side->earlier = side->reference + ld;
    side->zero_bits = side->earlier + k * ld;
    side->bits = side->zero_bits + k * NMF_RATE_TABLE;
    return side->bits + k * NMF_RATE_TABLE;
}

nmf_status nmf_rate_model_init(nmf_rate_model *out, size_t k, bool is_signed,
                               nmf_error *err)
{
    const size_t ld = nmf_padded(k);
    *out = (nmf_rate_model){.k = k, .ld = ld, .is_signed = is_signed};
    out->memory = nmf_calloc(2 * side_size(k, ld), sizeof(float));
    if (!out->memory) {
        return nmf_error_memory(err, 8 * side_size(k, ld),
                                "estimating activations");
    }
    lay_side(&out->without, lay_side(&out->with, out->memory, k, ld), k, ld);
    return NMF_OK;
}

void nmf_rate_model_release(nmf_rate_model *model)
{
    nmf_free(model->memory);
    *model = (nmf_rate_model){0};
}

static double logistic(double x)
{
    return 1.0 / (1.0 + exp(-fmax(-30.0, fmin(30.0, x))));
}

/* Bits by deviation for a logistic of that scale, a little flattened. */
static void fill_tables(nmf_rate_side *side, size_t j, double scale,
                        bool is_signed)
{
    float *zero = side->zero_bits + j * NMF_RATE_TABLE;
    float *other = side->bits + j * NMF_RATE_TABLE;
    for (int i = 0; i < NMF_RATE_TABLE; i++) {
        double d = (double)i / NMF_RATE_FINE - NMF_RATE_REACH;
        double above = logistic((d + 0.5) / scale);
        double below = logistic((d - 0.5) / scale);
        other[i] = (float)-log2((above - below) * 0.985 + 0.0015);
        zero[i] = is_signed ? other[i] : (float)-log2(above * 0.985 + 0.0015);
    }
}

/* What a regression needs: sums over the images that count. */
typedef struct sums {
    size_t n;       /* images */
    size_t ld;      /* nmf_padded(k + 1) */
    float *rows;    /* n x ld: activations, then 1 */
    float *refs;    /* n x ld: those of the references, then 1 */
    double *gram;   /* (k + 1)^2: rows' rows */
    float *cross;   /* k x ld: refs' rows */
    double *own;    /* k: squares of refs */
    double *system; /* two of (MAX_EARLIER + 2)^2 */
    void *memory;
} sums;

static nmf_status sums_init(sums *s, size_t n, size_t k, nmf_error *err)
{
    enum { SYSTEM = (MAX_EARLIER + 2) * (MAX_EARLIER + 2) };
    size_t ld = nmf_padded(k + 1);
    size_t floats = 2 * n * ld + k * ld;
    size_t doubles = (k + 1) * (k + 1) + k + 2 * SYSTEM;
    *s = (sums){.ld = ld};
    s->memory = nmf_malloc(8 * doubles + 4 * floats, 1);
    if (!s->memory) {
        return nmf_error_memory(err, 8 * doubles + 4 * floats,
                                "estimating activations");
    }
    s->rows = s->memory;
    s->refs = s->rows + n * ld;
    s->cross = s->refs + n * ld;
    s->gram = (double *)(s->cross + k * ld);
    s->own = s->gram + (k + 1) * (k + 1);
    s->system = s->own + k;
    return NMF_OK;
}

/* Gather images: all of them, or those with a reference. */
static void gather(sums *s, const float *W, const int32_t *reference, size_t n,
                   size_t k, bool referring, int n_threads)
{
    const size_t ld = nmf_padded(k);
    s->n = 0;
    memset(s->own, 0, k * sizeof *s->own);
    for (size_t i = 0; i < n; i++) {
        if (referring && reference[i] < 0) {
            continue;
        }
        float *row = s->rows + s->n * s->ld;
        memset(row, 0, s->ld * sizeof *row);
        memcpy(row, W + i * ld, k * sizeof *row);
        row[k] = 1;
        if (referring) {
            float *ref = s->refs + s->n * s->ld;
            memset(ref, 0, s->ld * sizeof *ref);
            memcpy(ref, W + (size_t)reference[i] * ld, k * sizeof *ref);
            for (size_t j = 0; j < k; j++) {
                s->own[j] += (double)(ref[j] * ref[j]);
            }
        }
        s->n++;
    }
    if (s->n == 0) {
        return;
    }
    nmf_gram(s->gram, s->rows, s->n, k + 1, n_threads);
    if (referring) {
        nmf_operand refs = {s->refs, 1, s->ld};
        nmf_product(s->cross, s->ld, refs, s->rows, s->ld, k, k + 1, s->n,
                    n_threads);
    }
}

/* The components before j that its regression looks at. */
static size_t count_earlier(size_t j)
{
    return j < MAX_EARLIER ? j : MAX_EARLIER;
}

/*
 * Weights of 1, the reference and the earlier components (in this order) that
 * explain component j best: ridge regression by the normal equations.
 */
static void regress(double *weights, const sums *s, size_t k, size_t j,
                    bool referring)
{
    const size_t first = referring ? 2 : 1;
    const size_t m = first + count_earlier(j);
    double *G = s->system;
    double *L = G + m * m;
    const size_t ldg = k + 1;
    for (size_t a = 0; a < m; a++) {
        /* Column of rows that variable a is; the reference has none. */
        size_t column = a == 0 ? k : a - first;
        bool is_ref = referring && a == 1;
        for (size_t b = 0; b <= a; b++) {
            size_t other = b == 0 ? k : b - first;
            bool is_other_ref = referring && b == 1;
            double value = is_ref && is_other_ref ? s->own[j]
                           : is_ref       ? (double)s->cross[j * s->ld + other]
                           : is_other_ref ? (double)s->cross[j * s->ld + column]
                                          : s->gram[column * ldg + other];
            G[a * m + b] = value + (a == b ? ridge : 0.0);
            G[b * m + a] = G[a * m + b];
        }
        weights[a] = is_ref ? (double)s->cross[j * s->ld + j]
                            : s->gram[column * ldg + j];
    }
    if (nmf_cholesky(L, G, m, NULL, m)) {
        nmf_cholesky_solve(weights, L, m);
    } else {
        memset(weights, 0, m * sizeof *weights);
        weights[0] = s->gram[k * ldg + j] / s->gram[k * ldg + k];
    }
}

/* Mean size of what is left, as the scale of a logistic. */
static double measure_scale(const sums *s, const double *weights, size_t j,
                            bool referring)
{
    const size_t first = referring ? 2 : 1;
    float w[MAX_EARLIER] = {0};
    double total = 0;
    for (size_t a = 0; a < count_earlier(j); a++) {
        w[a] = (float)weights[first + a];
    }
    for (size_t i = 0; i < s->n; i++) {
        const float *row = s->rows + i * s->ld;
        float sum = (float)weights[0];
        if (referring) {
            sum += (float)weights[1] * s->refs[i * s->ld + j];
        }
#pragma omp simd reduction(+ : sum)
        for (size_t a = 0; a < count_earlier(j); a++) {
            sum += w[a] * row[a];
        }
        total += fabs((double)(row[j] - sum));
    }
    return fmax(total / (double)s->n / 1.386, scale_min);
}

static void learn_side(nmf_rate_side *side, const sums *s,
                       const nmf_rate_model *model, bool referring)
{
    const size_t first = referring ? 2 : 1;
    const size_t k = model->k;
    const size_t ld = model->ld;
    double weights[MAX_EARLIER + 2];
    memset(side->constant, 0, (2 * ld + k * ld) * sizeof *side->constant);
    for (size_t j = 0; j < k; j++) {
        double scale = 0.5;
        if (s->n > (referring ? MIN_REFERRING : 0)) {
            regress(weights, s, k, j, referring);
            side->constant[j] = (float)weights[0];
            side->reference[j] = referring ? (float)weights[1] : 0.0F;
            for (size_t a = 0; a < count_earlier(j); a++) {
                side->earlier[a * ld + j] = (float)weights[first + a];
            }
            scale = measure_scale(s, weights, j, referring);
        } else {
            side->reference[j] = 1;
        }
        fill_tables(side, j, scale, model->is_signed);
    }
}

nmf_status nmf_rate_model_learn(nmf_rate_model *model, const float *W,
                                const int32_t *reference, size_t n,
                                int n_threads, nmf_error *err)
{
    sums s;
    nmf_status status = sums_init(&s, n, model->k, err);
    if (status == NMF_OK) {
        gather(&s, W, reference, n, model->k, true, n_threads);
        learn_side(&model->with, &s, model, true);
        gather(&s, W, reference, n, model->k, false, n_threads);
        learn_side(&model->without, &s, model, false);
        nmf_free(s.memory);
    }
    return status;
}
