/* The methods beside each other on faces, as Lee and Seung (1999) have them. */
#include "support.h"

#include <stdio.h>

static char folder[1024];

static double error_of(const nmf_matrix *X, nmf_method method)
{
    nmf_decompose_options options = NMF_DECOMPOSE_OPTIONS_INIT;
    nmf_decomposition *d = NULL;
    nmf_error err = {0};
    options.method = method;
    options.n_components = 49;
    options.max_iter = 60; /* enough for vq, and for plsa to show */
    SUPPORT_OK(nmf_decompose(&d, X, &options, &err), err);
    double error = nmf_decomposition_get_summary(d)->relative_error;
    nmf_decomposition_free(d);
    return error;
}

/* The numbers of PCA and VQ are those of scikit-learn 1.2.1 on the same faces:
 * 0.07504 exactly, 0.1925 to 0.1940 from three starts. */
static void pca_is_nearer_than_nmf_and_nmf_than_vq(void **state)
{
    const char *input = folder;
    nmf_dataset *data = NULL;
    nmf_model *model = NULL;
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_dataset_load(&data, &input, 1, NULL, &err), err);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    assert_int_equal(X->rows, 2429);
    options.n_components = 49;
    SUPPORT_OK(nmf_fit(&model, X, &options, &err), err);
    double nmf = nmf_model_summary(model)->relative_error;
    double pca = error_of(X, NMF_METHOD_PCA), svd = error_of(X, NMF_METHOD_SVD);
    double vq = error_of(X, NMF_METHOD_VQ), plsa = error_of(X, NMF_METHOD_PLSA);
    SUPPORT_NEAR(pca, 0.075036, 2e-6);
    SUPPORT_NEAR(svd, 0.075153, 2e-6);
    SUPPORT_NEAR(nmf, 0.081, 1e-3);
    SUPPORT_NEAR(vq, 0.1925, 2e-3);
    SUPPORT_ASSERT(pca < svd && svd < nmf && nmf < plsa && plsa < vq,
                   "pca %g, svd %g, nmf %g, plsa %g, vq %g", pca, svd, nmf,
                   plsa, vq);
    nmf_model_free(model);
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pca_is_nearer_than_nmf_and_nmf_than_vq),
    };
    const char *found = support_data("faces/cbcl");
    if (!found) {
        print_message("skipped: no faces/cbcl in the data folder\n");
        return SUPPORT_SKIPPED;
    }
    snprintf(folder, sizeof folder, "%s", found);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
