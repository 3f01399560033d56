/*
 * Contracts are in set_search.h.
 *
 * Attempts: a fit of some rounds, in which the step follows the target. First
 * short ones, on a part of the pictures where there are many, climb to the best
 * rank; then a long one of that rank; at its end the price of a bit is moved
 * until the target is met as nearly as may be.
 */
#include "codec/set_search.h"

#include "codec/residual_search.h"
#include "codec/set_trial.h"
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
    PART_IMAGES = 1000, /* that short attempts look at, about */
    MAX_CLIMB = 8,      /* short attempts */
    SMALL_SAMPLES = 400000
};

static const double rank_ratio = 1.2;   /* from one rank to the next */
static const double db_an_octave = 2.0; /* PSNR falls, for twice the step */

/* Nearer to the target than this is near enough, in dB. */
static const double near_db = 0.003;
/* W H that misses it by more is set beside W H with a residual. */
static const double enough_db = 0.05;
/* Rank for all pictures, beside the best for a part of them. */
static const double part_bias = 1.13;
static const double least_lambda = 0.03;
static const double most_lambda = 1.2;

static nmf_status measure(nmf_set_outcome *out, const nmf_set_searcher *s,
                          const nmf_set_fit *fit, nmf_error *err)
{
    nmf_set_found found;
    nmf_status status = nmf_set_realise(&found, fit, err);
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

/* How many dB the step may cost: of bytes that are left, the other way. */
static double slack(const nmf_set_searcher *s, const nmf_set_outcome *o)
{
    return s->goal->bytes > 0 ? -nmf_set_surplus(s, o) : nmf_set_surplus(s, o);
}

/* Too far from the target to say what it would take there. */
static bool falls_short(const nmf_set_searcher *s, const nmf_set_outcome *o)
{
    return nmf_set_surplus(s, o) < -0.25;
}

/* The lower, the better: bytes at the wanted quality, or -dB at that size. */
static double cost(const nmf_set_searcher *s, const nmf_set_outcome *o)
{
    if (falls_short(s, o)) {
        return 1000 - nmf_set_surplus(s, o);
    }
    return s->goal->bytes > 0
               ? -(fmin(o->psnr, NMF_SET_PSNR_MAX) + nmf_set_surplus(s, o))
               : log10(o->bytes) - nmf_set_growth_a_db * nmf_set_surplus(s, o);
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
static nmf_status follow(nmf_set_outcome *o, nmf_set_searcher *s,
                         nmf_set_fit *fit, size_t n_rounds, double from,
                         double to, nmf_error *err)
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
            fit->q = fmax(fit->q * exp2(octaves), nmf_set_least_q(s->data));
        }
        status = nmf_set_fit_round(fit, err);
        if (status == NMF_OK) {
            status = measure(o, s, fit, err);
        }
        if (status == NMF_OK) {
            double done = (double)(i + 1) / (double)n_rounds;
            status = nmf_set_tell(s, from + (to - from) * done, fit->k, o, err);
        }
    }
    return status;
}

/*
 * A short attempt at rank k from step *q, which is left as it was best. pays:
 * would a residual be worth its bits; NULL: who cares.
 */
