/* NNDSVD on faces, where its error and its zeros are known. */
#include "support.h"

#include "core/solver.h"

#include <stdio.h>

static char folder[1024];

/*
 * scikit-learn 1.2.1 has 0.30725 and 0.32247 (whose zeros are filled by other
 * random numbers) by its random singular vectors, on the same pictures.
 */
static void the_starts_are_as_far_off_as_those_of_scikit_learn(void **state)
{
    const char *input = folder;
    nmf_dataset *data = NULL;
    nmf_source source = {0};
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    double error = 0.0;
    size_t n_zeros = 0;
    (void)state;
    SUPPORT_OK(nmf_dataset_load(&data, &input, 1, NULL, &err), err);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 2429);
    SUPPORT_OK(nmf_source_dense(&source, X, 2, &err), err);
    SUPPORT_OK(nmf_matrix_init(&W, X->rows, 49, &err), err);
    SUPPORT_OK(nmf_matrix_init(&H, 49, X->cols, &err), err);

    SUPPORT_OK(nmf_init_svd(&W, &H, &source, NMF_INIT_NNDSVDAR, 0, 2, &err),
               err);
    SUPPORT_OK(nmf_relative_error(&error, X, &W, &H, 2, &err), err);
    SUPPORT_NEAR(error, 0.3225, 1e-3);

    SUPPORT_OK(nmf_init_svd(&W, &H, &source, NMF_INIT_NNDSVD, 0, 2, &err), err);
    SUPPORT_OK(nmf_relative_error(&error, X, &W, &H, 2, &err), err);
    SUPPORT_NEAR(error, 0.3073, 5e-4);
    for (size_t i = 0; i < W.rows * W.cols; i++) {
        n_zeros += W.data[i] == 0.0F;
    }
    SUPPORT_NEAR((double)n_zeros / (double)(W.rows * W.cols), 0.49, 0.01);
    n_zeros = 0;
    for (size_t i = 0; i < H.rows * H.cols; i++) {
        n_zeros += H.data[i] == 0.0F;
    }
    SUPPORT_NEAR((double)n_zeros / (double)(H.rows * H.cols), 0.51, 0.01);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_starts_are_as_far_off_as_those_of_scikit_learn),
    };
    const char *found = support_data("faces/cbcl");
    if (!found) {
        print_message("skipped: no faces/cbcl in the data folder\n");
        return SUPPORT_SKIPPED;
    }
    snprintf(folder, sizeof folder, "%s", found);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
