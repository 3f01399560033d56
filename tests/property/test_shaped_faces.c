/*
 * Hoyer's experiments on faces (JMLR 5 (2004), figures 3 and 4): parts of ORL
 * that are held to 0.5, 0.6 and 0.75, and of CBCL to 0.8; smooth ones.
 */
#include "support.h"

#include "reference.h"

#include <math.h>
#include <stdio.h>

static char orl[1024], cbcl[1024];

static nmf_dataset *load(const char *input)
{
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_dataset_load(&data, &input, 1, NULL, &err), err);
    return data;
}

static nmf_model *learn(const nmf_dataset *data, size_t k, double sparseness,
                        double smooth, size_t max_iter)
{
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_model *model = NULL;
    nmf_error err = {0};
    options.n_components = k;
    options.sparseness_H = sparseness;
    options.smooth = smooth;
    options.grid =
        (nmf_grid){geometry->width, geometry->height, geometry->channels};
    options.tol = 0.0;
    options.max_iter = max_iter;
    SUPPORT_OK(nmf_fit(&model, nmf_dataset_matrix(data), &options, &err), err);
    return model;
}

static void assert_sparse(const nmf_model *model, double sparseness)
{
    const nmf_matrix *H = nmf_model_components(model);
    for (size_t t = 0; t < H->rows; t++) {
        SUPPORT_NEAR(reference_sparseness(nmf_matrix_row(H, t), 1, H->cols),
                     sparseness, 1e-6);
    }
}

/* The least n such that n pixels hold 90 % of the squares of a part, mean. */
static double pixels_that_matter(const nmf_model *model)
{
    const nmf_matrix *H = nmf_model_components(model);
    double pixels = 0.0;
    for (size_t t = 0; t < H->rows; t++) {
        const float *h = nmf_matrix_row(H, t);
        double low = 0.0, high = 1.0; /* a limit: what is above it matters */
        for (int i = 0; i < 40; i++) {
            const double limit = 0.5 * (low + high);
            double all = 0.0, above = 0.0;
            for (size_t j = 0; j < H->cols; j++) {
                const double square = (double)h[j] * (double)h[j];
                all += square;
                above += (double)h[j] > limit ? square : 0.0;
            }
            *(above < 0.9 * all ? &high : &low) = limit;
        }
        for (size_t j = 0; j < H->cols; j++) {
            pixels += (double)h[j] > low;
        }
    }
    return pixels / (double)H->rows;
}

/*
 * The paper: "the representation switches from a global one to a local one".
 * Errors are those after 12 iterations of this seed, with room.
 */
static void parts_of_orl_become_local(void **state)
{
    const double targets[] = {0.5, 0.6, 0.75}, most[] = {0.21, 0.22, 0.25};
    nmf_dataset *data = load(orl);
    double before = INFINITY;
    (void)state;
    assert_int_equal(nmf_dataset_matrix(data)->cols, 92 * 112);
    for (size_t i = 0; i < 3; i++) {
        nmf_model *model = learn(data, 25, targets[i], 0.0, 12);
        assert_sparse(model, targets[i]);
        const double error = nmf_model_summary(model)->relative_error;
        SUPPORT_ASSERT(error < most[i], "at %g: %g", targets[i], error);
        const double pixels = pixels_that_matter(model);
        SUPPORT_ASSERT(pixels < 0.75 * before, "at %g: %g pixels, before %g",
                       targets[i], pixels, before);
        before = pixels;
        nmf_model_free(model);
    }
    SUPPORT_ASSERT(before < 0.08 * 92 * 112, "%g pixels", before);
    nmf_dataset_free(data);
}

static void parts_of_cbcl_meet_their_target(void **state)
{
    nmf_dataset *data = load(cbcl);
    (void)state;
    nmf_model *model = learn(data, 49, 0.8, 0.0, 30);
    assert_sparse(model, 0.8);
    const double error = nmf_model_summary(model)->relative_error;
    SUPPORT_ASSERT(error < 0.1, "%g", error); /* 0.087 in the end */
    nmf_model_free(model);
    nmf_dataset_free(data);
}

static double mean_roughness(const nmf_model *model, const nmf_dataset *data)
{
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    const nmf_matrix *H = nmf_model_components(model);
    double sum = 0.0;
    for (size_t t = 0; t < H->rows; t++) {
        const float *h = nmf_matrix_row(H, t);
        double squares = 0.0;
        for (size_t j = 0; j < H->cols; j++) {
            squares += (double)h[j] * (double)h[j];
        }
        sum += reference_roughness(h, geometry->width, geometry->height,
                                   geometry->channels) /
               squares;
    }
    return sum / (double)H->rows;
}

/* From 0.1 to 10 there is something to choose from. */
static void smooth_parts_of_orl_are_smooth(void **state)
{
    const double steps[] = {0.0, 0.1, 1.0, 10.0};
    nmf_dataset *data = load(orl);
    double before = INFINITY;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        nmf_model *model = learn(data, 25, 0.0, steps[i], 10);
        const double roughness = mean_roughness(model, data);
        SUPPORT_ASSERT(roughness < 0.8 * before, "smooth %g: %g, before %g",
                       steps[i], roughness, before);
        before = roughness;
        nmf_model_free(model);
    }
    SUPPORT_ASSERT(before < 0.02, "%g", before);
    nmf_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_orl_become_local),
        cmocka_unit_test(parts_of_cbcl_meet_their_target),
        cmocka_unit_test(smooth_parts_of_orl_are_smooth),
    };
    const char *found = support_data("faces/orl");
    if (found) {
        snprintf(orl, sizeof orl, "%s", found);
        found = support_data("faces/cbcl");
    }
    if (!found) {
        print_message("skipped: no faces/orl, faces/cbcl in the data folder\n");
        return SUPPORT_SKIPPED;
    }
    snprintf(cbcl, sizeof cbcl, "%s", found);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
