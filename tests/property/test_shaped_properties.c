/*
 * What factors are held to: each vector has its sparseness, parts are the
 * smoother the more is asked for, and the objective never rises.
 */
#include "support.h"

#include "core/alloc.h"
#include "reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

/* What to hold to; 0: nothing. */
typedef struct shape {
    double of_W, of_H;
    double smooth;
} shape;

static const shape shapes[] = {
    {0.0, 0.5, 0.0}, {0.6, 0.0, 0.0}, {0.4, 0.7, 0.0}, {0.0, 0.0, 0.5},
    {0.0, 0.8, 2.0}, {0.3, 0.0, 1.0}, {0.7, 0.2, 8.0}, {0.0, 0.0, 0.0},
};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

static nmf_options options_of(const shape *s, nmf_grid grid)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.solver = "shaped";
    options.sparseness_W = s->of_W;
    options.sparseness_H = s->of_H;
    options.smooth = s->smooth;
    options.grid = grid;
    options.n_components = 6;
    options.tol = 0.0;
    options.max_iter = 60;
    return options;
}

/* ---- what each promises ---- */

typedef struct descent {
    double before;
    double worst; /* rise, relative */
} descent;

static bool watch(const nmf_progress *progress, void *context)
{
    descent *d = context;
    d->worst = fmax(d->worst, progress->objective / d->before - 1.0);
    d->before = progress->objective;
    return true;
}

static void assert_sparse(const nmf_model *model, const shape *s)
{
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    for (size_t t = 0; t < H->rows; t++) {
        if (s->of_W > 0.0) {
            SUPPORT_NEAR(reference_sparseness(W->data + t, W->ld, W->rows),
                         s->of_W, 1e-6);
        }
        if (s->of_H > 0.0) {
            SUPPORT_NEAR(reference_sparseness(nmf_matrix_row(H, t), 1, H->cols),
                         s->of_H, 1e-6);
        }
    }
}

static double length_of(const float *x, size_t step, size_t n)
{
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (double)x[i * step] * (double)x[i * step];
    }
    return sqrt(squares);
}

/* The objective as nmf.h has it, without alpha. */
static double objective_of(const nmf_matrix *X, const nmf_model *model,
                           const nmf_options *options)
{
    const nmf_matrix *W = nmf_model_activations(model);
    const nmf_matrix *H = nmf_model_components(model);
    const nmf_grid *grid = &options->grid;
    nmf_error err = {0};
    double error = 0.0, penalty = 0.0;
    double squares = pow(length_of(X->data, 1, X->rows * X->cols), 2.0);
    SUPPORT_OK(nmf_relative_error(&error, X, W, H, 1, &err), err);
    for (size_t t = 0; t < H->rows; t++) {
        penalty += pow(length_of(W->data + t, W->ld, W->rows), 2.0) *
                   reference_roughness(nmf_matrix_row(H, t), grid->width,
                                       grid->height, grid->channels);
    }
    return 0.5 * error * error * squares + 0.5 * options->smooth * penalty;
}

static void check_shape(const nmf_matrix *X, const shape *s, nmf_grid grid)
{
    nmf_options options = options_of(s, grid);
    descent d = {INFINITY, 0.0};
    options.callback = watch;
    options.callback_context = &d;
    nmf_model *model = fit(X, &options);
    SUPPORT_ASSERT(d.worst < 1e-5, "sparseness %g %g, smooth %g: rises by %g",
                   s->of_W, s->of_H, s->smooth, d.worst);
    assert_sparse(model, s);
    const double objective = nmf_model_summary(model)->objective;
    const double direct = objective_of(X, model, &options);
    SUPPORT_ASSERT(fabs(objective - direct) < 1e-4 * direct,
                   "sparseness %g %g, smooth %g: objective %.9g, summed up "
                   "%.9g",
                   s->of_W, s->of_H, s->smooth, objective, direct);
    nmf_model_free(model);
}

static void targets_are_met_and_the_objective_never_rises(void **state)
{
    nmf_matrix tall = support_random(50, 30, 1),
               wide = support_random(20, 48, 2);
    (void)state;
    for (size_t i = 0; i < N_SHAPES; i++) {
        check_shape(&tall, &shapes[i], (nmf_grid){5, 6, 1});
        check_shape(&wide, &shapes[i], (nmf_grid){4, 4, 3});
    }
    nmf_matrix_release(&tall);
    nmf_matrix_release(&wide);
}

