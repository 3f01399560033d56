/*
 * Contracts are in residual_search.h.
 *
 * Three numbers: rank, step q of the activations, and step of the residual. On
 * a part of the pictures the step of the residual is found that meets the
 * target with a first rank and q; it tells what a bit is worth. With that,
 * other q and then other ranks are tried as long as they pay. Both matter
 * little, for what W H misses the residual catches: few attempts do. Then all
 * pictures: a fit, and the step of the residual once more, exactly.
 */
#include "codec/residual_search.h"

#include "codec/residual.h"
#include "codec/residual_choose.h"
#include "core/alloc.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum {
    FIRST_ROUNDS = 5,
    MORE_ROUNDS = 2, /* after another q */
    FINAL_ROUNDS = 5,
    MAX_MOVES = 3,     /* of q or rank, into one direction */
    COARSE_TRIALS = 6, /* of the step */
    FINE_TRIALS = 10,
    LAMBDA_TRIALS = 5,
    LEAST_STEP = 16,       /* coefficients stay in their range */
    PART_SAMPLES = 1000000 /* whose residual attempts look at, about */
};

static const double lambda = 0.12; /* of a bit, in units of step^2 */
static const double most_lambda = 0.2;
static const double least_lambda = 0.04;
static const double move_ratio = 1.6;
static const double worth_it = 0.005; /* a move that gains less is the last */
static const double db_an_octave = 4.5;
static const double near_db = 0.003;
static const double coarse_db = 0.05;

/* One point of the search, on the part. */
typedef struct point {
    nmf_set_fit fit;
    nmf_residual_fit residual;
    double factor_bytes; /* of a file without residual, for all pictures */
    double cost;         /* squared error and what all bits are worth */
} point;

typedef struct hunt {
    nmf_set_searcher *s;
    size_t block_width; /* of the residual */
    size_t block_height;
    unsigned step;
    double fraction; /* done */
} hunt;

/* How far the step may grow, in dB. */
static double slack(const nmf_set_searcher *s, const nmf_set_outcome *o)
{
    double surplus = nmf_set_surplus(s, o);
    return s->goal->bytes > 0 ? -surplus : surplus;
}

static double squared(double x)
{
    return x * x;
}

static double grey_levels(unsigned step)
{
    return (double)step / (1 << NMF_FINE_STEP_BITS);
}

static unsigned to_step(double levels)
{
    double step = floor(levels * (1 << NMF_FINE_STEP_BITS) + 0.5);
    return (unsigned)fmax(LEAST_STEP, fmin(NMF_RESIDUAL_STEP_MAX, step));
}

/* So many pictures of the part stand for one that is looked at. */
static size_t stride_of(const nmf_set_data *data)
{
    size_t wanted = PART_SAMPLES / data->X.cols + 1;
    return data->X.rows > wanted ? data->X.rows / wanted : 1;
}

/* All pictures for one that was looked at. */
static double scale_of(const nmf_residual_fit *residual)
{
    const nmf_set_data *data = residual->data;
    return data->weight * (double)data->X.rows / (double)residual->n;
}

static void point_release(point *p)
{
    nmf_set_fit_release(&p->fit);
    nmf_residual_fit_release(&p->residual);
}

/* What is left of the factors of a fit as it is. */
static nmf_status aim(point *p, const hunt *h, nmf_error *err)
{
    const nmf_set_data *data = p->fit.data;
    nmf_set_factors factors = {0};
    nmf_set_streams streams = {0};
    nmf_residual_fit_release(&p->residual);
    nmf_status status =
        nmf_residual_fit_init(&p->residual, data, stride_of(data),
                              h->block_width, h->block_height, err);
    if (status == NMF_OK) {
        status = nmf_set_fit_take(&factors, &p->fit, err);
        factors.basis.blocks = &factors.blocks;
    }
    if (status == NMF_OK) {
        status = nmf_set_streams_code(&streams, &factors, err);
    }
    if (status == NMF_OK) {
        p->factor_bytes =
            (double)nmf_set_file_size(&streams, h->s->goal->name_bytes) +
            (double)streams.activations.size * (data->weight - 1);
        status = nmf_residual_fit_aim(&p->residual, &factors, err);
    }
    nmf_set_streams_release(&streams);
    nmf_set_factors_release(&factors);
    return status;
}

