/*
 * The driver of a fit: validate, start, iterate, stop. It has no arithmetic of
 * its own; that is in the solvers, one a file, and below them in kernels.c.
 */
#include <nmfimg/nmf.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/fit_once.h"
#include "core/model_adopt.h"
#include "core/observed.h"
#include "core/solver.h"
#include "core/threads.h"
#include "core/validation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const nmf_solver *const solvers[] = {
    &nmf_solver_fused,    &nmf_solver_cd,     &nmf_solver_mu,
    &nmf_solver_mu_plain, &nmf_solver_bpp,    &nmf_solver_als,
    &nmf_solver_pg,       &nmf_solver_shaped, &nmf_solver_minibatch,
};

enum { N_SOLVERS = sizeof solvers / sizeof solvers[0] };

size_t nmf_solver_count(void)
{
    return N_SOLVERS;
}

const char *nmf_solver_name(size_t i)
{
    return i < N_SOLVERS ? solvers[i]->name : NULL;
}

const char *nmf_solver_summary(size_t i)
{
    return i < N_SOLVERS ? solvers[i]->summary : NULL;
}

const nmf_solver *nmf_solver_find(const char *name)
{
    for (size_t i = 0; name && i < N_SOLVERS; i++) {
        if (strcmp(solvers[i]->name, name) == 0) {
            return solvers[i];
        }
    }
    return name ? NULL : solvers[0];
}

const nmf_solver *nmf_solver_for_weights(const nmf_solver *solver)
{
    const bool knows_them = solver == &nmf_solver_mu ||
                            solver == &nmf_solver_mu_plain ||
                            solver == &nmf_solver_minibatch;
    return solver == &nmf_solver_fused ? &nmf_solver_whals
           : solver == &nmf_solver_cd  ? &nmf_solver_wcd
           : knows_them                ? solver
                                       : NULL;
}

const char *nmf_stop_reason_name(nmf_stop_reason reason)
{
    switch (reason) {
    case NMF_STOP_TOL:
        return "tol";
    case NMF_STOP_MAX_ITER:
        return "max_iter";
    case NMF_STOP_MAX_SECONDS:
        return "max_seconds";
    case NMF_STOP_CANCELLED:
        return "cancelled";
    case NMF_STOP_DECREASE:
        return "decrease";
    case NMF_STOP_VALIDATION:
        return "validation";
    case NMF_STOP_NONE:
        break;
    }
    return "none";
}

const char *nmf_init_name(nmf_init init)
{
    switch (init) {
    case NMF_INIT_RANDOM:
        return "random";
    case NMF_INIT_CUSTOM:
        return "custom";
    case NMF_INIT_NNDSVD:
        return "nndsvd";
    case NMF_INIT_NNDSVDA:
        return "nndsvda";
    case NMF_INIT_NNDSVDAR:
        return "nndsvdar";
    }
    return NULL;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t nmf_default_n_components(size_t n_samples, size_t n_features)
{
    size_t half = n_samples / 2 > 1 ? n_samples / 2 : 1;
    return smaller(49, smaller(half, n_features > 1 ? n_features : 1));
}

/* What a callback is given a handle on. */
typedef struct fit_state {
    const nmf_solver *solver;
    void *solver_state;
    bool *goes_on; /* the callback has lifted the limits */
    const nmf_observed *observed;
    nmf_validation *validation;
} fit_state;

void nmf_progress_go_on(const nmf_progress *progress)
{
    *((const fit_state *)progress->state)->goes_on = true;
}

nmf_status nmf_progress_snapshot(const nmf_progress *progress, nmf_matrix *W,
                                 nmf_matrix *H, nmf_error *err)
{
    const fit_state *fit = progress->state;
    if (W &&
        (W->rows != progress->n_samples || W->cols != progress->n_components)) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT, "W is %zu x %zu, expected %zu x %zu",
            W->rows, W->cols, progress->n_samples, progress->n_components);
    }
    if (H && (H->rows != progress->n_components ||
              H->cols != progress->n_features)) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT, "H is %zu x %zu, expected %zu x %zu",
            H->rows, H->cols, progress->n_components, progress->n_features);
    }
    fit->solver->read(fit->solver_state, W, H);
    return NMF_OK;
}

