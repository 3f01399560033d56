/* What options say, and whether it can be. Contracts: options.h. */
#include "core/options.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/threads.h"

#include <math.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t nmf_default_n_components(size_t n_samples, size_t n_features)
{
    size_t half = n_samples / 2 > 1 ? n_samples / 2 : 1;
    return smaller(49, smaller(half, n_features > 1 ? n_features : 1));
}

size_t nmf_options_components(const nmf_options *options, const nmf_matrix *X)
{
    return options->n_components > 0
               ? options->n_components
               : nmf_default_n_components(X->rows, X->cols);
}

int nmf_options_threads(const nmf_options *options, const nmf_matrix *X,
                        size_t k)
{
    return nmf_threads_for(options->n_threads,
                           (double)X->rows * (double)X->cols * (double)k);
}

static nmf_status check_factor(const nmf_matrix *m, const char *name,
                               size_t rows, size_t cols, nmf_error *err)
{
    if (!m) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a custom start needs %s, which is missing", name);
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

const nmf_solver *nmf_options_solver(const nmf_options *options)
{
    const nmf_solver *solver = nmf_solver_find(options->solver);
    return solver == nmf_solver_find(NULL) && wants_shape(options)
               ? &nmf_solver_shaped
               : solver;
}

double nmf_options_alpha_H(const nmf_options *options)
{
    return options->alpha_H == NMF_ALPHA_SAME ? options->alpha_W
                                              : options->alpha_H;
}

static nmf_status check_loss(const nmf_options *options, nmf_error *err)
{
    const nmf_solver *solver = nmf_options_solver(options);
    const double beta = options->beta_loss, most = 8.0;
    const double of_W = options->alpha_W, of_H = nmf_options_alpha_H(options);
    if (!(beta >= -most && beta <= most)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "beta_loss is %g, expected a number from %g to %g",
                             beta, -most, most);
    }
    if (beta != 2.0 && !solver->is_multiplicative) {
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
    const nmf_solver *solver = nmf_options_solver(options);
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
nmf_loss nmf_options_loss(const nmf_options *options,
                          const nmf_observed *observed)
{
    const nmf_source *X = &observed->source;
    const double of_W =
        options->alpha_W * (double)X->n_features / observed->unit;
    const double of_H =
        nmf_options_alpha_H(options) * (double)X->n_samples / observed->unit;
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

nmf_status nmf_options_check_zeros(double beta_loss, const nmf_matrix *X,
                                   const nmf_matrix *M, nmf_error *err)
{
    const double beta = beta_loss;
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
    const nmf_solver *solver = nmf_options_solver(options);
    return !observed->source.weights || nmf_solver_for_weights(solver)
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "solver '%s' knows no weights and no missing or "
                               "held-out entries; 'hals', 'cd', 'mu', "
                               "'mu-plain' and 'minibatch' do",
                               solver->name);
}

/* What a learner has no use for, and would be missed. */
static nmf_status check_unused(const nmf_options *options, nmf_error *err)
{
    const bool has_weights = options->weights || options->nan_is_missing;
    const bool holds_out =
        options->validation_fraction != 0.0 || options->n_iter_no_change > 0;
    if (options->n_init > 1) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "n_init is %zu, but a batch is learned from once",
                             options->n_init);
    }
    return !has_weights && !holds_out && !wants_shape(options)
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "learning by batches from outside knows no %s",
                               has_weights ? "weights and no missing entries"
                               : holds_out ? "held-out entries"
                                           : "sparseness or smoothness");
}

/* H0 of a custom start, if there is to be one. */
static nmf_status check_components(const nmf_options *options, nmf_error *err)
{
    const nmf_matrix *H0 = options->H0;
    if (!nmf_init_name(options->init)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT, "unknown init %d",
                             (int)options->init);
    }
    if (options->init != NMF_INIT_CUSTOM) {
        return NMF_OK;
    }
    const size_t k =
        options->n_components > 0 || !H0 ? options->n_components : H0->rows;
    return check_factor(H0, "H0", k, H0 ? H0->cols : 0, err);
}

nmf_status nmf_options_check_online(const nmf_options *options, nmf_error *err)
{
    nmf_options of_solver = *options;
    nmf_status status = NMF_OK;
    of_solver.solver = options->solver ? options->solver : "minibatch";
    if (nmf_solver_find(of_solver.solver) != &nmf_solver_minibatch) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "solver '%s' cannot learn from batches; "
                             "'minibatch' can",
                             options->solver);
    }
    if (options->n_components > NMF_MAX_COMPONENTS) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "n_components is %zu, expected at most %d",
                             options->n_components, NMF_MAX_COMPONENTS);
    }
    if ((status = check_unused(options, err)) != NMF_OK ||
        (status = check_loss(&of_solver, err)) != NMF_OK ||
        (status = check_batches(&of_solver, err)) != NMF_OK) {
        return status;
    }
    return check_components(options, err);
}

nmf_status nmf_options_check(const nmf_options *options, size_t k,
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

nmf_status nmf_options_observe(nmf_observed *out, const nmf_options *options,
                               const nmf_matrix *X, int n_threads,
                               nmf_error *err)
{
    nmf_status status = nmf_observed_init(out, X, options, n_threads, err);
    if (status == NMF_OK) {
        status = check_solver(options, out, err);
    }
    if (status == NMF_OK) {
        status = nmf_options_check_zeros(
            options->beta_loss, X, out->source.weights ? &out->M : NULL, err);
    }
    return status;
}
