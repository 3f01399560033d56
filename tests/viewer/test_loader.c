/* Loading in the background: sets, models, failures, and what is superseded. */
#include "support.h"

#include "gate.h"
#include "loader.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double LONG_TIME = 300.0;

static struct loader *create(void)
{
    struct loader *loader = NULL;
    nmf_error err = {0};
    SUPPORT_OK(loader_create(&loader, NULL, NULL, &err), err);
    return loader;
}

static void begin(struct loader *loader, const char *input)
{
    nmf_error err = {0};
    SUPPORT_OK(loader_begin(loader, &input, 1, NULL, &err), err);
}

static struct loader_result expect_result(struct loader *loader)
{
    struct loader_result result = {0};
    nmf_error err = {0};
    assert_true(loader_wait(loader, LONG_TIME));
    enum loader_state state = loader_poll(loader, &result, &err);
    SUPPORT_ASSERT(state == LOADER_DONE, "state %d: %s", (int)state,
                   err.message);
    assert_int_equal(loader_poll(loader, NULL, NULL), LOADER_IDLE);
    return result;
}

/* A failure whose sentence is the library's own. */
static void expect_failure(struct loader *loader, const char *input,
                           const nmf_dataset_options *options)
{
    nmf_dataset *set = NULL;
    struct loader_result result = {0};
    nmf_error err = {0}, plain = {0};
    SUPPORT_OK(loader_begin(loader, &input, 1, options, &err), err);
    assert_true(loader_wait(loader, LONG_TIME));
    assert_int_equal(loader_poll(loader, &result, &err), LOADER_FAILED);
    nmf_status status = nmf_dataset_load(&set, &input, 1, options, &plain);
    assert_int_not_equal(status, NMF_OK);
    assert_int_equal(err.status, status);
    assert_string_equal(err.message, plain.message);
    assert_int_equal(loader_poll(loader, &result, &err), LOADER_IDLE);
    assert_null(result.data);
}

/* A folder with PGM pictures of the given sides, and a text. */
static const char *folder_of(const char *name, const int *sides, int n)
{
    static char path[512];
    (void)snprintf(path, sizeof path, "%s", support_temp_path(name));
    assert_int_equal(mkdir(path, 0700), 0);
    for (int i = 0; i < n; i++) {
        char file[600], bytes[512];
        int size =
            snprintf(bytes, sizeof bytes, "P5 %d %d 255\n", sides[i], sides[i]);
        memset(bytes + size, 100 + i, (size_t)(sides[i] * sides[i]));
        (void)snprintf(file, sizeof file, "%s/%d.pgm", path, i);
        support_write(file, bytes, (size_t)(size + sides[i] * sides[i]));
    }
    char file[600];
    (void)snprintf(file, sizeof file, "%s/notes.txt", path);
    support_write(file, "hello", 5);
    return path;
}

static void a_set_is_loaded_with_its_options(void **state)
{
    struct loader *loader = create();
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    char name[] = "@faces";
    const char *input = name;
    nmf_error err = {0};
    (void)state;
    assert_int_equal(loader_poll(loader, NULL, NULL), LOADER_IDLE);
    assert_true(loader_wait(loader, LONG_TIME));
    options.width = options.height = 12;
    options.seed = 5;
    SUPPORT_OK(loader_begin(loader, &input, 1, &options, &err), err);
    memset(name, 'x', sizeof name - 1); /* a copy is used */
    struct loader_result result = expect_result(loader);
    assert_null(result.file.model);
    assert_int_equal(result.request, 1);
    assert_int_equal(shared_data_matrix(result.data)->rows, 1000);
    assert_int_equal(shared_data_matrix(result.data)->cols, 144);
    assert_non_null(shared_data_set(result.data));
    loader_result_release(&result);
    loader_result_release(&result);
    loader_free(loader);
}

static void what_is_left_out_is_named(void **state)
{
    static const int sides[] = {5, 5, 5};
    struct loader *loader = create();
    (void)state;
    begin(loader, folder_of("pictures", sides, 3));
    struct loader_result result = expect_result(loader);
    assert_int_equal(shared_data_matrix(result.data)->rows, 3);
    assert_int_equal(result.n_left_out, 1);
    assert_int_equal(result.n_notices, 1);
    assert_non_null(strstr(result.notices[0], "notes.txt"));
    loader_result_release(&result);
    loader_free(loader);
}

static void a_model_file_is_known_by_its_beginning(void **state)
{
    struct loader *loader = create();
    nmf_matrix H = support_random(3, 8, 1);
    nmf_model_file file = {0};
    nmf_error err = {0};
    char path[512];
    (void)state;
    (void)snprintf(path, sizeof path, "%s", support_temp_path("model.png"));
    SUPPORT_OK(nmf_model_create(&file.model, &H, NULL, NULL, &err), err);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    begin(loader, path);
    struct loader_result result = expect_result(loader);
    assert_null(result.data);
    assert_non_null(result.file.model);
    assert_int_equal(nmf_model_components(result.file.model)->cols, 8);
    loader_result_release(&result);
    nmf_model_file_release(&file);

    nmf_bytes bytes = {0};
    nmf_error plain = {0};
    SUPPORT_OK(nmf_file_read(&bytes, path, 1 << 20, &err), err);
    support_write(path, bytes.data, bytes.size - 9);
    begin(loader, path);
    assert_true(loader_wait(loader, LONG_TIME));
    assert_int_equal(loader_poll(loader, &result, &err), LOADER_FAILED);
    assert_int_equal(nmf_model_load(&file, path, 0, &plain), err.status);
    assert_string_equal(err.message, plain.message);
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&H);
    loader_free(loader);
}

