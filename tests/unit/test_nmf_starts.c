/* Several starts: the best is kept, and what is told of them is true. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

enum { N_STARTS = 7, SEED = 43 };

static nmf_options options_of(size_t n_init, uint64_t seed)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = 6;
    options.max_iter = 25;
    options.seed = seed;
    options.n_init = n_init;
    return options;
}

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

static void assert_same(const nmf_model *a, const nmf_model *b)
{
    const nmf_matrix *W = nmf_model_activations(a);
    const nmf_matrix *H = nmf_model_components(a);
    assert_memory_equal(W->data, nmf_model_activations(b)->data,
                        W->rows * W->cols * sizeof(float));
    assert_memory_equal(H->data, nmf_model_components(b)->data,
                        H->rows * H->cols * sizeof(float));
}

static void held_out_entries_decide_where_there_are_any(void **state)
{
    enum { STARTS = 8 };
    nmf_matrix X = support_random(40, 30, 1);
    size_t by_error = 0, by_validation = 0;
    nmf_model *singles[STARTS];
    nmf_options options = options_of(1, SEED);
    (void)state;
    options.validation_fraction = 0.2;
    for (size_t i = 0; i < STARTS; i++) {
        options.seed = SEED + i;
        singles[i] = fit(&X, &options);
        const nmf_summary *s = nmf_model_summary(singles[i]);
        if (s->objective < nmf_model_summary(singles[by_error])->objective) {
            by_error = i;
        }
        if (s->validation_error <
            nmf_model_summary(singles[by_validation])->validation_error) {
            by_validation = i;
        }
    }
    assert_true(by_error != by_validation); /* else nothing is shown */
    options.seed = SEED;
    options.n_init = STARTS;
    nmf_model *model = fit(&X, &options);
    assert_same(model, singles[by_validation]);
    nmf_model_free(model);
    for (size_t i = 0; i < STARTS; i++) {
        nmf_model_free(singles[i]);
    }
    nmf_matrix_release(&X);
}

static void the_best_of_them_is_kept(void **state)
{
    nmf_matrix X = support_random(40, 30, 1);
    nmf_model *singles[N_STARTS];
    double least = INFINITY, largest = 0.0;
    size_t best = 0, n_below = 0, n_above = 0;
    (void)state;
    for (size_t i = 0; i < N_STARTS; i++) {
        nmf_options options = options_of(i % 2, SEED + i); /* 0 and 1: one */
        singles[i] = fit(&X, &options);
        const nmf_summary *s = nmf_model_summary(singles[i]);
        assert_int_equal(s->n_starts, 1);
        assert_true(s->least_error == s->relative_error);
        assert_true(s->largest_error == s->relative_error);
        best = s->relative_error < least ? i : best;
        least = fmin(least, s->relative_error);
        largest = fmax(largest, s->relative_error);
    }
    assert_true(best > 0 && least < largest); /* else nothing is shown */
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        nmf_options options = options_of(N_STARTS, SEED);
        options.n_threads = threads;
        nmf_model *model = fit(&X, &options);
        const nmf_summary *s = nmf_model_summary(model);
        assert_same(model, singles[best]);
        assert_int_equal(s->seed, SEED + best);
        assert_int_equal(s->n_starts, N_STARTS);
        assert_true(s->least_error == least && s->largest_error == largest);
        assert_true(s->relative_error == least);
        n_below = n_above = 0;
        for (size_t i = 0; i < N_STARTS; i++) {
            const double e = nmf_model_summary(singles[i])->relative_error;
            n_below += e < s->median_error;
            n_above += e > s->median_error;
        }
        assert_int_equal(n_below, N_STARTS / 2);
        assert_int_equal(n_above, N_STARTS / 2);
        nmf_model_free(model);
    }
    for (size_t i = 0; i < N_STARTS; i++) {
        nmf_model_free(singles[i]);
    }
    nmf_matrix_release(&X);
}

typedef struct calls {
    size_t stop_at_start; /* 0: never */
    size_t n_calls;
    size_t start;
    size_t n_iter;
    double wall_seconds;
    double flops;
    size_t n_went_back; /* in what never falls */
    bool snapshots_fit;
} calls;

static bool watch(const nmf_progress *progress, void *context)
{
    calls *c = context;
    nmf_matrix H = {0};
    nmf_error err = {0};
    const bool is_next =
        progress->start == c->start
            ? progress->n_iter == c->n_iter + 1
            : progress->start == c->start + 1 && progress->n_iter == 1;
    SUPPORT_OK(
        nmf_matrix_init(&H, progress->n_components, progress->n_features, &err),
        err);
    SUPPORT_OK(nmf_progress_snapshot(progress, NULL, &H, &err), err);
    nmf_matrix_release(&H);
    c->n_calls++;
    c->n_went_back += !is_next || progress->wall_seconds < c->wall_seconds ||
                      progress->flops <= c->flops;
    c->start = progress->start;
    c->n_iter = progress->n_iter;
    c->wall_seconds = progress->wall_seconds;
    c->flops = progress->flops;
    assert_int_equal(progress->n_starts, N_STARTS);
    return c->stop_at_start == 0 || progress->start < c->stop_at_start;
}

