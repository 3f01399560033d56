/*
 * Contracts are in set_search.h.
 *
 * Attempts: a fit of some rounds, in which the step follows the target. First
 * short ones, on a part of the pictures where there are many, climb to the best
 * rank; then a long one of that rank; at its end the price of a bit is moved
 * until the target is met as nearly as may be.
 */
#include "codec/set_search.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/kernels.h"

#include <math.h>
#include <string.h>

enum {
    SHORT_ROUNDS = 5,
    LONG_ROUNDS = 11,
    FINE_NUDGES = 8, /* towards a target that is met already */
    MAX_TRIES = 16,
    MAX_NUDGES = 13,    /* and towards one that is not */
    PSNR_MAX = 100,     /* stands for pictures without any error */
    PART_IMAGES = 1000, /* that short attempts look at, about */
    MAX_CLIMB = 8       /* short attempts */
};

static const double rank_ratio = 1.2; /* from one rank to the next */
/* PSNR falls by about this for twice the step, and a file grows by this power
 * of 10 for a dB. */
static const double db_an_octave = 2.0;
static const double growth_a_db = 0.17;

/* Nearer to the target than this is near enough, in dB. */
static const double near_db = 0.003;
static const double least_lambda = 0.03;
static const double most_lambda = 1.2;

typedef struct search {
    const nmf_set_data *data; /* all pictures */
    nmf_set_data part;        /* those of short attempts; owns X's copy */
    const nmf_set_goal *goal;
    double started;
    nmf_set_progress progress;
} search;

/* How an attempt came out. */
typedef struct outcome {
    double psnr;
    double bytes; /* of the file, for all pictures */
} outcome;

void nmf_set_found_release(nmf_set_found *found)
{
    nmf_set_factors_release(&found->factors);
    nmf_set_streams_release(&found->streams);
    nmf_free(found->pixels);
    *found = (nmf_set_found){0};
}

static double psnr_of(const nmf_set_data *data, double squared_error)
{
    double samples = (double)data->X.rows * (double)data->X.cols;
    return squared_error > 0 ? 10 * log10(65025.0 * samples / squared_error)
                             : INFINITY;
}

/* Paint what a decoder will paint; the squared error against the pictures. */
static nmf_status paint(nmf_set_found *out, double *squared_error,
                        const nmf_matrix *X, const float *mean, nmf_error *err)
{
    const size_t k = out->factors.basis.n_components;
    int32_t *components = nmf_set_paint_basis(&out->factors.basis);
    int64_t *sums = nmf_malloc(X->cols, sizeof *sums);
    nmf_status status = NMF_OK;
    out->pixels = nmf_malloc(X->rows, X->cols);
    *squared_error = 0;
    if (!components || !sums || !out->pixels) {
        status = nmf_error_memory(err, X->rows * X->cols, "compressing a set");
    }
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        uint8_t *pixels = out->pixels + i * X->cols;
        const float *row = nmf_matrix_row(X, i);
        nmf_set_paint_image(pixels, sums, components, X->cols,
                            out->factors.activations.values + i * k, k);
        for (size_t p = 0; p < X->cols; p++) {
            double level = (double)row[p] + (mean ? (double)mean[p] : 0.0);
            double gap = level - pixels[p];
            *squared_error += gap * gap;
        }
    }
    nmf_free(components);
    nmf_free(sums);
    return status;
}