static nmf_status check_factor(const nmf_matrix *m, const char *name,
                               size_t rows, size_t cols, nmf_error *err)
{
    if (!m) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a custom start needs W0 and H0; %s is missing",
                             name);
    }
    if (m->rows != rows || m->cols != cols) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%s is %zu x %zu, expected %zu x %zu", name,
                             m->rows, m->cols, rows, cols);
    }
    nmf_status status = nmf_check_entries(m, name, err);
    for (size_t i = 0; status == NMF_OK && i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            if (nmf_matrix_row(m, i)[j] > 0.0F) {
                return NMF_OK;
            }
        }
    }
    return status != NMF_OK
               ? status
               : nmf_error_set(err, NMF_ERR_DATA,
                               "%s: all %zu x %zu entries are 0, and would "
                               "remain so",
                               name, rows, cols);
}

/* Is anything asked for that "shaped" alone does? */
static bool wants_shape(const nmf_options *options)
{
    return options->sparseness_W != 0.0 || options->sparseness_H != 0.0 ||
           options->smooth != 0.0;
}

/* The solver that is meant; NULL where there is none of that name. */
static const nmf_solver *solver_of(const nmf_options *options)
{
    const nmf_solver *solver = nmf_solver_find(options->solver);
    return solver == solvers[0] && wants_shape(options) ? &nmf_solver_shaped
                                                        : solver;
}

/* alpha_H with the default filled in. */
static double alpha_of_H(const nmf_options *options)
{
    return options->alpha_H == NMF_ALPHA_SAME ? options->alpha_W
                                              : options->alpha_H;
}

static nmf_status check_loss(const nmf_options *options, nmf_error *err)
{
    const nmf_solver *solver = solver_of(options);
    const double beta = options->beta_loss, most = 8.0;
    const double of_W = options->alpha_W, of_H = alpha_of_H(options);
    if (!(beta >= -most && beta <= most)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "beta_loss is %g, expected a number from %g to %g",
                             beta, -most, most);
    }
    if (beta != 2.0 && !solver->takes_any_beta) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "solver '%s' minimises the Frobenius loss alone "
                             "(beta_loss 2); for beta_loss %g use 'mu'",
                             solver->name, beta);
    }
    if (!(of_W >= 0.0 && isfinite(of_W)) || !(of_H >= 0.0 && isfinite(of_H))) {
        bool is_W = !(of_W >= 0.0 && isfinite(of_W));
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "alpha_%c is %g, expected a number >= 0",
                             is_W ? 'W' : 'H', is_W ? of_W : of_H);
    }
    if ((of_W > 0.0) != (of_H > 0.0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "alpha_W is %g and alpha_H %g: with a penalty of "
                             "one factor alone it would shrink to nothing "
                             "while the other grows; give both or neither",
                             of_W, of_H);
    }
    if (!(options->l1_ratio >= 0.0 && options->l1_ratio <= 1.0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "l1_ratio is %g, expected a number from 0 to 1",
                             options->l1_ratio);
    }
    return NMF_OK;
}

static nmf_status check_sparseness(double sparseness, char factor, size_t n,
                                   nmf_error *err)
{
    if (sparseness == 0.0) {
        return NMF_OK;
    }
    if (!(sparseness > 0.0 && sparseness < 1.0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "sparseness_%c is %g, expected a number between 0 "
                             "and 1",
                             factor, sparseness);
    }
    return n >= 2
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "sparseness_%c is %g, but a %s has one entry, "
                               "and sparseness wants at least 2",
                               factor, sparseness,
                               factor == 'W' ? "column of W" : "row of H");
}

