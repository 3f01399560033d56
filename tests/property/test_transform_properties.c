/* What holds for the activations of data under a model, for every solver. */
#include "support.h"

#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 40, COLS = 30, PARTS = 5 };

static bool is_multiplicative(const char *solver)
{
    return strncmp(solver, "mu", 2) == 0 || strcmp(solver, "minibatch") == 0;
}

static nmf_matrix data(uint64_t seed)
{
    nmf_matrix X = support_random_rank(ROWS, COLS, PARTS, seed);
    nmf_matrix noise = support_random(ROWS, COLS, seed + 1);
    for (size_t i = 0; i < ROWS * COLS; i++) {
        X.data[i] += 0.2F * noise.data[i] + 0.01F;
    }
    nmf_matrix_release(&noise);
    return X;
}

static nmf_options options_of(const char *solver, double beta)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.solver = solver;
    options.n_components = PARTS;
    options.beta_loss = beta;
    options.max_iter = 400;
    options.tol = 0.0;
    options.forget_factor =
        strcmp(solver, "minibatch") == 0 ? 0.0 : NMF_FORGET_DEFAULT;
    return options;
}

static nmf_model *fit(const nmf_matrix *X, const nmf_options *options)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_fit(&model, X, options, &err), err);
    return model;
}

static nmf_matrix transform(const nmf_model *model, const nmf_matrix *X)
{
    nmf_matrix W = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_transform(&W, model, X, 2, &err), err);
    return W;
}

static double *as_double(const nmf_matrix *m)
{
    double *x = calloc(m->rows * m->cols, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < m->rows * m->cols; i++) {
        x[i] = (double)m->data[i];
    }
    return x;
}

static double divergence(const nmf_matrix *X, const nmf_matrix *W,
                         const nmf_matrix *H, double beta)
{
    double *x = as_double(X), *w = as_double(W), *h = as_double(H);
    const double sum =
        reference_divergence(x, w, h, X->rows, X->cols, W->cols, beta);
    free(x);
    free(w);
    free(h);
    return sum;
}

/* 1 % where they are found by updates that multiply, 2 % where those are slow,
 * with an exponent of 1/3. */
static void activations_are_as_good_as_those_of_the_fit(void **state)
{
    const double betas[] = {2.0, 1.0, 0.0, 0.5, 2.5, -1.0};
    nmf_matrix X = data(3);
    (void)state;
    for (size_t s = 0; s < nmf_solver_count(); s++) {
        const char *solver = nmf_solver_name(s);
        for (int b = 0; b < (is_multiplicative(solver) ? 6 : 1); b++) {
            const nmf_options options = options_of(solver, betas[b]);
            nmf_model *model = fit(&X, &options);
            const nmf_matrix *H = nmf_model_components(model);
            nmf_matrix W = transform(model, &X);
            const double fitted =
                divergence(&X, nmf_model_activations(model), H, betas[b]);
            const double found = divergence(&X, &W, H, betas[b]);
            const double more = betas[b] == 2.0  ? 1e-5
                                : betas[b] < 0.0 ? 0.02
                                                 : 0.01;
            SUPPORT_ASSERT(found <= fitted * (1.0 + more),
                           "%s, beta %g: %g, by the fit %g", solver, betas[b],
                           found, fitted);
            nmf_matrix_release(&W);
            nmf_model_free(model);
        }
    }
    nmf_matrix_release(&X);
}

/* Those of least squares do worse, which shows that the loss is the model's. */
static void the_loss_is_that_of_the_model(void **state)
{
    nmf_matrix X = data(5);
    nmf_error err = {0};
    nmf_model *squares = NULL;
    (void)state;
    for (double beta = 0.0; beta <= 1.0; beta += 1.0) {
        const nmf_options options = options_of("mu", beta);
        nmf_model *model = fit(&X, &options);
        const nmf_matrix *H = nmf_model_components(model);
        SUPPORT_OK(nmf_model_create(&squares, H, NULL, NULL, &err), err);
        nmf_matrix W = transform(model, &X), V = transform(squares, &X);
        assert_true(divergence(&X, &W, H, beta) < divergence(&X, &V, H, beta));
        assert_true(divergence(&X, &V, H, 2.0) < divergence(&X, &W, H, 2.0));
        nmf_matrix_release(&W);
        nmf_matrix_release(&V);
        nmf_model_free(model);
        nmf_model_free(squares);
    }
    nmf_matrix_release(&X);
}

static void a_file_remembers_what_was_minimised(void **state)
{
    nmf_matrix X = data(7);
    nmf_options options = options_of("mu", 1.0);
    nmf_model_file file = {0}, again = {0};
    nmf_error err = {0};
    (void)state;
    options.max_iter = 20;
    options.alpha_W = 0.001;
    options.l1_ratio = 0.5;
    file.model = fit(&X, &options);
    const char *path = support_temp_path("kl.nmfi");
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    SUPPORT_OK(nmf_model_load(&again, path, 0, &err), err);
    const nmf_summary *summary = nmf_model_summary(again.model);
    assert_true(summary->beta_loss == 1.0 && summary->alpha_W == 0.001 &&
                summary->alpha_H == 0.001 && summary->l1_ratio == 0.5 &&
                summary->sparseness_H == 0.0);
    nmf_matrix W = transform(file.model, &X), V = transform(again.model, &X);
    assert_memory_equal(W.data, V.data, ROWS * PARTS * sizeof(float));
    nmf_matrix_release(&W);
    nmf_matrix_release(&V);
    nmf_model_file_release(&file);
    nmf_model_file_release(&again);
    nmf_matrix_release(&X);
}

