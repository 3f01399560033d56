/* What holds for learning by batches: the solver "minibatch". */
#include "support.h"

#include <math.h>
#include <string.h>

static const double betas[] = {-1.2, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5};
enum { N_BETAS = sizeof betas / sizeof betas[0] };

static nmf_matrix positive(size_t rows, size_t cols, uint64_t seed)
{
    nmf_matrix X = support_random(rows, cols, seed);
    for (size_t i = 0; i < rows * cols; i++) {
        X.data[i] += 0.05F;
    }
    return X;
}

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

static nmf_options options_of(const char *solver, size_t k, double beta)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.solver = solver;
    options.n_components = k;
    options.beta_loss = beta;
    options.tol = 0.0;
    return options;
}

static void assert_near(const nmf_matrix *a, const nmf_matrix *b,
                        double tolerance, const char *what, double beta)
{
    for (size_t i = 0; i < a->rows * a->cols; i++) {
        const double x = (double)a->data[i], y = (double)b->data[i];
        SUPPORT_ASSERT(fabs(x - y) <= tolerance * (1.0 + fabs(y)),
                       "beta %g, entry %zu of %s: %.9g and %.9g", beta, i, what,
                       x, y);
    }
}

/*
 * One batch of everything that forgets all at once is the plain update. Where
 * samples are the longer side, mu-plain updates W once more at the end.
 */
static void check_full_batch(size_t m, size_t n, double beta, double alpha)
{
    nmf_matrix X = positive(m, n, 11);
    nmf_options options = options_of("minibatch", 6, beta);
    options.max_iter = 10;
    options.batch_size = m;
    options.forget_factor = 0.0;
    options.alpha_W = alpha;
    options.l1_ratio = 0.5;
    nmf_model *batch = fit(&X, &options);
    options.solver = "mu-plain";
    options.batch_size = 0;
    options.forget_factor = NMF_FORGET_DEFAULT;
    nmf_model *plain = fit(&X, &options);
    assert_near(nmf_model_components(batch), nmf_model_components(plain), 2e-5,
                "H", beta);
    if (m > n) {
        nmf_model_free(plain);
        options.max_iter = 9;
        plain = fit(&X, &options);
    } else {
        const double expected = nmf_model_summary(plain)->objective;
        SUPPORT_NEAR(nmf_model_summary(batch)->objective / expected, 1.0, 1e-5);
    }
    assert_near(nmf_model_activations(batch), nmf_model_activations(plain),
                2e-5, "W", beta);
    nmf_model_free(batch);
    nmf_model_free(plain);
    nmf_matrix_release(&X);
}

static void a_full_batch_without_memory_is_mu_plain(void **state)
{
    (void)state;
    for (size_t b = 0; b < N_BETAS; b++) {
        for (int p = 0; p < 2; p++) {
            check_full_batch(40, 60, betas[b], p ? 0.02 : 0.0);
            check_full_batch(70, 30, betas[b], p ? 0.02 : 0.0);
        }
    }
}

/* Shuffled factors with noise, as many batches would bring them. */
static nmf_matrix planted(size_t rows, uint64_t seed)
{
    nmf_matrix X = support_random_rank(rows, 60, 8, seed);
    nmf_matrix noise = support_random(rows, 60, seed + 1);
    for (size_t i = 0; i < rows * 60; i++) {
        X.data[i] += 0.05F * noise.data[i];
    }
    nmf_matrix_release(&noise);
    return X;
}

static void batch_size_and_forget_factor_change_the_result(void **state)
{
    nmf_matrix X = planted(300, 5);
    nmf_model *models[4];
    nmf_options options = options_of("minibatch", 8, 2.0);
    (void)state;
    options.max_iter = 5;
    for (int i = 0; i < 4; i++) {
        options.batch_size = i == 1 ? 50 : i == 2 ? 300 : 0;
        options.forget_factor = i == 3 ? 0.1 : NMF_FORGET_DEFAULT;
        models[i] = fit(&X, &options);
    }
    const nmf_matrix *H = nmf_model_components(models[0]);
    const size_t bytes = H->rows * H->cols * sizeof(float);
    assert_memory_not_equal(H->data, nmf_model_components(models[1])->data,
                            bytes);
    /* 0 is all of them, as long as they are no more than 1024. */
    assert_memory_equal(H->data, nmf_model_components(models[2])->data, bytes);
    assert_memory_not_equal(H->data, nmf_model_components(models[3])->data,
                            bytes);
    for (int i = 0; i < 4; i++) {
        nmf_model_free(models[i]);
    }
    nmf_matrix_release(&X);
}

/* Smaller batches learn more in an iteration. */
static void small_batches_are_ahead_at_first(void **state)
{
    nmf_matrix X = planted(1200, 7);
    double errors[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        nmf_options options = options_of("minibatch", 8, 2.0);
        options.batch_size = i == 0 ? 60 : 1200;
        options.max_iter = 10;
        nmf_model *model = fit(&X, &options);
        errors[i] = nmf_model_summary(model)->relative_error;
        nmf_model_free(model);
    }
    SUPPORT_ASSERT(errors[0] < errors[1], "batches of 60: %g, of all: %g",
                   errors[0], errors[1]);
    nmf_matrix_release(&X);
}

