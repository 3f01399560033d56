/* Methods side by side: numbers that agree with the methods, a true page. */
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <string.h>

enum { N = 40, WIDTH = 6, HEIGHT = 5, CHANNELS = 1, K = 4 };

static const nmf_geometry geometry = {WIDTH, HEIGHT, CHANNELS, 0};

static nmf_matrix data(void)
{
    return support_random_rank(N, WIDTH * HEIGHT, 7, 3);
}

static nmf_comparison_options options_of(const nmf_method *methods, size_t n)
{
    nmf_comparison_options options = NMF_COMPARISON_OPTIONS_INIT;
    options.methods = methods;
    options.n_methods = n;
    options.n_components = K;
    return options;
}

static const nmf_method all[] = {NMF_METHOD_PLSA, NMF_METHOD_SVD,
                                 NMF_METHOD_PCA, NMF_METHOD_VQ, NMF_METHOD_NMF};
enum { N_ALL = sizeof all / sizeof *all };

static void
the_default_is_nmf_vq_pca_from_good_to_better_and_worse(void **state)
{
    nmf_matrix X = data();
    nmf_comparison *c = NULL;
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    SUPPORT_OK(nmf_comparison_run(&c, &X, NULL, &err), err);
    const nmf_comparison_entry *entries = nmf_comparison_entries(c, &n);
    assert_int_equal(n, 3);
    assert_int_equal(entries[0].method, NMF_METHOD_NMF);
    assert_int_equal(entries[1].method, NMF_METHOD_VQ);
    assert_int_equal(entries[2].method, NMF_METHOD_PCA);
    assert_int_equal(entries[1].components->rows,
                     nmf_default_n_components(X.rows, X.cols));
    SUPPORT_ASSERT(entries[2].relative_error <= entries[0].relative_error &&
                       entries[0].relative_error <= entries[1].relative_error,
                   "pca %g, nmf %g, vq %g", entries[2].relative_error,
                   entries[0].relative_error, entries[1].relative_error);
    nmf_comparison_free(c);
    nmf_matrix_release(&X);
}