/* Take the numbers of a fit, code and paint them. */
static nmf_status realise(nmf_set_found *out, const nmf_set_fit *fit,
                          nmf_error *err)
{
    const nmf_set_mean *from = fit->data->mean;
    const float *mean = from ? from->levels : NULL;
    double squared_error = 0;
    *out = (nmf_set_found){0};
    nmf_status status = nmf_set_fit_take(&out->factors, fit, err);
    out->factors.basis.blocks = &out->factors.blocks;
    if (status == NMF_OK) {
        status = paint(out, &squared_error, &fit->data->X, mean, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_streams_code(&out->streams, &out->factors, err);
    }
    out->psnr = psnr_of(fit->data, squared_error);
    if (status != NMF_OK) {
        nmf_set_found_release(out);
    }
    return status;
}

static nmf_status measure(outcome *out, const search *s, const nmf_set_fit *fit,
                          nmf_error *err)
{
    nmf_set_found found;
    nmf_status status = realise(&found, fit, err);
    if (status == NMF_OK) {
        double size =
            (double)nmf_set_file_size(&found.streams, s->goal->name_bytes);
        out->psnr = found.psnr;
        out->bytes = size + (double)found.streams.activations.size *
                                (fit->data->weight - 1);
    }
    nmf_set_found_release(&found);
    return status;
}

/* How many dB the outcome is above what is wanted; below 0: it falls short. */
static double surplus(const search *s, const outcome *o)
{
    return s->goal->bytes > 0
               ? log10((double)s->goal->bytes / o->bytes) / growth_a_db
               : fmin(o->psnr, PSNR_MAX) - s->goal->psnr;
}

/* How many dB the step may cost: of bytes that are left, the other way. */
static double slack(const search *s, const outcome *o)
{
    return s->goal->bytes > 0 ? -surplus(s, o) : surplus(s, o);
}

/* Too far from the target to say what it would take there. */
static bool falls_short(const search *s, const outcome *o)
{
    return surplus(s, o) < -0.25;
}

/* The lower, the better: bytes at the wanted quality, or -dB at that size. */
static double cost(const search *s, const outcome *o)
{
    if (falls_short(s, o)) {
        return 1000 - surplus(s, o);
    }
    return s->goal->bytes > 0 ? -(fmin(o->psnr, PSNR_MAX) + surplus(s, o))
                              : log10(o->bytes) - growth_a_db * surplus(s, o);
}

static nmf_status tell(search *s, double fraction, size_t k, const outcome *o,
                       nmf_error *err)
{
    s->progress.fraction = fraction;
    s->progress.seconds = nmf_wall_seconds() - s->started;
    s->progress.n_components = k;
    if (o) {
        s->progress.psnr = o->psnr;
        s->progress.bytes = (size_t)o->bytes;
    }
    if (s->goal->callback &&
        !s->goal->callback(&s->progress, s->goal->context)) {
        return nmf_error_set(err, NMF_ERR_CANCELLED, "stopped on request");
    }
    return NMF_OK;
}

/* Below this nothing gets better, and activations would become too large. */
static double least_q(const nmf_set_data *data)
{
    return fmax(0.5, sqrt((double)data->X.cols) / 200);
}

/* dB that the rounds to come will still take, after so many. */
static double expected_loss(size_t n_rounds)
{
    static const double losses[] = {0.2, 0.15, 0.08, 0.03};
    return n_rounds <= 4 ? losses[n_rounds - 1] : 0.0;
}

/* What twice the step costs in dB, from what the last step did. */
static double learn_slope(double slope, double octaves, double fall)
{
    if (fabs(octaves) < 0.04) {
        return slope;
    }
    return 0.5 * slope + 0.5 * fmax(0.4, fmin(4.0, fall / octaves));
}

/*
 * Rounds in which the step follows the target. Each is an answer to the last
 * surplus, less what the rounds to come will take by themselves.
 */
static nmf_status follow(outcome *o, search *s, nmf_set_fit *fit,
                         size_t n_rounds, double from, double to,
                         nmf_error *err)
{
    nmf_status status = NMF_OK;
    double slope = db_an_octave;
    double octaves = 0;
    double last = NAN;
    for (size_t i = 0; status == NMF_OK && i < n_rounds; i++) {
        if (i > 0) {
            double now = slack(s, o);
            double loss = s->goal->bytes > 0 ? 0.0 : expected_loss(i);
            if (i > 1) {
                slope = learn_slope(slope, octaves, last - now - loss);
            }
            last = now;
            octaves = fmax(-1.5, fmin(1.5, (now - loss) / slope));
            fit->q = fmax(fit->q * exp2(octaves), least_q(s->data));
        }
        status = nmf_set_fit_round(fit, err);
        if (status == NMF_OK) {
            status = measure(o, s, fit, err);
        }
        if (status == NMF_OK) {
            double done = (double)(i + 1) / (double)n_rounds;
            status = tell(s, from + (to - from) * done, fit->k, o, err);
        }
    }
    return status;
}

/* A short attempt at rank k from step *q, which is left as it was best. */
static nmf_status attempt(outcome *o, double *q, search *s, size_t k,
                          size_t number, nmf_error *err)
{
    nmf_set_fit fit;
    const double share = 0.6 / MAX_CLIMB;
    nmf_status status = nmf_set_fit_begin(&fit, &s->part, k, *q, err);
    if (status == NMF_OK) {
        status = follow(o, s, &fit, SHORT_ROUNDS, share * (double)number,
                        share * (double)(number + 1), err);
        *q = fit.q;
        nmf_set_fit_release(&fit);
    }
    return status;
}

static size_t max_rank(const nmf_set_data *data)
{
    size_t rank = data->X.rows < data->X.cols ? data->X.rows : data->X.cols;
    return rank < NMF_MAX_COMPONENTS ? rank : NMF_MAX_COMPONENTS;
}

static size_t next_rank(size_t k, bool up, bool leap, size_t max)
{
    double ratio = leap ? 2 : up ? rank_ratio : 1 / rank_ratio;
    size_t next = (size_t)((double)k * ratio + 0.5);
    if (next == k) {
        next = up ? k + 1 : k - 1;
    }
    return next < 1 ? 1 : next > max ? max : next;
}

/* Climb from a first rank towards lower cost; k and q of the best attempt. */
static nmf_status climb(size_t *best_k, double *best_q, search *s,
                        nmf_error *err)
{
    const size_t max = max_rank(&s->part);
    size_t k = *best_k;
    outcome o;
    nmf_status status = attempt(&o, best_q, s, k, 0, err);
    double least = status == NMF_OK ? cost(s, &o) : 0;
    size_t number = 1;
    for (int up = 1; status == NMF_OK && up >= 0; up--) {
        size_t steps = 0;
        k = *best_k;
        while (status == NMF_OK && number < MAX_CLIMB) {
            bool leap = up && s->goal->bytes == 0 && falls_short(s, &o);
            size_t next = next_rank(k, up, leap, max);
            double q = *best_q;
            if (next == k) {
                break;
            }
            status = attempt(&o, &q, s, next, number++, err);
            if (status != NMF_OK || !(cost(s, &o) < least)) {
                break;
            }
            least = cost(s, &o);
            *best_k = k = next;
            *best_q = q;
            steps++;
        }
        if (steps > 0) {
            break; /* upwards it got better: no need to look downwards */
        }
    }
    return status;
}

/* Every step-th picture, each standing for step of them. */
static nmf_status take_part(nmf_set_data *part, const nmf_set_data *data,
                            nmf_error *err)
{
    const size_t step = data->X.rows / PART_IMAGES;
    *part = *data;
    if (step < 2) {
        part->X.data = NULL;
        part->squares = NULL;
    }
    size_t n = step < 2 ? data->X.rows : (data->X.rows + step - 1) / step;
    nmf_status status = nmf_matrix_init(&part->X, n, data->X.cols, err);
    part->squares = nmf_malloc(n, sizeof(double));
    part->weight = (double)data->X.rows / (double)n;
    if (status == NMF_OK && !part->squares) {
        status = nmf_error_memory(err, n * sizeof(double), "compressing a set");
    }
    for (size_t i = 0; status == NMF_OK && i < n; i++) {
        size_t from = step < 2 ? i : i * step;
        memcpy(nmf_matrix_row(&part->X, i), nmf_matrix_row(&data->X, from),
               data->X.cols * sizeof(float));
        part->squares[i] = data->squares[from];
    }
    return status;
}

/* A first rank: about a component for each 12 pixels or images, few at most. */
static size_t first_rank(const search *s)
{
    size_t k = max_rank(&s->part) / 8 + 1;
    return k < 48 ? k : 48;
}

/* Keep found in best where it meets the target better; else drop it. */
static void keep_better(nmf_set_found *best, double *least,
                        nmf_set_found *found, double left)
{
    /* Any that meets the target is better than any that does not. */
    double rating = left >= 0 ? left : 1000 - left;
    if (rating < *least) {
        nmf_set_found t = *best;
        *best = *found;
        *found = t;
        best->factors.basis.blocks = &best->factors.blocks;
        *least = rating;
    }
    nmf_set_found_release(found);
}

/* How nudging goes: octaves of the price of a bit that a dB takes. */
typedef struct nudging {
    double gain;
    double last_slack; /* NAN: no nudge to learn from */
    double last_move;  /* octaves */
} nudging;

/* Learn the gain from what the last nudge did. */
static void learn_gain(nudging *n, double slack_now)
{
    double moved = n->last_slack - slack_now;
    if (!isnan(n->last_slack) && moved * n->last_move > 0) {
        double gain = n->last_move / moved;
        n->gain = fmax(0.5, fmin(30.0, gain));
    } else if (!isnan(n->last_slack)) {
        n->gain = fmin(30.0, 1.5 * n->gain);
    }
    n->last_slack = slack_now;
}

/*
 * A little more or less of the other: by the price of a bit, and where that is
 * at its end, by the step and a round.
 */
static nmf_status nudge(nudging *n, search *s, nmf_set_fit *fit,
                        const outcome *o, size_t number, nmf_error *err)
{
    /* In small sets quality jumps: aim higher where it did not do. */
    double margin =
        near_db / 2 *
        exp2(number > FINE_NUDGES ? (double)(number - FINE_NUDGES) : 0.0);
    double gap = slack(s, o) - (s->goal->bytes > 0 ? -margin : margin);
    learn_gain(n, slack(s, o));
    n->last_move = fmax(-1.0, fmin(1.0, n->gain * gap));
    double wanted = fit->lambda * exp2(n->last_move);
    if (wanted >= least_lambda && wanted <= most_lambda) {
        fit->lambda = wanted;
        return nmf_set_fit_choose(fit, err);
    }
    n->last_slack = NAN;
    double octaves =
        gap / db_an_octave + (wanted < least_lambda ? -0.03 : 0.03);
    fit->q *= exp2(fmax(-1.0, fmin(1.0, octaves)));
    fit->q = fmax(fit->q, least_q(s->data));
    return nmf_set_fit_round(fit, err);
}

/* Nudge until the target is met as nearly as may be. */
static nmf_status tune(nmf_set_found *out, search *s, nmf_set_fit *fit,
                       nmf_error *err)
{
    nudging n = {.gain = 2, .last_slack = NAN};
    nmf_status status = NMF_OK;
    double least = INFINITY;
    for (size_t i = 0; status == NMF_OK; i++) {
        nmf_set_found found;
        outcome o;
        status = realise(&found, fit, err);
        if (status != NMF_OK) {
            break;
        }
        o.psnr = found.psnr;
        o.bytes =
            (double)nmf_set_file_size(&found.streams, s->goal->name_bytes);
        double left = surplus(s, &o);
        keep_better(out, &least, &found, left);
        status = tell(s, 0.9 + 0.1 * (double)i / MAX_NUDGES, fit->k, &o, err);
        bool is_met = least < near_db;
        if (is_met || i >= MAX_NUDGES || (i >= FINE_NUDGES && least < 1000)) {
            break;
        }
        if (status == NMF_OK) {
            status = nudge(&n, s, fit, &o, i, err);
        }
    }
    return status;
}

/*
 * Where nudging did not do: begin anew, each time with another step and rank,
 * until the target is met or nothing is left to try.
 */
static nmf_status insist(nmf_set_found *out, search *s, size_t k, double q,
                         nmf_error *err)
{
    const bool wants_less = s->goal->bytes > 0;
    const size_t max = max_rank(s->data);
    nmf_status status = NMF_OK;
    outcome o = {out->psnr,
                 (double)nmf_set_file_size(&out->streams, s->goal->name_bytes)};
    double left = surplus(s, &o);
    double least = left >= 0 ? left : 1000 - left;
    for (size_t i = 0; status == NMF_OK && least >= 1000 && i < MAX_TRIES;
         i++) {
        nmf_set_fit fit;
        nmf_set_found found = {0};
        double ratio = 1 + 0.06 * (double)(i + 1); /* larger each time */
        q = fmax(wants_less ? q * ratio : q / ratio, least_q(s->data));
        if (s->goal->n_components == 0 && i >= 3) {
            k = wants_less ? (3 * k + 3) / 4 : k + (k + 3) / 4;
            k = k > max ? max : k;
        }
        status = nmf_set_fit_begin(&fit, s->data, k, q, err);
        for (size_t r = 0; status == NMF_OK && r < SHORT_ROUNDS; r++) {
            status = nmf_set_fit_round(&fit, err);
        }
        if (status == NMF_OK) {
            status = realise(&found, &fit, err);
        }
        nmf_set_fit_release(&fit);
        if (status == NMF_OK) {
            o.psnr = found.psnr;
            o.bytes =
                (double)nmf_set_file_size(&found.streams, s->goal->name_bytes);
            keep_better(out, &least, &found, surplus(s, &o));
            status = tell(s, 0.99, k, &o, err);
        }
    }
    return status;
}

static nmf_status check_target(const search *s, const nmf_set_found *found,
                               nmf_error *err)
{
    outcome o = {found->psnr, (double)nmf_set_file_size(&found->streams,
                                                        s->goal->name_bytes)};
    if (surplus(s, &o) >= 0) {
        return NMF_OK;
    }
    if (s->goal->bytes > 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu bytes are too few; the nearest possible is "
                             "%.0f bytes, at %.2f dB",
                             s->goal->bytes, o.bytes, o.psnr);
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT,
                         "%.2f dB are out of reach; the nearest possible is "
                         "%.2f dB, in %.0f bytes",
                         s->goal->psnr, o.psnr, o.bytes);
}

