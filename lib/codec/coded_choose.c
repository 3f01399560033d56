/* Contracts are in coded_choose.h. */
#include "codec/coded_choose.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/first_failure.h"
#include "core/threads.h"

#include <math.h>
#include <string.h>

/*
 * Shifts that are looked at: first a grid, then around the best of it; in small
 * pictures a narrower one, as what is shifted out is lost.
 */
enum { GRID = 4, GRID_STEP = 2, GRID_SIDE = 16 };

/* Bits of steps by class, and what a bit is worth. */
typedef struct prices {
    double size;  /* of a step, grey levels */
    double a_bit; /* squared grey levels */
    double bits[NMF_STEP_CLASSES][NMF_STEP_UNARY];
    const uint8_t *classes; /* owned by the coder below */
    nmf_step_coder coder;
} prices;

static nmf_status prices_init(prices *out, const nmf_codebook *book,
                              unsigned step, double lambda, nmf_error *err)
{
    nmf_status status = nmf_step_coder_init(&out->coder, NULL, book, step, err);
    if (status != NMF_OK) {
        return status;
    }
    out->classes = out->coder.classes;
    out->size = ldexp(nmf_step_size(step), -NMF_UNIT_BITS);
    out->a_bit = lambda * out->size * out->size;
    for (unsigned c = 0; c < NMF_STEP_CLASSES; c++) {
        nmf_step_bits(out->bits[c], &out->coder, c);
    }
    return NMF_OK;
}

static double bits_of(const prices *p, size_t mode, int32_t n)
{
    const double *bits = p->bits[p->classes[mode]];
    return n < NMF_STEP_UNARY
               ? bits[n]
               : bits[NMF_STEP_UNARY - 1] + 2 * log2(n - NMF_STEP_UNARY + 2);
}

/* The best number of steps towards y, and what it costs. */
static int32_t best_steps(double *cost, const prices *p, size_t mode, double y)
{
    const double way = fabs(y) / p->size;
    const int32_t most =
        (int32_t)fmin(floor(way + 0.5), NMF_STEP_REACH / 16.0 / p->size);
    int32_t best = 0;
    *cost = y * y + p->a_bit * bits_of(p, mode, 0);
    for (int32_t n = most > 3 ? most - 2 : 1; n <= most; n++) {
        double gap = fabs(y) - n * p->size;
        double c = gap * gap + p->a_bit * bits_of(p, mode, n);
        if (c < *cost) {
            *cost = c;
            best = n;
        }
    }
    return y < 0 ? -best : best;
}

static void paint_modes(nmf_coded_choice *c)
{
    const nmf_codebook *book = c->book;
    const nmf_variation *v = book->variation;
    const size_t n = book->n_features;
    const size_t k = v->n_components;
#pragma omp parallel for schedule(static) num_threads(c->n_threads)
    for (size_t i = 0; i <= v->n_modes; i++) {
        bool is_mean = i == v->n_modes;
        float *to = is_mean ? c->mean : c->images + i * n;
        memset(to, 0, n * sizeof *to);
        for (size_t j = 0; j < k; j++) {
            double weight = is_mean
                                ? (double)v->mean[j]
                                : ldexp(v->direction[i * k + j], -(int)v->bits);
            float scaled = (float)ldexp(weight, -NMF_LEVEL_BITS);
            const int16_t *from = book->components + j * n;
            for (size_t p = 0; p < n; p++) {
                to[p] += scaled * (float)from[p];
            }
        }
    }
}

nmf_status nmf_coded_choice_init(nmf_coded_choice *out,
                                 const nmf_codebook *book, const nmf_matrix *X,
                                 unsigned n_threads, nmf_error *err)
{
    const size_t m = book->variation->n_modes;
    *out = (nmf_coded_choice){
        .book = book, .X = X, .n_threads = nmf_threads(n_threads)};
    out->mean = nmf_malloc(book->n_features, sizeof(float));
    out->images = nmf_calloc_matrix(m, book->n_features, sizeof(float));
    out->products = nmf_calloc_matrix(X->rows, m, sizeof(float));
    nmf_status status =
        nmf_coded_pictures_init(&out->pictures, X->rows, m, err);
    if (status == NMF_OK && (!out->mean || !out->images || !out->products)) {
        status = nmf_error_memory(
            err, m * (book->n_features + X->rows) * sizeof(float),
            "coding pictures");
    }
    if (status != NMF_OK) {
        nmf_coded_choice_release(out);
        return status;
    }
    paint_modes(out);
    return NMF_OK;
}