/* Every error is that of its rebuilt rows, computed plainly. */
static void rebuilt_rows_are_as_far_away_as_the_error_says(void **state)
{
    nmf_matrix X = data();
    nmf_comparison_options options = options_of(all, N_ALL);
    nmf_comparison *c = NULL;
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    SUPPORT_OK(nmf_comparison_run(&c, &X, &options, &err), err);
    const nmf_comparison_entry *entries = nmf_comparison_entries(c, &n);
    assert_int_equal(n, N_ALL);
    for (size_t e = 0; e < n; e++) {
        double left = 0, whole = 0;
        assert_int_equal(entries[e].method, all[e]);
        assert_int_equal(entries[e].components->rows, K);
        for (size_t i = 0; i < N; i++) {
            nmf_matrix row = {0};
            SUPPORT_OK(nmf_comparison_rebuild(&row, c, e, i, &err), err);
            for (size_t j = 0; j < X.cols; j++) {
                double x = (double)nmf_matrix_row(&X, i)[j];
                left += pow(x - (double)row.data[j], 2);
                whole += x * x;
            }
            nmf_matrix_release(&row);
        }
        SUPPORT_NEAR(entries[e].relative_error, sqrt(left / whole), 1e-5);
        assert_true((entries[e].mean != NULL) == (all[e] == NMF_METHOD_PCA));
    }
    nmf_matrix row = {0};
    assert_int_equal(nmf_comparison_rebuild(&row, c, N_ALL, 0, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_comparison_rebuild(&row, c, 0, N, &err),
                     NMF_ERR_ARGUMENT);
    nmf_comparison_free(c);
    nmf_matrix_release(&X);
}

static void expect(const nmf_comparison_options *options, nmf_status status,
                   const char *says)
{
    nmf_matrix X = data();
    nmf_comparison *c = (nmf_comparison *)1;
    nmf_error err = {0};
    nmf_status got = nmf_comparison_run(&c, &X, options, &err);
    SUPPORT_ASSERT(got == status && strstr(err.message, says), "%s: %s",
                   nmf_status_name(got), err.message);
    assert_null(c);
    nmf_matrix_release(&X);
}

static bool give_up_at_vq(nmf_method method, double done, double seconds,
                          void *context)
{
    size_t *n_calls = context;
    ++*n_calls;
    assert_true(done > 0 && done <= 1 && seconds >= 0);
    return method != NMF_METHOD_VQ;
}

static void faults_are_named(void **state)
{
    const nmf_method twice[] = {NMF_METHOD_NMF, NMF_METHOD_NMF};
    const nmf_method unknown[] = {(nmf_method)77};
    size_t n_calls = 0;
    (void)state;
    nmf_comparison_options options = options_of(twice, 2);
    expect(&options, NMF_ERR_ARGUMENT, "nmf is named twice");
    options = options_of(unknown, 1);
    expect(&options, NMF_ERR_ARGUMENT, "77 is the number of no method");
    options = options_of(all, 0);
    expect(&options, NMF_ERR_ARGUMENT, "0 methods to compare, not 1 to 5");
    options = options_of(NULL, 0);
    options.n_components = N + 1;
    expect(&options, NMF_ERR_ARGUMENT, "too many");
    options = options_of(NULL, 0);
    options.callback = give_up_at_vq;
    options.context = &n_calls;
    expect(&options, NMF_ERR_CANCELLED, "given up at vq");
    assert_true(n_calls > 1);
}

static void seeds_and_not_threads_change_the_numbers(void **state)
{
    nmf_matrix X = data();
    nmf_comparison *c[3] = {NULL};
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        nmf_comparison_options options = options_of(NULL, 0);
        options.n_threads = i == 1 ? 3 : 1;
        options.seed = i == 2;
        SUPPORT_OK(nmf_comparison_run(&c[i], &X, &options, &err), err);
    }
    const nmf_comparison_entry *one = nmf_comparison_entries(c[0], &n);
    const nmf_comparison_entry *three = nmf_comparison_entries(c[1], &n);
    const nmf_comparison_entry *other = nmf_comparison_entries(c[2], &n);
    for (size_t e = 0; e < n; e++) {
        size_t size = K * X.cols * sizeof(float);
        assert_memory_equal(one[e].components->data, three[e].components->data,
                            size);
        assert_true((memcmp(one[e].components->data, other[e].components->data,
                            size) == 0) == (one[e].method == NMF_METHOD_PCA));
    }
    for (unsigned i = 0; i < 3; i++) {
        nmf_comparison_free(c[i]);
    }
    nmf_matrix_release(&X);
}

static nmf_image page_of(const nmf_comparison *c, const nmf_matrix *X,
                         const nmf_comparison_style *style)
{
    nmf_image page = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_comparison_draw(&page, c, X, &geometry, style, &err), err);
    assert_int_equal(page.channels, 3);
    return page;
}

/* Does any pixel of the columns from .. to have a hue? */
static bool is_coloured(const nmf_image *page, size_t from, size_t to)
{
    for (size_t y = 0; y < page->height; y++) {
        for (size_t x = from; x < to; x++) {
            const float *p = page->pixels + (y * page->width + x) * 3;
            float least = fminf(p[0], fminf(p[1], p[2]));
            if (fmaxf(p[0], fmaxf(p[1], p[2])) - least > 0.2F) {
                return true;
            }
        }
    }
    return false;
}