nmf_status nmf_set_search(nmf_set_found *out, const nmf_set_data *data,
                          const nmf_set_goal *goal, nmf_error *err)
{
    search s = {.data = data, .goal = goal, .started = nmf_wall_seconds()};
    nmf_set_fit fit = {0};
    size_t k = goal->n_components;
    double q = 0.15 * sqrt((double)data->X.cols) * 20;
    outcome o;
    *out = (nmf_set_found){0};
    nmf_status status = take_part(&s.part, data, err);
    if (status == NMF_OK && k == 0) {
        k = first_rank(&s);
        status = climb(&k, &q, &s, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_fit_begin(&fit, data, k, q, err);
    }
    if (status == NMF_OK) {
        status = follow(&o, &s, &fit, LONG_ROUNDS, 0.6, 0.9, err);
    }
    if (status == NMF_OK) {
        status = tune(out, &s, &fit, err);
    }
    if (status == NMF_OK) {
        status = insist(out, &s, k, fit.q, err);
    }
    if (status == NMF_OK) {
        status = check_target(&s, out, err);
    }
    if (status != NMF_OK) {
        nmf_set_found_release(out);
    }
    nmf_set_fit_release(&fit);
    nmf_matrix_release(&s.part.X);
    nmf_free(s.part.squares);
    return status;
}