static void a_model_by_another_method_is_loaded_too(void **state)
{
    struct loader *loader = create();
    struct loader_result result = {0};
    const nmf_decomposition_summary summary = {.method = NMF_METHOD_SVD};
    nmf_matrix H = support_random(3, 8, 1);
    nmf_model_file file = {0};
    nmf_error err = {0};
    char path[512];
    (void)state;
    (void)snprintf(path, sizeof path, "%s", support_temp_path("svd.nmfi"));
    SUPPORT_OK(nmf_decomposition_create(&file.decomposition, &H, NULL, NULL,
                                        NULL, &summary, &err),
               err);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    begin(loader, path);
    assert_true(loader_wait(loader, LONG_TIME));
    assert_int_equal(loader_poll(loader, &result, &err), LOADER_DONE);
    assert_int_equal(nmf_model_file_method(&result.file), NMF_METHOD_SVD);
    assert_int_equal(nmf_model_file_components(&result.file)->rows, 3);
    loader_result_release(&result);
    nmf_model_file_release(&file);
    nmf_matrix_release(&H);
    loader_free(loader);
}

static void failures_keep_the_librarys_sentence(void **state)
{
    static const int sides[] = {5, 6, 5};
    struct loader *loader = create();
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    char path[512];
    (void)state;
    (void)snprintf(path, sizeof path, "%s", support_temp_path("broken.png"));
    support_write(path, "\x89PNG\r\n\x1a\nrest", 12);
    expect_failure(loader, path, &options);
    expect_failure(loader, folder_of("sizes", sides, 3), &options);
    expect_failure(loader, folder_of("empty", sides, 0), &options);
    expect_failure(loader, "/nowhere/at/all", &options);
    expect_failure(loader, "@nothing", &options);
    options.max_bytes = 1000;
    expect_failure(loader, "@faces", &options);
    loader_free(loader);
}

static void the_newest_request_alone_is_heard_of(void **state)
{
    struct loader *loader = create();
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 24; i++) {
        static const char *const inputs[] = {"@faces", "/nowhere", "@bars"};
        begin(loader, inputs[i % 3]);
        struct loader_result result = {0};
        if (i % 5 == 0) { /* handed over, or not yet: both are fine */
            if (loader_poll(loader, &result, &err) == LOADER_DONE) {
                assert_int_equal(result.request, i + 1);
            }
            loader_result_release(&result);
        } else if (i % 7 == 0) {
            (void)loader_wait(loader, LONG_TIME);
        }
    }
    begin(loader, "@swimmer");
    struct loader_result result = expect_result(loader);
    assert_int_equal(result.request, 25);
    assert_int_equal(shared_data_matrix(result.data)->rows, 256);
    loader_result_release(&result);
    loader_free(loader);
}

/* A pipe is read to its end: a request that lasts until the test ends it. */
static void a_request_that_lasts_holds_up_no_newer_one(void **state)
{
    struct loader *loader = create();
    char path[512];
    (void)state;
    (void)snprintf(path, sizeof path, "%s", support_temp_path("pipe.csv"));
    assert_int_equal(mkfifo(path, 0600), 0);
    begin(loader, path);
    FILE *pipe = fopen(path, "wb"); /* comes back when it is being read */
    assert_non_null(pipe);
    assert_false(loader_wait(loader, 0.02));
    assert_int_equal(loader_poll(loader, NULL, NULL), LOADER_BUSY);
    assert_true(loader_progress(loader).seconds > 0.0);
    begin(loader, "@swimmer");
    struct loader_result result = expect_result(loader);
    assert_int_equal(shared_data_matrix(result.data)->rows, 256);
    loader_result_release(&result);
    assert_true(loader_progress(loader).seconds == 0.0);
    assert_false(loader_stop(loader, 0.02));
    (void)fputs("1,2\n3,4\n", pipe);
    (void)fclose(pipe);
    assert_true(loader_stop(loader, LONG_TIME));
    assert_int_equal(loader_poll(loader, NULL, NULL), LOADER_IDLE);
    loader_free(loader);
}

static void count(void *context)
{
    (void)atomic_fetch_add((atomic_size_t *)context, 1);
}

static void the_screen_is_woken_and_results_nobody_took_are_freed(void **state)
{
    struct loader *loader = NULL;
    atomic_size_t n;
    nmf_error err = {0};
    (void)state;
    atomic_init(&n, 0);
    SUPPORT_OK(loader_create(&loader, count, &n, &err), err);
    begin(loader, "@bars");
    while (atomic_load(&n) == 0) {
    }
    assert_true(loader_wait(loader, LONG_TIME));
    begin(loader, "/nowhere");
    while (atomic_load(&n) == 1) {
    }
    begin(loader, "@bars"); /* freed while it may be loading */
    loader_free(loader);
    loader_free(NULL);
}

/*
 * LLVM 14's OpenMP, while the thread sanitizer listens to it, looks at the end
 * of each critical section into the first thread that it ever saw, and crashes
 * where that has ended. So the first one is this thread, which does not.
 */
static void let_openmp_see_this_thread(void)
{
    const char *input = "@bars";
    nmf_dataset *set = NULL;
    (void)nmf_dataset_load(&set, &input, 1, NULL, NULL);
    nmf_dataset_free(set);
}

int main(void)
{
    let_openmp_see_this_thread();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_loaded_with_its_options),
        cmocka_unit_test(what_is_left_out_is_named),
        cmocka_unit_test(a_model_file_is_known_by_its_beginning),
        cmocka_unit_test(failures_keep_the_librarys_sentence),
        cmocka_unit_test(the_newest_request_alone_is_heard_of),
        cmocka_unit_test(a_request_that_lasts_holds_up_no_newer_one),
        cmocka_unit_test(the_screen_is_woken_and_results_nobody_took_are_freed),
        cmocka_unit_test(a_model_by_another_method_is_loaded_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
