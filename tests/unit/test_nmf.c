/* Fit, model, transform, inverse: what the header says, and bad arguments. */
#include "support.h"

#include "core/alloc.h"
#include "core/solver.h"

#include <math.h>
#include <string.h>

static nmf_options options_of(size_t k)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    return options;
}

/* Expect a status and a part of its message. */
static void expect_fit(const nmf_matrix *X, const nmf_options *options,
                       nmf_status expected, const char *part)
{
    nmf_model *model = (nmf_model *)1;
    nmf_error err = {0};
    nmf_status status = nmf_fit(&model, X, options, &err);
    SUPPORT_ASSERT(status == expected, "%s: %s, expected %s",
                   nmf_status_name(status), err.message,
                   nmf_status_name(expected));
    assert_null(model);
    SUPPORT_ASSERT(strstr(err.message, part), "'%s' lacks '%s'", err.message,
                   part);
}

static void bad_arguments_are_named(void **state)
{
    nmf_matrix X = support_random(8, 6, 1);
    nmf_matrix none = {0};
    nmf_options options = options_of(7);
    (void)state;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT,
               "8 x 6 (samples x features), which allows at most 6");
    expect_fit(&none, NULL, NMF_ERR_ARGUMENT, "empty");
    options = options_of(2);
    options.solver = "magic";
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "unknown solver 'magic'");
    options = options_of(2);
    options.tol = -1.0;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "tol is -1");
    options.tol = (double)NAN;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "tol");
    options = options_of(2);
    options.min_decrease = -1.0;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "min_decrease is -1");
    options = options_of(2);
    options.max_iter = 0;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "max_iter is 0");
    options = options_of(2);
    options.init = NMF_INIT_CUSTOM;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "a custom start needs W0, which is missing");
    options.W0 = &X;
    expect_fit(&X, &options, NMF_ERR_ARGUMENT, "W0 is 8 x 6, expected 8 x 2");
    nmf_matrix_release(&X);
}

static void bad_numbers_are_named_with_their_place(void **state)
{
    nmf_matrix X = support_random(5, 4, 2);
    (void)state;
    nmf_matrix_row(&X, 3)[2] = -0.25F;
    nmf_matrix_row(&X, 4)[0] = NAN;
    expect_fit(&X, NULL, NMF_ERR_DATA,
               "negative entry -0.25 at row 3, column 2");
    nmf_matrix_row(&X, 3)[1] = NAN;
    expect_fit(&X, NULL, NMF_ERR_DATA, "not a number) at row 3, column 1");
    nmf_matrix_row(&X, 0)[3] = INFINITY;
    expect_fit(&X, NULL, NMF_ERR_DATA, "infinite entry at row 0, column 3");
    memset(X.data, 0, 20 * sizeof(float));
    expect_fit(&X, NULL, NMF_ERR_DATA, "all 5 x 4 entries are 0");
    nmf_matrix_release(&X);
}

static void the_default_number_of_components_fits_the_data(void **state)
{
    (void)state;
    assert_int_equal(nmf_default_n_components(2429, 361), 49);
    assert_int_equal(nmf_default_n_components(10, 361), 5);
    assert_int_equal(nmf_default_n_components(1000, 9), 9);
    assert_int_equal(nmf_default_n_components(1, 1), 1);
}

typedef struct calls {
    size_t n;
    size_t stop_at;
    double last_error;
    bool snapshots_fit;
} calls;

static bool count_call(const nmf_progress *progress, void *context)
{
    calls *c = context;
    nmf_matrix W = {0}, H = {0}, wrong = {0};
    nmf_error err = {0};
    c->n++;
    c->last_error = progress->relative_error;
    SUPPORT_OK(
        nmf_matrix_init(&W, progress->n_samples, progress->n_components, &err),
        err);
    SUPPORT_OK(
        nmf_matrix_init(&H, progress->n_components, progress->n_features, &err),
        err);
    SUPPORT_OK(nmf_progress_snapshot(progress, &W, &H, &err), err);
    assert_int_equal(nmf_progress_snapshot(progress, &wrong, NULL, &err),
                     NMF_ERR_ARGUMENT);
    c->snapshots_fit = W.data[0] >= 0.0F && H.data[0] >= 0.0F;
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return progress->n_iter < c->stop_at;
}