/* A residual of a point: its outcome for all pictures, and the point's cost. */
static nmf_status try_step(nmf_set_outcome *o, point *p, unsigned step,
                           nmf_error *err)
{
    const double scale = scale_of(&p->residual);
    nmf_residual_trial trial;
    nmf_status status =
        nmf_residual_try(&trial, &p->residual, step, lambda, NULL, err);
    if (status == NMF_OK) {
        double samples =
            (double)p->residual.n * (double)p->residual.data->X.cols;
        o->psnr = trial.squared_error > 0
                      ? 10 * log10(65025.0 * samples / trial.squared_error)
                      : INFINITY;
        o->bytes = p->factor_bytes + (double)trial.bytes.size * scale;
        p->cost = trial.squared_error * scale +
                  lambda * squared(grey_levels(step)) * 8 * o->bytes;
    }
    nmf_bytes_release(&trial.bytes);
    return status;
}

/* A line of attempts to find the step. */
typedef struct bracket {
    double low; /* log2 of steps: of one that may grow; NAN: none yet */
    double low_slack;
    double high; /* and one that may not */
    double high_slack;
    double haste; /* grows as long as there is but one of them */
    int n_same;   /* times that the same one moved: > 0 low, < 0 high */
} bracket;

static const bracket nothing_known = {NAN, 0, NAN, 0, 1, 0};

/* The next step to try after one with that slack. */
static unsigned next_step(bracket *b, unsigned step, double slack_now)
{
    const double at = log2(grey_levels(step));
    double next = at + fmax(-2, fmin(2, b->haste * slack_now / db_an_octave));
    b->haste *= 2;
    if (slack_now >= 0) {
        b->low = at;
        b->low_slack = slack_now;
        b->n_same = b->n_same > 0 ? b->n_same + 1 : 1;
    } else {
        b->high = at;
        b->high_slack = slack_now;
        b->n_same = b->n_same < 0 ? b->n_same - 1 : -1;
    }
    if (!isnan(b->low) && !isnan(b->high)) {
        double part = b->low_slack / (b->low_slack - b->high_slack);
        part = b->n_same > 1 || b->n_same < -1 ? 0.5 : part;
        next = b->low + fmax(0.05, fmin(0.95, part)) * (b->high - b->low);
    }
    unsigned result = to_step(exp2(next));
    if (result == step && isnan(slack_now >= 0 ? b->high : b->low)) {
        result += slack_now >= 0 ? 1U : -1U;
    }
    return to_step(grey_levels(result));
}

static nmf_status tell(hunt *h, size_t k, const nmf_set_outcome *o,
                       nmf_error *err)
{
    h->fraction += 0.25 * (0.95 - h->fraction) * 0.5;
    return nmf_set_tell(h->s, h->fraction, k, o, err);
}

/* The step that meets the target on the part, about. */
static nmf_status find_step(point *p, hunt *h, nmf_error *err)
{
    bracket b = nothing_known;
    nmf_status status = NMF_OK;
    unsigned step = h->step;
    for (size_t i = 0; status == NMF_OK && i < COARSE_TRIALS; i++) {
        nmf_set_outcome o = {0};
        h->step = step;
        status = try_step(&o, p, step, err);
        if (status == NMF_OK) {
            status = tell(h, p->fit.k, &o, err);
        }
        if (status == NMF_OK) {
            double left = slack(h->s, &o);
            step = next_step(&b, step, left);
            if (fabs(left) < coarse_db || step == h->step) {
                break;
            }
        }
    }
    return status;
}