/* Which factor carries the scale is said in nmf.h. */
static void vectors_that_are_held_have_length_1(void **state)
{
    nmf_matrix X = support_random(30, 24, 3);
    const nmf_grid grid = {6, 4, 1};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        nmf_options options = options_of(&shapes[i], grid);
        nmf_model *model = fit(&X, &options);
        const nmf_matrix *W = nmf_model_activations(model);
        const nmf_matrix *H = nmf_model_components(model);
        for (size_t t = 0; t < H->rows; t++) {
            const bool is_H = shapes[i].of_H > 0.0;
            SUPPORT_NEAR(is_H ? length_of(nmf_matrix_row(H, t), 1, H->cols)
                              : length_of(W->data + t, W->ld, W->rows),
                         1.0, 1e-6);
        }
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

/* ---- smoothness ---- */

/* The mean roughness of parts of length 1. */
static double roughness(const nmf_matrix *X, nmf_grid grid, double smooth,
                        double of_H)
{
    const shape s = {0.0, of_H, smooth};
    nmf_options options = options_of(&s, grid);
    double sum = 0.0;
    options.max_iter = 80;
    nmf_model *model = fit(X, &options);
    const nmf_matrix *H = nmf_model_components(model);
    for (size_t t = 0; t < H->rows; t++) {
        const float *h = nmf_matrix_row(H, t);
        sum += reference_roughness(h, grid.width, grid.height, grid.channels) /
               pow(length_of(h, 1, H->cols), 2.0);
    }
    sum /= (double)H->rows;
    nmf_model_free(model);
    return sum;
}

static void more_smoothing_makes_smoother_parts(void **state)
{
    const double steps[] = {0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0};
    (void)state;
    for (int i = 0; i < 3; i++) {
        const nmf_grid grid = i % 2 ? (nmf_grid){4, 5, 3} : (nmf_grid){9, 8, 1};
        const double of_H = i < 2 ? 0.0 : 0.4;
        nmf_matrix X =
            support_random(60, grid.width * grid.height * grid.channels, 5);
        double before = INFINITY;
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            const double now = roughness(&X, grid, steps[s], of_H);
            SUPPORT_ASSERT(now < before,
                           "%zu x %zu x %zu, sparseness %g: %g at smooth %g, "
                           "before %g",
                           grid.width, grid.height, grid.channels, of_H, now,
                           steps[s], before);
            before = now;
        }
        nmf_matrix_release(&X);
    }
}

/* X times 1000 has parts that are as smooth, and as many samples twice. */
static void smooth_does_not_depend_on_the_scale_of_the_data(void **state)
{
    const nmf_grid grid = {7, 5, 1};
    nmf_matrix X = support_random(40, 35, 6), twice = support_random(80, 35, 6);
    (void)state;
    const double plain = roughness(&X, grid, 1.0, 0.0);
    for (size_t i = 0; i < 40 * 35; i++) {
        twice.data[i] = twice.data[40 * 35 + i] = X.data[i];
        X.data[i] *= 1000.0F;
    }
    SUPPORT_NEAR(roughness(&X, grid, 1.0, 0.0), plain, 0.02 * plain);
    SUPPORT_NEAR(roughness(&twice, grid, 1.0, 0.0), plain, 0.15 * plain);
    nmf_matrix_release(&X);
    nmf_matrix_release(&twice);
}

/* ---- the sparseness is that of the data ---- */

/* Four parts of 8 pixels that do not overlap: from there nothing moves. */
static void a_start_at_the_solution_stays(void **state)
{
    const double root = sqrt(32.0);
    const shape s = {0.0, (root - sqrt(8.0)) / (root - 1.0), 0.0};
    nmf_matrix W0 = support_random(60, 4, 1), H0 = support_random(4, 32, 2);
    nmf_matrix X = support_random(60, 32, 3);
    nmf_options options = options_of(&s, (nmf_grid){0, 0, 0});
    (void)state;
    for (size_t j = 0; j < 32; j++) {
        for (size_t t = 0; t < 4; t++) {
            nmf_matrix_row(&H0, t)[j] = j / 8 == t ? 0.3F : 0.0F;
        }
        for (size_t i = 0; i < 60; i++) {
            nmf_matrix_row(&X, i)[j] = 0.3F * nmf_matrix_row(&W0, i)[j / 8];
        }
    }
    options.n_components = 4;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &W0;
    options.H0 = &H0;
    nmf_model *model = fit(&X, &options);
    assert_true(nmf_model_summary(model)->relative_error < 1e-6);
    assert_sparse(model, &s);
    nmf_model_free(model);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
    nmf_matrix_release(&X);
}