static void the_callback_sees_every_iteration_and_can_stop(void **state)
{
    nmf_matrix X = support_random(30, 20, 3);
    nmf_options options = options_of(4);
    nmf_model *model = NULL;
    nmf_error err = {0};
    calls c = {.stop_at = 7};
    (void)state;
    options.callback = count_call;
    options.callback_context = &c;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(c.n, 7);
    assert_true(c.snapshots_fit);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_CANCELLED);
    assert_int_equal(nmf_model_summary(model)->n_iter, 7);
    assert_true(nmf_model_summary(model)->relative_error == c.last_error);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

/* The operations of each iteration, as the callback sees them, and the bytes of
 * all. */
typedef struct flop_counts {
    double of_iteration[12];
    double before;
    double bytes;
    size_t n;
} flop_counts;

static bool note_flops(const nmf_progress *progress, void *context)
{
    flop_counts *counts = context;
    counts->of_iteration[counts->n++] = progress->flops - counts->before;
    counts->before = progress->flops;
    counts->bytes = progress->bytes;
    return counts->n < sizeof counts->of_iteration / sizeof(double);
}

static flop_counts flops_of(const char *solver, const nmf_matrix *X, size_t k,
                            unsigned n_threads)
{
    flop_counts counts = {.n = 0};
    nmf_options options = options_of(k);
    nmf_model *model = NULL;
    nmf_error err = {0};
    options.solver = solver;
    options.n_threads = n_threads;
    options.callback = note_flops;
    options.callback_context = &counts;
    SUPPORT_OK(nmf_fit(&model, X, &options, &err), err);
    nmf_model_free(model);
    assert_int_equal(counts.n, 12);
    return counts;
}

/* 300 x 50, k = 7: products and grams by their formulas, sweeps as many as were
 * made, up to 6 of the long factor and 10 of the short one. */
static void operations_are_those_of_the_formulas(void **state)
{
    const double m = 300.0, n = 50.0, k = 7.0;
    const double products = 4.0 * m * n * k, sweep = 2.0 * k * k;
    nmf_matrix X = support_random(300, 50, 4);
    flop_counts cd = flops_of("cd", &X, 7, 1);
    flop_counts hals = flops_of("hals", &X, 7, 1);
    flop_counts threaded = flops_of("hals", &X, 7, 3);
    const double base = products + k * (k + 1.0) * (m + 2.0 * n);
    bool some_stop_early = false;
    (void)state;
    for (size_t i = 0; i < cd.n; i++) {
        double extra = (hals.of_iteration[i] - base) / sweep;
        SUPPORT_NEAR(cd.of_iteration[i],
                     products + (k * (k + 1.0) + sweep) * (m + n), 0.5);
        SUPPORT_ASSERT(extra >= m + n && extra <= 6.0 * m + 10.0 * n,
                       "iteration %zu: %g sweeps of a column", i, extra);
        some_stop_early |= extra < 6.0 * m + 10.0 * n;
        SUPPORT_NEAR(hals.of_iteration[i], threaded.of_iteration[i], 0.5);
    }
    assert_true(some_stop_early);
    /* X once, the long factor three times, panels filled up to 32; X twice. */
    SUPPORT_ASSERT(hals.bytes >= 12 * 4.0 * (m * n + 3.0 * m * k) &&
                       hals.bytes <= 12 * 4.0 * 320.0 * (n + 3.0 * k),
                   "%g bytes", hals.bytes);
    SUPPORT_ASSERT(cd.bytes > 12 * 8.0 * m * n, "%g bytes", cd.bytes);
    nmf_matrix_release(&X);
}

