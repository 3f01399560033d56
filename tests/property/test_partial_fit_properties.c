/* What holds for batches that come from outside: nmf_partial_fit(). */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

static nmf_matrix positive(size_t rows, size_t cols, uint64_t seed)
{
    nmf_matrix X = support_random_rank(rows, cols, 5, seed);
    for (size_t i = 0; i < rows * cols; i++) {
        X.data[i] += 0.05F;
    }
    return X;
}

static nmf_matrix rows_of(const nmf_matrix *m, size_t first, size_t count)
{
    return nmf_matrix_view(nmf_matrix_row(m, first), count, m->cols, m->ld);
}

static nmf_learner *begin(const nmf_options *options)
{
    nmf_learner *learner = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_learner_create(&learner, options, &err), err);
    return learner;
}

static void learn(nmf_learner *learner, const nmf_matrix *X, nmf_matrix *W)
{
    nmf_error err = {0};
    SUPPORT_OK(nmf_partial_fit(learner, X, W, &err), err);
}

static nmf_model *model_of(const nmf_learner *learner)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_learner_model(&model, learner, &err), err);
    return model;
}

static void assert_same(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

/* The batches of all samples, twice, against two iterations of the solver. */
static void check_passes(double beta, double alpha, unsigned n_threads)
{
    enum { M = 110, N = 30, K = 4, BATCH = 32 };
    nmf_matrix X = positive(M, N, 3), W = {0}, H = {0};
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_model *whole = NULL;
    nmf_error err = {0};
    options.solver = "minibatch";
    options.n_components = K;
    options.beta_loss = beta;
    options.alpha_W = alpha;
    options.l1_ratio = 0.5;
    options.batch_size = BATCH;
    options.tol = 0.0;
    options.max_iter = 2;
    SUPPORT_OK(nmf_fit(&whole, &X, &options, &err), err);
    SUPPORT_OK(nmf_start(&W, &H, &X, &options, &err), err);

    options.init = NMF_INIT_CUSTOM;
    options.H0 = &H;
    options.n_threads = n_threads;
    options.forget_factor = pow(NMF_FORGET_FACTOR, (double)BATCH / M);
    nmf_learner *learner = begin(&options);
    nmf_matrix_release(&H); /* it has a copy */
    for (size_t first = 0;
         first<2 * M; first += first % M + BATCH> M ? M - first % M : BATCH) {
        const size_t at = first % M, count = M - at < BATCH ? M - at : BATCH;
        nmf_matrix batch = rows_of(&X, at, count),
                   part = rows_of(&W, at, count);
        learn(learner, &batch, &part);
    }
    nmf_model *model = model_of(learner);
    assert_same(nmf_model_components(model), nmf_model_components(whole));
    assert_same(&W, nmf_model_activations(whole));
    assert_int_equal(nmf_model_summary(model)->n_samples, 2 * M);
    assert_int_equal(nmf_model_summary(model)->n_iter, 8);
    nmf_model_free(model);
    nmf_model_free(whole);
    nmf_learner_free(learner);
    nmf_matrix_release(&W);
    nmf_matrix_release(&X);
}

static void the_batches_of_a_pass_make_an_iteration_of_minibatch(void **state)
{
    const double betas[] = {-1.2, 0.0, 1.0, 2.0, 2.5};
    (void)state;
    for (size_t b = 0; b < 5; b++) {
        check_passes(betas[b], 0.0, 1);
        check_passes(betas[b], 0.02, 2);
    }
}

static void many_samples_at_once_are_several_batches(void **state)
{
    nmf_matrix X = positive(100, 20, 5);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_matrix W[2] = {support_random(100, 3, 1), support_random(100, 3, 1)};
    nmf_learner *learners[2];
    nmf_model *models[2];
    (void)state;
    options.n_components = 3;
    options.batch_size = 40;
    for (int i = 0; i < 2; i++) {
        nmf_matrix first = rows_of(&X, 0, 20);
        nmf_matrix of_first = rows_of(&W[i], 0, 20);
        learners[i] = begin(&options);
        learn(learners[i], &first, &of_first);
        for (size_t at = 20; at < 100;) {
            const size_t count = i == 0 ? 80 : 40;
            nmf_matrix batch = rows_of(&X, at, count);
            nmf_matrix part = rows_of(&W[i], at, count);
            learn(learners[i], &batch, &part);
            at += count;
        }
        models[i] = model_of(learners[i]);
    }
    assert_same(nmf_model_components(models[0]),
                nmf_model_components(models[1]));
    assert_same(&W[0], &W[1]);
    for (int i = 0; i < 2; i++) {
        nmf_model_free(models[i]);
        nmf_learner_free(learners[i]);
        nmf_matrix_release(&W[i]);
    }
    nmf_matrix_release(&X);
}

/* Samples that are seen once and forgotten teach the parts of all. */
static void a_stream_is_learned_from(void **state)
{
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_matrix H = support_random(5, 40, 9), X = {0}, W = {0};
    nmf_error err = {0};
    double early = 0.0, late = 0.0;
    (void)state;
    options.n_components = 5;
    options.batch_size = 64;
    options.forget_factor = 0.9;
    nmf_learner *learner = begin(&options);
    for (uint64_t i = 0; i < 400; i++) {
        nmf_matrix activations = support_random(64, 5, 100 + i);
        nmf_model *planted = NULL;
        SUPPORT_OK(nmf_model_create(&planted, &H, NULL, NULL, &err), err);
        SUPPORT_OK(nmf_inverse_transform(&X, planted, &activations, 1, &err),
                   err);
        learn(learner, &X, NULL);
        nmf_model *model = model_of(learner);
        late = nmf_model_summary(model)->relative_error;
        early = i == 0 ? late : early;
        nmf_model_free(model);
        nmf_model_free(planted);
        nmf_matrix_release(&X);
        nmf_matrix_release(&activations);
    }
    SUPPORT_ASSERT(late < 0.12 && early > 0.3, "from %g to %g", early, late);

    X = support_random_rank(30, 40, 5, 1);
    nmf_model *model = model_of(learner);
    assert_null(nmf_model_activations(model));
    SUPPORT_OK(nmf_transform(&W, model, &X, 1, &err), err);
    nmf_matrix_release(&W);
    nmf_matrix_release(&X);
    nmf_matrix_release(&H);
    nmf_model_free(model);
    nmf_learner_free(learner);
}

static void only_the_first_batch_asks_for_memory(void **state)
{
    nmf_matrix X = positive(50, 20, 5);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    (void)state;
    options.n_components = 3;
    options.batch_size = 40;
    for (size_t n = 1;; n++) {
        nmf_learner *learner = begin(&options);
        nmf_alloc_fail_at(n);
        nmf_status first = nmf_partial_fit(learner, &X, NULL, &err);
        nmf_alloc_fail_at(1);
        nmf_status second = nmf_partial_fit(learner, &X, NULL, &err);
        nmf_alloc_fail_at(0);
        assert_int_equal(second, first);
        if (first == NMF_OK) {
            assert_true(n > 3);
            nmf_learner_free(learner);
            break;
        }
        assert_int_equal(first, NMF_ERR_MEMORY);
        learn(learner, &X, NULL); /* as though nothing had been */
        nmf_learner_free(learner);
    }
    nmf_matrix_release(&X);
}

static void all_starts_are_taken(void **state)
{
    const nmf_init inits[] = {NMF_INIT_RANDOM, NMF_INIT_NNDSVD,
                              NMF_INIT_NNDSVDA, NMF_INIT_NNDSVDAR};
    nmf_matrix X = positive(50, 20, 5);
    (void)state;
    for (int i = 0; i < 4; i++) {
        nmf_options options = NMF_OPTIONS_INIT;
        options.n_components = 5;
        options.init = inits[i];
        nmf_learner *learner = begin(&options);
        for (int n = 0; n < 40; n++) {
            learn(learner, &X, NULL);
        }
        nmf_model *model = model_of(learner);
        SUPPORT_ASSERT(nmf_model_summary(model)->relative_error < 0.1, "%s: %g",
                       nmf_init_name(inits[i]),
                       nmf_model_summary(model)->relative_error);
        nmf_model_free(model);
        nmf_learner_free(learner);
    }
    nmf_matrix_release(&X);
}

static void refuse(const nmf_options *options, const char *part)
{
    nmf_learner *learner = NULL;
    nmf_error err = {0};
    assert_int_equal(nmf_learner_create(&learner, options, &err),
                     NMF_ERR_ARGUMENT);
    SUPPORT_ASSERT(strstr(err.message, part), "'%s' lacks '%s'", err.message,
                   part);
    assert_null(learner);
}

static void options_that_cannot_be_are_refused(void **state)
{
    nmf_matrix M = support_random(4, 4, 1);
    nmf_options options = NMF_OPTIONS_INIT;
    (void)state;
    options.solver = "hals";
    refuse(&options, "solver 'hals' cannot learn from batches");
    options.solver = NULL;
    options.weights = &M;
    refuse(&options, "knows no weights");
    options.weights = NULL;
    options.validation_fraction = 0.1;
    refuse(&options, "knows no held-out entries");
    options.validation_fraction = 0.0;
    options.sparseness_H = 0.5;
    refuse(&options, "knows no sparseness");
    options.sparseness_H = 0.0;
    options.n_init = 2;
    refuse(&options, "n_init is 2");
    options.n_init = 0;
    options.init = NMF_INIT_CUSTOM;
    refuse(&options, "a custom start needs H0, which is missing");
    options.H0 = &M;
    options.n_components = 3;
    refuse(&options, "H0 is 4 x 4, expected 3 x 4");
    options.n_components = 0;
    options.forget_factor = 2.0;
    refuse(&options, "forget_factor is 2");
    nmf_matrix_release(&M);
}

static void refuse_batch(nmf_learner *learner, const nmf_matrix *X,
                         nmf_matrix *W, nmf_status expected, const char *part)
{
    nmf_error err = {0};
    assert_int_equal(nmf_partial_fit(learner, X, W, &err), expected);
    SUPPORT_ASSERT(strstr(err.message, part), "'%s' lacks '%s'", err.message,
                   part);
}

static void batches_that_cannot_be_are_refused_and_change_nothing(void **state)
{
    nmf_matrix X = positive(10, 8, 1), W = support_random(10, 3, 1);
    nmf_matrix narrow = positive(10, 7, 1);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_model *model = NULL;
    nmf_error err = {0};
    (void)state;
    options.n_components = 9;
    nmf_learner *learner = begin(&options);
    refuse_batch(learner, &X, NULL, NMF_ERR_ARGUMENT,
                 "9 components are too many");
    assert_int_equal(nmf_learner_model(&model, learner, &err),
                     NMF_ERR_ARGUMENT);
    assert_null(model);
    nmf_learner_free(learner);

    options.n_components = 2;
    options.beta_loss = 0.0;
    learner = begin(&options);
    learn(learner, &X, NULL);
    nmf_model *before = model_of(learner);
    refuse_batch(learner, &narrow, NULL, NMF_ERR_ARGUMENT,
                 "the batch has 7 features a sample, those before had 8");
    refuse_batch(learner, &X, &W, NMF_ERR_ARGUMENT,
                 "W is 10 x 3, expected 10 x 2");
    X.data[5] = 0.0F;
    refuse_batch(learner, &X, NULL, NMF_ERR_DATA, "entry 0 at row 0, column 5");
    X.data[5] = -1.0F;
    refuse_batch(learner, &X, NULL, NMF_ERR_DATA, "negative entry -1");
    model = model_of(learner);
    assert_same(nmf_model_components(model), nmf_model_components(before));
    nmf_model_free(model);
    nmf_model_free(before);
    nmf_learner_free(learner);
    nmf_matrix_release(&X);
    nmf_matrix_release(&W);
    nmf_matrix_release(&narrow);
}

/* Of a sample that is all 0 nothing is learned, but that it uses no part. */
static void a_black_batch_harms_nothing(void **state)
{
    nmf_matrix X = positive(10, 8, 1), black = {0};
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&black, 4, 8, &err), err);
    options.n_components = 2;
    nmf_learner *learner = begin(&options);
    refuse_batch(learner, &black, NULL, NMF_ERR_DATA, "the first batch");
    learn(learner, &X, NULL);
    for (int i = 0; i < 30; i++) {
        learn(learner, &black, NULL);
    }
    learn(learner, &X, NULL);
    nmf_model *model = model_of(learner);
    const nmf_matrix *H = nmf_model_components(model);
    for (size_t i = 0; i < H->rows * H->cols; i++) {
        assert_true(isfinite(H->data[i]) && H->data[i] >= 0.0F);
    }
    assert_true(nmf_model_summary(model)->relative_error < 0.5);
    nmf_model_free(model);
    nmf_learner_free(learner);
    nmf_matrix_release(&X);
    nmf_matrix_release(&black);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_batches_of_a_pass_make_an_iteration_of_minibatch),
        cmocka_unit_test(many_samples_at_once_are_several_batches),
        cmocka_unit_test(a_stream_is_learned_from),
        cmocka_unit_test(only_the_first_batch_asks_for_memory),
        cmocka_unit_test(all_starts_are_taken),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(batches_that_cannot_be_are_refused_and_change_nothing),
        cmocka_unit_test(a_black_batch_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