/* Blocks of the residual: which of a few ways to cut is the cheapest here. */
static nmf_status choose_blocks(point *p, hunt *h, nmf_error *err)
{
    const nmf_blocks *b = &p->fit.data->blocks;
    const size_t sides[][2] = {{8, 8}, {16, 16}, {b->width, b->height}};
    size_t best = 0;
    double least = INFINITY;
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < 3; i++) {
        nmf_set_outcome o;
        if (sides[i][0] > NMF_BLOCK_SIDE_MAX ||
            sides[i][1] > NMF_BLOCK_SIDE_MAX ||
            (i < 2 && sides[i][0] >= 2 * b->width &&
             sides[i][1] >= 2 * b->height)) {
            continue;
        }
        h->block_width = sides[i][0];
        h->block_height = sides[i][1];
        status = aim(p, h, err);
        if (status == NMF_OK) {
            status = try_step(&o, p, h->step, err);
        }
        if (status == NMF_OK && p->cost < least) {
            least = p->cost;
            best = i;
        }
    }
    h->block_width = sides[best][0];
    h->block_height = sides[best][1];
    return status == NMF_OK ? aim(p, h, err) : status;
}

static nmf_status run_rounds(nmf_set_fit *fit, size_t n, nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < n; i++) {
        status = nmf_set_fit_round(fit, err);
    }
    return status;
}

/* After other rounds: what the point costs now. */
static nmf_status judge(point *p, hunt *h, nmf_error *err)
{
    nmf_set_outcome o;
    nmf_status status = aim(p, h, err);
    if (status == NMF_OK) {
        status = try_step(&o, p, h->step, err);
    }
    return status == NMF_OK ? tell(h, p->fit.k, &o, err) : status;
}

static nmf_status point_init(point *out, hunt *h, size_t k, double q,
                             nmf_error *err)
{
    *out = (point){0};
    nmf_status status = nmf_set_fit_begin(&out->fit, &h->s->part, k, q, err);
    return status == NMF_OK ? run_rounds(&out->fit, FIRST_ROUNDS, err) : status;
}

/* The same fit with another q; or another fit where k is another. */
static nmf_status move(point *out, const point *from, hunt *h, size_t k,
                       double q, nmf_error *err)
{
    nmf_status status = NMF_OK;
    *out = (point){0};
    if (k != 0) {
        status = point_init(out, h, k, q, err);
    } else {
        status = nmf_set_fit_copy(&out->fit, &from->fit, err);
        out->fit.q = q;
        if (status == NMF_OK) {
            status = run_rounds(&out->fit, MORE_ROUNDS, err);
        }
    }
    return status == NMF_OK ? judge(out, h, err) : status;
}

/* Keep the better one; is it worth to go on? */
static bool keep_cheaper(point *best, point *next)
{
    bool goes_on = next->cost < (1 - worth_it) * best->cost;
    if (next->cost < best->cost) {
        point t = *best;
        *best = *next;
        *next = t;
    }
    point_release(next);
    return goes_on;
}

/* Moves of q, or of the rank, as long as they pay: up, else down. */
static nmf_status climb(point *best, hunt *h, bool of_rank, nmf_error *err)
{
    nmf_status status = NMF_OK;
    const size_t max = nmf_set_max_rank(&h->s->part);
    for (int up = 1; status == NMF_OK && up >= 0; up--) {
        const double ratio = up ? move_ratio : 1 / move_ratio;
        size_t moves = 0;
        while (status == NMF_OK && moves < MAX_MOVES) {
            point next;
            size_t k = 0;
            double q = best->fit.q;
            if (of_rank) {
                /* More parts are worth finer activations. */
                q = fmax(q / sqrt(ratio), nmf_set_least_q(h->s->data));
                k = (size_t)((double)best->fit.k * ratio + 0.5);
                k = k < 1 ? 1 : k > max ? max : k;
                if (k == best->fit.k) {
                    break;
                }
            } else {
                q = fmax(q * ratio, nmf_set_least_q(h->s->data));
            }
            status = move(&next, best, h, k, q, err);
            if (status != NMF_OK) {
                point_release(&next);
                break;
            }
            if (!keep_cheaper(best, &next)) {
                break;
            }
            moves++;
        }
        if (moves > 0) {
            break;
        }
    }
    return status;
}