static void the_error_told_is_that_of_all_samples(void **state)
{
    nmf_matrix X = positive(150, 40, 3);
    nmf_error err = {0};
    (void)state;
    for (size_t b = 0; b < N_BETAS; b++) {
        nmf_options options = options_of("minibatch", 5, betas[b]);
        double direct = 0.0;
        options.batch_size = 32; /* the last one has 22 */
        options.max_iter = 7;
        nmf_model *model = fit(&X, &options);
        SUPPORT_OK(nmf_relative_error(&direct, &X, nmf_model_activations(model),
                                      nmf_model_components(model), 1, &err),
                   err);
        SUPPORT_NEAR(nmf_model_summary(model)->relative_error, direct, 1e-5);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

static void weights_of_1_are_none(void **state)
{
    nmf_matrix X = positive(90, 30, 3), M = support_random(90, 30, 4);
    nmf_options options = options_of("minibatch", 5, 1.0);
    (void)state;
    options.batch_size = 25;
    options.max_iter = 6;
    nmf_model *without = fit(&X, &options);
    for (size_t i = 0; i < 90 * 30; i++) {
        M.data[i] = 1.0F;
    }
    options.weights = &M;
    nmf_model *with = fit(&X, &options);
    assert_near(nmf_model_components(with), nmf_model_components(without), 1e-4,
                "H", 1.0);
    nmf_matrix_row(&M, 20)[7] = 0.0F; /* and what is there does not count */
    nmf_model *fewer = fit(&X, &options);
    nmf_matrix_row(&X, 20)[7] = 1e6F;
    nmf_model *same = fit(&X, &options);
    const nmf_matrix *H = nmf_model_components(fewer);
    assert_memory_equal(H->data, nmf_model_components(same)->data,
                        H->rows * H->cols * sizeof(float));
    assert_memory_not_equal(H->data, nmf_model_components(with)->data,
                            H->rows * H->cols * sizeof(float));
    nmf_model_free(without);
    nmf_model_free(with);
    nmf_model_free(fewer);
    nmf_model_free(same);
    nmf_matrix_release(&X);
    nmf_matrix_release(&M);
}

/* The unit of the data is a power of 4 and nothing else. */
static void scaling_the_data_scales_the_answer(void **state)
{
    nmf_matrix X = positive(80, 30, 5), scaled = positive(80, 30, 5);
    nmf_options options = options_of("minibatch", 5, 2.0);
    (void)state;
    for (size_t i = 0; i < 80 * 30; i++) {
        scaled.data[i] *= 4096.0F;
    }
    options.batch_size = 30;
    options.max_iter = 8;
    nmf_model *a = fit(&X, &options), *b = fit(&scaled, &options);
    SUPPORT_NEAR(nmf_model_summary(a)->relative_error,
                 nmf_model_summary(b)->relative_error, 1e-6);
    nmf_model_free(a);
    nmf_model_free(b);
    nmf_matrix_release(&X);
    nmf_matrix_release(&scaled);
}

static void tol_ends_it(void **state)
{
    nmf_matrix X = planted(200, 9);
    nmf_options options = options_of("minibatch", 8, 2.0);
    (void)state;
    options.batch_size = 200;
    options.tol = 0.01;
    options.max_iter = 20000;
    nmf_model *model = fit(&X, &options);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_TOL);
    assert_true(nmf_model_summary(model)->n_iter > 10);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

static void expect(const nmf_options *options, const char *part)
{
    nmf_matrix X = positive(10, 8, 1);
    nmf_model *model = NULL;
    nmf_error err = {0};
    assert_int_equal(nmf_fit(&model, &X, options, &err), NMF_ERR_ARGUMENT);
    SUPPORT_ASSERT(strstr(err.message, part), "'%s' lacks '%s'", err.message,
                   part);
    assert_null(model);
    nmf_matrix_release(&X);
}

static void other_solvers_refuse_what_they_have_no_use_for(void **state)
{
    (void)state;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        if (strcmp(nmf_solver_name(s), "minibatch") != 0) {
            nmf_options options = options_of(nmf_solver_name(s), 2, 2.0);
            options.batch_size = 5;
            expect(&options, "batch_size goes with solver 'minibatch'; ");
            options.batch_size = 0;
            options.forget_factor = 0.7;
            expect(&options, "forget_factor goes with solver 'minibatch'; ");
        }
    }
    nmf_options options = options_of("minibatch", 2, 2.0);
    options.forget_factor = 1.1;
    expect(&options, "forget_factor is 1.1, expected a number from 0 to 1");
    options.forget_factor = (double)NAN;
    expect(&options, "forget_factor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_batch_without_memory_is_mu_plain),
        cmocka_unit_test(batch_size_and_forget_factor_change_the_result),
        cmocka_unit_test(small_batches_are_ahead_at_first),
        cmocka_unit_test(the_error_told_is_that_of_all_samples),
        cmocka_unit_test(weights_of_1_are_none),
        cmocka_unit_test(scaling_the_data_scales_the_answer),
        cmocka_unit_test(tol_ends_it),
        cmocka_unit_test(other_solvers_refuse_what_they_have_no_use_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