/* At the sparseness that plain NMF comes to by itself it costs little. */
static void a_sparseness_that_comes_by_itself_is_cheap(void **state)
{
    nmf_matrix X = support_random_rank(60, 40, 8, 4);
    (void)state;
    nmf_options options = options_of(&shapes[N_SHAPES - 1], (nmf_grid){0});
    options.max_iter = 300;
    nmf_model *plain = fit(&X, &options);
    options.sparseness_H = nmf_model_summary(plain)->sparseness_components;
    nmf_model *held = fit(&X, &options);
    options.sparseness_H = 0.9;
    nmf_model *far = fit(&X, &options);
    const double error = nmf_model_summary(plain)->relative_error;
    assert_true(nmf_model_summary(held)->relative_error < 1.5 * error + 0.01);
    assert_true(nmf_model_summary(far)->relative_error >
                nmf_model_summary(held)->relative_error);
    nmf_model_free(plain);
    nmf_model_free(held);
    nmf_model_free(far);
    nmf_matrix_release(&X);
}

/* ---- how it is asked for ---- */

static void the_default_solver_hands_over(void **state)
{
    nmf_matrix X = support_random(20, 12, 7);
    const char *names[] = {NULL, "hals", "shaped"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        nmf_options options = options_of(&shapes[0], (nmf_grid){0});
        options.solver = names[i];
        nmf_model *model = fit(&X, &options);
        assert_string_equal(nmf_model_summary(model)->solver, "shaped");
        nmf_model_free(model);
        options.sparseness_H = 0.0;
        model = fit(&X, &options);
        assert_string_equal(nmf_model_summary(model)->solver,
                            i < 2 ? "hals" : "shaped");
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

static void refuse(const nmf_matrix *X, const nmf_options *options,
                   const char *sentence)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    assert_int_equal(nmf_fit(&model, X, options, &err), NMF_ERR_ARGUMENT);
    assert_string_equal(err.message, sentence);
    assert_null(model);
}

static void what_cannot_be_is_refused_with_a_sentence(void **state)
{
    nmf_matrix X = support_random(8, 6, 1), column = support_random(8, 1, 1);
    nmf_matrix row = support_random(1, 8, 1);
    const shape none = {0.0, 0.0, 0.0};
    nmf_options options = options_of(&none, (nmf_grid){3, 2, 1});
    const nmf_options plain = options;
    char sentence[160];
    (void)state;
    options.sparseness_H = 1.0;
    refuse(&X, &options,
           "sparseness_H is 1, expected a number between 0 and 1");
    options.sparseness_H = -0.1;
    refuse(&X, &options,
           "sparseness_H is -0.1, expected a number between 0 and 1");
    options = plain;
    options.sparseness_W = (double)NAN;
    refuse(&X, &options,
           "sparseness_W is nan, expected a number between 0 and 1");
    options = plain;
    options.n_components = 1;
    options.sparseness_H = 0.5;
    refuse(&column, &options,
           "sparseness_H is 0.5, but a row of H has one entry, and sparseness "
           "wants at least 2");
    options = plain;
    options.n_components = 1;
    options.sparseness_W = 0.5;
    refuse(&row, &options,
           "sparseness_W is 0.5, but a column of W has one entry, and "
           "sparseness wants at least 2");
    options = plain;
    options.smooth = -1.0;
    refuse(&X, &options, "smooth is -1, expected a number >= 0");
    options.smooth = (double)INFINITY;
    refuse(&X, &options, "smooth is inf, expected a number >= 0");
    options.smooth = 1.0;
    options.grid.width = 4;
    refuse(&X, &options, "the grid is 4 x 2 x 1, but X has 6 features");
    options.grid = (nmf_grid){SIZE_MAX / 2, 4, 1};
    snprintf(sentence, sizeof sentence,
             "the grid is %zu x 4 x 1, but X has 6 features", SIZE_MAX / 2);
    refuse(&X, &options, sentence);
    options.grid = (nmf_grid){0};
    refuse(&X, &options,
           "smooth is 1, but which pixels are neighbours is not known: the "
           "options have no grid");
    options = plain;
    for (size_t s = 1; s < nmf_solver_count(); s++) {
        options.solver = nmf_solver_name(s);
        options.sparseness_W = s % 3 == 0 ? 0.5 : 0.0;
        options.sparseness_H = s % 3 == 1 ? 0.5 : 0.0;
        options.smooth = s % 3 == 2 ? 0.5 : 0.0;
        if (strcmp(options.solver, "shaped") != 0) {
            snprintf(sentence, sizeof sentence,
                     "solver '%s' holds factors to no sparseness or "
                     "smoothness; 'shaped' does",
                     options.solver);
            refuse(&X, &options, sentence);
        }
    }
    nmf_matrix_release(&X);
    nmf_matrix_release(&column);
    nmf_matrix_release(&row);
}

/* ---- ends, penalties, threads ---- */

/* tol is reached, and a start there is over at once. */
static void fits_converge(void **state)
{
    nmf_matrix X = support_random(40, 30, 9);
    (void)state;
    for (size_t i = 0; i < N_SHAPES; i++) {
        nmf_options options = options_of(&shapes[i], (nmf_grid){6, 5, 1});
        options.tol = 1e-3;
        options.max_iter = 20000;
        nmf_model *model = fit(&X, &options);
        SUPPORT_ASSERT(nmf_model_summary(model)->stop_reason == NMF_STOP_TOL,
                       "shape %zu: %zu iterations", i,
                       nmf_model_summary(model)->n_iter);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

/* l1 on W makes zeros in W though H is held. */
static void penalties_go_with_it(void **state)
{
    nmf_matrix X = support_random(40, 30, 10);
    (void)state;
    for (size_t i = 0; i < N_SHAPES; i++) {
        nmf_options options = options_of(&shapes[i], (nmf_grid){5, 6, 1});
        descent d = {INFINITY, 0.0};
        options.alpha_W = 0.01;
        options.l1_ratio = 0.5;
        options.callback = watch;
        options.callback_context = &d;
        nmf_model *model = fit(&X, &options);
        SUPPORT_ASSERT(d.worst < 1e-5, "shape %zu: rises by %g", i, d.worst);
        assert_sparse(model, &shapes[i]);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

/* Long enough for parts to be shared out. */
static void threads_change_no_byte(void **state)
{
    nmf_matrix X = support_random(8, 500 * 340, 12);
    const size_t bytes_H = 6 * X.cols * sizeof(float);
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        nmf_options options = options_of(&shapes[i], (nmf_grid){500, 340, 1});
        options.max_iter = 1;
        options.n_threads = 1;
        nmf_model *one = fit(&X, &options);
        options.n_threads = 3;
        nmf_model *three = fit(&X, &options);
        assert_memory_equal(nmf_model_activations(one)->data,
                            nmf_model_activations(three)->data,
                            8 * 6 * sizeof(float));
        assert_memory_equal(nmf_model_components(one)->data,
                            nmf_model_components(three)->data, bytes_H);
        nmf_model_free(one);
        nmf_model_free(three);
    }
    nmf_matrix_release(&X);
}

enum { ITERATIONS = 6 };

/* Any request after the first iteration is refused and uses the hook up. */
static bool refuse_memory(const nmf_progress *progress, void *context)
{
    bool *was_asked = context;
    if (progress->n_iter == 1) {
        nmf_alloc_fail_at(1);
    }
    if (progress->n_iter == ITERATIONS) {
        void *own = nmf_calloc(1, 1);
        *was_asked = own != NULL;
        nmf_free(own);
        nmf_alloc_fail_at(0);
    }
    return true;
}

static void iterations_ask_for_no_memory(void **state)
{
    nmf_matrix X = support_random(40, 30, 13);
    (void)state;
    for (size_t i = 0; i < N_SHAPES; i++) {
        nmf_options options = options_of(&shapes[i], (nmf_grid){5, 6, 1});
        bool was_asked = true;
        options.tol = 1e-9; /* gradients are measured, too */
        options.max_iter = ITERATIONS;
        options.callback = refuse_memory;
        options.callback_context = &was_asked;
        nmf_model *model = fit(&X, &options);
        assert_false(was_asked);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_met_and_the_objective_never_rises),
        cmocka_unit_test(vectors_that_are_held_have_length_1),
        cmocka_unit_test(more_smoothing_makes_smoother_parts),
        cmocka_unit_test(smooth_does_not_depend_on_the_scale_of_the_data),
        cmocka_unit_test(a_start_at_the_solution_stays),
        cmocka_unit_test(a_sparseness_that_comes_by_itself_is_cheap),
        cmocka_unit_test(the_default_solver_hands_over),
        cmocka_unit_test(what_cannot_be_is_refused_with_a_sentence),
        cmocka_unit_test(fits_converge),
        cmocka_unit_test(penalties_go_with_it),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(iterations_ask_for_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