void nmf_coded_choice_release(nmf_coded_choice *choice)
{
    nmf_free(choice->mean);
    nmf_free(choice->images);
    nmf_free(choice->products);
    nmf_coded_pictures_release(&choice->pictures);
    *choice = (nmf_coded_choice){0};
}

/* A picture shifted and less the mean, its products, and their sum of squares.
 */
typedef struct shifted {
    const nmf_coded_choice *choice;
    float *picture;  /* n_features */
    float *products; /* n_modes */
    float *best;     /* n_modes: products of the best shift so far */
    uint8_t *levels; /* n_features: the picture as it is */
    uint8_t *moved;  /* n_features */
} shifted;

static void shifted_release(shifted *s)
{
    nmf_free(s->picture);
    nmf_free(s->products);
    nmf_free(s->best);
    nmf_free(s->levels);
    nmf_free(s->moved);
}

static nmf_status shifted_init(shifted *out, const nmf_coded_choice *choice,
                               nmf_error *err)
{
    const size_t n = choice->book->n_features;
    const size_t m = choice->pictures.n_modes;
    *out = (shifted){.choice = choice};
    out->picture = nmf_malloc(n, sizeof(float));
    out->products = nmf_malloc(m, sizeof(float));
    out->best = nmf_malloc(m, sizeof(float));
    out->levels = nmf_malloc(n, 1);
    out->moved = nmf_malloc(n, 1);
    if (!out->picture || !out->products || !out->best || !out->levels ||
        !out->moved) {
        shifted_release(out);
        return nmf_error_memory(err, n * sizeof(float), "coding pictures");
    }
    return NMF_OK;
}

static float product(const float *a, const float *b, size_t n)
{
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t p = 0; p < n; p++) {
        sum += a[p] * b[p];
    }
    return sum;
}

/*
 * Shift the picture the other way than it will be shifted after decoding, so
 * that it comes back to its place; the sum of the squares of what is left
 * without the mean.
 */
static double multiply(shifted *s, int32_t x, int32_t y)
{
    const nmf_coded_choice *c = s->choice;
    const size_t n = c->book->n_features;
    nmf_shift_pixels(s->moved, s->levels, &c->book->geometry, -x, -y);
    for (size_t p = 0; p < n; p++) {
        s->picture[p] = (float)s->moved[p] - c->mean[p];
    }
    for (size_t i = 0; i < c->pictures.n_modes; i++) {
        s->products[i] = product(s->picture, c->images + i * n, n);
    }
    return (double)product(s->picture, s->picture, n);
}

static double shift_bits(int32_t shift)
{
    return shift == 0 ? 1 : 2 + fabs((double)shift);
}

/* What coding with that shift would cost, about. */
static double cost_of(shifted *s, const prices *p, int32_t x, int32_t y)
{
    double cost = multiply(s, x, y);
    cost += p->a_bit * (shift_bits(x) + shift_bits(y));
    for (size_t i = 0; i < s->choice->pictures.n_modes; i++) {
        double product = (double)s->products[i];
        double least = 0;
        best_steps(&least, p, i, product);
        cost += least - product * product;
    }
    return cost;
}

/* The cheapest of the shifts around (x, y), reach in both directions. */
static void try_around(int32_t best[2], double *least, shifted *s,
                       const prices *p, int32_t x, int32_t y, int32_t reach,
                       int32_t step)
{
    for (int32_t dy = -reach; dy <= reach; dy += step) {
        for (int32_t dx = -reach; dx <= reach; dx += step) {
            double cost = cost_of(s, p, x + dx, y + dy);
            if (cost < *least) {
                *least = cost;
                best[0] = x + dx;
                best[1] = y + dy;
                float *t = s->best;
                s->best = s->products;
                s->products = t;
            }
        }
    }
}

/* How far the grid reaches: a multiple of its step. */
static int32_t grid_reach(const nmf_geometry *geometry)
{
    const size_t side =
        geometry->width < geometry->height ? geometry->width : geometry->height;
    const size_t reach = side / GRID_SIDE / GRID_STEP * GRID_STEP;
    return reach < GRID ? (int32_t)reach : GRID;
}