static void the_page_has_a_column_each_and_colours_for_signs_alone(void **state)
{
    nmf_matrix X = data();
    nmf_comparison_options options = options_of(NULL, 0);
    nmf_comparison_style style = NMF_COMPARISON_STYLE_INIT;
    nmf_comparison *c = NULL;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_comparison_run(&c, &X, &options, &err), err);
    nmf_image page = page_of(c, &X, NULL);
    size_t third = page.width / 3;
    assert_false(is_coloured(&page, 0, 2 * third));
    assert_true(is_coloured(&page, 2 * third, page.width));
    /* Another sample, other pixels; the same one, the same. */
    style.sample = 9;
    nmf_image other = page_of(c, &X, &style);
    assert_int_equal(other.width, page.width);
    assert_int_equal(other.height, page.height);
    size_t size = page.width * page.height * 3 * sizeof(float);
    assert_true(memcmp(page.pixels, other.pixels, size) != 0);
    style.sample = 0;
    nmf_image again = page_of(c, &X, &style);
    assert_memory_equal(page.pixels, again.pixels, size);
    /* On light paper all of it is light, up to the margins. */
    style.colormap = NMF_COLORMAP_INVERTED;
    nmf_image light = page_of(c, &X, &style);
    for (size_t y = 0; y < light.height; y++) {
        const float *margin = light.pixels + y * light.width * 3;
        assert_true(margin[0] > 0.8F);
        assert_true(margin[light.width * 3 - 3] > 0.8F);
    }
    nmf_image_release(&light);
    nmf_image_release(&again);
    nmf_image_release(&other);
    nmf_image_release(&page);
    nmf_comparison_free(c);
    nmf_matrix_release(&X);
}

static void pages_that_cannot_be_are_refused(void **state)
{
    nmf_matrix X = data();
    nmf_matrix smaller = nmf_matrix_view(X.data, N - 1, X.cols, X.ld);
    nmf_comparison_options options = options_of(NULL, 0);
    nmf_comparison_style style = NMF_COMPARISON_STYLE_INIT;
    const nmf_geometry none = {0}, wrong = {WIDTH + 1, HEIGHT, CHANNELS, 0};
    nmf_comparison *c = NULL;
    nmf_image page = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_comparison_run(&c, &X, &options, &err), err);
    assert_int_equal(
        nmf_comparison_draw(&page, c, &smaller, &geometry, NULL, &err),
        NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_comparison_draw(&page, c, &X, &none, NULL, &err),
                     NMF_ERR_ARGUMENT);
    assert_int_equal(nmf_comparison_draw(&page, c, &X, &wrong, NULL, &err),
                     NMF_ERR_ARGUMENT);
    style.sample = N;
    assert_int_equal(nmf_comparison_draw(&page, c, &X, &geometry, &style, &err),
                     NMF_ERR_ARGUMENT);
    assert_null(page.pixels);
    nmf_comparison_free(c);
    nmf_matrix_release(&X);
}

static void memory_running_out_leaves_nothing(void **state)
{
    nmf_matrix X = data();
    nmf_comparison_options options = options_of(NULL, 0);
    (void)state;
    for (size_t n = 1;; n++) {
        nmf_comparison *c = NULL;
        nmf_image page = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(n);
        nmf_status status = nmf_comparison_run(&c, &X, &options, &err);
        if (status == NMF_OK) {
            status = nmf_comparison_draw(&page, c, &X, &geometry, NULL, &err);
        } else {
            assert_null(c);
        }
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_OK || status == NMF_ERR_MEMORY);
        assert_true((status == NMF_OK) == (page.pixels != NULL));
        nmf_image_release(&page);
        nmf_comparison_free(c);
        if (status == NMF_OK) {
            assert_true(n > 10);
            break;
        }
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_default_is_nmf_vq_pca_from_good_to_better_and_worse),
        cmocka_unit_test(rebuilt_rows_are_as_far_away_as_the_error_says),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(seeds_and_not_threads_change_the_numbers),
        cmocka_unit_test(
            the_page_has_a_column_each_and_colours_for_signs_alone),
        cmocka_unit_test(pages_that_cannot_be_are_refused),
        cmocka_unit_test(memory_running_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