static nmf_status attempt(nmf_set_outcome *o, double *q, bool *pays,
                          nmf_set_searcher *s, size_t k, size_t number,
                          nmf_error *err)
{
    nmf_set_fit fit;
    const double share = 0.6 / MAX_CLIMB;
    nmf_status status = nmf_set_fit_begin(&fit, &s->part, k, *q, err);
    if (status != NMF_OK) {
        return status;
    }
    status = follow(o, s, &fit, SHORT_ROUNDS, share * (double)number,
                    share * (double)(number + 1), err);
    *q = fit.q;
    if (status == NMF_OK && pays) {
        status = nmf_residual_pays(pays, s, &fit, err);
    }
    nmf_set_fit_release(&fit);
    return status;
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

/*
 * Climb from the rank of a first attempt and its outcome towards lower cost; k
 * and q of the best attempt.
 */
static nmf_status climb(size_t *best_k, double *best_q, nmf_set_outcome o,
                        nmf_set_searcher *s, nmf_error *err)
{
    const size_t max = nmf_set_max_rank(&s->part);
    size_t k = *best_k;
    nmf_status status = NMF_OK;
    double least = cost(s, &o);
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
            status = attempt(&o, &q, NULL, s, next, number++, err);
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
static size_t first_rank(const nmf_set_searcher *s)
{
    size_t k = nmf_set_max_rank(&s->part) / 8 + 1;
    return k < 48 ? k : 48;
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
static nmf_status nudge(nudging *n, nmf_set_searcher *s, nmf_set_fit *fit,
                        const nmf_set_outcome *o, size_t number, nmf_error *err)
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
    fit->q = fmax(fit->q, nmf_set_least_q(s->data));
    return nmf_set_fit_round(fit, err);
}

/* Nudge until the target is met as nearly as may be. */
static nmf_status tune(nmf_set_found *out, double *least, nmf_set_searcher *s,
                       nmf_set_fit *fit, nmf_error *err)
{
    nudging n = {.gain = 2, .last_slack = NAN};
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK; i++) {
        nmf_set_found found;
        nmf_set_outcome o;
        status = nmf_set_realise(&found, fit, err);
        if (status != NMF_OK) {
            break;
        }
        double left = nmf_set_found_surplus(&o, s, &found);
        nmf_set_keep_better(out, least, &found, left);
        status = nmf_set_tell(s, 0.9 + 0.1 * (double)i / MAX_NUDGES, fit->k, &o,
                              err);
        bool is_met = *least < near_db;
        if (is_met || i >= MAX_NUDGES || (i >= FINE_NUDGES && *least < 1000)) {
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
static nmf_status insist(nmf_set_found *out, double *least, nmf_set_searcher *s,
                         size_t k, double q, nmf_error *err)
{
    const bool wants_less = s->goal->bytes > 0;
    const size_t max = nmf_set_max_rank(s->data);
    nmf_status status = NMF_OK;
    nmf_set_outcome o;
    for (size_t i = 0; status == NMF_OK && *least >= 1000 && i < MAX_TRIES;
         i++) {
        nmf_set_fit fit;
        nmf_set_found found = {0};
        double ratio = 1 + 0.06 * (double)(i + 1); /* larger each time */
        q = fmax(wants_less ? q * ratio : q / ratio, nmf_set_least_q(s->data));
        if (s->goal->n_components == 0 && i >= 3) {
            k = wants_less ? (3 * k + 3) / 4 : k + (k + 3) / 4;
            k = k > max ? max : k;
        }
        status = nmf_set_fit_begin(&fit, s->data, k, q, err);
        for (size_t r = 0; status == NMF_OK && r < SHORT_ROUNDS; r++) {
            status = nmf_set_fit_round(&fit, err);
        }
        if (status == NMF_OK) {
            status = nmf_set_realise(&found, &fit, err);
        }
        nmf_set_fit_release(&fit);
        if (status == NMF_OK) {
            double left = nmf_set_found_surplus(&o, s, &found);
            nmf_set_keep_better(out, least, &found, left);
            status = nmf_set_tell(s, 0.99, k, &o, err);
        }
    }
    return status;
}

static nmf_status check_target(const nmf_set_searcher *s,
                               const nmf_set_found *found, nmf_error *err)
{
    nmf_set_outcome o;
    if (nmf_set_found_surplus(&o, s, found) >= 0) {
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

/* By W H alone: the rank from climbing, unless it is given. */
static nmf_status search_factors(nmf_set_found *out, double *least,
                                 nmf_set_searcher *s, size_t k, double q,
                                 nmf_error *err)
{
    nmf_set_fit fit = {0};
    nmf_set_outcome o;
    nmf_status status = nmf_set_fit_begin(&fit, s->data, k, q, err);
    if (status == NMF_OK) {
        status = follow(&o, s, &fit, LONG_ROUNDS, 0.6, 0.9, err);
    }
    if (status == NMF_OK) {
        status = tune(out, least, s, &fit, err);
    }
    if (status == NMF_OK && (s->goal->no_residual || s->goal->bytes > 0)) {
        status = insist(out, least, s, k, fit.q, err);
    }
    nmf_set_fit_release(&fit);
    return status;
}

/* What a first attempt says of the ways to go. */
typedef struct ways {
    nmf_set_outcome first;
    size_t rank; /* of the attempt */
    double q;
    bool by_factors;
    bool by_residual;
} ways;

/*
 * A residual where it pays or parts alone are far from the target; parts alone
 * where they are not, and in small sets, which jump, in any case.
 */
static nmf_status choose_ways(ways *out, nmf_set_searcher *s, nmf_error *err)
{
    const bool may = !s->goal->no_residual;
    const nmf_matrix *X = &s->data->X;
    nmf_status status =
        attempt(&out->first, &out->q, may ? &out->by_residual : NULL, s,
                out->rank, 0, err);
    bool is_far =
        status == NMF_OK && s->goal->bytes == 0 && falls_short(s, &out->first);
    bool is_small = X->rows <= SMALL_SAMPLES / X->cols;
    out->by_residual = may && (out->by_residual || is_far);
    out->by_factors = !may || !is_far || is_small;
    return status;
}

/* By W H alone, climbing from the first attempt where any rank will do. */
static nmf_status go_by_factors(nmf_set_found *out, double *least,
                                nmf_set_searcher *s, const ways *w,
                                nmf_error *err)
{
    size_t k = w->rank;
    double q = w->q;
    nmf_status status = NMF_OK;
    if (s->goal->n_components == 0) {
        status = climb(&k, &q, w->first, s, err);
        /* Few pictures need fewer components than all that they stand for. */
        k = s->part.weight > 1 ? (size_t)(part_bias * (double)k + 0.5) : k;
        k = k < nmf_set_max_rank(s->data) ? k : nmf_set_max_rank(s->data);
    }
    return status == NMF_OK ? search_factors(out, least, s, k, q, err) : status;
}

nmf_status nmf_set_search(nmf_set_found *out, const nmf_set_data *data,
                          const nmf_set_goal *goal, nmf_error *err)
{
    nmf_set_searcher s = {
        .data = data, .goal = goal, .started = nmf_wall_seconds()};
    ways w = {.q = 3 * sqrt((double)data->X.cols)};
    double least = INFINITY;
    *out = (nmf_set_found){0};
    nmf_status status = take_part(&s.part, data, err);
    w.rank = goal->n_components ? goal->n_components : first_rank(&s);
    if (status == NMF_OK) {
        status = choose_ways(&w, &s, err);
    }
    if (status == NMF_OK && w.by_factors) {
        status = go_by_factors(out, &least, &s, &w, err);
    }
    w.by_residual |= !goal->no_residual && least >= enough_db;
    if (status == NMF_OK && w.by_residual) {
        status = nmf_residual_search(out, &least, &s, w.rank, err);
    }
    if (status == NMF_OK) {
        status = check_target(&s, out, err);
    }
    if (status != NMF_OK) {
        nmf_set_found_release(out);
    }
    nmf_matrix_release(&s.part.X);
    nmf_free(s.part.squares);
    return status;
}