static void choose_shift(nmf_coded_choice *c, shifted *s, const prices *p,
                         size_t i)
{
    const int32_t reach = grid_reach(&c->book->geometry);
    const size_t m = c->pictures.n_modes;
    int32_t best[2] = {0, 0};
    double least = INFINITY;
    const float *row = nmf_matrix_row(c->X, i);
    for (size_t q = 0; q < c->book->n_features; q++) {
        s->levels[q] = (uint8_t)row[q];
    }
    try_around(best, &least, s, p, 0, 0, reach, GRID_STEP);
    if (reach > 0) {
        try_around(best, &least, s, p, best[0], best[1], 1, 1);
    }
    memcpy(c->products + i * m, s->best, m * sizeof(float));
    memcpy(c->pictures.shifts + 2 * i, best, sizeof best);
}

nmf_status nmf_coded_choose_shifts(nmf_coded_choice *choice, unsigned step,
                                   double lambda, nmf_error *err)
{
    prices p;
    nmf_first_failure failure;
    nmf_status status = prices_init(&p, choice->book, step, lambda, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_first_failure_init(&failure, choice->X->rows);
#pragma omp parallel for schedule(dynamic) num_threads(choice->n_threads)
    for (size_t i = 0; i < choice->X->rows; i++) {
        shifted s;
        nmf_error own = {0};
        if (nmf_is_past_failure(&failure, i)) {
            continue;
        }
        if (shifted_init(&s, choice, &own) == NMF_OK) {
            choose_shift(choice, &s, &p, i);
            shifted_release(&s);
        } else {
            nmf_note_failure(&failure, i, &own);
        }
    }
    nmf_step_coder_release(&p.coder);
    return nmf_first_failure_raise(&failure, err);
}

/* Choose the steps of a picture and paint it; its squared error. */
static nmf_status choose_picture(double *squared_error, nmf_coded_choice *c,
                                 const prices *p, unsigned step, size_t i,
                                 nmf_error *err)
{
    const size_t m = c->pictures.n_modes;
    const size_t n = c->book->n_features;
    const float *row = nmf_matrix_row(c->X, i);
    nmf_coded_picture picture = nmf_coded_picture_at(&c->pictures, i);
    nmf_painter painter;
    nmf_status status = nmf_painter_init(&painter, c->book, err);
    uint8_t *pixels = nmf_malloc(n, 1);
    *squared_error = 0;
    if (status == NMF_OK && !pixels) {
        status = nmf_error_memory(err, n, "coding pictures");
    }
    if (status == NMF_OK) {
        for (size_t t = 0; t < m; t++) {
            double cost = 0;
            picture.steps[t] =
                best_steps(&cost, p, t, (double)c->products[i * m + t]);
        }
        nmf_paint(pixels, &painter, &picture, step);
        for (size_t q = 0; q < n; q++) {
            double gap = (double)row[q] - pixels[q];
            *squared_error += gap * gap;
        }
    }
    nmf_painter_release(&painter);
    nmf_free(pixels);
    return status;
}

nmf_status nmf_coded_choose_steps(double *squared_error,
                                  nmf_coded_choice *choice, unsigned step,
                                  double lambda, nmf_error *err)
{
    const size_t n = choice->X->rows;
    prices p;
    nmf_first_failure failure;
    double *errors = nmf_calloc(n, sizeof *errors);
    *squared_error = 0;
    if (!errors) {
        return nmf_error_memory(err, n * sizeof *errors, "coding pictures");
    }
    nmf_status status = prices_init(&p, choice->book, step, lambda, err);
    if (status == NMF_OK) {
        nmf_first_failure_init(&failure, n);
#pragma omp parallel for schedule(dynamic) num_threads(choice->n_threads)
        for (size_t i = 0; i < n; i++) {
            nmf_error own = {0};
            if (!nmf_is_past_failure(&failure, i) &&
                choose_picture(&errors[i], choice, &p, step, i, &own) !=
                    NMF_OK) {
                nmf_note_failure(&failure, i, &own);
            }
        }
        nmf_step_coder_release(&p.coder);
        status = nmf_first_failure_raise(&failure, err);
    }
    for (size_t i = 0; status == NMF_OK && i < n; i++) {
        *squared_error += errors[i];
    }
    nmf_free(errors);
    return status;
}