static nmf_status check_smooth(const nmf_options *options, size_t n_features,
                               nmf_error *err)
{
    const nmf_grid *grid = &options->grid;
    size_t pixels = 0, samples = 0;
    if (options->smooth == 0.0) {
        return NMF_OK;
    }
    if (!(options->smooth > 0.0 && isfinite(options->smooth))) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "smooth is %g, expected a number >= 0",
                             options->smooth);
    }
    if (grid->width == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "smooth is %g, but which pixels are neighbours is "
                             "not known: the options have no grid",
                             options->smooth);
    }
    if (!nmf_size_mul(&pixels, grid->width, grid->height) ||
        !nmf_size_mul(&samples, pixels, grid->channels) ||
        samples != n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the grid is %zu x %zu x %zu, but X has %zu "
                             "features",
                             grid->width, grid->height, grid->channels,
                             n_features);
    }
    return NMF_OK;
}

/* What the factors are to be held to. */
static nmf_status check_shape(const nmf_options *options, const nmf_matrix *X,
                              nmf_error *err)
{
    nmf_status status = NMF_OK;
    if ((status = check_sparseness(options->sparseness_W, 'W', X->rows, err)) !=
            NMF_OK ||
        (status = check_sparseness(options->sparseness_H, 'H', X->cols, err)) !=
            NMF_OK ||
        (status = check_smooth(options, X->cols, err)) != NMF_OK) {
        return status;
    }
    const nmf_solver *solver = solver_of(options);
    return !wants_shape(options) || solver == &nmf_solver_shaped
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "solver '%s' holds factors to no sparseness or "
                               "smoothness; 'shaped' does",
                               solver->name);
}

static size_t batch_size_of(const nmf_options *options, size_t n_samples)
{
    return smaller(options->batch_size ? options->batch_size : NMF_BATCH_SIZE,
                   n_samples);
}

/*
 * The penalties, scaled by the sizes as in scikit-learn 1.0 and later, over the
 * unit of the weights.
 */
static nmf_loss loss_of(const nmf_options *options,
                        const nmf_observed *observed)
{
    const nmf_source *X = &observed->source;
    const double of_W =
        options->alpha_W * (double)X->n_features / observed->unit;
    const double of_H =
        alpha_of_H(options) * (double)X->n_samples / observed->unit;
    const double l1 = options->l1_ratio;
    return (nmf_loss){.beta = options->beta_loss,
                      .l1_W = of_W * l1,
                      .l2_W = of_W * (1.0 - l1),
                      .l1_H = of_H * l1,
                      .l2_H = of_H * (1.0 - l1),
                      .sparseness_W = options->sparseness_W,
                      .sparseness_H = options->sparseness_H,
                      .smooth = options->smooth,
                      .grid = options->grid,
                      .batch_size = batch_size_of(options, X->n_samples),
                      .forget_factor = options->forget_factor < 0.0
                                           ? NMF_FORGET_FACTOR
                                           : options->forget_factor};
}

/* Some losses know no zeros: d(0 | v) is infinite. */
static nmf_status check_zeros(const nmf_matrix *X, const nmf_observed *observed,
                              double beta, nmf_error *err)
{
    const nmf_matrix *M = observed->source.weights ? &observed->M : NULL;
    for (size_t i = 0; beta <= 0.0 && i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            const bool counts = !M || nmf_matrix_row(M, i)[j] > 0.0F;
            if (counts && !(nmf_matrix_row(X, i)[j] > 0.0F)) {
                return nmf_error_set(
                    err, NMF_ERR_DATA,
                    "entry 0 at row %zu, column %zu (from 0); beta_loss %g "
                    "expects numbers > 0, as it is infinite at 0; add a "
                    "little to all, or use a beta_loss > 0",
                    i, j, beta);
            }
        }
    }
    return NMF_OK;
}

static nmf_status check_validation(const nmf_options *options, nmf_error *err)
{
    const double fraction = options->validation_fraction;
    if (!(fraction >= 0.0 && fraction <= 0.5)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "validation_fraction is %g, expected a number "
                             "from 0 to 0.5",
                             fraction);
    }
    if (options->n_iter_no_change > 0 && !(fraction > 0.0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "n_iter_no_change is %zu, but nothing is held "
                             "out: early stopping needs a validation_fraction",
                             options->n_iter_no_change);
    }
    return NMF_OK;
}

