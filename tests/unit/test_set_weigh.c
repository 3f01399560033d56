/* What given factors come to in a file, beside what a search finds. */
#include "support.h"

#include <nmfimg/codec.h>

#include <math.h>

/* A set of the program's own, and its factors. */
struct learned {
    nmf_dataset *data;
    nmf_model *model;
};

static struct learned learn(const char *name, size_t k)
{
    struct learned out = {0};
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_error err = {0};
    options.n_components = k;
    options.max_iter = 60;
    SUPPORT_OK(nmf_dataset_load(&out.data, &name, 1, NULL, &err), err);
    SUPPORT_OK(
        nmf_fit(&out.model, nmf_dataset_matrix(out.data), &options, &err), err);
    return out;
}

static void release(struct learned *learned)
{
    nmf_model_free(learned->model);
    nmf_dataset_free(learned->data);
}

static nmf_status weigh(nmf_set_report *report, const struct learned *of,
                        unsigned n_threads, nmf_set_callback callback,
                        nmf_error *err)
{
    return nmf_set_weigh(
        report, nmf_dataset_matrix(of->data), nmf_dataset_geometry(of->data),
        nmf_model_activations(of->model), nmf_model_components(of->model),
        n_threads, callback, NULL, err);
}

static void it_is_near_what_a_search_finds(void **state)
{
    (void)state;
    struct learned swimmer = learn("@swimmer", 12);
    nmf_set_report weighed, found;
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(weigh(&weighed, &swimmer, 0, NULL, &err), err);
    const nmf_set_info *info = &weighed.info;
    assert_int_equal(info->n_images, 256);
    assert_true(info->n_components <= 12);
    assert_int_equal(info->total_bytes, info->header_bytes + info->basis_bytes +
                                            info->activation_bytes);

    options.n_components = 12;
    options.target_psnr = weighed.psnr;
    options.no_residual = true; /* as what is weighed */
    SUPPORT_OK(nmf_set_encode(&bytes, &found, nmf_dataset_matrix(swimmer.data),
                              nmf_dataset_geometry(swimmer.data), &options,
                              &err),
               err);
    double ratio = (double)info->total_bytes / (double)bytes.size;
    SUPPORT_ASSERT(ratio > 0.8 && ratio < 1.6, "%zu bytes at %.2f dB, not %zu",
                   info->total_bytes, weighed.psnr, bytes.size);
    nmf_bytes_release(&bytes);
    release(&swimmer);
}

/* Steps cost little beside what W H leaves out. */
static void the_quality_is_that_of_the_factors(void **state)
{
    (void)state;
    struct learned noise = learn("@noise", 9);
    nmf_set_report report;
    nmf_error err = {0};
    double error = 0.0;
    const nmf_matrix *X = nmf_dataset_matrix(noise.data);
    SUPPORT_OK(weigh(&report, &noise, 0, NULL, &err), err);
    SUPPORT_OK(nmf_relative_error(&error, X, nmf_model_activations(noise.model),
                                  nmf_model_components(noise.model), 0, &err),
               err);
    double squares = 0.0;
    for (size_t i = 0; i < X->rows * X->cols; i++) {
        squares += (double)X->data[i] * (double)X->data[i];
    }
    double psnr =
        -20.0 * log10(error * sqrt(squares / (double)(X->rows * X->cols)));
    SUPPORT_ASSERT(report.psnr > psnr - 1.5 && report.psnr < psnr + 0.5,
                   "%.2f dB, of factors of %.2f dB", report.psnr, psnr);
    release(&noise);
}

static void the_number_of_threads_changes_nothing(void **state)
{
    (void)state;
    struct learned swimmer = learn("@swimmer", 8);
    nmf_set_report one, four;
    nmf_error err = {0};
    SUPPORT_OK(weigh(&one, &swimmer, 1, NULL, &err), err);
    SUPPORT_OK(weigh(&four, &swimmer, 4, NULL, &err), err);
    assert_int_equal(one.info.total_bytes, four.info.total_bytes);
    assert_true(one.psnr == four.psnr);
    release(&swimmer);
}

static bool stop(const nmf_set_progress *progress, void *context)
{
    (void)progress;
    (void)context;
    return false;
}

static void it_can_be_stopped_and_refuses_other_shapes(void **state)
{
    (void)state;
    struct learned swimmer = learn("@swimmer", 4);
    nmf_set_report report;
    nmf_error err = {0};
    assert_int_equal(weigh(&report, &swimmer, 1, stop, &err),
                     NMF_ERR_CANCELLED);
    nmf_matrix few = *nmf_model_activations(swimmer.model);
    few.rows--;
    assert_int_equal(nmf_set_weigh(&report, nmf_dataset_matrix(swimmer.data),
                                   nmf_dataset_geometry(swimmer.data), &few,
                                   nmf_model_components(swimmer.model), 1, NULL,
                                   NULL, &err),
                     NMF_ERR_ARGUMENT);
    release(&swimmer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_near_what_a_search_finds),
        cmocka_unit_test(the_quality_is_that_of_the_factors),
        cmocka_unit_test(the_number_of_threads_changes_nothing),
        cmocka_unit_test(it_can_be_stopped_and_refuses_other_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
