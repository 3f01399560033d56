/* Where a fit begins, and a callback that lets it go on past its end. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static nmf_options options_of(size_t k)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    options.tol = 0.0;
    options.max_iter = 3;
    return options;
}

static void expect_same(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

static void a_fit_from_the_start_is_the_fit(void **state)
{
    static const nmf_init inits[] = {NMF_INIT_RANDOM, NMF_INIT_NNDSVD,
                                     NMF_INIT_NNDSVDA, NMF_INIT_NNDSVDAR};
    nmf_matrix X = support_random_rank(40, 30, 6, 5);
    (void)state;
    for (size_t i = 0; i < sizeof inits / sizeof *inits; i++) {
        nmf_error err = {0};
        nmf_matrix W = {0}, H = {0};
        nmf_model *whole = NULL, *resumed = NULL;
        nmf_options options = options_of(4);
        options.init = inits[i];
        options.seed = 7;
        SUPPORT_OK(nmf_start(&W, &H, &X, &options, &err), err);
        SUPPORT_OK(nmf_fit(&whole, &X, &options, &err), err);
        options.init = NMF_INIT_CUSTOM;
        options.W0 = &W;
        options.H0 = &H;
        SUPPORT_OK(nmf_fit(&resumed, &X, &options, &err), err);
        expect_same(nmf_model_components(whole), nmf_model_components(resumed));
        expect_same(nmf_model_activations(whole),
                    nmf_model_activations(resumed));
        nmf_model_free(whole);
        nmf_model_free(resumed);
        nmf_matrix_release(&W);
        nmf_matrix_release(&H);
    }
    nmf_matrix_release(&X);
}

static void a_custom_start_is_a_copy_of_it(void **state)
{
    nmf_matrix X = support_random(9, 12, 1);
    nmf_matrix wide = support_random(9, 5, 2), H0 = support_random(3, 12, 3);
    nmf_matrix W0 = nmf_matrix_view(wide.data, 9, 3, wide.ld);
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    nmf_options options = options_of(3);
    (void)state;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &W0;
    options.H0 = &H0;
    SUPPORT_OK(nmf_start(&W, &H, &X, &options, &err), err);
    expect_same(&W, &W0);
    expect_same(&H, &H0);
    assert_int_equal(W.ld, 3);
    assert_true(W.data != W0.data && H.data != H0.data);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    nmf_matrix_release(&H0);
    nmf_matrix_release(&wide);
    nmf_matrix_release(&X);
}

/* Exactly the zeros are lifted, all to the same small number, and for these
 * solvers alone. */
static void zeros_are_lifted_where_updates_multiply(void **state)
{
    nmf_matrix X = support_random_rank(20, 15, 5, 7);
    double mean = 0.0;
    (void)state;
    for (size_t i = 0; i < 20 * 15; i++) {
        mean += (double)X.data[i] / (20 * 15);
    }
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        const char *solver = nmf_solver_name(s);
        const bool lifts =
            strncmp(solver, "mu", 2) == 0 || strcmp(solver, "minibatch") == 0;
        nmf_matrix W[2] = {{0}}, H[2] = {{0}};
        nmf_error err = {0};
        nmf_options options = options_of(5);
        options.init = NMF_INIT_NNDSVD;
        SUPPORT_OK(nmf_start(&W[0], &H[0], &X, &options, &err), err);
        options.solver = solver;
        SUPPORT_OK(nmf_start(&W[1], &H[1], &X, &options, &err), err);
        size_t n_zeros = 0;
        for (size_t i = 0; i < 5 * 15; i++) {
            const double zero = lifts ? 0.01 * sqrt(mean) : 0.0;
            const float h = H[0].data[i];
            n_zeros += h == 0.0F;
            SUPPORT_NEAR((double)H[1].data[i], h == 0.0F ? zero : (double)h,
                         1e-8);
        }
        assert_true(n_zeros > 10);
        for (int i = 0; i < 2; i++) {
            nmf_matrix_release(&W[i]);
            nmf_matrix_release(&H[i]);
        }
    }
    nmf_matrix_release(&X);
}

static void what_a_fit_refuses_has_no_start(void **state)
{
    nmf_matrix X = support_random(8, 6, 1);
    nmf_matrix W = X, H = X;
    nmf_error err = {0};
    nmf_options options = options_of(7);
    (void)state;
    assert_int_equal(nmf_start(&W, &H, &X, &options, &err), NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "7 components are too many"));
    assert_null(W.data);
    assert_null(H.data);
    memset(X.data, 0, 48 * sizeof(float));
    assert_int_equal(nmf_start(&W, &H, &X, NULL, &err), NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "all 8 x 6 entries are 0"));
    nmf_matrix_release(&X);
}