static nmf_status check_batches(const nmf_options *options, nmf_error *err)
{
    const double forget = options->forget_factor;
    const nmf_solver *solver = nmf_solver_find(options->solver);
    if (forget != NMF_FORGET_DEFAULT && !(forget >= 0.0 && forget <= 1.0)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "forget_factor is %g, expected a number from 0 to "
                             "1",
                             forget);
    }
    if (solver != &nmf_solver_minibatch &&
        (options->batch_size > 0 || forget != NMF_FORGET_DEFAULT)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%s goes with solver 'minibatch'; '%s' looks at "
                             "all samples at once",
                             options->batch_size > 0 ? "batch_size"
                                                     : "forget_factor",
                             solver->name);
    }
    return NMF_OK;
}

/* Can the solver do what was found of weights? */
static nmf_status check_solver(const nmf_options *options,
                               const nmf_observed *observed, nmf_error *err)
{
    const nmf_solver *solver = solver_of(options);
    return !observed->source.weights || nmf_solver_for_weights(solver)
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "solver '%s' knows no weights and no missing or "
                               "held-out entries; 'hals', 'cd', 'mu', "
                               "'mu-plain' and 'minibatch' do",
                               solver->name);
}

static nmf_status check_options(const nmf_options *options, size_t k,
                                const nmf_matrix *X, nmf_error *err)
{
    size_t most = smaller(NMF_MAX_COMPONENTS, smaller(X->rows, X->cols));
    if (X->rows == 0 || X->cols == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the data is empty: %zu x %zu", X->rows, X->cols);
    }
    if (k > most) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu components are too many: X is %zu x %zu "
                             "(samples x features), which allows at most %zu",
                             k, X->rows, X->cols, most);
    }
    if (!nmf_solver_find(options->solver)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "unknown solver '%s'",
                             options->solver);
    }
    if (!(options->tol >= 0.0 && isfinite(options->tol))) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "tol is %g, expected a number >= 0", options->tol);
    }
    if (!(options->min_decrease >= 0.0 && isfinite(options->min_decrease))) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "min_decrease is %g, expected a number >= 0",
                             options->min_decrease);
    }
    if (options->max_iter == 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "max_iter is 0, expected at least 1");
    }
    if (isnan(options->max_seconds)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "max_seconds is not a number");
    }
    nmf_status status = check_shape(options, X, err);
    if (status == NMF_OK) {
        status = check_loss(options, err);
    }
    if (status == NMF_OK) {
        status = check_validation(options, err);
    }
    if (status == NMF_OK) {
        status = check_batches(options, err);
    }
    if (status == NMF_OK && options->init == NMF_INIT_CUSTOM) {
        status = check_factor(options->W0, "W0", X->rows, k, err);
        return status == NMF_OK
                   ? check_factor(options->H0, "H0", k, X->cols, err)
                   : status;
    }
    if (!nmf_init_name(options->init)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "unknown init %d",
                             (int)options->init);
    }
    return status;
}

/*
 * The start that the options ask for, into matrices that are made here and
 * belong to the caller; all zero after a failure.
 */
static nmf_status choose_start(nmf_matrix *W0, nmf_matrix *H0,
                               const nmf_observed *observed,
                               const nmf_options *options, size_t k,
                               int n_threads, nmf_error *err)
{
    const nmf_source *X = &observed->source;
    nmf_status status = NMF_OK;
    *W0 = *H0 = (nmf_matrix){0};
    if (options->init == NMF_INIT_CUSTOM) {
        if ((status = nmf_matrix_copy(W0, options->W0, err)) == NMF_OK) {
            status = nmf_matrix_copy(H0, options->H0, err);
        }
    } else if ((status = nmf_matrix_init(W0, X->n_samples, k, err)) == NMF_OK &&
               (status = nmf_matrix_init(H0, k, X->n_features, err)) ==
                   NMF_OK) {
        if (options->init == NMF_INIT_RANDOM) {
            nmf_init_random(W0, H0, nmf_source_mean(X), options->seed);
        } else {
            status = nmf_init_svd(W0, H0, X, options->init, options->seed,
                                  n_threads, err);
        }
    }
    if (status != NMF_OK) {
        nmf_matrix_release(W0);
        nmf_matrix_release(H0);
        return status;
    }
    nmf_observed_clear(observed, W0, H0);
    return NMF_OK;
}

