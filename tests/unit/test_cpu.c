/* Kernels by name: what is refused, and that all of them learn the same. */
#include "support.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Leave the choice as it was found, whatever a test does. */
static int use_the_best(void **state)
{
    (void)state;
    return nmf_cpu_select(NULL, NULL) == NMF_OK ? 0 : -1;
}

static void the_best_is_used_unless_another_is_asked_for(void **state)
{
    nmf_error err = {0};
    const char *name;
    size_t n = 0;
    (void)state;
    assert_string_equal(nmf_cpu_name(), nmf_cpu_name_at(0));
    for (; (name = nmf_cpu_name_at(n)); n++) {
        SUPPORT_OK(nmf_cpu_select(name, &err), err);
        assert_string_equal(nmf_cpu_name(), name);
    }
    assert_true(n >= 1);
    assert_string_equal(nmf_cpu_name_at(n - 1), "portable");
    SUPPORT_OK(nmf_cpu_select("auto", &err), err);
    assert_string_equal(nmf_cpu_name(), nmf_cpu_name_at(0));
}

static void a_name_that_does_not_run_is_refused_with_those_that_do(void **state)
{
    const char *const names[] = {"", "AVX2", "avx5120", "neon"};
    (void)state;
    SUPPORT_OK(nmf_cpu_select("portable", NULL), (nmf_error){0});
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        nmf_error err = {0};
        assert_int_equal(nmf_cpu_select(names[i], &err), NMF_ERR_UNSUPPORTED);
        assert_non_null(strstr(err.message, names[i]));
        for (size_t n = 0; nmf_cpu_name_at(n); n++) {
            assert_non_null(strstr(err.message, nmf_cpu_name_at(n)));
        }
        assert_string_equal(nmf_cpu_name(), "portable");
    }
}

static void check_valid(const nmf_matrix *m)
{
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->cols; j++) {
            float x = nmf_matrix_row(m, i)[j];
            assert_true(x >= 0.0F && isfinite(x));
        }
    }
}

/* The free error is good to 1e-7 of ||X||^2, thirty times that here. */
static const double free_error = 1e-4;

/* Floats, and numbers of 8 bits as pictures have them. */
static void every_kind_of_kernels_learns_the_same(void **state)
{
    nmf_error err = {0};
    (void)state;
    for (int is_8_bit = 0; is_8_bit < 2; is_8_bit++) {
        nmf_matrix X = support_random_rank(90, 70, 9, 4);
        for (size_t i = 0; i < 90 * 70; i++) {
            X.data[i] /= 9.0F;
            if (is_8_bit) {
                X.data[i] = (float)(int)(X.data[i] * 255.0F) / 255.0F;
            }
        }
        for (size_t s = 0; s < nmf_solver_count(); s++) {
            double expected = -1.0;
            const char *name;
            for (size_t n = 0; (name = nmf_cpu_name_at(n)); n++) {
                nmf_options options = NMF_OPTIONS_INIT;
                nmf_model *model = NULL;
                double direct = 0.0;
                options.n_components = 5;
                options.solver = nmf_solver_name(s);
                options.max_iter = 30;
                options.tol = 0.0;
                SUPPORT_OK(nmf_cpu_select(name, &err), err);
                SUPPORT_OK(nmf_fit(&model, &X, &options, &err), err);
                check_valid(nmf_model_components(model));
                check_valid(nmf_model_activations(model));
                SUPPORT_OK(nmf_relative_error(
                               &direct, &X, nmf_model_activations(model),
                               nmf_model_components(model), 1, &err),
                           err);
                double error = nmf_model_summary(model)->relative_error;
                SUPPORT_ASSERT(fabs(error - direct) < free_error * direct,
                               "%s, %s: %.9g, summed up %.9g", name,
                               options.solver, error, direct);
                expected = expected < 0.0 ? error : expected;
                /* Rounding decides how long a step of "pg" is. */
                double part = strcmp(options.solver, "pg") == 0 ? 1e-2 : 1e-3;
                SUPPORT_ASSERT(fabs(error - expected) < part * expected,
                               "%s, %s: %.9g, the best kernels %.9g", name,
                               options.solver, error, expected);
                nmf_model_free(model);
            }
        }
        nmf_matrix_release(&X);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_best_is_used_unless_another_is_asked_for,
                                  use_the_best),
        cmocka_unit_test_teardown(
            a_name_that_does_not_run_is_refused_with_those_that_do,
            use_the_best),
        cmocka_unit_test_teardown(every_kind_of_kernels_learns_the_same,
                                  use_the_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