static void a_start_without_memory_leaves_nothing(void **state)
{
    nmf_matrix X = support_random(8, 6, 1);
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    for (long n = 1; status != NMF_OK; n++) {
        nmf_matrix W = X, H = X;
        nmf_error err = {0};
        nmf_alloc_fail_at((size_t)n);
        status = nmf_start(&W, &H, &X, NULL, &err);
        nmf_alloc_fail_at(0);
        assert_int_equal(status, n <= 2 ? NMF_ERR_MEMORY : NMF_OK);
        assert_true((W.data != NULL) == (status == NMF_OK));
        nmf_matrix_release(&W);
        nmf_matrix_release(&H);
    }
    nmf_matrix_release(&X);
}

/* What a callback saw, and from which iteration on it wants to go on. */
struct course {
    size_t ends; /* iterations with a reason to stop */
    nmf_stop_reason first;
    size_t go_on_at;
    size_t last;
    bool by_false; /* go_on() and false at once */
};

static bool follow(const nmf_progress *progress, void *context)
{
    struct course *course = context;
    if (progress->stop_reason != NMF_STOP_NONE && course->ends++ == 0) {
        course->first = progress->stop_reason;
    }
    if (progress->n_iter == course->go_on_at) {
        nmf_progress_go_on(progress);
        return !course->by_false;
    }
    return progress->n_iter != course->last;
}

static void a_fit_goes_on_past_its_end_as_though_there_were_none(void **state)
{
    nmf_matrix X = support_random(30, 20, 4);
    nmf_error err = {0};
    nmf_model *plain = NULL, *led = NULL;
    nmf_options options = options_of(4);
    (void)state;
    options.max_iter = 25;
    SUPPORT_OK(nmf_fit(&plain, &X, &options, &err), err);
    struct course course = {.go_on_at = 7, .last = 25};
    options.max_iter = 7;
    options.callback = follow;
    options.callback_context = &course;
    SUPPORT_OK(nmf_fit(&led, &X, &options, &err), err);
    assert_int_equal(course.ends, 1);
    assert_int_equal(course.first, NMF_STOP_MAX_ITER);
    assert_int_equal(nmf_model_summary(led)->n_iter, 25);
    assert_int_equal(nmf_model_summary(led)->stop_reason, NMF_STOP_CANCELLED);
    expect_same(nmf_model_components(plain), nmf_model_components(led));
    expect_same(nmf_model_activations(plain), nmf_model_activations(led));
    nmf_model_free(plain);
    nmf_model_free(led);
    nmf_matrix_release(&X);
}

static void every_end_is_told_and_lifted(void **state)
{
    static const nmf_stop_reason reasons[] = {NMF_STOP_TOL, NMF_STOP_MAX_ITER,
                                              NMF_STOP_MAX_SECONDS,
                                              NMF_STOP_DECREASE};
    nmf_matrix X = support_random(30, 20, 4);
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        nmf_error err = {0};
        nmf_options options = options_of(4);
        options.tol = reasons[i] == NMF_STOP_TOL ? 0.5 : 0.0;
        options.max_iter = reasons[i] == NMF_STOP_MAX_ITER ? 5 : 100000;
        options.max_seconds = reasons[i] == NMF_STOP_MAX_SECONDS ? 1e-9 : 0.0;
        options.min_decrease = reasons[i] == NMF_STOP_DECREASE ? 0.9 : 0.0;
        for (size_t lifted = 0; lifted < 2; lifted++) {
            nmf_model *model = NULL;
            struct course course = {.last = 300};
            options.callback = follow;
            options.callback_context = &course;
            course.go_on_at = lifted ? 1 : 0;
            SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
            const nmf_summary *summary = nmf_model_summary(model);
            if (lifted) {
                assert_int_equal(summary->n_iter, 300);
                assert_int_equal(summary->stop_reason, NMF_STOP_CANCELLED);
            } else {
                assert_int_equal(course.first, reasons[i]);
                assert_int_equal(summary->stop_reason, reasons[i]);
                assert_int_equal(course.ends, 1);
            }
            nmf_model_free(model);
        }
    }
    nmf_matrix_release(&X);
}

static void a_false_ends_it_whatever_else_was_said(void **state)
{
    nmf_matrix X = support_random(12, 10, 4);
    nmf_error err = {0};
    nmf_model *model = NULL;
    nmf_options options = options_of(2);
    struct course course = {.go_on_at = 3, .by_false = true};
    (void)state;
    options.callback = follow;
    options.callback_context = &course;
    SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->n_iter, 3);
    assert_int_equal(nmf_model_summary(model)->stop_reason, NMF_STOP_CANCELLED);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fit_from_the_start_is_the_fit),
        cmocka_unit_test(a_custom_start_is_a_copy_of_it),
        cmocka_unit_test(zeros_are_lifted_where_updates_multiply),
        cmocka_unit_test(what_a_fit_refuses_has_no_start),
        cmocka_unit_test(a_start_without_memory_leaves_nothing),
        cmocka_unit_test(a_fit_goes_on_past_its_end_as_though_there_were_none),
        cmocka_unit_test(every_end_is_told_and_lifted),
        cmocka_unit_test(a_false_ends_it_whatever_else_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