/* Begin the solver there. */
static nmf_status start(void **solver_state, const nmf_solver *solver,
                        const nmf_observed *observed,
                        const nmf_options *options, size_t k, int n_threads,
                        nmf_error *err)
{
    const nmf_loss loss = loss_of(options, observed);
    nmf_matrix W0 = {0}, H0 = {0};
    nmf_status status =
        choose_start(&W0, &H0, observed, options, k, n_threads, err);
    if (status == NMF_OK) {
        status = solver->create(solver_state, &observed->source, &loss, &W0,
                                &H0, n_threads, err);
    }
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
    return status;
}

/*
 * The squared error after a step. Where the free value is a small difference
 * of large numbers (float products are good to about 1e-7 of ||X||^2), it is
 * summed up directly, while the clock rests.
 */
static double squared_error(const nmf_step *step, const fit_state *fit,
                            double squared_norm, nmf_clock *clock)
{
    const double accurate_from = 1e-4; /* a relative error of 1e-2 */
    double squares = step->squared_error;
    if (!step->is_summed && !(squares >= accurate_from * squared_norm)) {
        nmf_clock_pause(clock);
        squares = fit->solver->residual(fit->solver_state);
        nmf_clock_start(clock);
    }
    return squares;
}

/* Iterations from one look at the progress to the next. */
enum { PERIOD = 10 };

/* How far the fit is from stationary, relative to the first iteration. */
typedef struct violation {
    double first; /* norm of the projected gradient */
    double ratio; /* of the last one measured; NaN: none was */
    size_t next;  /* iteration after which to measure again */
} violation;

/*
 * Renew it after an iteration. A gradient costs about half an iteration, so it
 * is asked for only where somebody wants to know, and only now and then.
 */
static void renew(violation *v, const fit_state *fit, size_t n_iter)
{
    if (n_iter < v->next) {
        return;
    }
    const double least = 1e-4; /* tol 0.01 asks for 1e-6 of the scale, then */
    nmf_gradient gradient = fit->solver->gradient(fit->solver_state);
    if (n_iter == 1) {
        v->first = gradient.size;
    }
    if (gradient.size >= 0.0) { /* else it is asked for again soon */
        v->next = n_iter - n_iter % PERIOD + PERIOD;
        /* A start that is nearly stationary leaves no ratio to fall by. */
        double reference = fmax(v->first, least * gradient.scale);
        v->ratio = reference > 0.0 ? gradient.size / reference : 0.0;
    }
}

/*
 * Has the last period lowered the root of the objective by too little? *last is
 * that of the period before.
 */
static bool hardly_falls(double *last, const nmf_options *options,
                         const nmf_progress *progress)
{
    if (options->min_decrease <= 0.0 || progress->n_iter % PERIOD != 0) {
        return false;
    }
    double before = *last;
    *last = sqrt(fmax(progress->objective, 0.0));
    return isfinite(before) && before - *last <= options->min_decrease * before;
}

/* Why to stop after an iteration; NMF_STOP_NONE to go on. */
static nmf_stop_reason decide(double *last_error, const fit_state *fit,
                              const nmf_options *options,
                              const nmf_progress *progress)
{
    if (options->tol > 0.0 && progress->violation <= options->tol) {
        return NMF_STOP_TOL;
    }
    if (nmf_validation_is_over(fit->validation)) {
        return NMF_STOP_VALIDATION;
    }
    if (hardly_falls(last_error, options, progress)) {
        return NMF_STOP_DECREASE;
    }
    if (options->max_seconds > 0.0 &&
        progress->wall_seconds >= options->max_seconds) {
        return NMF_STOP_MAX_SECONDS;
    }
    return progress->n_iter >= options->max_iter ? NMF_STOP_MAX_ITER
                                                 : NMF_STOP_NONE;
}