/* The last attempt, on all pictures. */
typedef struct ending {
    hunt *h;
    nmf_residual_fit residual;
    nmf_set_found found; /* its factors */
    double least;        /* rating of the best residual, and what made it */
    double lambda;
    unsigned step;
} ending;

/* A residual of all pictures. */
static nmf_status try_ending(double *left, ending *e, unsigned step,
                             double lambda_now, nmf_error *err)
{
    nmf_set_searcher *s = e->h->s;
    nmf_set_found *now = &e->found;
    nmf_residual_trial trial;
    nmf_set_outcome o;
    nmf_status status = nmf_residual_try(&trial, &e->residual, step, lambda_now,
                                         now->pixels, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_bytes_release(&now->streams.residual);
    now->streams.residual = trial.bytes;
    now->psnr = nmf_set_psnr(s->data, trial.squared_error);
    double surplus = nmf_set_found_surplus(&o, s, now);
    double rating = surplus >= 0 ? surplus : 1000 - surplus;
    *left = slack(s, &o);
    if (rating < e->least) {
        e->least = rating;
        e->step = step;
        e->lambda = lambda_now;
    }
    return tell(e->h, now->factors.basis.n_components, &o, err);
}

/* Steps until the target is met as nearly as steps can. */
static nmf_status end_step(ending *e, nmf_error *err)
{
    bracket b = nothing_known;
    nmf_status status = NMF_OK;
    unsigned step = e->h->step;
    for (size_t i = 0; status == NMF_OK && i < FINE_TRIALS; i++) {
        double left = 0;
        unsigned now = step;
        status = try_ending(&left, e, now, lambda, err);
        step = next_step(&b, now, left);
        if (e->least < near_db || step == now ||
            (!isnan(b.low) && step == to_step(exp2(b.low))) ||
            (!isnan(b.high) && step == to_step(exp2(b.high)))) {
            break;
        }
    }
    return status;
}

/* What is left then is used up by the price of a bit. */
static nmf_status end_lambda(ending *e, nmf_error *err)
{
    const bool wants_less = e->h->s->goal->bytes == 0;
    const unsigned step = e->step;
    double good = lambda;
    double bad = wants_less ? most_lambda : least_lambda;
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < LAMBDA_TRIALS &&
                       e->least >= near_db && e->least < 1000;
         i++) {
        double left = 0;
        double now = i == 0 ? bad : sqrt(good * bad);
        status = try_ending(&left, e, step, now, err);
        if (wants_less ? left >= 0 : left <= 0) {
            good = now;
            if (i == 0) {
                break;
            }
        } else {
            bad = now;
        }
    }
    return status;
}

/* Of two that meet the target, the smaller or the one of higher PSNR. */
static void keep_better(nmf_set_found *best, double *least,
                        const nmf_set_searcher *s, nmf_set_found *found)
{
    nmf_set_outcome now;
    nmf_set_outcome before;
    double left = nmf_set_found_surplus(&now, s, found);
    if (left >= 0 && *least < 1000) {
        nmf_set_found_surplus(&before, s, best);
        bool is_better = s->goal->bytes == 0 ? now.bytes < before.bytes
                                             : now.psnr > before.psnr;
        *least = is_better ? INFINITY : 0;
    }
    nmf_set_keep_better(best, least, found, left);
}

static bool reaches_psnr(const nmf_set_searcher *s, const nmf_set_found *found)
{
    nmf_set_outcome o;
    return s->goal->bytes == 0 && nmf_set_found_surplus(&o, s, found) >= 0;
}