static void the_reason_to_stop_is_the_true_one(void **state)
{
    nmf_matrix X = support_random(40, 30, 4);
    nmf_options options = options_of(3);
    nmf_model *model = NULL;
    nmf_error err = {0};
    (void)state;
    options.tol = 0.0;
    options.max_iter = 5;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_MAX_ITER);
    assert_int_equal(nmf_model_summary(model)->n_iter, 5);
    nmf_model_free(model);
    options.tol = 1e-2;
    options.max_iter = 10000;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_TOL);
    nmf_model_free(model);
    options.tol = 0.0;
    options.min_decrease = 1e-3;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_DECREASE);
    assert_true(nmf_model_summary(model)->n_iter >= 20);
    double loose = nmf_model_summary(model)->relative_error;
    nmf_model_free(model);
    options.min_decrease = 1e-6;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_true(nmf_model_summary(model)->relative_error < loose);
    nmf_model_free(model);
    options.min_decrease = 0.0;
    options.max_iter = 1000000000;
    options.max_seconds = 0.02;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->stop_reason,
                     NMF_STOP_MAX_SECONDS);
    assert_true(nmf_model_summary(model)->wall_seconds >= 0.02);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

static void the_start_has_scikit_learns_scale(void **state)
{
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    double sum = 0.0, squares = 0.0;
    const double mean = 0.36, k = 4.0, n = 4.0 * 20000.0;
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&W, 10, 4, &err), err);
    SUPPORT_OK(nmf_matrix_init(&H, 4, 20000, &err), err);
    nmf_init_random(&W, &H, mean, 5);
    for (size_t i = 0; i < 80000; i++) {
        assert_true(H.data[i] >= 0.0F);
        sum += (double)H.data[i];
        squares += (double)H.data[i] * (double)H.data[i];
    }
    /* |normal| has mean sqrt(2 / pi) and mean square 1; 80,000 samples. */
    SUPPORT_NEAR(sum / n / sqrt(mean / k), 0.79788, 0.01);
    SUPPORT_NEAR(squares / n / (mean / k), 1.0, 0.02);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
}

static void a_custom_start_is_where_the_fit_begins(void **state)
{
    nmf_matrix W = support_random(12, 3, 6), H = support_random(3, 10, 7);
    nmf_matrix X = {0};
    nmf_model *truth = NULL, *model = NULL;
    nmf_options options = options_of(3);
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_model_create(&truth, &H, NULL, NULL, &err), err);
    SUPPORT_OK(nmf_inverse_transform(&X, truth, &W, 1, &err), err);
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &W;
    options.H0 = &H;
    options.max_iter = 1;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_true(nmf_model_summary(model)->relative_error < 1e-5);
    for (size_t i = 0; i < 30; i++) {
        SUPPORT_NEAR((double)nmf_model_components(model)->data[i],
                     (double)H.data[i], 1e-4);
    }
    nmf_model_free(truth);
    nmf_model_free(model);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    nmf_matrix_release(&X);
}