/* Tell the callback; returns why to stop now. */
static nmf_stop_reason ask(const nmf_progress *progress, const fit_state *fit,
                           const nmf_options *options)
{
    bool is_content = !options->callback ||
                      options->callback(progress, options->callback_context);
    nmf_stop_reason reason =
        *fit->goes_on ? NMF_STOP_NONE : progress->stop_reason;
    return reason == NMF_STOP_NONE && !is_content ? NMF_STOP_CANCELLED : reason;
}

static nmf_stop_reason iterate(nmf_progress *progress, const fit_state *fit,
                               const nmf_options *options, nmf_clock *clock)
{
    nmf_stop_reason reason = NMF_STOP_NONE;
    violation far = {0.0, (double)NAN, 1};
    double last_error = INFINITY;
    const double squared_norm = fit->observed->source.squared_norm;
    while (reason == NMF_STOP_NONE) {
        nmf_step step = fit->solver->iterate(fit->solver_state);
        progress->n_iter++;
        progress->flops += step.flops;
        progress->bytes += step.bytes;
        double squares = squared_error(&step, fit, squared_norm, clock);
        progress->relative_error = sqrt(squares / squared_norm);
        progress->objective =
            fit->observed->unit *
            ((options->beta_loss == 2.0 ? 0.5 * squares : step.divergence) +
             step.penalty);
        nmf_validation_renew(fit->validation, fit->solver, fit->solver_state,
                             progress);
        if (options->tol > 0.0) {
            renew(&far, fit, progress->n_iter);
        }
        progress->violation = far.ratio;
        nmf_clock_pause(clock);
        progress->wall_seconds = clock->wall_seconds;
        progress->cpu_seconds = clock->cpu_seconds;
        progress->stop_reason =
            *fit->goes_on ? NMF_STOP_NONE
                          : decide(&last_error, fit, options, progress);
        reason = ask(progress, fit, options);
        nmf_clock_start(clock);
    }
    return reason;
}