/* Factors of all pictures, and the residual that brings them to the target. */
static nmf_status end(nmf_set_found *best, double *least, hunt *h, size_t k,
                      double q, nmf_error *err)
{
    const nmf_set_data *data = h->s->data;
    ending e = {.h = h, .least = INFINITY};
    nmf_set_fit fit = {0};
    double left = 0;
    nmf_status status = nmf_set_fit_begin(&fit, data, k, q, err);
    if (status == NMF_OK) {
        status = run_rounds(&fit, FINAL_ROUNDS, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_realise(&e.found, &fit, err);
    }
    nmf_set_fit_release(&fit);
    if (status == NMF_OK && reaches_psnr(h->s, &e.found)) {
        keep_better(best, least, h->s, &e.found);
        return NMF_OK; /* by itself: a residual would be of no use */
    }
    if (status == NMF_OK) {
        status = nmf_residual_fit_init(&e.residual, data, 1, h->block_width,
                                       h->block_height, err);
    }
    if (status == NMF_OK) {
        status = nmf_residual_fit_aim(&e.residual, &e.found.factors, err);
    }
    if (status == NMF_OK) {
        status = end_step(&e, err);
    }
    if (status == NMF_OK) {
        status = end_lambda(&e, err);
    }
    if (status == NMF_OK) {
        status = try_ending(&left, &e, e.step, e.lambda, err);
    }
    if (status == NMF_OK) {
        keep_better(best, least, h->s, &e.found);
    }
    nmf_set_found_release(&e.found);
    nmf_residual_fit_release(&e.residual);
    return status;
}

/* A step that may do for a first attempt. */
static unsigned first_step(const nmf_set_searcher *s)
{
    double psnr = s->goal->bytes > 0 ? 35 : s->goal->psnr;
    return to_step(sqrt(8 * 65025 * pow(10, -psnr / 10)));
}

/* q to begin with: the same share of the contrast for pictures of any size. */
static double first_q(const nmf_set_data *data)
{
    return 3 * sqrt((double)data->X.cols);
}

nmf_status nmf_residual_search(nmf_set_found *best, double *least,
                               nmf_set_searcher *s, size_t k, nmf_error *err)
{
    hunt h = {.s = s, .step = first_step(s), .fraction = 0.1};
    const bool any_rank = s->goal->n_components == 0;
    point p;
    nmf_status status = point_init(&p, &h, k, first_q(s->data), err);
    if (status == NMF_OK) {
        status = choose_blocks(&p, &h, err);
    }
    if (status == NMF_OK) {
        status = find_step(&p, &h, err);
    }
    if (status == NMF_OK) {
        status = judge(&p, &h, err);
    }
    if (status == NMF_OK) {
        status = climb(&p, &h, false, err);
    }
    if (status == NMF_OK && any_rank) {
        status = climb(&p, &h, true, err);
    }
    if (status == NMF_OK) {
        status = find_step(&p, &h, err);
    }
    k = any_rank ? p.fit.k : k;
    double q = p.fit.q;
    point_release(&p);
    return status == NMF_OK ? end(best, least, &h, k, q, err) : status;
}

nmf_status nmf_residual_pays(bool *out, const nmf_set_searcher *s,
                             const nmf_set_fit *fit, nmf_error *err)
{
    const nmf_blocks *b = &fit->data->blocks;
    const bool is_small = b->block_width == b->width;
    hunt h = {.s = (nmf_set_searcher *)s,
              .block_width = is_small ? b->width : 8,
              .block_height = is_small ? b->height : 8};
    const double price = fit->lambda * squared(fit->q);
    const unsigned step = to_step(sqrt(price / lambda));
    point p = {0};
    nmf_set_outcome o;
    nmf_status status = nmf_set_fit_copy(&p.fit, fit, err);
    if (status == NMF_OK) {
        status = aim(&p, &h, err);
    }
    if (status == NMF_OK) {
        status = try_step(&o, &p, step, err);
    }
    *out = false;
    if (status == NMF_OK) {
        double before = p.residual.squared_error * scale_of(&p.residual) +
                        price * 8 * p.factor_bytes;
        *out = p.cost < (1 - worth_it) * before;
    }
    point_release(&p);
    return status;
}