static void transform_finds_the_activations_of_a_known_mixture(void **state)
{
    nmf_matrix W = support_random(9, 5, 8), H = support_random(5, 40, 9);
    nmf_matrix X = {0}, found = {0}, one = {0};
    nmf_model *model = NULL;
    nmf_error err = {0};
    (void)state;
    nmf_matrix_row(&W, 2)[3] = 0.0F;
    SUPPORT_OK(nmf_model_create(&model, &H, NULL, NULL, &err), err);
    SUPPORT_OK(nmf_inverse_transform(&X, model, &W, 1, &err), err);
    SUPPORT_OK(nmf_transform(&found, model, &X, 3, &err), err);
    for (size_t i = 0; i < 45; i++) {
        SUPPORT_ASSERT(fabsf(found.data[i] - W.data[i]) < 1e-4F,
                       "entry %zu: %g, expected %g", i, (double)found.data[i],
                       (double)W.data[i]);
    }
    /* A row alone gives the same bytes as among others. */
    nmf_matrix row = nmf_matrix_view(nmf_matrix_row(&X, 4), 1, 40, 40);
    SUPPORT_OK(nmf_transform(&one, model, &row, 1, &err), err);
    assert_memory_equal(one.data, nmf_matrix_row(&found, 4), 5 * sizeof(float));
    nmf_matrix_release(&one);
    /* A black row has no activations. */
    memset(row.data, 0, 40 * sizeof(float));
    SUPPORT_OK(nmf_transform(&one, model, &row, 1, &err), err);
    for (size_t t = 0; t < 5; t++) {
        assert_true(one.data[t] == 0.0F);
    }
    nmf_matrix_release(&one);
    nmf_matrix_release(&found);
    assert_int_equal(nmf_transform(&found, model, &W, 1, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "5 features a sample, the model 40"));
    assert_int_equal(nmf_inverse_transform(&found, model, &X, 1, &err),
                     NMF_ERR_ARGUMENT);
    nmf_model_free(model);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    nmf_matrix_release(&X);
}

static void model_create_refuses_what_is_no_model(void **state)
{
    nmf_matrix H = support_random(3, 5, 1), W = support_random(4, 2, 2);
    nmf_matrix empty = {0};
    nmf_model *model = NULL;
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_model_create(&model, &empty, NULL, NULL, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_model_create(&model, &H, &W, NULL, &err),
                     NMF_ERR_ARGUMENT);
    H.data[4] = -1.0F;
    assert_int_equal(nmf_model_create(&model, &H, NULL, NULL, &err),
                     NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "components: negative entry -1"));
    assert_null(model);
    nmf_model_free(NULL);
    nmf_matrix_release(&H);
    nmf_matrix_release(&W);
}

/* A whole fit and transform, the n-th allocation failing, until none does. */
static void check_memory(const char *solver)
{
    nmf_matrix X = support_random(20, 12, 11);
    nmf_options options = options_of(3);
    size_t n = 1;
    options.solver = solver;
    options.max_iter = 2;
    for (;; n++) {
        nmf_model *model = NULL;
        nmf_matrix W = {0}, back = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        nmf_status status = nmf_fit(&model, &X, &options, &err);
        if (status == NMF_OK) {
            status = nmf_transform(&W, model, &X, 1, &err);
        }
        if (status == NMF_OK) {
            status = nmf_inverse_transform(&back, model, &W, 1, &err);
        }
        nmf_alloc_fail_at(0);
        nmf_model_free(model);
        nmf_matrix_release(&W);
        nmf_matrix_release(&back);
        if (status == NMF_OK) {
            break;
        }
        SUPPORT_ASSERT(status == NMF_ERR_MEMORY, "allocation %zu: %s", n,
                       err.message);
    }
    SUPPORT_ASSERT(n > 10, "%s: %zu allocations", solver, n);
    nmf_matrix_release(&X);
}

static void running_out_of_memory_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < nmf_solver_count(); i++) {
        check_memory(nmf_solver_name(i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_arguments_are_named),
        cmocka_unit_test(bad_numbers_are_named_with_their_place),
        cmocka_unit_test(the_default_number_of_components_fits_the_data),
        cmocka_unit_test(the_callback_sees_every_iteration_and_can_stop),
        cmocka_unit_test(operations_are_those_of_the_formulas),
        cmocka_unit_test(the_reason_to_stop_is_the_true_one),
        cmocka_unit_test(the_start_has_scikit_learns_scale),
        cmocka_unit_test(a_custom_start_is_where_the_fit_begins),
        cmocka_unit_test(transform_finds_the_activations_of_a_known_mixture),
        cmocka_unit_test(model_create_refuses_what_is_no_model),
        cmocka_unit_test(running_out_of_memory_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