static void the_callback_sees_all_of_them_and_ends_all_of_them(void **state)
{
    nmf_matrix X = support_random(40, 30, 1);
    nmf_options options = options_of(N_STARTS, SEED);
    calls c = {0};
    (void)state;
    options.tol = 0.0;
    options.callback = watch;
    options.callback_context = &c;
    nmf_model *model = fit(&X, &options);
    assert_int_equal(c.n_calls, N_STARTS * options.max_iter);
    assert_int_equal(c.n_went_back, 0);
    assert_true(nmf_model_summary(model)->wall_seconds == c.wall_seconds);
    nmf_model_free(model);

    c = (calls){.stop_at_start = 2};
    model = fit(&X, &options); /* the third has one iteration */
    assert_int_equal(c.n_calls, 2 * options.max_iter + 1);
    assert_int_equal(nmf_model_summary(model)->n_starts, 3);
    assert_int_equal(nmf_model_summary(model)->n_iter, options.max_iter);
    assert_true(nmf_model_summary(model)->seed < SEED + 2);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

static void the_time_is_for_all_of_them(void **state)
{
    nmf_matrix X = support_random(200, 150, 1);
    nmf_options options = options_of(1000000, SEED);
    (void)state;
    options.tol = 0.0;
    options.max_iter = 5;
    options.max_seconds = 1e-9;
    nmf_model *model = fit(&X, &options);
    assert_int_equal(nmf_model_summary(model)->n_starts, 1);
    assert_int_equal(nmf_model_summary(model)->n_iter, 1);
    nmf_model_free(model);
    options.max_seconds = 0.05;
    model = fit(&X, &options);
    assert_true(nmf_model_summary(model)->n_starts > 1);
    assert_true(nmf_model_summary(model)->n_starts < options.n_init);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

static void the_smallest_objective_counts_whatever_the_loss(void **state)
{
    nmf_matrix X = support_random(40, 30, 1);
    nmf_options options = options_of(N_STARTS, SEED);
    double least = INFINITY;
    (void)state;
    options.solver = "mu";
    options.beta_loss = 1.0;
    nmf_model *model = fit(&X, &options);
    options.n_init = 1;
    for (size_t i = 0; i < N_STARTS; i++) {
        nmf_model *single = fit(&X, &options);
        least = fmin(least, nmf_model_summary(single)->objective);
        options.seed++;
        nmf_model_free(single);
    }
    assert_true(nmf_model_summary(model)->objective == least);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

static void starts_that_are_all_the_same_are_refused(void **state)
{
    const nmf_init same[] = {NMF_INIT_CUSTOM, NMF_INIT_NNDSVD,
                             NMF_INIT_NNDSVDA};
    nmf_matrix X = support_random(12, 10, 1), W0 = support_random(12, 6, 2);
    nmf_matrix H0 = support_random(6, 10, 3);
    nmf_options options = options_of(5, SEED);
    nmf_model *model = NULL;
    nmf_error err = {0};
    (void)state;
    options.W0 = &W0;
    options.H0 = &H0;
    for (size_t i = 0; i < 3; i++) {
        options.init = same[i];
        assert_int_equal(nmf_fit(&model, &X, &options, &err), NMF_ERR_ARGUMENT);
        assert_null(model);
        SUPPORT_ASSERT(strstr(err.message, "n_init is 5, but all starts of"),
                       "'%s'", err.message);
    }
    options.init = NMF_INIT_NNDSVDAR;
    model = fit(&X, &options);
    assert_int_equal(nmf_model_summary(model)->n_starts, 5);
    nmf_model_free(model);
    options.n_init = SIZE_MAX;
    assert_int_equal(nmf_fit(&model, &X, &options, &err), NMF_ERR_MEMORY);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
}

static void running_out_of_memory_leaves_nothing(void **state)
{
    nmf_matrix X = support_random(12, 10, 1);
    nmf_options options = options_of(3, SEED);
    nmf_status status = NMF_ERR_MEMORY;
    size_t n = 0;
    (void)state;
    options.max_iter = 2;
    while (status != NMF_OK) {
        nmf_model *model = (nmf_model *)1;
        nmf_error err = {0};
        nmf_alloc_fail_at(++n);
        status = nmf_fit(&model, &X, &options, &err);
        nmf_alloc_fail_at(0);
        if (status != NMF_OK) {
            assert_int_equal(status, NMF_ERR_MEMORY);
            assert_null(model);
        } else {
            nmf_model_free(model);
        }
    }
    assert_true(n > 3 * 4);
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_them_is_kept),
        cmocka_unit_test(held_out_entries_decide_where_there_are_any),
        cmocka_unit_test(the_callback_sees_all_of_them_and_ends_all_of_them),
        cmocka_unit_test(the_time_is_for_all_of_them),
        cmocka_unit_test(the_smallest_objective_counts_whatever_the_loss),
        cmocka_unit_test(starts_that_are_all_the_same_are_refused),
        cmocka_unit_test(running_out_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