static void rows_depend_on_no_other_row(void **state)
{
    nmf_matrix X = data(9);
    (void)state;
    for (double beta = 1.0; beta <= 2.0; beta += 1.0) {
        const nmf_options options = options_of("mu", beta);
        nmf_model *model = fit(&X, &options);
        nmf_matrix W = transform(model, &X);
        nmf_matrix last =
            nmf_matrix_view(nmf_matrix_row(&X, ROWS - 3), 3, X.cols, X.ld);
        nmf_matrix V = transform(model, &last);
        for (size_t i = 0; i < 3 * PARTS; i++) {
            SUPPORT_NEAR((double)V.data[i],
                         (double)W.data[(ROWS - 3) * PARTS + i], 1e-5);
        }
        nmf_matrix_release(&W);
        nmf_matrix_release(&V);
        nmf_model_free(model);
    }
    nmf_matrix_release(&X);
}

/* What is missing is predicted from the rest, by the loss of the model. */
static void missing_entries_are_not_looked_at(void **state)
{
    nmf_matrix X = data(11), M = support_random(ROWS, COLS, 12), W[2];
    const nmf_options options = options_of("mu", 1.0);
    nmf_model *model = fit(&X, &options);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < ROWS * COLS; i++) {
        M.data[i] = M.data[i] < 0.2F || i < COLS ? 0.0F : 1.0F;
    }
    for (int n = 0; n < 2; n++) {
        SUPPORT_OK(nmf_transform_weighted(&W[n], model, &X, &M, true, 1, &err),
                   err);
        for (size_t i = 0; i < ROWS * COLS; i++) {
            X.data[i] = M.data[i] > 0.0F ? X.data[i] : n ? 1e6F : NAN;
        }
    }
    assert_memory_equal(W[0].data, W[1].data, ROWS * PARTS * sizeof(float));
    for (size_t t = 0; t < PARTS; t++) {
        assert_true(W[0].data[t] == 0.0F); /* nothing is known of row 0 */
    }
    nmf_matrix_release(&W[0]);
    nmf_matrix_release(&W[1]);
    nmf_matrix_release(&M);
    nmf_matrix_release(&X);
    nmf_model_free(model);
}

static void zeros_are_refused_where_the_loss_is_infinite(void **state)
{
    nmf_matrix X = data(13), W = {0};
    const nmf_options options = options_of("mu", 0.0);
    nmf_model *model = fit(&X, &options);
    nmf_error err = {0};
    (void)state;
    X.data[3] = 0.0F;
    assert_int_equal(nmf_transform(&W, model, &X, 1, &err), NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "entry 0 at row 0, column 3"));
    assert_null(W.data);
    nmf_model_free(model);
    nmf_matrix_release(&X);
}

/* Neither products nor gram matrices leave the range of a float. */
static void the_size_of_parts_does_not_matter(void **state)
{
    const float scales[] = {1e-30F, 1e-12F, 1e12F, 1e18F};
    nmf_matrix X = data(15);
    nmf_error err = {0};
    (void)state;
    for (int i = 0; i < 4; i++) {
        nmf_matrix H = support_random(PARTS, COLS, 4);
        nmf_model *small = NULL, *model = NULL;
        double expected = 0.0, error = 0.0;
        SUPPORT_OK(nmf_model_create(&small, &H, NULL, NULL, &err), err);
        nmf_matrix V = transform(small, &X);
        SUPPORT_OK(nmf_relative_error(&expected, &X, &V, &H, 1, &err), err);
        for (size_t j = 0; j < COLS; j++) { /* one part alone */
            nmf_matrix_row(&H, 2)[j] *= scales[i];
        }
        SUPPORT_OK(nmf_model_create(&model, &H, NULL, NULL, &err), err);
        nmf_matrix W = transform(model, &X);
        SUPPORT_OK(nmf_relative_error(&error, &X, &W, &H, 1, &err), err);
        SUPPORT_NEAR(error, expected, 1e-5);
        nmf_matrix_release(&W);
        nmf_matrix_release(&V);
        nmf_matrix_release(&H);
        nmf_model_free(model);
        nmf_model_free(small);
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_are_as_good_as_those_of_the_fit),
        cmocka_unit_test(the_loss_is_that_of_the_model),
        cmocka_unit_test(a_file_remembers_what_was_minimised),
        cmocka_unit_test(rows_depend_on_no_other_row),
        cmocka_unit_test(missing_entries_are_not_looked_at),
        cmocka_unit_test(zeros_are_refused_where_the_loss_is_infinite),
        cmocka_unit_test(the_size_of_parts_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