/* Read the factors out and make a model of them. */
static nmf_status finish(nmf_model **out, const fit_state *fit,
                         const nmf_progress *progress, nmf_summary *summary,
                         nmf_error *err)
{
    nmf_validation *validation = fit->validation;
    nmf_matrix W = {0}, H = {0};
    nmf_status status = NMF_OK;
    if (validation->patience > 0) {
        progress = &validation->best;
        W = validation->best_W;
        H = validation->best_H;
        validation->best_W = validation->best_H = (nmf_matrix){0};
    } else if ((status = nmf_matrix_init(&W, progress->n_samples,
                                         progress->n_components, err)) ==
                   NMF_OK &&
               (status = nmf_matrix_init(&H, progress->n_components,
                                         progress->n_features, err)) ==
                   NMF_OK) {
        fit->solver->read(fit->solver_state, &W, &H);
    }
    if (status == NMF_OK) {
        summary->relative_error = progress->relative_error;
        summary->least_error = progress->relative_error;
        summary->median_error = progress->relative_error;
        summary->largest_error = progress->relative_error;
        summary->objective = progress->objective;
        summary->validation_error = progress->validation_error;
        summary->best_iter = progress->n_iter;
        summary->sparseness_components = nmf_matrix_sparseness(&H);
        summary->sparseness_activations = nmf_matrix_sparseness(&W);
        status = nmf_model_adopt(out, &H, &W, summary, err);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return status;
}

static size_t components_of(const nmf_options *options, const nmf_matrix *X)
{
    return options->n_components > 0
               ? options->n_components
               : nmf_default_n_components(X->rows, X->cols);
}

static int threads_of(const nmf_options *options, const nmf_matrix *X, size_t k)
{
    return nmf_threads_for(options->n_threads,
                           (double)X->rows * (double)X->cols * (double)k);
}

/* All after the entries are looked at. */
static nmf_status fit_observed(nmf_model **out, const nmf_observed *observed,
                               const nmf_options *options, size_t k,
                               int n_threads, nmf_clock *clock, nmf_error *err)
{
    const nmf_source *X = &observed->source;
    nmf_validation validation = {0};
    nmf_status status = NMF_OK;
    bool goes_on = false;
    fit_state fit = {solver_of(options), NULL, &goes_on, observed, &validation};
    if (X->weights) {
        fit.solver = nmf_solver_for_weights(fit.solver);
    }
    if ((status = nmf_validation_init(
             &validation, &observed->held_out, options->n_iter_no_change,
             X->n_samples, X->n_features, k, n_threads, err)) != NMF_OK ||
        (status = start(&fit.solver_state, fit.solver, observed, options, k,
                        n_threads, err)) != NMF_OK) {
        nmf_validation_release(&validation);
        return status;
    }
    nmf_progress progress = {
        .n_samples = X->n_samples,
        .n_features = X->n_features,
        .n_components = k,
        .n_starts = 1,
        .state = &fit,
    };
    nmf_summary summary = {
        .init = options->init,
        .seed = options->seed,
        .tol = options->tol,
        .max_iter = options->max_iter,
        .n_samples = X->n_samples,
        .n_missing = observed->n_missing,
        .n_held_out = observed->held_out.n,
        .n_starts = 1,
        .threads = (unsigned)n_threads,
    };
    snprintf(summary.solver, sizeof summary.solver, "%s", fit.solver->name);
    summary.stop_reason = iterate(&progress, &fit, options, clock);
    summary.n_iter = progress.n_iter;
    summary.wall_seconds = progress.wall_seconds;
    summary.cpu_seconds = progress.cpu_seconds;
    status = finish(out, &fit, &progress, &summary, err);
    fit.solver->free(fit.solver_state);
    nmf_validation_release(&validation);
    return status;
}

/* All that is looked at beforehand; observed is released either way. */
static nmf_status look_at(nmf_observed *observed, const nmf_matrix *X,
                          const nmf_options *options, size_t k, int n_threads,
                          nmf_error *err)
{
    nmf_status status = check_options(options, k, X, err);
    if (status == NMF_OK) {
        status = nmf_observed_init(observed, X, options, n_threads, err);
    }
    if (status == NMF_OK) {
        status = check_solver(options, observed, err);
    }
    if (status == NMF_OK) {
        status = check_zeros(X, observed, options->beta_loss, err);
    }
    return status;
}

nmf_status nmf_fit_once(nmf_model **out, const nmf_matrix *X,
                        const nmf_options *options, nmf_error *err)
{
    const nmf_options defaults = NMF_OPTIONS_INIT;
    nmf_observed observed = {0};
    nmf_clock clock = {0};
    nmf_status status = NMF_OK;

    *out = NULL;
    options = options ? options : &defaults;
    const size_t k = components_of(options, X);
    const int n_threads = threads_of(options, X, k);
    nmf_clock_start(&clock);
    status = look_at(&observed, X, options, k, n_threads, err);
    if (status == NMF_OK) {
        status =
            fit_observed(out, &observed, options, k, n_threads, &clock, err);
    }
    nmf_observed_release(&observed);
    return status;
}

nmf_status nmf_start(nmf_matrix *W, nmf_matrix *H, const nmf_matrix *X,
                     const nmf_options *options, nmf_error *err)
{
    const nmf_options defaults = NMF_OPTIONS_INIT;
    nmf_observed observed = {0};
    nmf_status status = NMF_OK;

    *W = *H = (nmf_matrix){0};
    options = options ? options : &defaults;
    const size_t k = components_of(options, X);
    const int n_threads = threads_of(options, X, k);
    status = look_at(&observed, X, options, k, n_threads, err);
    if (status == NMF_OK) {
        status = choose_start(W, H, &observed, options, k, n_threads, err);
    }
    nmf_observed_release(&observed);
    return status;
}
